/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that want an answer, by their numbers. */
#include "alpcp.h"

static RTL_AVL_TREE Pending; /* of LPCP_MESSAGE.IdNode */
static ULONG LastMessageId;

static PLPCP_MESSAGE MessageOf(PRTL_BALANCED_NODE Node)
{
    return CONTAINING_RECORD(Node, LPCP_MESSAGE, IdNode);
}

/* Where MessageId is or would be. */
static PLPCP_MESSAGE Find(ULONG MessageId, PRTL_BALANCED_NODE *Parent, PBOOLEAN After)
{
    PRTL_BALANCED_NODE Node = Pending.Root;

    *Parent = NULL;
    *After = FALSE;
    while (Node) {
        ULONG Here = MessageOf(Node)->Header.MessageId;

        if (Here == MessageId)
            return MessageOf(Node);
        *Parent = Node;
        *After = Here < MessageId;
        Node = Node->Children[*After];
    }
    return NULL;
}

ULONG LpcpNextMessageId(void)
{
    if (!++LastMessageId)
        LastMessageId = 1;
    return LastMessageId;
}

void LpcpInsertPending(PLPCP_MESSAGE Message)
{
    PRTL_BALANCED_NODE Parent;
    BOOLEAN After;

    do
        Message->Header.MessageId = LpcpNextMessageId();
    while (Find(Message->Header.MessageId, &Parent, &After));
    RtlAvlInsertNodeEx(&Pending, Parent, After, &Message->IdNode);
    Message->WantsAnswer = TRUE;
    Message->Sender = PsGetCurrentThread();
    LpcpReferenceMessage(Message);
}

PLPCP_MESSAGE LpcpLookupPending(ULONG MessageId)
{
    PRTL_BALANCED_NODE Parent;
    BOOLEAN After;

    return Find(MessageId, &Parent, &After);
}

void LpcpContinuePending(PLPCP_MESSAGE Message, ULONG MessageId, PLPCP_PORT Port)
{
    PRTL_BALANCED_NODE Parent;
    BOOLEAN After;

    Find(MessageId, &Parent, &After);
    Message->Header.MessageId = MessageId;
    RtlAvlInsertNodeEx(&Pending, Parent, After, &Message->IdNode);
    InsertTailList(&Port->Requests, &Message->SourceEntry);
    Message->WantsAnswer = TRUE;
    Message->Sender = NULL;
    LpcpReferenceMessage(Message);
}

void LpcpRemovePending(PLPCP_MESSAGE Message)
{
    RtlAvlRemoveNode(&Pending, &Message->IdNode);
    RemoveEntryList(&Message->SourceEntry);
    Message->WantsAnswer = FALSE;
}

static BOOLEAN SameClient(const CLIENT_ID *First, const CLIENT_ID *Second)
{
    return First->UniqueProcess == Second->UniqueProcess &&
           First->UniqueThread == Second->UniqueThread;
}

NTSTATUS LpcpFindPending(PLPCP_PORT Port, ULONG MessageId, const CLIENT_ID *ClientId,
                         PLPCP_MESSAGE *Message)
{
    PRTL_BALANCED_NODE Parent;
    BOOLEAN After;
    PLPCP_MESSAGE Found = Find(MessageId, &Parent, &After);

    if (!Found || !SameClient(&Found->Header.ClientId, ClientId))
        return PsIsClient(ClientId) ? STATUS_REPLY_MESSAGE_MISMATCH : STATUS_INVALID_CID;
    if (Found->State != LpcpReceived || (Port && Found->Target != LpcpQueueOf(Port)))
        return STATUS_REPLY_MESSAGE_MISMATCH;
    *Message = Found;
    return STATUS_SUCCESS;
}

void LpcpAnswer(PLPCP_MESSAGE Message, PLPCP_MESSAGE Reply, NTSTATUS Status)
{
    if (Message->State == LpcpQueued)
        LpcpUnqueueMessage(Message);
    LpcpRemovePending(Message);
    Message->State = LpcpAnswered;
    if (Message->Sender) {
        if (Reply)
            Message->Reply = Reply;
        Message->Status = Status;
        KeSetEvent(&Message->Answered);
    } else {
        AlpcpAnswerLater(Message, Reply, Status);
    }
    LpcpDereferenceMessage(Message);
}

NTSTATUS LpcpWaitForAnswer(PLPCP_MESSAGE Message, BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    PETHREAD Thread = PsGetCurrentThread();
    NTSTATUS Status;

    Thread->LpcRequest = Message;
    Status = KeWaitForSingleObject(&Message->Answered, Alertable, Timeout);
    Thread->LpcRequest = NULL;
    if (Status == STATUS_SUCCESS)
        return Message->Callback ? STATUS_SUCCESS : Message->Status;
    if (Message->WantsAnswer)
        LpcpAnswer(Message, NULL, STATUS_CANCELLED);
    return Status;
}

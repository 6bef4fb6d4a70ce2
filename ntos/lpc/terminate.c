/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports that are told of the end of a thread. */
#include "lpcp.h"

/* Of a thread's list: ETHREAD.TerminationPortList. The message is made beforehand, so that the end
 * of a thread needs no memory. */
typedef struct _TERMINATION_PORT {
    LIST_ENTRY Links;
    PLPCP_PORT Port; /* referenced */
    PLPCP_MESSAGE Message;
} TERMINATION_PORT, *PTERMINATION_PORT;

static PTERMINATION_PORT MakeEntry(PLPCP_PORT Port)
{
    PTERMINATION_PORT Entry = ExAllocatePool(sizeof(*Entry));

    if (!Entry)
        return NULL;
    Entry->Message = LpcpAllocateMessage(sizeof(CLIENT_DIED_MSG));
    if (!Entry->Message || !NT_SUCCESS(LpcpCharge(Entry->Message, Port))) {
        if (Entry->Message)
            LpcpDereferenceMessage(Entry->Message);
        ExFreePool(Entry);
        return NULL;
    }
    LpcpSetSource(Entry->Message, Port);
    Entry->Port = Port;
    ObReferenceObject(Port);
    return Entry;
}

/*
 * NtRegisterThreadTerminatePort: when the calling thread ends, LPC_CLIENT_DIED is sent through the
 * port. Returns STATUS_INSUFFICIENT_RESOURCES, and what handles may give.
 */
NTSTATUS NtRegisterThreadTerminatePort(HANDLE PortHandle)
{
    PTERMINATION_PORT Entry;
    PLPCP_PORT Port;
    NTSTATUS Status = LpcpReferencePort(PortHandle, &Port);

    if (!NT_SUCCESS(Status))
        return Status;
    Entry = MakeEntry(Port);
    ObDereferenceObject(Port);
    if (!Entry)
        return STATUS_INSUFFICIENT_RESOURCES;
    InsertTailList(&PsGetCurrentThread()->TerminationPortList, &Entry->Links);
    return STATUS_SUCCESS;
}

static void FillMessage(PETHREAD Thread, PLPCP_MESSAGE Message)
{
    LARGE_INTEGER CreateTime = {.QuadPart = Thread->CreateTime};

    LpcpMakeHeader(Message, LPC_CLIENT_DIED, sizeof(CreateTime), Thread);
    memcpy(LPCP_DATA(Message), &CreateTime, sizeof(CreateTime));
    Message->Header.MessageId = LpcpNextMessageId();
}

static void TellPort(PETHREAD Thread, PTERMINATION_PORT Entry, BOOLEAN GiveWay)
{
    PLPCP_MESSAGE Message = Entry->Message;
    PLPCP_PORT Target;

    FillMessage(Thread, Message);
    if (NT_SUCCESS(LpcpFindTarget(Entry->Port, &Target, &Message->Context)))
        LpcpQueueMessage(Message, Target, GiveWay);
    else
        LpcpDereferenceMessage(Message);
    ObDereferenceObject(Entry->Port);
    ExFreePool(Entry);
}

static void GiveUpInterrupted(PETHREAD Thread)
{
    PLPCP_MESSAGE Request = Thread->LpcInterrupted;

    Thread->LpcInterrupted = Request->Outer;
    Request->Outer = NULL;
    LpcpForgetQuestion(Request);
    if (Request->WantsAnswer)
        LpcpAnswer(Request, NULL, STATUS_CANCELLED);
    LpcpDereferenceMessage(Request);
}

void LpcExitThread(PETHREAD Thread, BOOLEAN GiveWay)
{
    while (!IsListEmpty(&Thread->TerminationPortList)) {
        PLIST_ENTRY Entry = RemoveHeadList(&Thread->TerminationPortList);

        TellPort(Thread, CONTAINING_RECORD(Entry, TERMINATION_PORT, Links), GiveWay);
        if (GiveWay)
            KeGiveWay();
    }
    while (Thread->LpcInterrupted)
        GiveUpInterrupted(Thread);
}

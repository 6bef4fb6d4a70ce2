/* SPDX-License-Identifier: BSD-2-Clause */
/* Sending: datagrams, and requests whose sender waits for the reply. */
#include "lpcp.h"

NTSTATUS LpcpFindTarget(PLPCP_PORT Port, PLPCP_PORT *Target, PVOID *Context)
{
    *Context = NULL;
    switch (Port->Kind) {
    case LpcpClientPort:
        if (!Port->Peer)
            return STATUS_PORT_DISCONNECTED;
        *Target = Port->Peer->ConnectionPort;
        *Context = Port->Peer->Context;
        return STATUS_SUCCESS;
    case LpcpServerPort:
        *Target = Port->Peer;
        return Port->Peer ? STATUS_SUCCESS : STATUS_PORT_DISCONNECTED;
    case LpcpUnconnectedPort:
        *Target = Port;
        return Port->Closed ? STATUS_PORT_DISCONNECTED : STATUS_SUCCESS;
    default:
        return STATUS_INVALID_PORT_HANDLE;
    }
}

void LpcpSetSource(PLPCP_MESSAGE Message, PLPCP_PORT Port)
{
    Message->Source = Port;
    ObReferenceObject(Port);
}

/* ---- Datagrams ---- */

static NTSTATUS CheckDatagram(PLPCP_MESSAGE Message)
{
    ULONG Type = LPCP_TYPE(Message);

    if ((Type != LPC_NEW_MESSAGE && Type != LPC_DATAGRAM) || Message->Header.u2.s2.DataInfoOffset)
        return STATUS_INVALID_PARAMETER;
    Message->Header.u2.s2.Type = LPC_DATAGRAM;
    return STATUS_SUCCESS;
}

/* Consumes the message if it succeeds. */
static NTSTATUS SendDatagram(PLPCP_PORT Port, PLPCP_MESSAGE Message)
{
    PLPCP_PORT Target;
    NTSTATUS Status = CheckDatagram(Message);

    if (NT_SUCCESS(Status))
        Status = LpcpFindTarget(Port, &Target, &Message->Context);
    if (NT_SUCCESS(Status))
        Status = LpcpCharge(Message, Port);
    if (!NT_SUCCESS(Status))
        return Status;
    LpcpSetSource(Message, Port);
    Message->Header.MessageId = LpcpNextMessageId();
    LpcpQueueMessage(Message, Target, TRUE);
    return STATUS_SUCCESS;
}

/*
 * NtRequestPort: sends a message for which there is no reply. Returns STATUS_INVALID_PARAMETER (the
 * header), STATUS_PORT_MESSAGE_TOO_LONG, STATUS_PORT_DISCONNECTED, STATUS_INVALID_PORT_HANDLE (a
 * connection port), STATUS_QUOTA_EXCEEDED (too much that has not been received yet),
 * STATUS_NO_MEMORY, STATUS_ACCESS_VIOLATION, and what handles may give.
 */
NTSTATUS NtRequestPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) RequestMessage)
{
    PLPCP_MESSAGE Message;
    PLPCP_PORT Port;
    NTSTATUS Status = LpcpReferencePort(PortHandle, &Port);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = LpcpCaptureMessage(RequestMessage, Port->MaximumMessage, &Message);
    if (NT_SUCCESS(Status)) {
        Status = SendDatagram(Port, Message);
        if (!NT_SUCCESS(Status))
            LpcpDereferenceMessage(Message);
    }
    ObDereferenceObject(Port);
    return Status;
}

/* ---- Requests ---- */

/* The entries that are to be read from the sender's memory lie within the data. */
NTSTATUS LpcpCheckDataInformation(const PORT_MESSAGE *Header)
{
    ULONG Offset = (USHORT)Header->u2.s2.DataInfoOffset;
    ULONG End = sizeof(*Header) + (USHORT)Header->u1.s1.DataLength, Count, Room;

    if (!Offset)
        return STATUS_SUCCESS;
    if (Offset < sizeof(*Header) || Offset % sizeof(ULONG) ||
        End < Offset + sizeof(PORT_DATA_INFORMATION))
        return STATUS_INVALID_PARAMETER;
    Count = ((PPORT_DATA_INFORMATION)((PCHAR)Header + Offset))->CountDataEntries;
    Room = End - Offset - FIELD_OFFSET(PORT_DATA_INFORMATION, DataEntries);
    return Count > Room / sizeof(PORT_DATA_ENTRY) ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

static NTSTATUS SendRequest(PLPCP_PORT Port, PLPCP_MESSAGE Message)
{
    PLPCP_PORT Target;
    NTSTATUS Status = LpcpFindTarget(Port, &Target, &Message->Context);

    if (!NT_SUCCESS(Status))
        return Status;
    Message->Header.u2.s2.Type = LPC_REQUEST;
    LpcpSetSource(Message, Port);
    LpcpInsertPending(Message);
    InsertTailList(&Port->Requests, &Message->SourceEntry);
    LpcpQueueMessage(Message, Target, TRUE);
    return STATUS_SUCCESS;
}

/* A question to the sender of a request that Port's owner has received: it gets that instead of a
 * reply. */
static NTSTATUS SendCallback(PLPCP_PORT Port, PLPCP_MESSAGE Message)
{
    PLPCP_MESSAGE Request;
    NTSTATUS Status =
        LpcpFindPending(Port, Message->Header.MessageId, &Message->Addressee, &Request);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Request->Callback || Request->Alpc || LPCP_TYPE(Request) != LPC_REQUEST)
        return STATUS_REPLY_MESSAGE_MISMATCH;
    Status = LpcpPrepareReply(Request, Message);
    if (!NT_SUCCESS(Status))
        return Status;
    LpcpSetSource(Message, Port);
    LpcpInsertPending(Message);
    InsertTailList(&Port->Requests, &Message->SourceEntry);
    Message->Target = Request->Source;
    Message->State = LpcpReceived;
    Message->Receiver = Request->Source->Process;
    Request->Callback = TRUE;
    Request->Reply = Message;
    LpcpReferenceMessage(Message);
    KeSetEvent(&Request->Answered);
    return STATUS_SUCCESS;
}

void LpcpForgetQuestion(PLPCP_MESSAGE Request)
{
    PLPCP_MESSAGE Question = Request->Question;

    Request->Question = NULL;
    if (Question->WantsAnswer)
        LpcpAnswer(Question, NULL, STATUS_LPC_REPLY_LOST);
    LpcpDereferenceMessage(Question);
}

/* The request has got a question in place of its reply. */
static void TakeQuestion(PLPCP_MESSAGE Request)
{
    Request->Callback = FALSE;
    Request->Question = Request->Reply;
    Request->Reply = NULL;
}

/* The thread answers the question with NtReplyWaitReplyPort, and waits for its own request again.
 */
static void Interrupt(PLPCP_MESSAGE Request)
{
    PETHREAD Thread = PsGetCurrentThread();

    TakeQuestion(Request);
    KeResetEvent(&Request->Answered);
    LpcpReferenceMessage(Request);
    Request->Outer = Thread->LpcInterrupted;
    Thread->LpcInterrupted = Request;
}

NTSTATUS LpcpFinishRequest(PLPCP_MESSAGE Request, CLIENT(PPORT_MESSAGE) ReplyMessage)
{
    NTSTATUS Status = LpcpWaitForAnswer(Request, FALSE, NULL);
    PLPCP_MESSAGE Reply = Request->Reply;

    if (Status == STATUS_SUCCESS) {
        if (Request->Callback)
            Interrupt(Request);
        return LpcpReturnMessage(ReplyMessage, Reply);
    }
    if (Request->Callback) { /* that the thread ends before it hears of */
        TakeQuestion(Request);
        LpcpForgetQuestion(Request);
    }
    return Status;
}

static NTSTATUS Send(PLPCP_PORT Port, PLPCP_MESSAGE Message)
{
    switch (LPCP_TYPE(Message)) {
    case LPC_NEW_MESSAGE:
        return SendRequest(Port, Message);
    case LPC_REQUEST:
        return SendCallback(Port, Message);
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

/* Each question that a thread leaves unanswered keeps its request. */
static BOOLEAN IsInterruptedTooOften(void)
{
    PLPCP_MESSAGE Request = PsGetCurrentThread()->LpcInterrupted;
    ULONG Depth = 0;

    for (; Request && Depth < LPCP_MAXIMUM_DEPTH; Request = Request->Outer)
        Depth++;
    return Depth == LPCP_MAXIMUM_DEPTH;
}

static NTSTATUS SendAndWait(PLPCP_PORT Port, CLIENT(PPORT_MESSAGE) RequestMessage,
                            CLIENT(PPORT_MESSAGE) ReplyMessage)
{
    PLPCP_MESSAGE Message;
    NTSTATUS Status;

    if (IsInterruptedTooOften())
        return STATUS_QUOTA_EXCEEDED;
    Status = LpcpCaptureMessage(RequestMessage, Port->MaximumMessage, &Message);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = LpcpCheckDataInformation(&Message->Header);
    if (NT_SUCCESS(Status))
        Status = Send(Port, Message);
    if (NT_SUCCESS(Status))
        Status = LpcpFinishRequest(Message, ReplyMessage);
    LpcpDereferenceMessage(Message);
    return Status;
}

/*
 * NtRequestWaitReplyPort: sends a request (Type 0) and waits for the reply; or, with the header of
 * a request that the caller has received and Type LPC_REQUEST, asks its sender something. Gets such
 * a question instead of the reply if its Type is LPC_REQUEST: see NtReplyWaitReplyPort. Returns
 * STATUS_INVALID_PARAMETER (the header), STATUS_PORT_MESSAGE_TOO_LONG, STATUS_PORT_DISCONNECTED
 * (also when the connection ends meanwhile), STATUS_INVALID_PORT_HANDLE (a connection port),
 * STATUS_REPLY_MESSAGE_MISMATCH, STATUS_INVALID_CID, STATUS_LPC_REPLY_LOST (the thread that was
 * asked has ended), STATUS_NO_MEMORY, STATUS_ACCESS_VIOLATION, and what handles may give.
 */
NTSTATUS NtRequestWaitReplyPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) RequestMessage,
                                CLIENT(PPORT_MESSAGE) ReplyMessage)
{
    PLPCP_PORT Port;
    NTSTATUS Status = MmProbeForWrite(ReplyMessage, sizeof(*ReplyMessage));

    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = SendAndWait(Port, RequestMessage, ReplyMessage);
    ObDereferenceObject(Port);
    return Status;
}

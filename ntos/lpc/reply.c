/* SPDX-License-Identifier: BSD-2-Clause */
/* Replying, and waiting for messages. */
#include "lpcp.h"

/* What is answered with a reply: of a program, or the Executive's own (executive.c). */
static BOOLEAN IsQuestion(PLPCP_MESSAGE Message)
{
    return LPCP_TYPE(Message) == LPC_REQUEST || LPCP_TYPE(Message) == LPC_ERROR_EVENT;
}

/* The message goes to the one who waits for it. */
static NTSTATUS Reply(PLPCP_PORT Port, CLIENT(PPORT_MESSAGE) ReplyMessage)
{
    PLPCP_MESSAGE Answer, Request;
    NTSTATUS Status = LpcpCaptureMessage(ReplyMessage, Port->MaximumMessage, &Answer);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = LpcpFindPending(Port, Answer->Header.MessageId, &Answer->Addressee, &Request);
    if (NT_SUCCESS(Status) && (!IsQuestion(Request) || Request->Callback))
        Status = STATUS_REPLY_MESSAGE_MISMATCH;
    if (NT_SUCCESS(Status))
        Status = LpcpPrepareReply(Request, Answer);
    if (NT_SUCCESS(Status)) {
        Answer->Header.u2.ZeroInit = LPC_REPLY;
        LpcpReply(Request, Answer);
    }
    LpcpDereferenceMessage(Answer);
    return Status;
}

/*
 * NtReplyPort: replies to a request that has been received; ReplyMessage has that one's ClientId
 * and MessageId. Returns STATUS_REPLY_MESSAGE_MISMATCH (nobody waits for it), STATUS_INVALID_CID
 * (there is no such thread any more), STATUS_INVALID_PARAMETER, STATUS_PORT_MESSAGE_TOO_LONG,
 * STATUS_NO_MEMORY, STATUS_ACCESS_VIOLATION, and what handles may give. Who waits by ALPC with too
 * little room for the reply gets STATUS_BUFFER_TOO_SMALL.
 */
NTSTATUS NtReplyPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) ReplyMessage)
{
    PLPCP_PORT Port;
    NTSTATUS Status = LpcpReferencePort(PortHandle, &Port);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Reply(Port, ReplyMessage);
    ObDereferenceObject(Port);
    return Status;
}

/*
 * NtReplyWaitReplyPort: replies to a question that came instead of the reply to the caller's
 * request, and waits for that reply again, which comes in ReplyMessage. Returns
 * STATUS_REPLY_MESSAGE_MISMATCH (it was asked nothing), and as NtReplyPort and
 * NtRequestWaitReplyPort.
 */
NTSTATUS NtReplyWaitReplyPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) ReplyMessage)
{
    PETHREAD Thread = PsGetCurrentThread();
    PLPCP_MESSAGE Request;
    PLPCP_PORT Port;
    NTSTATUS Status = MmProbeForWrite(ReplyMessage, sizeof(*ReplyMessage));

    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Thread->LpcInterrupted ? Reply(Port, ReplyMessage) : STATUS_REPLY_MESSAGE_MISMATCH;
    if (NT_SUCCESS(Status)) {
        Request = Thread->LpcInterrupted;
        Thread->LpcInterrupted = Request->Outer;
        Request->Outer = NULL;
        LpcpForgetQuestion(Request);
        Status = LpcpFinishRequest(Request, ReplyMessage);
        LpcpDereferenceMessage(Request);
    }
    ObDereferenceObject(Port);
    return Status;
}

static NTSTATUS ReturnReceived(PLPCP_MESSAGE Message, CLIENT(PVOID *) PortContext,
                               CLIENT(PPORT_MESSAGE) ReceiveMessage)
{
    NTSTATUS Status = LpcpReturnMessage(ReceiveMessage, Message);

    return NT_SUCCESS(Status) && PortContext ? MmWriteClient(PortContext, &Message->Context)
                                             : Status;
}

static NTSTATUS ReplyAndReceive(PLPCP_PORT Port, CLIENT(PVOID *) PortContext,
                                CLIENT(PPORT_MESSAGE) ReplyMessage,
                                CLIENT(PPORT_MESSAGE) ReceiveMessage, PLARGE_INTEGER Timeout)
{
    PLPCP_MESSAGE Message;
    NTSTATUS Status = ReplyMessage ? Reply(Port, ReplyMessage) : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = LpcpReceive(Port, FALSE, Timeout, NULL, &Message);
    if (Status != STATUS_SUCCESS)
        return Status;
    Status = ReturnReceived(Message, PortContext, ReceiveMessage);
    LpcpDereferenceMessage(Message);
    return Status;
}

static NTSTATUS CaptureReceive(CLIENT(PVOID *) PortContext, CLIENT(PPORT_MESSAGE) ReceiveMessage,
                               CLIENT(PLARGE_INTEGER) Timeout, PLARGE_INTEGER Limit)
{
    NTSTATUS Status = MmProbeForWrite(ReceiveMessage, sizeof(*ReceiveMessage));

    if (NT_SUCCESS(Status) && PortContext)
        Status = MmProbeForWrite(PortContext, sizeof(*PortContext));
    return NT_SUCCESS(Status) && Timeout ? MmReadClient(Limit, Timeout) : Status;
}

/*
 * NtReplyWaitReceivePortEx: replies first if ReplyMessage is given (see NtReplyPort); then receives
 * the next message that has come to the port, or to the connection port if it is a server's, and
 * waits for one until the time limit (100 ns; negative = relative) is over. *PortContext receives
 * what NtAcceptConnectPort was given for that client.
 * Returns STATUS_TIMEOUT, STATUS_PORT_DISCONNECTED (a client's port without a server), and as
 * NtReplyPort, in which case nothing is received.
 */
NTSTATUS NtReplyWaitReceivePortEx(HANDLE PortHandle, CLIENT(PVOID *) PortContext,
                                  CLIENT(PPORT_MESSAGE) ReplyMessage,
                                  CLIENT(PPORT_MESSAGE) ReceiveMessage,
                                  CLIENT(PLARGE_INTEGER) Timeout)
{
    LARGE_INTEGER Limit;
    PLPCP_PORT Port;
    NTSTATUS Status = CaptureReceive(PortContext, ReceiveMessage, Timeout, &Limit);

    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        ReplyAndReceive(Port, PortContext, ReplyMessage, ReceiveMessage, Timeout ? &Limit : NULL);
    ObDereferenceObject(Port);
    return Status;
}

/* NtReplyWaitReceivePort: the same without a time limit. */
NTSTATUS NtReplyWaitReceivePort(HANDLE PortHandle, CLIENT(PVOID *) PortContext,
                                CLIENT(PPORT_MESSAGE) ReplyMessage,
                                CLIENT(PPORT_MESSAGE) ReceiveMessage)
{
    return NtReplyWaitReceivePortEx(PortHandle, PortContext, ReplyMessage, ReceiveMessage, NULL);
}

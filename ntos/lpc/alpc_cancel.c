/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking messages back. */
#include "alpcp.h"

/* One's own, which has been sent through the port; or one that has been received by way of it. */
static BOOLEAN IsOf(PLPCP_PORT Port, PLPCP_MESSAGE Message)
{
    return Message->Source == Port ||
           (Message->State == LpcpReceived && Message->Target == LpcpQueueOf(Port));
}

static NTSTATUS Find(PLPCP_PORT Port, ULONG Flags, const ALPC_CONTEXT_ATTR *Context,
                     PLPCP_MESSAGE *Message)
{
    PLPCP_MESSAGE Found = LpcpLookupPending(Context->MessageId);

    if (!Found)
        return STATUS_MESSAGE_LOST;
    if (!Found->Alpc || !IsOf(Port, Found) || LPCP_TYPE(Found) == LPC_CONNECTION_REQUEST)
        return STATUS_INVALID_MESSAGE;
    if (!(Flags & ALPC_CANCELFLG_NO_CONTEXT_CHECK) && Found->Source == Port &&
        Found->MessageContext != Context->MessageContext)
        return STATUS_INVALID_MESSAGE;
    if ((Flags & ALPC_CANCELFLG_TRY_CANCEL) && Found->State != LpcpQueued)
        return STATUS_RESOURCE_IN_USE;
    *Message = Found;
    return STATUS_SUCCESS;
}

/* It goes back to the queue of its sender, who does not wait for it. What went with it stays, since
 * its receiver may be looking at that, and is not given to the sender. */
static void SendBack(PLPCP_MESSAGE Message)
{
    PLPCP_PORT Sender = Message->Source;

    Message->Header.u2.ZeroInit = LPC_CANCELED;
    Message->Context = Sender->Kind == LpcpServerPort ? Sender->Context : NULL;
    Message->AnsweredContext = Message->MessageContext;
    LpcpReferenceMessage(Message);
    LpcpQueueMessage(Message, LpcpQueueOf(Sender), TRUE);
}

static void Cancel(PLPCP_MESSAGE Message)
{
    BOOLEAN Waits = Message->Sender != NULL;

    LpcpReferenceMessage(Message);
    LpcpAnswer(Message, NULL, STATUS_REQUEST_CANCELED);
    if (Message->Attributes)
        AlpcpReleaseReceivedView(Message);
    if (!Waits && !Message->Source->Closed)
        SendBack(Message);
    LpcpDereferenceMessage(Message);
}

/*
 * NtAlpcCancelMessage: ends a message (MessageId) that has been sent through the port and is not
 * answered, or that has been received by way of it. A sender that waits gets
 * STATUS_REQUEST_CANCELED, any other one its message with the type LPC_CANCELED. Of one's own,
 * MessageContext must be what it was sent with unless ALPC_CANCELFLG_NO_CONTEXT_CHECK is given.
 * With ALPC_CANCELFLG_TRY_CANCEL only if nobody has received it, else STATUS_RESOURCE_IN_USE.
 * Returns STATUS_INVALID_PARAMETER (flags), STATUS_MESSAGE_LOST (there is no such message),
 * STATUS_INVALID_MESSAGE (it is not the port's), STATUS_ACCESS_VIOLATION, and what handles may
 * give.
 */
NTSTATUS NtAlpcCancelMessage(HANDLE PortHandle, ULONG Flags,
                             CLIENT(PALPC_CONTEXT_ATTR) MessageContext)
{
    ALPC_CONTEXT_ATTR Context;
    PLPCP_MESSAGE Message;
    PLPCP_PORT Port;
    NTSTATUS Status;

    if (Flags & ~(ULONG)(ALPC_CANCELFLG_TRY_CANCEL | ALPC_CANCELFLG_NO_CONTEXT_CHECK))
        return STATUS_INVALID_PARAMETER;
    Status = MmReadClient(&Context, MessageContext);
    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Find(Port, Flags, &Context, &Message);
    if (NT_SUCCESS(Status))
        Cancel(Message);
    ObDereferenceObject(Port);
    return Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* NtAlpcSendWaitReceivePort: sending, receiving, and a request with its reply. */
#include "alpcp.h"

#define KNOWN_FLAGS                                                                                \
    (ALPC_MSGFLG_REPLY_MESSAGE | ALPC_MSGFLG_RELEASE_MESSAGE | ALPC_MSGFLG_SYNC_REQUEST |          \
     ALPC_MSGFLG_WAIT_USER_MODE | ALPC_MSGFLG_WAIT_ALERTABLE)

/* What NtAlpcSendWaitReceivePort is given. */
typedef struct _EXCHANGE {
    ULONG Flags;
    CLIENT(PPORT_MESSAGE) SendMessage;
    CLIENT(PALPC_MESSAGE_ATTRIBUTES) SendAttributes;
    CLIENT(PPORT_MESSAGE) ReceiveMessage;
    CLIENT(PSIZE_T) BufferLength;
    CLIENT(PALPC_MESSAGE_ATTRIBUTES) ReceiveAttributes;
    CLIENT(PLARGE_INTEGER) ClientTimeout;
    SIZE_T Given, Length; /* of the buffer to receive in: as it is said, and at most */
    LARGE_INTEGER Limit;
    PLARGE_INTEGER Timeout;
} EXCHANGE, *PEXCHANGE;

static NTSTATUS CheckFlags(PEXCHANGE Exchange)
{
    BOOLEAN Waits = (Exchange->Flags & ALPC_MSGFLG_SYNC_REQUEST) != 0;

    if (Exchange->Flags & ~(ULONG)KNOWN_FLAGS)
        return STATUS_INVALID_PARAMETER;
    if (!Exchange->SendMessage && (Waits || !Exchange->ReceiveMessage))
        return STATUS_INVALID_PARAMETER;
    if (!Waits)
        return STATUS_SUCCESS;
    if (!Exchange->ReceiveMessage)
        return STATUS_LPC_RECEIVE_BUFFER_EXPECTED;
    return Exchange->Flags & (ALPC_MSGFLG_RELEASE_MESSAGE | ALPC_MSGFLG_REPLY_MESSAGE)
               ? STATUS_INVALID_PARAMETER
               : STATUS_SUCCESS;
}

/* One probe for both if they lie in the same page, as they mostly do. */
static NTSTATUS ProbeBuffers(PEXCHANGE Exchange)
{
    ULONG_PTR Message = (ULONG_PTR)Exchange->ReceiveMessage;
    ULONG_PTR Length = (ULONG_PTR)Exchange->BufferLength;
    NTSTATUS Status = MmProbeForWrite(Exchange->ReceiveMessage, sizeof(PORT_MESSAGE));

    if (!NT_SUCCESS(Status) || !Length ||
        ((Message ^ Length) | (Message ^ (Length + sizeof(SIZE_T) - 1))) < PAGE_SIZE)
        return Status;
    return MmProbeForWrite(Exchange->BufferLength, sizeof(SIZE_T));
}

/* Where a message is to come to. Without a length there is room for any. */
static NTSTATUS CaptureReceive(PEXCHANGE Exchange)
{
    NTSTATUS Status = ProbeBuffers(Exchange);

    Exchange->Length = ALPC_MAXIMUM_MESSAGE_LENGTH;
    if (NT_SUCCESS(Status) && Exchange->BufferLength) {
        Status = MmReadClient(&Exchange->Given, Exchange->BufferLength);
        if (!NT_SUCCESS(Status))
            return Status;
        if (Exchange->Given < Exchange->Length)
            Exchange->Length = Exchange->Given;
    }
    if (NT_SUCCESS(Status) && Exchange->ReceiveAttributes)
        Status = AlpcpProbeAttributes(Exchange->ReceiveAttributes);
    if (!Exchange->ClientTimeout || !NT_SUCCESS(Status))
        return Status;
    Exchange->Timeout = &Exchange->Limit;
    return MmReadClient(&Exchange->Limit, Exchange->ClientTimeout);
}

/* It need not be written if it is that already. */
static NTSTATUS ReturnLength(PEXCHANGE Exchange, ULONG Needed)
{
    SIZE_T Length = Needed;

    if (!Exchange->BufferLength || Length == Exchange->Given)
        return STATUS_SUCCESS;
    return MmWriteClient(Exchange->BufferLength, &Length);
}

static NTSTATUS ReturnTooLong(PEXCHANGE Exchange, ULONG Needed)
{
    NTSTATUS Status = ReturnLength(Exchange, Needed);

    return NT_SUCCESS(Status) ? STATUS_BUFFER_TOO_SMALL : Status;
}

static NTSTATUS ReturnAttributes(PEXCHANGE Exchange, PLPCP_MESSAGE Message, PVOID MessageContext)
{
    ALPCP_BUFFER Buffer;
    NTSTATUS Status = AlpcpReadAttributes(Exchange->ReceiveAttributes, &Buffer);

    return NT_SUCCESS(Status) ? AlpcpReturnAttributes(Message, MessageContext, &Buffer,
                                                      Exchange->ReceiveAttributes)
                              : Status;
}

/* MessageContext: what the receiver has said of the message that this answers. */
static NTSTATUS Return(PEXCHANGE Exchange, PLPCP_MESSAGE Message, PVOID MessageContext)
{
    NTSTATUS Status = LpcpReturnMessage(Exchange->ReceiveMessage, Message);

    if (NT_SUCCESS(Status))
        Status =
            ReturnLength(Exchange, sizeof(PORT_MESSAGE) + (USHORT)Message->Header.u1.s1.DataLength);
    if (NT_SUCCESS(Status) && Exchange->ReceiveAttributes)
        Status = ReturnAttributes(Exchange, Message, MessageContext);
    return Status;
}

static NTSTATUS Receive(PLPCP_PORT Port, PEXCHANGE Exchange)
{
    BOOLEAN Alertable = (Exchange->Flags & ALPC_MSGFLG_WAIT_ALERTABLE) != 0;
    ULONG Room = (ULONG)Exchange->Length;
    PLPCP_MESSAGE Message;
    NTSTATUS Status = LpcpReceive(Port, Alertable, Exchange->Timeout, &Room, &Message);

    if (Status == STATUS_BUFFER_TOO_SMALL)
        return ReturnTooLong(Exchange, Room);
    if (Status != STATUS_SUCCESS)
        return Status;
    Status = Return(Exchange, Message, Message->AnsweredContext);
    LpcpDereferenceMessage(Message);
    return Status;
}

/* The request is answered, or taken back. */
static NTSTATUS WaitForReply(PLPCP_PORT Port, PEXCHANGE Exchange, PLPCP_MESSAGE Request)
{
    BOOLEAN Alertable = (Exchange->Flags & ALPC_MSGFLG_WAIT_ALERTABLE) != 0;
    NTSTATUS Status = LpcpWaitForAnswer(Request, Alertable, Exchange->Timeout);

    if (Status == STATUS_BUFFER_TOO_SMALL)
        return ReturnTooLong(Exchange, Request->ReplyRoom);
    if (Status != STATUS_SUCCESS)
        return Status;
    if (Exchange->ReceiveAttributes && Port->Peer && !Request->Reply->Source)
        LpcpSetSource(Request->Reply, Port->Peer); /* what it carries may ask for that */
    return Return(Exchange, Request->Reply, Request->MessageContext);
}

static NTSTATUS SendWithAttributes(PLPCP_PORT Port, PEXCHANGE Exchange, PLPCP_MESSAGE Message)
{
    ALPCP_BUFFER Buffer;
    PLPCP_PORT Receiver;
    NTSTATUS Status = AlpcpReadAttributes(Exchange->SendAttributes, &Buffer);

    if (!NT_SUCCESS(Status))
        return Status;
    Receiver = AlpcpReceiverOf(Port);
    ObReferenceObject(Receiver);
    Status = AlpcpAttach(Port, Receiver, &Buffer, Message);
    ObDereferenceObject(Receiver);
    if (NT_SUCCESS(Status))
        Status = AlpcpSend(Port, Exchange->Flags, Message);
    return NT_SUCCESS(Status) ? AlpcpFinishAttach(Port, &Buffer, Message, Exchange->SendAttributes)
                              : Status;
}

/* 0: for none, as nobody waits for one. */
static ULONG ReplyRoom(PLPCP_PORT Port, PEXCHANGE Exchange)
{
    if (!(Exchange->Flags & ALPC_MSGFLG_SYNC_REQUEST))
        return 0;
    if (!Exchange->Length)
        return 1; /* too little for any */
    return Exchange->Length < Port->MaximumMessage ? (ULONG)Exchange->Length : Port->MaximumMessage;
}

static NTSTATUS Send(PLPCP_PORT Port, PEXCHANGE Exchange)
{
    PLPCP_MESSAGE Message;
    NTSTATUS Status =
        AlpcpCapture(Port, Exchange->SendMessage, ReplyRoom(Port, Exchange), &Message);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Exchange->SendAttributes ? SendWithAttributes(Port, Exchange, Message)
                                      : AlpcpSend(Port, Exchange->Flags, Message);
    if (NT_SUCCESS(Status) && (Exchange->Flags & ALPC_MSGFLG_SYNC_REQUEST))
        Status = WaitForReply(Port, Exchange, Message);
    else if (!NT_SUCCESS(Status) && Message->WantsAnswer && Message->Sender)
        LpcpAnswer(Message, NULL, STATUS_CANCELLED); /* it is sent already */
    LpcpDereferenceMessage(Message);
    return Status;
}

static NTSTATUS SendAndReceive(PLPCP_PORT Port, PEXCHANGE Exchange)
{
    NTSTATUS Status = Exchange->SendMessage ? Send(Port, Exchange) : STATUS_SUCCESS;

    if (Status != STATUS_SUCCESS || !Exchange->ReceiveMessage ||
        (Exchange->Flags & ALPC_MSGFLG_SYNC_REQUEST))
        return Status;
    return Receive(Port, Exchange);
}

/*
 * NtAlpcSendWaitReceivePort: sends SendMessage if it is given, then receives if ReceiveMessage is.
 * With MessageId 0 it is a new message: with ALPC_MSGFLG_SYNC_REQUEST the reply to it is waited
 * for; with ALPC_MSGFLG_RELEASE_MESSAGE a datagram; else a request whose reply comes to the port's
 * queue. Else it answers the message with this MessageId that has been received by way of the port,
 * and with ALPC_MSGFLG_RELEASE_MESSAGE ends it. *BufferLength is the room at ReceiveMessage, and
 * receives the length of what has come, or would have. Timeout (100 ns, negative: relative) is for
 * what is waited for; a request that is not answered in time is taken back. SendMessageAttributes
 * go with the message; of what comes, those that ReceiveMessageAttributes has room for are given.
 * Returns STATUS_TIMEOUT, STATUS_INVALID_PARAMETER (flags, header, attributes; nothing to do),
 * STATUS_LPC_RECEIVE_BUFFER_EXPECTED (a request with no room for its reply),
 * STATUS_PORT_MESSAGE_TOO_LONG, STATUS_BUFFER_TOO_SMALL (the message stays in the queue; a reply
 * that is waited for is lost), STATUS_LPC_INVALID_CONNECTION_USAGE (a new message through a
 * connection port), STATUS_PORT_DISCONNECTED, STATUS_MESSAGE_LOST and STATUS_INVALID_MESSAGE (there
 * is nothing to reply to), STATUS_REQUEST_CANCELED, STATUS_QUOTA_EXCEEDED, STATUS_NO_MEMORY,
 * STATUS_ACCESS_VIOLATION, and what attributes and handles may give.
 */
NTSTATUS NtAlpcSendWaitReceivePort(HANDLE PortHandle, ULONG Flags,
                                   CLIENT(PPORT_MESSAGE) SendMessage,
                                   CLIENT(PALPC_MESSAGE_ATTRIBUTES) SendMessageAttributes,
                                   CLIENT(PPORT_MESSAGE) ReceiveMessage,
                                   CLIENT(PSIZE_T) BufferLength,
                                   CLIENT(PALPC_MESSAGE_ATTRIBUTES) ReceiveMessageAttributes,
                                   CLIENT(PLARGE_INTEGER) Timeout)
{
    EXCHANGE Exchange;
    PLPCP_PORT Port;
    NTSTATUS Status;

    Exchange.Flags = Flags;
    Exchange.SendMessage = SendMessage;
    Exchange.SendAttributes = SendMessageAttributes;
    Exchange.ReceiveMessage = ReceiveMessage;
    Exchange.BufferLength = BufferLength;
    Exchange.ReceiveAttributes = ReceiveMessageAttributes;
    Exchange.ClientTimeout = Timeout;
    Exchange.Timeout = NULL;
    Status = CheckFlags(&Exchange);
    if (NT_SUCCESS(Status) && ReceiveMessage)
        Status = CaptureReceive(&Exchange);
    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = SendAndReceive(Port, &Exchange);
    ObDereferenceObject(Port);
    return Status;
}

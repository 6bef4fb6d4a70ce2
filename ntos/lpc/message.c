/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages: their memory, and copying them from and to programs. */
#include "alpcp.h"

/* Messages that fit ordinary ports are kept for the next ones, a few of them. */
#define KEPT_MESSAGES 16

static PLPCP_MESSAGE Kept; /* linked by Outer */
static ULONG KeptCount;

static PLPCP_MESSAGE TakeKept(void)
{
    PLPCP_MESSAGE Message = Kept;

    Kept = Message->Outer;
    KeptCount--;
    Message->Outer = NULL;
    return Message;
}

static PLPCP_MESSAGE Allocate(SIZE_T Size)
{
    return Size > PAGE_SIZE ? ExAllocatePoolGivingWay(Size) : ExAllocatePool(Size);
}

PLPCP_MESSAGE LpcpAllocateMessage(ULONG Length)
{
    PLPCP_MESSAGE Message;

    if (Length <= PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH) {
        Length = PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH;
        if (Kept)
            return TakeKept();
    }
    Message = Allocate(FIELD_OFFSET(LPCP_MESSAGE, Header) + Length);
    if (!Message)
        return NULL;
    Message->References = 1;
    Message->Room = Length;
    Message->ReplyRoom = PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH;
    KeInitializeEvent(&Message->Answered, NotificationEvent, FALSE);
    return Message;
}

/* What is set only of some messages, or is not set before it is looked at, begins anew. */
static void Reset(PLPCP_MESSAGE Message)
{
    Message->Callback = FALSE;
    Message->Alpc = FALSE;
    Message->Source = NULL;
    Message->MessageContext = NULL;
    Message->AnsweredContext = NULL;
    Message->ReplyRoom = PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH;
    Message->References = 1;
    Message->Answered.Header.SignalState = 0;
}

static void Keep(PLPCP_MESSAGE Message)
{
    Reset(Message);
    Message->Outer = Kept;
    Kept = Message;
    KeptCount++;
}

static void Free(PLPCP_MESSAGE Message)
{
    if (Message->Charge)
        LpcpReturnCharge(Message);
    if (Message->Room == PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH && KeptCount < KEPT_MESSAGES)
        Keep(Message);
    else
        ExFreePool(Message);
}

void LpcpDereferenceMessage(PLPCP_MESSAGE Message)
{
    PLPCP_MESSAGE Reply = Message->Reply;
    PLPCP_PORT Source = Message->Source;

    if (--Message->References)
        return;
    Message->Reply = NULL;
    if (Message->Attributes)
        AlpcpFreeAttributes(Message);
    if (Message->Reserve) {
        Reset(Message);
        AlpcpReturnToReserve(Message);
    } else {
        Free(Message);
    }
    if (Reply)
        LpcpDereferenceMessage(Reply); /* has none itself */
    if (Source)
        ObDereferenceObject(Source);
}

void LpcpMakeHeader(PLPCP_MESSAGE Message, USHORT Type, ULONG Length, PETHREAD Thread)
{
    memset(&Message->Header, 0, sizeof(Message->Header));
    Message->Header.u1.s1.DataLength = (CSHORT)Length;
    Message->Header.u1.s1.TotalLength = (CSHORT)(sizeof(PORT_MESSAGE) + Length);
    Message->Header.u2.s2.Type = (CSHORT)Type;
    Message->Header.ClientId.UniqueProcess = Thread->Process->UniqueProcessId;
    Message->Header.ClientId.UniqueThread = Thread->UniqueThreadId;
}

#define READ_AHEAD 128 /* bytes: short messages that lie in a page are read at once */

/* A message may have more room than data. */
static NTSTATUS CheckHeader(const PORT_MESSAGE *Header, ULONG Maximum)
{
    ULONG Data = (USHORT)Header->u1.s1.DataLength, Total = (USHORT)Header->u1.s1.TotalLength;

    if (Total < sizeof(*Header) || Data > Total - sizeof(*Header))
        return STATUS_INVALID_PARAMETER;
    return Total > Maximum ? STATUS_PORT_MESSAGE_TOO_LONG : STATUS_SUCCESS;
}

/* What has been read so far goes into a message with room for all of it. */
static NTSTATUS Enlarge(PLPCP_MESSAGE *Message, SIZE_T Length, SIZE_T Read)
{
    PLPCP_MESSAGE Large = LpcpAllocateMessage((ULONG)Length);

    if (!Large)
        return STATUS_NO_MEMORY;
    memcpy(&Large->Header, &(*Message)->Header, Read);
    LpcpDereferenceMessage(*Message);
    *Message = Large;
    return STATUS_SUCCESS;
}

static NTSTATUS ReadMessage(CLIENT(PPORT_MESSAGE) ClientMessage, ULONG Maximum,
                            PLPCP_MESSAGE *Message)
{
    BOOLEAN InPage = ((ULONG_PTR)ClientMessage & (PAGE_SIZE - 1)) <= PAGE_SIZE - READ_AHEAD;
    SIZE_T Ahead = InPage ? READ_AHEAD : sizeof(PORT_MESSAGE), Length;
    NTSTATUS Status = MmCopyFromClient(&(*Message)->Header, ClientMessage, Ahead);
    if (NT_SUCCESS(Status))
        Status = CheckHeader(&(*Message)->Header, Maximum);
    if (!NT_SUCCESS(Status))
        return Status;
    Length = sizeof(PORT_MESSAGE) + (USHORT)(*Message)->Header.u1.s1.DataLength;
    if (Length <= Ahead)
        return STATUS_SUCCESS;
    if (Length > (*Message)->Room)
        Status = Enlarge(Message, Length, Ahead);
    if (!NT_SUCCESS(Status))
        return Status;
    return MmCopyFromClient((PUCHAR) & (*Message)->Header + Ahead,
                            (CLIENT(PUCHAR))ClientMessage + Ahead, Length - Ahead);
}

NTSTATUS LpcpCaptureMessage(CLIENT(PPORT_MESSAGE) ClientMessage, ULONG Maximum,
                            PLPCP_MESSAGE *Message)
{
    PLPCP_MESSAGE New = LpcpAllocateMessage(PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH);
    PETHREAD Thread = PsGetCurrentThread();
    NTSTATUS Status;

    if (!New)
        return STATUS_NO_MEMORY;
    Status = ReadMessage(ClientMessage, Maximum, &New);
    if (!NT_SUCCESS(Status)) {
        LpcpDereferenceMessage(New);
        return Status;
    }
    New->Addressee = New->Header.ClientId;
    New->Header.ClientId.UniqueProcess = Thread->Process->UniqueProcessId;
    New->Header.ClientId.UniqueThread = Thread->UniqueThreadId;
    *Message = New;
    return STATUS_SUCCESS;
}

NTSTATUS LpcpReturnMessage(CLIENT(PPORT_MESSAGE) ClientMessage, PLPCP_MESSAGE Message)
{
    return MmCopyToClient(ClientMessage, &Message->Header,
                          sizeof(PORT_MESSAGE) + (USHORT)Message->Header.u1.s1.DataLength);
}

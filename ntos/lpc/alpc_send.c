/* SPDX-License-Identifier: BSD-2-Clause */
/* Sending by ALPC: new messages, and replies to those that have been received. */
#include "alpcp.h"

/* ---- Memory ---- */

/* The copy goes on in a message of the port's reserve. */
static NTSTATUS UseReserve(PLPCP_PORT Port, PLPCP_MESSAGE *Message)
{
    ULONG Length = sizeof(PORT_MESSAGE) + (USHORT)(*Message)->Header.u1.s1.DataLength;
    PLPCP_MESSAGE Reserved = AlpcpTakeFromReserve(Port, Length);

    if (!Reserved)
        return STATUS_QUOTA_EXCEEDED;
    memcpy(&Reserved->Header, &(*Message)->Header, Length);
    Reserved->Addressee = (*Message)->Addressee;
    Reserved->Alpc = TRUE;
    Reserved->ReplyRoom = (*Message)->ReplyRoom;
    LpcpDereferenceMessage(*Message);
    *Message = Reserved;
    return STATUS_SUCCESS;
}

NTSTATUS AlpcpCharge(PLPCP_PORT Port, ULONG ReplyRoom, PLPCP_MESSAGE *Message)
{
    SIZE_T Extra = ReplyRoom > PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH ? ReplyRoom : 0;
    NTSTATUS Status;

    (*Message)->Alpc = TRUE;
    if (ReplyRoom)
        (*Message)->ReplyRoom = ReplyRoom;
    if ((*Message)->Header.MessageId ||
        (ReplyRoom && !Extra && (*Message)->Room <= PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH))
        return STATUS_SUCCESS;
    Status =
        LpcpChargeProcess(*Message, Port, PsGetCurrentProcess(), sizeof(ALPCP_ATTRIBUTES) + Extra);
    return NT_SUCCESS(Status) || Extra ? Status : UseReserve(Port, Message);
}

NTSTATUS AlpcpCapture(PLPCP_PORT Port, CLIENT(PPORT_MESSAGE) Client, ULONG ReplyRoom,
                      PLPCP_MESSAGE *Message)
{
    NTSTATUS Status = LpcpCaptureMessage(Client, Port->MaximumMessage, Message);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = LpcpCheckDataInformation(&(*Message)->Header);
    if (NT_SUCCESS(Status))
        Status = AlpcpCharge(Port, ReplyRoom, Message);
    if (!NT_SUCCESS(Status))
        LpcpDereferenceMessage(*Message);
    return Status;
}

PLPCP_PORT AlpcpReceiverOf(PLPCP_PORT Port)
{
    return Port->Peer ? Port->Peer : Port;
}

/* ---- New messages ---- */

static NTSTATUS FindTarget(PLPCP_PORT Port, PLPCP_PORT *Target, PVOID *Context)
{
    if (Port->Kind == LpcpConnectionPort)
        return STATUS_LPC_INVALID_CONNECTION_USAGE;
    return LpcpFindTarget(Port, Target, Context);
}

static NTSTATUS SendNew(PLPCP_PORT Port, ULONG Flags, PLPCP_MESSAGE Message)
{
    PLPCP_PORT Target;
    NTSTATUS Status = FindTarget(Port, &Target, &Message->Context);

    if (!NT_SUCCESS(Status))
        return Status;
    LpcpSetSource(Message, Port);
    if (Flags & ALPC_MSGFLG_RELEASE_MESSAGE) {
        Message->Header.u2.s2.Type = LPC_DATAGRAM;
        Message->Header.MessageId = LpcpNextMessageId();
        LpcpReferenceMessage(Message); /* the queue's */
    } else {
        Message->Header.u2.s2.Type = LPC_REQUEST | LPC_CONTINUATION_REQUIRED;
        LpcpInsertPending(Message);
        InsertTailList(&Port->Requests, &Message->SourceEntry);
        if (!(Flags & ALPC_MSGFLG_SYNC_REQUEST))
            Message->Sender = NULL;
    }
    LpcpQueueMessage(Message, Target, TRUE);
    return STATUS_SUCCESS;
}

/* ---- Replies ---- */

NTSTATUS AlpcpFindReceived(PLPCP_PORT Port, ULONG MessageId, PLPCP_MESSAGE *Message)
{
    PLPCP_MESSAGE Found = LpcpLookupPending(MessageId);

    if (!Found)
        return STATUS_MESSAGE_LOST;
    if (Found->State != LpcpReceived || Found->Target != LpcpQueueOf(Port))
        return STATUS_INVALID_MESSAGE;
    *Message = Found;
    return STATUS_SUCCESS;
}

NTSTATUS AlpcpReferenceReceived(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Client, PLPCP_PORT *Port,
                                PLPCP_MESSAGE *Message)
{
    PORT_MESSAGE Header;
    NTSTATUS Status = MmReadClient(&Header, Client);

    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = AlpcpFindReceived(*Port, Header.MessageId, Message);
    if (NT_SUCCESS(Status))
        LpcpReferenceMessage(*Message);
    else
        ObDereferenceObject(*Port);
    return Status;
}

/* What is charged for a message becomes its reply's, as far as that needs it: the side that has
 * begun a conversation pays for it, and it counts for its port. */
static NTSTATUS MoveCharge(PLPCP_MESSAGE Message, PLPCP_MESSAGE Reply)
{
    SIZE_T Before = Message->Reserve ? 0 : Message->Charge;
    PEPROCESS Payer = Before ? Message->Payer : Message->Source->Process;
    PLPCP_PORT Counted = Before ? Message->Counted : Message->Source;
    NTSTATUS Status;

    ObReferenceObject(Payer);
    ObReferenceObject(Counted);
    if (Before)
        LpcpReturnCharge(Message);
    Status = LpcpChargeProcess(Reply, Counted, Payer, sizeof(ALPCP_ATTRIBUTES));
    if (!NT_SUCCESS(Status) && Before)
        LpcpChargeProcess(Message, Counted, Payer, Before - sizeof(*Message) - Message->Room);
    ObDereferenceObject(Counted);
    ObDereferenceObject(Payer);
    return Status;
}

NTSTATUS LpcpPrepareReply(PLPCP_MESSAGE Message, PLPCP_MESSAGE Reply)
{
    ULONG Length = sizeof(PORT_MESSAGE) + (USHORT)Reply->Header.u1.s1.DataLength;

    if (!Message->Sender)
        return MoveCharge(Message, Reply);
    if (Length <= Message->ReplyRoom || Message->Alpc)
        return STATUS_SUCCESS;
    return STATUS_PORT_MESSAGE_TOO_LONG;
}

void LpcpReply(PLPCP_MESSAGE Message, PLPCP_MESSAGE Reply)
{
    ULONG Length = sizeof(PORT_MESSAGE) + (USHORT)Reply->Header.u1.s1.DataLength;

    if (Message->Sender && Length > Message->ReplyRoom) {
        Message->ReplyRoom = Length;
        LpcpAnswer(Message, NULL, STATUS_BUFFER_TOO_SMALL);
        return;
    }
    LpcpReferenceMessage(Reply);
    LpcpAnswer(Message, Reply, STATUS_SUCCESS);
}

static void AnswerQueued(BOOLEAN Release, PLPCP_MESSAGE Message, PLPCP_MESSAGE Reply)
{
    LpcpSetSource(Reply, AlpcpReceiverOf(Message->Source));
    if (!Release)
        Reply->Header.u2.s2.Type |= LPC_CONTINUATION_REQUIRED;
    LpcpReply(Message, Reply);
}

static NTSTATUS SendReply(PLPCP_PORT Port, ULONG Flags, PLPCP_MESSAGE Reply)
{
    PLPCP_MESSAGE Message;
    NTSTATUS Status = AlpcpFindReceived(Port, Reply->Header.MessageId, &Message);

    if (!NT_SUCCESS(Status))
        return Status;
    if (LPCP_TYPE(Message) == LPC_CONNECTION_REQUEST || Message->Callback ||
        (Flags & ALPC_MSGFLG_SYNC_REQUEST))
        return STATUS_INVALID_MESSAGE;
    Status = LpcpPrepareReply(Message, Reply);
    if (!NT_SUCCESS(Status))
        return Status;
    LpcpReferenceMessage(Message);
    Reply->Header.u2.ZeroInit = LPC_REPLY;
    Reply->Header.CallbackId = Message->Header.CallbackId;
    if (Message->Sender)
        LpcpReply(Message, Reply);
    else
        AnswerQueued((Flags & ALPC_MSGFLG_RELEASE_MESSAGE) != 0, Message, Reply);
    if (Message->Attributes)
        AlpcpReleaseReceivedView(Message);
    LpcpDereferenceMessage(Message);
    return STATUS_SUCCESS;
}

NTSTATUS AlpcpSend(PLPCP_PORT Port, ULONG Flags, PLPCP_MESSAGE Message)
{
    if (Message->Header.MessageId)
        return SendReply(Port, Flags, Message);
    if (Flags & ALPC_MSGFLG_REPLY_MESSAGE)
        return STATUS_INVALID_MESSAGE;
    return SendNew(Port, Flags, Message);
}

/* ---- Answers to those who do not wait ---- */

/* One that wants an answer itself takes the place of what it answers. */
static void Deliver(PLPCP_PORT Receiver, PLPCP_MESSAGE Reply)
{
    Reply->Context = Receiver->Kind == LpcpServerPort ? Receiver->Context : NULL;
    if (Reply->Header.u2.s2.Type & LPC_CONTINUATION_REQUIRED) {
        LpcpContinuePending(Reply, Reply->Header.MessageId, Reply->Source);
        LpcpDereferenceMessage(Reply); /* what was to be the queue's */
    }
    LpcpQueueMessage(Reply, LpcpQueueOf(Receiver), TRUE);
}

/* The one asked for a connection has accepted, or not: then nothing will ever come. */
static void FinishConnecting(PLPCP_MESSAGE Request, NTSTATUS Status)
{
    PLPCP_PORT Client = Request->Source;

    if (Client->Pending == Request) {
        Client->Pending = NULL;
        LpcpDereferenceMessage(Request);
    }
    if (!NT_SUCCESS(Status))
        LpcpEndReceiving(Client);
}

void AlpcpAnswerLater(PLPCP_MESSAGE Message, PLPCP_MESSAGE Reply, NTSTATUS Status)
{
    if (Reply)
        Message->Reply = NULL; /* an acceptance that was kept there */
    if (Reply && NT_SUCCESS(Status)) {
        Reply->AnsweredContext = Message->MessageContext;
        Reply->Header.MessageId = Message->Header.MessageId;
        Deliver(Message->Source, Reply);
    } else if (Reply) {
        LpcpDereferenceMessage(Reply);
    }
    if (LPCP_TYPE(Message) == LPC_CONNECTION_REQUEST)
        FinishConnecting(Message, Status);
}

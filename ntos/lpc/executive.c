/* SPDX-License-Identifier: BSD-2-Clause */
/* What the Executive itself asks servers, in the name of the calling thread. */
#include "lpcp.h"

/* A connection port, which no program can send through, receives such a question itself. */
static NTSTATUS FindTarget(PLPCP_PORT Port, PLPCP_PORT *Target, PVOID *Context)
{
    if (Port->Kind != LpcpConnectionPort)
        return LpcpFindTarget(Port, Target, Context);
    *Target = Port;
    *Context = NULL;
    return Port->Closed ? STATUS_PORT_DISCONNECTED : STATUS_SUCCESS;
}

static NTSTATUS Send(PLPCP_PORT Port, PLPCP_MESSAGE Request)
{
    PLPCP_PORT Target;
    NTSTATUS Status = FindTarget(Port, &Target, &Request->Context);

    if (NT_SUCCESS(Status) && (USHORT)Request->Header.u1.s1.TotalLength > Target->MaximumMessage)
        Status = STATUS_PORT_MESSAGE_TOO_LONG;
    if (!NT_SUCCESS(Status))
        return Status;
    LpcpSetSource(Request, Port);
    LpcpInsertPending(Request);
    InsertTailList(&Port->Requests, &Request->SourceEntry);
    LpcpQueueMessage(Request, Target, TRUE);
    return STATUS_SUCCESS;
}

static void TakeReply(PLPCP_MESSAGE Reply, PPORT_MESSAGE Message, ULONG Room)
{
    ULONG Length = sizeof(*Message) + (USHORT)Reply->Header.u1.s1.DataLength;

    memcpy(Message, &Reply->Header, Length < Room ? Length : Room);
}

NTSTATUS LpcRequestWaitReply(PVOID Port, PPORT_MESSAGE Message, ULONG Room)
{
    ULONG Length = (USHORT)Message->u1.s1.TotalLength;
    PLPCP_MESSAGE Request = LpcpAllocateMessage(Length);
    NTSTATUS Status;

    if (!Request)
        return STATUS_NO_MEMORY;
    memcpy(&Request->Header, Message, Length);
    Request->Header.ClientId.UniqueProcess = PsGetCurrentProcess()->UniqueProcessId;
    Request->Header.ClientId.UniqueThread = PsGetCurrentThread()->UniqueThreadId;
    Status = Send(Port, Request);
    if (NT_SUCCESS(Status))
        Status = LpcpWaitForAnswer(Request, FALSE, NULL);
    if (Status == STATUS_SUCCESS)
        TakeReply(Request->Reply, Message, Room);
    LpcpDereferenceMessage(Request);
    return Status;
}

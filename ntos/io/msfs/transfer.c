/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading from mailslots, with a time limit, and writing to them. */
#include "msfsp.h"

/* In the buffer of a read that waits. */
typedef struct _MS_READ {
    KTIMER Timer; /* set unless it waits for ever */
} MS_READ, *PMS_READ;

void MsEndRead(PIO_REQUEST Request, NTSTATUS Status)
{
    KeCancelTimer(&((PMS_READ)Request->Buffer)->Timer);
    IopCompleteRequest(Request, Status, 0);
}

static void MsForgetRead(PIO_REQUEST Request)
{
    KeCancelTimer(&((PMS_READ)Request->Buffer)->Timer);
}

static void MsReadExpired(PVOID Context)
{
    PIO_REQUEST Request = Context;

    RemoveEntryList(&Request->QueueEntry);
    IopCompleteRequest(Request, STATUS_IO_TIMEOUT, 0);
}

/* The first message leaves its slot. */
static PIOP_MESSAGE MsTakeMessage(PMS_SLOT Slot)
{
    PIOP_MESSAGE Message = CONTAINING_RECORD(RemoveHeadList(&Slot->Messages), IOP_MESSAGE, Links);

    Slot->Count--;
    Slot->Bytes -= Message->Length;
    return Message;
}

/* The first read gets the first message. */
static void MsHandOver(PMS_SLOT Slot, PIO_REQUEST Read)
{
    PIOP_MESSAGE Message = MsTakeMessage(Slot);

    MsForgetRead(Read);
    Read->Message = Message;
    Read->Output = Message->Data;
    IopCompleteRequest(Read, STATUS_SUCCESS, Message->Length);
}

/* The file that calls holds the slot. */
static void MsMatch(PMS_SLOT Slot)
{
    while (!IsListEmpty(&Slot->Reads) && !IsListEmpty(&Slot->Messages)) {
        PIO_REQUEST Read = CONTAINING_RECORD(RemoveHeadList(&Slot->Reads), IO_REQUEST, QueueEntry);
        PIOP_MESSAGE Message = CONTAINING_RECORD(Slot->Messages.Flink, IOP_MESSAGE, Links);

        if (Message->Length > Read->Parameters.OutputLength)
            MsEndRead(Read, STATUS_BUFFER_TOO_SMALL);
        else
            MsHandOver(Slot, Read);
        KeGiveWay();
    }
}

static void MsStartRead(PIO_REQUEST Request)
{
    PMS_SLOT Slot = Request->File->FsContext;
    PMS_READ Read = Request->Buffer;

    Request->State = IopRequestQueued;
    InsertTailList(&Slot->Reads, &Request->QueueEntry);
    KeInitializeTimer(&Read->Timer, MsReadExpired, Request);
    if (Slot->Timeout.QuadPart != MS_FOREVER)
        KeSetTimer(&Read->Timer, KeDueTime(Slot->Timeout.QuadPart));
    MsMatch(Slot);
}

static NTSTATUS MsReadLater(PIO_FILE File, ULONG Length, PIOP_CLIENT Client)
{
    PIO_REQUEST Request = IopAllocateOwnRequest(File, IRP_MJ_READ, sizeof(MS_READ), MsStartRead);

    if (!Request)
        return IopFinishStream(File, Client, STATUS_INSUFFICIENT_RESOURCES, 0);
    Request->Parameters.OutputLength = Length;
    Request->Cancel = MsForgetRead;
    return IopIssueClientRequest(Request, Client);
}

static NTSTATUS MsReadNow(PIO_FILE File, CLIENT(PVOID) Buffer, PIOP_CLIENT Client)
{
    PIOP_MESSAGE Message = MsTakeMessage(File->FsContext);
    ULONG Length = Message->Length;
    NTSTATUS Status = MmCopyToClient(Buffer, Message->Data, Length);

    IopDereferenceMessage(Message);
    if (NT_SUCCESS(Status))
        IopCountTransfer(PsGetCurrentProcess(), IRP_MJ_READ, Length);
    return IopFinishStream(File, Client, Status, Length);
}

NTSTATUS MsRead(PIO_FILE File, CLIENT(PVOID) Buffer, ULONG Length, PIOP_CLIENT Client)
{
    PMS_SLOT Slot = MsSlotOf(File);

    if (!Slot)
        return IopFinishStream(File, Client, STATUS_INVALID_PARAMETER, 0);
    if (Slot->Closed)
        return IopFinishStream(File, Client, STATUS_FILE_FORCED_CLOSED, 0);
    if (IsListEmpty(&Slot->Messages) || !IsListEmpty(&Slot->Reads)) {
        if (!Slot->Timeout.QuadPart)
            return IopFinishStream(File, Client, STATUS_IO_TIMEOUT, 0);
        return MsReadLater(File, Length, Client);
    }
    if (CONTAINING_RECORD(Slot->Messages.Flink, IOP_MESSAGE, Links)->Length > Length)
        return IopFinishStream(File, Client, STATUS_BUFFER_TOO_SMALL, 0);
    return MsReadNow(File, Buffer, Client);
}

static NTSTATUS MsCheckWrite(PMS_SLOT Slot, ULONG Length)
{
    if (Slot->Closed)
        return STATUS_FILE_FORCED_CLOSED;
    if (Slot->MaximumMessage && Length > Slot->MaximumMessage)
        return STATUS_INVALID_PARAMETER;
    if (Slot->Quota && (Slot->Bytes > Slot->Quota || Length > Slot->Quota - Slot->Bytes))
        return STATUS_QUOTA_EXCEEDED;
    return STATUS_SUCCESS;
}

/* Capturing gives way, so the slot is looked at before it and after it. */
static NTSTATUS MsPutMessage(PMS_SLOT Slot, CLIENT(PCVOID) Buffer, ULONG Length)
{
    PIOP_MESSAGE Message;
    NTSTATUS Status = MsCheckWrite(Slot, Length);

    if (NT_SUCCESS(Status))
        Status = IopCaptureMessage(Buffer, Length, &Message);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = MsCheckWrite(Slot, Length);
    if (!NT_SUCCESS(Status)) {
        IopDereferenceMessage(Message);
        return Status;
    }
    InsertTailList(&Slot->Messages, &Message->Links);
    Slot->Count++;
    Slot->Bytes += Length;
    MsMatch(Slot);
    return STATUS_SUCCESS;
}

NTSTATUS MsWrite(PIO_FILE File, CLIENT(PCVOID) Buffer, ULONG Length, PIOP_CLIENT Client)
{
    PMS_CLIENT Writer = MsClientOf(File);
    NTSTATUS Status =
        Writer ? MsPutMessage(Writer->Slot, Buffer, Length) : STATUS_INVALID_PARAMETER;

    if (NT_SUCCESS(Status))
        IopCountTransfer(PsGetCurrentProcess(), IRP_MJ_WRITE, Length);
    return IopFinishStream(File, Client, Status, NT_SUCCESS(Status) ? Length : 0);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests to drivers: their making, sending, completion, cancelling. */
#include "iop.h"

static ULONGLONG IopNextIrpId;

/* NULL: no memory. The buffer, if any, is zeroed. */
PIRP IopAllocateIrp(PDEVICE_OBJECT Device, PFILE_OBJECT File, UCHAR MajorFunction,
                    ULONG BufferLength)
{
    PIRP Irp = ExAllocatePool(sizeof(*Irp));

    if (!Irp)
        return NULL;
    if (BufferLength) {
        Irp->Buffer = ExAllocatePool(BufferLength);
        if (!Irp->Buffer) {
            ExFreePool(Irp);
            return NULL;
        }
    }
    Irp->Id = ++IopNextIrpId;
    Irp->MessageType = DriverMessageIrp;
    Irp->DataLength = BufferLength;
    Irp->Request.MajorFunction = MajorFunction;
    KeInitializeEvent(&Irp->Done, NotificationEvent, FALSE);
    if (Device) {
        ObReferenceObject(Device);
        Irp->Device = Device;
        Irp->Request.Device = Device->Id;
    }
    if (File) {
        ObReferenceObject(File);
        Irp->File = File;
        Irp->Request.File = File->Id;
    }
    return Irp;
}

void IopFreeIrp(PIRP Irp)
{
    if (Irp->ThreadEntry.Flink)
        RemoveEntryList(&Irp->ThreadEntry);
    IopReleaseClient(&Irp->Client);
    if (Irp->File)
        ObDereferenceObject(Irp->File);
    if (Irp->Device)
        ObDereferenceObject(Irp->Device);
    if (Irp->Driver)
        ObDereferenceObject(Irp->Driver);
    if (Irp->ForwardEntry.Flink) {
        RemoveEntryList(&Irp->ForwardEntry);
        Irp->Origin->ForwardCount--;
    }
    if (Irp->Origin)
        ObDereferenceObject(Irp->Origin);
    ExFreePool(Irp->Buffer);
    ExFreePool(Irp);
}

/* Without a completion routine somebody waits, or has given up. */
void IopCompleteIrp(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    if (Irp->Counted)
        Irp->Driver->RequestCount--;
    Irp->Counted = FALSE;
    Irp->State = IopIrpDone;
    Irp->Status = Status;
    Irp->Information = Information;
    if (Irp->Connection)
        IopEndConnect(Irp);
    if (Irp->Request.MajorFunction == IRP_MJ_CREATE && Irp->MessageType == DriverMessageIrp &&
        Irp->File && !Irp->Origin && NT_SUCCESS(Status))
        Irp->File->Opened = TRUE;
    if (Irp->Complete)
        Irp->Complete(Irp);
    else if (Irp->Abandoned)
        IopFreeIrp(Irp);
    else
        KeSetEvent(&Irp->Done);
}

/* Files must be closed however many requests there are. */
static BOOLEAN IopIsBounded(PIRP Irp)
{
    return Irp->MessageType == DriverMessageIrp && Irp->Request.MajorFunction != IRP_MJ_CLOSE &&
           Irp->Request.MajorFunction != IRP_MJ_CLEANUP;
}

/* To the driver of Irp->Device, or to Irp->Driver where there is no device. */
void IopSendIrp(PIRP Irp)
{
    PIO_DRIVER Driver;

    if (!Irp->Driver && Irp->Device && Irp->Device->Driver) {
        Irp->Driver = Irp->Device->Driver;
        ObReferenceObject(Irp->Driver);
    }
    Driver = Irp->Driver;
    if (Irp->Device && Irp->Device->Deleted) {
        IopCompleteIrp(Irp, STATUS_DEVICE_DOES_NOT_EXIST, 0);
    } else if (!Driver) {
        IopDispatchOwn(Irp);
    } else if (!Driver->Channel) {
        IopCompleteIrp(Irp, STATUS_DEVICE_DOES_NOT_EXIST, 0);
    } else if (IopIsBounded(Irp) && Driver->RequestCount >= IOP_MAXIMUM_REQUESTS) {
        IopCompleteIrp(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    } else {
        Driver->RequestCount++;
        Irp->Counted = TRUE;
        Irp->State = IopIrpQueued;
        InsertTailList(&Driver->SendQueue, &Irp->QueueEntry);
        IopFlushDriver(Driver);
    }
}

/* One that has not been sent is over at once; else the driver is asked to hurry, and may refuse. */
void IopCancelIrp(PIRP Irp)
{
    if (Irp->State == IopIrpQueued) {
        RemoveEntryList(&Irp->QueueEntry);
        IopCompleteIrp(Irp, STATUS_CANCELLED, 0);
    } else if (Irp->State == IopIrpSent) {
        Irp->CancelRequested = TRUE;
        IopFlushDriver(Irp->Driver);
    }
}

/* Nobody waits for it any more. */
static void IopAbandonIrp(PIRP Irp)
{
    if (Irp->State == IopIrpDone) {
        IopFreeIrp(Irp);
        return;
    }
    Irp->Abandoned = TRUE;
    IopCancelIrp(Irp);
}

NTSTATUS IopCallAndWait(PIRP Irp, ULONG Seconds, BOOLEAN *Completed)
{
    LARGE_INTEGER Limit = {.QuadPart = -10000000ll * Seconds};
    NTSTATUS Status;

    IopSendIrp(Irp);
    Status = KeWaitForSingleObject(&Irp->Done, FALSE, Seconds ? &Limit : NULL);
    *Completed = Status == STATUS_SUCCESS;
    if (*Completed)
        return Irp->Status;
    IopAbandonIrp(Irp);
    return Status == STATUS_TIMEOUT ? STATUS_IO_TIMEOUT : Status;
}

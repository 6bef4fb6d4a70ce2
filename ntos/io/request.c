/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests to drivers: their making, sending, completion, cancelling. */
#include "iop.h"

static ULONGLONG IopNextRequestId;

/* The process id by which a driver learns whose request it is. */
UINT32 IopCurrentProcessId(void)
{
    return (UINT32)(ULONG_PTR)PsGetCurrentProcess()->UniqueProcessId;
}

/* A few bytes of data lie behind the request. */
static PIO_REQUEST IopNewRequest(PIO_DEVICE Device, PIO_FILE File, UCHAR MajorFunction,
                                 ULONG BufferLength)
{
    PIO_REQUEST Request = ExAllocatePool(sizeof(*Request) + BufferLength);

    if (!Request)
        return NULL;
    Request->Buffer = BufferLength ? Request + 1 : NULL;
    Request->Id = ++IopNextRequestId;
    Request->MessageType = DriverMessageRequest;
    Request->DataLength = BufferLength;
    Request->Parameters.MajorFunction = MajorFunction;
    KeInitializeEvent(&Request->Done, NotificationEvent, FALSE);
    if (Device) {
        ObReferenceObject(Device);
        Request->Device = Device;
        Request->Parameters.Device = Device->Id;
    }
    if (File) {
        ObReferenceObject(File);
        Request->File = File;
        Request->Parameters.File = File->Id;
    }
    if (IopChargeRequest(Request))
        return Request;
    IopFreeRequest(Request);
    return NULL;
}

/* A buffer for the system data, which is clear, or will be filled with what is to be written. */
static BOOLEAN IopAttachBuffer(PIO_REQUEST Request, ULONG Length)
{
    BOOLEAN Fresh;

    Request->DataLength = Length;
    Request->Parameters.System.Place = DriverDataPages;
    if (!NT_SUCCESS(IopCreateBuffer(Request->Device, Length, &Fresh, &Request->System.Buffer))) {
        Request->System.Buffer = NULL;
        return FALSE;
    }
    return IopChargeData(Request, Request->System.Buffer->Pages) &&
           (Fresh || Request->Parameters.MajorFunction == IRP_MJ_WRITE ||
            NT_SUCCESS(MmClearSection(Request->System.Buffer->Section, 0, Length)));
}

/*
 * With BufferLength bytes of system data, which are zero. NULL: no memory, or the calling process
 * cannot pay. Gives way if they are more than a page.
 */
PIO_REQUEST IopAllocateRequest(PIO_DEVICE Device, PIO_FILE File, UCHAR MajorFunction,
                               ULONG BufferLength)
{
    BOOLEAN Small = BufferLength <= DRIVER_INLINE_BYTES;
    PIO_REQUEST Request = IopNewRequest(Device, File, MajorFunction, Small ? BufferLength : 0);

    if (!Request || Small || IopAttachBuffer(Request, BufferLength))
        return Request;
    IopFreeRequest(Request);
    return NULL;
}

PIO_REQUEST IopAllocateCommand(PIO_DRIVER Driver, UINT32 MessageType, ULONG DataLength)
{
    PIO_REQUEST Request = IopAllocateRequest(NULL, NULL, 0, DataLength);

    if (!Request)
        return NULL;
    Request->MessageType = MessageType;
    Request->Host = Driver->Host;
    IoReferenceHost(Request->Host);
    Request->Command.Driver = Driver->Id;
    Request->Command.DataLength = DataLength;
    return Request;
}

PIO_REQUEST IopAllocateOwnRequest(PIO_FILE File, UCHAR MajorFunction, ULONG BufferLength,
                                  void (*Start)(PIO_REQUEST Request))
{
    PIO_REQUEST Request = IopNewRequest(File->Device, File, MajorFunction, 0);

    if (!Request)
        return NULL;
    Request->Start = Start;
    Request->DataLength = BufferLength;
    Request->Buffer = BufferLength ? ExAllocatePool(BufferLength) : NULL;
    if ((Request->Buffer || !BufferLength) && IopCountRequest(Request))
        return Request;
    IopFreeRequest(Request);
    return NULL;
}

void IopFreeRequest(PIO_REQUEST Request)
{
    if (Request->ThreadEntry.Flink)
        RemoveEntryList(&Request->ThreadEntry);
    IopReleaseClient(&Request->Client);
    if (Request->File)
        ObDereferenceObject(Request->File);
    if (Request->Device)
        ObDereferenceObject(Request->Device);
    if (Request->Host)
        IoDereferenceHost(Request->Host);
    if (Request->Forwarded)
        IopRemoveForwarded(Request->Origin, Request);
    if (Request->Origin)
        IoDereferenceHost(Request->Origin);
    IopReleaseData(Request);
    IopReturnCharge(Request);
    if (Request->Message)
        IopDereferenceMessage(Request->Message);
    if (Request->Start) /* what a program has written, which may be much */
        ExFreePoolGivingWay(Request->Buffer);
    ExFreePool(Request);
}

/* Without a completion routine a thread waits for the request, or has given up. */
void IopCompleteRequest(PIO_REQUEST Request, NTSTATUS Status, ULONG_PTR Information)
{
    IopUncountRequest(Request);
    Request->State = IopRequestDone;
    Request->Status = Status;
    Request->Information = Information;
    if (Request->Connection)
        IopEndConnect(Request);
    if (Request->Parameters.MajorFunction == IRP_MJ_CREATE &&
        Request->MessageType == DriverMessageRequest && Request->File && !Request->Origin &&
        NT_SUCCESS(Status))
        Request->File->Opened = TRUE;
    if (Request->Complete)
        Request->Complete(Request);
    else if (Request->Abandoned)
        IopFreeRequest(Request);
    else
        KeSetEvent(&Request->Done);
}

/* To the host of Request->Device, or to Request->Host where there is no device. */
void IopSendRequest(PIO_REQUEST Request)
{
    PIO_HOST Host;

    if (!Request->Host && Request->Device && Request->Device->Driver) {
        Request->Host = Request->Device->Driver->Host;
        IoReferenceHost(Request->Host);
    }
    Host = Request->Host;
    if (Request->Device && Request->Device->Deleted) {
        IopCompleteRequest(Request, STATUS_DEVICE_DOES_NOT_EXIST, 0);
    } else if (Request->Start) {
        Request->Start(Request);
    } else if (!Host) {
        IopDispatchOwn(Request);
    } else if (!Host->Channel) {
        IopCompleteRequest(Request, STATUS_DEVICE_DOES_NOT_EXIST, 0);
    } else if (!IopCountRequest(Request)) {
        IopCompleteRequest(Request, STATUS_INSUFFICIENT_RESOURCES, 0);
    } else if (IopSendAtOnce(Host, Request)) {
        return;
    } else if (!Host->Channel) {
        IopCompleteRequest(Request, STATUS_DEVICE_DOES_NOT_EXIST, 0);
    } else {
        Request->State = IopRequestQueued;
        InsertTailList(&Host->SendQueue, &Request->QueueEntry);
        IopFlushHost(Host);
    }
}

/* One that has not been sent is over at once; else the driver is asked to hurry, and may refuse. */
void IopCancelRequest(PIO_REQUEST Request)
{
    if (Request->State == IopRequestQueued) {
        RemoveEntryList(&Request->QueueEntry);
        if (Request->Cancel)
            Request->Cancel(Request);
        IopCompleteRequest(Request, STATUS_CANCELLED, 0);
    } else if (Request->State == IopRequestSent && !Request->CancelRequested) {
        Request->CancelRequested = Request->CancelQueued = TRUE;
        InsertTailList(&Request->Host->CancelQueue, &Request->QueueEntry);
        IopFlushHost(Request->Host);
    }
}

/* Nobody waits for it any more. */
static void IopAbandonRequest(PIO_REQUEST Request)
{
    if (Request->State == IopRequestDone) {
        IopFreeRequest(Request);
        return;
    }
    Request->Abandoned = TRUE;
    IopCancelRequest(Request);
}

static NTSTATUS IopEndCall(PIO_REQUEST Request, NTSTATUS WaitStatus, BOOLEAN *Completed)
{
    *Completed = WaitStatus == STATUS_SUCCESS;
    if (*Completed)
        return Request->Status;
    IopAbandonRequest(Request);
    return WaitStatus == STATUS_TIMEOUT ? STATUS_IO_TIMEOUT : WaitStatus;
}

/* The host that serves it first sees the system data at once. If that fails, it asks itself. */
void IopShowData(PIO_REQUEST Request)
{
    PIO_HOST Host = Request->Host;

    if (!Request->System.Buffer)
        return;
    if (!Host && Request->Device && Request->Device->Driver)
        Host = Request->Device->Driver->Host;
    if (!Host)
        return;
    IoReferenceHost(Host);
    IopMapBuffer(Request->System.Buffer, Host);
    IoDereferenceHost(Host);
}

NTSTATUS IopCallAndWait(PIO_REQUEST Request, ULONG Seconds, BOOLEAN *Completed)
{
    LARGE_INTEGER Limit = {.QuadPart = -10000000ll * Seconds};

    IopShowData(Request);
    IopSendRequest(Request);
    return IopEndCall(
        Request, KeWaitForSingleObject(&Request->Done, FALSE, Seconds ? &Limit : NULL), Completed);
}

/* An alert or a routine to run ends the wait: the request is cancelled, and what becomes of it is
 * waited for. */
NTSTATUS IopCallAlertably(PIO_REQUEST Request, BOOLEAN *Completed)
{
    NTSTATUS Status;

    IopShowData(Request);
    IopSendRequest(Request);
    Status = KeWaitForSingleObject(&Request->Done, TRUE, NULL);
    if (Status == STATUS_USER_APC || Status == STATUS_ALERTED) {
        IopCancelRequest(Request);
        Status = KeWaitForSingleObject(&Request->Done, FALSE, NULL);
    }
    return IopEndCall(Request, Status, Completed);
}

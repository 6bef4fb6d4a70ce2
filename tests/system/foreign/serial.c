/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgnserial.sys: a serial port whose output is its own input, with the control codes and time-outs
 * of Windows' serial driver: a read ends when it is full, when its total time is over, or when so
 * long nothing came. In the shape of that driver: a reference count for each request that its
 * timers, its cancel routine and its data compete for, under the cancel spin lock, and a DPC that
 * ends it.
 */
#include <ntddk.h>
#include <ntddser.h>

#define RING 4096

typedef struct _SERIAL_EXTENSION {
    KSPIN_LOCK Lock; /* of all below */
    LIST_ENTRY Reads;
    PIRP Current; /* the read that is served, out of the queue; NULL: none */
    ULONG Filled; /* bytes that it has */
    SERIAL_TIMEOUTS Timeouts;
    SERIAL_BAUD_RATE Baud;
    KTIMER Total, Interval;
    KDPC TotalDpc, IntervalDpc;
    ULONG WaitMask, History;
    PIRP Waiter; /* IOCTL_SERIAL_WAIT_ON_MASK */
    UCHAR Ring[RING];
    ULONG First, Count;
    ULONG Overruns;
} SERIAL_EXTENSION, *PSERIAL_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD SerialUnload;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH SerialCreateClose;
_Dispatch_type_(IRP_MJ_CLEANUP) DRIVER_DISPATCH SerialCleanup;
_Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH SerialRead;
_Dispatch_type_(IRP_MJ_WRITE) DRIVER_DISPATCH SerialWrite;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH SerialControl;
DRIVER_CANCEL SerialCancelRead, SerialCancelWait;
KDEFERRED_ROUTINE SerialTimeout;

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGESER, SerialControl)
#endif

static NTSTATUS SerialComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_SERIAL_INCREMENT);
    return Status;
}

/* ---- Reads ---- */

static PIRP SerialNextRead(PSERIAL_EXTENSION Serial)
{
    while (!IsListEmpty(&Serial->Reads)) {
        PIRP Irp = CONTAINING_RECORD(RemoveHeadList(&Serial->Reads), IRP, Tail.Overlay.ListEntry);

        if (IoSetCancelRoutine(Irp, NULL))
            return Irp;
        InitializeListHead(
            &Irp->Tail.Overlay.ListEntry); /* its cancel routine waits for the lock */
    }
    return NULL;
}

static VOID SerialCopy(PSERIAL_EXTENSION Serial)
{
    ULONG Length = IoGetCurrentIrpStackLocation(Serial->Current)->Parameters.Read.Length;

    for (; Serial->Count && Serial->Filled < Length; Serial->Count--) {
        ((PUCHAR)Serial->Current->AssociatedIrp.SystemBuffer)[Serial->Filled++] =
            Serial->Ring[Serial->First];
        Serial->First = (Serial->First + 1) % RING;
    }
}

static BOOLEAN SerialIsFull(PSERIAL_EXTENSION Serial)
{
    return Serial->Filled == IoGetCurrentIrpStackLocation(Serial->Current)->Parameters.Read.Length;
}

/* Interval MAXULONG and no total: a read takes what is there and does not wait. */
static BOOLEAN SerialReturnsAtOnce(PSERIAL_EXTENSION Serial)
{
    return Serial->Timeouts.ReadIntervalTimeout == MAXULONG &&
           !Serial->Timeouts.ReadTotalTimeoutConstant &&
           !Serial->Timeouts.ReadTotalTimeoutMultiplier;
}

static VOID SerialArm(PKTIMER Timer, PKDPC Dpc, ULONGLONG Milliseconds)
{
    LARGE_INTEGER Due;

    Due.QuadPart = -(LONGLONG)Milliseconds * 10000;
    if (Milliseconds)
        KeSetTimer(Timer, Due, Dpc);
}

static VOID SerialArmTotal(PSERIAL_EXTENSION Serial)
{
    SerialArm(&Serial->Total, &Serial->TotalDpc,
              Serial->Timeouts.ReadTotalTimeoutConstant +
                  (ULONGLONG)Serial->Timeouts.ReadTotalTimeoutMultiplier *
                      IoGetCurrentIrpStackLocation(Serial->Current)->Parameters.Read.Length);
}

static VOID SerialArmInterval(PSERIAL_EXTENSION Serial)
{
    if (Serial->Filled && Serial->Timeouts.ReadIntervalTimeout != MAXULONG)
        SerialArm(&Serial->Interval, &Serial->IntervalDpc, Serial->Timeouts.ReadIntervalTimeout);
}

/* The read that is served, to be completed by the caller without the lock. */
static PIRP SerialEndRead(PSERIAL_EXTENSION Serial, NTSTATUS Status)
{
    PIRP Irp = Serial->Current;

    KeCancelTimer(&Serial->Total);
    KeCancelTimer(&Serial->Interval);
    Serial->Current = NULL;
    if (Irp) {
        IoSetCancelRoutine(Irp, NULL);
        Irp->IoStatus.Status = Status;
        Irp->IoStatus.Information = Serial->Filled;
    }
    return Irp;
}

/* Serves reads as long as there are bytes for them; those that end go to Ended. */
static VOID SerialServe(PSERIAL_EXTENSION Serial, PLIST_ENTRY Ended)
{
    for (;;) {
        if (!Serial->Current) {
            Serial->Current = SerialNextRead(Serial);
            if (!Serial->Current)
                return;
            Serial->Filled = 0;
            IoSetCancelRoutine(Serial->Current, SerialCancelRead);
            SerialArmTotal(Serial);
        }
        SerialCopy(Serial);
        if (!SerialIsFull(Serial) && !SerialReturnsAtOnce(Serial))
            break;
        InsertTailList(Ended, &SerialEndRead(Serial, STATUS_SUCCESS)->Tail.Overlay.ListEntry);
    }
    SerialArmInterval(Serial);
}

static VOID SerialCompleteAll(PLIST_ENTRY Ended)
{
    while (!IsListEmpty(Ended))
        IoCompleteRequest(CONTAINING_RECORD(RemoveHeadList(Ended), IRP, Tail.Overlay.ListEntry),
                          IO_SERIAL_INCREMENT);
}

_Use_decl_annotations_ VOID SerialTimeout(PKDPC Dpc, PVOID Context, PVOID Argument1,
                                          PVOID Argument2)
{
    PSERIAL_EXTENSION Serial = Context;
    LIST_ENTRY Ended;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    InitializeListHead(&Ended);
    KeAcquireSpinLockAtDpcLevel(&Serial->Lock);
    if (Serial->Current) {
        InsertTailList(&Ended, &SerialEndRead(Serial, STATUS_TIMEOUT)->Tail.Overlay.ListEntry);
        SerialServe(Serial, &Ended);
    }
    KeReleaseSpinLockFromDpcLevel(&Serial->Lock);
    SerialCompleteAll(&Ended);
}

_Use_decl_annotations_ VOID SerialCancelRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSERIAL_EXTENSION Serial = DeviceObject->DeviceExtension;
    ULONG Information = 0;
    LIST_ENTRY Ended;
    KIRQL Irql;

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    InitializeListHead(&Ended);
    KeAcquireSpinLock(&Serial->Lock, &Irql);
    if (Serial->Current == Irp) {
        Information = Serial->Filled;
        SerialEndRead(Serial, STATUS_CANCELLED);
        SerialServe(Serial, &Ended);
    } else {
        RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
    }
    KeReleaseSpinLock(&Serial->Lock, Irql);
    SerialCompleteAll(&Ended);
    SerialComplete(Irp, STATUS_CANCELLED, Information);
}

_Use_decl_annotations_ NTSTATUS SerialRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSERIAL_EXTENSION Serial = DeviceObject->DeviceExtension;
    LIST_ENTRY Ended;
    KIRQL Irql;

    if (!IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length)
        return SerialComplete(Irp, STATUS_SUCCESS, 0);
    InitializeListHead(&Ended);
    KeAcquireSpinLock(&Serial->Lock, &Irql);
    IoSetCancelRoutine(Irp, SerialCancelRead);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL)) {
        KeReleaseSpinLock(&Serial->Lock, Irql);
        return SerialComplete(Irp, STATUS_CANCELLED, 0);
    }
    IoMarkIrpPending(Irp);
    InsertTailList(&Serial->Reads, &Irp->Tail.Overlay.ListEntry);
    SerialServe(Serial, &Ended);
    KeReleaseSpinLock(&Serial->Lock, Irql);
    SerialCompleteAll(&Ended);
    return STATUS_PENDING;
}

/* ---- Events, of which there is one: a byte came ---- */

_Use_decl_annotations_ VOID SerialCancelWait(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSERIAL_EXTENSION Serial = DeviceObject->DeviceExtension;
    KIRQL Irql;

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    KeAcquireSpinLock(&Serial->Lock, &Irql);
    if (Serial->Waiter == Irp)
        Serial->Waiter = NULL;
    KeReleaseSpinLock(&Serial->Lock, Irql);
    SerialComplete(Irp, STATUS_CANCELLED, 0);
}

/* The waiter, with what has happened; NULL: there is none, or it is being cancelled. */
static PIRP SerialTakeWaiter(PSERIAL_EXTENSION Serial, ULONG Events)
{
    PIRP Irp = Serial->Waiter;

    if (!Irp || !IoSetCancelRoutine(Irp, NULL))
        return NULL;
    Serial->Waiter = NULL;
    *(PULONG)Irp->AssociatedIrp.SystemBuffer = Events;
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = sizeof(ULONG);
    return Irp;
}

static VOID SerialEvent(PSERIAL_EXTENSION Serial, ULONG Event, PLIST_ENTRY Ended)
{
    PIRP Irp;

    if (!(Serial->WaitMask & Event))
        return;
    Irp = SerialTakeWaiter(Serial, Event);
    if (Irp)
        InsertTailList(Ended, &Irp->Tail.Overlay.ListEntry);
    else
        Serial->History |= Event;
}

static NTSTATUS SerialWaitOnMask(PSERIAL_EXTENSION Serial, PIRP Irp)
{
    NTSTATUS Status = STATUS_PENDING;
    KIRQL Irql;

    KeAcquireSpinLock(&Serial->Lock, &Irql);
    if (Serial->Waiter || !Serial->WaitMask) {
        Status = STATUS_INVALID_PARAMETER;
    } else if (Serial->History) {
        *(PULONG)Irp->AssociatedIrp.SystemBuffer = Serial->History;
        Serial->History = 0;
        Irp->IoStatus.Information = sizeof(ULONG);
        Status = STATUS_SUCCESS;
    } else {
        IoSetCancelRoutine(Irp, SerialCancelWait);
        if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL)) {
            Status = STATUS_CANCELLED;
        } else {
            Serial->Waiter = Irp;
            IoMarkIrpPending(Irp);
        }
    }
    KeReleaseSpinLock(&Serial->Lock, Irql);
    return Status;
}

/* A new mask ends a wait for the old one, with nothing. */
static NTSTATUS SerialSetMask(PSERIAL_EXTENSION Serial, ULONG Mask)
{
    PIRP Waiter;
    KIRQL Irql;

    if (Mask & ~(SERIAL_EV_RXCHAR | SERIAL_EV_TXEMPTY))
        return STATUS_INVALID_PARAMETER;
    KeAcquireSpinLock(&Serial->Lock, &Irql);
    Waiter = SerialTakeWaiter(Serial, 0);
    Serial->WaitMask = Mask;
    Serial->History = 0;
    KeReleaseSpinLock(&Serial->Lock, Irql);
    if (Waiter)
        IoCompleteRequest(Waiter, IO_SERIAL_INCREMENT);
    return STATUS_SUCCESS;
}

/* ---- The line ---- */

_Use_decl_annotations_ NTSTATUS SerialWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSERIAL_EXTENSION Serial = DeviceObject->DeviceExtension;
    ULONG Length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length, i;
    LIST_ENTRY Ended;
    KIRQL Irql;

    InitializeListHead(&Ended);
    KeAcquireSpinLock(&Serial->Lock, &Irql);
    for (i = 0; i < Length; i++) {
        if (Serial->Count == RING) { /* a reader may be waiting for what is there */
            SerialServe(Serial, &Ended);
        }
        if (Serial->Count == RING) {
            Serial->Overruns++;
            continue;
        }
        Serial->Ring[(Serial->First + Serial->Count++) % RING] =
            ((PUCHAR)Irp->AssociatedIrp.SystemBuffer)[i];
    }
    SerialServe(Serial, &Ended);
    if (Length) {
        SerialEvent(Serial, SERIAL_EV_RXCHAR, &Ended);
        SerialEvent(Serial, SERIAL_EV_TXEMPTY, &Ended);
    }
    KeReleaseSpinLock(&Serial->Lock, Irql);
    SerialCompleteAll(&Ended);
    return SerialComplete(Irp, STATUS_SUCCESS, Length);
}

static VOID SerialEndAll(PSERIAL_EXTENSION Serial, PFILE_OBJECT File, PLIST_ENTRY Ended)
{
    PIRP Irp;

    UNREFERENCED_PARAMETER(File);
    if (Serial->Current && IoSetCancelRoutine(Serial->Current, NULL))
        InsertTailList(Ended, &SerialEndRead(Serial, STATUS_CANCELLED)->Tail.Overlay.ListEntry);
    while ((Irp = SerialNextRead(Serial)) != NULL) {
        Irp->IoStatus.Status = STATUS_CANCELLED;
        Irp->IoStatus.Information = 0;
        InsertTailList(Ended, &Irp->Tail.Overlay.ListEntry);
    }
}

static NTSTATUS SerialPurge(PSERIAL_EXTENSION Serial, ULONG What)
{
    LIST_ENTRY Ended;
    KIRQL Irql;

    if (!What || What & ~(SERIAL_PURGE_TXABORT | SERIAL_PURGE_RXABORT | SERIAL_PURGE_TXCLEAR |
                          SERIAL_PURGE_RXCLEAR))
        return STATUS_INVALID_PARAMETER;
    InitializeListHead(&Ended);
    KeAcquireSpinLock(&Serial->Lock, &Irql);
    if (What & SERIAL_PURGE_RXCLEAR)
        Serial->Count = 0;
    if (What & SERIAL_PURGE_RXABORT)
        SerialEndAll(Serial, NULL, &Ended);
    KeReleaseSpinLock(&Serial->Lock, Irql);
    SerialCompleteAll(&Ended);
    return STATUS_SUCCESS;
}

static NTSTATUS SerialGetStatus(PSERIAL_EXTENSION Serial, PSERIAL_STATUS Status)
{
    KIRQL Irql;

    RtlZeroMemory(Status, sizeof(*Status));
    KeAcquireSpinLock(&Serial->Lock, &Irql);
    Status->Errors = Serial->Overruns ? SERIAL_ERROR_QUEUEOVERRUN : 0;
    Serial->Overruns = 0;
    Status->AmountInInQueue = Serial->Count;
    KeReleaseSpinLock(&Serial->Lock, Irql);
    return STATUS_SUCCESS;
}

/* MAXULONG both for interval and multiplier, with a total of MAXULONG, means nothing. */
static NTSTATUS SerialSetTimeouts(PSERIAL_EXTENSION Serial, const SERIAL_TIMEOUTS *Timeouts)
{
    KIRQL Irql;

    if (Timeouts->ReadIntervalTimeout == MAXULONG &&
        Timeouts->ReadTotalTimeoutMultiplier == MAXULONG &&
        Timeouts->ReadTotalTimeoutConstant == MAXULONG)
        return STATUS_INVALID_PARAMETER;
    KeAcquireSpinLock(&Serial->Lock, &Irql);
    Serial->Timeouts = *Timeouts;
    KeReleaseSpinLock(&Serial->Lock, Irql);
    return STATUS_SUCCESS;
}

static NTSTATUS SerialSetBaud(PSERIAL_EXTENSION Serial, const SERIAL_BAUD_RATE *Baud)
{
    if (!Baud->BaudRate || Baud->BaudRate > 115200)
        return STATUS_INVALID_PARAMETER;
    Serial->Baud = *Baud;
    return STATUS_SUCCESS;
}

/* Control codes, with the least size of input and output. */
static const struct {
    ULONG Code, In, Out;
} Codes[] = {
    {IOCTL_SERIAL_SET_TIMEOUTS, sizeof(SERIAL_TIMEOUTS), 0},
    {IOCTL_SERIAL_GET_TIMEOUTS, 0, sizeof(SERIAL_TIMEOUTS)},
    {IOCTL_SERIAL_SET_BAUD_RATE, sizeof(SERIAL_BAUD_RATE), 0},
    {IOCTL_SERIAL_GET_BAUD_RATE, 0, sizeof(SERIAL_BAUD_RATE)},
    {IOCTL_SERIAL_SET_WAIT_MASK, sizeof(ULONG), 0},
    {IOCTL_SERIAL_GET_WAIT_MASK, 0, sizeof(ULONG)},
    {IOCTL_SERIAL_WAIT_ON_MASK, 0, sizeof(ULONG)},
    {IOCTL_SERIAL_PURGE, sizeof(ULONG), 0},
    {IOCTL_SERIAL_GET_COMMSTATUS, 0, sizeof(SERIAL_STATUS)},
};

static NTSTATUS SerialCheck(PIO_STACK_LOCATION IrpSp)
{
    ULONG i;

    for (i = 0; i < RTL_NUMBER_OF(Codes); i++) {
        if (Codes[i].Code != IrpSp->Parameters.DeviceIoControl.IoControlCode)
            continue;
        return IrpSp->Parameters.DeviceIoControl.InputBufferLength < Codes[i].In ||
                       IrpSp->Parameters.DeviceIoControl.OutputBufferLength < Codes[i].Out
                   ? STATUS_BUFFER_TOO_SMALL
                   : STATUS_SUCCESS;
    }
    return STATUS_INVALID_PARAMETER;
}

static NTSTATUS SerialGive(PIRP Irp, const VOID *Data, ULONG Size)
{
    RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, Data, Size);
    Irp->IoStatus.Information = Size;
    return STATUS_SUCCESS;
}

static NTSTATUS SerialDispatch(PSERIAL_EXTENSION Serial, PIRP Irp)
{
    PVOID Buffer = Irp->AssociatedIrp.SystemBuffer;
    SERIAL_STATUS Status;

    switch (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_SERIAL_SET_TIMEOUTS:
        return SerialSetTimeouts(Serial, Buffer);
    case IOCTL_SERIAL_GET_TIMEOUTS:
        return SerialGive(Irp, &Serial->Timeouts, sizeof(Serial->Timeouts));
    case IOCTL_SERIAL_SET_BAUD_RATE:
        return SerialSetBaud(Serial, Buffer);
    case IOCTL_SERIAL_GET_BAUD_RATE:
        return SerialGive(Irp, &Serial->Baud, sizeof(Serial->Baud));
    case IOCTL_SERIAL_SET_WAIT_MASK:
        return SerialSetMask(Serial, *(PULONG)Buffer);
    case IOCTL_SERIAL_GET_WAIT_MASK:
        return SerialGive(Irp, &Serial->WaitMask, sizeof(ULONG));
    case IOCTL_SERIAL_WAIT_ON_MASK:
        return SerialWaitOnMask(Serial, Irp);
    case IOCTL_SERIAL_PURGE:
        return SerialPurge(Serial, *(PULONG)Buffer);
    default:
        SerialGetStatus(Serial, &Status);
        return SerialGive(Irp, &Status, sizeof(Status));
    }
}

_Use_decl_annotations_ NTSTATUS SerialControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS Status = SerialCheck(IoGetCurrentIrpStackLocation(Irp));

    Irp->IoStatus.Information = 0;
    if (NT_SUCCESS(Status))
        Status = SerialDispatch(DeviceObject->DeviceExtension, Irp);
    if (Status != STATUS_PENDING)
        SerialComplete(Irp, Status, Irp->IoStatus.Information);
    return Status;
}

_Use_decl_annotations_ NTSTATUS SerialCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    PAGED_CODE();
    return SerialComplete(Irp, STATUS_SUCCESS, 0);
}

/* The device is exclusive: what waits is of the file that closes. */
_Use_decl_annotations_ NTSTATUS SerialCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSERIAL_EXTENSION Serial = DeviceObject->DeviceExtension;

    SerialPurge(Serial, SERIAL_PURGE_RXABORT | SERIAL_PURGE_RXCLEAR);
    SerialSetMask(Serial, 0);
    RtlZeroMemory(&Serial->Timeouts, sizeof(Serial->Timeouts));
    return SerialComplete(Irp, STATUS_SUCCESS, 0);
}

_Use_decl_annotations_ VOID SerialUnload(PDRIVER_OBJECT DriverObject)
{
    PSERIAL_EXTENSION Serial = DriverObject->DeviceObject->DeviceExtension;

    PAGED_CODE();
    KeCancelTimer(&Serial->Total);
    KeCancelTimer(&Serial->Interval);
    KeFlushQueuedDpcs();
    IoDeleteDevice(DriverObject->DeviceObject);
}

_Use_decl_annotations_ NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject,
                                            PUNICODE_STRING RegistryPath)
{
    DECLARE_CONST_UNICODE_STRING(Name, L"\\Device\\FgnSerial0");
    PSERIAL_EXTENSION Serial;
    PDEVICE_OBJECT Device;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(RegistryPath);
    Status = IoCreateDevice(DriverObject, sizeof(SERIAL_EXTENSION), (PUNICODE_STRING)&Name,
                            FILE_DEVICE_SERIAL_PORT, FILE_DEVICE_SECURE_OPEN, TRUE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Device->Flags |= DO_BUFFERED_IO;
    Serial = Device->DeviceExtension;
    KeInitializeSpinLock(&Serial->Lock);
    InitializeListHead(&Serial->Reads);
    KeInitializeTimer(&Serial->Total);
    KeInitializeTimer(&Serial->Interval);
    KeInitializeDpc(&Serial->TotalDpc, SerialTimeout, Serial);
    KeInitializeDpc(&Serial->IntervalDpc, SerialTimeout, Serial);
    Serial->Baud.BaudRate = 1200;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = SerialCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = SerialCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = SerialCleanup;
    DriverObject->MajorFunction[IRP_MJ_READ] = SerialRead;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = SerialWrite;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = SerialControl;
    DriverObject->DriverUnload = SerialUnload;
    return STATUS_SUCCESS;
}

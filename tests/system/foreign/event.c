/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgnevent.sys: tells a program that a time is over: by setting the program's own event, whose
 * handle comes with the request, or by completing the request. In the shape of Microsoft's sample
 * "event": a record for each with its timer and DPC, a cancel routine that races with both, and a
 * cleanup that ends what is left of a file.
 */
#include <ntddk.h>
#include "event.h"

#define TAG (ULONG)'vegF'

typedef struct _DEVICE_EXTENSION {
    LIST_ENTRY Records;
    KSPIN_LOCK Lock;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

typedef struct _FILE_CONTEXT {
    IO_REMOVE_LOCK RundownLock;
} FILE_CONTEXT, *PFILE_CONTEXT;

typedef struct _NOTIFY_RECORD {
    LIST_ENTRY ListEntry;
    FGN_NOTIFY Type;
    union {
        PKEVENT Event;
        PIRP PendingIrp;
    } Message;
    KTIMER Timer;
    KDPC Dpc;
    PFILE_OBJECT FileObject;
    PDEVICE_EXTENSION Extension;
    BOOLEAN CancelRoutineFreeMemory;
} NOTIFY_RECORD, *PNOTIFY_RECORD;

DRIVER_INITIALIZE DriverEntry;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH EventCreateClose;
_Dispatch_type_(IRP_MJ_CLEANUP) DRIVER_DISPATCH EventCleanup;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH EventDeviceControl;
DRIVER_UNLOAD EventUnload;
KDEFERRED_ROUTINE EventTimerDpc;
DRIVER_CANCEL EventCancel;

static NTSTATUS EventComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

_Use_decl_annotations_ VOID EventTimerDpc(PKDPC Dpc, PVOID DeferredContext, PVOID Argument1,
                                          PVOID Argument2)
{
    PNOTIFY_RECORD Record = DeferredContext;
    PDEVICE_EXTENSION Extension;
    PIRP Irp = NULL;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    ASSERT(Record != NULL);
    _Analysis_assume_(Record != NULL);
    Extension = Record->Extension;
    KeAcquireSpinLockAtDpcLevel(&Extension->Lock);
    RemoveEntryList(&Record->ListEntry);
    if (Record->Type == FgnByEvent) {
        KeSetEvent(Record->Message.Event, 0, FALSE);
        ObDereferenceObject(Record->Message.Event);
    } else if (IoSetCancelRoutine(Record->Message.PendingIrp, NULL) != NULL) {
        Irp = Record->Message.PendingIrp;
        Irp->Tail.Overlay.DriverContext[3] = NULL;
    } else { /* the cancel routine is on its way, and frees the record */
        InitializeListHead(&Record->ListEntry);
        Record->CancelRoutineFreeMemory = TRUE;
        Record = NULL;
    }
    KeReleaseSpinLockFromDpcLevel(&Extension->Lock);
    if (Irp)
        EventComplete(Irp, STATUS_SUCCESS, 0);
    if (Record)
        ExFreePoolWithTag(Record, TAG);
}

_Use_decl_annotations_ VOID EventCancel(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    PNOTIFY_RECORD Record = Irp->Tail.Overlay.DriverContext[3];
    KIRQL Irql;

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    KeAcquireSpinLock(&Extension->Lock, &Irql);
    RemoveEntryList(&Record->ListEntry);
    if (Record->CancelRoutineFreeMemory || KeCancelTimer(&Record->Timer)) {
        ExFreePoolWithTag(Record, TAG);
    } else { /* the DPC is on its way: it finds no cancel routine, and then nothing in the list */
        InitializeListHead(&Record->ListEntry);
    }
    KeReleaseSpinLock(&Extension->Lock, Irql);
    EventComplete(Irp, STATUS_CANCELLED, 0);
}

static PNOTIFY_RECORD EventNewRecord(PDEVICE_EXTENSION Extension, PIRP Irp, FGN_NOTIFY Type)
{
    PNOTIFY_RECORD Record = ExAllocatePoolQuotaZero(
        NonPagedPoolNx | POOL_QUOTA_FAIL_INSTEAD_OF_RAISE, sizeof(*Record), TAG);

    if (!Record)
        return NULL;
    InitializeListHead(&Record->ListEntry);
    Record->FileObject = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    Record->Extension = Extension;
    Record->Type = Type;
    KeInitializeDpc(&Record->Dpc, EventTimerDpc, Record);
    KeInitializeTimer(&Record->Timer);
    return Record;
}

static NTSTATUS EventByRequest(PDEVICE_EXTENSION Extension, PIRP Irp, PFGN_REGISTER Register)
{
    PNOTIFY_RECORD Record = EventNewRecord(Extension, Irp, FgnByRequest);
    KIRQL Irql;

    if (!Record)
        return STATUS_INSUFFICIENT_RESOURCES;
    Record->Message.PendingIrp = Irp;
    KeAcquireSpinLock(&Extension->Lock, &Irql);
    Irp->Tail.Overlay.DriverContext[3] = Record;
    IoSetCancelRoutine(Irp, EventCancel);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
        KeReleaseSpinLock(&Extension->Lock, Irql);
        ExFreePoolWithTag(Record, TAG);
        return STATUS_CANCELLED;
    }
    InsertTailList(&Extension->Records, &Record->ListEntry);
    IoMarkIrpPending(Irp);
    KeSetTimer(&Record->Timer, Register->DueTime, &Record->Dpc);
    KeReleaseSpinLock(&Extension->Lock, Irql);
    return STATUS_PENDING;
}

static NTSTATUS EventByEvent(PDEVICE_EXTENSION Extension, PIRP Irp, PFGN_REGISTER Register)
{
    PNOTIFY_RECORD Record = EventNewRecord(Extension, Irp, FgnByEvent);
    NTSTATUS Status;
    KIRQL Irql;

    if (!Record)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = ObReferenceObjectByHandle(Register->Event, SYNCHRONIZE | EVENT_MODIFY_STATE,
                                       *ExEventObjectType, Irp->RequestorMode,
                                       (PVOID *)&Record->Message.Event, NULL);
    if (!NT_SUCCESS(Status)) {
        ExFreePoolWithTag(Record, TAG);
        return Status;
    }
    KeAcquireSpinLock(&Extension->Lock, &Irql);
    InsertTailList(&Extension->Records, &Record->ListEntry);
    KeSetTimer(&Record->Timer, Register->DueTime, &Record->Dpc);
    KeReleaseSpinLock(&Extension->Lock, Irql);
    return STATUS_SUCCESS;
}

static ULONG EventCount(PDEVICE_EXTENSION Extension)
{
    PLIST_ENTRY Entry;
    ULONG Count = 0;
    KIRQL Irql;

    KeAcquireSpinLock(&Extension->Lock, &Irql);
    for (Entry = Extension->Records.Flink; Entry != &Extension->Records; Entry = Entry->Flink)
        Count++;
    KeReleaseSpinLock(&Extension->Lock, Irql);
    return Count;
}

static NTSTATUS EventDispatch(PDEVICE_EXTENSION Extension, PIRP Irp)
{
    PIO_STACK_LOCATION IrpSp = IoGetCurrentIrpStackLocation(Irp);
    PFGN_REGISTER Register = Irp->AssociatedIrp.SystemBuffer;

    switch (IrpSp->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_FGN_REGISTER:
        if (IrpSp->Parameters.DeviceIoControl.InputBufferLength < sizeof(FGN_REGISTER))
            return STATUS_INVALID_PARAMETER;
        if (Register->Type == FgnByRequest)
            return EventByRequest(Extension, Irp, Register);
        return Register->Type == FgnByEvent ? EventByEvent(Extension, Irp, Register)
                                            : STATUS_INVALID_PARAMETER;
    case IOCTL_FGN_RECORDS:
        if (IrpSp->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG))
            return STATUS_BUFFER_TOO_SMALL;
        *(PULONG)Irp->AssociatedIrp.SystemBuffer = EventCount(Extension);
        Irp->IoStatus.Information = sizeof(ULONG);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

_Use_decl_annotations_ NTSTATUS EventDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILE_CONTEXT Context = IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext;
    NTSTATUS Status = IoAcquireRemoveLock(&Context->RundownLock, Irp);

    if (!NT_SUCCESS(Status))
        return EventComplete(Irp, Status, 0);
    Irp->IoStatus.Information = 0;
    Status = EventDispatch(DeviceObject->DeviceExtension, Irp);
    if (Status != STATUS_PENDING)
        EventComplete(Irp, Status, Irp->IoStatus.Information);
    IoReleaseRemoveLock(&Context->RundownLock, Irp);
    return Status;
}

_Use_decl_annotations_ NTSTATUS EventCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION IrpSp = IoGetCurrentIrpStackLocation(Irp);
    PFILE_CONTEXT Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    PAGED_CODE();
    switch (IrpSp->MajorFunction) {
    case IRP_MJ_CREATE:
        Context = ExAllocatePoolQuotaZero(NonPagedPoolNx | POOL_QUOTA_FAIL_INSTEAD_OF_RAISE,
                                          sizeof(FILE_CONTEXT), TAG);
        if (NULL == Context)
            return EventComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
        IoInitializeRemoveLock(&Context->RundownLock, TAG, 0, 0);
        IrpSp->FileObject->FsContext = (PVOID)Context;
        break;
    case IRP_MJ_CLOSE:
        ExFreePoolWithTag(IrpSp->FileObject->FsContext, TAG);
        break;
    default:
        ASSERT(FALSE);
        break;
    }
    return EventComplete(Irp, STATUS_SUCCESS, 0);
}

/* Takes a record whose timer has not fired out of the list; what has to be completed goes to Ended.
 */
static VOID EventEndRecord(PNOTIFY_RECORD Record, PLIST_ENTRY Ended)
{
    if (!KeCancelTimer(&Record->Timer))
        return; /* its DPC ends it */
    RemoveEntryList(&Record->ListEntry);
    if (Record->Type == FgnByEvent) {
        ObDereferenceObject(Record->Message.Event);
        ExFreePoolWithTag(Record, TAG);
    } else if (IoSetCancelRoutine(Record->Message.PendingIrp, NULL) != NULL) {
        InsertTailList(Ended, &Record->Message.PendingIrp->Tail.Overlay.ListEntry);
        ExFreePoolWithTag(Record, TAG);
    } else {
        InitializeListHead(&Record->ListEntry);
        Record->CancelRoutineFreeMemory = TRUE;
    }
}

_Use_decl_annotations_ NTSTATUS EventCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    PFILE_OBJECT File = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PFILE_CONTEXT Context = File->FsContext;
    PLIST_ENTRY Entry, Next;
    LIST_ENTRY Ended;
    KIRQL Irql;

    IoAcquireRemoveLock(&Context->RundownLock, Irp);
    IoReleaseRemoveLockAndWait(&Context->RundownLock, Irp);
    InitializeListHead(&Ended);
    KeAcquireSpinLock(&Extension->Lock, &Irql);
    for (Entry = Extension->Records.Flink; Entry != &Extension->Records; Entry = Next) {
        PNOTIFY_RECORD Record = CONTAINING_RECORD(Entry, NOTIFY_RECORD, ListEntry);

        Next = Entry->Flink;
        if (Record->FileObject == File)
            EventEndRecord(Record, &Ended);
    }
    KeReleaseSpinLock(&Extension->Lock, Irql);
    while (!IsListEmpty(&Ended))
        EventComplete(CONTAINING_RECORD(RemoveHeadList(&Ended), IRP, Tail.Overlay.ListEntry),
                      STATUS_CANCELLED, 0);
    return EventComplete(Irp, STATUS_SUCCESS, 0);
}

_Use_decl_annotations_ VOID EventUnload(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_EXTENSION Extension = DriverObject->DeviceObject->DeviceExtension;

    PAGED_CODE();
    if (!IsListEmpty(&Extension->Records)) {
        ASSERTMSG("records are left\n", FALSE);
    }
    IoDeleteDevice(DriverObject->DeviceObject);
}

_Use_decl_annotations_ NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject,
                                            PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Name;
    PDEVICE_EXTENSION Extension;
    PDEVICE_OBJECT Device;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(RegistryPath);
    ExInitializeDriverRuntime(DrvRtPoolNxOptIn);
    RtlInitUnicodeString(&Name, L"\\Device\\FgnEvent");
    Status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), &Name, FILE_DEVICE_UNKNOWN,
                            FILE_DEVICE_SECURE_OPEN, FALSE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Extension = Device->DeviceExtension;
    InitializeListHead(&Extension->Records);
    KeInitializeSpinLock(&Extension->Lock);
    Device->Flags |= DO_BUFFERED_IO;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = EventCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = EventCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = EventCleanup;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = EventDeviceControl;
    DriverObject->DriverUnload = EventUnload;
    return STATUS_SUCCESS;
}

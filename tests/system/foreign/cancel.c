/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgncancel.sys: a cancel-safe queue of reads. A thread of the driver gives the oldest read the
 * next number that comes by a control code. In the shape of Microsoft's sample "cancel": IoCsq, a
 * semaphore, a system thread, and a remove lock for each file, which its cleanup waits for.
 */
#include <initguid.h>
#include <ntddk.h>
#include <dontuse.h>
#include "cancel.h"

#define TAG (ULONG)'acgF'
#define NUMBERS 16 /* that wait for a read */

typedef struct _DEVICE_EXTENSION {
    BOOLEAN ThreadShouldStop;
    LIST_ENTRY PendingIrpQueue;
    ULONG PendingCount;
    KSPIN_LOCK QueueLock; /* of the above */
    IO_CSQ CancelSafeQueue;
    KSEMAPHORE NumberSemaphore;
    KSPIN_LOCK NumberLock;
    ULONG Numbers[NUMBERS], First, Count;
    PETHREAD ThreadObject;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

typedef struct _FILE_CONTEXT {
    IO_REMOVE_LOCK FileRundownLock;
} FILE_CONTEXT, *PFILE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH FgnCreateClose;
_Dispatch_type_(IRP_MJ_CLEANUP) DRIVER_DISPATCH FgnCleanup;
_Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH FgnRead;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH FgnDeviceControl;
DRIVER_UNLOAD FgnUnload;
KSTART_ROUTINE FgnThread;
IO_CSQ_INSERT_IRP FgnInsertIrp;
IO_CSQ_REMOVE_IRP FgnRemoveIrp;
IO_CSQ_PEEK_NEXT_IRP FgnPeekNextIrp;
IO_CSQ_COMPLETE_CANCELED_IRP FgnCompleteCanceledIrp;

_IRQL_raises_(DISPATCH_LEVEL) _IRQL_requires_max_(DISPATCH_LEVEL)
    _Acquires_lock_(CONTAINING_RECORD(Csq, DEVICE_EXTENSION, CancelSafeQueue)->QueueLock) VOID
    FgnAcquireLock(_In_ PIO_CSQ Csq, _Out_ _At_(*Irql, _Post_ _IRQL_saves_) PKIRQL Irql);

_IRQL_requires_(DISPATCH_LEVEL)
    _Releases_lock_(CONTAINING_RECORD(Csq, DEVICE_EXTENSION, CancelSafeQueue)->QueueLock) VOID
    FgnReleaseLock(_In_ PIO_CSQ Csq, _In_ _IRQL_restores_ KIRQL Irql);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, FgnCreateClose)
#pragma alloc_text(PAGE, FgnUnload)
#endif

/* ---- The queue's routines ---- */

VOID FgnInsertIrp(PIO_CSQ Csq, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = CONTAINING_RECORD(Csq, DEVICE_EXTENSION, CancelSafeQueue);

    InsertTailList(&Extension->PendingIrpQueue, &Irp->Tail.Overlay.ListEntry);
    Extension->PendingCount++;
}

VOID FgnRemoveIrp(PIO_CSQ Csq, PIRP Irp)
{
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
    CONTAINING_RECORD(Csq, DEVICE_EXTENSION, CancelSafeQueue)->PendingCount--;
}

/* PeekContext: the file whose requests are wanted, or NULL. */
PIRP FgnPeekNextIrp(PIO_CSQ Csq, PIRP Irp, PVOID PeekContext)
{
    PDEVICE_EXTENSION Extension = CONTAINING_RECORD(Csq, DEVICE_EXTENSION, CancelSafeQueue);
    PLIST_ENTRY Head = &Extension->PendingIrpQueue,
                Entry = Irp ? Irp->Tail.Overlay.ListEntry.Flink : Head->Flink;

    for (; Entry != Head; Entry = Entry->Flink) {
        PIRP Next = CONTAINING_RECORD(Entry, IRP, Tail.Overlay.ListEntry);

        if (!PeekContext || IoGetCurrentIrpStackLocation(Next)->FileObject == PeekContext)
            return Next;
    }
    return NULL;
}

VOID FgnAcquireLock(PIO_CSQ Csq, PKIRQL Irql)
{
    KeAcquireSpinLock(&CONTAINING_RECORD(Csq, DEVICE_EXTENSION, CancelSafeQueue)->QueueLock, Irql);
}

VOID FgnReleaseLock(PIO_CSQ Csq, KIRQL Irql)
{
    KeReleaseSpinLock(&CONTAINING_RECORD(Csq, DEVICE_EXTENSION, CancelSafeQueue)->QueueLock, Irql);
}

VOID FgnCompleteCanceledIrp(PIO_CSQ Csq, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Csq);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

/* ---- Requests ---- */

static NTSTATUS FgnComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

_Use_decl_annotations_ NTSTATUS FgnCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION IrpSp = IoGetCurrentIrpStackLocation(Irp);
    PFILE_CONTEXT Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    PAGED_CODE();
    if (IrpSp->MajorFunction == IRP_MJ_CLOSE) {
        ExFreePoolWithTag(IrpSp->FileObject->FsContext, TAG);
        return FgnComplete(Irp, STATUS_SUCCESS, 0);
    }
    Context = ExAllocatePoolQuotaZero(NonPagedPoolNx | POOL_QUOTA_FAIL_INSTEAD_OF_RAISE,
                                      sizeof(FILE_CONTEXT), TAG);
    if (!Context)
        return FgnComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    IoInitializeRemoveLock(&Context->FileRundownLock, TAG, 0, 0);
    ASSERT(IrpSp->FileObject->FsContext == NULL);
    IrpSp->FileObject->FsContext = Context;
    return FgnComplete(Irp, STATUS_SUCCESS, 0);
}

_Use_decl_annotations_ NTSTATUS FgnRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION IrpSp = IoGetCurrentIrpStackLocation(Irp);
    PFILE_CONTEXT Context = IrpSp->FileObject->FsContext;
    NTSTATUS Status = IoAcquireRemoveLock(&Context->FileRundownLock, Irp);

    if (!NT_SUCCESS(Status))
        return FgnComplete(Irp, Status, 0);
    if (IrpSp->Parameters.Read.Length < sizeof(ULONG)) {
        IoReleaseRemoveLock(&Context->FileRundownLock, Irp);
        return FgnComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    KeEnterCriticalRegion();
    IoCsqInsertIrp(&Extension->CancelSafeQueue, Irp, NULL); /* which marks it pending */
    KeLeaveCriticalRegion();
    IoReleaseRemoveLock(&Context->FileRundownLock, Irp);
    return STATUS_PENDING;
}

static NTSTATUS FgnTakeNumber(PDEVICE_EXTENSION Extension, ULONG Number)
{
    NTSTATUS Status = STATUS_SUCCESS;
    KIRQL Irql;

    KeAcquireSpinLock(&Extension->NumberLock, &Irql);
    if (Extension->Count == NUMBERS)
        Status = STATUS_DEVICE_BUSY;
    else
        Extension->Numbers[(Extension->First + Extension->Count++) % NUMBERS] = Number;
    KeReleaseSpinLock(&Extension->NumberLock, Irql);
    if (NT_SUCCESS(Status))
        KeReleaseSemaphore(&Extension->NumberSemaphore, 0, 1, FALSE);
    return Status;
}

_Use_decl_annotations_ NTSTATUS FgnDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION IrpSp = IoGetCurrentIrpStackLocation(Irp);
    PULONG Buffer = Irp->AssociatedIrp.SystemBuffer;

    switch (IrpSp->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_FGN_NUMBER:
        if (IrpSp->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG))
            return FgnComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        return FgnComplete(Irp, FgnTakeNumber(Extension, *Buffer), 0);
    case IOCTL_FGN_WAITING:
        if (IrpSp->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG))
            return FgnComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        *Buffer = Extension->PendingCount;
        return FgnComplete(Irp, STATUS_SUCCESS, sizeof(ULONG));
    default:
        return FgnComplete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

_Use_decl_annotations_ NTSTATUS FgnCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    PFILE_OBJECT File = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PFILE_CONTEXT Context = File->FsContext;
    NTSTATUS Status = IoAcquireRemoveLock(&Context->FileRundownLock, Irp);
    PIRP Pending;

    ASSERT(NT_SUCCESS(Status));
    UNREFERENCED_PARAMETER(Status);
    IoReleaseRemoveLockAndWait(&Context->FileRundownLock, Irp);
    while ((Pending = IoCsqRemoveNextIrp(&Extension->CancelSafeQueue, File)) != NULL)
        FgnComplete(Pending, STATUS_CANCELLED, 0);
    return FgnComplete(Irp, STATUS_SUCCESS, 0);
}

/* ---- The thread ---- */

_Use_decl_annotations_ VOID FgnThread(PVOID StartContext)
{
    PDEVICE_EXTENSION Extension = ((PDEVICE_OBJECT)StartContext)->DeviceExtension;
    ULONG Number;
    KIRQL Irql;
    PIRP Irp;

    for (;;) {
        KeWaitForSingleObject(&Extension->NumberSemaphore, Executive, KernelMode, FALSE, NULL);
        if (Extension->ThreadShouldStop)
            PsTerminateSystemThread(STATUS_SUCCESS);
        KeAcquireSpinLock(&Extension->NumberLock, &Irql);
        Number = Extension->Numbers[Extension->First];
        Extension->First = (Extension->First + 1) % NUMBERS;
        Extension->Count--;
        KeReleaseSpinLock(&Extension->NumberLock, Irql);
        Irp = IoCsqRemoveNextIrp(&Extension->CancelSafeQueue, NULL);
        if (!Irp)
            continue; /* it was cancelled, and the number is lost */
        *(PULONG)Irp->AssociatedIrp.SystemBuffer = Number;
        FgnComplete(Irp, STATUS_SUCCESS, sizeof(ULONG));
    }
}

static NTSTATUS FgnStartThread(PDEVICE_OBJECT Device, PDEVICE_EXTENSION Extension)
{
    HANDLE Thread;
    NTSTATUS Status =
        PsCreateSystemThread(&Thread, (ACCESS_MASK)0, NULL, (HANDLE)0, NULL, FgnThread, Device);

    if (!NT_SUCCESS(Status))
        return Status;
    ObReferenceObjectByHandle(Thread, THREAD_ALL_ACCESS, NULL, KernelMode,
                              (PVOID *)&Extension->ThreadObject, NULL);
    ZwClose(Thread);
    return Status;
}

_Use_decl_annotations_ VOID FgnUnload(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT Device = DriverObject->DeviceObject;
    PDEVICE_EXTENSION Extension = Device->DeviceExtension;

    PAGED_CODE();
    Extension->ThreadShouldStop = TRUE;
    KeReleaseSemaphore(&Extension->NumberSemaphore, 0, 1, TRUE);
    KeWaitForSingleObject(Extension->ThreadObject, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Extension->ThreadObject);
    ASSERT(IsListEmpty(&Extension->PendingIrpQueue));
    IoDeleteDevice(Device);
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    DECLARE_CONST_UNICODE_STRING(DeviceName, L"\\Device\\FgnCancel");
    PDEVICE_EXTENSION Extension;
    PDEVICE_OBJECT Device;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(RegistryPath);
    ExInitializeDriverRuntime(DrvRtPoolNxOptIn);
    Status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), (PUNICODE_STRING)&DeviceName,
                            FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Device->Flags |= DO_BUFFERED_IO;
    Extension = Device->DeviceExtension;
    InitializeListHead(&Extension->PendingIrpQueue);
    KeInitializeSpinLock(&Extension->QueueLock);
    KeInitializeSpinLock(&Extension->NumberLock);
    KeInitializeSemaphore(&Extension->NumberSemaphore, 0, MAXLONG);
    IoCsqInitialize(&Extension->CancelSafeQueue, FgnInsertIrp, FgnRemoveIrp, FgnPeekNextIrp,
                    FgnAcquireLock, FgnReleaseLock, FgnCompleteCanceledIrp);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = DriverObject->MajorFunction[IRP_MJ_CLOSE] =
        FgnCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = FgnCleanup;
    DriverObject->MajorFunction[IRP_MJ_READ] = FgnRead;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = FgnDeviceControl;
    DriverObject->DriverUnload = FgnUnload;
    Status = FgnStartThread(Device, Extension);
    if (!NT_SUCCESS(Status))
        IoDeleteDevice(Device);
    return Status;
}

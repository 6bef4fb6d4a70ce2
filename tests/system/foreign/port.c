/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgnport.sys: an export driver that is the larger part of its clients, as scsiport.sys,
 * storport.sys and videoprt.sys are: it fills their driver objects in, makes their devices, queues
 * requests with StartIo and calls the miniport back, which completes requests in the port's DPC or
 * from a timer that the port keeps for it.
 */
#define FGN_PORT
#include <ntddk.h>
#include <stdarg.h>
#include "port.h"

typedef struct _PORT_EXTENSION {
    FGN_INITIALIZATION_DATA Data;
    FGN_TIMER *TimerRoutine;
    KTIMER Timer;
    KDPC TimerDpc, CompletionDpc;
    FGN_REQUEST Request; /* the one that the miniport has */
    BOOLEAN WantsNext;
    ULONGLONG Adapter[1]; /* the miniport's extension, and what follows */
} PORT_EXTENSION, *PPORT_EXTENSION;

#define PORT_OF(AdapterExtension) CONTAINING_RECORD(AdapterExtension, PORT_EXTENSION, Adapter)

static LONG Adapters;
static BOOLEAN Initialized;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH PortCreateClose, PortReadWrite, PortCleanup;
DRIVER_STARTIO PortStartIo;
DRIVER_UNLOAD PortUnload;
DRIVER_CANCEL PortCancel;
KDEFERRED_ROUTINE PortTimerDpc, PortCompletionDpc;
NTSTATUS NTAPI DllInitialize(PUNICODE_STRING RegistryPath);
NTSTATUS NTAPI DllUnload(VOID);

NTSTATUS NTAPI DllInitialize(PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    Initialized = TRUE;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI DllUnload(VOID)
{
    ASSERT(Adapters == 0);
    return STATUS_SUCCESS;
}

static NTSTATUS PortComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

NTSTATUS PortCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return PortComplete(Irp, STATUS_SUCCESS, 0);
}

/* Of a request that waits in the device's queue: one that the miniport has runs to its end. */
_Use_decl_annotations_ VOID PortCancel(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    BOOLEAN Removed =
        DeviceObject->CurrentIrp != Irp &&
        KeRemoveEntryDeviceQueue(&DeviceObject->DeviceQueue, &Irp->Tail.Overlay.DeviceQueueEntry);

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    if (Removed)
        PortComplete(Irp, STATUS_CANCELLED, 0);
}

NTSTATUS PortReadWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION IrpSp = IoGetCurrentIrpStackLocation(Irp);

    if (!IrpSp->Parameters.Write.Length)
        return PortComplete(Irp, STATUS_SUCCESS, 0);
    IoMarkIrpPending(Irp);
    IoStartPacket(DeviceObject, Irp, NULL, PortCancel);
    return STATUS_PENDING;
}

/* At DISPATCH_LEVEL, one at a time. */
_Use_decl_annotations_ VOID PortStartIo(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PPORT_EXTENSION Port = DeviceObject->DeviceExtension;
    KIRQL Irql;

    IoAcquireCancelSpinLock(&Irql);
    IoSetCancelRoutine(Irp, NULL);
    IoReleaseCancelSpinLock(Irql);
    RtlZeroMemory(&Port->Request, sizeof(Port->Request));
    Port->Request.Data = Irp->AssociatedIrp.SystemBuffer;
    Port->Request.Length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length;
    Port->Request.PortReserved[0] = Irp;
    Port->Request.Status = STATUS_PENDING;
    if (!Port->Data.StartIo(Port->Adapter, &Port->Request)) {
        Port->Request.Status = STATUS_DEVICE_BUSY;
        KeInsertQueueDpc(&Port->CompletionDpc, NULL, NULL);
    }
}

_Use_decl_annotations_ VOID PortCompletionDpc(PKDPC Dpc, PVOID Context, PVOID Argument1,
                                              PVOID Argument2)
{
    PDEVICE_OBJECT Device = Context;
    PPORT_EXTENSION Port = Device->DeviceExtension;
    PIRP Irp = Port->Request.PortReserved[0];

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Port->Request.PortReserved[0] = NULL;
    Irp->IoStatus.Status = Port->Request.Status;
    Irp->IoStatus.Information = NT_SUCCESS(Port->Request.Status) ? Port->Request.Done : 0;
    IoStartNextPacket(Device, TRUE);
    IoCompleteRequest(Irp, IO_DISK_INCREMENT);
}

_Use_decl_annotations_ VOID PortTimerDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT_EXTENSION Port = ((PDEVICE_OBJECT)Context)->DeviceExtension;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Port->TimerRoutine(Port->Adapter);
}

VOID __cdecl FgnPortNotification(FGN_NOTIFICATION Type, PVOID Adapter, ...)
{
    PPORT_EXTENSION Port = PORT_OF(Adapter);
    LARGE_INTEGER Due;
    va_list List;

    va_start(List, Adapter);
    if (Type == FgnRequestComplete && va_arg(List, PFGN_REQUEST) == &Port->Request &&
        Port->Request.PortReserved[0]) {
        KeInsertQueueDpc(&Port->CompletionDpc, NULL, NULL);
    } else if (Type == FgnRequestTimer) {
        Port->TimerRoutine = va_arg(List, FGN_TIMER *);
        Due.QuadPart = -10LL * va_arg(List, ULONG);
        KeSetTimer(&Port->Timer, Due, &Port->TimerDpc);
    }
    va_end(List);
}

ULONG NTAPI FgnPortAdapters(VOID)
{
    return Adapters;
}

VOID PortUnload(_In_ PDRIVER_OBJECT DriverObject)
{
    while (DriverObject->DeviceObject) {
        PPORT_EXTENSION Port = DriverObject->DeviceObject->DeviceExtension;

        KeCancelTimer(&Port->Timer);
        IoDeleteDevice(DriverObject->DeviceObject);
        InterlockedDecrement(&Adapters);
    }
}

static VOID PortFillDriver(PDRIVER_OBJECT DriverObject)
{
    DriverObject->MajorFunction[IRP_MJ_CREATE] = PortCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = PortCreateClose;
    DriverObject->MajorFunction[IRP_MJ_READ] = PortReadWrite;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = PortReadWrite;
    DriverObject->DriverStartIo = PortStartIo;
    DriverObject->DriverUnload = PortUnload;
}

NTSTATUS NTAPI FgnPortInitialize(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath,
                                 PFGN_INITIALIZATION_DATA Data, PCWSTR DeviceName)
{
    PDEVICE_OBJECT Device;
    PPORT_EXTENSION Port;
    UNICODE_STRING Name;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!Initialized || Data->Size != sizeof(*Data))
        return STATUS_REVISION_MISMATCH;
    RtlInitUnicodeString(&Name, DeviceName);
    Status = IoCreateDevice(DriverObject, sizeof(PORT_EXTENSION) + Data->AdapterExtensionSize,
                            &Name, FILE_DEVICE_CONTROLLER, FILE_DEVICE_SECURE_OPEN, FALSE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Device->Flags |= DO_BUFFERED_IO;
    Port = Device->DeviceExtension;
    Port->Data = *Data;
    KeInitializeTimer(&Port->Timer);
    KeInitializeDpc(&Port->TimerDpc, PortTimerDpc, Device);
    KeInitializeDpc(&Port->CompletionDpc, PortCompletionDpc, Device);
    if (!Data->Initialize(Port->Adapter)) {
        IoDeleteDevice(Device);
        return STATUS_NO_SUCH_DEVICE;
    }
    PortFillDriver(DriverObject);
    InterlockedIncrement(&Adapters);
    return STATUS_SUCCESS;
}

/* Not called when the driver is only imported from; a service of its own has nothing to do. */
NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    return STATUS_SUCCESS;
}

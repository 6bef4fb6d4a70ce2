/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgnchild.sys: the function driver of fgnbus.sys' children. Each is \Device\FgnChildN, N being its
 * address on the bus; it refuses to be removed in an orderly way while it is open.
 */
#include <ntddk.h>
#include <ntstrsafe.h>
#include "bus.h"

#define TAG 'hcgF'

typedef struct _CHILD_EXTENSION {
    PDEVICE_OBJECT Self, Pdo, NextLower;
    IO_REMOVE_LOCK RemoveLock;
    ULONG Number;
    LONG Opens, Reads;
    BOOLEAN Started;
} CHILD_EXTENSION, *PCHILD_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE ChildAddDevice;
DRIVER_UNLOAD ChildUnload;
DRIVER_DISPATCH ChildPnP, ChildPower, ChildCreate, ChildClose, ChildRead, ChildSystemControl;
IO_COMPLETION_ROUTINE ChildComplete;

static NTSTATUS ChildEnd(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

_Use_decl_annotations_ NTSTATUS ChildComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS ChildSendAndWait(PCHILD_EXTENSION Extension, PIRP Irp)
{
    KEVENT Event;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, ChildComplete, &Event, TRUE, TRUE, TRUE);
    IoCallDriver(Extension->NextLower, Irp);
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
    return Irp->IoStatus.Status;
}

/* The child's number, by a request of our own to the bus. */
static NTSTATUS ChildAskNumber(PCHILD_EXTENSION Extension)
{
    DEVICE_CAPABILITIES Capabilities = {
        .Size = sizeof(Capabilities), .Version = 1, .Address = MAXULONG, .UINumber = MAXULONG};
    PIRP Irp = IoAllocateIrp(Extension->NextLower->StackSize, FALSE);
    PIO_STACK_LOCATION Stack;
    NTSTATUS Status;
    KEVENT Event;

    if (!Irp)
        return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    Irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    Stack = IoGetNextIrpStackLocation(Irp);
    Stack->MajorFunction = IRP_MJ_PNP;
    Stack->MinorFunction = IRP_MN_QUERY_CAPABILITIES;
    Stack->Parameters.DeviceCapabilities.Capabilities = &Capabilities;
    IoSetCompletionRoutine(Irp, ChildComplete, &Event, TRUE, TRUE, TRUE);
    IoCallDriver(Extension->NextLower, Irp);
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
    Status = Irp->IoStatus.Status;
    IoFreeIrp(Irp);
    Extension->Number = Capabilities.Address;
    return Status;
}

/* The number may be had before the device is started, but its name must be given when it is made.
 */
_Use_decl_annotations_ NTSTATUS ChildAddDevice(PDRIVER_OBJECT DriverObject,
                                               PDEVICE_OBJECT PhysicalDeviceObject)
{
    CHILD_EXTENSION Before = {.NextLower = IoGetAttachedDeviceReference(PhysicalDeviceObject)};
    NTSTATUS Status = ChildAskNumber(&Before);
    DECLARE_UNICODE_STRING_SIZE(Name, 32);
    PCHILD_EXTENSION Extension;
    PDEVICE_OBJECT Device;

    ObDereferenceObject(Before.NextLower);
    if (NT_SUCCESS(Status))
        Status = RtlUnicodeStringPrintf(&Name, L"\\Device\\FgnChild%u", Before.Number);
    if (NT_SUCCESS(Status))
        Status = IoCreateDevice(DriverObject, sizeof(CHILD_EXTENSION), &Name, FILE_DEVICE_UNKNOWN,
                                FILE_DEVICE_SECURE_OPEN, FALSE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Extension = Device->DeviceExtension;
    RtlZeroMemory(Extension, sizeof(*Extension));
    Extension->Self = Device;
    Extension->Pdo = PhysicalDeviceObject;
    Extension->Number = Before.Number;
    IoInitializeRemoveLock(&Extension->RemoveLock, TAG, 0, 0);
    Extension->NextLower = IoAttachDeviceToDeviceStack(Device, PhysicalDeviceObject);
    if (!Extension->NextLower) {
        IoDeleteDevice(Device);
        return STATUS_NO_SUCH_DEVICE;
    }
    Device->Flags |= DO_BUFFERED_IO;
    Device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

static NTSTATUS ChildPass(PCHILD_EXTENSION Extension, PIRP Irp)
{
    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(Extension->NextLower, Irp);
}

static NTSTATUS ChildRemove(PCHILD_EXTENSION Extension, PIRP Irp)
{
    NTSTATUS Status;

    Extension->Started = FALSE;
    IoReleaseRemoveLockAndWait(&Extension->RemoveLock, Irp);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Status = ChildPass(Extension, Irp);
    IoDetachDevice(Extension->NextLower);
    IoDeleteDevice(Extension->Self);
    return Status;
}

NTSTATUS ChildPnP(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PCHILD_EXTENSION Extension = DeviceObject->DeviceExtension;
    NTSTATUS Status = IoAcquireRemoveLock(&Extension->RemoveLock, Irp);

    if (!NT_SUCCESS(Status))
        return ChildEnd(Irp, Status, 0);
    switch (IoGetCurrentIrpStackLocation(Irp)->MinorFunction) {
    case IRP_MN_START_DEVICE:
        Status = ChildSendAndWait(Extension, Irp);
        Extension->Started = NT_SUCCESS(Status);
        ChildEnd(Irp, Status, 0);
        break;
    case IRP_MN_QUERY_REMOVE_DEVICE:
        if (Extension->Opens) {
            Status = ChildEnd(Irp, STATUS_UNSUCCESSFUL, 0);
            break;
        }
        Irp->IoStatus.Status = STATUS_SUCCESS;
        Status = ChildPass(Extension, Irp);
        break;
    case IRP_MN_REMOVE_DEVICE:
        return ChildRemove(Extension, Irp);
    case IRP_MN_SURPRISE_REMOVAL:
        Extension->Started = FALSE;
        Irp->IoStatus.Status = STATUS_SUCCESS;
        Status = ChildPass(Extension, Irp);
        break;
    default:
        Status = ChildPass(Extension, Irp);
        break;
    }
    IoReleaseRemoveLock(&Extension->RemoveLock, Irp);
    return Status;
}

NTSTATUS ChildPower(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PoStartNextPowerIrp(Irp);
    IoSkipCurrentIrpStackLocation(Irp);
    return PoCallDriver(((PCHILD_EXTENSION)DeviceObject->DeviceExtension)->NextLower, Irp);
}

NTSTATUS ChildSystemControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return ChildPass(DeviceObject->DeviceExtension, Irp);
}

NTSTATUS ChildCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PCHILD_EXTENSION Extension = DeviceObject->DeviceExtension;

    if (!Extension->Started)
        return ChildEnd(Irp, STATUS_DEVICE_NOT_READY, 0);
    InterlockedIncrement(&Extension->Opens);
    return ChildEnd(Irp, STATUS_SUCCESS, 0);
}

NTSTATUS ChildClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    InterlockedDecrement(&((PCHILD_EXTENSION)DeviceObject->DeviceExtension)->Opens);
    return ChildEnd(Irp, STATUS_SUCCESS, 0);
}

NTSTATUS ChildRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PCHILD_EXTENSION Extension = DeviceObject->DeviceExtension;
    FGN_CHILD *Fact = Irp->AssociatedIrp.SystemBuffer;

    if (!Extension->Started)
        return ChildEnd(Irp, STATUS_NO_SUCH_DEVICE, 0);
    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length < sizeof(*Fact))
        return ChildEnd(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    Fact->Address = Extension->Number;
    Fact->Reads = InterlockedIncrement(&Extension->Reads);
    return ChildEnd(Irp, STATUS_SUCCESS, sizeof(*Fact));
}

VOID ChildUnload(_In_ PDRIVER_OBJECT DriverObject)
{
    ASSERT(!DriverObject->DeviceObject);
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = ChildCreate;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = ChildClose;
    DriverObject->MajorFunction[IRP_MJ_READ] = ChildRead;
    DriverObject->MajorFunction[IRP_MJ_PNP] = ChildPnP;
    DriverObject->MajorFunction[IRP_MJ_POWER] = ChildPower;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = ChildSystemControl;
    DriverObject->DriverExtension->AddDevice = ChildAddDevice;
    DriverObject->DriverUnload = ChildUnload;
    return STATUS_SUCCESS;
}

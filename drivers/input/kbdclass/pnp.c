/* SPDX-License-Identifier: BSD-2-Clause */
/* Coming and going of keyboards. */
#include "kbdclass.h"

#define KBDCLASS_MAX_UNITS 10

/* \Device\KeyboardClassN with the first N that is free. */
static NTSTATUS KbdCreateDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT *Device)
{
    WCHAR Buffer[] = DD_KEYBOARD_DEVICE_NAME_U L"0";
    UNICODE_STRING Name;
    NTSTATUS Status = STATUS_OBJECT_NAME_COLLISION;

    RtlInitUnicodeString(&Name, Buffer);
    for (USHORT Unit = 0; Unit < KBDCLASS_MAX_UNITS && Status == STATUS_OBJECT_NAME_COLLISION;
         Unit++) {
        Buffer[Name.Length / sizeof(WCHAR) - 1] = L'0' + Unit;
        Status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), &Name, FILE_DEVICE_KEYBOARD,
                                0, FALSE, Device);
        if (NT_SUCCESS(Status)) {
            RtlZeroMemory((*Device)->DeviceExtension, sizeof(DEVICE_EXTENSION));
            ((PDEVICE_EXTENSION)(*Device)->DeviceExtension)->UnitId = Unit;
        }
    }
    return Status;
}

/* Gives the port driver the class device and the callback for its packets. */
static NTSTATUS KbdConnect(PDEVICE_EXTENSION Extension)
{
    CONNECT_DATA Connect = {.ClassDeviceObject = Extension->Self,
                            .ClassService = (PVOID)KbdServiceCallback};
    IO_STATUS_BLOCK IoStatus = {0};
    KEVENT Event;
    PIRP Irp;
    NTSTATUS Status;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    Irp =
        IoBuildDeviceIoControlRequest(IOCTL_INTERNAL_KEYBOARD_CONNECT, Extension->LowerDevice,
                                      &Connect, sizeof(Connect), NULL, 0, TRUE, &Event, &IoStatus);
    if (!Irp)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = IoCallDriver(Extension->LowerDevice, Irp);
    if (Status == STATUS_PENDING) {
        KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
        Status = IoStatus.Status;
    }
    return Status;
}

NTSTATUS NTAPI KbdAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_EXTENSION Extension;
    PDEVICE_OBJECT Device;
    NTSTATUS Status = KbdCreateDevice(DriverObject, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Extension = Device->DeviceExtension;
    Extension->Self = Device;
    Extension->PhysicalDevice = PhysicalDeviceObject;
    IoInitializeRemoveLock(&Extension->RemoveLock, 'CdbK', 0, 0);
    KeInitializeSpinLock(&Extension->Lock);
    InitializeListHead(&Extension->ReadList);
    Device->Flags |= DO_BUFFERED_IO;
    Extension->LowerDevice = IoAttachDeviceToDeviceStack(Device, PhysicalDeviceObject);
    if (!Extension->LowerDevice) {
        IoDeleteDevice(Device);
        return STATUS_NO_SUCH_DEVICE;
    }
    Status = KbdConnect(Extension);
    if (!NT_SUCCESS(Status)) {
        KbdTrace(("kbdclass: the port driver refuses: 0x%08x\n", Status));
        IoDetachDevice(Extension->LowerDevice);
        IoDeleteDevice(Device);
        return Status;
    }
    Device->Flags |= Extension->LowerDevice->Flags & DO_POWER_PAGABLE;
    Device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

/* START_DEVICE: the port driver first. */
static NTSTATUS KbdStart(PDEVICE_EXTENSION Extension, PIRP Irp)
{
    NTSTATUS Status = STATUS_UNSUCCESSFUL;

    if (IoForwardIrpSynchronously(Extension->LowerDevice, Irp))
        Status = Irp->IoStatus.Status;
    Extension->Started = NT_SUCCESS(Status);
    Irp->IoStatus.Status = Status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS KbdRemove(PDEVICE_EXTENSION Extension, PIRP Irp)
{
    NTSTATUS Status;

    Extension->Started = FALSE;
    KbdCancelReads(Extension, NULL);
    IoReleaseRemoveLockAndWait(&Extension->RemoveLock, Irp);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoSkipCurrentIrpStackLocation(Irp);
    Status = IoCallDriver(Extension->LowerDevice, Irp);
    IoDetachDevice(Extension->LowerDevice);
    IoDeleteDevice(Extension->Self);
    return Status;
}

NTSTATUS NTAPI KbdPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    NTSTATUS Status = IoAcquireRemoveLock(&Extension->RemoveLock, Irp);

    if (!NT_SUCCESS(Status))
        return KbdComplete(Irp, Status, 0);
    switch (IoGetCurrentIrpStackLocation(Irp)->MinorFunction) {
    case IRP_MN_START_DEVICE:
        Status = KbdStart(Extension, Irp);
        break;
    case IRP_MN_REMOVE_DEVICE:
        return KbdRemove(Extension, Irp); /* gives back the lock */
    case IRP_MN_SURPRISE_REMOVAL:
    case IRP_MN_STOP_DEVICE:
        Extension->Started = FALSE;
        KbdCancelReads(Extension, NULL);
        /* fall through */
    case IRP_MN_QUERY_STOP_DEVICE:
    case IRP_MN_CANCEL_STOP_DEVICE:
    case IRP_MN_QUERY_REMOVE_DEVICE:
    case IRP_MN_CANCEL_REMOVE_DEVICE:
        Irp->IoStatus.Status = STATUS_SUCCESS;
        /* fall through */
    default:
        IoSkipCurrentIrpStackLocation(Irp);
        Status = IoCallDriver(Extension->LowerDevice, Irp);
        break;
    }
    IoReleaseRemoveLock(&Extension->RemoveLock, Irp);
    return Status;
}

NTSTATUS NTAPI KbdPower(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;

    PoStartNextPowerIrp(Irp);
    IoSkipCurrentIrpStackLocation(Irp);
    return PoCallDriver(Extension->LowerDevice, Irp);
}

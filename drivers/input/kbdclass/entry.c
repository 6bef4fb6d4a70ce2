/* SPDX-License-Identifier: BSD-2-Clause */
/* Driver entry, and the requests that only pass through. */
#include "kbdclass.h"

C_ASSERT(sizeof(KEYBOARD_INPUT_DATA) == KBD_PACKET_SIZE);

NTSTATUS KbdComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/*
 * Requests that are the port driver's: CREATE and CLOSE, which it may count, and what this driver
 * does not know.
 */
NTSTATUS NTAPI KbdForward(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    NTSTATUS Status = IoAcquireRemoveLock(&Extension->RemoveLock, Irp);

    if (!NT_SUCCESS(Status))
        return KbdComplete(Irp, Status, 0);
    IoSkipCurrentIrpStackLocation(Irp);
    Status = IoCallDriver(Extension->LowerDevice, Irp);
    IoReleaseRemoveLock(&Extension->RemoveLock, Irp);
    return Status;
}

/* CLOSE must get through even when the device is being removed. */
static NTSTATUS NTAPI KbdClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;

    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(Extension->LowerDevice, Irp);
}

static VOID NTAPI KbdUnload(PDRIVER_OBJECT DriverObject)
{
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    DriverObject->MajorFunction[IRP_MJ_CREATE] = KbdForward;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = KbdClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = KbdCleanup;
    DriverObject->MajorFunction[IRP_MJ_READ] = KbdRead;
    DriverObject->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = KbdFlush;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = KbdDeviceControl;
    DriverObject->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = KbdForward;
    DriverObject->MajorFunction[IRP_MJ_PNP] = KbdPnp;
    DriverObject->MajorFunction[IRP_MJ_POWER] = KbdPower;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = KbdForward;
    DriverObject->DriverExtension->AddDevice = KbdAddDevice;
    DriverObject->DriverUnload = KbdUnload;
    return STATUS_SUCCESS;
}

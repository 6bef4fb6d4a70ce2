/* SPDX-License-Identifier: BSD-2-Clause */
/* Driver entry, and the requests that only pass through. */
#include "kbdclass.h"

C_ASSERT(sizeof(KEYBOARD_INPUT_DATA) == KBD_PACKET_SIZE);

/* CLOSE must get through even when the device is being removed. */
static NTSTATUS NTAPI KbdClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;

    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(Extension->Device.LowerDevice, Irp);
}

static VOID NTAPI KbdUnload(PDRIVER_OBJECT DriverObject)
{
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    DriverObject->MajorFunction[IRP_MJ_CREATE] = KbdCreate;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = KbdClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = KbdCleanup;
    DriverObject->MajorFunction[IRP_MJ_READ] = KbdRead;
    DriverObject->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = KbdFlush;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = KbdDeviceControl;
    DriverObject->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = InputForward;
    DriverObject->MajorFunction[IRP_MJ_PNP] = KbdPnp;
    DriverObject->MajorFunction[IRP_MJ_POWER] = InputPower;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = InputForward;
    DriverObject->DriverExtension->AddDevice = KbdAddDevice;
    DriverObject->DriverUnload = KbdUnload;
    return STATUS_SUCCESS;
}

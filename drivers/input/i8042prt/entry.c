/* SPDX-License-Identifier: BSD-2-Clause */
#include "i8042prt.h"

static NTSTATUS NTAPI I8xCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return InputComplete(Irp, STATUS_SUCCESS, 0);
}

/* Requests by applications fail (the class driver uses internal requests). */
static NTSTATUS NTAPI I8xDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return InputComplete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
}

static VOID NTAPI I8xUnload(PDRIVER_OBJECT DriverObject)
{
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    DriverObject->MajorFunction[IRP_MJ_CREATE] = I8xCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = I8xCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = I8xCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = I8xDeviceControl;
    DriverObject->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = I8xInternalDeviceControl;
    DriverObject->MajorFunction[IRP_MJ_PNP] = I8xPnp;
    DriverObject->MajorFunction[IRP_MJ_POWER] = InputPower;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = InputForward;
    DriverObject->DriverStartIo = I8xStartIo;
    DriverObject->DriverExtension->AddDevice = I8xAddDevice;
    DriverObject->DriverUnload = I8xUnload;
    return STATUS_SUCCESS;
}

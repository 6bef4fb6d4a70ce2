/* SPDX-License-Identifier: BSD-2-Clause */
#include "i8042prt.h"

NTSTATUS I8xComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS NTAPI I8xCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return I8xComplete(Irp, STATUS_SUCCESS, 0);
}

/* What an application could ask of this device (the class driver asks by internal requests). */
static NTSTATUS NTAPI I8xDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return I8xComplete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
}

static NTSTATUS NTAPI I8xForward(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;

    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(Extension->LowerDevice, Irp);
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
    DriverObject->MajorFunction[IRP_MJ_POWER] = I8xPower;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = I8xForward;
    DriverObject->DriverStartIo = I8xStartIo;
    DriverObject->DriverExtension->AddDevice = I8xAddDevice;
    DriverObject->DriverUnload = I8xUnload;
    return STATUS_SUCCESS;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* null.sys: \Device\Null takes whatever is written to it and has nothing to read. */
#include <wdm.h>

static NTSTATUS NullComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS NTAPI NullCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.Create.Options & FILE_DIRECTORY_FILE)
        return NullComplete(Irp, STATUS_NOT_A_DIRECTORY, 0);
    return NullComplete(Irp, STATUS_SUCCESS, FILE_OPENED);
}

static NTSTATUS NTAPI NullClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return NullComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS NTAPI NullRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return NullComplete(Irp, STATUS_END_OF_FILE, 0);
}

static NTSTATUS NTAPI NullWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return NullComplete(Irp, STATUS_SUCCESS,
                        IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length);
}

static VOID NTAPI NullUnload(PDRIVER_OBJECT DriverObject)
{
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\Null");
    PDEVICE_OBJECT Device;
    NTSTATUS Status = IoCreateDevice(DriverObject, 0, &Name, FILE_DEVICE_NULL,
                                     FILE_DEVICE_SECURE_OPEN, FALSE, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = NullCreate;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = NullClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = NullClose;
    DriverObject->MajorFunction[IRP_MJ_READ] = NullRead;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = NullWrite;
    DriverObject->DriverUnload = NullUnload;
    return STATUS_SUCCESS;
}

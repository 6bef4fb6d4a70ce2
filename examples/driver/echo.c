/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * echo.sys: \Device\Echo, for programs \??\Echo. What is written is kept until the next write, and
 * a read gets it. A control code tells how often was written.
 */
#include <ntddk.h>
#include "echo.h"

typedef struct _ECHO_EXTENSION {
    FAST_MUTEX Lock; /* of all below */
    ECHO_FACTS Facts;
    UCHAR Data[ECHO_MAXIMUM];
} ECHO_EXTENSION, *PECHO_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD EchoUnload;

_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH EchoCreateClose;
_Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH EchoRead;
_Dispatch_type_(IRP_MJ_WRITE) DRIVER_DISPATCH EchoWrite;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH EchoDeviceControl;

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, EchoUnload)
#endif

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\Echo");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\DosDevices\\Echo");

static NTSTATUS EchoComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

_Use_decl_annotations_ NTSTATUS NTAPI EchoCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return EchoComplete(Irp, STATUS_SUCCESS, 0);
}

/* DO_BUFFERED_IO: SystemBuffer goes back to the program, as many bytes as Information says. */
_Use_decl_annotations_ NTSTATUS NTAPI EchoRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PECHO_EXTENSION Echo = DeviceObject->DeviceExtension;
    ULONG Length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length;

    ExAcquireFastMutex(&Echo->Lock);
    if (Length > Echo->Facts.Kept)
        Length = Echo->Facts.Kept;
    RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, Echo->Data, Length);
    ExReleaseFastMutex(&Echo->Lock);
    return EchoComplete(Irp, Length ? STATUS_SUCCESS : STATUS_END_OF_FILE, Length);
}

_Use_decl_annotations_ NTSTATUS NTAPI EchoWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PECHO_EXTENSION Echo = DeviceObject->DeviceExtension;
    ULONG Length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length;

    if (Length > ECHO_MAXIMUM)
        return EchoComplete(Irp, STATUS_INVALID_BUFFER_SIZE, 0);
    ExAcquireFastMutex(&Echo->Lock);
    RtlCopyMemory(Echo->Data, Irp->AssociatedIrp.SystemBuffer, Length);
    Echo->Facts.Kept = Length;
    Echo->Facts.Writes++;
    ExReleaseFastMutex(&Echo->Lock);
    return EchoComplete(Irp, STATUS_SUCCESS, Length);
}

_Use_decl_annotations_ NTSTATUS NTAPI EchoDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PECHO_EXTENSION Echo = DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_ECHO_FACTS)
        return EchoComplete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ECHO_FACTS))
        return EchoComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    ExAcquireFastMutex(&Echo->Lock);
    *(PECHO_FACTS)Irp->AssociatedIrp.SystemBuffer = Echo->Facts;
    ExReleaseFastMutex(&Echo->Lock);
    return EchoComplete(Irp, STATUS_SUCCESS, sizeof(ECHO_FACTS));
}

_Use_decl_annotations_ VOID NTAPI EchoUnload(PDRIVER_OBJECT DriverObject)
{
    PAGED_CODE();
    IoDeleteSymbolicLink(&LinkName);
    IoDeleteDevice(DriverObject->DeviceObject);
    KdPrint(("echo: unloaded\n"));
}

_Use_decl_annotations_ NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject,
                                                  PUNICODE_STRING RegistryPath)
{
    PDEVICE_OBJECT Device;
    PECHO_EXTENSION Echo;
    NTSTATUS Status = IoCreateDevice(DriverObject, sizeof(ECHO_EXTENSION), &DeviceName,
                                     FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &Device);

    KdPrint(("echo: %wZ\n", RegistryPath));
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IoCreateSymbolicLink(&LinkName, &DeviceName);
    if (!NT_SUCCESS(Status)) {
        IoDeleteDevice(Device);
        return Status;
    }
    Echo = Device->DeviceExtension;
    ExInitializeFastMutex(&Echo->Lock);
    Device->Flags |= DO_BUFFERED_IO;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = EchoCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = EchoCreateClose;
    DriverObject->MajorFunction[IRP_MJ_READ] = EchoRead;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = EchoWrite;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = EchoDeviceControl;
    DriverObject->DriverUnload = EchoUnload;
    return STATUS_SUCCESS;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of the driver and its device, and its requests. It opens its device in AddDevice and
 * when that is started. */
#include "looptest.h"
#include "../pnpdevice.h"

static NTSTATUS NTAPI LoopControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    PULONG Kind = Irp->AssociatedIrp.SystemBuffer;

    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_LOOPTEST_LOOP)
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(*Kind) || *Kind >= LoopKinds)
        return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
    LoopIn((LOOPTEST_KIND)*Kind, Device);
    return Complete(Irp, STATUS_UNSUCCESSFUL, 0);
}

/* The device can be opened as soon as it is there, even by its driver. */
static NTSTATUS OpenSelf(VOID)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\LoopTest");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK IoStatus;
    HANDLE File;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_KERNEL_HANDLE, NULL, NULL);
    Status = ZwOpenFile(&File, SYNCHRONIZE, &Attributes, &IoStatus, FILE_SHARE_READ, 0);
    return NT_SUCCESS(Status) ? ZwClose(File) : Status;
}

static NTSTATUS Start(PCM_RESOURCE_LIST Resources)
{
    NTSTATUS Status = OpenSelf();

    return NT_SUCCESS(Status) ? PortStart(Resources) : Status;
}

static NTSTATUS NTAPI LoopPnp(PDEVICE_OBJECT Device, PIRP Irp)
{
    return ServeTestPnp(Device, Irp, Start);
}

static NTSTATUS NTAPI LoopAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDevice)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\LoopTest");
    NTSTATUS Status = AddTestDevice(DriverObject, PhysicalDevice, &Name);

    return NT_SUCCESS(Status) ? OpenSelf() : Status;
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    ServeFiles(DriverObject, CompleteWell);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = LoopControl;
    DriverObject->MajorFunction[IRP_MJ_PNP] = LoopPnp;
    DriverObject->DriverExtension->AddDevice = LoopAddDevice;
    return STATUS_SUCCESS;
}

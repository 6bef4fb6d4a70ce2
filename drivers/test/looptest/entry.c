/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of the driver and its device, and its requests. It opens its device in AddDevice and
 * when that is started. */
#include "looptest.h"

typedef struct _LOOPTEST_EXTENSION {
    PDEVICE_OBJECT LowerDevice;
} LOOPTEST_EXTENSION, *PLOOPTEST_EXTENSION;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS NTAPI LoopCreateClose(PDEVICE_OBJECT Device, PIRP Irp)
{
    return Complete(Irp, STATUS_SUCCESS);
}

static NTSTATUS NTAPI LoopControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    PULONG Kind = Irp->AssociatedIrp.SystemBuffer;

    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_LOOPTEST_LOOP)
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST);
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(*Kind) || *Kind >= LoopKinds)
        return Complete(Irp, STATUS_INVALID_PARAMETER);
    LoopIn((LOOPTEST_KIND)*Kind, Device);
    return Complete(Irp, STATUS_UNSUCCESSFUL);
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

static NTSTATUS NTAPI LoopPnp(PDEVICE_OBJECT Device, PIRP Irp)
{
    PLOOPTEST_EXTENSION Extension = Device->DeviceExtension;
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = STATUS_UNSUCCESSFUL;

    if (Stack->MinorFunction != IRP_MN_START_DEVICE) {
        IoSkipCurrentIrpStackLocation(Irp);
        return IoCallDriver(Extension->LowerDevice, Irp);
    }
    if (IoForwardIrpSynchronously(Extension->LowerDevice, Irp))
        Status = Irp->IoStatus.Status;
    if (NT_SUCCESS(Status))
        Status = OpenSelf();
    if (NT_SUCCESS(Status))
        Status = PortStart(Stack->Parameters.StartDevice.AllocatedResourcesTranslated);
    return Complete(Irp, Status);
}

static NTSTATUS NTAPI LoopAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDevice)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\LoopTest");
    PLOOPTEST_EXTENSION Extension;
    PDEVICE_OBJECT Device;
    NTSTATUS Status = IoCreateDevice(DriverObject, sizeof(*Extension), &Name, FILE_DEVICE_UNKNOWN,
                                     0, FALSE, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Extension = Device->DeviceExtension;
    Extension->LowerDevice = IoAttachDeviceToDeviceStack(Device, PhysicalDevice);
    if (!Extension->LowerDevice) {
        IoDeleteDevice(Device);
        return STATUS_NO_SUCH_DEVICE;
    }
    Device->Flags &= ~DO_DEVICE_INITIALIZING;
    return OpenSelf();
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    DriverObject->MajorFunction[IRP_MJ_CREATE] = LoopCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = LoopCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = LoopCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = LoopControl;
    DriverObject->MajorFunction[IRP_MJ_PNP] = LoopPnp;
    DriverObject->DriverExtension->AddDevice = LoopAddDevice;
    return STATUS_SUCCESS;
}

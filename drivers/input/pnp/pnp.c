/* SPDX-License-Identifier: BSD-2-Clause */
/* Plug and play: see pnp.h. */
#include "pnp.h"

NTSTATUS InputComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

NTSTATUS InputAttach(PDEVICE_OBJECT Self, PDEVICE_OBJECT PhysicalDevice, ULONG Tag)
{
    PINPUT_DEVICE Device = Self->DeviceExtension;

    Device->Self = Self;
    Device->PhysicalDevice = PhysicalDevice;
    IoInitializeRemoveLock(&Device->RemoveLock, Tag, 0, 0);
    Device->LowerDevice = IoAttachDeviceToDeviceStack(Self, PhysicalDevice);
    if (!Device->LowerDevice)
        return STATUS_NO_SUCH_DEVICE;
    Self->Flags |= DO_BUFFERED_IO | (Device->LowerDevice->Flags & DO_POWER_PAGABLE);
    return STATUS_SUCCESS;
}

VOID InputDelete(PDEVICE_OBJECT Self)
{
    PINPUT_DEVICE Device = Self->DeviceExtension;

    if (Device->LowerDevice)
        IoDetachDevice(Device->LowerDevice);
    IoDeleteDevice(Self);
}

static VOID InputStop(PINPUT_DEVICE Device, const INPUT_OPERATIONS *Operations)
{
    Device->Started = FALSE;
    Operations->Stop(Device);
}

/* START_DEVICE: from the bottom of the stack up. */
static NTSTATUS InputStart(PINPUT_DEVICE Device, PIRP Irp, const INPUT_OPERATIONS *Operations)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = STATUS_UNSUCCESSFUL;

    if (IoForwardIrpSynchronously(Device->LowerDevice, Irp))
        Status = Irp->IoStatus.Status;
    if (NT_SUCCESS(Status))
        Status =
            Operations->Start(Device, Stack->Parameters.StartDevice.AllocatedResourcesTranslated);
    Device->Started = NT_SUCCESS(Status);
    if (!NT_SUCCESS(Status))
        InputStop(Device, Operations);
    return InputComplete(Irp, Status, 0);
}

static NTSTATUS InputRemove(PINPUT_DEVICE Device, PIRP Irp, const INPUT_OPERATIONS *Operations)
{
    NTSTATUS Status;

    InputStop(Device, Operations);
    IoReleaseRemoveLockAndWait(&Device->RemoveLock, Irp);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoSkipCurrentIrpStackLocation(Irp);
    Status = IoCallDriver(Device->LowerDevice, Irp);
    InputDelete(Device->Self);
    return Status;
}

NTSTATUS InputPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp, const INPUT_OPERATIONS *Operations)
{
    PINPUT_DEVICE Device = DeviceObject->DeviceExtension;
    NTSTATUS Status = IoAcquireRemoveLock(&Device->RemoveLock, Irp);

    if (!NT_SUCCESS(Status))
        return InputComplete(Irp, Status, 0);
    switch (IoGetCurrentIrpStackLocation(Irp)->MinorFunction) {
    case IRP_MN_START_DEVICE:
        Status = InputStart(Device, Irp, Operations);
        break;
    case IRP_MN_REMOVE_DEVICE:
        return InputRemove(Device, Irp, Operations); /* gives back the lock */
    case IRP_MN_SURPRISE_REMOVAL:
    case IRP_MN_STOP_DEVICE:
        InputStop(Device, Operations);
        /* fall through */
    case IRP_MN_QUERY_STOP_DEVICE:
    case IRP_MN_CANCEL_STOP_DEVICE:
    case IRP_MN_QUERY_REMOVE_DEVICE:
    case IRP_MN_CANCEL_REMOVE_DEVICE:
        Irp->IoStatus.Status = STATUS_SUCCESS;
        /* fall through */
    default:
        IoSkipCurrentIrpStackLocation(Irp);
        Status = IoCallDriver(Device->LowerDevice, Irp);
        break;
    }
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return Status;
}

NTSTATUS NTAPI InputPower(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PINPUT_DEVICE Device = DeviceObject->DeviceExtension;

    PoStartNextPowerIrp(Irp);
    IoSkipCurrentIrpStackLocation(Irp);
    return PoCallDriver(Device->LowerDevice, Irp);
}

NTSTATUS NTAPI InputForward(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PINPUT_DEVICE Device = DeviceObject->DeviceExtension;
    NTSTATUS Status = IoAcquireRemoveLock(&Device->RemoveLock, Irp);

    if (!NT_SUCCESS(Status))
        return InputComplete(Irp, Status, 0);
    IoSkipCurrentIrpStackLocation(Irp);
    Status = IoCallDriver(Device->LowerDevice, Irp);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return Status;
}

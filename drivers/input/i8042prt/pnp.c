/* SPDX-License-Identifier: BSD-2-Clause */
/* Coming and going of the device, and its resources. */
#include "i8042prt.h"

NTSTATUS NTAPI I8xAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_EXTENSION Extension;
    PDEVICE_OBJECT Device;
    NTSTATUS Status = IoCreateDevice(DriverObject, sizeof(*Extension), NULL, FILE_DEVICE_8042_PORT,
                                     0, FALSE, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Extension = Device->DeviceExtension;
    RtlZeroMemory(Extension, sizeof(*Extension));
    Extension->Self = Device;
    Extension->PhysicalDevice = PhysicalDeviceObject;
    IoInitializeRemoveLock(&Extension->RemoveLock, '2408', 0, 0);
    KeInitializeDpc(&Extension->PacketDpc, I8xPacketDpc, Extension);
    KeInitializeDpc(&Extension->CommandDpc, I8xCommandDpc, Extension);
    KeInitializeDpc(&Extension->CommandTimeoutDpc, I8xCommandTimeoutDpc, Extension);
    KeInitializeTimer(&Extension->RetryTimer);
    KeInitializeTimer(&Extension->CommandTimer);
    Device->Flags |= DO_BUFFERED_IO;
    Extension->LowerDevice = IoAttachDeviceToDeviceStack(Device, PhysicalDeviceObject);
    if (!Extension->LowerDevice) {
        IoDeleteDevice(Device);
        return STATUS_NO_SUCH_DEVICE;
    }
    Device->Flags |= Extension->LowerDevice->Flags & DO_POWER_PAGABLE;
    Device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

/*
 * The first port is the data port, the second the command port; either a resource each or one that
 * spans both.
 */
static VOID I8xTakePort(PDEVICE_EXTENSION Extension, PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource)
{
    PUCHAR Port = (PUCHAR)(ULONG_PTR)Resource->u.Port.Start.QuadPart;

    if (!Extension->DataPort) {
        Extension->DataPort = Port;
        if (Resource->u.Port.Length >= 5)
            Extension->CommandPort = Port + 4;
    } else if (!Extension->CommandPort) {
        Extension->CommandPort = Port;
    }
}

static VOID I8xTakeInterrupt(PDEVICE_EXTENSION Extension, PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource)
{
    Extension->Vector = Resource->u.Interrupt.Vector;
    Extension->Irql = (KIRQL)Resource->u.Interrupt.Level;
    Extension->Affinity = Resource->u.Interrupt.Affinity;
    Extension->InterruptMode =
        (Resource->Flags & CM_RESOURCE_INTERRUPT_LATCHED) ? Latched : LevelSensitive;
}

/* Finds the two ports and the interrupt among the translated resources. */
static NTSTATUS I8xTakeResources(PDEVICE_EXTENSION Extension, PCM_RESOURCE_LIST List)
{
    PCM_PARTIAL_RESOURCE_LIST Resources;
    BOOLEAN HaveInterrupt = FALSE;

    if (!List || List->Count == 0)
        return STATUS_INSUFFICIENT_RESOURCES;
    Resources = &List->List[0].PartialResourceList;
    Extension->DataPort = Extension->CommandPort = NULL;
    for (ULONG i = 0; i < Resources->Count; i++) {
        PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource = &Resources->PartialDescriptors[i];

        if (Resource->Type == CmResourceTypePort) {
            I8xTakePort(Extension, Resource);
        } else if (Resource->Type == CmResourceTypeInterrupt && !HaveInterrupt) {
            I8xTakeInterrupt(Extension, Resource);
            HaveInterrupt = TRUE;
        }
    }
    if (!Extension->DataPort || !Extension->CommandPort || !HaveInterrupt)
        return STATUS_INSUFFICIENT_RESOURCES;
    return STATUS_SUCCESS;
}

/* With the interrupt spin lock: whatever has come before the interrupt was on. */
static BOOLEAN NTAPI I8xDrain(PVOID Context)
{
    PDEVICE_EXTENSION Extension = Context;

    return I8xInterruptService(Extension->Interrupt, Extension);
}

static NTSTATUS I8xStartHardware(PDEVICE_EXTENSION Extension)
{
    NTSTATUS Status = I8xInitializeController(Extension);

    if (NT_SUCCESS(Status))
        Status = I8xInitializeKeyboard(Extension);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IoConnectInterrupt(&Extension->Interrupt, I8xInterruptService, Extension, NULL,
                                Extension->Vector, Extension->Irql, Extension->Irql,
                                Extension->InterruptMode, FALSE, Extension->Affinity, FALSE);
    if (NT_SUCCESS(Status))
        Status = I8xEnableController(Extension);
    if (NT_SUCCESS(Status))
        KeSynchronizeExecution(Extension->Interrupt, I8xDrain, Extension);
    return Status;
}

static VOID I8xStopHardware(PDEVICE_EXTENSION Extension)
{
    PKINTERRUPT Interrupt = Extension->Interrupt;

    Extension->Started = FALSE;
    KeCancelTimer(&Extension->RetryTimer);
    if (!Interrupt)
        return;
    I8xAbortCommand(Extension);
    I8xDisableController(Extension);
    IoDisconnectInterrupt(Interrupt);
    Extension->Interrupt = NULL;
}

/* START_DEVICE: the bus first. */
static NTSTATUS I8xStart(PDEVICE_EXTENSION Extension, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = STATUS_UNSUCCESSFUL;

    if (IoForwardIrpSynchronously(Extension->LowerDevice, Irp))
        Status = Irp->IoStatus.Status;
    if (NT_SUCCESS(Status))
        Status =
            I8xTakeResources(Extension, Stack->Parameters.StartDevice.AllocatedResourcesTranslated);
    if (NT_SUCCESS(Status))
        Status = I8xStartHardware(Extension);
    Extension->Started = NT_SUCCESS(Status);
    if (!NT_SUCCESS(Status)) {
        I8xTrace(("i8042prt: no keyboard: 0x%08x\n", Status));
        I8xStopHardware(Extension);
    }
    return I8xComplete(Irp, Status, 0);
}

static NTSTATUS I8xRemove(PDEVICE_EXTENSION Extension, PIRP Irp)
{
    NTSTATUS Status;

    I8xStopHardware(Extension);
    IoReleaseRemoveLockAndWait(&Extension->RemoveLock, Irp);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoSkipCurrentIrpStackLocation(Irp);
    Status = IoCallDriver(Extension->LowerDevice, Irp);
    IoDetachDevice(Extension->LowerDevice);
    IoDeleteDevice(Extension->Self);
    return Status;
}

NTSTATUS NTAPI I8xPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    NTSTATUS Status = IoAcquireRemoveLock(&Extension->RemoveLock, Irp);

    if (!NT_SUCCESS(Status))
        return I8xComplete(Irp, Status, 0);
    switch (IoGetCurrentIrpStackLocation(Irp)->MinorFunction) {
    case IRP_MN_START_DEVICE:
        Status = I8xStart(Extension, Irp);
        break;
    case IRP_MN_REMOVE_DEVICE:
        return I8xRemove(Extension, Irp); /* gives back the lock */
    case IRP_MN_SURPRISE_REMOVAL:
    case IRP_MN_STOP_DEVICE:
        I8xStopHardware(Extension);
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

NTSTATUS NTAPI I8xPower(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;

    PoStartNextPowerIrp(Irp);
    IoSkipCurrentIrpStackLocation(Irp);
    return PoCallDriver(Extension->LowerDevice, Irp);
}

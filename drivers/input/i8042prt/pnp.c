/* SPDX-License-Identifier: BSD-2-Clause */
/* Adding the device, and its resources. */
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
    KeInitializeDpc(&Extension->PacketDpc, I8xPacketDpc, Extension);
    KeInitializeDpc(&Extension->CommandDpc, I8xCommandDpc, Extension);
    KeInitializeDpc(&Extension->CommandTimeoutDpc, I8xCommandTimeoutDpc, Extension);
    KeInitializeTimer(&Extension->RetryTimer);
    KeInitializeTimer(&Extension->CommandTimer);
    Status = InputAttach(Device, PhysicalDeviceObject, '2408');
    if (!NT_SUCCESS(Status)) {
        InputDelete(Device);
        return Status;
    }
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

    if (!Extension->Controller.DataPort) {
        Extension->Controller.DataPort = Port;
        if (Resource->u.Port.Length >= 5)
            Extension->Controller.CommandPort = Port + 4;
    } else if (!Extension->Controller.CommandPort) {
        Extension->Controller.CommandPort = Port;
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
    Extension->Controller.DataPort = Extension->Controller.CommandPort = NULL;
    for (ULONG i = 0; i < Resources->Count; i++) {
        PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource = &Resources->PartialDescriptors[i];

        if (Resource->Type == CmResourceTypePort) {
            I8xTakePort(Extension, Resource);
        } else if (Resource->Type == CmResourceTypeInterrupt && !HaveInterrupt) {
            I8xTakeInterrupt(Extension, Resource);
            HaveInterrupt = TRUE;
        }
    }
    if (!Extension->Controller.DataPort || !Extension->Controller.CommandPort || !HaveInterrupt)
        return STATUS_INSUFFICIENT_RESOURCES;
    return STATUS_SUCCESS;
}

/* As the plug-and-play part knows it. */
static NTSTATUS I8xStart(PINPUT_DEVICE Device, PCM_RESOURCE_LIST Resources)
{
    PDEVICE_EXTENSION Extension = CONTAINING_RECORD(Device, DEVICE_EXTENSION, Device);
    NTSTATUS Status = I8xTakeResources(Extension, Resources);

    return NT_SUCCESS(Status) ? I8xStartHardware(Extension) : Status;
}

static VOID I8xStop(PINPUT_DEVICE Device)
{
    I8xStopHardware(CONTAINING_RECORD(Device, DEVICE_EXTENSION, Device));
}

NTSTATUS NTAPI I8xPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    static const INPUT_OPERATIONS Operations = {I8xStart, I8xStop};

    return InputPnp(DeviceObject, Irp, &Operations);
}

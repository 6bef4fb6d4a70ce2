/* SPDX-License-Identifier: BSD-2-Clause */
/* A device of the root bus with ports and an interrupt, for drivers of the tests. */
#pragma once
#include "request.h"

typedef struct _TEST_EXTENSION {
    PDEVICE_OBJECT LowerDevice;
} TEST_EXTENSION, *PTEST_EXTENSION;

/* AddDevice: makes the named device, on top of PhysicalDevice's stack. */
static inline NTSTATUS AddTestDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDevice,
                                     PUNICODE_STRING Name)
{
    PTEST_EXTENSION Extension;
    PDEVICE_OBJECT Device;
    NTSTATUS Status = IoCreateDevice(DriverObject, sizeof(*Extension), Name, FILE_DEVICE_UNKNOWN, 0,
                                     FALSE, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Extension = Device->DeviceExtension;
    Extension->LowerDevice = IoAttachDeviceToDeviceStack(Device, PhysicalDevice);
    if (!Extension->LowerDevice) {
        IoDeleteDevice(Device);
        return STATUS_NO_SUCH_DEVICE;
    }
    Device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

/* IRP_MJ_PNP: everything goes down; Start is called when those below have started. */
static inline NTSTATUS ServeTestPnp(PDEVICE_OBJECT Device, PIRP Irp,
                                    NTSTATUS (*Start)(PCM_RESOURCE_LIST Translated))
{
    PTEST_EXTENSION Extension = Device->DeviceExtension;
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = STATUS_UNSUCCESSFUL;

    if (Stack->MinorFunction != IRP_MN_START_DEVICE) {
        IoSkipCurrentIrpStackLocation(Irp);
        return IoCallDriver(Extension->LowerDevice, Irp);
    }
    if (IoForwardIrpSynchronously(Extension->LowerDevice, Irp))
        Status = Irp->IoStatus.Status;
    if (NT_SUCCESS(Status))
        Status = Start(Stack->Parameters.StartDevice.AllocatedResourcesTranslated);
    return Complete(Irp, Status, 0);
}

/* Connects the interrupt behind the ports, of which *Port is the first. */
static inline NTSTATUS ConnectTestInterrupt(PCM_RESOURCE_LIST Resources, PKSERVICE_ROUTINE Routine,
                                            PKINTERRUPT *Interrupt, PUCHAR *Port)
{
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptors;

    if (!Resources || Resources->List[0].PartialResourceList.Count != 2)
        return STATUS_INSUFFICIENT_RESOURCES;
    Descriptors = Resources->List[0].PartialResourceList.PartialDescriptors;
    *Port = (PUCHAR)(ULONG_PTR)Descriptors[0].u.Port.Start.QuadPart;
    return IoConnectInterrupt(Interrupt, Routine, NULL, NULL, Descriptors[1].u.Interrupt.Vector,
                              (KIRQL)Descriptors[1].u.Interrupt.Level,
                              (KIRQL)Descriptors[1].u.Interrupt.Level, Latched, FALSE, 1, FALSE);
}

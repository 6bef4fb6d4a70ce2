/* SPDX-License-Identifier: BSD-2-Clause */
/* Device objects and the stacks that they form. */
#include "iop.h"

/* Without a name (NULL) it is reached through its stack only. Comes with the reference of its
 * driver's list. */
NTSTATUS IopCreateDevice(PIO_DRIVER Driver, PUNICODE_STRING Name, PDEVICE_OBJECT *Device)
{
    NTSTATUS Status = ObCreateObject(IoDeviceType, sizeof(DEVICE_OBJECT), (PVOID *)Device);

    if (!NT_SUCCESS(Status))
        return Status;
    InitializeListHead(&(*Device)->DriverEntry);
    (*Device)->StackSize = 1;
    (*Device)->Id = IopAllocateId(IopIdDevice, *Device);
    if (!(*Device)->Id)
        Status = STATUS_INSUFFICIENT_RESOURCES;
    if (NT_SUCCESS(Status) && Name)
        Status = ObInsertName(*Device, Name);
    if (!NT_SUCCESS(Status)) {
        IopFreeId((*Device)->Id);
        ObDereferenceObject(*Device);
        return Status;
    }
    if (Driver) {
        ObReferenceObject(Driver);
        (*Device)->Driver = Driver;
        InsertTailList(&Driver->DeviceList, &(*Device)->DriverEntry);
        Driver->DeviceCount++;
    }
    return STATUS_SUCCESS;
}

void IopDeleteDevice(PDEVICE_OBJECT Device)
{
    if (Device->Deleted)
        return;
    Device->Deleted = TRUE;
    IopFreeId(Device->Id);
    RemoveEntryList(&Device->DriverEntry);
    if (Device->Driver)
        Device->Driver->DeviceCount--;
    IopDetach(Device);
    if (Device->AttachedTo)
        IopDetach(Device->AttachedTo);
    ObRemoveName(Device);
    ObDereferenceObject(Device);
}

static void IopDestroyDevice(PVOID Object)
{
    PDEVICE_OBJECT Device = Object;

    if (Device->Driver)
        ObDereferenceObject(Device->Driver);
}

PDEVICE_OBJECT IopTopDevice(PDEVICE_OBJECT Device)
{
    while (Device->AttachedDevice)
        Device = Device->AttachedDevice;
    return Device;
}

PDEVICE_OBJECT IopBottomDevice(PDEVICE_OBJECT Device)
{
    while (Device->AttachedTo)
        Device = Device->AttachedTo;
    return Device;
}

/* Puts Source on top of Target's stack. STATUS_NO_SUCH_DEVICE when that cannot be. */
NTSTATUS IopAttach(PDEVICE_OBJECT Source, PDEVICE_OBJECT Target, PDEVICE_OBJECT *Lower)
{
    PDEVICE_OBJECT Top = IopTopDevice(Target);

    if (Source->AttachedTo || Source->AttachedDevice || Source->Deleted || Top == Source ||
        Top->Deleted || Top->StackSize >= IOP_MAXIMUM_STACK)
        return STATUS_NO_SUCH_DEVICE;
    ObReferenceObject(Top);
    Source->AttachedTo = Top;
    Top->AttachedDevice = Source;
    Source->StackSize = Top->StackSize + 1;
    *Lower = Top;
    return STATUS_SUCCESS;
}

/* Whatever is on Lower is taken off. */
void IopDetach(PDEVICE_OBJECT Lower)
{
    PDEVICE_OBJECT Upper = Lower->AttachedDevice;

    if (!Upper)
        return;
    Lower->AttachedDevice = NULL;
    Upper->AttachedTo = NULL;
    ObDereferenceObject(Lower);
}

void IopDescribeDevice(PDEVICE_OBJECT Device, DRIVER_DEVICE_INFO *Info)
{
    *Info = (DRIVER_DEVICE_INFO){.Device = Device->Id,
                                 .DeviceType = Device->DeviceType,
                                 .Characteristics = Device->Characteristics,
                                 .Flags = Device->Flags,
                                 .StackSize = Device->StackSize};
}

const OBJECT_TYPE_INITIALIZER IopDeviceTypeInitializer = {
    .Name = u"Device",
    .Mapping = {FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, FILE_ALL_ACCESS},
    .ValidAccess = FILE_ALL_ACCESS,
    .Parse = IopParseDevice,
    .Delete = IopDestroyDevice,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* Device objects and the stacks that they form. */
#include "iop.h"

/* A device without a name (NULL) is reached only through its stack. It is returned with the one
 * reference that its driver's list holds. */
NTSTATUS IopCreateDevice(PIO_DRIVER Driver, PUNICODE_STRING Name, PIO_DEVICE *Device)
{
    NTSTATUS Status = ObCreateObject(IoDeviceType, sizeof(IO_DEVICE), (PVOID *)Device);

    if (!NT_SUCCESS(Status))
        return Status;
    InitializeListHead(&(*Device)->DriverEntry);
    InitializeListHead(&(*Device)->KeptBuffers);
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

/* What is typed is the console's alone. */
NTSTATUS IopSecureDevice(PIO_DEVICE Device)
{
    BOOLEAN Private = Device->DeviceType == FILE_DEVICE_KEYBOARD ||
                      Device->DeviceType == FILE_DEVICE_MOUSE ||
                      Device->DeviceType == FILE_DEVICE_8042_PORT;
    PSE_DESCRIPTOR Descriptor;
    NTSTATUS Status =
        SeSystemDescriptor(IoDeviceType, Private ? SePublicNothing : SePublicWrite, &Descriptor);

    if (NT_SUCCESS(Status))
        ObSetSecurity(Device, Descriptor);
    return Status;
}

NTSTATUS IopCreateStreamDevice(PUNICODE_STRING Name, PUNICODE_STRING Link, ULONG Type,
                               const IOP_FILE_SYSTEM *FileSystem)
{
    PIO_DEVICE Device;
    NTSTATUS Status = IopCreateDevice(NULL, Name, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Device->FileSystem = FileSystem;
    Device->DeviceType = Type;
    Status = IopSecureDevice(Device);
    return NT_SUCCESS(Status) ? ObCreateSymbolicLinkAt(Link, Name) : Status;
}

void IopDeleteDevice(PIO_DEVICE Device)
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
    IopDropBuffers(Device);
    ObDereferenceObject(Device);
}

static void IopDestroyDevice(PVOID Object)
{
    PIO_DEVICE Device = Object;

    if (Device->Driver)
        ObDereferenceObject(Device->Driver);
}

PIO_DEVICE IopTopDevice(PIO_DEVICE Device)
{
    while (Device->AttachedDevice)
        Device = Device->AttachedDevice;
    return Device;
}

PIO_DEVICE IopBottomDevice(PIO_DEVICE Device)
{
    while (Device->AttachedTo)
        Device = Device->AttachedTo;
    return Device;
}

/* Puts Source on top of Target's stack. STATUS_NO_SUCH_DEVICE when that cannot be. */
NTSTATUS IopAttach(PIO_DEVICE Source, PIO_DEVICE Target, PIO_DEVICE *Lower)
{
    PIO_DEVICE Top = IopTopDevice(Target);

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

/* Takes off whatever is attached to Lower. */
void IopDetach(PIO_DEVICE Lower)
{
    PIO_DEVICE Upper = Lower->AttachedDevice;

    if (!Upper)
        return;
    Lower->AttachedDevice = NULL;
    Upper->AttachedTo = NULL;
    ObDereferenceObject(Lower);
}

void IopDescribeDevice(PIO_DEVICE Device, DRIVER_DEVICE_INFO *Info)
{
    *Info = (DRIVER_DEVICE_INFO){.Device = Device->Id,
                                 .DeviceType = Device->DeviceType,
                                 .Characteristics = Device->Characteristics,
                                 .Flags = Device->Flags,
                                 .StackSize = Device->StackSize};
}

static BOOLEAN IopDeviceChecksParse(PVOID Object)
{
    PIO_DEVICE Device = Object;

    return Device->FileSystem && Device->FileSystem->Streams;
}

const OBJECT_TYPE_INITIALIZER IopDeviceTypeInitializer = {
    .Name = u"Device",
    .Mapping = {FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, FILE_ALL_ACCESS},
    .ValidAccess = FILE_ALL_ACCESS,
    .CaseInsensitive = TRUE,
    .Parse = IopParseDevice,
    .CheckParse = TRUE,
    .ChecksItself = IopDeviceChecksParse,
    .ParsedType = &IoFileType,
    .Delete = IopDestroyDevice,
};

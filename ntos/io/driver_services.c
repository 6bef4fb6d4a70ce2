/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver runtime's services about devices. */
#include "iop.h"

/* A device of the calling driver's. */
static PIO_DEVICE IopOwnDevice(PIO_DRIVER Driver, UINT32 Id)
{
    PIO_DEVICE Device = IopLookupId(IopIdDevice, Id);

    return Device && Device->Driver == Driver ? Device : NULL;
}

static BOOLEAN IopIsOpen(PIO_DRIVER Driver, PIO_DEVICE Device)
{
    ULONG i;

    for (i = 0; i < Driver->OpenCount; i++)
        if (Driver->Opens[i] == Device)
            return TRUE;
    return FALSE;
}

static BOOLEAN IopIsInStackOf(PIO_DRIVER Driver, PIO_DEVICE Device)
{
    PIO_DEVICE Other;

    for (Other = IopBottomDevice(Device); Other; Other = Other->AttachedDevice)
        if (Other->Driver == Driver ||
            (Other->DevNode && IopNodeHasService(Other->DevNode, Driver->Name)))
            return TRUE;
    return FALSE;
}

/* Devices that a driver may send requests to: those in stacks that it belongs to, and those that it
 * has opened. */
BOOLEAN IopMayReach(PIO_DRIVER Driver, PIO_DEVICE Device)
{
    return IopIsInStackOf(Driver, Device) || IopIsOpen(Driver, Device);
}

static NTSTATUS IopCaptureDeviceName(PUNICODE_STRING Copy, CLIENT(PUNICODE_STRING) Name)
{
    NTSTATUS Status = ExCaptureUnicodeString(Copy, Name, IOP_MAXIMUM_NAME);

    return Status == STATUS_NAME_TOO_LONG || Status == STATUS_INVALID_PARAMETER
               ? STATUS_OBJECT_NAME_INVALID
               : Status;
}

/* DrvCreateDevice: IoCreateDevice. STATUS_OBJECT_NAME_COLLISION …,
 * STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS NTAPI DrvCreateDevice(CLIENT(PUNICODE_STRING) Name, ULONG DeviceType,
                               ULONG Characteristics, ULONG Flags, CLIENT(PULONG) DeviceId)
{
    UNICODE_STRING Copy = {0};
    PIO_DRIVER Driver;
    PIO_DEVICE Device;
    UINT32 Id;
    NTSTATUS Status = Name ? IopCaptureDeviceName(&Copy, Name) : STATUS_SUCCESS;

    if (!NT_SUCCESS(Status))
        return Status;
    Driver = IopCurrentDriver();
    if (!Driver)
        Status = STATUS_DEVICE_DOES_NOT_EXIST;
    else if (Driver->DeviceCount >= IOP_MAXIMUM_DEVICES)
        Status = STATUS_INSUFFICIENT_RESOURCES;
    else
        Status = IopCreateDevice(Driver, Copy.Length ? &Copy : NULL, &Device);
    ExFreeUnicodeString(&Copy);
    if (!NT_SUCCESS(Status))
        return Status;
    Device->DeviceType = DeviceType;
    Device->Characteristics = Characteristics;
    Device->Flags = Flags;
    Id = Device->Id;
    Status = IopSecureDevice(Device);
    if (NT_SUCCESS(Status))
        Status = MmWriteClient(DeviceId, &Id);
    if (!NT_SUCCESS(Status))
        DrvDeleteDevice(Id);
    return Status;
}

/* DrvDeleteDevice: IoDeleteDevice. STATUS_NO_SUCH_DEVICE. */
NTSTATUS NTAPI DrvDeleteDevice(ULONG DeviceId)
{
    PIO_DRIVER Driver = IopCurrentDriver();
    PIO_DEVICE Device = Driver ? IopOwnDevice(Driver, DeviceId) : NULL;

    if (!Device)
        return STATUS_NO_SUCH_DEVICE;
    IopDeleteDevice(Device);
    return STATUS_SUCCESS;
}

/* DrvAttachDevice: IoAttachDeviceToDeviceStack. STATUS_NO_SUCH_DEVICE, STATUS_ACCESS_DENIED. */
NTSTATUS NTAPI DrvAttachDevice(ULONG Source, ULONG Target, CLIENT(DRIVER_DEVICE_INFO *) LowerDevice)
{
    PIO_DRIVER Driver = IopCurrentDriver();
    PIO_DEVICE Own = Driver ? IopOwnDevice(Driver, Source) : NULL;
    PIO_DEVICE Other = IopLookupId(IopIdDevice, Target), Lower;
    DRIVER_DEVICE_INFO Info;
    NTSTATUS Status;

    if (!Own || !Other)
        return STATUS_NO_SUCH_DEVICE;
    if (!IopMayReach(Driver, Other))
        return STATUS_ACCESS_DENIED;
    Status = IopAttach(Own, Other, &Lower);
    if (!NT_SUCCESS(Status))
        return Status;
    IopDescribeDevice(Lower, &Info);
    Status = MmWriteClient(LowerDevice, &Info);
    if (!NT_SUCCESS(Status))
        DrvDetachDevice(Info.Device);
    return Status;
}

/* DrvDetachDevice: IoDetachDevice; the device attached to LowerDevice must be the caller's. */
NTSTATUS NTAPI DrvDetachDevice(ULONG LowerDevice)
{
    PIO_DRIVER Driver = IopCurrentDriver();
    PIO_DEVICE Lower = IopLookupId(IopIdDevice, LowerDevice);

    if (!Driver || !Lower || !Lower->AttachedDevice)
        return STATUS_NO_SUCH_DEVICE;
    if (Lower->AttachedDevice->Driver != Driver)
        return STATUS_ACCESS_DENIED;
    IopDetach(Lower);
    return STATUS_SUCCESS;
}

static NTSTATUS IopFindDevice(CLIENT(PUNICODE_STRING) Name, PIO_DEVICE *Device)
{
    UNICODE_STRING Copy;
    NTSTATUS Status = IopCaptureDeviceName(&Copy, Name);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByName(&Copy, IoDeviceType, 0, NULL, (PVOID *)Device);
    ExFreeUnicodeString(&Copy);
    return Status;
}

/*
 * DrvOpenDevice: the device at the top of the named one's stack, for requests from the caller.
 * Unlike on Windows the device sees no IRP_MJ_CREATE of it. STATUS_OBJECT_NAME_NOT_FOUND …,
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI DrvOpenDevice(CLIENT(PUNICODE_STRING) Name, ACCESS_MASK Access,
                             CLIENT(DRIVER_DEVICE_INFO *) Info)
{
    DRIVER_DEVICE_INFO Description;
    PIO_DEVICE Device, Top;
    PIO_DRIVER Driver;
    NTSTATUS Status = IopFindDevice(Name, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Driver = IopCurrentDriver();
    Top = IopTopDevice(Device);
    ObReferenceObject(Top);
    ObDereferenceObject(Device);
    if (!Driver || Top->FileSystem)
        Status = STATUS_NO_SUCH_DEVICE;
    else if (!IopIsOpen(Driver, Top) && Driver->OpenCount == IOP_MAXIMUM_OPENS)
        Status = STATUS_INSUFFICIENT_RESOURCES;
    if (NT_SUCCESS(Status) && !IopIsOpen(Driver, Top)) {
        ObReferenceObject(Top);
        Driver->Opens[Driver->OpenCount++] = Top;
    }
    IopDescribeDevice(Top, &Description);
    ObDereferenceObject(Top);
    return NT_SUCCESS(Status) ? MmWriteClient(Info, &Description) : Status;
}

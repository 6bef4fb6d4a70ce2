/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver runtime's services about its host and devices. */
#include "iop.h"

/* DrvAttach: where the channel lies; once in a process. STATUS_INVALID_DEVICE_STATE,
 * STATUS_ACCESS_VIOLATION. */
NTSTATUS NTAPI DrvAttach(CLIENT(PULONGLONG) Channel)
{
    PIO_HOST Host = IopCurrentHost();
    ULONGLONG Address;

    if (!Host)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    if (Host->Attached)
        return STATUS_INVALID_DEVICE_STATE;
    Host->Attached = TRUE;
    Address = (ULONGLONG)(ULONG_PTR)Host->ClientChannel;
    return MmWriteClient(Channel, &Address);
}

static PIO_DRIVER IopOwnDriver(PIO_HOST Host, UINT32 Id)
{
    PIO_DRIVER Driver = IopLookupId(IopIdDriver, Id);

    return Driver && Driver->Host == Host ? Driver : NULL;
}

/* A device of a driver in the calling host. */
static PIO_DEVICE IopOwnDevice(PIO_HOST Host, UINT32 Id)
{
    PIO_DEVICE Device = IopLookupId(IopIdDevice, Id);

    return Device && Device->Driver && Device->Driver->Host == Host ? Device : NULL;
}

#define IOP_DRIVERS_FLAGS (DO_BUFFERED_IO | DO_DIRECT_IO)

void IopSetDeviceFlags(PIO_HOST Host, const DRIVER_DEVICE_INFO *Info)
{
    PIO_DEVICE Device = IopOwnDevice(Host, Info->Device);

    if (Device)
        Device->Flags = (Device->Flags & ~IOP_DRIVERS_FLAGS) | (Info->Flags & IOP_DRIVERS_FLAGS);
}

static BOOLEAN IopIsOpen(PIO_HOST Host, PIO_DEVICE Device)
{
    ULONG i;

    for (i = 0; i < Host->OpenCount; i++)
        if (Host->Opens[i] == Device)
            return TRUE;
    return FALSE;
}

static BOOLEAN IopIsInStackOf(PIO_HOST Host, PIO_DEVICE Device)
{
    PIO_DEVICE Other;

    for (Other = IopBottomDevice(Device); Other; Other = Other->AttachedDevice)
        if ((Other->Driver && Other->Driver->Host == Host) ||
            (Other->DevNode && IopNodeIsOfHost(Other->DevNode, Host)))
            return TRUE;
    return FALSE;
}

/* Devices that a host may send requests to: those in stacks that its drivers belong to, and those
 * that it has opened. */
BOOLEAN IopMayReach(PIO_HOST Host, PIO_DEVICE Device)
{
    return IopIsInStackOf(Host, Device) || IopIsOpen(Host, Device);
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
NTSTATUS NTAPI DrvCreateDevice(ULONG DriverId, CLIENT(PUNICODE_STRING) Name, ULONG DeviceType,
                               ULONG Characteristics, ULONG Flags, CLIENT(PULONG) DeviceId)
{
    UNICODE_STRING Copy = {0};
    PIO_HOST Host;
    PIO_DRIVER Driver;
    PIO_DEVICE Device;
    UINT32 Id;
    NTSTATUS Status = Name ? IopCaptureDeviceName(&Copy, Name) : STATUS_SUCCESS;

    if (!NT_SUCCESS(Status))
        return Status;
    Host = IopCurrentHost();
    Driver = Host ? IopOwnDriver(Host, DriverId) : NULL;
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
    PIO_HOST Host = IopCurrentHost();
    PIO_DEVICE Device = Host ? IopOwnDevice(Host, DeviceId) : NULL;

    if (!Device)
        return STATUS_NO_SUCH_DEVICE;
    IopDeleteDevice(Device);
    return STATUS_SUCCESS;
}

/* DrvAttachDevice: IoAttachDeviceToDeviceStack. STATUS_NO_SUCH_DEVICE, STATUS_ACCESS_DENIED. */
NTSTATUS NTAPI DrvAttachDevice(ULONG Source, ULONG Target, CLIENT(DRIVER_DEVICE_INFO *) LowerDevice)
{
    PIO_HOST Host = IopCurrentHost();
    PIO_DEVICE Own = Host ? IopOwnDevice(Host, Source) : NULL;
    PIO_DEVICE Other = IopLookupId(IopIdDevice, Target), Lower;
    DRIVER_DEVICE_INFO Info;
    NTSTATUS Status;

    if (!Own || !Other)
        return STATUS_NO_SUCH_DEVICE;
    if (!IopMayReach(Host, Other))
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
    PIO_HOST Host = IopCurrentHost();
    PIO_DEVICE Lower = IopLookupId(IopIdDevice, LowerDevice);

    if (!Host || !Lower || !Lower->AttachedDevice)
        return STATUS_NO_SUCH_DEVICE;
    if (!IopOwnDevice(Host, Lower->AttachedDevice->Id))
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
    PIO_HOST Host;
    NTSTATUS Status = IopFindDevice(Name, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Host = IopCurrentHost();
    Top = IopTopDevice(Device);
    ObReferenceObject(Top);
    ObDereferenceObject(Device);
    if (!Host || Top->FileSystem)
        Status = STATUS_NO_SUCH_DEVICE;
    else if (!IopIsOpen(Host, Top) && Host->OpenCount == IOP_MAXIMUM_OPENS)
        Status = STATUS_INSUFFICIENT_RESOURCES;
    if (NT_SUCCESS(Status) && !IopIsOpen(Host, Top)) {
        ObReferenceObject(Top);
        Host->Opens[Host->OpenCount++] = Top;
    }
    IopDescribeDevice(Top, &Description);
    ObDereferenceObject(Top);
    return NT_SUCCESS(Status) ? MmWriteClient(Info, &Description) : Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests of the class driver. */
#include "i8042prt.h"
#include "typematic.h"

#define I8X_LEDS (KEYBOARD_SCROLL_LOCK_ON | KEYBOARD_NUM_LOCK_ON | KEYBOARD_CAPS_LOCK_ON)
#define I8X_INDICATOR_KEYS 3

/* Copies a result into the request's output buffer, which must hold it all. */
static NTSTATUS I8xReturn(PIRP Irp, const VOID *Data, ULONG Size)
{
    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.OutputBufferLength < Size)
        return STATUS_BUFFER_TOO_SMALL;
    RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, Data, Size);
    Irp->IoStatus.Information = Size;
    return STATUS_SUCCESS;
}

/* Which keys the indicators go with. */
static NTSTATUS I8xQueryIndicatorTranslation(PIRP Irp)
{
    static const INDICATOR_LIST Keys[I8X_INDICATOR_KEYS] = {{0x3A, KEYBOARD_CAPS_LOCK_ON},
                                                            {0x45, KEYBOARD_NUM_LOCK_ON},
                                                            {0x46, KEYBOARD_SCROLL_LOCK_ON}};
    struct {
        USHORT Count;
        INDICATOR_LIST List[I8X_INDICATOR_KEYS];
    } Translation = {.Count = I8X_INDICATOR_KEYS};

    RtlCopyMemory(Translation.List, Keys, sizeof(Keys));
    return I8xReturn(Irp, &Translation, sizeof(Translation));
}

/* STATUS_SHARING_VIOLATION for a second class driver. */
static NTSTATUS I8xConnect(PDEVICE_EXTENSION Extension, PIO_STACK_LOCATION Stack)
{
    PCONNECT_DATA Connect = Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    if (Extension->Class.ClassService)
        return STATUS_SHARING_VIOLATION;
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(CONNECT_DATA) || !Connect)
        return STATUS_INVALID_PARAMETER;
    Extension->Class = *Connect;
    return STATUS_SUCCESS;
}

static NTSTATUS I8xCheckIndicators(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PKEYBOARD_INDICATOR_PARAMETERS Indicators = Irp->AssociatedIrp.SystemBuffer;

    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(*Indicators))
        return STATUS_INVALID_PARAMETER;
    return (Indicators->LedFlags & ~I8X_LEDS) ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

static NTSTATUS I8xCheckTypematic(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PKEYBOARD_TYPEMATIC_PARAMETERS Typematic = Irp->AssociatedIrp.SystemBuffer;

    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(*Typematic))
        return STATUS_INVALID_PARAMETER;
    if (Typematic->Rate < I8X_RATE_MINIMUM || Typematic->Rate > I8X_RATE_MAXIMUM ||
        Typematic->Delay < I8X_DELAY_MINIMUM || Typematic->Delay > I8X_DELAY_MAXIMUM)
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

/* STATUS_PENDING: the request is StartIo's, once it has been checked. */
static NTSTATUS I8xHandleControl(PDEVICE_EXTENSION Extension, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    NTSTATUS Status;

    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_INTERNAL_KEYBOARD_CONNECT:
        return I8xConnect(Extension, Stack);
    case IOCTL_INTERNAL_KEYBOARD_DISCONNECT:
    case IOCTL_INTERNAL_KEYBOARD_ENABLE:
    case IOCTL_INTERNAL_KEYBOARD_DISABLE:
        return STATUS_NOT_IMPLEMENTED;
    case IOCTL_KEYBOARD_QUERY_ATTRIBUTES:
        return I8xReturn(Irp, &Extension->Attributes, sizeof(Extension->Attributes));
    case IOCTL_KEYBOARD_QUERY_INDICATORS:
        return I8xReturn(Irp, &Extension->Indicators, sizeof(Extension->Indicators));
    case IOCTL_KEYBOARD_QUERY_INDICATOR_TRANSLATION:
        return I8xQueryIndicatorTranslation(Irp);
    case IOCTL_KEYBOARD_QUERY_TYPEMATIC:
        return I8xReturn(Irp, &Extension->Typematic, sizeof(Extension->Typematic));
    case IOCTL_KEYBOARD_SET_INDICATORS:
        Status = I8xCheckIndicators(Irp, Stack);
        break;
    case IOCTL_KEYBOARD_SET_TYPEMATIC:
        Status = I8xCheckTypematic(Irp, Stack);
        break;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (NT_SUCCESS(Status))
        Status = Extension->Device.Started ? STATUS_PENDING : STATUS_DEVICE_NOT_READY;
    return Status;
}

NTSTATUS NTAPI I8xInternalDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    NTSTATUS Status = IoAcquireRemoveLock(&Extension->Device.RemoveLock, Irp);

    Irp->IoStatus.Information = 0;
    if (!NT_SUCCESS(Status))
        return InputComplete(Irp, Status, 0);
    Status = I8xHandleControl(Extension, Irp, IoGetCurrentIrpStackLocation(Irp));
    if (Status == STATUS_PENDING) {
        IoMarkIrpPending(Irp);
        IoStartPacket(DeviceObject, Irp, NULL, I8xCancelQueued); /* the remove lock goes with it */
        return STATUS_PENDING;
    }
    InputComplete(Irp, Status, Irp->IoStatus.Information);
    IoReleaseRemoveLock(&Extension->Device.RemoveLock, Irp);
    return Status;
}

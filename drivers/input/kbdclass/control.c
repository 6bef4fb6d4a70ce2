/* SPDX-License-Identifier: BSD-2-Clause */
/* IOCTL_KEYBOARD_*: checked here, carried out by the port driver. */
#include "kbdclass.h"

/* Codes whose input begins with a unit id: it must be this keyboard's, or 0 for any. */
static NTSTATUS KbdCheckUnit(PDEVICE_EXTENSION Extension, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PKEYBOARD_UNIT_ID_PARAMETER Unit = Irp->AssociatedIrp.SystemBuffer;
    ULONG Length = Stack->Parameters.DeviceIoControl.InputBufferLength;

    if (Length == 0)
        return STATUS_SUCCESS;
    if (Length < sizeof(*Unit))
        return STATUS_BUFFER_TOO_SMALL;
    return (Unit->UnitId == 0 || Unit->UnitId == Extension->UnitId) ? STATUS_SUCCESS
                                                                    : STATUS_INVALID_PARAMETER;
}

/* The codes of <neptune/ioctl.h>; *Information is what is returned of the output buffer. */
static NTSTATUS KbdOwnControl(PDEVICE_EXTENSION Extension, PIRP Irp, PIO_STACK_LOCATION Stack,
                              PULONG_PTR Information)
{
    PKBD_READER Reader = Stack->FileObject ? Stack->FileObject->FsContext : NULL;
    PULONG Buffer = Irp->AssociatedIrp.SystemBuffer;

    if (Stack->Parameters.DeviceIoControl.IoControlCode == IOCTL_KEYBOARD_QUERY_LOST) {
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG))
            return STATUS_BUFFER_TOO_SMALL;
        *Buffer = Extension->Lost;
        *Information = sizeof(ULONG);
        return STATUS_SUCCESS;
    }
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG))
        return STATUS_INVALID_PARAMETER;
    return Reader ? KbdHandOver(Extension, Reader, *Buffer) : STATUS_ACCESS_DENIED;
}

NTSTATUS NTAPI KbdDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG_PTR Information = 0;
    NTSTATUS Status;

    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_KEYBOARD_HAND_OVER:
    case IOCTL_KEYBOARD_QUERY_LOST:
        Status = KbdOwnControl(Extension, Irp, Stack, &Information);
        return InputComplete(Irp, Status, Information);
    case IOCTL_KEYBOARD_QUERY_ATTRIBUTES:
    case IOCTL_KEYBOARD_QUERY_INDICATORS:
    case IOCTL_KEYBOARD_QUERY_INDICATOR_TRANSLATION:
    case IOCTL_KEYBOARD_QUERY_TYPEMATIC:
    case IOCTL_KEYBOARD_SET_INDICATORS:
    case IOCTL_KEYBOARD_SET_TYPEMATIC:
        Status = KbdCheckUnit(Extension, Irp, Stack);
        break;
    default:
        Status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }
    if (NT_SUCCESS(Status) && !Extension->Device.Started)
        Status = STATUS_DEVICE_NOT_READY;
    if (!NT_SUCCESS(Status))
        return InputComplete(Irp, Status, 0);
    /* Port drivers take these as internal requests. */
    Stack->MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
    return InputForward(DeviceObject, Irp);
}

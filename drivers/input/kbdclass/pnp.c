/* SPDX-License-Identifier: BSD-2-Clause */
/* Keyboards that appear and disappear. */
#include "kbdclass.h"

#define KBDCLASS_MAX_UNITS 10

/* \Device\KeyboardClassN with the first N that is free. */
static NTSTATUS KbdCreateDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT *Device)
{
    WCHAR Buffer[] = DD_KEYBOARD_DEVICE_NAME_U L"0";
    UNICODE_STRING Name;
    NTSTATUS Status = STATUS_OBJECT_NAME_COLLISION;

    RtlInitUnicodeString(&Name, Buffer);
    for (USHORT Unit = 0; Unit < KBDCLASS_MAX_UNITS && Status == STATUS_OBJECT_NAME_COLLISION;
         Unit++) {
        Buffer[Name.Length / sizeof(WCHAR) - 1] = L'0' + Unit;
        Status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), &Name, FILE_DEVICE_KEYBOARD,
                                0, FALSE, Device);
        if (NT_SUCCESS(Status)) {
            RtlZeroMemory((*Device)->DeviceExtension, sizeof(DEVICE_EXTENSION));
            ((PDEVICE_EXTENSION)(*Device)->DeviceExtension)->UnitId = Unit;
        }
    }
    return Status;
}

/* Gives the port driver the class device and the callback for its packets. */
static NTSTATUS KbdConnect(PDEVICE_EXTENSION Extension)
{
    CONNECT_DATA Connect = {.ClassDeviceObject = Extension->Device.Self,
                            .ClassService = (PVOID)KbdServiceCallback};
    IO_STATUS_BLOCK IoStatus = {0};
    KEVENT Event;
    PIRP Irp;
    NTSTATUS Status;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    Irp = IoBuildDeviceIoControlRequest(IOCTL_INTERNAL_KEYBOARD_CONNECT,
                                        Extension->Device.LowerDevice, &Connect, sizeof(Connect),
                                        NULL, 0, TRUE, &Event, &IoStatus);
    if (!Irp)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = IoCallDriver(Extension->Device.LowerDevice, Irp);
    if (Status == STATUS_PENDING) {
        KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
        Status = IoStatus.Status;
    }
    return Status;
}

NTSTATUS NTAPI KbdAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_EXTENSION Extension;
    PDEVICE_OBJECT Device;
    NTSTATUS Status = KbdCreateDevice(DriverObject, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Extension = Device->DeviceExtension;
    KeInitializeSpinLock(&Extension->Lock);
    InitializeListHead(&Extension->Readers);
    Status = InputAttach(Device, PhysicalDeviceObject, 'CdbK');
    if (NT_SUCCESS(Status))
        Status = KbdConnect(Extension);
    if (!NT_SUCCESS(Status)) {
        InputDelete(Device);
        return Status;
    }
    Device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

static NTSTATUS KbdStart(PINPUT_DEVICE Device, PCM_RESOURCE_LIST Resources)
{
    return STATUS_SUCCESS;
}

static VOID KbdStop(PINPUT_DEVICE Device)
{
    KbdCancelReads(CONTAINING_RECORD(Device, DEVICE_EXTENSION, Device), NULL,
                   STATUS_DEVICE_NOT_CONNECTED);
}

NTSTATUS NTAPI KbdPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    static const INPUT_OPERATIONS Operations = {KbdStart, KbdStop};

    return InputPnp(DeviceObject, Irp, &Operations);
}

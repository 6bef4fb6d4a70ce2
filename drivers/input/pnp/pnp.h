/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plug and play for all drivers of a keyboard's stack. Each of them compiles pnp.c, begins its
 * device extension with an INPUT_DEVICE and says what starting and stopping its device means.
 */
#pragma once
#include <wdm.h>

typedef struct _INPUT_DEVICE {
    PDEVICE_OBJECT Self;
    PDEVICE_OBJECT PhysicalDevice;
    PDEVICE_OBJECT LowerDevice; /* the next one down the stack */
    IO_REMOVE_LOCK RemoveLock;
    BOOLEAN Started;
} INPUT_DEVICE, *PINPUT_DEVICE;

typedef struct _INPUT_OPERATIONS {
    NTSTATUS(*Start)
    (PINPUT_DEVICE Device, PCM_RESOURCE_LIST Resources); /* those below have started */
    VOID (*Stop)(PINPUT_DEVICE Device); /* may be called again, also when Start has failed */
} INPUT_OPERATIONS;

/* Completes Irp and returns Status. */
NTSTATUS InputComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information);

/* Puts Self, whose extension is cleared, onto the stack of PhysicalDevice.
 * STATUS_NO_SUCH_DEVICE. */
NTSTATUS InputAttach(PDEVICE_OBJECT Self, PDEVICE_OBJECT PhysicalDevice, ULONG Tag);

/* Takes Self off its stack and deletes it. */
VOID InputDelete(PDEVICE_OBJECT Self);

/* IRP_MJ_PNP. */
NTSTATUS InputPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp, const INPUT_OPERATIONS *Operations);

/* IRP_MJ_POWER. */
NTSTATUS NTAPI InputPower(PDEVICE_OBJECT DeviceObject, PIRP Irp);

/* Passes a request down as it is; it fails when the device is being removed. */
NTSTATUS NTAPI InputForward(PDEVICE_OBJECT DeviceObject, PIRP Irp);

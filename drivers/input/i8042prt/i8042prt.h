/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8042prt.sys: the port driver of the keyboard behind an 8042 controller.
 *
 * The interrupt service routine reads bytes. Those that answer a command under way drive the
 * command; all others are decoded to packets in a ring, which a DPC offers to the class driver. A
 * command (LEDs, typematic) is an IRP given to StartIo: it writes the first byte, the service
 * routine the others as the keyboard acknowledges them, and a DPC or a timer ends it.
 */
#pragma once
#include <wdm.h>
#include <basetyps.h>
#include <kbdmou.h>
#include "../pnp/pnp.h"
#include "command.h"
#include "controller.h"
#include "ring.h"
#include "scancode.h"

typedef struct _DEVICE_EXTENSION {
    INPUT_DEVICE Device;

    /* From START_DEVICE */
    I8X_CONTROLLER Controller;
    ULONG Vector;
    KIRQL Irql;
    KINTERRUPT_MODE InterruptMode;
    KAFFINITY Affinity;
    PKINTERRUPT Interrupt;

    /* The class driver */
    CONNECT_DATA Class;

    /* Under the interrupt spin lock */
    I8X_SCAN_STATE Scan;
    ULONGLONG InStep; /* interrupt time; bytes before are of codes that may have lost their start */
    I8X_COMMAND Command;
    NTSTATUS CommandStatus; /* of the command that CommandDpc is to complete */
    I8X_RING Ring;
    KEYBOARD_INPUT_DATA Packets[I8X_RING_PACKETS];
    ULONG Overruns; /* packets dropped for which no packet in the ring stands yet */

    KDPC PacketDpc;    /* packets for the class driver */
    KTIMER RetryTimer; /* the same again, when it did not take them all */
    KDPC CommandDpc;   /* a command is over */
    KTIMER CommandTimer;
    KDPC CommandTimeoutDpc;

    KEYBOARD_ATTRIBUTES Attributes;
    KEYBOARD_INDICATOR_PARAMETERS Indicators;
    KEYBOARD_TYPEMATIC_PARAMETERS Typematic;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

/* pnp.c */
NTSTATUS NTAPI I8xAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject);
NTSTATUS NTAPI I8xPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp);

/* hardware.c: the device with its interrupt, from the ports and the interrupt in the extension. */
NTSTATUS I8xStartHardware(PDEVICE_EXTENSION Extension);
VOID I8xStopHardware(PDEVICE_EXTENSION Extension);

/* interrupt.c */
BOOLEAN NTAPI I8xInterruptService(PKINTERRUPT Interrupt, PVOID ServiceContext);
VOID NTAPI I8xPacketDpc(PKDPC Dpc, PVOID DeferredContext, PVOID Argument1, PVOID Argument2);

/* startio.c */
VOID NTAPI I8xStartIo(PDEVICE_OBJECT DeviceObject, PIRP Irp);
VOID I8xAbortCommand(PDEVICE_EXTENSION Extension);
VOID NTAPI I8xCommandDpc(PKDPC Dpc, PVOID DeferredContext, PVOID Argument1, PVOID Argument2);
VOID NTAPI I8xCommandTimeoutDpc(PKDPC Dpc, PVOID DeferredContext, PVOID Argument1, PVOID Argument2);
VOID NTAPI I8xCancelQueued(PDEVICE_OBJECT DeviceObject, PIRP Irp);

/* ioctl.c */
NTSTATUS NTAPI I8xInternalDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp);

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
#include "command.h"
#include "ring.h"
#include "scancode.h"

#define I8042PRT_TRACE 0
#if DBG && I8042PRT_TRACE
#define I8xTrace(Arguments) DbgPrint Arguments
#else
#define I8xTrace(Arguments) ((VOID)0)
#endif

/* Status register */
#define I8X_OUTPUT_FULL 0x01 /* a byte can be read from the data port */
#define I8X_INPUT_FULL 0x02  /* the controller has not taken the last byte yet */
#define I8X_AUX_DATA 0x20    /* the byte is from the auxiliary device */

/* Controller commands */
#define I8X_READ_CONFIG 0x20
#define I8X_WRITE_CONFIG 0x60
#define I8X_DISABLE_AUX 0xA7
#define I8X_TEST_CONTROLLER 0xAA
#define I8X_TEST_KEYBOARD_PORT 0xAB
#define I8X_DISABLE_KEYBOARD 0xAD
#define I8X_ENABLE_KEYBOARD 0xAE

/* Controller configuration byte */
#define I8X_CONFIG_KEYBOARD_INTERRUPT 0x01
#define I8X_CONFIG_AUX_INTERRUPT 0x02
#define I8X_CONFIG_KEYBOARD_OFF 0x10
#define I8X_CONFIG_AUX_OFF 0x20
#define I8X_CONFIG_TRANSLATE 0x40

/* Keyboard commands */
#define I8X_SET_LEDS 0xED
#define I8X_IDENTIFY 0xF2
#define I8X_SET_TYPEMATIC 0xF3
#define I8X_ENABLE_SCANNING 0xF4
#define I8X_DISABLE_SCANNING 0xF5
#define I8X_RESET 0xFF
#define I8X_RESET_PASSED 0xAA

typedef struct _DEVICE_EXTENSION {
    PDEVICE_OBJECT Self;
    PDEVICE_OBJECT PhysicalDevice;
    PDEVICE_OBJECT LowerDevice;
    IO_REMOVE_LOCK RemoveLock;
    BOOLEAN Started;

    /* From START_DEVICE */
    PUCHAR DataPort;
    PUCHAR CommandPort;
    ULONG Vector;
    KIRQL Irql;
    KINTERRUPT_MODE InterruptMode;
    KAFFINITY Affinity;
    PKINTERRUPT Interrupt;

    /* The class driver */
    CONNECT_DATA Class;

    /* Under the interrupt spin lock */
    I8X_SCAN_STATE Scan;
    I8X_COMMAND Command;
    NTSTATUS CommandStatus; /* of the command that CommandDpc is to complete */
    I8X_RING Ring;
    KEYBOARD_INPUT_DATA Packets[I8X_RING_PACKETS];
    ULONG Overruns;

    KDPC PacketDpc;    /* packets for the class driver */
    KTIMER RetryTimer; /* the same again, when it did not take them all */
    KDPC CommandDpc;   /* a command is over */
    KTIMER CommandTimer;
    KDPC CommandTimeoutDpc;

    KEYBOARD_ATTRIBUTES Attributes;
    KEYBOARD_INDICATOR_PARAMETERS Indicators;
    KEYBOARD_TYPEMATIC_PARAMETERS Typematic;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

NTSTATUS I8xComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information);

/* pnp.c */
NTSTATUS NTAPI I8xAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject);
NTSTATUS NTAPI I8xPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp);
NTSTATUS NTAPI I8xPower(PDEVICE_OBJECT DeviceObject, PIRP Irp);

/* controller.c: polled access, for before the interrupt is connected; Timeout in milliseconds */
BOOLEAN I8xWaitOutput(PDEVICE_EXTENSION Extension, ULONG Timeout);
BOOLEAN I8xWriteData(PDEVICE_EXTENSION Extension, UCHAR Byte);
NTSTATUS I8xReadByte(PDEVICE_EXTENSION Extension, ULONG Timeout, PUCHAR Byte);
NTSTATUS I8xInitializeController(PDEVICE_EXTENSION Extension);
NTSTATUS I8xEnableController(PDEVICE_EXTENSION Extension);
VOID I8xDisableController(PDEVICE_EXTENSION Extension);

/* keyboard.c */
NTSTATUS I8xInitializeKeyboard(PDEVICE_EXTENSION Extension);

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

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 8042 controller and the keyboard behind it, by polling: what is done before the interrupt is
 * connected, and writing. Nothing is assumed of the state that firmware, a boot loader or a driver
 * that died has left behind. tests/host/test_i8042prt_start.c runs this against a model with all
 * the misbehaviour that we know of.
 */
#pragma once
#include <wdm.h>

/* Status register */
#define I8X_OUTPUT_FULL 0x01 /* a byte can be read from the data port */
#define I8X_INPUT_FULL 0x02  /* the controller has not taken the last byte yet */
#define I8X_AUX_DATA 0x20    /* the byte is from the auxiliary device */
#define I8X_TIMEOUT 0x40     /* the byte did not come through whole */
#define I8X_PARITY 0x80

/* Controller commands */
#define I8X_READ_CONFIG 0x20
#define I8X_WRITE_CONFIG 0x60
#define I8X_DISABLE_AUX 0xA7
#define I8X_TEST_CONTROLLER 0xAA
#define I8X_TEST_PASSED 0x55
#define I8X_DISABLE_KEYBOARD 0xAD
#define I8X_ENABLE_KEYBOARD 0xAE
#define I8X_WRITE_AUX 0xD4

/* Controller configuration byte */
#define I8X_CONFIG_KEYBOARD_INTERRUPT 0x01
#define I8X_CONFIG_AUX_INTERRUPT 0x02
#define I8X_CONFIG_KEYBOARD_OFF 0x10
#define I8X_CONFIG_AUX_OFF 0x20
#define I8X_CONFIG_TRANSLATE 0x40

/* Keyboard commands, and how they are answered (I8X_ACK and I8X_RESEND: command.h) */
#define I8X_SET_LEDS 0xED
#define I8X_SET_TYPEMATIC 0xF3
#define I8X_ENABLE_SCANNING 0xF4
#define I8X_DISABLE_SCANNING 0xF5 /* and all settings as after power-on */
#define I8X_RESET 0xFF
#define I8X_RESET_PASSED 0xAA
#define I8X_RESET_FAILED 0xFC

/* Mouse command */
#define I8X_DISABLE_REPORTING 0xF5

typedef struct _I8X_CONTROLLER {
    PUCHAR DataPort;
    PUCHAR CommandPort;
    BOOLEAN Translates; /* scan-code set 2 to set 1; where it cannot, we do */
    BOOLEAN InStep;     /* the next byte of the keyboard begins a code */
    UCHAR ErrorBits;    /* of the status register: the byte cannot be trusted */
} I8X_CONTROLLER, *PI8X_CONTROLLER;

#define I8X_PAUSE 20 /* milliseconds; the bytes of a code follow each other faster */

/* The interrupt time so many milliseconds from now. */
ULONGLONG I8xDeadline(ULONG Milliseconds);

/* Waits for a byte that is not the auxiliary device's: STATUS_IO_TIMEOUT. */
NTSTATUS I8xReadByte(PI8X_CONTROLLER Controller, ULONGLONG Deadline, PUCHAR Byte);

/* Writes to the keyboard while it works. FALSE if the controller does not take it: within half a
 * second, or 4 ms above APC_LEVEL. */
BOOLEAN I8xWriteData(PI8X_CONTROLLER Controller, UCHAR Byte);

/* The same before the interrupt is connected, when keys that are in the way are dropped. */
BOOLEAN I8xSendToKeyboard(PI8X_CONTROLLER Controller, UCHAR Byte);

/* Drops what comes until there is a pause, or for 200 ms. */
VOID I8xDrain(PI8X_CONTROLLER Controller);

/*
 * Brings the controller into its final state, the keyboard's interrupt and translation on and the
 * auxiliary device off, and then lets the keyboard talk. STATUS_NO_SUCH_DEVICE where there is no
 * controller; features that it lacks are reported on the debug log, and the driver does without
 * them.
 */
NTSTATUS I8xInitializeController(PI8X_CONTROLLER Controller);
VOID I8xDisableController(PI8X_CONTROLLER Controller);

/*
 * Sets the keyboard to 30 repeats a second after 250 ms, all lights off, and has it scan. FALSE if
 * it does not answer: it may be plugged in later, and then works as it does after power-on.
 */
BOOLEAN I8xInitializeKeyboard(PI8X_CONTROLLER Controller);

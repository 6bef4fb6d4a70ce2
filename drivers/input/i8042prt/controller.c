/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 8042 controller, by polling. Some controllers forget their configuration in the self-test,
 * some have no interface test; what does not answer in time is taken for absent.
 */
#include "i8042prt.h"

#define I8X_POLL_MICROSECONDS 20
#define I8X_BUSY_POLLS 200 /* polls before waiting without the processor */
#define I8X_CONTROLLER_TIMEOUT 500
#define I8X_FLUSH_LIMIT 64 /* bytes; no controller holds more */

/* Waits until (status & Mask) == Value, for at most Timeout milliseconds. */
static BOOLEAN I8xWaitStatus(PDEVICE_EXTENSION Extension, UCHAR Mask, UCHAR Value, ULONG Timeout)
{
    LARGE_INTEGER Interval = {.QuadPart = -10000LL};

    for (ULONG Poll = 0; Poll < I8X_BUSY_POLLS + Timeout; Poll++) {
        if ((READ_PORT_UCHAR(Extension->CommandPort) & Mask) == Value)
            return TRUE;
        if (Poll < I8X_BUSY_POLLS || KeGetCurrentIrql() > APC_LEVEL)
            KeStallExecutionProcessor(I8X_POLL_MICROSECONDS);
        else
            KeDelayExecutionThread(KernelMode, FALSE, &Interval);
    }
    return FALSE;
}

BOOLEAN I8xWaitOutput(PDEVICE_EXTENSION Extension, ULONG Timeout)
{
    return I8xWaitStatus(Extension, I8X_OUTPUT_FULL, I8X_OUTPUT_FULL, Timeout);
}

/* STATUS_IO_TIMEOUT if no byte comes. */
NTSTATUS I8xReadByte(PDEVICE_EXTENSION Extension, ULONG Timeout, PUCHAR Byte)
{
    if (!I8xWaitOutput(Extension, Timeout))
        return STATUS_IO_TIMEOUT;
    *Byte = READ_PORT_UCHAR(Extension->DataPort);
    return STATUS_SUCCESS;
}

/* Writes to the keyboard, or the parameter of a controller command. */
BOOLEAN I8xWriteData(PDEVICE_EXTENSION Extension, UCHAR Byte)
{
    if (!I8xWaitStatus(Extension, I8X_INPUT_FULL, 0, I8X_CONTROLLER_TIMEOUT))
        return FALSE;
    WRITE_PORT_UCHAR(Extension->DataPort, Byte);
    return TRUE;
}

static BOOLEAN I8xControllerCommand(PDEVICE_EXTENSION Extension, UCHAR Command)
{
    if (!I8xWaitStatus(Extension, I8X_INPUT_FULL, 0, I8X_CONTROLLER_TIMEOUT))
        return FALSE;
    WRITE_PORT_UCHAR(Extension->CommandPort, Command);
    return TRUE;
}

static VOID I8xFlush(PDEVICE_EXTENSION Extension)
{
    for (ULONG i = 0; i < I8X_FLUSH_LIMIT; i++) {
        if (!(READ_PORT_UCHAR(Extension->CommandPort) & I8X_OUTPUT_FULL))
            return;
        READ_PORT_UCHAR(Extension->DataPort);
        KeStallExecutionProcessor(I8X_POLL_MICROSECONDS);
    }
}

/* Sends a command that is answered by one byte. */
static NTSTATUS I8xQueryController(PDEVICE_EXTENSION Extension, UCHAR Command, PUCHAR Answer)
{
    if (!I8xControllerCommand(Extension, Command))
        return STATUS_IO_TIMEOUT;
    return I8xReadByte(Extension, I8X_CONTROLLER_TIMEOUT, Answer);
}

static NTSTATUS I8xWriteConfiguration(PDEVICE_EXTENSION Extension, UCHAR Configuration)
{
    if (!I8xControllerCommand(Extension, I8X_WRITE_CONFIG) ||
        !I8xWriteData(Extension, Configuration))
        return STATUS_IO_TIMEOUT;
    return STATUS_SUCCESS;
}

/* Sets and clears bits of the configuration byte. */
static NTSTATUS I8xConfigure(PDEVICE_EXTENSION Extension, UCHAR Set, UCHAR Clear)
{
    UCHAR Configuration;
    NTSTATUS Status = I8xQueryController(Extension, I8X_READ_CONFIG, &Configuration);

    if (!NT_SUCCESS(Status))
        return Status;
    return I8xWriteConfiguration(Extension, (Configuration & ~Clear) | Set);
}

/*
 * Tests the controller and leaves it with the keyboard's port on and everything else off: no
 * interrupts, no translation, no auxiliary device. STATUS_NO_SUCH_DEVICE where there is no
 * controller, STATUS_IO_DEVICE_ERROR for one that fails its tests.
 */
NTSTATUS I8xInitializeController(PDEVICE_EXTENSION Extension)
{
    UCHAR Answer;

    if (READ_PORT_UCHAR(Extension->CommandPort) == 0xFF)
        return STATUS_NO_SUCH_DEVICE;
    if (!I8xControllerCommand(Extension, I8X_DISABLE_KEYBOARD) ||
        !I8xControllerCommand(Extension, I8X_DISABLE_AUX))
        return STATUS_NO_SUCH_DEVICE;
    I8xFlush(Extension);
    if (!NT_SUCCESS(I8xQueryController(Extension, I8X_TEST_CONTROLLER, &Answer)))
        return STATUS_NO_SUCH_DEVICE;
    if (Answer != 0x55)
        return STATUS_IO_DEVICE_ERROR;
    if (!NT_SUCCESS(I8xConfigure(Extension, I8X_CONFIG_AUX_OFF | I8X_CONFIG_KEYBOARD_OFF,
                                 I8X_CONFIG_KEYBOARD_INTERRUPT | I8X_CONFIG_AUX_INTERRUPT |
                                     I8X_CONFIG_TRANSLATE)))
        return STATUS_IO_DEVICE_ERROR;
    if (NT_SUCCESS(I8xQueryController(Extension, I8X_TEST_KEYBOARD_PORT, &Answer)) && Answer != 0)
        return STATUS_IO_DEVICE_ERROR;
    return I8xControllerCommand(Extension, I8X_ENABLE_KEYBOARD) ? STATUS_SUCCESS
                                                                : STATUS_IO_DEVICE_ERROR;
}

/* Translation and the keyboard's interrupt on. */
NTSTATUS I8xEnableController(PDEVICE_EXTENSION Extension)
{
    return I8xConfigure(Extension, I8X_CONFIG_KEYBOARD_INTERRUPT | I8X_CONFIG_TRANSLATE,
                        I8X_CONFIG_KEYBOARD_OFF | I8X_CONFIG_AUX_INTERRUPT);
}

VOID I8xDisableController(PDEVICE_EXTENSION Extension)
{
    I8xControllerCommand(Extension, I8X_DISABLE_KEYBOARD);
    I8xWriteConfiguration(Extension, I8X_CONFIG_KEYBOARD_OFF | I8X_CONFIG_AUX_OFF);
}

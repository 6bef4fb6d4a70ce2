/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The controller: see controller.h. A byte in the output buffer does not say what it answers. So
 * nothing is asked before the keyboard is held off and all that was under way has been dropped, and
 * the configuration byte counts only when two readings of it agree.
 */
#include "controller.h"

#define I8X_POLL_MICROSECONDS 20
#define I8X_BUSY_POLLS 200    /* 4 ms of polling, before the thread sleeps between polls */
#define I8X_INPUT_TIMEOUT 500 /* milliseconds */
#define I8X_ANSWER_TIMEOUT 500
#define I8X_DRAIN_LIMIT 200
#define I8X_TRIES 3
#define I8X_READINGS 10 /* of the configuration byte, until two agree */

#define I8X_CONFIG_OURS                                                                            \
    (I8X_CONFIG_KEYBOARD_INTERRUPT | I8X_CONFIG_AUX_INTERRUPT | I8X_CONFIG_KEYBOARD_OFF |          \
     I8X_CONFIG_AUX_OFF | I8X_CONFIG_TRANSLATE)

ULONGLONG I8xDeadline(ULONG Milliseconds)
{
    return KeQueryInterruptTime() + Milliseconds * 10000ULL;
}

/* Waits until (status & Mask) == Value. */
static BOOLEAN I8xWaitStatus(PI8X_CONTROLLER Controller, UCHAR Mask, UCHAR Value,
                             ULONGLONG Deadline)
{
    LARGE_INTEGER Interval = {.QuadPart = -10000LL};

    for (ULONG Poll = 0; (READ_PORT_UCHAR(Controller->CommandPort) & Mask) != Value; Poll++) {
        if (Poll < I8X_BUSY_POLLS)
            KeStallExecutionProcessor(I8X_POLL_MICROSECONDS);
        else if (KeGetCurrentIrql() > APC_LEVEL || KeQueryInterruptTime() >= Deadline)
            return FALSE;
        else
            KeDelayExecutionThread(KernelMode, FALSE, &Interval);
    }
    return TRUE;
}

NTSTATUS I8xReadByte(PI8X_CONTROLLER Controller, ULONGLONG Deadline, PUCHAR Byte)
{
    do {
        UCHAR Status;

        if (!I8xWaitStatus(Controller, I8X_OUTPUT_FULL, I8X_OUTPUT_FULL, Deadline))
            break;
        Status = READ_PORT_UCHAR(Controller->CommandPort);
        *Byte = READ_PORT_UCHAR(Controller->DataPort);
        if (!(Status & I8X_AUX_DATA))
            return STATUS_SUCCESS;
    } while (KeQueryInterruptTime() < Deadline);
    return STATUS_IO_TIMEOUT;
}

BOOLEAN I8xWriteData(PI8X_CONTROLLER Controller, UCHAR Byte)
{
    if (!I8xWaitStatus(Controller, I8X_INPUT_FULL, 0, I8xDeadline(I8X_INPUT_TIMEOUT)))
        return FALSE;
    WRITE_PORT_UCHAR(Controller->DataPort, Byte);
    return TRUE;
}

/* A controller may accept nothing until its output has been fetched, so the output is dropped. */
static BOOLEAN I8xSend(PI8X_CONTROLLER Controller, PUCHAR Port, UCHAR Byte)
{
    ULONGLONG Deadline = I8xDeadline(I8X_INPUT_TIMEOUT);

    while (!I8xWaitStatus(Controller, I8X_INPUT_FULL, 0, 0)) {
        if (KeQueryInterruptTime() >= Deadline)
            return FALSE;
        READ_PORT_UCHAR(Controller->DataPort);
        Controller->InStep = FALSE;
    }
    WRITE_PORT_UCHAR(Port, Byte);
    return TRUE;
}

BOOLEAN I8xSendToKeyboard(PI8X_CONTROLLER Controller, UCHAR Byte)
{
    return I8xSend(Controller, Controller->DataPort, Byte);
}

static BOOLEAN I8xControllerCommand(PI8X_CONTROLLER Controller, UCHAR Command)
{
    return I8xSend(Controller, Controller->CommandPort, Command);
}

VOID I8xDrain(PI8X_CONTROLLER Controller)
{
    ULONGLONG Deadline = I8xDeadline(I8X_DRAIN_LIMIT);

    while (KeQueryInterruptTime() < Deadline &&
           I8xWaitStatus(Controller, I8X_OUTPUT_FULL, I8X_OUTPUT_FULL, I8xDeadline(I8X_PAUSE)))
        READ_PORT_UCHAR(Controller->DataPort);
}

/* Holds both devices off. */
static BOOLEAN I8xSilence(PI8X_CONTROLLER Controller)
{
    if (!I8xControllerCommand(Controller, I8X_DISABLE_KEYBOARD) ||
        !I8xControllerCommand(Controller, I8X_DISABLE_AUX))
        return FALSE;
    I8xDrain(Controller);
    return TRUE;
}

/* Sends a command that is answered by one byte. */
static BOOLEAN I8xQuery(PI8X_CONTROLLER Controller, UCHAR Command, PUCHAR Answer)
{
    return I8xControllerCommand(Controller, Command) &&
           NT_SUCCESS(I8xReadByte(Controller, I8xDeadline(I8X_ANSWER_TIMEOUT), Answer));
}

static BOOLEAN I8xTestController(PI8X_CONTROLLER Controller)
{
    UCHAR Answer;

    for (ULONG Try = 0; Try < I8X_TRIES; Try++) {
        if (I8xQuery(Controller, I8X_TEST_CONTROLLER, &Answer) && Answer == I8X_TEST_PASSED)
            return TRUE;
        I8xDrain(Controller);
    }
    return FALSE;
}

/* The configuration byte, once two readings agree. */
static BOOLEAN I8xReadConfiguration(PI8X_CONTROLLER Controller, PUCHAR Configuration)
{
    ULONG Last = 0x100, Next; /* no byte */
    UCHAR Byte;

    for (ULONG i = 0; i < I8X_READINGS; i++, Last = Next) {
        Next = I8xQuery(Controller, I8X_READ_CONFIG, &Byte) ? Byte : 0x100;
        if (Next == 0x100 && i + 1 == I8X_TRIES)
            return FALSE;
        if (Next != 0x100 && Next == Last) {
            I8xDrain(Controller);
            *Configuration = Byte;
            return TRUE;
        }
    }
    return FALSE;
}

/* Sends a command that has a parameter. */
static VOID I8xWriteController(PI8X_CONTROLLER Controller, UCHAR Command, UCHAR Parameter)
{
    if (I8xControllerCommand(Controller, Command))
        I8xSend(Controller, Controller->DataPort, Parameter);
}

/* The driver does without what the controller cannot do: it translates keys itself, and it tells a
 * mouse that is not held off to send nothing, since its bytes would get in the way of the
 * keyboard's. */
static VOID I8xTakeConfiguration(PI8X_CONTROLLER Controller, UCHAR Wanted, UCHAR Got)
{
    Controller->Translates = (Got & I8X_CONFIG_TRANSLATE) != 0;
    if ((Got ^ Wanted) & I8X_CONFIG_OURS)
        DbgPrint("i8042prt: the controller is set to %02x, not %02x\n", Got, Wanted);
    if (Got & I8X_CONFIG_AUX_OFF)
        return;
    I8xWriteController(Controller, I8X_WRITE_AUX, I8X_DISABLE_REPORTING);
    I8xDrain(Controller);
}

/* Both devices stay off for now. */
static VOID I8xConfigure(PI8X_CONTROLLER Controller)
{
    UCHAR Found = 0, Wanted, Got;
    BOOLEAN Known = I8xReadConfiguration(Controller, &Found);

    Wanted = Got = (Found & ~I8X_CONFIG_OURS) | I8X_CONFIG_KEYBOARD_INTERRUPT |
                   I8X_CONFIG_KEYBOARD_OFF | I8X_CONFIG_AUX_OFF | I8X_CONFIG_TRANSLATE;
    for (ULONG Try = 0; Try < I8X_TRIES; Try++) {
        I8xWriteController(Controller, I8X_WRITE_CONFIG, Wanted);
        Known = Known && I8xReadConfiguration(Controller, &Got);
        if (!Known || ((Got ^ Wanted) & I8X_CONFIG_OURS) == 0)
            break;
    }
    if (!Known)
        DbgPrint("i8042prt: the controller does not tell its configuration\n");
    I8xTakeConfiguration(Controller, Wanted, Got);
}

NTSTATUS I8xInitializeController(PI8X_CONTROLLER Controller)
{
    if (READ_PORT_UCHAR(Controller->CommandPort) == 0xFF || !I8xSilence(Controller))
        return STATUS_NO_SUCH_DEVICE;
    if (!I8xTestController(Controller))
        DbgPrint("i8042prt: the controller fails its self-test\n");
    I8xSilence(Controller); /* the test may have switched anything on */
    I8xConfigure(Controller);
    Controller->ErrorBits = ~READ_PORT_UCHAR(Controller->CommandPort) & (I8X_TIMEOUT | I8X_PARITY);
    return I8xControllerCommand(Controller, I8X_ENABLE_KEYBOARD) ? STATUS_SUCCESS
                                                                 : STATUS_IO_DEVICE_ERROR;
}

VOID I8xDisableController(PI8X_CONTROLLER Controller)
{
    I8xControllerCommand(Controller, I8X_DISABLE_KEYBOARD);
    I8xWriteController(Controller, I8X_WRITE_CONFIG, I8X_CONFIG_KEYBOARD_OFF | I8X_CONFIG_AUX_OFF);
}

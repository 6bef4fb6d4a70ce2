/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Setting up the keyboard: see controller.h. It is first told to stop scanning, which also restores
 * all settings to those after power-on. A reset takes seconds on some keyboards, and is only for
 * those that do not answer.
 */
#include "controller.h"
#include "command.h"
#include "typematic.h"

#define I8X_ACK_TIMEOUT 600    /* milliseconds; some take 400 */
#define I8X_RESET_TIMEOUT 4000 /* the keyboard's self-test */

/* Reads up to the first of two answers; bytes before it are of keys. */
static NTSTATUS I8xReadAnswer(PI8X_CONTROLLER Controller, ULONG Timeout, UCHAR Good, UCHAR Bad,
                              PUCHAR Answer)
{
    ULONGLONG Deadline = I8xDeadline(Timeout);
    NTSTATUS Status;

    for (;;) {
        Status = I8xReadByte(Controller, Deadline, Answer);
        if (!NT_SUCCESS(Status) || *Answer == Good || *Answer == Bad)
            return Status;
        Controller->InStep = FALSE;
    }
}

/* Sends a byte until it is acknowledged. */
static NTSTATUS I8xCommandByte(PI8X_CONTROLLER Controller, UCHAR Byte)
{
    for (ULONG Try = 0; Try < I8X_MAX_RESENDS; Try++) {
        UCHAR Answer;
        NTSTATUS Status = STATUS_IO_TIMEOUT;

        if (I8xSendToKeyboard(Controller, Byte))
            Status = I8xReadAnswer(Controller, I8X_ACK_TIMEOUT, I8X_ACK, I8X_RESEND, &Answer);
        if (!NT_SUCCESS(Status) || Answer == I8X_ACK)
            return Status;
    }
    return STATUS_IO_DEVICE_ERROR;
}

static VOID I8xCommandPair(PI8X_CONTROLLER Controller, UCHAR Command, UCHAR Parameter)
{
    if (NT_SUCCESS(I8xCommandByte(Controller, Command)))
        I8xCommandByte(Controller, Parameter);
}

static VOID I8xResetKeyboard(PI8X_CONTROLLER Controller)
{
    UCHAR Answer = I8X_RESET_FAILED;

    if (!NT_SUCCESS(I8xCommandByte(Controller, I8X_RESET)))
        return;
    I8xReadAnswer(Controller, I8X_RESET_TIMEOUT, I8X_RESET_PASSED, I8X_RESET_FAILED, &Answer);
    if (Answer != I8X_RESET_PASSED)
        DbgPrint("i8042prt: the keyboard fails its self-test\n");
}

BOOLEAN I8xInitializeKeyboard(PI8X_CONTROLLER Controller)
{
    NTSTATUS Status = I8xCommandByte(Controller, I8X_DISABLE_SCANNING);

    if (!NT_SUCCESS(Status)) {
        I8xResetKeyboard(Controller);
        Status = I8xCommandByte(Controller, I8X_DISABLE_SCANNING);
    }
    if (NT_SUCCESS(Status)) {
        I8xCommandPair(Controller, I8X_SET_LEDS, 0);
        I8xCommandPair(Controller, I8X_SET_TYPEMATIC,
                       I8xTypematicByte(I8X_RATE_MAXIMUM, I8X_DELAY_MINIMUM));
    }
    I8xDrain(Controller);
    Controller->InStep = NT_SUCCESS(Status); /* unless keys come before it is answered */
    return NT_SUCCESS(I8xCommandByte(Controller, I8X_ENABLE_SCANNING));
}

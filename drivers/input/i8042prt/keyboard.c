/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding and setting up the keyboard, by polling, with the controller's translation off. */
#include "i8042prt.h"
#include "typematic.h"

#define I8X_ACK_TIMEOUT 100    /* milliseconds */
#define I8X_RESET_TIMEOUT 1000 /* the keyboard's self-test */
#define I8X_ID_TIMEOUT 50

/*
 * Sends a byte until it is acknowledged. Bytes that are no answer are keys pressed meanwhile, and
 * are dropped.
 */
static NTSTATUS I8xSendByteToKeyboard(PDEVICE_EXTENSION Extension, UCHAR Byte)
{
    UCHAR Answer = I8X_RESEND;
    NTSTATUS Status;

    for (ULONG Try = 0; Try < I8X_MAX_RESENDS && Answer == I8X_RESEND; Try++) {
        if (!I8xWriteData(Extension, Byte))
            return STATUS_IO_TIMEOUT;
        do {
            Status = I8xReadByte(Extension, I8X_ACK_TIMEOUT, &Answer);
            if (!NT_SUCCESS(Status))
                return Status;
        } while (Answer != I8X_ACK && Answer != I8X_RESEND);
    }
    return Answer == I8X_ACK ? STATUS_SUCCESS : STATUS_IO_DEVICE_ERROR;
}

static NTSTATUS I8xSendPairToKeyboard(PDEVICE_EXTENSION Extension, UCHAR Command, UCHAR Parameter)
{
    NTSTATUS Status = I8xSendByteToKeyboard(Extension, Command);

    return NT_SUCCESS(Status) ? I8xSendByteToKeyboard(Extension, Parameter) : Status;
}

static NTSTATUS I8xResetKeyboard(PDEVICE_EXTENSION Extension)
{
    UCHAR Answer;
    NTSTATUS Status = I8xSendByteToKeyboard(Extension, I8X_RESET);

    if (NT_SUCCESS(Status))
        Status = I8xReadByte(Extension, I8X_RESET_TIMEOUT, &Answer);
    if (NT_SUCCESS(Status) && Answer != I8X_RESET_PASSED)
        Status = STATUS_IO_DEVICE_ERROR;
    return Status;
}

/*
 * An AT keyboard sends no identification, an enhanced one AB 83 (or, from controllers that
 * translate anyway, AB 41).
 */
static VOID I8xIdentifyKeyboard(PDEVICE_EXTENSION Extension)
{
    UCHAR Id[2] = {0, 0};

    Extension->Attributes.KeyboardIdentifier = (KEYBOARD_ID){.Type = 4, .Subtype = 0};
    Extension->Attributes.NumberOfKeysTotal = 101;
    if (!NT_SUCCESS(I8xSendByteToKeyboard(Extension, I8X_IDENTIFY)))
        return;
    if (NT_SUCCESS(I8xReadByte(Extension, I8X_ID_TIMEOUT, &Id[0])))
        I8xReadByte(Extension, I8X_ID_TIMEOUT, &Id[1]);
    if (Id[0] != 0xAB) {
        Extension->Attributes.KeyboardIdentifier.Type = 3;
        Extension->Attributes.NumberOfKeysTotal = 84;
    }
    I8xTrace(("i8042prt: keyboard %02x %02x\n", Id[0], Id[1]));
}

static VOID I8xSetAttributes(PDEVICE_EXTENSION Extension)
{
    PKEYBOARD_ATTRIBUTES Attributes = &Extension->Attributes;

    Attributes->KeyboardMode = 1;
    Attributes->NumberOfFunctionKeys = 12;
    Attributes->NumberOfIndicators = 3;
    Attributes->InputDataQueueLength = I8X_RING_PACKETS;
    Attributes->KeyRepeatMinimum.Rate = I8X_RATE_MINIMUM;
    Attributes->KeyRepeatMinimum.Delay = I8X_DELAY_MINIMUM;
    Attributes->KeyRepeatMaximum.Rate = I8X_RATE_MAXIMUM;
    Attributes->KeyRepeatMaximum.Delay = I8X_DELAY_MAXIMUM;
    Extension->Typematic.Rate = I8X_RATE_MAXIMUM;
    Extension->Typematic.Delay = I8X_DELAY_MINIMUM;
    Extension->Indicators.LedFlags = 0;
}

/*
 * Resets, identifies and enables the keyboard: LEDs off, 30 repeats a second after 250 ms. Fails
 * with STATUS_IO_TIMEOUT where none is connected, STATUS_IO_DEVICE_ERROR for one that is broken.
 */
NTSTATUS I8xInitializeKeyboard(PDEVICE_EXTENSION Extension)
{
    NTSTATUS Status = I8xResetKeyboard(Extension);

    if (!NT_SUCCESS(Status))
        return Status;
    I8xSendByteToKeyboard(Extension, I8X_DISABLE_SCANNING);
    I8xSetAttributes(Extension);
    I8xIdentifyKeyboard(Extension);
    I8xSendPairToKeyboard(Extension, I8X_SET_LEDS, 0);
    I8xSendPairToKeyboard(Extension, I8X_SET_TYPEMATIC,
                          I8xTypematicByte(I8X_RATE_MAXIMUM, I8X_DELAY_MINIMUM));
    return I8xSendByteToKeyboard(Extension, I8X_ENABLE_SCANNING);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* From the interrupt to the class driver. */
#include "i8042prt.h"

/* A controller that always has another byte must not keep the processor. */
#define I8X_BYTES_PER_INTERRUPT 32
#define I8X_RETRY_INTERVAL (-100000LL) /* 10 ms */

static BOOLEAN I8xInsertPacket(PDEVICE_EXTENSION Extension, USHORT MakeCode, USHORT Flags,
                               ULONG ExtraInformation)
{
    uint32_t Slot;

    if (!I8xRingInsert(&Extension->Ring, &Slot))
        return FALSE;
    RtlZeroMemory(&Extension->Packets[Slot], sizeof(KEYBOARD_INPUT_DATA));
    Extension->Packets[Slot].MakeCode = MakeCode;
    Extension->Packets[Slot].Flags = Flags;
    Extension->Packets[Slot].ExtraInformation = ExtraInformation;
    return TRUE;
}

/* A packet that stands for those that found no room goes before the next that does. */
static VOID I8xQueuePacket(PDEVICE_EXTENSION Extension, const I8X_KEY *Key)
{
    if (Extension->Overruns && I8xInsertPacket(Extension, I8X_OVERRUN, 0, Extension->Overruns))
        Extension->Overruns = 0;
    if (Extension->Overruns || !I8xInsertPacket(Extension, Key->MakeCode, Key->Flags, 0))
        Extension->Overruns++;
    KeInsertQueueDpc(&Extension->PacketDpc, NULL, NULL);
}

/*
 * Whether codes can be trusted to be whole. After an error, or if the keyboard was scanning before
 * the driver started, they cannot until there has been a pause.
 */
static BOOLEAN I8xIsInStep(PDEVICE_EXTENSION Extension)
{
    if (KeQueryInterruptTime() >= Extension->InStep)
        return TRUE;
    Extension->InStep = I8xDeadline(I8X_PAUSE);
    return FALSE;
}

/* A byte has not come through. It may have been part of a code. */
static VOID I8xHandleError(PDEVICE_EXTENSION Extension)
{
    I8X_KEY Key;

    I8xDecodeByte(&Extension->Scan, I8X_OVERRUN, &Key);
    I8xQueuePacket(Extension, &Key);
    Extension->InStep = I8xDeadline(I8X_PAUSE);
}

/* A byte from the keyboard: the answer to a command, or part of a key's code. */
static VOID I8xHandleByte(PDEVICE_EXTENSION Extension, UCHAR Byte)
{
    uint8_t Next;
    I8X_KEY Key;

    switch (I8xAnswerCommand(&Extension->Command, Byte, &Next)) {
    case I8xSendByte:
        I8xWriteData(&Extension->Controller,
                     Next); /* if it cannot be sent, the timer tries again */
        return;
    case I8xFinished:
    case I8xFailed:
        Extension->CommandStatus = Byte == I8X_ACK ? STATUS_SUCCESS : STATUS_IO_DEVICE_ERROR;
        KeInsertQueueDpc(&Extension->CommandDpc, NULL, NULL);
        return;
    case I8xNotMine:
        break;
    }
    if (Byte != I8X_ACK && Byte != I8X_RESEND && I8xIsInStep(Extension) &&
        I8xDecodeByte(&Extension->Scan, Byte, &Key))
        I8xQueuePacket(Extension, &Key);
}

/* The interrupt service routine: reads what the controller has. */
BOOLEAN NTAPI I8xInterruptService(PKINTERRUPT Interrupt, PVOID ServiceContext)
{
    PDEVICE_EXTENSION Extension = ServiceContext;
    BOOLEAN Handled = FALSE;

    for (ULONG i = 0; i < I8X_BYTES_PER_INTERRUPT; i++) {
        UCHAR Status = READ_PORT_UCHAR(Extension->Controller.CommandPort);
        UCHAR Byte;

        if (!(Status & I8X_OUTPUT_FULL))
            break;
        Byte = READ_PORT_UCHAR(Extension->Controller.DataPort);
        if (!(Status & I8X_AUX_DATA)) {
            if (Status & Extension->Controller.ErrorBits)
                I8xHandleError(Extension);
            else
                I8xHandleByte(Extension, Byte);
        }
        Handled = TRUE;
    }
    return Handled;
}

/*
 * Offers the oldest packets that lie side by side; FALSE if there are none or not all of them were
 * taken.
 */
static BOOLEAN I8xOfferPackets(PDEVICE_EXTENSION Extension, PULONG Left)
{
    PSERVICE_CALLBACK_ROUTINE Service = (PSERVICE_CALLBACK_ROUTINE)Extension->Class.ClassService;
    KIRQL Irql = KeAcquireInterruptSpinLock(Extension->Interrupt);
    ULONG Consumed = 0, Count;
    uint32_t Slot;

    Count = I8xRingPeek(&Extension->Ring, &Slot);
    KeReleaseInterruptSpinLock(Extension->Interrupt, Irql);
    if (Count > 0)
        Service(Extension->Class.ClassDeviceObject, &Extension->Packets[Slot],
                &Extension->Packets[Slot + Count], &Consumed);
    Irql = KeAcquireInterruptSpinLock(Extension->Interrupt);
    I8xRingRemove(&Extension->Ring, min(Consumed, Count));
    *Left = Extension->Ring.Count;
    KeReleaseInterruptSpinLock(Extension->Interrupt, Irql);
    return Count > 0 && Consumed >= Count;
}

/* Gives the packets to the class driver; what it does not take is offered again a little later. */
VOID NTAPI I8xPacketDpc(PKDPC Dpc, PVOID DeferredContext, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_EXTENSION Extension = DeferredContext;
    LARGE_INTEGER DueTime = {.QuadPart = I8X_RETRY_INTERVAL};
    ULONG Left = 0;

    if (!Extension->Class.ClassService || !Extension->Interrupt)
        return;
    while (I8xOfferPackets(Extension, &Left) && Left > 0)
        ;
    if (Left > 0)
        KeSetTimer(&Extension->RetryTimer, DueTime, &Extension->PacketDpc);
}

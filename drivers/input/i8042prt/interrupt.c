/* SPDX-License-Identifier: BSD-2-Clause */
/* From the interrupt to the class driver. */
#include "i8042prt.h"

#define I8X_BYTES_PER_INTERRUPT                                                                    \
    32 /* a controller that never runs dry must not hold the processor */
#define I8X_RETRY_INTERVAL (-100000LL) /* 10 ms */

static VOID I8xQueuePacket(PDEVICE_EXTENSION Extension, const I8X_KEY *Key)
{
    uint32_t Slot;

    if (!I8xRingInsert(&Extension->Ring, &Slot)) {
        Extension->Overruns++;
        return;
    }
    RtlZeroMemory(&Extension->Packets[Slot], sizeof(KEYBOARD_INPUT_DATA));
    Extension->Packets[Slot].MakeCode = Key->MakeCode;
    Extension->Packets[Slot].Flags = Key->Flags;
    KeInsertQueueDpc(&Extension->PacketDpc, NULL, NULL);
}

/* A byte from the keyboard: the answer to a command, or part of a key's code. */
static VOID I8xHandleByte(PDEVICE_EXTENSION Extension, UCHAR Byte)
{
    uint8_t Next;
    I8X_KEY Key;

    switch (I8xAnswerCommand(&Extension->Command, Byte, &Next)) {
    case I8xSendByte:
        WRITE_PORT_UCHAR(Extension->DataPort,
                         Next); /* the controller is idle: it has just delivered the answer */
        return;
    case I8xFinished:
    case I8xFailed:
        Extension->CommandStatus = Byte == I8X_ACK ? STATUS_SUCCESS : STATUS_IO_DEVICE_ERROR;
        KeInsertQueueDpc(&Extension->CommandDpc, NULL, NULL);
        return;
    case I8xNotMine:
        break;
    }
    if (Byte != I8X_ACK && Byte != I8X_RESEND && I8xDecodeByte(&Extension->Scan, Byte, &Key))
        I8xQueuePacket(Extension, &Key);
}

/* The interrupt service routine: reads what the controller has. */
BOOLEAN NTAPI I8xInterruptService(PKINTERRUPT Interrupt, PVOID ServiceContext)
{
    PDEVICE_EXTENSION Extension = ServiceContext;
    BOOLEAN Handled = FALSE;

    for (ULONG i = 0; i < I8X_BYTES_PER_INTERRUPT; i++) {
        UCHAR Status = READ_PORT_UCHAR(Extension->CommandPort);
        UCHAR Byte;

        if (!(Status & I8X_OUTPUT_FULL))
            break;
        Byte = READ_PORT_UCHAR(Extension->DataPort);
        if (!(Status & I8X_AUX_DATA))
            I8xHandleByte(Extension, Byte);
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

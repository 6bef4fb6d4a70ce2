/* SPDX-License-Identifier: BSD-2-Clause */
/* The first serial port, for the debug log: 115200 baud, 8N1, written to by polling. */
#include "halp.h"

#define COM1 0x3f8
#define COM_DATA (COM1 + 0)
#define COM_INTERRUPT_ENABLE (COM1 + 1)
#define COM_FIFO_CONTROL (COM1 + 2)
#define COM_LINE_CONTROL (COM1 + 3)
#define COM_MODEM_CONTROL (COM1 + 4)
#define COM_LINE_STATUS (COM1 + 5)

#define COM_DIVISOR_LATCH 0x80
#define COM_8N1 0x03
#define COM_TRANSMITTER_EMPTY 0x20
#define COM_FIFO_SIZE 16

/* Emptying the FIFO takes 1.4 ms; a poll, being a system call, takes more than 0.2 us. */
#define COM_MAXIMUM_POLLS 20000

static BOOLEAN HalpSerialReady;

void HalpInitializeSerial(void)
{
    seL4_CPtr Cap;

    /* The range is issued at once, so that no driver can get a part of it. */
    if (!NT_SUCCESS(HalpClaimPorts(COM1, 8, &Cap)))
        return;
    HalWritePort8(COM_INTERRUPT_ENABLE, 0);
    HalWritePort8(COM_LINE_CONTROL, COM_DIVISOR_LATCH | COM_8N1);
    HalWritePort8(COM_DATA, 1); /* divisor 1: 115200 baud */
    HalWritePort8(COM_INTERRUPT_ENABLE, 0);
    HalWritePort8(COM_LINE_CONTROL, COM_8N1);
    HalWritePort8(COM_FIFO_CONTROL, 0x07);  /* on, both cleared */
    HalWritePort8(COM_MODEM_CONTROL, 0x03); /* DTR, RTS */
    HalpSerialReady = HalReadPort8(COM_LINE_STATUS) != 0xff;
}

/* A port that does not empty its FIFO is not written to again. */
static BOOLEAN HalpWaitForFifo(void)
{
    ULONG Polls;

    for (Polls = 0; Polls < COM_MAXIMUM_POLLS; Polls++)
        if (HalReadPort8(COM_LINE_STATUS) & COM_TRANSMITTER_EMPTY)
            return TRUE;
    HalpSerialReady = FALSE;
    return FALSE;
}

static void HalpSerialPut(char Character)
{
    static ULONG Room;

    if (!Room) {
        if (!HalpWaitForFifo())
            return;
        Room = COM_FIFO_SIZE;
    }
    HalWritePort8(COM_DATA, (UCHAR)Character);
    Room--;
}

/* Text goes out with CR LF for each \n; it is dropped when there is no serial port. */
void HalSerialWrite(const char *Text, SIZE_T Length)
{
    SIZE_T i;

    for (i = 0; i < Length && HalpSerialReady; i++) {
        if (Text[i] == '\n')
            HalpSerialPut('\r');
        HalpSerialPut(Text[i]);
    }
}

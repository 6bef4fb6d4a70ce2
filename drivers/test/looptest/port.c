/* SPDX-License-Identifier: BSD-2-Clause */
/* A 16550's interrupt: with an empty transmitter it comes as soon as it is enabled. */
#include "looptest.h"
#include "../pnpdevice.h"

#define INTERRUPT_ENABLE 1
#define INTERRUPT_ENABLE_TRANSMITTER_EMPTY 0x02
#define MODEM_CONTROL 4
#define MODEM_CONTROL_INTERRUPTS 0x08 /* OUT2, which lets the interrupt through in a PC */

static PUCHAR Port;
static PKINTERRUPT Interrupt;
static volatile BOOLEAN Armed;

static BOOLEAN NTAPI PortInterrupt(PKINTERRUPT Object, PVOID Context)
{
    while (Armed)
        __asm__ volatile("pause");
    return TRUE;
}

/* The resources that the root bus has: ports, then the interrupt. */
NTSTATUS PortStart(PCM_RESOURCE_LIST Resources)
{
    return ConnectTestInterrupt(Resources, PortInterrupt, &Interrupt, &Port);
}

VOID PortInterruptOnce(VOID)
{
    Armed = TRUE;
    WRITE_PORT_UCHAR(Port + MODEM_CONTROL, MODEM_CONTROL_INTERRUPTS);
    WRITE_PORT_UCHAR(Port + INTERRUPT_ENABLE, INTERRUPT_ENABLE_TRANSMITTER_EMPTY);
}

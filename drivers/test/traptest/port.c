/* SPDX-License-Identifier: BSD-2-Clause */
/* The port's interrupt: its routine and a thread race for instructions that nobody has executed
 * yet. */
#include "traptest.h"
#include "../pnpdevice.h"

#define INTERRUPT_ENABLE 1
#define TRANSMITTER_EMPTY 0x02 /* it comes as soon as it is enabled */
#define MODEM_CONTROL 4
#define MODEM_CONTROL_INTERRUPTS 0x08 /* OUT2, which lets it through in a PC */

static PKINTERRUPT Interrupt;
static ULONG volatile Race, Interrupts, Wrong;

static VOID WritePort(ULONG Register, UCHAR Value)
{
    WRITE_PORT_UCHAR((PUCHAR)(ULONG_PTR)(PORT_BASE + Register), Value);
}

static VOID RunRace(ULONG Number)
{
    PUCHAR Code = SiteRaces + Number % SITE_RACES * SITE_RACE_LENGTH;

    if (((UCHAR(*)(ULONG_PTR))(PVOID)Code)(PORT_SCRATCH) != SCRATCH)
        Wrong++;
}

/* It comes to the same instruction as the thread, or is there before it. */
static BOOLEAN NTAPI PortInterrupt(PKINTERRUPT Object, PVOID Context)
{
    WritePort(INTERRUPT_ENABLE, 0);
    Interrupts++;
    RunRace(Race);
    return TRUE;
}

NTSTATUS PortStart(PCM_RESOURCE_LIST Resources)
{
    PUCHAR Port = NULL;
    NTSTATUS Status = ConnectTestInterrupt(Resources, PortInterrupt, &Interrupt, &Port);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Port != (PUCHAR)PORT_BASE)
        return STATUS_INSUFFICIENT_RESOURCES;
    WRITE_PORT_UCHAR((PUCHAR)PORT_SCRATCH, SCRATCH);
    return STATUS_SUCCESS;
}

/* One race: the interrupt comes while the thread traps, or just before or behind. */
static VOID RaceWithInterrupt(ULONG Number, ULONG Pause)
{
    Race = Number;
    WritePort(INTERRUPT_ENABLE, TRANSMITTER_EMPTY);
    for (volatile ULONG i = 0; i < Pause; i++)
        ;
    RunRace(Number);
    WritePort(INTERRUPT_ENABLE, 0);
}

VOID TestRaces(VOID)
{
    Interrupts = Wrong = 0;
    WritePort(MODEM_CONTROL, MODEM_CONTROL_INTERRUPTS);
    for (ULONG i = 0; i < SITE_RACES; i++)
        RaceWithInterrupt(i, i * 7);
    for (ULONG i = 0; i < SITE_RACES; i++)
        RaceWithInterrupt(i, 0);
    CHECK(Interrupts >= SITE_RACES);
    CHECK(!Wrong);
}

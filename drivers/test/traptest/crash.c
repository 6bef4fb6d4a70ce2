/* SPDX-License-Identifier: BSD-2-Clause */
/* What is refused ends the driver as the instruction does. None of these returns. */
#include "traptest.h"

#define FOREIGN_PORT 0x64

static VOID ReadForeignPort(VOID)
{
    SiteIn8(FOREIGN_PORT, 0);
}

/* The instruction has been replaced when it is refused. */
static VOID ReadForeignPortLater(VOID)
{
    SiteIn8(PORT_SCRATCH, 0);
    SiteIn8(FOREIGN_PORT, 0);
}

static VOID ReadPastOwnPorts(VOID)
{
    SiteIn32(PORT_SCRATCH, 0);
}

static VOID ReadImmediatePort(VOID)
{
    SiteInImmediate(0, 0);
}

static VOID ReadStringToNowhere(VOID)
{
    SITE_STRING String = {PORT_SCRATCH, 8, 16, FALSE};

    SiteRepInsb(&String);
}

static VOID ReadForeignString(VOID)
{
    UCHAR Buffer[8];
    SITE_STRING String = {FOREIGN_PORT, 8, (ULONG_PTR)Buffer, FALSE};

    SiteRepInsb(&String);
}

static VOID WriteStringFromElsewhere(VOID)
{
    UCHAR Buffer[8];
    SITE_STRING String = {PORT_SCRATCH, 8, (ULONG_PTR)Buffer, FALSE};

    SiteRepOutsFs(&String);
}

static VOID DisableInterrupts(VOID)
{
    __asm__ volatile("cli");
}

static VOID SetControlRegister(VOID)
{
    ULONG_PTR Value = 0;

    __asm__ volatile("mov %0, %%cr3" : : "r"(Value) : "memory");
}

static VOID (*const Crashes[])(VOID) = {
    ReadForeignPort,     ReadForeignPortLater, ReadPastOwnPorts,
    ReadStringToNowhere, ReadForeignString,    WriteStringFromElsewhere,
    DisableInterrupts,   SetControlRegister,   ReadImmediatePort,
};

NTSTATUS TrapCrash(ULONG Index)
{
    if (Index >= sizeof(Crashes) / sizeof(Crashes[0]))
        return STATUS_NO_MORE_ENTRIES;
    Crashes[Index]();
    return STATUS_SUCCESS;
}

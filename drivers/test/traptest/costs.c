/* SPDX-License-Identifier: BSD-2-Clause */
/* What the instructions cost once they have been executed. */
#include "traptest.h"

#define ROUNDS 100
#define SECTOR 512

static VOID Nothing(VOID)
{
}

static VOID RaiseAndLower(VOID)
{
    KIRQL Irql;

    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    KeLowerIrql(Irql);
}

static VOID ReadPort(VOID)
{
    READ_PORT_UCHAR((PUCHAR)PORT_SCRATCH);
}

static VOID ReadSector(VOID)
{
    static USHORT Sector[SECTOR / sizeof(USHORT)];
    SITE_STRING String = {PORT_SCRATCH - 1, SECTOR / sizeof(USHORT), (ULONG_PTR)Sector, FALSE};

    SiteRepInsw(&String);
}

/* In code that may be written to, so it traps each time. */
static VOID Trap(VOID)
{
    SiteWritable(PORT_SCRATCH);
}

static VOID (*const Operations[])(VOID) = {RaiseAndLower, ReadPort, ReadSector, Trap};

static ULONGLONG Least(VOID (*Operation)(VOID))
{
    ULONGLONG Least = ~0ULL;

    for (ULONG i = 0; i < ROUNDS; i++) {
        ULONGLONG Start = __rdtsc(), Taken;

        Operation();
        Taken = __rdtsc() - Start;
        if (Taken < Least)
            Least = Taken;
    }
    return Least;
}

NTSTATUS TrapMeasure(ULONG Index, PULONGLONG Ticks)
{
    if (Index >= sizeof(Operations) / sizeof(Operations[0]))
        return STATUS_NO_MORE_ENTRIES;
    *Ticks = Least(Operations[Index]) - Least(Nothing);
    return STATUS_SUCCESS;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What amd64 alone has: the level in CR8, REX prefixes, addresses of 32 bits, more registers. */
#include "../../traptest.h"

#define TIMES 3
#define CARRY_FLAG 0x001
#define DIRECTION_FLAG 0x400

ULONG_PTR SiteInWide(ULONG_PTR Port, ULONG_PTR Accumulator);
VOID SiteRepInsShort(PSITE_STRING String);
VOID SiteSetLevel(ULONG_PTR Level);
ULONG_PTR SiteGetLevel(VOID);
/* Registers by their numbers, then XMM0 and XMM5; in place of RSP the flags */
VOID SitePreserve(ULONG64 Registers[20], ULONG_PTR Port);

static ULONG Calls;

static VOID NTAPI CountCall(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    Calls += KeGetCurrentIrql() == DISPATCH_LEVEL;
}

/* Lowering the level runs the DPCs, before anything else of the driver. */
static VOID TestDpc(VOID)
{
    static KDPC Dpc;
    KIRQL Irql;

    KeInitializeDpc(&Dpc, CountCall, NULL);
    Calls = 0;
    for (ULONG i = 0; i < TIMES; i++) {
        KeRaiseIrql(DISPATCH_LEVEL, &Irql);
        KeInsertQueueDpc(&Dpc, NULL, NULL);
        CHECK(Calls == i && KeGetCurrentIrql() == DISPATCH_LEVEL);
        KeLowerIrql(Irql);
        CHECK(Calls == i + 1 && KeGetCurrentIrql() == PASSIVE_LEVEL);
    }
}

static VOID TestLevels(VOID)
{
    for (ULONG_PTR Level = 0; Level <= HIGH_LEVEL; Level++) {
        SiteSetLevel(Level);
        CHECK(SiteGetLevel() == Level);
    }
    SiteSetLevel(PASSIVE_LEVEL);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
}

static VOID TestRegisters(VOID)
{
    for (ULONG Time = 0; Time < TIMES; Time++) {
        ULONG64 Registers[20], Before[20];

        for (ULONG i = 0; i < 20; i++)
            Registers[i] = Before[i] = 0x0101010101010101 * (i + 1);
        SitePreserve(Registers, PORT_SCRATCH);
        CHECK(Registers[0] == ((Before[0] & ~0xffULL) | SCRATCH) && Registers[2] == PORT_SCRATCH);
        CHECK((Registers[4] & (CARRY_FLAG | DIRECTION_FLAG)) == (CARRY_FLAG | DIRECTION_FLAG));
        Before[0] = Registers[0];
        Before[2] = Registers[2];
        Before[4] = Registers[4];
        CHECK(RtlEqualMemory(Registers, Before, sizeof(Before)));
    }
}

/* Memory below 4 GB */
static VOID TestShortAddresses(VOID)
{
    PVOID Base = NULL;
    SIZE_T Size = PAGE_SIZE;

    CHECK(NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Base, 33, &Size,
                                             MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)) ||
          NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size,
                                             MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)));
    for (ULONG i = 0; i < TIMES; i++) {
        SITE_STRING String = {PORT_SCRATCH, 0x500000003, (ULONG_PTR)Base | 0x700000000, FALSE};

        SiteRepInsShort(&String);
        CHECK(String.Count == 0 && String.Address == (ULONG_PTR)Base + 3);
        CHECK(((PUCHAR)Base)[2] == SCRATCH && !((PUCHAR)Base)[3]);
    }
    Size = 0;
    ZwFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}

VOID TestProcessor(VOID)
{
    TestDpc();
    TestLevels();
    TestRegisters();
    TestShortAddresses();
}

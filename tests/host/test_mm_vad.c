// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/mm/vad.c rtl/tree.c rtl/memory.c rtl/arch/x86_64/copy.c
// options: -DNEPTUNE_HOST_TEST -Iinclude -Intos/inc -Ilibsel4/include -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "../../ntos/mm/mi.h"
#include "pool.h"

#define GRANULE MM_ALLOCATION_GRANULARITY
#define GRANULES 64 /* the part of the address space that the random test plays in */

static MM_ADDRESS_SPACE Vm;
static LONG Charged;

/* ---- What the code under test calls ---- */

SIZE_T MiSilentCharge(PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    return Vad->Committed ? (Last - Start + 1) >> PAGE_SHIFT : 0;
}

LONG MiPteCharge(PMI_VAD Vad, ULONG_PTR Address, MI_PTE Pte)
{
    return Pte.Set ? (LONG)Pte.Committed - Vad->Committed : 0;
}

SIZE_T MiSlotCharge(PMI_VAD Vad)
{
    return 0;
}

void MiReturnSlots(SIZE_T Count)
{
    CHECK_EQUAL(Count, 0);
}

PMM_ADDRESS_SPACE MiVmOf(struct _EPROCESS *Process)
{
    return &Vm;
}

NTSTATUS KeGiveWay(void)
{
    return STATUS_SUCCESS;
}

PMI_PTE MiNextPte(PMM_ADDRESS_SPACE Space, PULONG_PTR Address, ULONG_PTR Last)
{
    return 0;
}

PMI_PTE MiNextPteInTurn(PMM_ADDRESS_SPACE Space, PULONG_PTR Address, ULONG_PTR Last)
{
    return 0;
}

void MiEvictPage(PMM_ADDRESS_SPACE Space, MI_PTE *New)
{
}

void MiWritePte(PMI_PTE Pte, MI_PTE New)
{
}

void MiTrimTables(PMM_ADDRESS_SPACE Space, ULONG_PTR First, ULONG_PTR Last)
{
}

BOOLEAN MiChargeCommitment(PMM_ADDRESS_SPACE Space, SIZE_T Pages)
{
    Charged += (LONG)Pages;
    return TRUE;
}

void MiReturnCommitment(PMM_ADDRESS_SPACE Space, SIZE_T Pages)
{
    Charged -= (LONG)Pages;
}

void MiDereferenceSegment(PMI_SEGMENT Segment)
{
}

/* ---- Tests ---- */

static PMI_VAD Add(ULONG_PTR Start, SIZE_T Size)
{
    return MiCreateVad(&Vm, MiVadPrivate, Start, Size, PAGE_READWRITE);
}

static void Empty(void)
{
    while (Vm.VadTree.Root)
        MiDeleteVad(&Vm, CONTAINING_RECORD(Vm.VadTree.Root, MI_VAD, Node));
    CHECK_EQUAL(Vm.VirtualSize, 0);
    CHECK_EQUAL(Charged, 0);
}

TEST(an_empty_space_gives_its_ends)
{
    CHECK_EQUAL(MiFindFreeRange(&Vm, 0x1000, MM_HIGHEST_USER_ADDRESS, FALSE), 0x10000);
    CHECK_EQUAL(MiFindFreeRange(&Vm, 0x1000, MM_HIGHEST_USER_ADDRESS, TRUE),
                WORDS64 ? 0x7ffffffe0000 : 0x7ffe0000);
    CHECK_EQUAL(MiFindFreeRange(&Vm, 0x1000, 0x6fffffff, TRUE), 0x6fff0000);
    CHECK_EQUAL(MiFindFreeRange(&Vm, MM_HIGHEST_USER_ADDRESS, MM_HIGHEST_USER_ADDRESS, FALSE), 0);
    CHECK_EQUAL(MiFindFreeRange(&Vm, ~(SIZE_T)0, MM_HIGHEST_USER_ADDRESS, TRUE), 0);
    CHECK_EQUAL(MiFindFreeRange(&Vm, 0x10000, 0x1ffff, FALSE), 0x10000);
    CHECK_EQUAL(MiFindFreeRange(&Vm, 0x10000, 0x1fffe, FALSE), 0);
    CHECK_EQUAL(MiFindFreeRange(&Vm, 0x10000, 0x1fffe, TRUE), 0);
}

TEST(ranges_are_found_by_any_address_in_them)
{
    PMI_VAD First = Add(0x20000, 0x3000), Second = Add(0x40000, 0x10000);

    CHECK(MiFindVad(&Vm, 0x20000) == First && MiFindVad(&Vm, 0x22fff) == First &&
          !MiFindVad(&Vm, 0x23000));
    CHECK(!MiFindVad(&Vm, 0x1ffff) && MiFindVad(&Vm, 0x4ffff) == Second &&
          !MiFindVad(&Vm, 0x50000));
    CHECK(MiFirstVadFrom(&Vm, 0) == First && MiFirstVadFrom(&Vm, 0x23000) == Second &&
          !MiFirstVadFrom(&Vm, 0x50000));
    CHECK(MiIsRangeFree(&Vm, 0x23000, 0x3ffff) && !MiIsRangeFree(&Vm, 0x22000, 0x3ffff));
    CHECK(!MiIsRangeFree(&Vm, 0x30000, 0x40000) && !MiIsRangeFree(&Vm, 0, 0x10000));
    CHECK(!MiIsRangeFree(&Vm, MM_HIGHEST_USER_ADDRESS, MM_HIGHEST_USER_ADDRESS + 1));
    Empty();
}

TEST(zero_bits_bound_the_address)
{
    ULONG_PTR Highest;

    CHECK(MiZeroBitsLimit(0, &Highest) == STATUS_SUCCESS && Highest == MM_HIGHEST_USER_ADDRESS);
    CHECK(MiZeroBitsLimit(2, &Highest) == STATUS_SUCCESS && Highest == 0x3fffffff);
    CHECK(MiZeroBitsLimit(21, &Highest) == STATUS_SUCCESS && Highest == 0x7ff);
    CHECK(!NT_SUCCESS(MiZeroBitsLimit(22, &Highest)) && !NT_SUCCESS(MiZeroBitsLimit(31, &Highest)));
    if (!WORDS64) { /* larger numbers are masks, but only in 64 bits */
        CHECK(!NT_SUCCESS(MiZeroBitsLimit(0x12345678, &Highest)));
        return;
    }
    CHECK(MiZeroBitsLimit(0x12345678, &Highest) == STATUS_SUCCESS && Highest == 0x1fffffff);
    CHECK(MiZeroBitsLimit(~(ULONG_PTR)0, &Highest) == STATUS_SUCCESS &&
          Highest == MM_HIGHEST_USER_ADDRESS);
}

TEST(secured_ranges_are_known)
{
    PMI_VAD Vad = Add(0x100000, 0x10000);

    CHECK(!MiIsSecured(&Vm, Vad, 0x100000, 0x10ffff));
    MmSecureRange(0, (PVOID)0x102000, 0x1001);
    CHECK(MiIsSecured(&Vm, Vad, 0x103000, 0x103fff) && !MiIsSecured(&Vm, Vad, 0x104000, 0x10ffff));
    MmUnsecureRange(0, (PVOID)0x102000);
    CHECK(!MiIsSecured(&Vm, Vad, 0x100000, 0x10ffff));
    Empty();
}

static ULONG Seed = 7;

static ULONG Random(ULONG Limit)
{
    Seed = Seed * 1664525 + 1013904223;
    return (Seed >> 8) % Limit;
}

/* The same by looking at every granule; TopDown the highest, else the lowest. */
static ULONG_PTR SlowFind(SIZE_T Size, ULONG_PTR Highest, BOOLEAN TopDown)
{
    ULONG_PTR Start, Found = 0;

    for (Start = GRANULE; Start <= GRANULES * GRANULE; Start += GRANULE) {
        if (Start + Size - 1 <= Highest && MiIsRangeFree(&Vm, Start, Start + Size - 1)) {
            Found = Start;
            if (!TopDown)
                break;
        }
    }
    return Found;
}

TEST(free_ranges_are_those_that_a_slow_search_finds)
{
    ULONG Round;

    for (Round = 0; Round < 20000; Round++) {
        ULONG_PTR Highest = (2 + Random(GRANULES - 1)) * GRANULE - 1 - Random(2) * PAGE_SIZE;
        SIZE_T Size = (1 + Random(4 * GRANULE / PAGE_SIZE)) * PAGE_SIZE;
        BOOLEAN TopDown = (BOOLEAN)Random(2);
        ULONG_PTR Start = MiFindFreeRange(&Vm, Size, Highest, TopDown);

        CHECK_EQUAL(Start, SlowFind(Size, Highest, TopDown));
        if (Start && Random(3))
            Add(Start, Size);
        else if (MiFirstVadFrom(&Vm, Random(GRANULES) * GRANULE))
            MiDeleteVad(&Vm, MiFirstVadFrom(&Vm, Random(GRANULES / 2) * GRANULE)
                                 ?: MiFirstVadFrom(&Vm, 0));
    }
    Empty();
}

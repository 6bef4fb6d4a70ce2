// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/ex/pool.c
// options: -Iinclude -Intos/inc -Ilibsel4/include -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <ex.h>
#include <mm.h>
#include <ps.h>
#include <neptune/abi.h>

void *aligned_alloc(__SIZE_TYPE__ alignment, __SIZE_TYPE__ size);
void free(void *memory);

#undef memset
void *memset(void *Destination, int Value, size_t Length);

void *nep_memset(void *Destination, int Value, size_t Length)
{
    return memset(Destination, Value, Length);
}

static SIZE_T PagesInUse, PageLimit = 1 << 20;
static ULONG BugChecks;

PVOID MmAllocateSystemPages(SIZE_T Pages)
{
    PVOID Base;

    if (PagesInUse + Pages > PageLimit)
        return NULL;
    PagesInUse += Pages;
    Base = aligned_alloc(NEPTUNE_PAGE_SIZE, Pages * NEPTUNE_PAGE_SIZE);
    return memset(Base, 0, Pages * NEPTUNE_PAGE_SIZE);
}

PVOID MmAllocateSystemPagesGivingWay(SIZE_T Pages)
{
    return MmAllocateSystemPages(Pages);
}

void MmFreeSystemPagesGivingWay(PVOID Base, SIZE_T Pages)
{
    MmFreeSystemPages(Base, Pages);
}

void MmFreeSystemPages(PVOID Base, SIZE_T Pages)
{
    PagesInUse -= Pages;
    free(Base);
}

/* ---- Quotas ---- */
PETHREAD KiCurrentThread; /* NULL: nobody pays */
PMM_QUOTA *MmQuotaBlocks[MM_QUOTA_BLOCKS];
SIZE_T MmChargedPool;

BOOLEAN MmExtendQuota(PMM_QUOTA Quota, SIZE_T Bytes)
{
    return FALSE;
}

void MmShrinkQuota(PMM_QUOTA Quota)
{
}

static void *Resume[5];

/* Does not return, as the real one; the test goes on behind CATCH. */
void KeBugCheck(const char *Reason)
{
    BugChecks++;
    __builtin_longjmp(Resume, 1);
}

#define BUG_CHECKS(statement)                                                                      \
    (BugChecks = 0, __builtin_setjmp(Resume) == 0 ? (void)(statement) : (void)0, BugChecks)

static BOOLEAN IsZero(const UCHAR *Memory, SIZE_T Size)
{
    while (Size && !*Memory) {
        Memory++;
        Size--;
    }
    return !Size;
}

TEST(blocks_are_zeroed_aligned_and_apart)
{
    PUCHAR Blocks[300];
    ULONG i;

    ExInitializePool();
    for (i = 0; i < ARRAYSIZE(Blocks); i++) {
        Blocks[i] = ExAllocatePool(i * 9 + 1);
        REQUIRE(Blocks[i]);
        CHECK_EQUAL((ULONG_PTR)Blocks[i] % 16, 0);
        CHECK(IsZero(Blocks[i], i * 9 + 1));
        memset(Blocks[i], (int)i, i * 9 + 1);
    }
    for (i = 0; i < ARRAYSIZE(Blocks); i++) {
        CHECK_EQUAL(Blocks[i][0], (UCHAR)i);
        CHECK_EQUAL(Blocks[i][i * 9], (UCHAR)i);
        ExFreePool(Blocks[i]);
    }
    CHECK(PagesInUse <= 15);
}

TEST(used_blocks_come_back_zeroed)
{
    PVOID Block = ExAllocatePool(100);

    memset(Block, 0xff, 100);
    ExFreePool(Block);
    Block = ExAllocatePool(100);
    CHECK(IsZero(Block, 100));
    ExFreePool(Block);
}

TEST(empty_pages_go_back)
{
    PVOID Blocks[500];
    SIZE_T Before = PagesInUse;
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Blocks); i++)
        Blocks[i] = ExAllocatePool(400);
    CHECK(PagesInUse >= Before + 49);
    for (i = 0; i < ARRAYSIZE(Blocks); i++)
        ExFreePool(Blocks[(i * 7) % ARRAYSIZE(Blocks)]);
    CHECK(PagesInUse <= Before + 1);
}

TEST(large_blocks_are_runs_of_pages)
{
    SIZE_T Before = PagesInUse;
    PUCHAR Block = ExAllocatePool(100000);

    REQUIRE(Block);
    CHECK(IsZero(Block, 100000));
    CHECK_EQUAL(PagesInUse, Before + 25);
    ExFreePool(Block);
    CHECK_EQUAL(PagesInUse, Before);
}

TEST(no_memory_gives_null)
{
    PageLimit = PagesInUse;
    CHECK(!ExAllocatePool(50000));
    PageLimit = 1 << 20;
    CHECK(!ExAllocatePool(~(SIZE_T)0 >> 2));
    CHECK(!ExAllocatePool(~(SIZE_T)0));
}

TEST(freeing_twice_or_elsewhere_is_found_out)
{
    PUCHAR Block = ExAllocatePool(64), Run = ExAllocatePool(10000);

    CHECK_EQUAL(BUG_CHECKS(ExFreePool(NULL)), 0);
    CHECK_EQUAL(BUG_CHECKS(ExFreePool(Block + 16)), 1);
    CHECK_EQUAL(BUG_CHECKS(ExFreePool(Run + 16)), 1);
    ExFreePool(Run);
    ExAllocatePool(64); /* keeps the page */
    ExFreePool(Block);
    CHECK_EQUAL(BUG_CHECKS(ExFreePool(Block)), 1);
}

/* A program whose quota has the pages given. */
static PMM_QUOTA Run(SIZE_T Pages)
{
    static MM_QUOTA Quota;
    static EPROCESS Process;
    static ETHREAD Thread;
    static PMM_QUOTA Block[256];

    Quota = (MM_QUOTA){
        .Limit = Pages * NEPTUNE_PAGE_SIZE, .Pages = Pages, .Process = &Process, .Index = 3};
    Block[3] = &Quota;
    MmQuotaBlocks[0] = Block;
    Process.Quota = &Quota;
    Thread.Process = &Process;
    KiCurrentThread = &Thread;
    return &Quota;
}

TEST(blocks_are_charged_to_who_asks)
{
    PMM_QUOTA Quota = Run(4);
    PVOID Small = ExAllocatePool(90), Large = ExAllocatePool(5000), System;

    CHECK(Small && Large);
    CHECK(Quota->Bytes >= 8192 + 96 && Quota->Bytes <= 8192 + 110);
    CHECK_EQUAL(MmChargedPool, Quota->Bytes);
    KiCurrentThread = NULL;
    System = ExAllocatePool(90);
    ExFreePool(Large);
    CHECK(Quota->Bytes <= 110);
    ExFreePool(System);
    CHECK(Quota->Bytes >= 96);
    ExFreePool(Small);
    CHECK_EQUAL(Quota->Bytes, 0);
    CHECK_EQUAL(MmChargedPool, 0);
}

TEST(who_has_all_that_it_may_gets_no_more)
{
    PMM_QUOTA Quota = Run(1);
    PVOID Blocks[200];
    SIZE_T Before = PagesInUse;
    ULONG Count = 0;

    CHECK(!ExAllocatePool(5000));
    CHECK_EQUAL(PagesInUse, Before);
    while (Count < ARRAYSIZE(Blocks) && (Blocks[Count] = ExAllocatePool(64)) != NULL)
        Count++;
    CHECK(Count > 50 && Count <= 64);
    while (Count)
        ExFreePool(Blocks[--Count]);
    CHECK_EQUAL(Quota->Bytes, 0);
    KiCurrentThread = NULL;
}

#define OWN_SIZE 400

static SIZE_T OwnBlocks(PVOID *Blocks, SIZE_T Count)
{
    SIZE_T i;

    for (i = 0; i < Count && (Blocks[i] = ExAllocatePool(OWN_SIZE)) != NULL; i++)
        continue;
    return i;
}

/* Blocks of a page stay: one of each. */
static void FreeAllBut(PVOID *Blocks, SIZE_T Count, SIZE_T Each)
{
    for (SIZE_T i = 0; i < Count; i++)
        if (i % Each)
            ExFreePool(Blocks[i]);
}

TEST(pages_of_its_own_are_charged_as_long_as_they_are_there)
{
    PMM_QUOTA Quota = Run(30);
    SIZE_T Before = PagesInUse, Pages;
    PVOID Blocks[90], Other;

    Quota->Slabs = ExCreateSlabs();
    REQUIRE(Quota->Slabs);
    REQUIRE(OwnBlocks(Blocks, ARRAYSIZE(Blocks)) == ARRAYSIZE(Blocks));
    Pages = Quota->Bytes / NEPTUNE_PAGE_SIZE;
    CHECK_EQUAL(Pages, 9);
    CHECK(PagesInUse - Before >= Pages);
    FreeAllBut(Blocks, ARRAYSIZE(Blocks), 10);
    CHECK_EQUAL(Quota->Bytes, Pages * NEPTUNE_PAGE_SIZE);
    KiCurrentThread = NULL;
    Other = ExAllocatePool(OWN_SIZE);
    for (SIZE_T i = 0; i < ARRAYSIZE(Blocks); i += 10) {
        CHECK((ULONG_PTR)Blocks[i] / NEPTUNE_PAGE_SIZE != (ULONG_PTR)Other / NEPTUNE_PAGE_SIZE);
        ExFreePool(Blocks[i]);
    }
    CHECK_EQUAL(Quota->Bytes, NEPTUNE_PAGE_SIZE);
    ExTrimSlabs(Quota->Slabs);
    CHECK_EQUAL(Quota->Bytes, 0);
    ExFreePool(Quota->Slabs);
    ExFreePool(Other);
}

TEST(an_ended_process_keeps_no_empty_page)
{
    PMM_QUOTA Quota = Run(30);
    PVOID Blocks[20];

    Quota->Slabs = ExCreateSlabs();
    REQUIRE(Quota->Slabs);
    REQUIRE(OwnBlocks(Blocks, ARRAYSIZE(Blocks)) == ARRAYSIZE(Blocks));
    Quota->Process = NULL;
    KiCurrentThread = NULL;
    for (SIZE_T i = 0; i < ARRAYSIZE(Blocks); i++)
        ExFreePool(Blocks[i]);
    CHECK_EQUAL(Quota->Bytes, 0);
    ExFreePool(Quota->Slabs);
}

TEST(a_page_of_its_own_that_cannot_be_had)
{
    PMM_QUOTA Quota = Run(2);
    PVOID Blocks[90];
    SIZE_T Count;

    Quota->Slabs = ExCreateSlabs();
    REQUIRE(Quota->Slabs);
    Count = OwnBlocks(Blocks, ARRAYSIZE(Blocks));
    CHECK_EQUAL(Count, 20);
    Quota->Limit += NEPTUNE_PAGE_SIZE;
    PageLimit = PagesInUse;
    CHECK(!ExAllocatePool(OWN_SIZE));
    CHECK_EQUAL(Quota->Bytes, 2 * NEPTUNE_PAGE_SIZE);
    PageLimit = 1 << 20;
    while (Count)
        ExFreePool(Blocks[--Count]);
    ExTrimSlabs(Quota->Slabs);
    CHECK_EQUAL(Quota->Bytes, 0);
    ExFreePool(Quota->Slabs);
    KiCurrentThread = NULL;
}

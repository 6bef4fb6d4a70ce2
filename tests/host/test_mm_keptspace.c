// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/mm/keptspace.c rtl/tree.c rtl/memory.c rtl/arch/x86_64/copy.c
// options: -DNEPTUNE_HOST_TEST -Iinclude -Intos/inc -Ilibsel4/include -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
/* What kept address spaces cost whoever gets them, when charging for one gives up others. */
#include "test.h"
#include <ex.h>
#include <ps.h>
#include "../../ntos/mm/mi.h"
#include "pool.h"

SIZE_T MiCommittedPages;
static BOOLEAN Short;  /* whoever is charged gives up what is kept */
static BOOLEAN Refuse; /* nobody is charged anything */
static LONG Threads;   /* so many more there are */
static PVOID Contexts[4];
static ULONG Started; /* that have not run yet */
static void (*Body)(PVOID);
static MI_VAD Common[2];

/* ---- What the code under test calls ---- */

NTSTATUS KeCreateSystemThread(void (*Routine)(PVOID), PVOID Context)
{
    if (!Threads)
        return STATUS_INSUFFICIENT_RESOURCES;
    Threads--;
    Body = Routine;
    Contexts[Started++] = Context;
    return STATUS_SUCCESS;
}

BOOLEAN MiChargeCommitment(PMM_ADDRESS_SPACE Vm, SIZE_T Pages)
{
    if (Short)
        MiDropKeptSpaces();
    if (Refuse)
        return FALSE;
    MiCommittedPages += Pages;
    Vm->CommitPages += Pages;
    return TRUE;
}

void MiReturnCommitment(PMM_ADDRESS_SPACE Vm, SIZE_T Pages)
{
    MiCommittedPages -= Pages;
    Vm->CommitPages -= Pages;
}

void MmDeleteAddressSpace(PEPROCESS Process)
{
    MiReturnCommitment(&Process->Vm, Process->Vm.CommitPages);
}

SIZE_T MiAvailablePages(void)
{
    return MAXLONG;
}

PMI_PTE MiNextPteInTurn(PMM_ADDRESS_SPACE Vm, PULONG_PTR Address, ULONG_PTR Last)
{
    return NULL;
}

PMI_SUBSECTION MiFindSubsection(PMI_SEGMENT Segment, ULONG Page)
{
    return NULL;
}

ULONG MiPteProtection(MI_PTE Pte)
{
    return 0;
}

LONG MiPteCharge(PMI_VAD Vad, ULONG_PTR Address, MI_PTE Pte)
{
    return 0;
}

void MiEvictPage(PMM_ADDRESS_SPACE Vm, MI_PTE *New)
{
}

void MiWritePte(PMI_PTE Pte, MI_PTE New)
{
}

void MiTrimTables(PMM_ADDRESS_SPACE Vm, ULONG_PTR First, ULONG_PTR Last)
{
}

PMI_VAD MiFirstVadFrom(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    return NULL;
}

void KeInitializeEvent(PKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
}

void KeBugCheck(const char *What)
{
    FAIL("%s", What);
    __builtin_trap();
}

/* ---- The tests ---- */

/* An ended process leaves an address space of which Pages are committed. */
static void Keep(SIZE_T Pages)
{
    EPROCESS Process = {.Vm = {.CommitPages = Pages, .VirtualSize = Pages}};

    MiCommittedPages += Pages;
    RtlAvlInsertNodeEx(&Process.Vm.VadTree, NULL, FALSE, &Common[0].Node);
    RtlAvlInsertNodeEx(&Process.Vm.VadTree, &Common[0].Node, TRUE, &Common[1].Node);
    CHECK(MiKeepAddressSpace(&Process.Vm));
    CHECK_EQUAL(MiCommittedPages, 0);
}

static void DropAll(void)
{
    Threads = MAXLONG;
    MiDropKeptSpaces();
    while (Started)
        Body(Contexts[--Started]);
    CHECK_EQUAL(MiKeptPages, 0);
    CHECK_EQUAL(PoolBlocks, 0);
    CHECK_EQUAL(MiCommittedPages, 0);
}

TEST(a_kept_space_is_charged_to_its_next_process)
{
    MM_ADDRESS_SPACE Vm = {0};

    Keep(10);
    CHECK_EQUAL(MiKeptPages, 10);
    CHECK(MiReuseAddressSpace(&Vm));
    CHECK_EQUAL(Vm.CommitPages, 10);
    CHECK_EQUAL(MiKeptPages, 0);
    CHECK(!MiReuseAddressSpace(&Vm));
    MiReturnCommitment(&Vm, 10);
    DropAll();
}

/* VirtualSize says which one it has got. */
TEST(what_is_charged_is_what_is_got_when_others_are_given_up_meanwhile)
{
    MM_ADDRESS_SPACE Vm = {0};

    Keep(10);
    Keep(20);
    Short = TRUE;
    Threads = 1;
    CHECK(MiReuseAddressSpace(&Vm));
    Short = FALSE;
    CHECK_EQUAL(Vm.CommitPages, Vm.VirtualSize);
    MiReturnCommitment(&Vm, Vm.CommitPages);
    DropAll();
}

TEST(what_cannot_be_charged_stays_kept)
{
    MM_ADDRESS_SPACE Vm = {0};

    Keep(10);
    Refuse = TRUE;
    CHECK(!MiReuseAddressSpace(&Vm));
    Refuse = FALSE;
    CHECK_EQUAL(MiKeptPages, 10);
    CHECK(MiReuseAddressSpace(&Vm));
    MiReturnCommitment(&Vm, 10);
    DropAll();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commitment: every page promised to a client is backed by RAM that is there, since there is no
 * paging file yet. What a client makes us remember of it (tables, address ranges, sections) counts
 * like its pages, and so does what the system has taken for itself (pool, stacks, kernel objects):
 * neither may live on what the other has been promised.
 */
#include "mi.h"

#define TABLE_SHARE 16 /* one part in so many is kept for page tables and capabilities of pages */
/* Pool and kernel objects, when all that clients may have is promised: one part in so many, or this
 * many pages. */
#define SYSTEM_SHARE 32
#define SYSTEM_PAGES 1024

SIZE_T MiCommittedPages, MiCommitLimit, MiPeakCommitment;
static SIZE_T SystemLimit = MAXULONG_PTR, HardLimit, PagesAtStart;

static SIZE_T AllSystemPages(void)
{
    return MiSystemPages + MiStackPages + (MiKernelObjectBytes >> PAGE_SHIFT);
}

void MiInitializeCommitment(void)
{
    SIZE_T Available = MiAvailablePages();

    SIZE_T Share = Available / SYSTEM_SHARE;

    PagesAtStart = AllSystemPages();
    HardLimit = Available;
    SystemLimit = Available - Available / TABLE_SHARE;
    MiCommitLimit = SystemLimit - (Share < SYSTEM_PAGES ? Share : SYSTEM_PAGES);
}

/* What was there at the start may since have been freed. */
static BOOLEAN IsRoomFor(SIZE_T Pages, SIZE_T Limit)
{
    SIZE_T System = AllSystemPages();
    SIZE_T Used = MiCommittedPages + (System > PagesAtStart ? System - PagesAtStart : 0);

    return Used <= Limit && Pages <= Limit - Used;
}

BOOLEAN MiIsRoomForSystem(SIZE_T Pages)
{
    return IsRoomFor(Pages, SystemLimit);
}

static BOOLEAN Charge(PMM_ADDRESS_SPACE Vm, SIZE_T Pages, SIZE_T Limit)
{
    if (!IsRoomFor(Pages, Limit))
        return FALSE;
    MiCommittedPages += Pages;
    if (MiCommittedPages > MiPeakCommitment)
        MiPeakCommitment = MiCommittedPages;
    if (Vm)
        Vm->CommitPages += Pages;
    return TRUE;
}

BOOLEAN MiChargeCommitment(PMM_ADDRESS_SPACE Vm, SIZE_T Pages)
{
    return Charge(Vm, Pages, MiCommitLimit);
}

/* A page that was committed before needs its tables later, so these may use what is kept for the
 * system. */
BOOLEAN MiChargeTable(PMM_ADDRESS_SPACE Vm)
{
    return Charge(Vm, MI_TABLE_CHARGE, HardLimit);
}

void MiReturnCommitment(PMM_ADDRESS_SPACE Vm, SIZE_T Pages)
{
    ASSERT(Pages <= MiCommittedPages);
    MiCommittedPages -= Pages;
    if (Vm)
        Vm->CommitPages -= Pages;
}

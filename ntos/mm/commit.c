/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commitment: every page promised to a client is backed by RAM that is there, since there is no
 * paging file yet. What a client makes us remember of it (tables, address ranges, sections) counts
 * like its pages.
 */
#include "mi.h"

#define SYSTEM_SHARE 16 /* one part in so many is kept for kernel objects and page tables */

SIZE_T MiCommittedPages, MiCommitLimit, MiPeakCommitment;
static SIZE_T HardLimit;

void MiInitializeCommitment(void)
{
    SIZE_T Available = MiAvailablePages();

    MiCommitLimit = Available - Available / SYSTEM_SHARE;
    HardLimit = Available;
}

static BOOLEAN Charge(PMM_ADDRESS_SPACE Vm, SIZE_T Pages, SIZE_T Limit)
{
    if (MiCommittedPages > Limit || Pages > Limit - MiCommittedPages)
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

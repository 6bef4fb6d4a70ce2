/* SPDX-License-Identifier: BSD-2-Clause */
/* Commitment: every page promised to a client is backed by RAM that is there, since there is no paging file yet. */
#include "mi.h"

#define SYSTEM_SHARE 16 /* one part in so many is kept for kernel objects and page tables */

SIZE_T MiCommittedPages, MiCommitLimit, MiPeakCommitment;

void MiInitializeCommitment(void)
{
    SIZE_T Available = MiFreeFrames + (MiFreeUntypedBytes >> PAGE_SHIFT);

    MiCommitLimit = Available - Available / SYSTEM_SHARE;
}

BOOLEAN MiChargeCommitment(PMM_ADDRESS_SPACE Vm, SIZE_T Pages)
{
    if (Pages > MiCommitLimit - MiCommittedPages)
        return FALSE;
    MiCommittedPages += Pages;
    if (MiCommittedPages > MiPeakCommitment)
        MiPeakCommitment = MiCommittedPages;
    if (Vm)
        Vm->CommitPages += Pages;
    return TRUE;
}

void MiReturnCommitment(PMM_ADDRESS_SPACE Vm, SIZE_T Pages)
{
    ASSERT(Pages <= MiCommittedPages);
    MiCommittedPages -= Pages;
    if (Vm)
        Vm->CommitPages -= Pages;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of memory management, and its statistics. */
#include "mi.h"

PKUSER_SHARED_DATA MmSharedUserData;

static ULONG FrameLimit(seL4_BootInfo *BootInfo)
{
    ULONGLONG Limit = (ULONGLONG)MiHighMemoryLimit() << PAGE_SHIFT;
    ULONG Index;

    for (Index = 0; BootInfo->untyped.start + Index < BootInfo->untyped.end; Index++) {
        const seL4_UntypedDesc *Description = &BootInfo->untypedList[Index];
        ULONGLONG End = (ULONGLONG)Description->paddr + (1ull << Description->sizeBits);

        if (!Description->isDevice && End > Limit)
            Limit = End;
    }
    Limit = (Limit + PAGE_SIZE - 1) >> PAGE_SHIFT;
    return (ULONG)(Limit < MI_MAXIMUM_FRAME ? Limit : MI_MAXIMUM_FRAME);
}

void MmInitialize(seL4_BootInfo *BootInfo)
{
    MiInitializeSlots(BootInfo);
    MiInitializeUntyped(BootInfo);
    MiInitializeDevices(BootInfo);
    MiInitializeHighMemory(BootInfo);
    MiInitializeFrames();
    MiInitializeCSpace(BootInfo, FrameLimit(BootInfo));
    MmSharedUserData = MmAllocateSystemPages(1);
    if (!MmSharedUserData)
        KeBugCheck("no memory");
    MiInitializeCommitment();
}

void MmQueryStatistics(MM_STATISTICS *Statistics)
{
    Statistics->TotalPages = (MiUntypedBytes >> PAGE_SHIFT) + MiHighPages;
    Statistics->AvailablePages = MiAvailablePages();
    Statistics->CommittedPages = MiCommittedPages;
    Statistics->CommitLimit = MiCommitLimit;
    Statistics->PeakCommitment = MiPeakCommitment;
    Statistics->PoolPages = MiSystemPages;
    Statistics->KernelObjectBytes = MiKernelObjectBytes;
    Statistics->PromisedSlots = MiPromisedSlots();
}

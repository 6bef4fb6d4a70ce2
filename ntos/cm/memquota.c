// SPDX-License-Identifier: BSD-2-Clause
/* The store in memory: how much of it there may be. What is in the registry stays when whoever has
 * put it there ends, so that all together get a quarter of memory at most, and those who have taken
 * much already (of whatever pool) three quarters of that. */
#include "cmp.h"
#include "memstore.h"

#define OVERHEAD 16 /* bytes of the pool's, for each block */

static SIZE_T Used, Limit; /* bytes */

void CmpMemSetLimit(void)
{
    MM_STATISTICS Statistics;

    MmQueryStatistics(&Statistics);
    Limit = Statistics.TotalPages / 4 * PAGE_SIZE;
}

static BOOLEAN Charge(SIZE_T Size)
{
    SIZE_T Allowed = MmIsModest() ? Limit : Limit - Limit / 4;

    if (Size > Allowed || Used > Allowed - Size)
        return FALSE;
    Used += Size;
    return TRUE;
}

PVOID CmpMemAllocate(SIZE_T Size, BOOLEAN GiveWay)
{
    PVOID Memory;

    if (!Charge(Size + OVERHEAD))
        return NULL;
    Memory = GiveWay ? ExAllocatePoolGivingWay(Size) : ExAllocatePool(Size);
    if (!Memory)
        Used -= Size + OVERHEAD;
    return Memory;
}

void CmpMemFree(PVOID Memory, SIZE_T Size, BOOLEAN GiveWay)
{
    if (!Memory)
        return;
    Used -= Size + OVERHEAD;
    if (GiveWay)
        ExFreePoolGivingWay(Memory);
    else
        ExFreePool(Memory);
}

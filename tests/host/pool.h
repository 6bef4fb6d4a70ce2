/* SPDX-License-Identifier: BSD-2-Clause */
/* The Executive's pool for host tests: zeroed blocks, counted, which run out where PoolLimit says.
 * Behind ex.h. */
#pragma once

void *calloc(__SIZE_TYPE__ count, __SIZE_TYPE__ size);
void free(void *memory);

static LONG PoolBlocks;             /* that are not free again */
static LONG PoolLimit = 0x7fffffff; /* how many more there will be */

PVOID ExAllocatePool(SIZE_T Size)
{
    if (PoolLimit-- <= 0)
        return NULL;
    PoolBlocks++;
    return calloc(1, Size);
}

PVOID ExAllocatePoolGivingWay(SIZE_T Size)
{
    return ExAllocatePool(Size);
}

void ExFreePool(PVOID Memory);

void ExFreePoolGivingWay(PVOID Memory)
{
    ExFreePool(Memory);
}

void ExFreePool(PVOID Memory)
{
    if (Memory)
        PoolBlocks--;
    free(Memory);
}

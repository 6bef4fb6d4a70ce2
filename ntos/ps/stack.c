/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread's stack: reserved as a whole, committed at its top, with a guard page below that makes
 * it grow. */
#include "psp.h"

#define GRANULARITY 0x10000
#define MAXIMUM_RESERVE ((SIZE_T)256 << 20)
/* The guard page, what handlers of an overflow get, and a page that is never committed */
#define OVERHEAD (2 * NEPTUNE_PAGE_SIZE + MM_STACK_RESERVE)

void PspChooseStackSizes(PEPROCESS Process, PSIZE_T Reserve, PSIZE_T Committed)
{
    if (!*Committed)
        *Committed = Process->ImageInformation.CommittedStackSize;
    if (!*Reserve)
        *Reserve = Process->ImageInformation.MaximumStackSize;
    if (*Committed > MAXIMUM_RESERVE)
        *Committed = MAXIMUM_RESERVE;
    *Committed = ALIGN_UP_BY(*Committed ? *Committed : 1, NEPTUNE_PAGE_SIZE);
    if (*Reserve < *Committed + OVERHEAD)
        *Reserve = *Committed + OVERHEAD;
    *Reserve = ALIGN_UP_BY(*Reserve > MAXIMUM_RESERVE ? MAXIMUM_RESERVE : *Reserve, GRANULARITY);
    if (*Committed > *Reserve - OVERHEAD)
        *Committed = *Reserve - OVERHEAD;
}

NTSTATUS PspCreateStack(PETHREAD Thread, SIZE_T Reserve, SIZE_T Committed)
{
    NTSTATUS Status;

    PspChooseStackSizes(Thread->Process, &Reserve, &Committed);
    if (PspReuseStack(Thread, Reserve, Committed))
        return STATUS_SUCCESS;
    Status = MmAllocateStack(Thread->Process, Reserve, Committed, &Thread->StackAllocation);
    if (!NT_SUCCESS(Status))
        return Status;
    Thread->StackBase = (PCHAR)Thread->StackAllocation + Reserve;
    Thread->StackLimit = (PCHAR)Thread->StackBase - Committed;
    return STATUS_SUCCESS;
}

void PspDeleteStack(PETHREAD Thread)
{
    SIZE_T Size = 0;

    if (!Thread->StackAllocation)
        return;
    MmFreeVirtualMemory(Thread->Process, &Thread->StackAllocation, &Size, MEM_RELEASE);
    Thread->StackAllocation = NULL;
}

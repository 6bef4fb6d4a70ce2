/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread's stack: reserved as a whole, committed at its top, with a guard page below that makes
 * it grow. */
#include "psp.h"

#define GRANULARITY 0x10000
#define MAXIMUM_RESERVE ((SIZE_T)256 << 20)
/* The guard page, what handlers of an overflow get, and a page that is never committed */
#define OVERHEAD (2 * NEPTUNE_PAGE_SIZE + MM_STACK_RESERVE)

static NTSTATUS Commit(PEPROCESS Process, PCHAR Address, SIZE_T Size, ULONG Protect)
{
    PVOID Base = Address;

    return MmAllocateVirtualMemory(Process, &Base, 0, &Size, MEM_COMMIT, Protect);
}

/* Turns the sizes that the client or the image asks for into ones that make sense. */
static void ChooseSizes(PEPROCESS Process, PSIZE_T Reserve, PSIZE_T Committed)
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
    PCHAR Top;
    NTSTATUS Status;

    ChooseSizes(Thread->Process, &Reserve, &Committed);
    Status = MmAllocateVirtualMemory(Thread->Process, &Thread->StackAllocation, 0, &Reserve,
                                     MEM_RESERVE, PAGE_READWRITE);
    if (!NT_SUCCESS(Status)) {
        Thread->StackAllocation = NULL;
        return Status;
    }
    Top = (PCHAR)Thread->StackAllocation + Reserve;
    Thread->StackBase = Top;
    Thread->StackLimit = Top - Committed;
    Status = Commit(Thread->Process, Top - Committed, Committed, PAGE_READWRITE);
    if (!NT_SUCCESS(Status))
        return Status;
    return Commit(Thread->Process, Top - Committed - NEPTUNE_PAGE_SIZE, NEPTUNE_PAGE_SIZE,
                  PAGE_READWRITE | PAGE_GUARD);
}

void PspDeleteStack(PETHREAD Thread)
{
    SIZE_T Size = 0;

    if (!Thread->StackAllocation)
        return;
    MmFreeVirtualMemory(Thread->Process, &Thread->StackAllocation, &Size, MEM_RELEASE);
    Thread->StackAllocation = NULL;
}

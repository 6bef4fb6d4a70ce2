// SPDX-License-Identifier: BSD-2-Clause
/* Stacks that programs make for threads and fibers. */
#include "rtlp.h"

#define ROUNDED_RESERVE 0x100000 /* what is to be committed is more than what is to be reserved */

static BOOLEAN IsPowerOfTwo(ULONG_PTR Value)
{
    return Value && !(Value & (Value - 1));
}

/* The committed pages below the stack's base, and a guard page below them if there is room. */
static NTSTATUS CommitStack(PUCHAR Bottom, PUCHAR Base, SIZE_T Commit)
{
    PVOID Start = Base - Commit, Guard = Base - Commit - PAGE_SIZE;
    SIZE_T GuardSize = PAGE_SIZE;
    NTSTATUS Status =
        NtAllocateVirtualMemory(NtCurrentProcess(), &Start, 0, &Commit, MEM_COMMIT, PAGE_READWRITE);

    if (!NT_SUCCESS(Status) || (PUCHAR)Guard < Bottom)
        return Status;
    return NtAllocateVirtualMemory(NtCurrentProcess(), &Guard, 0, &GuardSize, MEM_COMMIT,
                                   PAGE_READWRITE | PAGE_GUARD);
}

/*
 * RtlCreateUserStack: reserves a stack in this process and commits its upper part. Sizes of 0 are
 * those of the program's headers; the reserved size is a multiple of ReserveAlignment, the
 * committed one of PageSize and of pages. StackLimit is the lowest committed address above the
 * guard page. STATUS_INVALID_PARAMETER, and what NtAllocateVirtualMemory returns. (NT native API)
 */
NTSTATUS NTAPI RtlCreateUserStack(SIZE_T CommittedStackSize, SIZE_T MaximumStackSize,
                                  ULONG_PTR ZeroBits, SIZE_T PageSize, ULONG_PTR ReserveAlignment,
                                  PINITIAL_TEB InitialTeb)
{
    PIMAGE_NT_HEADERS Headers = RtlImageNtHeader(NtCurrentPeb()->ImageBaseAddress);
    SIZE_T Reserve = MaximumStackSize, Commit = CommittedStackSize, Size = 0;
    PVOID Bottom = NULL;
    NTSTATUS Status;

    if (!IsPowerOfTwo(PageSize) || !IsPowerOfTwo(ReserveAlignment) || !Headers)
        return STATUS_INVALID_PARAMETER;
    Reserve = Reserve ? Reserve : Headers->OptionalHeader.SizeOfStackReserve;
    Commit = Commit ? Commit : Headers->OptionalHeader.SizeOfStackCommit;
    if (Commit >= Reserve)
        Reserve = ALIGN_UP_BY(Commit, ROUNDED_RESERVE);
    Commit = ALIGN_UP_BY(Commit, PageSize > PAGE_SIZE ? PageSize : PAGE_SIZE);
    Reserve = ALIGN_UP_BY(Reserve, ReserveAlignment > PAGE_SIZE ? ReserveAlignment : PAGE_SIZE);
    if (Reserve < Commit)
        return STATUS_NO_MEMORY;
    Status = NtAllocateVirtualMemory(NtCurrentProcess(), &Bottom, ZeroBits, &Reserve, MEM_RESERVE,
                                     PAGE_READWRITE);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CommitStack(Bottom, (PUCHAR)Bottom + Reserve, Commit);
    if (!NT_SUCCESS(Status)) {
        NtFreeVirtualMemory(NtCurrentProcess(), &Bottom, &Size, MEM_RELEASE);
        return Status;
    }
    *InitialTeb = (INITIAL_TEB){.StackBase = (PUCHAR)Bottom + Reserve,
                                .StackLimit = (PUCHAR)Bottom + Reserve - Commit,
                                .StackAllocationBase = Bottom};
    return STATUS_SUCCESS;
}

void NTAPI RtlFreeUserStack(PVOID AllocationBase)
{
    SIZE_T Size = 0;

    NtFreeVirtualMemory(NtCurrentProcess(), &AllocationBase, &Size, MEM_RELEASE);
}

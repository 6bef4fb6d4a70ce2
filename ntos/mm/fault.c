/* SPDX-License-Identifier: BSD-2-Clause */
/* Page faults of clients: demand zero, pages of sections, copy on write, guard pages and the growth
 * of stacks. */
#include <ps.h>
#include "mi.h"

#define MAXIMUM_TRIES                                                                              \
    64 /* a page that is taken away again each time it was read: somebody plays tricks */

/* ---- Guard pages ---- */

static BOOLEAN ReadStackBounds(PEPROCESS Process, PTEB Teb, PULONG_PTR Bottom, PULONG_PTR Top)
{
    return NT_SUCCESS(
               MmCopyFromProcess(Process, Bottom, &Teb->DeallocationStack, sizeof(*Bottom))) &&
           NT_SUCCESS(MmCopyFromProcess(Process, Top, &Teb->NtTib.StackBase, sizeof(*Top)));
}

/*
 * The guard page of a thread's stack has been touched and is an ordinary page now: the page below
 * becomes the guard. The lowest page of a stack is never used.
 */
static NTSTATUS GrowStack(PEPROCESS Process, PTEB Teb, ULONG_PTR Page, ULONG_PTR Bottom)
{
    PVOID Guard = (PVOID)(Page - PAGE_SIZE);
    SIZE_T Size = PAGE_SIZE;

    if (!NT_SUCCESS(MmCopyToProcess(Process, &Teb->NtTib.StackLimit, &Page, sizeof(Page))))
        return STATUS_STACK_OVERFLOW;
    if (Page < Bottom + 2 * PAGE_SIZE)
        return STATUS_STACK_OVERFLOW;
    if (!NT_SUCCESS(MmAllocateVirtualMemory(Process, &Guard, 0, &Size, MEM_COMMIT,
                                            PAGE_READWRITE | PAGE_GUARD)))
        return STATUS_STACK_OVERFLOW;
    return STATUS_RETRY;
}

/* A guard page works once. On the current thread's stack (as its TEB has it, for fibers) it makes
 * the stack grow. */
static NTSTATUS HandleGuard(PEPROCESS Process, PMI_VAD Vad, ULONG_PTR Address, ULONG Protect)
{
    PETHREAD Thread = KeGetCurrentThread();
    PMI_PTE Pte = MiCreatePte(&Process->Vm, Address);
    ULONG_PTR Bottom, Top;
    MI_PTE New;

    if (!Pte)
        return STATUS_NO_MEMORY;
    New = *Pte;
    MiSetPteProtection(&New, Protect & ~PAGE_GUARD);
    MiWritePte(Pte, New);
    if (!Thread || Thread->Process != Process || Vad->Type != MiVadPrivate ||
        !ReadStackBounds(Process, Thread->Teb, &Bottom, &Top) || Address < Bottom || Address >= Top)
        return STATUS_GUARD_PAGE_VIOLATION;
    return GrowStack(Process, Thread->Teb, ALIGN_DOWN_BY(Address, PAGE_SIZE), Bottom);
}

/* ---- Making a page valid ---- */

static NTSTATUS DemandZero(PMM_ADDRESS_SPACE Vm, PMI_PTE Pte, ULONG Protect)
{
    ULONG Frame = MiAllocateClientFrame(TRUE);
    MI_PTE New = *Pte;

    if (!Frame)
        return STATUS_NO_MEMORY;
    MiSetPteProtection(&New, Protect);
    MiSetFrame(Vm, &New, Frame, TRUE);
    MiWritePte(Pte, New);
    return STATUS_SUCCESS;
}

/* A page of a view. STATUS_RETRY: the page had to be read, and the world may have changed. */
static NTSTATUS FindSegmentPage(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Address, PMI_PTE Pte,
                                ULONG Protect)
{
    ULONG Page = (ULONG)((Address - Vad->Start) >> PAGE_SHIFT) + Vad->FirstPage;
    PMI_SEGMENT Segment = Vad->Segment;
    PULONG Entry = MiFindSegmentEntry(Segment, Page);
    MI_PTE New = *Pte;
    NTSTATUS Status;

    if (!Entry || !(*Entry & MI_SEGMENT_FRAME)) {
        MiReferenceSegment(Segment);
        Status = MiReadSegmentPage(Segment, Page);
        MiDereferenceSegment(Segment);
        return NT_SUCCESS(Status) ? STATUS_RETRY : Status;
    }
    MiSetPteProtection(&New, Protect);
    MiReferenceFrame(*Entry & MI_SEGMENT_FRAME);
    MiSetFrame(Vm, &New, *Entry & MI_SEGMENT_FRAME, FALSE);
    MiWritePte(Pte, New);
    return STATUS_SUCCESS;
}

static NTSTATUS CopyOnWrite(PMM_ADDRESS_SPACE Vm, PMI_PTE Pte, ULONG Protect)
{
    MI_PTE New = *Pte;
    ULONG Frame;

    if (!New.Private) {
        if (!MiChargeCommitment(Vm, 1))
            return STATUS_NO_MEMORY;
        Frame = MiAllocateClientFrame(FALSE);
        if (!Frame) {
            MiReturnCommitment(Vm, 1);
            return STATUS_NO_MEMORY;
        }
        MiCopyFrame(Frame, New.Frame);
        MiEvictPage(Vm, &New);
        MiSetFrame(Vm, &New, Frame, TRUE);
    }
    MiSetPteProtection(&New, MiCopiedProtection(Protect));
    MiWritePte(Pte, New);
    return STATUS_SUCCESS;
}

static NTSTATUS MakeValid(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Address, ULONG Protect,
                          BOOLEAN Write)
{
    PMI_PTE Pte = MiCreatePte(Vm, Address);
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Pte)
        return STATUS_NO_MEMORY;
    if (!Pte->Frame)
        Status = Vad->Type == MiVadPrivate ? DemandZero(Vm, Pte, Protect)
                                           : FindSegmentPage(Vm, Vad, Address, Pte, Protect);
    if (Status == STATUS_SUCCESS && Write && MI_IS_COPY_ON_WRITE(Protect))
        Status = CopyOnWrite(Vm, Pte, Protect);
    if (Status == STATUS_SUCCESS)
        Status = MiMapResidentPage(Vm, Address, Pte);
    return Status;
}

static NTSTATUS TryFault(PEPROCESS Process, ULONG_PTR Address, BOOLEAN Write, BOOLEAN Execute)
{
    PMM_ADDRESS_SPACE Vm = &Process->Vm;
    PMI_VAD Vad = MiFindVad(Vm, Address);
    MI_PTE None = {0};
    PMI_PTE Pte;
    ULONG Protect;

    if (!Vad)
        return STATUS_ACCESS_VIOLATION;
    Pte = MiFindPte(Vm, Address);
    Protect = MiPageProtection(Vad, Address, Pte ? *Pte : None);
    if (!MiAllowsAccess(Protect, Write, Execute))
        return STATUS_ACCESS_VIOLATION;
    if (Protect & PAGE_GUARD)
        return HandleGuard(Process, Vad, Address, Protect);
    return MakeValid(Vm, Vad, Address, Protect, Write);
}

NTSTATUS MmAccessFault(PEPROCESS Process, ULONG_PTR Address, BOOLEAN Write, BOOLEAN Execute)
{
    NTSTATUS Status;
    ULONG Try;

    Process->Vm.FaultCount++;
    if (Address > MM_HIGHEST_USER_ADDRESS)
        return STATUS_ACCESS_VIOLATION;
    for (Try = 0; Try < MAXIMUM_TRIES; Try++) {
        Status = TryFault(Process, Address, Write, Execute);
        if (Status != STATUS_RETRY)
            return Status == STATUS_INSUFFICIENT_RESOURCES ? STATUS_NO_MEMORY : Status;
    }
    return STATUS_IN_PAGE_ERROR;
}

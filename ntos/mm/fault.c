/* SPDX-License-Identifier: BSD-2-Clause */
/* Page faults of clients: demand zero, pages of sections, copy on write, guard pages and the growth
 * of stacks. */
#include <ps.h>
#include "mi.h"

#define MAXIMUM_AHEAD 7  /* pages made valid with the one that was touched */
#define PLENTY 1024      /* free pages, below which none are made valid ahead */
#define MAXIMUM_TRIES 64 /* at a page that another thread takes away each time it has been read */

/* ---- Guard pages ---- */

/* All that is left of a stack becomes ordinary, but for its lowest page, for the handlers of the
 * overflow. */
static NTSTATUS GiveLastPages(PEPROCESS Process, CLIENT(PTEB) Teb, ULONG_PTR Page, ULONG_PTR Bottom)
{
    ULONG_PTR Limit = Bottom + PAGE_SIZE;
    PVOID Base = (PVOID)Limit;
    SIZE_T Size = Page - Limit;

    if (Page > Limit &&
        NT_SUCCESS(MmAllocateVirtualMemory(Process, &Base, 0, &Size, MEM_COMMIT, PAGE_READWRITE)))
        MmCopyToProcess(Process, &Teb->NtTib.StackLimit, &Limit, sizeof(Limit));
    return STATUS_STACK_OVERFLOW;
}

/* How much the program wants left for its handlers. */
static ULONG_PTR LastPages(PEPROCESS Process, CLIENT(PTEB) Teb)
{
    ULONG Guaranteed;

    if (!NT_SUCCESS(MmCopyFromProcess(Process, &Guaranteed, &Teb->GuaranteedStackBytes,
                                      sizeof(Guaranteed))))
        Guaranteed = 0;
    return 2 * PAGE_SIZE +
           (Guaranteed > MM_STACK_RESERVE ? ALIGN_UP_BY(Guaranteed, PAGE_SIZE) : MM_STACK_RESERVE);
}

static BOOLEAN ReadStackBounds(PEPROCESS Process, CLIENT(PTEB) Teb, PULONG_PTR Bottom,
                               PULONG_PTR Top)
{
    return NT_SUCCESS(
               MmCopyFromProcess(Process, Bottom, &Teb->DeallocationStack, sizeof(*Bottom))) &&
           NT_SUCCESS(MmCopyFromProcess(Process, Top, &Teb->NtTib.StackBase, sizeof(*Top)));
}

/*
 * The guard page of a thread's stack has been touched and is an ordinary page now: the page below
 * becomes the guard, until the stack comes near its end. The lowest page is never used.
 */
static NTSTATUS GrowStack(PEPROCESS Process, CLIENT(PTEB) Teb, ULONG_PTR Page, ULONG_PTR Bottom)
{
    PVOID Guard = (PVOID)(Page - PAGE_SIZE);
    SIZE_T Size = PAGE_SIZE;

    if (!NT_SUCCESS(MmCopyToProcess(Process, &Teb->NtTib.StackLimit, &Page, sizeof(Page))))
        return STATUS_STACK_OVERFLOW;
    if (Page - Bottom < LastPages(Process, Teb))
        return GiveLastPages(Process, Teb, Page, Bottom);
    if (!NT_SUCCESS(MmAllocateVirtualMemory(Process, &Guard, 0, &Size, MEM_COMMIT,
                                            PAGE_READWRITE | PAGE_GUARD)))
        return STATUS_STACK_OVERFLOW;
    return STATUS_RETRY;
}

/* A guard page works once. On the current thread's stack (as its TEB has it, for fibers) it makes
 * the stack grow. */
static NTSTATUS HandleGuard(PEPROCESS Process, PMI_VAD Vad, ULONG_PTR Address, PMI_PTE Pte,
                            ULONG Protect)
{
    PETHREAD Thread = KeGetCurrentThread();
    ULONG_PTR Bottom, Top;
    MI_PTE New = *Pte;

    Vad->Pristine = FALSE;
    MiSetPteProtection(&New, Protect & ~PAGE_GUARD);
    MiWritePte(Pte, New);
    if (!Thread || Thread->Process != Process || Vad->Type != MiVadPrivate ||
        !ReadStackBounds(Process, (CLIENT(PTEB))Thread->Teb, &Bottom, &Top) || Address < Bottom ||
        Address >= Top)
        return STATUS_GUARD_PAGE_VIOLATION;
    return GrowStack(Process, (CLIENT(PTEB))Thread->Teb, ALIGN_DOWN_BY(Address, PAGE_SIZE), Bottom);
}

/* ---- Making a page valid ---- */

/* Watched: no write has brought the page, and if it was not written before, that is to be seen. */
static NTSTATUS DemandZero(PMM_ADDRESS_SPACE Vm, PMI_PTE Pte, ULONG Protect, BOOLEAN Watched)
{
    ULONG Frame = MiAllocateClientFrame(TRUE);
    MI_PTE New = *Pte;

    if (!Frame)
        return STATUS_NO_MEMORY;
    MiSetPteProtection(&New, Protect);
    New.Watched = Watched && !New.Watched;
    MiSetFrame(Vm, &New, Frame, TRUE);
    MiWritePte(Pte, New);
    return STATUS_SUCCESS;
}

/* How many pages right behind this one, going by Step, in its VAD and its table, have frames. */
static ULONG CountBehind(PMI_VAD Vad, ULONG_PTR Address, PMI_PTE Pte, LONG Step)
{
    SIZE_T Index = ((ULONG_PTR)Pte & (PAGE_SIZE - 1)) / sizeof(*Pte),
           Room = Step > 0 ? Index : PAGE_SIZE / sizeof(*Pte) - 1 - Index,
           InVad = (Step > 0 ? Address - Vad->Start : Vad->Last - Address) >> PAGE_SHIFT;
    ULONG Count = 0;

    Room = Room < InVad ? Room : InVad;
    Room = Room < MAXIMUM_AHEAD ? Room : MAXIMUM_AHEAD;
    while (Count < Room && Pte[-Step * (LONG)(Count + 1)].Frame)
        Count++;
    return Count;
}

static void DemandZeroStep(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Address, PMI_PTE Pte,
                           ULONG Protect, LONG Step)
{
    ULONG Count = CountBehind(Vad, Address, Pte, Step);
    PMI_PTE First = Pte;

    for (; Count; Count--) {
        Pte += Step;
        Address += (LONG_PTR)Step * PAGE_SIZE;
        if (Address < Vad->Start || Address > Vad->Last ||
            ((ULONG_PTR)Pte ^ (ULONG_PTR)First) >= PAGE_SIZE || Pte->Frame ||
            MiPageProtection(Vad, Address, *Pte) != Protect ||
            !NT_SUCCESS(DemandZero(Vm, Pte, Protect, Vad->WriteWatch)) ||
            !NT_SUCCESS(MiMapResidentPage(Vm, Address, Pte)))
            return;
    }
}

/*
 * A program that has touched pages one after the other, upwards or downwards, will probably go on.
 * As many pages as are in use behind this one become valid with it, so at most half of a process's
 * pages can be wasted. They have been promised like the first.
 */
static void DemandZeroAhead(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Address, PMI_PTE Pte,
                            ULONG Protect)
{
    if (MiAvailablePages() < PLENTY)
        return;
    DemandZeroStep(Vm, Vad, Address, Pte, Protect, 1);
    DemandZeroStep(Vm, Vad, Address, Pte, Protect, -1);
}

/*
 * Who allocates a single page wants to put something there: it becomes valid at once, which saves
 * the fault. Not when there is little memory, and not where a fault is to tell of the touch.
 */
void MiExpectTouch(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    PMI_PTE Pte;

    if (!Vad->Committed || Vad->WriteWatch || Vad->Last - Vad->Start >= PAGE_SIZE ||
        !(Vad->Protect == PAGE_READWRITE || Vad->Protect == PAGE_EXECUTE_READWRITE) ||
        MiAvailablePages() < PLENTY)
        return;
    Pte = MiFindPte(Vm, Vad->Start);
    if (NT_SUCCESS(DemandZero(Vm, Pte, Vad->Protect, FALSE)))
        (void)MiMapResidentPage(Vm, Vad->Start, Pte); /* else the touch maps it */
}

/* A page of a view. STATUS_RETRY: the page had to be read, and the mapping may have changed
 * meanwhile. */
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
        Frame = MiAllocateClientFrame(FALSE);
        if (!Frame)
            return STATUS_NO_MEMORY;
        MiCopyFrame(Frame, New.Frame);
        MiEvictPage(Vm, &New);
        MiSetFrame(Vm, &New, Frame, TRUE);
    }
    MiSetPteProtection(&New, MiCopiedProtection(Protect));
    MiWritePte(Pte, New);
    return STATUS_SUCCESS;
}

static NTSTATUS MakeSegmentPageValid(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Address,
                                     PMI_PTE Pte, ULONG Protect, BOOLEAN Write)
{
    NTSTATUS Status = STATUS_SUCCESS;
    if (!Pte->Frame)
        Status = FindSegmentPage(Vm, Vad, Address, Pte, Protect);
    if (Status == STATUS_SUCCESS && Write && MI_IS_COPY_ON_WRITE(Protect))
        Status = CopyOnWrite(Vm, Pte, Protect);
    return Status == STATUS_SUCCESS ? MiMapResidentPage(Vm, Address, Pte) : Status;
}

static NTSTATUS MakePrivatePageValid(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Address,
                                     PMI_PTE Pte, ULONG Protect, BOOLEAN Write)
{
    NTSTATUS Status;

    if (Pte->Frame) {
        if (Write)
            Pte->Watched = FALSE;
        return MiMapResidentPage(Vm, Address, Pte);
    }
    Status = DemandZero(Vm, Pte, Protect, Vad->WriteWatch && !Write);
    if (Status == STATUS_SUCCESS)
        Status = MiMapResidentPage(Vm, Address, Pte);
    if (Status == STATUS_SUCCESS)
        DemandZeroAhead(Vm, Vad, Address, Pte, Protect);
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
    if (!Pte)
        Pte = MiCreatePte(Vm, Address);
    if (!Pte)
        return STATUS_NO_MEMORY;
    if (Protect & PAGE_GUARD)
        return HandleGuard(Process, Vad, Address, Pte, Protect);
    return Vad->Type == MiVadPrivate ? MakePrivatePageValid(Vm, Vad, Address, Pte, Protect, Write)
                                     : MakeSegmentPageValid(Vm, Vad, Address, Pte, Protect, Write);
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

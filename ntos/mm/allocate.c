/* SPDX-License-Identifier: BSD-2-Clause */
/* Reserving and committing private memory. */
#include <ps.h>
#include <se.h>
#include "mi.h"

#define KNOWN_TYPES                                                                                \
    (MEM_COMMIT | MEM_RESERVE | MEM_RESET | MEM_TOP_DOWN | MEM_WRITE_WATCH | MEM_PHYSICAL |        \
     MEM_LARGE_PAGES | MEM_RESET_UNDO)

NTSTATUS MiCheckAllocation(ULONG_PTR ZeroBits, ULONG Type, ULONG Protect)
{
    ULONG_PTR Highest;

    if (!NT_SUCCESS(MiZeroBitsLimit(ZeroBits, &Highest)))
        return STATUS_INVALID_PARAMETER_3;
    if (Type & ~KNOWN_TYPES || !(Type & (MEM_COMMIT | MEM_RESERVE | MEM_RESET | MEM_RESET_UNDO)))
        return STATUS_INVALID_PARAMETER_5;
    if (Type & (MEM_RESET | MEM_RESET_UNDO) && Type & (Type - 1))
        return STATUS_INVALID_PARAMETER_5;
    if (Type & (MEM_WRITE_WATCH | MEM_PHYSICAL | MEM_LARGE_PAGES) && !(Type & MEM_RESERVE))
        return STATUS_INVALID_PARAMETER_5;
    if (!MiIsValidProtection(Protect))
        return STATUS_INVALID_PAGE_PROTECTION;
    return STATUS_SUCCESS;
}

static NTSTATUS CheckRange(ULONG_PTR Base, SIZE_T Size)
{
    if (Base > MM_HIGHEST_USER_ADDRESS)
        return STATUS_INVALID_PARAMETER_2;
    if (!Size || Size - 1 > MM_HIGHEST_USER_ADDRESS - Base)
        return STATUS_INVALID_PARAMETER_4;
    return STATUS_SUCCESS;
}

/* ---- Reserving ---- */

static NTSTATUS ChooseRange(PMM_ADDRESS_SPACE Vm, PULONG_PTR Base, PSIZE_T Size,
                            const MI_PLACEMENT *Placement, ULONG Type)
{
    ULONG_PTR Start = ALIGN_DOWN_BY(*Base, MM_ALLOCATION_GRANULARITY);

    if (!*Base) {
        *Size = ALIGN_UP_BY(*Size, PAGE_SIZE);
        *Base = MiPlaceRange(Vm, *Size, Placement, (Type & MEM_TOP_DOWN) != 0);
        return *Base ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    }
    *Size = ALIGN_UP_BY(*Base + *Size, PAGE_SIZE) - Start;
    *Base = Start;
    return MiIsRangeFree(Vm, Start, Start + *Size - 1) ? STATUS_SUCCESS
                                                       : STATUS_CONFLICTING_ADDRESSES;
}

static NTSTATUS Reserve(PMM_ADDRESS_SPACE Vm, PULONG_PTR Base, PSIZE_T Size,
                        const MI_PLACEMENT *Placement, ULONG Type, ULONG Protect)
{
    NTSTATUS Status;
    PMI_VAD Vad;

    if (Type & MEM_PHYSICAL)
        return STATUS_NOT_IMPLEMENTED;
    if (Type & MEM_LARGE_PAGES) /* KUSER_SHARED_DATA says that there are none */
        return SeSinglePrivilegeCheck(SE_LOCK_MEMORY_PRIVILEGE) ? STATUS_NOT_SUPPORTED
                                                                : STATUS_PRIVILEGE_NOT_HELD;
    if (MI_IS_COPY_ON_WRITE(Protect))
        return STATUS_INVALID_PAGE_PROTECTION;
    Status = ChooseRange(Vm, Base, Size, Placement, Type);
    if (!NT_SUCCESS(Status))
        return Status;
    Vad = MiCreateVad(Vm, MiVadPrivate, *Base, *Size, Protect);
    if (!Vad)
        return Type & MEM_COMMIT ? STATUS_COMMITMENT_LIMIT : STATUS_INSUFFICIENT_RESOURCES;
    Vad->Committed = (Type & MEM_COMMIT) != 0;
    Vad->WriteWatch = (Type & MEM_WRITE_WATCH) != 0;
    Status = MiPromiseVad(Vm, Vad);
    if (NT_SUCCESS(Status))
        MiExpectTouch(Vm, Vad);
    else
        MiDiscardVad(Vm, Vad);
    return Status;
}

/* ---- Committing in what is reserved ---- */

void MiProtectPage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, PMI_PTE Pte, ULONG Protect)
{
    MI_PTE Old = *Pte, New = Old;

    MiSetPteProtection(&New, Protect);
    MiWritePte(Pte, New);
    if (New.Slot && New.Value != Old.Value)
        (void)MiRemapPage(Vm, Address, Pte, Old); /* else the next access maps it */
}

static SIZE_T CountUncommitted(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    SIZE_T Silent = (Last - Start + 1) >> PAGE_SHIFT, Count = 0;
    PMI_PTE Pte;

    for (; (Pte = MiNextPteInTurn(Vm, &Start, Last)) != NULL; Start += PAGE_SIZE) {
        Silent -= Pte->Set;
        Count += Pte->Set && !Pte->Committed;
    }
    return Vad->Committed ? Count : Count + Silent;
}

static NTSTATUS CommitPrivate(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last,
                              ULONG Protect)
{
    SIZE_T Charge = CountUncommitted(Vm, Vad, Start, Last);
    NTSTATUS Status;

    if (MI_IS_COPY_ON_WRITE(Protect))
        return STATUS_INVALID_PAGE_PROTECTION;
    Vad->Pristine = FALSE;
    if (!MiChargeCommitment(Vm, Charge))
        return STATUS_COMMITMENT_LIMIT;
    Status = MiPrepareTables(Vm, Start, Last);
    if (!NT_SUCCESS(Status)) {
        MiReturnCommitment(Vm, Charge);
        return Status;
    }
    for (; Start <= Last; Start += PAGE_SIZE) {
        MiProtectPage(Vm, Start, MiFindPte(Vm, Start), Protect);
        KeGiveWay();
    }
    return STATUS_SUCCESS;
}

static NTSTATUS CommitSegmentPage(PMI_SEGMENT Segment, ULONG Page)
{
    PULONG Entry = MiCreateSegmentEntry(Segment, Page);

    if (!Entry)
        return STATUS_COMMITMENT_LIMIT;
    if (*Entry & MI_SEGMENT_COMMITTED)
        return STATUS_SUCCESS;
    if (!MiChargeCommitment(NULL, 1))
        return STATUS_COMMITMENT_LIMIT;
    Segment->Charge++;
    *Entry |= MI_SEGMENT_COMMITTED;
    return STATUS_SUCCESS;
}

static NTSTATUS CommitSegmentPages(PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    ULONG Page = (ULONG)((Start - Vad->Start) >> PAGE_SHIFT) + Vad->FirstPage;
    NTSTATUS Status = STATUS_SUCCESS;

    for (; Start <= Last && NT_SUCCESS(Status); Start += PAGE_SIZE) {
        Status = CommitSegmentPage(Vad->Segment, Page++);
        KeGiveWay();
    }
    return Status;
}

/* Pages of a view of memory: committed for all views of the section if they are not yet; this view
 * gets the requested protection. */
static NTSTATUS CommitView(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last,
                           ULONG Protect)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Old;

    if (Vad->Segment->File)
        return STATUS_ALREADY_COMMITTED;
    if (!MiIsViewProtection(Vad->Protect, Protect))
        return STATUS_SECTION_PROTECTION;
    if (Vad->NoChange && Protect != Vad->Protect)
        return STATUS_INVALID_PAGE_PROTECTION;
    if (Vad->Segment->Reserved)
        Status = CommitSegmentPages(Vad, Start, Last);
    if (!NT_SUCCESS(Status) || Protect == Vad->Protect)
        return Status;
    return MiProtectPages(Vm, Start, Last, Protect, &Old);
}

static NTSTATUS Commit(PMM_ADDRESS_SPACE Vm, PULONG_PTR Base, PSIZE_T Size, ULONG Type,
                       ULONG Protect)
{
    ULONG_PTR Start = ALIGN_DOWN_BY(*Base, PAGE_SIZE),
              Last = ALIGN_UP_BY(*Base + *Size, PAGE_SIZE) - 1;
    PMI_VAD Vad = MiFindVad(Vm, Start);

    if (!Vad || Last > Vad->Last)
        return STATUS_CONFLICTING_ADDRESSES;
    *Base = Start;
    *Size = Last - Start + 1;
    if (!(Type & MEM_COMMIT)) /* MEM_RESET: the contents may be dropped, but may also be kept */
        return STATUS_SUCCESS;
    if (MiIsSecured(Vm, Vad, Start, Last))
        return STATUS_INVALID_PAGE_PROTECTION;
    if (Vad->Type == MiVadPrivate)
        return CommitPrivate(Vm, Vad, Start, Last, Protect);
    return Vad->Type == MiVadMapped ? CommitView(Vm, Vad, Start, Last, Protect)
                                    : STATUS_CONFLICTING_ADDRESSES;
}

static NTSTATUS ReserveOrCommit(PMM_ADDRESS_SPACE Vm, PULONG_PTR Base, PSIZE_T Size,
                                const MI_PLACEMENT *Placement, ULONG Type, ULONG Protect)
{
    if (!Vm->PageTables)
        return STATUS_PROCESS_IS_TERMINATING;
    if (Type & MEM_RESERVE || (!*Base && Type & MEM_COMMIT))
        return Reserve(Vm, Base, Size, Placement, Type, Protect);
    return Commit(Vm, Base, Size, Type, Protect);
}

/* The type and protection have been checked. */
NTSTATUS MiAllocateVirtualMemory(PEPROCESS Process, PVOID *Base, PSIZE_T Size,
                                 const MI_PLACEMENT *Placement, ULONG Type, ULONG Protect)
{
    ULONG_PTR Start = (ULONG_PTR)*Base;
    SIZE_T Length = *Size;
    NTSTATUS Status = CheckRange(Start, Length);

    if (NT_SUCCESS(Status))
        Status = MiLockAddressSpace(&Process->Vm);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ReserveOrCommit(&Process->Vm, &Start, &Length, Placement, Type, Protect);
    if (!NT_SUCCESS(Status) && MiDropKeptRanges(&Process->Vm)) {
        Start = (ULONG_PTR)*Base;
        Length = *Size;
        Status = ReserveOrCommit(&Process->Vm, &Start, &Length, Placement, Type, Protect);
    }
    MiUnlockAddressSpace(&Process->Vm);
    if (NT_SUCCESS(Status)) {
        *Base = (PVOID)Start;
        *Size = Length;
    }
    return Status;
}

NTSTATUS MmAllocateVirtualMemory(PEPROCESS Process, PVOID *Base, ULONG_PTR ZeroBits, PSIZE_T Size,
                                 ULONG Type, ULONG Protect)
{
    NTSTATUS Status = MiCheckAllocation(ZeroBits, Type, Protect);
    MI_PLACEMENT Placement = {.Bounded = FALSE};

    if (!NT_SUCCESS(Status))
        return Status;
    MiZeroBitsLimit(ZeroBits, &Placement.Highest);
    return MiAllocateVirtualMemory(Process, Base, Size, &Placement, Type, Protect);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Reserving and committing private memory. */
#include <ps.h>
#include "mi.h"

#define MEM_RESET_UNDO 0x01000000
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

static NTSTATUS ChooseRange(PMM_ADDRESS_SPACE Vm, PULONG_PTR Base, PSIZE_T Size, ULONG_PTR Highest,
                            ULONG Type)
{
    ULONG_PTR Start = ALIGN_DOWN_BY(*Base, MM_ALLOCATION_GRANULARITY);

    if (!*Base) {
        *Size = ALIGN_UP_BY(*Size, PAGE_SIZE);
        *Base = MiFindFreeRange(Vm, *Size, Highest, (Type & MEM_TOP_DOWN) != 0);
        return *Base ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    }
    *Size = ALIGN_UP_BY(*Base + *Size, PAGE_SIZE) - Start;
    *Base = Start;
    if (Start + *Size - 1 > Highest)
        return STATUS_INVALID_PARAMETER_3;
    return MiIsRangeFree(Vm, Start, Start + *Size - 1) ? STATUS_SUCCESS
                                                       : STATUS_CONFLICTING_ADDRESSES;
}

static NTSTATUS Reserve(PMM_ADDRESS_SPACE Vm, PULONG_PTR Base, PSIZE_T Size, ULONG_PTR Highest,
                        ULONG Type, ULONG Protect)
{
    SIZE_T Charge;
    NTSTATUS Status;
    PMI_VAD Vad;

    if (Type & (MEM_WRITE_WATCH | MEM_PHYSICAL))
        return STATUS_NOT_IMPLEMENTED;
    if (Type & MEM_LARGE_PAGES)
        return STATUS_PRIVILEGE_NOT_HELD;
    if (MI_IS_COPY_ON_WRITE(Protect))
        return STATUS_INVALID_PAGE_PROTECTION;
    Status = ChooseRange(Vm, Base, Size, Highest, Type);
    if (!NT_SUCCESS(Status))
        return Status;
    Charge = Type & MEM_COMMIT ? *Size >> PAGE_SHIFT : 0;
    if (!MiChargeCommitment(Vm, Charge))
        return STATUS_COMMITMENT_LIMIT;
    Vad = MiCreateVad(Vm, MiVadPrivate, *Base, *Size, Protect);
    if (!Vad) {
        MiReturnCommitment(Vm, Charge);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Vad->Committed = (Type & MEM_COMMIT) != 0;
    return STATUS_SUCCESS;
}

/* ---- Committing in what is reserved ---- */

NTSTATUS MiPrepareTables(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last)
{
    ULONG_PTR Span = (ULONG_PTR)PAGE_SIZE << MI_TABLE_BITS, Address;

    for (Address = Start; Address <= Last; Address = ALIGN_DOWN_BY(Address, Span) + Span) {
        if (!MiCreatePte(Vm, Address)) {
            MiTrimTables(Vm, Start, Last);
            return STATUS_NO_MEMORY;
        }
    }
    return STATUS_SUCCESS;
}

void MiProtectPage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, ULONG Protect)
{
    PMI_PTE Pte = MiCreatePte(Vm, Address);
    MI_PTE New = *Pte;

    MiSetPteProtection(&New, Protect);
    MiWritePte(Pte, New);
    if (New.Slot) /* if that fails the page is no longer mapped, and the next access maps it */
        (void)MiMapResidentPage(Vm, Address, Pte);
}

static SIZE_T CountUncommitted(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    SIZE_T Silent = (Last - Start + 1) >> PAGE_SHIFT, Count = 0;
    PMI_PTE Pte;

    for (; (Pte = MiNextPte(Vm, &Start, Last)) != NULL; Start += PAGE_SIZE) {
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
    if (!MiChargeCommitment(Vm, Charge))
        return STATUS_COMMITMENT_LIMIT;
    Status = MiPrepareTables(Vm, Start, Last);
    if (!NT_SUCCESS(Status)) {
        MiReturnCommitment(Vm, Charge);
        return Status;
    }
    for (; Start <= Last; Start += PAGE_SIZE)
        MiProtectPage(Vm, Start, Protect);
    return STATUS_SUCCESS;
}

/* The entries' own page counts too, when this is the first of its pages. */
static NTSTATUS CommitSegmentPage(PMI_SEGMENT Segment, ULONG Page)
{
    PULONG Entry = MiFindSegmentEntry(Segment, Page);
    SIZE_T Charge = Entry ? 1 : 2;

    if (Entry && *Entry & MI_SEGMENT_COMMITTED)
        return STATUS_SUCCESS;
    if (!MiChargeCommitment(NULL, Charge))
        return STATUS_COMMITMENT_LIMIT;
    Entry = MiCreateSegmentEntry(Segment, Page);
    if (!Entry) {
        MiReturnCommitment(NULL, Charge);
        return STATUS_NO_MEMORY;
    }
    Segment->Charge += Charge;
    *Entry |= MI_SEGMENT_COMMITTED;
    return STATUS_SUCCESS;
}

/* Pages of a view of a reserved section: committed for all its views. */
static NTSTATUS CommitView(PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    ULONG Page = (ULONG)((Start - Vad->Start) >> PAGE_SHIFT) + Vad->FirstPage;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Vad->Segment->Reserved)
        return STATUS_ALREADY_COMMITTED;
    for (; Start <= Last && NT_SUCCESS(Status); Start += PAGE_SIZE)
        Status = CommitSegmentPage(Vad->Segment, Page++);
    return Status;
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
    if (!(Type & MEM_COMMIT)) /* MEM_RESET: contents may be kept as well as dropped */
        return STATUS_SUCCESS;
    if (MiIsSecured(Vm, Vad, Start, Last))
        return STATUS_INVALID_PAGE_PROTECTION;
    if (Vad->Type == MiVadPrivate)
        return CommitPrivate(Vm, Vad, Start, Last, Protect);
    return Vad->Type == MiVadMapped ? CommitView(Vad, Start, Last) : STATUS_CONFLICTING_ADDRESSES;
}

NTSTATUS MmAllocateVirtualMemory(PEPROCESS Process, PVOID *Base, ULONG_PTR ZeroBits, PSIZE_T Size,
                                 ULONG Type, ULONG Protect)
{
    ULONG_PTR Start = (ULONG_PTR)*Base, Highest;
    SIZE_T Length = *Size;
    NTSTATUS Status = MiCheckAllocation(ZeroBits, Type, Protect);

    if (NT_SUCCESS(Status))
        Status = CheckRange(Start, Length);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!Process->Vm.PageTables)
        return STATUS_PROCESS_IS_TERMINATING;
    MiZeroBitsLimit(ZeroBits, &Highest);
    if (Type & MEM_RESERVE || (!Start && Type & MEM_COMMIT))
        Status = Reserve(&Process->Vm, &Start, &Length, Highest, Type, Protect);
    else
        Status = Commit(&Process->Vm, &Start, &Length, Type, Protect);
    if (NT_SUCCESS(Status)) {
        *Base = (PVOID)Start;
        *Size = Length;
    }
    return Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Decommitting and releasing private memory. */
#include <ps.h>
#include "mi.h"

/* In a VAD that is committed as a whole, each decommitted page must say so in its PTE. */
static NTSTATUS Decommit(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    NTSTATUS Status;

    Vad->Pristine = FALSE;
    if (!Vad->Committed || (Start == Vad->Start && Last == Vad->Last)) {
        MiClearRange(Vm, Vad, Start, Last);
        MiTrimTables(Vm, Start, Last);
        return STATUS_SUCCESS;
    }
    Status = MiPrepareTables(Vm, Start, Last);
    if (!NT_SUCCESS(Status))
        return Status;
    for (; Start <= Last; Start += PAGE_SIZE) {
        PMI_PTE Pte = MiFindPte(Vm, Start);
        MI_PTE Old = *Pte, New = MiDecommittedPte(Vad, Old);

        if (!Old.Set || Old.Committed)
            MiReturnCommitment(Vm, 1);
        MiEvictPage(Vm, &Old);
        New.Set = TRUE;
        MiWritePte(Pte, New);
        KeGiveWay();
    }
    return STATUS_SUCCESS;
}

/* The upper part of a VAD, from Start on, becomes a VAD of its own. */
static BOOLEAN SplitVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start)
{
    PMI_VAD Upper = MiAllocateVad(Vm);

    if (!Upper)
        return FALSE;
    *Upper = *Vad;
    MiRemoveVad(Vm, Vad);
    Vad->Last = Start - 1;
    Upper->Start = Start;
    MiInsertVad(Vm, Vad);
    MiInsertVad(Vm, Upper);
    return TRUE;
}

/* A part of a reservation may be released alone; what lies around it stays. */
static NTSTATUS Release(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    if (Last < Vad->Last && !SplitVad(Vm, Vad, Last + 1))
        return STATUS_INSUFFICIENT_RESOURCES;
    if (Start > Vad->Start) {
        if (!SplitVad(Vm, Vad, Start))
            return STATUS_INSUFFICIENT_RESOURCES;
        Vad = MiFindVad(Vm, Start);
    }
    MiDeleteVad(Vm, Vad);
    return STATUS_SUCCESS;
}

#define PLACEHOLDER_TYPES (MEM_COALESCE_PLACEHOLDERS | MEM_PRESERVE_PLACEHOLDER)

/* Either of the two that change placeholders goes with MEM_RELEASE. */
BOOLEAN MiIsFreeType(ULONG FreeType)
{
    return FreeType == MEM_DECOMMIT || FreeType == MEM_RELEASE ||
           FreeType == (MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS) ||
           FreeType == (MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER);
}

static NTSTATUS CheckFree(ULONG_PTR Base, SIZE_T Size, ULONG FreeType)
{
    if (!MiIsFreeType(FreeType))
        return STATUS_INVALID_PARAMETER_4;
    if (Base > MM_HIGHEST_USER_ADDRESS)
        return STATUS_INVALID_PARAMETER_2;
    if (Size > MM_HIGHEST_USER_ADDRESS - Base)
        return STATUS_INVALID_PARAMETER_3;
    return STATUS_SUCCESS;
}

static NTSTATUS FreeRange(PMM_ADDRESS_SPACE Vm, PVOID *Base, PSIZE_T Size, ULONG FreeType)
{
    ULONG_PTR Start = ALIGN_DOWN_BY(*Base, PAGE_SIZE),
              Last = ALIGN_UP_BY((ULONG_PTR)*Base + *Size, PAGE_SIZE) - 1;
    NTSTATUS Status;
    PMI_VAD Vad;

    Vad = MiFindVad(Vm, Start);
    if (!Vad)
        return STATUS_MEMORY_NOT_ALLOCATED;
    if (!*Size) {
        if (Start != Vad->Start)
            return STATUS_FREE_VM_NOT_AT_BASE;
        Last = Vad->Last;
    }
    if (Last > Vad->Last)
        return STATUS_UNABLE_TO_FREE_VM;
    if (Vad->Type != MiVadPrivate)
        return STATUS_UNABLE_TO_DELETE_SECTION;
    if (FreeType & PLACEHOLDER_TYPES) /* there are none */
        return STATUS_CONFLICTING_ADDRESSES;
    if (MiIsSecured(Vm, Vad, Start, Last))
        return STATUS_INVALID_PAGE_PROTECTION;
    Status =
        FreeType == MEM_RELEASE ? Release(Vm, Vad, Start, Last) : Decommit(Vm, Vad, Start, Last);
    if (NT_SUCCESS(Status)) {
        *Base = (PVOID)Start;
        *Size = Last - Start + 1;
    }
    return Status;
}

NTSTATUS MmFreeVirtualMemory(PEPROCESS Process, PVOID *Base, PSIZE_T Size, ULONG FreeType)
{
    NTSTATUS Status = CheckFree((ULONG_PTR)*Base, *Size, FreeType);

    if (NT_SUCCESS(Status))
        Status = MiLockAddressSpace(&Process->Vm);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = FreeRange(&Process->Vm, Base, Size, FreeType);
    MiUnlockAddressSpace(&Process->Vm);
    return Status;
}

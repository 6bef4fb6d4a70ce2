/* SPDX-License-Identifier: BSD-2-Clause */
/* Changing the protection of committed pages. */
#include <ps.h>
#include "mi.h"

/* Whether pages of a view of data that was mapped with View may become Protect. */
BOOLEAN MiIsViewProtection(ULONG View, ULONG Protect)
{
    ULONG Write = PAGE_READWRITE | PAGE_EXECUTE_READWRITE;

    if (MI_IS_EXECUTABLE(Protect) && !MI_IS_EXECUTABLE(View))
        return FALSE;
    return !(Protect & Write) || View & Write;
}

/* What a page of this VAD becomes when Protect is asked for; 0 if that is not allowed. */
static ULONG EffectiveProtection(PMI_VAD Vad, ULONG_PTR Address, MI_PTE Pte, ULONG Protect)
{
    PMI_SUBSECTION Subsection;

    if (Vad->Type != MiVadImage || Pte.Private)
        return Protect;
    Subsection = MiFindSubsection(Vad->Segment,
                                  (ULONG)((Address - Vad->Start) >> PAGE_SHIFT) + Vad->FirstPage);
    if (Subsection->Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)) /* a shared section */
        return Protect;
    return MiCopyOnWriteProtection(Protect);
}

static NTSTATUS CheckVad(PMI_VAD Vad, ULONG Protect)
{
    if (Vad->Type == MiVadPrivate && MI_IS_COPY_ON_WRITE(Protect))
        return STATUS_INVALID_PAGE_PROTECTION;
    if (Vad->Type == MiVadMapped && !MiIsViewProtection(Vad->Protect, Protect))
        return STATUS_SECTION_PROTECTION;
    return STATUS_SUCCESS;
}

static MI_PTE ReadPte(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    PMI_PTE Pte = MiFindPte(Vm, Address);
    MI_PTE None = {0};

    return Pte ? *Pte : None;
}

static BOOLEAN AllCommitted(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    for (; Start <= Last; Start += PAGE_SIZE) {
        if (!MiPageProtection(Vad, Start, ReadPte(Vm, Start)))
            return FALSE;
        if (Last - Start >= PAGE_SIZE)
            KeGiveWay();
    }
    return TRUE;
}

/* By how much the change of a page's protection raises (or lowers) its charge. */
static LONG ChargeOfChange(PMI_VAD Vad, ULONG_PTR Address, MI_PTE Pte, ULONG Protect)
{
    MI_PTE New = Pte;

    if (Vad->Type == MiVadPrivate)
        return 0;
    MiSetPteProtection(&New, EffectiveProtection(Vad, Address, Pte, Protect));
    return MiPteCharge(Vad, Address, New) - MiPteCharge(Vad, Address, Pte);
}

/* Pages of a view that become copy on write. Others that are copied meanwhile take no more. */
static SIZE_T CountCharge(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last,
                          ULONG Protect)
{
    SIZE_T Count = 0;

    for (; Vad->Type != MiVadPrivate && Start <= Last; Start += PAGE_SIZE) {
        Count += ChargeOfChange(Vad, Start, ReadPte(Vm, Start), Protect) > 0;
        KeGiveWay();
    }
    return Count;
}

/* Their tables are there. Returns what was charged for them, which may be negative. */
static LONG_PTR ChangePages(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last,
                            ULONG Protect)
{
    LONG_PTR Charge = 0;

    for (; Start <= Last; Start += PAGE_SIZE) {
        PMI_PTE Pte = MiFindPte(Vm, Start);

        Charge += ChargeOfChange(Vad, Start, *Pte, Protect);
        MiProtectPage(Vm, Start, Pte, EffectiveProtection(Vad, Start, *Pte, Protect));
        if (Last - Start >= PAGE_SIZE)
            KeGiveWay();
    }
    return Charge;
}

NTSTATUS MiProtectPages(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last, ULONG Protect,
                        PULONG Old)
{
    PMI_VAD Vad = MiFindVad(Vm, Start);
    NTSTATUS Status;
    SIZE_T Charge;

    if (!Vad || Last > Vad->Last)
        return STATUS_CONFLICTING_ADDRESSES;
    Status = CheckVad(Vad, Protect);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Vad->NoChange || MiIsSecured(Vm, Vad, Start, Last))
        return STATUS_INVALID_PAGE_PROTECTION;
    Vad->Pristine = FALSE;
    if (!AllCommitted(Vm, Vad, Start, Last))
        return STATUS_NOT_COMMITTED;
    Status = MiPrepareTables(Vm, Start, Last);
    if (!NT_SUCCESS(Status))
        return Status;
    Charge = CountCharge(Vm, Vad, Start, Last, Protect);
    if (!MiChargeCommitment(Vm, Charge))
        return STATUS_COMMITMENT_LIMIT;
    *Old = MiPageProtection(Vad, Start, ReadPte(Vm, Start));
    MiReturnCommitment(Vm, Charge - ChangePages(Vm, Vad, Start, Last, Protect));
    return STATUS_SUCCESS;
}

/* The range is whole pages; *Old is the protection that its first page had. */
NTSTATUS MiProtectVirtualMemory(PEPROCESS Process, ULONG_PTR Start, ULONG_PTR Last, ULONG Protect,
                                PULONG Old)
{
    NTSTATUS Status = MiLockAddressSpace(&Process->Vm);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = MiProtectPages(&Process->Vm, Start, Last, Protect, Old);
    MiUnlockAddressSpace(&Process->Vm);
    return Status;
}

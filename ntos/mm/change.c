/* SPDX-License-Identifier: BSD-2-Clause */
/* Changing the protection of committed pages. */
#include <ps.h>
#include "mi.h"

/* What a view of data that was mapped with View lets its pages become. */
static BOOLEAN IsCompatible(ULONG View, ULONG Protect)
{
    ULONG Write = PAGE_READWRITE | PAGE_EXECUTE_READWRITE;

    if (MI_IS_EXECUTABLE(Protect) && !MI_IS_EXECUTABLE(View))
        return FALSE;
    return !(Protect & Write) || View & Write;
}

/* What a page of this VAD becomes when Protect is asked for; 0 if it may not. */
static ULONG EffectiveProtection(PMI_VAD Vad, ULONG_PTR Address, MI_PTE Pte, ULONG Protect)
{
    PMI_SUBSECTION Subsection;

    if (Vad->Type != MiVadImage || Pte.Private)
        return Protect;
    Subsection = MiFindSubsection(Vad->Segment,
                                  (ULONG)((Address - Vad->Start) >> PAGE_SHIFT) + Vad->FirstPage);
    if (Subsection->Protect &
        (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)) /* shared between processes by its wish */
        return Protect;
    return MiCopyOnWriteProtection(Protect);
}

static NTSTATUS CheckVad(PMI_VAD Vad, ULONG Protect)
{
    if (Vad->Type == MiVadPrivate && MI_IS_COPY_ON_WRITE(Protect))
        return STATUS_INVALID_PAGE_PROTECTION;
    if (Vad->Type == MiVadMapped && !IsCompatible(Vad->Protect, Protect))
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
    for (; Start <= Last; Start += PAGE_SIZE)
        if (!MiPageProtection(Vad, Start, ReadPte(Vm, Start)))
            return FALSE;
    return TRUE;
}

/* The range is whole pages; *Old is the protection that its first page had. */
NTSTATUS MiProtectVirtualMemory(PEPROCESS Process, ULONG_PTR Start, ULONG_PTR Last, ULONG Protect,
                                PULONG Old)
{
    PMM_ADDRESS_SPACE Vm = &Process->Vm;
    PMI_VAD Vad = MiFindVad(Vm, Start);
    NTSTATUS Status;

    if (!Vad || Last > Vad->Last)
        return STATUS_CONFLICTING_ADDRESSES;
    Status = CheckVad(Vad, Protect);
    if (!NT_SUCCESS(Status))
        return Status;
    if (MiIsSecured(Vm, Vad, Start, Last))
        return STATUS_INVALID_PAGE_PROTECTION;
    if (!AllCommitted(Vm, Vad, Start, Last))
        return STATUS_NOT_COMMITTED;
    Status = MiPrepareTables(Vm, Start, Last);
    if (!NT_SUCCESS(Status))
        return Status;
    *Old = MiPageProtection(Vad, Start, ReadPte(Vm, Start));
    for (; Start <= Last; Start += PAGE_SIZE)
        MiProtectPage(Vm, Start, EffectiveProtection(Vad, Start, ReadPte(Vm, Start), Protect));
    return STATUS_SUCCESS;
}

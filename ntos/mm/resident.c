/* SPDX-License-Identifier: BSD-2-Clause */
/* Resident pages of a process: mapping a frame by a copy of its capability, and taking it away. */
#include "mi.h"

static seL4_Word PageAttributes(MI_PTE Pte)
{
    seL4_Word Attributes = MI_IS_EXECUTABLE(1u << Pte.Protect) ? 0 : seL4_X86_ExecuteNever;

    if (Pte.NoCache)
        Attributes |= seL4_X86_Uncacheable;
    else if (Pte.WriteCombine)
        Attributes |= seL4_X86_WriteCombining;
    return Attributes;
}

/* Maps, or maps anew at the same place, making the hardware's tables that are missing. */
static NTSTATUS MapCap(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, MI_PTE Pte)
{
    BOOLEAN Write = (1u << Pte.Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)) != 0;

    for (;;) {
        ULONG Missing;
        NTSTATUS Status;

        if (MiMapPage(Pte.Slot, Vm->VSpace.Cap, Address, Write, PageAttributes(Pte), &Missing) ==
            seL4_NoError)
            return STATUS_SUCCESS;
        if (!Missing)
            return STATUS_INSUFFICIENT_RESOURCES;
        Status = MiCreateHardwareTable(Vm, Address, Missing);
        if (!NT_SUCCESS(Status))
            return Status;
    }
}

/* The page has a frame. Without access or with a guard it is not mapped at all. */
NTSTATUS MiMapResidentPage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, PMI_PTE Pte)
{
    MI_PTE New = *Pte;
    seL4_CPtr Slot;
    NTSTATUS Status;

    if (New.Guard || 1u << New.Protect == PAGE_NOACCESS) {
        MiUnmapPage(&New);
        MiWritePte(Pte, New);
        return STATUS_SUCCESS;
    }
    if (!New.Slot) {
        Status = MiTakeFrameCopy(New.Frame, &Slot);
        if (!NT_SUCCESS(Status))
            return Status;
        New.Slot = Slot;
    }
    Status = MapCap(Vm, Address & ~(ULONG_PTR)(PAGE_SIZE - 1), New);
    if (!NT_SUCCESS(Status))
        MiUnmapPage(&New);
    MiWritePte(Pte, New);
    return Status;
}

void MiUnmapPage(MI_PTE *New)
{
    if (New->Slot)
        MiReturnFrameCopy(New->Frame, New->Slot);
    New->Slot = 0;
}

void MiSetFrame(PMM_ADDRESS_SPACE Vm, MI_PTE *New, ULONG Frame, BOOLEAN Private)
{
    New->Frame = Frame;
    New->Private = Private;
    if (++Vm->WorkingSetPages > Vm->PeakWorkingSetPages)
        Vm->PeakWorkingSetPages = Vm->WorkingSetPages;
}

void MiEvictPage(PMM_ADDRESS_SPACE Vm, MI_PTE *New)
{
    MiUnmapPage(New);
    if (!New->Frame)
        return;
    MiReleaseFrame(New->Frame);
    New->Frame = 0;
    New->Private = FALSE;
    Vm->WorkingSetPages--;
}

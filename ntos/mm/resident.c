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

static BOOLEAN IsMappedWritable(MI_PTE Pte)
{
    return (1u << Pte.Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)) != 0 && !Pte.Watched;
}

/* Maps a capability, making the hardware's tables that are missing. */
static NTSTATUS MapCap(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, MI_PTE Pte)
{
    BOOLEAN Write = IsMappedWritable(Pte);

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

/* The page has a frame. A page that is mapped with other rights is unmapped first: mapping it again
 * in place leaves the old rights in the TLB on ia32 (seL4's map of a page that is mapped flushes
 * nothing there). Without access or with a guard it is not mapped at all. */
NTSTATUS MiMapResidentPage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, PMI_PTE Pte)
{
    MI_PTE New = *Pte;
    NTSTATUS Status;

    if (New.Guard || 1u << New.Protect == PAGE_NOACCESS) {
        MiUnmapPage(&New);
        MiWritePte(Pte, New);
        return STATUS_SUCCESS;
    }
    if (!New.Slot)
        New.Slot = MiTakeFrameCopy(New.Frame);
    else if (seL4_X86_Page_Unmap(New.Slot) != seL4_NoError)
        KeBugCheck("a client's page cannot be unmapped");
    Status = MapCap(Vm, Address & ~(ULONG_PTR)(PAGE_SIZE - 1), New);
    if (!NT_SUCCESS(Status))
        MiUnmapPage(&New);
    MiWritePte(Pte, New);
    return Status;
}

/* Where only write access changes, the page is mapped again in place. If it is added, what is left
 * of the old mapping in the TLB allows less and costs a fault at most. */
NTSTATUS MiRemapPage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, PMI_PTE Pte, MI_PTE Old)
{
    MI_PTE New = *Pte;

    if (Old.Guard || New.Guard || 1u << New.Protect == PAGE_NOACCESS ||
        PageAttributes(Old) != PageAttributes(New) ||
        (IsMappedWritable(Old) && !IsMappedWritable(New) && !MI_MAP_LOWERS_RIGHTS))
        return MiMapResidentPage(Vm, Address, Pte);
    if (IsMappedWritable(Old) == IsMappedWritable(New))
        return STATUS_SUCCESS;
    return MapCap(Vm, Address & ~(ULONG_PTR)(PAGE_SIZE - 1), New);
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

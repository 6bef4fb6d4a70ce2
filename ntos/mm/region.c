/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages that the Executive shares with a process: locked client pages, and regions made for
 * both. */
#include <ps.h>
#include "mi.h"

/* The kernel has no use for a page in high memory, so its frame is exchanged. */
static NTSTATUS LeaveHighMemory(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, PMI_PTE Pte)
{
    MI_PTE New = *Pte;
    ULONG Frame;

    if (!(MiFrameEntry(New.Frame)->Flags & MI_FRAME_HIGH))
        return STATUS_SUCCESS;
    if (!New.Private)
        return STATUS_INVALID_PARAMETER;
    Frame = MiAllocateFrame(FALSE);
    if (!Frame)
        return STATUS_NO_MEMORY;
    MiCopyFrame(Frame, New.Frame);
    MiEvictPage(Vm, &New);
    MiSetFrame(Vm, &New, Frame, TRUE);
    MiWritePte(Pte, New);
    return MiMapResidentPage(Vm, Address, Pte);
}

NTSTATUS MmLockClientPage(PEPROCESS Process, PVOID Address, PVOID *Window, seL4_CPtr *FrameCap)
{
    ULONG_PTR Page = ALIGN_DOWN_BY(Address, PAGE_SIZE);
    NTSTATUS Status = MmAccessFault(Process, Page, TRUE, FALSE);
    PMI_PTE Pte;

    if (!NT_SUCCESS(Status))
        return Status;
    Pte = MiFindPte(&Process->Vm, Page);
    Status = LeaveHighMemory(&Process->Vm, Page, Pte);
    if (!NT_SUCCESS(Status))
        return Status;
    Pte->Locked = TRUE;
    *Window = (PCHAR)MiMapFrame(Pte->Frame) + ((ULONG_PTR)Address & (PAGE_SIZE - 1));
    *FrameCap = MiFrameCap(Pte->Frame);
    return STATUS_SUCCESS;
}

/* ---- Shared regions ---- */

/* A new frame at Address of the system range and at Client of the process. */
static NTSTATUS AddSharedPage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, ULONG_PTR Client)
{
    ULONG Frame = MiMapSharedSystemPage(Address);

    return Frame ? MiMapSharedFrame(Vm, Client, Frame, PAGE_READWRITE) : STATUS_NO_MEMORY;
}

static NTSTATUS FillRegion(PMM_ADDRESS_SPACE Vm, ULONG_PTR Base, ULONG_PTR Client, SIZE_T Pages)
{
    SIZE_T Page;

    for (Page = 0; Page < Pages; Page++) {
        NTSTATUS Status = AddSharedPage(Vm, Base + Page * PAGE_SIZE, Client + Page * PAGE_SIZE);

        if (!NT_SUCCESS(Status)) {
            MiUnmapSystemRange(Base, Page + 1);
            return Status;
        }
    }
    return STATUS_SUCCESS;
}

static NTSTATUS AllocateRegion(PMM_ADDRESS_SPACE Vm, SIZE_T Pages, PVOID *SystemAddress,
                               PVOID *ClientAddress)
{
    ULONG_PTR Client = MiFindFreeRange(Vm, Pages * PAGE_SIZE, MM_HIGHEST_USER_ADDRESS, FALSE);
    ULONG_PTR Base = Client ? MiReserveSystemRange(Pages) : 0;
    PMI_VAD Vad = Base ? MiCreateSystemVad(Vm, Client, Pages * PAGE_SIZE, PAGE_READWRITE) : NULL;
    NTSTATUS Status = Vad ? FillRegion(Vm, Base, Client, Pages) : STATUS_NO_MEMORY;

    if (NT_SUCCESS(Status)) {
        *SystemAddress = (PVOID)Base;
        *ClientAddress = (PVOID)Client;
        return STATUS_SUCCESS;
    }
    if (Vad)
        MiDeleteVad(Vm, Vad);
    if (Base)
        MiReleaseSystemRange(Base, Pages);
    return Status;
}

NTSTATUS MmAllocateSharedRegion(PEPROCESS Process, SIZE_T Size, PVOID *SystemAddress,
                                PVOID *ClientAddress)
{
    NTSTATUS Status = MiLockAddressSpace(&Process->Vm);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = AllocateRegion(&Process->Vm, ALIGN_UP_BY(Size, PAGE_SIZE) / PAGE_SIZE, SystemAddress,
                            ClientAddress);
    MiUnlockAddressSpace(&Process->Vm);
    return Status;
}

void MmFreeSharedRegion(PVOID SystemAddress, SIZE_T Size)
{
    SIZE_T Pages = ALIGN_UP_BY(Size, PAGE_SIZE) / PAGE_SIZE;

    MiUnmapSystemRange((ULONG_PTR)SystemAddress, Pages);
    MiReleaseSystemRange((ULONG_PTR)SystemAddress, Pages);
}

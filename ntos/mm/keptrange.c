/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ranges that are kept: a thread's stack and TEB have ended with it, but the next thread of the
 * process will want the same. Their VADs stay, hidden, with their pages, which nobody reaches; the
 * process goes on being charged for them. They are given up for good when anything of the process
 * finds no room.
 */
#include <ps.h>
#include "mi.h"

#define PLENTY 1024 /* free pages, below which nothing is kept */

static BOOLEAN MayBeKept(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, PVOID First, SIZE_T Pages)
{
    return Vad && (Vad->Pristine || Vad->SecureLast) && Pages <= MM_KEPT_PAGES &&
           (ULONG_PTR)First + Pages * PAGE_SIZE == Vad->Last + 1 && !Vm->Locked &&
           MiAvailablePages() > PLENTY;
}

/* A TEB is secured, so that it is as it was made, and so is a pristine stack: there are no other
 * pages. */
BOOLEAN MmKeepRange(PEPROCESS Process, MM_KEPT_RANGE Kind, PVOID Base, PVOID First, SIZE_T Pages)
{
    PMM_ADDRESS_SPACE Vm = &Process->Vm;
    PMI_VAD Vad = MiFindVad(Vm, (ULONG_PTR)Base);
    ULONG_PTR Address = (ULONG_PTR)First;

    if (Vm->KeptRanges[Kind] || !MayBeKept(Vm, Vad, First, Pages) || Vad->Start != (ULONG_PTR)Base)
        return FALSE;
    for (; Pages--; Address += PAGE_SIZE) {
        PMI_PTE Pte = MiFindPte(Vm, Address);

        if (Pte && Pte->Frame) {
            MI_PTE New = *Pte;

            MiUnmapPage(&New);
            New.Pinned = FALSE;
            MiSetPteProtection(&New, PAGE_NOACCESS);
            MiWritePte(Pte, New);
        }
    }
    Vad->Hidden = TRUE;
    Vm->KeptRanges[Kind] = Vad;
    return TRUE;
}

static NTSTATUS RenewPage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, PMI_PTE Pte)
{
    MI_PTE New = *Pte;

    MiClearPage(MiMapFrame(New.Frame));
    MiSetPteProtection(&New, PAGE_READWRITE);
    MiWritePte(Pte, New);
    return MiMapResidentPage(Vm, Address, Pte);
}

static NTSTATUS RenewRange(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    ULONG_PTR Address = Vad->Last + 1;
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Pages;

    for (Pages = 0; Pages < MM_KEPT_PAGES && Address > Vad->Start && NT_SUCCESS(Status); Pages++) {
        PMI_PTE Pte = MiFindPte(Vm, Address -= PAGE_SIZE);

        if (Pte && Pte->Frame)
            Status = RenewPage(Vm, Address, Pte);
    }
    return Status;
}

static void DropRange(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    Vad->SecureStart = Vad->SecureLast = 0;
    MiDeleteVad(Vm, Vad);
}

NTSTATUS MmReuseRange(PEPROCESS Process, MM_KEPT_RANGE Kind)
{
    PMM_ADDRESS_SPACE Vm = &Process->Vm;
    NTSTATUS Status = MiLockAddressSpace(Vm);
    PMI_VAD Vad;

    if (!NT_SUCCESS(Status))
        return Status;
    Vad = Vm->KeptRanges[Kind];
    Vm->KeptRanges[Kind] = NULL;
    if (Vad && NT_SUCCESS(RenewRange(Vm, Vad))) {
        Vad->Hidden = FALSE;
    } else {
        Status = STATUS_NOT_FOUND;
        if (Vad)
            DropRange(Vm, Vad);
    }
    MiUnlockAddressSpace(Vm);
    return Status;
}

/* The address space is locked. FALSE: there was none. */
BOOLEAN MiDropKeptRanges(PMM_ADDRESS_SPACE Vm)
{
    BOOLEAN Any = FALSE;
    ULONG Index;

    for (Index = 0; Index < MmKeptRanges; Index++) {
        PMI_VAD Vad = Vm->KeptRanges[Index];

        if (!Vad)
            continue;
        Vm->KeptRanges[Index] = NULL;
        DropRange(Vm, Vad);
        Any = TRUE;
    }
    return Any;
}

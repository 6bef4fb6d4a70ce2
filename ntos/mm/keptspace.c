/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Address spaces that are kept: of a process that has ended only what the next one will have just
 * so is left in place: the kernel's VSpace with its ASID, tables, the shared data page, and the
 * view of ntdll with those of its pages that all processes share. Everything that was the process's
 * own goes. The view is hidden until the next process maps ntdll.
 *
 * Kept ones are nobody's: their pages do not count as committed, and as soon as what is committed
 * comes near to the memory that they take, they are given up, by a system thread.
 */
#include <neptune/abi.h>
#include <ex.h>
#include <ps.h>
#include "mi.h"

#define MAXIMUM_KEPT 4
#define MAXIMUM_PAGES 64 /* tables and charges of one; more are trimmed */
#define PLENTY 4096      /* free pages, below which none is kept */

/* Address spaces are parts of processes (commit.c): each has a nameless one around it. */
static PEPROCESS Kept[MAXIMUM_KEPT];
static ULONG KeptCount;
static PMI_SEGMENT CommonSegment;
SIZE_T MiKeptPages;

void MmSetCommonImage(PMM_SECTION Section)
{
    CommonSegment = Section->Segment;
}

BOOLEAN MiIsCommonVad(PMI_VAD Vad)
{
    if (Vad->Type == MiVadImage)
        return Vad->Segment == CommonSegment && Vad->Start == CommonSegment->ImageBase;
    return Vad->SystemOwned && Vad->Start == NEPTUNE_SHARED_USER_DATA;
}

BOOLEAN MiMayKeepSpace(PEPROCESS Process)
{
    return KeptCount < MAXIMUM_KEPT && !Process->DriverHost && !Process->Vm.DrawnPages &&
           !Process->Vm.KeptPages && !Process->Vm.DriverBytes && MiAvailablePages() > PLENTY;
}

static void PutKept(PEPROCESS Process)
{
    MiKeptPages += Process->Vm.KeptPages;
    Kept[KeptCount++] = Process;
}

static PEPROCESS TakeKept(void)
{
    PEPROCESS Process = Kept[--KeptCount];

    MiKeptPages -= Process->Vm.KeptPages;
    return Process;
}

/* ---- Keeping ---- */

static BOOLEAN IsAsMapped(PMI_VAD Vad, ULONG_PTR Address, MI_PTE Pte)
{
    ULONG Page = (ULONG)((Address - Vad->Start) >> PAGE_SHIFT) + Vad->FirstPage;

    return Pte.Slot && !Pte.Private && !Pte.Pinned && !Pte.Locked &&
           MiPteProtection(Pte) == MiFindSubsection(Vad->Segment, Page)->Protect;
}

/* Only pages that are as every process has them stay. FALSE: what is charged for the view cannot be
 * what it was at first. */
static BOOLEAN CleanView(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    ULONG_PTR Address = Vad->Start;
    PMI_PTE Pte;

    Vad->Hidden = TRUE; /* page faults no longer find it */
    for (; (Pte = MiNextPteInTurn(Vm, &Address, Vad->Last)) != NULL; Address += PAGE_SIZE) {
        MI_PTE New = *Pte, None = {0};
        LONG Charge;

        if (IsAsMapped(Vad, Address, New))
            continue;
        Charge = MiPteCharge(Vad, Address, New);
        if (Charge < 0 && !MiChargeCommitment(Vm, 1))
            return FALSE; /* the PTE is there still, and says that the page is not charged */
        if (Charge > 0)
            MiReturnCommitment(Vm, 1);
        MiEvictPage(Vm, &New);
        MiWritePte(Pte, None);
    }
    Vad->Waiting = TRUE;
    return TRUE;
}

static BOOLEAN CleanViews(PMM_ADDRESS_SPACE Vm)
{
    PRTL_BALANCED_NODE Node = RtlAvlFirstNode(&Vm->VadTree);
    ULONG Count = 0;

    for (; Node; Node = RtlAvlNextNode(Node), Count++) {
        PMI_VAD Vad = CONTAINING_RECORD(Node, MI_VAD, Node);

        if (Vad->Type == MiVadImage && !CleanView(Vm, Vad))
            return FALSE;
    }
    return Count == 2;
}

/* Leaves an address space that has nothing, as after its end. */
static void MoveSpace(PMM_ADDRESS_SPACE To, PMM_ADDRESS_SPACE From)
{
    To->VSpace = From->VSpace;
    To->PageTables = From->PageTables;
    To->VadTree = From->VadTree;
    To->VadCount = From->VadCount;
    To->VirtualSize = To->PeakVirtualSize = From->VirtualSize;
    To->WorkingSetPages = To->PeakWorkingSetPages = From->WorkingSetPages;
    From->VSpace = (MM_KERNEL_OBJECT){0};
    From->PageTables = NULL;
    From->VadTree.Root = NULL;
    From->VadCount = 0;
    From->VirtualSize = From->WorkingSetPages = 0;
    memset(From->KnownTables, 0, sizeof(From->KnownTables));
}

/* What is committed for the address space itself: its process's pool is not (quota.c). */
static SIZE_T SpacePages(PMM_ADDRESS_SPACE Vm)
{
    PEPROCESS Process = CONTAINING_RECORD(Vm, EPROCESS, Vm);

    return Vm->CommitPages - (Process->Quota ? Process->Quota->Pages : 0);
}

BOOLEAN MiKeepAddressSpace(PMM_ADDRESS_SPACE Vm)
{
    PEPROCESS Process;

    if (!CleanViews(Vm))
        return FALSE;
    if (SpacePages(Vm) > MAXIMUM_PAGES)
        MiTrimTables(Vm, MM_LOWEST_USER_ADDRESS, MM_HIGHEST_USER_ADDRESS);
    if (KeptCount == MAXIMUM_KEPT) /* others have come before it */
        return FALSE;
    Process = ExAllocatePool(sizeof(*Process));
    if (!Process)
        return FALSE;
    KeInitializeEvent(&Process->Vm.Unlocked, SynchronizationEvent, FALSE);
    MoveSpace(&Process->Vm, Vm);
    Process->Vm.KeptPages = SpacePages(Vm); /* what is to be charged again */
    MiReturnCommitment(Vm, Process->Vm.KeptPages);
    PutKept(Process);
    return TRUE;
}

/* ---- Taking one ---- */

BOOLEAN MiReuseAddressSpace(PMM_ADDRESS_SPACE Vm)
{
    PEPROCESS Process;

    if (!KeptCount)
        return FALSE;
    Process = TakeKept(); /* first: to be charged may cost those that are kept */
    if (!MiChargeCommitment(Vm, Process->Vm.KeptPages)) {
        PutKept(Process);
        return FALSE;
    }
    MoveSpace(Vm, &Process->Vm);
    ExFreePool(Process);
    return TRUE;
}

BOOLEAN MiAdoptView(PMM_ADDRESS_SPACE Vm, PMI_SEGMENT Segment)
{
    PMI_VAD Vad = Segment == CommonSegment ? MiFirstVadFrom(Vm, Segment->ImageBase) : NULL;

    if (!Vad || !Vad->Waiting)
        return FALSE;
    Vad->Hidden = Vad->Waiting = FALSE;
    return TRUE;
}

/* ---- Giving them up ---- */

/* A system thread: what they hold counts as committed again until it is freed. */
static void TakeApart(PVOID Context)
{
    PEPROCESS Process = Context;

    Process->Vm.CommitPages = Process->Vm.KeptPages; /* which say that it is not to be kept */
    MiCommittedPages += Process->Vm.CommitPages;
    MmDeleteAddressSpace(Process);
    ExFreePool(Process);
}

void MiDropKeptSpaces(void)
{
    static BOOLEAN Dropping; /* a thread wants memory itself */

    if (Dropping)
        return;
    Dropping = TRUE;
    while (KeptCount && NT_SUCCESS(KeCreateSystemThread(TakeApart, Kept[KeptCount - 1])))
        TakeKept();
    Dropping = FALSE;
}

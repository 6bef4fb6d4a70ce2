/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual address descriptors: the ranges that a process has reserved, in a balanced tree by
 * address. */
#include <ex.h>
#include "mi.h"

#define VadOf(node) CONTAINING_RECORD(node, MI_VAD, Node)

PMI_VAD MiFindVad(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    PRTL_BALANCED_NODE Node = Vm->VadTree.Root;

    while (Node) {
        PMI_VAD Vad = VadOf(Node);

        if (Address < Vad->Start)
            Node = Node->Left;
        else if (Address > Vad->Last)
            Node = Node->Right;
        else
            return Vad;
    }
    return NULL;
}

PMI_VAD MiFirstVadFrom(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    PRTL_BALANCED_NODE Node = Vm->VadTree.Root;
    PMI_VAD Best = NULL;

    while (Node) {
        if (VadOf(Node)->Last >= Address) {
            Best = VadOf(Node);
            Node = Node->Left;
        } else {
            Node = Node->Right;
        }
    }
    return Best;
}

BOOLEAN MiIsRangeFree(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last)
{
    PMI_VAD Vad = MiFirstVadFrom(Vm, Start);

    return Start >= MM_LOWEST_USER_ADDRESS && Last <= MM_HIGHEST_USER_ADDRESS &&
           (!Vad || Vad->Start > Last);
}

/* Some of them together are charged a page, so that a process cannot fill our memory with
 * reservations. */
PMI_VAD MiAllocateVad(PMM_ADDRESS_SPACE Vm)
{
    PMI_VAD Vad;

    if (Vm->VadCount % MI_VADS_PER_PAGE == 0 && !MiChargeCommitment(Vm, 1))
        return NULL;
    Vad = ExAllocatePool(sizeof(*Vad));
    if (Vad)
        Vm->VadCount++;
    else if (Vm->VadCount % MI_VADS_PER_PAGE == 0)
        MiReturnCommitment(Vm, 1);
    return Vad;
}

static void FreeVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    if (--Vm->VadCount % MI_VADS_PER_PAGE == 0)
        MiReturnCommitment(Vm, 1);
    ExFreePool(Vad);
}

PMI_VAD MiCreateVad(PMM_ADDRESS_SPACE Vm, MI_VAD_TYPE Type, ULONG_PTR Start, SIZE_T Size,
                    ULONG Protect)
{
    PMI_VAD Vad = MiAllocateVad(Vm);

    if (!Vad)
        return NULL;
    Vad->Type = (UCHAR)Type;
    Vad->Start = Start;
    Vad->Last = Start + Size - 1;
    Vad->Protect = Protect;
    MiInsertVad(Vm, Vad);
    return Vad;
}

void MiInsertVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    PRTL_BALANCED_NODE Parent = NULL, Node = Vm->VadTree.Root;
    BOOLEAN Right = FALSE;

    while (Node) {
        Parent = Node;
        Right = Vad->Start > VadOf(Node)->Start;
        Node = Right ? Node->Right : Node->Left;
    }
    RtlAvlInsertNodeEx(&Vm->VadTree, Parent, Right, &Vad->Node);
    Vm->VirtualSize += Vad->Last - Vad->Start + 1;
}

void MiRemoveVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    RtlAvlRemoveNode(&Vm->VadTree, &Vad->Node);
    Vm->VirtualSize -= Vad->Last - Vad->Start + 1;
}

/* ---- Finding room ---- */

static ULONG_PTR FindLowest(PMM_ADDRESS_SPACE Vm, SIZE_T Size, ULONG_PTR Highest)
{
    PRTL_BALANCED_NODE Node = RtlAvlFirstNode(&Vm->VadTree);
    ULONG_PTR Start = MM_LOWEST_USER_ADDRESS;

    for (; Node; Node = RtlAvlNextNode(Node)) {
        PMI_VAD Vad = VadOf(Node);

        if (Vad->Start > Start && Vad->Start - Start >= Size)
            break;
        if (Vad->Last >= Start)
            Start = ALIGN_UP_BY(Vad->Last + 1, MM_ALLOCATION_GRANULARITY);
    }
    return Start <= Highest && Highest - Start >= Size - 1 ? Start : 0;
}

static ULONG_PTR FindHighest(PMM_ADDRESS_SPACE Vm, SIZE_T Size, ULONG_PTR Highest)
{
    PRTL_BALANCED_NODE Node = RtlAvlLastNode(&Vm->VadTree);
    ULONG_PTR Start;

    if (Highest < MM_LOWEST_USER_ADDRESS + Size - 1)
        return 0;
    Start = ALIGN_DOWN_BY(Highest + 1 - Size, MM_ALLOCATION_GRANULARITY);
    for (; Node; Node = RtlAvlPreviousNode(Node)) {
        PMI_VAD Vad = VadOf(Node);

        if (Vad->Last < Start)
            break;
        if (Vad->Start > Start + Size - 1)
            continue;
        if (Vad->Start < MM_LOWEST_USER_ADDRESS + Size)
            return 0;
        Start = ALIGN_DOWN_BY(Vad->Start - Size, MM_ALLOCATION_GRANULARITY);
    }
    return Start >= MM_LOWEST_USER_ADDRESS ? Start : 0;
}

ULONG_PTR MiFindFreeRange(PMM_ADDRESS_SPACE Vm, SIZE_T Size, ULONG_PTR Highest, BOOLEAN TopDown)
{
    if (!Size || Size > Highest)
        return 0;
    return TopDown ? FindHighest(Vm, Size, Highest) : FindLowest(Vm, Size, Highest);
}

/* Up to 21: leading zeros of a 32-bit address; from 32 on (64-bit only): a mask whose highest bit
 * bounds the address. */
NTSTATUS MiZeroBitsLimit(ULONG_PTR ZeroBits, PULONG_PTR Highest)
{
    *Highest = MM_HIGHEST_USER_ADDRESS;
    if (ZeroBits > 21) {
        if (sizeof(PVOID) == 4 || ZeroBits < 32)
            return STATUS_INVALID_PARAMETER;
        ZeroBits = MAXULONG_PTR >> __builtin_clzll(ZeroBits);
    } else if (ZeroBits) {
        ZeroBits = 0xffffffffu >> ZeroBits;
    }
    if (ZeroBits && ZeroBits < *Highest)
        *Highest = ZeroBits;
    return STATUS_SUCCESS;
}

/* ---- What may not be touched ---- */

void MmSecureRange(struct _EPROCESS *Process, PVOID Base, SIZE_T Size)
{
    ULONG_PTR Start = ALIGN_DOWN_BY(Base, PAGE_SIZE),
              Last = ALIGN_UP_BY((ULONG_PTR)Base + Size, PAGE_SIZE) - 1;
    PMI_VAD Vad = MiFindVad(MiVmOf(Process), Start);

    if (!Vad)
        return;
    if (!Vad->SecureLast || Start < Vad->SecureStart)
        Vad->SecureStart = Start;
    if (Last > Vad->SecureLast)
        Vad->SecureLast = Last < Vad->Last ? Last : Vad->Last;
}

void MmUnsecureRange(struct _EPROCESS *Process, PVOID Base)
{
    PMM_ADDRESS_SPACE Vm = MiVmOf(Process);
    PMI_VAD Vad = MiFindVad(Vm, (ULONG_PTR)Base);
    ULONG_PTR Address;
    PMI_PTE Pte;

    if (!Vad)
        return;
    Vad->SecureStart = Vad->SecureLast = 0;
    for (Address = Vad->Start; (Pte = MiNextPte(Vm, &Address, Vad->Last)) != NULL;
         Address += PAGE_SIZE)
        Pte->Locked = FALSE;
}

BOOLEAN MiIsSecured(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    PMI_PTE Pte;

    if (Vad->SystemOwned ||
        (Vad->SecureLast && Start <= Vad->SecureLast && Last >= Vad->SecureStart))
        return TRUE;
    for (; (Pte = MiNextPte(Vm, &Start, Last)) != NULL; Start += PAGE_SIZE)
        if (Pte->Locked)
            return TRUE;
    return FALSE;
}

/* ---- Giving up pages ---- */

/* What a page has been charged, if its PTE says anything of it. */
static SIZE_T PageCharge(PMI_VAD Vad, MI_PTE Pte)
{
    return Vad->Type == MiVadPrivate ? Pte.Set && Pte.Committed : Pte.Private;
}

void MiClearRange(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    ULONG_PTR Address = Start;
    SIZE_T Charge = 0, Silent = (Last - Start + 1) >> PAGE_SHIFT;
    PMI_PTE Pte;

    for (; (Pte = MiNextPte(Vm, &Address, Last)) != NULL; Address += PAGE_SIZE) {
        MI_PTE New = *Pte;

        Charge += PageCharge(Vad, New);
        Silent -= New.Set;
        MiEvictPage(Vm, &New);
        New.Value = 0;
        MiWritePte(Pte, New);
    }
    if (Vad->Type == MiVadPrivate && Vad->Committed)
        Charge += Silent;
    MiReturnCommitment(Vm, Charge);
    MiTrimTables(Vm, Start, Last);
}

void MiDeleteVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    MiClearRange(Vm, Vad, Vad->Start, Vad->Last);
    MiRemoveVad(Vm, Vad);
    if (Vad->Segment)
        MiDereferenceSegment(Vad->Segment);
    FreeVad(Vm, Vad);
}

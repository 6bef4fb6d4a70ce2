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
            return Vad->Hidden ? NULL : Vad;
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

/* Every few VADs are charged as a page, so that a process cannot fill our memory with
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

/* ---- The tree. Each address range knows how much room there is below it, and how much at most
 * below any of those that hang on it, so that free room is found on one way down. ---- */

static SIZE_T LargestGap(PRTL_BALANCED_NODE Node)
{
    return Node ? VadOf(Node)->LargestGap : 0;
}

/* FALSE: it was correct already. */
static BOOLEAN RefreshNode(PRTL_BALANCED_NODE Node)
{
    SIZE_T Left = LargestGap(Node->Left), Right = LargestGap(Node->Right),
           Largest = VadOf(Node)->Gap, Old = LargestGap(Node);

    Largest = Left > Largest ? Left : Largest;
    VadOf(Node)->LargestGap = Right > Largest ? Right : Largest;
    return LargestGap(Node) != Old;
}

/* Goes up from the lowest node that has changed. Nodes that balancing has moved aside are children
 * of those on that way. */
static void RefreshFrom(PRTL_BALANCED_NODE Node)
{
    PRTL_BALANCED_NODE Below = NULL; /* has been refreshed */

    for (; Node; Below = Node, Node = RtlAvlParentNode(Node)) {
        if (Node->Left && Node->Left != Below)
            RefreshNode(Node->Left);
        if (Node->Right && Node->Right != Below)
            RefreshNode(Node->Right);
        RefreshNode(Node);
    }
}

/* Where an allocation above Below can begin; NULL: at the lowest address of all. */
static ULONG_PTR FirstAbove(PRTL_BALANCED_NODE Below)
{
    return Below ? ALIGN_UP_BY(VadOf(Below)->Last + 1, MM_ALLOCATION_GRANULARITY)
                 : MM_LOWEST_USER_ADDRESS;
}

/* Node comes right behind Below. */
static void SetGap(PRTL_BALANCED_NODE Below, PRTL_BALANCED_NODE Node)
{
    ULONG_PTR First = FirstAbove(Below);
    PMI_VAD Vad = VadOf(Node);

    Vad->Gap = First < Vad->Start ? Vad->Start - First : 0;
}

void MiInsertVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    PRTL_BALANCED_NODE Parent = NULL, Node = Vm->VadTree.Root, Below = NULL, Above = NULL;

    while (Node) {
        Parent = Node;
        if (Vad->Start > VadOf(Node)->Start) {
            Below = Node;
            Node = Node->Right;
        } else {
            Above = Node;
            Node = Node->Left;
        }
    }
    SetGap(Below, &Vad->Node);
    if (Above)
        SetGap(&Vad->Node, Above);
    RtlAvlInsertNodeEx(&Vm->VadTree, Parent, Parent == Below, &Vad->Node);
    RefreshFrom(&Vad->Node); /* Above is on that way */
    Vm->VirtualSize += Vad->Last - Vad->Start + 1;
    if (Vm->VirtualSize > Vm->PeakVirtualSize)
        Vm->PeakVirtualSize = Vm->VirtualSize;
}

/* The lowest node whose subtree changes when Node goes: its successor takes the place of one that
 * has two children. */
static PRTL_BALANCED_NODE LowestChanged(PRTL_BALANCED_NODE Node)
{
    PRTL_BALANCED_NODE Next;

    if (!Node->Left || !Node->Right)
        return RtlAvlParentNode(Node);
    Next = RtlAvlNextNode(Node);
    return RtlAvlParentNode(Next) == Node ? Next : RtlAvlParentNode(Next);
}

void MiRemoveVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    PRTL_BALANCED_NODE Next = RtlAvlNextNode(&Vad->Node), Changed = LowestChanged(&Vad->Node);

    if (Next)
        SetGap(RtlAvlPreviousNode(&Vad->Node), Next);
    RtlAvlRemoveNode(&Vm->VadTree, &Vad->Node);
    RefreshFrom(Changed);
    while (Next && RefreshNode(Next)) /* below Changed, if at all */
        Next = RtlAvlParentNode(Next);
    Vm->VirtualSize -= Vad->Last - Vad->Start + 1;
}

/* ---- Finding room ---- */

/* The lowest node with room for Size below it. */
static PRTL_BALANCED_NODE FirstWithRoom(PRTL_BALANCED_NODE Node, SIZE_T Size)
{
    while (Node && LargestGap(Node) >= Size) {
        if (LargestGap(Node->Left) >= Size)
            Node = Node->Left;
        else if (VadOf(Node)->Gap >= Size)
            return Node;
        else
            Node = Node->Right;
    }
    return NULL;
}

/* The highest node with room for Size below it that begins at Highest or below. The search on the
 * right can fail only along the path that Highest bounds. */
static PRTL_BALANCED_NODE LastWithRoom(PRTL_BALANCED_NODE Node, SIZE_T Size, ULONG_PTR Highest)
{
    while (Node && LargestGap(Node) >= Size) {
        if (VadOf(Node)->Start <= Highest) {
            PRTL_BALANCED_NODE Found = LastWithRoom(Node->Right, Size, Highest);

            if (Found || VadOf(Node)->Gap >= Size)
                return Found ? Found : Node;
        }
        Node = Node->Left;
    }
    return NULL;
}

static ULONG_PTR FindLowest(PMM_ADDRESS_SPACE Vm, SIZE_T Size, ULONG_PTR Highest)
{
    PRTL_BALANCED_NODE Node = FirstWithRoom(Vm->VadTree.Root, Size);
    ULONG_PTR Start =
        Node ? VadOf(Node)->Start - VadOf(Node)->Gap : FirstAbove(RtlAvlLastNode(&Vm->VadTree));

    return Start <= Highest && Highest - Start >= Size - 1 ? Start : 0;
}

/* The highest node that begins at Highest or below. */
static PRTL_BALANCED_NODE LastFrom(PMM_ADDRESS_SPACE Vm, ULONG_PTR Highest)
{
    PRTL_BALANCED_NODE Node = Vm->VadTree.Root, Best = NULL;

    while (Node) {
        if (VadOf(Node)->Start <= Highest) {
            Best = Node;
            Node = Node->Right;
        } else {
            Node = Node->Left;
        }
    }
    return Best;
}

static ULONG_PTR FindHighest(PMM_ADDRESS_SPACE Vm, SIZE_T Size, ULONG_PTR Highest)
{
    ULONG_PTR First = FirstAbove(LastFrom(Vm, Highest)), End = Highest + 1;
    PRTL_BALANCED_NODE Node;

    if (First > Highest || End - First < Size) {
        Node = LastWithRoom(Vm->VadTree.Root, Size, Highest);
        if (!Node)
            return 0;
        End = VadOf(Node)->Start;
    }
    return ALIGN_DOWN_BY(End - Size, MM_ALLOCATION_GRANULARITY);
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
    for (; (Pte = MiNextPteInTurn(Vm, &Start, Last)) != NULL; Start += PAGE_SIZE)
        if (Pte->Locked)
            return TRUE;
    return FALSE;
}

/* ---- Giving up pages ---- */

void MiClearRange(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    ULONG_PTR Address = Start;
    SIZE_T Charge = MiSilentCharge(Vad, Start, Last);
    BOOLEAN Committed = Vad->Committed;
    PMI_PTE Pte;

    Vad->Committed = FALSE; /* page faults no longer find the range */
    for (; (Pte = MiNextPteInTurn(Vm, &Address, Last)) != NULL; Address += PAGE_SIZE) {
        MI_PTE New = *Pte;

        Charge += MiPteCharge(Vad, Address, New) - (Committed && New.Set);
        MiEvictPage(Vm, &New);
        MiWritePte(Pte, MiDecommittedPte(Vad, *Pte));
    }
    MiReturnCommitment(Vm, Charge);
}

void MiDeleteVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    Vad->Hidden = TRUE;
    MiClearRange(Vm, Vad, Vad->Start, Vad->Last);
    MiReturnSlots(MiSlotCharge(Vad));
    MiDiscardVad(Vm, Vad);
}

/* Page tables are freed with the last range that needs them. */
void MiDiscardVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    MiRemoveVad(Vm, Vad);
    if (!Vad->TablesStay)
        MiTrimTables(Vm, Vad->Start, Vad->Last);
    if (Vad->Segment)
        MiDereferenceSegment(Vad->Segment);
    FreeVad(Vm, Vad);
}

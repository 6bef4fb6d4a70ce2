/* SPDX-License-Identifier: BSD-2-Clause */
/* Lookaside lists: the DDK's inline routines take blocks from them and put them back. */
#include "ki.h"

#define EX_LOOKASIDE_DEPTH 16

static VOID ExpInitializeLookaside(PGENERAL_LOOKASIDE List, PALLOCATE_FUNCTION Allocate,
                                   PFREE_FUNCTION Free, POOL_TYPE Type, SIZE_T Size, ULONG Tag)
{
    RtlZeroMemory(List, sizeof(*List));
    List->Depth = EX_LOOKASIDE_DEPTH;
    List->MaximumDepth = 256;
    List->Type = Type;
    List->Tag = Tag;
    List->Size = (ULONG)max(Size, LOOKASIDE_MINIMUM_BLOCK_SIZE);
    List->Allocate = Allocate ? Allocate : ExAllocatePoolWithTag;
    List->Free = Free ? Free : ExFreePool;
}

static VOID ExpDeleteLookaside(PGENERAL_LOOKASIDE List)
{
    PVOID Block;

    while ((Block = InterlockedPopEntrySList(&List->ListHead)) != NULL)
        List->Free(Block);
}

VOID NTAPI ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST List, PALLOCATE_FUNCTION Allocate,
                                           PFREE_FUNCTION Free, ULONG Flags, SIZE_T Size, ULONG Tag,
                                           USHORT Depth)
{
    ExpInitializeLookaside(&List->L, Allocate, Free, NonPagedPool | Flags, Size, Tag);
}

VOID NTAPI ExInitializePagedLookasideList(PPAGED_LOOKASIDE_LIST List, PALLOCATE_FUNCTION Allocate,
                                          PFREE_FUNCTION Free, ULONG Flags, SIZE_T Size, ULONG Tag,
                                          USHORT Depth)
{
    ExpInitializeLookaside(&List->L, Allocate, Free, PagedPool | Flags, Size, Tag);
}

VOID NTAPI ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST List)
{
    ExpDeleteLookaside(&List->L);
}

VOID NTAPI ExDeletePagedLookasideList(PPAGED_LOOKASIDE_LIST List)
{
    ExpDeleteLookaside(&List->L);
}

static PVOID NTAPI ExpAllocateEx(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag,
                                 PLOOKASIDE_LIST_EX Lookaside)
{
    return ExAllocatePoolWithTag(PoolType, NumberOfBytes, Tag);
}

static VOID NTAPI ExpFreeEx(PVOID Buffer, PLOOKASIDE_LIST_EX Lookaside)
{
    ExFreePool(Buffer);
}

/* ExInitializeLookasideListEx: STATUS_INVALID_PARAMETER_5 for unknown flags. (WDK) */
NTSTATUS NTAPI ExInitializeLookasideListEx(PLOOKASIDE_LIST_EX Lookaside,
                                           PALLOCATE_FUNCTION_EX Allocate, PFREE_FUNCTION_EX Free,
                                           POOL_TYPE PoolType, ULONG Flags, SIZE_T Size, ULONG Tag,
                                           USHORT Depth)
{
    if (Flags > EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE)
        return STATUS_INVALID_PARAMETER_5;
    if (Flags == EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL)
        PoolType |= POOL_RAISE_IF_ALLOCATION_FAILURE;
    if (Flags == EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE)
        PoolType |= POOL_QUOTA_FAIL_INSTEAD_OF_RAISE;
    ExpInitializeLookaside((PGENERAL_LOOKASIDE)Lookaside, NULL, NULL, PoolType, Size, Tag);
    Lookaside->L.AllocateEx = Allocate ? Allocate : ExpAllocateEx;
    Lookaside->L.FreeEx = Free ? Free : ExpFreeEx;
    return STATUS_SUCCESS;
}

/* Gives back what the list keeps; it can be used on. */
VOID NTAPI ExFlushLookasideListEx(PLOOKASIDE_LIST_EX Lookaside)
{
    PVOID Block;

    while ((Block = InterlockedPopEntrySList(&Lookaside->L.ListHead)) != NULL)
        Lookaside->L.FreeEx(Block, Lookaside);
}

VOID NTAPI ExDeleteLookasideListEx(PLOOKASIDE_LIST_EX Lookaside)
{
    ExFlushLookasideListEx(Lookaside);
}

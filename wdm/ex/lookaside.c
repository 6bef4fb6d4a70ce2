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

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ids: an index into a table, and a count of how often that place has been used, so that an id that
 * has been given back is not taken for its successor. The table grows by blocks, which never move:
 * a copy of all would take long.
 */
#include "iop.h"

#define IOP_INDEX_BITS 20
#define IOP_MAXIMUM_IDS (1u << IOP_INDEX_BITS)
#define IOP_BLOCK_IDS 1024

typedef struct _IOP_ID_ENTRY {
    PVOID Object;
    ULONG Uses : 12;
    ULONG Kind : 20;
    ULONG NextFree;
} IOP_ID_ENTRY, *PIOP_ID_ENTRY;

static PIOP_ID_ENTRY IopIdBlocks[IOP_MAXIMUM_IDS / IOP_BLOCK_IDS];
static ULONG IopIdCount; /* entries of the table; number 0 is never given out */
static ULONG IopFirstFreeId;

static PIOP_ID_ENTRY IopEntryAt(ULONG Index)
{
    return &IopIdBlocks[Index / IOP_BLOCK_IDS][Index % IOP_BLOCK_IDS];
}

static BOOLEAN IopGrowIds(void)
{
    PIOP_ID_ENTRY Block =
        IopIdCount < IOP_MAXIMUM_IDS ? ExAllocatePool(IOP_BLOCK_IDS * sizeof(*Block)) : NULL;
    ULONG i;

    if (!Block)
        return FALSE;
    IopIdBlocks[IopIdCount / IOP_BLOCK_IDS] = Block;
    for (i = IOP_BLOCK_IDS; i-- > (IopIdCount ? 0 : 1);) {
        Block[i].NextFree = IopFirstFreeId;
        IopFirstFreeId = IopIdCount + i;
    }
    IopIdCount += IOP_BLOCK_IDS;
    return TRUE;
}

UINT32 IopAllocateId(IOP_ID_KIND Kind, PVOID Object)
{
    PIOP_ID_ENTRY Entry;
    ULONG Index;

    if (!IopFirstFreeId && !IopGrowIds())
        return 0;
    Index = IopFirstFreeId;
    Entry = IopEntryAt(Index);
    IopFirstFreeId = Entry->NextFree;
    Entry->Object = Object;
    Entry->Kind = Kind;
    Entry->Uses++;
    return (UINT32)Entry->Uses << IOP_INDEX_BITS | Index;
}

static PIOP_ID_ENTRY IopIdEntry(UINT32 Id)
{
    ULONG Index = Id & (IOP_MAXIMUM_IDS - 1);
    PIOP_ID_ENTRY Entry = Index < IopIdCount ? IopEntryAt(Index) : NULL;

    return Entry && Entry->Kind != IopIdFree && Entry->Uses == Id >> IOP_INDEX_BITS ? Entry : NULL;
}

PVOID IopLookupId(IOP_ID_KIND Kind, UINT32 Id)
{
    PIOP_ID_ENTRY Entry = IopIdEntry(Id);

    return Entry && Entry->Kind == (ULONG)Kind ? Entry->Object : NULL;
}

void IopFreeId(UINT32 Id)
{
    PIOP_ID_ENTRY Entry = IopIdEntry(Id);

    if (!Entry)
        return;
    Entry->Object = NULL;
    Entry->Kind = IopIdFree;
    Entry->NextFree = IopFirstFreeId;
    IopFirstFreeId = Id & (IOP_MAXIMUM_IDS - 1);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ids: an index into a table that grows, and a count of how often that place has been used, so that
 * an id that has been given back is not taken for its successor.
 */
#include "iop.h"

#define IOP_INDEX_BITS 20
#define IOP_MAXIMUM_IDS (1u << IOP_INDEX_BITS)
#define IOP_FIRST_TABLE 64

typedef struct _IOP_ID_ENTRY {
    PVOID Object;
    ULONG Uses : 12;
    ULONG Kind : 20;
    ULONG NextFree;
} IOP_ID_ENTRY, *PIOP_ID_ENTRY;

static PIOP_ID_ENTRY IopIds;
static ULONG IopIdCount; /* entries of the table; number 0 is never given out */
static ULONG IopFirstFreeId;

static BOOLEAN IopGrowIds(void)
{
    ULONG Count = IopIdCount ? IopIdCount * 2 : IOP_FIRST_TABLE, i;
    PIOP_ID_ENTRY Table;

    if (Count > IOP_MAXIMUM_IDS)
        return FALSE;
    Table = ExAllocatePool(Count * sizeof(*Table));
    if (!Table)
        return FALSE;
    if (IopIdCount)
        memcpy(Table, IopIds, IopIdCount * sizeof(*Table));
    for (i = Count - 1; i >= (IopIdCount ? IopIdCount : 1); i--) {
        Table[i].NextFree = IopFirstFreeId;
        IopFirstFreeId = i;
    }
    ExFreePool(IopIds);
    IopIds = Table;
    IopIdCount = Count;
    return TRUE;
}

UINT32 IopAllocateId(IOP_ID_KIND Kind, PVOID Object)
{
    PIOP_ID_ENTRY Entry;
    ULONG Index;

    if (!IopFirstFreeId && !IopGrowIds())
        return 0;
    Index = IopFirstFreeId;
    Entry = &IopIds[Index];
    IopFirstFreeId = Entry->NextFree;
    Entry->Object = Object;
    Entry->Kind = Kind;
    Entry->Uses++;
    return (UINT32)Entry->Uses << IOP_INDEX_BITS | Index;
}

static PIOP_ID_ENTRY IopIdEntry(UINT32 Id)
{
    ULONG Index = Id & (IOP_MAXIMUM_IDS - 1);

    if (Index >= IopIdCount || IopIds[Index].Kind == IopIdFree ||
        IopIds[Index].Uses != Id >> IOP_INDEX_BITS)
        return NULL;
    return &IopIds[Index];
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
    IopFirstFreeId = (ULONG)(Entry - IopIds);
}

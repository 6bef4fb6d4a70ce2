/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handle table of a new process. Inherited handles have the values that they have in the
 * parent. The process gets its table when that is complete, as others may use it from then on.
 */
#include "obp.h"

/* The parent's entry; NULL: it has gone, or there is none. */
static PHANDLE_ENTRY ObpInheritable(struct _EPROCESS *Parent, ULONG Block, ULONG Index)
{
    PHANDLE_TABLE Table = Parent->HandleTable;
    PHANDLE_ENTRY Entry;

    if (!Table || Block >= Table->BlockCount)
        return NULL;
    Entry = &Table->Blocks[Block][Index];
    return Entry->Object && (Entry->Attributes & OBJ_INHERIT) ? Entry : NULL;
}

/* What the object or its type does not allow is left out. */
static void ObpInheritHandle(PHANDLE_TABLE Table, ULONG Block, ULONG Index,
                             struct _EPROCESS *Process, const HANDLE_ENTRY *Source)
{
    POBJECT_TYPE Type = ObGetObjectType(Source->Object);

    if (!NT_SUCCESS(ObpClaim(OBP_HEADER(Source->Object), Process, 0)))
        return;
    if (Type->Info.Open && !NT_SUCCESS(Type->Info.Open(Source->Object, Process, Source->Access)))
        return;
    ObpFillEntry(&Table->Blocks[Block][Index], Source->Object, Source->Access, Source->Attributes);
    Table->HighWater = ++Table->Count;
}

static NTSTATUS ObpInheritBlock(PHANDLE_TABLE Table, ULONG Block, struct _EPROCESS *Process,
                                struct _EPROCESS *Parent)
{
    ULONG Index;

    for (Index = 0; Index < OBP_BLOCK_ENTRIES; Index++) {
        PHANDLE_ENTRY Source = ObpInheritable(Parent, Block, Index);

        if (!Source)
            continue;
        while (Table->BlockCount <= Block)
            if (!NT_SUCCESS(ObpGrowTable(Table)))
                return STATUS_INSUFFICIENT_RESOURCES;
        ObpInheritHandle(Table, Block, Index, Process, Source);
    }
    return KeGiveWay();
}

/* One of those that are listed. STATUS_INVALID_PARAMETER: it cannot be inherited. */
static NTSTATUS ObpInheritListed(PHANDLE_TABLE Table, HANDLE Handle, struct _EPROCESS *Process,
                                 struct _EPROCESS *Parent)
{
    ULONG_PTR Number = (ULONG_PTR)Handle / 4;
    ULONG Block = (ULONG)(Number / OBP_BLOCK_ENTRIES), Index = Number % OBP_BLOCK_ENTRIES;
    PHANDLE_ENTRY Source = Number / OBP_BLOCK_ENTRIES < OBP_MAXIMUM_BLOCKS
                               ? ObpInheritable(Parent, Block, Index)
                               : NULL;

    if (!Source)
        return STATUS_INVALID_PARAMETER;
    while (Table->BlockCount <= Block)
        if (!NT_SUCCESS(ObpGrowTable(Table)))
            return STATUS_INSUFFICIENT_RESOURCES;
    if (!Table->Blocks[Block][Index].Object) /* else it is listed twice */
        ObpInheritHandle(Table, Block, Index, Process, Source);
    return STATUS_SUCCESS;
}

static NTSTATUS ObpInheritList(PHANDLE_TABLE Table, struct _EPROCESS *Process,
                               struct _EPROCESS *Parent, const OB_HANDLE_LIST *List)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    for (i = 0; i < List->Count && NT_SUCCESS(Status); i++) {
        Status = ObpInheritListed(Table, List->Handles[i], Process, Parent);
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
    }
    return Status;
}

/* The free entries of a table into which handles have been put anywhere. */
static void ObpLinkFreeEntries(PHANDLE_TABLE Table)
{
    ULONG Block = Table->BlockCount, Index;

    Table->FirstFree = 0;
    while (Block--) {
        for (Index = OBP_BLOCK_ENTRIES; Index-- > (Block ? 0 : 1);) {
            if (Table->Blocks[Block][Index].Object)
                continue;
            Table->Blocks[Block][Index].NextFree = Table->FirstFree;
            Table->FirstFree = Block * OBP_BLOCK_ENTRIES + Index;
        }
        KeGiveWay();
    }
}

static NTSTATUS ObpInheritTable(PHANDLE_TABLE Table, struct _EPROCESS *Process,
                                struct _EPROCESS *Parent, const OB_HANDLE_LIST *List)
{
    NTSTATUS Status = List ? ObpInheritList(Table, Process, Parent, List) : STATUS_SUCCESS;
    ULONG Block;

    for (Block = 0; !List && NT_SUCCESS(Status) && Parent->HandleTable &&
                    Block < Parent->HandleTable->BlockCount;
         Block++)
        Status = ObpInheritBlock(Table, Block, Process, Parent);
    ObpLinkFreeEntries(Table);
    return Status;
}

/* The first block is made with the first handle. */
NTSTATUS ObCreateHandleTable(struct _EPROCESS *Process, struct _EPROCESS *Parent,
                             const OB_HANDLE_LIST *List)
{
    PHANDLE_TABLE Table = ExAllocatePool(sizeof(*Table));
    NTSTATUS Status;

    if (!Table)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = Parent ? ObpInheritTable(Table, Process, Parent, List) : STATUS_SUCCESS;
    if (NT_SUCCESS(Status))
        Process->HandleTable = Table;
    else
        ObpDeleteTable(Process, Table);
    return Status;
}

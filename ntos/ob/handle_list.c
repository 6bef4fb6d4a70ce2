/* SPDX-License-Identifier: BSD-2-Clause */
/* Handles of a process, a block of its table at a time, for those who list them. */
#include "obp.h"

static void Describe(PHANDLE_ENTRY Entry, ULONG Index, POB_HANDLE_FACTS Facts)
{
    POBJECT_HEADER Header = OBP_HEADER(Entry->Object);

    Facts->Handle = (HANDLE)((ULONG_PTR)Index * 4);
    Facts->Object = Entry->Object;
    Facts->Access = Entry->Access;
    Facts->Attributes = Entry->Attributes;
    Facts->TypeIndex = Header->Type->Index;
    Facts->HandleCount = Header->HandleCount;
    Facts->PointerCount = Header->ReferenceCount;
}

BOOLEAN ObDescribeHandles(PEPROCESS Process, ULONG Block, POB_HANDLE_FACTS Facts, PULONG Count)
{
    PHANDLE_TABLE Table = Process->HandleTable;
    ULONG i;

    *Count = 0;
    if (!Table || Block >= Table->BlockCount)
        return FALSE;
    for (i = 0; i < OBP_BLOCK_ENTRIES; i++)
        if (Table->Blocks[Block][i].Object)
            Describe(&Table->Blocks[Block][i], Block * OBP_BLOCK_ENTRIES + i, &Facts[(*Count)++]);
    return TRUE;
}

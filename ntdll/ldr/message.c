// SPDX-License-Identifier: BSD-2-Clause
/* Message tables: resources that hold texts by number. (Microsoft: MESSAGE_RESOURCE_DATA) */
#include "ldrp.h"

#define TABLE_NAME 1
#define LEAST_ENTRY offsetof(MESSAGE_RESOURCE_ENTRY, Text)

/* Tables lie where linkers have put them. */
typedef MESSAGE_RESOURCE_BLOCK UNALIGNED_BLOCK __attribute__((aligned(1)));

/* The entry of a message in a block; entries follow one another. NULL: the table is damaged. */
static PMESSAGE_RESOURCE_ENTRY FindInBlock(PUCHAR Data, ULONG Length, const UNALIGNED_BLOCK *Block,
                                           ULONG MessageId)
{
    ULONG Offset = Block->OffsetToEntries;

    for (ULONG Id = Block->LowId;; Id++) {
        const UNALIGNED_USHORT *Entry;

        if (Offset > Length || Length - Offset < LEAST_ENTRY)
            return NULL;
        Entry = (const UNALIGNED_USHORT *)(Data + Offset); /* its Length */
        if (*Entry < LEAST_ENTRY || *Entry > Length - Offset)
            return NULL;
        if (Id == MessageId)
            return (PMESSAGE_RESOURCE_ENTRY)Entry;
        Offset += *Entry;
    }
}

static PMESSAGE_RESOURCE_ENTRY FindInTable(PUCHAR Data, ULONG Length, ULONG MessageId)
{
    const UNALIGNED_BLOCK *Blocks =
        (const UNALIGNED_BLOCK *)(Data + offsetof(MESSAGE_RESOURCE_DATA, Blocks));
    ULONG Header = offsetof(MESSAGE_RESOURCE_DATA, Blocks), Count;

    if (Length < Header)
        return NULL;
    Count = *(const UNALIGNED_ULONG *)Data;
    if (Count > (Length - Header) / sizeof(*Blocks))
        return NULL;
    for (ULONG i = 0; i < Count; i++) {
        if (MessageId >= Blocks[i].LowId && MessageId <= Blocks[i].HighId)
            return FindInBlock(Data, Length, &Blocks[i], MessageId);
    }
    return NULL;
}

NTSTATUS NTAPI RtlFindMessage(PVOID DllHandle, ULONG Type, ULONG Language, ULONG MessageId,
                              PMESSAGE_RESOURCE_ENTRY *Entry)
{
    ULONG_PTR Path[LDR_RESOURCE_LEVELS] = {Type, TABLE_NAME, Language};
    PIMAGE_RESOURCE_DATA_ENTRY DataEntry;
    PVOID Data;
    ULONG Length;
    NTSTATUS Status = LdrFindResource_U(DllHandle, Path, LDR_RESOURCE_LEVELS, &DataEntry);

    if (NT_SUCCESS(Status))
        Status = LdrAccessResource(DllHandle, DataEntry, &Data, &Length);
    if (!NT_SUCCESS(Status))
        return Status;
    *Entry = FindInTable(Data, Length, MessageId);
    return *Entry ? STATUS_SUCCESS : STATUS_MESSAGE_NOT_FOUND;
}

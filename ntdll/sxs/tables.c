// SPDX-License-Identifier: BSD-2-Clause
/* The sections of an activation context's data: tables in the order of their keys. */
#include "sxsp.h"

static LONG CompareNames(const SXSP_ITEM *First, const SXSP_ITEM *Second, BOOLEAN IgnoreCase)
{
    if (First->Hash != Second->Hash)
        return First->Hash < Second->Hash ? -1 : 1;
    return RtlCompareUnicodeString(&First->Key, &Second->Key, IgnoreCase);
}

static LONG Compare(const SXSP_ITEM *First, const SXSP_ITEM *Second, SXSP_KEYS Keys)
{
    if (Keys == SxspGuids)
        return memcmp(&First->Guid, &Second->Guid, sizeof(First->Guid));
    return CompareNames(First, Second, Keys == SxspNames);
}

/* Makes Items[Root] the greatest of those below it. */
static void Sift(PSXSP_ITEM Items, ULONG Root, ULONG Count, SXSP_KEYS Keys)
{
    for (ULONG Child; (Child = 2 * Root + 1) < Count; Root = Child) {
        SXSP_ITEM Item;

        if (Child + 1 < Count && Compare(&Items[Child], &Items[Child + 1], Keys) < 0)
            Child++;
        if (Compare(&Items[Root], &Items[Child], Keys) >= 0)
            return;
        Item = Items[Root];
        Items[Root] = Items[Child];
        Items[Child] = Item;
    }
}

NTSTATUS SxspSortItems(PSXSP_ITEM Items, ULONG Count, SXSP_KEYS Keys)
{
    for (ULONG i = 0; Keys != SxspGuids && i < Count; i++)
        RtlHashUnicodeString(&Items[i].Key, Keys == SxspNames, HASH_STRING_ALGORITHM_X65599,
                             &Items[i].Hash);
    for (ULONG i = Count / 2; i; i--)
        Sift(Items, i - 1, Count, Keys);
    for (ULONG Rest = Count; Rest > 1; Rest--) {
        SXSP_ITEM Greatest = Items[0];

        Items[0] = Items[Rest - 1];
        Items[Rest - 1] = Greatest;
        Sift(Items, 0, Rest - 1, Keys);
    }
    for (ULONG i = 1; i < Count; i++) {
        if (Compare(&Items[i - 1], &Items[i], Keys) == 0)
            return STATUS_SXS_MANIFEST_FORMAT_ERROR;
    }
    return STATUS_SUCCESS;
}

ULONG SxspWriteStringSection(PSXSP_BLOB Blob, const SXSP_ITEM *Items, ULONG Count, SXSP_KEYS Keys,
                             PSXSP_WRITER Writer)
{
    ACTIVATION_CONTEXT_STRING_SECTION_HEADER Header = {
        .Magic = ACTIVATION_CONTEXT_STRING_SECTION_MAGIC,
        .HeaderSize = sizeof(Header),
        .FormatVersion = ACTIVATION_CONTEXT_SECTION_FORMAT_WHISTLER,
        .DataFormatVersion = 1,
        .Flags = ACTIVATION_CONTEXT_STRING_SECTION_ENTRIES_IN_PSEUDOKEY_ORDER,
        .ElementCount = Count,
        .HashAlgorithm = HASH_STRING_ALGORITHM_X65599};
    ULONG Section = SxspPlace(Blob, sizeof(Header));
    ULONG List = SxspPlace(Blob, Count * sizeof(ACTIVATION_CONTEXT_STRING_SECTION_ENTRY));

    if (Keys == SxspNames)
        Header.Flags |= ACTIVATION_CONTEXT_STRING_SECTION_CASE_INSENSITIVE;
    Header.ElementListOffset = List - Section;
    SxspWrite(Blob, Section, &Header, sizeof(Header));
    for (ULONG i = 0; i < Count; i++) {
        ACTIVATION_CONTEXT_STRING_SECTION_ENTRY Entry = {.PseudoKey = Items[i].Hash,
                                                         .KeyLength = Items[i].Key.Length,
                                                         .AssemblyRosterIndex =
                                                             Items[i].RosterIndex};

        if (Entry.KeyLength)
            Entry.KeyOffset = SxspPlaceText(Blob, &Items[i].Key) - Section;
        Entry.Offset = Writer(Blob, Section, &Items[i], &Entry.Length) - Section;
        SxspWrite(Blob, List + i * sizeof(Entry), &Entry, sizeof(Entry));
    }
    return Section;
}

ULONG SxspWriteGuidSection(PSXSP_BLOB Blob, const SXSP_ITEM *Items, ULONG Count,
                           PSXSP_WRITER Writer)
{
    ACTIVATION_CONTEXT_GUID_SECTION_HEADER Header = {
        .Magic = ACTIVATION_CONTEXT_GUID_SECTION_MAGIC,
        .HeaderSize = sizeof(Header),
        .FormatVersion = ACTIVATION_CONTEXT_SECTION_FORMAT_WHISTLER,
        .DataFormatVersion = 1,
        .Flags = ACTIVATION_CONTEXT_GUID_SECTION_ENTRIES_IN_ORDER,
        .ElementCount = Count};
    ULONG Section = SxspPlace(Blob, sizeof(Header));
    ULONG List = SxspPlace(Blob, Count * sizeof(ACTIVATION_CONTEXT_GUID_SECTION_ENTRY));

    Header.ElementListOffset = List - Section;
    SxspWrite(Blob, Section, &Header, sizeof(Header));
    for (ULONG i = 0; i < Count; i++) {
        ACTIVATION_CONTEXT_GUID_SECTION_ENTRY Entry = {.Guid = Items[i].Guid,
                                                       .AssemblyRosterIndex = Items[i].RosterIndex};

        Entry.Offset = Writer(Blob, Section, &Items[i], &Entry.Length) - Section;
        SxspWrite(Blob, List + i * sizeof(Entry), &Entry, sizeof(Entry));
    }
    return Section;
}

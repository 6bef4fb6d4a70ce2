/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables of prefixes of names, to find what a path belongs to: the entry with the longest name that
 * the path begins with, where a component ends. The entries are the caller's; they are kept in one
 * list, longest names first. (WDK: RtlInitializeUnicodePrefix)
 */
#include "ki.h"

#define RTLP_TABLE 0x800
#define RTLP_ENTRY 0x801

static ULONG RtlpDepth(PUNICODE_STRING Name)
{
    ULONG Depth = 1;

    for (ULONG i = 1; i < Name->Length / sizeof(WCHAR); i++)
        Depth += Name->Buffer[i] == L'\\';
    return Name->Length ? Depth : 0;
}

VOID NTAPI RtlInitializeUnicodePrefix(PUNICODE_PREFIX_TABLE PrefixTable)
{
    RtlZeroMemory(PrefixTable, sizeof(*PrefixTable));
    PrefixTable->NodeTypeCode = RTLP_TABLE;
}

/* Equal names of other case are different entries, as on Windows. FALSE: the name is there. */
BOOLEAN NTAPI RtlInsertUnicodePrefix(PUNICODE_PREFIX_TABLE PrefixTable, PUNICODE_STRING Prefix,
                                     PUNICODE_PREFIX_TABLE_ENTRY PrefixTableEntry)
{
    PUNICODE_PREFIX_TABLE_ENTRY *Link = &PrefixTable->NextPrefixTree;
    PUNICODE_PREFIX_TABLE_ENTRY *Place = NULL;

    for (; *Link; Link = &(*Link)->NextPrefixTree) {
        if (RtlEqualUnicodeString((*Link)->Prefix, Prefix, FALSE))
            return FALSE;
        if (!Place && (*Link)->Prefix->Length < Prefix->Length)
            Place = Link;
    }
    if (!Place)
        Place = Link;
    RtlZeroMemory(PrefixTableEntry, sizeof(*PrefixTableEntry));
    PrefixTableEntry->NodeTypeCode = RTLP_ENTRY;
    PrefixTableEntry->NameLength = (CSHORT)RtlpDepth(Prefix);
    PrefixTableEntry->Prefix = Prefix;
    PrefixTableEntry->NextPrefixTree = *Place;
    *Place = PrefixTableEntry;
    return TRUE;
}

VOID NTAPI RtlRemoveUnicodePrefix(PUNICODE_PREFIX_TABLE PrefixTable,
                                  PUNICODE_PREFIX_TABLE_ENTRY PrefixTableEntry)
{
    PUNICODE_PREFIX_TABLE_ENTRY *Link = &PrefixTable->NextPrefixTree;

    while (*Link && *Link != PrefixTableEntry)
        Link = &(*Link)->NextPrefixTree;
    if (*Link)
        *Link = PrefixTableEntry->NextPrefixTree;
    PrefixTable->LastNextEntry = NULL;
}

/* The first CaseInsensitiveIndex characters are compared by case, the rest is not; 0: all by
 * case. */
static BOOLEAN RtlpHasPrefix(PUNICODE_STRING Name, PUNICODE_STRING Prefix, ULONG Index)
{
    ULONG Count = Prefix->Length / sizeof(WCHAR);
    UNICODE_STRING Head = *Prefix;

    if (Prefix->Length > Name->Length)
        return FALSE;
    if (Name->Length > Prefix->Length && Count && Prefix->Buffer[Count - 1] != L'\\' &&
        Name->Buffer[Count] != L'\\')
        return FALSE;
    if (!Index)
        return RtlPrefixUnicodeString(Prefix, Name, FALSE);
    Head.Length = (USHORT)(min(Index, Count) * sizeof(WCHAR));
    return RtlPrefixUnicodeString(&Head, Name, FALSE) && RtlPrefixUnicodeString(Prefix, Name, TRUE);
}

/* NULL: no entry's name is a prefix of FullName. */
PUNICODE_PREFIX_TABLE_ENTRY NTAPI RtlFindUnicodePrefix(PUNICODE_PREFIX_TABLE PrefixTable,
                                                       PUNICODE_STRING FullName,
                                                       ULONG CaseInsensitiveIndex)
{
    PUNICODE_PREFIX_TABLE_ENTRY Entry = PrefixTable->NextPrefixTree;

    while (Entry && !RtlpHasPrefix(FullName, Entry->Prefix, CaseInsensitiveIndex))
        Entry = Entry->NextPrefixTree;
    return Entry;
}

/* All of them one by one; Restart begins anew. NULL after the last. */
PUNICODE_PREFIX_TABLE_ENTRY NTAPI RtlNextUnicodePrefix(PUNICODE_PREFIX_TABLE PrefixTable,
                                                       BOOLEAN Restart)
{
    PUNICODE_PREFIX_TABLE_ENTRY Last = PrefixTable->LastNextEntry;

    PrefixTable->LastNextEntry =
        Restart || !Last ? PrefixTable->NextPrefixTree : Last->NextPrefixTree;
    return PrefixTable->LastNextEntry;
}

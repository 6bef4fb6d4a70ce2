// SPDX-License-Identifier: BSD-2-Clause
/*
 * API sets: names of DLLs that stand for others, which the schema at PEB.ApiSetMap says.
 * tools/generate/mkapiset.py makes that from apiset.tsv and describes it. As a constant of ntdll's
 * image it is shared by all processes. (Microsoft: "Windows API sets")
 */
#include "ldrp.h"

static const API_SET_NAMESPACE *const Schema = (const API_SET_NAMESPACE *)LdrpApiSetSchema;

#define AT(type, offset) ((const type *)((const UCHAR *)Schema + (offset)))

static WCHAR Lower(WCHAR Character)
{
    return Character >= 'A' && Character <= 'Z' ? Character + ('a' - 'A') : Character;
}

/* The characters before the last hyphen; 0: there is none. */
static ULONG HashedLength(PCWCH Name, ULONG Length)
{
    while (Length && Name[Length - 1] != '-')
        Length--;
    return Length ? Length - 1 : 0;
}

static BOOLEAN IsSame(PCWCH Name, ULONG Length, ULONG Offset)
{
    PCWCH Other = AT(WCHAR, Offset);

    for (ULONG i = 0; i < Length; i++) {
        if (Lower(Name[i]) != Other[i])
            return FALSE;
    }
    return TRUE;
}

/* The entry whose name is Name but for the revision behind the last hyphen; NULL: none. */
static const API_SET_NAMESPACE_ENTRY *FindEntry(PCWCH Name, ULONG Length)
{
    const API_SET_HASH_ENTRY *Hashes = AT(API_SET_HASH_ENTRY, Schema->HashOffset);
    ULONG Low = 0, High = Schema->Count, Hash = 0;

    Length = HashedLength(Name, Length);
    for (ULONG i = 0; i < Length; i++)
        Hash = Hash * Schema->HashFactor + Lower(Name[i]);
    while (Low < High) {
        ULONG Middle = Low + (High - Low) / 2;

        if (Hashes[Middle].Hash == Hash) {
            const API_SET_NAMESPACE_ENTRY *Entry =
                AT(API_SET_NAMESPACE_ENTRY, Schema->EntryOffset) + Hashes[Middle].Index;

            return Entry->HashedLength == Length * sizeof(WCHAR) &&
                           IsSame(Name, Length, Entry->NameOffset)
                       ? Entry
                       : NULL;
        }
        if (Hashes[Middle].Hash < Hash)
            Low = Middle + 1;
        else
            High = Middle;
    }
    return NULL;
}

/* The value for who asks, or else the first one, which is for everybody. */
static const API_SET_VALUE_ENTRY *FindValue(const API_SET_NAMESPACE_ENTRY *Entry,
                                            PCUNICODE_STRING Importer)
{
    const API_SET_VALUE_ENTRY *Values = AT(API_SET_VALUE_ENTRY, Entry->ValueOffset);

    for (ULONG i = 1; Importer && i < Entry->ValueCount; i++) {
        if (Values[i].NameLength == Importer->Length &&
            IsSame(Importer->Buffer, Importer->Length / sizeof(WCHAR), Values[i].NameOffset))
            return &Values[i];
    }
    return Entry->ValueCount ? Values : NULL;
}

static BOOLEAN BeginsWith(PCUNICODE_STRING Name, PCWSTR Prefix)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Prefix);
    return RtlPrefixUnicodeString(&String, Name, TRUE);
}

BOOLEAN LdrpResolveApiSet(PCUNICODE_STRING Name, PCUNICODE_STRING Importer, PUNICODE_STRING Host)
{
    ULONG Length = Name->Length / sizeof(WCHAR), End = Length;
    const API_SET_NAMESPACE_ENTRY *Entry;
    const API_SET_VALUE_ENTRY *Value;

    *Host = (UNICODE_STRING){0};
    if (!BeginsWith(Name, u"api-") && !BeginsWith(Name, u"ext-"))
        return FALSE;
    while (End && Name->Buffer[End - 1] != '.')
        End--;
    Entry = FindEntry(Name->Buffer, End ? End - 1 : Length);
    if (!Entry)
        return BeginsWith(Name, u"ext-");
    Value = FindValue(Entry, Importer);
    if (Value && Value->ValueLength) {
        Host->Buffer = (PWSTR)AT(WCHAR, Value->ValueOffset);
        Host->Length = Host->MaximumLength = (USHORT)Value->ValueLength;
    }
    return TRUE;
}

static ULONG Revision(PCWCH Name, ULONG Length)
{
    ULONG Number = 0;

    for (ULONG i = HashedLength(Name, Length) + 1; i < Length; i++)
        Number = Number * 10 + (Name[i] - '0');
    return Number;
}

/* A revision is in the schema if it is not newer than the one there. */
NTSTATUS NTAPI ApiSetQueryApiSetPresenceEx(PCUNICODE_STRING Namespace, PBOOLEAN IsInSchema,
                                           PBOOLEAN Present)
{
    ULONG Length = Namespace->Length / sizeof(WCHAR);
    const API_SET_NAMESPACE_ENTRY *Entry;
    const API_SET_VALUE_ENTRY *Value;

    *IsInSchema = *Present = FALSE;
    for (ULONG i = 0; i < Length; i++) {
        if (Namespace->Buffer[i] == '.')
            return STATUS_INVALID_PARAMETER;
    }
    Entry = FindEntry(Namespace->Buffer, Length);
    if (!Entry || Revision(Namespace->Buffer, Length) >
                      Revision(AT(WCHAR, Entry->NameOffset), Entry->NameLength / sizeof(WCHAR)))
        return STATUS_SUCCESS;
    Value = FindValue(Entry, NULL);
    *IsInSchema = TRUE;
    *Present = Value && Value->ValueLength;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ApiSetQueryApiSetPresence(PCUNICODE_STRING Namespace, PBOOLEAN Present)
{
    BOOLEAN IsInSchema;

    return ApiSetQueryApiSetPresenceEx(Namespace, &IsInSchema, Present);
}

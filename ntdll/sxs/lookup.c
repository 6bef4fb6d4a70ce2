// SPDX-License-Identifier: BSD-2-Clause
/* Finding things in an activation context's data, of which only the total size is believed. */
#include "sxsp.h"

/* Length bytes at Offset of Total; NULL: not all are inside, or it is not aligned. */
static const void *Inside(const void *Base, ULONG Total, ULONG Offset, ULONG Length)
{
    if (Offset % 4 || Offset > Total || Length > Total - Offset)
        return NULL;
    return (const UCHAR *)Base + Offset;
}

/* An array of Count elements. */
static const void *Table(const void *Base, ULONG Total, ULONG Offset, ULONG Count, ULONG Size)
{
    if (Offset % 4 || Offset > Total || Count > (Total - Offset) / Size)
        return NULL;
    return (const UCHAR *)Base + Offset;
}

const void *SxspInSection(const SXSP_SECTION *Section, ULONG Offset, ULONG Length)
{
    return Inside(Section->Base, Section->Length, Offset, Length);
}

UNICODE_STRING SxspTextOf(const SXSP_SECTION *Section, ULONG Offset, ULONG Length)
{
    UNICODE_STRING Text = {0, 0, NULL};

    if (!Offset || !Length || Length % sizeof(WCHAR) || Offset % sizeof(WCHAR) ||
        Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR) || Offset > Section->Length ||
        Length > Section->Length - Offset)
        return Text;
    Text.Buffer = (PWSTR)(Section->Base + Offset);
    Text.Length = Text.MaximumLength = (USHORT)Length;
    return Text;
}

BOOLEAN SxspIsData(const ACTIVATION_CONTEXT_DATA *Data)
{
    return Data->Magic == ACTIVATION_CONTEXT_DATA_MAGIC && Data->HeaderSize >= sizeof(*Data) &&
           Data->FormatVersion == ACTIVATION_CONTEXT_DATA_FORMAT_WHISTLER &&
           Data->TotalSize >= Data->HeaderSize;
}

BOOLEAN SxspFindSection(const ACTIVATION_CONTEXT_DATA *Data, ULONG Id, PSXSP_SECTION Section)
{
    const ACTIVATION_CONTEXT_DATA_TOC_HEADER *Toc =
        Inside(Data, Data->TotalSize, Data->DefaultTocOffset, sizeof(*Toc));
    const ACTIVATION_CONTEXT_DATA_TOC_ENTRY *Entries = NULL;

    if (Toc && Data->DefaultTocOffset)
        Entries =
            Table(Data, Data->TotalSize, Toc->FirstEntryOffset, Toc->EntryCount, sizeof(*Entries));
    for (ULONG i = 0; Entries && i < Toc->EntryCount; i++) {
        if (Entries[i].Id != Id)
            continue;
        Section->Base = Inside(Data, Data->TotalSize, Entries[i].Offset, Entries[i].Length);
        Section->Length = Entries[i].Length;
        Section->Format = Entries[i].Format;
        return Section->Base != NULL;
    }
    return FALSE;
}

/* ---- Texts ---- */

typedef const ACTIVATION_CONTEXT_STRING_SECTION_HEADER *PSTRINGS;
typedef const ACTIVATION_CONTEXT_STRING_SECTION_ENTRY *PSTRING_ENTRY;

static PSTRINGS OpenStrings(const SXSP_SECTION *Section, PSTRING_ENTRY *Entries)
{
    PSTRINGS Header = SxspInSection(Section, 0, sizeof(*Header));

    if (!Header || Header->Magic != ACTIVATION_CONTEXT_STRING_SECTION_MAGIC ||
        Header->FormatVersion != ACTIVATION_CONTEXT_SECTION_FORMAT_WHISTLER)
        return NULL;
    *Entries = Table(Section->Base, Section->Length, Header->ElementListOffset,
                     Header->ElementCount, sizeof(**Entries));
    return *Entries ? Header : NULL;
}

/* The first entry whose hash may be the wanted one. */
static ULONG FirstOfHash(PSTRINGS Header, PSTRING_ENTRY Entries, ULONG Hash)
{
    ULONG Low = 0, High = Header->ElementCount;

    if (Header->HashAlgorithm != HASH_STRING_ALGORITHM_X65599 ||
        !(Header->Flags & ACTIVATION_CONTEXT_STRING_SECTION_ENTRIES_IN_PSEUDOKEY_ORDER))
        return 0;
    while (Low < High) {
        ULONG Middle = Low + (High - Low) / 2;

        if (Entries[Middle].PseudoKey < Hash)
            Low = Middle + 1;
        else
            High = Middle;
    }
    return Low;
}

static PSTRING_ENTRY FindEntry(const SXSP_SECTION *Section, PSTRINGS Header, PSTRING_ENTRY Entries,
                               PCUNICODE_STRING Key)
{
    BOOLEAN IgnoreCase = (Header->Flags & ACTIVATION_CONTEXT_STRING_SECTION_CASE_INSENSITIVE) != 0;
    BOOLEAN Hashed = Header->HashAlgorithm == HASH_STRING_ALGORITHM_X65599;
    BOOLEAN Ordered =
        Hashed && (Header->Flags & ACTIVATION_CONTEXT_STRING_SECTION_ENTRIES_IN_PSEUDOKEY_ORDER);
    ULONG Hash;

    RtlHashUnicodeString(Key, IgnoreCase, HASH_STRING_ALGORITHM_X65599, &Hash);
    for (ULONG i = FirstOfHash(Header, Entries, Hash); i < Header->ElementCount; i++) {
        UNICODE_STRING Text;

        if (Hashed && Entries[i].PseudoKey != Hash) {
            if (Ordered)
                break;
            continue;
        }
        Text = SxspTextOf(Section, Entries[i].KeyOffset, Entries[i].KeyLength);
        if (RtlEqualUnicodeString(&Text, Key, IgnoreCase))
            return &Entries[i];
    }
    return NULL;
}

static NTSTATUS Return(PSXSP_FOUND Found, ULONG Offset, ULONG Length, ULONG RosterIndex)
{
    Found->Data = SxspInSection(&Found->Section, Offset, Length);
    Found->Length = Length;
    Found->RosterIndex = RosterIndex;
    return Found->Data ? STATUS_SUCCESS : STATUS_SXS_INVALID_ACTCTXDATA_FORMAT;
}

static NTSTATUS OpenSection(const ACTIVATION_CONTEXT_DATA *Data, ULONG Id, ULONG Format,
                            PSXSP_FOUND Found)
{
    if (!SxspFindSection(Data, Id, &Found->Section))
        return STATUS_SXS_SECTION_NOT_FOUND;
    return Found->Section.Format == Format ? STATUS_SUCCESS : STATUS_SXS_WRONG_SECTION_TYPE;
}

NTSTATUS SxspFindText(const ACTIVATION_CONTEXT_DATA *Data, ULONG Id, PCUNICODE_STRING Key,
                      PSXSP_FOUND Found)
{
    PSTRING_ENTRY Entries, Entry;
    PSTRINGS Header;
    NTSTATUS Status = OpenSection(Data, Id, ACTIVATION_CONTEXT_SECTION_FORMAT_STRING_TABLE, Found);

    if (!NT_SUCCESS(Status))
        return Status;
    Header = OpenStrings(&Found->Section, &Entries);
    if (!Header)
        return STATUS_SXS_INVALID_ACTCTXDATA_FORMAT;
    Entry = FindEntry(&Found->Section, Header, Entries, Key);
    if (!Entry)
        return STATUS_SXS_KEY_NOT_FOUND;
    Found->DataFormatVersion = Header->DataFormatVersion;
    Found->UserDataSize = Header->UserDataSize;
    Found->UserData = Header->UserDataSize ? SxspInSection(&Found->Section, Header->UserDataOffset,
                                                           Header->UserDataSize)
                                           : NULL;
    return Return(Found, Entry->Offset, Entry->Length, Entry->AssemblyRosterIndex);
}

/* ---- GUIDs ---- */

NTSTATUS SxspFindGuid(const ACTIVATION_CONTEXT_DATA *Data, ULONG Id, const GUID *Key,
                      PSXSP_FOUND Found)
{
    const ACTIVATION_CONTEXT_GUID_SECTION_HEADER *Header;
    const ACTIVATION_CONTEXT_GUID_SECTION_ENTRY *Entries = NULL;
    NTSTATUS Status = OpenSection(Data, Id, ACTIVATION_CONTEXT_SECTION_FORMAT_GUID_TABLE, Found);

    if (!NT_SUCCESS(Status))
        return Status;
    Header = SxspInSection(&Found->Section, 0, sizeof(*Header));
    if (Header && Header->Magic == ACTIVATION_CONTEXT_GUID_SECTION_MAGIC &&
        Header->FormatVersion == ACTIVATION_CONTEXT_SECTION_FORMAT_WHISTLER)
        Entries = Table(Found->Section.Base, Found->Section.Length, Header->ElementListOffset,
                        Header->ElementCount, sizeof(*Entries));
    if (!Entries)
        return STATUS_SXS_INVALID_ACTCTXDATA_FORMAT;
    Found->DataFormatVersion = Header->DataFormatVersion;
    Found->UserData = NULL;
    Found->UserDataSize = 0;
    for (ULONG i = 0; i < Header->ElementCount; i++) {
        if (memcmp(&Entries[i].Guid, Key, sizeof(*Key)) == 0)
            return Return(Found, Entries[i].Offset, Entries[i].Length,
                          Entries[i].AssemblyRosterIndex);
    }
    return STATUS_SXS_KEY_NOT_FOUND;
}

/* ---- Assemblies ---- */

static const ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_HEADER *
Roster(const ACTIVATION_CONTEXT_DATA *Data)
{
    if (!Data->AssemblyRosterOffset)
        return NULL;
    return Inside(Data, Data->TotalSize, Data->AssemblyRosterOffset,
                  sizeof(ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_HEADER));
}

ULONG SxspAssemblyCount(const ACTIVATION_CONTEXT_DATA *Data)
{
    const ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_HEADER *Header = Roster(Data);

    return Header && Header->EntryCount ? Header->EntryCount - 1 : 0;
}

BOOLEAN SxspFindAssembly(const ACTIVATION_CONTEXT_DATA *Data, ULONG Index, PSXSP_ROSTER_ITEM Item)
{
    const ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_HEADER *Header = Roster(Data);
    const ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_ENTRY *Entries;

    if (!Header || !Index || Index >= Header->EntryCount)
        return FALSE;
    Entries = Table(Data, Data->TotalSize, Header->FirstEntryOffset, Header->EntryCount,
                    sizeof(*Entries));
    if (!Entries ||
        !SxspFindSection(Data, ACTIVATION_CONTEXT_SECTION_ASSEMBLY_INFORMATION, &Item->Section))
        return FALSE;
    Item->Information = Inside(Data, Data->TotalSize, Entries[Index].AssemblyInformationOffset,
                               sizeof(*Item->Information));
    return Item->Information != NULL;
}

BOOLEAN SxspFindFile(const ACTIVATION_CONTEXT_DATA *Data, ULONG RosterIndex, ULONG Index,
                     PUNICODE_STRING Name)
{
    PSTRING_ENTRY Entries;
    SXSP_SECTION Section;
    PSTRINGS Header;

    if (!SxspFindSection(Data, ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION, &Section))
        return FALSE;
    Header = OpenStrings(&Section, &Entries);
    for (ULONG i = 0; Header && i < Header->ElementCount; i++) {
        if (Entries[i].AssemblyRosterIndex != RosterIndex || Index--)
            continue;
        *Name = SxspTextOf(&Section, Entries[i].KeyOffset, Entries[i].KeyLength);
        return Name->Length != 0;
    }
    return FALSE;
}

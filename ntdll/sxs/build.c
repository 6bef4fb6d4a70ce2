// SPDX-License-Identifier: BSD-2-Clause
/* The data of an activation context, of the assemblies that have been read. */
#include "sxsp.h"

typedef struct _KIND {
    ACTIVATION_CONTEXT_SECTION Id;
    SXSP_KEYS Keys;
    PSXSP_WRITER Writer;
} KIND;

/* In the order of their numbers. */
static const KIND Kinds[] = {
    {ACTIVATION_CONTEXT_SECTION_ASSEMBLY_INFORMATION, SxspNames, SxspWriteAssembly},
    {ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION, SxspNames, SxspWriteDll},
    {ACTIVATION_CONTEXT_SECTION_WINDOW_CLASS_REDIRECTION, SxspNames, SxspWriteWindowClass},
    {ACTIVATION_CONTEXT_SECTION_COM_SERVER_REDIRECTION, SxspGuids, SxspWriteComServer},
    {ACTIVATION_CONTEXT_SECTION_COM_INTERFACE_REDIRECTION, SxspGuids, SxspWriteInterface},
    {ACTIVATION_CONTEXT_SECTION_COM_TYPE_LIBRARY_REDIRECTION, SxspGuids, SxspWriteLibrary},
    {ACTIVATION_CONTEXT_SECTION_COM_PROGID_REDIRECTION, SxspNames, SxspWriteProgId},
    {ACTIVATION_CONTEXT_SECTION_CLR_SURROGATES, SxspGuids, SxspWriteSurrogate},
    {ACTIVATION_CONTEXT_SECTION_APPLICATION_SETTINGS, SxspExactNames, SxspWriteSetting},
    {ACTIVATION_CONTEXT_SECTION_COMPATIBILITY_INFO, SxspExactNames, NULL},
};

/* The items of each kind. */
typedef struct _PARTS {
    PSXSP_ITEM Items[ARRAYSIZE(Kinds)];
    ULONG Count[ARRAYSIZE(Kinds)];
} PARTS, *PPARTS;

/* ---- Collecting ---- */

static void Add(PPARTS Parts, ULONG Kind, const SXSP_ITEM *Item)
{
    if (Parts->Items[Kind])
        Parts->Items[Kind][Parts->Count[Kind]] = *Item;
    Parts->Count[Kind]++;
}

/* A setting's key has its name space, as names are the same in several. */
static NTSTATUS SettingKey(PSXSP_ARENA Arena, PSXSP_ENTITY Entity, PUNICODE_STRING Key)
{
    static const UNICODE_STRING Between = RTL_CONSTANT_STRING(u"^");
    PCUNICODE_STRING Parts[] = {&Entity->Setting.Namespace, &Between, &Entity->Name};

    return SxspJoin(Arena, Parts, ARRAYSIZE(Parts), Key);
}

/* What is said of the program counts in its own manifest only. */
static BOOLEAN IsOfProgram(PSXSP_ENTITY Entity)
{
    return Entity->Section == ACTIVATION_CONTEXT_SECTION_APPLICATION_SETTINGS ||
           Entity->Section == ACTIVATION_CONTEXT_SECTION_COMPATIBILITY_INFO;
}

static NTSTATUS AddEntity(PSXSP_ARENA Arena, PPARTS Parts, SXSP_ITEM Item)
{
    PSXSP_ENTITY Entity = Item.Entity;
    ULONG Kind = 0;
    NTSTATUS Status = STATUS_SUCCESS;

    if (IsOfProgram(Entity) && Item.RosterIndex != 1)
        return STATUS_SUCCESS;
    while (Kinds[Kind].Id != Entity->Section)
        Kind++;
    Item.Guid = Entity->Guid;
    Item.Key = Entity->Name;
    if (Entity->Section == ACTIVATION_CONTEXT_SECTION_APPLICATION_SETTINGS && Parts->Items[Kind])
        Status = SettingKey(Arena, Entity, &Item.Key);
    Add(Parts, Kind, &Item);
    if (Entity->Section == ACTIVATION_CONTEXT_SECTION_COM_SERVER_REDIRECTION) {
        Item.Guid = Entity->Class.Configured;
        Add(Parts, Kind, &Item);
    }
    return Status;
}

static NTSTATUS Collect(PSXSP_GENERATION Generation, PPARTS Parts)
{
    ULONG Index = 1;
    NTSTATUS Status = STATUS_SUCCESS;

    memset(Parts->Count, 0, sizeof(Parts->Count));
    for (PSXSP_ASSEMBLY Assembly = Generation->Assemblies; Assembly; Assembly = Assembly->Next) {
        SXSP_ITEM Item = {
            .Key = Assembly->Identity.Name, .RosterIndex = Index++, .Assembly = Assembly};

        Add(Parts, 0, &Item);
        for (Item.File = Assembly->Files; Item.File; Item.File = Item.File->Next) {
            Item.Key = Item.File->Name;
            Add(Parts, 1, &Item);
        }
        for (Item.Entity = Assembly->Entities; Item.Entity && NT_SUCCESS(Status);
             Item.Entity = Item.Entity->Next)
            Status = AddEntity(&Generation->Arena, Parts, Item);
    }
    return Status;
}

static NTSTATUS CollectSorted(PSXSP_GENERATION Generation, PPARTS Parts)
{
    NTSTATUS Status;

    memset(Parts, 0, sizeof(*Parts));
    Status = Collect(Generation, Parts);
    for (ULONG i = 0; i < ARRAYSIZE(Kinds) && NT_SUCCESS(Status); i++) {
        Parts->Items[i] =
            SxspAllocate(&Generation->Arena, (Parts->Count[i] + 1) * sizeof(SXSP_ITEM));
        if (!Parts->Items[i])
            Status = STATUS_NO_MEMORY;
    }
    if (NT_SUCCESS(Status))
        Status = Collect(Generation, Parts);
    for (ULONG i = 0; i < ARRAYSIZE(Kinds) && NT_SUCCESS(Status); i++) {
        if (Kinds[i].Writer)
            Status = SxspSortItems(Parts->Items[i], Parts->Count[i], Kinds[i].Keys);
    }
    return Status;
}

/* ---- Writing ---- */

static ULONG WriteCompatibility(PSXSP_BLOB Blob, const SXSP_ITEM *Items, ULONG Count)
{
    const ULONG First = offsetof(ACTIVATION_CONTEXT_COMPATIBILITY_INFORMATION, Elements);
    ULONG Section = SxspPlace(Blob, First + Count * sizeof(COMPATIBILITY_CONTEXT_ELEMENT));

    SxspWrite(Blob, Section, &Count, sizeof(Count));
    for (ULONG i = 0; i < Count; i++)
        SxspWrite(Blob, Section + First + i * sizeof(COMPATIBILITY_CONTEXT_ELEMENT),
                  &Items[i].Entity->Compatibility, sizeof(COMPATIBILITY_CONTEXT_ELEMENT));
    return Section;
}

/* The head of the assemblies' section leads to what is said of all of them. */
static void WriteGlobal(PSXSP_BLOB Blob, ULONG Section, PCUNICODE_STRING Directory)
{
    ACTIVATION_CONTEXT_DATA_ASSEMBLY_GLOBAL_INFORMATION Global = {
        .ApplicationDirectoryPathType = Directory->Length ? ACTIVATION_CONTEXT_PATH_TYPE_WIN32_FILE
                                                          : ACTIVATION_CONTEXT_PATH_TYPE_NONE,
        .ApplicationDirectoryLength = Directory->Length};
    ULONG At = SxspPlace(Blob, sizeof(Global)), Text = SxspPlaceText(Blob, Directory), Place[2];

    Global.Size = Blob->Size - At;
    Global.ApplicationDirectoryOffset = Text ? Text - At : 0;
    SxspWrite(Blob, At, &Global, sizeof(Global));
    Place[0] = At - Section;
    Place[1] = Global.Size;
    SxspWrite(Blob, Section + offsetof(ACTIVATION_CONTEXT_STRING_SECTION_HEADER, UserDataOffset),
              Place, sizeof(Place));
}

static void WriteSection(PSXSP_BLOB Blob, PSXSP_GENERATION Generation, const PARTS *Parts,
                         ULONG Kind, ACTIVATION_CONTEXT_DATA_TOC_ENTRY *Entry)
{
    const SXSP_ITEM *Items = Parts->Items[Kind];
    ULONG Count = Parts->Count[Kind];

    Entry->Id = Kinds[Kind].Id;
    if (!Kinds[Kind].Writer) {
        Entry->Offset = WriteCompatibility(Blob, Items, Count);
    } else if (Kinds[Kind].Keys == SxspGuids) {
        Entry->Format = ACTIVATION_CONTEXT_SECTION_FORMAT_GUID_TABLE;
        Entry->Offset = SxspWriteGuidSection(Blob, Items, Count, Kinds[Kind].Writer);
    } else {
        Entry->Format = ACTIVATION_CONTEXT_SECTION_FORMAT_STRING_TABLE;
        Entry->Offset =
            SxspWriteStringSection(Blob, Items, Count, Kinds[Kind].Keys, Kinds[Kind].Writer);
    }
    if (!Kind)
        WriteGlobal(Blob, Entry->Offset, &Generation->Directory);
    Entry->Length = Blob->Size - Entry->Offset;
}

/* The assemblies in their order, from 1. Their section has been written. */
static ULONG WriteRoster(PSXSP_BLOB Blob, PSXSP_GENERATION Generation, ULONG Section)
{
    ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_HEADER Header = {
        .HeaderSize = sizeof(Header),
        .HashAlgorithm = HASH_STRING_ALGORITHM_X65599,
        .EntryCount = Generation->Count + 1,
        .AssemblyInformationSectionOffset = Section};
    ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_ENTRY Entry = {
        .Flags = ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_ENTRY_INVALID};
    ULONG At = SxspPlace(Blob, sizeof(Header));
    ULONG Next = SxspPlace(Blob, Header.EntryCount * sizeof(Entry));

    Header.FirstEntryOffset = Next;
    SxspWrite(Blob, At, &Header, sizeof(Header));
    SxspWrite(Blob, Next, &Entry, sizeof(Entry));
    for (PSXSP_ASSEMBLY Assembly = Generation->Assemblies; Assembly; Assembly = Assembly->Next) {
        PCUNICODE_STRING Name = &Assembly->Identity.Name;

        Next += sizeof(Entry);
        Entry.Flags = Assembly == Generation->Assemblies
                          ? ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_ENTRY_ROOT
                          : 0;
        RtlHashUnicodeString(Name, TRUE, HASH_STRING_ALGORITHM_X65599, &Entry.PseudoKey);
        Entry.AssemblyNameOffset = SxspPlaceText(Blob, Name);
        Entry.AssemblyNameLength = Name->Length;
        Entry.AssemblyInformationOffset = Assembly->InformationOffset;
        Entry.AssemblyInformationLength = sizeof(ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION);
        SxspWrite(Blob, Next, &Entry, sizeof(Entry));
    }
    return At;
}

static void WriteAll(PSXSP_BLOB Blob, PSXSP_GENERATION Generation, const PARTS *Parts)
{
    ACTIVATION_CONTEXT_DATA Header = {
        .Magic = ACTIVATION_CONTEXT_DATA_MAGIC,
        .HeaderSize = sizeof(Header),
        .FormatVersion = ACTIVATION_CONTEXT_DATA_FORMAT_WHISTLER,
        .Flags = Generation->Assemblies->NoInherit ? ACTIVATION_CONTEXT_FLAG_NO_INHERIT : 0};
    ACTIVATION_CONTEXT_DATA_TOC_HEADER Toc = {.HeaderSize = sizeof(Toc),
                                              .Flags = ACTIVATION_CONTEXT_DATA_TOC_HEADER_INORDER};
    ACTIVATION_CONTEXT_DATA_TOC_ENTRY Entries[ARRAYSIZE(Kinds)] = {0};
    ULONG At = SxspPlace(Blob, sizeof(Header)), List;

    for (ULONG i = 0; i < ARRAYSIZE(Kinds); i++) {
        if (Parts->Count[i])
            WriteSection(Blob, Generation, Parts, i, &Entries[Toc.EntryCount++]);
    }
    Header.AssemblyRosterOffset = WriteRoster(Blob, Generation, Entries[0].Offset);
    Header.DefaultTocOffset = SxspPlace(Blob, sizeof(Toc));
    List = SxspPlace(Blob, Toc.EntryCount * sizeof(Entries[0]));
    Toc.FirstEntryOffset = List;
    SxspWrite(Blob, Header.DefaultTocOffset, &Toc, sizeof(Toc));
    SxspWrite(Blob, List, Entries, Toc.EntryCount * sizeof(Entries[0]));
    Header.TotalSize = Blob->Size;
    SxspWrite(Blob, At, &Header, sizeof(Header));
}

NTSTATUS SxspBuild(PSXSP_GENERATION Generation, PACTIVATION_CONTEXT_DATA *Data)
{
    SXSP_BLOB Measured = {NULL}, Blob = {NULL};
    PARTS Parts;
    NTSTATUS Status = STATUS_SUCCESS;

    for (PSXSP_ASSEMBLY Assembly = Generation->Assemblies; Assembly && NT_SUCCESS(Status);
         Assembly = Assembly->Next) {
        if (Assembly->HasIdentity)
            Status =
                SxspEncodeIdentity(&Generation->Arena, &Assembly->Identity, &Assembly->Encoded);
    }
    if (NT_SUCCESS(Status))
        Status = CollectSorted(Generation, &Parts);
    if (!NT_SUCCESS(Status))
        return Status;
    WriteAll(&Measured, Generation, &Parts);
    if (Measured.TooBig)
        return STATUS_SXS_MANIFEST_TOO_BIG;
    Blob.Data = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, Measured.Size);
    if (!Blob.Data)
        return STATUS_NO_MEMORY;
    WriteAll(&Blob, Generation, &Parts);
    *Data = (PACTIVATION_CONTEXT_DATA)Blob.Data;
    return STATUS_SUCCESS;
}

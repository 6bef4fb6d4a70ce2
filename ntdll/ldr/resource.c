// SPDX-License-Identifier: BSD-2-Clause
/*
 * Resources. The tree in an image may be anything: what lies outside of what is mapped is not
 * there, and the walk goes down three levels and not in circles. (Microsoft: "PE Format", the .rsrc
 * section; Win32: FindResourceEx)
 */
#include "ldrp.h"

#define ENGLISH 0x0409
#define PRIMARY_LANGUAGE 0x03ff
#define MAXIMUM_LANGUAGES 10
#define MAXIMUM_VISITS 0x100000 /* entries that are looked at to list all */
#define IS_NUMBER(name) ((name) < 0x10000)

/* A module or data file, and where its tree is. */
typedef struct _RESOURCES {
    LDRP_IMAGE Image;
    PUCHAR Root;
    ULONG Extent; /* bytes from the root on in which the tree is */
    BOOLEAN AsFile;
    ULONG FileSize;
} RESOURCES, *PRESOURCES;

typedef struct __attribute__((aligned(1))) _ENTRY {
    UNALIGNED_ULONG Name;
    UNALIGNED_ULONG OffsetToData;
} ENTRY, *PENTRY;

typedef IMAGE_RESOURCE_DATA_ENTRY UNALIGNED_DATA_ENTRY __attribute__((aligned(1)));

static const NTSTATUS Missing[LDR_RESOURCE_LEVELS] = {
    STATUS_RESOURCE_TYPE_NOT_FOUND, STATUS_RESOURCE_NAME_NOT_FOUND, STATUS_RESOURCE_LANG_NOT_FOUND};

/* ---- Where it is ---- */

/* In a file that is mapped as it is, sections are where their raw data are. NULL: outside. */
static PVOID DataAt(const RESOURCES *Resources, ULONG Rva, ULONG Length)
{
    const LDRP_IMAGE *Image = &Resources->Image;

    if (!Resources->AsFile)
        return LdrpImageData(Image, Rva, Length);
    for (ULONG i = 0; i < Image->SectionCount; i++) {
        PLDRP_SECTION Section = &Image->Sections[i];
        ULONG Offset = Rva - Section->VirtualAddress, Raw = Section->PointerToRawData;

        if (Rva >= Section->VirtualAddress && Offset < Section->SizeOfRawData &&
            Length <= Section->SizeOfRawData - Offset && Raw <= Resources->FileSize &&
            Offset <= Resources->FileSize - Raw && Length <= Resources->FileSize - Raw - Offset)
            return Image->Base + Raw + Offset;
    }
    return NULL;
}

/* How many bytes there are from an RVA on. */
static ULONG ExtentAt(const RESOURCES *Resources, ULONG Rva)
{
    const LDRP_IMAGE *Image = &Resources->Image;

    if (!Resources->AsFile)
        return LdrpImageExtent(Image, Rva);
    for (ULONG i = 0; i < Image->SectionCount; i++) {
        PLDRP_SECTION Section = &Image->Sections[i];
        ULONG Offset = Rva - Section->VirtualAddress, Room = Section->SizeOfRawData,
              Raw = Section->PointerToRawData;

        if (Rva < Section->VirtualAddress || Offset >= Room || Raw >= Resources->FileSize)
            continue;
        if (Room > Resources->FileSize - Raw)
            Room = Resources->FileSize - Raw;
        return Offset < Room ? Room - Offset : 0;
    }
    return 0;
}

/* The headers of a file that is mapped as it is; its directories are not looked at yet. */
static NTSTATUS OpenFileHeaders(PRESOURCES Resources)
{
    PLDRP_IMAGE Image = &Resources->Image;
    PIMAGE_DOS_HEADER Dos = (PIMAGE_DOS_HEADER)Image->Base;
    SIZE_T Size = Resources->FileSize, Headers, Sections;

    if (Size < sizeof(*Dos) || Dos->e_magic != IMAGE_DOS_SIGNATURE || Dos->e_lfanew < 0)
        return STATUS_INVALID_IMAGE_FORMAT;
    Headers = (SIZE_T)Dos->e_lfanew;
    if (Headers % 4 || Headers + sizeof(IMAGE_NT_HEADERS) > Size)
        return STATUS_INVALID_IMAGE_FORMAT;
    Image->Headers = (PIMAGE_NT_HEADERS)(Image->Base + Headers);
    if (Image->Headers->Signature != IMAGE_NT_SIGNATURE ||
        Image->Headers->OptionalHeader.Magic != IMAGE_NT_OPTIONAL_HDR_MAGIC)
        return STATUS_INVALID_IMAGE_FORMAT;
    Sections = Headers + offsetof(IMAGE_NT_HEADERS, OptionalHeader) +
               Image->Headers->FileHeader.SizeOfOptionalHeader;
    Image->SectionCount = Image->Headers->FileHeader.NumberOfSections;
    Image->Sections = (PLDRP_SECTION)(Image->Base + Sections);
    return Sections + Image->SectionCount * sizeof(LDRP_SECTION) <= Size
               ? STATUS_SUCCESS
               : STATUS_INVALID_IMAGE_FORMAT;
}

static NTSTATUS OpenFile(PRESOURCES Resources)
{
    MEMORY_BASIC_INFORMATION Region;
    NTSTATUS Status = NtQueryVirtualMemory(NtCurrentProcess(), Resources->Image.Base,
                                           MemoryBasicInformation, &Region, sizeof(Region), NULL);

    if (!NT_SUCCESS(Status))
        return Status;
    Resources->AsFile = TRUE;
    Resources->FileSize = Region.RegionSize < MAXLONG ? (ULONG)Region.RegionSize : MAXLONG;
    return OpenFileHeaders(Resources);
}

static NTSTATUS Open(PVOID DllHandle, PRESOURCES Resources)
{
    PIMAGE_OPTIONAL_HEADER Optional;
    ULONG Rva = 0;
    NTSTATUS Status;

    memset(Resources, 0, sizeof(*Resources));
    if (!DllHandle)
        DllHandle = NtCurrentPeb()->ImageBaseAddress;
    Resources->Image.Base = (PUCHAR)((ULONG_PTR)DllHandle & ~(ULONG_PTR)3);
    Status = (ULONG_PTR)DllHandle & 1
                 ? OpenFile(Resources)
                 : LdrpOpenImage(Resources->Image.Base, MAXLONG, &Resources->Image);
    if (!NT_SUCCESS(Status))
        return Status;
    Optional = &Resources->Image.Headers->OptionalHeader;
    if (Optional->NumberOfRvaAndSizes > IMAGE_DIRECTORY_ENTRY_RESOURCE)
        Rva = Optional->DataDirectory[IMAGE_DIRECTORY_ENTRY_RESOURCE].VirtualAddress;
    Resources->Extent = Rva ? ExtentAt(Resources, Rva) : 0;
    Resources->Root = DataAt(Resources, Rva, sizeof(IMAGE_RESOURCE_DIRECTORY));
    return Rva && Resources->Root ? STATUS_SUCCESS : STATUS_RESOURCE_DATA_NOT_FOUND;
}

/* ---- The tree ---- */

static PVOID TreeAt(const RESOURCES *Resources, ULONG Offset, ULONG Length)
{
    return Offset <= Resources->Extent && Length <= Resources->Extent - Offset
               ? Resources->Root + Offset
               : NULL;
}

/* The entries of a directory; NULL: they are not all inside. Names come first, then numbers. */
static PENTRY EntriesOf(const RESOURCES *Resources, ULONG Offset, PULONG Count)
{
    const UNALIGNED_USHORT *Counts;
    PUCHAR Directory = TreeAt(Resources, Offset, sizeof(IMAGE_RESOURCE_DIRECTORY));

    if (!Directory)
        return NULL;
    Counts = (PVOID)(Directory + offsetof(IMAGE_RESOURCE_DIRECTORY, NumberOfNamedEntries));
    *Count = (ULONG)Counts[0] + Counts[1];
    return TreeAt(Resources, Offset + sizeof(IMAGE_RESOURCE_DIRECTORY), *Count * sizeof(ENTRY));
}

/* A name of the tree: a length in characters and the text. */
static BOOLEAN IsNamed(const RESOURCES *Resources, ULONG Offset, PCWSTR Name)
{
    UNALIGNED_USHORT *Text = TreeAt(Resources, Offset, sizeof(USHORT));
    SIZE_T Length = wcslen(Name);

    if (!Text || *Text != Length || !TreeAt(Resources, Offset, sizeof(USHORT) * (1 + *Text)))
        return FALSE;
    for (SIZE_T i = 0; i < Length; i++) {
        if (RtlUpcaseUnicodeChar(Name[i]) != RtlUpcaseUnicodeChar(Text[i + 1]))
            return FALSE;
    }
    return TRUE;
}

static BOOLEAN Agrees(const RESOURCES *Resources, const ENTRY *Entry, ULONG_PTR Wanted)
{
    if (Entry->Name & IMAGE_RESOURCE_NAME_IS_STRING)
        return !IS_NUMBER(Wanted) &&
               IsNamed(Resources, Entry->Name & ~IMAGE_RESOURCE_NAME_IS_STRING, (PCWSTR)Wanted);
    return Entry->Name == Wanted;
}

static PENTRY FindEntry(const RESOURCES *Resources, ULONG Directory, ULONG_PTR Wanted)
{
    ULONG Count;
    PENTRY Entries = EntriesOf(Resources, Directory, &Count);

    for (ULONG i = 0; Entries && i < Count; i++) {
        if (Agrees(Resources, &Entries[i], Wanted))
            return &Entries[i];
    }
    return NULL;
}

/* ---- Languages ---- */

typedef struct _LANGUAGES {
    USHORT List[MAXIMUM_LANGUAGES];
    ULONG Count;
} LANGUAGES, *PLANGUAGES;

static void AddLanguage(PLANGUAGES Languages, ULONG Language)
{
    for (ULONG i = 0; i < Languages->Count; i++) {
        if (Languages->List[i] == (USHORT)Language)
            return;
    }
    Languages->List[Languages->Count++] = (USHORT)Language;
}

static void AddWithPrimary(PLANGUAGES Languages, ULONG Language)
{
    AddLanguage(Languages, Language);
    AddLanguage(Languages, Language & PRIMARY_LANGUAGE);
}

static void ListLanguages(PLANGUAGES Languages, ULONG Wanted)
{
    LCID Locale;

    Languages->Count = 0;
    AddWithPrimary(Languages, Wanted);
    AddLanguage(Languages, 0);
    if (Wanted & PRIMARY_LANGUAGE)
        return;
    if (NtCurrentTeb()->CurrentLocale)
        AddWithPrimary(Languages, (USHORT)NtCurrentTeb()->CurrentLocale);
    if (NT_SUCCESS(NtQueryDefaultLocale(TRUE, &Locale)))
        AddWithPrimary(Languages, (USHORT)Locale);
    if (NT_SUCCESS(NtQueryDefaultLocale(FALSE, &Locale)))
        AddWithPrimary(Languages, (USHORT)Locale);
    AddWithPrimary(Languages, ENGLISH);
}

static PENTRY FindLanguage(const RESOURCES *Resources, ULONG Directory, ULONG_PTR Wanted)
{
    LANGUAGES Languages;
    PENTRY Entry = NULL, Entries;
    ULONG Count;

    ListLanguages(&Languages, (USHORT)Wanted);
    for (ULONG i = 0; !Entry && i < Languages.Count; i++)
        Entry = FindEntry(Resources, Directory, Languages.List[i]);
    if (Entry || (Wanted & PRIMARY_LANGUAGE))
        return Entry;
    Entries = EntriesOf(Resources, Directory, &Count);
    return Entries && Count ? Entries : NULL;
}

/* ---- Finding ---- */

/* Goes down Levels of Path. *Offset is where the last entry leads. */
static NTSTATUS Walk(const RESOURCES *Resources, const ULONG_PTR *Path, ULONG Levels,
                     PBOOLEAN IsDirectory, PULONG Offset)
{
    *IsDirectory = TRUE;
    *Offset = 0;
    if (Levels > LDR_RESOURCE_LEVELS)
        return STATUS_INVALID_PARAMETER;
    for (ULONG Level = 0; Level < Levels; Level++) {
        PENTRY Entry = NULL;

        if (*IsDirectory)
            Entry = Level == LDR_RESOURCE_LEVELS - 1 ? FindLanguage(Resources, *Offset, Path[Level])
                                                     : FindEntry(Resources, *Offset, Path[Level]);
        if (!Entry)
            return Missing[Level];
        *IsDirectory = (Entry->OffsetToData & IMAGE_RESOURCE_DATA_IS_DIRECTORY) != 0;
        *Offset = Entry->OffsetToData & ~IMAGE_RESOURCE_DATA_IS_DIRECTORY;
    }
    return STATUS_SUCCESS;
}

NTSTATUS LdrpFindResource(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels,
                          BOOLEAN WantDirectory, PVOID *Found)
{
    RESOURCES Resources;
    BOOLEAN IsDirectory;
    ULONG Offset;
    NTSTATUS Status = Open(DllHandle, &Resources);

    if (NT_SUCCESS(Status))
        Status = Walk(&Resources, Path, Levels, &IsDirectory, &Offset);
    if (!NT_SUCCESS(Status))
        return Status;
    if (IsDirectory != WantDirectory)
        return STATUS_RESOURCE_DATA_NOT_FOUND;
    *Found = TreeAt(&Resources, Offset,
                    WantDirectory ? sizeof(IMAGE_RESOURCE_DIRECTORY)
                                  : sizeof(IMAGE_RESOURCE_DATA_ENTRY));
    return *Found ? STATUS_SUCCESS : STATUS_RESOURCE_DATA_NOT_FOUND;
}

/* What a module lacks may be in one of its satellites. */
static NTSTATUS Find(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels, BOOLEAN WantDirectory,
                     PVOID *Found)
{
    NTSTATUS Status = LdrpFindResource(DllHandle, Path, Levels, WantDirectory, Found);

    if (Status != STATUS_RESOURCE_TYPE_NOT_FOUND && Status != STATUS_RESOURCE_NAME_NOT_FOUND &&
        Status != STATUS_RESOURCE_LANG_NOT_FOUND)
        return Status;
    if (NT_SUCCESS(LdrpFindInSatellites(DllHandle, Path, Levels, WantDirectory, Found)))
        return STATUS_SUCCESS;
    return Status;
}

NTSTATUS NTAPI LdrFindResource_U(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels,
                                 PIMAGE_RESOURCE_DATA_ENTRY *Entry)
{
    return Find(DllHandle, Path, Levels, FALSE, (PVOID *)Entry);
}

NTSTATUS NTAPI LdrFindResourceDirectory_U(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels,
                                          PIMAGE_RESOURCE_DIRECTORY *Directory)
{
    return Find(DllHandle, Path, Levels, TRUE, (PVOID *)Directory);
}

NTSTATUS LdrpAccessData(PVOID DllHandle, const void *Entry, PVOID *Address, PULONG Length)
{
    const UNALIGNED_DATA_ENTRY *Place = Entry;
    RESOURCES Resources;
    PVOID Data;
    NTSTATUS Status = Open(DllHandle, &Resources);

    if (!NT_SUCCESS(Status))
        return Status;
    Data = DataAt(&Resources, Place->OffsetToData, Place->Size ? Place->Size : 1);
    if (!Data)
        return STATUS_RESOURCE_DATA_NOT_FOUND;
    if (Address)
        *Address = Data;
    if (Length)
        *Length = Place->Size;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrAccessResource(PVOID DllHandle, const IMAGE_RESOURCE_DATA_ENTRY *Entry,
                                 PVOID *Address, PULONG Length)
{
    return LdrpAccessData(LdrpResourceHolder(DllHandle, Entry), Entry, Address, Length);
}

/* ---- Listing ---- */

typedef struct _LISTING {
    const RESOURCES *Resources;
    const ULONG_PTR *Path;
    ULONG Levels;
    ULONG Room, Count;
    ULONG Visits;
    PLDR_ENUM_RESOURCE_ENTRY Entries;
    ULONG_PTR At[LDR_RESOURCE_LEVELS];
} LISTING, *PLISTING;

static void AddListed(PLISTING Listing, ULONG Offset)
{
    const UNALIGNED_DATA_ENTRY *Data =
        TreeAt(Listing->Resources, Offset, sizeof(IMAGE_RESOURCE_DATA_ENTRY));

    if (!Data)
        return;
    if (Listing->Count < Listing->Room) {
        PLDR_ENUM_RESOURCE_ENTRY Entry = &Listing->Entries[Listing->Count];

        memcpy(Entry->Path, Listing->At, sizeof(Entry->Path));
        Entry->Data = DataAt(Listing->Resources, Data->OffsetToData, Data->Size);
        Entry->Size = Data->Size;
        Entry->Reserved = 0;
    }
    Listing->Count++;
}

/* The levels are three, whatever leads where. A tree of which all directories are the same few
 * would have more leaves than anybody can wait for. */
static void ListDirectory(PLISTING Listing, ULONG Offset, ULONG Level)
{
    ULONG Count;
    PENTRY Entries = EntriesOf(Listing->Resources, Offset, &Count);

    for (ULONG i = 0; Entries && i < Count && Listing->Visits < MAXIMUM_VISITS; i++) {
        ULONG Next = Entries[i].OffsetToData;

        Listing->Visits++;
        if (Level < Listing->Levels &&
            !Agrees(Listing->Resources, &Entries[i], Listing->Path[Level]))
            continue;
        Listing->At[Level] =
            Entries[i].Name & IMAGE_RESOURCE_NAME_IS_STRING
                ? (ULONG_PTR)TreeAt(Listing->Resources,
                                    Entries[i].Name & ~IMAGE_RESOURCE_NAME_IS_STRING,
                                    sizeof(USHORT))
                : Entries[i].Name;
        if (!(Next & IMAGE_RESOURCE_DATA_IS_DIRECTORY))
            AddListed(Listing, Next);
        else if (Level + 1 < LDR_RESOURCE_LEVELS)
            ListDirectory(Listing, Next & ~IMAGE_RESOURCE_DATA_IS_DIRECTORY, Level + 1);
        Listing->At[Level] = 0;
    }
}

NTSTATUS NTAPI LdrEnumResources(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels, PULONG Count,
                                PLDR_ENUM_RESOURCE_ENTRY Entries)
{
    RESOURCES Resources;
    LISTING Listing = {.Resources = &Resources,
                       .Path = Path,
                       .Levels = Levels,
                       .Room = Entries ? *Count : 0,
                       .Entries = Entries};
    NTSTATUS Status = Open(DllHandle, &Resources);

    if (NT_SUCCESS(Status) && Levels > LDR_RESOURCE_LEVELS)
        Status = STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(Status))
        return Status;
    ListDirectory(&Listing, 0, 0);
    *Count = Listing.Count;
    return Listing.Count > Listing.Room && Entries ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS;
}

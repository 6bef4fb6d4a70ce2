/* SPDX-License-Identifier: BSD-2-Clause */
/* The boot archive as a read-only file system on \Device\BootArchive. Its entries are listed once,
 * at the start. */
#include "iop.h"

#define IOP_MAXIMUM_ENTRIES 4096
#define IOP_WRITE_ACCESS                                                                           \
    (FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES |                  \
     FILE_DELETE_CHILD | DELETE | WRITE_DAC | WRITE_OWNER)

extern const char NtosBootArchive[], NtosBootArchiveEnd[];

static IOP_ARCHIVE_ENTRY IopRootEntry = {.Mode = 0040755};
static PIOP_ARCHIVE_ENTRY IopEntries;
static ULONG IopEntryCount;

static ULONG IopCountEntries(const UCHAR *Archive, SIZE_T Length)
{
    IOP_ARCHIVE_ENTRY Entry;
    SIZE_T Offset = 0;
    ULONG Count = 0;

    while (Count < IOP_MAXIMUM_ENTRIES && IopNextArchiveEntry(Archive, Length, &Offset, &Entry))
        Count++;
    return Count;
}

static NTSTATUS IopListEntries(const UCHAR *Archive, SIZE_T Length)
{
    SIZE_T Offset = 0;
    ULONG Count = IopCountEntries(Archive, Length);

    if (!Count)
        return STATUS_UNRECOGNIZED_VOLUME;
    IopEntries = ExAllocatePool(Count * sizeof(*IopEntries));
    if (!IopEntries)
        return STATUS_INSUFFICIENT_RESOURCES;
    while (IopEntryCount < Count)
        IopNextArchiveEntry(Archive, Length, &Offset, &IopEntries[IopEntryCount++]);
    return STATUS_SUCCESS;
}

static WCHAR IopCanonical(WCHAR Character)
{
    return Character == '/' ? '\\' : RtlUpcaseUnicodeChar(Character);
}

static BOOLEAN IopIsNamed(const IOP_ARCHIVE_ENTRY *Entry, PCUNICODE_STRING Name)
{
    ULONG i;

    if (Entry->NameLength != Name->Length / sizeof(WCHAR))
        return FALSE;
    for (i = 0; i < Entry->NameLength; i++)
        if (IopCanonical((UCHAR)Entry->Name[i]) != IopCanonical(Name->Buffer[i]))
            return FALSE;
    return TRUE;
}

static PIOP_ARCHIVE_ENTRY IopFindEntry(PCUNICODE_STRING Name)
{
    ULONG i;

    if (!Name->Length)
        return &IopRootEntry;
    for (i = 0; i < IopEntryCount; i++)
        if (IopIsNamed(&IopEntries[i], Name))
            return &IopEntries[i];
    return NULL;
}

/* Nothing has that name: is at least its directory there? */
static NTSTATUS IopMissing(PCUNICODE_STRING Name, ULONG Disposition)
{
    UNICODE_STRING Parent = *Name;
    PIOP_ARCHIVE_ENTRY Entry;

    while (Parent.Length && Parent.Buffer[Parent.Length / sizeof(WCHAR) - 1] != '\\')
        Parent.Length -= sizeof(WCHAR);
    if (Parent.Length)
        Parent.Length -= sizeof(WCHAR);
    Entry = IopFindEntry(&Parent);
    if (!Entry || !IopIsArchiveDirectory(Entry))
        return STATUS_OBJECT_PATH_NOT_FOUND;
    return Disposition == FILE_OPEN || Disposition == FILE_OVERWRITE ? STATUS_OBJECT_NAME_NOT_FOUND
                                                                     : STATUS_MEDIA_WRITE_PROTECTED;
}

static NTSTATUS IopCheckOpen(PIOP_ARCHIVE_ENTRY Entry, PIOP_OPEN_PACKET Packet)
{
    BOOLEAN Directory = IopIsArchiveDirectory(Entry);

    if (Packet->Disposition == FILE_CREATE)
        return STATUS_OBJECT_NAME_COLLISION;
    if (Directory && (Packet->Options & FILE_NON_DIRECTORY_FILE))
        return STATUS_FILE_IS_A_DIRECTORY;
    if (!Directory && (Packet->Options & FILE_DIRECTORY_FILE))
        return STATUS_NOT_A_DIRECTORY;
    if (Packet->Disposition != FILE_OPEN && Packet->Disposition != FILE_OPEN_IF)
        return STATUS_MEDIA_WRITE_PROTECTED;
    if ((Packet->Access & IOP_WRITE_ACCESS) || (Packet->Options & FILE_DELETE_ON_CLOSE))
        return STATUS_MEDIA_WRITE_PROTECTED;
    return STATUS_SUCCESS;
}

static NTSTATUS IopArchiveCreate(PFILE_OBJECT File, PIOP_OPEN_PACKET Packet)
{
    UNICODE_STRING Name = {File->Name.Length - sizeof(WCHAR), 0, File->Name.Buffer + 1};
    PIOP_ARCHIVE_ENTRY Entry = IopFindEntry(&Name);
    NTSTATUS Status = Entry ? IopCheckOpen(Entry, Packet) : IopMissing(&Name, Packet->Disposition);

    File->FsContext = Entry;
    Packet->Information = FILE_OPENED;
    return Status;
}

static void IopArchiveFacts(PVOID FsContext, PIOP_FILE_FACTS Facts)
{
    PIOP_ARCHIVE_ENTRY Entry = FsContext;
    LARGE_INTEGER Time;

    RtlSecondsSince1970ToTime(Entry->Time, &Time);
    Facts->Time = Time.QuadPart;
    Facts->Size = Entry->Size;
    Facts->Allocation = ALIGN_UP_BY((ULONG_PTR)Entry->Size, 4);
    Facts->Index = Entry == &IopRootEntry ? 1 : (ULONGLONG)(Entry - IopEntries) + 2;
    Facts->Attributes =
        IopIsArchiveDirectory(Entry) ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_READONLY;
}

static NTSTATUS IopArchiveLocate(PVOID FsContext, ULONGLONG Offset, const void **Data,
                                 PULONGLONG Available)
{
    PIOP_ARCHIVE_ENTRY Entry = FsContext;

    if (Offset >= Entry->Size)
        return STATUS_END_OF_FILE;
    *Data = Entry->Data + Offset;
    *Available = Entry->Size - Offset;
    return STATUS_SUCCESS;
}

static BOOLEAN IopArchiveIsDirectory(PVOID FsContext)
{
    return IopIsArchiveDirectory(FsContext);
}

/* Where the last component of Child begins if Child lies directly in Directory, else 0 length. */
static ULONG IopChildName(PIOP_ARCHIVE_ENTRY Directory, PIOP_ARCHIVE_ENTRY Child, const char **Name)
{
    ULONG Prefix = Directory->NameLength ? Directory->NameLength + 1 : 0, i;

    if (Child->NameLength <= Prefix ||
        memcmp(Child->Name, Directory->Name, Directory->NameLength) ||
        (Prefix && Child->Name[Prefix - 1] != '/'))
        return 0;
    for (i = Prefix; i < Child->NameLength; i++)
        if (Child->Name[i] == '/')
            return 0;
    *Name = Child->Name + Prefix;
    return Child->NameLength - Prefix;
}

static PVOID IopArchiveNextEntry(PVOID FsContext, PULONG Position, PUNICODE_STRING Name)
{
    while (*Position < IopEntryCount) {
        PIOP_ARCHIVE_ENTRY Entry = &IopEntries[(*Position)++];
        const char *Text;
        ULONG Length = IopChildName(FsContext, Entry, &Text), i;

        if (!Length || Length * sizeof(WCHAR) > Name->MaximumLength)
            continue;
        for (i = 0; i < Length; i++)
            Name->Buffer[i] = (UCHAR)Text[i];
        Name->Length = (USHORT)(Length * sizeof(WCHAR));
        return Entry;
    }
    return NULL;
}

const IOP_FILE_SYSTEM IopArchiveFileSystem = {
    .Create = IopArchiveCreate,
    .QueryFacts = IopArchiveFacts,
    .Locate = IopArchiveLocate,
    .NextEntry = IopArchiveNextEntry,
    .IsDirectory = IopArchiveIsDirectory,
};

/* \Device\BootArchive, and \SystemRoot leads there. */
NTSTATUS IopMountArchive(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\BootArchive");
    UNICODE_STRING Link = RTL_CONSTANT_STRING(u"\\SystemRoot");
    PDEVICE_OBJECT Device;
    NTSTATUS Status = IopListEntries((const UCHAR *)NtosBootArchive,
                                     (SIZE_T)(NtosBootArchiveEnd - NtosBootArchive));

    if (NT_SUCCESS(Status))
        Status = IopCreateDevice(NULL, &Name, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Device->FileSystem = &IopArchiveFileSystem;
    Device->DeviceType = FILE_DEVICE_DISK_FILE_SYSTEM;
    return ObCreateSymbolicLinkAt(&Link, &Name);
}

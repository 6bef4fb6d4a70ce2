/* SPDX-License-Identifier: BSD-2-Clause */
/* The boot archive, and what was added to it, as a read-only file system on \Device\BootArchive.
 * The entries are listed once, at the start. */
#include "iop.h"

#define BYTES_A_TURN 4096 /* of a name */
#define SECTOR_SIZE 512
#define SERIAL_NUMBER 0x4e455054 /* every such volume's */
#define IOP_WRITE_ACCESS                                                                           \
    (FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES |                  \
     FILE_DELETE_CHILD | DELETE | WRITE_DAC | WRITE_OWNER)

/* IO_FILE.Sharing */
#define IOP_SHARING_COUNTED 1
#define IOP_SHARING_READING 2

extern const char NtosBootArchive[], NtosBootArchiveEnd[];

static IOP_ARCHIVE_ENTRY IopRootEntry = {.Mode = 0040755};
static IOP_ARCHIVE_TABLE IopTable;
static const UCHAR *IopAddedArchive;
static SIZE_T IopAddedLength;

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

static PIOP_ARCHIVE_ENTRY IopFindExactly(PCUNICODE_STRING Name)
{
    ULONG i;

    if (!Name->Length)
        return &IopRootEntry;
    for (i = 0; i < IopTable.Count; i++)
        if (IopIsNamed(&IopTable.Entries[i], Name))
            return &IopTable.Entries[i];
    return NULL;
}

/* Takes the name of a directory off the beginning of a path. FALSE: it begins otherwise. */
static BOOLEAN IopEnter(PUNICODE_STRING Path, PCUNICODE_STRING Directory)
{
    ULONG Length = Directory->Length / sizeof(WCHAR), i;

    if (Path->Length < Directory->Length ||
        (Path->Length > Directory->Length && Path->Buffer[Length] != '\\'))
        return FALSE;
    for (i = 0; i < Length; i++)
        if (RtlUpcaseUnicodeChar(Path->Buffer[i]) != Directory->Buffer[i])
            return FALSE;
    if (Path->Length > Directory->Length)
        Length++;
    Path->Buffer += Length;
    Path->Length -= (USHORT)(Length * sizeof(WCHAR));
    return TRUE;
}

/* As names in archives, \windows and \windows\system32 are the root (archive.c). */
static PIOP_ARCHIVE_ENTRY IopFindEntry(PCUNICODE_STRING Name)
{
    static const UNICODE_STRING Windows = RTL_CONSTANT_STRING(u"WINDOWS"),
                                System = RTL_CONSTANT_STRING(u"SYSTEM32");
    UNICODE_STRING Rest = *Name;

    if (IopEnter(&Rest, &Windows))
        IopEnter(&Rest, &System);
    return IopFindExactly(&Rest);
}

/* Nothing has that name: the status depends on whether its directory exists. */
static NTSTATUS IopMissing(PCUNICODE_STRING Name, ULONG Disposition)
{
    UNICODE_STRING Parent = *Name;
    PIOP_ARCHIVE_ENTRY Entry;

    while (Parent.Length && Parent.Buffer[Parent.Length / sizeof(WCHAR) - 1] != '\\') {
        Parent.Length -= sizeof(WCHAR);
        if (Parent.Length % BYTES_A_TURN == 0)
            KeGiveWay();
    }
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

/* Nobody writes or deletes, so that readers alone can be in each other's way, and whether they
 * would let others write or delete makes no difference. Who asks for attributes only takes no part.
 */
static NTSTATUS IopShare(PIO_FILE File, PIOP_ARCHIVE_ENTRY Entry, const IOP_OPEN_PACKET *Packet)
{
    BOOLEAN Sharing = (Packet->ShareAccess & FILE_SHARE_READ) != 0;

    if (Packet->Internal || !(Packet->Access & (FILE_READ_DATA | FILE_EXECUTE)))
        return STATUS_SUCCESS;
    if (Entry->SharingReaders < Entry->Readers || (Entry->Readers && !Sharing))
        return STATUS_SHARING_VIOLATION;
    Entry->Readers++;
    Entry->SharingReaders += Sharing;
    File->Sharing = IOP_SHARING_COUNTED | (Sharing ? IOP_SHARING_READING : 0);
    return STATUS_SUCCESS;
}

static void IopArchiveEndSharing(PIO_FILE File)
{
    PIOP_ARCHIVE_ENTRY Entry = File->FsContext;

    if (File->Sharing & IOP_SHARING_COUNTED)
        Entry->Readers--;
    if (File->Sharing & IOP_SHARING_READING)
        Entry->SharingReaders--;
    File->Sharing = 0;
}

static NTSTATUS IopArchiveCreate(PIO_FILE File, PIOP_OPEN_PACKET Packet)
{
    UNICODE_STRING Name = {File->Name.Length - sizeof(WCHAR), 0, File->Name.Buffer + 1};
    PIOP_ARCHIVE_ENTRY Entry = IopFindEntry(&Name);
    NTSTATUS Status = Entry ? IopCheckOpen(Entry, Packet) : IopMissing(&Name, Packet->Disposition);

    File->FsContext = Entry;
    if (NT_SUCCESS(Status))
        Status = IopShare(File, Entry, Packet);
    Packet->Information = FILE_OPENED;
    return Status;
}

/* Indices are odd: none begins like a name with a backslash when a file is opened by it. */
static ULONGLONG IopIndexOf(const IOP_ARCHIVE_ENTRY *Entry)
{
    return Entry == &IopRootEntry ? 1 : (ULONGLONG)(Entry - IopTable.Entries) * 2 + 3;
}

static PIOP_ARCHIVE_ENTRY IopEntryOfIndex(ULONGLONG Index)
{
    if (Index == 1)
        return &IopRootEntry;
    return (Index & 1) && Index / 2 - 1 < IopTable.Count ? &IopTable.Entries[Index / 2 - 1] : NULL;
}

static NTSTATUS IopArchiveNameOfIndex(ULONGLONG Index, PUNICODE_STRING Name)
{
    PIOP_ARCHIVE_ENTRY Entry = IopEntryOfIndex(Index);
    ULONG i;

    if (!Entry || Entry->NameLength >= UNICODE_STRING_MAX_CHARS - 1)
        return STATUS_INVALID_PARAMETER;
    Name->Buffer = ExAllocatePool((Entry->NameLength + 2) * sizeof(WCHAR));
    if (!Name->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    Name->Buffer[0] = '\\';
    for (i = 0; i < Entry->NameLength; i++)
        Name->Buffer[i + 1] = Entry->Name[i] == '/' ? '\\' : (UCHAR)Entry->Name[i];
    Name->Length = (USHORT)((Entry->NameLength + 1) * sizeof(WCHAR));
    Name->MaximumLength = (USHORT)(Name->Length + sizeof(WCHAR));
    return STATUS_SUCCESS;
}

static void IopArchiveFacts(PVOID FsContext, PIOP_FILE_FACTS Facts)
{
    PIOP_ARCHIVE_ENTRY Entry = FsContext;
    LARGE_INTEGER Time;

    RtlSecondsSince1970ToTime(Entry->Time, &Time);
    Facts->Time = Time.QuadPart;
    Facts->Size = Entry->Size;
    Facts->Allocation = ALIGN_UP_BY((ULONG_PTR)Entry->Size, 4);
    Facts->Index = IopIndexOf(Entry);
    Facts->Attributes =
        IopIsArchiveDirectory(Entry) ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_READONLY;
}

static void IopArchiveVolume(PIOP_VOLUME_FACTS Facts)
{
    SIZE_T Bytes = (SIZE_T)(NtosBootArchiveEnd - NtosBootArchive) + IopAddedLength;
    IOP_FILE_FACTS Root;

    IopArchiveFacts(IopTable.Count ? IopTable.Entries : &IopRootEntry, &Root);
    *Facts = (IOP_VOLUME_FACTS){
        .CreationTime = Root.Time,
        .SerialNumber = SERIAL_NUMBER,
        .Label = u"Neptune",
        .FileSystemName = u"ARCHIVE",
        .Attributes = FILE_CASE_PRESERVED_NAMES | FILE_READ_ONLY_VOLUME,
        .Characteristics = FILE_READ_ONLY_DEVICE | FILE_DEVICE_IS_MOUNTED,
        .Sectors = (Bytes + SECTOR_SIZE - 1) / SECTOR_SIZE,
        .SectorSize = SECTOR_SIZE,
    };
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
        !IopSameArchiveName(Child->Name, Directory->Name, Directory->NameLength) ||
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
    while (*Position < IopTable.Count) {
        PIOP_ARCHIVE_ENTRY Entry = &IopTable.Entries[(*Position)++];
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
    .QueryVolume = IopArchiveVolume,
    .Locate = IopArchiveLocate,
    .NextEntry = IopArchiveNextEntry,
    .IsDirectory = IopArchiveIsDirectory,
    .NameOfIndex = IopArchiveNameOfIndex,
    .EndSharing = IopArchiveEndSharing,
};

/* Archive: aligned to 4 bytes, may hold anything, and is to be merged into \SystemRoot. */
void IoProvideAddedArchive(const void *Archive, SIZE_T Length)
{
    IopAddedArchive = Archive;
    IopAddedLength = Length;
}

static void IopMergeAddedArchive(void)
{
    static const char Refused[] = "The files added to this system are no sound archive: ignored.\n";
    NTSTATUS Status;

    if (!IopAddedLength)
        return;
    Status = IopMergeArchive(&IopTable, IopAddedArchive, IopAddedLength);
    DbgPrint("io: added archive of %lu bytes: status %08x\n", (ULONG)IopAddedLength, Status);
    if (!NT_SUCCESS(Status))
        HalDisplayString(Refused, sizeof(Refused) - 1);
}

/* Makes \Device\BootArchive, and \SystemRoot as a link into it. */
NTSTATUS IopMountArchive(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\BootArchive");
    UNICODE_STRING Link = RTL_CONSTANT_STRING(u"\\SystemRoot");
    UNICODE_STRING Windows = RTL_CONSTANT_STRING(u"\\Device\\BootArchive\\windows");
    PIO_DEVICE Device;
    NTSTATUS Status = IopListArchive((const UCHAR *)NtosBootArchive,
                                     (SIZE_T)(NtosBootArchiveEnd - NtosBootArchive), &IopTable);

    if (!NT_SUCCESS(Status))
        return Status;
    IopMergeAddedArchive();
    Status = IopCreateDevice(NULL, &Name, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Device->FileSystem = &IopArchiveFileSystem;
    Device->DeviceType = FILE_DEVICE_DISK_FILE_SYSTEM;
    return ObCreateSymbolicLinkAt(&Link, &Windows);
}

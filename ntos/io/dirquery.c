/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryDirectoryFile: the entries of a directory, those that match a pattern. */
#include "iop.h"

/* A call returns at most this much, whatever the client's buffer. */
#define IOP_QUERY_LIMIT 0x4000
#define IOP_DOTS 2 /* positions 0 and 1 of a directory below the root are "." and ".." */

typedef struct _IOP_ENUMERATION {
    PIO_FILE File;
    FILE_INFORMATION_CLASS Class;
    PUCHAR Buffer;      /* system memory */
    ULONG Length, Used; /* of Buffer */
    ULONG LastEntry;    /* its offset */
    ULONG Count;
} IOP_ENUMERATION, *PIOP_ENUMERATION;

static ULONG IopNameOffset(FILE_INFORMATION_CLASS Class)
{
    switch (Class) {
    case FileDirectoryInformation:
        return FIELD_OFFSET(FILE_DIRECTORY_INFORMATION, FileName);
    case FileFullDirectoryInformation:
        return FIELD_OFFSET(FILE_FULL_DIR_INFORMATION, FileName);
    case FileBothDirectoryInformation:
        return FIELD_OFFSET(FILE_BOTH_DIR_INFORMATION, FileName);
    case FileNamesInformation:
        return FIELD_OFFSET(FILE_NAMES_INFORMATION, FileName);
    case FileIdFullDirectoryInformation:
        return FIELD_OFFSET(FILE_ID_FULL_DIR_INFORMATION, FileName);
    case FileIdBothDirectoryInformation:
        return FIELD_OFFSET(FILE_ID_BOTH_DIR_INFORMATION, FileName);
    case FileIdExtdDirectoryInformation:
        return FIELD_OFFSET(FILE_ID_EXTD_DIR_INFORMATION, FileName);
    case FileIdExtdBothDirectoryInformation:
        return FIELD_OFFSET(FILE_ID_EXTD_BOTH_DIR_INFORMATION, FileName);
    default:
        return 0;
    }
}

static void IopSetConstantName(PUNICODE_STRING Name, const WCHAR *Text)
{
    Name->Length = 0;
    RtlAppendUnicodeToString(Name, Text);
}

/* The next entry, whether it matches or not. NULL at the end. */
static PVOID IopNextEntry(PIO_FILE File, PULONG Cursor, PUNICODE_STRING Name)
{
    const IOP_FILE_SYSTEM *FileSystem = File->Device->FileSystem;
    ULONG Dots = File->Name.Length > sizeof(WCHAR) ? IOP_DOTS : 0, Position;
    PVOID Entry;

    if (*Cursor < Dots) {
        IopSetConstantName(Name, (*Cursor)++ ? u".." : u".");
        return File->FsContext;
    }
    Position = *Cursor - Dots;
    Entry = FileSystem->NextEntry(File->FsContext, &Position, Name);
    *Cursor = Position + Dots;
    return Entry;
}

static PVOID IopNextMatch(PIO_FILE File, PULONG Cursor, PUNICODE_STRING Name)
{
    PVOID Entry = IopNextEntry(File, Cursor, Name);

    /* The pattern may be replaced while others run: it is looked up anew each time. */
    while (Entry && File->Pattern.Length && !IopMatchPattern(&File->Pattern, Name)) {
        KeGiveWay();
        Entry = IopNextEntry(File, Cursor, Name);
    }
    return Entry;
}

static void IopFillDirectoryEntry(PFILE_DIRECTORY_INFORMATION Information,
                                  const IOP_FILE_FACTS *Facts)
{
    Information->CreationTime.QuadPart = Information->LastAccessTime.QuadPart = Facts->Time;
    Information->LastWriteTime.QuadPart = Information->ChangeTime.QuadPart = Facts->Time;
    Information->EndOfFile.QuadPart = (LONGLONG)Facts->Size;
    Information->AllocationSize.QuadPart = (LONGLONG)Facts->Allocation;
    Information->FileAttributes = Facts->Attributes;
}

/* The classes that tell which file an entry is. */
static void IopFillId(FILE_INFORMATION_CLASS Class, PUCHAR Entry, ULONGLONG Index)
{
    switch (Class) {
    case FileIdFullDirectoryInformation:
        ((PFILE_ID_FULL_DIR_INFORMATION)Entry)->FileId.QuadPart = (LONGLONG)Index;
        break;
    case FileIdBothDirectoryInformation:
        ((PFILE_ID_BOTH_DIR_INFORMATION)Entry)->FileId.QuadPart = (LONGLONG)Index;
        break;
    case FileIdExtdDirectoryInformation:
    case FileIdExtdBothDirectoryInformation: /* both begin alike */
        memcpy(((PFILE_ID_EXTD_DIR_INFORMATION)Entry)->FileId.Identifier, &Index, sizeof(Index));
        break;
    default:
        break;
    }
}

/* The classes with attributes begin alike. The buffer is zeroed, so short names, EA sizes and tags
 * are empty. */
static void IopFillEntry(PIOP_ENUMERATION Enumeration, PUCHAR Entry, PVOID FsContext,
                         PCUNICODE_STRING Name, ULONG Fits)
{
    IOP_FILE_FACTS Facts;

    Enumeration->File->Device->FileSystem->QueryFacts(FsContext, &Facts);
    if (Enumeration->Class == FileNamesInformation) {
        ((PFILE_NAMES_INFORMATION)Entry)->FileNameLength = Name->Length;
    } else {
        IopFillDirectoryEntry((PFILE_DIRECTORY_INFORMATION)Entry, &Facts);
        ((PFILE_DIRECTORY_INFORMATION)Entry)->FileNameLength = Name->Length;
        IopFillId(Enumeration->Class, Entry, Facts.Index);
    }
    memcpy(Entry + IopNameOffset(Enumeration->Class), Name->Buffer, Fits);
}

/* FALSE: it does not fit. A first entry always goes in, its name cut off if need be. */
static BOOLEAN IopAddEntry(PIOP_ENUMERATION Enumeration, PVOID FsContext, PCUNICODE_STRING Name,
                           NTSTATUS *Status)
{
    ULONG Offset = (ULONG)ALIGN_UP_BY(Enumeration->Used, 8),
          Header = IopNameOffset(Enumeration->Class);
    ULONG Room = Offset < Enumeration->Length ? Enumeration->Length - Offset : 0;
    ULONG Fits = Name->Length;

    if (Room < Header + Fits) {
        if (Enumeration->Count)
            return FALSE;
        Fits = Room - Header;
        *Status = STATUS_BUFFER_OVERFLOW;
    }
    if (Enumeration->Count)
        *(PULONG)(Enumeration->Buffer + Enumeration->LastEntry) = Offset - Enumeration->LastEntry;
    IopFillEntry(Enumeration, Enumeration->Buffer + Offset, FsContext, Name, Fits);
    Enumeration->LastEntry = Offset;
    Enumeration->Used = Offset + Header + Fits;
    Enumeration->Count++;
    return TRUE;
}

/* Others may run meanwhile; if one of them enumerates with the same handle, each gets a part of the
 * entries. */
static NTSTATUS IopEnumerate(PIOP_ENUMERATION Enumeration, PULONG Cursor, BOOLEAN Single)
{
    PIO_FILE File = Enumeration->File;
    WCHAR NameBuffer[IOP_MAXIMUM_COMPONENT];
    UNICODE_STRING Name = {0, sizeof(NameBuffer), NameBuffer};
    NTSTATUS Status = STATUS_SUCCESS;

    while (!(Single && Enumeration->Count)) {
        ULONG Position = *Cursor;
        PVOID Entry = IopNextMatch(File, Cursor, &Name);

        if (!Entry)
            break;
        if (!IopAddEntry(Enumeration, Entry, &Name, &Status)) {
            *Cursor = Position;
            break;
        }
    }
    if (Enumeration->Count)
        return Status;
    return File->Enumerated ? STATUS_NO_MORE_FILES : STATUS_NO_SUCH_FILE;
}

/* The pattern of a directory's first query stays for all that follow, unless a restart brings a new
 * one. */
static NTSTATUS IopSetPattern(PIO_FILE File, CLIENT(PUNICODE_STRING) ClientPattern, BOOLEAN Restart)
{
    UNICODE_STRING Pattern = {0};
    NTSTATUS Status;

    if (File->Enumerated && !Restart)
        return STATUS_SUCCESS;
    if (ClientPattern) {
        Status =
            ExCaptureUnicodeString(&Pattern, ClientPattern, IOP_MAXIMUM_COMPONENT * sizeof(WCHAR));
        if (!NT_SUCCESS(Status))
            return Status == STATUS_NAME_TOO_LONG ? STATUS_OBJECT_NAME_INVALID : Status;
    }
    if (!File->Enumerated || Pattern.Length) {
        ExFreeUnicodeString(&File->Pattern);
        File->Pattern = Pattern;
    } else {
        ExFreeUnicodeString(&Pattern);
    }
    File->FsPosition = 0;
    return STATUS_SUCCESS;
}

typedef struct _IOP_DIRECTORY_QUERY {
    CLIENT(PVOID) Information;
    ULONG Length;
    FILE_INFORMATION_CLASS Class;
    BOOLEAN Single, Restart, KeepCursor;
    CLIENT(PUNICODE_STRING) Pattern;
} IOP_DIRECTORY_QUERY, *PIOP_DIRECTORY_QUERY;

static NTSTATUS IopQueryDirectory(PIO_FILE File, const IOP_DIRECTORY_QUERY *Query,
                                  PULONG_PTR Returned)
{
    IOP_ENUMERATION Enumeration = {.File = File, .Class = Query->Class};
    ULONG Cursor;
    NTSTATUS Status;

    if (!File->Device->FileSystem)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (!File->Device->FileSystem->IsDirectory(File->FsContext))
        return STATUS_INVALID_PARAMETER;
    Status = IopSetPattern(File, Query->Pattern, Query->Restart);
    if (!NT_SUCCESS(Status))
        return Status;
    Enumeration.Length = Query->Length < IOP_QUERY_LIMIT ? Query->Length : IOP_QUERY_LIMIT;
    Enumeration.Buffer = ExAllocatePool(Enumeration.Length);
    if (!Enumeration.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    Cursor = File->FsPosition;
    Status =
        IopEnumerate(&Enumeration, Query->KeepCursor ? &Cursor : &File->FsPosition, Query->Single);
    File->Enumerated = TRUE;
    *Returned = Enumeration.Used;
    if (!NT_SUCCESS(MmCopyToClient(Query->Information, Enumeration.Buffer, Enumeration.Used)))
        Status = STATUS_ACCESS_VIOLATION;
    ExFreePool(Enumeration.Buffer);
    return Status;
}

static NTSTATUS IopCheckDirectoryQuery(const IOP_DIRECTORY_QUERY *Query,
                                       CLIENT(PIO_STATUS_BLOCK) Iosb)
{
    ULONG Minimum = IopNameOffset(Query->Class);
    NTSTATUS Status;

    if (!Minimum)
        return STATUS_INVALID_INFO_CLASS;
    if (Query->Length < ALIGN_UP_BY(Minimum + sizeof(WCHAR), sizeof(ULONG)))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmProbeForWrite(Iosb, sizeof(*Iosb));
    return NT_SUCCESS(Status) ? MmProbeForWrite(Query->Information, Query->Length) : Status;
}

/* What both services do. */
static NTSTATUS IopServeDirectoryQuery(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                       CLIENT(PVOID) ApcContext,
                                       CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                       const IOP_DIRECTORY_QUERY *Query)
{
    ULONG_PTR Returned = 0;
    IOP_CLIENT Client;
    PIO_FILE File;
    NTSTATUS Status = IopCheckDirectoryQuery(Query, IoStatusBlock);

    if (NT_SUCCESS(Status))
        Status =
            ObReferenceObjectByHandle(FileHandle, FILE_LIST_DIRECTORY, IoFileType, (PVOID *)&File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopPrepareClient(&Client, File, Event, ApcRoutine, ApcContext, IoStatusBlock);
    if (NT_SUCCESS(Status)) {
        Status = IopQueryDirectory(File, Query, &Returned);
        Status = IopFinishClient(File, &Client, Status, Returned);
    }
    ObDereferenceObject(File);
    return Status;
}

/*
 * NtQueryDirectoryFile: the next entries of the directory that match FileName (wildcards * ? < >
 * "), as many as fit or one. Needs FILE_LIST_DIRECTORY. Classes: FileDirectoryInformation,
 * FileFullDirectoryInformation, FileBothDirectoryInformation, FileNamesInformation, and those with
 * ids: FileIdFull, FileIdBoth, FileIdExtd, FileIdExtdBoth. Returns STATUS_NO_SUCH_FILE (nothing at
 * all), STATUS_NO_MORE_FILES, STATUS_BUFFER_OVERFLOW (one name cut off),
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_INFO_CLASS, STATUS_INVALID_PARAMETER (no directory),
 * STATUS_INVALID_DEVICE_REQUEST.  (WDK: ZwQueryDirectoryFile)
 */
NTSTATUS NTAPI NtQueryDirectoryFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                    CLIENT(PVOID) ApcContext,
                                    CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                    CLIENT(PVOID) Information, ULONG Length,
                                    FILE_INFORMATION_CLASS Class, BOOLEAN ReturnSingleEntry,
                                    CLIENT(PUNICODE_STRING) FileName, BOOLEAN RestartScan)
{
    IOP_DIRECTORY_QUERY Query = {.Information = Information,
                                 .Length = Length,
                                 .Class = Class,
                                 .Single = ReturnSingleEntry != 0,
                                 .Restart = RestartScan != 0,
                                 .Pattern = FileName};

    return IopServeDirectoryQuery(FileHandle, Event, ApcRoutine, ApcContext, IoStatusBlock, &Query);
}

/*
 * NtQueryDirectoryFileEx: the same, with flags. With SL_NO_CURSOR_UPDATE_QUERY the next query
 * begins where this one does. SL_INDEX_SPECIFIED and SL_RETURN_ON_DISK_ENTRIES_ONLY change nothing
 * here; other bits are STATUS_INVALID_PARAMETER.  (WDK: ZwQueryDirectoryFileEx)
 */
NTSTATUS NTAPI NtQueryDirectoryFileEx(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                      CLIENT(PVOID) ApcContext,
                                      CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                      CLIENT(PVOID) Information, ULONG Length,
                                      FILE_INFORMATION_CLASS Class, ULONG QueryFlags,
                                      CLIENT(PUNICODE_STRING) FileName)
{
    IOP_DIRECTORY_QUERY Query = {.Information = Information,
                                 .Length = Length,
                                 .Class = Class,
                                 .Single = (QueryFlags & SL_RETURN_SINGLE_ENTRY) != 0,
                                 .Restart = (QueryFlags & SL_RESTART_SCAN) != 0,
                                 .KeepCursor = (QueryFlags & SL_NO_CURSOR_UPDATE_QUERY) != 0,
                                 .Pattern = FileName};

    if (QueryFlags & ~(SL_RESTART_SCAN | SL_RETURN_SINGLE_ENTRY | SL_INDEX_SPECIFIED |
                       SL_RETURN_ON_DISK_ENTRIES_ONLY | SL_NO_CURSOR_UPDATE_QUERY))
        return STATUS_INVALID_PARAMETER;
    return IopServeDirectoryQuery(FileHandle, Event, ApcRoutine, ApcContext, IoStatusBlock, &Query);
}

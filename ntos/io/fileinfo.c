/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryInformationFile, NtSetInformationFile, NtQueryAttributesFile. */
#include <neptune/missing_classes.def>
#include "iop.h"

typedef union _IOP_FILE_INFORMATION {
    FILE_BASIC_INFORMATION Basic;
    FILE_STANDARD_INFORMATION Standard;
    FILE_INTERNAL_INFORMATION Internal;
    FILE_ACCESS_INFORMATION Access;
    FILE_POSITION_INFORMATION Position;
    FILE_MODE_INFORMATION Mode;
    FILE_NETWORK_OPEN_INFORMATION NetworkOpen;
    FILE_IO_COMPLETION_NOTIFICATION_INFORMATION Notification;
    FILE_ALL_INFORMATION All;
    FILE_ATTRIBUTE_TAG_INFORMATION AttributeTag;
    FILE_COMPRESSION_INFORMATION Compression;
    FILE_ID_INFORMATION Id;
    FILE_STAT_INFORMATION Stat;
    FILE_STANDARD_LINK_INFORMATION Link;
    FILE_PIPE_INFORMATION Pipe;
    FILE_PIPE_LOCAL_INFORMATION PipeLocal;
    FILE_PIPE_REMOTE_INFORMATION PipeRemote;
    FILE_MAILSLOT_QUERY_INFORMATION Mailslot;
    ULONG EaSize;
    ULONG Alignment;
    BOOLEAN IsRemote;
} IOP_FILE_INFORMATION, *PIOP_FILE_INFORMATION;

#define IOP_MODE_OPTIONS                                                                           \
    (FILE_WRITE_THROUGH | FILE_SEQUENTIAL_ONLY | FILE_NO_INTERMEDIATE_BUFFERING |                  \
     FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT | FILE_DELETE_ON_CLOSE)

/* The sizes of classes that not every file system has. */
static ULONG IopRareClassSize(FILE_INFORMATION_CLASS Class)
{
    switch (Class) {
    case FileAllInformation:
        return sizeof(FILE_ALL_INFORMATION);
    case FileStreamInformation:
        return sizeof(FILE_STREAM_INFORMATION);
    case FilePipeInformation:
        return sizeof(FILE_PIPE_INFORMATION);
    case FilePipeLocalInformation:
        return sizeof(FILE_PIPE_LOCAL_INFORMATION);
    case FilePipeRemoteInformation:
        return sizeof(FILE_PIPE_REMOTE_INFORMATION);
    case FileMailslotQueryInformation:
        return sizeof(FILE_MAILSLOT_QUERY_INFORMATION);
    case FileCompressionInformation:
        return sizeof(FILE_COMPRESSION_INFORMATION);
    case FileAttributeTagInformation:
        return sizeof(FILE_ATTRIBUTE_TAG_INFORMATION);
    case FileIsRemoteDeviceInformation:
        return sizeof(BOOLEAN);
    case FileStandardLinkInformation:
        return sizeof(FILE_STANDARD_LINK_INFORMATION);
    case FileIdInformation:
        return sizeof(FILE_ID_INFORMATION);
    case FileStatInformation:
        return sizeof(FILE_STAT_INFORMATION);
    default:
        return 0;
    }
}

/* The size of a class's fixed part; 0: it cannot be asked. */
static ULONG IopClassSize(FILE_INFORMATION_CLASS Class)
{
    switch (Class) {
    case FileBasicInformation:
        return sizeof(FILE_BASIC_INFORMATION);
    case FileStandardInformation:
        return sizeof(FILE_STANDARD_INFORMATION);
    case FileInternalInformation:
        return sizeof(FILE_INTERNAL_INFORMATION);
    case FileEaInformation:
    case FileAlignmentInformation:
        return sizeof(ULONG);
    case FileAccessInformation:
        return sizeof(FILE_ACCESS_INFORMATION);
    case FileNameInformation:
    case FileAlternateNameInformation:
    case FileNormalizedNameInformation:
        return 8; /* NT's check: with the first character and its padding */
    case FilePositionInformation:
        return sizeof(FILE_POSITION_INFORMATION);
    case FileModeInformation:
        return sizeof(FILE_MODE_INFORMATION);
    case FileNetworkOpenInformation:
        return sizeof(FILE_NETWORK_OPEN_INFORMATION);
    case FileIoCompletionNotificationInformation:
        return sizeof(FILE_IO_COMPLETION_NOTIFICATION_INFORMATION);
    default:
        return IopRareClassSize(Class);
    }
}

static NTSTATUS IopRefuseQuery(FILE_INFORMATION_CLASS Class)
{
    switch (Class) {
        MISSING_NtQueryInformationFile(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

static NTSTATUS IopRefuseSetting(FILE_INFORMATION_CLASS Class)
{
    switch (Class) {
        MISSING_NtSetInformationFile(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

static ACCESS_MASK IopQueryAccess(FILE_INFORMATION_CLASS Class)
{
    switch (Class) {
    case FileBasicInformation:
    case FileNetworkOpenInformation:
    case FileAllInformation:
    case FileAttributeTagInformation:
    case FileStatInformation:
    case FilePipeInformation:
    case FilePipeLocalInformation:
    case FilePipeRemoteInformation:
        return FILE_READ_ATTRIBUTES;
    default:
        return 0;
    }
}

static void IopFillBasic(const IOP_FILE_FACTS *Facts, PFILE_BASIC_INFORMATION Basic)
{
    Basic->CreationTime.QuadPart = Basic->LastAccessTime.QuadPart = Facts->Time;
    Basic->LastWriteTime.QuadPart = Basic->ChangeTime.QuadPart = Facts->Time;
    Basic->FileAttributes = Facts->Attributes;
}

static void IopFillStandard(const IOP_FILE_FACTS *Facts, PFILE_STANDARD_INFORMATION Standard)
{
    Standard->AllocationSize.QuadPart = (LONGLONG)Facts->Allocation;
    Standard->EndOfFile.QuadPart = (LONGLONG)Facts->Size;
    Standard->NumberOfLinks = 1;
    Standard->Directory = (Facts->Attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

static void IopFillNetworkOpen(const IOP_FILE_FACTS *Facts, PFILE_NETWORK_OPEN_INFORMATION Open)
{
    Open->CreationTime.QuadPart = Open->LastAccessTime.QuadPart = Facts->Time;
    Open->LastWriteTime.QuadPart = Open->ChangeTime.QuadPart = Facts->Time;
    Open->AllocationSize.QuadPart = (LONGLONG)Facts->Allocation;
    Open->EndOfFile.QuadPart = (LONGLONG)Facts->Size;
    Open->FileAttributes = Facts->Attributes;
}

/* Names of files of 128 bits, on the one volume there is. */
static void IopFillFileId(PIO_FILE File, ULONGLONG Index, PFILE_ID_INFORMATION Id)
{
    IOP_VOLUME_FACTS Volume = {0};

    if (File->Device->FileSystem->QueryVolume)
        File->Device->FileSystem->QueryVolume(&Volume);
    Id->VolumeSerialNumber = Volume.SerialNumber;
    memcpy(Id->FileId.Identifier, &Index, sizeof(Index));
}

static void IopFillStat(PIO_FILE File, const IOP_FILE_FACTS *Facts, PFILE_STAT_INFORMATION Stat)
{
    Stat->FileId.QuadPart = (LONGLONG)Facts->Index;
    Stat->CreationTime.QuadPart = Stat->LastAccessTime.QuadPart = Facts->Time;
    Stat->LastWriteTime.QuadPart = Stat->ChangeTime.QuadPart = Facts->Time;
    Stat->AllocationSize.QuadPart = (LONGLONG)Facts->Allocation;
    Stat->EndOfFile.QuadPart = (LONGLONG)Facts->Size;
    Stat->FileAttributes = Facts->Attributes;
    Stat->NumberOfLinks = 1;
    Stat->EffectiveAccess = File->Access;
}

static NTSTATUS IopFillRare(PIO_FILE File, const IOP_FILE_FACTS *Facts,
                            FILE_INFORMATION_CLASS Class, PIOP_FILE_INFORMATION Information)
{
    switch (Class) {
    case FileEaInformation: /* none */
        return STATUS_SUCCESS;
    case FileInternalInformation:
        Information->Internal.IndexNumber.QuadPart = (LONGLONG)Facts->Index;
        return STATUS_SUCCESS;
    case FileAttributeTagInformation:
        Information->AttributeTag.FileAttributes = Facts->Attributes;
        return STATUS_SUCCESS;
    case FileCompressionInformation:
        Information->Compression.CompressedFileSize.QuadPart = (LONGLONG)Facts->Size;
        return STATUS_SUCCESS;
    case FileStandardLinkInformation:
        Information->Link.NumberOfAccessibleLinks = Information->Link.TotalNumberOfLinks = 1;
        Information->Link.Directory = (Facts->Attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
        return STATUS_SUCCESS;
    case FileIdInformation:
        IopFillFileId(File, Facts->Index, &Information->Id);
        return STATUS_SUCCESS;
    case FileStatInformation:
        IopFillStat(File, Facts, &Information->Stat);
        return STATUS_SUCCESS;
    case FileAlternateNameInformation: /* there are no short names */
        return STATUS_OBJECT_NAME_NOT_FOUND;
    default: /* of pipes and mailslots */
        return STATUS_INVALID_PARAMETER;
    }
}

/* The classes that only a file system can answer. */
static NTSTATUS IopQueryFacts(PIO_FILE File, FILE_INFORMATION_CLASS Class,
                              PIOP_FILE_INFORMATION Information)
{
    IOP_FILE_FACTS Facts;

    if (IopStreamsOf(File))
        return IopStreamsOf(File)->Query(File, Class, Information);
    if (!File->Device->FileSystem || !File->Device->FileSystem->QueryFacts)
        return STATUS_INVALID_DEVICE_REQUEST;
    File->Device->FileSystem->QueryFacts(File->FsContext, &Facts);
    if (Class == FileBasicInformation)
        IopFillBasic(&Facts, &Information->Basic);
    else if (Class == FileStandardInformation)
        IopFillStandard(&Facts, &Information->Standard);
    else if (Class == FileNetworkOpenInformation)
        IopFillNetworkOpen(&Facts, &Information->NetworkOpen);
    else
        return IopFillRare(File, &Facts, Class, Information);
    return STATUS_SUCCESS;
}

/* The classes that the I/O manager answers for any file. */
static NTSTATUS IopQueryFixed(PIO_FILE File, FILE_INFORMATION_CLASS Class,
                              PIOP_FILE_INFORMATION Information)
{
    switch (Class) {
    case FileAccessInformation:
        Information->Access.AccessFlags = File->Access;
        return STATUS_SUCCESS;
    case FilePositionInformation:
        Information->Position.CurrentByteOffset.QuadPart = File->CurrentByteOffset;
        return STATUS_SUCCESS;
    case FileModeInformation:
        Information->Mode.Mode = File->Options & IOP_MODE_OPTIONS;
        return STATUS_SUCCESS;
    case FileAlignmentInformation:
        Information->Alignment = 0; /* byte */
        return STATUS_SUCCESS;
    case FileIoCompletionNotificationInformation:
        Information->Notification.Flags = File->PortFlags;
        return STATUS_SUCCESS;
    case FileIsRemoteDeviceInformation:
        Information->IsRemote = FALSE;
        return STATUS_SUCCESS;
    default:
        return IopQueryFacts(File, Class, Information);
    }
}

NTSTATUS IopReturnName(CLIENT(PVOID) Buffer, ULONG Length, const void *Header, ULONG Size,
                       PCUNICODE_STRING Name, PULONG_PTR Returned)
{
    ULONG Fits = Length - Size < Name->Length ? Length - Size : Name->Length;
    NTSTATUS Status = MmCopyToClient(Buffer, Header, Size);

    if (NT_SUCCESS(Status))
        Status = MmCopyToClient((CLIENT(PUCHAR))Buffer + Size, Name->Buffer, Fits);
    *Returned = Size + Fits;
    if (!NT_SUCCESS(Status))
        return Status;
    return Fits < Name->Length ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

/* The name with its leading backslash. */
static NTSTATUS IopQueryNameInformation(PIO_FILE File, CLIENT(PVOID) Information, ULONG Length,
                                        PULONG_PTR Returned)
{
    ULONG NameLength = File->Name.Length;
    NTSTATUS Status =
        IopStreamsOf(File) ? IopStreamsOf(File)->CheckName(File, FALSE) : STATUS_SUCCESS;

    if (!NT_SUCCESS(Status))
        return Status;
    return IopReturnName(Information, Length, &NameLength, sizeof(NameLength), &File->Name,
                         Returned);
}

/* Data of a file are its only stream; a directory has none. */
static NTSTATUS IopQueryStreams(PIO_FILE File, CLIENT(PVOID) Information, ULONG Length,
                                PULONG_PTR Returned)
{
    static const UNICODE_STRING Name = RTL_CONSTANT_STRING(u"::$DATA");
    FILE_STREAM_INFORMATION Stream = {.StreamNameLength = Name.Length};
    IOP_FILE_FACTS Facts;

    if (!File->Device->FileSystem || !File->Device->FileSystem->QueryFacts)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (IopStreamsOf(File))
        return STATUS_INVALID_PARAMETER;
    if (File->Device->FileSystem->IsDirectory(File->FsContext))
        return STATUS_SUCCESS;
    File->Device->FileSystem->QueryFacts(File->FsContext, &Facts);
    Stream.StreamSize.QuadPart = (LONGLONG)Facts.Size;
    Stream.StreamAllocationSize.QuadPart = (LONGLONG)Facts.Allocation;
    return IopReturnName(Information, Length, &Stream,
                         FIELD_OFFSET(FILE_STREAM_INFORMATION, StreamName), &Name, Returned);
}

static NTSTATUS IopQueryFixed(PIO_FILE File, FILE_INFORMATION_CLASS Class,
                              PIOP_FILE_INFORMATION Information);

/* What is in FileAllInformation, in its order, where it is there. */
static NTSTATUS IopQueryAll(PIO_FILE File, CLIENT(PVOID) Information, ULONG Length,
                            PULONG_PTR Returned)
{
    static const struct {
        FILE_INFORMATION_CLASS Class;
        ULONG Offset, Size;
    } Parts[] = {
        {FileBasicInformation, FIELD_OFFSET(FILE_ALL_INFORMATION, BasicInformation),
         sizeof(FILE_BASIC_INFORMATION)},
        {FileStandardInformation, FIELD_OFFSET(FILE_ALL_INFORMATION, StandardInformation),
         sizeof(FILE_STANDARD_INFORMATION)},
        {FileInternalInformation, FIELD_OFFSET(FILE_ALL_INFORMATION, InternalInformation),
         sizeof(FILE_INTERNAL_INFORMATION)},
        {FileAccessInformation, FIELD_OFFSET(FILE_ALL_INFORMATION, AccessInformation),
         sizeof(FILE_ACCESS_INFORMATION)},
        {FilePositionInformation, FIELD_OFFSET(FILE_ALL_INFORMATION, PositionInformation),
         sizeof(FILE_POSITION_INFORMATION)},
        {FileModeInformation, FIELD_OFFSET(FILE_ALL_INFORMATION, ModeInformation),
         sizeof(FILE_MODE_INFORMATION)},
    };
    IOP_FILE_INFORMATION Part;
    FILE_ALL_INFORMATION All = {0};
    NTSTATUS Status;
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Parts); i++) {
        memset(&Part, 0, sizeof(Part));
        Status = IopQueryFixed(File, Parts[i].Class, &Part);
        if (!NT_SUCCESS(Status))
            return Status;
        memcpy((PUCHAR)&All + Parts[i].Offset, &Part, Parts[i].Size);
    }
    All.NameInformation.FileNameLength = File->Name.Length;
    return IopReturnName(Information, Length, &All,
                         FIELD_OFFSET(FILE_ALL_INFORMATION, NameInformation.FileName), &File->Name,
                         Returned);
}

static NTSTATUS IopQueryInformation(PIO_FILE File, FILE_INFORMATION_CLASS Class,
                                    CLIENT(PVOID) Buffer, ULONG Length, PULONG_PTR Returned)
{
    IOP_FILE_INFORMATION Information = {0};
    NTSTATUS Status;

    if (Class == FileNameInformation || Class == FileNormalizedNameInformation)
        return IopQueryNameInformation(File, Buffer, Length, Returned);
    if (Class == FileStreamInformation)
        return IopQueryStreams(File, Buffer, Length, Returned);
    if (Class == FileAllInformation)
        return IopQueryAll(File, Buffer, Length, Returned);
    Status = IopQueryFixed(File, Class, &Information);
    if (!NT_SUCCESS(Status))
        return Status;
    *Returned = IopClassSize(Class);
    return MmCopyToClient(Buffer, &Information, *Returned);
}

/*
 * NtQueryInformationFile: all that is known of a file of the boot archive; of a device's file what
 * the I/O manager knows (access, name, position, mode, alignment, whether it is remote).
 * FILE_READ_ATTRIBUTES is needed for basic, network-open, attribute-tag and all. Returns
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_INFO_CLASS, STATUS_NOT_IMPLEMENTED,
 * STATUS_BUFFER_OVERFLOW (name cut off), STATUS_INVALID_DEVICE_REQUEST (not a file system's),
 * STATUS_INVALID_PARAMETER (a pipe's or mailslot's class). (WDK:
 * ZwQueryInformationFile)
 */
NTSTATUS NTAPI NtQueryInformationFile(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                      CLIENT(PVOID) Information, ULONG Length,
                                      FILE_INFORMATION_CLASS Class)
{
    IO_STATUS_BLOCK Block = {.Status = STATUS_SUCCESS};
    PIO_FILE File;
    NTSTATUS Status;

    if (!IopClassSize(Class))
        return IopRefuseQuery(Class);
    if (Length < IopClassSize(Class))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Information, Length);
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(FileHandle, IopQueryAccess(Class), IoFileType,
                                           (PVOID *)&File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Block.Status =
        IopQueryInformation(File, Class, Information, Length, &Block.Information);
    ObDereferenceObject(File);
    if (!NT_ERROR(Status) && !NT_SUCCESS(MmWriteClient(IoStatusBlock, &Block)))
        return STATUS_ACCESS_VIOLATION;
    return Status;
}

static NTSTATUS IopSetPosition(PIO_FILE File, CLIENT(PFILE_POSITION_INFORMATION) Information)
{
    FILE_POSITION_INFORMATION Position;

    if (!NT_SUCCESS(MmReadClient(&Position, Information)))
        return STATUS_ACCESS_VIOLATION;
    if (Position.CurrentByteOffset.QuadPart < 0)
        return STATUS_INVALID_PARAMETER;
    File->CurrentByteOffset = Position.CurrentByteOffset.QuadPart;
    return STATUS_SUCCESS;
}

static NTSTATUS IopSetPort(PIO_FILE File, FILE_INFORMATION_CLASS Class,
                           CLIENT(PFILE_COMPLETION_INFORMATION) Information)
{
    FILE_COMPLETION_INFORMATION Completion;

    if (!NT_SUCCESS(MmReadClient(&Completion, Information)))
        return STATUS_ACCESS_VIOLATION;
    return IopAssociatePort(File, &Completion, Class == FileReplaceCompletionInformation);
}

static NTSTATUS IopSetNotification(PIO_FILE File, CLIENT(PULONG) Information)
{
    ULONG Flags;

    if (!NT_SUCCESS(MmReadClient(&Flags, Information)))
        return STATUS_ACCESS_VIOLATION;
    return IopSetPortFlags(File, Flags);
}

/* Whether a file is synchronous stays; how it waits may change, and what is only a hint here. */
static NTSTATUS IopSetMode(PIO_FILE File, CLIENT(PULONG) Information)
{
    const ULONG Synchronous = FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT;
    const ULONG Settable = FILE_WRITE_THROUGH | FILE_SEQUENTIAL_ONLY | Synchronous;
    ULONG Mode;

    if (!NT_SUCCESS(MmReadClient(&Mode, Information)))
        return STATUS_ACCESS_VIOLATION;
    if ((Mode & ~Settable) || (Mode & Synchronous) == Synchronous ||
        !(Mode & Synchronous) != !(File->Options & Synchronous))
        return STATUS_INVALID_PARAMETER;
    File->Options = (File->Options & ~Settable) | Mode;
    return STATUS_SUCCESS;
}

/* Changes to the file itself fail: the medium is write-protected, or the driver is not a file
 * system. */
static NTSTATUS IopSetInformation(PIO_FILE File, FILE_INFORMATION_CLASS Class,
                                  CLIENT(PVOID) Information)
{
    if (Class == FilePositionInformation)
        return IopSetPosition(File, (CLIENT(PFILE_POSITION_INFORMATION))Information);
    if (Class == FileCompletionInformation || Class == FileReplaceCompletionInformation)
        return IopSetPort(File, Class, (CLIENT(PFILE_COMPLETION_INFORMATION))Information);
    if (Class == FileIoCompletionNotificationInformation)
        return IopSetNotification(File, (CLIENT(PULONG))Information);
    if (Class == FileModeInformation)
        return IopSetMode(File, (CLIENT(PULONG))Information);
    if (IopStreamsOf(File))
        return IopStreamsOf(File)->Set(File, Class, Information);
    if (Class == FilePipeInformation || Class == FilePipeRemoteInformation ||
        Class == FileMailslotSetInformation)
        return File->Device->FileSystem ? STATUS_INVALID_PARAMETER : STATUS_INVALID_DEVICE_REQUEST;
    return File->Device->FileSystem && File->Device->FileSystem->QueryVolume
               ? STATUS_MEDIA_WRITE_PROTECTED
               : STATUS_INVALID_DEVICE_REQUEST;
}

typedef struct _IOP_SET_CLASS {
    FILE_INFORMATION_CLASS Class;
    ULONG Size;
    ACCESS_MASK Access;
} IOP_SET_CLASS;

static const IOP_SET_CLASS IopSetClasses[] = {
    {FileBasicInformation, sizeof(FILE_BASIC_INFORMATION), FILE_WRITE_ATTRIBUTES},
    {FileRenameInformation, sizeof(FILE_RENAME_INFORMATION), DELETE},
    {FileRenameInformationEx, sizeof(FILE_RENAME_INFORMATION), DELETE},
    {FileLinkInformation, sizeof(FILE_RENAME_INFORMATION), 0},
    {FileLinkInformationEx, sizeof(FILE_RENAME_INFORMATION), 0},
    {FileDispositionInformation, sizeof(BOOLEAN), DELETE},
    {FileDispositionInformationEx, sizeof(ULONG), DELETE},
    {FileValidDataLengthInformation, sizeof(LARGE_INTEGER), FILE_WRITE_DATA},
    {FilePipeInformation, sizeof(FILE_PIPE_INFORMATION), FILE_WRITE_ATTRIBUTES},
    {FilePipeRemoteInformation, sizeof(FILE_PIPE_REMOTE_INFORMATION), FILE_WRITE_ATTRIBUTES},
    {FileMailslotSetInformation, sizeof(PVOID), 0},
    {FilePositionInformation, sizeof(FILE_POSITION_INFORMATION), 0},
    {FileModeInformation, sizeof(FILE_MODE_INFORMATION), 0},
    {FileShortNameInformation, 8, DELETE},
    {FileAllocationInformation, sizeof(LARGE_INTEGER), FILE_WRITE_DATA},
    {FileEndOfFileInformation, sizeof(LARGE_INTEGER), FILE_WRITE_DATA},
    {FileCompletionInformation, sizeof(FILE_COMPLETION_INFORMATION), 0},
    {FileReplaceCompletionInformation, sizeof(FILE_COMPLETION_INFORMATION), 0},
    {FileIoCompletionNotificationInformation, sizeof(ULONG), 0},
};

static const IOP_SET_CLASS *IopFindSetClass(FILE_INFORMATION_CLASS Class)
{
    ULONG i;

    for (i = 0; i < ARRAYSIZE(IopSetClasses); i++)
        if (IopSetClasses[i].Class == Class)
            return &IopSetClasses[i];
    return NULL;
}

/*
 * NtSetInformationFile: the position (synchronous files), the completion port and what it is told
 * (asynchronous ones), the mode; the other classes are checked and refused, as there is no file
 * system yet that can be written. Returns STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_INFO_CLASS,
 * STATUS_NOT_IMPLEMENTED, STATUS_INVALID_PARAMETER, STATUS_MEDIA_WRITE_PROTECTED,
 * STATUS_INVALID_DEVICE_REQUEST.  (WDK: ZwSetInformationFile)
 */
NTSTATUS NTAPI NtSetInformationFile(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                    CLIENT(PVOID) Information, ULONG Length,
                                    FILE_INFORMATION_CLASS Class)
{
    const IOP_SET_CLASS *Set = IopFindSetClass(Class);
    IO_STATUS_BLOCK Block = {.Status = STATUS_SUCCESS};
    PIO_FILE File;
    NTSTATUS Status;

    if (!Set)
        return IopRefuseSetting(Class);
    if (Length < Set->Size)
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(FileHandle, Set->Access, IoFileType, (PVOID *)&File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopSetInformation(File, Class, Information);
    ObDereferenceObject(File);
    if (NT_SUCCESS(Status) && !NT_SUCCESS(MmWriteClient(IoStatusBlock, &Block)))
        return STATUS_ACCESS_VIOLATION;
    return Status;
}

/* Opens the file by name and asks it; Information is what Class says. */
static NTSTATUS IopQueryByName(CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                               FILE_INFORMATION_CLASS Class, PIOP_FILE_INFORMATION Information)
{
    IOP_OPEN_PACKET Packet = {.Disposition = FILE_OPEN,
                              .ShareAccess =
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE};
    OB_ATTRIBUTES Attributes;
    PIO_FILE File;
    NTSTATUS Status = ObjectAttributes ? ObCaptureAttributes(&Attributes, ObjectAttributes)
                                       : STATUS_INVALID_PARAMETER;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByAttributes(&Attributes, FILE_READ_ATTRIBUTES, IoFileType, &Packet,
                                           (PVOID *)&File);
    ObFreeAttributes(&Attributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopQueryFacts(File, Class, Information);
    ObDereferenceObject(File);
    return Status;
}

/*
 * NtQueryAttributesFile: times and attributes of a file by name.
 * Returns STATUS_OBJECT_NAME_NOT_FOUND and what else opening it returns.  (Win32:
 * GetFileAttributes)
 */
NTSTATUS NTAPI NtQueryAttributesFile(CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                     CLIENT(PFILE_BASIC_INFORMATION) Information)
{
    IOP_FILE_INFORMATION Basic = {0};
    NTSTATUS Status = MmProbeForWrite(Information, sizeof(*Information));

    if (NT_SUCCESS(Status))
        Status = IopQueryByName(ObjectAttributes, FileBasicInformation, &Basic);
    return NT_SUCCESS(Status) ? MmWriteClient(Information, &Basic.Basic) : Status;
}

/* NtQueryFullAttributesFile: the same with sizes.  (WDK: ZwQueryFullAttributesFile) */
NTSTATUS NTAPI NtQueryFullAttributesFile(CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                         CLIENT(PFILE_NETWORK_OPEN_INFORMATION) Information)
{
    IOP_FILE_INFORMATION Open = {0};
    NTSTATUS Status = MmProbeForWrite(Information, sizeof(*Information));

    if (NT_SUCCESS(Status))
        Status = IopQueryByName(ObjectAttributes, FileNetworkOpenInformation, &Open);
    return NT_SUCCESS(Status) ? MmWriteClient(Information, &Open.NetworkOpen) : Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryInformationFile, NtSetInformationFile, NtQueryAttributesFile. */
#include "iop.h"

typedef union _IOP_FILE_INFORMATION {
    FILE_BASIC_INFORMATION Basic;
    FILE_STANDARD_INFORMATION Standard;
    FILE_INTERNAL_INFORMATION Internal;
    FILE_ACCESS_INFORMATION Access;
    FILE_POSITION_INFORMATION Position;
    FILE_MODE_INFORMATION Mode;
    FILE_NETWORK_OPEN_INFORMATION NetworkOpen;
    ULONG EaSize;
    ULONG Alignment;
} IOP_FILE_INFORMATION, *PIOP_FILE_INFORMATION;

#define IOP_MODE_OPTIONS                                                                           \
    (FILE_WRITE_THROUGH | FILE_SEQUENTIAL_ONLY | FILE_NO_INTERMEDIATE_BUFFERING |                  \
     FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT | FILE_DELETE_ON_CLOSE)

/* The size of a class's fixed part; 0: no such class, or none that is known here. */
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
        return 8; /* NT's check: with the first character and its padding */
    case FilePositionInformation:
        return sizeof(FILE_POSITION_INFORMATION);
    case FileModeInformation:
        return sizeof(FILE_MODE_INFORMATION);
    case FileNetworkOpenInformation:
        return sizeof(FILE_NETWORK_OPEN_INFORMATION);
    default:
        return 0;
    }
}

static BOOLEAN IopIsKnownClass(FILE_INFORMATION_CLASS Class)
{
    return Class >= FileDirectoryInformation && Class <= FileIdFullDirectoryInformation;
}

static ACCESS_MASK IopQueryAccess(FILE_INFORMATION_CLASS Class)
{
    switch (Class) {
    case FileBasicInformation:
    case FileNetworkOpenInformation:
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

/* What only a file system knows. */
static NTSTATUS IopQueryFacts(PFILE_OBJECT File, FILE_INFORMATION_CLASS Class,
                              PIOP_FILE_INFORMATION Information)
{
    IOP_FILE_FACTS Facts;

    if (!File->Device->FileSystem)
        return STATUS_INVALID_DEVICE_REQUEST;
    File->Device->FileSystem->QueryFacts(File->FsContext, &Facts);
    if (Class == FileBasicInformation)
        IopFillBasic(&Facts, &Information->Basic);
    else if (Class == FileStandardInformation)
        IopFillStandard(&Facts, &Information->Standard);
    else if (Class == FileNetworkOpenInformation)
        IopFillNetworkOpen(&Facts, &Information->NetworkOpen);
    else if (Class == FileInternalInformation)
        Information->Internal.IndexNumber.QuadPart = (LONGLONG)Facts.Index;
    return STATUS_SUCCESS;
}

/* What the I/O manager answers for any file. */
static NTSTATUS IopQueryFixed(PFILE_OBJECT File, FILE_INFORMATION_CLASS Class,
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
    default:
        return IopQueryFacts(File, Class, Information);
    }
}

/* The name with its leading backslash; cut off, with STATUS_BUFFER_OVERFLOW, where it does not fit.
 */
static NTSTATUS IopQueryNameInformation(PFILE_OBJECT File, PVOID Information, ULONG Length,
                                        PULONG_PTR Returned)
{
    ULONG Header = FIELD_OFFSET(FILE_NAME_INFORMATION, FileName), Full = File->Name.Length;
    ULONG Fits = Length - Header < Full ? Length - Header : Full;
    NTSTATUS Status = MmCopyToClient(Information, &Full, sizeof(Full));

    if (NT_SUCCESS(Status))
        Status = MmCopyToClient((PUCHAR)Information + Header, File->Name.Buffer, Fits);
    *Returned = Header + Fits;
    if (!NT_SUCCESS(Status))
        return Status;
    return Fits < Full ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static NTSTATUS IopQueryInformation(PFILE_OBJECT File, FILE_INFORMATION_CLASS Class, PVOID Buffer,
                                    ULONG Length, PULONG_PTR Returned)
{
    IOP_FILE_INFORMATION Information = {0};
    NTSTATUS Status;

    if (Class == FileNameInformation)
        return IopQueryNameInformation(File, Buffer, Length, Returned);
    Status = IopQueryFixed(File, Class, &Information);
    if (!NT_SUCCESS(Status))
        return Status;
    *Returned = IopClassSize(Class);
    return MmCopyToClient(Buffer, &Information, *Returned);
}

/*
 * NtQueryInformationFile: basic, standard, internal, EA, access, name, position, mode, alignment
 * and network-open information. FILE_READ_ATTRIBUTES is needed for basic and network-open. Returns
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_INFO_CLASS, STATUS_NOT_IMPLEMENTED,
 * STATUS_BUFFER_OVERFLOW (name cut off), STATUS_INVALID_DEVICE_REQUEST (not a file system's). (WDK:
 * ZwQueryInformationFile)
 */
NTSTATUS NTAPI NtQueryInformationFile(HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock,
                                      PVOID Information, ULONG Length, FILE_INFORMATION_CLASS Class)
{
    IO_STATUS_BLOCK Block = {.Status = STATUS_SUCCESS};
    PFILE_OBJECT File;
    NTSTATUS Status;

    if (!IopIsKnownClass(Class))
        return STATUS_INVALID_INFO_CLASS;
    if (!IopClassSize(Class))
        return STATUS_NOT_IMPLEMENTED;
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

static NTSTATUS IopSetPosition(PFILE_OBJECT File, PVOID Information)
{
    FILE_POSITION_INFORMATION Position;

    if (!NT_SUCCESS(MmReadClient(&Position, Information)))
        return STATUS_ACCESS_VIOLATION;
    if (Position.CurrentByteOffset.QuadPart < 0)
        return STATUS_INVALID_PARAMETER;
    File->CurrentByteOffset = Position.CurrentByteOffset.QuadPart;
    return STATUS_SUCCESS;
}

/* What changes the file itself meets a medium that is write-protected, or a driver that is no file
 * system. */
static NTSTATUS IopSetInformation(PFILE_OBJECT File, FILE_INFORMATION_CLASS Class,
                                  PVOID Information)
{
    if (Class == FilePositionInformation)
        return IopSetPosition(File, Information);
    return File->Device->FileSystem ? STATUS_MEDIA_WRITE_PROTECTED : STATUS_INVALID_DEVICE_REQUEST;
}

typedef struct _IOP_SET_CLASS {
    FILE_INFORMATION_CLASS Class;
    ULONG Size;
    ACCESS_MASK Access;
} IOP_SET_CLASS;

static const IOP_SET_CLASS IopSetClasses[] = {
    {FileBasicInformation, sizeof(FILE_BASIC_INFORMATION), FILE_WRITE_ATTRIBUTES},
    {FileRenameInformation, 4 * sizeof(ULONG), DELETE},
    {FileDispositionInformation, sizeof(BOOLEAN), DELETE},
    {FilePositionInformation, sizeof(FILE_POSITION_INFORMATION), 0},
    {FileAllocationInformation, sizeof(LARGE_INTEGER), FILE_WRITE_DATA},
    {FileEndOfFileInformation, sizeof(LARGE_INTEGER), FILE_WRITE_DATA},
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
 * NtSetInformationFile: the position (synchronous files); the other classes are checked and
 * refused, as there is no file system yet that can be written. Returns STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_INVALID_INFO_CLASS, STATUS_NOT_IMPLEMENTED, STATUS_INVALID_PARAMETER,
 * STATUS_MEDIA_WRITE_PROTECTED, STATUS_INVALID_DEVICE_REQUEST.  (WDK: ZwSetInformationFile)
 */
NTSTATUS NTAPI NtSetInformationFile(HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock,
                                    PVOID Information, ULONG Length, FILE_INFORMATION_CLASS Class)
{
    const IOP_SET_CLASS *Set = IopFindSetClass(Class);
    IO_STATUS_BLOCK Block = {.Status = STATUS_SUCCESS};
    PFILE_OBJECT File;
    NTSTATUS Status;

    if (!IopIsKnownClass(Class))
        return STATUS_INVALID_INFO_CLASS;
    if (!Set)
        return STATUS_NOT_IMPLEMENTED;
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

/*
 * NtQueryAttributesFile: times and attributes of a file by name.
 * Returns STATUS_OBJECT_NAME_NOT_FOUND and what else opening it returns.  (Win32:
 * GetFileAttributes)
 */
NTSTATUS NTAPI NtQueryAttributesFile(POBJECT_ATTRIBUTES ObjectAttributes,
                                     PFILE_BASIC_INFORMATION Information)
{
    IOP_OPEN_PACKET Packet = {.Disposition = FILE_OPEN,
                              .ShareAccess =
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE};
    IOP_FILE_INFORMATION Basic = {0};
    OB_ATTRIBUTES Attributes;
    PFILE_OBJECT File;
    NTSTATUS Status = MmProbeForWrite(Information, sizeof(*Information));

    if (NT_SUCCESS(Status))
        Status = ObjectAttributes ? ObCaptureAttributes(&Attributes, ObjectAttributes)
                                  : STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByAttributes(&Attributes, FILE_READ_ATTRIBUTES, IoFileType, &Packet,
                                           (PVOID *)&File);
    ObFreeAttributes(&Attributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopQueryFacts(File, FileBasicInformation, &Basic);
    ObDereferenceObject(File);
    return NT_SUCCESS(Status) ? MmWriteClient(Information, &Basic.Basic) : Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* NtReadFileScatter, NtWriteFileGather: transfers whose pages lie here and there. */
#include "iop.h"

#define IOP_SECTOR 512

typedef struct _IOP_SCATTER {
    PIO_FILE File; /* referenced */
    CLIENT(PFILE_SEGMENT_ELEMENT) Segments;
    ULONG Length;
    LARGE_INTEGER Offset;
    CLIENT(PULONG) KeyAddress; /* NULL: it is 0 */
    ULONG Key;                 /* of locks of ranges */
    IOP_CLIENT Client;
} IOP_SCATTER, *PIOP_SCATTER;

/* Whole sectors, on whole sectors, of a file that is read without the cache. */
static NTSTATUS IopCheckScatter(const IOP_SCATTER *Scatter)
{
    const IOP_FILE_SYSTEM *FileSystem = Scatter->File->Device->FileSystem;

    if (!FileSystem || FileSystem->Streams || !FileSystem->QueryVolume)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (!(Scatter->File->Options & FILE_NO_INTERMEDIATE_BUFFERING) ||
        Scatter->Length % IOP_SECTOR || Scatter->Offset.QuadPart % IOP_SECTOR ||
        Scatter->Offset.QuadPart < 0)
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

/* What both services do first. The file is referenced on success. */
static NTSTATUS IopBeginScatter(PIOP_SCATTER Scatter, HANDLE FileHandle, ACCESS_MASK Access,
                                HANDLE Event, PIO_APC_ROUTINE ApcRoutine, CLIENT(PVOID) ApcContext,
                                CLIENT(PIO_STATUS_BLOCK) Iosb, CLIENT(PLARGE_INTEGER) ByteOffset)
{
    NTSTATUS Status =
        ObReferenceObjectByHandle(FileHandle, Access, IoFileType, (PVOID *)&Scatter->File);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = MmProbeForWrite(Iosb, sizeof(*Iosb));
    if (NT_SUCCESS(Status) && ByteOffset)
        Status = MmReadClient(&Scatter->Offset, ByteOffset);
    if (NT_SUCCESS(Status) && !ByteOffset) {
        if (IopIsSynchronous(Scatter->File))
            Scatter->Offset.QuadPart = Scatter->File->CurrentByteOffset;
        else
            Status = STATUS_INVALID_PARAMETER;
    }
    if (NT_SUCCESS(Status))
        Status = IopCheckScatter(Scatter);
    if (NT_SUCCESS(Status) && Scatter->KeyAddress)
        Status = MmReadClient(&Scatter->Key, Scatter->KeyAddress);
    if (NT_SUCCESS(Status))
        Status =
            IopPrepareClient(&Scatter->Client, Scatter->File, Event, ApcRoutine, ApcContext, Iosb);
    if (!NT_SUCCESS(Status))
        ObDereferenceObject(Scatter->File);
    return Status;
}

/* The next segment: a page, at its beginning. */
static NTSTATUS IopNextSegment(const IOP_SCATTER *Scatter, ULONG Index, CLIENT(PUCHAR) * Page)
{
    FILE_SEGMENT_ELEMENT Segment;
    NTSTATUS Status = MmReadClient(&Segment, Scatter->Segments + Index);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Segment.Buffer % PAGE_SIZE)
        return STATUS_INVALID_PARAMETER;
    if (Segment.Buffer > MAXULONG_PTR)
        return STATUS_ACCESS_VIOLATION;
    *Page = (CLIENT(PUCHAR))(ULONG_PTR)Segment.Buffer;
    return STATUS_SUCCESS;
}

/* *Read bytes have been read; at the end of the file it is fewer than were asked for. */
static NTSTATUS IopReadSegments(const IOP_SCATTER *Scatter, PULONG Read)
{
    PIO_FILE File = Scatter->File;
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Index;

    *Read = 0;
    for (Index = 0; *Read < Scatter->Length; Index++) {
        ULONG Part = Scatter->Length - *Read < PAGE_SIZE ? Scatter->Length - *Read : PAGE_SIZE;
        ULONGLONG Available;
        CLIENT(PUCHAR) Page;
        const void *Data;

        Status = File->Device->FileSystem->Locate(
            File->FsContext, (ULONGLONG)Scatter->Offset.QuadPart + *Read, &Data, &Available);
        if (Status == STATUS_END_OF_FILE && *Read)
            return STATUS_SUCCESS;
        if (NT_SUCCESS(Status))
            Status = IopNextSegment(Scatter, Index, &Page);
        if (!NT_SUCCESS(Status))
            return Status;
        Part = Available < Part ? (ULONG)Available : Part;
        Status = MmCopyToClient(Page, Data, Part);
        if (!NT_SUCCESS(Status))
            return Status;
        *Read += Part;
        if (Part < PAGE_SIZE)
            break;
        Status = KeGiveWay();
        if (!NT_SUCCESS(Status))
            break;
    }
    return Status;
}

static NTSTATUS IopReadScattered(PIOP_SCATTER Scatter)
{
    PIO_FILE File = Scatter->File;
    ULONG Read = 0;
    NTSTATUS Status = File->Device->FileSystem->IsDirectory(File->FsContext)
                          ? STATUS_INVALID_DEVICE_REQUEST
                          : IopCheckRead(File, (ULONGLONG)Scatter->Offset.QuadPart, Scatter->Length,
                                         Scatter->Key);

    if (NT_SUCCESS(Status))
        Status = IopReadSegments(Scatter, &Read);
    if (NT_SUCCESS(Status)) {
        IopCountTransfer(PsGetCurrentProcess(), IRP_MJ_READ, Read);
        if (IopIsSynchronous(File))
            File->CurrentByteOffset = Scatter->Offset.QuadPart + Read;
    }
    return IopFinishStream(File, &Scatter->Client, Status, Read);
}

/*
 * NtReadFileScatter: reads Length bytes at ByteOffset into pages: SegmentArray has the address of
 * each. The file was opened with FILE_NO_INTERMEDIATE_BUFFERING; offset and length are whole
 * sectors of 512 bytes, the pages begin at their beginning: STATUS_INVALID_PARAMETER. Else as
 * NtReadFile; STATUS_INVALID_DEVICE_REQUEST for what is no file of a volume.  (Win32:
 * ReadFileScatter)
 */
NTSTATUS NTAPI NtReadFileScatter(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                 CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                 CLIENT(PFILE_SEGMENT_ELEMENT) SegmentArray, ULONG Length,
                                 CLIENT(PLARGE_INTEGER) ByteOffset, CLIENT(PULONG) Key)
{
    IOP_SCATTER Scatter = {.Segments = SegmentArray, .Length = Length, .KeyAddress = Key};
    NTSTATUS Status = IopBeginScatter(&Scatter, FileHandle, FILE_READ_DATA, Event, ApcRoutine,
                                      ApcContext, IoStatusBlock, ByteOffset);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopReadScattered(&Scatter);
    ObDereferenceObject(Scatter.File);
    return Status;
}

/*
 * NtWriteFileGather: writes what lies in pages, as NtReadFileScatter reads. No file can be written
 * yet: STATUS_MEDIA_WRITE_PROTECTED after all checks.  (Win32: WriteFileGather)
 */
NTSTATUS NTAPI NtWriteFileGather(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                 CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                 CLIENT(PFILE_SEGMENT_ELEMENT) SegmentArray, ULONG Length,
                                 CLIENT(PLARGE_INTEGER) ByteOffset, CLIENT(PULONG) Key)
{
    IOP_SCATTER Scatter = {.Segments = SegmentArray, .Length = Length, .KeyAddress = Key};
    NTSTATUS Status = IopBeginScatter(&Scatter, FileHandle, FILE_WRITE_DATA, Event, ApcRoutine,
                                      ApcContext, IoStatusBlock, ByteOffset);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopFinishStream(Scatter.File, &Scatter.Client, STATUS_MEDIA_WRITE_PROTECTED, 0);
    ObDereferenceObject(Scatter.File);
    return Status;
}

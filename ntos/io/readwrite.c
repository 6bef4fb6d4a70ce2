/* SPDX-License-Identifier: BSD-2-Clause */
/* NtReadFile and NtWriteFile. */
#include "iop.h"

typedef struct _IOP_TRANSFER {
    PIO_FILE File; /* referenced */
    CLIENT(PVOID) Buffer;
    ULONG Length;
    LONGLONG Offset;
    CLIENT(PULONG) KeyAddress; /* NULL: it is 0 */
    ULONG Key;                 /* of locks of ranges */
    IOP_CLIENT Client;
} IOP_TRANSFER, *PIOP_TRANSFER;

/* Determines the byte offset: the client's, else the file's own position for synchronous files,
 * else 0. STATUS_INVALID_PARAMETER. */
static NTSTATUS IopResolveOffset(PIOP_TRANSFER Transfer, CLIENT(PLARGE_INTEGER) ByteOffset,
                                 BOOLEAN Write)
{
    LARGE_INTEGER Offset;
    BOOLEAN UsePosition = !ByteOffset;

    if (ByteOffset) {
        if (!NT_SUCCESS(MmReadClient(&Offset, ByteOffset)))
            return STATUS_ACCESS_VIOLATION;
        UsePosition = Offset.HighPart == -1 && Offset.LowPart == FILE_USE_FILE_POINTER_POSITION;
    }
    if (IopStreamsOf(Transfer->File))
        return STATUS_SUCCESS;
    if (UsePosition) {
        if (!IopIsSynchronous(Transfer->File))
            return STATUS_INVALID_PARAMETER;
        Offset.QuadPart = Transfer->File->CurrentByteOffset;
    }
    if (Write && Offset.HighPart == -1 && Offset.LowPart == FILE_WRITE_TO_END_OF_FILE)
        Offset.QuadPart = 0; /* no driver of ours has an end of file */
    if (Offset.QuadPart < 0)
        return STATUS_INVALID_PARAMETER;
    Transfer->Offset = Offset.QuadPart;
    return STATUS_SUCCESS;
}

/* What both services do first, in NT's order: file, client addresses, event, offset. The file is
 * referenced on success. */
static NTSTATUS IopBeginTransfer(PIOP_TRANSFER Transfer, HANDLE FileHandle, ACCESS_MASK Access,
                                 HANDLE Event, PIO_APC_ROUTINE ApcRoutine, CLIENT(PVOID) ApcContext,
                                 CLIENT(PIO_STATUS_BLOCK) Iosb, CLIENT(PLARGE_INTEGER) ByteOffset)
{
    BOOLEAN Write = Access != FILE_READ_DATA;
    NTSTATUS Status =
        ObReferenceObjectByHandle(FileHandle, Access, IoFileType, (PVOID *)&Transfer->File);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = MmProbeForWrite(Iosb, sizeof(*Iosb));
    if (NT_SUCCESS(Status) && !Write)
        Status = MmProbeForWrite(Transfer->Buffer, Transfer->Length);
    if (NT_SUCCESS(Status))
        Status = IopResolveOffset(Transfer, ByteOffset, Write);
    if (NT_SUCCESS(Status) && Transfer->KeyAddress)
        Status = MmReadClient(&Transfer->Key, Transfer->KeyAddress);
    if (NT_SUCCESS(Status))
        Status = IopPrepareClient(&Transfer->Client, Transfer->File, Event, ApcRoutine, ApcContext,
                                  Iosb);
    if (!NT_SUCCESS(Status))
        ObDereferenceObject(Transfer->File);
    else
        Transfer->Client.Buffer = Transfer->Buffer;
    return Status;
}

static NTSTATUS IopReadFileSystem(PIOP_TRANSFER Transfer)
{
    PIO_FILE File = Transfer->File;
    const void *Data = NULL;
    ULONGLONG Available = 0;
    ULONG Read = 0;
    NTSTATUS Status = STATUS_SUCCESS;

    if (IopStreamsOf(File))
        return IopStreamsOf(File)->Read(File, Transfer->Buffer, Transfer->Length,
                                        &Transfer->Client);
    if (File->Device->FileSystem->IsDirectory(File->FsContext))
        Status = STATUS_INVALID_DEVICE_REQUEST;
    else
        Status = IopCheckRead(File, (ULONGLONG)Transfer->Offset, Transfer->Length, Transfer->Key);
    if (NT_SUCCESS(Status) && Transfer->Length)
        Status = File->Device->FileSystem->Locate(File->FsContext, (ULONGLONG)Transfer->Offset,
                                                  &Data, &Available);
    if (NT_SUCCESS(Status)) {
        Read = Available < Transfer->Length ? (ULONG)Available : Transfer->Length;
        Status = MmCopyToClient(Transfer->Buffer, Data, Read);
    }
    if (NT_SUCCESS(Status) && IopIsSynchronous(File))
        File->CurrentByteOffset = Transfer->Offset + Read;
    if (NT_SUCCESS(Status))
        IopCountTransfer(PsGetCurrentProcess(), IRP_MJ_READ, Read);
    return IopFinishClient(File, &Transfer->Client, Status, NT_SUCCESS(Status) ? Read : 0);
}

static NTSTATUS IopWriteFileSystem(PIOP_TRANSFER Transfer)
{
    PIO_FILE File = Transfer->File;
    const IOP_FILE_SYSTEM *FileSystem = File->Device->FileSystem;
    NTSTATUS Status;

    if (FileSystem->Streams)
        return FileSystem->Streams->Write(File, Transfer->Buffer, Transfer->Length,
                                          &Transfer->Client);
    Status = FileSystem->Write ? FileSystem->Write(Transfer->Buffer, Transfer->Length)
                               : STATUS_MEDIA_WRITE_PROTECTED;
    return IopFinishClient(File, &Transfer->Client, Status,
                           NT_SUCCESS(Status) ? Transfer->Length : 0);
}

/* A driver with direct IO uses the client's own pages. */
static NTSTATUS IopBringTransferData(PIOP_TRANSFER Transfer, PIO_REQUEST Request, BOOLEAN Direct)
{
    BOOLEAN Write = Request->Parameters.MajorFunction == IRP_MJ_WRITE;

    if (Direct)
        return IopLockData(Request, Transfer->Buffer, Transfer->Length, !Write);
    return Write ? IopFillData(Request, 0, Transfer->Buffer, Transfer->Length) : STATUS_SUCCESS;
}

/* Makes a request with its data; if that fails, the client's request is over. */
static NTSTATUS IopCreateTransferRequest(PIOP_TRANSFER Transfer, UCHAR Function,
                                         PIO_REQUEST *Request)
{
    PIO_DEVICE Device = IopTopDevice(Transfer->File->Device);
    BOOLEAN Direct = Device->Flags & DO_DIRECT_IO && Transfer->Length;
    NTSTATUS Status = STATUS_INSUFFICIENT_RESOURCES;

    *Request = IopAllocateRequest(Device, Transfer->File, Function, Direct ? 0 : Transfer->Length);
    if (*Request)
        Status = IopBringTransferData(Transfer, *Request, Direct);
    if (NT_SUCCESS(Status)) {
        (*Request)->Parameters.RequestorMode = 1;
        (*Request)->Parameters.Process = IopCurrentProcessId();
        (*Request)->Parameters.ByteOffset = (UINT64)Transfer->Offset;
        return STATUS_SUCCESS;
    }
    if (*Request)
        IopFreeRequest(*Request);
    IopReleaseClient(&Transfer->Client);
    return Status;
}

static NTSTATUS IopReadDevice(PIOP_TRANSFER Transfer)
{
    PIO_REQUEST Request;
    NTSTATUS Status = IopCreateTransferRequest(Transfer, IRP_MJ_READ, &Request);

    if (!NT_SUCCESS(Status))
        return Status;
    Request->Parameters.OutputLength = Transfer->Length;
    return IopIssueClientRequest(Request, &Transfer->Client);
}

static NTSTATUS IopWriteDevice(PIOP_TRANSFER Transfer)
{
    PIO_REQUEST Request;
    NTSTATUS Status = IopCreateTransferRequest(Transfer, IRP_MJ_WRITE, &Request);

    if (!NT_SUCCESS(Status))
        return Status;
    Request->Parameters.InputLength = Transfer->Length;
    return IopIssueClientRequest(Request, &Transfer->Client);
}

/*
 * NtReadFile: reads from the file at ByteOffset, or where a synchronous file is. Needs
 * FILE_READ_DATA; Event, which is signalled at the end, EVENT_MODIFY_STATE. Files opened without a
 * synchronous option return STATUS_PENDING if their driver has left the request pending. An error
 * that a driver returns at once is not in the status block too. Returns STATUS_END_OF_FILE,
 * STATUS_INVALID_PARAMETER, STATUS_INVALID_HANDLE, STATUS_ACCESS_DENIED, STATUS_ACCESS_VIOLATION,
 * STATUS_INSUFFICIENT_RESOURCES, STATUS_DEVICE_DOES_NOT_EXIST (its driver has died),
 * STATUS_FILE_LOCK_CONFLICT.  (WDK: ZwReadFile)
 */
NTSTATUS NTAPI NtReadFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                          CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                          CLIENT(PVOID) Buffer, ULONG Length, CLIENT(PLARGE_INTEGER) ByteOffset,
                          CLIENT(PULONG) Key)
{
    IOP_TRANSFER Transfer = {.Buffer = Buffer, .Length = Length, .KeyAddress = Key};
    NTSTATUS Status = IopBeginTransfer(&Transfer, FileHandle, FILE_READ_DATA, Event, ApcRoutine,
                                       ApcContext, IoStatusBlock, ByteOffset);

    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        Transfer.File->Device->FileSystem ? IopReadFileSystem(&Transfer) : IopReadDevice(&Transfer);
    ObDereferenceObject(Transfer.File);
    return Status;
}

/*
 * NtWriteFile: writes to the file, as NtReadFile reads. Needs FILE_WRITE_DATA.
 * Also returns STATUS_MEDIA_WRITE_PROTECTED.  (WDK: ZwWriteFile)
 */
NTSTATUS NTAPI NtWriteFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                           CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                           CLIENT(PVOID) Buffer, ULONG Length, CLIENT(PLARGE_INTEGER) ByteOffset,
                           CLIENT(PULONG) Key)
{
    IOP_TRANSFER Transfer = {.Buffer = Buffer, .Length = Length, .KeyAddress = Key};
    NTSTATUS Status = IopBeginTransfer(&Transfer, FileHandle, FILE_WRITE_DATA, Event, ApcRoutine,
                                       ApcContext, IoStatusBlock, ByteOffset);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Transfer.File->Device->FileSystem ? IopWriteFileSystem(&Transfer)
                                               : IopWriteDevice(&Transfer);
    ObDereferenceObject(Transfer.File);
    return Status;
}

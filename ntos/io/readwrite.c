/* SPDX-License-Identifier: BSD-2-Clause */
/* NtReadFile and NtWriteFile. */
#include "iop.h"

typedef struct _IOP_TRANSFER {
    PFILE_OBJECT File; /* referenced */
    PVOID Buffer;      /* the client's */
    ULONG Length;
    LONGLONG Offset;
    IOP_CLIENT Client;
} IOP_TRANSFER, *PIOP_TRANSFER;

/* Byte offset 0 where there is none; the file's own position for synchronous files.
 * STATUS_INVALID_PARAMETER. */
static NTSTATUS IopResolveOffset(PIOP_TRANSFER Transfer, PLARGE_INTEGER ByteOffset, BOOLEAN Write)
{
    LARGE_INTEGER Offset;
    BOOLEAN UsePosition = !ByteOffset;

    if (ByteOffset) {
        if (!NT_SUCCESS(MmReadClient(&Offset, ByteOffset)))
            return STATUS_ACCESS_VIOLATION;
        UsePosition = Offset.HighPart == -1 && Offset.LowPart == FILE_USE_FILE_POINTER_POSITION;
    }
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

/* What both services do first, in NT's order: file, client addresses, event, offset. Refers the
 * file on success. */
static NTSTATUS IopBeginTransfer(PIOP_TRANSFER Transfer, HANDLE FileHandle, ACCESS_MASK Access,
                                 HANDLE Event, PIO_APC_ROUTINE ApcRoutine, PIO_STATUS_BLOCK Iosb,
                                 PLARGE_INTEGER ByteOffset)
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
    if (NT_SUCCESS(Status))
        Status = IopPrepareClient(&Transfer->Client, Event, ApcRoutine, Iosb);
    if (!NT_SUCCESS(Status))
        ObDereferenceObject(Transfer->File);
    else
        Transfer->Client.Buffer = Transfer->Buffer;
    return Status;
}

static NTSTATUS IopReadFileSystem(PIOP_TRANSFER Transfer)
{
    PFILE_OBJECT File = Transfer->File;
    const void *Data = NULL;
    ULONGLONG Available = 0;
    ULONG Read = 0;
    NTSTATUS Status = STATUS_SUCCESS;

    if (File->Device->FileSystem->IsDirectory(File->FsContext))
        Status = STATUS_INVALID_DEVICE_REQUEST;
    else if (Transfer->Length)
        Status = File->Device->FileSystem->Locate(File->FsContext, (ULONGLONG)Transfer->Offset,
                                                  &Data, &Available);
    if (NT_SUCCESS(Status)) {
        Read = Available < Transfer->Length ? (ULONG)Available : Transfer->Length;
        Status = MmCopyToClient(Transfer->Buffer, Data, Read);
    }
    if (NT_SUCCESS(Status) && IopIsSynchronous(File))
        File->CurrentByteOffset = Transfer->Offset + Read;
    return IopFinishClient(File, &Transfer->Client, Status, NT_SUCCESS(Status) ? Read : 0);
}

/* An IRP with room for the data, or an end of the request. */
static NTSTATUS IopCreateTransferIrp(PIOP_TRANSFER Transfer, UCHAR Function, PIRP *Irp)
{
    NTSTATUS Status = STATUS_INSUFFICIENT_RESOURCES;

    *Irp = NULL;
    if (Transfer->Length <= IOP_MAXIMUM_TRANSFER)
        *Irp = IopAllocateIrp(IopTopDevice(Transfer->File->Device), Transfer->File, Function,
                              Transfer->Length);
    if (*Irp)
        Status = Function == IRP_MJ_WRITE
                     ? MmCopyFromClient((*Irp)->Buffer, Transfer->Buffer, Transfer->Length)
                     : STATUS_SUCCESS;
    if (NT_SUCCESS(Status)) {
        (*Irp)->Request.RequestorMode = 1;
        (*Irp)->Request.ByteOffset = (UINT64)Transfer->Offset;
        return STATUS_SUCCESS;
    }
    if (*Irp)
        IopFreeIrp(*Irp);
    IopReleaseClient(&Transfer->Client);
    return Status;
}

static NTSTATUS IopReadDevice(PIOP_TRANSFER Transfer)
{
    PIRP Irp;
    NTSTATUS Status = IopCreateTransferIrp(Transfer, IRP_MJ_READ, &Irp);

    if (!NT_SUCCESS(Status))
        return Status;
    Irp->Request.OutputLength = Transfer->Length;
    return IopIssueClientIrp(Irp, &Transfer->Client);
}

static NTSTATUS IopWriteDevice(PIOP_TRANSFER Transfer)
{
    PIRP Irp;
    NTSTATUS Status = IopCreateTransferIrp(Transfer, IRP_MJ_WRITE, &Irp);

    if (!NT_SUCCESS(Status))
        return Status;
    Irp->Request.InputLength = Transfer->Length;
    return IopIssueClientIrp(Irp, &Transfer->Client);
}

/*
 * NtReadFile: reads from the file at ByteOffset, or where a synchronous file is. Needs
 * FILE_READ_DATA; Event, which is signalled at the end, EVENT_MODIFY_STATE. Files opened without a
 * synchronous option return STATUS_PENDING while their driver works. A driver takes at most 8 KB at
 * once. Returns STATUS_END_OF_FILE, STATUS_INVALID_PARAMETER, STATUS_INVALID_HANDLE,
 * STATUS_ACCESS_DENIED, STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES,
 * STATUS_DEVICE_DOES_NOT_EXIST (its driver has died), STATUS_NOT_IMPLEMENTED (ApcRoutine).  (WDK:
 * ZwReadFile)
 */
NTSTATUS NTAPI NtReadFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                          PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, PVOID Buffer,
                          ULONG Length, PLARGE_INTEGER ByteOffset, PULONG Key)
{
    IOP_TRANSFER Transfer = {.Buffer = Buffer, .Length = Length};
    NTSTATUS Status = IopBeginTransfer(&Transfer, FileHandle, FILE_READ_DATA, Event, ApcRoutine,
                                       IoStatusBlock, ByteOffset);

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
                           PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, PVOID Buffer,
                           ULONG Length, PLARGE_INTEGER ByteOffset, PULONG Key)
{
    IOP_TRANSFER Transfer = {.Buffer = Buffer, .Length = Length};
    NTSTATUS Status = IopBeginTransfer(&Transfer, FileHandle, FILE_WRITE_DATA, Event, ApcRoutine,
                                       IoStatusBlock, ByteOffset);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Transfer.File->Device->FileSystem)
        Status = IopFinishClient(Transfer.File, &Transfer.Client, STATUS_MEDIA_WRITE_PROTECTED, 0);
    else
        Status = IopWriteDevice(&Transfer);
    ObDereferenceObject(Transfer.File);
    return Status;
}

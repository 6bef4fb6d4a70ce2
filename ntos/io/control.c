/* SPDX-License-Identifier: BSD-2-Clause */
/* NtDeviceIoControlFile, NtFsControlFile, NtFlushBuffersFile. */
#include "iop.h"

/* The access to the handle that the bits of the code demand. */
static ACCESS_MASK IopControlAccess(ULONG IoControlCode)
{
    ULONG Access = IoControlCode >> 14 & 3;

    return (Access & FILE_READ_ACCESS ? FILE_READ_DATA : 0) |
           (Access & FILE_WRITE_ACCESS ? FILE_WRITE_DATA : 0);
}

/* What the message says of a control code with its two buffers. */
static DRIVER_REQUEST IopControlParameters(const IOP_CONTROL *Control)
{
    BOOLEAN Direct = METHOD_FROM_CTL_CODE(Control->Code) == METHOD_IN_DIRECT ||
                     METHOD_FROM_CTL_CODE(Control->Code) == METHOD_OUT_DIRECT;

    return (DRIVER_REQUEST){.MajorFunction = IRP_MJ_DEVICE_CONTROL,
                            .RequestorMode = 1,
                            .Process = IopCurrentProcessId(),
                            .IoControlCode = Control->Code,
                            .InputLength = Control->InputLength,
                            .OutputLength = Control->OutputLength,
                            .Direct.Place = Direct && Control->OutputLength ? DriverDataPages
                                                                            : DriverDataInline};
}

static void IopSetParameters(PIO_REQUEST Request, const DRIVER_REQUEST *Parameters)
{
    UINT32 Device = Request->Parameters.Device, File = Request->Parameters.File;

    Request->Parameters = *Parameters;
    Request->Parameters.Device = Device;
    Request->Parameters.File = File;
}

/* METHOD_NEITHER travels buffered: a driver could not follow a client's pointers. */
static NTSTATUS IopBuildControl(PIO_FILE File, const IOP_CONTROL *Control, PIO_REQUEST *Request)
{
    DRIVER_REQUEST Parameters = IopControlParameters(Control);
    UINT64 Length = DriverSystemLength(&Parameters);
    NTSTATUS Status;

    *Request = Length <= MAXULONG ? IopAllocateRequest(IopTopDevice(File->Device), File,
                                                       IRP_MJ_DEVICE_CONTROL, (ULONG)Length)
                                  : NULL;
    if (!*Request)
        return STATUS_INSUFFICIENT_RESOURCES;
    IopSetParameters(*Request, &Parameters);
    Status = IopFillData(*Request, 0, Control->Input, Control->InputLength);
    if (NT_SUCCESS(Status) && Parameters.Direct.Place)
        Status = IopLockData(*Request, Control->Output, Control->OutputLength,
                             METHOD_FROM_CTL_CODE(Control->Code) == METHOD_OUT_DIRECT);
    if (!NT_SUCCESS(Status))
        IopFreeRequest(*Request);
    return Status;
}

/* Consumes the client. */
static NTSTATUS IopIssueControl(PIO_FILE File, const IOP_CONTROL *Control, PIOP_CLIENT Client)
{
    PIO_REQUEST Request;
    NTSTATUS Status = IopBuildControl(File, Control, &Request);

    if (!NT_SUCCESS(Status)) {
        IopReleaseClient(Client);
        return Status;
    }
    Client->Buffer = Control->Output;
    return IopIssueClientRequest(Request, Client);
}

/*
 * NtDeviceIoControlFile: a control code to the file's device. The handle needs FILE_READ_DATA,
 * FILE_WRITE_DATA as the code's access bits say. Returns
 * STATUS_INVALID_HANDLE, STATUS_ACCESS_DENIED, STATUS_ACCESS_VIOLATION,
 * STATUS_INVALID_DEVICE_REQUEST, STATUS_PENDING, or what the driver answers.  (WDK:
 * ZwDeviceIoControlFile)
 */
NTSTATUS NTAPI NtDeviceIoControlFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                     CLIENT(PVOID) ApcContext,
                                     CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, ULONG IoControlCode,
                                     CLIENT(PVOID) InputBuffer, ULONG InputBufferLength,
                                     CLIENT(PVOID) OutputBuffer, ULONG OutputBufferLength)
{
    IOP_CONTROL Control = {IoControlCode, InputBuffer, OutputBuffer,
                           InputBuffer ? InputBufferLength : 0,
                           OutputBuffer ? OutputBufferLength : 0};
    IOP_CLIENT Client;
    PIO_FILE File;
    NTSTATUS Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));

    if (NT_SUCCESS(Status) && METHOD_FROM_CTL_CODE(IoControlCode) != METHOD_IN_DIRECT)
        Status = MmProbeForWrite(Control.Output, Control.OutputLength);
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(FileHandle, IopControlAccess(IoControlCode), IoFileType,
                                           (PVOID *)&File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopPrepareClient(&Client, File, Event, ApcRoutine, ApcContext, IoStatusBlock);
    if (NT_SUCCESS(Status)) {
        if (File->Device->FileSystem)
            Status = IopFinishClient(File, &Client, STATUS_INVALID_DEVICE_REQUEST, 0);
        else
            Status = IopIssueControl(File, &Control, &Client);
    }
    ObDereferenceObject(File);
    return Status;
}

/* What a volume is asked: it has no reparse points, and its files are not compressed. */
static NTSTATUS IopControlVolume(const IOP_CONTROL *Control, PULONG_PTR Returned)
{
    static const USHORT Compression = COMPRESSION_FORMAT_NONE;

    switch (Control->Code) {
    case FSCTL_IS_VOLUME_MOUNTED:
        return STATUS_SUCCESS;
    case FSCTL_GET_COMPRESSION:
        if (Control->OutputLength < sizeof(Compression))
            return STATUS_INVALID_PARAMETER;
        *Returned = sizeof(Compression);
        return MmCopyToClient(Control->Output, &Compression, sizeof(Compression));
    case FSCTL_GET_REPARSE_POINT:
        return STATUS_NOT_A_REPARSE_POINT;
    case FSCTL_SET_REPARSE_POINT:
    case FSCTL_DELETE_REPARSE_POINT:
    case FSCTL_SET_COMPRESSION:
        return STATUS_MEDIA_WRITE_PROTECTED;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

/*
 * NtFsControlFile: a control code to the file system of the file; as NtDeviceIoControlFile. Pipes
 * and mailslots have codes of their own; the boot archive knows FSCTL_IS_VOLUME_MOUNTED,
 * FSCTL_GET_COMPRESSION, and reparse points to the extent that there are none.
 * STATUS_NOT_A_REPARSE_POINT, STATUS_MEDIA_WRITE_PROTECTED, STATUS_INVALID_DEVICE_REQUEST for other
 * codes and for devices, and what NtDeviceIoControlFile returns.  (WDK: ZwFsControlFile)
 */
NTSTATUS NTAPI NtFsControlFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                               CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                               ULONG FsControlCode, CLIENT(PVOID) InputBuffer,
                               ULONG InputBufferLength, CLIENT(PVOID) OutputBuffer,
                               ULONG OutputBufferLength)
{
    IOP_CONTROL Control = {FsControlCode, InputBuffer, OutputBuffer,
                           InputBuffer ? InputBufferLength : 0,
                           OutputBuffer ? OutputBufferLength : 0};
    ULONG_PTR Returned = 0;
    IOP_CLIENT Client;
    PIO_FILE File;
    NTSTATUS Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Control.Output, Control.OutputLength);
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(FileHandle, IopControlAccess(FsControlCode), IoFileType,
                                           (PVOID *)&File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopPrepareClient(&Client, File, Event, ApcRoutine, ApcContext, IoStatusBlock);
    if (NT_SUCCESS(Status) && IopStreamsOf(File)) {
        Status = IopStreamsOf(File)->Control(File, &Control, &Client);
    } else if (NT_SUCCESS(Status)) {
        Status = File->Device->FileSystem && File->Device->FileSystem->QueryVolume
                     ? IopControlVolume(&Control, &Returned)
                     : STATUS_INVALID_DEVICE_REQUEST;
        Status = IopFinishClient(File, &Client, Status, Returned);
    }
    ObDereferenceObject(File);
    return Status;
}

/* A handle that can write, in either way. */
static NTSTATUS IopReferenceWritable(HANDLE Handle, PIO_FILE *File)
{
    NTSTATUS Status = ObReferenceObjectByHandle(Handle, FILE_WRITE_DATA, IoFileType, (PVOID *)File);

    return Status == STATUS_ACCESS_DENIED
               ? ObReferenceObjectByHandle(Handle, FILE_APPEND_DATA, IoFileType, (PVOID *)File)
               : Status;
}

static NTSTATUS IopFlushDevice(PIO_FILE File)
{
    PIO_REQUEST Request =
        IopAllocateRequest(IopTopDevice(File->Device), File, IRP_MJ_FLUSH_BUFFERS, 0);
    BOOLEAN Completed;
    NTSTATUS Status;

    if (!Request)
        return STATUS_INSUFFICIENT_RESOURCES;
    Request->Parameters.RequestorMode = 1;
    Request->Parameters.Process = IopCurrentProcessId();
    Status = IopCallAndWait(Request, 0, &Completed);
    if (Completed)
        IopFreeRequest(Request);
    return Status;
}

/*
 * NtFlushBuffersFile: what was written to the file is where it was meant to be. Needs
 * FILE_WRITE_DATA or FILE_APPEND_DATA; waits, also with an asynchronous file. STATUS_ACCESS_DENIED,
 * STATUS_INVALID_DEVICE_REQUEST (the driver does not flush), and what it answers.  (WDK:
 * ZwFlushBuffersFile)
 */
NTSTATUS NTAPI NtFlushBuffersFile(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock)
{
    IO_STATUS_BLOCK Block = {.Status = STATUS_SUCCESS};
    PIO_FILE File;
    NTSTATUS Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));

    if (NT_SUCCESS(Status))
        Status = IopReferenceWritable(FileHandle, &File);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!File->Device->FileSystem) /* our own write at once */
        Status = IopFlushDevice(File);
    else if (IopStreamsOf(File))
        Status = IopStreamsOf(File)->Flush(File);
    ObDereferenceObject(File);
    if (NT_SUCCESS(Status) && !NT_SUCCESS(MmWriteClient(IoStatusBlock, &Block)))
        return STATUS_ACCESS_VIOLATION;
    return Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* NtDeviceIoControlFile. */
#include "iop.h"

/* The access that the code's own bits want of the handle. */
static ACCESS_MASK IopControlAccess(ULONG IoControlCode)
{
    ULONG Access = IoControlCode >> 14 & 3;

    return (Access & FILE_READ_ACCESS ? FILE_READ_DATA : 0) |
           (Access & FILE_WRITE_ACCESS ? FILE_WRITE_DATA : 0);
}

typedef struct _IOP_CONTROL {
    ULONG Code;
    PVOID Input, Output;
    ULONG InputLength, OutputLength;
} IOP_CONTROL, *PIOP_CONTROL;

/* Consumes the client. METHOD_NEITHER travels buffered: a driver could not follow a client's
 * pointers. */
static NTSTATUS IopIssueControl(PFILE_OBJECT File, const IOP_CONTROL *Control, PIOP_CLIENT Client)
{
    ULONG Length =
        Control->InputLength > Control->OutputLength ? Control->InputLength : Control->OutputLength;
    NTSTATUS Status = STATUS_INSUFFICIENT_RESOURCES;
    PIRP Irp = NULL;

    if (Length <= IOP_MAXIMUM_TRANSFER)
        Irp = IopAllocateIrp(IopTopDevice(File->Device), File, IRP_MJ_DEVICE_CONTROL, Length);
    if (Irp)
        Status = MmCopyFromClient(Irp->Buffer, Control->Input, Control->InputLength);
    if (!NT_SUCCESS(Status)) {
        if (Irp)
            IopFreeIrp(Irp);
        IopReleaseClient(Client);
        return Status;
    }
    Irp->Request.RequestorMode = 1;
    Irp->Request.IoControlCode = Control->Code;
    Irp->Request.InputLength = Control->InputLength;
    Irp->Request.OutputLength = Control->OutputLength;
    Client->Buffer = Control->Output;
    return IopIssueClientIrp(Irp, Client);
}

/*
 * NtDeviceIoControlFile: a control code to the file's device. The handle needs FILE_READ_DATA,
 * FILE_WRITE_DATA as the code's access bits say. Each buffer is at most 8 KB. Returns
 * STATUS_INVALID_HANDLE, STATUS_ACCESS_DENIED, STATUS_ACCESS_VIOLATION,
 * STATUS_INVALID_DEVICE_REQUEST, STATUS_PENDING, STATUS_NOT_IMPLEMENTED (ApcRoutine), or what the
 * driver answers.  (WDK: ZwDeviceIoControlFile)
 */
NTSTATUS NTAPI NtDeviceIoControlFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                     PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock,
                                     ULONG IoControlCode, PVOID InputBuffer,
                                     ULONG InputBufferLength, PVOID OutputBuffer,
                                     ULONG OutputBufferLength)
{
    IOP_CONTROL Control = {IoControlCode, InputBuffer, OutputBuffer,
                           InputBuffer ? InputBufferLength : 0,
                           OutputBuffer ? OutputBufferLength : 0};
    IOP_CLIENT Client;
    PFILE_OBJECT File;
    NTSTATUS Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Control.Output, Control.OutputLength);
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(FileHandle, IopControlAccess(IoControlCode), IoFileType,
                                           (PVOID *)&File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopPrepareClient(&Client, Event, ApcRoutine, IoStatusBlock);
    if (NT_SUCCESS(Status)) {
        if (File->Device->FileSystem)
            Status = IopFinishClient(File, &Client, STATUS_INVALID_DEVICE_REQUEST, 0);
        else
            Status = IopIssueControl(File, &Control, &Client);
    }
    ObDereferenceObject(File);
    return Status;
}

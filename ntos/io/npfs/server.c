/* SPDX-License-Identifier: BSD-2-Clause */
/* NtCreateNamedPipeFile: servers' ends. */
#include "npfsp.h"

#define NP_DEFAULT_TIMEOUT (-500000) /* 50 ms: what 0 stands for */

/* What a further instance must have in common with those that are there. */
static NTSTATUS NpCheckInstance(PNP_PIPE Pipe, const IOP_OPEN_PACKET *Packet)
{
    ULONG Share = Pipe->Configuration == FILE_PIPE_FULL_DUPLEX ? FILE_SHARE_READ | FILE_SHARE_WRITE
                  : Pipe->Configuration == FILE_PIPE_INBOUND   ? FILE_SHARE_WRITE
                                                               : FILE_SHARE_READ;

    if (Pipe->CurrentInstances >= Pipe->MaximumInstances)
        return STATUS_INSTANCE_NOT_AVAILABLE;
    if (Packet->Disposition == FILE_CREATE || Packet->ShareAccess != Share ||
        (Packet->New->Type & FILE_PIPE_MESSAGE_TYPE) != Pipe->Type)
        return STATUS_ACCESS_DENIED;
    return STATUS_SUCCESS;
}

/* The end of a pipe that is referenced, to which the caller's reference goes. */
static NTSTATUS NpMakeServer(PIO_FILE File, PNP_PIPE Pipe, PIOP_OPEN_PACKET Packet)
{
    PNP_END End = NpAllocateEnd(FILE_PIPE_SERVER_END, Pipe);
    NTSTATUS Status = End ? IopSetFileName(File, &Pipe->Named.Name) : STATUS_INSUFFICIENT_RESOURCES;

    if (NT_SUCCESS(Status)) {
        End->ReadMode = Packet->New->ReadMode;
        End->CompletionMode = Packet->New->CompletionMode;
        Status = NpCreateInstance(End, Packet->New);
    }
    if (NT_SUCCESS(Status)) {
        File->FsContext = End;
        File->Header.SignalState = 1;
    } else if (End) {
        NpFreeEnd(End);
    }
    return Status;
}

static NTSTATUS NpOpenFurther(PIO_FILE File, PNP_PIPE Pipe, PIOP_OPEN_PACKET Packet)
{
    NTSTATUS Status;

    NpReferencePipe(Pipe);
    Status = NpCheckAccess(Pipe, Packet, FILE_CREATE_PIPE_INSTANCE);
    if (NT_SUCCESS(Status) && !Pipe->Named.Listed)
        Status = STATUS_OBJECT_NAME_NOT_FOUND; /* it has gone meanwhile */
    if (NT_SUCCESS(Status))
        Status = NpCheckInstance(Pipe, Packet);
    if (NT_SUCCESS(Status))
        Status = NpMakeServer(File, Pipe, Packet);
    NpDereferencePipe(Pipe);
    Packet->Information = FILE_OPENED;
    return Status;
}

static NTSTATUS NpOpenFirst(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    PNP_PIPE Pipe;
    NTSTATUS Status;

    if (Packet->Disposition == FILE_OPEN)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    Status = NpCreatePipe(Name, Packet, &Pipe);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = NpMakeServer(File, Pipe, Packet);
    if (!NT_SUCCESS(Status))
        NpUnlistPipe(Pipe);
    NpDereferencePipe(Pipe);
    Packet->Information = FILE_CREATED;
    return Status;
}

/* Name is empty for a pipe without one. Somebody else may make one of that name at the same time:
 * then this is a further instance of it. */
NTSTATUS NpOpenServer(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    PNP_PIPE Pipe = Name->Length ? NpFindPipe(Name) : NULL;
    NTSTATUS Status = STATUS_OBJECT_NAME_COLLISION;

    if (!Pipe)
        Status = NpOpenFirst(File, Name, Packet);
    if (Status == STATUS_OBJECT_NAME_COLLISION && !Pipe)
        Pipe = NpFindPipe(Name);
    return Status == STATUS_OBJECT_NAME_COLLISION && Pipe ? NpOpenFurther(File, Pipe, Packet)
                                                          : Status;
}

static BOOLEAN NpIsPacketValid(const IOP_OPEN_PACKET *Packet, ACCESS_MASK DesiredAccess)
{
    const IOP_NEW_STREAM *New = Packet->New;
    ULONG Synchronous =
        Packet->Options & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT);

    if (!Packet->ShareAccess || (Packet->ShareAccess & ~(FILE_SHARE_READ | FILE_SHARE_WRITE)))
        return FALSE;
    if (Packet->Disposition < FILE_OPEN || Packet->Disposition > FILE_OPEN_IF ||
        (Packet->Options & ~FILE_VALID_PIPE_OPTION_FLAGS))
        return FALSE;
    if (Synchronous == (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT) ||
        (Synchronous && !(DesiredAccess & SYNCHRONIZE)))
        return FALSE;
    if ((New->Type & ~FILE_PIPE_TYPE_VALID_MASK) || New->ReadMode > FILE_PIPE_MESSAGE_MODE ||
        New->CompletionMode > FILE_PIPE_COMPLETE_OPERATION)
        return FALSE;
    if (New->ReadMode == FILE_PIPE_MESSAGE_MODE && !(New->Type & FILE_PIPE_MESSAGE_TYPE))
        return FALSE;
    return New->MaximumInstances && New->HasTimeout && New->Timeout.QuadPart <= 0;
}

/*
 * NtCreateNamedPipeFile: a new pipe, or a further instance of one that is there, as
 * CreateDisposition says (FILE_CREATE, FILE_OPEN, FILE_OPEN_IF; FILE_OVERWRITE_IF, which Wine's
 * kernelbase passes, is the same as the last), and its server's end. ShareAccess
 * says what clients may do: FILE_SHARE_READ (outbound), FILE_SHARE_WRITE (inbound), both. A name
 * relative to `\Device\NamedPipe\` may be empty. Quotas in bytes; DefaultTimeout in 100 ns,
 * relative (0: 50 ms, as Win32 has it). An instance that is there needs FILE_CREATE_PIPE_INSTANCE,
 * and the same type and configuration (STATUS_ACCESS_DENIED). Returns
 * STATUS_INSTANCE_NOT_AVAILABLE, STATUS_INVALID_PARAMETER, STATUS_OBJECT_NAME_NOT_FOUND,
 * STATUS_OBJECT_NAME_INVALID, STATUS_INVALID_DEVICE_REQUEST (not below that device),
 * STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES.  (Win32: CreateNamedPipe)
 */
NTSTATUS NTAPI NtCreateNamedPipeFile(CLIENT(PHANDLE) FileHandle, ACCESS_MASK DesiredAccess,
                                     CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                     CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, ULONG ShareAccess,
                                     ULONG CreateDisposition, ULONG CreateOptions,
                                     ULONG NamedPipeType, ULONG ReadMode, ULONG CompletionMode,
                                     ULONG MaximumInstances, ULONG InboundQuota,
                                     ULONG OutboundQuota, CLIENT(PLARGE_INTEGER) DefaultTimeout)
{
    IOP_NEW_STREAM New = {.Type = NamedPipeType,
                          .ReadMode = ReadMode,
                          .CompletionMode = CompletionMode,
                          .MaximumInstances = MaximumInstances,
                          .Quotas = {InboundQuota, OutboundQuota},
                          .HasTimeout = DefaultTimeout != NULL};
    IOP_OPEN_PACKET Packet = {
        .Disposition = CreateDisposition == FILE_OVERWRITE_IF ? FILE_OPEN_IF : CreateDisposition,
        .Options = CreateOptions,
        .ShareAccess = ShareAccess,
        .New = &New};

    if (DefaultTimeout && !NT_SUCCESS(MmReadClient(&New.Timeout, DefaultTimeout)))
        return STATUS_ACCESS_VIOLATION;
    if (!NpIsPacketValid(&Packet, DesiredAccess))
        return STATUS_INVALID_PARAMETER;
    if (!New.Timeout.QuadPart)
        New.Timeout.QuadPart = NP_DEFAULT_TIMEOUT;
    return IopCreateStream(FileHandle, DesiredAccess, ObjectAttributes, IoStatusBlock, &Packet);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What opening \Device\NamedPipe and what is below it means. */
#include "npfsp.h"

NP_KIND NpDeviceContext = NpDeviceNode, NpRootContext = NpRootNode;

static const UNICODE_STRING NpNoName, NpBackslash = RTL_CONSTANT_STRING(u"\\");

NTSTATUS NpCheckAccess(PNP_PIPE Pipe, const IOP_OPEN_PACKET *Packet, ACCESS_MASK More)
{
    ACCESS_MASK Granted;

    if (!PsGetCurrentThread())
        return STATUS_SUCCESS;
    if (!Packet->DesiredAccess) /* it would be refused when it has taken an instance */
        return STATUS_ACCESS_DENIED;
    return SeAccessCheck(Pipe->Security, ObGetGenericMapping(IoFileType), FILE_ALL_ACCESS,
                         ObMapGenericAccess(IoFileType, Packet->DesiredAccess) | More, &Granted);
}

/* A client must not want what the server keeps for itself. */
static NTSTATUS NpCheckDirection(PNP_PIPE Pipe, const IOP_OPEN_PACKET *Packet)
{
    ACCESS_MASK Access = ObMapGenericAccess(IoFileType, Packet->DesiredAccess);

    if ((Access & FILE_READ_DATA) && Pipe->Configuration == FILE_PIPE_INBOUND)
        return STATUS_ACCESS_DENIED;
    if ((Access & FILE_WRITE_DATA) && Pipe->Configuration == FILE_PIPE_OUTBOUND)
        return STATUS_ACCESS_DENIED;
    return STATUS_SUCCESS;
}

/* Nobody else comes in between from here on. */
static NTSTATUS NpConnectClient(PIO_FILE File, PNP_END End, PNP_INSTANCE Instance,
                                PIOP_OPEN_PACKET Packet)
{
    NTSTATUS Status = NpCaptureClient(Instance, &Packet->Quality);

    if (!NT_SUCCESS(Status))
        return Status;
    File->FsContext = End;
    File->Header.SignalState = 1;
    Packet->Information = FILE_OPENED;
    NpConnect(Instance, End);
    return STATUS_SUCCESS;
}

/* Instance NULL: any that listens. */
static NTSTATUS NpOpenClient(PIO_FILE File, PNP_PIPE Pipe, PNP_INSTANCE Instance,
                             PIOP_OPEN_PACKET Packet)
{
    PNP_END End = NpAllocateEnd(FILE_PIPE_CLIENT_END, Pipe); /* keeps the pipe from here on */
    NTSTATUS Status = End ? NpCheckAccess(Pipe, Packet, 0) : STATUS_INSUFFICIENT_RESOURCES;

    if (NT_SUCCESS(Status))
        Status = NpCheckDirection(Pipe, Packet);
    if (NT_SUCCESS(Status))
        Status = IopSetFileName(File, &Pipe->Named.Name);
    if (NT_SUCCESS(Status) && !Pipe->CurrentInstances)
        Status = STATUS_OBJECT_NAME_NOT_FOUND;
    if (NT_SUCCESS(Status) && !Instance && !IsListEmpty(&Pipe->Listening))
        Instance = CONTAINING_RECORD(Pipe->Listening.Flink, NP_INSTANCE, ListeningEntry);
    if (NT_SUCCESS(Status) && (!Instance || Instance->State != FILE_PIPE_LISTENING_STATE))
        Status = STATUS_PIPE_NOT_AVAILABLE;
    if (NT_SUCCESS(Status))
        Status = NpConnectClient(File, End, Instance, Packet);
    if (!NT_SUCCESS(Status) && End)
        NpFreeEnd(End);
    return Status;
}

/* The device or the root directory: who may do that is said by the device's descriptor. */
static NTSTATUS NpOpenNode(PIO_FILE File, PCUNICODE_STRING Name, NP_KIND *Node,
                           PIOP_OPEN_PACKET Packet)
{
    ACCESS_MASK Granted;
    NTSTATUS Status = STATUS_SUCCESS;

    if (Packet->New)
        return STATUS_OBJECT_NAME_INVALID;
    if (Packet->Disposition != FILE_OPEN && Packet->Disposition != FILE_OPEN_IF)
        return STATUS_ACCESS_DENIED;
    if (Packet->DesiredAccess)
        Status = ObCheckAccess(File->Device, Packet->DesiredAccess, &Granted);
    if (NT_SUCCESS(Status))
        Status = IopSetFileName(File, Name);
    if (!NT_SUCCESS(Status))
        return Status;
    File->FsContext = Node;
    File->Header.SignalState = 1;
    Packet->Information = FILE_OPENED;
    return STATUS_SUCCESS;
}

/* The instance of a server's end, whatever its name. */
static NTSTATUS NpOpenRelated(PIO_FILE File, PNP_END End, PCUNICODE_STRING Name,
                              PIOP_OPEN_PACKET Packet)
{
    PNP_INSTANCE Instance = End->Instance;
    NTSTATUS Status;

    if (Name->Length || Packet->New)
        return STATUS_OBJECT_NAME_INVALID;
    if (!Instance)
        return STATUS_PIPE_DISCONNECTED;
    Instance->References++;
    Status = NpOpenClient(File, End->Pipe, Instance, Packet);
    NpDereferenceInstance(Instance);
    return Status;
}

/* A name with its leading backslash: the root, or a pipe. */
static NTSTATUS NpOpenNamed(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    PNP_PIPE Pipe;

    if (Name->Length == sizeof(WCHAR))
        return NpOpenNode(File, &NpBackslash, &NpRootContext, Packet);
    if (Name->Length > IOP_MAXIMUM_STREAM_NAME)
        return STATUS_OBJECT_NAME_INVALID;
    if (Packet->New)
        return NpOpenServer(File, Name, Packet);
    Pipe = NpFindPipe(Name);
    if (!Pipe)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    if (Packet->Options & FILE_DIRECTORY_FILE)
        return STATUS_NOT_A_DIRECTORY;
    return NpOpenClient(File, Pipe, NULL, Packet);
}

/* A name below the root directory; none makes a pipe without a name. */
static NTSTATUS NpOpenInRoot(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    WCHAR Buffer[IOP_MAXIMUM_STREAM_NAME / sizeof(WCHAR)];
    UNICODE_STRING Full = {Name->Length + sizeof(WCHAR), sizeof(Buffer), Buffer};

    if (!Name->Length)
        return Packet->New ? NpOpenServer(File, &NpNoName, Packet)
                           : NpOpenNode(File, &NpBackslash, &NpRootContext, Packet);
    if (Name->Length > IOP_MAXIMUM_STREAM_NAME - sizeof(WCHAR))
        return STATUS_OBJECT_NAME_INVALID;
    Buffer[0] = '\\';
    memcpy(Buffer + 1, Name->Buffer, Name->Length);
    return NpOpenNamed(File, &Full, Packet);
}

NTSTATUS NpOpen(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    PIO_FILE Related = Packet->Related;

    if (Packet->New && Packet->New->Mailslot)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (Related && NpEndOf(Related))
        return NpOpenRelated(File, NpEndOf(Related), Name, Packet);
    if (Related && Related->FsContext == &NpRootContext)
        return NpOpenInRoot(File, Name, Packet);
    if (Related && Name->Length)
        return STATUS_OBJECT_NAME_INVALID;
    return Name->Length ? NpOpenNamed(File, Name, Packet)
                        : NpOpenNode(File, &NpNoName, &NpDeviceContext, Packet);
}

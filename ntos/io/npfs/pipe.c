/* SPDX-License-Identifier: BSD-2-Clause */
/* Pipes by name, and by number for those who list them. */
#include "npfsp.h"

static IOP_NAME_TABLE NpTable;

static PNP_PIPE NpNamed(PIOP_NAMED Named)
{
    return Named ? CONTAINING_RECORD(Named, NP_PIPE, Named) : NULL;
}

PNP_PIPE NpFindPipe(PCUNICODE_STRING Name)
{
    return NpNamed(IopFindNamed(&NpTable, Name));
}

PNP_PIPE NpNextPipe(ULONG Number)
{
    return NpNamed(IopNextNamed(&NpTable, Number));
}

void NpUnlistPipe(PNP_PIPE Pipe)
{
    IopRemoveNamed(&NpTable, &Pipe->Named);
}

void NpDereferencePipe(PNP_PIPE Pipe)
{
    if (--Pipe->References)
        return;
    SeDereferenceDescriptor(Pipe->Security);
    ExFreeUnicodeString(&Pipe->Named.Name);
    ExFreePool(Pipe);
}

/* Who may share what is what the server does not do itself. */
static ULONG NpConfigurationOf(ULONG ShareAccess)
{
    if (ShareAccess == (FILE_SHARE_READ | FILE_SHARE_WRITE))
        return FILE_PIPE_FULL_DUPLEX;
    return ShareAccess == FILE_SHARE_READ ? FILE_PIPE_OUTBOUND : FILE_PIPE_INBOUND;
}

/* Making the descriptor gives way: the caller looks for the name once more. */
NTSTATUS NpCreatePipe(PCUNICODE_STRING Name, const IOP_OPEN_PACKET *Packet, PNP_PIPE *Result)
{
    PNP_PIPE Pipe = ExAllocatePool(sizeof(*Pipe));
    NTSTATUS Status;

    if (!Pipe)
        return STATUS_INSUFFICIENT_RESOURCES;
    Pipe->Kind = NpPipeNode;
    Pipe->References = 1;
    Pipe->Type = Packet->New->Type & FILE_PIPE_MESSAGE_TYPE;
    Pipe->Configuration = NpConfigurationOf(Packet->ShareAccess);
    Pipe->MaximumInstances = Packet->New->MaximumInstances;
    Pipe->DefaultTimeout = Packet->New->Timeout;
    InitializeListHead(&Pipe->Listening);
    InitializeListHead(&Pipe->Waiters);
    Status = IopSetNamed(&Pipe->Named, Name);
    if (NT_SUCCESS(Status))
        Status =
            SeNewDescriptor(IoFileType, NULL, Packet->SecurityDescriptor, NULL, &Pipe->Security);
    if (NT_SUCCESS(Status) && Name->Length && NpFindPipe(Name))
        Status = STATUS_OBJECT_NAME_COLLISION;
    if (!NT_SUCCESS(Status)) {
        NpDereferencePipe(Pipe);
        return Status;
    }
    if (Name->Length)
        IopInsertNamed(&NpTable, &Pipe->Named);
    *Result = Pipe;
    return STATUS_SUCCESS;
}

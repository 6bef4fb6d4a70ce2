/* SPDX-License-Identifier: BSD-2-Clause */
/* Files whose finished requests are reported to a completion port. */
#include "iop.h"

#define IOP_PORT_FLAGS                                                                             \
    (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE |                        \
     FILE_SKIP_SET_USER_EVENT_ON_FAST_IO)

static void IopReplacePort(PIO_FILE File, PIO_COMPLETION Port, PVOID Key)
{
    PIO_COMPLETION Old = File->Port;

    File->Port = Port;
    File->PortKey = Key;
    if (Old)
        ObDereferenceObject(Old);
}

/* As in Windows a file keeps its port until it is replaced in so many words. */
NTSTATUS IopAssociatePort(PIO_FILE File, const FILE_COMPLETION_INFORMATION *Information,
                          BOOLEAN Replace)
{
    PIO_COMPLETION Port = NULL;
    NTSTATUS Status;

    if (IopIsSynchronous(File) || (File->Port && !Replace))
        return STATUS_INVALID_PARAMETER;
    if (Information->Port || !Replace) {
        Status = ObReferenceObjectByHandle(Information->Port, IO_COMPLETION_MODIFY_STATE,
                                           IoCompletionType, (PVOID *)&Port);
        if (!NT_SUCCESS(Status))
            return Status;
    }
    IopReplacePort(File, Port, Information->Key);
    return STATUS_SUCCESS;
}

/* Flags are only added. */
NTSTATUS IopSetPortFlags(PIO_FILE File, ULONG Flags)
{
    if ((Flags & ~IOP_PORT_FLAGS) || IopIsSynchronous(File))
        return STATUS_INVALID_PARAMETER;
    File->PortFlags |= Flags;
    return STATUS_SUCCESS;
}

/* The file may get its port while the request is under way. */
NTSTATUS IopPreparePacket(PIO_FILE File, PVOID Context, PIO_PACKET *Packet)
{
    *Packet = NULL;
    if (!Context || IopIsSynchronous(File))
        return STATUS_SUCCESS;
    *Packet = IoAllocatePacket(PsGetCurrentProcess());
    if (!*Packet)
        return STATUS_INSUFFICIENT_RESOURCES;
    (*Packet)->Context = Context;
    return STATUS_SUCCESS;
}

/* An error that the caller gets as the service's result is not reported. */
static BOOLEAN IopIsReported(PIO_FILE File, NTSTATUS Status, BOOLEAN Pending)
{
    if (Pending)
        return TRUE;
    return !NT_ERROR(Status) && !(File->PortFlags & FILE_SKIP_COMPLETION_PORT_ON_SUCCESS);
}

void IopPostClient(PIO_FILE File, PIOP_CLIENT Client, const IO_STATUS_BLOCK *Block, BOOLEAN Pending)
{
    PIO_PACKET Packet = Client->Packet;

    if (!Packet || !File->Port || !IopIsReported(File, Block->Status, Pending))
        return;
    Client->Packet = NULL;
    Packet->Key = File->PortKey;
    Packet->Block = *Block;
    IoPostPacket(File->Port, Packet);
}

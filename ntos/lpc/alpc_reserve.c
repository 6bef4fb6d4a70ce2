/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that are paid for beforehand. */
#include "alpcp.h"

PLPCP_MESSAGE AlpcpTakeFromReserve(PLPCP_PORT Port, ULONG Length)
{
    PLIST_ENTRY Head = &Port->Alpc.Resources, Entry;

    for (Entry = Head->Flink; Entry != Head; Entry = Entry->Flink) {
        PALPCP_RESOURCE Reserve = CONTAINING_RECORD(Entry, ALPCP_RESOURCE, Links);

        if (Reserve->Kind != AlpcpReserve || Reserve->Reserve.InUse ||
            Reserve->Reserve.Message->Room < Length)
            continue;
        Reserve->Reserve.InUse = TRUE;
        return Reserve->Reserve.Message;
    }
    return NULL;
}

void AlpcpReturnToReserve(PLPCP_MESSAGE Message)
{
    Message->Reserve->Reserve.InUse = FALSE;
}

void AlpcpFreeReserve(PALPCP_RESOURCE Reserve)
{
    PLPCP_MESSAGE Message = Reserve->Reserve.Message;

    Message->Reserve = NULL;
    LpcpDereferenceMessage(Message);
}

static NTSTATUS MakeMessage(ULONG Length, PLPCP_MESSAGE *Message)
{
    if (Length < PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH)
        Length = PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH;
    *Message = LpcpAllocateMessage(Length);
    return *Message ? STATUS_SUCCESS : STATUS_QUOTA_EXCEEDED;
}

static NTSTATUS CreateReserve(PLPCP_PORT Port, ULONG Length, CLIENT(PALPC_HANDLE) ResourceId)
{
    PALPCP_RESOURCE Reserve;
    PLPCP_MESSAGE Message;
    ALPC_HANDLE Handle;
    NTSTATUS Status;

    if (Length > Port->MaximumMessage)
        return STATUS_PORT_MESSAGE_TOO_LONG;
    Status = MakeMessage(Length, &Message);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = AlpcpCreateResource(Port, AlpcpReserve, &Reserve);
    if (!NT_SUCCESS(Status)) {
        LpcpDereferenceMessage(Message);
        return Status;
    }
    Message->Reserve = Reserve;
    Reserve->Reserve.Message = Message;
    Handle = (ALPC_HANDLE)(ULONG_PTR)Reserve->Handle;
    return MmWriteClient(ResourceId, &Handle);
}

/*
 * NtAlpcCreateResourceReserve: sets memory aside for a message of MessageSize bytes (with header)
 * that is sent through the port when the sender's quota is exhausted. Returns
 * STATUS_INVALID_PARAMETER (flags, size), STATUS_PORT_MESSAGE_TOO_LONG, STATUS_QUOTA_EXCEEDED,
 * STATUS_NO_MEMORY, STATUS_INSUFFICIENT_RESOURCES (too many), STATUS_ACCESS_VIOLATION, and what
 * handles may give.
 */
NTSTATUS NtAlpcCreateResourceReserve(HANDLE PortHandle, ULONG Flags, SIZE_T MessageSize,
                                     CLIENT(PALPC_HANDLE) ResourceId)
{
    PLPCP_PORT Port;
    NTSTATUS Status;

    if (Flags || MessageSize < sizeof(PORT_MESSAGE))
        return STATUS_INVALID_PARAMETER;
    if (MessageSize > ALPC_MAXIMUM_MESSAGE_LENGTH)
        return STATUS_PORT_MESSAGE_TOO_LONG;
    Status = MmProbeForWrite(ResourceId, sizeof(*ResourceId));
    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CreateReserve(Port, (ULONG)MessageSize, ResourceId);
    ObDereferenceObject(Port);
    return Status;
}

/*
 * NtAlpcDeleteResourceReserve: gives the memory back. Returns STATUS_INVALID_PARAMETER (flags),
 * STATUS_INVALID_HANDLE, STATUS_RESOURCE_IN_USE (its message is under way), and what handles may
 * give.
 */
NTSTATUS NtAlpcDeleteResourceReserve(HANDLE PortHandle, ULONG Flags, ALPC_HANDLE ResourceId)
{
    PALPCP_RESOURCE Reserve;
    PLPCP_PORT Port;
    NTSTATUS Status;

    if (Flags)
        return STATUS_INVALID_PARAMETER;
    Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Reserve = AlpcpFindResource(Port, AlpcpReserve, ResourceId);
    if (!Reserve)
        Status = STATUS_INVALID_HANDLE;
    else if (Reserve->Reserve.InUse)
        Status = STATUS_RESOURCE_IN_USE;
    else
        AlpcpDeleteResource(Port, Reserve);
    ObDereferenceObject(Port);
    return Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC ports: making them, their attributes, and disconnecting them. */
#include "alpcp.h"

#define KNOWN_FLAGS 0x03ff0000u /* ALPC_PORFLG_ */

NTSTATUS AlpcpCaptureAttributes(CLIENT(PALPC_PORT_ATTRIBUTES) Client,
                                PALPC_PORT_ATTRIBUTES Attributes)
{
    NTSTATUS Status;

    *Attributes = (ALPC_PORT_ATTRIBUTES){0};
    if (!Client)
        return STATUS_SUCCESS;
    Status = MmReadClient(Attributes, Client);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Attributes->Flags & ~KNOWN_FLAGS ||
        Attributes->DupObjectTypes & ~(ULONG)ALPC_PORFLG_OBJECT_TYPE_ALL)
        return STATUS_INVALID_PARAMETER;
    if (Attributes->MaxMessageLength > ALPC_MAXIMUM_MESSAGE_LENGTH ||
        (Attributes->MaxMessageLength && Attributes->MaxMessageLength < sizeof(PORT_MESSAGE)))
        return STATUS_INVALID_PARAMETER;
    if ((ULONG)Attributes->SecurityQos.ImpersonationLevel > SecurityDelegation)
        return STATUS_BAD_IMPERSONATION_LEVEL;
    return STATUS_SUCCESS;
}

void AlpcpSetAttributes(PLPCP_PORT Port, const ALPC_PORT_ATTRIBUTES *Attributes, USHORT Maximum)
{
    SIZE_T Length = Attributes->MaxMessageLength;
    SIZE_T Room = PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH - sizeof(PORT_MESSAGE);

    Port->Alpc.Flags = Attributes->Flags;
    Port->Alpc.HandleTypes = Attributes->DupObjectTypes;
    Port->Alpc.MaximumSection = Attributes->MaxSectionSize;
    Port->Alpc.MaximumView = Attributes->MaxViewSize;
    Port->Alpc.MaximumSections = Attributes->MaxTotalSectionSize;
    Port->MaximumMessage = Length && Length < Maximum ? (USHORT)Length : Maximum;
    if (Room > Port->MaximumMessage - sizeof(PORT_MESSAGE))
        Room = Port->MaximumMessage - sizeof(PORT_MESSAGE);
    Port->MaximumInformation = (USHORT)Room; /* for those who connect with LPC's own services */
    Port->MaximumQueued = LPCP_PORT_QUOTA;
    if (Attributes->MaxPoolUsage && Attributes->MaxPoolUsage < LPCP_PORT_QUOTA)
        Port->MaximumQueued = Attributes->MaxPoolUsage;
}

NTSTATUS AlpcpCheckClient(PLPCP_PORT Server)
{
    if (Server->IsAlpc && !(Server->Alpc.Flags & ALPC_PORFLG_ALLOW_LPC_REQUESTS))
        return STATUS_LPC_REQUESTS_NOT_ALLOWED;
    return STATUS_SUCCESS;
}

void AlpcpDeletePort(PLPCP_PORT Port)
{
    while (!IsListEmpty(&Port->Alpc.Resources))
        AlpcpDeleteResource(Port,
                            CONTAINING_RECORD(Port->Alpc.Resources.Flink, ALPCP_RESOURCE, Links));
    if (Port->Alpc.Completion)
        ObDereferenceObject(Port->Alpc.Completion);
}

static NTSTATUS CreatePort(CLIENT(PHANDLE) PortHandle, POB_ATTRIBUTES ObjectAttributes,
                           const ALPC_PORT_ATTRIBUTES *Attributes)
{
    PLPCP_PORT Port;
    NTSTATUS Status = LpcpCreatePort(
        ObjectAttributes->Name.Length ? LpcpConnectionPort : LpcpUnconnectedPort, &Port);

    if (!NT_SUCCESS(Status))
        return Status;
    Port->IsAlpc = TRUE;
    AlpcpSetAttributes(Port, Attributes,
                       Attributes->MaxMessageLength ? ALPC_MAXIMUM_MESSAGE_LENGTH
                                                    : PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH);
    Port->CanWait = (Attributes->Flags & ALPC_PORFLG_WAITABLE_PORT) != 0;
    Port->Waitable.Header.SignalState = !Port->CanWait;
    return ObInsertObject(Port, ObjectAttributes, PORT_ALL_ACCESS, PortHandle);
}

/*
 * NtAlpcCreatePort: makes a port that clients can connect to by its name; without a name one that
 * nobody can connect to, and that receives what is sent through it. MaxMessageLength 0, or no
 * PortAttributes: PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH. Returns STATUS_INVALID_PARAMETER (flags,
 * types, length), STATUS_BAD_IMPERSONATION_LEVEL, STATUS_ACCESS_VIOLATION,
 * STATUS_OBJECT_NAME_COLLISION, and what names and handles may give.
 */
NTSTATUS NtAlpcCreatePort(CLIENT(PHANDLE) PortHandle, CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                          CLIENT(PALPC_PORT_ATTRIBUTES) PortAttributes)
{
    ALPC_PORT_ATTRIBUTES Wishes;
    OB_ATTRIBUTES Attributes;
    NTSTATUS Status = MmProbeForWrite(PortHandle, sizeof(*PortHandle));

    if (NT_SUCCESS(Status))
        Status = AlpcpCaptureAttributes(PortAttributes, &Wishes);
    if (NT_SUCCESS(Status))
        Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CreatePort(PortHandle, &Attributes, &Wishes);
    ObFreeAttributes(&Attributes);
    return Status;
}

static NTSTATUS Disconnect(PLPCP_PORT Port)
{
    if (Port->Closed)
        return STATUS_PORT_DISCONNECTED;
    if (Port->Kind == LpcpConnectionPort)
        LpcpCloseConnectionPort(Port);
    else
        LpcpDisconnect(Port);
    return STATUS_SUCCESS;
}

/*
 * NtAlpcDisconnectPort: ends the connection as if the port's last handle were closed; the handle
 * stays. Nobody can connect to a connection port any more.
 * ALPC_DISCONNECT_PORT_FLG_SKIP_PENDING_FLUSH changes nothing. Returns STATUS_INVALID_PARAMETER
 * (flags), STATUS_PORT_DISCONNECTED (it is already), and what handles may give.
 */
NTSTATUS NtAlpcDisconnectPort(HANDLE PortHandle, ULONG Flags)
{
    PLPCP_PORT Port;
    NTSTATUS Status;

    if (Flags & ~(ULONG)ALPC_DISCONNECT_PORT_FLG_SKIP_PENDING_FLUSH)
        return STATUS_INVALID_PARAMETER;
    Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Disconnect(Port);
    ObDereferenceObject(Port);
    return Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Servers that act for their clients. */
#include "alpcp.h"

NTSTATUS LpcpImpersonateSender(PLPCP_MESSAGE Request)
{
    PTOKEN Token;
    NTSTATUS Status = AlpcpReferenceSenderToken(Request, &Token);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = SeImpersonate(PsGetCurrentThread(), Token);
    ObDereferenceObject(Token);
    return Status;
}

static NTSTATUS Impersonate(PLPCP_PORT Port, const PORT_MESSAGE *Header)
{
    PLPCP_MESSAGE Request;
    NTSTATUS Status;

    if (Port->Kind != LpcpServerPort)
        return STATUS_INVALID_PORT_HANDLE;
    if (!Port->Peer)
        return STATUS_PORT_DISCONNECTED;
    Status = LpcpFindPending(Port, Header->MessageId, &Header->ClientId, &Request);
    if (!NT_SUCCESS(Status))
        return Status;
    if (LPCP_TYPE(Request) != LPC_REQUEST || Request->Source != Port->Peer)
        return STATUS_REPLY_MESSAGE_MISMATCH;
    LpcpReferenceMessage(Request);
    Status = LpcpImpersonateSender(Request);
    LpcpDereferenceMessage(Request);
    return Status;
}

/*
 * NtImpersonateClientOfPort: the calling thread acts for the sender of a request that it has
 * received through the server's port, at most as its client has allowed when it connected. Returns
 * STATUS_INVALID_PORT_HANDLE (no server's port), STATUS_PORT_DISCONNECTED,
 * STATUS_REPLY_MESSAGE_MISMATCH, STATUS_INVALID_CID, STATUS_BAD_IMPERSONATION_LEVEL,
 * STATUS_INSUFFICIENT_RESOURCES, STATUS_ACCESS_VIOLATION, and what handles may give.
 */
NTSTATUS NtImpersonateClientOfPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Message)
{
    PORT_MESSAGE Header;
    PLPCP_PORT Port;
    NTSTATUS Status = MmReadClient(&Header, Message);

    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Impersonate(Port, &Header);
    ObDereferenceObject(Port);
    return Status;
}

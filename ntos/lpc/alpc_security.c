/* SPDX-License-Identifier: BSD-2-Clause */
/* For whom servers may act: contexts that clients make, and impersonation. */
#include "alpcp.h"

void AlpcpDereferenceSecurity(PALPCP_SECURITY Security)
{
    if (--Security->References)
        return;
    if (Security->Token)
        ObDereferenceObject(Security->Token);
    ExFreePool(Security);
}

NTSTATUS AlpcpCreateSecurity(const SECURITY_QUALITY_OF_SERVICE *Quality, PALPCP_SECURITY *Security)
{
    PALPCP_SECURITY New;
    PTOKEN Token;
    NTSTATUS Status;

    if ((ULONG)Quality->ImpersonationLevel > SecurityDelegation)
        return STATUS_BAD_IMPERSONATION_LEVEL;
    Status = SeCreateClientToken(PsGetCurrentThread(), Quality, &Token);
    if (!NT_SUCCESS(Status))
        return Status;
    New = ExAllocatePool(sizeof(*New));
    if (!New) {
        ObDereferenceObject(Token);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    New->References = 1;
    New->Token = Token;
    *Security = New;
    return STATUS_SUCCESS;
}

/* ---- The sender of a message ---- */

PETHREAD AlpcpFindSenderThread(PLPCP_MESSAGE Message)
{
    PETHREAD Thread = Message->WantsAnswer ? Message->Sender : NULL;

    if (!Thread)
        Thread = PsFindThreadById((ULONG_PTR)Message->Header.ClientId.UniqueThread);
    if (!Thread || Thread->Process->UniqueProcessId != Message->Header.ClientId.UniqueProcess)
        return NULL;
    return Thread;
}

PTOKEN AlpcpReferenceSenderIdentity(PLPCP_MESSAGE Message)
{
    PTOKEN Token = Message->Source ? Message->Source->ClientToken : NULL;
    PETHREAD Thread;

    if (Message->Attributes && Message->Attributes->Security)
        Token = Message->Attributes->Security->Token;
    if (!Token) {
        Thread = AlpcpFindSenderThread(Message);
        if (!Thread)
            return NULL;
        Token = Thread->ImpersonationToken ? Thread->ImpersonationToken : Thread->Process->Token;
    }
    ObReferenceObject(Token);
    return Token;
}

/* With dynamic tracking: for whom the sender of the message acts now. */
static NTSTATUS TrackSender(PLPCP_MESSAGE Message, PTOKEN *Token)
{
    PETHREAD Thread = AlpcpFindSenderThread(Message);
    NTSTATUS Status;

    if (!Thread)
        return STATUS_CANNOT_IMPERSONATE;
    ObReferenceObject(Thread);
    Status = SeCreateClientToken(Thread, &Message->Source->SecurityQos, Token);
    ObDereferenceObject(Thread);
    return Status;
}

NTSTATUS AlpcpReferenceSenderToken(PLPCP_MESSAGE Message, PTOKEN *Token)
{
    PLPCP_PORT Client = Message->Source;

    if (Message->Attributes && Message->Attributes->Security)
        *Token = Message->Attributes->Security->Token;
    else if (Client->IsAlpc && !(Client->Alpc.Flags & ALPC_PORFLG_ALLOW_IMPERSONATION))
        return STATUS_CANNOT_IMPERSONATE;
    else if (!Client->ClientToken)
        return TrackSender(Message, Token);
    else
        *Token = Client->ClientToken;
    if (!*Token)
        return STATUS_CANNOT_IMPERSONATE;
    ObReferenceObject(*Token);
    return STATUS_SUCCESS;
}

/* ---- Contexts ---- */

static NTSTATUS CreateContext(PLPCP_PORT Port, const SECURITY_QUALITY_OF_SERVICE *Quality,
                              PULONG Handle)
{
    PALPCP_RESOURCE Context;
    PALPCP_SECURITY Security;
    NTSTATUS Status = AlpcpCreateSecurity(Quality, &Security);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = AlpcpCreateResource(Port, AlpcpContext, &Context);
    if (!NT_SUCCESS(Status)) {
        AlpcpDereferenceSecurity(Security);
        return Status;
    }
    Security->Handle = *Handle = Context->Handle;
    Context->Security = Security;
    return STATUS_SUCCESS;
}

/*
 * NtAlpcCreateSecurityContext: who the calling thread acts for, with the quality of *QoS, to go
 * with messages that are sent through the port. ContextHandle receives its handle there. Flags of
 * the attribute: 0 or ALPC_SECFLG_CREATE_HANDLE. Returns STATUS_INVALID_PARAMETER (flags),
 * STATUS_BAD_IMPERSONATION_LEVEL, STATUS_INSUFFICIENT_RESOURCES, STATUS_ACCESS_VIOLATION, and what
 * handles may give.
 */
NTSTATUS NtAlpcCreateSecurityContext(HANDLE PortHandle, ULONG Flags,
                                     CLIENT(PALPC_SECURITY_ATTR) SecurityAttribute)
{
    SECURITY_QUALITY_OF_SERVICE Quality;
    ALPC_SECURITY_ATTR Attribute;
    PLPCP_PORT Port;
    ULONG Handle;
    NTSTATUS Status;

    if (Flags)
        return STATUS_INVALID_PARAMETER;
    Status = MmProbeForWrite(SecurityAttribute, sizeof(*SecurityAttribute));
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Attribute, SecurityAttribute);
    if (NT_SUCCESS(Status) && Attribute.Flags & ~(ULONG)ALPC_SECFLG_CREATE_HANDLE)
        Status = STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(Status))
        Status =
            MmReadClient(&Quality, (CLIENT(PSECURITY_QUALITY_OF_SERVICE))(ULONG_PTR)Attribute.QoS);
    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CreateContext(Port, &Quality, &Handle);
    ObDereferenceObject(Port);
    Attribute.ContextHandle = (ALPC_HANDLE)(ULONG_PTR)Handle;
    return NT_SUCCESS(Status) ? MmWriteClient(SecurityAttribute, &Attribute) : Status;
}

static void Revoke(PALPCP_SECURITY Security)
{
    PTOKEN Token = Security->Token;

    Security->Token = NULL;
    if (Token)
        ObDereferenceObject(Token);
}

static NTSTATUS EndContext(HANDLE PortHandle, ULONG Flags, ALPC_HANDLE ContextHandle,
                           BOOLEAN Delete)
{
    PALPCP_RESOURCE Context;
    PLPCP_PORT Port;
    NTSTATUS Status;

    if (Flags)
        return STATUS_INVALID_PARAMETER;
    Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Context = AlpcpFindResource(Port, AlpcpContext, ContextHandle);
    if (Context && Delete)
        AlpcpDeleteResource(Port, Context);
    else if (Context)
        Revoke(Context->Security);
    ObDereferenceObject(Port);
    return Context ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

/*
 * NtAlpcDeleteSecurityContext: the port forgets the context; messages that are under way with it
 * keep it. Returns STATUS_INVALID_PARAMETER (flags), STATUS_INVALID_HANDLE, and what handles may
 * give.
 */
NTSTATUS NtAlpcDeleteSecurityContext(HANDLE PortHandle, ULONG Flags, ALPC_HANDLE ContextHandle)
{
    return EndContext(PortHandle, Flags, ContextHandle, TRUE);
}

/* NtAlpcRevokeSecurityContext: nobody can act for it any more, whoever has it. As above. */
NTSTATUS NtAlpcRevokeSecurityContext(HANDLE PortHandle, ULONG Flags, ALPC_HANDLE ContextHandle)
{
    return EndContext(PortHandle, Flags, ContextHandle, FALSE);
}

/* ---- Impersonation ---- */

static NTSTATUS ImpersonateNobody(void)
{
    static const SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), SecurityAnonymous, FALSE,
                                                        FALSE};
    PTOKEN Token;
    NTSTATUS Status = SeCreateClientToken(PsGetCurrentThread(), &Quality, &Token);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = SeImpersonate(PsGetCurrentThread(), Token);
    ObDereferenceObject(Token);
    return Status;
}

static NTSTATUS Impersonate(PLPCP_MESSAGE Message, ULONG_PTR Flags)
{
    SECURITY_IMPERSONATION_LEVEL Level = (SECURITY_IMPERSONATION_LEVEL)(Flags >> 2);
    PTOKEN Token;
    NTSTATUS Status;

    if (Flags & ALPC_IMPERSONATEFLG_ANONYMOUS)
        return ImpersonateNobody();
    Status = AlpcpReferenceSenderToken(Message, &Token);
    if (!NT_SUCCESS(Status))
        return Status;
    if ((Flags & ALPC_IMPERSONATEFLG_REQUIRE_IMPERSONATE) && Level < SecurityImpersonation)
        Level = SecurityImpersonation;
    Status = Token->Level < Level ? STATUS_BAD_IMPERSONATION_LEVEL
                                  : SeImpersonate(PsGetCurrentThread(), Token);
    ObDereferenceObject(Token);
    return Status;
}

/*
 * NtAlpcImpersonateClientOfPort: the calling thread acts for the sender of a message that has been
 * received by way of the port and has not ended: with the context that has come with it, else as
 * its client's port allows. Flags: ALPC_IMPERSONATEFLG_ANONYMOUS: for nobody;
 * ALPC_IMPERSONATEFLG_REQUIRE_IMPERSONATE: if at least SecurityImpersonation is allowed; the bits
 * above: the level that must be. Returns STATUS_INVALID_PARAMETER (flags),
 * STATUS_CANNOT_IMPERSONATE (the client does not allow it, has revoked it, or its thread has
 * ended), STATUS_BAD_IMPERSONATION_LEVEL, STATUS_MESSAGE_LOST, STATUS_INVALID_MESSAGE,
 * STATUS_INSUFFICIENT_RESOURCES, STATUS_ACCESS_VIOLATION, and what handles may give.
 */
NTSTATUS NtAlpcImpersonateClientOfPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Message,
                                       PVOID Flags)
{
    PLPCP_MESSAGE Request;
    PLPCP_PORT Port;
    NTSTATUS Status;

    if ((ULONG_PTR)Flags >> 2 > SecurityDelegation)
        return STATUS_INVALID_PARAMETER;
    Status = AlpcpReferenceReceived(PortHandle, Message, &Port, &Request);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Impersonate(Request, (ULONG_PTR)Flags);
    LpcpDereferenceMessage(Request);
    ObDereferenceObject(Port);
    return Status;
}

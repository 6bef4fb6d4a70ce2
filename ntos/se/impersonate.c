/* SPDX-License-Identifier: BSD-2-Clause */
/* Which token a process has, and whom threads act for. */
#include "sep.h"

/* ---- Processes ---- */
NTSTATUS SeProcessToken(PEPROCESS Parent, PTOKEN Source, PTOKEN *Token)
{
    static const SEP_COPY Copy = {.Type = TokenPrimary};
    PSE_DESCRIPTOR Descriptor;
    NTSTATUS Status;

    if (!Source)
        Source = Parent && Parent->Token ? Parent->Token : SepSystemToken;
    ObReferenceObject(Source);
    Status = SepCopyToken(Source, &Copy, Token);
    ObDereferenceObject(Source);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = SeNewDescriptor(SeTokenType, NULL, NULL, *Token, &Descriptor);
    if (NT_SUCCESS(Status))
        ObSetSecurity(*Token, Descriptor);
    else
        ObDereferenceObject(*Token);
    return Status;
}

/* A token that is made from the caller's own, or is a copy of it, is no more than that. */
static BOOLEAN IsOwn(PTOKEN Token)
{
    PTOKEN Own = PsGetCurrentProcess()->Token;

    return SepEqualSid(Token->Sids[0].Sid, Own->Sids[0].Sid) &&
           memcmp(&Token->ParentTokenId, &Own->TokenId, sizeof(LUID)) == 0;
}

NTSTATUS SeReferencePrimaryToken(HANDLE Handle, PTOKEN *Token)
{
    NTSTATUS Status = SepReferenceToken(Handle, TOKEN_ASSIGN_PRIMARY, Token);

    if (!NT_SUCCESS(Status))
        return Status;
    if ((*Token)->Type != TokenPrimary)
        Status = STATUS_BAD_TOKEN_TYPE;
    else if (!IsOwn(*Token) && !SeSinglePrivilegeCheck(SE_ASSIGNPRIMARYTOKEN_PRIVILEGE))
        Status = STATUS_PRIVILEGE_NOT_HELD;
    if (!NT_SUCCESS(Status)) {
        ObDereferenceObject(*Token);
        *Token = NULL;
    }
    return Status;
}

static BOOLEAN HasRun(PEPROCESS Process)
{
    PLIST_ENTRY Entry;

    for (Entry = Process->ThreadListHead.Flink; Entry != &Process->ThreadListHead;
         Entry = Entry->Flink)
        if (CONTAINING_RECORD(Entry, ETHREAD, ThreadListEntry)->Started)
            return TRUE;
    return FALSE;
}

/* A process has one thread, or few, until it has run. */
NTSTATUS SeSetProcessToken(PEPROCESS Process, HANDLE Handle)
{
    PTOKEN Token, New;
    NTSTATUS Status = SeReferencePrimaryToken(Handle, &Token);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = SeProcessToken(NULL, Token, &New);
    ObDereferenceObject(Token);
    if (!NT_SUCCESS(Status))
        return Status;
    if (HasRun(Process)) {
        ObDereferenceObject(New);
        return STATUS_NOT_SUPPORTED;
    }
    Token = Process->Token;
    Process->Token = New;
    ObDereferenceObject(Token);
    return STATUS_SUCCESS;
}

/* ---- Threads ---- */
void SeRevert(PETHREAD Thread)
{
    PTOKEN Token = Thread->ImpersonationToken;

    Thread->ImpersonationToken = NULL;
    if (Token)
        ObDereferenceObject(Token);
}

/* Oneself, whom one only identifies, and with a privilege everybody. A restricted process may not
 * become an unrestricted client. */
static BOOLEAN MayImpersonate(PTOKEN Process, PTOKEN Client)
{
    if (Client->Level < SecurityImpersonation || SepIsEnabled(Process, SE_IMPERSONATE_PRIVILEGE))
        return TRUE;
    return SepEqualSid(Process->Sids[0].Sid, Client->Sids[0].Sid) &&
           (!Process->Restricted || Client->Restricted) &&
           SepIntegrityLevel(Client) <= SepIntegrityLevel(Process);
}

NTSTATUS SeImpersonate(PETHREAD Thread, PTOKEN Token)
{
    static const SEP_COPY Identify = {.Type = TokenImpersonation, .Level = SecurityIdentification};
    NTSTATUS Status = STATUS_SUCCESS;

    if (MayImpersonate(Thread->Process->Token, Token))
        ObReferenceObject(Token);
    else
        Status = SepCopyToken(Token, &Identify, &Token);
    if (!NT_SUCCESS(Status))
        return Status;
    SeRevert(Thread);
    Thread->ImpersonationToken = Token;
    return STATUS_SUCCESS;
}

NTSTATUS SeSetImpersonationToken(PETHREAD Thread, HANDLE Handle)
{
    PTOKEN Token;
    NTSTATUS Status;

    if (!Handle) {
        SeRevert(Thread);
        return STATUS_SUCCESS;
    }
    Status = SepReferenceToken(Handle, TOKEN_IMPERSONATE, &Token);
    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        Token->Type == TokenImpersonation ? SeImpersonate(Thread, Token) : STATUS_BAD_TOKEN_TYPE;
    ObDereferenceObject(Token);
    return Status;
}

NTSTATUS SeCreateTokenForServer(PTOKEN Source, const SECURITY_QUALITY_OF_SERVICE *Quality,
                                PTOKEN *Token)
{
    SEP_COPY Copy = {TokenImpersonation, Quality->ImpersonationLevel, Quality->EffectiveOnly};
    PSE_DESCRIPTOR Descriptor;
    NTSTATUS Status;

    if (Quality->ImpersonationLevel == SecurityAnonymous)
        Source = SepAnonymousToken;
    ObReferenceObject(Source);
    Status = SepCopyToken(Source, &Copy, Token);
    ObDereferenceObject(Source);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = SeNewDescriptor(SeTokenType, NULL, NULL, *Token, &Descriptor);
    if (NT_SUCCESS(Status))
        ObSetSecurity(*Token, Descriptor);
    else
        ObDereferenceObject(*Token);
    return Status;
}

/* A thread that acts for somebody else hands on no more than it has been given. */
NTSTATUS SeCreateClientToken(PETHREAD Client, const SECURITY_QUALITY_OF_SERVICE *Quality,
                             PTOKEN *Token)
{
    PTOKEN Source = Client->ImpersonationToken;

    if (Source && Quality->ImpersonationLevel != SecurityAnonymous &&
        Quality->ImpersonationLevel > Source->Level)
        return STATUS_BAD_IMPERSONATION_LEVEL;
    return SeCreateTokenForServer(Source ? Source : Client->Process->Token, Quality, Token);
}

static NTSTATUS ImpersonateThread(PETHREAD Server, PETHREAD Client,
                                  const SECURITY_QUALITY_OF_SERVICE *Quality)
{
    PTOKEN Token;
    NTSTATUS Status = SeCreateClientToken(Client, Quality, &Token);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = SeImpersonate(Server, Token);
    ObDereferenceObject(Token);
    return Status;
}

/*
 * NtImpersonateThread: the server's thread acts for the client's from now on, with the quality
 * given. Needs THREAD_IMPERSONATE for the server, THREAD_DIRECT_IMPERSONATION for the client.
 * Returns STATUS_INVALID_PARAMETER (quality), STATUS_BAD_IMPERSONATION_LEVEL,
 * STATUS_ACCESS_VIOLATION ….  (Win32: NtImpersonateThread)
 */
NTSTATUS NTAPI NtImpersonateThread(HANDLE ServerThread, HANDLE ClientThread,
                                   CLIENT(PSECURITY_QUALITY_OF_SERVICE) SecurityQos)
{
    SECURITY_QUALITY_OF_SERVICE Quality;
    PETHREAD Server, Client;
    NTSTATUS Status = SepReadQuality(SecurityQos, &Quality);

    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(ClientThread, THREAD_DIRECT_IMPERSONATION, PsThreadType,
                                           (PVOID *)&Client);
    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        ObReferenceObjectByHandle(ServerThread, THREAD_IMPERSONATE, PsThreadType, (PVOID *)&Server);
    if (NT_SUCCESS(Status)) {
        Status = ImpersonateThread(Server, Client, &Quality);
        ObDereferenceObject(Server);
    }
    ObDereferenceObject(Client);
    return Status;
}

/*
 * NtImpersonateAnonymousToken: the thread acts for nobody in particular. Needs THREAD_IMPERSONATE.
 * Returns STATUS_ACCESS_DENIED in a restricted process.  (Win32: ImpersonateAnonymousToken)
 */
NTSTATUS NTAPI NtImpersonateAnonymousToken(HANDLE ThreadHandle)
{
    PETHREAD Thread;
    NTSTATUS Status =
        ObReferenceObjectByHandle(ThreadHandle, THREAD_IMPERSONATE, PsThreadType, (PVOID *)&Thread);

    if (!NT_SUCCESS(Status))
        return Status;
    if (PsGetCurrentProcess()->Token->Restricted) {
        Status = STATUS_ACCESS_DENIED;
    } else {
        SeRevert(Thread);
        ObReferenceObject(SepAnonymousToken);
        Thread->ImpersonationToken = SepAnonymousToken;
    }
    ObDereferenceObject(Thread);
    return Status;
}

NTSTATUS SeCheckUser(PEPROCESS Process, CLIENT(PSID) Client)
{
    PSID Sid;
    NTSTATUS Status = SepCaptureSid(Client, &Sid);

    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        RtlEqualSid(Sid, Process->Token->Sids[0].Sid) ? STATUS_SUCCESS : STATUS_SERVER_SID_MISMATCH;
    ExFreePool(Sid);
    return Status;
}

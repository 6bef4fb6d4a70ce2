/* SPDX-License-Identifier: BSD-2-Clause */
/* Tokens and subject contexts. A token is an object that has a handle to one of the Executive's. */
#include "se.h"
#include "ki.h"
#include "ntdll.h"
#include "ob.h"
#include "ps.h"

#undef PsDereferenceImpersonationToken
#undef PsDereferencePrimaryToken

#define SEP_GROUP_ENABLED 4 /* SE_GROUP_ENABLED, which the DDK lacks */
#define SEP_TOKEN_ACCESS (TOKEN_QUERY | TOKEN_DUPLICATE)

NTSTATUS SepOpenProcessToken(ULONG ProcessId, PHANDLE Token)
{
    EPROCESS Process = {.Id = ProcessId};
    HANDLE Handle;
    NTSTATUS Status;

    if (!ProcessId)
        return ZwOpenProcessToken(NtCurrentProcess(), SEP_TOKEN_ACCESS, Token);
    Status = PspOpenProcess(&Process, PROCESS_QUERY_LIMITED_INFORMATION, &Handle);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ZwOpenProcessToken(Handle, SEP_TOKEN_ACCESS, Token);
    ZwClose(Handle);
    return Status;
}

static NTSTATUS SepReopen(PACCESS_TOKEN Token, PHANDLE Handle)
{
    return ZwDuplicateObject(NtCurrentProcess(), ObpProxyHandle(Token), NtCurrentProcess(), Handle,
                             0, 0, DUPLICATE_SAME_ACCESS);
}

NTSTATUS SepOpenSubjectToken(PSECURITY_SUBJECT_CONTEXT Context, PHANDLE Token)
{
    if (Context && Context->ClientToken)
        return SepReopen(Context->ClientToken, Token);
    if (Context && Context->PrimaryToken)
        return SepReopen(Context->PrimaryToken, Token);
    return SepOpenProcessToken(HandleToULong(PsGetCurrentProcessId()), Token);
}

/* PsReferencePrimaryToken: NULL if the process is not there any more, or there is no memory. */
PACCESS_TOKEN NTAPI PsReferencePrimaryToken(PEPROCESS Process)
{
    HANDLE Handle;
    PVOID Token;

    if (!NT_SUCCESS(SepOpenProcessToken(Process->Id, &Handle)))
        return NULL;
    return NT_SUCCESS(ObpCreateProxy(Handle, &SepTokenType, &Token)) ? Token : NULL;
}

VOID NTAPI PsDereferencePrimaryToken(PACCESS_TOKEN PrimaryToken)
{
    ObDereferenceObject(PrimaryToken);
}

/* PsReferenceImpersonationToken: whom a program's thread impersonates the Executive does not tell:
 * none. */
PACCESS_TOKEN NTAPI PsReferenceImpersonationToken(PETHREAD Thread, PBOOLEAN CopyOnOpen,
                                                  PBOOLEAN EffectiveOnly,
                                                  PSECURITY_IMPERSONATION_LEVEL Level)
{
    return NULL;
}

VOID NTAPI PsDereferenceImpersonationToken(PACCESS_TOKEN ImpersonationToken)
{
    if (ImpersonationToken)
        ObDereferenceObject(ImpersonationToken);
}

/* SeCaptureSubjectContext: of the process whose request the calling thread serves. */
VOID NTAPI SeCaptureSubjectContext(PSECURITY_SUBJECT_CONTEXT SubjectContext)
{
    RtlZeroMemory(SubjectContext, sizeof(*SubjectContext));
    SubjectContext->ProcessAuditId = PsGetCurrentProcessId();
    SubjectContext->PrimaryToken = PsReferencePrimaryToken(KxGetCurrentProcess());
}

VOID NTAPI SeReleaseSubjectContext(PSECURITY_SUBJECT_CONTEXT SubjectContext)
{
    if (SubjectContext->PrimaryToken)
        ObDereferenceObject(SubjectContext->PrimaryToken);
    PsDereferenceImpersonationToken(SubjectContext->ClientToken);
    SubjectContext->PrimaryToken = SubjectContext->ClientToken = NULL;
}

/* The Executive locks a token while it looks at it. */
VOID NTAPI SeLockSubjectContext(PSECURITY_SUBJECT_CONTEXT SubjectContext)
{
    KeEnterCriticalRegion();
}

VOID NTAPI SeUnlockSubjectContext(PSECURITY_SUBJECT_CONTEXT SubjectContext)
{
    KeLeaveCriticalRegion();
}

/* SeQueryInformationToken: in pool, for ExFreePool. What ZwQueryInformationToken says, or
 * STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS NTAPI SeQueryInformationToken(PACCESS_TOKEN Token, TOKEN_INFORMATION_CLASS Class,
                                       PVOID *TokenInformation)
{
    ULONG Length = 0;
    NTSTATUS Status = ZwQueryInformationToken(ObpProxyHandle(Token), Class, NULL, 0, &Length);

    *TokenInformation = NULL;
    if (Status != STATUS_BUFFER_TOO_SMALL && Status != STATUS_INFO_LENGTH_MISMATCH)
        return NT_SUCCESS(Status) ? STATUS_INVALID_INFO_CLASS : Status;
    *TokenInformation = ExAllocatePoolWithTag(PagedPool, Length, 'oTeS');
    if (!*TokenInformation)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status =
        ZwQueryInformationToken(ObpProxyHandle(Token), Class, *TokenInformation, Length, &Length);
    if (!NT_SUCCESS(Status)) {
        ExFreePoolWithTag(*TokenInformation, 'oTeS');
        *TokenInformation = NULL;
    }
    return Status;
}

TOKEN_TYPE NTAPI SeTokenType(PACCESS_TOKEN Token)
{
    TOKEN_TYPE Type = TokenPrimary;
    ULONG Length;

    ZwQueryInformationToken(ObpProxyHandle(Token), TokenType, &Type, sizeof(Type), &Length);
    return Type;
}

/* Whether the groups of the token have Sid, in force. */
static BOOLEAN SepHasGroup(PACCESS_TOKEN Token, PSID Sid)
{
    PTOKEN_GROUPS Groups;
    BOOLEAN Found = FALSE;

    if (!NT_SUCCESS(SeQueryInformationToken(Token, TokenGroups, (PVOID *)&Groups)))
        return FALSE;
    for (ULONG i = 0; i < Groups->GroupCount; i++)
        Found |= (Groups->Groups[i].Attributes & SEP_GROUP_ENABLED) &&
                 RtlEqualSid(Groups->Groups[i].Sid, Sid);
    ExFreePool(Groups);
    return Found;
}

BOOLEAN NTAPI SeTokenIsAdmin(PACCESS_TOKEN Token)
{
    return SepHasGroup(Token, SeExports->SeAliasAdminsSid);
}

BOOLEAN NTAPI SeTokenIsRestricted(PACCESS_TOKEN Token)
{
    PTOKEN_GROUPS Sids;
    BOOLEAN Restricted;

    if (!NT_SUCCESS(SeQueryInformationToken(Token, TokenRestrictedSids, (PVOID *)&Sids)))
        return FALSE;
    Restricted = Sids->GroupCount > 0;
    ExFreePool(Sids);
    return Restricted;
}

NTSTATUS NTAPI SeQueryAuthenticationIdToken(PACCESS_TOKEN Token, PLUID AuthenticationId)
{
    TOKEN_STATISTICS Statistics;
    ULONG Length;
    NTSTATUS Status = ZwQueryInformationToken(ObpProxyHandle(Token), TokenStatistics, &Statistics,
                                              sizeof(Statistics), &Length);

    if (NT_SUCCESS(Status))
        *AuthenticationId = Statistics.AuthenticationId;
    return Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* NtSetInformationToken. */
#include <neptune/missing_classes.def>
#include "sep.h"

/* The bytes of a class that can be set, 0: it cannot. */
static ULONG SettableLength(TOKEN_INFORMATION_CLASS Class)
{
    switch (Class) {
    case TokenOwner:
    case TokenPrimaryGroup:
    case TokenDefaultDacl:
        return sizeof(PVOID);
    case TokenSessionId:
    case TokenUIAccess:
    case TokenMandatoryPolicy:
        return sizeof(ULONG);
    case TokenOrigin:
        return sizeof(LUID);
    case TokenIntegrityLevel:
        return sizeof(TOKEN_MANDATORY_LABEL);
    default:
        return 0;
    }
}

static NTSTATUS SetOwner(PTOKEN Token, CLIENT(PSID) Client)
{
    PSID Sid;
    ULONG Index;
    NTSTATUS Status = SepCaptureSid(Client, &Sid);

    if (!NT_SUCCESS(Status))
        return Status;
    Index = SepFindSid(Token, Sid);
    ExFreePool(Sid);
    if (Index == MAXULONG || (Index && !(Token->Sids[Index].Attributes & SE_GROUP_OWNER)))
        return STATUS_INVALID_OWNER;
    Token->Owner = Index;
    return STATUS_SUCCESS;
}

static NTSTATUS SetPrimaryGroup(PTOKEN Token, CLIENT(PSID) Client)
{
    PSID Sid;
    ULONG Index;
    NTSTATUS Status = SepCaptureSid(Client, &Sid);

    if (!NT_SUCCESS(Status))
        return Status;
    Index = SepFindSid(Token, Sid);
    ExFreePool(Sid);
    if (Index == MAXULONG)
        return STATUS_INVALID_PRIMARY_GROUP;
    Token->PrimaryGroup = Index;
    return STATUS_SUCCESS;
}

static NTSTATUS SetDefaultDacl(PTOKEN Token, CLIENT(PACL) Client)
{
    PACL Dacl;
    NTSTATUS Status = SepCaptureAcl(Client, &Dacl);

    if (!NT_SUCCESS(Status))
        return Status;
    ExFreePool(Token->DefaultDacl);
    Token->DefaultDacl = Dacl;
    return STATUS_SUCCESS;
}

/* Downwards everybody may; a token without a label is at the bottom. */
static NTSTATUS SetIntegrity(PTOKEN Token, CLIENT(PSID) Client)
{
    PSID Sid;
    ULONG Level;
    NTSTATUS Status = SepCaptureSid(Client, &Sid);

    if (!NT_SUCCESS(Status))
        return Status;
    Level = SepLabelLevel(Sid);
    ExFreePool(Sid);
    if (Level == MAXULONG)
        return STATUS_INVALID_LABEL;
    if (Level > SepIntegrityLevel(Token) && !SeSinglePrivilegeCheck(SE_TCB_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    if (!Token->Integrity)
        return Level ? STATUS_NOT_IMPLEMENTED : STATUS_SUCCESS;
    ((SID *)Token->Sids[Token->Integrity].Sid)->SubAuthority[0] = Level;
    return STATUS_SUCCESS;
}

static NTSTATUS SetDefaults(PTOKEN Token, TOKEN_INFORMATION_CLASS Class, CLIENT(PVOID) Client)
{
    PVOID Pointer;
    NTSTATUS Status = MmReadClient(&Pointer, (CLIENT(PVOID *))Client);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Class == TokenOwner)
        Status = SetOwner(Token, (CLIENT(PSID))Pointer);
    else if (Class == TokenPrimaryGroup)
        Status = SetPrimaryGroup(Token, (CLIENT(PSID))Pointer);
    else if (Class == TokenDefaultDacl)
        Status = SetDefaultDacl(Token, (CLIENT(PACL))Pointer);
    else
        Status = SetIntegrity(Token, (CLIENT(PSID))Pointer);
    if (NT_SUCCESS(Status))
        SepForgetDescriptors(Token);
    return Status;
}

/* What only the trusted computing base may say. */
static NTSTATUS SetFacts(PTOKEN Token, TOKEN_INFORMATION_CLASS Class, CLIENT(PVOID) Client)
{
    union {
        ULONG Long;
        LUID Luid;
    } Value = {0};
    NTSTATUS Status = MmCopyFromClient(&Value, Client, SettableLength(Class));

    if (!NT_SUCCESS(Status))
        return Status;
    if (!SeSinglePrivilegeCheck(SE_TCB_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    if (Class == TokenSessionId)
        Token->SessionId = Value.Long;
    else if (Class == TokenOrigin)
        Token->Origin = Value.Luid;
    else if (Class == TokenUIAccess)
        Token->UIAccess = Value.Long != 0;
    else if (Value.Long &
             ~(TOKEN_MANDATORY_POLICY_NO_WRITE_UP | TOKEN_MANDATORY_POLICY_NEW_PROCESS_MIN))
        return STATUS_INVALID_PARAMETER;
    else
        Token->MandatoryPolicy = Value.Long;
    return STATUS_SUCCESS;
}

static NTSTATUS CheckClass(TOKEN_INFORMATION_CLASS Class, ULONG Length)
{
    switch (Class) {
        MISSING_NtSetInformationToken(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        if (!SettableLength(Class))
            return STATUS_INVALID_INFO_CLASS;
        return Length < SettableLength(Class) ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS;
    }
}

static ACCESS_MASK SetAccess(TOKEN_INFORMATION_CLASS Class)
{
    return TOKEN_ADJUST_DEFAULT | (Class == TokenSessionId ? TOKEN_ADJUST_SESSIONID : 0);
}

/*
 * NtSetInformationToken: TokenOwner, TokenPrimaryGroup, TokenDefaultDacl (which new objects get),
 * TokenIntegrityLevel (upwards with SeTcbPrivilege only), and with SeTcbPrivilege TokenSessionId,
 * TokenOrigin, TokenMandatoryPolicy, TokenUIAccess. Needs TOKEN_ADJUST_DEFAULT, TokenSessionId
 * TOKEN_ADJUST_SESSIONID too. Returns STATUS_INVALID_INFO_CLASS, STATUS_NOT_IMPLEMENTED
 * (missing_classes.def; a first integrity level), STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_INVALID_OWNER, STATUS_INVALID_PRIMARY_GROUP, STATUS_PRIVILEGE_NOT_HELD.  (WDK:
 * ZwSetInformationToken)
 */
NTSTATUS NTAPI NtSetInformationToken(HANDLE TokenHandle, TOKEN_INFORMATION_CLASS Class,
                                     CLIENT(PVOID) Information, ULONG Length)
{
    PTOKEN Token;
    NTSTATUS Status = CheckClass(Class, Length);

    if (NT_SUCCESS(Status))
        Status = SepReferenceToken(TokenHandle, SetAccess(Class), &Token);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Class == TokenOwner || Class == TokenPrimaryGroup || Class == TokenDefaultDacl ||
        Class == TokenIntegrityLevel)
        Status = SetDefaults(Token, Class, Information);
    else
        Status = SetFacts(Token, Class, Information);
    if (NT_SUCCESS(Status))
        SepTokenChanged(Token);
    ObDereferenceObject(Token);
    return Status;
}

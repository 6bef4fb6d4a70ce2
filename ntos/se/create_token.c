/* SPDX-License-Identifier: BSD-2-Clause */
/* NtCreateToken: a token from nothing. */
#include "sep.h"

/* All that the client gives, captured. */
typedef struct _INGREDIENTS {
    LUID AuthenticationId;
    LARGE_INTEGER ExpirationTime;
    TOKEN_SOURCE Source;
    SEP_SIDS User, Groups;           /* pool */
    PLUID_AND_ATTRIBUTES Privileges; /* pool */
    ULONG PrivilegeCount;
    PSID Owner, PrimaryGroup; /* pool; Owner may be NULL */
    PACL DefaultDacl;         /* pool, or NULL */
    SECURITY_QUALITY_OF_SERVICE Quality;
} INGREDIENTS, *PINGREDIENTS;

/* The client's addresses. */
typedef struct _RECIPE {
    CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes;
    CLIENT(PLUID) AuthenticationId;
    CLIENT(PLARGE_INTEGER) ExpirationTime;
    CLIENT(PTOKEN_USER) User;
    CLIENT(PTOKEN_GROUPS) Groups;
    CLIENT(PTOKEN_PRIVILEGES) Privileges;
    CLIENT(PTOKEN_OWNER) Owner;
    CLIENT(PTOKEN_PRIMARY_GROUP) PrimaryGroup;
    CLIENT(PTOKEN_DEFAULT_DACL) DefaultDacl;
    CLIENT(PTOKEN_SOURCE) Source;
} RECIPE;

static NTSTATUS CaptureFacts(const RECIPE *Recipe, PINGREDIENTS Made)
{
    BOOLEAN Given;
    NTSTATUS Status = MmReadClient(&Made->AuthenticationId, Recipe->AuthenticationId);

    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Made->ExpirationTime, Recipe->ExpirationTime);
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Made->Source, Recipe->Source);
    return NT_SUCCESS(Status) ? SepCaptureQuality(Recipe->ObjectAttributes, &Made->Quality, &Given)
                              : Status;
}

static NTSTATUS CaptureSids(const RECIPE *Recipe, PINGREDIENTS Made)
{
    PSID Owner = NULL, Group;
    NTSTATUS Status = SepCaptureSids(&Recipe->User->User, 1, &Made->User);

    if (NT_SUCCESS(Status))
        Status = SepCaptureGroups(Recipe->Groups, &Made->Groups);
    if (NT_SUCCESS(Status) && Recipe->Owner)
        Status = MmReadClient(&Owner, &Recipe->Owner->Owner);
    if (NT_SUCCESS(Status) && Owner)
        Status = SepCaptureSid((CLIENT(PSID))Owner, &Made->Owner);
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Group, &Recipe->PrimaryGroup->PrimaryGroup);
    return NT_SUCCESS(Status) ? SepCaptureSid((CLIENT(PSID))Group, &Made->PrimaryGroup) : Status;
}

static NTSTATUS CaptureRights(const RECIPE *Recipe, PINGREDIENTS Made)
{
    PACL Dacl = NULL;
    NTSTATUS Status = MmReadClient(&Made->PrivilegeCount, &Recipe->Privileges->PrivilegeCount);

    if (NT_SUCCESS(Status))
        Status = SepCapturePrivileges(&Recipe->Privileges->Privileges[0], Made->PrivilegeCount,
                                      &Made->Privileges);
    if (NT_SUCCESS(Status) && Recipe->DefaultDacl)
        Status = MmReadClient(&Dacl, &Recipe->DefaultDacl->DefaultDacl);
    return NT_SUCCESS(Status) ? SepCaptureAcl((CLIENT(PACL))Dacl, &Made->DefaultDacl) : Status;
}

static void FreeIngredients(PINGREDIENTS Made)
{
    ExFreePool(Made->User.Array);
    ExFreePool(Made->Groups.Array);
    ExFreePool(Made->Privileges);
    ExFreePool(Made->Owner);
    ExFreePool(Made->PrimaryGroup);
    ExFreePool(Made->DefaultDacl);
}

static NTSTATUS SetPrivileges(PTOKEN Token, const INGREDIENTS *Made)
{
    ULONG i;

    for (i = 0; i < Made->PrivilegeCount; i++) {
        ULONG Number = SepPrivilegeNumber(&Made->Privileges[i].Luid);
        ULONG Attributes = Made->Privileges[i].Attributes;

        if (!Number)
            return STATUS_NO_SUCH_PRIVILEGE;
        Token->Present |= SEP_PRIVILEGE(Number);
        if (Attributes & SE_PRIVILEGE_ENABLED)
            Token->Enabled |= SEP_PRIVILEGE(Number);
        if (Attributes & SE_PRIVILEGE_ENABLED_BY_DEFAULT)
            Token->EnabledByDefault |= SEP_PRIVILEGE(Number);
    }
    return STATUS_SUCCESS;
}

/* The user, then the groups. Mandatory ones are enabled; one may be the label. */
static NTSTATUS SetSids(PTOKEN Token, PINGREDIENTS Made)
{
    static const SEP_SIDS None;
    SEP_SIDS All = {1 + Made->Groups.Count, Made->User.Bytes + Made->Groups.Bytes, NULL};
    NTSTATUS Status;
    ULONG i;

    All.Array = ExAllocatePoolGivingWay(All.Count * sizeof(*All.Array));
    if (!All.Array)
        return STATUS_INSUFFICIENT_RESOURCES;
    All.Array[0] = Made->User.Array[0];
    for (i = 0; i < Made->Groups.Count; i++) {
        All.Array[i + 1] = Made->Groups.Array[i];
        if (All.Array[i + 1].Attributes & SE_GROUP_MANDATORY)
            All.Array[i + 1].Attributes |= SE_GROUP_ENABLED | SE_GROUP_ENABLED_BY_DEFAULT;
        if ((All.Array[i + 1].Attributes & SE_GROUP_INTEGRITY) &&
            SepLabelLevel(All.Array[i + 1].Sid) != MAXULONG)
            Token->Integrity = i + 1;
    }
    Status = SepSetSids(Token, &All, &None);
    ExFreePool(All.Array);
    return Status;
}

static NTSTATUS SetDefaults(PTOKEN Token, PINGREDIENTS Made)
{
    Token->Owner = Made->Owner ? SepFindSid(Token, Made->Owner) : 0;
    if (Token->Owner == MAXULONG ||
        (Token->Owner && !(Token->Sids[Token->Owner].Attributes & SE_GROUP_OWNER))) {
        Token->Owner = 0;
        return STATUS_INVALID_OWNER;
    }
    Token->PrimaryGroup = SepFindSid(Token, Made->PrimaryGroup);
    if (Token->PrimaryGroup == MAXULONG) {
        Token->PrimaryGroup = 0;
        return STATUS_INVALID_PRIMARY_GROUP;
    }
    Token->DefaultDacl = Made->DefaultDacl;
    Made->DefaultDacl = NULL;
    return STATUS_SUCCESS;
}

static NTSTATUS Fill(PTOKEN Token, PINGREDIENTS Made)
{
    NTSTATUS Status = SetPrivileges(Token, Made);

    Token->AuthenticationId = Made->AuthenticationId;
    Token->ExpirationTime = Made->ExpirationTime;
    Token->Source = Made->Source;
    Token->Level =
        Token->Type == TokenImpersonation ? Made->Quality.ImpersonationLevel : SecurityAnonymous;
    if (NT_SUCCESS(Status))
        Status = SetSids(Token, Made);
    return NT_SUCCESS(Status) ? SetDefaults(Token, Made) : Status;
}

static NTSTATUS Create(PINGREDIENTS Made, TOKEN_TYPE Type, POB_ATTRIBUTES Attributes,
                       ACCESS_MASK DesiredAccess, CLIENT(PHANDLE) TokenHandle)
{
    PTOKEN Token;
    NTSTATUS Status = SepAllocateToken(Type, &Token);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Fill(Token, Made);
    if (NT_SUCCESS(Status))
        return ObInsertObject(Token, Attributes, DesiredAccess, TokenHandle);
    ObDereferenceObject(Token);
    return Status;
}

/*
 * NtCreateToken: a token of these SIDs, privileges and defaults. Needs SeCreateTokenPrivilege
 * (STATUS_PRIVILEGE_NOT_HELD). Owner must be the user or a group that may own; PrimaryGroup any of
 * them. Without a group that is an integrity label the token is untrusted. Returns
 * STATUS_BAD_TOKEN_TYPE, STATUS_INVALID_SID, STATUS_INVALID_ACL, STATUS_INVALID_OWNER,
 * STATUS_INVALID_PRIMARY_GROUP, STATUS_NO_SUCH_PRIVILEGE, STATUS_ACCESS_VIOLATION.  (Win32:
 * NtCreateToken)
 */
NTSTATUS NTAPI NtCreateToken(CLIENT(PHANDLE) TokenHandle, ACCESS_MASK DesiredAccess,
                             CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, TOKEN_TYPE Type,
                             CLIENT(PLUID) AuthenticationId, CLIENT(PLARGE_INTEGER) ExpirationTime,
                             CLIENT(PTOKEN_USER) User, CLIENT(PTOKEN_GROUPS) Groups,
                             CLIENT(PTOKEN_PRIVILEGES) Privileges, CLIENT(PTOKEN_OWNER) Owner,
                             CLIENT(PTOKEN_PRIMARY_GROUP) PrimaryGroup,
                             CLIENT(PTOKEN_DEFAULT_DACL) DefaultDacl, CLIENT(PTOKEN_SOURCE) Source)
{
    RECIPE Recipe = {
        ObjectAttributes, AuthenticationId, ExpirationTime, User, Groups, Privileges, Owner,
        PrimaryGroup,     DefaultDacl,      Source};
    INGREDIENTS Made = {0};
    OB_ATTRIBUTES Attributes;
    NTSTATUS Status = MmProbeForWrite(TokenHandle, sizeof(HANDLE));

    if (!NT_SUCCESS(Status))
        return Status;
    if (Type != TokenPrimary && Type != TokenImpersonation)
        return STATUS_BAD_TOKEN_TYPE;
    Status = SeCheckPrivilege(SE_CREATE_TOKEN_PRIVILEGE);
    if (NT_SUCCESS(Status))
        Status = CaptureFacts(&Recipe, &Made);
    if (NT_SUCCESS(Status))
        Status = CaptureSids(&Recipe, &Made);
    if (NT_SUCCESS(Status))
        Status = CaptureRights(&Recipe, &Made);
    if (NT_SUCCESS(Status))
        Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (NT_SUCCESS(Status)) {
        Status = Create(&Made, Type, &Attributes, DesiredAccess, TokenHandle);
        ObFreeAttributes(&Attributes);
    }
    FreeIngredients(&Made);
    return Status;
}

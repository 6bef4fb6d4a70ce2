/* SPDX-License-Identifier: BSD-2-Clause */
/* NtFilterToken: a copy of a token that can do less. */
#include "sep.h"

#define VALID_FLAGS (DISABLE_MAX_PRIVILEGE | SANDBOX_INERT | LUA_TOKEN | WRITE_RESTRICTED)
/* What an administrator keeps who works as an ordinary user. */
#define ORDINARY                                                                                   \
    (SEP_PRIVILEGE(SE_CHANGE_NOTIFY_PRIVILEGE) | SEP_PRIVILEGE(SE_SHUTDOWN_PRIVILEGE) |            \
     SEP_PRIVILEGE(SE_UNDOCK_PRIVILEGE) | SEP_PRIVILEGE(SE_INC_WORKING_SET_PRIVILEGE) |            \
     SEP_PRIVILEGE(SE_TIME_ZONE_PRIVILEGE))

typedef struct _FILTER {
    ULONG Flags;
    SEP_SIDS Disable, Restrict;
    PLUID_AND_ATTRIBUTES Delete;
    ULONG DeleteCount;
} FILTER, *PFILTER;

static NTSTATUS CaptureFilter(PFILTER Filter, CLIENT(PTOKEN_GROUPS) Disable,
                              CLIENT(PTOKEN_PRIVILEGES) Delete, CLIENT(PTOKEN_GROUPS) Restrict)
{
    NTSTATUS Status = SepCaptureGroups(Disable, &Filter->Disable);
    ULONG i;

    if (NT_SUCCESS(Status) && Delete)
        Status = MmReadClient(&Filter->DeleteCount, &Delete->PrivilegeCount);
    if (NT_SUCCESS(Status) && Delete)
        Status = SepCapturePrivileges(&Delete->Privileges[0], Filter->DeleteCount, &Filter->Delete);
    if (NT_SUCCESS(Status))
        Status = SepCaptureGroups(Restrict, &Filter->Restrict);
    for (i = 0; i < Filter->Restrict.Count && NT_SUCCESS(Status); i++)
        if (Filter->Restrict.Array[i].Attributes)
            Status = STATUS_INVALID_PARAMETER;
    return Status;
}

static void FreeFilter(PFILTER Filter)
{
    ExFreePool(Filter->Disable.Array);
    ExFreePool(Filter->Restrict.Array);
    ExFreePool(Filter->Delete);
}

static void RemovePrivileges(PTOKEN Token, const FILTER *Filter)
{
    ULONG64 Keep = SEP_ALL_PRIVILEGES;
    ULONG i;

    for (i = 0; i < Filter->DeleteCount; i++)
        Keep &= ~SEP_PRIVILEGE(SepPrivilegeNumber(&Filter->Delete[i].Luid));
    if (Filter->Flags & DISABLE_MAX_PRIVILEGE)
        Keep &= SEP_PRIVILEGE(SE_CHANGE_NOTIFY_PRIVILEGE);
    if (Filter->Flags & LUA_TOKEN)
        Keep &= ORDINARY;
    Token->Present &= Keep;
    Token->Enabled &= Keep;
    Token->EnabledByDefault &= Keep;
}

static void DisableSid(PTOKEN Token, PSID Sid)
{
    ULONG Index = SepFindSid(Token, Sid);

    if (Index == MAXULONG || (Token->Sids[Index].Attributes & SE_GROUP_INTEGRITY))
        return;
    Token->Sids[Index].Attributes &=
        ~(SE_GROUP_ENABLED | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_MANDATORY | SE_GROUP_OWNER);
    Token->Sids[Index].Attributes |= SE_GROUP_USE_FOR_DENY_ONLY;
    if (Index == Token->Owner)
        Token->Owner = 0;
}

static void DisableSids(PTOKEN Token, const FILTER *Filter)
{
    ULONG i;

    for (i = 0; i < Filter->Disable.Count; i++) {
        DisableSid(Token, Filter->Disable.Array[i].Sid);
        KeGiveWay();
    }
    if (Filter->Flags & LUA_TOKEN)
        DisableSid(Token, (PSID)&SepAdministratorsSid);
}

static BOOLEAN IsIn(const SEP_SIDS *Sids, PSID Sid)
{
    ULONG i;

    for (i = 0; i < Sids->Count; i++)
        if (SepEqualSid(Sids->Array[i].Sid, Sid))
            return TRUE;
    return FALSE;
}

/* What the source was restricted to already counts too: only what is in both lists is left. */
static void Intersect(PTOKEN Token, const SEP_SIDS *Sids)
{
    ULONG i, Count = 0;

    for (i = 0; i < Token->RestrictedCount; i++) {
        if (IsIn(Sids, Token->Restricted[i].Sid))
            Token->Restricted[Count++] = Token->Restricted[i];
        KeGiveWay();
    }
    Token->RestrictedCount = Count;
}

static NTSTATUS Restrict(PTOKEN Token, const SEP_SIDS *Sids)
{
    SEP_SIDS Own = {Token->SidCount, Token->SidBytes, Token->Sids};
    PVOID Old = Token->Sids;
    NTSTATUS Status;
    ULONG i;

    if (!Sids->Count)
        return STATUS_SUCCESS;
    if (Token->Restricted) {
        Intersect(Token, Sids);
        return STATUS_SUCCESS;
    }
    Status = SepSetSids(Token, &Own, Sids);
    if (!NT_SUCCESS(Status)) {
        Token->Sids = Old;
        return Status;
    }
    ExFreePool(Old);
    for (i = 0; i < Token->RestrictedCount; i++)
        Token->Restricted[i].Attributes =
            SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED;
    return STATUS_SUCCESS;
}

static NTSTATUS Apply(PTOKEN Token, const FILTER *Filter)
{
    RemovePrivileges(Token, Filter);
    DisableSids(Token, Filter);
    Token->Filtered = TRUE;
    if (Filter->Flags & SANDBOX_INERT)
        Token->SandboxInert = TRUE;
    if ((Filter->Flags & WRITE_RESTRICTED) && Filter->Restrict.Count && !Token->Restricted)
        Token->WriteRestricted = TRUE;
    else if (Filter->Restrict.Count)
        Token->WriteRestricted = FALSE;
    SepForgetDescriptors(Token);
    SepTokenChanged(Token);
    return Restrict(Token, &Filter->Restrict);
}

static NTSTATUS MakeFiltered(HANDLE ExistingToken, const FILTER *Filter, CLIENT(PHANDLE) NewToken)
{
    OB_ATTRIBUTES Attributes = {0};
    PTOKEN Source, Token;
    NTSTATUS Status = SepReferenceToken(ExistingToken, TOKEN_DUPLICATE, &Source);
    SEP_COPY Copy;

    if (!NT_SUCCESS(Status))
        return Status;
    Copy = (SEP_COPY){.Type = Source->Type, .Level = Source->Level};
    Status = SepCopyToken(Source, &Copy, &Token);
    ObDereferenceObject(Source);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Apply(Token, Filter);
    if (NT_SUCCESS(Status))
        return ObInsertObject(Token, &Attributes, ObQueryHandleAccess(ExistingToken), NewToken);
    ObDereferenceObject(Token);
    return Status;
}

/*
 * NtFilterToken: a copy without PrivilegesToDelete, in which SidsToDisable count for denials only,
 * and which may do only what SidsToRestrict (without attributes) may do as well; with
 * WRITE_RESTRICTED that holds for writing. Needs TOKEN_DUPLICATE; the new handle has the access of
 * the old one. Returns STATUS_INVALID_PARAMETER, STATUS_INVALID_SID, STATUS_ACCESS_VIOLATION ….
 * (Win32: CreateRestrictedToken)
 */
NTSTATUS NTAPI NtFilterToken(HANDLE ExistingToken, ULONG Flags, CLIENT(PTOKEN_GROUPS) SidsToDisable,
                             CLIENT(PTOKEN_PRIVILEGES) PrivilegesToDelete,
                             CLIENT(PTOKEN_GROUPS) SidsToRestrict, CLIENT(PHANDLE) NewToken)
{
    FILTER Filter = {.Flags = Flags};
    NTSTATUS Status = MmProbeForWrite(NewToken, sizeof(HANDLE));

    if (!NT_SUCCESS(Status))
        return Status;
    if (Flags & ~VALID_FLAGS)
        return STATUS_INVALID_PARAMETER;
    Status = CaptureFilter(&Filter, SidsToDisable, PrivilegesToDelete, SidsToRestrict);
    if (NT_SUCCESS(Status))
        Status = MakeFiltered(ExistingToken, &Filter, NewToken);
    FreeFilter(&Filter);
    return Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Token objects: making, copying, deleting. */
#include "sep.h"

POBJECT_TYPE SeTokenType;
void SepForgetDescriptors(PTOKEN Token)
{
    ULONG i;

    Token->DefaultsVersion++;
    for (i = 0; i < SE_CACHED_DESCRIPTORS; i++) {
        SeDereferenceDescriptor(Token->Cached[i].Descriptor);
        Token->Cached[i].Type = NULL;
        Token->Cached[i].Descriptor = NULL;
    }
}

void SepTokenChanged(PTOKEN Token)
{
    Token->ModifiedId = SeAllocateLuid();
}

static void DeleteToken(PVOID Object)
{
    PTOKEN Token = Object;

    SepForgetDescriptors(Token);
    ExFreePool(Token->Sids);
    ExFreePool(Token->DefaultDacl);
}

const OBJECT_TYPE_INITIALIZER SepTokenTypeInitializer = {
    .Name = u"Token",
    .Mapping = {STANDARD_RIGHTS_READ | TOKEN_QUERY,
                STANDARD_RIGHTS_WRITE | TOKEN_ADJUST_PRIVILEGES | TOKEN_ADJUST_GROUPS |
                    TOKEN_ADJUST_DEFAULT | TOKEN_ADJUST_SESSIONID,
                STANDARD_RIGHTS_EXECUTE | TOKEN_IMPERSONATE, TOKEN_ALL_ACCESS},
    .ValidAccess = TOKEN_ALL_ACCESS | SYNCHRONIZE,
    .SecurityRequired = TRUE,
    .Delete = DeleteToken,
};

NTSTATUS SepAllocateToken(TOKEN_TYPE Type, PTOKEN *Token)
{
    NTSTATUS Status = ObCreateObject(SeTokenType, sizeof(TOKEN), (PVOID *)Token);

    if (!NT_SUCCESS(Status))
        return Status;
    (*Token)->TokenId = SeAllocateLuid();
    (*Token)->ModifiedId = SeAllocateLuid();
    (*Token)->Type = Type;
    (*Token)->MandatoryPolicy = TOKEN_MANDATORY_POLICY_NO_WRITE_UP;
    return STATUS_SUCCESS;
}

/* Copies an array and its SIDs to To; what lies behind the array in From comes to Place. Returns
 * the end of the copies. */
static PUCHAR PlaceSids(PSID_AND_ATTRIBUTES To, PUCHAR Place, const SEP_SIDS *From)
{
    ULONG i, Length;

    for (i = 0; i < From->Count; i++, Place += Length) {
        Length = RtlLengthSid(From->Array[i].Sid);
        memcpy(Place, From->Array[i].Sid, Length);
        To[i] = (SID_AND_ATTRIBUTES){Place, From->Array[i].Attributes};
        if (i % SEP_PIECE == SEP_PIECE - 1)
            KeGiveWay();
    }
    return Place;
}

NTSTATUS SepSetSids(PTOKEN Token, const SEP_SIDS *Sids, const SEP_SIDS *Restricted)
{
    ULONG Count = Sids->Count + Restricted->Count;
    PUCHAR Place;

    Token->SidBytes = Sids->Bytes + Restricted->Bytes;
    Token->Sids = ExAllocatePoolGivingWay(Token->SidBytes);
    if (!Token->Sids)
        return STATUS_INSUFFICIENT_RESOURCES;
    Token->SidCount = Sids->Count;
    Token->RestrictedCount = Restricted->Count;
    Place = PlaceSids(Token->Sids, (PUCHAR)(Token->Sids + Count), Sids);
    if (!Restricted->Count)
        return STATUS_SUCCESS;
    Token->Restricted = Token->Sids + Sids->Count;
    PlaceSids(Token->Restricted, Place, Restricted);
    return STATUS_SUCCESS;
}

/* The block of SIDs is copied as a whole; its pointers point into it. */
static NTSTATUS CopySids(PTOKEN Token, PTOKEN Source)
{
    PUCHAR Old = (PUCHAR)Source->Sids;
    ULONG i;

    Token->Sids = ExAllocatePoolGivingWay(Source->SidBytes);
    if (!Token->Sids)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(Token->Sids, Old, Source->SidBytes);
    Token->SidBytes = Source->SidBytes;
    Token->SidCount = Source->SidCount;
    Token->RestrictedCount = Source->RestrictedCount;
    for (i = 0; i < Source->SidCount; i++)
        Token->Sids[i].Sid = (PUCHAR)Token->Sids + ((PUCHAR)Source->Sids[i].Sid - Old);
    if (!Source->Restricted)
        return STATUS_SUCCESS;
    Token->Restricted = Token->Sids + (Source->Restricted - Source->Sids);
    for (i = 0; i < Source->RestrictedCount; i++)
        Token->Restricted[i].Sid = (PUCHAR)Token->Sids + ((PUCHAR)Source->Restricted[i].Sid - Old);
    return STATUS_SUCCESS;
}

/* Without KeGiveWay in between, so that list and descriptors belong together. */
static NTSTATUS CopyDefaults(PTOKEN Token, PTOKEN Source)
{
    ULONG i;

    if (Source->DefaultDacl) {
        Token->DefaultDacl = ExAllocatePool(Source->DefaultDacl->AclSize);
        if (!Token->DefaultDacl)
            return STATUS_INSUFFICIENT_RESOURCES;
        memcpy(Token->DefaultDacl, Source->DefaultDacl, Source->DefaultDacl->AclSize);
    }
    Token->Owner = Source->Owner;
    Token->PrimaryGroup = Source->PrimaryGroup;
    for (i = 0; i < SE_CACHED_DESCRIPTORS; i++) {
        Token->Cached[i].Type = Source->Cached[i].Type;
        Token->Cached[i].Descriptor = Source->Cached[i].Descriptor;
        if (Token->Cached[i].Descriptor)
            SeReferenceDescriptor(Token->Cached[i].Descriptor);
    }
    Token->NextCached = Source->NextCached;
    return STATUS_SUCCESS;
}

static void CopyFacts(PTOKEN Token, PTOKEN Source)
{
    Token->ParentTokenId = Source->TokenId;
    Token->AuthenticationId = Source->AuthenticationId;
    Token->ModifiedId = Source->ModifiedId;
    Token->Origin = Source->Origin;
    Token->ExpirationTime = Source->ExpirationTime;
    Token->Source = Source->Source;
    Token->SessionId = Source->SessionId;
    Token->MandatoryPolicy = Source->MandatoryPolicy;
    Token->Present = Source->Present;
    Token->Enabled = Source->Enabled;
    Token->EnabledByDefault = Source->EnabledByDefault;
    Token->Filtered = Source->Filtered;
    Token->SandboxInert = Source->SandboxInert;
    Token->UIAccess = Source->UIAccess;
    Token->WriteRestricted = Source->WriteRestricted;
    Token->Integrity = Source->Integrity;
}

static BOOLEAN IsEffective(PTOKEN Token, ULONG Index)
{
    return Index == 0 || Index == Token->Owner || Index == Token->PrimaryGroup ||
           (Token->Sids[Index].Attributes &
            (SE_GROUP_ENABLED | SE_GROUP_USE_FOR_DENY_ONLY | SE_GROUP_INTEGRITY));
}

/* What is not enabled is left out. The token is nobody else's yet. */
static void KeepEffective(PTOKEN Token)
{
    ULONG i, Count = 0, Owner = 0, PrimaryGroup = 0, Integrity = 0;

    Token->Present = Token->EnabledByDefault = Token->Enabled;
    for (i = 0; i < Token->SidCount; i++) {
        if (!IsEffective(Token, i))
            continue;
        if (i == Token->Owner)
            Owner = Count;
        if (i == Token->PrimaryGroup)
            PrimaryGroup = Count;
        if (i == Token->Integrity)
            Integrity = Count;
        Token->Sids[Count++] = Token->Sids[i];
    }
    Token->SidCount = Count;
    Token->Owner = Owner;
    Token->PrimaryGroup = PrimaryGroup;
    Token->Integrity = Integrity;
}

NTSTATUS SepCopyToken(PTOKEN Source, const SEP_COPY *Copy, PTOKEN *Token)
{
    NTSTATUS Status = SepAllocateToken(Copy->Type, Token);

    if (!NT_SUCCESS(Status))
        return Status;
    CopyFacts(*Token, Source);
    (*Token)->Level = Copy->Level;
    Status = CopySids(*Token, Source);
    if (NT_SUCCESS(Status))
        Status = CopyDefaults(*Token, Source);
    if (!NT_SUCCESS(Status))
        ObDereferenceObject(*Token);
    else if (Copy->EffectiveOnly)
        KeepEffective(*Token);
    return Status;
}

ULONG SepFindSid(PTOKEN Token, PSID Sid)
{
    ULONG i;

    for (i = 0; i < Token->SidCount; i++) {
        if (SepEqualSid(Token->Sids[i].Sid, Sid))
            return i;
        if (i % SEP_PIECE == SEP_PIECE - 1)
            KeGiveWay();
    }
    return MAXULONG;
}

/* A token without a label is untrusted. */
ULONG SepIntegrityLevel(PTOKEN Token)
{
    return Token->Integrity ? SepLabelLevel(Token->Sids[Token->Integrity].Sid)
                            : SECURITY_MANDATORY_UNTRUSTED_RID;
}

/* NtCurrentProcessToken and its like may be asked, and nothing else. */
static NTSTATUS ReferencePseudoHandle(HANDLE Handle, ACCESS_MASK DesiredAccess, PTOKEN *Token)
{
    PETHREAD Thread = PsGetCurrentThread();

    *Token = Thread->ImpersonationToken;
    if (Handle == NtCurrentProcessToken() || (Handle == NtCurrentThreadEffectiveToken() && !*Token))
        *Token = Thread->Process->Token;
    if (!*Token)
        return STATUS_NO_TOKEN;
    if (DesiredAccess & ~(TOKEN_QUERY | TOKEN_QUERY_SOURCE))
        return STATUS_ACCESS_DENIED;
    ObReferenceObject(*Token);
    return STATUS_SUCCESS;
}

NTSTATUS SepReferenceToken(HANDLE Handle, ACCESS_MASK DesiredAccess, PTOKEN *Token)
{
    if (Handle == NtCurrentProcessToken() || Handle == NtCurrentThreadToken() ||
        Handle == NtCurrentThreadEffectiveToken())
        return ReferencePseudoHandle(Handle, DesiredAccess, Token);
    return ObReferenceObjectByHandle(Handle, DesiredAccess, SeTokenType, (PVOID *)Token);
}

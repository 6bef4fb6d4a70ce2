/* SPDX-License-Identifier: BSD-2-Clause */
/* Security descriptors of new objects. */
#include "sep.h"

void SeReferenceDescriptor(PSE_DESCRIPTOR Descriptor)
{
    Descriptor->References++;
}

void SeDereferenceDescriptor(PSE_DESCRIPTOR Descriptor)
{
    if (Descriptor && !--Descriptor->References)
        ExFreePool(Descriptor);
}

PACE_HEADER SepFirstAce(PACL Acl)
{
    return (PACE_HEADER)(Acl + 1);
}

PACE_HEADER SepNextAce(PACE_HEADER Ace)
{
    return (PACE_HEADER)((PUCHAR)Ace + Ace->AceSize);
}

/* ---- What a token may put into a descriptor ---- */
BOOLEAN SepIsValidOwner(PTOKEN Token, PSID Sid)
{
    ULONG Index = SepFindSid(Token, Sid);

    if (Index == 0 && !(Token->Sids[0].Attributes & SE_GROUP_USE_FOR_DENY_ONLY))
        return TRUE;
    if (Index != MAXULONG && (Token->Sids[Index].Attributes & SE_GROUP_OWNER) &&
        (Token->Sids[Index].Attributes & SE_GROUP_ENABLED))
        return TRUE;
    return SepIsEnabled(Token, SE_RESTORE_PRIVILEGE);
}

static NTSTATUS CheckLabel(PTOKEN Token, PACE_HEADER Ace)
{
    ULONG Level = SepLabelLevel(RtlpSidOfAce(Ace));

    if (Level == MAXULONG ||
        (((PACCESS_ALLOWED_ACE)Ace)->Mask & ~SYSTEM_MANDATORY_LABEL_VALID_MASK))
        return STATUS_INVALID_LABEL;
    return Level <= SepIntegrityLevel(Token) || SepIsEnabled(Token, SE_RELABEL_PRIVILEGE)
               ? STATUS_SUCCESS
               : STATUS_PRIVILEGE_NOT_HELD;
}

/* Audits need a privilege, labels one only above the token's own. */
NTSTATUS SepCheckSacl(PTOKEN Token, PACL Sacl, BOOLEAN LabelOnly)
{
    BOOLEAN Audits = Sacl && !Sacl->AceCount && !LabelOnly;
    NTSTATUS Status = STATUS_SUCCESS;
    PACE_HEADER Ace;
    ULONG i;

    if (!Sacl)
        return STATUS_SUCCESS;
    Ace = SepFirstAce(Sacl);
    for (i = 0; i < Sacl->AceCount && NT_SUCCESS(Status); i++, Ace = SepNextAce(Ace)) {
        if (Ace->AceType == SYSTEM_MANDATORY_LABEL_ACE_TYPE)
            Status = CheckLabel(Token, Ace);
        else
            Audits |= !LabelOnly;
        if (i % SEP_PIECE == SEP_PIECE - 1)
            KeGiveWay();
    }
    if (NT_SUCCESS(Status) && Audits && !SepIsEnabled(Token, SE_SECURITY_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    return Status;
}

/* ---- Made for new objects ---- */
static BOOLEAN IsListInheritable(PACL Acl)
{
    PACE_HEADER Ace;
    ULONG i;

    if (!Acl)
        return FALSE;
    Ace = SepFirstAce(Acl);
    for (i = 0; i < Acl->AceCount; i++, Ace = SepNextAce(Ace)) {
        if (Ace->AceFlags & (OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE))
            return TRUE;
        if (i % 256 == 255)
            KeGiveWay();
    }
    return FALSE;
}

static BOOLEAN IsInheritable(PSECURITY_DESCRIPTOR Descriptor)
{
    BOOLEAN Present, Defaulted;
    PACL Dacl = NULL;

    RtlGetDaclSecurityDescriptor(Descriptor, &Present, &Dacl, &Defaulted);
    return IsListInheritable(Dacl) || IsListInheritable(RtlpSaclOf(Descriptor));
}

static NTSTATUS Build(const RTL_NEW_SECURITY *New, PSE_DESCRIPTOR *Descriptor)
{
    ULONG Length = 0;
    NTSTATUS Status = RtlpNewSecurityDescriptor(New, NULL, &Length);

    if (Status != STATUS_BUFFER_TOO_SMALL)
        return Status;
    *Descriptor = ExAllocatePoolGivingWay(offsetof(SE_DESCRIPTOR, Relative) + Length);
    if (!*Descriptor)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = RtlpNewSecurityDescriptor(New, &(*Descriptor)->Relative, &Length);
    if (!NT_SUCCESS(Status)) {
        ExFreePool(*Descriptor);
        return Status;
    }
    (*Descriptor)->References = 1;
    (*Descriptor)->Length = Length;
    (*Descriptor)->Inheritable = IsInheritable(&(*Descriptor)->Relative);
    return STATUS_SUCCESS;
}

NTSTATUS SepBuildDescriptor(POBJECT_TYPE Type, PISECURITY_DESCRIPTOR Parts,
                            PSE_DESCRIPTOR *Descriptor)
{
    RTL_NEW_SECURITY New = {.Creator = Parts,
                            .IsContainer = Type == ObDirectoryType,
                            .Mapping = ObGetGenericMapping(Type)};

    return Build(&New, Descriptor);
}

static BOOLEAN HasLabel(PACL Sacl)
{
    PACE_HEADER Ace;
    ULONG i;

    if (!Sacl)
        return FALSE;
    Ace = SepFirstAce(Sacl);
    for (i = 0; i < Sacl->AceCount; i++, Ace = SepNextAce(Ace)) {
        if (Ace->AceType == SYSTEM_MANDATORY_LABEL_ACE_TYPE)
            return TRUE;
        if (i % 256 == 255)
            KeGiveWay();
    }
    return FALSE;
}

/* Processes and threads have their token's label; other objects that of a token below medium.
 * *Sacl is pool, NULL: no label is wanted. */
static NTSTATUS AddLabel(POBJECT_TYPE Type, PTOKEN Token, PACL Old, PACL *Sacl)
{
    BOOLEAN Runs = Type == PsProcessType || Type == PsThreadType;
    SID Label = SepLabelSid(SepIntegrityLevel(Token));
    UCHAR Buffer[64] DECLSPEC_ALIGN(4);
    PACL Labels = (PACL)Buffer;

    *Sacl = NULL;
    if ((!Runs && Label.SubAuthority[0] >= SECURITY_MANDATORY_MEDIUM_RID) || HasLabel(Old))
        return STATUS_SUCCESS;
    RtlCreateAcl(Labels, sizeof(Buffer), ACL_REVISION);
    RtlAddMandatoryAce(Labels, ACL_REVISION, 0, (ULONG_PTR)&Label, SYSTEM_MANDATORY_LABEL_ACE_TYPE,
                       SYSTEM_MANDATORY_LABEL_NO_WRITE_UP |
                           (Runs ? SYSTEM_MANDATORY_LABEL_NO_READ_UP : 0));
    *Sacl = ExAllocatePoolGivingWay(sizeof(Buffer) + (Old ? Old->AclSize : 0u));
    if (!*Sacl)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (RtlpMergeSacl(Labels, Old, *Sacl))
        return STATUS_SUCCESS;
    ExFreePool(*Sacl);
    return STATUS_INVALID_ACL;
}

static NTSTATUS CheckWishes(PTOKEN Token, PISECURITY_DESCRIPTOR Wishes)
{
    if (Wishes->Owner && !SepIsValidOwner(Token, Wishes->Owner))
        return STATUS_INVALID_OWNER;
    return SepCheckSacl(Token, Wishes->Sacl, FALSE);
}

/* A copy of the token's list, as that may be replaced while others run. */
static NTSTATUS CopyDefaultDacl(PTOKEN Token, PACL *Dacl)
{
    *Dacl = NULL;
    if (!Token->DefaultDacl)
        return STATUS_SUCCESS;
    *Dacl = ExAllocatePool(Token->DefaultDacl->AclSize);
    if (!*Dacl)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(*Dacl, Token->DefaultDacl, Token->DefaultDacl->AclSize);
    return STATUS_SUCCESS;
}

static NTSTATUS MakeDescriptor(POBJECT_TYPE Type, PSE_DESCRIPTOR Parent,
                               PISECURITY_DESCRIPTOR_RELATIVE Creator, PTOKEN Token,
                               PSE_DESCRIPTOR *Descriptor)
{
    SECURITY_DESCRIPTOR Wishes = {.Revision = SECURITY_DESCRIPTOR_REVISION};
    RTL_NEW_SECURITY New = {.Parent = Parent ? &Parent->Relative : NULL,
                            .Creator = &Wishes,
                            .TokenOwner = Token->Sids[Token->Owner].Sid,
                            .TokenGroup = Token->Sids[Token->PrimaryGroup].Sid,
                            .IsContainer = Type == ObDirectoryType,
                            .Mapping = ObGetGenericMapping(Type)};
    PACL Sacl = NULL;
    NTSTATUS Status = CopyDefaultDacl(Token, &New.TokenDacl);

    if (Creator) {
        RtlpSelectParts(MAXULONG, Creator, &Wishes);
        if (NT_SUCCESS(Status))
            Status = CheckWishes(Token, &Wishes);
    }
    if (NT_SUCCESS(Status))
        Status = AddLabel(Type, Token, Wishes.Sacl, &Sacl);
    if (Sacl) {
        Wishes.Sacl = Sacl;
        Wishes.Control |= SE_SACL_PRESENT;
    }
    if (NT_SUCCESS(Status))
        Status = Build(&New, Descriptor);
    ExFreePool(Sacl);
    ExFreePool(New.TokenDacl);
    return Status;
}

static PSE_DESCRIPTOR FindCached(PTOKEN Token, POBJECT_TYPE Type)
{
    ULONG i;

    for (i = 0; i < SE_CACHED_DESCRIPTORS; i++)
        if (Token->Cached[i].Type == Type)
            return Token->Cached[i].Descriptor;
    return NULL;
}

static void Cache(PTOKEN Token, POBJECT_TYPE Type, PSE_DESCRIPTOR Descriptor)
{
    ULONG i = Token->NextCached++ % SE_CACHED_DESCRIPTORS;

    SeDereferenceDescriptor(Token->Cached[i].Descriptor);
    SeReferenceDescriptor(Descriptor);
    Token->Cached[i].Type = Type;
    Token->Cached[i].Descriptor = Descriptor;
}

/* What follows from the token alone is the same each time. */
static NTSTATUS DefaultDescriptor(POBJECT_TYPE Type, PTOKEN Token, PSE_DESCRIPTOR *Descriptor)
{
    ULONG Version = Token->DefaultsVersion;
    NTSTATUS Status;

    *Descriptor = FindCached(Token, Type);
    if (*Descriptor) {
        SeReferenceDescriptor(*Descriptor);
        return STATUS_SUCCESS;
    }
    Status = MakeDescriptor(Type, NULL, NULL, Token, Descriptor);
    if (NT_SUCCESS(Status) && Version == Token->DefaultsVersion && !FindCached(Token, Type))
        Cache(Token, Type, *Descriptor);
    return Status;
}

NTSTATUS SeNewDescriptor(POBJECT_TYPE Type, PSE_DESCRIPTOR Parent,
                         PISECURITY_DESCRIPTOR_RELATIVE Creator, PTOKEN Token,
                         PSE_DESCRIPTOR *Descriptor)
{
    NTSTATUS Status;

    if (Token)
        ObReferenceObject(Token);
    else
        Token = SeReferenceEffectiveToken();
    if (!Token)
        return SeSystemDescriptor(Type, SePublicRead, Descriptor);
    if (Parent && !Parent->Inheritable)
        Parent = NULL;
    if (Parent)
        SeReferenceDescriptor(Parent);
    Status = Parent || Creator ? MakeDescriptor(Type, Parent, Creator, Token, Descriptor)
                               : DefaultDescriptor(Type, Token, Descriptor);
    SeDereferenceDescriptor(Parent);
    ObDereferenceObject(Token);
    return Status;
}

/* ---- The system's own ---- */
static NTSTATUS MakeSystemDescriptor(POBJECT_TYPE Type, SE_PUBLIC_ACCESS Public,
                                     PSE_DESCRIPTOR *Descriptor)
{
    static const ACCESS_MASK Rights[] = {0, GENERIC_EXECUTE, GENERIC_READ | GENERIC_EXECUTE,
                                         GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE};
    UCHAR Buffer[128] DECLSPEC_ALIGN(4);
    PACL Dacl = (PACL)Buffer;
    RTL_NEW_SECURITY New = {.TokenOwner = (PSID)&SepAdministratorsSid,
                            .TokenGroup = (PSID)&SepSystemSid,
                            .TokenDacl = Dacl,
                            .Mapping = ObGetGenericMapping(Type)};

    RtlCreateAcl(Dacl, sizeof(Buffer), ACL_REVISION);
    if (Public != SePublicNothing)
        RtlAddAccessAllowedAce(Dacl, ACL_REVISION, Rights[Public], (PSID)&SepWorldSid);
    RtlAddAccessAllowedAce(Dacl, ACL_REVISION, GENERIC_ALL, (PSID)&SepSystemSid);
    RtlAddAccessAllowedAce(Dacl, ACL_REVISION, GENERIC_ALL, (PSID)&SepAdministratorsSid);
    if (Public >= SePublicRead)
        RtlAddAccessAllowedAce(Dacl, ACL_REVISION, GENERIC_READ | GENERIC_EXECUTE,
                               (PSID)&SepRestrictedSid);
    return Build(&New, Descriptor);
}

/* Most of them are made one after the other, and alike. */
NTSTATUS SeSystemDescriptor(POBJECT_TYPE Type, SE_PUBLIC_ACCESS Public, PSE_DESCRIPTOR *Descriptor)
{
    static struct {
        POBJECT_TYPE Type;
        SE_PUBLIC_ACCESS Public;
        PSE_DESCRIPTOR Descriptor;
    } Last;
    NTSTATUS Status;

    if (Last.Descriptor && Last.Type == Type && Last.Public == Public) {
        *Descriptor = Last.Descriptor;
        SeReferenceDescriptor(*Descriptor);
        return STATUS_SUCCESS;
    }
    Status = MakeSystemDescriptor(Type, Public, Descriptor);
    if (!NT_SUCCESS(Status))
        return Status;
    SeDereferenceDescriptor(Last.Descriptor);
    SeReferenceDescriptor(*Descriptor);
    Last.Type = Type;
    Last.Public = Public;
    Last.Descriptor = *Descriptor;
    return STATUS_SUCCESS;
}

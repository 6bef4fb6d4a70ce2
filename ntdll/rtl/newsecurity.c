// SPDX-License-Identifier: BSD-2-Clause
/* Security descriptors of objects that a program manages itself, from a token's defaults; asked for
 * and replaced in parts. (Win32: CreatePrivateObjectSecurityEx, SetPrivateObjectSecurity,
 * GetPrivateObjectSecurity) */
#include "rtlp.h"

/* An answer of a token's, on the heap. */
static NTSTATUS QueryToken(HANDLE Token, TOKEN_INFORMATION_CLASS Class, PVOID *Answer)
{
    ULONG Length = 0;
    NTSTATUS Status = NtQueryInformationToken(Token, Class, NULL, 0, &Length);

    *Answer = NULL;
    if (Status != STATUS_BUFFER_TOO_SMALL)
        return Status;
    *Answer = RtlAllocateHeap(RtlProcessHeap(), 0, Length);
    if (!*Answer)
        return STATUS_NO_MEMORY;
    return NtQueryInformationToken(Token, Class, *Answer, Length, &Length);
}

static NTSTATUS OpenDefaultToken(PHANDLE Token)
{
    NTSTATUS Status = NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, Token);

    return Status == STATUS_NO_TOKEN ? NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, Token)
                                     : Status;
}

static NTSTATUS MakeWithToken(RTL_NEW_SECURITY *New, HANDLE Token, PSECURITY_DESCRIPTOR *Descriptor)
{
    PTOKEN_OWNER Owner = NULL;
    PTOKEN_PRIMARY_GROUP Group = NULL;
    PTOKEN_DEFAULT_DACL Dacl = NULL;
    NTSTATUS Status = QueryToken(Token, TokenOwner, (PVOID *)&Owner);

    if (NT_SUCCESS(Status))
        Status = QueryToken(Token, TokenPrimaryGroup, (PVOID *)&Group);
    if (NT_SUCCESS(Status))
        Status = QueryToken(Token, TokenDefaultDacl, (PVOID *)&Dacl);
    if (NT_SUCCESS(Status)) {
        New->TokenOwner = Owner->Owner;
        New->TokenGroup = Group->PrimaryGroup;
        New->TokenDacl = Dacl->DefaultDacl;
        Status = RtlpMakeSecurityObject(New, Descriptor);
    }
    RtlFreeHeap(RtlProcessHeap(), 0, Owner);
    RtlFreeHeap(RtlProcessHeap(), 0, Group);
    RtlFreeHeap(RtlProcessHeap(), 0, Dacl);
    return Status;
}

static BOOLEAN HasRestorePrivilege(HANDLE Token)
{
    PRIVILEGE_SET Set = {1, PRIVILEGE_SET_ALL_NECESSARY, {{{SE_RESTORE_PRIVILEGE, 0}, 0}}};
    BOOLEAN Held = FALSE;

    return NT_SUCCESS(NtPrivilegeCheck(Token, &Set, &Held)) && Held;
}

/* A token can make its user an owner, its groups for owners, and with a privilege anybody. */
static BOOLEAN CanOwn(HANDLE Token, PSID Owner)
{
    PTOKEN_USER User = NULL;
    PTOKEN_GROUPS Groups = NULL;
    BOOLEAN Can = NT_SUCCESS(QueryToken(Token, TokenUser, (PVOID *)&User)) &&
                  RtlEqualSid(User->User.Sid, Owner);

    if (!Can && NT_SUCCESS(QueryToken(Token, TokenGroups, (PVOID *)&Groups))) {
        for (ULONG i = 0; i < Groups->GroupCount && !Can; i++)
            Can = (Groups->Groups[i].Attributes & SE_GROUP_OWNER) &&
                  RtlEqualSid(Groups->Groups[i].Sid, Owner);
    }
    RtlFreeHeap(RtlProcessHeap(), 0, User);
    RtlFreeHeap(RtlProcessHeap(), 0, Groups);
    return Can || HasRestorePrivilege(Token);
}

static NTSTATUS CheckOwner(HANDLE Token, PSECURITY_DESCRIPTOR *Descriptor)
{
    BOOLEAN Defaulted;
    PSID Owner = NULL;

    RtlGetOwnerSecurityDescriptor(*Descriptor, &Owner, &Defaulted);
    if (Owner && CanOwn(Token, Owner))
        return STATUS_SUCCESS;
    RtlDeleteSecurityObject(Descriptor);
    return STATUS_INVALID_OWNER;
}

NTSTATUS NTAPI RtlNewSecurityObjectWithMultipleInheritance(
    PSECURITY_DESCRIPTOR Parent, PSECURITY_DESCRIPTOR Creator, PSECURITY_DESCRIPTOR *NewDescriptor,
    GUID **ObjectTypes, ULONG GuidCount, BOOLEAN IsDirectory, ULONG AutoInheritFlags, HANDLE Token,
    const GENERIC_MAPPING *GenericMapping)
{
    RTL_NEW_SECURITY New = {.Parent = Parent,
                            .Creator = Creator,
                            .ObjectTypes = (const GUID *const *)ObjectTypes,
                            .ObjectTypeCount = ObjectTypes ? GuidCount : 0,
                            .IsContainer = IsDirectory,
                            .AutoInheritFlags = AutoInheritFlags,
                            .Mapping = GenericMapping};
    HANDLE Own = NULL;
    NTSTATUS Status = Token ? STATUS_SUCCESS : OpenDefaultToken(&Own);

    if (NT_SUCCESS(Status))
        Status = MakeWithToken(&New, Token ? Token : Own, NewDescriptor);
    if (NT_SUCCESS(Status) && !(AutoInheritFlags & SEF_AVOID_OWNER_CHECK))
        Status = CheckOwner(Token ? Token : Own, NewDescriptor);
    if (Own)
        NtClose(Own);
    return Status;
}

NTSTATUS NTAPI RtlNewSecurityObjectEx(PSECURITY_DESCRIPTOR Parent, PSECURITY_DESCRIPTOR Creator,
                                      PSECURITY_DESCRIPTOR *NewDescriptor, GUID *ObjectType,
                                      BOOLEAN IsDirectory, ULONG AutoInheritFlags, HANDLE Token,
                                      const GENERIC_MAPPING *GenericMapping)
{
    return RtlNewSecurityObjectWithMultipleInheritance(Parent, Creator, NewDescriptor, &ObjectType,
                                                       ObjectType ? 1 : 0, IsDirectory,
                                                       AutoInheritFlags, Token, GenericMapping);
}

NTSTATUS NTAPI RtlNewSecurityObject(PSECURITY_DESCRIPTOR Parent, PSECURITY_DESCRIPTOR Creator,
                                    PSECURITY_DESCRIPTOR *NewDescriptor, BOOLEAN IsDirectory,
                                    HANDLE Token, const GENERIC_MAPPING *GenericMapping)
{
    return RtlNewSecurityObjectEx(Parent, Creator, NewDescriptor, NULL, IsDirectory, 0, Token,
                                  GenericMapping);
}

/* ---- Parts ---- */
/* The SACL's labels from one list and the rest from another, on the heap; NULL: none is left. */
static NTSTATUS MergeSacl(PACL Labels, PACL Others, PACL *Sacl)
{
    ULONG Size = sizeof(ACL) + (Labels ? Labels->AclSize : 0u) + (Others ? Others->AclSize : 0u);

    *Sacl = NULL;
    if (!Labels && !Others)
        return STATUS_SUCCESS;
    if (Labels != Others && Size - sizeof(ACL) > MAXUSHORT)
        return STATUS_INVALID_ACL;
    *Sacl = RtlAllocateHeap(RtlProcessHeap(), 0, Size);
    if (!*Sacl)
        return STATUS_NO_MEMORY;
    if (Labels == Others) {
        memcpy(*Sacl, Labels, Labels->AclSize);
        return STATUS_SUCCESS;
    }
    if (RtlpMergeSacl(Labels, Others, *Sacl))
        return STATUS_SUCCESS;
    RtlFreeHeap(RtlProcessHeap(), 0, *Sacl);
    *Sacl = NULL;
    return STATUS_SUCCESS;
}

static void UseSacl(PISECURITY_DESCRIPTOR Parts, PACL Sacl)
{
    Parts->Sacl = Sacl;
    Parts->Control &= ~SE_SACL_PRESENT;
    if (Sacl)
        Parts->Control |= SE_SACL_PRESENT;
}

/* Without a token it is the caller's. */
static NTSTATUS CheckNewOwner(HANDLE Token, PSID Owner)
{
    HANDLE Own = NULL;
    NTSTATUS Status = Token ? STATUS_SUCCESS : OpenDefaultToken(&Own);

    if (NT_SUCCESS(Status) && !CanOwn(Token ? Token : Own, Owner))
        Status = STATUS_INVALID_OWNER;
    if (Own)
        NtClose(Own);
    return Status;
}

NTSTATUS NTAPI RtlSetSecurityObject(SECURITY_INFORMATION Information,
                                    PSECURITY_DESCRIPTOR Modification,
                                    PSECURITY_DESCRIPTOR *Descriptor,
                                    const GENERIC_MAPPING *GenericMapping, HANDLE Token)
{
    SECURITY_DESCRIPTOR Parts = {.Revision = SECURITY_DESCRIPTOR_REVISION};
    RTL_NEW_SECURITY New = {.Creator = &Parts, .Mapping = GenericMapping};
    PSECURITY_DESCRIPTOR Old = *Descriptor, Made;
    PACL Sacl = NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!RtlValidSecurityDescriptor(Modification) || !RtlValidSecurityDescriptor(Old))
        return STATUS_INVALID_SECURITY_DESCR;
    RtlpSelectParts(MAXULONG, Old, &Parts);
    RtlpSelectParts(Information, Modification, &Parts);
    RtlpProtectParts(Information, &Parts);
    if (!Parts.Owner)
        return STATUS_INVALID_OWNER;
    if (!Parts.Group)
        return STATUS_INVALID_PRIMARY_GROUP;
    if (Information & OWNER_SECURITY_INFORMATION)
        Status = CheckNewOwner(Token, Parts.Owner);
    if (NT_SUCCESS(Status) &&
        (Information & (SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION))) {
        PACL OldSacl = RtlpSaclOf(Old), NewSacl = RtlpSaclOf(Modification);

        Status = MergeSacl(Information & LABEL_SECURITY_INFORMATION ? NewSacl : OldSacl,
                           Information & SACL_SECURITY_INFORMATION ? NewSacl : OldSacl, &Sacl);
        UseSacl(&Parts, Sacl);
    }
    if (NT_SUCCESS(Status))
        Status = RtlpMakeSecurityObject(&New, &Made);
    RtlFreeHeap(RtlProcessHeap(), 0, Sacl);
    if (!NT_SUCCESS(Status))
        return Status;
    *Descriptor = Made;
    RtlFreeHeap(RtlProcessHeap(), 0, Old);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlQuerySecurityObject(PSECURITY_DESCRIPTOR Descriptor,
                                      SECURITY_INFORMATION Information, PSECURITY_DESCRIPTOR Result,
                                      ULONG Length, PULONG ReturnLength)
{
    SECURITY_DESCRIPTOR Parts = {.Revision = SECURITY_DESCRIPTOR_REVISION};
    PACL Sacl = NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    RtlpSelectParts(Information, Descriptor, &Parts);
    if (Information & (SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION)) {
        Status = MergeSacl(Information & LABEL_SECURITY_INFORMATION ? Parts.Sacl : NULL,
                           Information & SACL_SECURITY_INFORMATION ? Parts.Sacl : NULL, &Sacl);
        UseSacl(&Parts, Sacl);
    }
    *ReturnLength = Length;
    if (NT_SUCCESS(Status))
        Status = RtlMakeSelfRelativeSD(&Parts, Result, ReturnLength);
    RtlFreeHeap(RtlProcessHeap(), 0, Sacl);
    return Status;
}

// SPDX-License-Identifier: BSD-2-Clause
/* Security descriptors of objects that a program manages itself, on the process heap. (Win32:
 * ConvertToAutoInheritPrivateObjectSecurity, DestroyPrivateObjectSecurity) */
#include "rtlp.h"

NTSTATUS NTAPI RtlDeleteSecurityObject(PSECURITY_DESCRIPTOR *SecurityDescriptor)
{
    RtlFreeHeap(RtlProcessHeap(), 0, *SecurityDescriptor);
    *SecurityDescriptor = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS RtlpMakeSecurityObject(const RTL_NEW_SECURITY *New, PSECURITY_DESCRIPTOR *Descriptor)
{
    ULONG Length = 0;
    NTSTATUS Status = RtlpNewSecurityDescriptor(New, NULL, &Length);

    if (Status != STATUS_BUFFER_TOO_SMALL)
        return Status;
    *Descriptor = RtlAllocateHeap(RtlProcessHeap(), 0, Length);
    if (!*Descriptor)
        return STATUS_NO_MEMORY;
    return RtlpNewSecurityDescriptor(New, *Descriptor, &Length);
}

static PACL ListOf(PSECURITY_DESCRIPTOR Descriptor, BOOLEAN Sacl)
{
    BOOLEAN Present, Defaulted;
    PACL Acl = NULL;

    if (Sacl)
        RtlGetSaclSecurityDescriptor(Descriptor, &Present, &Acl, &Defaulted);
    else
        RtlGetDaclSecurityDescriptor(Descriptor, &Present, &Acl, &Defaulted);
    return Acl;
}

static PACE_HEADER NextAce(PACE_HEADER Ace)
{
    return (PACE_HEADER)((PUCHAR)Ace + Ace->AceSize);
}

/* Whether two entries differ in nothing but the mark of inheritance. */
static BOOLEAN SameAce(PACE_HEADER First, PACE_HEADER Second)
{
    return First->AceType == Second->AceType && First->AceSize == Second->AceSize &&
           ((First->AceFlags ^ Second->AceFlags) & ~INHERITED_ACE) == 0 &&
           memcmp(First + 1, Second + 1, First->AceSize - sizeof(*First)) == 0;
}

static PACE_HEADER FindAce(PACL Acl, PACE_HEADER Wanted)
{
    PACE_HEADER Ace = (PACE_HEADER)(Acl + 1);

    for (ULONG i = 0; i < Acl->AceCount; i++, Ace = NextAce(Ace)) {
        if (SameAce(Ace, Wanted))
            return Ace;
    }
    return NULL;
}

/* Marks in Acl what Inherited has, too. FALSE: an inherited entry is not there, so that Acl was not
 * inherited, and nothing is marked. */
static BOOLEAN MarkInherited(PACL Acl, PACL Inherited)
{
    PACE_HEADER Ace = (PACE_HEADER)(Inherited + 1);

    for (ULONG i = 0; i < Inherited->AceCount; i++, Ace = NextAce(Ace)) {
        if (!FindAce(Acl, Ace))
            return FALSE;
    }
    Ace = (PACE_HEADER)(Inherited + 1);
    for (ULONG i = 0; i < Inherited->AceCount; i++, Ace = NextAce(Ace))
        FindAce(Acl, Ace)->AceFlags |= INHERITED_ACE;
    return TRUE;
}

static void ConvertList(PSECURITY_DESCRIPTOR Copy, PSECURITY_DESCRIPTOR Inherited, BOOLEAN Sacl)
{
    USHORT AutoInherited = Sacl ? SE_SACL_AUTO_INHERITED : SE_DACL_AUTO_INHERITED;
    USHORT Protected = Sacl ? SE_SACL_PROTECTED : SE_DACL_PROTECTED;
    PACL Acl = ListOf(Copy, Sacl), Own = Inherited ? ListOf(Inherited, Sacl) : NULL;
    PISECURITY_DESCRIPTOR Descriptor = Copy;

    if (!Acl || (Descriptor->Control & AutoInherited))
        return;
    Descriptor->Control |= AutoInherited;
    if (Own && !MarkInherited(Acl, Own))
        Descriptor->Control |= Protected;
}

static NTSTATUS CopyDescriptor(PSECURITY_DESCRIPTOR Source, PSECURITY_DESCRIPTOR *Copy)
{
    ULONG Length = 0;
    NTSTATUS Status = RtlMakeSelfRelativeSD(Source, NULL, &Length);

    if (Status != STATUS_BUFFER_TOO_SMALL)
        return Status;
    *Copy = RtlAllocateHeap(RtlProcessHeap(), 0, Length);
    if (!*Copy)
        return STATUS_NO_MEMORY;
    return RtlMakeSelfRelativeSD(Source, *Copy, &Length);
}

/* Which entries a list has from its parent is found by asking what it would inherit today. */
NTSTATUS NTAPI RtlConvertToAutoInheritSecurityObject(PSECURITY_DESCRIPTOR Parent,
                                                     PSECURITY_DESCRIPTOR Current,
                                                     PSECURITY_DESCRIPTOR *NewDescriptor,
                                                     const GUID *ObjectType, BOOLEAN IsDirectory,
                                                     const GENERIC_MAPPING *GenericMapping)
{
    RTL_NEW_SECURITY New = {.Parent = Parent,
                            .ObjectTypes = &ObjectType,
                            .ObjectTypeCount = ObjectType != NULL,
                            .IsContainer = IsDirectory,
                            .Mapping = GenericMapping};
    PSECURITY_DESCRIPTOR Inherited = NULL, Copy = NULL;
    BOOLEAN Defaulted;
    NTSTATUS Status = CopyDescriptor(Current, &Copy);

    if (NT_SUCCESS(Status) && Parent) {
        RtlGetOwnerSecurityDescriptor(Copy, &New.TokenOwner, &Defaulted);
        RtlGetGroupSecurityDescriptor(Copy, &New.TokenGroup, &Defaulted);
        Status = RtlpMakeSecurityObject(&New, &Inherited);
    }
    if (NT_SUCCESS(Status)) {
        ConvertList(Copy, Inherited, FALSE);
        ConvertList(Copy, Inherited, TRUE);
        *NewDescriptor = Copy;
    } else if (Copy) {
        RtlFreeHeap(RtlProcessHeap(), 0, Copy);
    }
    if (Inherited)
        RtlFreeHeap(RtlProcessHeap(), 0, Inherited);
    return Status;
}

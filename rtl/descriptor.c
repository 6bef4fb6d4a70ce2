// SPDX-License-Identifier: BSD-2-Clause
/*
 * Security descriptors: owner, group and the two lists, of pointers (absolute) or of offsets
 * (self-relative). (MS-DTYP 2.4.6)
 */
#include <nt/ntrtl.h>
#include <nt/ntse.h>

/* One part of a descriptor by its number in both structures; NULL for none. */
enum { OWNER, GROUP, SACL, DACL };

static PVOID Part(PISECURITY_DESCRIPTOR Descriptor, ULONG Number)
{
    ULONG Offset;

    if (!(Descriptor->Control & SE_SELF_RELATIVE))
        return (&Descriptor->Owner)[Number];
    Offset = (&((PISECURITY_DESCRIPTOR_RELATIVE)Descriptor)->Owner)[Number];
    return Offset ? (PUCHAR)Descriptor + Offset : NULL;
}

/* A list that is not present is none, whatever the field says. */
static PACL ListOf(PISECURITY_DESCRIPTOR Descriptor, ULONG Number)
{
    USHORT Present = Number == DACL ? SE_DACL_PRESENT : SE_SACL_PRESENT;

    return Descriptor->Control & Present ? Part(Descriptor, Number) : NULL;
}

NTSTATUS NTAPI RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, ULONG Revision)
{
    if (Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    memset(SecurityDescriptor, 0, sizeof(SECURITY_DESCRIPTOR));
    ((PISECURITY_DESCRIPTOR)SecurityDescriptor)->Revision = SECURITY_DESCRIPTOR_REVISION;
    return STATUS_SUCCESS;
}

static BOOLEAN NoneOrValidSid(PSID Sid)
{
    return !Sid || RtlValidSid(Sid);
}

static BOOLEAN NoneOrValidAcl(PACL Acl)
{
    return !Acl || RtlValidAcl(Acl);
}

BOOLEAN NTAPI RtlValidSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor)
{
    PISECURITY_DESCRIPTOR Descriptor = SecurityDescriptor;

    return Descriptor && Descriptor->Revision == SECURITY_DESCRIPTOR_REVISION &&
           NoneOrValidSid(Part(Descriptor, OWNER)) && NoneOrValidSid(Part(Descriptor, GROUP)) &&
           NoneOrValidAcl(ListOf(Descriptor, DACL)) && NoneOrValidAcl(ListOf(Descriptor, SACL));
}

static ULONG SidBytes(PSID Sid)
{
    return Sid ? RtlLengthSid(Sid) : 0;
}

static ULONG AclBytes(PACL Acl)
{
    return Acl ? (ULONG)ALIGN_UP_BY(Acl->AclSize, sizeof(ULONG)) : 0;
}

ULONG NTAPI RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor)
{
    PISECURITY_DESCRIPTOR Descriptor = SecurityDescriptor;
    ULONG Header = Descriptor->Control & SE_SELF_RELATIVE ? sizeof(SECURITY_DESCRIPTOR_RELATIVE)
                                                          : sizeof(SECURITY_DESCRIPTOR);

    return Header + SidBytes(Part(Descriptor, OWNER)) + SidBytes(Part(Descriptor, GROUP)) +
           AclBytes(ListOf(Descriptor, DACL)) + AclBytes(ListOf(Descriptor, SACL));
}

NTSTATUS NTAPI RtlGetControlSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                               PSECURITY_DESCRIPTOR_CONTROL Control,
                                               PULONG Revision)
{
    PISECURITY_DESCRIPTOR Descriptor = SecurityDescriptor;

    *Revision = Descriptor->Revision;
    if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    *Control = Descriptor->Control;
    return STATUS_SUCCESS;
}

/* Only what says how lists are inherited can be changed so. */
NTSTATUS NTAPI RtlSetControlSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                               SECURITY_DESCRIPTOR_CONTROL BitsOfInterest,
                                               SECURITY_DESCRIPTOR_CONTROL BitsToSet)
{
    static const SECURITY_DESCRIPTOR_CONTROL Changeable =
        SE_DACL_UNTRUSTED | SE_SERVER_SECURITY | SE_DACL_AUTO_INHERIT_REQ |
        SE_SACL_AUTO_INHERIT_REQ | SE_DACL_AUTO_INHERITED | SE_SACL_AUTO_INHERITED |
        SE_DACL_PROTECTED | SE_SACL_PROTECTED;
    PISECURITY_DESCRIPTOR Descriptor = SecurityDescriptor;

    if ((BitsOfInterest & ~Changeable) || (BitsToSet & ~BitsOfInterest))
        return STATUS_INVALID_PARAMETER;
    Descriptor->Control = (USHORT)((Descriptor->Control & ~BitsOfInterest) | BitsToSet);
    return STATUS_SUCCESS;
}

static NTSTATUS GetSid(PISECURITY_DESCRIPTOR Descriptor, ULONG Number, USHORT DefaultedBit,
                       PSID *Sid, PBOOLEAN Defaulted)
{
    if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    *Sid = Part(Descriptor, Number);
    *Defaulted = (Descriptor->Control & DefaultedBit) != 0;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID *Owner,
                                             PBOOLEAN OwnerDefaulted)
{
    return GetSid(SecurityDescriptor, OWNER, SE_OWNER_DEFAULTED, Owner, OwnerDefaulted);
}

NTSTATUS NTAPI RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID *Group,
                                             PBOOLEAN GroupDefaulted)
{
    return GetSid(SecurityDescriptor, GROUP, SE_GROUP_DEFAULTED, Group, GroupDefaulted);
}

/* Whether parts can be set; offsets cannot. */
static NTSTATUS Settable(PISECURITY_DESCRIPTOR Descriptor)
{
    if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    return Descriptor->Control & SE_SELF_RELATIVE ? STATUS_INVALID_SECURITY_DESCR : STATUS_SUCCESS;
}

static void SetBit(PISECURITY_DESCRIPTOR Descriptor, USHORT Bit, BOOLEAN Set)
{
    Descriptor->Control = (USHORT)(Set ? Descriptor->Control | Bit : Descriptor->Control & ~Bit);
}

NTSTATUS NTAPI RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID Owner,
                                             BOOLEAN OwnerDefaulted)
{
    PISECURITY_DESCRIPTOR Descriptor = SecurityDescriptor;
    NTSTATUS Status = Settable(Descriptor);

    if (!NT_SUCCESS(Status))
        return Status;
    Descriptor->Owner = Owner;
    SetBit(Descriptor, SE_OWNER_DEFAULTED, OwnerDefaulted);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID Group,
                                             BOOLEAN GroupDefaulted)
{
    PISECURITY_DESCRIPTOR Descriptor = SecurityDescriptor;
    NTSTATUS Status = Settable(Descriptor);

    if (!NT_SUCCESS(Status))
        return Status;
    Descriptor->Group = Group;
    SetBit(Descriptor, SE_GROUP_DEFAULTED, GroupDefaulted);
    return STATUS_SUCCESS;
}

static NTSTATUS GetList(PISECURITY_DESCRIPTOR Descriptor, ULONG Number, PBOOLEAN Present, PACL *Acl,
                        PBOOLEAN Defaulted)
{
    USHORT PresentBit = Number == DACL ? SE_DACL_PRESENT : SE_SACL_PRESENT;
    USHORT DefaultedBit = Number == DACL ? SE_DACL_DEFAULTED : SE_SACL_DEFAULTED;

    if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    *Present = (Descriptor->Control & PresentBit) != 0;
    if (*Present) {
        *Acl = Part(Descriptor, Number);
        *Defaulted = (Descriptor->Control & DefaultedBit) != 0;
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                            PBOOLEAN Present, PACL *Acl, PBOOLEAN Defaulted)
{
    return GetList(SecurityDescriptor, DACL, Present, Acl, Defaulted);
}

NTSTATUS NTAPI RtlGetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                            PBOOLEAN Present, PACL *Acl, PBOOLEAN Defaulted)
{
    return GetList(SecurityDescriptor, SACL, Present, Acl, Defaulted);
}

/* A list that is taken away leaves the field as it was, as on Windows. */
NTSTATUS NTAPI RtlSetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                            BOOLEAN Present, PACL Acl, BOOLEAN Defaulted)
{
    PISECURITY_DESCRIPTOR Descriptor = SecurityDescriptor;
    NTSTATUS Status = Settable(Descriptor);

    if (!NT_SUCCESS(Status))
        return Status;
    SetBit(Descriptor, SE_DACL_PRESENT, Present);
    if (Present) {
        Descriptor->Dacl = Acl;
        SetBit(Descriptor, SE_DACL_DEFAULTED, Defaulted);
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlSetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                            BOOLEAN Present, PACL Acl, BOOLEAN Defaulted)
{
    PISECURITY_DESCRIPTOR Descriptor = SecurityDescriptor;
    NTSTATUS Status = Settable(Descriptor);

    if (!NT_SUCCESS(Status))
        return Status;
    SetBit(Descriptor, SE_SACL_PRESENT, Present);
    if (Present) {
        Descriptor->Sacl = Acl;
        SetBit(Descriptor, SE_SACL_DEFAULTED, Defaulted);
    }
    return STATUS_SUCCESS;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of objects' descriptors: told to those who ask, and replaced. */
#include "sep.h"

#define SACL_INFORMATION (SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION)

ACCESS_MASK SeQueryAccess(SECURITY_INFORMATION Information)
{
    ACCESS_MASK Access = 0;

    if (Information & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION |
                       DACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION))
        Access |= READ_CONTROL;
    if (Information & SACL_SECURITY_INFORMATION)
        Access |= ACCESS_SYSTEM_SECURITY;
    return Access;
}

ACCESS_MASK SeSetAccess(SECURITY_INFORMATION Information)
{
    ACCESS_MASK Access = 0;

    if (Information &
        (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION))
        Access |= WRITE_OWNER;
    if (Information & DACL_SECURITY_INFORMATION)
        Access |= WRITE_DAC;
    if (Information & SACL_SECURITY_INFORMATION)
        Access |= ACCESS_SYSTEM_SECURITY;
    return Access;
}

static ULONG SizeOf(PACL Acl)
{
    return Acl ? Acl->AclSize : 0;
}

/* Labels of one list and the others of the other, in pool; *Sacl NULL: there are none. */
static NTSTATUS MergeSacl(PACL Labels, PACL Others, PACL *Sacl)
{
    *Sacl = NULL;
    if (!Labels && !Others)
        return STATUS_SUCCESS;
    if (Labels != Others && SizeOf(Labels) + SizeOf(Others) > MAXUSHORT)
        return STATUS_INVALID_ACL;
    *Sacl = ExAllocatePoolGivingWay(SizeOf(Labels) + SizeOf(Others) + sizeof(ACL));
    if (!*Sacl)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (Labels == Others) {
        RtlCopyMemory(*Sacl, Labels, Labels->AclSize);
        return STATUS_SUCCESS;
    }
    if (RtlpMergeSacl(Labels, Others, *Sacl))
        return STATUS_SUCCESS;
    ExFreePool(*Sacl);
    *Sacl = NULL;
    return STATUS_SUCCESS;
}

static void SetSacl(PISECURITY_DESCRIPTOR Descriptor, PACL Sacl)
{
    Descriptor->Sacl = Sacl;
    Descriptor->Control &= ~SE_SACL_PRESENT;
    if (Sacl)
        Descriptor->Control |= SE_SACL_PRESENT;
}

static NTSTATUS CopyOut(PISECURITY_DESCRIPTOR Parts, CLIENT(PVOID) Buffer, ULONG Length,
                        PULONG Needed)
{
    PVOID Relative;
    NTSTATUS Status;

    *Needed = 0;
    Status = RtlMakeSelfRelativeSD(Parts, NULL, Needed);
    if (Status != STATUS_BUFFER_TOO_SMALL || Length < *Needed)
        return Status;
    Relative = ExAllocatePoolGivingWay(*Needed);
    if (!Relative)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = RtlMakeSelfRelativeSD(Parts, Relative, Needed);
    if (NT_SUCCESS(Status))
        Status = MmCopyToClient(Buffer, Relative, *Needed);
    ExFreePool(Relative);
    return Status;
}

NTSTATUS SeQueryDescriptor(PSE_DESCRIPTOR Descriptor, SECURITY_INFORMATION Information,
                           CLIENT(PVOID) Buffer, ULONG Length, PULONG Needed)
{
    SECURITY_DESCRIPTOR Parts = {.Revision = SECURITY_DESCRIPTOR_REVISION};
    PACL Sacl = NULL, Whole;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Descriptor)
        return CopyOut(&Parts, Buffer, Length, Needed);
    SeReferenceDescriptor(Descriptor);
    RtlpSelectParts(Information, &Descriptor->Relative, &Parts);
    Whole = Parts.Sacl;
    if (Information & SACL_INFORMATION) {
        Status = MergeSacl(Information & LABEL_SECURITY_INFORMATION ? Whole : NULL,
                           Information & SACL_SECURITY_INFORMATION ? Whole : NULL, &Sacl);
        SetSacl(&Parts, Sacl);
    }
    if (NT_SUCCESS(Status))
        Status = CopyOut(&Parts, Buffer, Length, Needed);
    ExFreePool(Sacl);
    SeDereferenceDescriptor(Descriptor);
    return Status;
}

/* Parts: the old descriptor, with what is new in place of what was there. */
static NTSTATUS ReplaceParts(PTOKEN Token, SECURITY_INFORMATION Information,
                             PISECURITY_DESCRIPTOR_RELATIVE New, PSE_DESCRIPTOR Old,
                             PISECURITY_DESCRIPTOR Parts, PACL *Sacl)
{
    PACL OldSacl = RtlpSaclOf(&Old->Relative), NewSacl = RtlpSaclOf(New);
    NTSTATUS Status = STATUS_SUCCESS;

    RtlpSelectParts(MAXULONG, &Old->Relative, Parts);
    RtlpSelectParts(Information, New, Parts);
    RtlpProtectParts(Information, Parts);
    if (Information & SACL_INFORMATION) {
        Status = SepCheckSacl(Token, NewSacl, !(Information & SACL_SECURITY_INFORMATION));
        if (NT_SUCCESS(Status))
            Status = MergeSacl(Information & LABEL_SECURITY_INFORMATION ? NewSacl : OldSacl,
                               Information & SACL_SECURITY_INFORMATION ? NewSacl : OldSacl, Sacl);
        SetSacl(Parts, *Sacl);
    }
    if (NT_SUCCESS(Status) && (Information & OWNER_SECURITY_INFORMATION) &&
        !SepIsValidOwner(Token, Parts->Owner))
        Status = STATUS_INVALID_OWNER;
    return Status;
}

/* What somebody else has set meanwhile is replaced as a whole: the later one wins. */
static NTSTATUS SetAs(PTOKEN Token, POBJECT_TYPE Type, SECURITY_INFORMATION Information,
                      PISECURITY_DESCRIPTOR_RELATIVE New, PSE_DESCRIPTOR *Descriptor)
{
    SECURITY_DESCRIPTOR Parts = {.Revision = SECURITY_DESCRIPTOR_REVISION};
    PSE_DESCRIPTOR Old = *Descriptor, Made, Replaced;
    PACL Sacl = NULL;
    NTSTATUS Status;

    SeReferenceDescriptor(Old);
    Status = ReplaceParts(Token, Information, New, Old, &Parts, &Sacl);
    if (NT_SUCCESS(Status))
        Status = SepBuildDescriptor(Type, &Parts, &Made);
    ExFreePool(Sacl);
    SeDereferenceDescriptor(Old);
    if (!NT_SUCCESS(Status))
        return Status;
    Replaced = *Descriptor;
    *Descriptor = Made;
    SeDereferenceDescriptor(Replaced);
    return STATUS_SUCCESS;
}

NTSTATUS SeSetDescriptor(POBJECT_TYPE Type, SECURITY_INFORMATION Information,
                         PISECURITY_DESCRIPTOR_RELATIVE New, PSE_DESCRIPTOR *Descriptor)
{
    PTOKEN Token = SeReferenceEffectiveToken();
    NTSTATUS Status = *Descriptor ? SetAs(Token, Type, Information, New, Descriptor)
                                  : STATUS_NO_SECURITY_ON_OBJECT;

    ObDereferenceObject(Token);
    return Status;
}

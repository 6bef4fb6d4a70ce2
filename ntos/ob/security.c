/* SPDX-License-Identifier: BSD-2-Clause */
/* The security of objects: which descriptor each has, and what clients may do because of it. */
#include "obp.h"

PSE_DESCRIPTOR *ObGetSecurity(PVOID Object)
{
    POBJECT_HEADER Header = OBP_HEADER(Object);

    return Header->Type->Info.Security ? Header->Type->Info.Security(Object) : &Header->Security;
}

void ObSetSecurity(PVOID Object, PSE_DESCRIPTOR Descriptor)
{
    PSE_DESCRIPTOR *Place = ObGetSecurity(Object), Old = *Place;

    *Place = Descriptor;
    SeDereferenceDescriptor(Old);
}

NTSTATUS ObpAssignSecurity(PVOID Object, PVOID Parent, PISECURITY_DESCRIPTOR_RELATIVE Creator)
{
    PSE_DESCRIPTOR Descriptor;
    NTSTATUS Status =
        SeNewDescriptor(ObGetObjectType(Object), Parent ? OBP_HEADER(Parent)->Security : NULL,
                        Creator, NULL, &Descriptor);

    if (NT_SUCCESS(Status))
        ObSetSecurity(Object, Descriptor);
    return Status;
}

/* What has one already keeps it. */
NTSTATUS ObpAssignSystemSecurity(PVOID Object, SE_PUBLIC_ACCESS Public)
{
    PSE_DESCRIPTOR Descriptor;
    NTSTATUS Status;

    if (OBP_HEADER(Object)->Security)
        return STATUS_SUCCESS;
    Status = SeSystemDescriptor(ObGetObjectType(Object), Public, &Descriptor);
    if (NT_SUCCESS(Status))
        ObSetSecurity(Object, Descriptor);
    return Status;
}

/* What has no descriptor grants all that there is. */
NTSTATUS ObCheckAccess(PVOID Object, ACCESS_MASK DesiredAccess, PACCESS_MASK Granted)
{
    POBJECT_TYPE Type = ObGetObjectType(Object);
    PSE_DESCRIPTOR *Place = ObGetSecurity(Object);
    NTSTATUS Status;

    if (!Place || !*Place || !PsGetCurrentThread())
        return ObpGrantAccess(Object, DesiredAccess, Granted);
    DesiredAccess = ObMapGenericAccess(Type, DesiredAccess);
    Status =
        SeAccessCheck(*Place, &Type->Info.Mapping, Type->Info.ValidAccess, DesiredAccess, Granted);
    if (NT_SUCCESS(Status) && (DesiredAccess & MAXIMUM_ALLOWED) && Type->Info.MaximumAccess)
        *Granted &= Type->Info.MaximumAccess(Object) | DesiredAccess;
    return Status;
}

/* Most may step through any directory. */
NTSTATUS ObpCheckTraverse(PVOID Directory)
{
    ACCESS_MASK Granted;

    if (SeSinglePrivilegeCheck(SE_CHANGE_NOTIFY_PRIVILEGE))
        return STATUS_SUCCESS;
    return ObCheckAccess(Directory, DIRECTORY_TRAVERSE, &Granted);
}

NTSTATUS ObpCheckCreate(PVOID Directory, POBJECT_TYPE Type)
{
    ACCESS_MASK Granted;

    return ObCheckAccess(Directory,
                         Type == ObDirectoryType ? DIRECTORY_CREATE_SUBDIRECTORY
                                                 : DIRECTORY_CREATE_OBJECT,
                         &Granted);
}

/*
 * NtQuerySecurityObject: the parts of an object's descriptor that Information names, in
 * self-relative form. LengthNeeded receives its length. An object that has none gives an empty one.
 * Needs READ_CONTROL, for the SACL ACCESS_SYSTEM_SECURITY. Returns STATUS_BUFFER_TOO_SMALL,
 * STATUS_ACCESS_DENIED, STATUS_ACCESS_VIOLATION.  (WDK: ZwQuerySecurityObject)
 */
NTSTATUS NTAPI NtQuerySecurityObject(HANDLE Handle, SECURITY_INFORMATION Information,
                                     CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor, ULONG Length,
                                     CLIENT(PULONG) LengthNeeded)
{
    PSE_DESCRIPTOR *Place;
    PVOID Object;
    ULONG Needed = 0;
    NTSTATUS Status = MmProbeForWrite(LengthNeeded, sizeof(ULONG)), WriteStatus;

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(SecurityDescriptor, Length);
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(Handle, SeQueryAccess(Information), NULL, &Object);
    if (!NT_SUCCESS(Status))
        return Status;
    Place = ObGetSecurity(Object);
    Status =
        SeQueryDescriptor(Place ? *Place : NULL, Information, SecurityDescriptor, Length, &Needed);
    ObDereferenceObject(Object);
    WriteStatus = MmWriteClient(LengthNeeded, &Needed);
    return NT_SUCCESS(WriteStatus) ? Status : WriteStatus;
}

static NTSTATUS ObpChangeSecurity(HANDLE Handle, SECURITY_INFORMATION Information,
                                  PISECURITY_DESCRIPTOR_RELATIVE New)
{
    PSE_DESCRIPTOR *Place;
    PVOID Object;
    NTSTATUS Status = ObReferenceObjectByHandle(Handle, SeSetAccess(Information), NULL, &Object);

    if (!NT_SUCCESS(Status))
        return Status;
    Place = ObGetSecurity(Object);
    Status = Place ? SeSetDescriptor(ObGetObjectType(Object), Information, New, Place)
                   : STATUS_NO_SECURITY_ON_OBJECT;
    ObDereferenceObject(Object);
    return Status;
}

/*
 * NtSetSecurityObject: replaces the parts that Information names. Needs WRITE_DAC for the DACL,
 * WRITE_OWNER for owner, group and label, ACCESS_SYSTEM_SECURITY for the SACL. Returns
 * STATUS_INVALID_SECURITY_DESCR (a part that is to be set is missing), STATUS_INVALID_OWNER,
 * STATUS_INVALID_PRIMARY_GROUP, STATUS_NO_SECURITY_ON_OBJECT, STATUS_ACCESS_DENIED,
 * STATUS_ACCESS_VIOLATION.  (WDK: ZwSetSecurityObject)
 */
NTSTATUS NTAPI NtSetSecurityObject(HANDLE Handle, SECURITY_INFORMATION Information,
                                   CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor)
{
    PISECURITY_DESCRIPTOR_RELATIVE New;
    NTSTATUS Status;

    if (!SecurityDescriptor)
        return STATUS_ACCESS_VIOLATION;
    Status = SeCaptureDescriptor(SecurityDescriptor, &New);
    if (!NT_SUCCESS(Status))
        return Status;
    if (((Information & OWNER_SECURITY_INFORMATION) && !New->Owner) ||
        ((Information & GROUP_SECURITY_INFORMATION) && !New->Group))
        Status = STATUS_INVALID_SECURITY_DESCR;
    else
        Status = ObpChangeSecurity(Handle, Information, New);
    ExFreePool(New);
    return Status;
}

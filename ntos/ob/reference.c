/* SPDX-License-Identifier: BSD-2-Clause */
/* From a handle to its object, with the access that the handle grants. */
#include "obp.h"

ACCESS_MASK ObMapGenericAccess(POBJECT_TYPE Type, ACCESS_MASK Access)
{
    const GENERIC_MAPPING *Mapping = &Type->Info.Mapping;
    ACCESS_MASK Mapped = Access & ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL);

    if (Access & GENERIC_READ)
        Mapped |= Mapping->GenericRead;
    if (Access & GENERIC_WRITE)
        Mapped |= Mapping->GenericWrite;
    if (Access & GENERIC_EXECUTE)
        Mapped |= Mapping->GenericExecute;
    if (Access & GENERIC_ALL)
        Mapped |= Mapping->GenericAll;
    return Mapped;
}

const GENERIC_MAPPING *ObGetGenericMapping(POBJECT_TYPE Type)
{
    return &Type->Info.Mapping;
}

ACCESS_MASK ObQueryHandleAccess(HANDLE Handle)
{
    PHANDLE_ENTRY Entry = ObpLookupHandle(PsGetCurrentProcess(), Handle);

    return Entry ? Entry->Access : 0;
}

/* What a new handle to Object grants its maker. */
NTSTATUS ObpGrantAccess(PVOID Object, ACCESS_MASK DesiredAccess, ACCESS_MASK *Granted)
{
    POBJECT_TYPE Type = ObGetObjectType(Object);
    ACCESS_MASK Access = ObMapGenericAccess(Type, DesiredAccess);

    if ((Access & ACCESS_SYSTEM_SECURITY) && !SeSinglePrivilegeCheck(SE_SECURITY_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    if (Access & MAXIMUM_ALLOWED)
        Access |=
            Type->Info.MaximumAccess ? Type->Info.MaximumAccess(Object) : Type->Info.ValidAccess;
    *Granted = Access & (Type->Info.ValidAccess | ACCESS_SYSTEM_SECURITY);
    return STATUS_SUCCESS;
}

static NTSTATUS ObpReferencePseudoHandle(struct _EPROCESS *Process, HANDLE Handle,
                                         PHANDLE_ENTRY Entry)
{
    if (Handle == NtCurrentProcess())
        Entry->Object = Process;
    else if (Handle == NtCurrentThread() && KeGetCurrentThread())
        Entry->Object = KeGetCurrentThread();
    else
        return STATUS_INVALID_HANDLE;
    ObReferenceObject(Entry->Object);
    Entry->Access = ObGetObjectType(Entry->Object)->Info.ValidAccess;
    Entry->Attributes = 0;
    return STATUS_SUCCESS;
}

/* A copy of the handle's entry, its object referenced. STATUS_INVALID_HANDLE. */
NTSTATUS ObpReferenceHandle(struct _EPROCESS *Process, HANDLE Handle, PHANDLE_ENTRY Entry)
{
    PHANDLE_ENTRY Found;

    if ((LONG_PTR)Handle < 0)
        return ObpReferencePseudoHandle(Process, Handle, Entry);
    Found = ObpLookupHandle(Process, Handle);
    if (!Found)
        return STATUS_INVALID_HANDLE;
    *Entry = *Found;
    ObReferenceObject(Entry->Object);
    return STATUS_SUCCESS;
}

/* A handle of the current process. Not for system threads, which have none. */
NTSTATUS ObReferenceObjectByHandle(HANDLE Handle, ACCESS_MASK DesiredAccess, POBJECT_TYPE Type,
                                   PVOID *Object)
{
    HANDLE_ENTRY Entry;
    NTSTATUS Status;

    *Object = NULL;
    if (!KeGetCurrentThread())
        return STATUS_INVALID_HANDLE;
    Status = ObpReferenceHandle(PsGetCurrentProcess(), Handle, &Entry);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Type && ObGetObjectType(Entry.Object) != Type)
        Status = STATUS_OBJECT_TYPE_MISMATCH;
    else if (DesiredAccess & ~Entry.Access)
        Status = STATUS_ACCESS_DENIED;
    if (NT_SUCCESS(Status))
        *Object = Entry.Object;
    else
        ObDereferenceObject(Entry.Object);
    return Status;
}

NTSTATUS ObReferenceWaitableObject(HANDLE Handle, PVOID *Object, PVOID *WaitObject)
{
    NTSTATUS Status = ObReferenceObjectByHandle(Handle, SYNCHRONIZE, NULL, Object);
    POBJECT_TYPE Type;

    if (!NT_SUCCESS(Status))
        return Status;
    Type = ObGetObjectType(*Object);
    if (!Type->Info.Waitable) {
        ObDereferenceObject(*Object);
        return STATUS_OBJECT_TYPE_MISMATCH;
    }
    *WaitObject = Type->Info.WaitObject ? Type->Info.WaitObject(*Object) : *Object;
    return STATUS_SUCCESS;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Handles by name: the end of every NtCreateXxx and the whole of every NtOpenXxx. */
#include "obp.h"

/* Writes the new handle to the client, or takes it back. */
static NTSTATUS ObpReturnHandle(CLIENT(PHANDLE) ClientHandle, HANDLE Handle)
{
    NTSTATUS Status = MmWriteClient(ClientHandle, &Handle);

    if (!NT_SUCCESS(Status))
        ObCloseHandle(PsGetCurrentProcess(), Handle);
    return Status;
}

/* Puts Object, or the object that already has its name, into Lookup->Object, referenced. */
static NTSTATUS ObpNameObject(PVOID Object, POB_ATTRIBUTES Attributes, POBP_LOOKUP Lookup)
{
    NTSTATUS Status;

    if (Attributes->Name.Length) {
        Status = ObpLookupName(Lookup, &Attributes->Name);
        if (Status == STATUS_SUCCESS && (Attributes->Attributes & OBJ_PERMANENT))
            OBP_HEADER(Object)->Flags |= OBP_PERMANENT;
        return Status;
    }
    if (Attributes->SecurityDescriptor || ObGetObjectType(Object)->Info.SecurityRequired) {
        Status = ObpAssignSecurity(Object, NULL, Attributes->SecurityDescriptor);
        if (!NT_SUCCESS(Status))
            return Status;
    }
    ObReferenceObject(Object);
    Lookup->Object = Object;
    return STATUS_SUCCESS;
}

/* What was found by its name may have lost that while access was checked: then it is being closed.
 */
static NTSTATUS ObpOpenFound(PVOID Object, ACCESS_MASK DesiredAccess, ULONG Attributes,
                             PHANDLE Handle)
{
    ACCESS_MASK Granted;
    NTSTATUS Status = ObCheckAccess(Object, DesiredAccess, &Granted);

    if (!NT_SUCCESS(Status))
        return Status;
    return OBP_HEADER(Object)->Flags & OBP_LOST_NAME
               ? STATUS_OBJECT_NAME_NOT_FOUND
               : ObpCreateHandle(PsGetCurrentProcess(), Object, Granted, Attributes, Handle);
}

/* A handle to what has been made, which is its maker's, or to what was there. */
static NTSTATUS ObpMakeHandle(PVOID Object, BOOLEAN Made, ACCESS_MASK DesiredAccess,
                              ULONG Attributes, PHANDLE Handle)
{
    return Made ? ObCreateHandle(PsGetCurrentProcess(), Object, DesiredAccess, Attributes, Handle)
                : ObpOpenFound(Object, DesiredAccess, Attributes, Handle);
}

/*
 * Names the new object, makes a handle for the current process and writes it to ClientHandle; on
 * failure the name is taken back. The caller's reference is consumed in any case.
 */
NTSTATUS ObInsertObject(PVOID Object, POB_ATTRIBUTES Attributes, ACCESS_MASK DesiredAccess,
                        CLIENT(PHANDLE) ClientHandle)
{
    OBP_LOOKUP Lookup = {.RootDirectory = Attributes->RootDirectory,
                         .Attributes = Attributes->Attributes,
                         .DesiredAccess = DesiredAccess,
                         .Type = ObGetObjectType(Object),
                         .InsertObject = Object,
                         .Check = TRUE,
                         .SecurityDescriptor = Attributes->SecurityDescriptor};
    NTSTATUS Status = MmProbeForWrite(ClientHandle, sizeof(HANDLE)), HandleStatus;
    HANDLE Handle;

    if (NT_SUCCESS(Status) && (Attributes->Attributes & OBJ_PERMANENT))
        Status = SeCheckPrivilege(SE_CREATE_PERMANENT_PRIVILEGE);
    if (NT_SUCCESS(Status))
        Status = ObpNameObject(Object, Attributes, &Lookup);
    if (NT_SUCCESS(Status)) {
        if (Lookup.Object == Object && (Attributes->Attributes & OBJ_EXCLUSIVE))
            OBP_HEADER(Object)->Flags |= OBP_EXCLUSIVE;
        HandleStatus = ObpMakeHandle(Lookup.Object, Lookup.Object == Object, DesiredAccess,
                                     Attributes->Attributes, &Handle);
        if (NT_SUCCESS(HandleStatus))
            HandleStatus = ObpReturnHandle(ClientHandle, Handle);
        if (!NT_SUCCESS(HandleStatus)) {
            Status = HandleStatus;
            if (Lookup.Object == Object)
                ObRemoveName(Object);
        }
        ObDereferenceObject(Lookup.Object);
    }
    ObDereferenceObject(Object);
    return Status;
}

NTSTATUS ObReferenceObjectByAttributes(POB_ATTRIBUTES Attributes, ACCESS_MASK DesiredAccess,
                                       POBJECT_TYPE Type, PVOID ParseContext, PVOID *Object)
{
    OBP_LOOKUP Lookup = {.RootDirectory = Attributes->RootDirectory,
                         .Attributes = Attributes->Attributes,
                         .DesiredAccess = DesiredAccess,
                         .Type = Type,
                         .ParseContext = ParseContext,
                         .Check = TRUE};
    NTSTATUS Status = ObpLookupName(&Lookup, &Attributes->Name);

    *Object = Lookup.Object;
    return Status;
}

NTSTATUS ObOpenObject(POB_ATTRIBUTES Attributes, ACCESS_MASK DesiredAccess, POBJECT_TYPE Type,
                      PVOID ParseContext, PHANDLE Handle)
{
    PVOID Object;
    NTSTATUS Status =
        ObReferenceObjectByAttributes(Attributes, DesiredAccess, Type, ParseContext, &Object);
    NTSTATUS HandleStatus;

    if (!NT_SUCCESS(Status))
        return Status;
    /* NT grants nothing to an open that asks for nothing. */
    HandleStatus = DesiredAccess
                       ? ObpOpenFound(Object, DesiredAccess, Attributes->Attributes, Handle)
                       : STATUS_ACCESS_DENIED;
    ObDereferenceObject(Object);
    return NT_SUCCESS(HandleStatus) ? Status : HandleStatus;
}

NTSTATUS ObOpenObjectByName(CLIENT(PHANDLE) ClientHandle, ACCESS_MASK DesiredAccess,
                            CLIENT(POBJECT_ATTRIBUTES) ClientAttributes, POBJECT_TYPE Type,
                            PVOID ParseContext)
{
    OB_ATTRIBUTES Attributes;
    HANDLE Handle;
    NTSTATUS Status = MmProbeForWrite(ClientHandle, sizeof(HANDLE));

    if (!NT_SUCCESS(Status))
        return Status;
    if (!ClientAttributes)
        return STATUS_INVALID_PARAMETER;
    Status = ObCaptureAttributes(&Attributes, ClientAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObOpenObject(&Attributes, DesiredAccess, Type, ParseContext, &Handle);
    if (NT_SUCCESS(Status)) {
        NTSTATUS HandleStatus = ObpReturnHandle(ClientHandle, Handle);

        if (!NT_SUCCESS(HandleStatus))
            Status = HandleStatus;
    }
    ObFreeAttributes(&Attributes);
    return Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* NtDuplicateObject: handles from process to process. */
#include "obp.h"

typedef struct _OBP_DUPLICATE {
    HANDLE SourceHandle;
    ACCESS_MASK DesiredAccess;
    ULONG HandleAttributes;
    ULONG Options;
} OBP_DUPLICATE, *POBP_DUPLICATE;

/* Nobody is asked about what the source handle grants already. Where the type keeps its objects'
 * security itself (files, keys) a copy never grants more. */
static NTSTATUS ObpGrantMore(PHANDLE_ENTRY Source, ACCESS_MASK DesiredAccess, PACCESS_MASK Granted)
{
    ACCESS_MASK Access = ObMapGenericAccess(ObGetObjectType(Source->Object), DesiredAccess);

    if (ObGetObjectType(Source->Object)->Info.Security) {
        if (Access & MAXIMUM_ALLOWED)
            Access = Source->Access;
        *Granted = Access;
        return Access & ~Source->Access ? STATUS_ACCESS_DENIED : STATUS_SUCCESS;
    }
    if (!OBP_HEADER(Source->Object)->Security)
        return ObpGrantAccess(Source->Object, DesiredAccess, Granted);
    if (Access & ~Source->Access)
        return ObCheckAccess(Source->Object, DesiredAccess, Granted);
    *Granted = Access;
    return STATUS_SUCCESS;
}

static NTSTATUS ObpPickUp(PEPROCESS Source, POBP_DUPLICATE What, POB_CARRIED_HANDLE Carried)
{
    HANDLE_ENTRY Entry;
    NTSTATUS Status = ObpReferenceHandle(Source, What->SourceHandle, &Entry);

    if (!NT_SUCCESS(Status))
        return Status;
    Carried->Object = Entry.Object;
    Carried->Access = Entry.Access;
    Carried->Attributes =
        What->Options & DUPLICATE_SAME_ATTRIBUTES ? Entry.Attributes : What->HandleAttributes;
    if (!(What->Options & DUPLICATE_SAME_ACCESS))
        Status = ObpGrantMore(&Entry, What->DesiredAccess, &Carried->Access);
    if (!NT_SUCCESS(Status))
        ObDereferenceObject(Entry.Object);
    return Status;
}

NTSTATUS ObPickUpHandle(HANDLE Handle, ACCESS_MASK DesiredAccess, ULONG HandleAttributes,
                        ULONG Options, POB_CARRIED_HANDLE Carried)
{
    OBP_DUPLICATE What = {Handle, DesiredAccess, HandleAttributes, Options};

    return ObpPickUp(PsGetCurrentProcess(), &What, Carried);
}

NTSTATUS ObPutDownHandle(PEPROCESS Process, const OB_CARRIED_HANDLE *Carried, PHANDLE Handle)
{
    return ObpCreateHandle(Process, Carried->Object, Carried->Access,
                           Carried->Attributes & OBP_HANDLE_ATTRIBUTES, Handle);
}

static NTSTATUS ObpDuplicate(PEPROCESS Source, PEPROCESS Target, POBP_DUPLICATE What,
                             PHANDLE Handle)
{
    OB_CARRIED_HANDLE Carried;
    NTSTATUS Status = ObpPickUp(Source, What, &Carried);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObPutDownHandle(Target, &Carried, Handle);
    ObDereferenceObject(Carried.Object);
    return Status;
}

NTSTATUS ObDuplicateHandle(PEPROCESS Source, HANDLE SourceHandle, PEPROCESS Target, PHANDLE Handle)
{
    OBP_DUPLICATE What = {.SourceHandle = SourceHandle,
                          .Options = DUPLICATE_SAME_ACCESS | DUPLICATE_SAME_ATTRIBUTES};

    return ObpDuplicate(Source, Target, &What, Handle);
}

/* Makes the duplicate. TargetHandle is NULL when only the source is to be closed. */
static NTSTATUS ObpDuplicateToProcess(PEPROCESS Source, HANDLE TargetProcess,
                                      CLIENT(PHANDLE) TargetHandle, POBP_DUPLICATE What)
{
    PEPROCESS Target;
    HANDLE Handle;
    NTSTATUS Status = ObReferenceObjectByHandle(TargetProcess, PROCESS_DUP_HANDLE, PsProcessType,
                                                (PVOID *)&Target);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObpDuplicate(Source, Target, What, &Handle);
    if (NT_SUCCESS(Status) && TargetHandle) {
        Status = MmWriteClient(TargetHandle, &Handle);
        if (!NT_SUCCESS(Status))
            ObCloseHandle(Target, Handle);
    }
    ObDereferenceObject(Target);
    return Status;
}

/*
 * NtDuplicateObject: a handle of the source process becomes one of the target process too.
 * DUPLICATE_CLOSE_SOURCE closes the source handle whatever else happens; without a target process
 * that is all. Needs PROCESS_DUP_HANDLE for both processes. Returns STATUS_INVALID_HANDLE,
 * STATUS_ACCESS_DENIED, STATUS_INVALID_PARAMETER, STATUS_PROCESS_IS_TERMINATING,
 * STATUS_ACCESS_VIOLATION.  (WDK: ZwDuplicateObject)
 */
NTSTATUS NTAPI NtDuplicateObject(HANDLE SourceProcess, HANDLE SourceHandle, HANDLE TargetProcess,
                                 CLIENT(PHANDLE) TargetHandle, ACCESS_MASK DesiredAccess,
                                 ULONG HandleAttributes, ULONG Options)
{
    OBP_DUPLICATE What = {SourceHandle, DesiredAccess, HandleAttributes, Options};
    PEPROCESS Source;
    NTSTATUS Status = TargetHandle ? MmProbeForWrite(TargetHandle, sizeof(HANDLE)) : STATUS_SUCCESS;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByHandle(SourceProcess, PROCESS_DUP_HANDLE, PsProcessType,
                                       (PVOID *)&Source);
    if (!NT_SUCCESS(Status))
        return Status;
    if (TargetProcess)
        Status = ObpDuplicateToProcess(Source, TargetProcess, TargetHandle, &What);
    else if (!(Options & DUPLICATE_CLOSE_SOURCE))
        Status = STATUS_INVALID_PARAMETER;
    if (Options & DUPLICATE_CLOSE_SOURCE) {
        NTSTATUS CloseStatus = ObCloseHandle(Source, SourceHandle);

        if (!TargetProcess)
            Status = CloseStatus;
    }
    ObDereferenceObject(Source);
    return Status;
}

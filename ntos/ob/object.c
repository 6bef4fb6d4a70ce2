/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of an object: header, reference count, deletion. */
#include "obp.h"

static POBJECT_HEADER ObpDeferredList;
static BOOLEAN ObpReaperRuns;

/* Creates an object with a zeroed body, one reference and no name.
 * STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS ObCreateObject(POBJECT_TYPE Type, SIZE_T BodySize, PVOID *Object)
{
    POBJECT_HEADER Header = ExAllocatePool(sizeof(*Header) + BodySize);

    if (!Header)
        return STATUS_INSUFFICIENT_RESOURCES;
    Header->Type = Type;
    Header->ReferenceCount = 1;
    if (++Type->Objects > Type->HighWaterObjects)
        Type->HighWaterObjects = Type->Objects;
    *Object = OBP_BODY(Header);
    return STATUS_SUCCESS;
}

static void ObpDeleteObject(POBJECT_HEADER Header)
{
    ASSERT(!Header->Name && !Header->HandleCount);
    if (Header->Type->Info.Delete)
        Header->Type->Info.Delete(OBP_BODY(Header));
    Header->Type->Objects--;
    if (Header->Security)
        SeDereferenceDescriptor(Header->Security);
    ExFreePool(Header);
}

/* System thread: deletes the objects whose deletion may wait, then ends. */
static void ObpReaper(PVOID Context)
{
    POBJECT_HEADER Header;

    while ((Header = ObpDeferredList)) {
        ObpDeferredList = Header->NextDeferred;
        ObpDeleteObject(Header);
    }
    ObpReaperRuns = FALSE;
}

/* If there is no memory for a thread, the objects stay listed until another deletion is
 * deferred. */
static void ObpDeferDelete(POBJECT_HEADER Header)
{
    Header->NextDeferred = ObpDeferredList;
    ObpDeferredList = Header;
    if (!ObpReaperRuns)
        ObpReaperRuns = NT_SUCCESS(KeCreateSystemThread(ObpReaper, NULL));
}

void ObReferenceObject(PVOID Object)
{
    OBP_HEADER(Object)->ReferenceCount++;
}

void ObDereferenceObject(PVOID Object)
{
    POBJECT_HEADER Header = OBP_HEADER(Object);

    ASSERT(Header->ReferenceCount);
    if (--Header->ReferenceCount)
        return;
    if (Header->Type->Info.DeferDelete)
        ObpDeferDelete(Header);
    else
        ObpDeleteObject(Header);
}

POBJECT_TYPE ObGetObjectType(PVOID Object)
{
    return OBP_HEADER(Object)->Type;
}

BOOLEAN ObIsPermanent(PVOID Object)
{
    return (OBP_HEADER(Object)->Flags & OBP_PERMANENT) != 0;
}

ULONG ObGetReferenceCount(PVOID Object)
{
    return (ULONG)OBP_HEADER(Object)->ReferenceCount;
}

void ObpDeleteNameCheck(PVOID Object)
{
    POBJECT_HEADER Header = OBP_HEADER(Object);

    if (Header->HandleCount || !Header->Name || (Header->Flags & OBP_PERMANENT))
        return;
    Header->Flags |= OBP_LOST_NAME;
    ObRemoveName(Object);
}

/*
 * NtMakeTemporaryObject: the object's name goes with its last handle. Needs DELETE.
 * Returns STATUS_INVALID_HANDLE, STATUS_ACCESS_DENIED.  (WDK: ZwMakeTemporaryObject)
 */
NTSTATUS NTAPI NtMakeTemporaryObject(HANDLE Handle)
{
    PVOID Object;
    NTSTATUS Status = ObReferenceObjectByHandle(Handle, DELETE, NULL, &Object);

    if (!NT_SUCCESS(Status))
        return Status;
    OBP_HEADER(Object)->Flags &= ~OBP_PERMANENT;
    ObpDeleteNameCheck(Object);
    ObDereferenceObject(Object);
    return STATUS_SUCCESS;
}

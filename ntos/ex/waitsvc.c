/* SPDX-License-Identifier: BSD-2-Clause */
/* The services that wait. */
#include "exp.h"

/* A time limit that the client may leave out. */
static NTSTATUS CaptureTimeout(PLARGE_INTEGER Copy, PLARGE_INTEGER *Timeout)
{
    NTSTATUS Status = STATUS_SUCCESS;

    if (*Timeout) {
        Status = MmReadClient(Copy, *Timeout);
        *Timeout = Copy;
    }
    return Status;
}

/*
 * NtWaitForSingleObject: waits until the object is signalled or the time limit (100 ns; negative =
 * relative) is over. Needs SYNCHRONIZE. Returns STATUS_WAIT_0, STATUS_TIMEOUT;
 * STATUS_INVALID_HANDLE, STATUS_ACCESS_DENIED, STATUS_OBJECT_TYPE_MISMATCH (no such thing to wait
 * for), STATUS_ACCESS_VIOLATION.  (WDK: ZwWaitForSingleObject)
 */
NTSTATUS NtWaitForSingleObject(HANDLE Handle, BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    LARGE_INTEGER Limit;
    PVOID Object, WaitObject;
    NTSTATUS Status = CaptureTimeout(&Limit, &Timeout);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceWaitableObject(Handle, &Object, &WaitObject);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = KeWaitForSingleObject(WaitObject, Alertable, Timeout);
    ObDereferenceObject(Object);
    return Status;
}

/* The objects of a wait for several: in one pool block, so that many fit a small stack. */
typedef struct _WAIT_SET {
    ULONG Referenced;
    HANDLE Handles[MAXIMUM_WAIT_OBJECTS];
    PVOID Objects[MAXIMUM_WAIT_OBJECTS];
    PVOID WaitObjects[MAXIMUM_WAIT_OBJECTS];
} WAIT_SET, *PWAIT_SET;

static NTSTATUS ReferenceSet(PWAIT_SET Set, ULONG Count)
{
    for (Set->Referenced = 0; Set->Referenced < Count; Set->Referenced++) {
        ULONG i = Set->Referenced;
        NTSTATUS Status =
            ObReferenceWaitableObject(Set->Handles[i], &Set->Objects[i], &Set->WaitObjects[i]);

        if (!NT_SUCCESS(Status))
            return Status;
    }
    return STATUS_SUCCESS;
}

static void DereferenceSet(PWAIT_SET Set)
{
    while (Set->Referenced)
        ObDereferenceObject(Set->Objects[--Set->Referenced]);
}

/* Waiting for all of them needs each only once. */
static BOOLEAN HasDuplicates(PWAIT_SET Set)
{
    ULONG i, j;

    for (i = 1; i < Set->Referenced; i++)
        for (j = 0; j < i; j++)
            if (Set->WaitObjects[i] == Set->WaitObjects[j])
                return TRUE;
    return FALSE;
}

static NTSTATUS WaitForSet(PWAIT_SET Set, ULONG Count, WAIT_TYPE WaitType, BOOLEAN Alertable,
                           PLARGE_INTEGER Timeout)
{
    NTSTATUS Status = ReferenceSet(Set, Count);

    if (NT_SUCCESS(Status) && WaitType == WaitAll && HasDuplicates(Set))
        Status = STATUS_INVALID_PARAMETER_MIX;
    if (NT_SUCCESS(Status))
        Status = KeWaitForMultipleObjects(Count, Set->WaitObjects, WaitType, Alertable, Timeout);
    DereferenceSet(Set);
    return Status;
}

/*
 * NtWaitForMultipleObjects: waits for any or for all of up to MAXIMUM_WAIT_OBJECTS objects. Returns
 * STATUS_WAIT_0 + the index of the object that ended a wait for any, STATUS_INVALID_PARAMETER_1
 * (Count), STATUS_INVALID_PARAMETER_3 (WaitType), STATUS_INVALID_PARAMETER_MIX (all, and one
 * twice); as NtWaitForSingleObject otherwise.
 */
NTSTATUS NtWaitForMultipleObjects(ULONG Count, const HANDLE *Handles, WAIT_TYPE WaitType,
                                  BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    LARGE_INTEGER Limit;
    PWAIT_SET Set;
    NTSTATUS Status;

    if (!Count || Count > MAXIMUM_WAIT_OBJECTS)
        return STATUS_INVALID_PARAMETER_1;
    if (WaitType != WaitAny && WaitType != WaitAll)
        return STATUS_INVALID_PARAMETER_3;
    Status = CaptureTimeout(&Limit, &Timeout);
    if (!NT_SUCCESS(Status))
        return Status;
    Set = ExAllocatePool(sizeof(*Set));
    if (!Set)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCopyFromClient(Set->Handles, Handles, Count * sizeof(HANDLE));
    if (NT_SUCCESS(Status))
        Status = WaitForSet(Set, Count, WaitType, Alertable, Timeout);
    ExFreePool(Set);
    return Status;
}

/*
 * NtDelayExecution: lets time pass (negative = relative), or only yields when it is 0. Returns
 * STATUS_SUCCESS, STATUS_ACCESS_VIOLATION.
 */
NTSTATUS NtDelayExecution(BOOLEAN Alertable, PLARGE_INTEGER Interval)
{
    LARGE_INTEGER Limit;
    NTSTATUS Status = MmReadClient(&Limit, Interval);

    return NT_SUCCESS(Status) ? KeDelayExecution(Alertable, &Limit) : Status;
}

/*
 * NtYieldExecution: on a single processor whose scheduler is the kernel's, the Executive cannot put
 * a thread behind the others of its priority: no yield is performed, and the time slice ends when
 * it ends.
 */
NTSTATUS NtYieldExecution(void)
{
    return STATUS_NO_YIELD_PERFORMED;
}

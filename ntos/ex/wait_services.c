/* SPDX-License-Identifier: BSD-2-Clause */
/* The services that wait. */
#include "exp.h"

NTSTATUS ExpCaptureTimeout(CLIENT(PLARGE_INTEGER) ClientTimeout, PLARGE_INTEGER Copy,
                           PLARGE_INTEGER *Timeout)
{
    *Timeout = ClientTimeout ? Copy : NULL;
    return ClientTimeout ? MmReadClient(Copy, ClientTimeout) : STATUS_SUCCESS;
}

/*
 * NtWaitForSingleObject: waits until the object is signalled or the time limit (100 ns; negative =
 * relative) is over. Needs SYNCHRONIZE. Returns STATUS_WAIT_0, STATUS_TIMEOUT;
 * STATUS_INVALID_HANDLE, STATUS_ACCESS_DENIED, STATUS_OBJECT_TYPE_MISMATCH (it cannot be waited
 * for), STATUS_ACCESS_VIOLATION. (WDK: ZwWaitForSingleObject)
 */
NTSTATUS NtWaitForSingleObject(HANDLE Handle, BOOLEAN Alertable, CLIENT(PLARGE_INTEGER) Timeout)
{
    LARGE_INTEGER Copy, *Limit;
    PVOID Object, WaitObject;
    NTSTATUS Status = ExpCaptureTimeout(Timeout, &Copy, &Limit);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceWaitableObject(Handle, &Object, &WaitObject);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = KeWaitForSingleObject(WaitObject, Alertable, Limit);
    ObDereferenceObject(Object);
    return Status;
}

/* The objects of a wait for several: on the stack, so that a wait needs no memory. */
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

/* A wait for all of them must not name one twice. */
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
NTSTATUS NtWaitForMultipleObjects(ULONG Count, CLIENT(const HANDLE *) Handles, WAIT_TYPE WaitType,
                                  BOOLEAN Alertable, CLIENT(PLARGE_INTEGER) Timeout)
{
    LARGE_INTEGER Copy, *Limit;
    WAIT_SET Set;
    NTSTATUS Status;

    if (!Count || Count > MAXIMUM_WAIT_OBJECTS)
        return STATUS_INVALID_PARAMETER_1;
    if (WaitType != WaitAny && WaitType != WaitAll)
        return STATUS_INVALID_PARAMETER_3;
    Status = ExpCaptureTimeout(Timeout, &Copy, &Limit);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = MmCopyFromClient(Set.Handles, Handles, Count * sizeof(HANDLE));
    return NT_SUCCESS(Status) ? WaitForSet(&Set, Count, WaitType, Alertable, Limit) : Status;
}

/* What signalling an object by NtSignalAndWaitForSingleObject demands of its handle. FALSE: it
 * cannot be signalled so. */
static BOOLEAN SignalAccess(POBJECT_TYPE Type, ACCESS_MASK *Access)
{
    *Access = Type == ExEventType       ? EVENT_MODIFY_STATE
              : Type == ExSemaphoreType ? SEMAPHORE_MODIFY_STATE
                                        : 0;
    return *Access || Type == ExMutantType;
}

static NTSTATUS Signal(PVOID Object)
{
    POBJECT_TYPE Type = ObGetObjectType(Object);
    LONG Previous;

    if (Type == ExSemaphoreType)
        return KeReleaseSemaphore(Object, 1, &Previous);
    if (Type == ExMutantType)
        return KeReleaseMutant(Object, PsGetCurrentThread(), &Previous);
    KeSetEventGivingWay(Object);
    return STATUS_SUCCESS;
}

static NTSTATUS ReferenceSignal(HANDLE Handle, PVOID *Object)
{
    ACCESS_MASK Access;
    NTSTATUS Status = ObReferenceObjectByHandle(Handle, 0, NULL, Object);
    BOOLEAN Possible;

    if (!NT_SUCCESS(Status))
        return Status;
    Possible = SignalAccess(ObGetObjectType(*Object), &Access);
    ObDereferenceObject(*Object);
    return Possible ? ObReferenceObjectByHandle(Handle, Access, NULL, Object)
                    : STATUS_OBJECT_TYPE_MISMATCH;
}

/*
 * NtSignalAndWaitForSingleObject: sets an event, releases a semaphore by one or a mutant, and waits
 * for an object, with nothing in between. The first needs EVENT_MODIFY_STATE,
 * SEMAPHORE_MODIFY_STATE or to be owned, the second SYNCHRONIZE. Returns what
 * NtWaitForSingleObject returns; and, without waiting, STATUS_OBJECT_TYPE_MISMATCH,
 * STATUS_SEMAPHORE_LIMIT_EXCEEDED, STATUS_MUTANT_NOT_OWNED.  (Win32: SignalObjectAndWait)
 */
NTSTATUS NtSignalAndWaitForSingleObject(HANDLE SignalHandle, HANDLE WaitHandle, BOOLEAN Alertable,
                                        CLIENT(PLARGE_INTEGER) Timeout)
{
    LARGE_INTEGER Copy, *Limit;
    PVOID Signalled, Object, WaitObject;
    NTSTATUS Status = ExpCaptureTimeout(Timeout, &Copy, &Limit);

    if (NT_SUCCESS(Status))
        Status = ReferenceSignal(SignalHandle, &Signalled);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceWaitableObject(WaitHandle, &Object, &WaitObject);
    if (NT_SUCCESS(Status)) {
        Status = Signal(Signalled);
        if (NT_SUCCESS(Status))
            Status = KeWaitForSingleObject(WaitObject, Alertable, Limit);
        ObDereferenceObject(Object);
    }
    ObDereferenceObject(Signalled);
    return Status;
}

/*
 * NtDelayExecution: lets time pass (negative = relative), or only yields when it is 0. Returns
 * STATUS_SUCCESS, STATUS_ACCESS_VIOLATION.
 */
NTSTATUS NtDelayExecution(BOOLEAN Alertable, CLIENT(PLARGE_INTEGER) Interval)
{
    LARGE_INTEGER Limit;
    NTSTATUS Status = MmReadClient(&Limit, Interval);

    return NT_SUCCESS(Status) ? KeDelayExecution(Alertable, &Limit) : Status;
}

/*
 * NtYieldExecution: the scheduler is the kernel's, and the Executive cannot put a thread behind the
 * others of its priority. So no yield is performed, and the thread keeps its time slice.
 */
NTSTATUS NtYieldExecution(void)
{
    return STATUS_NO_YIELD_PERFORMED;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Semaphore objects and their services. */
#include "exp.h"

struct _OBJECT_TYPE *ExSemaphoreType;

void ExpInitializeSemaphores(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"Semaphore",
        .Mapping = {STANDARD_RIGHTS_READ | SEMAPHORE_QUERY_STATE,
                    STANDARD_RIGHTS_WRITE | SEMAPHORE_MODIFY_STATE,
                    STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, SEMAPHORE_ALL_ACCESS},
        .ValidAccess = SEMAPHORE_ALL_ACCESS,
        .Waitable = TRUE,
    };

    ExpCreateType(&Initializer, &ExSemaphoreType);
}

static void InitializeSemaphore(PVOID Object, const void *Parameters)
{
    const SEMAPHORE_BASIC_INFORMATION *Counts = Parameters;

    KeInitializeSemaphore(Object, Counts->CurrentCount, Counts->MaximumCount);
}

/*
 * NtCreateSemaphore: makes a semaphore that lets MaximumCount waits through at once, and
 * InitialCount of them now; or with OBJ_OPENIF opens the one of that name. Returns
 * STATUS_INVALID_PARAMETER (counts), STATUS_ACCESS_VIOLATION, STATUS_OBJECT_NAME_COLLISION,
 * STATUS_OBJECT_NAME_EXISTS (a success), and what names and handles may give.  (Win32:
 * CreateSemaphore)
 */
NTSTATUS NtCreateSemaphore(CLIENT(PHANDLE) SemaphoreHandle, ACCESS_MASK DesiredAccess,
                           CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, LONG InitialCount,
                           LONG MaximumCount)
{
    SEMAPHORE_BASIC_INFORMATION Counts = {InitialCount, MaximumCount};
    NTSTATUS Status = MmProbeForWrite(SemaphoreHandle, sizeof(*SemaphoreHandle));

    if (!NT_SUCCESS(Status))
        return Status;
    if (MaximumCount <= 0 || InitialCount < 0 || InitialCount > MaximumCount)
        return STATUS_INVALID_PARAMETER;
    return ExpCreateObject(ExSemaphoreType, sizeof(KSEMAPHORE), SemaphoreHandle, DesiredAccess,
                           ObjectAttributes, InitializeSemaphore, &Counts);
}

/* NtOpenSemaphore: opens a named semaphore.  (Win32: OpenSemaphore) */
NTSTATUS NtOpenSemaphore(CLIENT(PHANDLE) SemaphoreHandle, ACCESS_MASK DesiredAccess,
                         CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return ObOpenObjectByName(SemaphoreHandle, DesiredAccess, ObjectAttributes, ExSemaphoreType,
                              NULL);
}

/*
 * NtReleaseSemaphore: lets ReleaseCount more waits through. PreviousCount, if given, receives how
 * many could have come through before. Needs SEMAPHORE_MODIFY_STATE. Returns
 * STATUS_INVALID_PARAMETER (ReleaseCount is not above 0), STATUS_SEMAPHORE_LIMIT_EXCEEDED (nothing
 * has changed), STATUS_ACCESS_VIOLATION and what handles may give.  (Win32: ReleaseSemaphore)
 */
NTSTATUS NtReleaseSemaphore(HANDLE SemaphoreHandle, LONG ReleaseCount, CLIENT(PLONG) PreviousCount)
{
    PKSEMAPHORE Semaphore;
    LONG Previous;
    NTSTATUS Status =
        PreviousCount ? MmProbeForWrite(PreviousCount, sizeof(*PreviousCount)) : STATUS_SUCCESS;

    if (!NT_SUCCESS(Status))
        return Status;
    if (ReleaseCount <= 0)
        return STATUS_INVALID_PARAMETER;
    Status = ObReferenceObjectByHandle(SemaphoreHandle, SEMAPHORE_MODIFY_STATE, ExSemaphoreType,
                                       (PVOID *)&Semaphore);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = KeReleaseSemaphore(Semaphore, ReleaseCount, &Previous);
    ObDereferenceObject(Semaphore);
    return NT_SUCCESS(Status) && PreviousCount ? MmWriteClient(PreviousCount, &Previous) : Status;
}

/*
 * NtQuerySemaphore: SemaphoreBasicInformation. Needs SEMAPHORE_QUERY_STATE. Returns
 * STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION and what handles
 * may give.
 */
NTSTATUS NtQuerySemaphore(HANDLE SemaphoreHandle, SEMAPHORE_INFORMATION_CLASS Class,
                          CLIENT(PVOID) Information, ULONG Length, CLIENT(PULONG) ReturnLength)
{
    SEMAPHORE_BASIC_INFORMATION Basic;
    PKSEMAPHORE Semaphore;
    NTSTATUS Status;

    if (Class != SemaphoreBasicInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (Length != sizeof(Basic))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = ObReferenceObjectByHandle(SemaphoreHandle, SEMAPHORE_QUERY_STATE, ExSemaphoreType,
                                       (PVOID *)&Semaphore);
    if (!NT_SUCCESS(Status))
        return Status;
    Basic.CurrentCount = Semaphore->Header.SignalState;
    Basic.MaximumCount = Semaphore->Limit;
    ObDereferenceObject(Semaphore);
    return ExpReturnInformation(Information, Length, &Basic, sizeof(Basic), ReturnLength);
}

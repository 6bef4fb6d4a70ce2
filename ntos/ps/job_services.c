/* SPDX-License-Identifier: BSD-2-Clause */
/* The services of jobs. */
#include "psp.h"

/*
 * NtCreateJobObject: makes a job without processes and limits, or with OBJ_OPENIF opens the one of
 * that name. Returns STATUS_ACCESS_VIOLATION, STATUS_OBJECT_NAME_COLLISION,
 * STATUS_OBJECT_NAME_EXISTS (a success), and what names and handles may give.  (Win32:
 * CreateJobObject)
 */
NTSTATUS NtCreateJobObject(CLIENT(PHANDLE) JobHandle, ACCESS_MASK DesiredAccess,
                           CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    OB_ATTRIBUTES Attributes;
    PEJOB Job;
    NTSTATUS Status = MmProbeForWrite(JobHandle, sizeof(*JobHandle));

    if (NT_SUCCESS(Status))
        Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObCreateObject(PspJobType, sizeof(*Job), (PVOID *)&Job);
    if (NT_SUCCESS(Status)) {
        KeInitializeDispatcherHeader(&Job->Header, NotificationEventObject, 0);
        InitializeListHead(&Job->ProcessListHead);
        InitializeListHead(&Job->ChildListHead);
        Status = ObInsertObject(Job, &Attributes, DesiredAccess, JobHandle);
    }
    ObFreeAttributes(&Attributes);
    return Status;
}

/* NtOpenJobObject: opens a named job.  (Win32: OpenJobObject) */
NTSTATUS NtOpenJobObject(CLIENT(PHANDLE) JobHandle, ACCESS_MASK DesiredAccess,
                         CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return ObOpenObjectByName(JobHandle, DesiredAccess, ObjectAttributes, PspJobType, NULL);
}

/*
 * NtAssignProcessToJobObject: the process belongs to the job from now on, in addition to those that
 * it belongs to already: then the job must lie in the innermost of these, or come to lie there as
 * it has had no process yet (else STATUS_ACCESS_DENIED). A process that is too many is ended:
 * STATUS_QUOTA_EXCEEDED. Needs JOB_OBJECT_ASSIGN_PROCESS, PROCESS_SET_QUOTA and PROCESS_TERMINATE.
 * Returns STATUS_PROCESS_IS_TERMINATING and what handles may give.  (Win32:
 * AssignProcessToJobObject)
 */
NTSTATUS NtAssignProcessToJobObject(HANDLE JobHandle, HANDLE ProcessHandle)
{
    PEJOB Job;
    PEPROCESS Process;
    NTSTATUS Status =
        ObReferenceObjectByHandle(JobHandle, JOB_OBJECT_ASSIGN_PROCESS, PspJobType, (PVOID *)&Job);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_SET_QUOTA | PROCESS_TERMINATE,
                                       PsProcessType, (PVOID *)&Process);
    if (NT_SUCCESS(Status)) {
        Status = PspAssignJob(Process, Job);
        if (Status == STATUS_QUOTA_EXCEEDED)
            PsTerminateProcessGivingWay(Process, Status);
        ObDereferenceObject(Process);
    }
    ObDereferenceObject(Job);
    return Status;
}

/*
 * NtTerminateJobObject: ends all processes of the job and of those in it. Needs
 * JOB_OBJECT_TERMINATE. Returns STATUS_SUCCESS and what handles may give.  (Win32:
 * TerminateJobObject)
 */
NTSTATUS NtTerminateJobObject(HANDLE JobHandle, NTSTATUS ExitStatus)
{
    PEJOB Job;
    NTSTATUS Status =
        ObReferenceObjectByHandle(JobHandle, JOB_OBJECT_TERMINATE, PspJobType, (PVOID *)&Job);

    if (!NT_SUCCESS(Status))
        return Status;
    PspTerminateJob(Job, ExitStatus);
    ObDereferenceObject(Job);
    return STATUS_SUCCESS;
}

static NTSTATUS IsInJob(PEPROCESS Process, HANDLE JobHandle)
{
    PEJOB Job;
    BOOLEAN Within;
    NTSTATUS Status;

    if (!JobHandle)
        return Process->Job ? STATUS_PROCESS_IN_JOB : STATUS_PROCESS_NOT_IN_JOB;
    Status = ObReferenceObjectByHandle(JobHandle, JOB_OBJECT_QUERY, PspJobType, (PVOID *)&Job);
    if (!NT_SUCCESS(Status))
        return Status;
    Within = PspIsJobWithin(Process->Job, Job);
    ObDereferenceObject(Job);
    return Within ? STATUS_PROCESS_IN_JOB : STATUS_PROCESS_NOT_IN_JOB;
}

/*
 * NtIsProcessInJob: whether the process belongs to the job, or without a job's handle to any. Needs
 * PROCESS_QUERY_LIMITED_INFORMATION or PROCESS_QUERY_INFORMATION, and JOB_OBJECT_QUERY. Returns
 * STATUS_PROCESS_IN_JOB, STATUS_PROCESS_NOT_IN_JOB and what handles may give.  (Win32:
 * IsProcessInJob)
 */
NTSTATUS NtIsProcessInJob(HANDLE ProcessHandle, HANDLE JobHandle)
{
    PEPROCESS Process;
    NTSTATUS Status =
        PspReferenceForQuery(ProcessHandle, PsProcessType, PROCESS_QUERY_LIMITED_INFORMATION,
                             PROCESS_QUERY_INFORMATION, (PVOID *)&Process);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = IsInJob(Process, JobHandle);
    ObDereferenceObject(Process);
    return Status;
}

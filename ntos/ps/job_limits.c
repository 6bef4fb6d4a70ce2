/* SPDX-License-Identifier: BSD-2-Clause */
/* The limits of jobs, and what else can be set. */
#include <neptune/missing_classes.def>
#include "psp.h"

#define HIGHEST_PRIORITY_CLASS 6
#define HIGHEST_SCHEDULING_CLASS 9

/* ---- Memory ---- */
static BOOLEAN IsProcessTooBig(PEJOB Job, SIZE_T Pages)
{
    return PspJobHasLimit(Job, JOB_OBJECT_LIMIT_PROCESS_MEMORY) &&
           Pages > Job->Limits.ProcessMemoryLimit / NEPTUNE_PAGE_SIZE;
}

static BOOLEAN IsJobTooBig(PEJOB Job, SIZE_T Pages)
{
    return PspJobHasLimit(Job, JOB_OBJECT_LIMIT_JOB_MEMORY) &&
           Pages > Job->Limits.JobMemoryLimit / NEPTUNE_PAGE_SIZE;
}

/* Who pays for the message may be over a limit itself: that is not told, as it would be paid for
 * likewise, without end. */
static void TellOfLimit(PEJOB Job, ULONG Message, PEPROCESS Process)
{
    static BOOLEAN Telling;

    if (Telling)
        return;
    Telling = TRUE;
    PspPostJobMessage(Job, Message, Process->UniqueProcessId);
    Telling = FALSE;
}

static BOOLEAN IsAllowed(PEPROCESS Process, PEJOB Job, SIZE_T Pages)
{
    if (IsProcessTooBig(Job, Process->Vm.CommitPages + Pages)) {
        TellOfLimit(Job, JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, Process);
        return FALSE;
    }
    if (IsJobTooBig(Job, Job->CommitPages + Pages)) {
        TellOfLimit(Job, JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, Process);
        return FALSE;
    }
    return TRUE;
}

static void Raise(PSIZE_T Peak, SIZE_T Pages)
{
    if (*Peak < Pages)
        *Peak = Pages;
}

BOOLEAN PsChargeJobs(PEPROCESS Process, SIZE_T Pages)
{
    PEJOB Job;

    for (Job = Process->Job; Job; Job = Job->Parent)
        if (!IsAllowed(Process, Job, Pages))
            return FALSE;
    for (Job = Process->Job; Job; Job = Job->Parent) {
        Job->CommitPages += Pages;
        Raise(&Job->PeakCommitPages, Job->CommitPages);
        Raise(&Job->PeakProcessPages, Process->Vm.CommitPages + Pages);
    }
    return TRUE;
}

void PsReturnJobCharge(PEPROCESS Process, SIZE_T Pages)
{
    PEJOB Job;

    for (Job = Process->Job; Job; Job = Job->Parent)
        Job->CommitPages -= Pages;
}

/* ---- Setting them ---- */
static BOOLEAN AreSizesValid(const JOBOBJECT_BASIC_LIMIT_INFORMATION *Basic)
{
    return Basic->MinimumWorkingSetSize && Basic->MaximumWorkingSetSize &&
           Basic->MinimumWorkingSetSize <= Basic->MaximumWorkingSetSize;
}

static NTSTATUS CheckBasic(const JOBOBJECT_BASIC_LIMIT_INFORMATION *Basic, ULONG ValidFlags)
{
    ULONG Flags = Basic->LimitFlags;

    if (Flags & ~ValidFlags)
        return STATUS_INVALID_PARAMETER;
    if ((Flags & JOB_OBJECT_LIMIT_WORKINGSET && !AreSizesValid(Basic)) ||
        (Flags & JOB_OBJECT_LIMIT_ACTIVE_PROCESS && !Basic->ActiveProcessLimit) ||
        (Flags & JOB_OBJECT_LIMIT_AFFINITY && Basic->Affinity != 1) ||
        (Flags & JOB_OBJECT_LIMIT_PRIORITY_CLASS &&
         Basic->PriorityClass > HIGHEST_PRIORITY_CLASS) ||
        (Flags & JOB_OBJECT_LIMIT_SCHEDULING_CLASS &&
         Basic->SchedulingClass > HIGHEST_SCHEDULING_CLASS))
        return STATUS_INVALID_PARAMETER;
    return PspCheckJobTime(Basic);
}

static NTSTATUS CheckExtended(const JOBOBJECT_EXTENDED_LIMIT_INFORMATION *Limits)
{
    ULONG Flags = Limits->BasicLimitInformation.LimitFlags;

    if ((Flags & JOB_OBJECT_LIMIT_PROCESS_MEMORY &&
         Limits->ProcessMemoryLimit < NEPTUNE_PAGE_SIZE) ||
        (Flags & JOB_OBJECT_LIMIT_JOB_MEMORY && Limits->JobMemoryLimit < NEPTUNE_PAGE_SIZE))
        return STATUS_INVALID_PARAMETER;
    return CheckBasic(&Limits->BasicLimitInformation, JOB_OBJECT_EXTENDED_LIMIT_VALID_FLAGS);
}

/* A process that uses more already than it may gets no more. */
static NTSTATUS SetLimits(PEJOB Job, PJOBOBJECT_EXTENDED_LIMIT_INFORMATION New, BOOLEAN Extended)
{
    NTSTATUS Status =
        Extended ? CheckExtended(New)
                 : CheckBasic(&New->BasicLimitInformation, JOB_OBJECT_BASIC_LIMIT_VALID_FLAGS);

    if (!NT_SUCCESS(Status))
        return Status;
    PspSetJobTime(Job, &New->BasicLimitInformation);
    Job->Limits.BasicLimitInformation = New->BasicLimitInformation;
    if (Extended) {
        Job->Limits.ProcessMemoryLimit = New->ProcessMemoryLimit;
        Job->Limits.JobMemoryLimit = New->JobMemoryLimit;
    }
    return STATUS_SUCCESS;
}

/* The port is told of the processes that are there already. Others run meanwhile. */
static void AnnounceProcesses(PEJOB Job)
{
    ULONG Count = Job->ProcessCount;

    while (Count-- && !IsListEmpty(&Job->ProcessListHead)) {
        PEPROCESS Process =
            CONTAINING_RECORD(RemoveHeadList(&Job->ProcessListHead), EPROCESS, JobLinks);

        InsertTailList(&Job->ProcessListHead, &Process->JobLinks);
        PspPostJobMessage(Job, JOB_OBJECT_MSG_NEW_PROCESS, Process->UniqueProcessId);
        KeGiveWay();
    }
}

static NTSTATUS SetPort(PEJOB Job, const JOBOBJECT_ASSOCIATE_COMPLETION_PORT *Association)
{
    PIO_COMPLETION Port = NULL, Old = Job->Port;
    NTSTATUS Status;

    if (Association->CompletionPort) {
        if (Old)
            return STATUS_INVALID_PARAMETER;
        Status = ObReferenceObjectByHandle(Association->CompletionPort, IO_COMPLETION_MODIFY_STATE,
                                           IoCompletionType, (PVOID *)&Port);
        if (!NT_SUCCESS(Status))
            return Status;
    }
    Job->Port = Port;
    Job->PortPayer = PsGetCurrentProcess()->UniqueProcessId;
    Job->PortKey = Association->CompletionKey;
    if (Old)
        ObDereferenceObject(Old);
    if (Port)
        AnnounceProcesses(Job);
    return STATUS_SUCCESS;
}

static NTSTATUS SetUiRestrictions(PEJOB Job, ULONG Flags)
{
    if (Flags & ~JOB_OBJECT_UI_VALID_FLAGS)
        return STATUS_INVALID_PARAMETER;
    Job->UiRestrictions = Flags;
    return STATUS_SUCCESS;
}

static NTSTATUS SetEndOfJobTime(PEJOB Job, ULONG Action)
{
    if (Action > JOB_OBJECT_POST_AT_END_OF_JOB)
        return STATUS_INVALID_PARAMETER;
    Job->EndOfJobTimeAction = Action;
    return STATUS_SUCCESS;
}

typedef union _JOB_SETTING {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION Limits;
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT Port;
    ULONG Long;
} JOB_SETTING, *PJOB_SETTING;

/* 0: it cannot be set. */
static ULONG SettingLength(JOBOBJECTINFOCLASS Class)
{
    switch (Class) {
    case JobObjectBasicLimitInformation:
        return sizeof(JOBOBJECT_BASIC_LIMIT_INFORMATION);
    case JobObjectExtendedLimitInformation:
        return sizeof(JOBOBJECT_EXTENDED_LIMIT_INFORMATION);
    case JobObjectAssociateCompletionPortInformation:
        return sizeof(JOBOBJECT_ASSOCIATE_COMPLETION_PORT);
    case JobObjectBasicUIRestrictions:
    case JobObjectEndOfJobTimeInformation:
        return sizeof(ULONG);
    default:
        return 0;
    }
}

static NTSTATUS CheckClass(JOBOBJECTINFOCLASS Class, ULONG Length)
{
    switch (Class) {
        MISSING_NtSetInformationJobObject(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        if (!SettingLength(Class) && Class != JobObjectClearPeakJobMemoryUsed)
            return STATUS_INVALID_INFO_CLASS;
        return Length == SettingLength(Class) ? STATUS_SUCCESS : STATUS_INFO_LENGTH_MISMATCH;
    }
}

static NTSTATUS ClearPeak(PEJOB Job)
{
    Job->PeakCommitPages = Job->CommitPages;
    return STATUS_SUCCESS;
}

static NTSTATUS SetJob(PEJOB Job, JOBOBJECTINFOCLASS Class, PJOB_SETTING Setting)
{
    switch (Class) {
    case JobObjectBasicLimitInformation:
        return SetLimits(Job, &Setting->Limits, FALSE);
    case JobObjectExtendedLimitInformation:
        return SetLimits(Job, &Setting->Limits, TRUE);
    case JobObjectAssociateCompletionPortInformation:
        return SetPort(Job, &Setting->Port);
    case JobObjectBasicUIRestrictions:
        return SetUiRestrictions(Job, Setting->Long);
    case JobObjectClearPeakJobMemoryUsed:
        return ClearPeak(Job);
    default:
        return SetEndOfJobTime(Job, Setting->Long);
    }
}

/*
 * NtSetInformationJobObject: basic and extended limits, UI restrictions, the completion port (once;
 * NULL takes it away), what happens at the end of the job's time, that the most memory that was in
 * use is what is now. The limits of working set, priority and scheduling class are kept, but limit
 * nothing. Needs JOB_OBJECT_SET_ATTRIBUTES.
 * Returns STATUS_INVALID_INFO_CLASS, STATUS_NOT_IMPLEMENTED (missing_classes.def),
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_PARAMETER, STATUS_ACCESS_VIOLATION and what handles
 * may give.  (Win32: SetInformationJobObject)
 */
NTSTATUS NtSetInformationJobObject(HANDLE JobHandle, JOBOBJECTINFOCLASS Class,
                                   CLIENT(PVOID) Information, ULONG Length)
{
    JOB_SETTING Setting = {0};
    PEJOB Job;
    NTSTATUS Status = CheckClass(Class, Length);

    if (NT_SUCCESS(Status))
        Status = MmCopyFromClient(&Setting, Information, Length);
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(JobHandle, JOB_OBJECT_SET_ATTRIBUTES, PspJobType,
                                           (PVOID *)&Job);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = SetJob(Job, Class, &Setting);
    ObDereferenceObject(Job);
    return Status;
}

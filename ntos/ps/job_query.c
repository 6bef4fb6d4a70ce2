/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryInformationJobObject. */
#include <neptune/missing_classes.def>
#include "psp.h"

#define LIST_HEADER FIELD_OFFSET(JOBOBJECT_BASIC_PROCESS_ID_LIST, ProcessIdList)

typedef union _JOB_ANSWER {
    JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION Accounting;
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION Limits;
    JOBOBJECT_MEMORY_USAGE_INFORMATION Memory;
    GROUP_AFFINITY Affinity;
    ULONG Long;
} JOB_ANSWER, *PJOB_ANSWER;

/* 0 for a class that has no fixed size or cannot be queried. */
static ULONG AnswerLength(JOBOBJECTINFOCLASS Class)
{
    switch (Class) {
    case JobObjectBasicAccountingInformation:
        return sizeof(JOBOBJECT_BASIC_ACCOUNTING_INFORMATION);
    case JobObjectBasicAndIoAccountingInformation:
        return sizeof(JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION);
    case JobObjectBasicLimitInformation:
        return sizeof(JOBOBJECT_BASIC_LIMIT_INFORMATION);
    case JobObjectExtendedLimitInformation:
        return sizeof(JOBOBJECT_EXTENDED_LIMIT_INFORMATION);
    case JobObjectBasicUIRestrictions:
    case JobObjectEndOfJobTimeInformation:
        return sizeof(ULONG);
    case JobObjectGroupInformation:
        return sizeof(USHORT);
    case JobObjectGroupInformationEx:
        return sizeof(GROUP_AFFINITY);
    case JobObjectMemoryUsageInformation:
        return sizeof(JOBOBJECT_MEMORY_USAGE_INFORMATION);
    default:
        return 0;
    }
}

/* Transfers are not counted: they are 0. */
static void FillAnswer(PEJOB Job, JOBOBJECTINFOCLASS Class, PJOB_ANSWER Answer)
{
    switch (Class) {
    case JobObjectBasicAccountingInformation:
    case JobObjectBasicAndIoAccountingInformation:
        PspQueryJobTime(Job, &Answer->Accounting.BasicInfo);
        Answer->Accounting.BasicInfo.TotalProcesses = Job->TotalProcesses;
        Answer->Accounting.BasicInfo.ActiveProcesses = Job->ActiveProcesses;
        Answer->Accounting.BasicInfo.TotalTerminatedProcesses = Job->TerminatedProcesses;
        break;
    case JobObjectBasicLimitInformation:
        Answer->Limits.BasicLimitInformation = Job->Limits.BasicLimitInformation;
        Answer->Limits.BasicLimitInformation.LimitFlags &= JOB_OBJECT_BASIC_LIMIT_VALID_FLAGS;
        break;
    case JobObjectExtendedLimitInformation:
        Answer->Limits = Job->Limits;
        Answer->Limits.PeakProcessMemoryUsed = Job->PeakProcessPages * NEPTUNE_PAGE_SIZE;
        Answer->Limits.PeakJobMemoryUsed = Job->PeakCommitPages * NEPTUNE_PAGE_SIZE;
        break;
    case JobObjectBasicUIRestrictions:
        Answer->Long = Job->UiRestrictions;
        break;
    case JobObjectGroupInformation: /* there is group 0 alone */
        break;
    case JobObjectGroupInformationEx:
        Answer->Affinity.Mask = PSP_ALL_PROCESSORS;
        break;
    case JobObjectMemoryUsageInformation:
        Answer->Memory.JobMemory = (ULONGLONG)Job->CommitPages * NEPTUNE_PAGE_SIZE;
        Answer->Memory.PeakJobMemoryUsed = (ULONGLONG)Job->PeakCommitPages * NEPTUNE_PAGE_SIZE;
        break;
    default:
        Answer->Long = Job->EndOfJobTimeAction;
        break;
    }
}

/* The processes of Job and of the jobs in it, as far as there is room. */
static void FillList(PEJOB Job, PJOBOBJECT_BASIC_PROCESS_ID_LIST List, ULONG Room)
{
    PLIST_ENTRY Entry;

    for (Entry = Job->ProcessListHead.Flink; Entry != &Job->ProcessListHead; Entry = Entry->Flink) {
        if (List->NumberOfProcessIdsInList == Room)
            return;
        List->ProcessIdList[List->NumberOfProcessIdsInList++] =
            (ULONG_PTR)CONTAINING_RECORD(Entry, EPROCESS, JobLinks)->UniqueProcessId;
    }
    for (Entry = Job->ChildListHead.Flink; Entry != &Job->ChildListHead; Entry = Entry->Flink)
        FillList(CONTAINING_RECORD(Entry, EJOB, ChildLinks), List, Room);
}

static NTSTATUS QueryList(PEJOB Job, CLIENT(PVOID) Information, ULONG Length,
                          CLIENT(PULONG) ReturnLength)
{
    ULONG Room = (Length - LIST_HEADER) / sizeof(ULONG_PTR), Returned;
    PJOBOBJECT_BASIC_PROCESS_ID_LIST List;
    NTSTATUS Status, CopyStatus;

    if (Room > Job->ActiveProcesses)
        Room = Job->ActiveProcesses;
    List = ExAllocatePool(LIST_HEADER + Room * sizeof(ULONG_PTR));
    if (!List)
        return STATUS_INSUFFICIENT_RESOURCES;
    List->NumberOfAssignedProcesses = Job->ActiveProcesses;
    FillList(Job, List, Room);
    Status = Room < List->NumberOfAssignedProcesses ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
    Returned = (ULONG)(LIST_HEADER + List->NumberOfProcessIdsInList * sizeof(ULONG_PTR));
    CopyStatus = PspReturnAnswer(Information, List, Returned, ReturnLength);
    ExFreePool(List);
    return NT_SUCCESS(CopyStatus) ? Status : CopyStatus;
}

static NTSTATUS QueryJob(PEJOB Job, JOBOBJECTINFOCLASS Class, CLIENT(PVOID) Information,
                         ULONG Length, CLIENT(PULONG) ReturnLength)
{
    JOB_ANSWER Answer = {0};

    if (Class == JobObjectBasicProcessIdList)
        return QueryList(Job, Information, Length, ReturnLength);
    FillAnswer(Job, Class, &Answer);
    return PspReturnAnswer(Information, &Answer, AnswerLength(Class), ReturnLength);
}

/* No handle means the caller's own job. */
static NTSTATUS ReferenceJob(HANDLE Handle, PEJOB *Job)
{
    if (Handle)
        return ObReferenceObjectByHandle(Handle, JOB_OBJECT_QUERY, PspJobType, (PVOID *)Job);
    *Job = PsGetCurrentProcess()->Job;
    if (!*Job)
        return STATUS_ACCESS_DENIED;
    ObReferenceObject(*Job);
    return STATUS_SUCCESS;
}

static NTSTATUS CheckClass(JOBOBJECTINFOCLASS Class, ULONG Length)
{
    switch (Class) {
        MISSING_NtQueryInformationJobObject(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    case JobObjectBasicProcessIdList:
        return Length < sizeof(JOBOBJECT_BASIC_PROCESS_ID_LIST) ? STATUS_INFO_LENGTH_MISMATCH
                                                                : STATUS_SUCCESS;
    default:
        if (!AnswerLength(Class))
            return STATUS_INVALID_INFO_CLASS;
        return Length == AnswerLength(Class) ? STATUS_SUCCESS : STATUS_INFO_LENGTH_MISMATCH;
    }
}

/*
 * NtQueryInformationJobObject: accounting (counts of processes), limits, UI restrictions, memory in
 * use, groups of processors, the list of processes (STATUS_BUFFER_OVERFLOW when it is cut off). A
 * NULL handle means the calling process's job (STATUS_ACCESS_DENIED without one). Needs
 * JOB_OBJECT_QUERY. Returns STATUS_INVALID_INFO_CLASS, STATUS_NOT_IMPLEMENTED
 * (missing_classes.def), STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION and what handles may
 * give.  (Win32: QueryInformationJobObject)
 */
NTSTATUS NtQueryInformationJobObject(HANDLE JobHandle, JOBOBJECTINFOCLASS Class,
                                     CLIENT(PVOID) Information, ULONG Length,
                                     CLIENT(PULONG) ReturnLength)
{
    PEJOB Job;
    NTSTATUS Status = CheckClass(Class, Length);

    if (NT_SUCCESS(Status))
        Status = ReferenceJob(JobHandle, &Job);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = QueryJob(Job, Class, Information, Length, ReturnLength);
    ObDereferenceObject(Job);
    return Status;
}

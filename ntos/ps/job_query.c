/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryInformationJobObject. */
#include "psp.h"

#define LIST_HEADER FIELD_OFFSET(JOBOBJECT_BASIC_PROCESS_ID_LIST, ProcessIdList)

typedef union _JOB_ANSWER {
    JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION Accounting;
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION Limits;
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

/*
 * NtQueryInformationJobObject: accounting (counts of processes), limits, UI restrictions, the list
 * of processes (STATUS_BUFFER_OVERFLOW when it is cut off). A NULL handle means the calling
 * process's job (STATUS_ACCESS_DENIED without one). Needs JOB_OBJECT_QUERY. Returns
 * STATUS_INVALID_INFO_CLASS, STATUS_NOT_IMPLEMENTED (other classes), STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_ACCESS_VIOLATION and what handles may give.  (Win32: QueryInformationJobObject)
 */
NTSTATUS NtQueryInformationJobObject(HANDLE JobHandle, JOBOBJECTINFOCLASS Class,
                                     CLIENT(PVOID) Information, ULONG Length,
                                     CLIENT(PULONG) ReturnLength)
{
    PEJOB Job;
    NTSTATUS Status;

    if (Class <= 0 || Class >= MaxJobObjectInfoClass)
        return STATUS_INVALID_INFO_CLASS;
    if (!AnswerLength(Class) && Class != JobObjectBasicProcessIdList)
        return STATUS_NOT_IMPLEMENTED;
    if (AnswerLength(Class) ? Length != AnswerLength(Class)
                            : Length < sizeof(JOBOBJECT_BASIC_PROCESS_ID_LIST))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = ReferenceJob(JobHandle, &Job);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = QueryJob(Job, Class, Information, Length, ReturnLength);
    ObDereferenceObject(Job);
    return Status;
}

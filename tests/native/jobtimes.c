/* SPDX-License-Identifier: BSD-2-Clause */
/* The processor time of jobs, and its limits. */
#include "waiting.h"
#include "../../base/program/program.h"

#define ERROR_NOT_ENOUGH_QUOTA 1816
#define ALLOWED 1000000 /* 0.1 s */
#define KEY ((PVOID)0x56)

static HANDLE StartSpinner(void)
{
    HANDLE Process = NULL, Thread;

    if (NT_SUCCESS(StartSelf(u"umtests spin", &Process, &Thread)))
        NtClose(Thread);
    return Process;
}

static HANDLE NewJob(void)
{
    HANDLE Job = NULL;

    NtCreateJobObject(&Job, JOB_OBJECT_ALL_ACCESS, NULL);
    return Job;
}

static NTSTATUS EndOf(HANDLE Process)
{
    NTSTATUS Status = WaitFor(Process, 20000);

    if (Status == STATUS_SUCCESS)
        Status = ProgramExitStatus(Process);
    NtClose(Process);
    return Status;
}

static NTSTATUS Limit(HANDLE Job, ULONG Flags, LONGLONG ProcessTime, LONGLONG JobTime)
{
    JOBOBJECT_BASIC_LIMIT_INFORMATION Limits = {.LimitFlags = Flags,
                                                .PerProcessUserTimeLimit.QuadPart = ProcessTime,
                                                .PerJobUserTimeLimit.QuadPart = JobTime};

    return NtSetInformationJobObject(Job, JobObjectBasicLimitInformation, &Limits, sizeof(Limits));
}

static JOBOBJECT_BASIC_LIMIT_INFORMATION Limits(HANDLE Job)
{
    JOBOBJECT_BASIC_LIMIT_INFORMATION Limits = {0};

    NtQueryInformationJobObject(Job, JobObjectBasicLimitInformation, &Limits, sizeof(Limits), NULL);
    return Limits;
}

static JOBOBJECT_BASIC_ACCOUNTING_INFORMATION Accounting(HANDLE Job)
{
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION Answer = {0};

    NtQueryInformationJobObject(Job, JobObjectBasicAccountingInformation, &Answer, sizeof(Answer),
                                NULL);
    return Answer;
}

static void TestLimitArguments(void)
{
    HANDLE Job = NewJob();
    ULONG Action = 2;

    ok_status(Limit(Job, JOB_OBJECT_LIMIT_PROCESS_TIME, 0, 1), STATUS_INVALID_PARAMETER,
              "no time at all for a process");
    ok_status(Limit(Job, JOB_OBJECT_LIMIT_JOB_TIME, 1, -1), STATUS_INVALID_PARAMETER,
              "less than none for a job");
    ok_status(Limit(Job, JOB_OBJECT_LIMIT_JOB_TIME | JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME, 1, 1),
              STATUS_INVALID_PARAMETER, "a limit cannot be set and preserved");
    ok_status(Limit(Job, JOB_OBJECT_LIMIT_JOB_TIME, 0, 70000000), STATUS_SUCCESS, "7 s for a job");
    ok_status(
        Limit(Job, JOB_OBJECT_LIMIT_PROCESS_TIME | JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME, 30000000, 5),
        STATUS_SUCCESS, "3 s for each process, and the job's are preserved");
    ok(Limits(Job).LimitFlags == (JOB_OBJECT_LIMIT_PROCESS_TIME | JOB_OBJECT_LIMIT_JOB_TIME),
       "both limits are there");
    ok(Limits(Job).PerJobUserTimeLimit.QuadPart == 70000000 &&
           Limits(Job).PerProcessUserTimeLimit.QuadPart == 30000000,
       "as they were set");
    ok_status(Limit(Job, 0, 0, 0), STATUS_SUCCESS, "limits of time can be lifted");
    ok(Limits(Job).LimitFlags == 0, "none is left");
    ok_status(NtSetInformationJobObject(Job, JobObjectEndOfJobTimeInformation, &Action, 4),
              STATUS_INVALID_PARAMETER, "an action at the end that does not exist");
    NtClose(Job);
}

static void TestProcessTime(void)
{
    HANDLE Job = NewJob(), Outer = NewJob(), Process = StartSpinner(), Sleeper, Thread;

    NtAssignProcessToJobObject(Outer, Process);
    NtAssignProcessToJobObject(Job, Process);
    if (!ok(NT_SUCCESS(StartSelf(u"umtests sleep", &Sleeper, &Thread)), "one that sleeps"))
        return;
    NtAssignProcessToJobObject(Job, Sleeper);
    ok_status(Limit(Outer, JOB_OBJECT_LIMIT_PROCESS_TIME, ALLOWED, 0), STATUS_SUCCESS,
              "little time for each process of the outer job");
    ok_status(EndOf(Process), ERROR_NOT_ENOUGH_QUOTA, "who computes is ended");
    ok_status(WaitFor(Sleeper, 30), STATUS_TIMEOUT, "who sleeps is not");
    ok(Accounting(Outer).TotalTerminatedProcesses == 1 && Accounting(Outer).ActiveProcesses == 1,
       "one of two was ended for the limit");
    ok(Accounting(Outer).TotalUserTime.QuadPart > ALLOWED, "the time was used");
    NtTerminateProcess(Sleeper, 0);
    EndOf(Sleeper);
    NtClose(Thread);
    NtClose(Outer);
    NtClose(Job);
}

/* The action that is there without having been set. */
static void TestJobTime(void)
{
    HANDLE Job = NewJob(), Processes[2] = {StartSpinner(), StartSpinner()};

    NtAssignProcessToJobObject(Job, Processes[0]);
    NtAssignProcessToJobObject(Job, Processes[1]);
    ok_status(WaitFor(Job, 0), STATUS_TIMEOUT, "a job is not signalled");
    ok_status(Limit(Job, JOB_OBJECT_LIMIT_JOB_TIME, 0, ALLOWED), STATUS_SUCCESS,
              "little time for a job");
    ok_status(WaitFor(Job, 20000), STATUS_SUCCESS, "at its end the job is signalled");
    for (ULONG i = 0; i < ARRAYSIZE(Processes); i++)
        ok_status(EndOf(Processes[i]), ERROR_NOT_ENOUGH_QUOTA, "and its processes are ended");
    ok(Accounting(Job).ThisPeriodTotalUserTime.QuadPart > ALLOWED, "the time was used");
    ok(Accounting(Job).TotalTerminatedProcesses == 2, "two were ended for the limit");
    Processes[0] = StartSpinner();
    ok_status(NtAssignProcessToJobObject(Job, Processes[0]), STATUS_QUOTA_EXCEEDED,
              "the job gets no other process");
    ok_status(EndOf(Processes[0]), STATUS_QUOTA_EXCEEDED, "which is ended");
    ok_status(Limit(Job, JOB_OBJECT_LIMIT_JOB_TIME, 0, 1000 * ALLOWED), STATUS_SUCCESS,
              "more time for the job");
    ok_status(WaitFor(Job, 0), STATUS_TIMEOUT, "it is not signalled then");
    ok(Accounting(Job).ThisPeriodTotalUserTime.QuadPart == 0 &&
           Accounting(Job).TotalUserTime.QuadPart > ALLOWED,
       "and a new period has begun");
    Processes[0] = StartSpinner();
    ok_status(NtAssignProcessToJobObject(Job, Processes[0]), STATUS_SUCCESS, "it gets processes");
    NtTerminateJobObject(Job, 3);
    ok_status(EndOf(Processes[0]), 3, "which it ends");
    NtClose(Job);
}

/* Key, process and message of what the port has next. */
static ULONG NextMessage(HANDLE Port, HANDLE Process)
{
    FILE_IO_COMPLETION_INFORMATION Packet = {0};
    PROCESS_BASIC_INFORMATION Basic = {0};
    LARGE_INTEGER Time = {.QuadPart = MILLISECONDS(20000)};

    if (Process)
        NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    if (NtRemoveIoCompletion(Port, &Packet.KeyContext, &Packet.ApcContext, &Packet.IoStatusBlock,
                             &Time) != STATUS_SUCCESS ||
        Packet.KeyContext != KEY || Packet.ApcContext != (PVOID)Basic.UniqueProcessId)
        return 0;
    return (ULONG)Packet.IoStatusBlock.Information;
}

static void TestTimeMessages(void)
{
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT Association = {KEY, NULL};
    HANDLE Job = NewJob(), Process = StartSpinner();
    ULONG Action = JOB_OBJECT_POST_AT_END_OF_JOB;

    NtCreateIoCompletion(&Association.CompletionPort, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    NtSetInformationJobObject(Job, JobObjectAssociateCompletionPortInformation, &Association,
                              sizeof(Association));
    NtAssignProcessToJobObject(Job, Process);
    ok(NextMessage(Association.CompletionPort, Process) == JOB_OBJECT_MSG_NEW_PROCESS, "one came");
    ok_status(NtSetInformationJobObject(Job, JobObjectEndOfJobTimeInformation, &Action, 4),
              STATUS_SUCCESS, "only a message at the end of the time");
    Limit(Job, JOB_OBJECT_LIMIT_JOB_TIME, 0, ALLOWED);
    ok(NextMessage(Association.CompletionPort, NULL) == JOB_OBJECT_MSG_END_OF_JOB_TIME,
       "the end of the job's time");
    ok(Limits(Job).LimitFlags == 0, "the limit is gone");
    ok_status(WaitFor(Job, 0), STATUS_TIMEOUT, "the job is not signalled");
    ok_status(WaitFor(Process, 30), STATUS_TIMEOUT, "the process runs on");
    Limit(Job, JOB_OBJECT_LIMIT_PROCESS_TIME, ALLOWED, 0);
    ok(NextMessage(Association.CompletionPort, Process) == JOB_OBJECT_MSG_END_OF_PROCESS_TIME,
       "the end of the process's time");
    ok(NextMessage(Association.CompletionPort, Process) == JOB_OBJECT_MSG_EXIT_PROCESS,
       "and of the process");
    ok_status(EndOf(Process), ERROR_NOT_ENOUGH_QUOTA, "it was ended");
    NtClose(Association.CompletionPort);
    NtClose(Job);
}

void TestJobTimes(void)
{
    TestLimitArguments();
    TestProcessTime();
    TestJobTime();
    TestTimeMessages();
}

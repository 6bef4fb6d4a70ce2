/* SPDX-License-Identifier: BSD-2-Clause */
/* Jobs. */
#include "waiting.h"
#include "../../base/program/program.h"

#define SELF u"\\SystemRoot\\tests\\umtests.exe"

static HANDLE Port;

/* The exit status of a process that is ending. */
static NTSTATUS EndOf(HANDLE Process)
{
    NTSTATUS Status = WaitFor(Process, 10000);

    if (Status == STATUS_SUCCESS)
        Status = ProgramExitStatus(Process);
    NtClose(Process);
    return Status;
}

static HANDLE StartSleeper(void)
{
    HANDLE Process = NULL, Thread;

    if (NT_SUCCESS(StartSelf(u"umtests sleep", &Process, &Thread)))
        NtClose(Thread);
    return Process;
}

static HANDLE NewJob(void)
{
    HANDLE Job = NULL;

    NtCreateJobObject(&Job, JOB_OBJECT_ALL_ACCESS, NULL);
    return Job;
}

static JOBOBJECT_BASIC_ACCOUNTING_INFORMATION Accounting(HANDLE Job)
{
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION Answer = {.ActiveProcesses = 99};

    NtQueryInformationJobObject(Job, JobObjectBasicAccountingInformation, &Answer, sizeof(Answer),
                                NULL);
    return Answer;
}

static NTSTATUS Limit(HANDLE Job, ULONG Flags)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION Limits = {
        .BasicLimitInformation = {.LimitFlags = Flags,
                                  .ActiveProcessLimit = 1,
                                  .Affinity = 1,
                                  .MinimumWorkingSetSize = 0x10000,
                                  .MaximumWorkingSetSize = 0x100000},
        .ProcessMemoryLimit = 0x600000,
        .JobMemoryLimit = 0x600000};

    return NtSetInformationJobObject(Job, JobObjectExtendedLimitInformation, &Limits,
                                     sizeof(Limits));
}

/* Opening one by its name fails like that of any other object. */
static void TestOpening(void)
{
    HANDLE Handle;

    ok_status(NtOpenJobObject(&Handle, JOB_OBJECT_QUERY, Named(u"\\BaseNamedObjects\\UmNone", 0)),
              STATUS_OBJECT_NAME_NOT_FOUND, "open one that is not there");
    ok_status(NtOpenJobObject(&Handle, JOB_OBJECT_QUERY, Named(u"\\BaseNamedObjects", 0)),
              STATUS_OBJECT_TYPE_MISMATCH, "a directory is no job");
    ok_status(NtOpenJobObject((PHANDLE)8, JOB_OBJECT_QUERY, Named(u"\\BaseNamedObjects\\UmJob", 0)),
              STATUS_ACCESS_VIOLATION, "a bad address for the opened one's handle");
    ok_status(NtOpenJobObject(&Handle, JOB_OBJECT_QUERY, NULL), STATUS_INVALID_PARAMETER,
              "without attributes");
}

static void TestArguments(void)
{
    JOBOBJECT_BASIC_LIMIT_INFORMATION Basic = {.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
    HANDLE Job, Weak;
    ULONG Long = 0x100, Length = 0;

    ok_status(NtCreateJobObject((PHANDLE)8, JOB_OBJECT_ALL_ACCESS, NULL), STATUS_ACCESS_VIOLATION,
              "a bad address for the handle");
    ok_status(
        NtCreateJobObject(&Job, JOB_OBJECT_ALL_ACCESS, Named(u"\\BaseNamedObjects\\UmJob", 0)),
        STATUS_SUCCESS, "a job");
    ok_status(NtOpenJobObject(&Weak, JOB_OBJECT_QUERY, Named(u"\\BaseNamedObjects\\UmJob", 0)),
              STATUS_SUCCESS, "open it by name");
    TestOpening();
    ok_status(NtTerminateJobObject(Weak, 0), STATUS_ACCESS_DENIED,
              "ending needs JOB_OBJECT_TERMINATE");
    ok_status(NtAssignProcessToJobObject(Weak, NtCurrentProcess()), STATUS_ACCESS_DENIED,
              "assigning needs JOB_OBJECT_ASSIGN_PROCESS");
    ok_status(NtSetInformationJobObject(Weak, JobObjectBasicUIRestrictions, &Long, 4),
              STATUS_ACCESS_DENIED, "setting needs JOB_OBJECT_SET_ATTRIBUTES");
    NtClose(Weak);
    ok_status(NtQueryInformationJobObject(Job, (JOBOBJECTINFOCLASS)0, &Long, 4, NULL),
              STATUS_INVALID_INFO_CLASS, "class 0");
    ok_status(NtQueryInformationJobObject(Job, MaxJobObjectInfoClass, &Long, 4, NULL),
              STATUS_INVALID_INFO_CLASS, "a class beyond the last one");
    ok_status(NtQueryInformationJobObject(Job, JobObjectCpuRateControlInformation, &Long, 4, NULL),
              STATUS_NOT_IMPLEMENTED, "a class that is not there");
    ok_status(NtQueryInformationJobObject(Job, JobObjectBasicAccountingInformation, &Long, 4, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "a wrong length");
    ok_status(NtQueryInformationJobObject(Job, JobObjectBasicUIRestrictions, &Long, 4, &Length),
              STATUS_SUCCESS, "UI restrictions");
    ok(Long == 0 && Length == 4, "there are none");
    Long = 0x100;
    ok_status(NtSetInformationJobObject(Job, JobObjectBasicUIRestrictions, &Long, 4),
              STATUS_INVALID_PARAMETER, "restrictions that do not exist");
    ok_status(NtSetInformationJobObject(Job, JobObjectBasicLimitInformation, &Basic, sizeof(Basic)),
              STATUS_INVALID_PARAMETER, "an extended limit among the basic ones");
    ok_status(NtSetInformationJobObject(Job, JobObjectBasicAccountingInformation, &Long, 4),
              STATUS_INVALID_INFO_CLASS, "a class that cannot be set");
    ok_status(Limit(Job, 0x8000), STATUS_INVALID_PARAMETER, "a limit that does not exist");
    ok_status(Limit(Job, JOB_OBJECT_LIMIT_WORKINGSET | JOB_OBJECT_LIMIT_AFFINITY), STATUS_SUCCESS,
              "limits of working set and affinity");
    NtQueryInformationJobObject(Job, JobObjectBasicLimitInformation, &Basic, sizeof(Basic), NULL);
    ok(Basic.LimitFlags == (JOB_OBJECT_LIMIT_WORKINGSET | JOB_OBJECT_LIMIT_AFFINITY) &&
           Basic.MaximumWorkingSetSize == 0x100000,
       "are what was set");
    ok_status(NtQueryInformationJobObject(NULL, JobObjectBasicUIRestrictions, &Long, 4, NULL),
              STATUS_ACCESS_DENIED, "I am in no job");
    ok_status(NtIsProcessInJob(NtCurrentProcess(), NULL), STATUS_PROCESS_NOT_IN_JOB, "indeed");
    ok_status(NtAssignProcessToJobObject(Job, NtCurrentThread()), STATUS_OBJECT_TYPE_MISMATCH,
              "a thread is no process");
    NtClose(Job);
}

static JOBOBJECT_MEMORY_USAGE_INFORMATION MemoryOf(HANDLE Job)
{
    JOBOBJECT_MEMORY_USAGE_INFORMATION Memory = {0};

    ok_status(NtQueryInformationJobObject(Job, JobObjectMemoryUsageInformation, &Memory,
                                          sizeof(Memory), NULL),
              STATUS_SUCCESS, "the job's memory");
    return Memory;
}

/* The process is starting meanwhile: it may take some more itself. */
static void TestMemoryUsage(void)
{
    HANDLE Job = NewJob(), Process = StartSleeper();
    JOBOBJECT_MEMORY_USAGE_INFORMATION Memory;
    GROUP_AFFINITY Affinity;
    USHORT Group = 9;
    PVOID Base = NULL;
    SIZE_T Size = 0x400000;

    NtAssignProcessToJobObject(Job, Process);
    NtAllocateVirtualMemory(Process, &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    Memory = MemoryOf(Job);
    ok(Memory.JobMemory >= Size && Memory.PeakJobMemoryUsed >= Memory.JobMemory,
       "is its process's");
    Size = 0;
    NtFreeVirtualMemory(Process, &Base, &Size, MEM_RELEASE);
    Memory = MemoryOf(Job);
    ok(Memory.PeakJobMemoryUsed >= Memory.JobMemory + 0x200000, "the most that there was stays");
    ok_status(NtSetInformationJobObject(Job, JobObjectClearPeakJobMemoryUsed, NULL, 4),
              STATUS_INFO_LENGTH_MISMATCH, "forget it, with something");
    ok_status(NtSetInformationJobObject(Job, JobObjectClearPeakJobMemoryUsed, NULL, 0),
              STATUS_SUCCESS, "with nothing");
    Memory = MemoryOf(Job);
    ok(Memory.PeakJobMemoryUsed < Memory.JobMemory + 0x200000, "it is forgotten");
    ok_status(NtQueryInformationJobObject(Job, JobObjectGroupInformation, &Group, 2, NULL),
              STATUS_SUCCESS, "groups of processors");
    ok(Group == 0, "are one");
    ok_status(NtQueryInformationJobObject(Job, JobObjectGroupInformationEx, &Affinity,
                                          sizeof(Affinity), NULL),
              STATUS_SUCCESS, "with its processors");
    ok(Affinity.Group == 0 && Affinity.Mask == 1, "of which there is one");
    NtTerminateJobObject(Job, 0);
    NtClose(Process);
    NtClose(Job);
}

static void TestTermination(void)
{
    HANDLE Job = NewJob(), Other = NewJob(), Processes[3];
    struct {
        JOBOBJECT_BASIC_PROCESS_ID_LIST List;
        ULONG_PTR More[2];
    } Ids;

    for (ULONG i = 0; i < ARRAYSIZE(Processes); i++) {
        Processes[i] = StartSleeper();
        ok_status(NtAssignProcessToJobObject(Job, Processes[i]), STATUS_SUCCESS,
                  "a process comes into the job");
    }
    ok_status(NtAssignProcessToJobObject(Job, Processes[0]), STATUS_SUCCESS, "once more");
    ok(Accounting(Job).ActiveProcesses == 3 && Accounting(Job).TotalProcesses == 3, "three");
    ok_status(NtIsProcessInJob(Processes[0], Job), STATUS_PROCESS_IN_JOB, "it is there");
    ok_status(NtIsProcessInJob(Processes[0], NULL), STATUS_PROCESS_IN_JOB, "in some job");
    ok_status(NtIsProcessInJob(Processes[0], Other), STATUS_PROCESS_NOT_IN_JOB, "not in another");
    ok_status(
        NtQueryInformationJobObject(Job, JobObjectBasicProcessIdList, &Ids, sizeof(Ids), NULL),
        STATUS_SUCCESS, "the list");
    ok(Ids.List.NumberOfAssignedProcesses == 3 && Ids.List.NumberOfProcessIdsInList == 3, "three");
    ok_status(
        NtQueryInformationJobObject(Job, JobObjectBasicProcessIdList, &Ids, sizeof(Ids.List), NULL),
        STATUS_BUFFER_OVERFLOW, "a buffer for one");
    ok(Ids.List.NumberOfAssignedProcesses == 3 && Ids.List.NumberOfProcessIdsInList == 1, "one");
    ok_status(NtQueryInformationJobObject(Job, JobObjectBasicProcessIdList, &Ids, 8, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "a buffer for none");
    ok_status(NtTerminateJobObject(Job, 0x77), STATUS_SUCCESS, "end the job");
    for (ULONG i = 0; i < ARRAYSIZE(Processes); i++)
        ok_status(EndOf(Processes[i]), 0x77, "its processes end");
    ok(Accounting(Job).ActiveProcesses == 0 && Accounting(Job).TotalProcesses == 3, "none is left");
    NtClose(Job);
    NtClose(Other);
}

static void TestKillOnClose(void)
{
    HANDLE Job = NewJob(), Process = StartSleeper(), Copy;

    ok_status(Limit(Job, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE), STATUS_SUCCESS, "kill on close");
    NtAssignProcessToJobObject(Job, Process);
    Copy = Restricted(Job, JOB_OBJECT_QUERY);
    NtClose(Job);
    ok_status(WaitFor(Process, 30), STATUS_TIMEOUT, "another handle keeps it");
    NtClose(Copy);
    ok_status(EndOf(Process), STATUS_SUCCESS, "the last one ends it");
    Job = NewJob();
    Process = StartSleeper();
    NtAssignProcessToJobObject(Job, Process);
    NtClose(Job);
    ok_status(WaitFor(Process, 30), STATUS_TIMEOUT, "without the limit it lives on");
    ok_status(NtIsProcessInJob(Process, NULL), STATUS_PROCESS_IN_JOB, "in its job");
    NtTerminateProcess(Process, 5);
    EndOf(Process);
}

static void TestActiveLimit(void)
{
    HANDLE Job = NewJob(), First = StartSleeper(), Second = StartSleeper();

    Limit(Job, JOB_OBJECT_LIMIT_ACTIVE_PROCESS);
    ok_status(NtAssignProcessToJobObject(Job, First), STATUS_SUCCESS, "one is allowed");
    ok_status(NtAssignProcessToJobObject(Job, Second), STATUS_QUOTA_EXCEEDED, "two are not");
    ok_status(EndOf(Second), STATUS_QUOTA_EXCEEDED, "which ends the second");
    NtTerminateProcess(First, 0);
    EndOf(First);
    First = StartSleeper();
    ok_status(NtAssignProcessToJobObject(Job, First), STATUS_SUCCESS, "there is room again");
    NtTerminateJobObject(Job, 0);
    EndOf(First);
    NtClose(Job);
}

static ULONG NextMessage(PVOID ProcessId)
{
    FILE_IO_COMPLETION_INFORMATION Packet;
    LARGE_INTEGER Time = {.QuadPart = MILLISECONDS(2000)};

    if (NtRemoveIoCompletion(Port, &Packet.KeyContext, &Packet.ApcContext, &Packet.IoStatusBlock,
                             &Time) != STATUS_SUCCESS ||
        Packet.KeyContext != (PVOID)0x55)
        return 0;
    return Packet.ApcContext == ProcessId ? (ULONG)Packet.IoStatusBlock.Information : 0x100;
}

static PVOID IdOf(HANDLE Process)
{
    PROCESS_BASIC_INFORMATION Basic = {0};

    NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    return (PVOID)Basic.UniqueProcessId;
}

static void TestMessages(void)
{
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT Association = {(PVOID)0x55, NULL};
    HANDLE Job = NewJob(), First = StartSleeper(), Second = StartSleeper();

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    NtAssignProcessToJobObject(Job, First);
    Association.CompletionPort = Job;
    ok_status(NtSetInformationJobObject(Job, JobObjectAssociateCompletionPortInformation,
                                        &Association, sizeof(Association)),
              STATUS_OBJECT_TYPE_MISMATCH, "a job is no port");
    Association.CompletionPort = Port;
    ok_status(NtSetInformationJobObject(Job, JobObjectAssociateCompletionPortInformation,
                                        &Association, sizeof(Association)),
              STATUS_SUCCESS, "the job gets a port");
    ok(NextMessage(IdOf(First)) == JOB_OBJECT_MSG_NEW_PROCESS, "it tells who is there");
    ok_status(NtSetInformationJobObject(Job, JobObjectAssociateCompletionPortInformation,
                                        &Association, sizeof(Association)),
              STATUS_INVALID_PARAMETER, "it has one");
    NtAssignProcessToJobObject(Job, Second);
    ok(NextMessage(IdOf(Second)) == JOB_OBJECT_MSG_NEW_PROCESS, "and who comes");
    NtTerminateProcess(First, STATUS_ACCESS_VIOLATION);
    ok(NextMessage(IdOf(First)) == JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS, "who ends badly");
    NtTerminateProcess(Second, STATUS_SUCCESS);
    ok(NextMessage(IdOf(Second)) == JOB_OBJECT_MSG_EXIT_PROCESS, "who ends");
    ok(NextMessage(NULL) == JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO, "and that nobody is left");
    EndOf(First);
    EndOf(Second);
    Limit(Job, JOB_OBJECT_LIMIT_ACTIVE_PROCESS);
    First = StartSleeper();
    Second = StartSleeper();
    NtAssignProcessToJobObject(Job, First);
    NtAssignProcessToJobObject(Job, Second);
    NextMessage(NULL);
    ok(NextMessage(IdOf(Second)) == JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT, "a limit");
    NtTerminateJobObject(Job, 0);
    EndOf(First);
    EndOf(Second);
    NtClose(Job);
    NtClose(Port);
}

static void TestNesting(void)
{
    HANDLE Outer = NewJob(), Inner = NewJob(), Third = NewJob(), Process = StartSleeper(),
           Other = StartSleeper();

    NtAssignProcessToJobObject(Outer, Process);
    ok_status(NtAssignProcessToJobObject(Inner, Process), STATUS_SUCCESS, "a job within the first");
    ok_status(NtIsProcessInJob(Process, Outer), STATUS_PROCESS_IN_JOB, "the process is in both");
    ok(Accounting(Outer).ActiveProcesses == 1 && Accounting(Inner).ActiveProcesses == 1,
       "both count it");
    NtAssignProcessToJobObject(Third, Other);
    ok_status(NtAssignProcessToJobObject(Third, Process), STATUS_ACCESS_DENIED,
              "a job with processes of its own cannot be nested");
    ok_status(NtAssignProcessToJobObject(Inner, Other), STATUS_ACCESS_DENIED,
              "nor can a process be in jobs that are not");
    ok_status(NtTerminateJobObject(Outer, 9), STATUS_SUCCESS, "end the outer job");
    ok_status(EndOf(Process), 9, "the process of the inner one ends");
    ok(Accounting(Outer).ActiveProcesses == 0 && Accounting(Inner).ActiveProcesses == 0,
       "both are empty");
    NtTerminateJobObject(Third, 0);
    EndOf(Other);
    NtClose(Outer);
    NtClose(Inner);
    NtClose(Third);
}

static ULONG Listed(HANDLE Job)
{
    struct {
        JOBOBJECT_BASIC_PROCESS_ID_LIST List;
        ULONG_PTR More[3];
    } Ids = {0};

    NtQueryInformationJobObject(Job, JobObjectBasicProcessIdList, &Ids, sizeof(Ids), NULL);
    return Ids.List.NumberOfProcessIdsInList;
}

/* An inner job loses its last process, and gets another. */
static void TestRefilling(void)
{
    HANDLE Outer = NewJob(), Inner = NewJob(), Process;

    for (NTSTATUS Round = 1; Round <= 3; Round++) {
        Process = StartSleeper();
        NtAssignProcessToJobObject(Outer, Process);
        ok_status(NtAssignProcessToJobObject(Inner, Process), STATUS_SUCCESS, "into the inner job");
        ok(Listed(Outer) == 1 && Listed(Inner) == 1, "it is in the lists of both");
        NtTerminateJobObject(Outer, Round);
        ok_status(EndOf(Process), Round, "the outer one ends it");
        ok(Listed(Outer) == 0 && Listed(Inner) == 0, "it is in neither list");
    }
    NtClose(Inner);
    NtClose(Outer);
}

/* As the child of another process. */
static NTSTATUS StartUnder(HANDLE Parent, PRTL_USER_PROCESS_INFORMATION Information)
{
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    UNICODE_STRING Path = RTL_CONSTANT_STRING(SELF), Line = RTL_CONSTANT_STRING(u"umtests sleep");
    NTSTATUS Status;

    RtlCreateProcessParametersEx(&Parameters, &Path, NULL, NULL, &Line, NULL, NULL, NULL, NULL,
                                 NULL, RTL_USER_PROC_PARAMS_NORMALIZED);
    Status = RtlCreateUserProcess(&Path, OBJ_CASE_INSENSITIVE, Parameters, NULL, NULL, Parent,
                                  FALSE, NULL, NULL, Information);
    RtlDestroyProcessParameters(Parameters);
    return Status;
}

/* Else a process whose job is being ended could put a child there that is not. */
static void TestEndedParent(void)
{
    HANDLE Job = NewJob(), Parent = StartSleeper();
    RTL_USER_PROCESS_INFORMATION Information;

    NtAssignProcessToJobObject(Job, Parent);
    ok_status(StartUnder(Parent, &Information), STATUS_SUCCESS, "a child of a process in a job");
    ok(Accounting(Job).ActiveProcesses == 2, "is in the job");
    NtTerminateJobObject(Job, 5);
    ok_status(EndOf(Information.ProcessHandle), 5, "and ends with it");
    NtClose(Information.ThreadHandle);
    WaitFor(Parent, 10000);
    ok_status(StartUnder(Parent, &Information), STATUS_PROCESS_IS_TERMINATING,
              "a process that has ended gets no child");
    ok(Accounting(Job).ActiveProcesses == 0, "the job stays empty");
    NtTerminateJobObject(Job, 5);
    NtClose(Parent);
    NtClose(Job);
}

/* A child in a job starts another: "umtests run-exit" is that child. */
static void TestInheritance(void)
{
    HANDLE Job = NewJob(), Process, Thread;
    RTL_USER_PROCESS_INFORMATION Information;

    if (!ok(NT_SUCCESS(CreateProgram(SELF, u"umtests run-exit", &Information)), "a child"))
        return;
    Process = Information.ProcessHandle;
    Thread = Information.ThreadHandle;
    NtAssignProcessToJobObject(Job, Process);
    NtResumeThread(Thread, NULL);
    ok_status(EndOf(Process), 0x1234, "a process in a job starts another");
    ok(Accounting(Job).TotalProcesses == 2, "which is in the job too");
    Limit(Job, JOB_OBJECT_LIMIT_ACTIVE_PROCESS);
    NtClose(Thread);
    CreateProgram(SELF, u"umtests run-exit", &Information);
    NtAssignProcessToJobObject(Job, Information.ProcessHandle);
    NtResumeThread(Information.ThreadHandle, NULL);
    ok_status(EndOf(Information.ProcessHandle), STATUS_UNSUCCESSFUL,
              "where one is allowed it cannot");
    NtClose(Information.ThreadHandle);
    Limit(Job, JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK);
    CreateProgram(SELF, u"umtests run-exit", &Information);
    NtAssignProcessToJobObject(Job, Information.ProcessHandle);
    NtResumeThread(Information.ThreadHandle, NULL);
    ok_status(EndOf(Information.ProcessHandle), 0x1234, "where children break away it can");
    ok(Accounting(Job).TotalProcesses == 4, "and they are not in the job");
    NtClose(Information.ThreadHandle);
    NtClose(Job);
}

static NTSTATUS AllocateIn(HANDLE Process, SIZE_T Size)
{
    PVOID Base = NULL;

    return NtAllocateVirtualMemory(Process, &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                                   PAGE_READWRITE);
}

static void TestMemoryLimit(void)
{
    HANDLE Job = NewJob(), Process = StartSleeper();
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION Limits;

    NtAssignProcessToJobObject(Job, Process);
    ok(NT_SUCCESS(AllocateIn(Process, 0x100000)), "memory without a limit");
    Limit(Job, JOB_OBJECT_LIMIT_PROCESS_MEMORY);
    ok(NT_SUCCESS(AllocateIn(Process, 0x100000)), "memory below the limit");
    ok(!NT_SUCCESS(AllocateIn(Process, 0x400000)), "not above");
    NtQueryInformationJobObject(Job, JobObjectExtendedLimitInformation, &Limits, sizeof(Limits),
                                NULL);
    ok(Limits.PeakProcessMemoryUsed >= 0x200000 && Limits.PeakProcessMemoryUsed <= 0x600000,
       "the peak");
    Limit(Job, JOB_OBJECT_LIMIT_JOB_MEMORY);
    ok(!NT_SUCCESS(AllocateIn(Process, 0x400000)), "nor above the job's");
    ok(NT_SUCCESS(AllocateIn(Process, 0x10000)), "but below");
    Limit(Job, 0);
    ok(NT_SUCCESS(AllocateIn(Process, 0x400000)), "limits can be lifted");
    NtTerminateProcess(Process, 0);
    EndOf(Process);
    NtClose(Job);
}

/* ---- A process that is in the job whose port it pays for: "umtests job-port" ---- */

static void Associate(HANDLE Job)
{
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT Association = {(PVOID)0x55, NULL};

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    Association.CompletionPort = Port;
    NtSetInformationJobObject(Job, JobObjectAssociateCompletionPortInformation, &Association,
                              sizeof(Association));
}

/* How many packets the port takes of a process that gets no memory any more. */
static ULONG FillPort(void)
{
    ULONG Count = 0;

    while (Count < 1000 && NtSetIoCompletion(Port, NULL, NULL, 0, 0) == STATUS_SUCCESS)
        Count++;
    return Count;
}

/* Takes up to Count packets. TRUE: one is the message. */
static BOOLEAN TakePackets(ULONG Count, ULONG Message)
{
    FILE_IO_COMPLETION_INFORMATION Packet;
    LARGE_INTEGER Now = {.QuadPart = 0};
    BOOLEAN Found = FALSE;

    while (Count-- && NtRemoveIoCompletion(Port, &Packet.KeyContext, &Packet.ApcContext,
                                           &Packet.IoStatusBlock, &Now) == STATUS_SUCCESS)
        Found |= Packet.KeyContext == (PVOID)0x55 && Packet.IoStatusBlock.Information == Message;
    return Found;
}

NTSTATUS JobPortChild(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION Limits = {
        .BasicLimitInformation = {.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_MEMORY},
        .ProcessMemoryLimit = PAGE_SIZE};
    HANDLE Job = NewJob();
    ULONG Packets;
    BOOLEAN Refused, Told;

    Associate(Job);
    NtAssignProcessToJobObject(Job, NtCurrentProcess());
    NtSetInformationJobObject(Job, JobObjectExtendedLimitInformation, &Limits, sizeof(Limits));
    Packets = FillPort();
    TakePackets(16, 0); /* room for the message and a range, in the page that is paid for */
    Refused = !NT_SUCCESS(AllocateIn(NtCurrentProcess(), 0x10000));
    Told = TakePackets(1000, JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT);
    Limit(Job, 0);
    return Packets && Packets < 1000 && Refused && Told ? 0x1234 : STATUS_UNSUCCESSFUL;
}

static void TestOwnPort(void)
{
    ok_status(RunSelf(u"umtests job-port", 10), 0x1234,
              "a process without memory is told so as soon as it can pay for that");
}

void TestJobs(void)
{
    TestArguments();
    TestMemoryUsage();
    TestTermination();
    TestKillOnClose();
    TestActiveLimit();
    TestMessages();
    TestNesting();
    TestRefilling();
    TestEndedParent();
    TestInheritance();
    TestMemoryLimit();
    TestOwnPort();
    TestJobTimes();
}

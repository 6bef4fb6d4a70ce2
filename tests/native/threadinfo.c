/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be asked and set of threads: NtQueryInformationThread, NtSetInformationThread; going
 * through threads and processes; suspending all of a process. */
#include "tap.h"

#define ME NtCurrentThread()
#define QUERY(class, value) NtQueryInformationThread(ME, class, &(value), sizeof(value), NULL)
#define SET(class, value) NtSetInformationThread(ME, class, &(value), sizeof(value))

static HANDLE OpenThread(ACCESS_MASK Access)
{
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id = NtCurrentTeb()->ClientId;
    HANDLE Thread = NULL;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    ok_status(NtOpenThread(&Thread, Access, &Attributes, &Id), STATUS_SUCCESS, "open this thread");
    return Thread;
}

static const struct {
    THREADINFOCLASS Class;
    ULONG Length;
    const char *Name;
} FixedClasses[] = {
    {ThreadBasicInformation, sizeof(THREAD_BASIC_INFORMATION), "basic"},
    {ThreadTimes, sizeof(KERNEL_USER_TIMES), "times"},
    {ThreadQuerySetWin32StartAddress, sizeof(PVOID), "start address"},
    {ThreadPerformanceCount, sizeof(LARGE_INTEGER), "performance count"},
    {ThreadAmILastThread, sizeof(ULONG), "last thread"},
    {ThreadPriorityBoost, sizeof(ULONG), "boost"},
    {ThreadIsIoPending, sizeof(ULONG), "I/O pending"},
    {ThreadHideFromDebugger, sizeof(BOOLEAN), "hidden"},
    {ThreadBreakOnTermination, sizeof(ULONG), "critical"},
    {ThreadIsTerminated, sizeof(ULONG), "terminated"},
    {ThreadIoPriority, sizeof(ULONG), "I/O priority"},
    {ThreadCycleTime, sizeof(THREAD_CYCLE_TIME_INFORMATION), "cycles"},
    {ThreadPagePriority, sizeof(ULONG), "page priority"},
    {ThreadActualBasePriority, sizeof(ULONG), "base priority"},
    {ThreadGroupInformation, sizeof(GROUP_AFFINITY), "group"},
    {ThreadIdealProcessorEx, sizeof(PROCESSOR_NUMBER), "ideal processor"},
    {ThreadSuspendCount, sizeof(ULONG), "suspend count"},
    {ThreadSystemThreadInformation, sizeof(SYSTEM_THREAD_INFORMATION), "system's view"},
    {ThreadActualGroupAffinity, sizeof(GROUP_AFFINITY), "actual group"},
    {ThreadDynamicCodePolicyInfo, sizeof(ULONG), "dynamic code"},
    {ThreadSubsystemInformation, sizeof(ULONG), "subsystem"},
};

static void CheckOrder(THREADINFOCLASS Class, ULONG Length)
{
    static ULONG_PTR Buffer[32];
    ULONG Returned = 0;
    NTSTATUS Unaligned =
        Length == sizeof(BOOLEAN) ? STATUS_INVALID_HANDLE : STATUS_DATATYPE_MISALIGNMENT;

    ok_status(NtQueryInformationThread(NULL, Class, Buffer, Length + 1, &Returned),
              STATUS_INFO_LENGTH_MISMATCH, "a byte more");
    ok(Returned == Length, "the right length is told");
    ok_status(NtQueryInformationThread(NULL, Class, NULL, Length, NULL), STATUS_ACCESS_VIOLATION,
              "no buffer");
    ok_status(NtQueryInformationThread(NULL, Class, Buffer, Length, (PULONG)((PCHAR)Buffer + 2)),
              STATUS_DATATYPE_MISALIGNMENT, "a length that is not aligned");
    ok_status(NtQueryInformationThread(NULL, Class, (PCHAR)Buffer + 1, Length, NULL), Unaligned,
              "a buffer that is not aligned");
    ok_status(NtQueryInformationThread(NULL, Class, Buffer, Length, NULL), STATUS_INVALID_HANDLE,
              "no thread");
    ok_status(NtQueryInformationThread(NtCurrentProcess(), Class, Buffer, Length, NULL),
              STATUS_OBJECT_TYPE_MISMATCH, "a process is no thread");
    ok_status(NtQueryInformationThread(ME, Class, Buffer, Length, &Returned), STATUS_SUCCESS,
              "all right");
    ok(Returned == Length, "the length is told");
}

static void TestClasses(void)
{
    static const THREADINFOCLASS Missing[] = {ThreadDescriptorTableEntry, ThreadLastSystemCall,
                                              ThreadWow64Context, ThreadContainerId};
    static const THREADINFOCLASS SetOnly[] = {
        ThreadPriority,           ThreadBasePriority, ThreadAffinityMask,
        ThreadImpersonationToken, ThreadZeroTlsCell,  ThreadIdealProcessor,
        ThreadEventPair_Reusable, MaxThreadInfoClass, (THREADINFOCLASS)-1};
    static const THREADINFOCLASS QueryOnly[] = {
        ThreadBasicInformation, ThreadTimes,        ThreadAmILastThread, ThreadIsIoPending,
        ThreadIsTerminated,     ThreadSuspendCount, MaxThreadInfoClass};
    static ULONG_PTR Buffer[16];

    for (ULONG i = 0; i < ARRAYSIZE(FixedClasses); i++) {
        DbgPrint("# thread class %s\n", FixedClasses[i].Name);
        CheckOrder(FixedClasses[i].Class, FixedClasses[i].Length);
    }
    for (ULONG i = 0; i < ARRAYSIZE(Missing); i++)
        ok_status(NtQueryInformationThread(ME, Missing[i], Buffer, sizeof(Buffer), NULL),
                  STATUS_NOT_IMPLEMENTED, "a class that is not there yet");
    for (ULONG i = 0; i < ARRAYSIZE(SetOnly); i++)
        ok_status(NtQueryInformationThread(ME, SetOnly[i], Buffer, sizeof(Buffer), NULL),
                  STATUS_INVALID_INFO_CLASS, "a class that cannot be asked");
    for (ULONG i = 0; i < ARRAYSIZE(QueryOnly); i++)
        ok_status(NtSetInformationThread(ME, QueryOnly[i], Buffer, sizeof(Buffer)),
                  STATUS_INVALID_INFO_CLASS, "a class that cannot be set");
}

static void TestBasic(void)
{
    THREAD_BASIC_INFORMATION Basic;
    KERNEL_USER_TIMES Times;
    SYSTEM_THREAD_INFORMATION System;
    PVOID Start, Other = TestBasic;
    LARGE_INTEGER Now;
    ULONG Long = 7;

    QUERY(ThreadBasicInformation, Basic);
    ok(Basic.ExitStatus == STATUS_PENDING, "it runs");
    ok(Basic.TebBaseAddress == NtCurrentTeb(), "its TEB");
    ok(Basic.ClientId.UniqueThread == NtCurrentTeb()->ClientId.UniqueThread, "its id");
    ok(Basic.ClientId.UniqueProcess == NtCurrentTeb()->ClientId.UniqueProcess, "its process's");
    ok(Basic.AffinityMask == NtCurrentPeb()->ActiveProcessAffinityMask, "all processors");
    ok(Basic.Priority == 8 && Basic.BasePriority == 0, "a normal priority");
    QUERY(ThreadTimes, Times);
    NtQuerySystemTime(&Now);
    ok(Times.CreateTime.QuadPart && Times.CreateTime.QuadPart < Now.QuadPart, "begun before");
    ok(!Times.ExitTime.QuadPart, "not ended");
    QUERY(ThreadQuerySetWin32StartAddress, Start);
    ok_status(SET(ThreadQuerySetWin32StartAddress, Other), STATUS_SUCCESS, "another start address");
    QUERY(ThreadQuerySetWin32StartAddress, Other);
    ok(Other == (PVOID)TestBasic, "is kept");
    SET(ThreadQuerySetWin32StartAddress, Start);
    QUERY(ThreadSystemThreadInformation, System);
    ok(System.ClientId.UniqueThread == Basic.ClientId.UniqueThread, "the system's view: the id");
    ok(System.ThreadState == Running, "it runs");
    ok(System.Priority == 8 && System.BasePriority == 8, "with its priority");
    QUERY(ThreadIsTerminated, Long);
    ok(Long == 0, "it has not ended");
    QUERY(ThreadIsIoPending, Long);
    ok(Long == 0, "it has no request outstanding");
    QUERY(ThreadSuspendCount, Long);
    ok(Long == 0, "it is not suspended");
}

static void TestAccess(void)
{
    HANDLE None = OpenThread(SYNCHRONIZE), Limited = OpenThread(THREAD_QUERY_LIMITED_INFORMATION),
           Full = OpenThread(THREAD_QUERY_INFORMATION),
           SetLimited = OpenThread(THREAD_SET_LIMITED_INFORMATION),
           SetFull = OpenThread(THREAD_SET_INFORMATION);
    KERNEL_USER_TIMES Times;
    ULONG Pending;
    LONG Priority = 0;

    ok_status(NtQueryInformationThread(None, ThreadTimes, &Times, sizeof(Times), NULL),
              STATUS_ACCESS_DENIED, "times want a right");
    ok_status(NtQueryInformationThread(Limited, ThreadTimes, &Times, sizeof(Times), NULL),
              STATUS_SUCCESS, "the limited one");
    ok_status(NtQueryInformationThread(Full, ThreadTimes, &Times, sizeof(Times), NULL),
              STATUS_SUCCESS, "or the full one");
    ok_status(NtQueryInformationThread(Limited, ThreadIsIoPending, &Pending, 4, NULL),
              STATUS_ACCESS_DENIED, "pending I/O wants the full one");
    ok_status(NtQueryInformationThread(Full, ThreadIsIoPending, &Pending, 4, NULL), STATUS_SUCCESS,
              "and gets it");
    ok_status(NtSetInformationThread(Full, ThreadBasePriority, &Priority, sizeof(Priority)),
              STATUS_ACCESS_DENIED, "to set wants another");
    ok_status(NtSetInformationThread(SetLimited, ThreadBasePriority, &Priority, sizeof(Priority)),
              STATUS_SUCCESS, "the limited one");
    ok_status(NtSetInformationThread(SetFull, ThreadBasePriority, &Priority, sizeof(Priority)),
              STATUS_SUCCESS, "or the full one");
    Priority = 8;
    ok_status(NtSetInformationThread(SetLimited, ThreadPriority, &Priority, sizeof(Priority)),
              STATUS_ACCESS_DENIED, "the priority itself wants the full one");
    ok_status(NtSetInformationThread(SetFull, ThreadPriority, &Priority, sizeof(Priority)),
              STATUS_SUCCESS, "and gets it");
    NtClose(None);
    NtClose(Limited);
    NtClose(Full);
    NtClose(SetLimited);
    NtClose(SetFull);
}

static void TestPriorities(void)
{
    static const struct {
        LONG Increment;
        KPRIORITY Priority;
    } Increments[] = {{-2, 6},  {-1, 7},  {1, 9},   {2, 10}, {15, 15},
                      {-15, 1}, {16, 15}, {-16, 1}, {0, 8}};
    static const LONG Bad[] = {3, -3, 14, -14, 17, -17, 0x7fffffff};
    THREAD_BASIC_INFORMATION Basic;
    LONG Value;

    for (ULONG i = 0; i < ARRAYSIZE(Increments); i++) {
        Value = Increments[i].Increment;
        ok_status(SET(ThreadBasePriority, Value), STATUS_SUCCESS, "set a relative priority");
        QUERY(ThreadBasicInformation, Basic);
        ok(Basic.Priority == Increments[i].Priority, "it is in effect");
        ok(Basic.BasePriority == Increments[i].Increment, "and told as it was set");
        QUERY(ThreadActualBasePriority, Value);
        ok(Value == Increments[i].Priority, "the base priority is the same");
    }
    for (ULONG i = 0; i < ARRAYSIZE(Bad); i++) {
        Value = Bad[i];
        ok_status(SET(ThreadBasePriority, Value), STATUS_INVALID_PARAMETER, "one there is not");
    }
    ok_status(NtSetInformationThread(ME, ThreadBasePriority, &Value, 3),
              STATUS_INFO_LENGTH_MISMATCH, "of the wrong length");
    ok_status(NtSetInformationThread(ME, ThreadBasePriority, NULL, 4), STATUS_ACCESS_VIOLATION,
              "from nowhere");
    Value = 12;
    ok_status(SET(ThreadPriority, Value), STATUS_SUCCESS, "the priority itself");
    QUERY(ThreadBasicInformation, Basic);
    ok(Basic.Priority == 12 && Basic.BasePriority == 0, "is set, not the base");
    Value = 0;
    ok_status(SET(ThreadPriority, Value), STATUS_INVALID_PARAMETER, "0 is none");
    Value = 32;
    ok_status(SET(ThreadPriority, Value), STATUS_INVALID_PARAMETER, "32 neither");
    Value = 10;
    ok_status(SET(ThreadActualBasePriority, Value), STATUS_SUCCESS, "the base priority itself");
    QUERY(ThreadBasicInformation, Basic);
    ok(Basic.Priority == 10 && Basic.BasePriority == 2, "two above the process's");
    Value = 0;
    ok_status(SET(ThreadBasePriority, Value), STATUS_SUCCESS, "normal again");
}

/* A thread that is more urgent runs until it waits; one that is less so does not run meanwhile. */
static volatile ULONG Steps;

static NTSTATUS NTAPI CountSteps(PVOID Argument)
{
    for (;;)
        Steps++;
}

static void TestPrioritiesInEffect(void)
{
    LARGE_INTEGER Delay = {.QuadPart = -500000};
    LONG Low = -2, High = 2, Normal = 0;
    HANDLE Thread;
    ULONG Before, After;

    if (!ok_status(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                    CountSteps, NULL, THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0, 0,
                                    NULL),
                   STATUS_SUCCESS, "a thread that only counts"))
        return;
    NtSetInformationThread(Thread, ThreadBasePriority, &Low, sizeof(Low));
    SET(ThreadBasePriority, High);
    NtResumeThread(Thread, NULL);
    NtDelayExecution(FALSE, &Delay);
    ok(Steps > 0, "it runs while this one waits");
    Before = Steps;
    for (volatile ULONG i = 0; i < 30000000; i++)
        ;
    After = Steps;
    ok(After - Before == 0, "but not while this one, which is more urgent, works");
    SET(ThreadBasePriority, Normal);
    NtTerminateThread(Thread, 0);
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtClose(Thread);
}

static void TestSettings(void)
{
    ULONG Value;
    KAFFINITY Mask = NtCurrentPeb()->ActiveProcessAffinityMask;
    GROUP_AFFINITY Group = {0};
    PROCESSOR_NUMBER Processor = {0};
    POWER_THROTTLING_STATE Throttling = {1, 1, 0};
    BOOLEAN Hidden = 7;

    ok_status(SET(ThreadAffinityMask, Mask), STATUS_SUCCESS, "all processors");
    Mask = 0;
    ok_status(SET(ThreadAffinityMask, Mask), STATUS_INVALID_PARAMETER, "none");
    Mask = NtCurrentPeb()->ActiveProcessAffinityMask + 1;
    ok_status(SET(ThreadAffinityMask, Mask), STATUS_INVALID_PARAMETER, "one there is not");
    QUERY(ThreadGroupInformation, Group);
    ok(Group.Mask == 1 && Group.Group == 0, "the group");
    ok_status(SET(ThreadGroupInformation, Group), STATUS_SUCCESS, "the same");
    Group.Group = 1;
    ok_status(SET(ThreadGroupInformation, Group), STATUS_INVALID_PARAMETER, "another group");
    Group.Group = 0;
    Group.Reserved[2] = 1;
    ok_status(SET(ThreadGroupInformation, Group), STATUS_INVALID_PARAMETER, "what is reserved");
    Value = 0;
    ok_status(SET(ThreadIdealProcessor, Value), 0, "the ideal processor was the first");
    Value = sizeof(PVOID) * 8;
    ok_status(SET(ThreadIdealProcessor, Value), 0, "it stays");
    Value = 1;
    ok_status(SET(ThreadIdealProcessor, Value), STATUS_INVALID_PARAMETER, "there is no second");
    ok_status(SET(ThreadIdealProcessorEx, Processor), STATUS_SUCCESS, "the first with its group");
    Processor.Number = 3;
    ok_status(SET(ThreadIdealProcessorEx, Processor), STATUS_INVALID_PARAMETER, "no fourth");
    Value = 1;
    ok_status(SET(ThreadPriorityBoost, Value), STATUS_SUCCESS, "no boosts");
    Value = 7;
    QUERY(ThreadPriorityBoost, Value);
    ok(Value == 1, "it is kept");
    Value = 0;
    SET(ThreadPriorityBoost, Value);
    QUERY(ThreadHideFromDebugger, Hidden);
    ok(!Hidden, "not hidden");
    ok_status(NtSetInformationThread(ME, ThreadHideFromDebugger, &Hidden, 1),
              STATUS_INFO_LENGTH_MISMATCH, "to hide takes no value");
    ok_status(NtSetInformationThread(ME, ThreadHideFromDebugger, NULL, 0), STATUS_SUCCESS, "hide");
    QUERY(ThreadHideFromDebugger, Hidden);
    ok(Hidden == TRUE, "hidden");
    QUERY(ThreadIoPriority, Value);
    ok(Value == 2, "normal I/O");
    Value = 1;
    ok_status(SET(ThreadIoPriority, Value), STATUS_SUCCESS, "low I/O");
    Value = 9;
    ok_status(SET(ThreadIoPriority, Value), STATUS_INVALID_PARAMETER, "no such I/O");
    Value = 3;
    ok_status(SET(ThreadPagePriority, Value), STATUS_SUCCESS, "low pages");
    QUERY(ThreadPagePriority, Value);
    ok(Value == 3, "kept");
    Value = 6;
    ok_status(SET(ThreadPagePriority, Value), STATUS_INVALID_PARAMETER, "none higher than 5");
    ok_status(SET(ThreadPowerThrottlingState, Throttling), STATUS_SUCCESS, "throttling");
    Throttling.StateMask = 2;
    ok_status(SET(ThreadPowerThrottlingState, Throttling), STATUS_INVALID_PARAMETER, "of nothing");
    ok_status(SET(ThreadEnableAlignmentFaultFixup, Hidden), STATUS_SUCCESS, "mend alignment");
}

static void TestNames(void)
{
    static union {
        THREAD_NAME_INFORMATION Name;
        UCHAR Bytes[256];
    } Buffer;
    THREAD_NAME_INFORMATION Name;
    ULONG Needed = 0, Same = 0;

    ok_status(NtQueryInformationThread(ME, ThreadNameInformation, NULL, 0, &Needed),
              STATUS_BUFFER_TOO_SMALL, "a name into nothing");
    ok(Needed == sizeof(Name), "an empty one");
    ok_status(NtQueryInformationThread(ME, ThreadNameInformation, &Buffer, sizeof(Buffer), NULL),
              STATUS_SUCCESS, "ask for it");
    ok(Buffer.Name.ThreadName.Length == 0, "it is empty");
    RtlInitUnicodeString(&Name.ThreadName, u"tester");
    ok_status(SET(ThreadNameInformation, Name), STATUS_SUCCESS, "a name");
    ok_status(NtQueryInformationThread(ME, ThreadNameInformation, &Buffer, sizeof(Name), &Needed),
              STATUS_BUFFER_TOO_SMALL, "too little room for it");
    ok(Needed == sizeof(Name) + 12, "what is needed");
    ok_status(NtQueryInformationThread(ME, ThreadNameInformation, &Buffer, Needed, &Same),
              STATUS_SUCCESS, "just enough");
    ok(Same == Needed, "as told");
    ok(RtlEqualUnicodeString(&Buffer.Name.ThreadName, &Name.ThreadName, FALSE), "the name");
    ok(Buffer.Name.ThreadName.Buffer == (PWSTR)(&Buffer.Name + 1), "behind its descriptor");
    ok_status(NtSetInformationThread(ME, ThreadNameInformation, &Name, sizeof(Name) + 1),
              STATUS_INFO_LENGTH_MISMATCH, "a name of another length");
    Name.ThreadName.Buffer = (PWSTR)16;
    ok_status(SET(ThreadNameInformation, Name), STATUS_ACCESS_VIOLATION, "a name that is nowhere");
    RtlInitUnicodeString(&Name.ThreadName, u"tester");
    Name.ThreadName.Length = 3;
    ok_status(SET(ThreadNameInformation, Name), STATUS_INVALID_PARAMETER, "half a character");
    Name.ThreadName.Length = 0;
    ok_status(SET(ThreadNameInformation, Name), STATUS_SUCCESS, "no name");
}

/* ---- Zeroing TLS cells ---- */

static HANDLE Go;

static NTSTATUS NTAPI HoldCell(PVOID Argument)
{
    NtCurrentTeb()->TlsSlots[40] = Argument;
    NtWaitForSingleObject(Go, FALSE, NULL);
    return NtCurrentTeb()->TlsSlots[40] ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

static NTSTATUS ExitOf(HANDLE Thread)
{
    THREAD_BASIC_INFORMATION Basic = {0};

    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    NtClose(Thread);
    return Basic.ExitStatus;
}

static void TestZeroTls(void)
{
    LARGE_INTEGER Delay = {.QuadPart = -300000};
    static PVOID Expansion[TLS_EXPANSION_SLOTS];
    PVOID *Old = NtCurrentTeb()->TlsExpansionSlots;
    ULONG Cell = 40, Terminated;
    HANDLE Thread;

    NtCreateEvent(&Go, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), HoldCell, &Delay, 0, 0,
                     0, 0, NULL);
    NtDelayExecution(FALSE, &Delay);
    NtCurrentTeb()->TlsSlots[40] = &Delay;
    ok_status(NtSetInformationThread(Thread, ThreadZeroTlsCell, &Cell, sizeof(Cell)),
              STATUS_INVALID_PARAMETER, "by another thread's handle");
    ok_status(SET(ThreadZeroTlsCell, Cell), STATUS_SUCCESS, "clear a cell");
    ok(NtCurrentTeb()->TlsSlots[40] == NULL, "it is clear here");
    NtQueryInformationThread(Thread, ThreadIsTerminated, &Terminated, sizeof(Terminated), NULL);
    ok(Terminated == 0, "the other thread is there");
    NtSetEvent(Go, NULL);
    ok_status(ExitOf(Thread), STATUS_SUCCESS, "and it is clear there");
    Expansion[5] = &Delay;
    NtCurrentTeb()->TlsExpansionSlots = Expansion;
    Cell = TLS_MINIMUM_AVAILABLE + 5;
    ok_status(SET(ThreadZeroTlsCell, Cell), STATUS_SUCCESS, "one of the further cells");
    ok(Expansion[5] == NULL, "is clear");
    NtCurrentTeb()->TlsExpansionSlots = Old;
    Cell = TLS_MINIMUM_AVAILABLE + TLS_EXPANSION_SLOTS;
    ok_status(SET(ThreadZeroTlsCell, Cell), STATUS_INVALID_PARAMETER, "there are no more");
    NtClose(Go);
}

static void TestTebPart(void)
{
    CLIENT_ID Id;
    THREAD_TEB_INFORMATION Part = {&Id, FIELD_OFFSET(TEB, ClientId), sizeof(Id)};

    ok_status(QUERY(ThreadTebInformation, Part), STATUS_SUCCESS, "a piece of the TEB");
    ok(Id.UniqueThread == NtCurrentTeb()->ClientId.UniqueThread, "is what stands there");
    Part.TebOffset = sizeof(TEB);
    ok_status(QUERY(ThreadTebInformation, Part), STATUS_INVALID_PARAMETER, "behind its end");
    Part.TebOffset = 0xffffffff;
    ok_status(QUERY(ThreadTebInformation, Part), STATUS_INVALID_PARAMETER, "far behind");
    Part.TebOffset = 0;
    Part.TebInformation = (PVOID)8;
    ok_status(QUERY(ThreadTebInformation, Part), STATUS_ACCESS_VIOLATION, "to nowhere");
}

/* ---- Going through ---- */

static ULONG CountThreads(HANDLE Process)
{
    HANDLE Thread = NULL, Next;
    ULONG Count = 0;

    while (NT_SUCCESS(
        NtGetNextThread(Process, Thread, THREAD_QUERY_LIMITED_INFORMATION, 0, 0, &Next))) {
        Count++;
        if (Thread)
            NtClose(Thread);
        Thread = Next;
    }
    if (Thread)
        NtClose(Thread);
    return Count;
}

static void TestNextThread(void)
{
    HANDLE Process = NtCurrentProcess(), Thread, Other, Ended;
    ULONG Before = CountThreads(Process);

    ok(Before >= 1, "the threads of this process");
    NtCreateThreadEx(&Other, THREAD_ALL_ACCESS, NULL, Process, CountSteps, NULL,
                     THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0, 0, NULL);
    NtCreateThreadEx(&Ended, THREAD_ALL_ACCESS, NULL, Process, CountSteps, NULL,
                     THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0, 0, NULL);
    ok(CountThreads(Process) == Before + 2, "two more");
    NtTerminateThread(Ended, 0);
    NtWaitForSingleObject(Ended, FALSE, NULL);
    ok(CountThreads(Process) == Before + 1, "one has ended");
    ok_status(NtGetNextThread(Process, Other, THREAD_QUERY_LIMITED_INFORMATION, 0, 0, &Thread),
              STATUS_NO_MORE_ENTRIES, "behind the last one there is none");
    ok_status(NtGetNextThread(Process, Ended, THREAD_QUERY_LIMITED_INFORMATION, 0, 0, &Thread),
              STATUS_NO_MORE_ENTRIES, "nor behind one that has ended");
    ok_status(NtGetNextThread(Process, NULL, THREAD_ALL_ACCESS, 0, 1, &Thread),
              STATUS_INVALID_PARAMETER, "a flag");
    ok_status(NtGetNextThread(NULL, NULL, THREAD_ALL_ACCESS, 0, 0, &Thread), STATUS_INVALID_HANDLE,
              "of no process");
    ok_status(NtGetNextThread(Process, NULL, THREAD_ALL_ACCESS, 0, 0, (PHANDLE)8),
              STATUS_ACCESS_VIOLATION, "to nowhere");
    NtTerminateThread(Other, 0);
    NtWaitForSingleObject(Other, FALSE, NULL);
    NtClose(Other);
    NtClose(Ended);
}

static ULONG_PTR ProcessId(HANDLE Process)
{
    PROCESS_BASIC_INFORMATION Basic = {0};

    NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    return Basic.UniqueProcessId;
}

/* From each process back to the one before it, and from there forwards to it again. */
static void TestBackwards(ULONG Processes)
{
    HANDLE Process = NULL, Previous, Again;
    ULONG Count = 0;
    BOOLEAN Same = TRUE;
    NTSTATUS Status;

    for (;;) {
        Status = NtGetNextProcess(Process, PROCESS_QUERY_LIMITED_INFORMATION, 0,
                                  PROCESS_GET_NEXT_FLAGS_PREVIOUS_PROCESS, &Previous);
        if (!NT_SUCCESS(Status))
            break;
        if (Process && NT_SUCCESS(NtGetNextProcess(Previous, PROCESS_QUERY_LIMITED_INFORMATION, 0,
                                                   0, &Again))) {
            Same = Same && ProcessId(Again) == ProcessId(Process);
            NtClose(Again);
        }
        if (Process)
            NtClose(Process);
        Process = Previous;
        Count++;
    }
    NtClose(Process);
    ok_status(Status, STATUS_NO_MORE_ENTRIES, "all of them backwards");
    ok(Count == Processes && Same, "as many, in the opposite order");
}

static void TestNextProcess(void)
{
    PROCESS_BASIC_INFORMATION Basic;
    HANDLE Process = NULL, Next;
    ULONG Count = 0;
    BOOLEAN Found = FALSE;
    NTSTATUS Status;

    for (;;) {
        Status = NtGetNextProcess(Process, PROCESS_QUERY_LIMITED_INFORMATION, 0, 0, &Next);
        if (Process)
            NtClose(Process);
        if (!NT_SUCCESS(Status))
            break;
        Process = Next;
        Count++;
        NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
        Found |= (HANDLE)Basic.UniqueProcessId == NtCurrentTeb()->ClientId.UniqueProcess;
    }
    ok_status(Status, STATUS_NO_MORE_ENTRIES, "all processes have been opened");
    ok(Count >= 2 && Found, "this one among them");
    TestBackwards(Count);
    ok_status(NtGetNextProcess(NULL, PROCESS_QUERY_LIMITED_INFORMATION, 0, 2, &Next),
              STATUS_INVALID_PARAMETER, "a flag");
    ok_status(NtGetNextProcess(NtCurrentThread(), PROCESS_QUERY_LIMITED_INFORMATION, 0, 0, &Next),
              STATUS_OBJECT_TYPE_MISMATCH, "after a thread");
    ok_status(NtGetNextProcess(NULL, PROCESS_QUERY_LIMITED_INFORMATION, 0, 0, (PHANDLE)4),
              STATUS_ACCESS_VIOLATION, "to nowhere");
}

static ULONG SuspendCount(HANDLE Thread)
{
    ULONG Count = 99;

    NtQueryInformationThread(Thread, ThreadSuspendCount, &Count, sizeof(Count), NULL);
    return Count;
}

static void TestSuspendProcess(void)
{
    HANDLE Process, Thread;

    if (!ok_status(StartSelf(u"umtests sleep", &Process, &Thread), STATUS_SUCCESS, "a child"))
        return;
    ok(SuspendCount(Thread) == 0, "it is not suspended");
    ok_status(NtSuspendProcess(Process), STATUS_SUCCESS, "suspend it");
    ok_status(NtSuspendProcess(Process), STATUS_SUCCESS, "once more");
    ok(SuspendCount(Thread) == 2, "its thread is suspended twice");
    ok_status(NtResumeProcess(Process), STATUS_SUCCESS, "resume it");
    ok(SuspendCount(Thread) == 1, "once");
    ok_status(NtResumeProcess(Process), STATUS_SUCCESS, "and again");
    ok(SuspendCount(Thread) == 0, "it goes on");
    NtTerminateProcess(Process, 0);
    NtWaitForSingleObject(Process, FALSE, NULL);
    ok_status(NtSuspendProcess(Process), STATUS_PROCESS_IS_TERMINATING, "ended, it cannot");
    ok_status(NtResumeProcess(Process), STATUS_PROCESS_IS_TERMINATING, "be resumed either");
    ok_status(NtSuspendProcess(NULL), STATUS_INVALID_HANDLE, "no process");
    ok_status(NtSuspendProcess(Thread), STATUS_OBJECT_TYPE_MISMATCH, "a thread");
    NtClose(Thread);
    NtClose(Process);
}

void TestThreadInformation(void)
{
    TestClasses();
    TestBasic();
    TestAccess();
    TestPriorities();
    TestPrioritiesInEffect();
    TestSettings();
    TestNames();
    TestZeroTls();
    TestTebPart();
    TestNextThread();
    TestNextProcess();
    TestSuspendProcess();
}

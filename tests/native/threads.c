/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: creation, start argument, waiting for each other, suspension, termination. */
#include "debugger.h"
#include "testdll.h"

static HANDLE Ping, Pong;
static volatile ULONG Counter, Stop;

static NTSTATUS NTAPI CountingThread(PVOID Argument)
{
    for (ULONG i = 0; i < 500; i++) {
        if (NtWaitForSingleObject(Ping, FALSE, NULL) != STATUS_SUCCESS)
            break;
        Counter += (ULONG)(ULONG_PTR)Argument;
        NtSetEvent(Pong, NULL);
    }
    return 0x55;
}

static NTSTATUS NTAPI SpinningThread(PVOID Argument)
{
    while (!Stop)
        Counter++;
    return 0;
}

static void TestPingPong(void)
{
    THREAD_BASIC_INFORMATION Basic;
    HANDLE Thread;

    Counter = 0;
    NtCreateEvent(&Ping, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    NtCreateEvent(&Pong, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    Thread = StartThread(CountingThread, (PVOID)3);
    if (!ok(Thread, "start a thread"))
        return;
    for (ULONG i = 0; i < 500; i++) {
        NtSetEvent(Ping, NULL);
        NtWaitForSingleObject(Pong, FALSE, NULL);
    }
    ok_status(NtWaitForSingleObject(Thread, FALSE, NULL), STATUS_SUCCESS, "wait for its end");
    ok(Counter == 1500, "a thousand hand-overs, none lost or doubled");
    ok_status(NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL),
              STATUS_SUCCESS, "query it");
    ok(Basic.ExitStatus == 0x55, "its exit status is its return value");
    NtClose(Thread);
    NtClose(Ping);
    NtClose(Pong);
}

static void TestSuspension(void)
{
    LARGE_INTEGER Wait = {.QuadPart = -500000};
    HANDLE Thread;
    ULONG Previous = 9, Seen;

    Counter = Stop = 0;
    Thread = StartThread(SpinningThread, NULL);
    if (!ok(Thread, "start a thread that spins"))
        return;
    NtDelayExecution(FALSE, &Wait);
    ok(Counter != 0, "it runs while I wait");
    ok_status(NtSuspendThread(Thread, &Previous), STATUS_SUCCESS, "suspend it");
    ok(Previous == 0, "it was not suspended before");
    Seen = Counter;
    NtDelayExecution(FALSE, &Wait);
    ok(Counter == Seen, "a suspended thread stands still");
    ok_status(NtResumeThread(Thread, &Previous), STATUS_SUCCESS, "resume it");
    ok(Previous == 1, "it was suspended once");
    NtDelayExecution(FALSE, &Wait);
    ok(Counter != Seen, "it runs on");
    ok_status(NtTerminateThread(Thread, 5), STATUS_SUCCESS, "end it from outside");
    ok_status(NtWaitForSingleObject(Thread, FALSE, NULL), STATUS_SUCCESS, "it has ended");
    NtClose(Thread);
}

static void TestWaitingVictim(void)
{
    HANDLE Thread;
    LARGE_INTEGER Wait = {.QuadPart = 0};

    NtCreateEvent(&Ping, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    Thread = StartThread(CountingThread, NULL);
    ok(ComesToWait(Thread), "a thread that waits");
    ok_status(NtTerminateThread(Thread, 6), STATUS_SUCCESS, "end it while it waits");
    ok_status(NtWaitForSingleObject(Thread, FALSE, NULL), STATUS_SUCCESS, "it has ended");
    NtSetEvent(Ping, NULL);
    ok_status(NtWaitForSingleObject(Ping, FALSE, &Wait), STATUS_SUCCESS,
              "the dead take no signals");
    NtClose(Ping);
    NtClose(Thread);
}

static void TestLeaks(void)
{
    SYSTEM_PERFORMANCE_INFORMATION Before, After;
    BOOLEAN AllRight = TRUE;

    Stop = 1;
    for (ULONG i = 0; i < 400; i++) {
        if (i == 200) /* the first ones may have brought a service stack more that is kept */
            NtQuerySystemInformation(SystemPerformanceInformation, &Before, sizeof(Before), NULL);
        AllRight &= EndOfThread(StartThread(SpinningThread, NULL)) == STATUS_SUCCESS;
    }
    NtQuerySystemInformation(SystemPerformanceInformation, &After, sizeof(After), NULL);
    ok(AllRight, "two hundred threads one after another");
    DbgPrint("# available pages before %u, after %u\n", Before.AvailablePages,
             After.AvailablePages);
    ok(After.AvailablePages + 4 >= Before.AvailablePages, "cost no memory for good");
}

static HANDLE StartWith(ULONG Flags, HANDLE Process, PVOID Routine, PVOID Argument)
{
    HANDLE Thread = NULL;

    ok_status(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, Process,
                               (PUSER_THREAD_START_ROUTINE)Routine, Argument, Flags, 0, 0, 0, NULL),
              STATUS_SUCCESS, "a thread with flags");
    return Thread;
}

#define HAS_TLS 1

static NTSTATUS NTAPI TellFlags(PVOID Argument)
{
    PTEB Teb = NtCurrentTeb();

    return Teb->SameTebFlags | (Teb->ThreadLocalStoragePointer ? HAS_TLS : 0);
}

/* What the thread finds in its TEB, and how often the DLL hears of its start and its end. */
static void CheckFlags(volatile ULONG *Reasons, ULONG Flags, NTSTATUS Told, ULONG Calls)
{
    ULONG Attached = Reasons[DLL_THREAD_ATTACH], Detached = Reasons[DLL_THREAD_DETACH];
    HANDLE Thread = StartWith(Flags, NtCurrentProcess(), TellFlags, NULL);

    ok_status(EndOfThread(Thread), Told, "finds them in its TEB");
    ok(Reasons[DLL_THREAD_ATTACH] == Attached + Calls, "DllMain at its start");
    ok(Reasons[DLL_THREAD_DETACH] == Detached + Calls, "and at its end");
}

static void CheckLoaderLock(void)
{
    HANDLE Waits, Worker, Free;

    RtlEnterCriticalSection(NtCurrentPeb()->LoaderLock);
    Waits = StartWith(THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH, NtCurrentProcess(), TellFlags, NULL);
    Worker = StartWith(THREAD_CREATE_FLAGS_LOADER_WORKER, NtCurrentProcess(), TellFlags, NULL);
    Free = StartWith(THREAD_CREATE_FLAGS_SKIP_LOADER_INIT, NtCurrentProcess(), TellFlags, NULL);
    ok_status(EndOfThread(Worker), 0x2000, "the loader's worker needs no lock");
    ok_status(EndOfThread(Free), 0x4000, "nor does one without the loader");
    ok_status(WaitFor(Waits, 20), STATUS_TIMEOUT, "one that only skips DllMain does");
    RtlLeaveCriticalSection(NtCurrentPeb()->LoaderLock);
    ok_status(EndOfThread(Waits), 0x0008 | HAS_TLS, "it comes when the lock is free");
}

static void TestLoaderFlags(void)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\testdll.dll");
    ANSI_STRING Name = RTL_CONSTANT_STRING("TestDllCalls");
    TESTDLL_CALLS *Calls = NULL;
    PVOID Dll;

    if (!ok_status(LdrLoadDll(NULL, NULL, &Path, &Dll), STATUS_SUCCESS, "a DLL"))
        return;
    LdrGetProcedureAddress(Dll, &Name, 0, (PVOID *)&Calls);
    CheckFlags(Calls->Reasons, 0, HAS_TLS, 1);
    CheckFlags(Calls->Reasons, THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH, 0x0008 | HAS_TLS, 0);
    CheckFlags(Calls->Reasons, THREAD_CREATE_FLAGS_LOADER_WORKER, 0x2000, 0);
    CheckFlags(Calls->Reasons, THREAD_CREATE_FLAGS_SKIP_LOADER_INIT, 0x4000, 0);
    CheckFlags(Calls->Reasons, 0, HAS_TLS, 1); /* nothing is left in a TEB that is used again */
    CheckLoaderLock();
    LdrUnloadDll(Dll);
}

static PVOID LoaderDataOf(HANDLE Process)
{
    PROCESS_BASIC_INFORMATION Basic;
    PVOID Data = NULL;

    NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    NtReadVirtualMemory(Process, &((PPEB)Basic.PebBaseAddress)->Ldr, &Data, sizeof(Data), NULL);
    return Data;
}

/* Threads in a process whose first one has not run yet. */
static void TestBeforeStart(void)
{
    PVOID Exit = DebugRoutine("RtlExitUserThread");
    DEBUGGEE Child;

    if (!ok_status(DebugCreate(ChildExits, NULL, 0, &Child), STATUS_SUCCESS, "a process"))
        return;
    ok_status(EndOfThread(StartWith(THREAD_CREATE_FLAGS_SKIP_LOADER_INIT, Child.Process, Exit,
                                    (PVOID)0x56)),
              0x56, "runs before its process is loaded");
    ok(!LoaderDataOf(Child.Process), "and does not load it");
    ok_status(EndOfThread(StartWith(0, Child.Process, Exit, (PVOID)0x57)), 0x57, "another one");
    ok(LoaderDataOf(Child.Process) != NULL, "does");
    NtResumeThread(Child.Thread, NULL);
    ok_status(DebugExitStatus(&Child), 0x1234, "then the program runs");
    DebugClose(&Child);
}

/* A thread that ends its process when the loader has not begun. */
static void TestEndBeforeStart(void)
{
    HANDLE Thread;
    DEBUGGEE Child;

    if (!ok_status(DebugCreate(ChildExits, NULL, 0, &Child), STATUS_SUCCESS, "a process"))
        return;
    Thread = StartWith(THREAD_CREATE_FLAGS_SKIP_LOADER_INIT, Child.Process,
                       DebugRoutine("RtlExitUserProcess"), (PVOID)0x58);
    ok_status(DebugExitStatus(&Child), 0x58, "is ended before it is loaded");
    NtClose(Thread);
    DebugClose(&Child);
}

/* Of the child's threads the first stands still, and the one of the second counter runs. */
static void CheckBypass(PDEBUGGEE Child, PCSTR What)
{
    ok(DebugAreStill(Child, 0, 0), What);
    ok(!DebugAreStill(Child, 1, 1), "but one bypasses that");
}

static void TestBypass(void)
{
    ULONG Previous = 77;
    HANDLE Thread;
    DEBUGGEE Child;

    if (!DebugStartSpinning(&Child))
        return;
    Thread = StartWith(THREAD_CREATE_FLAGS_BYPASS_PROCESS_FREEZE, Child.Process, DebuggeeSpin,
                       (PVOID)&DebuggeeCounters[1]);
    NtSuspendProcess(Child.Process);
    CheckBypass(&Child, "a process is suspended");
    ok_status(NtSuspendThread(Thread, &Previous), STATUS_SUCCESS, "it can be suspended alone");
    ok(Previous == 0 && DebugIsStill(&Child), "and then stands still too");
    NtResumeProcess(Child.Process);
    NtResumeThread(Thread, &Previous);
    ok(Previous == 1, "the process goes on without it");
    Child.Object = DebugObject(DEBUG_KILL_ON_CLOSE);
    NtDebugActiveProcess(Child.Process, Child.Object);
    CheckBypass(&Child, "a process is frozen for its debugger");
    NtClose(Thread);
    NtClose(Child.Object);
    Child.Object = NULL;
    ok_status(WaitFor(Child.Process, 10000), STATUS_SUCCESS, "it ends with the debugger");
    DebugClose(&Child);
}

static void TestBadFlags(void)
{
    HANDLE Thread;

    for (ULONG Bit = 1; Bit; Bit <<= 1)
        if (Bit & ~0x77u)
            ok_status(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                       TellFlags, NULL, Bit, 0, 0, 0, NULL),
                      STATUS_INVALID_PARAMETER_7, "a flag that is none");
}

void TestThreads(void)
{
    TestBadFlags();
    TestLoaderFlags();
    TestBeforeStart();
    TestEndBeforeStart();
    TestBypass();
    TestPingPong();
    TestSuspension();
    TestWaitingVictim();
    TestLeaks();
}

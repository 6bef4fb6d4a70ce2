/* SPDX-License-Identifier: BSD-2-Clause */
/* Routines that are queued to threads, alertable waits, alerts. */
#include "tap.h"
#include "registers.h"

static volatile ULONG Trail, Begun, Stop;
static volatile ULONG_PTR Arguments[3];
static HANDLE Gate;

static void NTAPI Note(PVOID Digit, PVOID Second, PVOID Third)
{
    Trail = Trail * 10 + (ULONG)(ULONG_PTR)Digit;
    Arguments[0] = (ULONG_PTR)Digit;
    Arguments[1] = (ULONG_PTR)Second;
    Arguments[2] = (ULONG_PTR)Third;
}

static NTSTATUS Queue(HANDLE Thread, ULONG_PTR Digit)
{
    return NtQueueApcThread(Thread, Note, (PVOID)Digit, NULL, NULL);
}

static NTSTATUS Sleep(BOOLEAN Alertable, LONG Milliseconds)
{
    LARGE_INTEGER Time = {.QuadPart = -10000LL * Milliseconds};

    return NtDelayExecution(Alertable, &Time);
}

static NTSTATUS Start(PHANDLE Thread, PUSER_THREAD_START_ROUTINE Routine, BOOLEAN Suspended)
{
    Trail = Begun = Stop = 0;
    return NtCreateThreadEx(Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), Routine, NULL,
                            Suspended ? THREAD_CREATE_FLAGS_CREATE_SUSPENDED : 0, 0, 0, 0, NULL);
}

static NTSTATUS Finish(HANDLE Thread)
{
    THREAD_BASIC_INFORMATION Basic = {0};

    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    NtClose(Thread);
    return Basic.ExitStatus;
}

static void TestOwn(void)
{
    HANDLE Self = NtCurrentThread();

    Trail = 0;
    ok_status(NtQueueApcThread(Self, Note, (PVOID)1, (PVOID)22, (PVOID)33), STATUS_SUCCESS,
              "queue a routine to myself");
    ok_status(Queue(Self, 2), STATUS_SUCCESS, "another");
    ok_status(Sleep(FALSE, 1), STATUS_SUCCESS, "a wait that is not alertable");
    ok(Trail == 0, "runs none");
    ok_status(Sleep(TRUE, 60000), STATUS_USER_APC, "an alertable one does not last");
    ok(Trail == 12, "and runs both in order");
    Queue(Self, 3);
    Arguments[1] = 0;
    ok_status(NtTestAlert(), STATUS_SUCCESS, "NtTestAlert");
    ok(Trail == 123, "runs them too");
    ok_status(Sleep(TRUE, 0), STATUS_SUCCESS, "no more are there");
    NtQueueApcThread(Self, Note, (PVOID)4, (PVOID)22, (PVOID)33);
    NtTestAlert();
    ok(Arguments[0] == 4 && Arguments[1] == 22 && Arguments[2] == 33, "all arguments arrive");
}

static void TestOwnAlerts(void)
{
    HANDLE Self = NtCurrentThread();
    LARGE_INTEGER None = {0};

    ok_status(NtAlertThread(Self), STATUS_SUCCESS, "alert myself");
    ok_status(NtTestAlert(), STATUS_ALERTED, "NtTestAlert tells once");
    ok_status(NtTestAlert(), STATUS_SUCCESS, "and not again");
    NtAlertThread(Self);
    ok_status(NtWaitForSingleObject(Gate, TRUE, &None), STATUS_ALERTED, "so does a wait");
    ok_status(NtWaitForSingleObject(Gate, TRUE, &None), STATUS_TIMEOUT, "and not again");
}

static void TestArguments(void)
{
    HANDLE Self = NtCurrentThread();

    ok_status(Queue((HANDLE)0x7770, 1), STATUS_INVALID_HANDLE, "a thread that is not there");
    ok_status(Queue(Gate, 1), STATUS_OBJECT_TYPE_MISMATCH, "an event");
    ok_status(NtQueueApcThreadEx(Self, Gate, Note, NULL, NULL, NULL), STATUS_OBJECT_TYPE_MISMATCH,
              "no reserve object");
    ok_status(NtQueueApcThreadEx(Self, (HANDLE)0x7770, Note, NULL, NULL, NULL),
              STATUS_INVALID_HANDLE, "a reserve object that is not there");
    ok_status(NtQueueApcThreadEx2(Self, NULL, 0x80, Note, NULL, NULL, NULL),
              STATUS_INVALID_PARAMETER, "flags that are not there");
    ok_status(NtAlertThread(Gate), STATUS_OBJECT_TYPE_MISMATCH, "alert an event");
}

static NTSTATUS NTAPI AlertedThread(PVOID Argument);

static void TestReserve(void)
{
    HANDLE Self = NtCurrentThread(), Reserve = NULL, Port = NULL, Other = NULL;

    ok_status(NtAllocateReserveObject(&Reserve, NULL, MemoryReserveUserApc), STATUS_SUCCESS,
              "a reserve object");
    ok_status(NtAllocateReserveObject(&Other, NULL, MemoryReserveIoCompletion), STATUS_SUCCESS,
              "one for packets");
    ok_status(NtAllocateReserveObject(&Port, NULL, MemoryReserveTypeMax), STATUS_INVALID_PARAMETER,
              "one for nothing");
    Trail = 0;
    ok_status(NtQueueApcThreadEx(Self, Reserve, Note, (PVOID)1, (PVOID)2, (PVOID)3), STATUS_SUCCESS,
              "queue a routine with its memory");
    ok_status(NtQueueApcThreadEx(Self, Reserve, Note, (PVOID)1, NULL, NULL),
              STATUS_INVALID_PARAMETER_2, "it is in use");
    ok_status(NtTestAlert(), STATUS_SUCCESS, "let it run");
    ok(Trail == 1 && Arguments[1] == 2 && Arguments[2] == 3, "it has");
    ok_status(NtQueueApcThreadEx2(Self, Reserve, 0, Note, (PVOID)2, NULL, NULL), STATUS_SUCCESS,
              "use it again");
    ok_status(NtQueueApcThreadEx(Self, Other, Note, (PVOID)1, NULL, NULL),
              STATUS_OBJECT_TYPE_MISMATCH, "that of packets does not do");
    ok_status(NtClose(Reserve), STATUS_SUCCESS, "close it while it is in use");
    NtTestAlert();
    ok(Trail == 12, "its routine runs none the less");
    ok_status(NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0), STATUS_SUCCESS,
              "a port");
    NtAllocateReserveObject(&Reserve, NULL, MemoryReserveUserApc);
    ok_status(NtSetIoCompletionEx(Port, Reserve, NULL, NULL, 0, 0), STATUS_OBJECT_TYPE_MISMATCH,
              "that of routines does not do for packets");
    NtClose(Reserve);
    NtClose(Other);
    NtClose(Port);
}

static NTSTATUS NTAPI EndsWithReserve(PVOID Argument)
{
    return NtQueueApcThreadEx(NtCurrentThread(), Argument, Note, (PVOID)9, NULL, NULL);
}

static void TestReserveOfThread(void)
{
    HANDLE Thread, Reserve = NULL;

    NtAllocateReserveObject(&Reserve, NULL, MemoryReserveUserApc);
    Trail = 0;
    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), EndsWithReserve, Reserve,
                     0, 0, 0, 0, NULL);
    ok_status(Finish(Thread), STATUS_SUCCESS, "a thread ends with a routine queued");
    ok(Trail == 0, "which does not run");
    ok_status(NtQueueApcThreadEx(NtCurrentThread(), Reserve, Note, (PVOID)1, NULL, NULL),
              STATUS_SUCCESS, "its memory is free again");
    NtTestAlert();
    NtClose(Reserve);
}

static NTSTATUS NTAPI WaitingThread(PVOID Argument)
{
    NTSTATUS Status;

    Begun = 1;
    Status = NtWaitForSingleObject(Gate, TRUE, NULL);
    return Trail == 5 ? Status : STATUS_UNSUCCESSFUL;
}

static NTSTATUS NTAPI AlertedThread(PVOID Argument)
{
    Begun = 1;
    return NtWaitForSingleObject(Gate, TRUE, NULL);
}

static void WaitUntilBegun(void)
{
    while (!Begun)
        Sleep(FALSE, 1);
    Sleep(FALSE, 20);
}

static void TestOther(void)
{
    HANDLE Thread;

    Start(&Thread, WaitingThread, FALSE);
    WaitUntilBegun();
    ok_status(Queue(Thread, 5), STATUS_SUCCESS, "queue a routine to a thread that waits alertably");
    ok_status(Finish(Thread), STATUS_USER_APC, "that ends its wait, after the routine");
    Start(&Thread, AlertedThread, FALSE);
    WaitUntilBegun();
    ok_status(NtAlertThread(Thread), STATUS_SUCCESS, "alert a thread that waits");
    ok_status(Finish(Thread), STATUS_ALERTED, "that ends its wait");
    Start(&Thread, WaitingThread, TRUE);
    Queue(Thread, 7);
    ok(Trail == 0, "a thread that has not begun runs nothing");
    NtSetEvent(Gate, NULL);
    NtResumeThread(Thread, NULL);
    Finish(Thread);
    ok(Trail == 7, "it runs what was queued before it begins");
}

static void TestSuspended(void)
{
    HANDLE Thread;

    NtResetEvent(Gate, NULL);
    Start(&Thread, WaitingThread, FALSE);
    WaitUntilBegun();
    NtSuspendThread(Thread, NULL);
    Queue(Thread, 5);
    Sleep(FALSE, 20);
    ok(Trail == 0, "a suspended thread that waits runs nothing");
    NtResumeThread(Thread, NULL);
    ok_status(Finish(Thread), STATUS_USER_APC, "until it is resumed");
    Start(&Thread, AlertedThread, FALSE);
    WaitUntilBegun();
    NtSuspendThread(Thread, NULL);
    ok_status(NtAlertResumeThread(Thread, NULL), STATUS_SUCCESS, "alert and resume");
    ok_status(Finish(Thread), STATUS_ALERTED, "ends the wait");
}

static void TestAlertResume(void)
{
    HANDLE Thread, Weak = NULL;
    ULONG Previous = 99;

    Start(&Thread, AlertedThread, FALSE);
    WaitUntilBegun();
    NtDuplicateObject(NtCurrentProcess(), Thread, NtCurrentProcess(), &Weak, THREAD_ALERT, 0, 0);
    ok_status(NtAlertResumeThread(Weak, &Previous), STATUS_ACCESS_DENIED,
              "alert and resume needs THREAD_SUSPEND_RESUME");
    NtClose(Weak);
    ok_status(NtAlertResumeThread(Thread, (PULONG)8), STATUS_ACCESS_VIOLATION,
              "a bad address for the count");
    ok_status(NtWaitForSingleObject(Thread, FALSE, &(LARGE_INTEGER){0}), STATUS_TIMEOUT,
              "the thread waits still");
    NtSuspendThread(Thread, NULL);
    NtSuspendThread(Thread, NULL);
    ok_status(NtAlertResumeThread(Thread, &Previous), STATUS_SUCCESS, "suspended twice");
    ok(Previous == 2, "the count is what it was");
    ok_status(NtAlertResumeThread(Thread, &Previous), STATUS_SUCCESS, "once more");
    ok(Previous == 1, "the count is one less");
    ok_status(NtWaitForSingleObject(Thread, FALSE, NULL), STATUS_SUCCESS, "the thread ends");
    ok_status(NtAlertResumeThread(Thread, &Previous), STATUS_THREAD_IS_TERMINATING,
              "one that has ended");
    ok_status(Finish(Thread), STATUS_ALERTED, "it was alerted");
    ok_status(NtAlertResumeThread((HANDLE)0x7770, NULL), STATUS_INVALID_HANDLE,
              "a thread that is not there");
    ok_status(NtAlertResumeThread(Gate, NULL), STATUS_OBJECT_TYPE_MISMATCH, "an event");
}

static volatile ULONG Counter;

static NTSTATUS NTAPI SpinningThread(PVOID Argument)
{
    ULONG_PTR a = 1, b = 2, c = 3, d = 4;

    Begun = 1;
    while (!Stop) {
        Counter++;
        __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d));
    }
    return a == 1 && b == 2 && c == 3 && d == 4 ? 0x66 : STATUS_UNSUCCESSFUL;
}

static NTSTATUS NTAPI DeafThread(PVOID Argument)
{
    Begun = 1;
    NtWaitForSingleObject(Gate, FALSE, NULL);
    return Trail == 9 ? 0x67 : STATUS_UNSUCCESSFUL;
}

static NTSTATUS QueueSpecial(HANDLE Thread, ULONG_PTR Digit)
{
    return NtQueueApcThreadEx(Thread, (HANDLE)QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC, Note,
                              (PVOID)Digit, NULL, NULL);
}

static void TestSpecial(void)
{
    HANDLE Thread;

    NtResetEvent(Gate, NULL);
    Start(&Thread, SpinningThread, FALSE);
    WaitUntilBegun();
    ok_status(QueueSpecial(Thread, 8), STATUS_SUCCESS, "queue a special routine");
    Sleep(FALSE, 30);
    ok(Trail == 8, "it runs though the thread does not wait");
    for (ULONG i = 0; i < 20; i++)
        QueueSpecial(Thread, 0);
    Sleep(FALSE, 30);
    Stop = 1;
    ok_status(Finish(Thread), 0x66, "the thread goes on where it was");
    Start(&Thread, DeafThread, FALSE);
    WaitUntilBegun();
    QueueSpecial(Thread, 9);
    Sleep(FALSE, 20);
    ok(Trail == 0, "a wait that is not alertable goes on");
    NtSetEvent(Gate, NULL);
    ok_status(Finish(Thread), 0x67, "and the routine runs at its end");
}

static NTSTATUS NTAPI NappingThread(PVOID Argument)
{
    LARGE_INTEGER Interval = {.QuadPart = -10000LL * 40};
    NTSTATUS Status;

    Begun = 1;
    Status = NtDelayExecution(FALSE, &Interval);
    return Status == STATUS_SUCCESS && Trail == 6 ? 0x68 : STATUS_UNSUCCESSFUL;
}

/* Its service has ended, but the thread does not know yet. */
static void TestSpecialToSuspended(void)
{
    HANDLE Thread;

    Start(&Thread, NappingThread, FALSE);
    while (!Begun)
        Sleep(FALSE, 1);
    NtSuspendThread(Thread, NULL);
    Sleep(FALSE, 100);
    QueueSpecial(Thread, 6);
    ok(Trail == 0, "a suspended thread runs no special routine");
    NtResumeThread(Thread, NULL);
    ok_status(Finish(Thread), 0x68, "when resumed it runs it, behind its service");
}

static volatile ULONG Spun;

/* Where a spinning thread goes on with another context. */
static NTSTATUS NTAPI OtherThread(PVOID Argument)
{
    Spun = 1;
    while (!Stop)
        ;
    NtTerminateThread(NtCurrentThread(), Trail == 7 ? 0x69 : STATUS_UNSUCCESSFUL);
    return 0;
}

/* A thread that spins is sent to its routine; before it has come there its context is set. */
static void TestSpecialAndContext(void)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_CONTROL};
    HANDLE Thread;

    Spun = 0;
    Start(&Thread, SpinningThread, FALSE);
    WaitUntilBegun();
    NtSuspendThread(Thread, NULL);
    QueueSpecial(Thread, 7);
    ok_status(NtGetContextThread(Thread, &Context), STATUS_SUCCESS, "the context meanwhile");
    PROGRAM_COUNTER(&Context) = (ULONG_PTR)OtherThread;
    ok_status(NtSetContextThread(Thread, &Context), STATUS_SUCCESS, "set another one");
    PROGRAM_COUNTER(&Context) = 0;
    NtGetContextThread(Thread, &Context);
    ok(PROGRAM_COUNTER(&Context) == (ULONG_PTR)OtherThread, "it is shown");
    NtResumeThread(Thread, NULL);
    Sleep(FALSE, 50);
    ok(Trail == 7, "the routine runs at once all the same");
    ok(Spun == 1, "and the thread goes on with the new context");
    Stop = 1;
    ok_status(Finish(Thread), 0x69, "undisturbed");
}

static ULONG Nested;

/* Ten routines that each queue and run one more. */
static void NTAPI Nest(PVOID Depth, PVOID Second, PVOID Third)
{
    Nested++;
    if ((ULONG_PTR)Depth == 0)
        return;
    NtQueueApcThread(NtCurrentThread(), Nest, (PVOID)((ULONG_PTR)Depth - 1), NULL, NULL);
    NtTestAlert();
}

static ULONGLONG AvailablePages(void)
{
    SYSTEM_PERFORMANCE_INFORMATION Performance;

    NtQuerySystemInformation(SystemPerformanceInformation, &Performance, sizeof(Performance), NULL);
    return Performance.AvailablePages;
}

static void TestMany(void)
{
    ULONGLONG Before = 0;
    HANDLE Thread;
    BOOLEAN AllRight = TRUE;

    Nested = 0;
    Nest((PVOID)10, NULL, NULL);
    ok(Nested == 11, "routines inside routines");
    for (ULONG Round = 0; Round < 3; Round++) {
        Start(&Thread, SpinningThread, TRUE);
        if (Round == 1)
            Before = AvailablePages();
        for (ULONG i = 0; i < 5000; i++)
            AllRight &= NT_SUCCESS(Queue(Thread, 0));
        NtTerminateThread(Thread, 0);
        Finish(Thread);
    }
    ok(AllRight && AvailablePages() + 4 >= Before,
       "thousands that never run are freed with their thread");
}

void TestApc(void)
{
    NtCreateEvent(&Gate, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    TestOwn();
    TestOwnAlerts();
    TestArguments();
    TestReserve();
    TestReserveOfThread();
    TestOther();
    TestSuspended();
    TestAlertResume();
    TestSpecial();
    TestSpecialToSuspended();
    TestSpecialAndContext();
    TestMany();
    NtClose(Gate);
}

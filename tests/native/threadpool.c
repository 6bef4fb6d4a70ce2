/* SPDX-License-Identifier: BSD-2-Clause */
/* The thread pool. */
#include "waiting.h"

#define LARGEST_STACK 0x10000000 /* that the system makes */

static volatile LONG Calls, Other;
static HANDLE Event;
static volatile ULONG LastResult;

static void Add(volatile LONG *Counter)
{
    __atomic_add_fetch(Counter, 1, __ATOMIC_SEQ_CST);
}

/* Whether Counter comes to Value within two seconds. */
static BOOLEAN Reaches(volatile LONG *Counter, LONG Value)
{
    for (ULONG i = 0; i < 100 && *Counter < Value; i++)
        Sleep(20);
    return *Counter == Value;
}

static void NTAPI Simple(PTP_CALLBACK_INSTANCE Instance, PVOID Context)
{
    if (Context == (PVOID)0x42)
        Add(&Calls);
}

static void NTAPI Final(PTP_CALLBACK_INSTANCE Instance, PVOID Context)
{
    Add(&Other);
}

static void NTAPI Quick(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WORK Work)
{
    Add(&Calls);
}

static void NTAPI Slow(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WORK Work)
{
    Add(&Other);
    WaitFor(Event, 3000);
    Add(&Calls);
}

static void TestWork(void)
{
    TP_CALLBACK_ENVIRON Environment = {.Version = 2};
    PTP_WORK Work;

    Calls = Other = 0;
    ok_status(TpSimpleTryPost(NULL, NULL, NULL), STATUS_INVALID_PARAMETER, "no callback");
    ok_status(TpSimpleTryPost(Simple, NULL, &Environment), STATUS_INVALID_PARAMETER,
              "an environment of a version that does not exist");
    Environment.Version = 3;
    Environment.CallbackPriority = TP_CALLBACK_PRIORITY_COUNT;
    ok_status(TpSimpleTryPost(Simple, NULL, &Environment), STATUS_INVALID_PARAMETER,
              "a priority that does not exist");
    Environment.CallbackPriority = TP_CALLBACK_PRIORITY_HIGH;
    Environment.FinalizationCallback = Final;
    ok_status(TpSimpleTryPost(Simple, (PVOID)0x42, &Environment), STATUS_SUCCESS,
              "a simple callback");
    ok(Reaches(&Calls, 1) && Reaches(&Other, 1), "runs, and its finalisation");
    Calls = 0;
    ok_status(TpAllocWork(&Work, Quick, NULL, NULL), STATUS_SUCCESS, "work");
    for (ULONG i = 0; i < 500; i++)
        TpPostWork(Work);
    TpWaitForWork(Work, FALSE);
    ok(Calls == 500, "posted 500 times runs 500 times");
    Calls = 0;
    TpPostWork(Work);
    TpReleaseWork(Work);
    ok(Reaches(&Calls, 1), "what is pending runs after the release");
}

/* Callbacks that wait for something make further threads. */
static void TestWaitingWork(void)
{
    PTP_WORK Work;

    Calls = Other = 0;
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    TpAllocWork(&Work, Slow, NULL, NULL);
    for (ULONG i = 0; i < 5; i++)
        TpPostWork(Work);
    ok(Reaches(&Other, 5), "five callbacks wait at once");
    NtSetEvent(Event, NULL);
    TpWaitForWork(Work, FALSE);
    ok(Calls == 5, "and end");
    TpReleaseWork(Work);
    NtClose(Event);
}

/* Long after what is pending has been taken back. */
static NTSTATUS NTAPI SetLater(PVOID Argument)
{
    Sleep(500);
    return NtSetEvent(Argument, NULL);
}

static void TestPool(void)
{
    TP_CALLBACK_ENVIRON Environment = {.Version = 1};
    TP_POOL_STACK_INFORMATION Stack = {0x20000, 0x4000}, Answer = {0};
    PTP_WORK Work;
    HANDLE Setter;

    ok_status(TpAllocPool(&Environment.Pool, &Stack), STATUS_INVALID_PARAMETER, "reserved");
    ok_status(TpAllocPool(&Environment.Pool, NULL), STATUS_SUCCESS, "a pool of my own");
    TpSetPoolStackInformation(Environment.Pool, &Stack);
    TpQueryPoolStackInformation(Environment.Pool, &Answer);
    ok(Answer.StackReserve == 0x20000 && Answer.StackCommit == 0x4000, "its threads' stacks");
    TpSetPoolMaxThreads(Environment.Pool, 1);
    ok(TpSetPoolMinThreads(Environment.Pool, 1), "one thread");
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    Calls = Other = 0;
    TpAllocWork(&Work, Slow, NULL, &Environment);
    for (ULONG i = 0; i < 3; i++)
        TpPostWork(Work);
    ok(Reaches(&Other, 1), "a callback begins");
    Sleep(40);
    ok(Other == 1, "no other beside it");
    Setter = StartThread(SetLater, Event);
    TpWaitForWork(Work, TRUE);
    NtWaitForSingleObject(Setter, FALSE, NULL);
    NtClose(Setter);
    ok(Calls == 1, "what is pending can be taken back");
    TpReleaseWork(Work);
    TpReleasePool(Environment.Pool);
    NtClose(Event);
}

/* A pool whose threads would have more stack than there is memory. */
static void TestNoThread(void)
{
    TP_CALLBACK_ENVIRON Environment = {.Version = 1, .FinalizationCallback = Final};
    TP_POOL_STACK_INFORMATION Stack = {0, LARGEST_STACK};
    SYSTEM_BASIC_INFORMATION Basic;

    NtQuerySystemInformation(SystemBasicInformation, &Basic, sizeof(Basic), NULL);
    if (Basic.NumberOfPhysicalPages >= LARGEST_STACK / PAGE_SIZE)
        return;
    Calls = Other = 0;
    TpAllocPool(&Environment.Pool, NULL);
    TpSetPoolStackInformation(Environment.Pool, &Stack);
    ok(!NT_SUCCESS(TpSimpleTryPost(Simple, (PVOID)0x42, &Environment)),
       "a callback that no thread could run");
    Stack.StackCommit = 0x4000;
    TpSetPoolStackInformation(Environment.Pool, &Stack);
    ok_status(TpSimpleTryPost(Simple, (PVOID)0x42, &Environment), STATUS_SUCCESS,
              "one that a thread can run");
    ok(Reaches(&Calls, 1) && Reaches(&Other, 1), "runs, and the other one does not");
    TpReleasePool(Environment.Pool);
}

static void NTAPI Timed(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_TIMER Timer)
{
    Add(&Calls);
}

static void TestTimer(void)
{
    LARGE_INTEGER Due = {.QuadPart = MILLISECONDS(30)};
    PTP_TIMER Timer, Second;

    Calls = 0;
    ok_status(TpAllocTimer(&Timer, Timed, NULL, NULL), STATUS_SUCCESS, "a timer");
    TpAllocTimer(&Second, Timed, NULL, NULL);
    ok(!TpIsTimerSet(Timer), "is not set");
    TpSetTimer(Timer, &Due, 0, 0);
    ok(TpIsTimerSet(Timer), "it is set");
    ok(Reaches(&Calls, 1), "it expires");
    Sleep(60);
    ok(Calls == 1, "once");
    TpSetTimer(Timer, &Due, 20, 0);
    for (ULONG i = 0; i < 100 && Calls < 5; i++)
        Sleep(20);
    ok(Calls >= 5, "one with a period expires again");
    TpSetTimer(Timer, NULL, 0, 0);
    TpWaitForTimer(Timer, TRUE);
    Calls = 0;
    Sleep(60);
    ok(Calls == 0 && !TpIsTimerSet(Timer), "until it is set no more");
    Due.QuadPart = MILLISECONDS(5000);
    TpSetTimer(Timer, &Due, 0, 0);
    Due.QuadPart = MILLISECONDS(20);
    TpSetTimer(Second, &Due, 0, 0);
    ok(Reaches(&Calls, 1), "an earlier one does not wait for a later one");
    TpReleaseTimer(Timer);
    TpReleaseTimer(Second);
}

/* Sets the clock Hours on. */
static void SetClock(LONG Hours)
{
    LARGE_INTEGER Time;

    NtQuerySystemTime(&Time);
    Time.QuadPart += Hours * 3600 * 10000000LL;
    ok_status(NtSetSystemTime(&Time, NULL), STATUS_SUCCESS, "set the clock");
}

static void TestClock(void)
{
    LARGE_INTEGER Soon = {.QuadPart = MILLISECONDS(200)}, Later = {.QuadPart = MILLISECONDS(60000)},
                  Never = {.QuadPart = -0x7fffffffffffffff - 1}, Moment;
    PTP_TIMER Timer, Second, Third;
    BOOLEAN Was;

    Calls = 0;
    RtlAdjustPrivilege(SE_SYSTEMTIME_PRIVILEGE, TRUE, FALSE, &Was);
    TpAllocTimer(&Timer, Timed, NULL, NULL);
    TpAllocTimer(&Second, Timed, NULL, NULL);
    TpAllocTimer(&Third, Timed, NULL, NULL);
    TpSetTimer(Third, &Never, 0, 0);
    TpSetTimer(Timer, &Later, 0, 0);
    SetClock(1);
    TpSetTimer(Second, &Soon, 0, 0);
    ok(Reaches(&Calls, 1), "a timer after the clock has been set");
    Sleep(60);
    ok(Calls == 1, "does not take those with it that are not due yet");
    TpSetTimer(Second, &Soon, 0, 0);
    SetClock(-1);
    ok(Reaches(&Calls, 2), "nor does it wait when the clock is set back");
    NtQuerySystemTime(&Moment);
    Moment.QuadPart += 200 * 10000;
    TpSetTimer(Second, &Moment, 0, 0);
    ok(Calls == 2 && Reaches(&Calls, 3), "one for a moment of the clock");
    RtlAdjustPrivilege(SE_SYSTEMTIME_PRIVILEGE, Was, FALSE, &Was);
    TpReleaseTimer(Timer);
    TpReleaseTimer(Second);
    TpReleaseTimer(Third);
}

static void NTAPI Waited(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WAIT Wait,
                         TP_WAIT_RESULT Result)
{
    LastResult = Result;
    Add(&Calls);
}

static void TestWait(void)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(30)};
    PTP_WAIT Wait;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    Calls = 0;
    LastResult = 9;
    ok_status(TpAllocWait(&Wait, Waited, NULL, NULL), STATUS_SUCCESS, "a wait");
    TpSetWait(Wait, Event, NULL);
    Sleep(40);
    ok(Calls == 0, "for an event");
    NtSetEvent(Event, NULL);
    ok(Reaches(&Calls, 1) && LastResult == STATUS_WAIT_0, "that is set");
    NtSetEvent(Event, NULL);
    Sleep(40);
    ok(Calls == 1, "once");
    TpSetWait(Wait, Event, NULL);
    ok(Reaches(&Calls, 2), "an event that is set already");
    TpSetWait(Wait, Event, &Limit);
    ok(Reaches(&Calls, 3) && LastResult == STATUS_TIMEOUT, "a time limit");
    NtSetEvent(Event, NULL);
    ok_status(WaitFor(Event, 0), STATUS_SUCCESS, "after which it takes no signal");
    TpSetWait(Wait, Event, NULL);
    TpSetWait(Wait, NULL, NULL);
    NtSetEvent(Event, NULL);
    ok_status(WaitFor(Event, 0), STATUS_SUCCESS, "nor after it was given up");
    TpWaitForWait(Wait, FALSE);
    ok(Calls == 3, "no callback more");
    TpSetWait(Wait, Event, NULL);
    TpReleaseWait(Wait);
    NtSetEvent(Event, NULL);
    ok_status(WaitFor(Event, 0), STATUS_SUCCESS, "nor when it was released");
    NtClose(Event);
}

/* Each time the packet may be anywhere on its way to the manager, which comes later. */
static void TestGivingUp(void)
{
    KPRIORITY Priority = 16, Former = 8;
    BOOLEAN Sound = TRUE;
    PTP_WAIT Wait;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    TpAllocWait(&Wait, Waited, NULL, NULL);
    NtSetInformationThread(NtCurrentThread(), ThreadPriority, &Priority, sizeof(Priority));
    for (ULONG i = 0; i < 50 && Sound; i++) {
        TpSetWait(Wait, Event, NULL);
        Sleep(1);
        NtSetEvent(Event, NULL);
        for (ULONG Turns = i; Turns; Turns--)
            NtYieldExecution();
        TpSetWait(Wait, NULL, NULL);
        Sleep(1);
        Sound = RtlValidateHeap(RtlProcessHeap(), 0, Wait);
    }
    NtSetInformationThread(NtCurrentThread(), ThreadPriority, &Former, sizeof(Former));
    if (ok(Sound, "a wait that is given up while it ends stays"))
        TpReleaseWait(Wait);
    NtClose(Event);
}

static void NTAPI Transferred(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PVOID ApcContext,
                              PIO_STATUS_BLOCK Block, PTP_IO Io)
{
    if (ApcContext == (PVOID)0x33 && Block->Information == 4)
        Add(&Calls);
}

static void NTAPI Overlapped(ULONG Error, ULONG Bytes, PVOID Context)
{
    if (Error == 0 && Bytes == 4 && Context == (PVOID)0x33)
        Add(&Calls);
}

static HANDLE OpenNull(void)
{
    IO_STATUS_BLOCK Iosb;
    HANDLE File = NULL;

    NtOpenFile(&File, FILE_WRITE_DATA | SYNCHRONIZE, Named(u"\\Device\\Null", 0), &Iosb,
               FILE_SHARE_READ | FILE_SHARE_WRITE, 0);
    return File;
}

static void TestIo(void)
{
    HANDLE File = OpenNull(), Second = OpenNull();
    IO_STATUS_BLOCK Iosb;
    LARGE_INTEGER Offset = {0};
    UCHAR Buffer[4] = {0};
    PTP_IO Io;

    Calls = 0;
    ok_status(TpAllocIoCompletion(&Io, NULL, Transferred, NULL, NULL), STATUS_INVALID_HANDLE,
              "IO of no file");
    ok_status(TpAllocIoCompletion(&Io, File, Transferred, NULL, NULL), STATUS_SUCCESS,
              "IO of a file");
    TpStartAsyncIoOperation(Io);
    NtWriteFile(File, NULL, NULL, (PVOID)0x33, &Iosb, Buffer, 4, &Offset, NULL);
    ok(Reaches(&Calls, 1), "its end is told");
    TpStartAsyncIoOperation(Io);
    TpCancelAsyncIoOperation(Io);
    TpWaitForIoCompletion(Io, FALSE);
    TpReleaseIoCompletion(Io);
    ok_status(RtlSetIoCompletionCallback(Second, Overlapped, 0), STATUS_SUCCESS,
              "a file with a callback");
    NtWriteFile(Second, NULL, NULL, (PVOID)0x33, &Iosb, Buffer, 4, &Offset, NULL);
    ok(Reaches(&Calls, 2), "which is called");
    NtClose(File);
    NtClose(Second);
}

static void NTAPI Cancelled(PVOID ObjectContext, PVOID CleanupContext)
{
    if (CleanupContext == (PVOID)0x99)
        Add(&Other);
}

static void TestGroup(void)
{
    TP_CALLBACK_ENVIRON Environment = {.Version = 1, .CleanupGroupCancelCallback = Cancelled};
    LARGE_INTEGER Due = {.QuadPart = MILLISECONDS(20)};
    PTP_WORK Work;
    PTP_TIMER Timer;
    PTP_WAIT Wait;

    Calls = Other = 0;
    ok_status(TpAllocCleanupGroup(&Environment.CleanupGroup), STATUS_SUCCESS, "a cleanup group");
    TpAllocWork(&Work, Quick, NULL, &Environment);
    TpAllocTimer(&Timer, Timed, NULL, &Environment);
    TpAllocWait(&Wait, Waited, NULL, &Environment);
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    TpPostWork(Work);
    TpWaitForWork(Work, FALSE);
    TpSetTimer(Timer, &Due, 0, 0);
    TpSetWait(Wait, Event, NULL);
    TpReleaseCleanupGroupMembers(Environment.CleanupGroup, TRUE, (PVOID)0x99);
    ok(Other == 3, "each member is told");
    NtSetEvent(Event, NULL);
    Sleep(60);
    ok(Calls == 1, "none of them runs any more");
    TpReleaseCleanupGroup(Environment.CleanupGroup);
    NtClose(Event);
}

static HANDLE Semaphore;

static void NTAPI Ends(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WORK Work)
{
    TpCallbackSetEventOnCompletion(Instance, Event);
    TpCallbackReleaseSemaphoreOnCompletion(Instance, Semaphore, 2);
    if (TpCallbackMayRunLong(Instance) == STATUS_SUCCESS)
        Add(&Calls);
}

static void NTAPI Leaves(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WORK Work)
{
    TpDisassociateCallback(Instance);
    Add(&Other);
    WaitFor(Event, 3000);
    Add(&Calls);
}

static void TestInstances(void)
{
    PTP_WORK Work, Leaving;

    Calls = Other = 0;
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    NtCreateSemaphore(&Semaphore, SEMAPHORE_ALL_ACCESS, NULL, 0, 2);
    TpAllocWork(&Work, Ends, NULL, NULL);
    TpPostWork(Work);
    ok_status(WaitFor(Event, 2000), STATUS_SUCCESS, "an event is set at a callback's end");
    ok(WaitFor(Semaphore, 0) == STATUS_SUCCESS && WaitFor(Semaphore, 0) == STATUS_SUCCESS,
       "and a semaphore released twice");
    ok(Calls == 1, "it may run long");
    TpReleaseWork(Work);
    NtResetEvent(Event, NULL);
    TpAllocWork(&Leaving, Leaves, NULL, NULL);
    TpPostWork(Leaving);
    ok(Reaches(&Other, 1), "a callback that leaves its object");
    TpWaitForWork(Leaving, FALSE);
    ok(Calls == 1, "is not waited for");
    NtSetEvent(Event, NULL);
    ok(Reaches(&Calls, 2), "it ends none the less");
    TpReleaseWork(Leaving);
    NtClose(Semaphore);
    NtClose(Event);
}

static void NTAPI WorkItem(PVOID Context)
{
    Add(Context);
}

static void NTAPI WaitOrTimer(PVOID Context, BOOLEAN Fired)
{
    LastResult = Fired;
    Add(Context);
}

static void TestOlder(void)
{
    HANDLE Wait, Queue, Timer, Second, Mutant, End;

    Calls = Other = 0;
    ok_status(RtlQueueWorkItem(WorkItem, (PVOID)&Calls, 0), STATUS_SUCCESS, "a work item");
    ok(Reaches(&Calls, 1), "runs");
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, NULL, FALSE);
    ok_status(RtlRegisterWait(&Wait, NULL, WaitOrTimer, (PVOID)&Calls, MAXULONG, 0),
              STATUS_INVALID_HANDLE, "a wait for nothing");
    ok_status(RtlRegisterWait(&Wait, Mutant, WaitOrTimer, (PVOID)&Calls, MAXULONG, 0),
              STATUS_INVALID_PARAMETER_3, "a wait for a mutant");
    ok_status(RtlRegisterWait(&Wait, Event, WaitOrTimer, (PVOID)&Calls, MAXULONG, 0),
              STATUS_SUCCESS, "a wait for an event");
    NtSetEvent(Event, NULL);
    ok(Reaches(&Calls, 2) && LastResult == FALSE, "it is set");
    NtSetEvent(Event, NULL);
    ok(Reaches(&Calls, 3), "it waits again");
    ok_status(RtlDeregisterWaitEx(Wait, (HANDLE)MAXULONG_PTR), STATUS_SUCCESS, "until it ends");
    NtSetEvent(Event, NULL);
    ok_status(WaitFor(Event, 0), STATUS_SUCCESS, "then it takes no signal");
    RtlRegisterWait(&Wait, Event, WaitOrTimer, (PVOID)&Calls, 30, WT_EXECUTEONLYONCE);
    ok(Reaches(&Calls, 4) && LastResult == TRUE, "a time limit");
    ok_status(RtlDeregisterWait(Wait), STATUS_SUCCESS, "end it");
    ok_status(RtlCreateTimerQueue(&Queue), STATUS_SUCCESS, "a timer queue");
    ok_status(RtlCreateTimer(Queue, &Timer, WaitOrTimer, (PVOID)&Other, 20, 0, 0), STATUS_SUCCESS,
              "a timer");
    ok(Reaches(&Other, 1) && LastResult == TRUE, "expires");
    ok_status(RtlUpdateTimer(Queue, Timer, 20, 20), STATUS_SUCCESS, "with a period now");
    for (ULONG i = 0; i < 100 && Other < 4; i++)
        Sleep(20);
    ok(Other >= 4, "it expires again");
    RtlCreateTimer(Queue, &Second, WaitOrTimer, (PVOID)&Calls, 60000, 0, 0);
    RtlDeleteTimer(Queue, Timer, (HANDLE)MAXULONG_PTR);
    Other = 0;
    Sleep(60);
    ok(Other == 0, "until it is deleted");
    NtCreateEvent(&End, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    RtlDeleteTimerQueueEx(Queue, End);
    ok_status(WaitFor(End, 2000), STATUS_SUCCESS, "the queue ends with its timers");
    NtClose(End);
    NtClose(Mutant);
    NtClose(Event);
}

static void NTAPI SlowTimer(PVOID Context, BOOLEAN Fired)
{
    Add(&Other);
    WaitFor(Event, 3000);
    Sleep(100);
    Add(Context);
}

/* The timer whose callback runs is not the last of the queue. */
static void TestQueueEnd(void)
{
    HANDLE Queue, Timers[3], End;

    Calls = Other = 0;
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    NtCreateEvent(&End, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    RtlCreateTimerQueue(&Queue);
    for (ULONG i = 0; i < ARRAYSIZE(Timers); i++)
        RtlCreateTimer(Queue, &Timers[i], SlowTimer, (PVOID)&Calls, i < 2 ? 1 : 60000, 0, 0);
    ok(Reaches(&Other, 2), "two timers' callbacks");
    ok_status(RtlDeleteTimerQueueEx(Queue, End), STATUS_PENDING, "their queue ends");
    ok_status(WaitFor(End, 60), STATUS_TIMEOUT, "but they run on");
    NtSetEvent(Event, NULL);
    ok(WaitFor(End, 3000) == STATUS_SUCCESS && Calls == 2, "until both have ended");
    NtResetEvent(End, NULL);
    RtlCreateTimerQueue(&Queue);
    ok_status(RtlDeleteTimerQueueEx(Queue, End), STATUS_SUCCESS, "a queue without timers");
    ok_status(WaitFor(End, 0), STATUS_SUCCESS, "ends at once");
    NtClose(End);
    NtClose(Event);
}

void TestThreadPool(void)
{
    TestWork();
    TestWaitingWork();
    TestPool();
    TestTimer();
    TestClock();
    TestNoThread();
    TestWait();
    TestGivingUp();
    TestIo();
    TestGroup();
    TestInstances();
    TestOlder();
    TestQueueEnd();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Timer objects. */
#include "waiting.h"

static NTSTATUS Set(HANDLE Timer, LONG Milliseconds, LONG Period, PBOOLEAN Previous)
{
    LARGE_INTEGER Due = {.QuadPart = MILLISECONDS(Milliseconds)};

    return NtSetTimer(Timer, &Due, NULL, NULL, FALSE, Period, Previous);
}

static void TestArguments(void)
{
    LARGE_INTEGER Due = {.QuadPart = MILLISECONDS(10)};
    HANDLE Timer, Weak;

    ok_status(NtCreateTimer((PHANDLE)8, TIMER_ALL_ACCESS, NULL, (TIMER_TYPE)2),
              STATUS_INVALID_PARAMETER_4, "a timer of no type");
    ok_status(NtCreateTimer((PHANDLE)8, TIMER_ALL_ACCESS, NULL, NotificationTimer),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    NtCreateTimer(&Timer, TIMER_ALL_ACCESS, NULL, NotificationTimer);
    ok_status(NtSetTimer(Timer, NULL, NULL, NULL, FALSE, 0, NULL), STATUS_ACCESS_VIOLATION,
              "no due time");
    ok_status(NtSetTimer(NULL, &Due, NULL, NULL, FALSE, -1, NULL), STATUS_INVALID_PARAMETER_6,
              "a period below 0");
    ok_status(NtSetTimer(Timer, &Due, NULL, NULL, FALSE, -1, (PBOOLEAN)4), STATUS_ACCESS_VIOLATION,
              "the address of the previous state is looked at before the period");
    ok_status(NtSetTimer(NULL, &Due, NULL, NULL, FALSE, 0, NULL), STATUS_INVALID_HANDLE,
              "no timer");
    ok_status(NtSetTimer(Timer, &Due, NULL, NULL, TRUE, 0, NULL), STATUS_TIMER_RESUME_IGNORED,
              "a timer that is to wake the machine");
    Weak = Restricted(Timer, SYNCHRONIZE);
    ok_status(NtSetTimer(Weak, &Due, NULL, NULL, FALSE, 0, NULL), STATUS_ACCESS_DENIED,
              "setting needs TIMER_MODIFY_STATE");
    ok_status(NtCancelTimer(Weak, NULL), STATUS_ACCESS_DENIED, "so does cancelling");
    NtClose(Weak);
    ok_status(NtCancelTimer(Timer, (PBOOLEAN)4), STATUS_ACCESS_VIOLATION,
              "a bad address for the state");
    NtClose(Timer);
    ok_status(NtCancelTimer(Timer, NULL), STATUS_INVALID_HANDLE, "a closed handle");
}

static void TestResolution(void)
{
    ULONG Longest = 1, Shortest = 2, Now = 3, Actual = 4;

    ok_status(NtQueryTimerResolution(&Longest, &Shortest, &Now), STATUS_SUCCESS,
              "how long a tick is");
    ok(Longest == 156250 && Shortest == 156250 && Now == 156250, "15.625 ms, always");
    ok_status(NtQueryTimerResolution((PULONG)8, &Shortest, &Now), STATUS_ACCESS_VIOLATION,
              "a bad place for the longest");
    ok_status(NtQueryTimerResolution(&Longest, (PULONG)8, &Now), STATUS_ACCESS_VIOLATION,
              "for the shortest");
    ok_status(NtQueryTimerResolution(&Longest, &Shortest, (PULONG)8), STATUS_ACCESS_VIOLATION,
              "for the one that is set");
    ok_status(NtSetTimerResolution(10000, FALSE, &Actual), STATUS_TIMER_RESOLUTION_NOT_SET,
              "a wish that there is not is not taken back");
    ok(Actual == 156250, "the length is told all the same");
    ok_status(NtSetTimerResolution(10000, TRUE, (PULONG)8), STATUS_ACCESS_VIOLATION,
              "a bad place for the length");
    ok_status(NtSetTimerResolution(10000, FALSE, &Actual), STATUS_TIMER_RESOLUTION_NOT_SET,
              "wishes nothing");
    Actual = 4;
    ok_status(NtSetTimerResolution(10000, TRUE, &Actual), STATUS_SUCCESS, "wish for a shorter one");
    ok(Actual == 156250, "and get the one that there is");
    ok_status(NtSetTimerResolution(0, FALSE, &Actual), STATUS_SUCCESS, "take the wish back");
    ok_status(NtSetTimerResolution(0, FALSE, &Actual), STATUS_TIMER_RESOLUTION_NOT_SET,
              "once only");
}

static void TestNames(void)
{
    HANDLE Timer, Other;

    ok_status(NtCreateTimer(&Timer, TIMER_ALL_ACCESS, Named(u"\\BaseNamedObjects\\UmTimer", 0),
                            SynchronizationTimer),
              STATUS_SUCCESS, "one with a name");
    ok_status(NtCreateTimer(&Other, TIMER_ALL_ACCESS,
                            Named(u"\\BaseNamedObjects\\UmTimer", OBJ_OPENIF), NotificationTimer),
              STATUS_OBJECT_NAME_EXISTS, "make it or open it");
    NtClose(Other);
    ok_status(NtOpenTimer(&Other, TIMER_QUERY_STATE, Named(u"\\BaseNamedObjects\\UmTimer", 0)),
              STATUS_SUCCESS, "open it");
    ok_status(NtCancelTimer(Other, NULL), STATUS_ACCESS_DENIED,
              "cancelling needs TIMER_MODIFY_STATE");
    NtClose(Other);
    ok_status(NtOpenTimer(&Other, TIMER_ALL_ACCESS, Named(u"\\BaseNamedObjects\\UmNone", 0)),
              STATUS_OBJECT_NAME_NOT_FOUND, "one that is not there");
    ok_status(NtOpenTimer(&Other, TIMER_ALL_ACCESS, Named(u"\\BaseNamedObjects", 0)),
              STATUS_OBJECT_TYPE_MISMATCH, "a directory is no timer");
    ok_status(NtOpenTimer((PHANDLE)8, TIMER_ALL_ACCESS, Named(u"\\BaseNamedObjects\\UmTimer", 0)),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    NtClose(Timer);
    ok_status(NtOpenTimer(&Other, TIMER_ALL_ACCESS, Named(u"\\BaseNamedObjects\\UmTimer", 0)),
              STATUS_OBJECT_NAME_NOT_FOUND, "its name is gone with its last handle");
}

static void TestKinds(void)
{
    BOOLEAN State = 9;
    HANDLE Timer;

    NtCreateTimer(&Timer, TIMER_ALL_ACCESS, NULL, NotificationTimer);
    ok_status(WaitFor(Timer, 0), STATUS_TIMEOUT, "a timer is made without a signal");
    ok_status(Set(Timer, 0, 0, &State), STATUS_SUCCESS, "set it for now");
    ok(State == FALSE, "it was not signalled");
    ok_status(WaitFor(Timer, 0), STATUS_SUCCESS, "it is at once");
    ok_status(WaitFor(Timer, 0), STATUS_SUCCESS, "and stays so");
    ok_status(NtCancelTimer(Timer, &State), STATUS_SUCCESS, "cancel it");
    ok(State == TRUE, "a signal stays");
    ok_status(Set(Timer, 60000, 0, &State), STATUS_SUCCESS, "set it for later");
    ok(State == TRUE, "it was signalled");
    ok_status(WaitFor(Timer, 0), STATUS_TIMEOUT, "setting takes the signal");
    NtCancelTimer(Timer, &State);
    ok(State == FALSE, "there is no signal to be left");
    ok_status(Set(Timer, 20, 0, NULL), STATUS_SUCCESS, "set it for soon");
    ok_status(NtWaitForSingleObject(Timer, FALSE, NULL), STATUS_SUCCESS, "it expires");
    NtClose(Timer);
    NtCreateTimer(&Timer, TIMER_ALL_ACCESS, NULL, SynchronizationTimer);
    Set(Timer, 0, 0, NULL);
    ok_status(WaitFor(Timer, 0), STATUS_SUCCESS, "a synchronisation timer");
    ok_status(WaitFor(Timer, 0), STATUS_TIMEOUT, "releases one wait");
    Set(Timer, 20, 0, NULL);
    NtCancelTimer(Timer, NULL);
    ok_status(WaitFor(Timer, 60), STATUS_TIMEOUT, "one that is cancelled does not expire");
    NtClose(Timer);
}

static void TestTimes(void)
{
    TIMER_BASIC_INFORMATION Basic;
    LARGE_INTEGER Now, Due;
    HANDLE Timer;

    NtCreateTimer(&Timer, TIMER_ALL_ACCESS, NULL, NotificationTimer);
    ok_status(NtQueryTimer(Timer, TimerBasicInformation, &Basic, sizeof(Basic), NULL),
              STATUS_SUCCESS, "query");
    ok(Basic.RemainingTime.QuadPart < 0 && !Basic.TimerState, "nothing is due");
    Set(Timer, 5000, 0, NULL);
    NtQueryTimer(Timer, TimerBasicInformation, &Basic, sizeof(Basic), NULL);
    ok(Basic.RemainingTime.QuadPart > 0 && Basic.RemainingTime.QuadPart <= -MILLISECONDS(5000),
       "the time that is left");
    NtQuerySystemTime(&Now);
    Due.QuadPart = Now.QuadPart - 10000;
    ok_status(NtSetTimer(Timer, &Due, NULL, NULL, FALSE, 0, NULL), STATUS_SUCCESS,
              "a time that is over");
    ok_status(WaitFor(Timer, 0), STATUS_SUCCESS, "it has expired");
    Due.QuadPart = Now.QuadPart - MILLISECONDS(60);
    NtSetTimer(Timer, &Due, NULL, NULL, FALSE, 0, NULL);
    ok_status(NtWaitForSingleObject(Timer, FALSE, NULL), STATUS_SUCCESS, "an absolute time");
    NtQuerySystemTime(&Now);
    ok(Now.QuadPart >= Due.QuadPart, "has come then");
    ok_status(NtQueryTimer(Timer, TimerBasicInformation, &Basic, 4, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "a wrong length");
    ok_status(NtQueryTimer(Timer, (TIMER_INFORMATION_CLASS)1, &Basic, sizeof(Basic), NULL),
              STATUS_INVALID_INFO_CLASS, "a wrong class");
    NtClose(Timer);
}

static void TestPeriod(void)
{
    LARGE_INTEGER Before, After;
    HANDLE Timer;

    NtCreateTimer(&Timer, TIMER_ALL_ACCESS, NULL, SynchronizationTimer);
    NtQuerySystemTime(&Before);
    Set(Timer, 40, 40, NULL);
    for (ULONG i = 0; i < 5; i++)
        ok_status(WaitFor(Timer, 5000), STATUS_SUCCESS, "a timer with a period expires again");
    NtQuerySystemTime(&After);
    ok(After.QuadPart - Before.QuadPart >= -MILLISECONDS(200), "after a period each");
    NtCancelTimer(Timer, NULL);
    WaitFor(Timer, 0);
    ok_status(WaitFor(Timer, 100), STATUS_TIMEOUT, "until it is cancelled");
    Set(Timer, 0, 1, NULL);
    ok_status(WaitFor(Timer, 0), STATUS_SUCCESS, "one for now with a period");
    ok_status(WaitFor(Timer, 5000), STATUS_SUCCESS, "shorter than the clock's");
    NtClose(Timer); /* while it is set */
    Sleep(40);
}

static void TestMany(void)
{
    static HANDLE Timers[500];
    BOOLEAN Right = TRUE;

    for (ULONG i = 0; i < ARRAYSIZE(Timers); i++) {
        NtCreateTimer(&Timers[i], TIMER_ALL_ACCESS, NULL, NotificationTimer);
        Set(Timers[i], 20 + (LONG)(i * 7 % 100), 0, NULL);
    }
    for (ULONG i = 0; i < ARRAYSIZE(Timers); i++) {
        Right &= WaitFor(Timers[i], 5000) == STATUS_SUCCESS;
        NtClose(Timers[i]);
    }
    ok(Right, "five hundred timers expire");
}

static volatile ULONG Runs;
static volatile PVOID RunContext;
static volatile LONGLONG RunTime;

static void NTAPI NoteRun(PVOID Context, ULONG Low, LONG High)
{
    LARGE_INTEGER Time = {.LowPart = Low, .HighPart = High};

    Runs++;
    RunContext = Context;
    RunTime = Time.QuadPart;
}

static NTSTATUS SetWithRoutine(HANDLE Timer, LONG Milliseconds, LONG Period, PVOID Context)
{
    LARGE_INTEGER Due = {.QuadPart = MILLISECONDS(Milliseconds)};

    return NtSetTimer(Timer, &Due, NoteRun, Context, FALSE, Period, NULL);
}

static NTSTATUS SleepAlertably(LONG Milliseconds)
{
    LARGE_INTEGER Time = {.QuadPart = MILLISECONDS(Milliseconds)};

    return NtDelayExecution(TRUE, &Time);
}

static NTSTATUS NTAPI SetterThread(PVOID Timer)
{
    return SetWithRoutine(Timer, 30, 30, (PVOID)5);
}

static void TestRoutines(void)
{
    LARGE_INTEGER Now;
    HANDLE Timer;

    NtCreateTimer(&Timer, TIMER_ALL_ACCESS, NULL, SynchronizationTimer);
    Runs = 0;
    ok_status(SetWithRoutine(Timer, 30, 0, (PVOID)1), STATUS_SUCCESS, "a timer with a routine");
    ok_status(WaitFor(Timer, 5000), STATUS_SUCCESS, "it expires");
    ok(Runs == 0, "its routine waits for an alertable wait");
    ok_status(SleepAlertably(5000), STATUS_USER_APC, "which it ends");
    NtQuerySystemTime(&Now);
    ok(Runs == 1 && RunContext == (PVOID)1, "it has run, with its context");
    ok(RunTime <= Now.QuadPart && Now.QuadPart - RunTime < -MILLISECONDS(5000),
       "and the time of the expiration");
    ok_status(SetWithRoutine(Timer, 20, 0, (PVOID)2), STATUS_SUCCESS, "again");
    ok_status(SleepAlertably(5000), STATUS_USER_APC, "the routine ends a wait");
    ok(Runs == 2 && RunContext == (PVOID)2, "with its new context");
    SetWithRoutine(Timer, 10, 10, (PVOID)3);
    Sleep(150);
    ok_status(SleepAlertably(1), STATUS_USER_APC, "a timer with a period");
    ok(Runs == 3 || Runs == 4, "queues its routine once, however often it has expired");
    ok_status(NtCancelTimer(Timer, NULL), STATUS_SUCCESS, "cancel it");
    Runs = 0;
    SleepAlertably(50);
    ok(Runs == 0, "its routine does not come any more");
    SetWithRoutine(Timer, 10, 0, (PVOID)4);
    Sleep(60);
    NtCancelTimer(Timer, NULL);
    ok_status(NtTestAlert(), STATUS_SUCCESS, "nor one that was queued");
    ok(Runs == 0, "before it was cancelled");
    SetWithRoutine(Timer, 10, 0, (PVOID)4);
    Sleep(60);
    Set(Timer, 10, 0, NULL);
    NtTestAlert();
    ok(Runs == 0, "nor after it was set without one");
    SetWithRoutine(Timer, 0, 0, (PVOID)6);
    NtTestAlert();
    ok(Runs == 1 && RunContext == (PVOID)6, "one that is due at once is queued at once");
    NtClose(Timer);
}

static void TestRoutinesOfThreads(void)
{
    HANDLE Timer;

    NtCreateTimer(&Timer, TIMER_ALL_ACCESS, NULL, NotificationTimer);
    Runs = 0;
    ok_status(EndOfThread(StartThread(SetterThread, Timer)), STATUS_SUCCESS,
              "a thread sets a timer with a routine, and ends");
    ok_status(WaitFor(Timer, 150), STATUS_TIMEOUT, "the timer ends with it");
    ok(Runs == 0, "nobody else runs the routine");
    ok_status(SetWithRoutine(Timer, 20, 0, (PVOID)7), STATUS_SUCCESS, "it can be set again");
    ok_status(SleepAlertably(5000), STATUS_USER_APC, "and works");
    SetWithRoutine(Timer, 20, 0, (PVOID)8);
    NtClose(Timer);
    Runs = 0;
    SleepAlertably(100);
    ok(Runs == 0, "one that is closed does not");
}

void TestTimers(void)
{
    TestArguments();
    TestResolution();
    TestNames();
    TestKinds();
    TestTimes();
    TestPeriod();
    TestMany();
    TestRoutines();
    TestRoutinesOfThreads();
}

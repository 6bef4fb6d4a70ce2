/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: creation, start argument, waiting for each other, suspension, termination. */
#include "waiting.h"

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

void TestThreads(void)
{
    TestPingPong();
    TestSuspension();
    TestWaitingVictim();
    TestLeaks();
}

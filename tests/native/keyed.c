/* SPDX-License-Identifier: BSD-2-Clause */
/* Keyed events, and alerts by thread id. */
#include "waiting.h"

static HANDLE Event;
static volatile LONG Passed;

static NTSTATUS Wait(ULONG_PTR Key, LONG Milliseconds)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(Milliseconds)};

    return NtWaitForKeyedEvent(Event, (PVOID)Key, FALSE, &Limit);
}

static NTSTATUS Release(ULONG_PTR Key, LONG Milliseconds)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(Milliseconds)};

    return NtReleaseKeyedEvent(Event, (PVOID)Key, FALSE, &Limit);
}

/* Opening one by its name fails like that of any other object. */
static void TestOpening(void)
{
    HANDLE Handle;

    ok_status(NtOpenKeyedEvent(&Handle, KEYEDEVENT_WAIT, Named(u"\\BaseNamedObjects\\UmNone", 0)),
              STATUS_OBJECT_NAME_NOT_FOUND, "open one that is not there");
    ok_status(NtOpenKeyedEvent(&Handle, KEYEDEVENT_WAIT, Named(u"\\BaseNamedObjects", 0)),
              STATUS_OBJECT_TYPE_MISMATCH, "a directory is no keyed event");
    ok_status(
        NtOpenKeyedEvent((PHANDLE)8, KEYEDEVENT_WAIT, Named(u"\\BaseNamedObjects\\UmKeyed", 0)),
        STATUS_ACCESS_VIOLATION, "a bad address for the opened one's handle");
    ok_status(NtOpenKeyedEvent(&Handle, KEYEDEVENT_WAIT, NULL), STATUS_INVALID_PARAMETER,
              "without attributes");
}

static void TestArguments(void)
{
    HANDLE Weak;

    ok_status(NtCreateKeyedEvent((PHANDLE)8, KEYEDEVENT_ALL_ACCESS, NULL, 1),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    ok_status(NtCreateKeyedEvent(&Event, KEYEDEVENT_ALL_ACCESS, NULL, 1),
              STATUS_INVALID_PARAMETER_4, "flags");
    ok_status(NtCreateKeyedEvent(&Event, KEYEDEVENT_ALL_ACCESS,
                                 Named(u"\\BaseNamedObjects\\UmKeyed", 0), 0),
              STATUS_SUCCESS, "a keyed event");
    ok_status(NtOpenKeyedEvent(&Weak, KEYEDEVENT_WAIT, Named(u"\\BaseNamedObjects\\UmKeyed", 0)),
              STATUS_SUCCESS, "open it by name");
    TestOpening();
    ok_status(NtReleaseKeyedEvent(Weak, NULL, FALSE, NULL), STATUS_ACCESS_DENIED,
              "releasing needs KEYEDEVENT_WAKE");
    NtClose(Weak);
    Weak = Restricted(Event, KEYEDEVENT_WAKE);
    ok_status(NtWaitForKeyedEvent(Weak, NULL, FALSE, NULL), STATUS_ACCESS_DENIED,
              "waiting needs KEYEDEVENT_WAIT");
    NtClose(Weak);
    ok_status(Wait(9, 0), STATUS_INVALID_PARAMETER_1, "an odd key");
    ok_status(Release(9, 0), STATUS_INVALID_PARAMETER_1, "an odd key to release");
    ok_status(NtWaitForKeyedEvent(NtCurrentProcess(), (PVOID)8, FALSE, NULL),
              STATUS_OBJECT_TYPE_MISMATCH, "a process is no keyed event");
    ok_status(NtWaitForKeyedEvent(Event, (PVOID)8, FALSE, (PLARGE_INTEGER)1),
              STATUS_ACCESS_VIOLATION, "a bad address for the timeout");
    ok_status(WaitFor(Event, 0), STATUS_ACCESS_DENIED, "it cannot be waited for without a key");
    ok_status(Wait(8, 20), STATUS_TIMEOUT, "nobody releases");
    ok_status(Release(8, 20), STATUS_TIMEOUT, "nobody waits");
    ok_status(NtWaitForKeyedEvent(NULL, (PVOID)8, FALSE, &(LARGE_INTEGER){0}), STATUS_TIMEOUT,
              "the system's own event");
    NtClose(Event);
}

static NTSTATUS NTAPI WaitForKey(PVOID Key)
{
    NTSTATUS Status = Wait((ULONG_PTR)Key, 5000);

    __atomic_add_fetch(&Passed, 1, __ATOMIC_SEQ_CST);
    return Status;
}

static NTSTATUS NTAPI ReleaseKey(PVOID Key)
{
    return Release((ULONG_PTR)Key, 5000);
}

static void TestMeetings(void)
{
    HANDLE Threads[40];

    NtCreateKeyedEvent(&Event, KEYEDEVENT_ALL_ACCESS, NULL, 0);
    Threads[0] = StartThread(ReleaseKey, (PVOID)0x100);
    Sleep(30);
    ok_status(Wait(0x102, 0), STATUS_TIMEOUT, "another key");
    ok_status(Wait(0x100, 0), STATUS_SUCCESS, "the releaser came first");
    ok_status(EndOfThread(Threads[0]), STATUS_SUCCESS, "it goes on");
    Passed = 0;
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Threads[i] = StartThread(WaitForKey, (PVOID)(ULONG_PTR)(i % 4 * 2));
    Sleep(50);
    ok_status(Release(2, 0), STATUS_SUCCESS, "release one of those with a key");
    Sleep(20);
    ok(Passed == 1, "it is one");
    for (ULONG i = 0; i < 9; i++)
        ok_status(Release(2, 0), STATUS_SUCCESS, "release the others with this key");
    ok_status(Release(2, 0), STATUS_TIMEOUT, "there are no more");
    for (ULONG i = 0; i < 10; i++)
        for (ULONG Key = 0; Key < 8; Key += Key ? 2 : 4)
            ok_status(Release(Key, 0), STATUS_SUCCESS, "release those with other keys");
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        ok_status(EndOfThread(Threads[i]), STATUS_SUCCESS, "each has met one");
    NtClose(Event);
}

/* A thread that is ended while it waits must leave the tree. */
static void TestVictims(void)
{
    HANDLE Thread;

    NtCreateKeyedEvent(&Event, KEYEDEVENT_ALL_ACCESS, NULL, 0);
    Thread = StartThread(WaitForKey, (PVOID)16);
    Sleep(30);
    NtTerminateThread(Thread, 3);
    ok_status(EndOfThread(Thread), 3, "a thread is ended while it waits for a key");
    ok_status(Release(16, 0), STATUS_TIMEOUT, "it waits no more");
    NtClose(Event);
}

static NTSTATUS NTAPI WaitForAlert(PVOID Argument)
{
    return NtWaitForAlertByThreadId(Argument, NULL);
}

static void TestAlerts(void)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(20)};
    THREAD_BASIC_INFORMATION Basic;
    HANDLE Self = NtCurrentTeb()->ClientId.UniqueThread, Thread;

    ok_status(NtWaitForAlertByThreadId(NULL, &Limit), STATUS_TIMEOUT, "nobody alerts me");
    ok_status(NtAlertThreadByThreadId(Self), STATUS_SUCCESS, "alert myself");
    ok_status(NtAlertThreadByThreadId(Self), STATUS_SUCCESS, "twice");
    ok_status(NtWaitForAlertByThreadId(NULL, NULL), STATUS_ALERTED, "the alert was kept");
    ok_status(NtWaitForAlertByThreadId(NULL, &Limit), STATUS_TIMEOUT, "as one");
    ok_status(NtWaitForAlertByThreadId(NULL, (PLARGE_INTEGER)1), STATUS_ACCESS_VIOLATION,
              "a bad address for the timeout");
    ok_status(NtAlertThreadByThreadId(NULL), STATUS_INVALID_CID, "no thread");
    ok_status(NtAlertThreadByThreadId(NtCurrentTeb()->ClientId.UniqueProcess), STATUS_INVALID_CID,
              "a process");
    Thread = StartThread(WaitForAlert, &Limit);
    NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    Sleep(20);
    ok_status(NtAlertThreadByThreadId(Basic.ClientId.UniqueThread), STATUS_SUCCESS,
              "alert a thread that waits");
    ok_status(EndOfThread(Thread), STATUS_ALERTED, "it goes on");
    ok_status(NtAlertThreadByThreadId(Basic.ClientId.UniqueThread), STATUS_INVALID_CID,
              "a thread that has ended");
}

/* A thread of another process: that of a child. */
static void TestForeignAlert(void)
{
    THREAD_BASIC_INFORMATION Basic;
    HANDLE Process, Thread;

    if (!ok_status(StartSelf(u"umtests sleep", &Process, &Thread), STATUS_SUCCESS, "start a child"))
        return;
    NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    ok_status(NtAlertThreadByThreadId(Basic.ClientId.UniqueThread), STATUS_ACCESS_DENIED,
              "another process's threads are not alerted");
    NtTerminateProcess(Process, STATUS_SUCCESS);
    NtClose(Thread);
    NtClose(Process);
}

void TestKeyed(void)
{
    TestArguments();
    TestMeetings();
    TestVictims();
    TestAlerts();
    TestForeignAlert();
}

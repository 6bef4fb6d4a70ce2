/* SPDX-License-Identifier: BSD-2-Clause */
/* Events and waiting. */
#include "tap.h"

#define MILLISECONDS(n)                                                                            \
    {                                                                                              \
        .QuadPart = -10000LL * (n)                                                                 \
    }

static void TestStates(void)
{
    EVENT_BASIC_INFORMATION Basic;
    LARGE_INTEGER Zero = {.QuadPart = 0};
    HANDLE Event;
    LONG Previous = 7;

    ok_status(NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, (EVENT_TYPE)2, FALSE),
              STATUS_INVALID_PARAMETER, "an event of no type");
    ok_status(NtCreateEvent((PHANDLE)8, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    ok_status(NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, TRUE),
              STATUS_SUCCESS, "a synchronisation event, signalled");
    ok_status(NtSetEvent(Event, &Previous), STATUS_SUCCESS, "set it");
    ok(Previous == 1, "it was set");
    ok_status(NtSetEvent(Event, (PLONG)1), STATUS_ACCESS_VIOLATION,
              "a bad address for the previous state");
    ok_status(NtWaitForSingleObject(Event, FALSE, &Zero), STATUS_SUCCESS,
              "a wait takes the signal");
    ok_status(NtWaitForSingleObject(Event, FALSE, &Zero), STATUS_TIMEOUT, "there was but one");
    ok_status(NtQueryEvent(Event, EventBasicInformation, &Basic, sizeof(Basic), NULL),
              STATUS_SUCCESS, "query");
    ok(Basic.EventType == SynchronizationEvent && Basic.EventState == 0, "type and state");
    ok_status(NtQueryEvent(Event, EventBasicInformation, &Basic, 1, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "query with a wrong length");
    ok_status(NtQueryEvent(Event, (EVENT_INFORMATION_CLASS)9, &Basic, sizeof(Basic), NULL),
              STATUS_INVALID_INFO_CLASS, "query of a wrong class");
    NtClose(Event);
}

static void TestTimeouts(void)
{
    LARGE_INTEGER Before, After, Wait = MILLISECONDS(100);
    HANDLE Event;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    NtQuerySystemTime(&Before);
    ok_status(NtWaitForSingleObject(Event, FALSE, &Wait), STATUS_TIMEOUT, "wait with a timeout");
    NtQuerySystemTime(&After);
    ok(After.QuadPart - Before.QuadPart >= 1000000, "it takes no less than asked for");
    Wait.QuadPart = Before.QuadPart;
    ok_status(NtWaitForSingleObject(Event, FALSE, &Wait), STATUS_TIMEOUT,
              "an absolute time that is over");
    ok_status(NtWaitForSingleObject(Event, FALSE, (PLARGE_INTEGER)3), STATUS_ACCESS_VIOLATION,
              "a timeout at a bad address");
    ok_status(NtDelayExecution(FALSE, (PLARGE_INTEGER)3), STATUS_ACCESS_VIOLATION,
              "a delay at a bad address");
    Wait.QuadPart = -300000;
    ok_status(NtDelayExecution(FALSE, &Wait), STATUS_SUCCESS, "a delay");
    NtClose(Event);
}

static void TestMultiple(void)
{
    LARGE_INTEGER Zero = {.QuadPart = 0};
    HANDLE Events[65];

    for (ULONG i = 0; i < 3; i++)
        NtCreateEvent(&Events[i], EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    ok_status(NtWaitForMultipleObjects(3, Events, WaitAny, FALSE, &Zero), STATUS_TIMEOUT,
              "none of three");
    NtSetEvent(Events[2], NULL);
    NtSetEvent(Events[1], NULL);
    ok_status(NtWaitForMultipleObjects(3, Events, WaitAll, FALSE, &Zero), STATUS_TIMEOUT,
              "not all of three");
    ok_status(NtWaitForMultipleObjects(3, Events, WaitAny, FALSE, &Zero), STATUS_WAIT_1,
              "the first that is set");
    ok_status(NtWaitForMultipleObjects(3, Events, WaitAny, FALSE, &Zero), STATUS_WAIT_2,
              "then the other");
    for (ULONG i = 0; i < 3; i++)
        NtSetEvent(Events[i], NULL);
    ok_status(NtWaitForMultipleObjects(3, Events, WaitAll, FALSE, &Zero), STATUS_SUCCESS,
              "all of three");
    ok_status(NtWaitForSingleObject(Events[0], FALSE, &Zero), STATUS_TIMEOUT,
              "all of them were taken");
    ok_status(NtWaitForMultipleObjects(0, Events, WaitAny, FALSE, &Zero),
              STATUS_INVALID_PARAMETER_1, "none");
    ok_status(NtWaitForMultipleObjects(65, Events, WaitAny, FALSE, &Zero),
              STATUS_INVALID_PARAMETER_1, "too many");
    ok_status(NtWaitForMultipleObjects(3, (PHANDLE)16, WaitAny, FALSE, &Zero),
              STATUS_ACCESS_VIOLATION, "handles at a bad address");
    NtClose(Events[2]);
    ok_status(NtWaitForMultipleObjects(3, Events, WaitAny, FALSE, &Zero), STATUS_INVALID_HANDLE,
              "a closed handle");
    NtClose(Events[1]);
    NtClose(Events[0]);
}

void TestEvents(void)
{
    TestStates();
    TestTimeouts();
    TestMultiple();
}

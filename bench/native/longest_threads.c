/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The longest stretches of services that concern many threads at once. The threads are suspended
 * before they are released, so that what is measured is the system's work and not theirs.
 */
#include "longest.h"

#define MOST_THREADS 1500 /* more, and some find no memory to start with in 128 MB */
#define STACK_COMMIT                                                                               \
    (4 * NEPTUNE_PAGE_SIZE) /* all that they need, so that none fails for want of it */
#define OBJECTS 64
#define LEFT_PAGES 4096 /* of memory, to others */

static HANDLE Threads[MOST_THREADS], Events[OBJECTS];
static ULONG Made;
static LONGLONG Due; /* the time limit of all waits; 0: none */
static WAIT_TYPE WaitKind = WaitAny;
static UCHAR Buffer[0x100000];

static NTSTATUS NTAPI WaitForAllEvents(PVOID Argument)
{
    LARGE_INTEGER Limit = {.QuadPart = Due};

    return NtWaitForMultipleObjects(OBJECTS, Events, WaitKind, FALSE, Due ? &Limit : NULL);
}

static BOOLEAN IsMemoryLeft(void)
{
    SYSTEM_PERFORMANCE_INFORMATION System;

    return NT_SUCCESS(NtQuerySystemInformation(SystemPerformanceInformation, &System,
                                               sizeof(System), NULL)) &&
           System.AvailablePages > LEFT_PAGES &&
           System.CommitLimit > System.CommittedPages + LEFT_PAGES;
}

/* As many as there is memory for. */
static void StartThreads(PUSER_THREAD_START_ROUTINE Routine)
{
    for (Made = 0; Made < MOST_THREADS && IsMemoryLeft(); Made++)
        if (!NT_SUCCESS(NtCreateThreadEx(&Threads[Made], THREAD_ALL_ACCESS, NULL,
                                         NtCurrentProcess(), Routine, NULL, 0, 0, NEPTUNE_PAGE_SIZE,
                                         0x10000, NULL)))
            break;
}

static void Delay(LONGLONG Milliseconds)
{
    LARGE_INTEGER Time = {.QuadPart = -10000 * Milliseconds};

    NtDelayExecution(FALSE, &Time);
}

static BOOLEAN SuspendAll(void)
{
    ULONG i;

    for (i = 0; i < Made; i++)
        if (!NT_SUCCESS(NtSuspendThread(Threads[i], NULL)))
            return FALSE;
    return TRUE;
}

static BOOLEAN StartWaiters(void)
{
    ULONG i;

    for (i = 0; i < OBJECTS; i++)
        if (!Events[i] && !NT_SUCCESS(NtCreateEvent(&Events[i], EVENT_ALL_ACCESS, NULL,
                                                    NotificationEvent, FALSE)))
            return FALSE;
    NtResetEvent(Events[OBJECTS - 1], NULL);
    StartThreads(WaitForAllEvents);
    Delay(500);
    return Made >= 1000 && SuspendAll();
}

/* They are told on their way that they have ended: all must have been waiting no longer. */
static BOOLEAN EndAll(void)
{
    BOOLEAN Good = TRUE;
    ULONG i;

    for (i = 0; i < Made; i++) {
        Good = Good && NT_SUCCESS(NtTerminateThread(Threads[i], STATUS_SUCCESS));
        NtClose(Threads[i]);
        Pause();
    }
    return Good;
}

/* Whether all of them end now, for that their waits have to be over. */
static BOOLEAN AreReleased(void)
{
    LARGE_INTEGER Limit = {.QuadPart = -100000000};
    BOOLEAN Good = TRUE;
    ULONG i;

    for (i = 0; i < Made; i++)
        NtResumeThread(Threads[i], NULL);
    for (i = 0; i < Made; i++) {
        Good = NtWaitForSingleObject(Threads[i], FALSE, &Limit) == STATUS_SUCCESS && Good;
        NtClose(Threads[i]);
    }
    return Good;
}

/* ---- Releasing them ---- */

static BOOLEAN SetEvent(void)
{
    return NT_SUCCESS(NtSetEvent(Events[OBJECTS - 1], NULL));
}

static BOOLEAN StartWaitersForAll(void)
{
    WaitKind = WaitAll;
    return StartWaiters();
}

/* Of the 64 events that each thread waits for, all but the first are set one after the other. */
static BOOLEAN SetMostEvents(void)
{
    ULONG i;

    for (i = OBJECTS - 1; i > 0; i--) {
        if (!NT_SUCCESS(NtSetEvent(Events[i], NULL)))
            return FALSE;
        Pause();
    }
    return TRUE;
}

static BOOLEAN SetLastEvent(void)
{
    return NT_SUCCESS(NtSetEvent(Events[0], NULL));
}

static BOOLEAN StartTimedWaiters(void)
{
    LARGE_INTEGER Now;
    ULONG i;

    WaitKind = WaitAny;
    NtQuerySystemTime(&Now);
    Due = Now.QuadPart + 100000000;
    for (i = 0; i < OBJECTS; i++)
        NtClearEvent(Events[i]);
    return StartWaiters();
}

/* Until the time limit of all of them is over. */
static BOOLEAN LetExpire(void)
{
    LARGE_INTEGER Now, Until = {.QuadPart = Due + 10000000};

    NtQuerySystemTime(&Now);
    return Now.QuadPart < Due && NT_SUCCESS(NtDelayExecution(FALSE, &Until));
}

/* ---- Asking about them and ending them ---- */

static RTL_USER_PROCESS_INFORMATION Child;

static BOOLEAN RunHolder(void)
{
    if (!NT_SUCCESS(StartSelf(u"nbench hold-threads", &Child)))
        return FALSE;
    NtResumeThread(Child.ThreadHandle, NULL);
    Delay(3000);
    return TRUE;
}

static BOOLEAN ListProcesses(void)
{
    ULONG Needed = 0;
    NTSTATUS Status =
        NtQuerySystemInformation(SystemProcessInformation, Buffer, sizeof(Buffer), &Needed);

    return NT_SUCCESS(Status) && Needed > 1000 * sizeof(SYSTEM_THREAD_INFORMATION);
}

static BOOLEAN EndHolder(void)
{
    NTSTATUS Status = NtTerminateProcess(Child.ProcessHandle, STATUS_SUCCESS);

    NtWaitForSingleObject(Child.ProcessHandle, FALSE, NULL);
    NtClose(Child.ThreadHandle);
    NtClose(Child.ProcessHandle);
    return NT_SUCCESS(Status);
}

void HoldThreads(void)
{
    StartWaiters();
    NtWaitForSingleObject(NtCurrentThread(), FALSE, NULL);
}

static const LONG_SERVICE Services[] = {
    {NULL, StartWaiters},
    {"set-event", SetEvent},
    {NULL, AreReleased},
    {NULL, StartWaitersForAll},
    {"set-events", SetMostEvents},
    {"set-last-event", SetLastEvent},
    {NULL, AreReleased},
    {NULL, StartTimedWaiters},
    {"time-limits", LetExpire},
    {"end-waiters", EndAll},
    {NULL, RunHolder},
    {"list-processes", ListProcesses},
    {"end-process", EndHolder},
};

void MeasureLongestThreads(void)
{
    MeasureServices(Services, ARRAYSIZE(Services));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long a service keeps others waiting: one thread calls services with extreme arguments while
 * another of the same priority offers the processor over and over, and notes how long it was away
 * at most. tools/bench.py allows 200,000 instructions.
 */
#include "longest.h"
#define SEL4_IPC_BUFFER ((seL4_IPCBuffer *)((PUCHAR)NtCurrentTeb() + NEPTUNE_TEB_IPC_BUFFER))
#include <sel4/sel4.h>

#define MAXIMUM_SERVICES 32

static const LONG_SERVICE *Called;
static ULONG CalledCount;
static volatile BOOLEAN Busy; /* the other thread is in the service */
static BOOLEAN Done[MAXIMUM_SERVICES];
static HANDLE Go;

void Pause(void)
{
    seL4_Yield();
}

static NTSTATUS NTAPI CallServices(PVOID Argument)
{
    ULONG Index;

    for (Index = 0; Index < CalledCount; Index++) {
        NtWaitForSingleObject(Go, FALSE, NULL);
        Done[Index] = Called[Index].Call();
        Busy = FALSE;
    }
    return STATUS_SUCCESS;
}

static ULONGLONG Observe(void)
{
    ULONGLONG Longest = 0, Start = ReadTsc();

    Busy = TRUE;
    NtSetEvent(Go, NULL);
    for (;;) {
        ULONGLONG Now = ReadTsc();

        if (Now - Start > Longest)
            Longest = Now - Start;
        if (!Busy)
            return Longest;
        Start = ReadTsc();
        seL4_Yield();
    }
}

/* Printed when all is over, since services may have written on the screen. */
static void Report(const ULONGLONG *Longest)
{
    ULONG Index;

    for (Index = 0; Index < CalledCount; Index++) {
        const char *Name = Called[Index].Name;

        if (!Done[Index])
            Print("longest-%s: failed\n", Name ? Name : "preparation");
        else if (Name)
            Print("longest-%s %llu\n", Name, Longest[Index]);
    }
}

void MeasureServices(const LONG_SERVICE *Services, ULONG Count)
{
    ULONGLONG Longest[MAXIMUM_SERVICES];
    HANDLE Thread;
    ULONG Index;

    Called = Services;
    CalledCount = Count;
    NtCreateEvent(&Go, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    if (!NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                     CallServices, NULL, 0, 0, 0, 0, NULL)))
        return;
    for (Index = 0; Index < Count; Index++)
        Longest[Index] = Observe();
    Report(Longest);
    NtClose(Thread);
    NtClose(Go);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of objects that can be waited for share. */
#pragma once
#include "tap.h"

#define MILLISECONDS(n) (-10000LL * (n))
#define UNTOUCHED 0x55555555 /* the status of a block that nobody has written to */

/* The result of a wait of at most Milliseconds. */
static inline NTSTATUS WaitFor(HANDLE Handle, LONG Milliseconds)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(Milliseconds)};

    return NtWaitForSingleObject(Handle, FALSE, &Limit);
}

static inline void Sleep(LONG Milliseconds)
{
    LARGE_INTEGER Interval = {.QuadPart = MILLISECONDS(Milliseconds)};

    NtDelayExecution(FALSE, &Interval);
}

/* NULL: there is no such thread. */
static inline HANDLE StartThread(PUSER_THREAD_START_ROUTINE Routine, PVOID Argument)
{
    HANDLE Thread;

    return NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                       Routine, Argument, 0, 0, 0, 0, NULL))
               ? Thread
               : NULL;
}

/* The same with a small stack, for crowds. */
static inline NTSTATUS StartSmallThread(PHANDLE Thread, PUSER_THREAD_START_ROUTINE Routine,
                                        PVOID Argument)
{
    return NtCreateThreadEx(Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), Routine, Argument,
                            0, 0, 0, 0x10000, NULL);
}

/* Whether the thread is in a service that waits: at two looks, as one that has only given way goes
 * on in between. */
static inline BOOLEAN IsWaiting(HANDLE Thread)
{
    for (ULONG i = 0; i < 2; i++) {
        SYSTEM_THREAD_INFORMATION Information = {0};

        if (i)
            Sleep(1);
        NtQueryInformationThread(Thread, ThreadSystemThreadInformation, &Information,
                                 sizeof(Information), NULL);
        if (Information.ThreadState != Waiting)
            return FALSE;
    }
    return TRUE;
}

/* The same, within ten seconds. */
static inline BOOLEAN ComesToWait(HANDLE Thread)
{
    for (ULONG i = 0; i < 500; i++) {
        if (IsWaiting(Thread))
            return TRUE;
        Sleep(1);
    }
    return FALSE;
}

/* Waits until the status of a request that is pending is another, which a thread of the system
 * writes. */
static inline BOOLEAN IsOver(volatile IO_STATUS_BLOCK *Block)
{
    for (ULONG i = 0; i < 500; i++) {
        if (Block->Status != UNTOUCHED && Block->Status != STATUS_PENDING)
            return TRUE;
        Sleep(4);
    }
    return FALSE;
}

/* Waits for the end of a thread, closes its handle and returns its exit status;
 * STATUS_IO_TIMEOUT: it does not end within 20 seconds. */
static inline NTSTATUS EndOfThread(HANDLE Thread)
{
    THREAD_BASIC_INFORMATION Basic = {.ExitStatus = STATUS_IO_TIMEOUT};

    if (WaitFor(Thread, 20000) == STATUS_SUCCESS)
        NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    NtClose(Thread);
    return Basic.ExitStatus;
}

/* The attributes of an object with that name. Valid until the next call. */
static inline POBJECT_ATTRIBUTES Named(PCWSTR Text, ULONG Flags)
{
    static OBJECT_ATTRIBUTES Attributes;
    static UNICODE_STRING String;

    RtlInitUnicodeString(&String, Text);
    InitializeObjectAttributes(&Attributes, &String, Flags, NULL, NULL);
    return &Attributes;
}

/* A copy of the handle that grants Access only. */
static inline HANDLE Restricted(HANDLE Handle, ACCESS_MASK Access)
{
    HANDLE Copy = NULL;

    NtDuplicateObject(NtCurrentProcess(), Handle, NtCurrentProcess(), &Copy, Access, 0, 0);
    return Copy;
}

/* Ends a process that was made, if there is one, and closes the handles of it and its thread. */
static inline void EndNewProcess(PHANDLE Process, HANDLE Thread)
{
    if (!*Process)
        return;
    NtTerminateProcess(*Process, 0);
    NtWaitForSingleObject(*Process, FALSE, NULL);
    NtClose(Thread);
    NtClose(*Process);
    *Process = NULL;
}

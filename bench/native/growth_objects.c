/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an operation costs beside 10 objects and beside 10,000: "name-10 value" and "name-10000
 * value". tools/bench.py allows a factor of 2. For 10,000 threads it gives the machine 512 MB.
 */
#include "nbench.h"

#define FEW 10
#define MANY 10000

static HANDLE Handles[MANY];
static HANDLE Directory, Signal, Answer;
static ULONG Made;

static void Name(POBJECT_ATTRIBUTES Attributes, PUNICODE_STRING String, PWSTR Text, ULONG Number)
{
    ULONG i;

    for (i = 0; i < 8; i++, Number >>= 4)
        Text[i] = u"0123456789abcdef"[Number & 15];
    String->Buffer = Text;
    String->Length = String->MaximumLength = 8 * sizeof(WCHAR);
    InitializeObjectAttributes(Attributes, String, 0, Directory, NULL);
}

static NTSTATUS MakeNamed(PHANDLE Handle, ULONG Number)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;
    WCHAR Text[8];

    Name(&Attributes, &String, Text, Number);
    return NtCreateEvent(Handle, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE);
}

static BOOLEAN AddName(ULONG Index)
{
    if (!Index && !NT_SUCCESS(NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, NULL)))
        return FALSE;
    Made = Index + 1;
    return NT_SUCCESS(MakeNamed(&Handles[Index], Index));
}

static void CreateNamed(PVOID Argument)
{
    HANDLE Handle;

    MakeNamed(&Handle, MAXULONG);
    NtClose(Handle);
}

static void QueryLast(PVOID Argument)
{
    static UCHAR Buffer[256];
    ULONG Context = Made - 1;

    NtQueryDirectoryObject(Directory, Buffer, sizeof(Buffer), TRUE, FALSE, &Context, NULL);
}

static void RemoveHandles(void)
{
    while (Made)
        NtClose(Handles[--Made]);
    if (Directory)
        NtClose(Directory);
    Directory = NULL;
}

static BOOLEAN AddHandle(ULONG Index)
{
    Made = Index + 1;
    return NT_SUCCESS(
        NtCreateEvent(&Handles[Index], EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE));
}

static void CreateUnnamed(PVOID Argument)
{
    HANDLE Handle;

    NtCreateEvent(&Handle, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    NtClose(Handle);
}

static NTSTATUS OpenLibrary(PHANDLE File)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\ntdll.dll");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Block;

    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, FILE_GENERIC_READ, &Attributes, &Block, FILE_SHARE_READ,
                      FILE_SYNCHRONOUS_IO_NONALERT);
}

static BOOLEAN AddFile(ULONG Index)
{
    Made = Index + 1;
    return NT_SUCCESS(OpenLibrary(&Handles[Index]));
}

static void OpenFile(PVOID Argument)
{
    HANDLE File;

    OpenLibrary(&File);
    NtClose(File);
}

/* ---- Timers that are armed ---- */

static NTSTATUS Arm(HANDLE Timer, ULONG Hours)
{
    LARGE_INTEGER Due = {.QuadPart = -10000000LL * 3600 * (LONGLONG)Hours};

    return NtSetTimer(Timer, &Due, NULL, NULL, FALSE, 0, NULL);
}

static BOOLEAN AddTimer(ULONG Index)
{
    Made = Index + 1;
    return NT_SUCCESS(NtCreateTimer(&Handles[Index], TIMER_ALL_ACCESS, NULL, NotificationTimer)) &&
           NT_SUCCESS(Arm(Handles[Index], Index + 1));
}

/* The first one, to a time between those of the others. */
static void ArmAndCancel(PVOID Argument)
{
    Arm(Handles[0], Made / 2);
    NtCancelTimer(Handles[0], NULL);
}

/* ---- Threads that wait ---- */

static NTSTATUS NTAPI WaitLong(PVOID Argument)
{
    LARGE_INTEGER Hours = {.QuadPart = -10000000LL * 3600 * (1 + (LONG_PTR)Argument)};

    return NtDelayExecution(FALSE, &Hours);
}

static NTSTATUS NTAPI AnswerSignals(PVOID Argument)
{
    for (;;) {
        NtWaitForSingleObject(Signal, FALSE, NULL);
        NtSetEvent(Answer, NULL);
    }
}

static NTSTATUS StartThread(PUSER_THREAD_START_ROUTINE Routine, ULONG Index)
{
    return NtCreateThreadEx(&Handles[Index], THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), Routine,
                            (PVOID)(ULONG_PTR)Index, 0, 0, NEPTUNE_PAGE_SIZE, 0x10000, NULL);
}

/* All of them wait for one event. */
static BOOLEAN AddWaiter(ULONG Index)
{
    Made = Index + 1;
    if (!Index) {
        NtCreateEvent(&Signal, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
        NtCreateEvent(&Answer, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    }
    return NT_SUCCESS(StartThread(AnswerSignals, Index));
}

/* The first one waits for an event, the others for their time limits. */
static BOOLEAN AddTimedWaiter(ULONG Index)
{
    if (!Index)
        return AddWaiter(0);
    Made = Index + 1;
    return NT_SUCCESS(StartThread(WaitLong, Index));
}

/* A waiter is released, and waits again behind all others. */
static void ReleaseWaiter(PVOID Argument)
{
    NtSetEvent(Signal, NULL);
    NtWaitForSingleObject(Answer, FALSE, NULL);
}

/* A wait whose time limit lies between those of the others. */
static void TimedWait(PVOID Argument)
{
    LARGE_INTEGER Limit = {.QuadPart = -10000000LL * 3600 * (LONGLONG)(Made / 2)};

    NtSetEvent(Signal, NULL);
    NtWaitForSingleObject(Answer, FALSE, &Limit);
}

static void OpenThread(PVOID Argument)
{
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id = NtCurrentTeb()->ClientId;
    HANDLE Thread;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    NtOpenThread(&Thread, THREAD_QUERY_LIMITED_INFORMATION, &Attributes, &Id);
    NtClose(Thread);
}

static void RemoveWaiters(void)
{
    while (Made) {
        NtTerminateThread(Handles[--Made], STATUS_SUCCESS);
        NtClose(Handles[Made]);
    }
    NtClose(Signal);
    NtClose(Answer);
}

static NTSTATUS NTAPI EndAtOnce(PVOID Argument)
{
    return STATUS_SUCCESS;
}

static void RunThread(PVOID Argument)
{
    HANDLE Thread;

    if (!NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                     EndAtOnce, NULL, 0, 0, NEPTUNE_PAGE_SIZE, 0x10000, NULL)))
        return;
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtClose(Thread);
}

/* ---- The tables ---- */

#define OPERATIONS 3

typedef struct _NEIGHBOURS {
    BOOLEAN (*Add)(ULONG Index); /* makes object number Index; FALSE: it failed */
    void (*RemoveAll)(void);
    struct {
        const char *Name; /* NULL: none */
        void (*Run)(PVOID Argument);
    } Operations[OPERATIONS];
} NEIGHBOURS;

static const NEIGHBOURS Objects[] = {
    {AddName, RemoveHandles, {{"named-create", CreateNamed}, {"directory-query", QueryLast}}},
    {AddHandle, RemoveHandles, {{"handles", CreateUnnamed}}},
    {AddFile, RemoveHandles, {{"open-files", OpenFile}}},
    {AddTimer, RemoveHandles, {{"armed-timers", ArmAndCancel}}},
};

static const NEIGHBOURS Threads[] = {
    {AddWaiter, RemoveWaiters, {{"waiters", ReleaseWaiter}}},
    {AddTimedWaiter,
     RemoveWaiters,
     {{"timed-waits", TimedWait}, {"open-thread", OpenThread}, {"run-thread", RunThread}}},
};

/* Measured once all the threads are waiting, so that none of them runs meanwhile. */
static void MeasureSettled(const NEIGHBOURS *Neighbours)
{
    LARGE_INTEGER Second = {.QuadPart = -10000000};

    NtDelayExecution(FALSE, &Second);
    for (ULONG i = 0; i < OPERATIONS && Neighbours->Operations[i].Name; i++)
        Print("%s-%u %llu\n", Neighbours->Operations[i].Name, Made,
              Measure(Neighbours->Operations[i].Run, NULL));
}

static void MeasureBeside(const NEIGHBOURS *Neighbours)
{
    ULONG Index;

    for (Index = 0; Index < MANY; Index++) {
        if (Index == FEW)
            MeasureSettled(Neighbours);
        if (!Neighbours->Add(Index)) {
            Print("%s: no object %u\n", Neighbours->Operations[0].Name, Index);
            break;
        }
    }
    if (Index == MANY)
        MeasureSettled(Neighbours);
    Neighbours->RemoveAll();
}

void MeasureObjectGrowth(void)
{
    for (ULONG i = 0; i < ARRAYSIZE(Objects); i++)
        MeasureBeside(&Objects[i]);
}

void MeasureThreadGrowth(void)
{
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        MeasureBeside(&Threads[i]);
}

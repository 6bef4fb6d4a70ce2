/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an operation costs beside 10 objects and beside many: "name-10 value" and "name-10000 value"
 * (of threads, which take more memory, 1,000). tools/bench.py allows a factor of 2.
 */
#include "nbench.h"

#define FEW 10
#define MANY 10000
#define MANY_THREADS 1000

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

/* ---- Threads that wait with a time limit ---- */

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

static BOOLEAN AddWaiter(ULONG Index)
{
    Made = Index + 1;
    if (Index)
        return NT_SUCCESS(StartThread(WaitLong, Index));
    NtCreateEvent(&Signal, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    NtCreateEvent(&Answer, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    return NT_SUCCESS(StartThread(AnswerSignals, 0));
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

typedef struct _GROWTH_CASE {
    const char *Name;
    ULONG Many;
    BOOLEAN (*Add)(ULONG Index); /* makes object number Index; FALSE: it failed */
    void (*Operation)(PVOID Argument);
    void (*RemoveAll)(void);
} GROWTH_CASE;

static const GROWTH_CASE Cases[] = {
    {"named-create", MANY, AddName, CreateNamed, RemoveHandles},
    {"directory-query", MANY, AddName, QueryLast, RemoveHandles},
    {"handles", MANY, AddHandle, CreateUnnamed, RemoveHandles},
    {"open-files", MANY, AddFile, OpenFile, RemoveHandles},
    {"timed-waits", MANY_THREADS, AddWaiter, TimedWait, RemoveWaiters},
    {"open-thread", MANY_THREADS, AddWaiter, OpenThread, RemoveWaiters},
};

/* Measured once all the threads are waiting, so that none of them runs meanwhile. */
static ULONGLONG MeasureSettled(const GROWTH_CASE *Case)
{
    LARGE_INTEGER Second = {.QuadPart = -10000000};

    NtDelayExecution(FALSE, &Second);
    return Measure(Case->Operation, NULL);
}

static void RunCase(const GROWTH_CASE *Case)
{
    ULONG Index;

    for (Index = 0; Index < Case->Many; Index++) {
        if (Index == FEW)
            Print("%s-%u %llu\n", Case->Name, FEW, MeasureSettled(Case));
        if (!Case->Add(Index)) {
            Print("%s: no object %u\n", Case->Name, Index);
            break;
        }
    }
    if (Index == Case->Many)
        Print("%s-%u %llu\n", Case->Name, Index, MeasureSettled(Case));
    Case->RemoveAll();
}

void MeasureObjectGrowth(void)
{
    ULONG Case;

    for (Case = 0; Case < ARRAYSIZE(Cases); Case++)
        RunCase(&Cases[Case]);
}

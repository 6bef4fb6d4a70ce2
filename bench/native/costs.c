/* SPDX-License-Identifier: BSD-2-Clause */
/* What common operations on memory, objects and threads cost: each the mean of many, with all that
 * it takes to begin and end it. */
#include "nbench.h"

#define TIMES 64
#define BLOCK_SIZE 0x10000

typedef struct _SUBJECT {
    HANDLE Process; /* another one */
    PVOID Remote;   /* BLOCK_SIZE bytes there */
    PVOID Page, Block;
    HANDLE Event;
} SUBJECT, *PSUBJECT;

static __attribute__((noinline)) ULONGLONG Mean(void (*Operation)(PSUBJECT), PSUBJECT Subject)
{
    ULONGLONG Start;

    Operation(Subject);
    Start = ReadTsc();
    for (ULONG i = 0; i < TIMES; i++)
        Operation(Subject);
    return (ReadTsc() - Start) / TIMES;
}

static PVOID Commit(HANDLE Process, SIZE_T Size)
{
    PVOID Base = NULL;

    NtAllocateVirtualMemory(Process, &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    return Base;
}

static void AllocateTouchFree(PSUBJECT Subject)
{
    PVOID Base = Commit(NtCurrentProcess(), NEPTUNE_PAGE_SIZE);
    SIZE_T Size = 0;

    *(volatile UCHAR *)Base = 1;
    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}

static void MapSection(PSUBJECT Subject)
{
    LARGE_INTEGER Length = {.QuadPart = BLOCK_SIZE};
    PVOID Base = NULL;
    SIZE_T Size = 0;
    HANDLE Section;

    NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE, SEC_COMMIT, NULL);
    NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &Size, ViewUnmap, 0,
                       PAGE_READWRITE);
    NtUnmapViewOfSection(NtCurrentProcess(), Base);
    NtClose(Section);
}

/* Of a page that is in use, so that both mappings are made. */
static void ProtectAndBack(PSUBJECT Subject)
{
    PVOID Base = Subject->Page;
    SIZE_T Size = NEPTUNE_PAGE_SIZE;
    ULONG Old;

    NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Size, PAGE_READONLY, &Old);
    NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Size, PAGE_READWRITE, &Old);
}

static void ReadRemote(PSUBJECT Subject)
{
    NtReadVirtualMemory(Subject->Process, Subject->Remote, Subject->Block, BLOCK_SIZE, NULL);
}

static void CreateAndClose(PSUBJECT Subject)
{
    HANDLE Event;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    NtClose(Event);
}

static void DuplicateAndClose(PSUBJECT Subject)
{
    HANDLE Event;

    NtDuplicateObject(NtCurrentProcess(), Subject->Event, NtCurrentProcess(), &Event, 0, 0,
                      DUPLICATE_SAME_ACCESS);
    NtClose(Event);
}

static NTSTATUS NTAPI EndAtOnce(PVOID Argument)
{
    return STATUS_SUCCESS;
}

static void RunThread(PSUBJECT Subject)
{
    HANDLE Thread;

    if (!NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                     EndAtOnce, NULL, 0, 0, 0, 0, NULL))) {
        Print("thread-start-to-end: failed\n");
        return;
    }
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtClose(Thread);
}

/* Both sides of the copy are in use. */
static void Prepare(PSUBJECT Subject, HANDLE Process)
{
    Subject->Process = Process;
    Subject->Page = Commit(NtCurrentProcess(), NEPTUNE_PAGE_SIZE);
    Subject->Block = Commit(NtCurrentProcess(), BLOCK_SIZE);
    Subject->Remote = Commit(Process, BLOCK_SIZE);
    memset(Subject->Page, 1, NEPTUNE_PAGE_SIZE);
    memset(Subject->Block, 1, BLOCK_SIZE);
    NtWriteVirtualMemory(Process, Subject->Remote, Subject->Block, BLOCK_SIZE, NULL);
    NtCreateEvent(&Subject->Event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
}

static const struct {
    const char *Name;
    void (*Run)(PSUBJECT);
} Operations[] = {
    {"allocate-touch-free", AllocateTouchFree}, {"section-map-unmap-close", MapSection},
    {"protect-and-back", ProtectAndBack},       {"read-another-process-64k", ReadRemote},
    {"create-close-event", CreateAndClose},     {"duplicate-close-event", DuplicateAndClose},
    {"thread-start-to-end", RunThread},
};

void MeasureCosts(void)
{
    RTL_USER_PROCESS_INFORMATION Other;
    SUBJECT Subject;

    if (!NT_SUCCESS(StartSelf(u"nbench serve", &Other)))
        return;
    Prepare(&Subject, Other.ProcessHandle);
    for (ULONG i = 0; i < ARRAYSIZE(Operations); i++)
        Print("%s %llu\n", Operations[i].Name, Mean(Operations[i].Run, &Subject));
    NtTerminateProcess(Other.ProcessHandle, STATUS_SUCCESS);
    NtClose(Other.ThreadHandle);
    NtClose(Other.ProcessHandle);
}

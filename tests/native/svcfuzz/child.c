/* SPDX-License-Identifier: BSD-2-Clause */
/* A process that makes calls. They may end it, stop it or take its memory away: then the parent
 * starts another. */
#include "svcfuzz.h"

static PFUZZ_STATE State;
static volatile LONG Made; /* by this process */

static void End(NTSTATUS Status)
{
    for (;;)
        NtTerminateProcess(NtCurrentProcess(), Status);
}

static void MapState(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(FUZZ_STATE_NAME);
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Section;
    PVOID Base = NULL;
    SIZE_T Size = 0;

    InitializeObjectAttributes(&Attributes, &Name, 0, NULL, NULL);
    if (!NT_SUCCESS(NtOpenSection(&Section, SECTION_MAP_READ | SECTION_MAP_WRITE, &Attributes)) ||
        !NT_SUCCESS(NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &Size,
                                       ViewUnmap, 0, PAGE_READWRITE)))
        End(STATUS_UNSUCCESSFUL);
    NtClose(Section);
    State = Base;
}

static void OpenNamed(PCWSTR Path)
{
    UNICODE_STRING Name;
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    HANDLE Handle;

    RtlInitUnicodeString(&Name, Path);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    NtOpenFile(&Handle, FILE_GENERIC_READ, &Attributes, &Iosb, FILE_SHARE_READ, 0);
    NtOpenDirectoryObject(&Handle, DIRECTORY_ALL_ACCESS, &Attributes);
}

#define FUZZ_PIPE u"\\??\\PIPE\\fuzz"

/* Both ends of a pipe and of a mailslot, if the name is not another child's just now. */
static void MakeStreams(void)
{
    UNICODE_STRING Pipe = RTL_CONSTANT_STRING(FUZZ_PIPE),
                   Slot = RTL_CONSTANT_STRING(u"\\??\\MAILSLOT\\fuzz");
    LARGE_INTEGER Limit = {.QuadPart = -20000};
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    HANDLE Handle;

    InitializeObjectAttributes(&Attributes, &Pipe, OBJ_CASE_INSENSITIVE, NULL, NULL);
    NtCreateNamedPipeFile(&Handle, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &Attributes, &Iosb,
                          FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN_IF, 0, 1, 1, 0, MAXULONG,
                          512, 512, &Limit);
    NtOpenFile(&Handle, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &Attributes, &Iosb, 0, 0);
    InitializeObjectAttributes(&Attributes, &Slot, OBJ_CASE_INSENSITIVE, NULL, NULL);
    NtCreateMailslotFile(&Handle, GENERIC_READ | SYNCHRONIZE, &Attributes, &Iosb, 0, 0, 0, &Limit);
    NtOpenFile(&Handle, GENERIC_WRITE | SYNCHRONIZE, &Attributes, &Iosb, 0, 0);
    OpenNamed(u"\\Device\\NamedPipe\\");
}

/* Objects of all kinds, so that the first handles mean something. */
static void MakeObjects(void)
{
    CLIENT_ID Self = NtCurrentTeb()->ClientId;
    LARGE_INTEGER Size = {.QuadPart = 0x20000};
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Handle;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    NtCreateEvent(&Handle, EVENT_ALL_ACCESS, NULL, NotificationEvent, TRUE);
    NtCreateEvent(&Handle, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    NtCreateSemaphore(&Handle, SEMAPHORE_ALL_ACCESS, NULL, 1, 5);
    NtCreateMutant(&Handle, MUTANT_ALL_ACCESS, NULL, FALSE);
    NtCreateTimer(&Handle, TIMER_ALL_ACCESS, NULL, NotificationTimer);
    NtCreateKeyedEvent(&Handle, KEYEDEVENT_ALL_ACCESS, NULL, 0);
    NtCreateIoCompletion(&Handle, IO_COMPLETION_ALL_ACCESS, NULL, 1);
    NtCreateJobObject(&Handle, JOB_OBJECT_ALL_ACCESS, NULL);
    NtCreateSection(&Handle, SECTION_ALL_ACCESS, NULL, &Size, PAGE_READWRITE, SEC_COMMIT, NULL);
    NtCreateDirectoryObject(&Handle, DIRECTORY_ALL_ACCESS, &Attributes);
    NtOpenProcess(&Handle, PROCESS_ALL_ACCESS, &Attributes, &Self);
    NtOpenThread(&Handle, THREAD_ALL_ACCESS, &Attributes, &Self);
    OpenNamed(FUZZ_DIRECTORY);
    OpenNamed(u"\\SystemRoot");
    OpenNamed(u"\\SystemRoot\\readme.txt");
    OpenNamed(u"\\SystemRoot\\tests\\nothing.exe");
    OpenNamed(u"\\Device\\Null");
    OpenNamed(u"\\Device\\KeyboardClass0");
    MakeStreams();
}

static NTSTATUS NTAPI MakeCalls(PVOID Unused)
{
    ULONG_PTR Arguments[FUZZ_ARGUMENTS];
    PVOID Scratch = NULL;
    SIZE_T Size = FUZZ_SCRATCH_SIZE + PAGE_SIZE, Committed = FUZZ_SCRATCH_SIZE;
    LONG Index;

    if (!NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &Scratch, 0, &Size, MEM_RESERVE,
                                            PAGE_READWRITE)) ||
        !NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &Scratch, 0, &Committed, MEM_COMMIT,
                                            PAGE_READWRITE)))
        End(STATUS_NO_MEMORY);
    while ((Index = __atomic_fetch_add(&State->Next, 1, __ATOMIC_SEQ_CST)) < State->End) {
        ULONG Service = ChooseCall(State->Seed, (ULONG)Index, Scratch, Arguments);

        RawService(Service, Arguments);
        __atomic_fetch_add(&State->Made, 1, __ATOMIC_SEQ_CST);
        if (__atomic_add_fetch(&Made, 1, __ATOMIC_SEQ_CST) == FUZZ_LIFE)
            break;
    }
    End(STATUS_SUCCESS);
    return STATUS_SUCCESS;
}

void FuzzChild(void)
{
    HANDLE Thread;

    MapState();
    MakeObjects();
    for (ULONG i = 1; i < FUZZ_THREADS; i++)
        NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), MakeCalls, NULL, 0,
                         0, 0x4000, 0x10000, NULL);
    MakeCalls(NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * viewhog.exe: takes all memory that can be committed, and has a few helpers map large views for
 * which they have the tables already. These take capability slots and hardly any pool. Bystanders,
 * which have done nothing yet, then make a few objects: what they were promised must be there.
 */
#include <nt/nt.h>
#include "../../base/program/program.h"
#include "print.h"

#define HELPERS 8
#define BYSTANDERS 12
#define VIEWS 60
#define EVENTS 200
#define TABLE ((SIZE_T)2 << 20) /* of addresses, which need no more tables */
#define GRANULE ((SIZE_T)1 << 16)
#define FIRST_ADDRESS ((ULONG_PTR)0x10000000)

static HANDLE Started, Full, Views, Over, Refused; /* semaphores */

static HANDLE MakeSemaphore(PCWSTR Name)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;
    HANDLE Semaphore = NULL;

    RtlInitUnicodeString(&String, Name);
    InitializeObjectAttributes(&Attributes, &String, OBJ_OPENIF, NULL, NULL);
    NtCreateSemaphore(&Semaphore, SEMAPHORE_ALL_ACCESS, &Attributes, 0, 1000);
    return Semaphore;
}

static NTSTATUS Commit(PVOID Base, SIZE_T Size)
{
    return NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                                   PAGE_READWRITE);
}

static PVOID TableAt(ULONG Index)
{
    return (PVOID)(FIRST_ADDRESS + Index * TABLE);
}

static NTSTATUS Map(HANDLE Section, ULONG Index)
{
    PVOID Base = (PUCHAR)TableAt(Index) + GRANULE;
    SIZE_T Size = 0;

    return NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &Size, ViewUnmap, 0,
                              PAGE_READWRITE);
}

/* Until main ends it. */
static NTSTATUS Stay(void)
{
    LARGE_INTEGER Forever = {.QuadPart = -0x7fffffffffffffff};

    NtReleaseSemaphore(Over, 1, NULL);
    return NtDelayExecution(FALSE, &Forever);
}

static void WaitUntil(HANDLE Semaphore)
{
    NtReleaseSemaphore(Started, 1, NULL);
    NtWaitForSingleObject(Semaphore, FALSE, NULL);
}

static NTSTATUS Helper(void)
{
    LARGE_INTEGER Length = {.QuadPart = TABLE - GRANULE};
    HANDLE Section;
    ULONG i;

    NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE, SEC_RESERVE, NULL);
    for (i = 0; i < VIEWS; i++)
        Commit(TableAt(i), PAGE_SIZE);
    WaitUntil(Full);
    for (i = 0; i < VIEWS && NT_SUCCESS(Map(Section, i)); i++)
        continue;
    return Stay();
}

static NTSTATUS Bystander(void)
{
    ULONG Made = 0;
    HANDLE Event;

    WaitUntil(Views);
    while (Made < EVENTS &&
           NT_SUCCESS(NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE)))
        Made++;
    if (Made < EVENTS)
        NtReleaseSemaphore(Refused, 1, NULL);
    return Stay();
}

static void Start(PCWSTR CommandLine, PHANDLE Process)
{
    RTL_USER_PROCESS_INFORMATION Information;

    *Process = NULL;
    if (!NT_SUCCESS(CreateProgram(u"\\SystemRoot\\tests\\viewhog.exe", CommandLine, &Information)))
        return;
    *Process = Information.ProcessHandle;
    NtResumeThread(Information.ThreadHandle, NULL);
    NtWaitForSingleObject(Started, FALSE, NULL);
}

/* They go on, all of them, and have done what they can. */
static void LetGo(HANDLE Semaphore, ULONG Count)
{
    NtReleaseSemaphore(Semaphore, (LONG)Count, NULL);
    while (Count--)
        NtWaitForSingleObject(Over, FALSE, NULL);
}

static NTSTATUS Run(void)
{
    HANDLE Processes[HELPERS + BYSTANDERS];
    LARGE_INTEGER Now = {.QuadPart = 0};
    ULONG i, Failures = 0;

    for (i = 0; i < HELPERS + BYSTANDERS; i++)
        Start(i < HELPERS ? u"viewhog helper" : u"viewhog bystander", &Processes[i]);
    while (NT_SUCCESS(Commit(NULL, 16 * GRANULE)) || NT_SUCCESS(Commit(NULL, GRANULE)))
        continue;
    LetGo(Full, HELPERS);
    LetGo(Views, BYSTANDERS);
    while (NtWaitForSingleObject(Refused, FALSE, &Now) == STATUS_SUCCESS)
        Failures++;
    for (i = 0; i < HELPERS + BYSTANDERS; i++)
        NtTerminateProcess(Processes[i], STATUS_SUCCESS);
    Print("viewhog: %u of %u bystanders were refused\n", Failures, BYSTANDERS);
    return Failures ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

static BOOLEAN EndsWith(PUNICODE_STRING Line, PCWSTR Word)
{
    ULONG Length = (ULONG)wcslen(Word), Whole = Line->Length / sizeof(WCHAR);

    return Length <= Whole && !memcmp(&Line->Buffer[Whole - Length], Word, Length * sizeof(WCHAR));
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    PUNICODE_STRING Line = &Peb->ProcessParameters->CommandLine;

    Started = MakeSemaphore(u"\\BaseNamedObjects\\ViewHogStarted");
    Full = MakeSemaphore(u"\\BaseNamedObjects\\ViewHogFull");
    Views = MakeSemaphore(u"\\BaseNamedObjects\\ViewHogViews");
    Over = MakeSemaphore(u"\\BaseNamedObjects\\ViewHogOver");
    Refused = MakeSemaphore(u"\\BaseNamedObjects\\ViewHogRefused");
    if (EndsWith(Line, u" helper"))
        return Helper();
    if (EndsWith(Line, u" bystander"))
        return Bystander();
    return Run();
}

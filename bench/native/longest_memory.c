/* SPDX-License-Identifier: BSD-2-Clause */
/* The longest stretches of services that are about memory, and of the end of a process that holds
 * much of it. */
#include "longest.h"

#define LARGE ((SIZE_T)24 << 20)
#define HUGE_SECTION ((LONGLONG)1 << 30)

static PUCHAR Memory; /* LARGE bytes */
static RTL_USER_PROCESS_INFORMATION Child;

static BOOLEAN Reserve(void)
{
    SIZE_T Size = LARGE;

    Memory = NULL;
    return NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Memory, 0, &Size,
                                              MEM_RESERVE, PAGE_READWRITE));
}

static BOOLEAN Commit(void)
{
    SIZE_T Size = LARGE;

    return NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Memory, 0, &Size,
                                              MEM_COMMIT, PAGE_READWRITE));
}

/* Reading a few bytes into a buffer that is far too large. */
BOOLEAN ReadInto(PVOID Buffer, SIZE_T Length)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\nbench.exe");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Block;
    LARGE_INTEGER Offset = {.QuadPart = 0};
    NTSTATUS Status;
    HANDLE File;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!NT_SUCCESS(NtOpenFile(&File, FILE_GENERIC_READ, &Attributes, &Block, FILE_SHARE_READ,
                               FILE_SYNCHRONOUS_IO_NONALERT)))
        return FALSE;
    Status = NtReadFile(File, NULL, NULL, NULL, &Block, Buffer, (ULONG)Length, &Offset, NULL);
    NtClose(File);
    return NT_SUCCESS(Status);
}

static BOOLEAN ReadFile(void)
{
    return ReadInto(Memory, LARGE);
}

static BOOLEAN WriteMemory(void)
{
    SIZE_T Written;

    return NT_SUCCESS(
        NtWriteVirtualMemory(NtCurrentProcess(), Memory + LARGE / 2, Memory, LARGE / 2, &Written));
}

static BOOLEAN Protect(void)
{
    PVOID Base = Memory;
    SIZE_T Size = LARGE;
    ULONG Old;

    return NT_SUCCESS(
        NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Size, PAGE_READONLY, &Old));
}

static BOOLEAN Query(void)
{
    MEMORY_BASIC_INFORMATION Information;

    return NT_SUCCESS(NtQueryVirtualMemory(NtCurrentProcess(), Memory, MemoryBasicInformation,
                                           &Information, sizeof(Information), NULL));
}

/* All but the first page, so that each page must remember it. */
static BOOLEAN Decommit(void)
{
    PVOID Base = Memory + NEPTUNE_PAGE_SIZE;
    SIZE_T Size = LARGE - NEPTUNE_PAGE_SIZE;

    return NT_SUCCESS(NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_DECOMMIT));
}

BOOLEAN FreeRange(PVOID Base)
{
    SIZE_T Size = 0;

    return NT_SUCCESS(NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE));
}

static BOOLEAN FreeAll(void)
{
    return FreeRange(Memory);
}

/* A step of a case, and a pause behind it. */
static BOOLEAN Step(BOOLEAN Done)
{
    Pause();
    return Done;
}

static BOOLEAN FreeTouched(void)
{
    return Step(Reserve()) && Step(Commit()) && Step(ReadFile()) && FreeAll();
}

static BOOLEAN MapAndTouch(HANDLE Section)
{
    SIZE_T ViewSize = 0;

    Memory = NULL;
    return Step(NT_SUCCESS(NtMapViewOfSection(Section, NtCurrentProcess(), (PVOID *)&Memory, 0, 0,
                                              NULL, &ViewSize, ViewUnmap, 0, PAGE_READWRITE))) &&
           Step(ReadFile()) && Step(NT_SUCCESS(NtUnmapViewOfSection(NtCurrentProcess(), Memory)));
}

/* A view of a section, its pages touched by a probe, and the end of both. */
static BOOLEAN Section(void)
{
    LARGE_INTEGER Size = {.QuadPart = LARGE};
    HANDLE Handle;
    BOOLEAN Mapped;

    if (!Step(NT_SUCCESS(NtCreateSection(&Handle, SECTION_ALL_ACCESS, NULL, &Size, PAGE_READWRITE,
                                         SEC_COMMIT, NULL))))
        return FALSE;
    Mapped = MapAndTouch(Handle);
    return NT_SUCCESS(NtClose(Handle)) && Mapped;
}

/* As much as the system promises; its pages are never touched. */
static BOOLEAN LargestSection(void)
{
    SYSTEM_PERFORMANCE_INFORMATION System;
    LARGE_INTEGER Size;
    HANDLE Handle;

    if (!NT_SUCCESS(
            NtQuerySystemInformation(SystemPerformanceInformation, &System, sizeof(System), NULL)))
        return FALSE;
    Size.QuadPart = (LONGLONG)(System.CommitLimit - System.CommittedPages) * 7 / 8 << 12;
    if (!Step(NT_SUCCESS(NtCreateSection(&Handle, SECTION_ALL_ACCESS, NULL, &Size, PAGE_READWRITE,
                                         SEC_COMMIT, NULL))))
        return FALSE;
    return NT_SUCCESS(NtClose(Handle));
}

static BOOLEAN ReservedSection(void)
{
    LARGE_INTEGER Size = {.QuadPart = HUGE_SECTION};
    HANDLE Handle;

    return Step(NT_SUCCESS(NtCreateSection(&Handle, SECTION_ALL_ACCESS, NULL, &Size, PAGE_READWRITE,
                                           SEC_RESERVE, NULL))) &&
           NT_SUCCESS(NtClose(Handle));
}

/* A process that will hold much memory. */
static BOOLEAN Create(void)
{
    return NT_SUCCESS(StartSelf(u"nbench hold", &Child));
}

/* It starts, fills its memory, and waits. */
static BOOLEAN Run(void)
{
    LARGE_INTEGER Wait = {.QuadPart = -5000000};

    return NT_SUCCESS(NtResumeThread(Child.ThreadHandle, NULL)) &&
           NtWaitForSingleObject(Child.ThreadHandle, FALSE, &Wait) == STATUS_TIMEOUT;
}

static BOOLEAN Terminate(void)
{
    NTSTATUS Status = NtTerminateProcess(Child.ProcessHandle, STATUS_SUCCESS);

    NtWaitForSingleObject(Child.ProcessHandle, FALSE, NULL);
    NtClose(Child.ThreadHandle);
    NtClose(Child.ProcessHandle);
    return NT_SUCCESS(Status);
}

void HoldMemory(void)
{
    Reserve();
    Commit();
    ReadFile();
    NtWaitForSingleObject(NtCurrentThread(), FALSE, NULL);
}

/* The order matters: each uses what those before have left. */
static const LONG_SERVICE Services[] = {
    {"reserve", Reserve},
    {"commit", Commit},
    {"read-file", ReadFile},
    {"write-memory", WriteMemory},
    {"query", Query},
    {"protect", Protect},
    {"decommit", Decommit},
    {"free", FreeAll},
    {"touch-free", FreeTouched},
    {"section", Section},
    {"largest-section", LargestSection},
    {"reserved-section", ReservedSection},
    {"create-process", Create},
    {NULL, Run},
    {"terminate", Terminate},
};

void MeasureLongestMemory(void)
{
    MeasureServices(Services, ARRAYSIZE(Services));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A process for code of ntdll under test: environment blocks, a heap, locks. Include it once, after
 * test.h. */
#pragma once

#include "rtlp.h"

void *malloc(__SIZE_TYPE__ size);
void *calloc(__SIZE_TYPE__ count, __SIZE_TYPE__ size);
void *realloc(void *memory, __SIZE_TYPE__ size);
void free(void *memory);

static TEB TestTeb;
static PEB TestPeb;
static RTL_USER_PROCESS_PARAMETERS TestParameters;
KUSER_SHARED_DATA TestSharedUserData;

/* What is allocated, and whether the next allocation fails. */
static LONG HeapBlocks;
static BOOLEAN OutOfMemory;
static LONG LockDepth;

PTEB NtCurrentTeb(void)
{
    TestTeb.ProcessEnvironmentBlock = &TestPeb;
    TestPeb.ProcessParameters = &TestParameters;
    return &TestTeb;
}

PVOID NTAPI RtlAllocateHeap(PVOID Heap, ULONG Flags, SIZE_T Size)
{
    if (OutOfMemory)
        return NULL;
    HeapBlocks++;
    return Flags & HEAP_ZERO_MEMORY ? calloc(1, Size) : malloc(Size);
}

BOOLEAN NTAPI RtlFreeHeap(PVOID Heap, ULONG Flags, PVOID Block)
{
    if (Block)
        HeapBlocks--;
    free(Block);
    return TRUE;
}

PVOID NTAPI RtlReAllocateHeap(PVOID Heap, ULONG Flags, PVOID Block, SIZE_T Size)
{
    return OutOfMemory ? NULL : realloc(Block, Size);
}

NTSTATUS NTAPI RtlInitializeCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    LockDepth++;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    LockDepth--;
    return STATUS_SUCCESS;
}

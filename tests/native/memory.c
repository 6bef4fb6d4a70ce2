/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual memory. */
#include "tap.h"
#include "addresses.h"

static NTSTATUS Allocate(PVOID *Base, SIZE_T Size, ULONG Type, ULONG Protect)
{
    return NtAllocateVirtualMemory(NtCurrentProcess(), Base, 0, &Size, Type, Protect);
}

static NTSTATUS Release(PVOID Base)
{
    SIZE_T Size = 0;

    return NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}

static void TestAllocation(void)
{
    MEMORY_BASIC_INFORMATION Basic;
    PVOID Base = NULL, Commit;
    SIZE_T Size;
    ULONG Old;

    if (!ok_status(Allocate(&Base, 0x100000, MEM_RESERVE, PAGE_READWRITE), STATUS_SUCCESS,
                   "reserve a megabyte"))
        return;
    ok(((ULONG_PTR)Base & 0xffff) == 0, "reservations begin at multiples of 64 KiB");
    ok_status(NtQueryVirtualMemory(NtCurrentProcess(), Base, MemoryBasicInformation, &Basic,
                                   sizeof(Basic), NULL),
              STATUS_SUCCESS, "query it");
    ok(Basic.State == MEM_RESERVE && Basic.RegionSize == 0x100000, "reserved as a whole");
    Commit = (PUCHAR)Base + 0x1234;
    ok_status(Allocate(&Commit, 0x2000, MEM_COMMIT, PAGE_READWRITE), STATUS_SUCCESS,
              "commit three pages of it");
    ok(Commit == (PVOID)((PUCHAR)Base + 0x1000), "the address is rounded down");
    ok(((volatile UCHAR *)Commit)[0] == 0 && ((volatile UCHAR *)Commit)[0x2fff] == 0,
       "they are zero");
    memset(Commit, 0xa5, 0x3000);
    ok(((volatile UCHAR *)Commit)[0x2abc] == 0xa5, "and keep what is written");
    Size = 0x1000;
    ok_status(NtProtectVirtualMemory(NtCurrentProcess(), &Commit, &Size, PAGE_READONLY, &Old),
              STATUS_SUCCESS, "make the first read-only");
    ok(Old == PAGE_READWRITE, "the old protection is told");
    ok_status(NtQuerySystemTime(Commit), STATUS_ACCESS_VIOLATION,
              "a service cannot write there either");
    ok_status(NtQueryVirtualMemory(NtCurrentProcess(), Commit, MemoryBasicInformation, &Basic,
                                   sizeof(Basic), NULL),
              STATUS_SUCCESS, "query again");
    ok(Basic.Protect == PAGE_READONLY && Basic.RegionSize == 0x1000 && Basic.AllocationBase == Base,
       "as it should");
    Size = 0x1000;
    ok_status(NtFreeVirtualMemory(NtCurrentProcess(), &Commit, &Size, MEM_DECOMMIT), STATUS_SUCCESS,
              "decommit");
    ok_status(NtQuerySystemTime(Commit), STATUS_ACCESS_VIOLATION,
              "a service cannot write to what is gone");
    ok_status(Release(Base), STATUS_SUCCESS, "release it all");
    ok_status(Release(Base), STATUS_MEMORY_NOT_ALLOCATED, "not twice");
}

static void TestBadArguments(void)
{
    PVOID Base = NULL;
    SIZE_T Size = 0;

    ok_status(Allocate(&Base, 0, MEM_RESERVE, PAGE_READWRITE), STATUS_INVALID_PARAMETER_4,
              "a size of 0");
    ok_status(Allocate(&Base, 0x1000, 0, PAGE_READWRITE), STATUS_INVALID_PARAMETER_5, "no type");
    ok_status(Allocate(&Base, 0x1000, MEM_RESERVE, 0), STATUS_INVALID_PAGE_PROTECTION,
              "no protection");
    ok_status(Allocate(&Base, 0x1000, MEM_RESERVE, 0x777), STATUS_INVALID_PAGE_PROTECTION,
              "two protections");
    Base = (PVOID)KERNEL_ADDRESS;
    ok_status(Allocate(&Base, 0x1000, MEM_RESERVE, PAGE_READWRITE), STATUS_INVALID_PARAMETER_2,
              "a kernel address");
    Base = NtCurrentTeb();
    Size = 0x1000;
    ok_status(
        NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 21, &Size, MEM_RESERVE, PAGE_READWRITE),
        STATUS_CONFLICTING_ADDRESSES, "an occupied address that zero bits forbid");
    ok_status(
        NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 22, &Size, MEM_RESERVE, PAGE_READWRITE),
        STATUS_INVALID_PARAMETER_3, "22 zero bits");
    Base = (PVOID)0x7ffe0000;
    Size = 0;
    ok(!NT_SUCCESS(Allocate(&Base, 0x1000, MEM_RESERVE, PAGE_READWRITE)),
       "the shared user data page");
    Base = NULL;
    ok(!NT_SUCCESS(
           Allocate(&Base, MORE_THAN_ANY_MACHINE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)),
       "more than any machine has");
    ok_status(NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)1, 0, &Size, MEM_COMMIT,
                                      PAGE_READWRITE),
              STATUS_ACCESS_VIOLATION, "a bad address for the address");
    Base = NtCurrentTeb();
    ok(!NT_SUCCESS(Release(Base)), "a TEB cannot be released");
    ok(NtCurrentTeb()->NtTib.Self == &NtCurrentTeb()->NtTib, "it is still there");
}

/* Commits more than there is, in steps; the end is a status, and all comes back. */
static void TestExhaustion(void)
{
    SYSTEM_BASIC_INFORMATION System;
    SYSTEM_PERFORMANCE_INFORMATION Before, After;
    PVOID Base = NULL;
    NTSTATUS Status;

    NtQuerySystemInformation(SystemBasicInformation, &System, sizeof(System), NULL);
    NtQuerySystemInformation(SystemPerformanceInformation, &Before, sizeof(Before), NULL);
    Status = Allocate(&Base, ((SIZE_T)System.NumberOfPhysicalPages + 1) << 12,
                      MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    ok(Status == STATUS_COMMITMENT_LIMIT || Status == STATUS_NO_MEMORY,
       "commit more than all memory");
    NtQuerySystemInformation(SystemPerformanceInformation, &After, sizeof(After), NULL);
    /* What ended threads and processes had left (kept.c) may have gone. */
    ok(Before.CommittedPages >= After.CommittedPages, "a refused commit is not counted");
}

static void TestOtherProcess(void)
{
    HANDLE Process, Thread;
    PROCESS_BASIC_INFORMATION Basic;
    ULONG_PTR Peb[4], Value = 0x12345678;
    PVOID Base = NULL;
    SIZE_T Size = 0x1000, Done = 0;

    if (!ok_status(StartSelf(u"umtests sleep", &Process, &Thread), STATUS_SUCCESS,
                   "start a second process"))
        return;
    NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    ok_status(NtReadVirtualMemory(Process, Basic.PebBaseAddress, Peb, sizeof(Peb), &Done),
              STATUS_SUCCESS, "read its PEB");
    ok(Done == sizeof(Peb) &&
           Peb[2] == (ULONG_PTR)NtCurrentTeb()->ProcessEnvironmentBlock->ImageBaseAddress,
       "the image base is the same");
    ok_status(
        NtAllocateVirtualMemory(Process, &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
        STATUS_SUCCESS, "allocate there");
    ok_status(NtWriteVirtualMemory(Process, Base, &Value, sizeof(Value), &Done), STATUS_SUCCESS,
              "write there");
    ok_status(NtReadVirtualMemory(Process, Base, &Peb[0], sizeof(Value), &Done), STATUS_SUCCESS,
              "read it back");
    ok(Peb[0] == Value, "the same value");
    ok(!NT_SUCCESS(NtReadVirtualMemory(Process, (PVOID)0x10, Peb, sizeof(Peb), &Done)),
       "read a bad address");
    NtTerminateProcess(Process, 0);
    NtClose(Thread);
    NtClose(Process);
}

/* ---- Two threads in one address space: long work gives way to the other half-way ---- */

#define SHARED_SIZE 0x800000
#define ROUNDS 12

static PVOID volatile SharedBase; /* the other thread guesses what is there */
static volatile BOOLEAN SharedEnd;

/* Any status may come back, since the range may or may not be there; the system must stay
 * consistent. */
static NTSTATUS NTAPI Disturb(PVOID Argument)
{
    ULONG Round;

    for (Round = 0; !SharedEnd; Round++) {
        MEMORY_BASIC_INFORMATION Basic;
        PVOID Base = SharedBase;
        SIZE_T Size = SHARED_SIZE / 2, Done;
        ULONG Old;

        if (!Base) { /* else it would allocate what nobody frees */
            NtYieldExecution();
            continue;
        }
        NtQueryVirtualMemory(NtCurrentProcess(), Base, MemoryBasicInformation, &Basic,
                             sizeof(Basic), NULL);
        NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Size,
                               Round & 1 ? PAGE_READONLY : PAGE_READWRITE, &Old);
        NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_DECOMMIT);
        Allocate(&Base, SHARED_SIZE / 2, MEM_COMMIT, PAGE_READWRITE);
        NtWriteVirtualMemory(NtCurrentProcess(), Base, (PCHAR)Base + SHARED_SIZE / 2,
                             SHARED_SIZE / 2, &Done);
    }
    return STATUS_SUCCESS;
}

static void TestDisturbedChanges(void)
{
    ULONG Round, Made = 0, Freed = 0;
    SIZE_T Done;
    HANDLE Thread;

    SharedEnd = FALSE;
    if (!ok_status(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), Disturb,
                                    NULL, 0, 0, 0, 0, NULL),
                   STATUS_SUCCESS, "a thread that disturbs"))
        return;
    for (Round = 0; Round < ROUNDS; Round++) {
        PVOID Base = NULL;

        Made += NT_SUCCESS(Allocate(&Base, SHARED_SIZE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
        SharedBase = Base;
        NtWriteVirtualMemory(NtCurrentProcess(), Base, (PCHAR)Base + SHARED_SIZE / 2,
                             SHARED_SIZE / 2, &Done);
        Freed += NT_SUCCESS(Release(Base));
    }
    SharedEnd = TRUE;
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtClose(Thread);
    ok(Made == ROUNDS && Freed == ROUNDS, "ranges are made and freed while another changes them");
}

/* ---- Instructions that are changed ---- */

/* Code that returns Value: mov eax, Value; ret */
static ULONG RunCode(PUCHAR Code, ULONG Value, PNTSTATUS Status)
{
    Code[0] = 0xb8;
    memcpy(Code + 1, &Value, sizeof(Value));
    Code[5] = 0xc3;
    *Status = NtFlushInstructionCache(NtCurrentProcess(), Code, 6);
    return ((ULONG(CDECL *)(void))(ULONG_PTR)Code)();
}

static void TestFlushedCode(void)
{
    PVOID Code = NULL;
    NTSTATUS Status;

    if (!ok_status(Allocate(&Code, 0x1000, MEM_COMMIT, PAGE_EXECUTE_READWRITE), STATUS_SUCCESS,
                   "memory for code"))
        return;
    ok(RunCode(Code, 1234, &Status) == 1234, "code that has been written runs");
    ok_status(Status, STATUS_SUCCESS, "when its range has been flushed");
    ok(RunCode(Code, 5678, &Status) == 5678, "and so does what it is changed to");
    Release(Code);
    ok_status(NtFlushInstructionCache(NtCurrentProcess(), Code, 0x1000), STATUS_SUCCESS,
              "a range where nothing is");
}

static void TestFlushing(void)
{
    PVOID Kernel = (PVOID)KERNEL_ADDRESS, Self = NtCurrentTeb();
    HANDLE Process = NULL, Thread = NULL, Weak;

    TestFlushedCode();
    ok_status(NtFlushInstructionCache(NtCurrentProcess(), NULL, 0), STATUS_SUCCESS, "all of it");
    ok_status(NtFlushInstructionCache(NtCurrentProcess(), Kernel, 4096), STATUS_ACCESS_VIOLATION,
              "of the kernel's");
    ok_status(NtFlushInstructionCache(NtCurrentProcess(), Self, ~(SIZE_T)0),
              STATUS_ACCESS_VIOLATION, "of more than there are addresses");
    ok_status(NtFlushInstructionCache(NULL, Self, 4096), STATUS_INVALID_HANDLE, "of no process");
    ok_status(NtFlushInstructionCache(NtCurrentThread(), Self, 4096), STATUS_OBJECT_TYPE_MISMATCH,
              "of a thread");
    if (!ok_status(StartSelf(u"umtests sleep", &Process, &Thread), STATUS_SUCCESS,
                   "another process"))
        return;
    ok_status(NtFlushInstructionCache(Process, NULL, 0), STATUS_SUCCESS, "of its");
    NtDuplicateObject(NtCurrentProcess(), Process, NtCurrentProcess(), &Weak, PROCESS_VM_READ, 0,
                      0);
    ok_status(NtFlushInstructionCache(Weak, NULL, 0), STATUS_ACCESS_DENIED,
              "it needs PROCESS_VM_WRITE");
    NtClose(Weak);
    NtTerminateProcess(Process, STATUS_SUCCESS);
    NtWaitForSingleObject(Process, FALSE, NULL);
    NtClose(Process);
    NtClose(Thread);
}

void TestMemory(void)
{
    TestAllocation();
    TestBadArguments();
    TestExhaustion();
    TestOtherProcess();
    TestDisturbedChanges();
    TestFlushing();
    TestPlacement();
    TestWriteWatch();
    TestResidence();
    TestSinglePages();
}

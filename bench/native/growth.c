/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an operation costs beside 10 neighbours and beside 10,000: "name-10 value" and "name-10000
 * value" for each case of the table. No cost may grow with what others hold, so tools/bench.py
 * allows a factor of 2.
 */
#include "nbench.h"

#define FEW 10
#define MANY 10000
#define GRANULE 0x10000 /* addresses are reserved in units of 64 KB */

typedef struct _GROWTH_CASE {
    const char *Name;
    BOOLEAN (*Add)(ULONG Index); /* makes neighbour number Index; FALSE: it failed */
    void (*Operation)(PVOID Argument);
    void (*RemoveAll)(void); /* what was made */
} GROWTH_CASE, *PGROWTH_CASE;

/* ---- Address ranges: the neighbours fill the lowest addresses, which are searched first ---- */

static PVOID Ranges[MANY];

static BOOLEAN AddRange(ULONG Index, ULONG Type)
{
    SIZE_T Size = NEPTUNE_PAGE_SIZE;

    Ranges[Index] = NULL;
    return NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &Ranges[Index], 0, &Size,
                                              MEM_RESERVE | Type, PAGE_READWRITE));
}

static BOOLEAN AddLow(ULONG Index)
{
    return AddRange(Index, 0);
}

static BOOLEAN AddHigh(ULONG Index)
{
    return AddRange(Index, MEM_TOP_DOWN);
}

static void RemoveRanges(void)
{
    ULONG Index;

    for (Index = 0; Index < MANY; Index++) {
        SIZE_T Size = 0;

        if (Ranges[Index])
            NtFreeVirtualMemory(NtCurrentProcess(), &Ranges[Index], &Size, MEM_RELEASE);
        Ranges[Index] = NULL;
    }
}

static void ReserveAndFree(ULONG Type, SIZE_T Size)
{
    PVOID Base = NULL;

    NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE | Type,
                            PAGE_READWRITE);
    Size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}

static void ReserveLow(PVOID Argument)
{
    ReserveAndFree(0, 2 * GRANULE);
}

static void ReserveHigh(PVOID Argument)
{
    ReserveAndFree(MEM_TOP_DOWN, 2 * GRANULE);
}

/* A thread's stack and TEB need ranges. */
static NTSTATUS NTAPI EndAtOnce(PVOID Argument)
{
    return STATUS_SUCCESS;
}

static void RunThread(PVOID Argument)
{
    HANDLE Thread;

    if (!NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                     EndAtOnce, NULL, 0, 0, 0, 0, NULL)))
        return;
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtClose(Thread);
}

/* ---- The table ---- */

static const GROWTH_CASE Cases[] = {
    {"grow-vads", AddLow, ReserveLow, RemoveRanges},
    {"grow-vads-top-down", AddHigh, ReserveHigh, RemoveRanges},
    {"grow-vads-thread", AddLow, RunThread, RemoveRanges},
};

static void RunCase(const GROWTH_CASE *Case)
{
    ULONG Index;

    for (Index = 0; Index < MANY; Index++) {
        if (Index == FEW)
            Print("%s-%u %llu\n", Case->Name, FEW, Measure(Case->Operation, NULL));
        if (!Case->Add(Index)) {
            Print("%s: no neighbour %u\n", Case->Name, Index);
            break;
        }
    }
    if (Index == MANY)
        Print("%s-%u %llu\n", Case->Name, MANY, Measure(Case->Operation, NULL));
    Case->RemoveAll();
}

void MeasureGrowth(void)
{
    ULONG Case;

    for (Case = 0; Case < ARRAYSIZE(Cases); Case++)
        RunCase(&Cases[Case]);
}

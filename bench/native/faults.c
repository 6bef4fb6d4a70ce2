/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page faults as a program meets them: the mean over many pages, with all that their frames and
 * tables take. Frames may be fresh (not used since the system started), in use for the second time,
 * or reused again and again.
 */
#include "nbench.h"

#define PAGES 2048
#define DRAIN_PAGES 2048 /* more than the processes before have left behind */

static PUCHAR Commit(ULONG Pages)
{
    PVOID Base = NULL;
    SIZE_T Size = (SIZE_T)Pages * NEPTUNE_PAGE_SIZE;

    if (!NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size,
                                            MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)))
        return NULL;
    return Base;
}

static void Release(PVOID Base)
{
    SIZE_T Size = 0;

    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}

/* Ticks a page; in either direction the system may guess what comes next. */
static ULONGLONG Touch(PUCHAR Base, ULONG Pages, BOOLEAN Down)
{
    ULONGLONG Start = ReadTsc();
    ULONG Page;

    for (Page = 0; Page < Pages; Page++)
        Base[(SIZE_T)(Down ? Pages - 1 - Page : Page) * NEPTUNE_PAGE_SIZE] = 1;
    return (ReadTsc() - Start) / Pages;
}

static PVOID TouchNew(const char *Name, BOOLEAN Down)
{
    PUCHAR Base = Commit(PAGES);

    if (Base)
        Print("%s %llu\n", Name, Touch(Base, PAGES, Down));
    return Base;
}

static void TouchAndRelease(const char *Name, BOOLEAN Down)
{
    PVOID Base = TouchNew(Name, Down);

    if (Base)
        Release(Base);
}

void MeasureFaults(void)
{
    PUCHAR Drain = Commit(DRAIN_PAGES), Down;

    if (!Drain)
        return;
    Touch(Drain, DRAIN_PAGES, FALSE);
    Down = TouchNew("page-fault-fresh-down", TRUE);
    TouchAndRelease("page-fault-fresh", FALSE);
    TouchAndRelease("page-fault-second-use", FALSE);
    TouchAndRelease("page-fault-reused", FALSE);
    TouchAndRelease("page-fault-reused-down", TRUE);
    Release(Drain);
    if (Down)
        Release(Down);
}

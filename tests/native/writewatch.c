/* SPDX-License-Identifier: BSD-2-Clause */
/* Write watch: which pages were written. */
#include "tap.h"
#include "addresses.h"

#define PAGES 16
#define RANGE (PAGES * PAGE_SIZE)

static volatile UCHAR *Watched;

static NTSTATUS Make(ULONG Type)
{
    PVOID Base = NULL;
    SIZE_T Size = RANGE;
    NTSTATUS Status =
        NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, Type, PAGE_READWRITE);

    Watched = Base;
    return Status;
}

static NTSTATUS Ask(ULONG Flags, ULONG_PTR Offset, SIZE_T Size, PVOID *Found, PULONG_PTR Count)
{
    ULONG Granularity = 0;
    NTSTATUS Status = NtGetWriteWatch(NtCurrentProcess(), Flags, (PUCHAR)Watched + Offset, Size,
                                      Found, Count, &Granularity);

    return NT_SUCCESS(Status) && Granularity != PAGE_SIZE ? STATUS_UNSUCCESSFUL : Status;
}

/* A bit for each page that was written; ~0: it cannot be asked, or the addresses do not ascend. */
static ULONG Written(ULONG Flags)
{
    PVOID Found[PAGES];
    ULONG_PTR Count = PAGES;
    ULONG Bits = 0;

    if (!NT_SUCCESS(Ask(Flags, 0, RANGE, Found, &Count)))
        return ~0u;
    for (ULONG_PTR i = 0; i < Count; i++) {
        if (i && Found[i] <= Found[i - 1])
            return ~0u;
        Bits |= 1u << ((PUCHAR)Found[i] - (PUCHAR)Watched) / PAGE_SIZE;
    }
    return Bits;
}

static ULONG Protect(ULONG Page, ULONG Protection)
{
    PVOID Base = (PUCHAR)Watched + Page * PAGE_SIZE;
    SIZE_T Size = PAGE_SIZE;
    ULONG Old = 0;

    NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Size, Protection, &Old);
    return Old;
}

static NTSTATUS Change(ULONG Page, ULONG Pages, BOOLEAN Commit)
{
    PVOID Base = (PUCHAR)Watched + Page * PAGE_SIZE;
    SIZE_T Size = Pages * PAGE_SIZE;

    if (Commit)
        return NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_COMMIT,
                                       PAGE_READWRITE);
    return NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_DECOMMIT);
}

static void TestWriting(void)
{
    UCHAR Value = 0;
    SIZE_T Done;

    ok(Written(0) == 0, "nothing was written at first");
    for (ULONG i = 0; i < PAGES; i++)
        Value |= Watched[i * PAGE_SIZE];
    ok(Value == 0 && Written(0) == 0, "reading is not writing");
    Watched[3 * PAGE_SIZE + 5] = 1;
    Watched[0] = 1;
    ok(Written(0) == 0x9, "pages that were read and then written");
    ok(Written(0) == 0x9, "asking changes nothing");
    ok(Written(WRITE_WATCH_FLAG_RESET) == 0x9, "asking with the flag tells the same");
    ok(Written(0) == 0, "and forgets");
    ok(Watched[0] == 1 && Watched[3 * PAGE_SIZE + 5] == 1, "the contents stay");
    Watched[3 * PAGE_SIZE] = 2;
    ok(Written(0) == 0x8 && Watched[3 * PAGE_SIZE] == 2, "a page that is written once more");
    NtWriteVirtualMemory(NtCurrentProcess(), (PVOID)(Watched + 5 * PAGE_SIZE), "x", 1, &Done);
    ok(Written(0) == 0x28, "writing to the process counts");
    NtQuerySystemTime((PLARGE_INTEGER)(Watched + 6 * PAGE_SIZE));
    ok(Written(0) == 0x68, "and so do results of services");
    ok_status(NtResetWriteWatch(NtCurrentProcess(), (PVOID)Watched, 4 * PAGE_SIZE), STATUS_SUCCESS,
              "reset a part");
    ok(Written(0) == 0x60, "the rest is remembered");
    ok_status(NtResetWriteWatch(NtCurrentProcess(), (PVOID)Watched, RANGE), STATUS_SUCCESS,
              "reset all");
    ok(Written(0) == 0, "nothing is");
}

static void TestProtecting(void)
{
    Watched[PAGE_SIZE] = 1;
    ok(Protect(1, PAGE_READONLY) == PAGE_READWRITE, "a page is still called writable");
    ok(Written(0) == 2, "a page that is no longer writable was written");
    Protect(1, PAGE_READWRITE);
    NtResetWriteWatch(NtCurrentProcess(), (PVOID)Watched, RANGE);
    ok(Protect(1, PAGE_READWRITE) == PAGE_READWRITE, "after the reset too");
    ok(Written(0) == 0, "changing protections is not writing");
    Watched[PAGE_SIZE] = 2;
    ok(Written(0) == 2 && Watched[PAGE_SIZE] == 2, "but writing is");
    ok_status(Change(1, 2, FALSE), STATUS_SUCCESS, "decommit it and its neighbour");
    ok(Written(0) == 2, "what was written before is remembered");
    ok_status(Change(1, 2, TRUE), STATUS_SUCCESS, "commit both");
    ok(Written(0) == 2 && Watched[PAGE_SIZE] == 0, "still, though it is zero again");
    ok(Written(WRITE_WATCH_FLAG_RESET) == 2 && Written(0) == 0, "until it is reset");
    Watched[2 * PAGE_SIZE] = 1;
    ok(Written(0) == 4, "the neighbour is written");
}

static void TestArguments(void)
{
    PVOID Found[PAGES];
    ULONG_PTR Count = PAGES;
    ULONG Granularity;

    ok_status(Ask(2, 0, RANGE, Found, &Count), STATUS_INVALID_PARAMETER_2, "an unknown flag");
    ok_status(Ask(0, 0, 0, Found, &Count), STATUS_INVALID_PARAMETER_3, "no bytes");
    ok_status(Ask(0, 0, MAXULONG_PTR / 2, Found, &Count), STATUS_INVALID_PARAMETER_3,
              "more than user space");
    ok_status(Ask(0, 0, RANGE + 0x10000, Found, &Count), STATUS_INVALID_PARAMETER_1,
              "more than the range");
    Count = 0;
    ok_status(Ask(0, 0, RANGE, Found, &Count), STATUS_INVALID_PARAMETER_5, "room for nothing");
    Count = PAGES;
    ok_status(Ask(0, 0, RANGE, NULL, &Count), STATUS_ACCESS_VIOLATION, "no room");
    ok_status(
        NtGetWriteWatch(NtCurrentProcess(), 0, (PVOID)Watched, RANGE, Found, NULL, &Granularity),
        STATUS_ACCESS_VIOLATION, "no count");
    ok_status(NtGetWriteWatch(NtCurrentProcess(), 0, (PVOID)Watched, RANGE, Found, &Count, NULL),
              STATUS_ACCESS_VIOLATION, "no granularity");
    ok_status(NtGetWriteWatch(NtCurrentProcess(), 0, NtCurrentTeb(), PAGE_SIZE, Found, &Count,
                              &Granularity),
              STATUS_INVALID_PARAMETER_1, "memory without write watch");
    ok_status(NtGetWriteWatch(NtCurrentProcess(), 0, (PVOID)KERNEL_ADDRESS, PAGE_SIZE, Found,
                              &Count, &Granularity),
              STATUS_INVALID_PARAMETER_2, "a kernel address");
    ok_status(
        NtGetWriteWatch((HANDLE)0x7ffc, 0, (PVOID)Watched, RANGE, Found, &Count, &Granularity),
        STATUS_INVALID_HANDLE, "no process");
    ok_status(NtResetWriteWatch(NtCurrentProcess(), NtCurrentTeb(), PAGE_SIZE),
              STATUS_INVALID_PARAMETER_1, "reset memory without write watch");
    ok_status(NtResetWriteWatch(NtCurrentProcess(), (PVOID)Watched, 0), STATUS_INVALID_PARAMETER_3,
              "reset no bytes");
    ok_status(NtResetWriteWatch(NtCurrentProcess(), (PVOID)KERNEL_ADDRESS, 1),
              STATUS_INVALID_PARAMETER_2, "reset a kernel address");
}

/* Less room than pages: the first ones, and only they are reset. */
static void TestRoom(void)
{
    PVOID Found[2];
    ULONG_PTR Count = 2;

    NtResetWriteWatch(NtCurrentProcess(), (PVOID)Watched, RANGE);
    for (ULONG i = 4; i < 8; i++)
        Watched[i * PAGE_SIZE] = 1;
    ok_status(Ask(WRITE_WATCH_FLAG_RESET, 1, RANGE - 1, Found, &Count), STATUS_SUCCESS,
              "room for two pages");
    ok(Count == 2 && Found[0] == Watched + 4 * PAGE_SIZE && Found[1] == Watched + 5 * PAGE_SIZE,
       "the first two");
    ok(Written(0) == 0xc0, "the others are still to be told");
}

void TestWriteWatch(void)
{
    MEMORY_REGION_INFORMATION Region;
    PVOID Base;
    SIZE_T Size = 0;

    ok_status(Make(MEM_COMMIT | MEM_WRITE_WATCH), STATUS_INVALID_PARAMETER_5,
              "write watch comes with a reservation");
    if (!ok_status(Make(MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH), STATUS_SUCCESS,
                   "memory with write watch"))
        return;
    ok_status(NtQueryVirtualMemory(NtCurrentProcess(), (PVOID)Watched, MemoryRegionInformation,
                                   &Region, sizeof(Region), NULL),
              STATUS_SUCCESS, "ask about it");
    ok(Region.MappedWriteWatch && Region.Private, "it is said to have it");
    TestWriting();
    TestProtecting();
    TestArguments();
    TestRoom();
    Base = (PVOID)Watched;
    ok_status(NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE), STATUS_SUCCESS,
              "release it");
    if (!ok_status(Make(MEM_RESERVE | MEM_WRITE_WATCH), STATUS_SUCCESS, "reserve only"))
        return;
    ok_status(Change(2, 3, TRUE), STATUS_SUCCESS, "commit three pages");
    Watched[3 * PAGE_SIZE] = 1;
    ok(Written(0) == 8, "one is written");
    ok_status(Change(0, PAGES, FALSE), STATUS_SUCCESS, "decommit all");
    ok(Written(WRITE_WATCH_FLAG_RESET) == 8 && Written(0) == 0, "which is told, and reset");
    Base = (PVOID)Watched;
    Size = 0;
    ok_status(NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE), STATUS_SUCCESS,
              "release it");
}

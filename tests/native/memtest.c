/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memtest.exe: commits and touches nearly all memory that a process can have, and checks that every
 * page is zero at first, keeps what is written, and looks the same to the Executive. Meanwhile it
 * must still be possible to make objects that take the kernel's own memory (a thread).
 */
#include "print.h"

#define BLOCK_SIZE ((SIZE_T)1 << 20)
#define MAXIMUM_BLOCKS 1760 /* MB: what a client of 2 GB surely has room for */
#define SPARE_BLOCKS 2      /* left to others, besides an eighth */
#define PAGE_WORDS (PAGE_SIZE / sizeof(ULONG))
#define REMOTE_STEP 7 /* one page in so many goes through the Executive, too */

static PULONG Blocks[MAXIMUM_BLOCKS];
static ULONG BlockCount, Failures;

static void Check(BOOLEAN Condition, const char *Name, ULONG Number)
{
    if (!Condition && Failures++ < 10) {
        Print("not ok: ");
        Print(Name, Number);
        Print("\n");
    }
}

static ULONG AvailablePages(void)
{
    SYSTEM_PERFORMANCE_INFORMATION Information;

    if (!NT_SUCCESS(NtQuerySystemInformation(SystemPerformanceInformation, &Information,
                                             sizeof(Information), NULL)))
        return 0;
    return Information.AvailablePages;
}

static void CommitBlocks(ULONG Available)
{
    ULONG Wanted = Available / (BLOCK_SIZE / PAGE_SIZE) * 7 / 8;

    Wanted = Wanted > SPARE_BLOCKS ? Wanted - SPARE_BLOCKS : 0;
    while (BlockCount < Wanted && BlockCount < MAXIMUM_BLOCKS) {
        PVOID Base = NULL;
        SIZE_T Size = BLOCK_SIZE;
        NTSTATUS Status = NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size,
                                                  MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

        Check(NT_SUCCESS(Status), "block %u cannot be committed", BlockCount);
        if (!NT_SUCCESS(Status))
            break;
        Blocks[BlockCount++] = Base;
    }
}

static ULONG PageCount(void)
{
    return BlockCount * (ULONG)(BLOCK_SIZE / PAGE_SIZE);
}

static volatile ULONG *PageOf(ULONG Number)
{
    ULONG InBlock = BLOCK_SIZE / PAGE_SIZE;

    return Blocks[Number / InBlock] + Number % InBlock * PAGE_WORDS;
}

/* Words that no other page has there; some at every place in turn. */
static ULONG WordIn(ULONG Number)
{
    return Number * 37 % (PAGE_WORDS - 2) + 1;
}

static void FillPages(void)
{
    for (ULONG Number = 0; Number < PageCount(); Number++) {
        volatile ULONG *Page = PageOf(Number);

        Check(!Page[0] && !Page[WordIn(Number)] && !Page[PAGE_WORDS - 1], "page %u is not zero",
              Number);
        Page[0] = Number;
        Page[WordIn(Number)] = ~Number;
        Page[PAGE_WORDS - 1] = Number + 1;
    }
}

static void CheckPages(void)
{
    for (ULONG Number = 0; Number < PageCount(); Number++) {
        volatile ULONG *Page = PageOf(Number);

        Check(Page[0] == Number && Page[WordIn(Number)] == ~Number &&
                  Page[PAGE_WORDS - 1] == Number + 1,
              "page %u has changed", Number);
    }
}

/* By services, so through the Executive's own view; the far page is another one each time. */
static void CheckRemotely(void)
{
    for (ULONG Number = 0; Number < PageCount(); Number += REMOTE_STEP) {
        ULONG Other = PageCount() - 1 - Number, Value = 0;

        NtReadVirtualMemory(NtCurrentProcess(), (PVOID)(PageOf(Number) + WordIn(Number)), &Value,
                            sizeof(Value), NULL);
        Check(Value == ~Number, "page %u is another one for the Executive", Number);
        NtWriteVirtualMemory(NtCurrentProcess(), (PVOID)PageOf(Other), (PVOID)PageOf(Number),
                             sizeof(Value), NULL);
        Check(*PageOf(Other) == *PageOf(Number), "page %u was not written", Other);
        *PageOf(Other) = Other;
    }
}

static NTSTATUS NTAPI Thread(PVOID Argument)
{
    return *PageOf(0) == 0 ? 0x77 : 0x78;
}

static void CheckThread(void)
{
    THREAD_BASIC_INFORMATION Basic = {0};
    HANDLE Handle;
    NTSTATUS Status = NtCreateThreadEx(&Handle, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), Thread,
                                       NULL, 0, 0, 0, 0, NULL);

    Check(NT_SUCCESS(Status), "no thread (%x)", (ULONG)Status);
    if (!NT_SUCCESS(Status))
        return;
    NtWaitForSingleObject(Handle, FALSE, NULL);
    NtQueryInformationThread(Handle, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    Check(Basic.ExitStatus == 0x77, "the thread returned %x", (ULONG)Basic.ExitStatus);
    NtClose(Handle);
}

static void FreeBlocks(void)
{
    for (ULONG i = 0; i < BlockCount; i++) {
        PVOID Base = Blocks[i];
        SIZE_T Size = 0;

        Check(NT_SUCCESS(NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE)),
              "block %u cannot be freed", i);
    }
    BlockCount = 0;
}

/* Returns the megabytes that it used. */
static ULONG UseAll(ULONG Available)
{
    CommitBlocks(Available);
    FillPages();
    CheckPages();
    return BlockCount * (ULONG)(BLOCK_SIZE >> 20);
}

/* In the first round the system makes records of its pages, which stay. In the second nothing may
 * be lost, and pages that were in use before must be zero. */
NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    ULONG Megabytes = UseAll(AvailablePages()), Before, After;

    if (!Megabytes) {
        Print("memtest: there is no memory to test\n");
        return STATUS_NO_MEMORY;
    }
    CheckRemotely();
    CheckThread();
    CheckPages();
    FreeBlocks();
    Before = AvailablePages();
    UseAll(Before);
    FreeBlocks();
    After = AvailablePages();
    Check(After + 64 >= Before, "%u pages were lost", Before - After);
    Print("memtest: %u MB, %u failures\n", Megabytes, Failures);
    return Failures ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

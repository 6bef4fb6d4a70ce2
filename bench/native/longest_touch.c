/* SPDX-License-Identifier: BSD-2-Clause */
/* The longest stretches where all memory is used: touched, much of it for the first time since the
 * system started, and made into threads and page tables. */
#include "longest.h"

#define PIECE ((SIZE_T)2 << 20)
#define TABLES ((PUCHAR)0x30000000) /* from here on single pages, each with a page table */
#define TABLE_SPAN ((SIZE_T)4 << 20)
#define TABLE_LIMIT (sizeof(PVOID) == 8 ? 65536u : 200u)

static PUCHAR Pieces[64];
static HANDLE Threads[512];
static ULONG PieceCount, ThreadCount, TableCount;

static void TouchPages(PUCHAR Base, SIZE_T Size)
{
    SIZE_T Offset;

    for (Offset = 0; Offset < Size; Offset += NEPTUNE_PAGE_SIZE) {
        Pause();
        Base[Offset] = 1;
    }
}

/* By page faults and by probes, in turn; until there is no memory. */
static BOOLEAN TouchAll(void)
{
    for (PieceCount = 0; PieceCount < ARRAYSIZE(Pieces); PieceCount++) {
        SIZE_T Size = PIECE;
        PUCHAR Piece = NULL;

        Pause();
        if (!NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Piece, 0, &Size,
                                                MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)))
            break;
        Pieces[PieceCount] = Piece;
        Pause();
        if (PieceCount % 2)
            TouchPages(Piece, Size);
        else if (!ReadInto(Piece, Size))
            return FALSE;
    }
    return PieceCount > 0;
}

static BOOLEAN FreePieces(void)
{
    while (PieceCount) {
        if (!FreeRange(Pieces[--PieceCount]))
            return FALSE;
        Pause();
    }
    return TRUE;
}

static NTSTATUS NTAPI NeverRun(PVOID Argument)
{
    return STATUS_SUCCESS;
}

/* Their kernel objects are made of memory that has been pages. */
static BOOLEAN CreateThreads(void)
{
    for (ThreadCount = 0; ThreadCount < ARRAYSIZE(Threads); ThreadCount++) {
        if (!NT_SUCCESS(NtCreateThreadEx(&Threads[ThreadCount], THREAD_ALL_ACCESS, NULL,
                                         NtCurrentProcess(), NeverRun, NULL,
                                         THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0, 0, NULL)))
            break;
        Pause();
    }
    return ThreadCount > 0;
}

static BOOLEAN EndThreads(void)
{
    while (ThreadCount) {
        if (!NT_SUCCESS(NtTerminateThread(Threads[--ThreadCount], STATUS_SUCCESS)))
            return FALSE;
        Pause();
        NtClose(Threads[ThreadCount]);
        Pause();
    }
    return TRUE;
}

/* The same for page tables; on amd64 until there is no memory. Where something is in the way, the
 * page is left out. */
static BOOLEAN CreateTables(void)
{
    for (TableCount = 0; TableCount < TABLE_LIMIT; TableCount++) {
        PVOID Base = TABLES + TableCount * TABLE_SPAN;
        SIZE_T Size = NEPTUNE_PAGE_SIZE;
        NTSTATUS Status = NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size,
                                                  MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

        if (!NT_SUCCESS(Status) && Status != STATUS_CONFLICTING_ADDRESSES)
            break;
        Pause();
    }
    return TableCount > 0;
}

static BOOLEAN DeleteTables(void)
{
    while (TableCount) {
        FreeRange(TABLES + --TableCount * TABLE_SPAN);
        Pause();
    }
    return TRUE;
}

static const LONG_SERVICE Services[] = {
    {"touch-all", TouchAll},     {"free-all", FreePieces},        {"create-threads", CreateThreads},
    {"end-threads", EndThreads}, {"create-tables", CreateTables}, {"delete-tables", DeleteTables},
};

void MeasureLongestTouch(void)
{
    MeasureServices(Services, ARRAYSIZE(Services));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The heap: blocks, sizes, walking, locking, what is attached to blocks, damage. */
#include "tap.h"

#define BLOCKS 300

static PVOID Heap;
static PVOID Blocks[BLOCKS];

static BOOLEAN Filled(PVOID Memory, SIZE_T Size, UCHAR Value)
{
    for (SIZE_T i = 0; i < Size; i++)
        if (((PUCHAR)Memory)[i] != Value)
            return FALSE;
    return TRUE;
}

static SIZE_T SizeOf(ULONG Index)
{
    return (SIZE_T)Index * 37 % 1500 + (Index % 50 ? 0 : 40000);
}

static void TestBlocks(void)
{
    BOOLEAN Aligned = TRUE, Zeroed = TRUE, Sized = TRUE, Kept = TRUE, Freed = TRUE;

    for (ULONG i = 0; i < BLOCKS; i++) {
        Blocks[i] = RtlAllocateHeap(Heap, HEAP_ZERO_MEMORY, SizeOf(i));
        if (!Blocks[i])
            break;
        Aligned &= (ULONG_PTR)Blocks[i] % 16 == 0;
        Zeroed &= Filled(Blocks[i], SizeOf(i), 0);
        Sized &= RtlSizeHeap(Heap, 0, Blocks[i]) == SizeOf(i);
        memset(Blocks[i], (int)i, SizeOf(i));
    }
    ok(Blocks[BLOCKS - 1] != NULL, "blocks of many sizes");
    ok(Aligned, "are aligned");
    ok(Zeroed, "zeroed, if that is wanted");
    ok(Sized, "of the size that was asked for");
    ok(RtlValidateHeap(Heap, 0, NULL), "the heap is sound");
    for (ULONG i = 1; i < BLOCKS; i += 2)
        Kept &= Filled(Blocks[i], SizeOf(i), (UCHAR)i);
    ok(Kept, "they do not overlap");
    for (ULONG i = 0; i < BLOCKS; i++)
        Freed &= RtlFreeHeap(Heap, 0, Blocks[(i * 7) % BLOCKS]);
    ok(Freed, "they are freed in another order");
    ok(RtlValidateHeap(Heap, 0, NULL), "and the heap is sound");
    ok(RtlCompactHeap(Heap, 0) > 0x8000, "what was free in pieces is one again");
}

static void TestReallocation(void)
{
    PUCHAR Memory = RtlAllocateHeap(Heap, 0, 50), Other;

    memset(Memory, 1, 50);
    Memory = RtlReAllocateHeap(Heap, HEAP_ZERO_MEMORY, Memory, 3000);
    ok(Memory && Filled(Memory, 50, 1) && Filled(Memory + 50, 2950, 0), "a block that grows");
    ok(RtlReAllocateHeap(Heap, HEAP_REALLOC_IN_PLACE_ONLY, Memory, 1000) == Memory,
       "shrinks where it is");
    Other = RtlAllocateHeap(Heap, 0, 1900);
    ok(RtlReAllocateHeap(Heap, HEAP_REALLOC_IN_PLACE_ONLY, Memory, 100000) == NULL,
       "and cannot grow there");
    ok(RtlSizeHeap(Heap, 0, Memory) == 1000 && Filled(Memory, 50, 1), "then it is as it was");
    Memory = RtlReAllocateHeap(Heap, 0, Memory, 900000);
    ok(Memory && Filled(Memory, 50, 1), "it becomes very large");
    ok(RtlSizeHeap(Heap, 0, Memory) == 900000, "so large");
    Memory = RtlReAllocateHeap(Heap, HEAP_ZERO_MEMORY, Memory, 800000);
    ok(Memory && RtlSizeHeap(Heap, 0, Memory) == 800000, "a little smaller");
    Memory = RtlReAllocateHeap(Heap, 0, Memory, 10);
    ok(Memory && Filled(Memory, 10, 1), "and very small");
    ok(RtlReAllocateHeap(Heap, 0, NULL, 10) == NULL, "no block cannot change");
    ok(RtlFreeHeap(Heap, 0, Memory) && RtlFreeHeap(Heap, 0, Other), "free them");
    ok(RtlAllocateHeap(Heap, 0, MAXULONG_PTR - 20) == NULL, "more than there can be");
}

static BOOLEAN InList(PVOID Wanted)
{
    PVOID Heaps[64];
    ULONG Count = RtlGetProcessHeaps(ARRAYSIZE(Heaps), Heaps);

    for (ULONG i = 0; i < Count && i < ARRAYSIZE(Heaps); i++)
        if (Heaps[i] == Wanted)
            return TRUE;
    return FALSE;
}

static ULONG Seen;

static NTSTATUS NTAPI Count(PVOID Each, PVOID Context)
{
    Seen++;
    return Each == Context ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

static void TestList(void)
{
    PVOID Many[40], One;
    ULONG Before = RtlGetProcessHeaps(0, NULL);
    BOOLEAN All = TRUE;

    ok(InList(RtlProcessHeap()) && InList(Heap), "both heaps are in the list");
    ok(RtlGetProcessHeaps(1, &One) == Before && One == RtlProcessHeap(),
       "the process's heap comes first, and the count is of all");
    ok(NtCurrentPeb()->NumberOfHeaps == Before &&
           NtCurrentPeb()->ProcessHeaps[0] == RtlProcessHeap(),
       "the PEB shows them too");
    for (ULONG i = 0; i < ARRAYSIZE(Many); i++)
        Many[i] = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, NULL);
    ok(RtlGetProcessHeaps(0, NULL) == Before + ARRAYSIZE(Many), "40 more");
    ok(InList(Many[39]), "up to the last");
    ok_status(RtlEnumProcessHeaps(Count, NULL), STATUS_SUCCESS, "look at each");
    ok(Seen == Before + ARRAYSIZE(Many), "so many are seen");
    Seen = 0;
    ok_status(RtlEnumProcessHeaps(Count, RtlProcessHeap()), STATUS_UNSUCCESSFUL, "or at the first");
    ok(Seen == 1, "only");
    ok(RtlValidateProcessHeaps(), "all are sound");
    for (ULONG i = 0; i < ARRAYSIZE(Many); i++)
        All &= RtlDestroyHeap(Many[(i * 3) % ARRAYSIZE(Many)]) == NULL;
    ok(All && RtlGetProcessHeaps(0, NULL) == Before, "they go again");
    ok(RtlDestroyHeap(RtlProcessHeap()) == RtlProcessHeap(), "the process's heap stays");
    ok(RtlDestroyHeap(NULL) == NULL, "no heap is none");
}

static void TestWalk(void)
{
    PVOID Walked = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, NULL);
    PVOID Small = RtlAllocateHeap(Walked, 0, 77), Large = RtlAllocateHeap(Walked, 0, 600000);
    RTL_HEAP_WALK_ENTRY Entry = {0};
    ULONG Regions = 0, Busy = 0, Free = 0;
    BOOLEAN SmallSeen = FALSE, LargeSeen = FALSE;
    NTSTATUS Status;

    RtlFreeHeap(Walked, 0, RtlAllocateHeap(Walked, 0, 3000));
    ok(RtlLockHeap(Walked), "lock a heap to walk it");
    while (NT_SUCCESS(Status = RtlWalkHeap(Walked, &Entry))) {
        Regions += (Entry.Flags & RTL_HEAP_ENTRY_REGION) != 0;
        Busy += (Entry.Flags & RTL_HEAP_ENTRY_BUSY) != 0;
        Free += Entry.Flags == RTL_HEAP_ENTRY_COMMITTED;
        SmallSeen |= Entry.DataAddress == Small && Entry.DataSize == 77;
        LargeSeen |= Entry.DataAddress == Large && Entry.DataSize == 600000;
    }
    ok(RtlUnlockHeap(Walked), "and unlock it");
    ok_status(Status, STATUS_NO_MORE_ENTRIES, "the walk ends");
    ok(Regions == 1 && Busy == 2 && Free >= 1, "a region, two blocks, and what is free");
    ok(SmallSeen && LargeSeen, "with their sizes");
    Entry.DataAddress = &Entry;
    Entry.Flags = 0;
    ok_status(RtlWalkHeap(Walked, &Entry), STATUS_INVALID_PARAMETER, "from an address elsewhere");
    ok(RtlValidateHeap(Walked, 0, Large) && RtlValidateHeap(Walked, 0, Small), "both are blocks");
    ok(!RtlValidateHeap(Walked, 0, (PUCHAR)Small + 16) && !RtlValidateHeap(Heap, 0, Small),
       "what lies inside one is not, nor is a block one of another heap's");
    RtlDestroyHeap(Walked);
    ok_status(RtlWalkHeap(NULL, &Entry), STATUS_INVALID_HANDLE, "no heap");
}

static void TestUser(void)
{
    PVOID Memory = RtlAllocateHeap(Heap, HEAP_SETTABLE_USER_VALUE | HEAP_SETTABLE_USER_FLAG2, 64),
          Plain = RtlAllocateHeap(Heap, 0, 64), Value = Heap;
    ULONG Flags = 0;

    ok(RtlGetUserInfoHeap(Heap, 0, Memory, &Value, &Flags), "what is attached to a block");
    ok(Value == NULL && Flags == HEAP_SETTABLE_USER_FLAG2, "its flags, and no value yet");
    ok(RtlSetUserValueHeap(Heap, 0, Memory, &Flags), "a value");
    memset(Memory, 0xff, 64);
    Memory = RtlReAllocateHeap(Heap, 0, Memory, 2000);
    memset(Memory, 0xff, 2000);
    RtlGetUserInfoHeap(Heap, 0, Memory, &Value, NULL);
    ok(Value == &Flags && RtlSizeHeap(Heap, 0, Memory) == 2000, "stays when the block moves");
    ok(RtlSetUserFlagsHeap(Heap, 0, Memory, HEAP_SETTABLE_USER_FLAG2, HEAP_SETTABLE_USER_FLAG3),
       "change the flags");
    RtlGetUserInfoHeap(Heap, 0, Memory, NULL, &Flags);
    ok(Flags == HEAP_SETTABLE_USER_FLAG3, "they are changed");
    ok(!RtlSetUserFlagsHeap(Heap, 0, Memory, 0, 1), "not other ones");
    ok(!RtlSetUserValueHeap(Heap, 0, Plain, &Flags), "a block without a value gets none");
    ok(RtlGetUserInfoHeap(Heap, 0, Plain, &Value, &Flags) && !Value && !Flags, "and has none");
    RtlFreeHeap(Heap, 0, Memory);
    RtlFreeHeap(Heap, 0, Plain);
}

static void TestHeapInformation(void)
{
    HEAP_OPTIMIZE_RESOURCES_INFORMATION Optimize = {1, 0};
    PVOID New = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, NULL),
          Unlocked = RtlCreateHeap(HEAP_GROWABLE | HEAP_NO_SERIALIZE, NULL, 0, 0, NULL, NULL);
    ULONG Value = 99, Lfh = HEAP_COMPATIBILITY_LFH, Odd = 1;
    SIZE_T Length = 0;

    ok_status(RtlQueryHeapInformation(New, HeapCompatibilityInformation, &Value, 4, &Length),
              STATUS_SUCCESS, "what kind of heap");
    ok(Value == HEAP_COMPATIBILITY_STANDARD && Length == 4, "a standard one");
    ok_status(RtlQueryHeapInformation(New, HeapCompatibilityInformation, &Value, 3, &Length),
              STATUS_BUFFER_TOO_SMALL, "a buffer that is too small");
    ok_status(RtlQueryHeapInformation(New, 77, &Value, 4, NULL), STATUS_INVALID_INFO_CLASS,
              "an unknown class");
    ok_status(RtlSetHeapInformation(New, HeapCompatibilityInformation, &Odd, 4),
              STATUS_UNSUCCESSFUL, "an unknown kind");
    ok_status(RtlSetHeapInformation(New, HeapCompatibilityInformation, &Lfh, 2),
              STATUS_BUFFER_TOO_SMALL, "half a kind");
    ok_status(RtlSetHeapInformation(New, HeapCompatibilityInformation, &Lfh, 4), STATUS_SUCCESS,
              "low fragmentation");
    RtlQueryHeapInformation(New, HeapCompatibilityInformation, &Value, 4, NULL);
    ok(Value == HEAP_COMPATIBILITY_LFH, "that is its kind now");
    ok_status(RtlSetHeapInformation(New, HeapCompatibilityInformation, &Lfh, 4),
              STATUS_UNSUCCESSFUL, "once only");
    ok_status(RtlSetHeapInformation(Unlocked, HeapCompatibilityInformation, &Lfh, 4),
              STATUS_UNSUCCESSFUL, "not of a heap without a lock");
    RtlQueryHeapInformation(RtlProcessHeap(), HeapCompatibilityInformation, &Value, 4, NULL);
    ok(Value == HEAP_COMPATIBILITY_LFH, "the process's heap has it from the start");
    ok_status(RtlSetHeapInformation(NULL, HeapOptimizeResources, &Optimize, sizeof(Optimize)),
              STATUS_SUCCESS, "compact all heaps");
    Optimize.Version = 2;
    ok_status(RtlSetHeapInformation(NULL, HeapOptimizeResources, &Optimize, sizeof(Optimize)),
              STATUS_INVALID_PARAMETER, "in an unknown way");
    ok_status(RtlSetHeapInformation(NULL, 77, NULL, 0), STATUS_INVALID_INFO_CLASS,
              "set an unknown class");
    ok(RtlCreateTagHeap(New, 0, u"A", u"B\0") == 0 &&
           RtlQueryTagHeap(New, 0, 1, FALSE, NULL) == NULL,
       "there are no tags without the flag for them");
    RtlDestroyHeap(New);
    RtlDestroyHeap(Unlocked);
}

static void TestUsage(void)
{
    PVOID New = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, NULL), Many[10];
    RTL_HEAP_USAGE Usage = {.Length = sizeof(Usage)};

    ok(RtlMultipleAllocateHeap(New, 0, 100, 10, Many) == 10, "ten blocks at once");
    ok_status(RtlUsageHeap(New, 0, &Usage), STATUS_SUCCESS, "the usage");
    ok(Usage.BytesAllocated == 1000 && Usage.BytesCommitted >= 1000, "so much is allocated");
    ok(RtlMultipleFreeHeap(New, 0, 10, Many) == 10, "free them");
    RtlUsageHeap(New, 0, &Usage);
    ok(Usage.BytesAllocated == 0, "nothing is");
    Usage.Length--;
    ok_status(RtlUsageHeap(New, 0, &Usage), STATUS_INFO_LENGTH_MISMATCH, "another structure");
    ok_status(RtlZeroHeap(New, 0), STATUS_SUCCESS, "clear what is free");
    ok(RtlValidateHeap(New, 0, NULL), "the heap is sound");
    RtlProtectHeap(New, TRUE);
    ok_status(NtQuerySystemTime(New), STATUS_ACCESS_VIOLATION, "a heap that cannot be written");
    RtlProtectHeap(New, FALSE);
    RtlFreeHeap(New, 0, RtlAllocateHeap(New, 0, 10));
    RtlDestroyHeap(New);
}

static void TestBounded(void)
{
    PVOID Bounded = RtlCreateHeap(0, NULL, 0x30000, 0x1000, NULL, NULL);
    ULONG Fit = 0;

    while (RtlAllocateHeap(Bounded, 0, 5000))
        Fit++;
    ok(Fit > 20 && Fit < 0x30000 / 5000, "a heap of bounded size is full some time");
    ok(RtlAllocateHeap(Bounded, 0, 0x200000) == NULL, "and has no very large blocks");
    RtlDestroyHeap(Bounded);
    Bounded = RtlCreateHeap(0, NULL, 0x10000, 0x20000, NULL, NULL);
    ok(Bounded && RtlCompactHeap(Bounded, 0) < 0x10000,
       "more committed than reserved is as much as is reserved");
    RtlDestroyHeap(Bounded);
}

/* ---- Memory and locks of the caller's ---- */

#define OWN_SIZE 0x100000

static SIZE_T CommittedAt(PVOID Base)
{
    MEMORY_BASIC_INFORMATION Region = {0};

    NtQueryVirtualMemory(NtCurrentProcess(), Base, MemoryBasicInformation, &Region, sizeof(Region),
                         NULL);
    return Region.State == MEM_COMMIT ? Region.RegionSize : 0;
}

static void TestOwnMemory(void)
{
    PVOID Base = NULL, Own;
    SIZE_T Size = OWN_SIZE, All = 0;
    BOOLEAN Inside = TRUE;
    PUCHAR Memory;

    NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE, PAGE_READWRITE);
    ok(!RtlCreateHeap(0, (PUCHAR)Base + 16, 0, 0, NULL, NULL) &&
           !RtlCreateHeap(0, (PVOID)0x1000, 0, 0, NULL, NULL),
       "a heap begins with a page of memory that is there");
    Own = RtlCreateHeap(0, Base, 0, 0x3000, NULL, NULL);
    if (!ok(Own == Base, "a heap in memory that I have reserved"))
        return;
    ok(CommittedAt(Base) == 0x3000, "commits as much as I say");
    while ((Memory = RtlAllocateHeap(Own, 0, 5000)) != NULL) {
        Inside &= Memory > (PUCHAR)Base && Memory + 5000 <= (PUCHAR)Base + OWN_SIZE;
        memset(Memory, 1, 5000);
        All += 5000;
    }
    ok(Inside && All > OWN_SIZE / 10 * 9 && CommittedAt(Base) == OWN_SIZE,
       "more when it needs more, until all of it is used");
    ok(RtlValidateHeap(Own, 0, NULL) && RtlAllocateHeap(Own, 0, 600000) == NULL,
       "it is sound, and has nothing elsewhere");
    ok(RtlDestroyHeap(Own) == NULL && CommittedAt(Base) == OWN_SIZE, "the memory stays mine");
    Own = RtlCreateHeap(HEAP_GROWABLE, Base, 0, 0, NULL, NULL);
    Memory = RtlAllocateHeap(Own, 0, 2 * OWN_SIZE);
    ok(Own == Base && Memory && (Memory < (PUCHAR)Base || Memory >= (PUCHAR)Base + OWN_SIZE),
       "one that grows goes on elsewhere");
    RtlDestroyHeap(Own);
    Size = 0;
    ok_status(NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE), STATUS_SUCCESS,
              "I free it");
}

static ULONG CommitCalls;

static NTSTATUS NTAPI CommitPages(PVOID Base, PVOID *Address, PSIZE_T Size)
{
    CommitCalls++;
    return NtAllocateVirtualMemory(NtCurrentProcess(), Address, 0, Size, MEM_COMMIT,
                                   PAGE_READWRITE);
}

static void TestCommitRoutine(void)
{
    RTL_HEAP_PARAMETERS Parameters = {.Length = sizeof(Parameters),
                                      .InitialCommit = 0x2000,
                                      .InitialReserve = OWN_SIZE,
                                      .CommitRoutine = CommitPages};
    PVOID Base = NULL, Own;
    SIZE_T Size = OWN_SIZE, Commit = 0x2000;

    ok(!RtlCreateHeap(0, NULL, 0, 0, NULL, &Parameters), "a routine that commits, without memory");
    NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE, PAGE_READWRITE);
    NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Commit, MEM_COMMIT, PAGE_READWRITE);
    ok(!RtlCreateHeap(HEAP_GROWABLE, Base, 0, 0, NULL, &Parameters), "for a heap that grows");
    Own = RtlCreateHeap(0, Base, 0, 0, NULL, &Parameters);
    ok(Own && RtlAllocateHeap(Own, 0, 300000) && CommitCalls == 1, "is called for more");
    RtlDestroyHeap(Own);
    Size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}

static NTSTATUS NTAPI AllocateOnce(PVOID Argument)
{
    return RtlAllocateHeap(Argument, 0, 100) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

static void TestOwnLock(void)
{
    RTL_CRITICAL_SECTION Lock;
    PVOID Own;
    HANDLE Thread = NULL;
    LARGE_INTEGER Shortly = {.QuadPart = -500000};

    RtlInitializeCriticalSection(&Lock);
    ok(!RtlCreateHeap(HEAP_GROWABLE | HEAP_NO_SERIALIZE, NULL, 0, 0, &Lock, NULL),
       "a lock that is not to be used");
    Own = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, &Lock, NULL);
    if (!ok(Own != NULL, "a heap with a lock of my own"))
        return;
    RtlEnterCriticalSection(&Lock);
    RtlFreeHeap(Own, 0, RtlAllocateHeap(Own, 0, 10));
    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), AllocateOnce, Own, 0, 0,
                     0, 0, NULL);
    ok_status(NtWaitForSingleObject(Thread, FALSE, &Shortly), STATUS_TIMEOUT,
              "who allocates waits for it");
    RtlLeaveCriticalSection(&Lock);
    ok_status(NtWaitForSingleObject(Thread, FALSE, NULL), STATUS_SUCCESS, "until I leave it");
    NtClose(Thread);
    ok(RtlDestroyHeap(Own) == NULL && NT_SUCCESS(RtlEnterCriticalSection(&Lock)) &&
           NT_SUCCESS(RtlLeaveCriticalSection(&Lock)),
       "it is still there without the heap");
    RtlDeleteCriticalSection(&Lock);
}

static void TestTags(void)
{
    PVOID Tagged =
              RtlCreateHeap(HEAP_GROWABLE | HEAP_CREATE_ENABLE_EXECUTE, NULL, 0, 0, NULL, NULL),
          Block;
    RTL_HEAP_TAG_INFO Info = {0};
    ULONG Tag;

    NtCurrentPeb()->NtGlobalFlag |= FLG_HEAP_ENABLE_TAGGING;
    Tag = RtlCreateTagHeap(Tagged, 0, u"Test", u"First\0Second\0");
    NtCurrentPeb()->NtGlobalFlag &= ~FLG_HEAP_ENABLE_TAGGING;
    ok(Tag == 1u << HEAP_TAG_SHIFT, "two tags, with the global flag");
    Block = RtlAllocateHeap(Tagged, Tag, 100);
    RtlAllocateHeap(Tagged, 0, 100);
    ok(RtlQueryTagHeap(Tagged, 0, 1, FALSE, &Info) && Info.NumberOfAllocations == 1 &&
           Info.BytesAllocated >= 100 && Info.BytesAllocated < 200,
       "a tag counts what is allocated with it");
    RtlFreeHeap(Tagged, 0, Block);
    ok(wcscmp(RtlQueryTagHeap(Tagged, 0, 1, TRUE, &Info), u"TestFirst") == 0 &&
           Info.NumberOfFrees == 1 && !Info.BytesAllocated,
       "and what is freed");
    ok(RtlQueryTagHeap(Tagged, 0, 2, FALSE, &Info) && !Info.NumberOfAllocations &&
           !RtlQueryTagHeap(Tagged, 0, 3, FALSE, &Info),
       "the other one has none");
    RtlDestroyHeap(Tagged);
}

static void TestLargeCommit(void)
{
    for (SIZE_T Size = 0x400000; Size <= 0x1000000; Size *= 4) {
        PVOID New = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, Size, NULL, NULL), Block;

        ok(New && RtlValidateHeap(New, 0, NULL), "a heap that begins with megabytes is sound");
        Block = RtlAllocateHeap(New, 0, 0x70000);
        ok(Block && RtlFreeHeap(New, 0, Block), "a block of it");
        ok(RtlCompactHeap(New, 0) > Size - 0x2000, "all of it is free");
        ok(RtlDestroyHeap(New) == NULL, "destroy it");
    }
}

static void TestDamage(void)
{
    PVOID New = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, NULL);
    PUCHAR Memory = RtlAllocateHeap(New, 0, 2000), Next = RtlAllocateHeap(New, 0, 2000), Kept;

    ok(!RtlFreeHeap(New, 0, Memory + 16), "what lies inside a block is not freed");
    ok(!RtlFreeHeap(New, 0, Memory + 1), "nor what is not aligned");
    Kept = RtlAllocateHeap(New, 0, 100);
    ok(RtlFreeHeap(New, 0, Kept) && !RtlFreeHeap(New, 0, Kept), "a block is freed once");
    ok(RtlFreeHeap(New, 0, NULL), "nothing can be freed");
    ok(!RtlFreeHeap(NULL, 0, Memory) && RtlAllocateHeap(NULL, 0, 1) == NULL, "of no heap neither");
    ok(RtlSizeHeap(New, 0, Memory + 16) == MAXULONG_PTR, "it has no size");
    memset(Memory, 0x41, 2016);
    ok(!RtlValidateHeap(New, 0, NULL), "writing behind a block is noticed");
    ok(!RtlFreeHeap(New, 0, Next), "and what was behind it is not freed");
    RtlDestroyHeap(New);
}

/* HeapEnableTerminationOnCorruption cannot be taken back: in a process of its own. */
NTSTATUS HeapChild(void)
{
    PVOID Memory = RtlAllocateHeap(RtlProcessHeap(), 0, 10);
    ULONG On = 0;

    RtlSetHeapInformation(NULL, HeapEnableTerminationOnCorruption, NULL, 0);
    RtlQueryHeapInformation(NULL, HeapEnableTerminationOnCorruption, &On, sizeof(On), NULL);
    if (!On)
        return STATUS_UNSUCCESSFUL;
    RtlFreeHeap(RtlProcessHeap(), 0, Memory);
    RtlFreeHeap(RtlProcessHeap(), 0, Memory);
    return STATUS_SUCCESS;
}

/* Each thread has blocks of its own, and frees those that the one before has left. */
static PVOID Shared[4][64];
static volatile LONG Wrong;

static NTSTATUS NTAPI Worker(PVOID Argument)
{
    ULONG Self = (ULONG)(ULONG_PTR)Argument;

    for (ULONG Round = 0; Round < 2000; Round++) {
        ULONG Index = Round * 7 % 64;
        PUCHAR Old = __atomic_exchange_n(&Shared[(Self + 1) % 4][Index], NULL, __ATOMIC_ACQ_REL);
        PUCHAR New = RtlAllocateHeap(Heap, 0, 16 + Round % 900);

        if (Old && !RtlFreeHeap(Heap, 0, Old))
            Wrong++;
        if (!New)
            Wrong++;
        else
            New[0] = (UCHAR)Self;
        Old = __atomic_exchange_n(&Shared[Self][Index], New, __ATOMIC_ACQ_REL);
        if (Old && !RtlFreeHeap(Heap, 0, Old))
            Wrong++;
    }
    return STATUS_SUCCESS;
}

static void TestThreads4(void)
{
    HANDLE Threads[4];

    for (ULONG i = 0; i < 4; i++)
        NtCreateThreadEx(&Threads[i], THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), Worker,
                         (PVOID)(ULONG_PTR)i, 0, 0, 0, 0, NULL);
    for (ULONG i = 0; i < 4; i++) {
        NtWaitForSingleObject(Threads[i], FALSE, NULL);
        NtClose(Threads[i]);
    }
    ok(!Wrong, "four threads share a heap");
    ok(RtlValidateHeap(Heap, 0, NULL), "which is sound");
    for (ULONG i = 0; i < 4 * 64; i++)
        RtlFreeHeap(Heap, 0, Shared[i / 64][i % 64]);
}

static void TestLocking(void)
{
    ok(RtlLockHeap(Heap) && RtlLockHeap(Heap), "a heap is locked twice");
    RtlFreeHeap(Heap, 0, RtlAllocateHeap(Heap, 0, 10));
    ok(RtlUnlockHeap(Heap) && RtlUnlockHeap(Heap), "and unlocked, with blocks made meanwhile");
    ok(!RtlLockHeap(NULL) && !RtlUnlockHeap(NULL), "no heap cannot be locked");
}

void TestHeap(void)
{
    PVOID Executable = RtlCreateHeap(
        HEAP_GROWABLE | HEAP_CREATE_ENABLE_EXECUTE | HEAP_CREATE_ALIGN_16, NULL, 0, 0, NULL, NULL);
    MEMORY_BASIC_INFORMATION Basic = {0};

    Heap = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, NULL);
    if (!ok(Heap != NULL, "a heap"))
        return;
    TestBlocks();
    TestReallocation();
    TestList();
    TestWalk();
    TestUser();
    TestHeapInformation();
    TestUsage();
    TestBounded();
    TestOwnMemory();
    TestCommitRoutine();
    TestOwnLock();
    TestTags();
    TestLargeCommit();
    TestDamage();
    TestThreads4();
    TestLocking();
    NtQueryVirtualMemory(NtCurrentProcess(), Executable, MemoryBasicInformation, &Basic,
                         sizeof(Basic), NULL);
    ok(Basic.Protect == PAGE_EXECUTE_READWRITE, "a heap whose blocks can be executed");
    RtlDestroyHeap(Executable);
    ok_status(RunSelf(u"umtests heapchild", 20), STATUS_HEAP_CORRUPTION,
              "a process that wants it ends when its heap is damaged");
    ok(RtlDestroyHeap(Heap) == NULL, "destroy it");
}

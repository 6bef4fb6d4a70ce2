// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/heap/heap.c ntdll/heap/segment.c ntdll/heap/quick.c ntdll/heap/tags.c ntdll/heap/create.c ntdll/heap/walk.c ntdll/heap/information.c rtl/wstring.c rtl/ctype.c rtl/upcase.c rtl/memory.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -DDBG=1 -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "heapp.h"

#define BLOCKS 200

void *aligned_alloc(__SIZE_TYPE__ alignment, __SIZE_TYPE__ size);
void free(void *memory);

static int Regions;
static BOOLEAN OutOfMemory;
static MEMORY_BASIC_INFORMATION Own[2]; /* what the system knows of the memory of a test */
static SIZE_T Committed;                /* of that, since it began */
static PRTL_CRITICAL_SECTION Entered;
static ULONG Depth;

/* What the heap takes from the system */
PTEB NtCurrentTeb(void)
{
    static PEB Peb;
    static TEB Teb;

    Teb.ProcessEnvironmentBlock = &Peb;
    return &Teb;
}

NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE Process, PVOID *BaseAddress, ULONG_PTR ZeroBits,
                                       PSIZE_T RegionSize, ULONG AllocationType, ULONG Protect)
{
    if (OutOfMemory)
        return STATUS_NO_MEMORY;
    if (AllocationType == MEM_COMMIT) {
        Committed += *RegionSize;
        return STATUS_SUCCESS;
    }
    *BaseAddress = aligned_alloc(PAGE_SIZE, *RegionSize);
    memset(*BaseAddress, 0, *RegionSize);
    Regions++;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE Process, PVOID *BaseAddress, PSIZE_T RegionSize,
                                   ULONG FreeType)
{
    free(*BaseAddress);
    Regions--;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlInitializeCriticalSectionEx(PRTL_CRITICAL_SECTION CriticalSection,
                                              ULONG SpinCount, ULONG Flags)
{
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    Entered = CriticalSection;
    Depth++;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    Depth--;
    return STATUS_SUCCESS;
}

void NTAPI RtlAcquireSRWLockExclusive(PRTL_SRWLOCK Lock)
{
}

void NTAPI RtlReleaseSRWLockExclusive(PRTL_SRWLOCK Lock)
{
}

void NTAPI RtlRaiseStatus(NTSTATUS Status)
{
    __builtin_trap();
}

NTSTATUS NTAPI NtTerminateProcess(HANDLE Process, NTSTATUS Status)
{
    __builtin_trap();
}

NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE Process, PVOID *Base, PSIZE_T Size, ULONG Protect,
                                      PULONG Old)
{
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE Process, PVOID Base, MEMORY_INFORMATION_CLASS Class,
                                    PVOID Information, SIZE_T Length, PSIZE_T ReturnLength)
{
    for (ULONG i = 0; i < ARRAYSIZE(Own); i++) {
        if (Own[i].BaseAddress == Base) {
            memcpy(Information, &Own[i], sizeof(Own[i]));
            return STATUS_SUCCESS;
        }
    }
    return STATUS_INVALID_PARAMETER;
}

ULONG CDECL DbgPrint(PCSTR Format, ...)
{
    return 0;
}

void SehpCallThenLeave(void (*Routine)(PVOID Argument), PVOID Argument,
                       void (*Leave)(PVOID Argument))
{
    Routine(Argument);
    Leave(Argument);
}

static PHEAP Create(void)
{
    return RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, NULL);
}

static BOOLEAN Filled(PUCHAR Memory, SIZE_T Size, UCHAR Value)
{
    for (SIZE_T i = 0; i < Size; i++) {
        if (Memory[i] != Value)
            return FALSE;
    }
    return TRUE;
}

TEST(blocks_are_aligned_sized_and_zeroed_on_request)
{
    PHEAP Heap = Create();

    for (SIZE_T Size = 0; Size < 300; Size++) {
        PUCHAR Memory = RtlAllocateHeap(Heap, HEAP_ZERO_MEMORY, Size);

        REQUIRE(Memory && (ULONG_PTR)Memory % 16 == 0);
        CHECK_EQUAL(RtlSizeHeap(Heap, 0, Memory), Size);
        CHECK(Filled(Memory, Size, 0));
        memset(Memory, 0xcc, Size);
        CHECK(RtlFreeHeap(Heap, 0, Memory));
    }
    CHECK(RtlValidateHeap(Heap, 0, NULL));
    RtlDestroyHeap(Heap);
    CHECK_EQUAL(Regions, 0);
}

TEST(freed_neighbours_become_one_block_again)
{
    PHEAP Heap = Create();
    PVOID Memory[BLOCKS], Large;

    for (int i = 0; i < BLOCKS; i++)
        Memory[i] = RtlAllocateHeap(Heap, 0, 200);
    for (int i = 0; i < BLOCKS; i += 2)
        CHECK(RtlFreeHeap(Heap, 0, Memory[i]));
    for (int i = 1; i < BLOCKS; i += 2)
        CHECK(RtlFreeHeap(Heap, 0, Memory[i]));
    CHECK(RtlValidateHeap(Heap, 0, NULL));
    Large = RtlAllocateHeap(Heap, 0, 60000);
    CHECK(Large != NULL);
    CHECK_EQUAL(Regions, 1);
    RtlDestroyHeap(Heap);
}

TEST(empty_segments_go_back_to_the_system)
{
    PHEAP Heap = Create();
    PVOID Memory[10];

    for (int i = 0; i < 10; i++)
        Memory[i] = RtlAllocateHeap(Heap, 0, 100000);
    CHECK(Regions > 1);
    for (int i = 0; i < 10; i++)
        CHECK(RtlFreeHeap(Heap, 0, Memory[i]));
    CHECK(Regions <= 2); /* one may soon be wanted again */
    RtlCompactHeap(Heap, 0);
    CHECK_EQUAL(Regions, 1);
    RtlDestroyHeap(Heap);
}

TEST(large_blocks_stand_alone)
{
    PHEAP Heap = Create();
    PUCHAR Memory = RtlAllocateHeap(Heap, HEAP_ZERO_MEMORY, 3000000);

    CHECK_EQUAL(Regions, 2);
    CHECK(Filled(Memory, 3000000, 0));
    CHECK_EQUAL(RtlSizeHeap(Heap, 0, Memory), 3000000);
    memset(Memory, 7, 3000000);
    Memory = RtlReAllocateHeap(Heap, 0, Memory, 1000);
    CHECK(Filled(Memory, 1000, 7));
    CHECK_EQUAL(Regions, 1);
    Memory = RtlReAllocateHeap(Heap, HEAP_ZERO_MEMORY, Memory, 1000000);
    CHECK(Filled(Memory, 1000, 7) && Filled(Memory + 1000, 999000, 0));
    CHECK(RtlFreeHeap(Heap, 0, Memory));
    RtlDestroyHeap(Heap);
    CHECK_EQUAL(Regions, 0);
}

TEST(reallocation_keeps_the_contents)
{
    PHEAP Heap = Create();
    PUCHAR Memory = RtlAllocateHeap(Heap, 0, 10), Wall;

    memset(Memory, 1, 10);
    Memory = RtlReAllocateHeap(Heap, HEAP_ZERO_MEMORY, Memory, 5000);
    CHECK(Filled(Memory, 10, 1) && Filled(Memory + 10, 4990, 0));
    Wall = RtlAllocateHeap(Heap, 0, 2000);
    CHECK(RtlReAllocateHeap(Heap, HEAP_REALLOC_IN_PLACE_ONLY, Memory, 9000) == NULL);
    CHECK(RtlReAllocateHeap(Heap, HEAP_REALLOC_IN_PLACE_ONLY, Memory, 100) == Memory);
    CHECK_EQUAL(RtlSizeHeap(Heap, 0, Memory), 100);
    CHECK(RtlFreeHeap(Heap, 0, Wall));
    CHECK(RtlReAllocateHeap(Heap, HEAP_REALLOC_IN_PLACE_ONLY, Memory, 9000) == Memory);
    CHECK(RtlValidateHeap(Heap, 0, NULL));
    RtlDestroyHeap(Heap);
}

TEST(what_is_no_block_is_refused)
{
    PHEAP Heap = Create();
    PUCHAR Memory = RtlAllocateHeap(Heap, HEAP_ZERO_MEMORY, 100);

    CHECK(!RtlFreeHeap(Heap, 0, Memory + 8));
    CHECK(!RtlFreeHeap(Heap, 0, Memory + 32));
    CHECK_EQUAL(RtlSizeHeap(Heap, 0, Memory + 32), MAXULONG_PTR);
    CHECK(RtlFreeHeap(Heap, 0, Memory));
    CHECK(!RtlFreeHeap(Heap, 0, Memory));
    CHECK(RtlFreeHeap(Heap, 0, NULL));
    CHECK(!RtlFreeHeap(NULL, 0, Memory));
    RtlDestroyHeap(Heap);
}

TEST(an_overrun_is_noticed)
{
    PHEAP Heap = Create();
    PUCHAR Memory = RtlAllocateHeap(Heap, 0, 32);
    PUCHAR Next = RtlAllocateHeap(Heap, 0, 32);

    memset(Memory, 0x41, 48);
    CHECK(!RtlValidateHeap(Heap, 0, NULL));
    CHECK(!RtlFreeHeap(Heap, 0, Memory));
    CHECK(!RtlFreeHeap(Heap, 0, Next));
    RtlDestroyHeap(Heap);
}

TEST(no_memory_is_an_answer)
{
    PHEAP Heap = Create();
    PVOID Memory = RtlAllocateHeap(Heap, 0, 60000);

    OutOfMemory = TRUE;
    CHECK(RtlAllocateHeap(Heap, 0, 60000) == NULL);
    CHECK(RtlAllocateHeap(Heap, 0, 1000000) == NULL);
    CHECK(RtlAllocateHeap(Heap, 0, MAXULONG_PTR) == NULL);
    CHECK(RtlReAllocateHeap(Heap, 0, Memory, 200000) == NULL);
    CHECK_EQUAL(RtlSizeHeap(Heap, 0, Memory), 60000);
    CHECK(Create() == NULL);
    OutOfMemory = FALSE;
    RtlDestroyHeap(Heap);
}

TEST(twenty_thousand_random_steps_lose_nothing)
{
    static struct {
        PUCHAR Memory;
        SIZE_T Size;
    } Blocks[BLOCKS];
    PHEAP Heap = Create();
    ULONG Random = 12345;

    for (int Step = 0; Step < 20000; Step++) {
        ULONG Index, Size;

        Random = Random * 1664525 + 1013904223;
        Index = (Random >> 8) % BLOCKS;
        Size = (Random >> 12) % (Step % 100 ? 700 : 60000);
        if (Blocks[Index].Memory) {
            SIZE_T Kept = Size < Blocks[Index].Size ? Size : Blocks[Index].Size;

            REQUIRE(Filled(Blocks[Index].Memory, Blocks[Index].Size, (UCHAR)Index));
            if (Step % 3) {
                REQUIRE(RtlFreeHeap(Heap, 0, Blocks[Index].Memory));
                Blocks[Index].Memory = NULL;
                continue;
            }
            Blocks[Index].Memory = RtlReAllocateHeap(Heap, 0, Blocks[Index].Memory, Size);
            REQUIRE(Filled(Blocks[Index].Memory, Kept, (UCHAR)Index));
        } else {
            Blocks[Index].Memory = RtlAllocateHeap(Heap, 0, Size);
        }
        Blocks[Index].Size = Size;
        memset(Blocks[Index].Memory, (int)Index, Size);
        if (Step % 100 == 0)
            REQUIRE(RtlValidateHeap(Heap, 0, NULL));
    }
    for (int i = 0; i < BLOCKS; i++)
        CHECK(RtlFreeHeap(Heap, 0, Blocks[i].Memory));
    RtlCompactHeap(Heap, 0);
    CHECK_EQUAL(Regions, 1);
    RtlDestroyHeap(Heap);
}

TEST(a_walk_shows_each_block_once)
{
    PHEAP Heap = Create();
    RTL_HEAP_WALK_ENTRY Entry = {0};
    PVOID Memory[BLOCKS], Large = RtlAllocateHeap(Heap, 0, 700000);
    ULONG Found = 0, Regions2 = 0, Steps = 0;

    for (int i = 0; i < BLOCKS; i++)
        Memory[i] = RtlAllocateHeap(Heap, 0, 500 + i * 10);
    for (int i = 0; i < BLOCKS; i += 2)
        CHECK(RtlFreeHeap(Heap, 0, Memory[i]));
    while (NT_SUCCESS(RtlWalkHeap(Heap, &Entry))) {
        Regions2 += Entry.Flags == RTL_HEAP_ENTRY_REGION;
        Steps++;
        if (!(Entry.Flags & RTL_HEAP_ENTRY_BUSY))
            continue;
        for (int i = 1; i < BLOCKS; i += 2)
            Found += Entry.DataAddress == Memory[i] && Entry.DataSize == 500 + i * 10u;
        Found += Entry.DataAddress == Large && Entry.DataSize == 700000;
    }
    CHECK_EQUAL(Found, BLOCKS / 2 + 1);
    CHECK_EQUAL(Regions2, Regions - 1u);
    CHECK(Steps > Found + Regions2);
    CHECK_EQUAL(RtlWalkHeap(Heap, &Entry), STATUS_NO_MORE_ENTRIES);
    RtlDestroyHeap(Heap);
}

static void UseAllOf(PHEAP Heap, SIZE_T Commit)
{
    PVOID Memory[BLOCKS];
    ULONG Count = 0;

    for (SIZE_T Used = 0; Used + 600000 < Commit && Count < BLOCKS; Used += 500000) {
        Memory[Count] = RtlAllocateHeap(Heap, 0, 500000);
        REQUIRE(Memory[Count] != NULL);
        memset(Memory[Count++], 0xcc, 500000);
    }
    CHECK_EQUAL(Regions, 1);
    CHECK(RtlValidateHeap(Heap, 0, NULL));
    for (ULONG i = 0; i < Count; i++)
        CHECK(RtlFreeHeap(Heap, 0, Memory[(i + 3) % Count]));
}

/* Its first free block is larger than those of all bins but the last. */
TEST(a_heap_may_begin_large)
{
    for (SIZE_T Commit = 0x1e0000; Commit < 0x4000000; Commit *= 2) {
        PHEAP Heap = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, Commit, NULL, NULL);
        SIZE_T Largest;

        REQUIRE(Heap != NULL);
        Largest = RtlCompactHeap(Heap, 0);
        CHECK(Largest > Commit - 0x2000 && Largest < Commit);
        UseAllOf(Heap, Commit);
        CHECK(RtlValidateHeap(Heap, 0, NULL));
        CHECK_EQUAL(RtlCompactHeap(Heap, 0), Largest);
        RtlDestroyHeap(Heap);
        CHECK_EQUAL(Regions, 0);
    }
}

TEST(a_heap_of_bounded_size_stays_within_it)
{
    PHEAP Heap = RtlCreateHeap(0, NULL, 0x20000, 0x1000, NULL, NULL);
    ULONG Count = 0;

    REQUIRE(Heap != NULL);
    while (RtlAllocateHeap(Heap, 0, 3000))
        Count++;
    CHECK(Count > 20 && Count < 0x20000 / 3000);
    CHECK(RtlAllocateHeap(Heap, 0, 0x100000) == NULL);
    CHECK(RtlValidateHeap(Heap, 0, NULL));
    RtlDestroyHeap(Heap);
    Heap = RtlCreateHeap(0, NULL, 0x20000, 0x30000, NULL, NULL); /* as much as is reserved */
    REQUIRE(Heap != NULL);
    CHECK(RtlCompactHeap(Heap, 0) < 0x20000);
    RtlDestroyHeap(Heap);
}

/* ---- In memory of the caller's ---- */

#define OWN_SIZE 0x80000

/* So many bytes are committed, the others reserved. */
static PUCHAR OwnMemory(SIZE_T Bytes)
{
    PUCHAR Base = aligned_alloc(PAGE_SIZE, OWN_SIZE);

    memset(Base, 0xaa, OWN_SIZE);
    memset(Own, 0, sizeof(Own));
    Committed = 0;
    Own[0] = (MEMORY_BASIC_INFORMATION){.BaseAddress = Base,
                                        .AllocationBase = Base,
                                        .RegionSize = Bytes ? Bytes : OWN_SIZE,
                                        .State = Bytes ? MEM_COMMIT : MEM_RESERVE,
                                        .Protect = PAGE_READWRITE};
    Own[1] = (MEMORY_BASIC_INFORMATION){.BaseAddress = Base + Own[0].RegionSize,
                                        .AllocationBase = Base,
                                        .RegionSize = OWN_SIZE - Own[0].RegionSize,
                                        .State = Bytes < OWN_SIZE ? MEM_RESERVE : MEM_FREE};
    return Base;
}

/* Fills the heap with blocks, which lie in its memory; how many there are. */
static ULONG FillOwn(PHEAP Heap, PUCHAR Base)
{
    ULONG Count = 0;
    PUCHAR Memory;

    while ((Memory = RtlAllocateHeap(Heap, 0, 3000)) != NULL) {
        CHECK(Memory > Base && Memory + 3000 < Base + OWN_SIZE);
        memset(Memory, 0x11, 3000);
        Count++;
    }
    CHECK(RtlValidateHeap(Heap, 0, NULL));
    return Count;
}

TEST(a_heap_in_the_callers_memory_uses_all_of_it_and_no_more)
{
    static const SIZE_T Sizes[] = {0, 0x10000, 0x11000, OWN_SIZE};

    for (ULONG i = 0; i < ARRAYSIZE(Sizes); i++) {
        PUCHAR Base = OwnMemory(Sizes[i]);
        PHEAP Heap = RtlCreateHeap(0, Base, 0, 0, NULL, NULL);

        REQUIRE((PUCHAR)Heap == Base);
        CHECK(FillOwn(Heap, Base) > OWN_SIZE / 3100 - 3);
        CHECK_EQUAL(Committed, OWN_SIZE - Sizes[i]);
        CHECK(RtlAllocateHeap(Heap, 0, 0x100000) == NULL);
        CHECK_EQUAL(Regions, 0);
        CHECK(RtlDestroyHeap(Heap) == NULL);
        CHECK_EQUAL(Regions, 0);
        free(Base);
    }
}

TEST(a_heap_that_grows_leaves_the_callers_memory_behind)
{
    PUCHAR Base = OwnMemory(0x10000);
    PHEAP Heap = RtlCreateHeap(HEAP_GROWABLE, Base, 0, 0, NULL, NULL);
    ULONG Outside = 0;

    REQUIRE(Heap != NULL);
    for (ULONG i = 0; i < 2 * OWN_SIZE / 3000; i++) {
        PUCHAR Memory = RtlAllocateHeap(Heap, 0, 3000);

        REQUIRE(Memory != NULL);
        Outside += Memory < Base || Memory >= Base + OWN_SIZE;
    }
    CHECK(Outside > OWN_SIZE / 3100 && Outside < OWN_SIZE / 2900);
    CHECK(RtlAllocateHeap(Heap, 0, 0x100000) != NULL);
    CHECK(RtlValidateHeap(Heap, 0, NULL) && Regions > 1);
    RtlDestroyHeap(Heap);
    CHECK_EQUAL(Regions, 0);
    free(Base);
}

TEST(memory_that_cannot_be_used_makes_no_heap)
{
    PUCHAR Base = OwnMemory(0x10000);

    CHECK(!RtlCreateHeap(0, Base + 8, 0, 0, NULL, NULL));
    Own[0].Protect = PAGE_READONLY;
    CHECK(!RtlCreateHeap(0, Base, 0, 0, NULL, NULL));
    Own[0].State = MEM_FREE;
    CHECK(!RtlCreateHeap(0, Base, 0, 0, NULL, NULL));
    Own[0].State = MEM_RESERVE;
    OutOfMemory = TRUE;
    CHECK(!RtlCreateHeap(0, Base, 0, 0, NULL, NULL));
    OutOfMemory = FALSE;
    CHECK(!RtlCreateHeap(0, Base, 0, 0x20000, NULL, NULL)); /* more than there is */
    CHECK(Base[0] == 0xaa && Base[0x1000] == 0xaa);
    free(Base);
}

static PVOID CommitBase;
static ULONG CommitCalls;
static NTSTATUS CommitStatus;
static SIZE_T CommitSkew;

static NTSTATUS NTAPI CommitOwn(PVOID Base, PVOID *Address, PSIZE_T Size)
{
    CommitCalls++;
    CHECK(Base == CommitBase && *Size % PAGE_SIZE == 0 && *Size != 0);
    *Address = (PUCHAR)*Address + CommitSkew;
    if (CommitCalls % 2)
        *Size = PAGE_SIZE; /* less than was asked for */
    return CommitStatus;
}

TEST(a_routine_of_the_callers_commits)
{
    RTL_HEAP_PARAMETERS Parameters = {.Length = sizeof(Parameters),
                                      .InitialCommit = 0x2000,
                                      .InitialReserve = OWN_SIZE,
                                      .CommitRoutine = CommitOwn};
    PUCHAR Base = OwnMemory(OWN_SIZE);
    PHEAP Heap;

    CommitBase = Base;
    CommitCalls = CommitStatus = CommitSkew = 0;
    CHECK(!RtlCreateHeap(0, NULL, 0, 0, NULL, &Parameters));
    CHECK(!RtlCreateHeap(HEAP_GROWABLE, Base, 0, 0, NULL, &Parameters));
    Parameters.InitialReserve = 0x1000;
    CHECK(!RtlCreateHeap(0, Base, 0, 0, NULL, &Parameters));
    Parameters.InitialReserve = OWN_SIZE;
    Heap = RtlCreateHeap(0, Base, 0, 0, NULL, &Parameters);
    REQUIRE((PUCHAR)Heap == Base);
    CHECK(RtlAllocateHeap(Heap, 0, 100) != NULL && CommitCalls == 0);
    CommitStatus = STATUS_NO_MEMORY;
    CHECK(RtlAllocateHeap(Heap, 0, 0x4000) == NULL);
    CommitStatus = STATUS_SUCCESS;
    CommitSkew = PAGE_SIZE; /* elsewhere is not what was asked for */
    CHECK(RtlAllocateHeap(Heap, 0, 0x4000) == NULL);
    CommitSkew = 0;
    CHECK(FillOwn(Heap, Base) > OWN_SIZE / 3100 - 5);
    CHECK(CommitCalls > 4);
    CHECK_EQUAL(Committed, 0);
    RtlDestroyHeap(Heap);
    free(Base);
}

TEST(parameters_bound_blocks)
{
    RTL_HEAP_PARAMETERS Parameters = {.Length = sizeof(Parameters),
                                      .MaximumAllocationSize = 50000,
                                      .VirtualMemoryThreshold = 20000};
    PHEAP Heap = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, &Parameters);
    PVOID Memory;

    CHECK(RtlAllocateHeap(Heap, 0, 50001) == NULL);
    CHECK_EQUAL(Regions, 1);
    Memory = RtlAllocateHeap(Heap, 0, 50000);
    CHECK(Memory != NULL && Regions == 2);
    CHECK(RtlReAllocateHeap(Heap, 0, Memory, 60000) == NULL);
    CHECK(RtlFreeHeap(Heap, 0, Memory) && Regions == 1);
    RtlDestroyHeap(Heap);
    Parameters.Length--; /* of a structure that nobody knows */
    Heap = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, &Parameters);
    CHECK(RtlAllocateHeap(Heap, 0, 50001) != NULL);
    RtlDestroyHeap(Heap);
}

TEST(a_lock_of_the_callers_is_taken)
{
    RTL_CRITICAL_SECTION Lock = {.LockCount = -1};
    PHEAP Heap = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, &Lock, NULL);

    CHECK(RtlCreateHeap(HEAP_GROWABLE | HEAP_NO_SERIALIZE, NULL, 0, 0, &Lock, NULL) == NULL);
    REQUIRE(Heap != NULL);
    Entered = NULL;
    Depth = 0;
    RtlLockHeap(Heap);
    CHECK(Entered == &Lock && Depth == 1);
    CHECK(RtlFreeHeap(Heap, 0, RtlAllocateHeap(Heap, 0, 100)) && Depth == 1);
    RtlUnlockHeap(Heap);
    CHECK_EQUAL(Depth, 0);
    Entered = NULL;
    RtlAllocateHeap(Heap, HEAP_NO_SERIALIZE, 100);
    CHECK(!Entered);
    RtlDestroyHeap(Heap);
}

/* ---- Tags ---- */

TEST(tags_count_what_is_allocated_with_them)
{
    static const WCHAR Names[] = u"One\0A name that is much longer than there is room for\0";
    PHEAP Process = Create(), Heap = Create();
    RTL_HEAP_TAG_INFO Info;
    ULONG First;
    PVOID Blocks[3];
    PWSTR Name;

    NtCurrentPeb()->ProcessHeap = Process;
    CHECK_EQUAL(RtlCreateTagHeap(Heap, 0, u"My", Names), 0);
    NtCurrentPeb()->NtGlobalFlag |= FLG_HEAP_ENABLE_TAGGING;
    First = RtlCreateTagHeap(Heap, 0, u"My", Names);
    CHECK_EQUAL(First, 1u << HEAP_TAG_SHIFT);
    CHECK_EQUAL(RtlCreateTagHeap(Heap, 0, NULL, u"Third\0"), 3u << HEAP_TAG_SHIFT);
    CHECK_EQUAL(RtlCreateTagHeap(Heap, 0, NULL, u""), 0);
    for (ULONG i = 0; i < 3; i++)
        Blocks[i] =
            RtlAllocateHeap(Heap, First + (i == 2 ? 1u << HEAP_TAG_SHIFT : 0), i ? 600000 : 100);
    Name = RtlQueryTagHeap(Heap, 0, 1, FALSE, &Info);
    CHECK(Name && Name[0] == 'M' && Name[2] == 'O' && !Name[5]);
    CHECK(Info.NumberOfAllocations == 2 && Info.NumberOfFrees == 0);
    CHECK(Info.BytesAllocated >= 600100 && Info.BytesAllocated < 610000);
    Blocks[0] = RtlReAllocateHeap(Heap, 0, Blocks[0], 30000);
    CHECK(RtlFreeHeap(Heap, 0, Blocks[1]));
    RtlQueryTagHeap(Heap, 0, 1, TRUE, &Info);
    CHECK(Info.NumberOfAllocations - Info.NumberOfFrees == 1);
    CHECK(Info.BytesAllocated >= 30000 && Info.BytesAllocated < 31000);
    Blocks[0] = RtlReAllocateHeap(Heap, 0, Blocks[0], 20000);
    RtlFreeHeap(Heap, 0, Blocks[0]);
    RtlQueryTagHeap(Heap, 0, 1, FALSE, &Info);
    CHECK(Info.NumberOfAllocations == 0 && Info.NumberOfFrees == 1 && !Info.BytesAllocated);
    Name = RtlQueryTagHeap(Heap, 0, 2, FALSE, &Info);
    CHECK(Name && Name[22] && !Name[23] && Info.NumberOfAllocations == 1);
    CHECK(!RtlQueryTagHeap(Heap, 0, 0, FALSE, &Info) && !RtlQueryTagHeap(Heap, 0, 4, FALSE, NULL));
    CHECK(RtlFreeHeap(Heap, 0, RtlAllocateHeap(Heap, 77u << HEAP_TAG_SHIFT, 10)));
    CHECK(RtlValidateHeap(Heap, 0, NULL));
    RtlDestroyHeap(Heap);
    NtCurrentPeb()->NtGlobalFlag = 0;
    NtCurrentPeb()->ProcessHeap = NULL;
    RtlDestroyHeap(Process);
    CHECK_EQUAL(Regions, 0);
}

TEST(values_of_clients_travel_with_their_blocks)
{
    PHEAP Heap = Create();
    PVOID Memory = RtlAllocateHeap(Heap, HEAP_SETTABLE_USER_VALUE | HEAP_SETTABLE_USER_FLAG1, 100);
    PVOID Value = Heap, Plain = RtlAllocateHeap(Heap, 0, 100);
    ULONG Flags = 0;

    CHECK(RtlGetUserInfoHeap(Heap, 0, Memory, &Value, &Flags) && !Value && Flags == 0x200);
    CHECK(RtlSetUserValueHeap(Heap, 0, Memory, &Flags));
    memset(Memory, 0xff, 100);
    CHECK(RtlSetUserFlagsHeap(Heap, 0, Memory, 0x200, 0xc00));
    Memory = RtlReAllocateHeap(Heap, 0, Memory, 5000);
    memset(Memory, 0xff, 5000);
    Memory = RtlReAllocateHeap(Heap, 0, Memory, 600000);
    memset(Memory, 0xff, 600000);
    Memory = RtlReAllocateHeap(Heap, 0, Memory, 30);
    memset(Memory, 0xff, 30);
    CHECK_EQUAL(RtlSizeHeap(Heap, 0, Memory), 30);
    CHECK(RtlGetUserInfoHeap(Heap, 0, Memory, &Value, &Flags) && Value == &Flags && Flags == 0xc00);
    CHECK(!RtlSetUserValueHeap(Heap, 0, Plain, &Flags));
    CHECK(RtlGetUserInfoHeap(Heap, 0, Plain, &Value, &Flags) && !Value && !Flags);
    CHECK(RtlValidateHeap(Heap, 0, NULL));
    RtlDestroyHeap(Heap);
}

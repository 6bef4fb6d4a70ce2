// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/heap/heap.c ntdll/heap/segment.c ntdll/heap/quick.c ntdll/heap/create.c ntdll/heap/walk.c ntdll/heap/information.c rtl/memory.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -DDBG=1 -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "heapp.h"

#define BLOCKS 200

void *aligned_alloc(__SIZE_TYPE__ alignment, __SIZE_TYPE__ size);
void free(void *memory);

static int Regions;
static BOOLEAN OutOfMemory;

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
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
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
    CHECK(RtlCreateHeap(0, NULL, 0x1000, 0x2000, NULL, NULL) == NULL);
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

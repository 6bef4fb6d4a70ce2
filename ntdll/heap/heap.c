// SPDX-License-Identifier: BSD-2-Clause
/* The heap's interface: RtlAllocateHeap and its family. (WDK: ntifs.h; Win32: HeapAlloc) */
#include "heapp.h"

static void Lock(PHEAP Heap, ULONG Flags)
{
    if (!((Heap->Flags | Flags) & HEAP_NO_SERIALIZE))
        RtlEnterCriticalSection(&Heap->Lock);
}

static void Unlock(PHEAP Heap, ULONG Flags)
{
    if (!((Heap->Flags | Flags) & HEAP_NO_SERIALIZE))
        RtlLeaveCriticalSection(&Heap->Lock);
}

static BOOLEAN IsHeap(PHEAP Heap)
{
    return Heap && Heap->Signature == HEAP_SIGNATURE;
}

/* Size is below HEAP_LARGE_SIZE. */
static ULONG UnitsFor(SIZE_T Size)
{
    ULONG Units = (ULONG)((Size + HEAP_UNIT - 1) / HEAP_UNIT) + 1;

    return Units < HEAP_MINIMUM_UNITS ? HEAP_MINIMUM_UNITS : Units;
}

static SIZE_T Capacity(PHEAP_BLOCK Block)
{
    return (SIZE_T)Block->Units * HEAP_UNIT - sizeof(*Block);
}

static PHEAP_LARGE LargeOf(PHEAP_BLOCK Block)
{
    return CONTAINING_RECORD(Block, HEAP_LARGE, Block);
}

static SIZE_T RequestedSize(PHEAP_BLOCK Block)
{
    return Block->State == HeapLarge ? LargeOf(Block)->RequestedSize
                                     : Capacity(Block) - Block->Unused;
}

static void SetRequestedSize(PHEAP_BLOCK Block, SIZE_T Size)
{
    Block->Unused = (ULONG)(Capacity(Block) - Size);
}

/* The header of a block that the caller has; NULL if it is none, or damaged. */
static PHEAP_BLOCK BusyBlock(PVOID Memory)
{
    PHEAP_BLOCK Block = (PHEAP_BLOCK)Memory - 1;

    if (!Memory || (ULONG_PTR)Memory % HEAP_UNIT != 0)
        return NULL;
    if (Block->State == HeapLarge)
        return Block;
    if (Block->State == HeapBusy && HeappBlockIsSound(Block) && Block->Unused <= Capacity(Block))
        return Block;
    DbgPrint("HEAP: %p is not a block of the heap, or is damaged\n", Memory);
    return NULL;
}

static PHEAP_BLOCK AllocateLarge(PHEAP Heap, SIZE_T Size)
{
    SIZE_T RegionSize = ALIGN_UP_BY(Size + sizeof(HEAP_LARGE), PAGE_SIZE);
    PHEAP_LARGE Large = NULL;
    NTSTATUS Status;

    if (RegionSize < Size)
        return NULL;
    Status = NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Large, 0, &RegionSize,
                                     MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!NT_SUCCESS(Status))
        return NULL;
    Large->RegionSize = RegionSize;
    Large->RequestedSize = Size;
    Large->Block.State = HeapLarge;
    InsertTailList(&Heap->LargeBlocks, &Large->Links);
    return &Large->Block;
}

static void FreeLarge(PHEAP_BLOCK Block)
{
    PVOID Base = LargeOf(Block);
    SIZE_T Size = 0;

    RemoveEntryList(&LargeOf(Block)->Links);
    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}

static PHEAP_BLOCK AllocateSmall(PHEAP Heap, SIZE_T Size)
{
    PHEAP_BLOCK Block = HeappTake(Heap, UnitsFor(Size));

    if (Block)
        SetRequestedSize(Block, Size);
    return Block;
}

static PHEAP_BLOCK Allocate(PHEAP Heap, SIZE_T Size)
{
    return Size < HEAP_LARGE_SIZE ? AllocateSmall(Heap, Size) : AllocateLarge(Heap, Size);
}

static void Free(PHEAP Heap, PHEAP_BLOCK Block)
{
    if (Block->State == HeapLarge)
        FreeLarge(Block);
    else
        HeappGive(Heap, Block);
}

PVOID NTAPI RtlCreateHeap(ULONG Flags, PVOID Base, SIZE_T ReserveSize, SIZE_T CommitSize,
                          PVOID LockArea, PVOID Parameters)
{
    PHEAP Heap;

    UNREFERENCED_PARAMETER(ReserveSize);
    UNREFERENCED_PARAMETER(CommitSize);
    UNREFERENCED_PARAMETER(Parameters);
    if (Base || LockArea)
        return NULL;
    Heap = HeappCreate(Flags);
    if (Heap)
        RtlInitializeCriticalSection(&Heap->Lock);
    return Heap;
}

PVOID NTAPI RtlDestroyHeap(PVOID Heap)
{
    if (!IsHeap(Heap) || Heap == RtlProcessHeap())
        return Heap;
    RtlDeleteCriticalSection(&((PHEAP)Heap)->Lock);
    HeappDestroy(Heap);
    return NULL;
}

PVOID NTAPI RtlAllocateHeap(PVOID Heap, ULONG Flags, SIZE_T Size)
{
    PHEAP_BLOCK Block;

    if (!IsHeap(Heap))
        return NULL;
    Lock(Heap, Flags);
    Block = Allocate(Heap, Size);
    Unlock(Heap, Flags);
    if (!Block)
        return NULL;
    if ((Flags & HEAP_ZERO_MEMORY) && Block->State != HeapLarge)
        memset(Block + 1, 0, Size);
    return Block + 1;
}

BOOLEAN NTAPI RtlFreeHeap(PVOID Heap, ULONG Flags, PVOID Memory)
{
    PHEAP_BLOCK Block;

    if (!Memory)
        return TRUE;
    if (!IsHeap(Heap))
        return FALSE;
    Lock(Heap, Flags);
    Block = BusyBlock(Memory);
    if (Block)
        Free(Heap, Block);
    Unlock(Heap, Flags);
    return Block != NULL;
}

/* Changes the size of a block where it is, if that can be done. */
static BOOLEAN ResizeInPlace(PHEAP Heap, PHEAP_BLOCK Block, SIZE_T Size)
{
    if (Block->State == HeapLarge) {
        PHEAP_LARGE Large = LargeOf(Block);

        if (Size < HEAP_LARGE_SIZE || Size > Large->RegionSize - sizeof(*Large))
            return FALSE;
        Large->RequestedSize = Size;
        return TRUE;
    }
    if (Size >= HEAP_LARGE_SIZE || !HeappResize(Heap, Block, UnitsFor(Size)))
        return FALSE;
    SetRequestedSize(Block, Size);
    return TRUE;
}

static PHEAP_BLOCK Reallocate(PHEAP Heap, ULONG Flags, PHEAP_BLOCK Block, SIZE_T Size)
{
    SIZE_T OldSize = RequestedSize(Block);
    PHEAP_BLOCK New;

    if (ResizeInPlace(Heap, Block, Size))
        return Block;
    if (Flags & HEAP_REALLOC_IN_PLACE_ONLY)
        return NULL;
    New = Allocate(Heap, Size);
    if (!New)
        return NULL;
    memcpy(New + 1, Block + 1, OldSize < Size ? OldSize : Size);
    Free(Heap, Block);
    return New;
}

PVOID NTAPI RtlReAllocateHeap(PVOID Heap, ULONG Flags, PVOID Memory, SIZE_T Size)
{
    PHEAP_BLOCK Block, New = NULL;
    SIZE_T OldSize = 0;

    if (!Memory || !IsHeap(Heap))
        return NULL;
    Lock(Heap, Flags);
    Block = BusyBlock(Memory);
    if (Block) {
        OldSize = RequestedSize(Block);
        New = Reallocate(Heap, Flags, Block, Size);
    }
    Unlock(Heap, Flags);
    if (!New)
        return NULL;
    if ((Flags & HEAP_ZERO_MEMORY) && Size > OldSize)
        memset((PUCHAR)(New + 1) + OldSize, 0, Size - OldSize);
    return New + 1;
}

SIZE_T NTAPI RtlSizeHeap(PVOID Heap, ULONG Flags, PVOID Memory)
{
    SIZE_T Size = MAXULONG_PTR;
    PHEAP_BLOCK Block;

    if (!IsHeap(Heap))
        return Size;
    Lock(Heap, Flags);
    Block = BusyBlock(Memory);
    if (Block)
        Size = RequestedSize(Block);
    Unlock(Heap, Flags);
    return Size;
}

static BOOLEAN AllSound(PHEAP Heap)
{
    for (PLIST_ENTRY Links = Heap->Segments.Flink; Links != &Heap->Segments; Links = Links->Flink) {
        if (!HeappSegmentIsSound(CONTAINING_RECORD(Links, HEAP_SEGMENT, Links)))
            return FALSE;
    }
    return TRUE;
}

/* One block, or all of them if Memory is NULL. */
BOOLEAN NTAPI RtlValidateHeap(PVOID Heap, ULONG Flags, PVOID Memory)
{
    BOOLEAN Sound;

    if (!IsHeap(Heap))
        return FALSE;
    Lock(Heap, Flags);
    Sound = Memory ? BusyBlock(Memory) != NULL : AllSound(Heap);
    Unlock(Heap, Flags);
    return Sound;
}

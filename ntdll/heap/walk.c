// SPDX-License-Identifier: BSD-2-Clause
/* Going through all blocks of a heap: to show them, to check them, to count or clear them. */
#include "heapp.h"

static PHEAP_SEGMENT NextSegment(PHEAP Heap, PLIST_ENTRY Links)
{
    return Links->Flink == &Heap->Segments ? NULL
                                           : CONTAINING_RECORD(Links->Flink, HEAP_SEGMENT, Links);
}

static PUCHAR BaseOf(PHEAP_SEGMENT Segment)
{
    return (PUCHAR)ALIGN_DOWN_BY(Segment->First, PAGE_SIZE);
}

/* ---- Showing (Win32: HeapWalk) ---- */

/* Each segment is a region, then come its blocks; blocks that are mapped by themselves come last.
 */
static void ShowRegion(PRTL_HEAP_WALK_ENTRY Entry, PVOID Base, SIZE_T Size, PVOID First)
{
    Entry->DataAddress = Base;
    Entry->DataSize = (SIZE_T)((PUCHAR)First - (PUCHAR)Base);
    Entry->OverheadBytes = 0;
    Entry->Flags = RTL_HEAP_ENTRY_REGION;
    Entry->Segment.CommittedSize = (ULONG)Size;
    Entry->Segment.UnCommittedSize = 0;
    Entry->Segment.FirstEntry = First;
    Entry->Segment.LastEntry = (PUCHAR)Base + Size;
}

static void ShowBlock(PRTL_HEAP_WALK_ENTRY Entry, PHEAP_BLOCK Block)
{
    BOOLEAN Busy = Block->State == HeapBusy || Block->State == HeapLarge;

    Entry->DataAddress = Block + 1;
    Entry->DataSize = Busy ? HeappRequestedSize(Block) : HeappCapacity(Block);
    Entry->OverheadBytes = sizeof(*Block);
    Entry->Flags = RTL_HEAP_ENTRY_COMMITTED | (Busy ? RTL_HEAP_ENTRY_BUSY : 0);
    memset(&Entry->Block, 0, sizeof(Entry->Block));
    if (Busy && Block->User & HEAP_HAS_TAG)
        Entry->Block.TagIndex = (USHORT)Block->Tag;
}

static NTSTATUS ShowLarge(PHEAP Heap, PLIST_ENTRY Links, PRTL_HEAP_WALK_ENTRY Entry)
{
    if (Links == &Heap->LargeBlocks)
        return STATUS_NO_MORE_ENTRIES;
    ShowBlock(Entry, &CONTAINING_RECORD(Links, HEAP_LARGE, Links)->Block);
    return STATUS_SUCCESS;
}

static NTSTATUS ShowSegment(PHEAP Heap, PHEAP_SEGMENT Segment, PRTL_HEAP_WALK_ENTRY Entry)
{
    if (!Segment)
        return ShowLarge(Heap, Heap->LargeBlocks.Flink, Entry);
    ShowRegion(Entry, BaseOf(Segment), Segment->Size, Segment->First);
    Entry->SegmentIndex++;
    return STATUS_SUCCESS;
}

/* The segment that an address lies in; NULL: none. */
static PHEAP_SEGMENT SegmentOf(PHEAP Heap, PVOID Address)
{
    PHEAP_SEGMENT Segment = NextSegment(Heap, &Heap->Segments);

    while (Segment && (SIZE_T)((PUCHAR)Address - BaseOf(Segment)) >= Segment->Size)
        Segment = NextSegment(Heap, &Segment->Links);
    return Segment;
}

static BOOLEAN IsLarge(PHEAP Heap, PVOID Address)
{
    PLIST_ENTRY Links = Heap->LargeBlocks.Flink;

    while (Links != &Heap->LargeBlocks &&
           &CONTAINING_RECORD(Links, HEAP_LARGE, Links)->Block + 1 != (PHEAP_BLOCK)Address)
        Links = Links->Flink;
    return Links != &Heap->LargeBlocks;
}

/* What comes behind the entry. */
static NTSTATUS ShowNext(PHEAP Heap, PRTL_HEAP_WALK_ENTRY Entry)
{
    PHEAP_BLOCK Block = (PHEAP_BLOCK)Entry->DataAddress - 1; /* not NULL */
    PHEAP_SEGMENT Segment = SegmentOf(Heap, Entry->DataAddress);

    if (!Segment)
        return IsLarge(Heap, Entry->DataAddress)
                   ? ShowLarge(Heap, HeappLargeOf(Block)->Links.Flink, Entry)
                   : STATUS_INVALID_PARAMETER;
    if (Entry->Flags & RTL_HEAP_ENTRY_REGION)
        Block = Segment->First;
    else if (!HeappBlockIsSound(Block))
        return STATUS_INVALID_PARAMETER;
    else
        Block = HeappNext(Block);
    if (Block->State == HeapEnd)
        return ShowSegment(Heap, NextSegment(Heap, &Segment->Links), Entry);
    ShowBlock(Entry, Block);
    return STATUS_SUCCESS;
}

/*
 * RtlWalkHeap: the entry behind the one that was shown before; the first one if DataAddress is
 * NULL. STATUS_NO_MORE_ENTRIES, STATUS_INVALID_PARAMETER for an entry that is not there any more.
 * The heap is to be locked from one call to the next.
 */
NTSTATUS NTAPI RtlWalkHeap(PVOID Heap, PRTL_HEAP_WALK_ENTRY Entry)
{
    NTSTATUS Status;

    if (!HeappIsHeap(Heap))
        return STATUS_INVALID_HANDLE;
    HeappLock(Heap, 0);
    if (Entry->DataAddress) {
        Status = ShowNext(Heap, Entry);
    } else {
        Entry->SegmentIndex = (UCHAR)-1;
        Status = ShowSegment(Heap, &((PHEAP)Heap)->FirstSegment, Entry);
    }
    HeappUnlock(Heap, 0);
    return Status;
}

/* ---- Checking ---- */

static BOOLEAN AllSound(PHEAP Heap)
{
    PHEAP_SEGMENT Segment = NextSegment(Heap, &Heap->Segments);

    while (Segment && HeappSegmentIsSound(Segment))
        Segment = NextSegment(Heap, &Segment->Links);
    return Segment == NULL;
}

static BOOLEAN IsSound(PHEAP Heap, PVOID Memory)
{
    if (!SegmentOf(Heap, Memory))
        return IsLarge(Heap, Memory);
    return (ULONG_PTR)Memory % HEAP_UNIT == 0 && ((PHEAP_BLOCK)Memory - 1)->State == HeapBusy &&
           HeappBlockIsSound((PHEAP_BLOCK)Memory - 1);
}

/* One block, or all of them if Memory is NULL. (Win32: HeapValidate) */
BOOLEAN NTAPI RtlValidateHeap(PVOID Heap, ULONG Flags, PVOID Memory)
{
    BOOLEAN Sound;

    if (!HeappIsHeap(Heap))
        return FALSE;
    HeappLock(Heap, Flags);
    Sound = Memory ? IsSound(Heap, Memory) : AllSound(Heap);
    HeappUnlock(Heap, Flags);
    return Sound;
}

static NTSTATUS NTAPI ValidateOne(PVOID Heap, PVOID Context)
{
    return RtlValidateHeap(Heap, 0, NULL) ? STATUS_SUCCESS : STATUS_HEAP_CORRUPTION;
}

BOOLEAN NTAPI RtlValidateProcessHeaps(void)
{
    return NT_SUCCESS(RtlEnumProcessHeaps(ValidateOne, NULL));
}

/* ---- Compacting, clearing, counting, protecting ---- */

static SIZE_T LargestFree(PHEAP Heap)
{
    ULONG Bin = HEAP_BINS, Units = 0;
    PHEAP_BLOCK Block;

    while (Bin && !Heap->Bins[Bin - 1])
        Bin--;
    for (Block = Bin ? Heap->Bins[Bin - 1] : NULL; Block; Block = Block->Next[0])
        Units = Block->Units > Units ? Block->Units : Units;
    return Units ? ((SIZE_T)Units - 1) * HEAP_UNIT : 0;
}

/* Gives to the system what it can; returns the size of the largest free block. (Win32:
 * HeapCompact) */
SIZE_T NTAPI RtlCompactHeap(PVOID Heap, ULONG Flags)
{
    SIZE_T Largest;

    if (!HeappIsHeap(Heap))
        return 0;
    HeappLock(Heap, Flags);
    HeappFlushQuick(Heap);
    HeappReleaseEmpty(Heap);
    Largest = LargestFree(Heap);
    HeappUnlock(Heap, Flags);
    return Largest;
}

static void ZeroSegment(PHEAP_SEGMENT Segment)
{
    PHEAP_BLOCK Block = Segment->First;
    SIZE_T Links = 2 * sizeof(PVOID);

    for (; Block->State != HeapEnd; Block = HeappNext(Block))
        if (Block->State == HeapFree)
            memset((PUCHAR)(Block + 1) + Links, 0, HeappCapacity(Block) - Links);
}

/* Clears what is free. */
NTSTATUS NTAPI RtlZeroHeap(PVOID Heap, ULONG Flags)
{
    PHEAP_SEGMENT Segment;

    if (!HeappIsHeap(Heap))
        return STATUS_INVALID_PARAMETER;
    HeappLock(Heap, Flags);
    HeappFlushQuick(Heap);
    for (Segment = NextSegment(Heap, &((PHEAP)Heap)->Segments); Segment;
         Segment = NextSegment(Heap, &Segment->Links))
        ZeroSegment(Segment);
    HeappUnlock(Heap, Flags);
    return STATUS_SUCCESS;
}

static SIZE_T AllocatedIn(PHEAP_SEGMENT Segment)
{
    PHEAP_BLOCK Block = Segment->First;
    SIZE_T Bytes = 0;

    for (; Block->State != HeapEnd; Block = HeappNext(Block))
        Bytes += Block->State == HeapBusy ? HeappRequestedSize(Block) : 0;
    return Bytes;
}

/* How much is allocated and committed; lists of blocks are not made. STATUS_INFO_LENGTH_MISMATCH.
 */
NTSTATUS NTAPI RtlUsageHeap(PVOID HeapHandle, ULONG Flags, PRTL_HEAP_USAGE Usage)
{
    PHEAP Heap = HeapHandle;
    PHEAP_SEGMENT Segment;
    PLIST_ENTRY Links;

    if (!HeappIsHeap(Heap))
        return STATUS_INVALID_PARAMETER;
    if (Usage->Length != sizeof(*Usage))
        return STATUS_INFO_LENGTH_MISMATCH;
    memset(Usage, 0, sizeof(*Usage));
    Usage->Length = sizeof(*Usage);
    HeappLock(Heap, Flags);
    for (Segment = NextSegment(Heap, &Heap->Segments); Segment;
         Segment = NextSegment(Heap, &Segment->Links))
        Usage->BytesAllocated += AllocatedIn(Segment);
    for (Links = Heap->LargeBlocks.Flink; Links != &Heap->LargeBlocks; Links = Links->Flink)
        Usage->BytesAllocated += CONTAINING_RECORD(Links, HEAP_LARGE, Links)->RequestedSize;
    Usage->BytesCommitted = Usage->BytesReserved = Heap->SegmentBytes + Heap->LargeBytes;
    Usage->BytesReserved += Heap->Memory.Reserved - Heap->Memory.Committed;
    Usage->BytesReservedMaximum = Heap->MaximumBytes;
    HeappUnlock(Heap, Flags);
    return STATUS_SUCCESS;
}

/* All segments become read-only, or writable again; the caller knows that nobody uses the heap. */
void NTAPI RtlProtectHeap(PVOID HeapHandle, BOOLEAN ReadOnly)
{
    PHEAP Heap = HeapHandle;
    PHEAP_SEGMENT Segment;
    ULONG Old;

    for (Segment = &Heap->FirstSegment; Segment; Segment = NextSegment(Heap, &Segment->Links)) {
        PVOID Base = BaseOf(Segment);
        SIZE_T Size = Segment->Size;

        NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Size,
                               ReadOnly ? PAGE_READONLY : PAGE_READWRITE, &Old);
    }
}

// SPDX-License-Identifier: BSD-2-Clause
/* Segments of a heap, and the free blocks in them. */
#include "heapp.h"

static PVOID MapMemory(PSIZE_T Size)
{
    PVOID Base = NULL;
    NTSTATUS Status = NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, Size,
                                              MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    return NT_SUCCESS(Status) ? Base : NULL;
}

static void UnmapMemory(PVOID Base)
{
    SIZE_T Size = 0;

    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}

static ULONG BinOf(ULONG Units)
{
    return Units < HEAP_EXACT_BINS ? Units : HEAP_EXACT_BINS + 26 - (ULONG)__builtin_clz(Units);
}

static void PutIntoBin(PHEAP Heap, PHEAP_BLOCK Block)
{
    ULONG Bin = BinOf(Block->Units);

    Block->State = HeapFree;
    InsertHeadList(&Heap->Bins[Bin], Block->Links);
    Heap->BinMap |= 1ull << Bin;
}

static void TakeFromBin(PHEAP Heap, PHEAP_BLOCK Block)
{
    ULONG Bin = BinOf(Block->Units);

    if (RemoveEntryList(Block->Links))
        Heap->BinMap &= ~(1ull << Bin);
    Block->State = HeapBusy;
}

/* Sets a block's size, and tells the next one. */
static void SetUnits(PHEAP_BLOCK Block, ULONG Units)
{
    Block->Units = Units;
    HeappNext(Block)->PreviousUnits = Units;
}

/* Makes everything between Start and the segment's end one free block. */
static void FormatSegment(PHEAP Heap, PHEAP_SEGMENT Segment, PVOID Base, SIZE_T Size, PVOID Start)
{
    PHEAP_BLOCK First = (PHEAP_BLOCK)ALIGN_UP_BY(Start, HEAP_UNIT);
    PHEAP_BLOCK End = (PHEAP_BLOCK)((PUCHAR)Base + Size - HEAP_UNIT);

    Segment->Size = Size;
    Segment->First = First;
    InsertTailList(&Heap->Segments, &Segment->Links);
    First->PreviousUnits = 0;
    First->Units = (ULONG)(((PUCHAR)End - (PUCHAR)First) / HEAP_UNIT);
    *End = (HEAP_BLOCK){.PreviousUnits = First->Units, .State = HeapEnd};
    PutIntoBin(Heap, First);
}

PHEAP HeappCreate(ULONG Flags)
{
    SIZE_T Size = HEAP_FIRST_SEGMENT;
    PHEAP Heap = MapMemory(&Size);

    if (!Heap)
        return NULL;
    Heap->Signature = HEAP_SIGNATURE;
    Heap->Flags = Flags;
    Heap->NextSegmentSize = 2 * HEAP_FIRST_SEGMENT;
    InitializeListHead(&Heap->Segments);
    InitializeListHead(&Heap->LargeBlocks);
    for (ULONG i = 0; i < HEAP_BINS; i++)
        InitializeListHead(&Heap->Bins[i]);
    FormatSegment(Heap, &Heap->FirstSegment, Heap, Size, Heap + 1);
    return Heap;
}

void HeappDestroy(PHEAP Heap)
{
    while (!IsListEmpty(&Heap->LargeBlocks))
        UnmapMemory(RemoveHeadList(&Heap->LargeBlocks));
    while (Heap->Segments.Blink != &Heap->FirstSegment.Links)
        UnmapMemory(RemoveTailList(&Heap->Segments));
    Heap->Signature = 0;
    UnmapMemory(Heap);
}

static BOOLEAN AddSegment(PHEAP Heap, ULONG Units)
{
    SIZE_T Size = (SIZE_T)Units * HEAP_UNIT + sizeof(HEAP_SEGMENT) + 2 * HEAP_UNIT;
    PHEAP_SEGMENT Segment;

    if (Size < Heap->NextSegmentSize)
        Size = Heap->NextSegmentSize;
    Size = ALIGN_UP_BY(Size, PAGE_SIZE);
    Segment = MapMemory(&Size);
    if (!Segment)
        return FALSE;
    if (Heap->NextSegmentSize < HEAP_MAXIMUM_SEGMENT)
        Heap->NextSegmentSize *= 2;
    FormatSegment(Heap, Segment, Segment, Size, Segment + 1);
    return TRUE;
}

/* The first block that is big enough in the bin of its own size, or any in a bin of bigger ones. */
static PHEAP_BLOCK FindInBins(PHEAP Heap, ULONG Units)
{
    ULONG Bin = BinOf(Units);
    PLIST_ENTRY Head = &Heap->Bins[Bin];
    ULONGLONG Bigger = Heap->BinMap & ~((2ull << Bin) - 1);

    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        PHEAP_BLOCK Block = CONTAINING_RECORD(Links, HEAP_BLOCK, Links);

        if (Block->Units >= Units)
            return Block;
    }
    if (!Bigger)
        return NULL;
    return CONTAINING_RECORD(Heap->Bins[__builtin_ctzll(Bigger)].Flink, HEAP_BLOCK, Links);
}

/* Cuts what is behind Units off a busy block and frees it, unless that is too small to be a block.
 */
static void CutOff(PHEAP Heap, PHEAP_BLOCK Block, ULONG Units)
{
    ULONG Rest = Block->Units - Units;
    PHEAP_BLOCK Tail;

    if (Rest < HEAP_MINIMUM_UNITS)
        return;
    Block->Units = Units;
    Tail = HeappNext(Block);
    Tail->PreviousUnits = Units;
    Tail->State = HeapBusy;
    SetUnits(Tail, Rest);
    HeappGive(Heap, Tail);
}

PHEAP_BLOCK HeappTake(PHEAP Heap, ULONG Units)
{
    PHEAP_BLOCK Block = FindInBins(Heap, Units);

    if (!Block && AddSegment(Heap, Units))
        Block = FindInBins(Heap, Units);
    if (!Block)
        return NULL;
    TakeFromBin(Heap, Block);
    CutOff(Heap, Block, Units);
    return Block;
}

/* The segment is empty: the first one stays for as long as the heap. */
static void ReleaseSegment(PHEAP Heap, PHEAP_BLOCK Only)
{
    PHEAP_SEGMENT Segment = (PHEAP_SEGMENT)ALIGN_DOWN_BY(Only, PAGE_SIZE);

    if (Only == Heap->FirstSegment.First)
        return;
    TakeFromBin(Heap, Only);
    RemoveEntryList(&Segment->Links);
    UnmapMemory(Segment);
}

void HeappGive(PHEAP Heap, PHEAP_BLOCK Block)
{
    PHEAP_BLOCK Next = HeappNext(Block), Previous = HeappPrevious(Block);

    if (Next->State == HeapFree) {
        TakeFromBin(Heap, Next);
        SetUnits(Block, Block->Units + Next->Units);
    }
    if (Block->PreviousUnits && Previous->State == HeapFree) {
        TakeFromBin(Heap, Previous);
        SetUnits(Previous, Previous->Units + Block->Units);
        Block = Previous;
    }
    PutIntoBin(Heap, Block);
    if (!Block->PreviousUnits && HeappNext(Block)->State == HeapEnd)
        ReleaseSegment(Heap, Block);
}

BOOLEAN HeappResize(PHEAP Heap, PHEAP_BLOCK Block, ULONG Units)
{
    PHEAP_BLOCK Next = HeappNext(Block);

    if (Block->Units < Units) {
        if (Next->State != HeapFree || Block->Units + Next->Units < Units)
            return FALSE;
        TakeFromBin(Heap, Next);
        SetUnits(Block, Block->Units + Next->Units);
    }
    CutOff(Heap, Block, Units);
    return TRUE;
}

BOOLEAN HeappBlockIsSound(PHEAP_BLOCK Block)
{
    if (Block->State != HeapBusy && Block->State != HeapFree)
        return FALSE;
    return Block->Units >= HEAP_MINIMUM_UNITS && HeappNext(Block)->PreviousUnits == Block->Units &&
           (!Block->PreviousUnits || HeappPrevious(Block)->Units == Block->PreviousUnits);
}

BOOLEAN HeappSegmentIsSound(PHEAP_SEGMENT Segment)
{
    PUCHAR Base = (PUCHAR)ALIGN_DOWN_BY(Segment->First, PAGE_SIZE);
    PHEAP_BLOCK End = (PHEAP_BLOCK)(Base + Segment->Size - HEAP_UNIT), Block = Segment->First;

    while (Block < End) {
        if (Block->Units > (ULONG_PTR)((PUCHAR)End - (PUCHAR)Block) / HEAP_UNIT ||
            !HeappBlockIsSound(Block))
            return FALSE;
        Block = HeappNext(Block);
    }
    return Block == End && End->State == HeapEnd;
}

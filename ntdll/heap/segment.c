// SPDX-License-Identifier: BSD-2-Clause
/* Segments of a heap, and the free blocks in them. */
#include "heapp.h"

#define LOOKED_AT 4 /* blocks in a bin of several sizes, before one of a larger bin is taken */

static PVOID MapMemory(ULONG Protection, PSIZE_T Size)
{
    PVOID Base = NULL;
    NTSTATUS Status = NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, Size,
                                              MEM_RESERVE | MEM_COMMIT, Protection);

    return NT_SUCCESS(Status) ? Base : NULL;
}

PVOID HeappMapMemory(PHEAP Heap, PSIZE_T Size)
{
    return MapMemory(Heap->Protection, Size);
}

void HeappUnmapMemory(PVOID Base)
{
    SIZE_T Size = 0;

    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}

/* ---- Bins ---- */

/* One for each size, then HEAP_PARTS for each power of two; the last one has all that is larger,
 * which a heap's first segment may be. */
FORCEINLINE ULONG BinOf(ULONG Units)
{
    ULONG Log, Bin;

    if (Units < HEAP_EXACT_BINS)
        return Units;
    Log = 31 - (ULONG)__builtin_clz(Units);
    Bin = HEAP_EXACT_BINS + (Log - 7) * HEAP_PARTS + (Units >> (Log - 3)) - HEAP_PARTS;
    return Bin < HEAP_BINS ? Bin : HEAP_BINS - 1;
}

/* A part of what is not free. Of a heap that has been large and is mostly free again only few: each
 * keeps a segment from becoming empty. */
static void SetQuickLimit(PHEAP Heap)
{
    SIZE_T Units = Heap->SegmentBytes / HEAP_UNIT;
    SIZE_T Part = (Units - Heap->FreeUnits) / HEAP_QUICK_PART;

    if (Heap->SegmentBytes >= HEAP_LARGE_HEAP && Heap->FreeUnits > Units / 2)
        Heap->QuickLimit = HEAP_QUICK_FEW;
    else
        Heap->QuickLimit = Part > HEAP_QUICK_LEAST ? Part : HEAP_QUICK_LEAST;
}

static void PutIntoBin(PHEAP Heap, PHEAP_BLOCK Block)
{
    ULONG Bin = BinOf(Block->Units);
    PHEAP_BLOCK First = Heap->Bins[Bin];

    Block->Control = HeapFree;
    Block->Next[0] = First;
    Block->Next[1] = NULL;
    if (First)
        First->Next[1] = Block;
    else
        Heap->BinMap[Bin / 64] |= 1ull << Bin % 64;
    Heap->Bins[Bin] = Block;
    Heap->FreeUnits += Block->Units;
    SetQuickLimit(Heap);
}

static void TakeFromBin(PHEAP Heap, PHEAP_BLOCK Block)
{
    PHEAP_BLOCK Next = Block->Next[0], Before = Block->Next[1];
    ULONG Bin;

    Heap->FreeUnits -= Block->Units;
    if (Next)
        Next->Next[1] = Before;
    Block->Control = HEAP_BUSY_CONTROL(0, 0);
    if (Before) {
        Before->Next[0] = Next;
        return;
    }
    Bin = BinOf(Block->Units);
    Heap->Bins[Bin] = Next;
    if (!Next)
        Heap->BinMap[Bin / 64] &= ~(1ull << Bin % 64);
}

/* The first block of the first bin from Bin on that is not empty. */
static PHEAP_BLOCK FirstFrom(PHEAP Heap, ULONG Bin)
{
    ULONG Word = Bin / 64;
    ULONGLONG Map = Word < HEAP_BIN_WORDS ? Heap->BinMap[Word] & (~0ull << Bin % 64) : 0;

    while (!Map && ++Word < HEAP_BIN_WORDS)
        Map = Heap->BinMap[Word];
    return Map ? Heap->Bins[Word * 64 + (ULONG)__builtin_ctzll(Map)] : NULL;
}

/* No request comes to the last bin, all of whose blocks are therefore big enough. */
_Static_assert(HEAP_LARGE_SIZE / HEAP_UNIT + 2 * HEAP_MINIMUM_UNITS < HEAP_EXACT_BINS << 9,
               "HEAP_BINS");

/* All blocks of an exact bin and of the bins above are big enough. */
static PHEAP_BLOCK FindInBins(PHEAP Heap, ULONG Units)
{
    ULONG Bin = BinOf(Units), Looked = 0;
    PHEAP_BLOCK Block;

    if (Units < HEAP_EXACT_BINS)
        return FirstFrom(Heap, Bin);
    for (Block = Heap->Bins[Bin]; Block && Looked < LOOKED_AT; Block = Block->Next[0], Looked++)
        if (Block->Units >= Units)
            return Block;
    return FirstFrom(Heap, Bin + 1);
}

/* Sets a block's size, which the next block also records. */
FORCEINLINE void SetUnits(PHEAP_BLOCK Block, ULONG Units)
{
    Block->Units = Units;
    HeappNext(Block)->PreviousUnits = Units;
}

/* ---- Segments ---- */

/* Makes everything between Start and the segment's end one free block. */
static void FormatSegment(PHEAP Heap, PHEAP_SEGMENT Segment, PVOID Base, SIZE_T Size, PVOID Start)
{
    PHEAP_BLOCK First = (PHEAP_BLOCK)ALIGN_UP_BY(Start, HEAP_UNIT);
    PHEAP_BLOCK End = (PHEAP_BLOCK)((PUCHAR)Base + Size - HEAP_UNIT);

    Segment->Size = Size;
    Heap->SegmentBytes += Size;
    Segment->First = First;
    InsertTailList(&Heap->Segments, &Segment->Links);
    First->PreviousUnits = 0;
    First->Units = (ULONG)(((PUCHAR)End - (PUCHAR)First) / HEAP_UNIT);
    *End = (HEAP_BLOCK){.PreviousUnits = First->Units, .State = HeapEnd};
    PutIntoBin(Heap, First);
}

static ULONG ProtectionFor(ULONG Flags)
{
    return Flags & HEAP_CREATE_ENABLE_EXECUTE ? PAGE_EXECUTE_READWRITE : PAGE_READWRITE;
}

/* Makes a heap in memory that is zero where its header will be. */
static void Format(PHEAP Heap, ULONG Flags, SIZE_T Size, SIZE_T MaximumSize)
{
    Heap->Signature = HEAP_SIGNATURE;
    Heap->Flags = Flags & ~HEAP_CREATE_ENABLE_EXECUTE; /* a bit of tags in the flags of calls */
    Heap->Protection = ProtectionFor(Flags);
    Heap->SlowLock = &Heap->Lock;
    Heap->LeastSegment = HEAP_LEAST_SEGMENT;
    Heap->LargeSize = HEAP_LARGE_SIZE;
    Heap->MaximumAllocation = MAXULONG_PTR;
    Heap->MaximumBytes = MaximumSize > Size || !MaximumSize ? MaximumSize : Size;
    InitializeListHead(&Heap->Segments);
    InitializeListHead(&Heap->LargeBlocks);
    FormatSegment(Heap, &Heap->FirstSegment, Heap, Size, Heap + 1);
}

PHEAP HeappCreate(ULONG Flags, SIZE_T FirstSize, SIZE_T MaximumSize)
{
    SIZE_T Size = FirstSize > HEAP_FIRST_SEGMENT ? FirstSize : HEAP_FIRST_SEGMENT;
    PHEAP Heap = MapMemory(ProtectionFor(Flags), &Size);

    if (Heap)
        Format(Heap, Flags, Size, MaximumSize);
    return Heap;
}

PHEAP HeappCreateIn(ULONG Flags, PVOID Base, const HEAP_MEMORY *Memory)
{
    PHEAP Heap = Base;

    memset(Heap, 0, sizeof(*Heap));
    Heap->Memory = *Memory;
    Format(Heap, Flags, Memory->Committed, Flags & HEAP_GROWABLE ? 0 : Memory->Reserved);
    return Heap;
}

void HeappDestroy(PHEAP Heap)
{
    while (!IsListEmpty(&Heap->LargeBlocks))
        HeappUnmapMemory(RemoveHeadList(&Heap->LargeBlocks));
    while (Heap->Segments.Blink != &Heap->FirstSegment.Links)
        HeappUnmapMemory(RemoveTailList(&Heap->Segments));
    Heap->Signature = 0;
    if (!Heap->Memory.Reserved)
        HeappUnmapMemory(Heap);
}

/* A part of what there is already, so that little is taken that is never used. */
static SIZE_T UsualSegment(PHEAP Heap)
{
    SIZE_T Size = ALIGN_UP_BY(Heap->SegmentBytes / HEAP_GROWTH_PART, PAGE_SIZE);

    if (Size < Heap->LeastSegment)
        return Heap->LeastSegment;
    return Size < HEAP_MAXIMUM_SEGMENT ? Size : HEAP_MAXIMUM_SEGMENT;
}

static PHEAP_SEGMENT MapSegment(PHEAP Heap, PSIZE_T Size)
{
    if (Heap->MaximumBytes &&
        (Heap->Memory.Reserved || *Size > Heap->MaximumBytes - Heap->SegmentBytes))
        return NULL;
    return HeappMapMemory(Heap, Size);
}

/* Commits what comes next of the caller's memory. *Size may become another one. */
static BOOLEAN CommitNext(PHEAP Heap, PSIZE_T Size)
{
    SIZE_T Room = Heap->Memory.Reserved - Heap->Memory.Committed;
    PVOID Next = (PUCHAR)Heap + Heap->Memory.Committed, Address = Next;
    NTSTATUS Status = Heap->Memory.CommitRoutine
                          ? Heap->Memory.CommitRoutine(Heap, &Address, Size)
                          : NtAllocateVirtualMemory(NtCurrentProcess(), &Address, 0, Size,
                                                    MEM_COMMIT, Heap->Protection);

    return NT_SUCCESS(Status) && Address == Next && *Size && *Size <= Room &&
           *Size % PAGE_SIZE == 0;
}

/* Makes more of the caller's memory a part of the first segment, whose end mark becomes the header
 * of a free block. */
static BOOLEAN ExtendFirst(PHEAP Heap, ULONG Units)
{
    PHEAP_SEGMENT First = &Heap->FirstSegment;
    PHEAP_BLOCK Block = (PHEAP_BLOCK)((PUCHAR)Heap + First->Size - HEAP_UNIT), End;
    SIZE_T Least = ALIGN_UP_BY((SIZE_T)Units * HEAP_UNIT, PAGE_SIZE);
    SIZE_T Room = Heap->Memory.Reserved - Heap->Memory.Committed, Size = UsualSegment(Heap);

    if (Size < Least)
        Size = Least;
    if (Size > Room)
        Size = Room;
    if (!Room || (Size < Least && (Heap->Flags & HEAP_GROWABLE)) || !CommitNext(Heap, &Size))
        return FALSE;
    Heap->Memory.Committed += Size;
    First->Size += Size;
    Heap->SegmentBytes += Size;
    Block->Units = (ULONG)(Size / HEAP_UNIT);
    Block->Control = HEAP_BUSY_CONTROL(0, 0);
    End = HeappNext(Block);
    *End = (HEAP_BLOCK){.PreviousUnits = Block->Units, .State = HeapEnd};
    HeappGive(Heap, Block);
    return TRUE;
}

/* If memory is short, just large enough. */
static BOOLEAN AddSegment(PHEAP Heap, ULONG Units)
{
    SIZE_T Least =
        ALIGN_UP_BY((SIZE_T)Units * HEAP_UNIT + sizeof(HEAP_SEGMENT) + 2 * HEAP_UNIT, PAGE_SIZE);
    SIZE_T Size = UsualSegment(Heap);
    PHEAP_SEGMENT Segment;

    if (ExtendFirst(Heap, Units))
        return TRUE;
    Segment = Size > Least ? MapSegment(Heap, &Size) : NULL;
    if (!Segment) {
        Size = Least;
        Segment = MapSegment(Heap, &Size);
    }
    if (!Segment)
        return FALSE;
    FormatSegment(Heap, Segment, Segment, Size, Segment + 1);
    return TRUE;
}

static PHEAP_SEGMENT SegmentOfFirst(PHEAP_BLOCK First)
{
    return (PHEAP_SEGMENT)ALIGN_DOWN_BY(First, PAGE_SIZE);
}

void HeappReleaseEmpty(PHEAP Heap)
{
    PHEAP_SEGMENT Segment = Heap->EmptySegment;

    Heap->EmptySegment = NULL;
    if (!Segment)
        return;
    TakeFromBin(Heap, Segment->First);
    RemoveEntryList(&Segment->Links);
    Heap->SegmentBytes -= Segment->Size;
    HeappUnmapMemory(Segment);
}

/* Only is all of its segment. The heap's first segment stays, and one more, which may soon be
 * wanted again: else a block that comes and goes at the edge would map it each time. */
static void KeepEmpty(PHEAP Heap, PHEAP_BLOCK Only)
{
    if (Only == Heap->FirstSegment.First)
        return;
    HeappReleaseEmpty(Heap);
    Heap->EmptySegment = SegmentOfFirst(Only);
}

/* ---- Blocks ---- */

/* The block is neither free nor in a list. */
static void MakeFree(PHEAP Heap, PHEAP_BLOCK Block)
{
    PHEAP_BLOCK Next = HeappNext(Block);

    if (Next->State == HeapFree) {
        TakeFromBin(Heap, Next);
        SetUnits(Block, Block->Units + Next->Units);
    }
    PutIntoBin(Heap, Block);
}

void HeappCutOff(PHEAP Heap, PHEAP_BLOCK Block, ULONG Units)
{
    ULONG Rest = Block->Units - Units;
    PHEAP_BLOCK Tail;

    if (Rest < HEAP_MINIMUM_UNITS)
        return;
    Block->Units = Units;
    Tail = HeappNext(Block);
    Tail->PreviousUnits = Units;
    Tail->Control = HEAP_BUSY_CONTROL(0, 0);
    SetUnits(Tail, Rest);
    MakeFree(Heap, Tail);
}

static PHEAP_BLOCK FindOrGrow(PHEAP Heap, ULONG Units)
{
    PHEAP_BLOCK Block = FindInBins(Heap, Units);

    if (!Block && Heap->QuickUnits > Heap->QuickLimit / 2) {
        HeappFlushQuick(Heap);
        Block = FindInBins(Heap, Units);
    }
    if (!Block && AddSegment(Heap, Units))
        Block = FindInBins(Heap, Units);
    if (!Block && Heap->QuickUnits) {
        HeappFlushQuick(Heap);
        Block = FindInBins(Heap, Units);
    }
    return Block;
}

PHEAP_BLOCK HeappTake(PHEAP Heap, ULONG Units)
{
    PHEAP_BLOCK Block = FindOrGrow(Heap, Units);

    if (!Block)
        return NULL;
    TakeFromBin(Heap, Block);
    if (Heap->EmptySegment && Heap->EmptySegment->First == Block)
        Heap->EmptySegment = NULL;
    HeappCutOff(Heap, Block, Units);
    return Block;
}

void HeappGive(PHEAP Heap, PHEAP_BLOCK Block)
{
    PHEAP_BLOCK Previous = HeappPrevious(Block);

    if (Block->PreviousUnits && Previous->State == HeapFree) {
        TakeFromBin(Heap, Previous);
        SetUnits(Previous, Previous->Units + Block->Units);
        Block = Previous;
    }
    MakeFree(Heap, Block);
    if (!Block->PreviousUnits && HeappNext(Block)->State == HeapEnd)
        KeepEmpty(Heap, Block);
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
    HeappCutOff(Heap, Block, Units);
    return TRUE;
}

/* ---- Checking ---- */

BOOLEAN HeappBlockIsSound(PHEAP_BLOCK Block)
{
    if (Block->State != HeapBusy && Block->State != HeapFree && Block->State != HeapQuick)
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

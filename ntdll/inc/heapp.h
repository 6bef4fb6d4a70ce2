/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The heap. It consists of segments from NtAllocateVirtualMemory; a segment is a row of blocks
 * without gaps, each with a header of one unit, closed by an end mark. Free blocks hang in bins by
 * size. What is too big for a segment is mapped by itself.
 */
#pragma once

#include <nt/nt.h>

#define HEAP_UNIT 16
#define HEAP_MINIMUM_UNITS 2 /* header, and the links of a free block */
#define HEAP_EXACT_BINS 32   /* bins of one size each: blocks of 0..31 units */
#define HEAP_BINS 64
#define HEAP_FIRST_SEGMENT 0x10000
#define HEAP_MAXIMUM_SEGMENT 0x100000
#define HEAP_LARGE_SIZE 0x80000 /* bytes: from here on a block is mapped by itself */
#define HEAP_SIGNATURE 0x5048704e

typedef enum _HEAP_STATE {
    HeapFree = 0xf4ee,
    HeapBusy = 0xb05e,
    HeapLarge = 0x1a56,
    HeapEnd = 0xe4d0,
} HEAP_STATE;

typedef struct _HEAP_BLOCK {
    ULONG Units;         /* of 16 bytes, this header included */
    ULONG PreviousUnits; /* of the block before this one; 0 in the first */
    ULONG Unused;        /* busy: bytes at the end (and in the header) that were not asked for */
    USHORT State;        /* HEAP_STATE */
    USHORT Reserved;
    LIST_ENTRY Links[]; /* free: in a bin */
} HEAP_BLOCK, *PHEAP_BLOCK;

typedef struct _HEAP_SEGMENT {
    LIST_ENTRY Links;
    SIZE_T Size;
    PHEAP_BLOCK First;
} HEAP_SEGMENT, *PHEAP_SEGMENT;

/* In front of a block that is mapped by itself */
typedef struct DECLSPEC_ALIGN(16) _HEAP_LARGE {
    LIST_ENTRY Links;
    SIZE_T RegionSize;
    SIZE_T RequestedSize;
    HEAP_BLOCK Block;
} HEAP_LARGE, *PHEAP_LARGE;

typedef struct _HEAP {
    ULONG Signature;
    ULONG Flags;
    RTL_CRITICAL_SECTION Lock;
    LIST_ENTRY Segments;
    LIST_ENTRY LargeBlocks;
    SIZE_T NextSegmentSize;
    ULONGLONG BinMap; /* which bins are not empty */
    LIST_ENTRY Bins[HEAP_BINS];
    HEAP_SEGMENT FirstSegment;
} HEAP, *PHEAP;

_Static_assert(sizeof(HEAP_BLOCK) == HEAP_UNIT, "HEAP_BLOCK");

FORCEINLINE PHEAP_BLOCK HeappNext(PHEAP_BLOCK Block)
{
    return (PHEAP_BLOCK)((PUCHAR)Block + (SIZE_T)Block->Units * HEAP_UNIT);
}

FORCEINLINE PHEAP_BLOCK HeappPrevious(PHEAP_BLOCK Block)
{
    return (PHEAP_BLOCK)((PUCHAR)Block - (SIZE_T)Block->PreviousUnits * HEAP_UNIT);
}

/* segment.c: memory for segments, and the blocks in it; no locking */
PHEAP HeappCreate(ULONG Flags);
void HeappDestroy(PHEAP Heap);
/* Takes a block of at least Units from the bins or from a new segment. NULL: out of memory. */
PHEAP_BLOCK HeappTake(PHEAP Heap, ULONG Units);
/* Gives a busy block back, and an empty segment to the system. */
void HeappGive(PHEAP Heap, PHEAP_BLOCK Block);
/* Cuts a busy block down to Units, or grows it into a free block behind it. FALSE: it cannot grow
 * that far. */
BOOLEAN HeappResize(PHEAP Heap, PHEAP_BLOCK Block, ULONG Units);
/* A block is what it says, and so are its neighbours. */
BOOLEAN HeappBlockIsSound(PHEAP_BLOCK Block);
BOOLEAN HeappSegmentIsSound(PHEAP_SEGMENT Segment);

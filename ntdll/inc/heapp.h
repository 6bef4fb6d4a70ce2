/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The heap. It consists of segments from NtAllocateVirtualMemory; a segment is a row of blocks
 * without gaps, each with a header of one unit, closed by an end mark. What is too big for a
 * segment is mapped by itself.
 *
 *   block    it is                        it leaves that state when
 *   busy     a client's                   it is freed: quick if it is small, else free
 *   quick    in the list of its size,     it is allocated again; or too much is quick, memory is
 *            a neighbour to nobody        short or somebody asks: free
 *   free     in a bin, no free one        it, or a part of it, is allocated; a neighbour becomes
 *            beside it                    free: a part of that; its segment is empty: gone
 *   large    a mapping of its own         it is freed: gone
 */
#pragma once

#include <nt/nt.h>

#define HEAP_UNIT 16
#define HEAP_MINIMUM_UNITS 2 /* header, and the links of a free block */
#define HEAP_EXACT_BINS 128  /* bins of one size each: blocks of 0..127 units */
#define HEAP_PARTS 8         /* bins for each power of two above */
#define HEAP_BINS (HEAP_EXACT_BINS + 10 * HEAP_PARTS)
#define HEAP_BIN_WORDS ((HEAP_BINS + 63) / 64)
#define HEAP_QUICK_UNITS 68     /* blocks below are quick: of up to 1,056 bytes */
#define HEAP_QUICK_PART 8       /* such a part of what is not free may be quick, and at least: */
#define HEAP_QUICK_LEAST 0x1000 /* units */
#define HEAP_LARGE_HEAP 0x40000 /* bytes: when half of such a heap is free, fewer are quick: */
#define HEAP_QUICK_FEW 0x100    /* units */
#define HEAP_BATCH_UNITS 64     /* so much is cut at once for blocks of one size */
#define HEAP_BATCH 8            /* blocks at most, */
#define HEAP_BATCH_AFTER 8      /* once so many of the size have been wanted */
#define HEAP_FIRST_SEGMENT 0x10000
#define HEAP_LEAST_SEGMENT 0x4000
#define HEAP_MAXIMUM_SEGMENT 0x100000
#define HEAP_GROWTH_PART 8      /* a new segment is such a part of what there is */
#define HEAP_LARGE_SIZE 0x80000 /* bytes: from here on a block is mapped by itself */
#define HEAP_SIGNATURE 0x5048704e

typedef enum _HEAP_STATE {
    HeapFree = 0xf4ee,
    HeapBusy = 0xb05e,
    HeapQuick = 0x914c,
    HeapLarge = 0x1a56,
    HeapEnd = 0xe4d0,
} HEAP_STATE;

/* HEAP_BLOCK.User, beside the client's flags */
#define HEAP_HAS_VALUE 0x01 /* a pointer of the client's ends the block */
#define HEAP_HAS_TAG 0x10   /* it is counted with a tag */

typedef struct _HEAP_BLOCK {
    ULONG Units;         /* of 16 bytes, this header included */
    ULONG PreviousUnits; /* of the block before this one; 0 in the first */
    union {
        ULONG Control; /* all of the following */
        struct {
            USHORT State; /* HEAP_STATE */
            UCHAR Unused; /* busy: bytes at the end that were not asked for */
            UCHAR User;   /* busy: HEAP_HAS_VALUE; the client's flags >> 8 */
        };
    };
    ULONG Tag;                  /* with HEAP_HAS_TAG: its index */
    struct _HEAP_BLOCK *Next[]; /* quick: the next; free: the next and the one before */
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

/* The caller's memory that a heap was made in; all zero for other heaps. */
typedef struct _HEAP_MEMORY {
    SIZE_T Committed; /* the first segment has all of it */
    SIZE_T Reserved;
    PRTL_HEAP_COMMIT_ROUTINE CommitRoutine; /* NULL: the system commits */
} HEAP_MEMORY, *PHEAP_MEMORY;

typedef struct _HEAP_TAG {
    RTL_HEAP_TAG_INFO Counters;
    WCHAR Name[24];
} HEAP_TAG, *PHEAP_TAG;

typedef struct _HEAP {
    ULONG Signature;
    ULONG Flags;
    RTL_CRITICAL_SECTION Lock; /* never free where the caller has given another */
    LIST_ENTRY Segments;
    LIST_ENTRY LargeBlocks;
    SIZE_T SegmentBytes; /* all segments together */
    SIZE_T LargeBytes;
    SIZE_T MaximumBytes;        /* of segments; 0: as many as there are */
    PHEAP_SEGMENT EmptySegment; /* kept, as it may soon be wanted again */
    ULONG Compatibility;        /* HEAP_COMPATIBILITY_xxx */
    SIZE_T FreeUnits;           /* in all bins */
    SIZE_T QuickUnits;          /* in all quick blocks */
    SIZE_T QuickLimit;
    PHEAP_BLOCK Quick[HEAP_QUICK_UNITS]; /* by size */
    UCHAR Wanted[HEAP_QUICK_UNITS];      /* when none was quick; up to HEAP_BATCH_AFTER */
    ULONGLONG BinMap[HEAP_BIN_WORDS];    /* which bins are not empty */
    PHEAP_BLOCK Bins[HEAP_BINS];
    PRTL_CRITICAL_SECTION SlowLock; /* where Lock is not free: itself, or the caller's */
    ULONG Protection;
    ULONG TagCount;
    ULONG TagRoom;
    PHEAP_TAG *Tags; /* the first is that of index 1 */
    HEAP_MEMORY Memory;
    SIZE_T LeastSegment;
    SIZE_T LargeSize;         /* from here on a block is mapped by itself, if it may be so large */
    SIZE_T MaximumAllocation; /* of one block; LargeSize is at most one more */
    HEAP_SEGMENT FirstSegment;
} HEAP, *PHEAP;

_Static_assert(sizeof(HEAP_BLOCK) == HEAP_UNIT, "HEAP_BLOCK");

#define HEAP_BUSY_CONTROL(unused, user) (HeapBusy | (ULONG)(unused) << 16 | (ULONG)(user) << 24)

FORCEINLINE PHEAP_BLOCK HeappNext(PHEAP_BLOCK Block)
{
    return (PHEAP_BLOCK)((PUCHAR)Block + (SIZE_T)Block->Units * HEAP_UNIT);
}

FORCEINLINE PHEAP_BLOCK HeappPrevious(PHEAP_BLOCK Block)
{
    return (PHEAP_BLOCK)((PUCHAR)Block - (SIZE_T)Block->PreviousUnits * HEAP_UNIT);
}

FORCEINLINE PHEAP_LARGE HeappLargeOf(PHEAP_BLOCK Block)
{
    return CONTAINING_RECORD(Block, HEAP_LARGE, Block);
}

FORCEINLINE SIZE_T HeappCapacity(PHEAP_BLOCK Block)
{
    return (SIZE_T)Block->Units * HEAP_UNIT - sizeof(*Block);
}

/* heap.c */
BOOLEAN HeappIsHeap(PHEAP Heap);
void HeappLock(PHEAP Heap, ULONG Flags);
void HeappUnlock(PHEAP Heap, ULONG Flags);
SIZE_T HeappRequestedSize(PHEAP_BLOCK Block);

/* create.c: the process's heaps, in the order of their creation. */
extern BOOLEAN HeappEndOnCorruption;

/* tags.c: counting blocks with tags */
void HeappCountTagged(PHEAP Heap, PHEAP_BLOCK Block, ULONG Tag);
void HeappUncountTagged(PHEAP Heap, ULONG Tag, SIZE_T Bytes);
/* The block had so many bytes before. */
void HeappResizeTagged(PHEAP Heap, PHEAP_BLOCK Block, SIZE_T OldBytes);
SIZE_T HeappTaggedBytes(PHEAP_BLOCK Block);
void HeappFreeTags(PHEAP Heap);

/* segment.c: memory for segments, and the blocks in it; no locking */
PHEAP HeappCreate(ULONG Flags, SIZE_T FirstSize, SIZE_T MaximumSize);
/* In memory of the caller's, of which at least HEAP_LEAST_COMMITTED bytes are there. */
#define HEAP_LEAST_COMMITTED ALIGN_UP_BY(sizeof(HEAP) + 8 * HEAP_UNIT, PAGE_SIZE)
PHEAP HeappCreateIn(ULONG Flags, PVOID Base, const HEAP_MEMORY *Memory);
void HeappDestroy(PHEAP Heap);
/* Takes a block of at least Units from the bins or from a new segment. NULL: out of memory. */
PHEAP_BLOCK HeappTake(PHEAP Heap, ULONG Units);
/* Gives a block that is not free back; of empty segments one is kept. */
void HeappGive(PHEAP Heap, PHEAP_BLOCK Block);
/* Cuts what is behind Units off a busy block and frees it, unless that is too small to be one. */
void HeappCutOff(PHEAP Heap, PHEAP_BLOCK Block, ULONG Units);
/* Cuts a busy block down to Units, or grows it into a free block behind it. FALSE: it cannot grow
 * that far. */
BOOLEAN HeappResize(PHEAP Heap, PHEAP_BLOCK Block, ULONG Units);
/* Gives the empty segment that is kept to the system. */
void HeappReleaseEmpty(PHEAP Heap);
PVOID HeappMapMemory(PHEAP Heap, PSIZE_T Size);
void HeappUnmapMemory(PVOID Base);
/* A block is what it says, and so are its neighbours. */
BOOLEAN HeappBlockIsSound(PHEAP_BLOCK Block);
BOOLEAN HeappSegmentIsSound(PHEAP_SEGMENT Segment);

/* quick.c: blocks that are kept by size */
/* Takes a block and cuts some more of its size, which become quick. NULL: out of memory. */
PHEAP_BLOCK HeappTakeBatch(PHEAP Heap, ULONG Units);
void HeappFlushQuick(PHEAP Heap); /* all of them become free */

/* The caller has found it in its list. NULL: the block was written to after it had been freed. */
FORCEINLINE PHEAP_BLOCK HeappTakeQuick(PHEAP Heap, ULONG Units, PHEAP_BLOCK Block)
{
    if (Block->State != HeapQuick)
        return NULL;
    Heap->Quick[Units] = Block->Next[0];
    Heap->QuickUnits -= Units;
    return Block;
}

FORCEINLINE void HeappGiveQuick(PHEAP Heap, PHEAP_BLOCK Block)
{
    ULONG Units = Block->Units;

    Block->Control = HeapQuick;
    Block->Next[0] = Heap->Quick[Units];
    Heap->Quick[Units] = Block;
    Heap->QuickUnits += Units;
}

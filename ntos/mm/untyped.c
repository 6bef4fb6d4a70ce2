/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Untyped memory as a buddy system: blocks of powers of two are halved on demand, and two free
 * halves are merged again later.
 *
 * Everybody waits for a Retype of ours. Our kernel clears used memory when objects other than
 * untyped memory are made of it: blocks are halved without clearing, whatever their size, and at
 * most a chunk is cleared at once. (seL4 clears all of a block that the kernel gave at boot at its
 * first Retype. A thread of a program's priority that did it for us would not help: a clock tick
 * during a preemptible call costs no time slice, so its equals would wait for the end of the call
 * too.)
 *
 * Pairs of free halves are merged one at a time, the oldest first, as soon as there are more than a
 * few: who needs a larger block never finds many.
 */
#include "mi.h"

#define BOOT_PAIRS 96
#define RECORD_RESERVE 32 /* pairs: more than making a page of new ones takes */
#define KEPT_PAIRS 32     /* free halves not merged yet, as they may soon be wanted again */

typedef union _MI_BLOCK_PAIR {
    MI_BLOCK Blocks[2];
    union _MI_BLOCK_PAIR *Next;
} MI_BLOCK_PAIR, *PMI_BLOCK_PAIR;

SIZE_T MiUntypedBytes, MiFreeUntypedBytes;
static LIST_ENTRY FreeBlocks[seL4_MaxUntypedBits + 1];
static LIST_ENTRY FreeHalves = {&FreeHalves, &FreeHalves}; /* of blocks with both halves free */
static ULONG FreeHalvesCount;
static MI_BLOCK_PAIR BootPairs[BOOT_PAIRS];
static PMI_BLOCK_PAIR FreePairs;
static ULONG FreePairCount;
static BOOLEAN Refilling;

static void FreePair(PMI_BLOCK_PAIR Pair)
{
    Pair->Next = FreePairs;
    FreePairs = Pair;
    FreePairCount++;
}

static void AddPairs(PMI_BLOCK_PAIR Pairs, ULONG Count)
{
    while (Count--)
        FreePair(Pairs++);
}

BOOLEAN MiRefillBlocks(void)
{
    PMI_BLOCK_PAIR Page;

    if (FreePairCount >= RECORD_RESERVE || Refilling)
        return FreePairCount != 0;
    Refilling = TRUE;
    Page = MiAllocateSystemPages(1);
    if (Page)
        AddPairs(Page, PAGE_SIZE / sizeof(*Page));
    Refilling = FALSE;
    return FreePairCount != 0;
}

static PMI_BLOCK AllocatePair(void)
{
    PMI_BLOCK_PAIR Pair;

    if (!MiRefillBlocks())
        return NULL;
    Pair = FreePairs;
    FreePairs = Pair->Next;
    FreePairCount--;
    memset(Pair, 0, sizeof(*Pair));
    return Pair->Blocks;
}

/* ---- Free lists ---- */

/* The block's other half is free and may be merged with it. What is larger than a chunk is never
 * wanted whole. */
static BOOLEAN IsOtherHalfFree(PMI_BLOCK Block)
{
    return Block->Parent && Block->SizeBits < MI_CHUNK_BITS &&
           Block->Parent->Halves[!Block->Half].State == MiBlockFree;
}

static void InsertFree(PMI_BLOCK Block)
{
    Block->State = MiBlockFree;
    MiFreeUntypedBytes += (SIZE_T)1 << Block->SizeBits;
    InsertHeadList(&FreeBlocks[Block->SizeBits], &Block->Links);
    if (IsOtherHalfFree(Block)) {
        InsertTailList(&FreeHalves, &Block->Parent->Links);
        FreeHalvesCount++;
    }
}

static void RemoveFree(PMI_BLOCK Block)
{
    RemoveEntryList(&Block->Links);
    Block->State = MiBlockUsed;
    MiFreeUntypedBytes -= (SIZE_T)1 << Block->SizeBits;
    if (IsOtherHalfFree(Block)) {
        RemoveEntryList(&Block->Parent->Links);
        FreeHalvesCount--;
    }
}

/* The smallest free block of at least SizeBits. */
static PMI_BLOCK FindFree(ULONG SizeBits)
{
    for (; SizeBits <= seL4_MaxUntypedBits; SizeBits++)
        if (!IsListEmpty(&FreeBlocks[SizeBits]))
            return CONTAINING_RECORD(FreeBlocks[SizeBits].Flink, MI_BLOCK, Links);
    return NULL;
}

/* The largest free one below it, if that is a page at least. */
static PMI_BLOCK FindBelow(ULONG SizeBits)
{
    while (--SizeBits >= PAGE_SHIFT)
        if (!IsListEmpty(&FreeBlocks[SizeBits]))
            return CONTAINING_RECORD(FreeBlocks[SizeBits].Flink, MI_BLOCK, Links);
    return NULL;
}

/* ---- Halving and merging ---- */

BOOLEAN MiSplitBlock(PMI_BLOCK Block)
{
    PMI_BLOCK Halves = AllocatePair();
    seL4_CPtr Slot;
    ULONG Half;

    if (!Halves)
        return FALSE;
    Slot = MiAllocateSlotPair();
    if (!Slot ||
        MiRetype(Block->Slot, seL4_UntypedObject, Block->SizeBits - 1, Slot, 2) != seL4_NoError) {
        if (Slot) {
            MmFreeSlot(Slot);
            MmFreeSlot(Slot + 1);
        }
        FreePair((PMI_BLOCK_PAIR)Halves);
        return FALSE;
    }
    for (Half = 0; Half < 2; Half++) {
        Halves[Half].Parent = Block;
        Halves[Half].Slot = (ULONG)Slot + Half;
        Halves[Half].SizeBits = Block->SizeBits - 1;
        Halves[Half].Physical = Block->Physical + ((ULONGLONG)Half << (Block->SizeBits - 1));
        Halves[Half].Half = (UCHAR)Half;
        Halves[Half].State = MiBlockUsed;
    }
    Block->State = MiBlockSplit;
    Block->Halves = Halves;
    return TRUE;
}

/* Both halves are free: they become their parent again. */
static void MergeHalves(PMI_BLOCK Parent)
{
    PMI_BLOCK Halves = Parent->Halves;
    ULONG Half;

    for (Half = 0; Half < 2; Half++) {
        RemoveFree(&Halves[Half]);
        MmDeleteCap(Halves[Half].Slot);
    }
    FreePair((PMI_BLOCK_PAIR)Halves);
    InsertFree(Parent);
}

static BOOLEAN MergeOldest(void)
{
    if (IsListEmpty(&FreeHalves))
        return FALSE;
    MergeHalves(CONTAINING_RECORD(FreeHalves.Flink, MI_BLOCK, Links));
    return TRUE;
}

void MiFreeBlock(PMI_BLOCK Block)
{
    InsertFree(Block);
    while (FreeHalvesCount > KEPT_PAIRS)
        MergeOldest();
}

/* ---- Allocation ---- */

/* Cuts a block that is off the free lists down to SizeBits; what is cut off becomes free. */
static PMI_BLOCK CutDown(PMI_BLOCK Block, ULONG SizeBits)
{
    while (Block->SizeBits > SizeBits) {
        if (!MiSplitBlock(Block)) {
            InsertFree(Block);
            return NULL;
        }
        InsertFree(&Block->Halves[1]);
        Block = &Block->Halves[0];
    }
    return Block;
}

PMI_BLOCK MiAllocateBlock(ULONG SizeBits)
{
    PMI_BLOCK Block;

    if (SizeBits < seL4_MinUntypedBits || SizeBits > seL4_MaxUntypedBits)
        return NULL;
    MiRefillBlocks();
    Block = FindFree(SizeBits);
    while (!Block && (MergeOldest() || MiReclaimChunk()))
        Block = FindFree(SizeBits);
    if (!Block)
        return NULL;
    RemoveFree(Block);
    return CutDown(Block, SizeBits);
}

PMI_BLOCK MiAllocateChunk(ULONG SizeBits)
{
    PMI_BLOCK Block;

    MiRefillBlocks();
    Block = FindFree(SizeBits);
    if (!Block)
        Block = FindBelow(SizeBits);
    while (!Block && MergeOldest())
        Block = FindBelow(SizeBits);
    if (!Block)
        return NULL;
    RemoveFree(Block);
    return CutDown(Block, SizeBits < Block->SizeBits ? SizeBits : Block->SizeBits);
}

/* ---- Start ---- */

PMI_BLOCK MiRegisterBlock(const seL4_UntypedDesc *Description, seL4_CPtr Slot)
{
    PMI_BLOCK Block = AllocatePair();

    if (!Block)
        return NULL;
    Block->Slot = (ULONG)Slot;
    Block->SizeBits = Description->sizeBits;
    Block->Physical = Description->paddr;
    Block->State = MiBlockUsed;
    return Block;
}

/* RAM, lowest first, so that there is memory for records of the later ones. */
void MiInitializeUntyped(seL4_BootInfo *BootInfo)
{
    seL4_CPtr Slot = BootInfo->untyped.start;
    ULONG Index;

    for (Index = 0; Index <= seL4_MaxUntypedBits; Index++)
        InitializeListHead(&FreeBlocks[Index]);
    AddPairs(BootPairs, BOOT_PAIRS);
    Refilling = TRUE;
    for (Index = 0; Slot + Index < BootInfo->untyped.end; Index++) {
        const seL4_UntypedDesc *Description = &BootInfo->untypedList[Index];
        PMI_BLOCK Block;

        if (Description->isDevice || Description->paddr >> PAGE_SHIFT >= MI_WINDOW_SHARED ||
            FreePairCount <= RECORD_RESERVE)
            continue;
        Block = MiRegisterBlock(Description, Slot + Index);
        MiUntypedBytes += (SIZE_T)1 << Block->SizeBits;
        InsertFree(Block);
    }
    Refilling = FALSE;
}

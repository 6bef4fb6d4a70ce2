/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Untyped memory as a buddy system: blocks of powers of two are halved on demand and merged again
 * when memory is short. The first Retype of a block that the kernel gave at boot clears all of it,
 * so the smallest block that will do is always taken.
 */
#include "mi.h"

#define BOOT_PAIRS 96
#define RECORD_RESERVE 32 /* pairs: more than making a page of new ones takes */

typedef union _MI_BLOCK_PAIR {
    MI_BLOCK Blocks[2];
    union _MI_BLOCK_PAIR *Next;
} MI_BLOCK_PAIR, *PMI_BLOCK_PAIR;

SIZE_T MiUntypedBytes, MiFreeUntypedBytes;
static LIST_ENTRY FreeBlocks[seL4_MaxUntypedBits + 1];
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

static void InsertFree(PMI_BLOCK Block)
{
    Block->State = MiBlockFree;
    MiFreeUntypedBytes += (SIZE_T)1 << Block->SizeBits;
    if (Block->Dirty)
        InsertTailList(&FreeBlocks[Block->SizeBits], &Block->Links);
    else
        InsertHeadList(&FreeBlocks[Block->SizeBits], &Block->Links);
}

static void RemoveFree(PMI_BLOCK Block)
{
    RemoveEntryList(&Block->Links);
    Block->State = MiBlockUsed;
    MiFreeUntypedBytes -= (SIZE_T)1 << Block->SizeBits;
}

void MiFreeBlock(PMI_BLOCK Block)
{
    Block->Dirty = TRUE;
    InsertFree(Block);
}

/* The smallest free block of at least SizeBits; clean ones of a size come first. */
static PMI_BLOCK FindFree(ULONG SizeBits, BOOLEAN CleanOnly)
{
    for (; SizeBits <= seL4_MaxUntypedBits; SizeBits++) {
        PLIST_ENTRY Head = &FreeBlocks[SizeBits];

        if (!IsListEmpty(Head)) {
            PMI_BLOCK Block = CONTAINING_RECORD(Head->Flink, MI_BLOCK, Links);

            if (!Block->Dirty || !CleanOnly)
                return Block;
        }
    }
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
    MiFreeBlock(Parent);
}

static BOOLEAN MergeSize(ULONG SizeBits)
{
    PLIST_ENTRY Head = &FreeBlocks[SizeBits], Entry = Head->Flink;
    BOOLEAN Merged = FALSE;

    while (Entry != Head) {
        PMI_BLOCK Block = CONTAINING_RECORD(Entry, MI_BLOCK, Links), Parent = Block->Parent;

        Entry = Entry->Flink;
        if (!Parent || Parent->Halves[!Block->Half].State != MiBlockFree)
            continue;
        if (Entry == &Parent->Halves[!Block->Half].Links)
            Entry = Entry->Flink;
        MergeHalves(Parent);
        Merged = TRUE;
    }
    return Merged;
}

static BOOLEAN MergeAll(void)
{
    BOOLEAN Merged = FALSE;
    ULONG SizeBits;

    for (SizeBits = seL4_MinUntypedBits; SizeBits < seL4_MaxUntypedBits; SizeBits++)
        Merged |= MergeSize(SizeBits);
    return Merged;
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
    Block = FindFree(SizeBits, FALSE);
    if (!Block && MergeAll())
        Block = FindFree(SizeBits, FALSE);
    if (!Block && MiReclaimChunks())
        Block = FindFree(SizeBits, FALSE);
    if (!Block)
        return NULL;
    RemoveFree(Block);
    return CutDown(Block, SizeBits);
}

static PMI_BLOCK FindBelow(ULONG SizeBits, ULONG LowestBits)
{
    while (--SizeBits >= LowestBits)
        if (!IsListEmpty(&FreeBlocks[SizeBits]))
            return CONTAINING_RECORD(FreeBlocks[SizeBits].Flink, MI_BLOCK, Links);
    return NULL;
}

/*
 * Memory for frames: a clean block, cut down to 2^SizeBits; else the largest one below, so that
 * small boot blocks are used up before the clearing of a large one begins.
 */
PMI_BLOCK MiAllocateChunk(ULONG SizeBits)
{
    PMI_BLOCK Block;

    MiRefillBlocks();
    Block = FindFree(SizeBits, TRUE);
    if (!Block)
        Block = FindBelow(SizeBits, PAGE_SHIFT);
    if (!Block)
        Block = FindFree(SizeBits, FALSE);
    if (!Block && MergeAll())
        Block = FindBelow(SizeBits + 1, PAGE_SHIFT);
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
    Block->Dirty = !Description->isDevice;
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

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability slots. They come in leaves of 1,024: those of the initial CNode, then CNodes of the
 * grown space, made when more are wanted and given back when they are not.
 *
 *   leaf       where it is                  how it leaves that state
 *   unused     UnusedLeaves, all free       the first slot, or pair, is taken from it; given back
 *   in use     Partial[singles or pairs]    its last slot is taken; all its slots are free again
 *   full       no list                      a slot of it is freed
 *
 * A slot pair (an even slot and the one after it) holds the halves of a split block; pairs have
 * leaves of their own, so that single slots do not leave them gaps.
 *
 * Mapping a page takes a slot for the copy of its frame's capability. That must not fail in a page
 * fault, so these slots are promised in advance: one with each frame that is made, and one with
 * each page of a view. Slots for anything else are taken only from those that are not promised.
 */
#include "mi.h"

#define LEAF_SLOTS (1u << MI_GROWN_LEAF_BITS)
#define LEAF_PAGES ((LEAF_SLOTS << seL4_SlotBits) >> PAGE_SHIFT)
#define WORD_SLOTS 64
#define LEAF_WORDS (LEAF_SLOTS / WORD_SLOTS)
#define INITIAL_LEAVES 64
#define SLOT_RESERVE 128     /* for making more slots */
#define PROGRAM_RESERVE 1024 /* what programs leave to the system besides */
#define PAIR_RESERVE 32      /* pairs: more than making a leaf takes */
#define RECORD_RESERVE 4     /* records of leaves: the page of new ones may have to wait */
#define KEPT_LEAVES 2        /* not given back at once, as they may soon be wanted again */

typedef struct _SLOT_LEAF {
    LIST_ENTRY Links;
    seL4_CPtr Base;
    PMI_BLOCK Block; /* a grown leaf: the memory of its CNode */
    USHORT FreeCount;
    UCHAR Hint; /* no free slot in words below */
    BOOLEAN Pairs;
    ULONG64 Free[LEAF_WORDS]; /* a bit a slot */
} SLOT_LEAF, *PSLOT_LEAF;

static SLOT_LEAF InitialLeaves[INITIAL_LEAVES];
static PSLOT_LEAF *GrownLeaves; /* by their place in the grown space; NULL: not made */
static LIST_ENTRY Partial[2], UnusedLeaves, UnusedRecords;
static ULONG RecordCount;
static SIZE_T FreeSingles; /* in unused leaves and in those for single slots */
static SIZE_T FreePairs;   /* slots in leaves for pairs */
static SIZE_T Promised;    /* what mappings may take altogether */
static SIZE_T OfFrames;    /* of these, promised with frames */
static SIZE_T Mapped;      /* what they have taken of it */
static BOOLEAN Growing;

/* ---- Leaves ---- */

static PSLOT_LEAF LeafOf(seL4_CPtr Slot)
{
    if (Slot < MI_GROWN_SPACE)
        return &InitialLeaves[Slot >> MI_GROWN_LEAF_BITS];
    return GrownLeaves[(Slot - MI_GROWN_SPACE) >> MI_GROWN_LEAF_BITS];
}

static void SetFree(PSLOT_LEAF Leaf, ULONG Index)
{
    Leaf->Free[Index / WORD_SLOTS] |= 1ull << Index % WORD_SLOTS;
    Leaf->FreeCount++;
    if (Index / WORD_SLOTS < Leaf->Hint)
        Leaf->Hint = (UCHAR)(Index / WORD_SLOTS);
}

/* The first leaf is not all free: the kernel has put its capabilities there. */
void MiInitializeSlots(seL4_BootInfo *BootInfo)
{
    ULONG Slot, Index, End = (ULONG)BootInfo->empty.end;

    if (End > INITIAL_LEAVES * LEAF_SLOTS)
        End = INITIAL_LEAVES * LEAF_SLOTS;
    InitializeListHead(&Partial[FALSE]);
    InitializeListHead(&Partial[TRUE]);
    InitializeListHead(&UnusedLeaves);
    InitializeListHead(&UnusedRecords);
    for (Slot = (ULONG)BootInfo->empty.start; Slot < End; Slot++)
        SetFree(LeafOf(Slot), Slot % LEAF_SLOTS);
    for (Index = 0; Index < INITIAL_LEAVES; Index++) {
        PSLOT_LEAF Leaf = &InitialLeaves[Index];

        Leaf->Base = Index * LEAF_SLOTS;
        FreeSingles += Leaf->FreeCount;
        if (Leaf->FreeCount == LEAF_SLOTS)
            InsertTailList(&UnusedLeaves, &Leaf->Links);
        else if (Leaf->FreeCount)
            InsertTailList(&Partial[FALSE], &Leaf->Links);
    }
}

static void MakeDirectory(void)
{
    SIZE_T Bytes = ALIGN_UP_BY(MiGrownLeafLimit() * sizeof(*GrownLeaves), PAGE_SIZE);

    if (!GrownLeaves && Bytes)
        GrownLeaves = MiAllocateSystemPages(Bytes / PAGE_SIZE);
}

/* Only where there are free frames: slots grow while a chunk of frames is being made, when it may
 * be that none is left. */
void MiRefillSlotRecords(void)
{
    PSLOT_LEAF Page = RecordCount < RECORD_RESERVE ? MiAllocateSystemPages(1) : NULL;
    ULONG Index;

    MakeDirectory();
    for (Index = 0; Page && Index < PAGE_SIZE / sizeof(*Page); Index++) {
        InsertTailList(&UnusedRecords, &Page[Index].Links);
        RecordCount++;
    }
}

/* MiGrownLeafLimit() when all are there. */
static ULONG FindPlace(void)
{
    ULONG Place = 0;

    while (Place < MiGrownLeafLimit() && GrownLeaves[Place])
        Place++;
    return Place;
}

static BOOLEAN MakeLeaf(void)
{
    PSLOT_LEAF Leaf;
    ULONG Place;

    MiRefillSlotRecords();
    if (!GrownLeaves || IsListEmpty(&UnusedRecords))
        return FALSE;
    Place = FindPlace();
    Leaf = CONTAINING_RECORD(UnusedRecords.Flink, SLOT_LEAF, Links);
    if (Place == MiGrownLeafLimit() || !MiCreateSlotLeaf(Place, &Leaf->Block))
        return FALSE;
    RemoveEntryList(&Leaf->Links);
    RecordCount--;
    Leaf->Base = MI_GROWN_SPACE + ((seL4_CPtr)Place << MI_GROWN_LEAF_BITS);
    Leaf->FreeCount = LEAF_SLOTS;
    Leaf->Hint = 0;
    Leaf->Pairs = FALSE;
    memset(Leaf->Free, 0xff, sizeof(Leaf->Free));
    GrownLeaves[Place] = Leaf;
    FreeSingles += LEAF_SLOTS;
    InsertTailList(&UnusedLeaves, &Leaf->Links);
    return TRUE;
}

/* Making a leaf takes slots itself, out of the reserve. */
static BOOLEAN GrowSlots(void)
{
    BOOLEAN Made;

    if (Growing)
        return FALSE;
    Growing = TRUE;
    Made = MakeLeaf();
    Growing = FALSE;
    return Made;
}

/* Grown leaves stand behind the others in the list. */
static void GiveBackLeaf(void)
{
    PSLOT_LEAF Leaf = CONTAINING_RECORD(UnusedLeaves.Blink, SLOT_LEAF, Links);

    RemoveEntryList(&Leaf->Links);
    FreeSingles -= LEAF_SLOTS;
    GrownLeaves[(Leaf->Base - MI_GROWN_SPACE) >> MI_GROWN_LEAF_BITS] = NULL;
    MiDeleteSlotLeaf(Leaf->Block);
    Leaf->Block = NULL;
    InsertTailList(&UnusedRecords, &Leaf->Links);
    RecordCount++;
}

static BOOLEAN IsGrownLeafUnused(void)
{
    return !IsListEmpty(&UnusedLeaves) &&
           CONTAINING_RECORD(UnusedLeaves.Blink, SLOT_LEAF, Links)->Block;
}

/* ---- Promises ---- */

static SIZE_T Needed(void)
{
    return Promised - Mapped + SLOT_RESERVE + (MiIsProgramRunning() ? PROGRAM_RESERVE : 0);
}

/* Count slots besides what has been promised. */
static BOOLEAN EnsureSlots(SIZE_T Count)
{
    while (FreeSingles < Needed() + Count)
        if (!GrowSlots())
            return FALSE;
    return TRUE;
}

static BOOLEAN Promise(SIZE_T Count)
{
    if (Count && !EnsureSlots(Count))
        return FALSE;
    Promised += Count;
    return TRUE;
}

/* Their memory is the system's, which a program must not use up, so that is checked first. */
BOOLEAN MiPromiseSlots(SIZE_T Count)
{
    SIZE_T Wanted = Needed() + Count;

    if (FreeSingles < Wanted &&
        !MiIsRoomForSlots(((Wanted - FreeSingles) / LEAF_SLOTS + 1) * LEAF_PAGES))
        return FALSE;
    return Promise(Count);
}

/* The slots of new frames are paid for by the memory that is set aside for frames. */
BOOLEAN MiPromiseFrameSlots(SIZE_T Count)
{
    if (!Promise(Count))
        return FALSE;
    OfFrames += Count;
    return TRUE;
}

void MiReturnFrameSlots(SIZE_T Count)
{
    OfFrames -= Count;
    MiReturnSlots(Count);
}

SIZE_T MiPromisedSlots(void)
{
    return Promised - OfFrames;
}

void MiReturnSlots(SIZE_T Count)
{
    Promised -= Count;
    while (IsGrownLeafUnused() && FreeSingles > Needed() + (KEPT_LEAVES + 1) * LEAF_SLOTS)
        GiveBackLeaf();
}

/* ---- Taking and freeing ---- */

static seL4_CPtr TakeFrom(PSLOT_LEAF Leaf)
{
    ULONG Word = Leaf->Hint, Bit;
    ULONG64 Candidates = 0;

    for (; Word < LEAF_WORDS && !Candidates; Word++) {
        Candidates = Leaf->Free[Word];
        if (Leaf->Pairs)
            Candidates &= Candidates >> 1 & 0x5555555555555555ull;
    }
    if (!Candidates)
        KeBugCheck("a leaf of slots has lost some");
    Leaf->Hint = (UCHAR)--Word;
    Bit = (ULONG)__builtin_ctzll(Candidates);
    Leaf->Free[Word] &= ~((Leaf->Pairs ? 3ull : 1ull) << Bit);
    Leaf->FreeCount -= Leaf->Pairs ? 2 : 1;
    if (!Leaf->FreeCount)
        RemoveEntryList(&Leaf->Links);
    return Leaf->Base + Word * WORD_SLOTS + Bit;
}

static BOOLEAN StartLeaf(BOOLEAN Pairs)
{
    PSLOT_LEAF Leaf;

    if (IsListEmpty(&UnusedLeaves))
        return FALSE;
    Leaf = CONTAINING_RECORD(RemoveHeadList(&UnusedLeaves), SLOT_LEAF, Links);
    Leaf->Pairs = Pairs;
    if (Pairs) {
        FreeSingles -= LEAF_SLOTS;
        FreePairs += LEAF_SLOTS;
    }
    InsertTailList(&Partial[Pairs], &Leaf->Links);
    return TRUE;
}

static seL4_CPtr TakeSingle(void)
{
    if (IsListEmpty(&Partial[FALSE]) && !StartLeaf(FALSE))
        return 0;
    FreeSingles--;
    return TakeFrom(CONTAINING_RECORD(Partial[FALSE].Flink, SLOT_LEAF, Links));
}

seL4_CPtr MmAllocateSlot(void)
{
    return Growing || EnsureSlots(1) ? TakeSingle() : 0;
}

seL4_CPtr MiAllocateSlotPair(void)
{
    if (FreePairs < 2 * PAIR_RESERVE && !Growing && EnsureSlots(LEAF_SLOTS))
        StartLeaf(TRUE);
    if (IsListEmpty(&Partial[TRUE]))
        return 0;
    FreePairs -= 2;
    return TakeFrom(CONTAINING_RECORD(Partial[TRUE].Flink, SLOT_LEAF, Links));
}

/* Takes one of the promised slots. */
seL4_CPtr MiAllocateMappingSlot(void)
{
    seL4_CPtr Slot = TakeSingle();

    if (!Slot)
        KeBugCheck("a slot that was promised is not there");
    Mapped++;
    return Slot;
}

static void MarkUnused(PSLOT_LEAF Leaf)
{
    RemoveEntryList(&Leaf->Links);
    if (Leaf->Pairs) {
        FreePairs -= LEAF_SLOTS;
        FreeSingles += LEAF_SLOTS;
    }
    if (Leaf->Block)
        InsertTailList(&UnusedLeaves, &Leaf->Links);
    else
        InsertHeadList(&UnusedLeaves, &Leaf->Links);
}

void MmFreeSlot(seL4_CPtr Slot)
{
    PSLOT_LEAF Leaf = LeafOf(Slot);

    if (!Leaf->FreeCount)
        InsertTailList(&Partial[Leaf->Pairs], &Leaf->Links);
    SetFree(Leaf, Slot % LEAF_SLOTS);
    if (Leaf->Pairs)
        FreePairs++;
    else
        FreeSingles++;
    if (Leaf->FreeCount == LEAF_SLOTS)
        MarkUnused(Leaf);
}

/* ---- Capabilities ---- */

void MmDeleteCap(seL4_CPtr Slot)
{
    seL4_Error Error = seL4_CNode_Delete(MmCSpaceRoot, Slot, seL4_WordBits);

    ASSERT(Error == seL4_NoError);
    if (Error == seL4_NoError)
        MmFreeSlot(Slot);
}

void MiDeleteMapping(seL4_CPtr Slot)
{
    Mapped--;
    MmDeleteCap(Slot);
}

static seL4_Error CopyCap(seL4_CPtr Slot, seL4_CPtr Source, seL4_CapRights_t Rights)
{
    return seL4_CNode_Copy(MmCSpaceRoot, Slot, seL4_WordBits, MmCSpaceRoot, Source, seL4_WordBits,
                           Rights);
}

NTSTATUS MmCopyCap(seL4_CPtr Source, seL4_CapRights_t Rights, seL4_CPtr *Copy)
{
    seL4_CPtr Slot = MmAllocateSlot();

    if (!Slot)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (CopyCap(Slot, Source, Rights) != seL4_NoError) {
        MmFreeSlot(Slot);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *Copy = Slot;
    return STATUS_SUCCESS;
}

seL4_CPtr MiCopyForMapping(seL4_CPtr Frame)
{
    seL4_CPtr Slot = MiAllocateMappingSlot();

    if (CopyCap(Slot, Frame, seL4_ReadWrite) != seL4_NoError)
        KeBugCheck("a frame's capability cannot be copied");
    return Slot;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability slots: bitmaps of the free ones, first of the initial CNode, then of the grown space,
 * whose CNodes are made when the slots run out.
 */
#include "mi.h"

#define WORD_SLOTS 64
#define INITIAL_SLOT_LIMIT 65536
#define SLOT_RESERVE 128 /* kept for making more slots */

typedef struct _MI_SLOT_SPACE {
    seL4_CPtr Base;
    ULONG64 *Free; /* a bit a slot */
    ULONG Words;
    ULONG Hint; /* no free slot in words below */
    ULONG FreeCount;
} MI_SLOT_SPACE, *PMI_SLOT_SPACE;

static ULONG64 InitialFree[INITIAL_SLOT_LIMIT / WORD_SLOTS];
static MI_SLOT_SPACE InitialSpace = {0, InitialFree, 0, 0, 0};
static MI_SLOT_SPACE GrownSpace = {MI_GROWN_SPACE, NULL, 0, 0, 0};
static ULONG GrownLeaves;
static BOOLEAN Growing;

static void SetFree(PMI_SLOT_SPACE Space, ULONG Index)
{
    Space->Free[Index / WORD_SLOTS] |= 1ull << Index % WORD_SLOTS;
    Space->FreeCount++;
    if (Index / WORD_SLOTS < Space->Hint)
        Space->Hint = Index / WORD_SLOTS;
}

void MiInitializeSlots(seL4_BootInfo *BootInfo)
{
    ULONG Slot, End = (ULONG)BootInfo->empty.end;

    if (End > INITIAL_SLOT_LIMIT)
        End = INITIAL_SLOT_LIMIT;
    InitialSpace.Words = End / WORD_SLOTS;
    for (Slot = (ULONG)BootInfo->empty.start; Slot < End; Slot++)
        SetFree(&InitialSpace, Slot);
}

static ULONG TakeBits(PMI_SLOT_SPACE Space, ULONG Word, ULONG64 Candidates, ULONG Count)
{
    ULONG Bit = (ULONG)__builtin_ctzll(Candidates);

    Space->Free[Word] &= ~((Count == 2 ? 3ull : 1ull) << Bit);
    Space->FreeCount -= Count;
    return Word * WORD_SLOTS + Bit;
}

static seL4_CPtr TakeSlot(PMI_SLOT_SPACE Space)
{
    ULONG Word;

    for (Word = Space->Hint; Word < Space->Words; Word++) {
        if (Space->Free[Word]) {
            Space->Hint = Word;
            return Space->Base + TakeBits(Space, Word, Space->Free[Word], 1);
        }
    }
    Space->Hint = Space->Words;
    return 0;
}

static seL4_CPtr TakePair(PMI_SLOT_SPACE Space)
{
    ULONG Word;

    for (Word = Space->Hint; Word < Space->Words; Word++) {
        ULONG64 Pairs = Space->Free[Word] & Space->Free[Word] >> 1 & 0x5555555555555555ull;

        if (Pairs)
            return Space->Base + TakeBits(Space, Word, Pairs, 2);
    }
    return 0;
}

/* The bitmap of all grown slots there may ever be is made with the first of them. */
static BOOLEAN AddGrownLeaf(void)
{
    ULONG LeafSlots = 1u << MI_GROWN_LEAF_BITS, Index;

    if (!GrownSpace.Free)
        GrownSpace.Free = MiAllocateSystemPages(
            ALIGN_UP_BY((SIZE_T)MiGrownLeafLimit() * LeafSlots / 8, PAGE_SIZE) / PAGE_SIZE);
    if (!GrownSpace.Free || !MiGrowSlots(GrownLeaves))
        return FALSE;
    for (Index = 0; Index < LeafSlots; Index++)
        SetFree(&GrownSpace, GrownLeaves * LeafSlots + Index);
    GrownLeaves++;
    GrownSpace.Words = GrownLeaves * LeafSlots / WORD_SLOTS;
    return TRUE;
}

static void KeepReserve(void)
{
    if (InitialSpace.FreeCount + GrownSpace.FreeCount >= SLOT_RESERVE || Growing ||
        GrownLeaves == MiGrownLeafLimit())
        return;
    Growing = TRUE;
    AddGrownLeaf();
    Growing = FALSE;
}

seL4_CPtr MmAllocateSlot(void)
{
    seL4_CPtr Slot;

    KeepReserve();
    Slot = TakeSlot(&InitialSpace);
    return Slot ? Slot : TakeSlot(&GrownSpace);
}

seL4_CPtr MiAllocateSlotPair(void)
{
    seL4_CPtr Slot;

    KeepReserve();
    Slot = TakePair(&InitialSpace);
    return Slot ? Slot : TakePair(&GrownSpace);
}

void MmFreeSlot(seL4_CPtr Slot)
{
    PMI_SLOT_SPACE Space = Slot >= MI_GROWN_SPACE ? &GrownSpace : &InitialSpace;

    SetFree(Space, (ULONG)(Slot - Space->Base));
}

void MmDeleteCap(seL4_CPtr Slot)
{
    seL4_Error Error = seL4_CNode_Delete(MmCSpaceRoot, Slot, seL4_WordBits);

    ASSERT(Error == seL4_NoError);
    if (Error == seL4_NoError)
        MmFreeSlot(Slot);
}

NTSTATUS MmCopyCap(seL4_CPtr Source, seL4_CapRights_t Rights, seL4_CPtr *Copy)
{
    seL4_CPtr Slot = MmAllocateSlot();

    if (!Slot)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (seL4_CNode_Copy(MmCSpaceRoot, Slot, seL4_WordBits, MmCSpaceRoot, Source, seL4_WordBits,
                        Rights) != seL4_NoError) {
        MmFreeSlot(Slot);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *Copy = Slot;
    return STATUS_SUCCESS;
}

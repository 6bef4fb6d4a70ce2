/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page-frame database. Chunks of untyped memory become 4K frames, whose capabilities lie in the
 * slots that their numbers name; a frame enters the window when it is first used. Its database is
 * an array mapped as far as there are chunks. When untyped memory runs out, chunks whose frames are
 * all free become untyped memory again.
 */
#include "mi.h"

#define LARGE_CHUNK_BITS 20 /* as many frames as one Retype makes */
#define SMALL_CHUNK_BITS 17 /* on a machine with less than */
#define SMALL_MACHINE ((SIZE_T)48 << 20)
#define SYSTEM_SHARE 32 /* one part in so many of all memory is not for clients */
#define RECLAIM_LIMIT 8 /* chunks at a time */
#define ENTRIES_PER_PAGE (PAGE_SIZE / sizeof(MI_FRAME))

ULONG MiFreeFrames;
static ULONG ZeroedList, DirtyList;
static LIST_ENTRY Chunks = {&Chunks, &Chunks}; /* of MI_BLOCK.Links */
static ULONG FreshNext,
    FreshEnd; /* frames of the newest chunk that were never used: zero, mapped nowhere */

/* ---- Chunks ---- */

static BOOLEAN MakeFrameCaps(PMI_BLOCK Block, ULONG First, ULONG Count)
{
    seL4_Error Error = MiRetype(Block->Slot, seL4_X86_4K, 0, MiFrameCap(First), Count);

    if (Error == seL4_FailedLookup && MiCreateFrameLeaf(First))
        Error = MiRetype(Block->Slot, seL4_X86_4K, 0, MiFrameCap(First), Count);
    return Error == seL4_NoError;
}

static ULONG64 DatabaseMapped[MI_MAXIMUM_FRAME / ENTRIES_PER_PAGE /
                              64]; /* a bit for each page of the database */

/* A page of the database has memory of its own, so that a chunk whose frames are all free can go.
 */
static BOOLEAN MapDatabasePage(ULONG_PTR Address)
{
    PMI_BLOCK Block = MiAllocateBlock(PAGE_SHIFT);
    seL4_CPtr Slot = Block ? MmAllocateSlot() : 0;

    if (Slot && MiRetype(Block->Slot, seL4_X86_4K, 0, Slot, 1) == seL4_NoError) {
        if (NT_SUCCESS(MiMapSystemPage(Slot, Address, seL4_X86_ExecuteNever))) {
            MiKernelObjectBytes += PAGE_SIZE;
            return TRUE;
        }
        MmDeleteCap(Slot);
    } else if (Slot) {
        MmFreeSlot(Slot);
    }
    if (Block)
        MiFreeBlock(Block);
    return FALSE;
}

static BOOLEAN MapDatabase(ULONG First)
{
    ULONG Page = First / ENTRIES_PER_PAGE;
    ULONG64 Bit = 1ull << Page % 64;

    if (!(DatabaseMapped[Page / 64] & Bit) &&
        MapDatabasePage((ULONG_PTR)MiFrameEntry(Page * ENTRIES_PER_PAGE)))
        DatabaseMapped[Page / 64] |= Bit;
    return (DatabaseMapped[Page / 64] & Bit) != 0;
}

static ULONG ChunkFirst(PMI_BLOCK Block)
{
    return (ULONG)(Block->Physical >> PAGE_SHIFT);
}

static ULONG ChunkFrames(PMI_BLOCK Block)
{
    return 1u << (Block->SizeBits - PAGE_SHIFT);
}

static BOOLEAN UseChunk(PMI_BLOCK Block)
{
    ULONG First = ChunkFirst(Block), Count = ChunkFrames(Block);

    if (!MapDatabase(First) || !MakeFrameCaps(Block, First, Count))
        return FALSE;
    InsertTailList(&Chunks, &Block->Links);
    FreshNext = First;
    FreshEnd = First + Count;
    MiFreeFrames += Count;
    return TRUE;
}

/* What a chunk needs may itself want frames (records, slots): that has to wait for the next time.
 */
static BOOLEAN AddChunk(void)
{
    static BOOLEAN Adding;
    PMI_BLOCK Block;
    BOOLEAN Made;

    if (Adding)
        return FALSE;
    Adding = TRUE;
    Block = MiAllocateChunk(MiUntypedBytes < SMALL_MACHINE ? SMALL_CHUNK_BITS : LARGE_CHUNK_BITS);
    Made = Block && UseChunk(Block);
    if (Block && !Made)
        MiFreeBlock(Block);
    Adding = FALSE;
    return Made;
}

/* ---- Free frames ---- */

static ULONG PopFrame(PULONG List)
{
    ULONG Frame = *List;

    if (Frame)
        *List = MiFrameEntry(Frame)->Next;
    return Frame;
}

static void PushFrame(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);
    PULONG List = Entry->Flags & MI_FRAME_DIRTY ? &DirtyList : &ZeroedList;

    Entry->Count = 0;
    Entry->Next = *List;
    *List = Frame;
    MiFreeFrames++;
}

static ULONG TakeFresh(void)
{
    if (FreshNext == FreshEnd && !AddChunk())
        return 0;
    return FreshNext++;
}

static ULONG TakeFrame(BOOLEAN Zeroed)
{
    ULONG Frame = PopFrame(Zeroed ? &ZeroedList : &DirtyList);

    if (!Frame)
        Frame = PopFrame(Zeroed ? &DirtyList : &ZeroedList);
    if (!Frame)
        Frame = TakeFresh();
    if (!Frame)
        return 0;
    MiFreeFrames--;
    MiFrameEntry(Frame)->Count = 1;
    MiFrameEntry(Frame)->Next = 0;
    return Frame;
}

static BOOLEAN EnterWindow(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);

    if (!(Entry->Flags & MI_FRAME_WINDOW)) {
        if (!NT_SUCCESS(MiMapSystemPage(MiFrameCap(Frame), (ULONG_PTR)MiWindow(Frame),
                                        seL4_X86_ExecuteNever)))
            return FALSE;
        Entry->Flags |= MI_FRAME_WINDOW;
    }
    return TRUE;
}

ULONG MiAllocateFrame(BOOLEAN Zeroed)
{
    ULONG Frame = TakeFrame(Zeroed);

    if (!Frame)
        return 0;
    if (!EnterWindow(Frame)) {
        PushFrame(Frame);
        return 0;
    }
    if (Zeroed && MiFrameEntry(Frame)->Flags & MI_FRAME_DIRTY)
        MiClearPage(MiWindow(Frame));
    MiFrameEntry(Frame)->Flags |= MI_FRAME_DIRTY;
    return Frame;
}

/* Clients do not get the last of the memory: tables and other kernel objects are made of it. */
ULONG MiAllocateClientFrame(BOOLEAN Zeroed)
{
    if (!MiFreeFrames && MiFreeUntypedBytes < MiUntypedBytes / SYSTEM_SHARE)
        return 0;
    return MiAllocateFrame(Zeroed);
}

ULONG MiAllocateBareFrame(void)
{
    ULONG Frame = TakeFrame(TRUE);

    if (!Frame || !(MiFrameEntry(Frame)->Flags & MI_FRAME_WINDOW))
        return Frame;
    if (seL4_X86_Page_Unmap(MiFrameCap(Frame)) != seL4_NoError) {
        PushFrame(Frame);
        return 0;
    }
    MiFrameEntry(Frame)->Flags &= ~MI_FRAME_WINDOW;
    return Frame;
}

void MiReleaseFrame(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);

    ASSERT(Entry->Count != 0);
    if (--Entry->Count == 0)
        PushFrame(Frame);
}

/* ---- Copies of frames' capabilities: unmapping one and mapping it anew is cheaper than deleting
 * and copying ---- */

NTSTATUS MiTakeFrameCopy(ULONG Frame, seL4_CPtr *Slot)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);

    if (!Entry->SpareSlot)
        return MmCopyCap(MiFrameCap(Frame), seL4_ReadWrite, Slot);
    *Slot = Entry->SpareSlot;
    Entry->SpareSlot = 0;
    return STATUS_SUCCESS;
}

void MiReturnFrameCopy(ULONG Frame, seL4_CPtr Slot)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);

    if (!Entry->SpareSlot && seL4_X86_Page_Unmap(Slot) == seL4_NoError)
        Entry->SpareSlot = (ULONG)Slot;
    else
        MmDeleteCap(Slot);
}

void MiDropFrameCopy(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);

    if (Entry->SpareSlot)
        MmDeleteCap(Entry->SpareSlot);
    Entry->SpareSlot = 0;
}

/* ---- Giving chunks back ---- */

static BOOLEAN IsChunkFree(PMI_BLOCK Block)
{
    PMI_FRAME Entry = MiFrameEntry(ChunkFirst(Block)), End = Entry + ChunkFrames(Block);

    for (; Entry < End; Entry++)
        if (Entry->Count)
            return FALSE;
    return TRUE;
}

static void MarkChunk(PMI_BLOCK Block)
{
    ULONG First = ChunkFirst(Block), Count = ChunkFrames(Block), Frame;

    for (Frame = First; Frame < First + Count; Frame++)
        MiFrameEntry(Frame)->Flags |= MI_FRAME_LEAVING;
    if (FreshNext >= First && FreshNext < First + Count)
        FreshNext = FreshEnd = 0;
    MiFreeFrames -= Count;
}

static void FilterList(PULONG List)
{
    ULONG Frame = *List, Next;
    PULONG Tail = List;

    for (; Frame; Frame = Next) {
        Next = MiFrameEntry(Frame)->Next;
        if (!(MiFrameEntry(Frame)->Flags & MI_FRAME_LEAVING)) {
            *Tail = Frame;
            Tail = &MiFrameEntry(Frame)->Next;
        }
    }
    *Tail = 0;
}

static void ReturnChunk(PMI_BLOCK Block)
{
    ULONG First = ChunkFirst(Block), Frame;

    RemoveEntryList(&Block->Links);
    for (Frame = First; Frame < First + ChunkFrames(Block); Frame++)
        MiDropFrameCopy(Frame);
    if (seL4_CNode_Revoke(MmCSpaceRoot, Block->Slot, seL4_WordBits) != seL4_NoError)
        KeBugCheck("frames cannot be deleted");
    memset(MiFrameEntry(First), 0, ChunkFrames(Block) * sizeof(MI_FRAME));
    MiFreeBlock(Block);
}

BOOLEAN MiReclaimChunks(void)
{
    LIST_ENTRY Leaving = {&Leaving, &Leaving};
    PLIST_ENTRY Entry = Chunks.Flink;
    ULONG Count = 0;

    while (Entry != &Chunks && Count < RECLAIM_LIMIT) {
        PMI_BLOCK Block = CONTAINING_RECORD(Entry, MI_BLOCK, Links);

        Entry = Entry->Flink;
        if (!IsChunkFree(Block))
            continue;
        MarkChunk(Block);
        RemoveEntryList(&Block->Links);
        InsertTailList(&Leaving, &Block->Links);
        Count++;
    }
    if (!Count)
        return FALSE;
    FilterList(&ZeroedList);
    FilterList(&DirtyList);
    while (!IsListEmpty(&Leaving))
        ReturnChunk(CONTAINING_RECORD(Leaving.Flink, MI_BLOCK, Links));
    return TRUE;
}

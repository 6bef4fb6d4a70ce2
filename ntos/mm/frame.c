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

/* Free frames of ordinary or of high memory. */
typedef struct _FRAME_POOL {
    ULONG Zeroed, Dirty;       /* lists */
    ULONG FreshNext, FreshEnd; /* of the newest chunk: never used, mapped nowhere */
    SIZE_T Free;               /* pages: all these, and high memory that is no chunk yet */
    BOOLEAN (*AddChunk)(void);
} FRAME_POOL, *PFRAME_POOL;

static BOOLEAN AddChunk(void), AddHighChunk(void);
static FRAME_POOL Ordinary = {.AddChunk = AddChunk}, High = {.AddChunk = AddHighChunk};
static LIST_ENTRY Chunks = {&Chunks, &Chunks}; /* ordinary ones; of MI_BLOCK.Links */

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

BOOLEAN MiIsFrameKnown(ULONG Frame)
{
    ULONG Page = Frame / ENTRIES_PER_PAGE;

    return (DatabaseMapped[Page / 64] >> Page % 64 & 1) != 0;
}

static BOOLEAN MapDatabase(ULONG First)
{
    ULONG Page = First / ENTRIES_PER_PAGE;

    if (!MiIsFrameKnown(First) && MapDatabasePage((ULONG_PTR)MiFrameEntry(Page * ENTRIES_PER_PAGE)))
        DatabaseMapped[Page / 64] |= 1ull << Page % 64;
    return MiIsFrameKnown(First);
}

static ULONG ChunkFirst(PMI_BLOCK Block)
{
    return (ULONG)(Block->Physical >> PAGE_SHIFT);
}

static ULONG ChunkFrames(PMI_BLOCK Block)
{
    return 1u << (Block->SizeBits - PAGE_SHIFT);
}

static BOOLEAN UseChunk(PFRAME_POOL Pool, PMI_BLOCK Block)
{
    ULONG First = ChunkFirst(Block), Count = ChunkFrames(Block);

    if (!MapDatabase(First) || !MakeFrameCaps(Block, First, Count))
        return FALSE;
    Pool->FreshNext = First;
    Pool->FreshEnd = First + Count;
    return TRUE;
}

/*
 * What a chunk needs may itself want frames (slots): that has to wait for the next time. Records of
 * blocks cannot wait, as each chunk takes some; the first frame of a chunk may become a page of
 * them.
 */
static BOOLEAN AddChunk(void)
{
    static BOOLEAN Adding;
    PMI_BLOCK Block;
    BOOLEAN Made;

    if (Adding)
        return FALSE;
    MiRefillBlocks();
    if (Ordinary.FreshNext != Ordinary.FreshEnd)
        return TRUE;
    Adding = TRUE;
    Block = MiAllocateChunk(MiUntypedBytes < SMALL_MACHINE ? SMALL_CHUNK_BITS : LARGE_CHUNK_BITS);
    Made = Block && UseChunk(&Ordinary, Block);
    if (Made) {
        InsertTailList(&Chunks, &Block->Links);
        Ordinary.Free += ChunkFrames(Block);
    } else if (Block) {
        MiFreeBlock(Block);
    }
    Adding = FALSE;
    return Made;
}

/* A chunk that cannot be used now, for want of ordinary memory, is tried again later. */
static BOOLEAN AddHighChunk(void)
{
    static PMI_BLOCK Block;
    ULONG Frame;

    if (!Block)
        Block = MiTakeHighChunk(LARGE_CHUNK_BITS);
    if (!Block || !UseChunk(&High, Block))
        return FALSE;
    Block = NULL;
    for (Frame = High.FreshNext; Frame < High.FreshEnd; Frame++)
        MiFrameEntry(Frame)->Flags = MI_FRAME_HIGH | MI_FRAME_DIRTY;
    return TRUE;
}

void MiInitializeFrames(void)
{
    High.Free = MiHighPages;
}

SIZE_T MiAvailablePages(void)
{
    return Ordinary.Free + High.Free + (MiFreeUntypedBytes >> PAGE_SHIFT);
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
    PFRAME_POOL Pool = Entry->Flags & MI_FRAME_HIGH ? &High : &Ordinary;
    PULONG List = Entry->Flags & MI_FRAME_DIRTY ? &Pool->Dirty : &Pool->Zeroed;

    Entry->Count = 0;
    Entry->Next = *List;
    *List = Frame;
    Pool->Free++;
}

static ULONG TakeFresh(PFRAME_POOL Pool)
{
    if (Pool->FreshNext == Pool->FreshEnd && !Pool->AddChunk())
        return 0;
    return Pool->FreshNext++;
}

static ULONG TakeFrame(PFRAME_POOL Pool, BOOLEAN Zeroed)
{
    ULONG Frame = PopFrame(Zeroed ? &Pool->Zeroed : &Pool->Dirty);

    if (!Frame)
        Frame = PopFrame(Zeroed ? &Pool->Dirty : &Pool->Zeroed);
    if (!Frame)
        Frame = TakeFresh(Pool);
    if (!Frame)
        return 0;
    Pool->Free--;
    MiFrameEntry(Frame)->Count = 1;
    MiFrameEntry(Frame)->Next = 0;
    return Frame;
}

static ULONG AllocateFrame(PFRAME_POOL Pool, BOOLEAN Zeroed)
{
    ULONG Frame = TakeFrame(Pool, Zeroed);

    if (!Frame)
        return 0;
    if (!MiEnterWindow(Frame)) {
        PushFrame(Frame);
        return 0;
    }
    if (Zeroed && MiFrameEntry(Frame)->Flags & MI_FRAME_DIRTY)
        MiClearPage(MiWindow(Frame));
    MiFrameEntry(Frame)->Flags |= MI_FRAME_DIRTY;
    return Frame;
}

ULONG MiAllocateFrame(BOOLEAN Zeroed)
{
    return AllocateFrame(&Ordinary, Zeroed);
}

/* Clients do not get the last of ordinary memory: tables and other kernel objects are made of it.
 */
ULONG MiAllocateClientFrame(BOOLEAN Zeroed)
{
    ULONG Frame = High.Free ? AllocateFrame(&High, Zeroed) : 0;

    if (Frame || (!Ordinary.Free && MiFreeUntypedBytes < MiUntypedBytes / SYSTEM_SHARE))
        return Frame;
    return MiAllocateFrame(Zeroed);
}

ULONG MiAllocateBareFrame(void)
{
    ULONG Frame = TakeFrame(&Ordinary, TRUE);

    if (Frame && !MiLeaveWindow(Frame)) {
        PushFrame(Frame);
        return 0;
    }
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
    if (Ordinary.FreshNext >= First && Ordinary.FreshNext < First + Count)
        Ordinary.FreshNext = Ordinary.FreshEnd = 0;
    Ordinary.Free -= Count;
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
    FilterList(&Ordinary.Zeroed);
    FilterList(&Ordinary.Dirty);
    while (!IsListEmpty(&Leaving))
        ReturnChunk(CONTAINING_RECORD(Leaving.Flink, MI_BLOCK, Links));
    return TRUE;
}

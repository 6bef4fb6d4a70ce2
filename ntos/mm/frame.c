/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page-frame database. Chunks of untyped memory become 4K frames, whose capabilities lie in the
 * slots that their numbers name; a frame enters the window when it is first looked at. Its database
 * is an array mapped as far as there are chunks. When untyped memory runs out, chunks whose frames
 * are all free become untyped memory again.
 */
#include "mi.h"

#define SMALL_CHUNK_BITS 17 /* on a machine with less than */
#define SMALL_MACHINE ((SIZE_T)48 << 20)
#define SYSTEM_SHARE 128 /* one part in so many of all memory is not for clients */
#define ENTRIES_PER_PAGE (PAGE_SIZE / sizeof(MI_FRAME))

_Static_assert(1u << (MI_CHUNK_BITS - PAGE_SHIFT) <= seL4_RetypeFanOutLimit, "one Retype");

/* Free frames of ordinary or of high memory. */
typedef struct _FRAME_POOL {
    ULONG Zeroed, Dirty;       /* lists */
    ULONG FreshNext, FreshEnd; /* of the newest chunk: never used, mapped nowhere */
    SIZE_T Free;               /* pages: all these, and high memory that is no chunk yet */
    SIZE_T ListedChunks;       /* whose frames are all in the lists */
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

/* A bit for each page of the database. */
static ULONG64 DatabaseMapped[MI_MAXIMUM_FRAME / ENTRIES_PER_PAGE / 64];

/* A page of the database has memory of its own, so that a chunk whose frames are all free can
 * go. */
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

static void RevokeChunk(PMI_BLOCK Block)
{
    if (seL4_CNode_Revoke(MmCSpaceRoot, Block->Slot, seL4_WordBits) != seL4_NoError)
        KeBugCheck("frames cannot be deleted");
}

/* With one frame in the window, the hardware's table there covers all that have their entries in
 * the same page: none of them can fail to enter. */
static BOOLEAN ReachWindow(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame / ENTRIES_PER_PAGE * ENTRIES_PER_PAGE);

    if (!(Entry->Flags & MI_FRAME_REACHED) && !MiEnterWindow(Frame))
        return FALSE;
    Entry->Flags |= MI_FRAME_REACHED;
    return TRUE;
}

static BOOLEAN UseChunk(PFRAME_POOL Pool, PMI_BLOCK Block, UCHAR Flags)
{
    ULONG First = ChunkFirst(Block), Count = ChunkFrames(Block), Index;

    if (!MapDatabase(First) || !MiPromiseFrameSlots(Count))
        return FALSE;
    if (!MakeFrameCaps(Block, First, Count) || !ReachWindow(First)) {
        RevokeChunk(Block);
        MiReturnFrameSlots(Count);
        return FALSE;
    }
    Flags |= (UCHAR)((Block->SizeBits - PAGE_SHIFT) << MI_FRAME_CHUNK);
    for (Index = 0; Index < Count; Index++)
        MiFrameEntry(First + Index)->Flags |= Flags;
    Pool->FreshNext = First;
    Pool->FreshEnd = First + Count;
    return TRUE;
}

static BOOLEAN MakeChunk(ULONG SizeBits)
{
    PMI_BLOCK Block = MiAllocateChunk(SizeBits);

    if (!Block)
        return FALSE;
    if (!UseChunk(&Ordinary, Block, 0)) {
        MiFreeBlock(Block);
        return FALSE;
    }
    InsertTailList(&Chunks, &Block->Links);
    Ordinary.Free += ChunkFrames(Block);
    return TRUE;
}

/*
 * What a chunk needs may itself want frames (slots): that has to wait for the next time. Records of
 * blocks cannot wait, as each chunk takes some; the first frame of a chunk may become a page of
 * them. When the last of the untyped memory would be the chunk, a smaller one leaves room for its
 * slots and its part of the database.
 */
static BOOLEAN AddChunk(void)
{
    ULONG SizeBits = MiUntypedBytes < SMALL_MACHINE ? SMALL_CHUNK_BITS : MI_CHUNK_BITS;
    static BOOLEAN Adding;
    BOOLEAN Made = FALSE;

    if (Adding)
        return FALSE;
    MiRefillBlocks();
    if (Ordinary.FreshNext != Ordinary.FreshEnd)
        return TRUE;
    Adding = TRUE;
    for (; SizeBits >= PAGE_SHIFT && !Made; SizeBits--)
        Made = MakeChunk(SizeBits);
    Adding = FALSE;
    if (Made)
        MiRefillSlotRecords();
    return Made;
}

/* A chunk that cannot be used now, for want of ordinary memory, is tried again later. */
static BOOLEAN AddHighChunk(void)
{
    static PMI_BLOCK Block;

    if (!Block)
        Block = MiTakeHighChunk(MI_CHUNK_BITS);
    if (!Block || !UseChunk(&High, Block, MI_FRAME_HIGH | MI_FRAME_DIRTY))
        return FALSE;
    Block = NULL;
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

static PFRAME_POOL PoolOf(PMI_FRAME Entry)
{
    return Entry->Flags & MI_FRAME_HIGH ? &High : &Ordinary;
}

static PULONG ListOf(PMI_FRAME Entry)
{
    PFRAME_POOL Pool = PoolOf(Entry);

    return Entry->Flags & MI_FRAME_DIRTY ? &Pool->Dirty : &Pool->Zeroed;
}

/* The entry that counts for all of the frame's chunk. */
static PMI_FRAME ChunkEntry(ULONG Frame)
{
    ULONG Bits = MiFrameEntry(Frame)->Flags >> MI_FRAME_CHUNK;

    return MiFrameEntry(Frame >> Bits << Bits);
}

static ULONG FramesOfChunk(PMI_FRAME First)
{
    return 1u << (First->Flags >> MI_FRAME_CHUNK);
}

/* Before a frame of the chunk is taken from a list, and after one is put there. */
static void CountListed(PMI_FRAME First, LONG Change)
{
    if (Change < 0 && First->Listed == FramesOfChunk(First))
        PoolOf(First)->ListedChunks--;
    First->Listed = (UCHAR)(First->Listed + Change);
    if (Change > 0 && First->Listed == FramesOfChunk(First))
        PoolOf(First)->ListedChunks++;
}

static ULONG PopFrame(PULONG List)
{
    ULONG Frame = *List, Next;

    if (Frame) {
        Next = *List = MiFrameEntry(Frame)->Next;
        if (Next)
            MiFrameEntry(Next)->Previous = 0;
        CountListed(ChunkEntry(Frame), -1);
    }
    return Frame;
}

static void PushFrame(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);
    PULONG List = ListOf(Entry);

    Entry->Previous = 0;
    Entry->Next = *List;
    if (*List)
        MiFrameEntry(*List)->Previous = Frame;
    *List = Frame;
    PoolOf(Entry)->Free++;
    CountListed(ChunkEntry(Frame), 1);
}

static void RemoveFrame(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);

    if (Entry->Previous)
        MiFrameEntry(Entry->Previous)->Next = Entry->Next;
    else
        *ListOf(Entry) = Entry->Next;
    if (Entry->Next)
        MiFrameEntry(Entry->Next)->Previous = Entry->Previous;
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

/* It enters the window only if it must be cleared. */
static ULONG AllocateFrame(PFRAME_POOL Pool, BOOLEAN Zeroed)
{
    ULONG Frame = TakeFrame(Pool, Zeroed);

    if (!Frame)
        return 0;
    if (Zeroed && MiFrameEntry(Frame)->Flags & MI_FRAME_DIRTY)
        MiClearPage(MiMapFrame(Frame));
    MiFrameEntry(Frame)->Flags |= MI_FRAME_DIRTY;
    return Frame;
}

ULONG MiAllocateFrame(BOOLEAN Zeroed)
{
    ULONG Frame = AllocateFrame(&Ordinary, Zeroed);

    if (Frame)
        MiMapFrame(Frame);
    return Frame;
}

/* Clients do not get the last of ordinary memory: tables and other kernel objects are made of
 * it. */
ULONG MiAllocateClientFrame(BOOLEAN Zeroed)
{
    ULONG Frame = High.Free ? AllocateFrame(&High, Zeroed) : 0;

    if (Frame || (!Ordinary.Free && MiFreeUntypedBytes < MiUntypedBytes / SYSTEM_SHARE))
        return Frame;
    return AllocateFrame(&Ordinary, Zeroed);
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

seL4_CPtr MiTakeFrameCopy(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);
    seL4_CPtr Slot = Entry->SpareSlot;

    Entry->SpareSlot = 0;
    return Slot ? Slot : MiCopyForMapping(MiFrameCap(Frame));
}

void MiReturnFrameCopy(ULONG Frame, seL4_CPtr Slot)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);

    if (!Entry->SpareSlot && seL4_X86_Page_Unmap(Slot) == seL4_NoError)
        Entry->SpareSlot = (ULONG)Slot;
    else
        MiDeleteMapping(Slot);
}

void MiDropFrameCopy(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);

    if (Entry->SpareSlot)
        MiDeleteMapping(Entry->SpareSlot);
    Entry->SpareSlot = 0;
}

/* ---- Giving chunks back ---- */

/* So many of its frames, the last ones, have never been used and are in no list. */
static ULONG FreshFrames(PMI_BLOCK Block)
{
    BOOLEAN Newest = Ordinary.FreshEnd == ChunkFirst(Block) + ChunkFrames(Block);

    return Newest ? Ordinary.FreshEnd - Ordinary.FreshNext : 0;
}

static BOOLEAN IsChunkFree(PMI_BLOCK Block)
{
    return MiFrameEntry(ChunkFirst(Block))->Listed + FreshFrames(Block) == ChunkFrames(Block);
}

static void RemoveFrames(PMI_BLOCK Block)
{
    ULONG First = ChunkFirst(Block), Count = ChunkFrames(Block), Fresh = FreshFrames(Block), Frame;

    for (Frame = First; Frame < First + Count - Fresh; Frame++)
        RemoveFrame(Frame);
    if (Fresh)
        Ordinary.FreshNext = Ordinary.FreshEnd = 0;
    Ordinary.Free -= Count;
}

static void ReturnChunk(PMI_BLOCK Block)
{
    ULONG First = ChunkFirst(Block), Count = ChunkFrames(Block), Frame;

    RemoveEntryList(&Block->Links);
    if (MiFrameEntry(First)->Listed == Count)
        Ordinary.ListedChunks--;
    RemoveFrames(Block);
    for (Frame = First; Frame < First + Count; Frame++)
        MiDropFrameCopy(Frame);
    RevokeChunk(Block);
    MiReturnFrameSlots(Count);
    memset(MiFrameEntry(First), 0, Count * sizeof(MI_FRAME));
    MiFreeBlock(Block);
}

/* The newest chunk may be free without having been in use. */
static BOOLEAN IsAnyChunkFree(void)
{
    PMI_FRAME Newest =
        Ordinary.FreshNext != Ordinary.FreshEnd ? ChunkEntry(Ordinary.FreshNext) : NULL;

    return Ordinary.ListedChunks ||
           (Newest &&
            Newest->Listed + Ordinary.FreshEnd - Ordinary.FreshNext == FramesOfChunk(Newest));
}

/* A look at each chunk at most, and at none in vain. */
BOOLEAN MiReclaimChunk(void)
{
    PLIST_ENTRY Entry;

    if (!IsAnyChunkFree())
        return FALSE;
    for (Entry = Chunks.Flink; Entry != &Chunks; Entry = Entry->Flink) {
        PMI_BLOCK Block = CONTAINING_RECORD(Entry, MI_BLOCK, Links);

        if (IsChunkFree(Block)) {
            ReturnChunk(Block);
            return TRUE;
        }
    }
    return FALSE;
}

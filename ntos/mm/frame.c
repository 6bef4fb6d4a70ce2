/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page-frame database. Chunks of untyped memory become 4K frames, whose capabilities lie in the slots that their
 * numbers name; a frame enters the window when it is first used. Its database is an array mapped as far as there are
 * chunks, paid for by the chunk itself.
 */
#include "mi.h"

#define LARGE_CHUNK_BITS 20 /* as many frames as one Retype makes */
#define SMALL_CHUNK_BITS 17 /* on a machine with less than */
#define SMALL_MACHINE ((SIZE_T)48 << 20)
#define ENTRIES_PER_PAGE (PAGE_SIZE / sizeof(MI_FRAME))

ULONG MiFreeFrames;
static ULONG ZeroedList, DirtyList;
static ULONG FreshNext, FreshEnd; /* frames of the newest chunk that were never used: zero, mapped nowhere */

/* ---- Chunks ---- */

static BOOLEAN MakeFrameCaps(PMI_BLOCK Block, ULONG First, ULONG Count)
{
    seL4_Error Error = MiRetype(Block->Slot, seL4_X86_4K, 0, MiFrameCap(First), Count);

    if (Error == seL4_FailedLookup && MiCreateFrameLeaf(First))
        Error = MiRetype(Block->Slot, seL4_X86_4K, 0, MiFrameCap(First), Count);
    return Error == seL4_NoError;
}

static ULONG_PTR DatabasePage(ULONG Frame)
{
    return ALIGN_DOWN_BY(MiFrameEntry(Frame), PAGE_SIZE);
}

static ULONG64 DatabaseMapped[MI_MAXIMUM_FRAME / ENTRIES_PER_PAGE / 64]; /* a bit for each page of the database */

/* Maps the database's page for First, made of First itself. Returns the frames that this took, or -1. */
static LONG MapDatabase(ULONG First)
{
    ULONG Page = First / ENTRIES_PER_PAGE;

    if (DatabaseMapped[Page / 64] & 1ull << Page % 64)
        return 0;
    if (!NT_SUCCESS(MiMapSystemPage(MiFrameCap(First), DatabasePage(First), seL4_X86_ExecuteNever)))
        return -1;
    DatabaseMapped[Page / 64] |= 1ull << Page % 64;
    MiFrameEntry(First)->Count = 1;
    return 1;
}

/* Makes frames of Block and a database page for them if there is none. */
static BOOLEAN UseChunk(PMI_BLOCK Block)
{
    ULONG First = (ULONG)(Block->Physical >> PAGE_SHIFT), Count = 1u << (Block->SizeBits - PAGE_SHIFT);
    LONG Taken;

    if (!MakeFrameCaps(Block, First, Count))
        return FALSE;
    Taken = MapDatabase(First);
    if (Taken < 0)
        return FALSE;
    FreshNext = First + (ULONG)Taken;
    FreshEnd = First + Count;
    MiFreeFrames += FreshEnd - FreshNext;
    return TRUE;
}

/* What a chunk needs may itself want frames (records, slots): that has to wait for the next time. */
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
    if (Block && !Made && seL4_CNode_Revoke(MmCSpaceRoot, Block->Slot, seL4_WordBits) == seL4_NoError)
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
    while (FreshNext == FreshEnd) /* again if the chunk's only frame became a page of the database */
        if (!AddChunk())
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
    MiFrameEntry(Frame)->Table = NULL;
    return Frame;
}

static BOOLEAN EnterWindow(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);

    if (!(Entry->Flags & MI_FRAME_WINDOW)) {
        if (!NT_SUCCESS(
                MiMapSystemPage(MiFrameCap(Frame), (ULONG_PTR)MiWindow(Frame), seL4_X86_ExecuteNever)))
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

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System memory: a single page is a frame in the window; several are mapped side by side in the
 * system range, as are stacks (above an unmapped page) and device memory.
 */
#include "mi.h"

#define FRAMES_PER_PAGE (PAGE_SIZE / sizeof(ULONG))

SIZE_T MiSystemPages, MiStackPages;
#define FREED_A_TURN 16 /* pages */

static ULONG64 RangeUsed[MI_SYSTEM_PAGES / 64];
static ULONG RangeHint;
static UCHAR FramesMapped[MI_SYSTEM_PAGES / FRAMES_PER_PAGE];
#define SystemFrames ((PULONG)MI_SYSTEM_FRAMES) /* the frame behind each page of the range */

/* ---- Mapping. Tables of the Executive's own address space are never given back. ---- */

NTSTATUS MiMapSystemPage(seL4_CPtr Cap, ULONG_PTR Address, seL4_Word Attributes)
{
    for (;;) {
        MM_KERNEL_OBJECT Table;
        ULONG Missing;
        NTSTATUS Status;

        if (MiMapPage(Cap, seL4_CapInitThreadVSpace, Address, TRUE, Attributes, &Missing) ==
            seL4_NoError)
            return STATUS_SUCCESS;
        if (!Missing)
            return STATUS_INSUFFICIENT_RESOURCES;
        Status = MiCreateTable(seL4_CapInitThreadVSpace, Address, Missing, &Table);
        if (!NT_SUCCESS(Status))
            return Status;
    }
}

/* ---- The range ---- */

static BOOLEAN IsUsed(ULONG Page)
{
    return RangeUsed[Page / 64] >> Page % 64 & 1;
}

static void SetUsed(ULONG First, SIZE_T Pages, BOOLEAN Used)
{
    SIZE_T Page;

    for (Page = First; Page < First + Pages; Page++) {
        if (Used)
            RangeUsed[Page / 64] |= 1ull << Page % 64;
        else
            RangeUsed[Page / 64] &= ~(1ull << Page % 64);
    }
}

static ULONG FindRun(ULONG From, SIZE_T Pages)
{
    SIZE_T Run = 0;
    ULONG Page;

    for (Page = From; Page < MI_SYSTEM_PAGES; Page++) {
        if (Page % 64 == 0 && RangeUsed[Page / 64] == ~0ull) {
            Run = 0;
            Page += 63;
            continue;
        }
        if (Page % 64 == 0 && !RangeUsed[Page / 64] && Pages - Run > 64) {
            Run += 64;
            Page += 63;
            continue;
        }
        Run = IsUsed(Page) ? 0 : Run + 1;
        if (Run == Pages)
            return Page + 1 - (ULONG)Pages;
    }
    return MI_SYSTEM_PAGES;
}

ULONG_PTR MiReserveSystemRange(SIZE_T Pages)
{
    ULONG First;

    if (!Pages || Pages > MI_SYSTEM_PAGES)
        return 0;
    First = FindRun(RangeHint, Pages);
    if (First == MI_SYSTEM_PAGES)
        First = FindRun(0, Pages);
    if (First == MI_SYSTEM_PAGES)
        return 0;
    SetUsed(First, Pages, TRUE);
    RangeHint = First + (ULONG)Pages;
    return MI_SYSTEM_BASE + ((ULONG_PTR)First << PAGE_SHIFT);
}

static ULONG RangePage(ULONG_PTR Address)
{
    return (ULONG)((Address - MI_SYSTEM_BASE) >> PAGE_SHIFT);
}

void MiReleaseSystemRange(ULONG_PTR Base, SIZE_T Pages)
{
    SetUsed(RangePage(Base), Pages, FALSE);
    if (RangePage(Base) < RangeHint)
        RangeHint = RangePage(Base);
}

/* ---- Pages ---- */

static BOOLEAN MapFrameRecord(ULONG Page)
{
    ULONG Table = Page / FRAMES_PER_PAGE, Frame;

    if (FramesMapped[Table])
        return TRUE;
    Frame = MiAllocateBareFrame();
    if (!Frame)
        return FALSE;
    if (!NT_SUCCESS(MiMapSystemPage(MiFrameCap(Frame), MI_SYSTEM_FRAMES + Table * PAGE_SIZE,
                                    seL4_X86_ExecuteNever))) {
        MiReleaseFrame(Frame);
        return FALSE;
    }
    MiClearPage((PVOID)(MI_SYSTEM_FRAMES + Table * PAGE_SIZE));
    MiFrameEntry(Frame)->Flags |= MI_FRAME_DIRTY;
    FramesMapped[Table] = TRUE;
    return TRUE;
}

/* A frame in the window is mapped here by a copy of its capability, any other by the capability
 * itself. */
static void UnmapSystemPage(ULONG_PTR Address)
{
    ULONG Page = RangePage(Address), Frame = SystemFrames[Page];
    PMI_FRAME Entry = MiFrameEntry(Frame);

    if (Entry->Flags & MI_FRAME_WINDOW) {
        MmDeleteCap(Entry->SystemSlot);
        Entry->SystemSlot = 0;
    } else if (seL4_X86_Page_Unmap(MiFrameCap(Frame)) != seL4_NoError) {
        KeBugCheck("a system page cannot be unmapped");
    }
    SystemFrames[Page] = 0;
    MiReleaseFrame(Frame);
}

void MiUnmapSystemRange(ULONG_PTR Base, SIZE_T Pages)
{
    SIZE_T Page;

    for (Page = RangePage(Base); Pages--; Page++, Base += PAGE_SIZE)
        if (FramesMapped[Page / FRAMES_PER_PAGE] && SystemFrames[Page])
            UnmapSystemPage(Base);
}

ULONG MiMapSharedSystemPage(ULONG_PTR Address)
{
    ULONG Page = RangePage(Address), Frame;
    seL4_CPtr Slot;

    if (!MapFrameRecord(Page))
        return 0;
    Frame = MiAllocateFrame(TRUE);
    if (!Frame)
        return 0;
    if (!NT_SUCCESS(MmCopyCap(MiFrameCap(Frame), seL4_ReadWrite, &Slot))) {
        MiReleaseFrame(Frame);
        return 0;
    }
    if (!NT_SUCCESS(MiMapSystemPage(Slot, Address, seL4_X86_ExecuteNever))) {
        MmDeleteCap(Slot);
        MiReleaseFrame(Frame);
        return 0;
    }
    MiFrameEntry(Frame)->SystemSlot = (ULONG)Slot;
    SystemFrames[Page] = Frame;
    return Frame;
}

static BOOLEAN BackSystemPage(ULONG_PTR Address)
{
    ULONG Page = RangePage(Address), Frame;

    if (!MapFrameRecord(Page))
        return FALSE;
    Frame = MiAllocateBareFrame();
    if (!Frame)
        return FALSE;
    if (!NT_SUCCESS(MiMapSystemPage(MiFrameCap(Frame), Address, seL4_X86_ExecuteNever))) {
        MiReleaseFrame(Frame);
        return FALSE;
    }
    if (MiFrameEntry(Frame)->Flags & MI_FRAME_DIRTY)
        MiClearPage((PVOID)Address);
    MiFrameEntry(Frame)->Flags |= MI_FRAME_DIRTY;
    SystemFrames[Page] = Frame;
    return TRUE;
}

static BOOLEAN BackSystemRange(ULONG_PTR Base, SIZE_T Pages, BOOLEAN GiveWay)
{
    SIZE_T Page;

    for (Page = 0; Page < Pages; Page++) {
        if (GiveWay)
            KeGiveWay();
        if (!BackSystemPage(Base + Page * PAGE_SIZE)) {
            MiUnmapSystemRange(Base, Page);
            return FALSE;
        }
    }
    return TRUE;
}

static PVOID AllocatePages(SIZE_T Pages, BOOLEAN GiveWay)
{
    ULONG_PTR Base;

    if (Pages == 1) {
        ULONG Frame = MiAllocateFrame(TRUE);

        return Frame ? MiWindow(Frame) : NULL;
    }
    Base = MiReserveSystemRange(Pages);
    if (Base && !BackSystemRange(Base, Pages, GiveWay)) {
        MiReleaseSystemRange(Base, Pages);
        return NULL;
    }
    return (PVOID)Base;
}

/* They count from the start, so that nobody who runs meanwhile takes the room. */
static PVOID AllocateAndCount(SIZE_T Pages, BOOLEAN GiveWay)
{
    PVOID Base;

    MiSystemPages += Pages;
    Base = AllocatePages(Pages, GiveWay);
    if (!Base)
        MiSystemPages -= Pages;
    return Base;
}

PVOID MiAllocateSystemPages(SIZE_T Pages)
{
    return AllocateAndCount(Pages, FALSE);
}

PVOID MmAllocateSystemPages(SIZE_T Pages)
{
    return MiIsRoomForSystem(Pages) ? AllocateAndCount(Pages, FALSE) : NULL;
}

PVOID MmAllocateSystemPagesGivingWay(SIZE_T Pages)
{
    return MiIsRoomForSystem(Pages) ? AllocateAndCount(Pages, TRUE) : NULL;
}

void MmFreeSystemPages(PVOID Base, SIZE_T Pages)
{
    MiSystemPages -= Pages;
    if ((ULONG_PTR)Base >= MI_WINDOW) {
        ASSERT(Pages == 1);
        MiReleaseFrame(MiWindowFrame(Base));
        return;
    }
    MiUnmapSystemRange((ULONG_PTR)Base, Pages);
    MiReleaseSystemRange((ULONG_PTR)Base, Pages);
}

void MmFreeSystemPagesGivingWay(PVOID Base, SIZE_T Pages)
{
    SIZE_T Freed, Part;

    if (Pages == 1) { /* which is seen in the window only */
        MmFreeSystemPages(Base, Pages);
        return;
    }
    for (Freed = 0; Pages - Freed > FREED_A_TURN; Freed += FREED_A_TURN) {
        MiSystemPages -= FREED_A_TURN;
        MiUnmapSystemRange((ULONG_PTR)Base + Freed * PAGE_SIZE, FREED_A_TURN);
        KeGiveWay();
    }
    Part = Pages - Freed;
    MiSystemPages -= Part;
    MiUnmapSystemRange((ULONG_PTR)Base + Freed * PAGE_SIZE, Part);
    MiReleaseSystemRange((ULONG_PTR)Base, Pages);
}

PVOID MmAllocateSystemStack(SIZE_T Size)
{
    SIZE_T Pages = ALIGN_UP_BY(Size, PAGE_SIZE) / PAGE_SIZE;
    ULONG_PTR Base = MiIsRoomForSystem(Pages) ? MiReserveSystemRange(Pages + 1) : 0;

    if (!Base)
        return NULL;
    if (!BackSystemRange(Base + PAGE_SIZE, Pages, FALSE)) {
        MiReleaseSystemRange(Base, Pages + 1);
        return NULL;
    }
    MiStackPages += Pages;
    return (PVOID)(Base + PAGE_SIZE);
}

void MmFreeSystemStack(PVOID Stack, SIZE_T Size)
{
    SIZE_T Pages = ALIGN_UP_BY(Size, PAGE_SIZE) / PAGE_SIZE;

    MiStackPages -= Pages;
    MiUnmapSystemRange((ULONG_PTR)Stack, Pages);
    MiReleaseSystemRange((ULONG_PTR)Stack - PAGE_SIZE, Pages + 1);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Executive's address space on i386, and the shape of page tables. All of it lies below the
 * kernel at 0xE0000000; the Executive's image is linked at 0x400000.
 */
#pragma once
#include <nt/nt.h>

#define MI_SYSTEM_BASE 0x10000000u    /* pool, stacks, device maps */
#define MI_SYSTEM_PAGES 0x10000       /* 256 MB */
#define MI_SYSTEM_FRAMES 0x20000000u  /* a ULONG for each page of the range above */
#define MI_FRAME_DATABASE 0x21000000u /* MI_FRAME for each frame, mapped on demand: 16 MB */
#define MI_MAXIMUM_FRAME 0x100000u    /* 4 GB: this kernel gives nothing above */
#define MI_CHUNK_BITS 17              /* of the largest chunks: the kernel clears one at once */

/* Whether mapping a page that is mapped takes rights away: the old translation stays in the TLB. */
#define MI_MAP_LOWERS_RIGHTS FALSE

#define MM_LOWEST_USER_ADDRESS 0x10000u
#define MM_HIGHEST_USER_ADDRESS 0x7ffeffffu

/*
 * The window: what the kernel can reach (512 MB at most) and what follows it have places of their
 * own. The frames from 2.75 GB on share the places of those from 512 MB on, which are all frames
 * for clients.
 */
#define MI_WINDOW 0x30000000u
#define MI_WINDOW_PAGES 0xb0000u
#define MI_WINDOW_SHARED 0x20000u /* first frame whose place another one may take */

FORCEINLINE ULONG MiWindowIndex(ULONG Frame)
{
    return Frame < MI_WINDOW_PAGES ? Frame : Frame - MI_WINDOW_PAGES + MI_WINDOW_SHARED;
}

/* The frame that has its place where this one has; 0 = none. */
FORCEINLINE ULONG MiWindowRival(ULONG Frame)
{
    if (Frame >= MI_WINDOW_PAGES)
        return Frame - MI_WINDOW_PAGES + MI_WINDOW_SHARED;
    if (Frame < MI_WINDOW_SHARED)
        return 0;
    Frame += MI_WINDOW_PAGES - MI_WINDOW_SHARED;
    return Frame < MI_MAXIMUM_FRAME ? Frame : 0;
}

/*
 * Our own page tables: one of 1,024 pointers covers the 2 GB of a client, each of those below has
 * 512 entries of 8 bytes, so that two of ours share one of the hardware's.
 */
#define MI_TABLE_LEVELS 2
#define MI_TABLE_BITS 9
#define MI_UPPER_TABLE_BITS 10
#define MI_HARDWARE_TABLE_BITS 22

/* rep stosl and movsl: one instruction's work four bytes. */
FORCEINLINE void MiClearPage(void *Page)
{
    ULONG_PTR Count = PAGE_SIZE / 4;

    __asm__ volatile("rep stosl" : "+D"(Page), "+c"(Count) : "a"(0) : "memory");
}

FORCEINLINE void MiCopyPage(void *Destination, const void *Source)
{
    ULONG_PTR Count = PAGE_SIZE / 4;

    __asm__ volatile("rep movsl" : "+D"(Destination), "+S"(Source), "+c"(Count) : : "memory");
}

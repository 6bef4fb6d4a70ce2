/* SPDX-License-Identifier: BSD-2-Clause */
/* The Executive's address space on x86_64, and the shape of page tables. */
#pragma once
#include <nt/nt.h>

#define MI_SYSTEM_BASE 0x0000500000000000ull /* pool, stacks, device maps */
#define MI_SYSTEM_PAGES 0x20000              /* 512 MB */
#define MI_SYSTEM_FRAMES                                                                           \
    0x0000500080000000ull /* a ULONG for each page of the range above, mapped on demand */
#define MI_FRAME_DATABASE 0x0000580000000000ull /* MI_FRAME for each frame, mapped on demand */
#define MI_MAXIMUM_FRAME 0x1000000u             /* 64 GB; RAM above is left alone */
#define MI_CHUNK_BITS 18 /* of the largest chunks: the kernel clears one at once */

/* The window, + physical address: each frame has a place of its own. */
#define MI_WINDOW 0x0000600000000000ull
#define MI_WINDOW_SHARED MI_MAXIMUM_FRAME /* first frame whose place another one may take */

FORCEINLINE ULONG MiWindowIndex(ULONG Frame)
{
    return Frame;
}

/* The frame that has its place where this one has; 0 = none. */
FORCEINLINE ULONG MiWindowRival(ULONG Frame)
{
    return 0;
}

/* Whether mapping a page that is mapped takes rights away: the page is flushed. */
#define MI_MAP_LOWERS_RIGHTS TRUE

#define MM_LOWEST_USER_ADDRESS 0x10000ull
#define MM_HIGHEST_USER_ADDRESS 0x7ffffffeffffull

/* Our own page tables have the shape of the hardware's: four levels of 512 entries of 8 bytes. */
#define MI_TABLE_LEVELS 4
#define MI_TABLE_BITS 9           /* the lowest */
#define MI_UPPER_TABLE_BITS 9     /* all above */
#define MI_HARDWARE_TABLE_BITS 21 /* log2 of what the lowest of the hardware's covers */

/* rep stosq and movsq: one instruction's work a quadword. */
FORCEINLINE void MiClearPage(void *Page)
{
    ULONG_PTR Count = PAGE_SIZE / 8;

    __asm__ volatile("rep stosq" : "+D"(Page), "+c"(Count) : "a"(0ull) : "memory");
}

FORCEINLINE void MiCopyPage(void *Destination, const void *Source)
{
    ULONG_PTR Count = PAGE_SIZE / 8;

    __asm__ volatile("rep movsq" : "+D"(Destination), "+S"(Source), "+c"(Count) : : "memory");
}

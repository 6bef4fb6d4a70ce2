/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Memory as the kernel sees it: the window onto physical memory, copying and clearing. */

#include <mode/types.h>

static inline void *paddr_to_window(paddr_t paddr)
{
    return (void *)(paddr + PHYS_WINDOW_BASE);
}

static inline paddr_t window_to_paddr(const void *address)
{
    return (word_t)address - PHYS_WINDOW_BASE;
}

/* What the firmware and the boot loader have left in memory; until arch_boot_done(). */
static inline void *boot_pointer(uint64_t paddr)
{
    return (void *)(word_t)(paddr < PHYS_WINDOW_SIZE ? paddr + PHYS_WINDOW_BASE : paddr);
}

/* Physical address of something in the kernel image. */
#define KERNEL_PADDR(symbol) ((word_t)(symbol)-KERNEL_IMAGE_BASE)

/* Clears memory; both the address and the size are multiples of a word. */
void clear_memory(void *address, word_t size);
void *memcpy(void *dest, const void *source, size_t size);
void *memset(void *dest, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);

/* SPDX-License-Identifier: BSD-2-Clause */

/* Extending the window onto physical memory beyond what the first page tables cover. */

#include <arch/vspace.h>
#include <boot.h>
#include <memory.h>

#define GIGABYTE_BITS 30

static BOOT_CODE void map_gigabyte(word_t gigabyte)
{
    paddr_t base = gigabyte << GIGABYTE_BITS;
    paddr_t table = boot_reserve(BIT(PAGE_BITS), PAGE_BITS, BOOT_READABLE_END);
    pte_t *entries = paddr_to_window(table);

    for (word_t i = 0; i < BIT(INDEX_BITS); i++)
        entries[i] =
            (base + (i << LARGE_PAGE_BITS)) | PTE_PRESENT | PTE_WRITE | PTE_LARGE | PTE_GLOBAL;
    kernel_pdpt[gigabyte] = table | PTE_PRESENT | PTE_WRITE | pte_execute_never;
}

BOOT_CODE void arch_boot_map_window(void)
{
    for (word_t i = 0; i < boot_env.ram.count; i++) {
        struct region region = boot_env.ram.regions[i];

        for (word_t gigabyte = region.start >> GIGABYTE_BITS;
             gigabyte <= (region.end - 1) >> GIGABYTE_BITS; gigabyte++)
            if (!kernel_pdpt[gigabyte])
                map_gigabyte(gigabyte);
    }
}

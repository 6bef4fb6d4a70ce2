/* SPDX-License-Identifier: BSD-2-Clause */

/* Walking and switching address spaces. */

#include <arch/machine.h>
#include <arch/vspace.h>
#include <debug.h>
#include <memory.h>

#define CPUID_PAT BIT(16)
#define PAT_VALUE 0x0007040100070406 /* WB WT UC- UC WC WT UC- UC */

word_t current_root_paddr;
static bool has_pat;

BOOT_CODE void init_pat(void)
{
    has_pat = cpuid(1).edx & CPUID_PAT;
    if (has_pat)
        write_msr(MSR_PAT, PAT_VALUE);
}

static pte_t *table_entry(pte_t *table, word_t vaddr, word_t level)
{
    return &table[(vaddr >> level_bits(level)) & MASK(INDEX_BITS)];
}

struct pte_lookup lookup_pte(pte_t *root, word_t vaddr, word_t level)
{
    pte_t *table = root;

    for (word_t l = TOP_LEVEL; l > level; l--) {
        pte_t entry = *table_entry(table, vaddr, l);

        if (!(entry & PTE_PRESENT) || (entry & PTE_LARGE))
            return (struct pte_lookup){NULL, level_bits(l)};
        table = paddr_to_window(entry & PTE_PADDR_MASK);
    }
    return (struct pte_lookup){table_entry(table, vaddr, level), 0};
}

#if DBG
static bool has_kernel_mappings(const pte_t *root)
{
    return root[ROOT_KERNEL_INDEX] == kernel_root[ROOT_KERNEL_INDEX];
}
#endif

void switch_vspace(struct tcb *thread)
{
    cap_t cap = thread->slots[TCB_VSPACE].cap;
    word_t paddr = 0;

    if (is_cap(cap, CAP_VSPACE_ROOT))
        paddr = root_cr3((pte_t *)cap_object(cap));
    ASSERT(!paddr || asid_root(mapped_asid(cap)) == paddr_to_window(paddr));
    ASSERT(!paddr || has_kernel_mappings(paddr_to_window(paddr)));
    load_root(paddr ? paddr : KERNEL_PADDR(kernel_root));
}

static bool is_in_use(const pte_t *root)
{
    return window_to_paddr(root) == current_root_paddr;
}

void flush_page(const pte_t *root, word_t vaddr)
{
    if (is_in_use(root))
        invalidate_page(vaddr);
}

void flush_all(const pte_t *root)
{
    if (is_in_use(root))
        write_cr3(current_root_paddr);
}

void reload_vspace(void)
{
    switch_vspace(current_thread);
}

exception_t check_vspace_type(cap_t cap)
{
    return arch_is_vspace_root(cap) ? EXCEPTION_NONE : invalid_capability(1);
}

exception_t check_vspace_asid(cap_t cap, pte_t **root)
{
    *root = asid_root(mapped_asid(cap));
    if (!*root)
        return invalid_root(false);
    return (word_t)*root == cap_pointer(cap) ? EXCEPTION_NONE : invalid_capability(1);
}

exception_t missing_table(word_t bits_left)
{
    return missing_capability(false, bits_left);
}

pte_t make_page_pte(paddr_t paddr, word_t level, word_t rights, word_t attr)
{
    pte_t entry = paddr | PTE_PRESENT;

    if (rights != FRAME_KERNEL_ONLY)
        entry |= PTE_USER;
    if (rights == FRAME_READ_WRITE)
        entry |= PTE_WRITE;
    if (attr & ATTR_PWT)
        entry |= PTE_PWT;
    if (attr & ATTR_PCD)
        entry |= PTE_PCD;
    if (attr & ATTR_PAT)
        entry |= !has_pat ? PTE_PCD : level == 0 ? PTE_PAT_4K : PTE_PAT_LARGE;
    if (attr & ATTR_EXECUTE_NEVER)
        entry |= pte_execute_never;
    return level == 0 ? entry : entry | PTE_LARGE;
}

pte_t make_table_pte(const pte_t *table, word_t attr)
{
    pte_t entry = window_to_paddr(table) | PTE_PRESENT | PTE_WRITE | PTE_USER;

    if (attr & ATTR_PWT)
        entry |= PTE_PWT;
    if (attr & ATTR_PCD)
        entry |= PTE_PCD;
    return entry;
}

/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Checks that all that is mapped or issued belongs to a capability. While a check goes on, a bit
 * that the processor ignores marks the entries of page tables that a capability accounts for.
 */

#include <arch/ioport.h>
#include <arch/vspace.h>
#include <check.h>
#include <debug.h>
#include <interrupt.h>
#include <memory.h>

#if DBG

#define PTE_ACCOUNTED BIT(9)

static word_t irq_count, port_count, pool_count;

static void account_entry(cap_t cap, word_t level, word_t large)
{
    pte_t *root = asid_root(mapped_asid(cap));
    paddr_t paddr = window_to_paddr((void *)cap_pointer(cap));
    pte_t *entry = root ? lookup_pte(root, mapped_address(cap), level).entry : NULL;

    if (!entry || !(*entry & PTE_PRESENT) || (level > 0 && (*entry & PTE_LARGE) != large))
        return;
    if (round_down(*entry & PTE_PADDR_MASK, large ? level_bits(level) : PAGE_BITS) == paddr)
        *entry |= PTE_ACCOUNTED;
}

static void account_root(cap_t cap)
{
    pte_t *root = (pte_t *)cap_pointer(cap);

    if (asid_root(mapped_asid(cap)) == root)
        root[ROOT_MARK_INDEX] |= PTE_ACCOUNTED;
}

void arch_check_cap(const struct cte *slot)
{
    cap_t cap = slot->cap;

    if (is_cap(cap, CAP_FRAME))
        account_entry(cap, frame_level(cap), frame_level(cap) > 0 ? PTE_LARGE : 0);
    else if (is_table_cap(cap))
        account_entry(cap, cap_table_level(cap_type(cap)) + 1, 0);
    else if (is_cap(cap, CAP_VSPACE_ROOT))
        account_root(cap);
    if (!is_first_cap(slot))
        return;
    if (is_cap(cap, CAP_IRQ_HANDLER))
        irq_count++;
    else if (is_cap(cap, CAP_IO_PORT))
        port_count += io_port_last(cap) - io_port_first(cap) + 1;
    else if (is_cap(cap, CAP_ASID_POOL))
        pool_count += is_asid_pool_in_use(cap);
}

/* Checks the first `count` entries of a table, and all below them. */
static void check_table(pte_t *table, word_t level, word_t count, bool complete)
{
    for (word_t i = 0; i < count; i++) {
        if (!(table[i] & PTE_PRESENT))
            continue;
        ASSERT(!complete || (table[i] & PTE_ACCOUNTED));
        table[i] &= ~PTE_ACCOUNTED;
        if (level > 0 && !(table[i] & PTE_LARGE))
            check_table(paddr_to_window(table[i] & PTE_PADDR_MASK), level - 1, BIT(INDEX_BITS),
                        complete);
    }
}

static void check_root(pte_t *root, bool complete)
{
    ASSERT(!complete || (root[ROOT_MARK_INDEX] & PTE_ACCOUNTED));
    root[ROOT_MARK_INDEX] &= ~PTE_ACCOUNTED;
    ASSERT(root_cr3(root) == window_to_paddr(root));
    check_table(root, TOP_LEVEL, ((USER_TOP - 1) >> level_bits(TOP_LEVEL)) + 1, complete);
}

void arch_check_accounts(bool complete)
{
    for (word_t asid = 1; asid < BIT(ASID_HIGH_BITS + ASID_LOW_BITS); asid++)
        if (asid_root(asid))
            check_root(asid_root(asid), complete);
    ASSERT(!complete || irq_count == irqs_issued());
    ASSERT(!complete || port_count == io_ports_issued());
    ASSERT(!complete || pool_count == asid_pools_in_use());
    irq_count = port_count = pool_count = 0;
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */

/* Roots of address spaces: page directories. sel4-abi.md section 6.6. */

#include <arch/vspace.h>
#include <memory.h>

void root_init(pte_t *root)
{
    memcpy(&root[ROOT_KERNEL_INDEX], &kernel_root[ROOT_KERNEL_INDEX],
           (BIT(INDEX_BITS) - ROOT_KERNEL_INDEX) * sizeof(pte_t));
}

/* The entry of the page, of either size, that is mapped at vaddr; NULL if none is. */
static const pte_t *find_page(pte_t *root, word_t vaddr)
{
    const pte_t *entry = lookup_pte(root, vaddr, TOP_LEVEL).entry;

    if ((*entry & PTE_PRESENT) && !(*entry & PTE_LARGE))
        entry = lookup_pte(root, vaddr, 0).entry;
    return *entry & PTE_PRESENT ? entry : NULL;
}

static exception_t decode_get_status_bits(const struct invocation *inv)
{
    const pte_t *entry;
    word_t bits[2];

    if (is_truncated(inv, 1, 0))
        return syscall_error(seL4_TruncatedMessage);
    if (arg(inv, 0) > USER_TOP)
        return invalid_argument(0);
    entry = find_page((pte_t *)cap_object(inv->cap), arg(inv, 0));
    if (!entry)
        return invalid_argument(1);
    bits[0] = !!(*entry & PTE_ACCESSED);
    bits[1] = !!(*entry & PTE_DIRTY);
    reply_words(inv, bits, ARRAY_SIZE(bits));
    return EXCEPTION_NONE;
}

exception_t decode_root_invocation(const struct invocation *inv)
{
    if (is_cap(inv->cap, CAP_VSPACE_ROOT) && inv->label == LABEL_PAGE_DIRECTORY_GET_STATUS_BITS)
        return decode_get_status_bits(inv);
    return syscall_error(seL4_IllegalOperation);
}

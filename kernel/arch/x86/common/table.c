/* SPDX-License-Identifier: BSD-2-Clause */

/* Paging structures below the root: linking and unlinking them. */

#include <arch/vspace.h>
#include <memory.h>
#include <object.h>

bool is_table_cap(cap_t cap)
{
    return is_arch_cap(cap) && cap_table_level(cap_type(cap)) < TOP_LEVEL;
}

static exception_t find_free_entry(pte_t *root, word_t vaddr, word_t level, pte_t **entry)
{
    struct pte_lookup found = lookup_pte(root, vaddr, level);

    if (!found.entry)
        return missing_table(found.bits_left);
    if (*found.entry & PTE_PRESENT)
        return syscall_error(seL4_DeleteFirst);
    *entry = found.entry;
    return EXCEPTION_NONE;
}

static exception_t decode_table_map(const struct invocation *inv)
{
    word_t level = cap_table_level(cap_type(inv->cap)) + 1; /* of the entry that points to it */
    word_t vaddr;
    cap_t vspace;
    pte_t *root, *entry;
    exception_t status;

    if (is_truncated(inv, 2, 1))
        return syscall_error(seL4_TruncatedMessage);
    if (mapped_asid(inv->cap))
        return invalid_capability(0);
    vaddr = round_down(arg(inv, 0), level_bits(level));
    vspace = inv->extra[0]->cap;
    status = check_vspace_type(vspace);
    if (status == EXCEPTION_NONE && vaddr > USER_TOP)
        status = invalid_argument(0);
    if (status == EXCEPTION_NONE)
        status = check_vspace_asid(vspace, &root);
    if (status == EXCEPTION_NONE)
        status = find_free_entry(root, vaddr, level, &entry);
    if (status != EXCEPTION_NONE)
        return status;

    inv->slot->cap = set_mapped_asid(inv->cap, mapped_asid(vspace));
    inv->slot->cap = set_mapped_address(inv->slot->cap, vaddr);
    *entry = make_table_pte((pte_t *)cap_pointer(inv->cap), arg(inv, 1));
    flush_page(root, vaddr);
    return EXCEPTION_NONE;
}

void unmap_table(cap_t cap)
{
    pte_t *root = asid_root(mapped_asid(cap));
    pte_t *entry;

    if (!root)
        return;
    entry = lookup_pte(root, mapped_address(cap), cap_table_level(cap_type(cap)) + 1).entry;
    if (!entry || (*entry & (PTE_PRESENT | PTE_LARGE)) != PTE_PRESENT ||
        paddr_to_window(*entry & PTE_PADDR_MASK) != (void *)cap_pointer(cap))
        return;
    *entry = 0;
    flush_all(root);
}

static exception_t decode_table_unmap(const struct invocation *inv)
{
    if (!is_final_cap(inv->slot))
        return syscall_error(seL4_RevokeFirst);
    if (mapped_asid(inv->cap)) {
        unmap_table(inv->cap);
        clear_memory((void *)cap_pointer(inv->cap), BIT(PAGE_BITS));
    }
    inv->slot->cap = set_mapped_address(set_mapped_asid(inv->cap, 0), 0);
    return EXCEPTION_NONE;
}

exception_t decode_table_invocation(const struct invocation *inv)
{
    word_t map_label = table_map_label(cap_type(inv->cap));

    if (inv->label == map_label)
        return decode_table_map(inv);
    if (inv->label == map_label + 1)
        return decode_table_unmap(inv);
    return syscall_error(seL4_IllegalOperation);
}

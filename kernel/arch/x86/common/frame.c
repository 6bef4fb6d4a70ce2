/* SPDX-License-Identifier: BSD-2-Clause */

/* Frames: mapping and unmapping pages. */

#include <arch/vspace.h>
#include <memory.h>
#include <object.h>

word_t mask_frame_rights(word_t frame_rights, word_t rights)
{
    if (frame_rights == FRAME_KERNEL_ONLY || !(rights & RIGHT_READ))
        return FRAME_KERNEL_ONLY;
    if (frame_rights == FRAME_READ_WRITE && (rights & RIGHT_WRITE))
        return FRAME_READ_WRITE;
    return FRAME_READ_ONLY;
}

static paddr_t frame_paddr(cap_t cap)
{
    return window_to_paddr((void *)cap_pointer(cap));
}

/* Checks where the frame is to go, before the address space is looked at. */
static exception_t check_address(cap_t frame, cap_t vspace, word_t vaddr)
{
    word_t asid = mapped_asid(frame);

    if (asid) {
        if (asid != mapped_asid(vspace))
            return invalid_capability(1);
        return mapped_address(frame) == vaddr ? EXCEPTION_NONE : invalid_argument(0);
    }
    if (vaddr > USER_TOP || vaddr + BIT(level_bits(frame_level(frame))) > USER_TOP)
        return invalid_argument(0);
    return EXCEPTION_NONE;
}

/* Finds the entry for the frame; a large page must not hide a table. */
static exception_t find_entry(pte_t *root, word_t vaddr, word_t level, pte_t **entry)
{
    struct pte_lookup found = lookup_pte(root, vaddr, level);

    if (!found.entry)
        return missing_table(found.bits_left);
    if (level > 0 && (*found.entry & PTE_PRESENT) && !(*found.entry & PTE_LARGE))
        return syscall_error(seL4_DeleteFirst);
    *entry = found.entry;
    return EXCEPTION_NONE;
}

static exception_t decode_frame_map(const struct invocation *inv)
{
    word_t level = frame_level(inv->cap);
    word_t vaddr, rights;
    cap_t vspace;
    pte_t *root, *entry;
    exception_t status;

    if (is_truncated(inv, 3, 1))
        return syscall_error(seL4_TruncatedMessage);
    vaddr = arg(inv, 0);
    vspace = inv->extra[0]->cap;
    status = check_vspace_type(vspace);
    if (status == EXCEPTION_NONE)
        status = check_address(inv->cap, vspace, vaddr);
    if (status == EXCEPTION_NONE)
        status = check_vspace_asid(vspace, &root);
    if (status == EXCEPTION_NONE && !is_aligned(vaddr, level_bits(level)))
        status = syscall_error(seL4_AlignmentError);
    if (status == EXCEPTION_NONE)
        status = find_entry(root, vaddr, level, &entry);
    if (status != EXCEPTION_NONE)
        return status;

    rights = mask_frame_rights(frame_rights(inv->cap), arg(inv, 1));
    inv->slot->cap = set_mapped_asid(inv->cap, mapped_asid(vspace));
    inv->slot->cap = set_mapped_address(inv->slot->cap, vaddr);
    *entry = make_page_pte(frame_paddr(inv->cap), level, rights, arg(inv, 2));
    flush_page(root, vaddr);
    return EXCEPTION_NONE;
}

void unmap_frame(cap_t cap)
{
    word_t level = frame_level(cap);
    pte_t *root = asid_root(mapped_asid(cap));
    pte_t *entry;

    if (!root)
        return;
    entry = lookup_pte(root, mapped_address(cap), level).entry;
    if (!entry || !(*entry & PTE_PRESENT) || (level > 0 && !(*entry & PTE_LARGE)))
        return;
    if (round_down(*entry & PTE_PADDR_MASK, level_bits(level)) != frame_paddr(cap))
        return;
    *entry = 0;
    flush_page(root, mapped_address(cap));
}

exception_t decode_frame_invocation(const struct invocation *inv)
{
    switch (inv->label) {
    case LABEL_PAGE_MAP:
        return decode_frame_map(inv);
    case LABEL_PAGE_UNMAP:
        unmap_frame(inv->cap);
        inv->slot->cap = set_mapped_address(set_mapped_asid(inv->cap, 0), 0);
        return EXCEPTION_NONE;
    case LABEL_PAGE_GET_ADDRESS:
        reply_word(inv, frame_paddr(inv->cap));
        return EXCEPTION_NONE;
    default:
        return syscall_error(seL4_IllegalOperation);
    }
}

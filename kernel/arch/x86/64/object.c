/* SPDX-License-Identifier: BSD-2-Clause */

/* Making the x86_64 objects. */

#include <arch/vspace.h>
#include <object.h>

word_t arch_object_size_bits(word_t type)
{
    return type == OBJECT_PAGE_LARGE ? LARGE_PAGE_BITS : PAGE_BITS;
}

bool arch_is_frame_type(word_t type)
{
    return type == OBJECT_PAGE_4K || type == OBJECT_PAGE_LARGE;
}

static cap_t frame_cap_new(word_t address, word_t level, bool device)
{
    cap_t cap = set_frame_level(cap_new(CAP_FRAME, address), level);

    return set_frame_is_device(set_frame_rights(cap, FRAME_READ_WRITE), device);
}

cap_t arch_create_object(word_t type, word_t address, bool device)
{
    switch (type) {
    case OBJECT_PAGE_4K:
        return frame_cap_new(address, 0, device);
    case OBJECT_PAGE_LARGE:
        return frame_cap_new(address, 1, device);
    case OBJECT_PAGE_TABLE:
        return cap_new(CAP_PAGE_TABLE, address);
    case OBJECT_PAGE_DIRECTORY:
        return cap_new(CAP_PAGE_DIRECTORY, address);
    case OBJECT_PDPT:
        return cap_new(CAP_PDPT, address);
    default:
        root_init((pte_t *)address);
        return cap_new(CAP_PML4, address);
    }
}

void root_init(pte_t *root)
{
    root[ROOT_KERNEL_INDEX] = kernel_root[ROOT_KERNEL_INDEX];
}

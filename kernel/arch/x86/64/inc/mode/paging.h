/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <memory.h>
#include <mode/types.h>

/*
 * An unused, never present entry of every root: holds the value for CR3 while the root has an ASID,
 * else 0. So a look at the root itself tells whether threads may run in it.
 */
#define ROOT_MARK_INDEX 510
#define ROOT_KERNEL_INDEX 511

#define PTE_PADDR_MASK 0x000ffffffffff000

/* The value for CR3; 0 while the root has no ASID. */
static inline word_t root_cr3(const pte_t *root)
{
    return root[ROOT_MARK_INDEX];
}

static inline void root_set_usable(pte_t *root, bool usable)
{
    root[ROOT_MARK_INDEX] = usable ? window_to_paddr(root) : 0;
}

/* The error code of a user's page fault. To users, nothing is mapped in the kernel's part of the
 * address space. */
static inline word_t user_page_fault_error(word_t address, word_t error)
{
    return address > USER_TOP ? error & ~PTE_PRESENT : error;
}

extern word_t kernel_pdpt[]; /* of the kernel's entry in every root */

/* The level of the table that a capability type stands for. */
static inline word_t cap_table_level(enum cap_type type)
{
    switch (type) {
    case CAP_PAGE_TABLE:
        return 0;
    case CAP_PAGE_DIRECTORY:
        return 1;
    case CAP_PDPT:
        return 2;
    default:
        return TOP_LEVEL;
    }
}

/* The capability type of a paging structure, by the type of object. */
static inline enum cap_type table_object_cap_type(word_t type)
{
    switch (type) {
    case OBJECT_PAGE_TABLE:
        return CAP_PAGE_TABLE;
    case OBJECT_PAGE_DIRECTORY:
        return CAP_PAGE_DIRECTORY;
    case OBJECT_PDPT:
        return CAP_PDPT;
    default:
        return CAP_PML4;
    }
}

static inline enum cap_type table_cap_type(word_t level)
{
    return level == 0 ? CAP_PAGE_TABLE : level == 1 ? CAP_PAGE_DIRECTORY : CAP_PDPT;
}

/* The label of a table's Map invocation; Unmap is the next one. */
static inline word_t table_map_label(enum cap_type type)
{
    switch (type) {
    case CAP_PAGE_TABLE:
        return LABEL_PAGE_TABLE_MAP;
    case CAP_PAGE_DIRECTORY:
        return LABEL_PAGE_DIRECTORY_MAP;
    default:
        return LABEL_PDPT_MAP;
    }
}

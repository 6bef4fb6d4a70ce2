/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <mode/types.h>

/*
 * An unused, never present entry of every root: holds the value for CR3 while the root has an ASID,
 * else 0. So a look at the root itself tells whether threads may run in it.
 */
#define ROOT_MARK_INDEX 510
#define ROOT_KERNEL_INDEX 511

#define PTE_PADDR_MASK 0x000ffffffffff000

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

/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <memory.h>
#include <mode/types.h>

/* The kernel's entries of every root: from here to the end. */
#define ROOT_KERNEL_INDEX (USER_TOP >> LARGE_PAGE_BITS)
/*
 * The last of them has a bit that the processor ignores, and that is set while the root has an
 * ASID. So a look at the root itself tells whether threads may run in it.
 */
#define ROOT_MARK_INDEX 1023
#define ROOT_MARK BIT(10)

#define PTE_PADDR_MASK 0xfffff000
#define PTE_ACCESSED BIT(5)
#define PTE_DIRTY BIT(6)

/* The value for CR3; 0 while the root has no ASID. */
static inline word_t root_cr3(const pte_t *root)
{
    return LIKELY(root[ROOT_MARK_INDEX] & ROOT_MARK) ? window_to_paddr(root) : 0;
}

static inline void root_set_usable(pte_t *root, bool usable)
{
    root[ROOT_MARK_INDEX] = kernel_root[ROOT_MARK_INDEX] | (usable ? ROOT_MARK : 0);
}

/* The error code of a user's page fault. Users may see that the kernel's part is mapped. */
static inline word_t user_page_fault_error(word_t address, word_t error)
{
    return error;
}

/* The level of the table that a capability type stands for. */
static inline word_t cap_table_level(enum cap_type type)
{
    return type == CAP_PAGE_TABLE ? 0 : TOP_LEVEL;
}

/* The capability type of a paging structure, by the type of object. */
static inline enum cap_type table_object_cap_type(word_t type)
{
    return type == OBJECT_PAGE_TABLE ? CAP_PAGE_TABLE : CAP_PAGE_DIRECTORY;
}

static inline enum cap_type table_cap_type(word_t level)
{
    return CAP_PAGE_TABLE;
}

/* The label of a table's Map invocation; Unmap is the next one. */
static inline word_t table_map_label(enum cap_type type)
{
    return LABEL_PAGE_TABLE_MAP;
}

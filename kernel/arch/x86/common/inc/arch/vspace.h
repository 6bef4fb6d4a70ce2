/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * Address spaces. A page-table object of level l maps, with each of its entries, either a page of
 * level l or a table of level l - 1; the root has level TOP_LEVEL.
 */

#include <arch/machine.h>
#include <invocation.h>
#include <mode/types.h>
#include <object.h>

typedef word_t pte_t;

#define PTE_PRESENT BIT(0)
#define PTE_WRITE BIT(1)
#define PTE_USER BIT(2)
#define PTE_PWT BIT(3)
#define PTE_PCD BIT(4)
#define PTE_LARGE BIT(7)
#define PTE_PAT_4K BIT(7) /* and for large pages: only where the processor has the PAT */
#define PTE_GLOBAL BIT(8)
#define PTE_PAT_LARGE BIT(12)

/* Mapping attributes as users pass them. */
#define ATTR_PWT BIT(0)
#define ATTR_PCD BIT(1)
#define ATTR_PAT BIT(2)
#define ATTR_EXECUTE_NEVER BIT(3)

/* Rights of frame capabilities. */
#define FRAME_KERNEL_ONLY 1
#define FRAME_READ_ONLY 2
#define FRAME_READ_WRITE 3

#define KERNEL_LAPIC_ADDRESS KERNEL_DEVICE_BASE
#define KERNEL_IOAPIC_ADDRESS (KERNEL_DEVICE_BASE + 0x1000)

static inline word_t level_bits(word_t level)
{
    return PAGE_BITS + level * INDEX_BITS;
}

/* arch/x86/<mode>/ */
extern pte_t kernel_root[];      /* maps the kernel and nothing else */
extern pte_t device_table[];     /* for KERNEL_DEVICE_BASE */
extern word_t pte_execute_never; /* 0 if the processor lacks it */
/* Write-combining, if the processor can, for pages that are mapped with it; boot. */
void init_pat(void);
/* Gives a new root the kernel's mappings. */
void root_init(pte_t *root);
exception_t decode_root_invocation(const struct invocation *inv);

/* arch/x86/common/vspace.c */
struct pte_lookup {
    pte_t *entry;     /* NULL: a table is missing */
    word_t bits_left; /* then: the address bits below the missing level */
};
/* The entry for vaddr in the table of that level. */
struct pte_lookup lookup_pte(pte_t *root, word_t vaddr, word_t level);
/* The root in use, as in CR3. */
extern word_t current_root_paddr;
static inline void load_root(word_t paddr)
{
    if (paddr == current_root_paddr)
        return;
    current_root_paddr = paddr;
    write_cr3(paddr);
}
/* Loads the root of the thread's address space, or the kernel's if it has none. */
void switch_vspace(struct tcb *thread);
/* Forgets what the processor knows of a page, or of all, if root is the one in use. */
void flush_page(const pte_t *root, word_t vaddr);
void flush_all(const pte_t *root);
/* Loads the current thread's address space anew, after a root has lost its ASID. */
void reload_vspace(void);
/* The two checks of a VSpace capability: that it is an assigned root, and that its ASID still
 * leads to that root, which they return. */
exception_t check_vspace_type(cap_t cap);
exception_t check_vspace_asid(cap_t cap, pte_t **root);
exception_t missing_table(word_t bits_left);
/* Entries for a page (rights: FRAME_, attr: ATTR_) and for a table. */
pte_t make_page_pte(paddr_t paddr, word_t level, word_t rights, word_t attr);
pte_t make_table_pte(const pte_t *table, word_t attr);

/* arch/x86/common/frame.c */
exception_t decode_frame_invocation(const struct invocation *inv);
/* Clears the page that the capability is mapped at, if it is still this frame's. */
void unmap_frame(cap_t cap);
/* The rights of a frame capability that a rights word leaves. */
word_t mask_frame_rights(word_t frame_rights, word_t rights);

/* arch/x86/common/table.c */
exception_t decode_table_invocation(const struct invocation *inv);
/* Takes a table out of the address space that it is mapped in. */
void unmap_table(cap_t cap);
bool is_table_cap(cap_t cap);

/* arch/x86/common/asid.c */
exception_t decode_asid_control_invocation(const struct invocation *inv);
exception_t decode_asid_pool_invocation(const struct invocation *inv);
/* The root that has the ASID, or NULL. */
pte_t *asid_root(word_t asid);
/* The pool's roots lose their ASIDs; the root loses its own. */
void asid_pool_delete(cap_t pool);
void asid_delete(word_t asid, pte_t *root);
/* For checks. */
bool is_asid_pool_in_use(cap_t pool);
word_t asid_pools_in_use(void);
/* Boot: the first pool, and the root task's ASID in it. */
void asid_boot(void *pool, word_t asid, pte_t *root);

/* arch/x86/common/boot_vspace.c: makes a page of device registers visible to the kernel; boot. */
void map_kernel_device(word_t vaddr, paddr_t paddr);

#include <mode/paging.h>

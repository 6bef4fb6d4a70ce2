/* SPDX-License-Identifier: BSD-2-Clause */

/* The root task's address space, and the kernel's mappings of devices. */

#include <arch/machine.h>
#include <arch/thread.h>
#include <arch/vspace.h>
#include <boot.h>
#include <memory.h>
#include <object.h>

#define ROOT_ASID 1

static BOOT_DATA pte_t *root_table;

static BOOT_CODE cap_t with_mapping(cap_t cap, word_t vaddr)
{
    return set_mapped_address(set_mapped_asid(cap, ROOT_ASID), vaddr);
}

BOOT_CODE cap_t arch_create_root_vspace(void)
{
    void *pool = root_alloc(BIT(PAGE_BITS));

    root_table = root_alloc(BIT(PAGE_BITS));
    root_init(root_table);
    asid_boot(pool, ROOT_ASID, root_table);
    root_provide_cap(ROOT_ASID_POOL, cap_new(CAP_ASID_POOL, (word_t)pool));
    return with_mapping(cap_new(CAP_VSPACE_ROOT, (word_t)root_table), 0);
}

BOOT_CODE word_t arch_root_table_count(word_t start, word_t end)
{
    word_t count = 0;

    for (word_t level = 1; level <= TOP_LEVEL; level++)
        count += ((end - 1) >> level_bits(level)) - (start >> level_bits(level)) + 1;
    return count;
}

static BOOT_CODE void create_tables_of_level(word_t level, word_t start, word_t end)
{
    word_t step = BIT(level_bits(level + 1));

    for (word_t vaddr = round_down(start, level_bits(level + 1)); vaddr < end; vaddr += step) {
        pte_t *table = root_alloc(BIT(PAGE_BITS));

        *lookup_pte(root_table, vaddr, level + 1).entry = make_table_pte(table, 0);
        root_provide_next_cap(with_mapping(cap_new(table_cap_type(level), (word_t)table), vaddr));
    }
}

BOOT_CODE void arch_create_root_tables(word_t start, word_t end)
{
    for (word_t level = TOP_LEVEL; level-- > 0;)
        create_tables_of_level(level, start, end);
}

BOOT_CODE cap_t arch_map_root_page(word_t vaddr, paddr_t paddr)
{
    cap_t cap = cap_new(CAP_FRAME, (word_t)paddr_to_window(paddr));

    *lookup_pte(root_table, vaddr, 0).entry = make_page_pte(paddr, 0, FRAME_READ_WRITE, 0);
    return with_mapping(set_frame_rights(cap, FRAME_READ_WRITE), vaddr);
}

BOOT_CODE void arch_init_root_thread(struct tcb *thread, word_t entry, word_t argument)
{
    thread->registers[REG_FAULT_IP] = entry;
    thread->registers[REG_NEXT_IP] = entry;
    thread->registers[REG_CAP] = argument;
}

BOOT_CODE void arch_provide_root_caps(void)
{
    root_provide_cap(ROOT_ASID_CONTROL, cap_new(CAP_ASID_CONTROL, 0));
    root_provide_cap(ROOT_IO_PORT_CONTROL, cap_new(CAP_IO_PORT_CONTROL, 0));
}

BOOT_CODE void map_kernel_device(word_t vaddr, paddr_t paddr)
{
    device_table[(vaddr >> PAGE_BITS) & MASK(INDEX_BITS)] =
        paddr | PTE_PRESENT | PTE_WRITE | PTE_PWT | PTE_PCD | pte_execute_never;
    invalidate_page(vaddr);
}

BOOT_CODE void arch_boot_done(void)
{
    for (word_t i = 0; i <= (USER_TOP - 1) >> level_bits(TOP_LEVEL); i++)
        kernel_root[i] = 0;
    write_cr3(KERNEL_PADDR(kernel_root));
}

/* SPDX-License-Identifier: BSD-2-Clause */

/* Making the root task: its objects, address space, capabilities and bootinfo. */

#include <arch/thread.h>
#include <boot.h>
#include <debug.h>
#include <memory.h>
#include <object.h>
#include <sched.h>

struct root_task root_task;

extern char kernel_end[];

#define ROOT_PRIORITY (CONFIG_NUM_PRIORITIES - 1)
#define CNODE_BYTES BIT(CONFIG_ROOT_CNODE_BITS + SLOT_BITS)
/* Besides the CNode and paging: bootinfo, IPC buffer, root table, ASID pool, TCB. */
#define SINGLE_PAGES 5

static BOOT_DATA word_t alloc_next;
static BOOT_DATA word_t alloc_end;

BOOT_CODE void *root_alloc(word_t size)
{
    word_t start = alloc_next;

    alloc_next += size;
    ASSERT(alloc_next <= alloc_end);
    return (void *)start;
}

BOOT_CODE void root_provide_cap(word_t slot, cap_t cap)
{
    root_task.cnode[slot].cap = cap;
    root_task.cnode[slot].mdb = (struct mdb_node){0, MDB_REVOCABLE | MDB_FIRST_BADGED};
}

BOOT_CODE word_t root_provide_next_cap(cap_t cap)
{
    if (root_task.next_slot == BIT(CONFIG_ROOT_CNODE_BITS))
        boot_fail("too many initial capabilities");
    root_provide_cap(root_task.next_slot, cap);
    return root_task.next_slot++;
}

/* Moves the module out of [start, end), where the image goes. */
static BOOT_CODE const uint8_t *clear_way_for_image(paddr_t start, paddr_t end)
{
    struct region *module = &boot_env.module;
    word_t size = module->end - module->start;
    bool stays = module->start >= end || module->end <= start;
    paddr_t moved = round_up(end > module->end ? end : module->end, PAGE_BITS);

    if (region_contains(&boot_env.ram, module->start, module->end))
        region_add(&free_memory, round_down(module->start, PAGE_BITS),
                   round_up(module->end, PAGE_BITS));
    if (end < start || !region_contains(&free_memory, start, stays ? end : moved + size))
        boot_fail("no room for the root task behind the kernel");
    if (stays)
        return boot_pointer(module->start);
    return memcpy(paddr_to_window(moved), boot_pointer(module->start), size);
}

/* The image goes right behind the kernel. */
static BOOT_CODE void load_image(void)
{
    struct image *image = &root_task.image;
    struct region *module = &boot_env.module;
    paddr_t target = KERNEL_PADDR(kernel_end);
    paddr_t end;

    elf_measure(boot_pointer(module->start), module->end - module->start, image);
    end = target + image->end - image->start;
    image->pv_offset = target - image->start;
    elf_load(clear_way_for_image(target, end), image);
    region_subtract(&free_memory, target, end);
}

static BOOT_CODE void place_in_address_space(void)
{
    struct root_task *root = &root_task;

    root->ipc_buffer = root->image.end;
    root->bootinfo_address = root->ipc_buffer + BIT(PAGE_BITS);
    root->extra_address = root->bootinfo_address + BIT(PAGE_BITS);
    root->top = root->extra_address + round_up(extra_bootinfo_size(), PAGE_BITS);
}

/* The extra bootinfo lies in a block of a power of two. */
static BOOT_CODE word_t extra_block_size(void)
{
    word_t size = BIT(PAGE_BITS);

    while (size < extra_bootinfo_size())
        size <<= 1;
    return size;
}

static BOOT_CODE void reserve_objects(void)
{
    word_t tables = arch_root_table_count(root_task.image.start, root_task.top);
    word_t size = CNODE_BYTES + extra_block_size() + ((tables + SINGLE_PAGES) << PAGE_BITS);
    paddr_t start = boot_reserve(size, CONFIG_ROOT_CNODE_BITS + SLOT_BITS, PHYS_WINDOW_SIZE);

    alloc_next = (word_t)paddr_to_window(start);
    alloc_end = alloc_next + size;
    clear_memory((void *)alloc_next, size);
}

static BOOT_CODE void create_cnode(void)
{
    cap_t cap;

    root_task.cnode = root_alloc(CNODE_BYTES);
    cap = set_cnode_radix(cap_new(CAP_CNODE, (word_t)root_task.cnode), CONFIG_ROOT_CNODE_BITS);
    cap = set_cnode_guard_size(cap, WORD_BITS - CONFIG_ROOT_CNODE_BITS);
    root_provide_cap(ROOT_CNODE, cap);
    root_provide_cap(ROOT_IRQ_CONTROL, cap_new(CAP_IRQ_CONTROL, 0));
    root_provide_cap(ROOT_DOMAIN, cap_new(CAP_DOMAIN, 0));
}

static BOOT_CODE void create_extra_bootinfo(void)
{
    struct bootinfo *bootinfo = root_task.bootinfo;
    uint8_t *block = root_alloc(extra_block_size());

    extra_bootinfo_write(block);
    bootinfo->extra_len = extra_bootinfo_size();
    bootinfo->extra_bi_pages.start = root_task.next_slot;
    for (word_t vaddr = root_task.extra_address; vaddr < root_task.top; vaddr += BIT(PAGE_BITS))
        root_provide_next_cap(
            arch_map_root_page(vaddr, window_to_paddr(block + (vaddr - root_task.extra_address))));
    bootinfo->extra_bi_pages.end = root_task.next_slot;
}

static BOOT_CODE void map_image(void)
{
    const struct image *image = &root_task.image;
    struct bootinfo *bootinfo = root_task.bootinfo;

    bootinfo->user_image_frames.start = root_task.next_slot;
    for (word_t vaddr = image->start; vaddr < image->end; vaddr += BIT(PAGE_BITS))
        root_provide_next_cap(arch_map_root_page(vaddr, vaddr + image->pv_offset));
    bootinfo->user_image_frames.end = root_task.next_slot;
}

static BOOT_CODE void create_address_space(void)
{
    struct bootinfo *bootinfo = root_task.bootinfo;
    void *buffer = root_alloc(BIT(PAGE_BITS));

    root_provide_cap(ROOT_VSPACE, arch_create_root_vspace());
    bootinfo->user_image_paging.start = root_task.next_slot;
    arch_create_root_tables(root_task.image.start, root_task.top);
    bootinfo->user_image_paging.end = root_task.next_slot;
    root_provide_cap(ROOT_BOOTINFO,
                     arch_map_root_page(root_task.bootinfo_address, window_to_paddr(bootinfo)));
    root_provide_cap(ROOT_IPC_BUFFER,
                     arch_map_root_page(root_task.ipc_buffer, window_to_paddr(buffer)));
    create_extra_bootinfo();
    map_image();
}

static BOOT_CODE void fill_bootinfo(void)
{
    struct bootinfo *bootinfo = root_task.bootinfo;

    bootinfo->num_nodes = 1;
    bootinfo->num_iopt_levels = ~(word_t)0;
    bootinfo->ipc_buffer = root_task.ipc_buffer;
    bootinfo->init_cnode_bits = CONFIG_ROOT_CNODE_BITS;
}

/* Puts a derived capability in the TCB, as a child of the root task's own. */
static BOOT_CODE void give_thread(struct tcb *thread, enum tcb_slot index, word_t slot)
{
    cap_t cap;

    if (derive_cap(&root_task.cnode[slot], root_task.cnode[slot].cap, &cap) != EXCEPTION_NONE)
        boot_fail("initial capability cannot be derived");
    cte_insert(cap, &root_task.cnode[slot], &thread->slots[index]);
}

static BOOT_CODE void create_thread(void)
{
    struct tcb *thread = root_alloc(BIT(TCB_BITS));

    tcb_init(thread);
    give_thread(thread, TCB_CSPACE, ROOT_CNODE);
    give_thread(thread, TCB_VSPACE, ROOT_VSPACE);
    give_thread(thread, TCB_BUFFER, ROOT_IPC_BUFFER);
    thread->ipc_buffer = root_task.ipc_buffer;
    thread->priority = ROOT_PRIORITY;
    thread->mcp = ROOT_PRIORITY;
    arch_init_root_thread(thread, root_task.image.entry, root_task.bootinfo_address);
    setup_reply_master(thread);
    root_provide_cap(ROOT_TCB, cap_new(CAP_THREAD, (word_t)thread));
#if DBG
    memcpy(thread->name, "rootserver", sizeof("rootserver"));
#endif
    set_thread_state(thread, THREAD_RUNNING);
    possible_switch_to(thread);
}

BOOT_CODE void create_root_task(void)
{
    root_task.next_slot = ROOT_FIRST_FREE;
    load_image();
    place_in_address_space();
    reserve_objects();
    create_cnode();
    root_task.bootinfo = root_alloc(BIT(PAGE_BITS));
    create_address_space();
    arch_provide_root_caps();
    fill_bootinfo();
    create_thread();
}

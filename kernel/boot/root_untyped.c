/* SPDX-License-Identifier: BSD-2-Clause */

/* All memory that boot leaves becomes untypeds of the root task. */

#include <boot.h>
#include <memory.h>

extern char boot_start[], boot_end[];

static BOOT_CODE void provide_untyped(paddr_t paddr, word_t bits, bool device)
{
    struct bootinfo *bootinfo = root_task.bootinfo;
    word_t i = root_task.next_slot - bootinfo->untyped.start;
    cap_t cap = cap_new(CAP_UNTYPED, (word_t)paddr_to_window(paddr));

    if (i >= CONFIG_MAX_BOOTINFO_UNTYPEDS)
        return;
    cap = set_untyped_is_device(set_untyped_size_bits(cap, bits), device);
    /* Marked as used up, so that the first Retype clears it. */
    root_provide_next_cap(set_untyped_free_offset(cap, BIT(bits)));
    bootinfo->untyped_list[i] =
        (struct untyped_desc){.paddr = paddr, .size_bits = (uint8_t)bits, .is_device = device};
}

static BOOT_CODE word_t log2_floor(word_t value)
{
    return WORD_BITS - 1 - (word_t)__builtin_clzl(value);
}

/* Cuts a region into blocks that are aligned to their size, counted in window addresses. */
static BOOT_CODE void provide_region(uint64_t start, uint64_t end, bool device)
{
    while (start < end) {
        word_t bits = min(log2_floor(end - start), MAX_UNTYPED_BITS);
        word_t address = (word_t)paddr_to_window(start);

        if (address)
            bits = min(bits, (word_t)__builtin_ctzl(address));
        if (bits >= MIN_UNTYPED_BITS)
            provide_untyped(start, bits, device);
        start += BIT(bits);
    }
}

static BOOT_CODE void provide_regions(const struct region_list *list, bool device)
{
    for (word_t i = 0; i < list->count; i++)
        provide_region(list->regions[i].start, list->regions[i].end, device);
}

BOOT_CODE void create_root_untypeds(void)
{
    static BOOT_DATA struct region_list devices;
    struct bootinfo *bootinfo = root_task.bootinfo;

    region_add(&devices, 0, PADDR_TOP);
    for (word_t i = 0; i < boot_env.ram.count; i++)
        region_subtract(&devices, boot_env.ram.regions[i].start, boot_env.ram.regions[i].end);
    for (word_t i = 0; i < ARRAY_SIZE(boot_env.withheld); i++)
        region_subtract(&devices, boot_env.withheld[i].start, boot_env.withheld[i].end);

    bootinfo->untyped.start = root_task.next_slot;
    provide_regions(&devices, true);
    provide_region(KERNEL_PADDR(boot_start), KERNEL_PADDR(boot_end), false);
    provide_regions(&free_memory, false);
    bootinfo->untyped.end = root_task.next_slot;
    bootinfo->empty = (struct slot_region){root_task.next_slot, BIT(CONFIG_ROOT_CNODE_BITS)};
}

/* SPDX-License-Identifier: BSD-2-Clause */

/* What the boot loader tells, in either version of the multiboot protocol. */

#include <arch/multiboot.h>
#include <boot.h>
#include <memory.h>

#define LOW_MEMORY_END 0x100000

static BOOT_CODE void add_ram(uint64_t base, uint64_t length)
{
    uint64_t start = base < LOW_MEMORY_END ? LOW_MEMORY_END : base;
    uint64_t end = base + length < base ? PHYS_WINDOW_SIZE : base + length;

    start = (start + MASK(PAGE_BITS)) & ~(uint64_t)MASK(PAGE_BITS);
    end &= ~(uint64_t)MASK(PAGE_BITS);
    if (end > PHYS_WINDOW_SIZE)
        end = PHYS_WINDOW_SIZE;
    region_add(&boot_env.ram, start, end);
}

static BOOT_CODE void copy_command_line(const char *text)
{
    for (word_t i = 0; i < MAX_COMMAND_LINE - 1 && text[i]; i++)
        boot_env.command_line[i] = text[i];
}

static BOOT_CODE void read_mmap(const struct multiboot_info *info)
{
    const uint8_t *entries = boot_pointer(info->mmap_address);
    word_t offset = 0;

    boot_env.mmap_length = min(info->mmap_length, sizeof(boot_env.mmap));
    memcpy(boot_env.mmap, entries, boot_env.mmap_length);
    while (offset + sizeof(struct multiboot_mmap) <= info->mmap_length) {
        const struct multiboot_mmap *entry = (const struct multiboot_mmap *)(entries + offset);

        if (entry->type == MMAP_USABLE)
            add_ram(entry->base, entry->length);
        offset += entry->size + sizeof(entry->size);
    }
}

static BOOT_CODE void read_vbe(const struct multiboot_info *info)
{

    uint16_t mode[4] = {info->vbe_mode, info->vbe_interface_seg, info->vbe_interface_off,
                        info->vbe_interface_len};

    boot_env.has_vbe = true;
    memcpy(boot_env.vbe, boot_pointer(info->vbe_control_info), 512);
    memcpy(boot_env.vbe + 512, boot_pointer(info->vbe_mode_info), 256);
    memcpy(boot_env.vbe + 768, mode, sizeof(boot_env.vbe) - 768);
}

static BOOT_CODE void read_multiboot1(const struct multiboot_info *info)
{
    const struct multiboot_module *module;

    if (!(info->flags & MBI_MEMORY) || !(info->flags & MBI_MODULES) || info->module_count < 1)
        boot_fail("the boot loader gave no module");
    if (info->flags & MBI_MMAP)
        read_mmap(info);
    else
        add_ram(LOW_MEMORY_END, (uint64_t)info->mem_upper << 10);
    if (info->flags & MBI_COMMAND_LINE)
        copy_command_line(boot_pointer(info->command_line));
    if (info->flags & MBI_VBE)
        read_vbe(info);
    module = boot_pointer(info->module_list);
    boot_env.module = (struct region){module->start, module->end};
}

static BOOT_CODE void read_mmap_tag(const struct multiboot2_mmap *mmap)
{
    word_t offset = sizeof(*mmap);

    while (mmap->entry_size && offset + mmap->entry_size <= mmap->tag.size) {
        const struct multiboot2_mmap_entry *entry =
            (const struct multiboot2_mmap_entry *)((const uint8_t *)mmap + offset);

        if (entry->type == MMAP_USABLE)
            add_ram(entry->base, entry->length);
        offset += mmap->entry_size;
    }
}

static BOOT_CODE void read_module_tag(const struct multiboot2_module *module)
{
    if (!boot_env.module.end)
        boot_env.module = (struct region){module->start, module->end};
}

static BOOT_CODE void read_framebuffer_tag(const struct multiboot2_framebuffer *framebuffer)
{
    boot_env.has_framebuffer = true;
    memcpy(boot_env.framebuffer, &framebuffer->address, sizeof(boot_env.framebuffer));
}

static BOOT_CODE void read_rsdp_tag(const struct multiboot2_tag *tag)
{
    boot_env.has_rsdp = true;
    memcpy(boot_env.rsdp, tag + 1, min(tag->size - sizeof(*tag), RSDP_SIZE));
}

static BOOT_CODE void read_tag(const struct multiboot2_tag *tag)
{
    switch (tag->type) {
    case TAG_COMMAND_LINE:
        copy_command_line((const char *)(tag + 1));
        break;
    case TAG_MODULE:
        read_module_tag((const struct multiboot2_module *)tag);
        break;
    case TAG_MMAP:
        read_mmap_tag((const struct multiboot2_mmap *)tag);
        break;
    case TAG_FRAMEBUFFER:
        read_framebuffer_tag((const struct multiboot2_framebuffer *)tag);
        break;
    case TAG_ACPI_OLD:
    case TAG_ACPI_NEW:
        read_rsdp_tag(tag);
        break;
    default:
        break;
    }
}

static BOOT_CODE void read_multiboot2(const struct multiboot2_info *info)
{
    word_t offset = sizeof(*info);

    while (offset + sizeof(struct multiboot2_tag) <= info->size) {
        const struct multiboot2_tag *tag =
            (const struct multiboot2_tag *)((const uint8_t *)info + offset);

        if (tag->type == TAG_END || tag->size < sizeof(*tag))
            break;
        read_tag(tag);
        offset += round_up(tag->size, 3);
    }
    if (!boot_env.module.end)
        boot_fail("the boot loader gave no module");
}

BOOT_CODE void plat_read_boot_info(word_t magic, paddr_t info)
{
    if (magic == MULTIBOOT1_MAGIC)
        read_multiboot1(boot_pointer(info));
    else if (magic == MULTIBOOT2_MAGIC)
        read_multiboot2(boot_pointer(info));
    else
        boot_fail("not booted by a multiboot loader");
}

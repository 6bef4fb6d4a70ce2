/* SPDX-License-Identifier: BSD-2-Clause */

/* What the boot loader tells, in either version of the multiboot protocol. */

#include <arch/multiboot.h>
#include <boot.h>
#include <memory.h>

#define LOW_MEMORY_END 0x100000

extern char boot_start[], kernel_end[];

/* Of multiboot 2, what counts only if there is no memory map. */
static BOOT_DATA const struct multiboot2_efi_mmap *efi_mmap;
static BOOT_DATA const struct multiboot2_memory *memory_size;

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

        if (entry->size < sizeof(*entry) - sizeof(entry->size) || entry->size > info->mmap_length)
            break;
        if (entry->type == MMAP_USABLE)
            add_ram(entry->base, entry->length);
        offset += entry->size + sizeof(entry->size);
    }
}

static BOOT_CODE void read_vbe(const struct multiboot_info *info)
{
    uint32_t mode[4] = {info->vbe_mode, info->vbe_interface_seg, info->vbe_interface_off,
                        info->vbe_interface_len};

    boot_env.has_vbe = true;
    memcpy(boot_env.vbe, boot_pointer(info->vbe_control_info), 512);
    memcpy(boot_env.vbe + 512, boot_pointer(info->vbe_mode_info), 256);
    memcpy(boot_env.vbe + 768, mode, sizeof(boot_env.vbe) - 768);
}

/* The first module is the root task; others do not count. */
static BOOT_CODE void set_module(uint64_t start, uint64_t end)
{
    if (boot_env.module.end)
        return;
    if (start >= end || end > BOOT_READABLE_END ||
        (start < KERNEL_PADDR(kernel_end) && end > KERNEL_PADDR(boot_start)))
        boot_fail("the boot loader put the module where it cannot be read");
    boot_env.module = (struct region){start, end};
}

static BOOT_CODE void read_multiboot1(const struct multiboot_info *info)
{
    if (info->flags & MBI_COMMAND_LINE)
        copy_command_line(boot_pointer(info->command_line));
    if (info->flags & MBI_MMAP)
        read_mmap(info);
    else if (info->flags & MBI_MEMORY)
        add_ram(LOW_MEMORY_END, (uint64_t)info->mem_upper << 10);
    if (info->flags & MBI_VBE)
        read_vbe(info);
    if ((info->flags & MBI_MODULES) && info->module_count) {
        const struct multiboot_module *module = boot_pointer(info->module_list);

        set_module(module->start, module->end);
    }
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

static BOOT_CODE void read_efi_mmap(const struct multiboot2_efi_mmap *mmap)
{
    word_t offset = sizeof(*mmap);

    while (mmap->descriptor_size >= sizeof(struct efi_memory_descriptor) &&
           offset + mmap->descriptor_size <= mmap->tag.size) {
        const struct efi_memory_descriptor *entry =
            (const struct efi_memory_descriptor *)((const uint8_t *)mmap + offset);

        if ((entry->type >= EFI_LOADER_CODE && entry->type <= EFI_BOOT_SERVICES_DATA) ||
            entry->type == EFI_CONVENTIONAL)
            add_ram(entry->base, entry->pages << PAGE_BITS);
        offset += mmap->descriptor_size;
    }
}

static BOOT_CODE void read_framebuffer_tag(const struct multiboot2_framebuffer *framebuffer)
{
    boot_env.has_framebuffer = true;
    memcpy(boot_env.framebuffer, &framebuffer->address, sizeof(boot_env.framebuffer));
}

/* A loader may give the RSDP of ACPI 1 besides the longer one. */
static BOOT_CODE void read_rsdp_tag(const struct multiboot2_tag *tag)
{
    if (boot_env.has_rsdp && tag->type == TAG_ACPI_OLD)
        return;
    boot_env.has_rsdp = true;
    memcpy(boot_env.rsdp, tag + 1, min(tag->size - sizeof(*tag), RSDP_SIZE));
}

static BOOT_CODE word_t smallest_tag(uint32_t type)
{
    switch (type) {
    case TAG_MODULE:
        return sizeof(struct multiboot2_module);
    case TAG_MEMORY:
        return sizeof(struct multiboot2_memory);
    case TAG_MMAP:
        return sizeof(struct multiboot2_mmap);
    case TAG_FRAMEBUFFER:
        return sizeof(struct multiboot2_framebuffer);
    case TAG_EFI_MMAP:
        return sizeof(struct multiboot2_efi_mmap);
    default:
        return sizeof(struct multiboot2_tag);
    }
}

static BOOT_CODE void read_tag(const struct multiboot2_tag *tag)
{
    const struct multiboot2_module *module = (const struct multiboot2_module *)tag;

    switch (tag->type) {
    case TAG_COMMAND_LINE:
        copy_command_line((const char *)(tag + 1));
        break;
    case TAG_MODULE:
        set_module(module->start, module->end);
        break;
    case TAG_MEMORY:
        memory_size = (const struct multiboot2_memory *)tag;
        break;
    case TAG_MMAP:
        read_mmap_tag((const struct multiboot2_mmap *)tag);
        break;
    case TAG_EFI_MMAP:
        efi_mmap = (const struct multiboot2_efi_mmap *)tag;
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

        if (tag->type == TAG_END || tag->size < smallest_tag(tag->type) ||
            tag->size > info->size - offset)
            break;
        read_tag(tag);
        offset += round_up(tag->size, 3);
    }
    if (!boot_env.ram.count && efi_mmap)
        read_efi_mmap(efi_mmap);
    if (!boot_env.ram.count && memory_size)
        add_ram(LOW_MEMORY_END, (uint64_t)memory_size->mem_upper << 10);
}

BOOT_CODE void plat_read_boot_info(word_t magic, paddr_t info)
{
    if (magic == MULTIBOOT1_MAGIC)
        read_multiboot1(boot_pointer(info));
    else if (magic == MULTIBOOT2_MAGIC)
        read_multiboot2(boot_pointer(info));
    else
        boot_fail("not booted by a multiboot loader");
    if (!region_contains(&boot_env.ram, KERNEL_PADDR(boot_start), KERNEL_PADDR(kernel_end)))
        boot_fail("the boot loader told of no memory where the kernel is");
    if (!boot_env.module.end)
        boot_fail("the boot loader gave no module");
}

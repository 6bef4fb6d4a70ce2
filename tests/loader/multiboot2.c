/* SPDX-License-Identifier: BSD-2-Clause */
/* (Multiboot2 2.0, 3.6) */
#include "loader.h"

enum tag {
    TAG_END = 0,
    TAG_COMMAND_LINE = 1,
    TAG_MODULE = 3,
    TAG_MEMORY = 4,
    TAG_MAP = 6,
    TAG_FRAMEBUFFER = 8,
    TAG_OLD_RSDP = 14,
    TAG_NEW_RSDP = 15,
    TAG_EFI_MAP = 17,
};

#define EFI_CONVENTIONAL 7
#define EFI_RESERVED 0
#define EFI_DESCRIPTOR 48 /* larger than the 40 bytes that are defined, as firmware has it */

static _Alignas(8) uint8_t info[8192];
static uint32_t length = 8, tag_start;

static void put(const void *data, uint32_t size)
{
    memcpy(info + length, data, size);
    length += size;
}

static void put32(uint32_t value)
{
    put(&value, sizeof(value));
}

static void put64(uint64_t value)
{
    put(&value, sizeof(value));
}

static void begin(enum tag tag)
{
    length = (length + 7) & ~7u;
    tag_start = length;
    put32(tag);
    put32(0);
}

static void end(void)
{
    *(uint32_t *)(info + tag_start + 4) = length - tag_start;
}

static void put_text(const char *text)
{
    do
        put(text, 1);
    while (*text++);
}

static void put_map(void)
{
    begin(TAG_MAP);
    put32(24);
    put32(0);
    for (uint32_t i = 0; i < plan.region_count; i++) {
        put64(plan.regions[i].base);
        put64(plan.regions[i].size);
        put32(plan.regions[i].type);
        put32(0);
    }
    end();
}

static void put_efi_map(void)
{
    begin(TAG_EFI_MAP);
    put32(EFI_DESCRIPTOR);
    put32(1);
    for (uint32_t i = 0; i < plan.region_count; i++) {
        put32(plan.regions[i].type == 1 ? EFI_CONVENTIONAL : EFI_RESERVED);
        put32(0);
        put64(plan.regions[i].base);
        put64(0);
        put64(plan.regions[i].size >> 12);
        put64(0xf);
        put64(0);
    }
    end();
}

static void put_framebuffer(void)
{
    const struct framebuffer *fb = &plan.framebuffer;

    begin(TAG_FRAMEBUFFER);
    put64(fb->address);
    put32(fb->pitch);
    put32(fb->width);
    put32(fb->height);
    put32(fb->bits | fb->type << 8);
    end();
}

static void put_rsdp(enum tag tag, uint32_t size)
{
    begin(tag);
    put(rsdp(tag == TAG_NEW_RSDP, plan.bad_rsdp), size);
    end();
}

static void put_memory(void)
{
    begin(TAG_MEMORY);
    put32(639);
    put32(memory_above_1m());
    end();
}

static void put_module(void)
{
    begin(TAG_MODULE);
    put32(plan.module_start);
    put32(plan.module_end);
    put_text("root");
    end();
}

const void *multiboot2_info(void)
{
    begin(TAG_COMMAND_LINE);
    put_text(plan.command_line);
    end();
    if (plan.tell_size)
        put_memory();
    if (plan.module_end)
        put_module();
    if (plan.tell_map)
        put_map();
    if (plan.tell_efi_map)
        put_efi_map();
    if (plan.has_framebuffer)
        put_framebuffer();
    if (plan.new_rsdp)
        put_rsdp(TAG_NEW_RSDP, 36);
    if (plan.old_rsdp) /* comes last, but the kernel must prefer the newer one */
        put_rsdp(TAG_OLD_RSDP, 20);
    begin(TAG_END);
    end();
    *(uint32_t *)info = length;
    return info;
}

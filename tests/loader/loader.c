/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boots a kernel as the words of the command line say; numbers are hexadecimal.
 *   mb2                 multiboot 2, else 1
 *   at=ADDRESS          where the root task's file is moved
 *   cut=BYTES           only so many of its bytes are told of
 *   nomodule            it is not told of
 *   hole=START-END      reserved memory; may repeat
 *   map=WORD            map (default), efi, size or none: how memory is told of
 *   entry=BYTES         size of an entry of the memory map
 *   fb=ADDRESS,PITCH,WIDTH,HEIGHT,BITS,TYPE
 *   rsdp=WORD           old, new, both or bad (multiboot 2); none is the default
 * The kernel's command line is the same. Modules: kernel and root task.
 */
#include "loader.h"

#define MBI_COMMAND_LINE 16
#define MBI_MODULES 24
#define MBI_MAP_LENGTH 44
#define MBI_MAP 48

struct plan plan = {.tell_map = true, .tell_size = true};

static uint32_t word_at(const void *info, uint32_t offset)
{
    return *(const uint32_t *)((const uint8_t *)info + offset);
}

/* What follows NAME in the command line, from `from` on; NULL if it is not there. */
static const char *find_word(const char *from, const char *name)
{
    uint32_t length = 0;

    while (name[length])
        length++;
    for (; *from; from++)
        if (from[-1] == ' ' && !memcmp(from, name, length))
            return from + length;
    return NULL;
}

static const char *find(const char *name)
{
    return find_word(plan.command_line + 1, name);
}

static bool is(const char *text, const char *word)
{
    while (*word && *text == *word)
        text++, word++;
    return !*word && (!*text || *text == ' ');
}

/* Reads a number, and moves on behind it and the character after it. */
static uint64_t number(const char **text)
{
    uint64_t value = 0;

    for (;; (*text)++) {
        char c = **text;

        if (c >= '0' && c <= '9')
            value = value << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uint32_t)(c - 'a' + 10);
        else
            break;
    }
    if (**text)
        (*text)++;
    return value;
}

static void plan_module(const void *modules)
{
    const char *at = find("at="), *cut = find("cut=");
    uint32_t start = word_at(modules, 16), size = word_at(modules, 20) - start;

    if (find("nomodule"))
        return;
    plan.module_start = at ? (uint32_t)number(&at) : start;
    memmove((void *)(uintptr_t)plan.module_start, (const void *)(uintptr_t)start, size);
    plan.module_end = plan.module_start + (cut ? (uint32_t)number(&cut) : size);
}

static void plan_memory(const void *info)
{
    const char *map = find("map="), *entry = find("entry="), *hole = plan.command_line + 1;

    read_memory_map((const uint8_t *)(uintptr_t)word_at(info, MBI_MAP),
                    word_at(info, MBI_MAP_LENGTH));
    while ((hole = find_word(hole, "hole="))) {
        uint64_t start = number(&hole);

        reserve(start, number(&hole));
        hole--;
    }
    if (map) {
        plan.tell_map = is(map, "map");
        plan.tell_efi_map = is(map, "efi");
        plan.tell_size = is(map, "size");
    }
    plan.entry_size = entry ? (uint32_t)number(&entry) : 20;
}

static void plan_framebuffer(void)
{
    const char *fb = find("fb=");

    if (!fb)
        return;
    plan.has_framebuffer = true;
    plan.framebuffer.address = number(&fb);
    plan.framebuffer.pitch = (uint32_t)number(&fb);
    plan.framebuffer.width = (uint32_t)number(&fb);
    plan.framebuffer.height = (uint32_t)number(&fb);
    plan.framebuffer.bits = (uint32_t)number(&fb);
    plan.framebuffer.type = (uint32_t)number(&fb);
}

static void plan_rsdp(void)
{
    const char *word = find("rsdp=");

    if (!word)
        return;
    plan.bad_rsdp = is(word, "bad");
    plan.old_rsdp = is(word, "old") || is(word, "both");
    plan.new_rsdp = is(word, "new") || is(word, "both") || plan.bad_rsdp;
}

_Noreturn void load(const void *info)
{
    const void *modules = (const void *)(uintptr_t)word_at(info, MBI_MODULES);
    uint32_t entry;

    plan.command_line = (const char *)(uintptr_t)word_at(info, MBI_COMMAND_LINE);
    plan.multiboot2 = find("mb2") != NULL;
    plan_memory(info);
    plan_framebuffer();
    plan_rsdp();
    entry = load_kernel((const uint8_t *)(uintptr_t)word_at(modules, 0));
    plan_module(modules);
    if (plan.multiboot2)
        enter(entry, MULTIBOOT2_MAGIC, multiboot2_info());
    enter(entry, MULTIBOOT1_MAGIC, multiboot1_info());
}

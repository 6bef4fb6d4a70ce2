/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the test loader share. Each multiboot structure is built from words and
 * bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct region {
    uint64_t base;
    uint64_t size;
    uint32_t type; /* 1: usable */
};

#define MAX_REGIONS 32

struct framebuffer {
    uint64_t address;
    uint32_t pitch, width, height, bits, type;
};

/* What the command line asks for; see loader.c. */
struct plan {
    const char *command_line;
    bool multiboot2;
    uint32_t module_start, module_end; /* end 0: none */
    struct region regions[MAX_REGIONS];
    uint32_t region_count;
    bool tell_map, tell_size, tell_efi_map;
    uint32_t entry_size; /* of a memory map entry */
    bool has_framebuffer;
    struct framebuffer framebuffer;
    bool old_rsdp, new_rsdp, bad_rsdp;
};
extern struct plan plan;

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);

/* kernel.c: puts the kernel in its place and returns its entry point. */
uint32_t load_kernel(const uint8_t *file);
_Noreturn void enter(uint32_t entry, uint32_t magic, const void *info);

/* memory_map.c: the machine's, out of QEMU's multiboot information; makes a piece of it
 * reserved. */
void read_memory_map(const uint8_t *entries, uint32_t size);
void reserve(uint64_t start, uint64_t end);
uint32_t memory_above_1m(void); /* KiB */

/* acpi.c: a copy of the machine's RSDP, as ACPI 1 has it (20 bytes) or as ACPI 2 (36). */
const void *rsdp(bool new_one, bool bad);

#define MULTIBOOT1_MAGIC 0x2badb002
#define MULTIBOOT2_MAGIC 0x36d76289
const void *multiboot1_info(void);
const void *multiboot2_info(void);

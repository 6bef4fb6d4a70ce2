/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* From the boot loader's information to the root task. Nothing here is used after boot. */

#include <tcb.h>

struct region {
    uint64_t start;
    uint64_t end;
};

#define MAX_REGIONS 128

struct region_list {
    word_t count;
    struct region regions[MAX_REGIONS];
};

#define MAX_COMMAND_LINE 256
#define MAX_MMAP_ENTRIES 50
#define MMAP_ENTRY_SIZE 24
#define VBE_CHUNK_SIZE (512 + 256 + 4 * 4)
#define FRAMEBUFFER_CHUNK_SIZE 22
#define RSDP_SIZE 36

/* What the boot loader and the firmware tell; filled in by plat/. */
struct boot_env {
    struct region_list ram;
    struct region module;      /* the root task's ELF file */
    struct region withheld[3]; /* device memory that users do not get */
    char command_line[MAX_COMMAND_LINE];
    word_t mmap_length;
    uint8_t mmap[MAX_MMAP_ENTRIES * MMAP_ENTRY_SIZE];
    bool has_vbe;
    uint8_t vbe[VBE_CHUNK_SIZE];
    bool has_framebuffer;
    uint8_t framebuffer[FRAMEBUFFER_CHUNK_SIZE];
    bool has_rsdp;
    uint8_t rsdp[RSDP_SIZE];
    paddr_t lapic;
    paddr_t ioapic;
    uint32_t tsc_mhz;
};
extern struct boot_env boot_env;

/* Stops the boot with a message, on the text screen and the serial port. */
NORETURN void boot_fail(const char *text);

/* boot/memory.c: the regions of memory, and what is still free of them. */
extern struct region_list free_memory;
void region_add(struct region_list *list, uint64_t start, uint64_t end);
void region_subtract(struct region_list *list, uint64_t start, uint64_t end);
/* True if one region of the list holds all of [start, end). */
bool region_contains(const struct region_list *list, uint64_t start, uint64_t end);
/* Takes a block out of the highest region that has room; its start is aligned to `bits`.
 * Regions above `limit` are not considered. */
paddr_t boot_reserve(word_t size, word_t bits, uint64_t limit);

/* boot/elf.c */
struct image {
    word_t start; /* of the lowest page, virtual */
    word_t end;
    word_t entry;
    word_t pv_offset; /* physical minus virtual address */
};
/* Checks the root task's ELF file, and finds its extent. */
void elf_measure(const uint8_t *file, word_t size, struct image *image);
/* Copies the segments to their place, which is image->pv_offset away from their addresses. */
void elf_load(const uint8_t *file, const struct image *image);

/* boot/bootinfo.c */
struct slot_region {
    word_t start;
    word_t end;
};

struct untyped_desc {
    word_t paddr;
    uint8_t size_bits;
    uint8_t is_device;
    uint8_t padding[2 * sizeof(word_t) - sizeof(word_t) - 2];
};

struct bootinfo {
    word_t extra_len;
    word_t node_id;
    word_t num_nodes;
    word_t num_iopt_levels;
    word_t ipc_buffer;
    struct slot_region empty;
    struct slot_region shared_frames;
    struct slot_region user_image_frames;
    struct slot_region user_image_paging;
    struct slot_region io_space_caps;
    struct slot_region extra_bi_pages;
    word_t init_cnode_bits;
    word_t init_domain;
    struct slot_region untyped;
    struct untyped_desc untyped_list[CONFIG_MAX_BOOTINFO_UNTYPEDS];
};

_Static_assert(sizeof(struct bootinfo) == (sizeof(word_t) == 8 ? 3848 : 1924), "part of the ABI");

word_t extra_bootinfo_size(void);
void extra_bootinfo_write(uint8_t *dest);

/* boot/root_task.c */
struct root_task {
    struct cte *cnode;
    struct bootinfo *bootinfo;
    word_t next_slot;
    struct image image;
    word_t ipc_buffer; /* addresses in the root task */
    word_t bootinfo_address;
    word_t extra_address;
    word_t top; /* end of all that boot maps */
};
extern struct root_task root_task;
/* Takes zeroed memory for an object of the root task. */
void *root_alloc(word_t size);
void root_provide_cap(word_t slot, cap_t cap);
word_t root_provide_next_cap(cap_t cap);
void create_root_task(void);
/* boot/root_untyped.c: turns all memory that is left into untypeds. */
void create_root_untypeds(void);

/* Implemented by the architecture. */
void arch_boot_map_window(void);
/* Takes away what is only mapped for boot. */
void arch_boot_done(void);
word_t arch_root_table_count(word_t start, word_t end);
cap_t arch_create_root_vspace(void);
/* Makes the paging structures for [start, end); their capabilities go to the next slots. */
void arch_create_root_tables(word_t start, word_t end);
/* Maps a page of the root task, and returns the capability for it. */
cap_t arch_map_root_page(word_t vaddr, paddr_t paddr);
void arch_init_root_thread(struct tcb *thread, word_t entry, word_t argument);
void arch_provide_root_caps(void);

/* Implemented by the platform. */
void plat_read_boot_info(word_t magic, paddr_t info);
void plat_find_apics(void);
/* Sets up interrupt controllers and the timer. */
void plat_init_devices(void);
void console_init(void);

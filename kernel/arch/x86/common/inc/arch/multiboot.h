/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* The multiboot protocols, as far as the kernel uses them (Multiboot 0.6.96 and Multiboot2 2.0). */

#define MULTIBOOT1_HEADER_MAGIC 0x1badb002
#define MULTIBOOT1_FLAGS 3 /* page-aligned modules, memory map */
#define MULTIBOOT1_MAGIC 0x2badb002
#define MULTIBOOT2_HEADER_MAGIC 0xe85250d6
#define MULTIBOOT2_MAGIC 0x36d76289

#ifndef __ASSEMBLER__

#include <types.h>

#define MBI_MEMORY BIT(0)
#define MBI_COMMAND_LINE BIT(2)
#define MBI_MODULES BIT(3)
#define MBI_MMAP BIT(6)
#define MBI_VBE BIT(11)

struct multiboot_info {
    uint32_t flags;
    uint32_t mem_lower; /* in KiB */
    uint32_t mem_upper;
    uint32_t boot_device;
    uint32_t command_line;
    uint32_t module_count;
    uint32_t module_list;
    uint32_t symbols[4];
    uint32_t mmap_length;
    uint32_t mmap_address;
    uint32_t drives_length;
    uint32_t drives_address;
    uint32_t config_table;
    uint32_t boot_loader_name;
    uint32_t apm_table;
    uint32_t vbe_control_info;
    uint32_t vbe_mode_info;
    uint16_t vbe_mode;
    uint16_t vbe_interface_seg;
    uint16_t vbe_interface_off;
    uint16_t vbe_interface_len;
} PACKED;

struct multiboot_module {
    uint32_t start;
    uint32_t end;
    uint32_t name;
    uint32_t reserved;
} PACKED;

#define MMAP_USABLE 1

struct multiboot_mmap {
    uint32_t size; /* of what follows */
    uint64_t base;
    uint64_t length;
    uint32_t type;
} PACKED;

enum multiboot2_tag_type {
    TAG_END = 0,
    TAG_COMMAND_LINE = 1,
    TAG_MODULE = 3,
    TAG_MEMORY = 4,
    TAG_MMAP = 6,
    TAG_FRAMEBUFFER = 8,
    TAG_ACPI_OLD = 14,
    TAG_ACPI_NEW = 15,
    TAG_EFI_MMAP = 17,
};

struct multiboot2_info {
    uint32_t size;
    uint32_t reserved;
};

struct multiboot2_tag {
    uint32_t type;
    uint32_t size;
};

struct multiboot2_module {
    struct multiboot2_tag tag;
    uint32_t start;
    uint32_t end;
} PACKED;

struct multiboot2_memory {
    struct multiboot2_tag tag;
    uint32_t mem_lower;
    uint32_t mem_upper;
} PACKED;

struct multiboot2_mmap_entry {
    uint64_t base;
    uint64_t length;
    uint32_t type;
    uint32_t reserved;
} PACKED;

struct multiboot2_mmap {
    struct multiboot2_tag tag;
    uint32_t entry_size;
    uint32_t entry_version;
} PACKED;

struct multiboot2_efi_mmap {
    struct multiboot2_tag tag;
    uint32_t descriptor_size;
    uint32_t descriptor_version;
} PACKED;

/* UEFI specification 2.10, 7.2.3 */
enum efi_memory_type {
    EFI_LOADER_CODE = 1, /* up to boot services data: free when the loader has left the firmware */
    EFI_BOOT_SERVICES_DATA = 4,
    EFI_CONVENTIONAL = 7,
};

struct efi_memory_descriptor {
    uint32_t type;
    uint32_t padding;
    uint64_t base;
    uint64_t vaddr;
    uint64_t pages; /* of 4 KiB */
    uint64_t attributes;
} PACKED;

struct multiboot2_framebuffer {
    struct multiboot2_tag tag;
    uint64_t address;
    uint32_t pitch;
    uint32_t width;
    uint32_t height;
    uint8_t bpp;
    uint8_t type;
} PACKED;

#endif

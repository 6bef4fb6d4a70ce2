/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <types.h>

#define ELF_CLASS 1

struct elf_header {
    uint8_t ident[16];
    uint16_t type;
    uint16_t machine;
    uint32_t version;
    uint32_t entry;
    uint32_t program_header_offset;
    uint32_t section_header_offset;
    uint32_t flags;
    uint16_t header_size;
    uint16_t program_header_size;
    uint16_t program_header_count;
    uint16_t section_header_size;
    uint16_t section_header_count;
    uint16_t string_section;
};

struct elf_program_header {
    uint32_t type;
    uint32_t file_offset;
    uint32_t vaddr;
    uint32_t paddr;
    uint32_t file_size;
    uint32_t memory_size;
    uint32_t flags;
    uint32_t alignment;
};

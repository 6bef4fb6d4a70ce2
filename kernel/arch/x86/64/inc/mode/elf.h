/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <types.h>

#define ELF_CLASS 2

struct elf_header {
    uint8_t ident[16];
    uint16_t type;
    uint16_t machine;
    uint32_t version;
    uint64_t entry;
    uint64_t program_header_offset;
    uint64_t section_header_offset;
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
    uint32_t flags;
    uint64_t file_offset;
    uint64_t vaddr;
    uint64_t paddr;
    uint64_t file_size;
    uint64_t memory_size;
    uint64_t alignment;
};

/* SPDX-License-Identifier: BSD-2-Clause */

/* Loading the root task's ELF image. As in seL4, all program headers with memory
 * count, whatever their type. */

#include <boot.h>
#include <memory.h>
#include <mode/elf.h>

#define ELF_MAGIC 0x464c457f
#define EXTRA_PAGES 2 /* IPC buffer and bootinfo follow the image */

static BOOT_CODE const struct elf_program_header *program_header(const uint8_t *file, word_t i)
{
    const struct elf_header *header = (const struct elf_header *)file;

    return (const struct elf_program_header *)(file + header->program_header_offset +
                                               i * header->program_header_size);
}

static BOOT_CODE void check_header(const struct elf_header *header, word_t size)
{
    uint64_t table_size;

    if (size < sizeof(*header) || *(const uint32_t *)header->ident != ELF_MAGIC ||
        header->ident[4] != ELF_CLASS)
        boot_fail("boot module is not an ELF image for this kernel");
    table_size = (uint64_t)header->program_header_count * header->program_header_size;
    if (header->program_header_size < sizeof(struct elf_program_header) ||
        header->program_header_offset > size || table_size > size - header->program_header_offset)
        boot_fail("ELF program headers reach beyond the file");
}

BOOT_CODE void elf_measure(const uint8_t *file, word_t size, struct image *image)
{
    const struct elf_header *header = (const struct elf_header *)file;

    check_header(header, size);
    *image = (struct image){.start = ~(word_t)0, .end = 0, .entry = header->entry};
    for (word_t i = 0; i < header->program_header_count; i++) {
        const struct elf_program_header *segment = program_header(file, i);

        if (segment->memory_size == 0)
            continue;
        if (segment->file_offset > size || segment->file_size > size - segment->file_offset ||
            segment->file_size > segment->memory_size)
            boot_fail("ELF segment reaches beyond the file");
        if (segment->vaddr > USER_TOP || segment->memory_size > USER_TOP - segment->vaddr)
            boot_fail("ELF segment lies outside of user memory");
        image->start = min(image->start, segment->vaddr);
        if (segment->vaddr + segment->memory_size > image->end)
            image->end = segment->vaddr + segment->memory_size;
    }
    image->end = round_up(image->end, PAGE_BITS);
    if (image->start >= image->end || !is_aligned(image->start, PAGE_BITS) ||
        image->end + (EXTRA_PAGES << PAGE_BITS) > USER_TOP || image->entry < image->start ||
        image->entry >= image->end)
        boot_fail("ELF image has a bad extent");
}

BOOT_CODE void elf_load(const uint8_t *file, const struct image *image)
{
    const struct elf_header *header = (const struct elf_header *)file;

    clear_memory(paddr_to_window(image->start + image->pv_offset), image->end - image->start);
    for (word_t i = 0; i < header->program_header_count; i++) {
        const struct elf_program_header *segment = program_header(file, i);
        uint8_t *dest = paddr_to_window(segment->vaddr + image->pv_offset);

        if (segment->memory_size == 0)
            continue;
        memcpy(dest, file + segment->file_offset, segment->file_size);
        /* Done for every header, even that of thread-local storage, where this may clear another
         * segment's data. */
        memset(dest + segment->file_size, 0, segment->memory_size - segment->file_size);
    }
}

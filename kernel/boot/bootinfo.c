/* SPDX-License-Identifier: BSD-2-Clause */

/* The extra chunks behind the bootinfo frame. */

#include <boot.h>
#include <memory.h>

enum chunk_id {
    CHUNK_VBE = 1,
    CHUNK_MBMMAP = 2,
    CHUNK_ACPI_RSDP = 3,
    CHUNK_FRAMEBUFFER = 4,
    CHUNK_TSC_FREQ = 5,
};

struct chunk_header {
    word_t id;
    word_t length; /* with the header */
};

/* Where the next chunk goes; with dest NULL chunks are only measured. */
struct chunk_writer {
    uint8_t *dest;
    word_t length;
};

static BOOT_CODE void put(struct chunk_writer *writer, const void *data, word_t size)
{
    if (writer->dest)
        memcpy(writer->dest + writer->length, data, size);
    writer->length += size;
}

static BOOT_CODE void put_header(struct chunk_writer *writer, enum chunk_id id, word_t size)
{
    struct chunk_header header = {id, sizeof(header) + size};

    put(writer, &header, sizeof(header));
}

static BOOT_CODE word_t write_chunks(uint8_t *dest)
{
    struct chunk_writer writer = {dest, 0};
    uint32_t mmap_length = (uint32_t)boot_env.mmap_length;

    if (boot_env.has_vbe) {
        put_header(&writer, CHUNK_VBE, sizeof(boot_env.vbe));
        put(&writer, boot_env.vbe, sizeof(boot_env.vbe));
    }
    if (boot_env.has_rsdp) {
        put_header(&writer, CHUNK_ACPI_RSDP, sizeof(boot_env.rsdp));
        put(&writer, boot_env.rsdp, sizeof(boot_env.rsdp));
    }
    if (boot_env.has_framebuffer) {
        put_header(&writer, CHUNK_FRAMEBUFFER, sizeof(boot_env.framebuffer));
        put(&writer, boot_env.framebuffer, sizeof(boot_env.framebuffer));
    }
    put_header(&writer, CHUNK_MBMMAP, sizeof(mmap_length) + sizeof(boot_env.mmap));
    put(&writer, &mmap_length, sizeof(mmap_length));
    put(&writer, boot_env.mmap, sizeof(boot_env.mmap));
    put_header(&writer, CHUNK_TSC_FREQ, sizeof(boot_env.tsc_mhz));
    put(&writer, &boot_env.tsc_mhz, sizeof(boot_env.tsc_mhz));
    return writer.length;
}

BOOT_CODE word_t extra_bootinfo_size(void)
{
    return write_chunks(NULL);
}

BOOT_CODE void extra_bootinfo_write(uint8_t *dest)
{
    write_chunks(dest);
}

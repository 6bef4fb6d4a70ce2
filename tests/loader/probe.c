/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task that prints what boot has given it, for a test to look at. */
#include "runtime.h"

#define PATTERN_FACTOR 0x9e3779b1u
#define BLANK_WORDS 65536

extern const uint32_t pattern[], pattern_end[];
static uint32_t blank[BLANK_WORDS];

static seL4_Word damaged_words(void)
{
    seL4_Word i, count = 0;

    for (i = 0; i < (seL4_Word)(pattern_end - pattern); i++)
        count += pattern[i] != (uint32_t)i * PATTERN_FACTOR;
    for (i = 0; i < BLANK_WORDS; i++)
        count += blank[i] != 0;
    return count;
}

static void print_chunk(const seL4_BootInfoHeader *header)
{
    const uint8_t *bytes = (const uint8_t *)(header + 1);
    seL4_Word i;

    print("chunk %w %w ", header->id, header->len - sizeof(*header));
    for (i = 0; i < header->len - sizeof(*header); i++) {
        print("%c", "0123456789abcdef"[bytes[i] >> 4]);
        print("%c", "0123456789abcdef"[bytes[i] & 15]);
    }
    print("\n");
}

static void print_chunks(void)
{
    const char *chunk = (const char *)bootinfo + seL4_BootInfoFrameSize;
    const char *end = chunk + bootinfo->extraLen;

    while (chunk < end) {
        print_chunk((const seL4_BootInfoHeader *)chunk);
        chunk += ((const seL4_BootInfoHeader *)chunk)->len;
    }
}

static void print_untypeds(void)
{
    seL4_Word i, count = bootinfo->untyped.end - bootinfo->untyped.start;

    for (i = 0; i < count; i++) {
        const seL4_UntypedDesc *d = &bootinfo->untypedList[i];

        print("%s %x %d\n", d->isDevice ? "device" : "ram", (seL4_Word)d->paddr, d->sizeBits);
    }
}

int main(void)
{
    print("image %x %w\n", seL4_X86_Page_GetAddress(bootinfo->userImageFrames.start).paddr,
          bootinfo->userImageFrames.end - bootinfo->userImageFrames.start);
    print("damaged %w\n", damaged_words());
    print_chunks();
    print_untypeds();
    print("end\n");
    return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Loading the kernel's ELF file (32 bits) by physical addresses; and what C needs of a library. */
#include "loader.h"

#define ELF_ENTRY 24
#define ELF_HEADERS 28
#define ELF_HEADER_COUNT 44
#define ELF_HEADER_SIZE 32
#define PT_LOAD 1

void *memcpy(void *to, const void *from, size_t size)
{
    return memmove(to, from, size);
}

void *memmove(void *to, const void *from, size_t size)
{
    uint8_t *at = to;
    const uint8_t *source = from;

    if (at < source)
        for (size_t i = 0; i < size; i++)
            at[i] = source[i];
    else
        while (size--)
            at[size] = source[size];
    return to;
}

void *memset(void *to, int value, size_t size)
{
    uint8_t *at = to;

    while (size--)
        *at++ = (uint8_t)value;
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *x = a, *y = b;

    for (; size--; x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

uint32_t load_kernel(const uint8_t *file)
{
    const uint8_t *headers = file + *(const uint32_t *)(file + ELF_HEADERS);
    uint32_t count = *(const uint16_t *)(file + ELF_HEADER_COUNT);

    for (uint32_t i = 0; i < count; i++) {
        /* type, offset, virtual and physical address, size in file and in memory */
        const uint32_t *segment = (const uint32_t *)(headers + i * ELF_HEADER_SIZE);
        uint8_t *to = (uint8_t *)(uintptr_t)segment[3];

        if (segment[0] != PT_LOAD)
            continue;
        memcpy(to, file + segment[1], segment[4]);
        memset(to + segment[4], 0, segment[5] - segment[4]);
    }
    return *(const uint32_t *)(file + ELF_ENTRY);
}

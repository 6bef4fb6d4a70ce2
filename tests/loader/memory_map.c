/* SPDX-License-Identifier: BSD-2-Clause */
#include "loader.h"

#define USABLE 1
#define RESERVED 2
#define MEGABYTE 0x100000

/* Entries of multiboot 1: size of what follows, base, length, type. */
void read_memory_map(const uint8_t *entries, uint32_t size)
{
    uint32_t offset = 0;

    while (offset < size && plan.region_count < MAX_REGIONS) {
        struct region *region = &plan.regions[plan.region_count++];

        memcpy(&region->base, entries + offset + 4, 8);
        memcpy(&region->size, entries + offset + 12, 8);
        memcpy(&region->type, entries + offset + 20, 4);
        offset += 4 + *(const uint32_t *)(entries + offset);
    }
}

static void add(uint64_t start, uint64_t end, uint32_t type)
{
    if (start < end && plan.region_count < MAX_REGIONS)
        plan.regions[plan.region_count++] = (struct region){start, end - start, type};
}

void reserve(uint64_t start, uint64_t end)
{
    for (uint32_t i = plan.region_count; i-- > 0;) {
        struct region *region = &plan.regions[i];
        uint64_t old_end = region->base + region->size;

        if (region->type != USABLE || region->base >= end || old_end <= start)
            continue;
        add(end, old_end, USABLE);
        region->size = start > region->base ? start - region->base : 0;
    }
    add(start, end, RESERVED);
}

uint32_t memory_above_1m(void)
{
    for (uint32_t i = 0; i < plan.region_count; i++)
        if (plan.regions[i].type == USABLE && plan.regions[i].base == MEGABYTE)
            return (uint32_t)(plan.regions[i].size >> 10);
    return 0;
}

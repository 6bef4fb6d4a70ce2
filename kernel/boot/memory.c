/* SPDX-License-Identifier: BSD-2-Clause */

/* Lists of memory regions, sorted by address and free of overlap. */

#include <boot.h>
#include <debug.h>

struct region_list free_memory;

static BOOT_CODE void remove_entry(struct region_list *list, word_t i)
{
    list->count--;
    for (; i < list->count; i++)
        list->regions[i] = list->regions[i + 1];
}

static BOOT_CODE void insert_entry(struct region_list *list, word_t at, uint64_t start,
                                   uint64_t end)
{
    if (list->count == MAX_REGIONS)
        boot_fail("too many memory regions");
    for (word_t i = list->count; i > at; i--)
        list->regions[i] = list->regions[i - 1];
    list->regions[at] = (struct region){start, end};
    list->count++;
}

BOOT_CODE void region_add(struct region_list *list, uint64_t start, uint64_t end)
{
    word_t i = 0;

    if (start >= end)
        return;
    while (i < list->count && list->regions[i].end < start)
        i++;
    while (i < list->count && list->regions[i].start <= end) {
        if (list->regions[i].start < start)
            start = list->regions[i].start;
        if (list->regions[i].end > end)
            end = list->regions[i].end;
        remove_entry(list, i);
    }
    insert_entry(list, i, start, end);
}

BOOT_CODE void region_subtract(struct region_list *list, uint64_t start, uint64_t end)
{
    for (word_t i = 0; i < list->count; i++) {
        struct region old = list->regions[i];

        if (old.end <= start || old.start >= end)
            continue;
        remove_entry(list, i);
        if (old.end > end)
            insert_entry(list, i, end, old.end);
        if (old.start < start)
            insert_entry(list, i, old.start, start);
        else
            i--;
    }
}

BOOT_CODE bool region_contains(const struct region_list *list, uint64_t start, uint64_t end)
{
    for (word_t i = 0; i < list->count; i++)
        if (list->regions[i].start <= start && end <= list->regions[i].end)
            return true;
    return false;
}

BOOT_CODE paddr_t boot_reserve(word_t size, word_t bits, uint64_t limit)
{
    for (word_t i = free_memory.count; i-- > 0;) {
        struct region region = free_memory.regions[i];
        uint64_t start;

        if (region.end > limit)
            region.end = limit;
        if (region.end < region.start + size)
            continue;
        start = (region.end - size) & ~(uint64_t)MASK(bits);
        if (start < region.start)
            continue;
        region_subtract(&free_memory, start, start + size);
        return start;
    }
    boot_fail("not enough memory");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* (Multiboot 0.6.96, 3.3) */
#include "loader.h"

#define HAS_SIZE 0x001
#define HAS_COMMAND_LINE 0x004
#define HAS_MODULES 0x008
#define HAS_MAP 0x040
#define HAS_VBE 0x800

static uint32_t info[22];
static uint32_t module[4];
static uint8_t map[MAX_REGIONS * 64];
static uint8_t vbe_control[512], vbe_mode[256];

static uint32_t write_map(void)
{
    uint32_t offset = 0;

    for (uint32_t i = 0; i < plan.region_count; i++) {
        memcpy(map + offset, &plan.entry_size, 4);
        memcpy(map + offset + 4, &plan.regions[i].base, 8);
        memcpy(map + offset + 12, &plan.regions[i].size, 8);
        memcpy(map + offset + 20, &plan.regions[i].type, 4);
        offset += 4 + plan.entry_size;
    }
    return offset;
}

/* A linear mode in which red is the lowest byte. */
static void write_vbe(void)
{
    static const uint8_t masks[] = {8, 0, 8, 8, 8, 16, 8, 24};
    const struct framebuffer *fb = &plan.framebuffer;

    memcpy(vbe_control, "VESA", 4);
    vbe_mode[0] = 0x9b;
    memcpy(vbe_mode + 16, &fb->pitch, 2);
    memcpy(vbe_mode + 18, &fb->width, 2);
    memcpy(vbe_mode + 20, &fb->height, 2);
    vbe_mode[25] = (uint8_t)fb->bits;
    memcpy(vbe_mode + 31, masks, sizeof(masks));
    memcpy(vbe_mode + 40, &fb->address, 4);
    info[18] = (uint32_t)(uintptr_t)vbe_control;
    info[19] = (uint32_t)(uintptr_t)vbe_mode;
    info[20] = 0x1118f144; /* mode f144, segment 1118 */
    info[21] = 0x00202233; /* offset 2233, length 20 */
}

const void *multiboot1_info(void)
{
    info[0] = HAS_COMMAND_LINE | (plan.tell_size ? HAS_SIZE : 0) | (plan.tell_map ? HAS_MAP : 0) |
              (plan.module_end ? HAS_MODULES : 0) | (plan.has_framebuffer ? HAS_VBE : 0);
    info[1] = 639;
    info[2] = memory_above_1m();
    info[4] = (uint32_t)(uintptr_t)plan.command_line;
    info[5] = 1;
    info[6] = (uint32_t)(uintptr_t)module;
    module[0] = plan.module_start;
    module[1] = plan.module_end;
    info[11] = write_map();
    info[12] = (uint32_t)(uintptr_t)map;
    if (plan.has_framebuffer)
        write_vbe();
    return info;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The emulator's configuration device: files that it was given by -fw_cfg
 * name=opt/...,string=... */
#include "runtime.h"

#define SELECTOR_PORT 0x510
#define DATA_PORT 0x511
#define FILE_DIRECTORY 0x19
#define NAME_LENGTH 56

static seL4_CPtr ports;

unsigned char config_byte(void)
{
    return seL4_X86_IOPort_In8(ports, DATA_PORT).result;
}

static seL4_Word read_number(unsigned bytes)
{
    seL4_Word value = 0;

    while (bytes--)
        value = value << 8 | config_byte();
    return value;
}

static void select_item(seL4_Word item)
{
    seL4_X86_IOPort_Out16(ports, SELECTOR_PORT, item);
}

static seL4_Word select_file(const char *name)
{
    seL4_Word count, size, item, i;
    char entry[NAME_LENGTH];

    select_item(0);
    if (read_number(4) != 0x51454d55) /* "QEMU" */
        return 0;
    select_item(FILE_DIRECTORY);
    for (count = read_number(4); count; count--) {
        size = read_number(4);
        item = read_number(4) >> 16;
        for (i = 0; i < NAME_LENGTH; i++)
            entry[i] = (char)config_byte();
        if (strcmp(entry, name) == 0) {
            select_item(item);
            return size;
        }
    }
    return 0;
}

seL4_Word config_open(const char *name)
{
    ports = slot_new();
    if (seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, SELECTOR_PORT, DATA_PORT, ROOT, ports,
                                     DEPTH))
        return 0;
    return select_file(name);
}

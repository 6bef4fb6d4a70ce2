/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts of a PCI device, by its line, which is level-triggered, and by message (MSI). The
 * device is QEMU's "edu", which raises one on request: -device edu.
 */
#include "probe.h"

#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA 0xcfc
#define EDU_ID 0x11e81234
#define CONFIG_COMMAND 0x04
#define COMMAND_MEMORY_MASTER 6
#define CONFIG_BAR0 0x10
#define CONFIG_CAPABILITIES 0x34
#define CONFIG_LINE 0x3c
#define CAPABILITY_MSI 5
#define MSI_ENABLE 0x10000 /* in the word that begins the capability */
#define MSI_ADDRESS 0xfee00000
#define MSI_DATA 0x30 /* plus the vector */

#define REGISTERS 0x10000000 /* where they are mapped */
#define EDU_RAISE 0x60
#define EDU_LOWER 0x64
#define NO_DEVICE 32
#define BADGE 0x800

static seL4_CPtr config_ports, handler, ntfn;
static seL4_Word device, registers_paddr;

static seL4_Word config_read(seL4_Word dev, seL4_Word offset)
{
    seL4_X86_IOPort_Out32(config_ports, CONFIG_ADDRESS, 0x80000000 | dev << 11 | offset);
    return seL4_X86_IOPort_In32(config_ports, CONFIG_DATA).result;
}

static void config_write(seL4_Word offset, seL4_Word value)
{
    seL4_X86_IOPort_Out32(config_ports, CONFIG_ADDRESS, 0x80000000 | device << 11 | offset);
    seL4_X86_IOPort_Out32(config_ports, CONFIG_DATA, value);
}

static volatile uint32_t *edu(seL4_Word offset)
{
    return (volatile uint32_t *)(REGISTERS + offset);
}

/* Finds the device and maps its registers; false if there is none. */
static bool edu_init(void)
{
    config_ports = slot_new();
    handler = slot_new();
    ntfn = make(seL4_NotificationObject, 0);
    must(!seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, CONFIG_ADDRESS, CONFIG_DATA + 3, ROOT,
                                       config_ports, DEPTH));
    for (device = 0; device < NO_DEVICE && config_read(device, 0) != EDU_ID;)
        device++;
    if (device == NO_DEVICE) {
        skip("interrupts of a PCI device", "the machine has no edu device");
        return false;
    }
    config_write(CONFIG_COMMAND, config_read(device, CONFIG_COMMAND) | COMMAND_MEMORY_MASTER);
    registers_paddr = config_read(device, CONFIG_BAR0) & ~(seL4_Word)15;
    map_tables(seL4_CapInitThreadVSpace, REGISTERS);
    must(!seL4_X86_Page_Map(device_frame(registers_paddr), seL4_CapInitThreadVSpace, REGISTERS,
                            seL4_ReadWrite, seL4_X86_CacheDisabled));
    *edu(EDU_LOWER) = ~0u;
    return true;
}

static void edu_end(void)
{
    must(revoke(device_untyped(registers_paddr)).label == 0);
}

/* Polls for so many milliseconds: the badge, or 0. */
static seL4_Word await(unsigned ms)
{
    uint64_t start = rdtsc(), ticks = (uint64_t)ms * 1000 * tsc_mhz();
    seL4_Word badge = 0;

    while (!badge && rdtsc() - start < ticks)
        seL4_Poll(ntfn, &badge);
    return badge;
}

static void bind(void)
{
    must(!seL4_IRQHandler_SetNotification(handler, mint_of(ntfn, 0xf, BADGE)));
}

static void bind_line(seL4_Word level)
{
    seL4_Word line = config_read(device, CONFIG_LINE) & 0xff;

    must(!seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, ROOT, handler, DEPTH, 0, line, level, 0,
                                    40));
    bind();
}

TEST(pci_level_interrupts)
{
    if (!edu_init())
        return;
    bind_line(1);
    check_eq("quiet at first", await(20), 0);
    *edu(EDU_RAISE) = 1;
    check_eq("an interrupt comes", await(1000), BADGE);
    check_eq("and masks the pin, though the line is still up", await(20), 0);
    must(!seL4_IRQHandler_Ack(handler));
    check_eq("Ack while it is up: another comes", await(1000), BADGE);
    *edu(EDU_LOWER) = 1;
    must(!seL4_IRQHandler_Ack(handler));
    check_eq("Ack when it is down: none", await(20), 0);
    *edu(EDU_RAISE) = 2;
    check_eq("up again", await(1000), BADGE);
    *edu(EDU_LOWER) = 2;
    edu_end();
}

TEST(pci_edge_interrupts)
{
    if (!edu_init())
        return;
    bind_line(0);
    *edu(EDU_RAISE) = 1;
    check_eq("the edge comes", await(1000), BADGE);
    must(!seL4_IRQHandler_Ack(handler));
    check_eq("the level does not count", await(20), 0);
    *edu(EDU_LOWER) = 1;
    check_eq("nor does its end", await(20), 0);
    *edu(EDU_RAISE) = 1;
    check_eq("the next edge does", await(1000), BADGE);
    *edu(EDU_LOWER) = 1;
    edu_end();
}

static seL4_Word find_msi(void)
{
    seL4_Word at = config_read(device, CONFIG_CAPABILITIES) & 0xff;

    while (at && (config_read(device, at) & 0xff) != CAPABILITY_MSI)
        at = config_read(device, at) >> 8 & 0xff;
    return at;
}

TEST(pci_message_interrupts)
{
    seL4_Word msi;

    if (!edu_init())
        return;
    msi = find_msi();
    must(msi);
    must(!seL4_IRQControl_GetMSI(seL4_CapIRQControl, ROOT, handler, DEPTH, 0, device, 0, 0, 41));
    bind();
    config_write(msi + 4, MSI_ADDRESS);
    config_write(msi + 8, 0);
    config_write(msi + 12, MSI_DATA + 41);
    config_write(msi, config_read(device, msi) | MSI_ENABLE);
    *edu(EDU_RAISE) = 1;
    check_eq("a message comes", await(1000), BADGE);
    *edu(EDU_LOWER) = 1;
    check_eq("once", await(20), 0);
    *edu(EDU_RAISE) = 1;
    check_eq("another, without Ack", await(1000), BADGE);
    *edu(EDU_LOWER) = 1;
    must(delete (handler).label == 0);
    *edu(EDU_RAISE) = 1;
    check_eq("none without a handler", await(20), 0);
    *edu(EDU_LOWER) = 1;
    config_write(msi, config_read(device, msi) & ~(seL4_Word)MSI_ENABLE);
    edu_end();
}

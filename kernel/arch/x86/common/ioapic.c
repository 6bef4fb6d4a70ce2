/* SPDX-License-Identifier: BSD-2-Clause */

/* The IOAPIC, through the page that boot maps for it. */

#include <arch/apic.h>
#include <arch/vspace.h>

#define IOAPIC_VERSION 1
#define IOAPIC_REDIRECTION 0x10
#define REDIRECTION_MASKED BIT(16)
#define REDIRECTION_LEVEL BIT(15)
#define REDIRECTION_ACTIVE_LOW BIT(13)
#define MAX_PINS 256

static word_t pins;
static uint32_t redirection[MAX_PINS]; /* the low words, as last written */

static void write_register(uint32_t reg, uint32_t value)
{
    *(volatile uint32_t *)KERNEL_IOAPIC_ADDRESS = reg;
    *(volatile uint32_t *)(KERNEL_IOAPIC_ADDRESS + 0x10) = value;
}

static uint32_t read_register(uint32_t reg)
{
    *(volatile uint32_t *)KERNEL_IOAPIC_ADDRESS = reg;
    return *(volatile uint32_t *)(KERNEL_IOAPIC_ADDRESS + 0x10);
}

static void write_redirection(word_t pin, uint32_t low)
{
    redirection[pin] = low;
    write_register(IOAPIC_REDIRECTION + 2 * (uint32_t)pin, low);
}

void ioapic_init(void)
{
    pins = ((read_register(IOAPIC_VERSION) >> 16) & 0xff) + 1;
    for (word_t pin = 0; pin < pins; pin++)
        write_redirection(pin, REDIRECTION_MASKED);
}

word_t ioapic_pins(void)
{
    return pins;
}

void ioapic_route(word_t pin, bool level, bool active_low, uint8_t vector)
{
    uint32_t low = vector;

    if (level)
        low |= REDIRECTION_LEVEL;
    if (active_low)
        low |= REDIRECTION_ACTIVE_LOW;
    write_register(IOAPIC_REDIRECTION + 2 * (uint32_t)pin + 1, lapic_id() << 24);
    write_redirection(pin, low);
}

void ioapic_set_mask(word_t pin, bool masked)
{
    uint32_t low = redirection[pin] & ~(uint32_t)REDIRECTION_MASKED;

    write_redirection(pin, masked ? low | REDIRECTION_MASKED : low);
}

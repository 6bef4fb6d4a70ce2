/* SPDX-License-Identifier: BSD-2-Clause */

/* The local APIC in xAPIC mode, through the page that boot maps for it. */

#include <arch/apic.h>
#include <arch/irq.h>
#include <arch/machine.h>
#include <arch/vspace.h>

enum lapic_register {
    LAPIC_ID = 0x20,
    LAPIC_VERSION = 0x30,
    LAPIC_TPR = 0x80,
    LAPIC_EOI = 0xb0,
    LAPIC_SVR = 0xf0,
    LAPIC_IRR = 0x200,
    LAPIC_LVT_TIMER = 0x320,
    LAPIC_LVT_THERMAL = 0x330,
    LAPIC_LVT_PERF = 0x340,
    LAPIC_LVT_LINT0 = 0x350,
    LAPIC_LVT_LINT1 = 0x360,
    LAPIC_LVT_ERROR = 0x370,
    LAPIC_TIMER_COUNT = 0x380,
    LAPIC_TIMER_CURRENT = 0x390,
    LAPIC_TIMER_DIVIDE = 0x3e0,
};

#define SVR_ENABLE 0x100
#define LVT_MASKED 0x10000
#define LVT_PERIODIC 0x20000
#define DIVIDE_BY_1 0xb
#define APIC_BASE_X2APIC BIT(10)
#define APIC_BASE_ENABLE BIT(11)

static uint32_t tick_count;

static volatile uint32_t *lapic(enum lapic_register reg)
{
    return (volatile uint32_t *)(KERNEL_LAPIC_ADDRESS + reg);
}

void lapic_init(void)
{
    uint64_t base = read_msr(MSR_APIC_BASE);

    /* Firmware may have left x2APIC mode on; the way out is through "off". */
    if (base & APIC_BASE_X2APIC)
        write_msr(MSR_APIC_BASE, base & ~(APIC_BASE_X2APIC | APIC_BASE_ENABLE));
    write_msr(MSR_APIC_BASE, (base & ~APIC_BASE_X2APIC) | APIC_BASE_ENABLE);
    *lapic(LAPIC_LVT_TIMER) = LVT_MASKED;
    *lapic(LAPIC_LVT_LINT0) = LVT_MASKED;
    *lapic(LAPIC_LVT_LINT1) = LVT_MASKED;
    *lapic(LAPIC_LVT_ERROR) = LVT_MASKED;
    if ((*lapic(LAPIC_VERSION) >> 16 & 0xff) >= 4)
        *lapic(LAPIC_LVT_PERF) = LVT_MASKED;
    if ((*lapic(LAPIC_VERSION) >> 16 & 0xff) >= 5)
        *lapic(LAPIC_LVT_THERMAL) = LVT_MASKED;
    *lapic(LAPIC_TPR) = 0;
    *lapic(LAPIC_SVR) = SVR_ENABLE | VECTOR_SPURIOUS;
    *lapic(LAPIC_EOI) = 0;
}

void lapic_eoi(void)
{
    *lapic(LAPIC_EOI) = 0;
}

uint32_t lapic_id(void)
{
    return *lapic(LAPIC_ID) >> 24;
}

bool lapic_irq_pending(void)
{
    /* The first word is about exceptions, which do not come through here. */
    for (word_t i = 1; i < 8; i++)
        if (*lapic(LAPIC_IRR + 0x10 * i))
            return true;
    return false;
}

void lapic_timer_free_run(void)
{
    *lapic(LAPIC_TIMER_DIVIDE) = DIVIDE_BY_1;
    *lapic(LAPIC_TIMER_COUNT) = ~0u;
}

uint32_t lapic_timer_elapsed(void)
{
    return ~0u - *lapic(LAPIC_TIMER_CURRENT);
}

void lapic_timer_set_tick(uint32_t count)
{
    tick_count = count;
    *lapic(LAPIC_LVT_TIMER) = LVT_PERIODIC | VECTOR_TIMER;
    lapic_timer_start();
}

void lapic_timer_start(void)
{
    *lapic(LAPIC_TIMER_COUNT) = tick_count;
}

void lapic_timer_stop(void)
{
    *lapic(LAPIC_TIMER_COUNT) = 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */

/* Interrupt controllers and timers of the PC, at boot. */

#include <arch/apic.h>
#include <arch/machine.h>
#include <arch/vspace.h>
#include <boot.h>
#include <memory.h>

#define PIC1_COMMAND 0x20
#define PIC1_DATA 0x21
#define PIC2_COMMAND 0xa0
#define PIC2_DATA 0xa1
#define PIC_INIT 0x11
#define PIC_VECTOR_BASE 0x20
#define PIC_8086_MODE 1

#define PIT_CHANNEL2 0x42
#define PIT_COMMAND 0x43
#define PIT_CHANNEL2_ONE_SHOT 0xb0 /* low and high byte, mode 0, binary */
#define SPEAKER_PORT 0x61
#define SPEAKER_GATE 1
#define SPEAKER_ENABLE 2
#define SPEAKER_OUTPUT 0x20
#define PIT_HZ 1193182
#define CALIBRATION_US 2000
#define CALIBRATIONS 40
#define CALIBRATION_PIT_COUNT (CALIBRATION_US * (uint64_t)PIT_HZ / 1000000)
#define CALIBRATION_TICKS (CALIBRATION_US / CONFIG_TIMER_TICK_US)
#define MAX_POLLS 10000000
/* What the TSC and the local APIC's timer may count in a microsecond. */
#define LEAST_TSC_MHZ 10
#define MOST_TSC_MHZ 20000
#define LEAST_LAPIC_KHZ 100
#define NO_CLOCK "no clock to set the timer by: the PIT "

/* The PIC may still raise spurious interrupts; they must not look like exceptions. */
static BOOT_CODE void disable_pic(void)
{
    out8(PIC1_COMMAND, PIC_INIT);
    out8(PIC2_COMMAND, PIC_INIT);
    out8(PIC1_DATA, PIC_VECTOR_BASE);
    out8(PIC2_DATA, PIC_VECTOR_BASE + 8);
    out8(PIC1_DATA, 4);
    out8(PIC2_DATA, 2);
    out8(PIC1_DATA, PIC_8086_MODE);
    out8(PIC2_DATA, PIC_8086_MODE);
    out8(PIC1_DATA, 0xff);
    out8(PIC2_DATA, 0xff);
}

/* Starts channel 2 of the PIT, whose output rises when the time is over. */
static BOOT_CODE void start_pit(word_t count)
{
    out8(SPEAKER_PORT, (in8(SPEAKER_PORT) & ~SPEAKER_ENABLE) | SPEAKER_GATE);
    out8(PIT_COMMAND, PIT_CHANNEL2_ONE_SHOT);
    out8(PIT_CHANNEL2, (uint8_t)count);
    out8(PIT_CHANNEL2, (uint8_t)(count >> 8));
}

/* What the TSC and the local APIC's timer count in CALIBRATION_US of the PIT. */
struct measurement {
    uint32_t tsc;
    uint32_t lapic;
    uint64_t gap; /* the longest time between two looks at the TSC */
};

static BOOT_CODE struct measurement measure_timers(void)
{
    struct measurement result = {0};
    uint64_t before, start, last, now;

    lapic_timer_free_run();
    before = read_tsc();
    start_pit(CALIBRATION_PIT_COUNT);
    start = last = read_tsc();
    result.gap = start - before;
    for (word_t polls = 0; !(in8(SPEAKER_PORT) & SPEAKER_OUTPUT); polls++) {
        if (polls == MAX_POLLS)
            boot_fail(NO_CLOCK "does not count");
        now = read_tsc();
        result.gap = now - last > result.gap ? now - last : result.gap;
        last = now;
    }
    now = read_tsc();
    result.lapic = lapic_timer_elapsed();
    result.tsc = (uint32_t)(now - start);
    result.gap = now - last > result.gap ? now - last : result.gap;
    return result;
}

/* A machine without the PIT, or without port 61h, seems to have counted at once. */
static BOOT_CODE void check_measurement(const struct measurement *measured)
{
    if (measured->tsc < CALIBRATION_US * LEAST_TSC_MHZ ||
        measured->tsc > CALIBRATION_US * MOST_TSC_MHZ)
        boot_fail(NO_CLOCK "is missing, or counts wrong");
    if (measured->lapic < CALIBRATION_US * LEAST_LAPIC_KHZ / 1000)
        boot_fail("the local APIC's timer does not count");
}

/*
 * Sets the timer ticking. A virtual machine may lose its processor during a measurement, and then
 * cannot tell exactly when the time began or ended. So the measurement with the shortest gap
 * counts, and one whose gap does no harm is good enough.
 */
static BOOT_CODE void calibrate_timers(void)
{
    struct measurement best = measure_timers();

    for (word_t i = 1; i < CALIBRATIONS && best.gap > best.tsc / 128; i++) {
        struct measurement next = measure_timers();

        if (next.gap < best.gap)
            best = next;
    }
    check_measurement(&best);
    boot_env.tsc_mhz = (best.tsc + CALIBRATION_US / 2) / CALIBRATION_US;
    lapic_timer_set_tick(best.lapic / CALIBRATION_TICKS);
}

BOOT_CODE void plat_init_devices(void)
{
    map_kernel_device(KERNEL_LAPIC_ADDRESS, boot_env.lapic);
    map_kernel_device(KERNEL_IOAPIC_ADDRESS, boot_env.ioapic);
    disable_pic();
    lapic_init();
    ioapic_init();
    calibrate_timers();
}

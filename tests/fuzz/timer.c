/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts: the PIT for the root thread, the real-time clock's for workers to handle. */
#include "fuzz.h"

#define PIT_PIN 2
#define PIT_VECTOR 100
#define PIT_DIVISOR 149 /* some 8 kHz: an interrupt each 125,000 instructions */
#define PIT_RATE_GENERATOR 0x34
#define RTC_INDEX 0x70
#define RTC_STATUS_A 0x0a
#define RTC_STATUS_B 0x0b
#define RTC_STATUS_C 0x0c
#define RTC_RATE_8K 0x23
#define RTC_PERIODIC 0x42

static seL4_CPtr handler, pit, rtc;

static void write_rtc(unsigned reg, unsigned value)
{
    seL4_X86_IOPort_Out8(rtc, RTC_INDEX, reg);
    seL4_X86_IOPort_Out8(rtc, RTC_INDEX + 1, value);
}

static seL4_CPtr issue_ports(seL4_Word first, seL4_Word last)
{
    seL4_CPtr slot = slot_new();

    if (seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, first, last, ROOT, slot, DEPTH))
        panic("ports %x cannot be had", first);
    return slot;
}

void timer_init(seL4_CPtr notification)
{
    handler = slot_new();
    pit = issue_ports(0x40, 0x43);
    rtc = issue_ports(RTC_INDEX, RTC_INDEX + 1);
    if (seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, ROOT, handler, DEPTH, 0, PIT_PIN, 0, 0,
                                  PIT_VECTOR) ||
        seL4_IRQHandler_SetNotification(handler, notification))
        panic("no timer interrupt");
    seL4_X86_IOPort_Out8(pit, 0x43, PIT_RATE_GENERATOR);
    seL4_X86_IOPort_Out8(pit, 0x40, PIT_DIVISOR & 0xff);
    seL4_X86_IOPort_Out8(pit, 0x40, PIT_DIVISOR >> 8);
    write_rtc(RTC_STATUS_A, RTC_RATE_8K);
    write_rtc(RTC_STATUS_B, RTC_PERIODIC);
    seL4_IRQHandler_Ack(handler);
}

/* Reading its status lets the clock interrupt again. */
void timer_acknowledge(void)
{
    seL4_X86_IOPort_Out8(rtc, RTC_INDEX, RTC_STATUS_C);
    seL4_X86_IOPort_In8(rtc, RTC_INDEX + 1);
    seL4_IRQHandler_Ack(handler);
}

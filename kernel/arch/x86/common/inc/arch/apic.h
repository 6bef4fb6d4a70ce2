/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* The local APIC, with its timer, and the IOAPIC. */

#include <types.h>

void lapic_init(void);
void lapic_eoi(void);
uint32_t lapic_id(void);
/* True if any interrupt waits to be taken. */
bool lapic_irq_pending(void);
/* The timer: counts freely for calibration; ticks; stands still. */
void lapic_timer_free_run(void);
uint32_t lapic_timer_elapsed(void);
void lapic_timer_set_tick(uint32_t count);
void lapic_timer_start(void);
void lapic_timer_stop(void);

/* The number of IOAPICs: at most one is used. */
#define NUM_IOAPICS 1
void ioapic_init(void);
word_t ioapic_pins(void);
void ioapic_route(word_t pin, bool level, bool active_low, uint8_t vector);
void ioapic_set_mask(word_t pin, bool masked);

/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Interrupts as objects: which are issued, and which notification each one signals. */

#include <cap.h>

/* Records that an IRQ is issued, and hands out its handler capability. */
void irq_issue(word_t irq, struct cte *control_slot, struct cte *dest);
bool is_irq_issued(word_t irq);
/* The last handler capability is gone. */
void irq_deleted(word_t irq);
/* An issued interrupt has come: signals its notification. */
void irq_signal(word_t irq);

/* Implemented by the architecture. */
void arch_irq_mask(word_t irq);
void arch_irq_unmask(word_t irq);
/* The last handler is gone: the architecture forgets what it knew. */
void arch_irq_release(word_t irq);
bool arch_irq_pending(void);

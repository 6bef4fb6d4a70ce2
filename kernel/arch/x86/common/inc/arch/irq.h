/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Interrupt vectors. IRQ number = vector - IRQ_VECTOR_BASE. */

#include <types.h>

#define IRQ_VECTOR_BASE 32
#define NUM_IRQS 126
#define IRQ_USER_BASE 16 /* the IRQ of user vector 0 */
#define MAX_USER_VECTOR 107
#define IRQ_TIMER 125
#define VECTOR_TIMER (IRQ_VECTOR_BASE + IRQ_TIMER)
#define VECTOR_FIRST_TRAP 158 /* up to 255: for INT instructions of users */
#define VECTOR_SPURIOUS 255   /* ignored, also if a user causes it */

/* Handles one interrupt; its vector comes from the processor. */
void handle_interrupt(word_t vector);

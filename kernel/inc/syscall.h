/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* The ways into the kernel proper, for the architecture's entry code. Each ends with the thread to
 * leave to as current_thread. */

#include <fault.h>
#include <types.h>

/* A system call by its number, except for Call, which is by far the most frequent and has a path of
 * its own: the slot of the invoked capability is NULL if it has not been looked up. */
void handle_syscall(sword_t number);
void handle_call(struct cte *slot);
void handle_unknown_syscall(word_t number);
/* The current thread has caused current_fault. */
void handle_user_fault(void);

/* api/debug.c, debug builds only. */
void handle_debug_syscall(sword_t number);

/* Implemented by the architecture. */
void arch_set_own_tls_base(word_t base);
/* Takes the interrupt that a preemption point saw, and handles it. */
void arch_handle_pending_irq(void);

/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Registers of a thread in the orders that the ABI knows them by, and switching to a thread. */

#include <mode/registers.h>
#include <tcb.h>

/* Sets a saved register, with the value made harmless where the processor would object to it. */
static inline void write_register(struct tcb *thread, word_t reg, word_t value)
{
    thread->registers[reg] = sanitise_register(reg, value);
}

/* Makes the thread leave the kernel with all its registers loaded, not as from a system call. */
void arch_registers_written(struct tcb *thread);
/* Loads the thread's address space, thread bases and FPU. */
void arch_switch_to_thread(struct tcb *thread);
/* Makes the FPU ready, or unavailable, for a thread that is about to run. */
ALWAYS_INLINE void fpu_switch(struct tcb *thread)
{
    if (thread->flags & TCB_FLAG_FPU_DISABLED) {
        if (fpu_is_on)
            fpu_turn_off();
        return;
    }
    if (!fpu_is_on)
        fpu_turn_on();
    if (fpu_owner == thread)
        return;
    if (fpu_owner)
        fpu_save(&fpu_owner->fpu);
    fpu_load(&thread->fpu);
    fpu_owner = thread;
}

/* Sets up the saved registers of a new thread. */
void arch_tcb_init(struct tcb *thread);

/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * FPU state. It is switched when a thread that may use the FPU is scheduled and does not own it
 * yet; a thread with the FPU disabled runs with CR0.TS set instead, and leaves the owner's state
 * alone.
 */

#include <arch/machine.h>
#include <mode/types.h>

struct fpu_state {
    uint8_t bytes[512];
} ALIGNED(16);

struct tcb;

extern struct tcb *fpu_owner;
extern bool fpu_is_on;

void fpu_init_state(struct fpu_state *state);
/* Saves the thread's state in its TCB, if the FPU holds it. */
void fpu_release(struct tcb *thread);

static inline void fpu_turn_on(void)
{
    __asm__ volatile("clts");
    fpu_is_on = true;
}

static inline void fpu_turn_off(void)
{
    write_cr0(read_cr0() | CR0_TS);
    fpu_is_on = false;
}

static inline void fpu_save(struct fpu_state *state)
{
    __asm__ volatile(FXSAVE " %0" : "=m"(*state));
}

static inline void fpu_load(const struct fpu_state *state)
{
    __asm__ volatile(FXRSTOR " %0" : : "m"(*state));
}

/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * FPU state. It is switched when a thread that may use the FPU is scheduled and does not own it yet;
 * a thread with the FPU disabled runs with CR0.TS set instead, and leaves the owner's state alone.
 */

#include <types.h>

struct fpu_state {
    uint8_t bytes[512];
} ALIGNED(16);

struct tcb;

extern struct tcb *fpu_owner;
extern bool fpu_is_on;

void fpu_init_state(struct fpu_state *state);
void fpu_turn_on(void);
void fpu_turn_off(void);
/* Saves the owner's state, and loads the thread's. */
void fpu_change_owner(struct tcb *thread);
/* Saves the thread's state in its TCB, if the FPU holds it. */
void fpu_release(struct tcb *thread);

/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * How long interrupts have been off at most, by what the kernel was doing: in ticks of the TSC,
 * which under an emulator that counts instructions are instructions. Debug builds only.
 */

#include <types.h>

enum latency_path {
    PATH_EXCEPTION,
    PATH_SYSCALL, /* plus the number without its sign; others than those of seL4 count as 0 */
    PATH_INTERRUPT = PATH_SYSCALL + 9,
    PATH_PREEMPTED, /* from a taken interrupt in the middle of a call to the end */
    PATH_FAST_CALL,
    PATH_FAST_REPLY_RECV,
    PATH_INVOCATION, /* plus the label */
    NUM_PATHS = PATH_INVOCATION + 64,
};

#if DBG

/* The kernel has been entered, or has let interrupts in. */
void latency_begin(word_t path);
/* It has turned out what the entry is about. */
void latency_set_path(word_t path);
/* A pending interrupt would have been seen here. */
void latency_poll(void);
/* The kernel is about to be left, or to take an interrupt. */
void latency_end(void);
/* Printing does not count. */
void latency_pause(void);
void latency_continue(void);
void latency_print(void);

#else

static inline void latency_begin(word_t path)
{
}

static inline void latency_set_path(word_t path)
{
}

static inline void latency_poll(void)
{
}

static inline void latency_end(void)
{
}

#endif

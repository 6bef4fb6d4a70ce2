/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Which thread runs: ready queues, and the rules for switching. */

#include <tcb.h>

/* sched/queue.c: ready queues by priority; each does nothing if the thread is (is not) queued. */
void sched_enqueue(struct tcb *thread); /* at the head */
void sched_append(struct tcb *thread);  /* at the tail */
void sched_dequeue(struct tcb *thread);
/* The first thread of the highest priority; NULL if none is ready. */
struct tcb *sched_highest(void);

/* A bit for each priority that has a ready thread, and one for each word of those bits. */
#define READY_GROUPS (CONFIG_NUM_PRIORITIES / WORD_BITS)
extern word_t ready_groups;
extern word_t ready_bits[READY_GROUPS];

static inline word_t highest_bit(word_t word)
{
    return WORD_BITS - 1 - (word_t)__builtin_clzl(word);
}

/* Some thread must be ready. */
static inline word_t highest_priority(void)
{
    word_t group = highest_bit(ready_groups);

    return group * WORD_BITS + highest_bit(ready_bits[group]);
}

/* True if no ready thread has a higher priority. */
static inline bool is_highest_priority(word_t priority)
{
    return !ready_groups || priority >= highest_priority();
}

/* sched/schedule.c */
void set_thread_state(struct tcb *thread, enum thread_state state);
/* A thread has become runnable: it may be switched to when the kernel is left. */
void possible_switch_to(struct tcb *thread);
/* Choose anew when the kernel is left. */
void reschedule_required(void);
/* Decides who runs next; called once before the kernel is left. */
void schedule(void);
/* Prepares the current thread for leaving the kernel. */
void activate_thread(void);
void set_priority(struct tcb *thread, word_t priority);
void timer_tick(void);
void yield(void);

/* sched/preempt.c */
/* Called between pieces of long operations: PREEMPTED now and then if an interrupt waits. */
exception_t preemption_point(void);

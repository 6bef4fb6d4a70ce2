/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Which thread runs when the kernel is left. During a kernel entry at most one woken thread is
 * remembered as the candidate to switch to, which saves it the way through the ready queues. The
 * order among threads that follows from this is the one that users of seL4 see.
 */

#include <arch/thread.h>
#include <debug.h>
#include <sched.h>

struct tcb *current_thread;
struct tcb *idle_thread;

static enum {
    RESUME_CURRENT,
    SWITCH_TO_CANDIDATE,
    CHOOSE_NEW,
} action;
static struct tcb *candidate;

void reschedule_required(void)
{
    if (action == SWITCH_TO_CANDIDATE && is_runnable(candidate))
        sched_enqueue(candidate);
    action = CHOOSE_NEW;
}

void possible_switch_to(struct tcb *thread)
{
    if (action == RESUME_CURRENT) {
        action = SWITCH_TO_CANDIDATE;
        candidate = thread;
    } else {
        reschedule_required();
        sched_enqueue(thread);
    }
}

void set_thread_state(struct tcb *thread, enum thread_state state)
{
    thread->state = state;
    if (thread == current_thread && action == RESUME_CURRENT && !is_runnable(thread))
        reschedule_required();
}

static void switch_to_thread(struct tcb *thread)
{
    ASSERT(is_runnable(thread));
    sched_dequeue(thread);
    current_thread = thread;
    arch_switch_to_thread(thread);
}

static void choose_thread(void)
{
    struct tcb *thread = sched_highest();

    if (thread)
        switch_to_thread(thread);
    else
        current_thread = idle_thread;
}

/* Decides about the candidate; `was_runnable`: the current thread could go on. */
static void schedule_candidate(bool was_runnable)
{
    /* If the current thread blocked and the candidate is no less urgent, no ready thread can be
     * more urgent than the candidate. */
    bool must_compare =
        current_thread == idle_thread || candidate->priority < current_thread->priority;

    if (must_compare && !is_highest_priority(candidate->priority)) {
        sched_enqueue(candidate);
        choose_thread();
    } else if (was_runnable && candidate->priority == current_thread->priority) {
        sched_append(candidate);
        choose_thread();
    } else {
        switch_to_thread(candidate);
    }
}

void schedule(void)
{
    bool was_runnable = is_runnable(current_thread);

    if (action == RESUME_CURRENT)
        return;
    if (was_runnable)
        sched_enqueue(current_thread);
    if (action == SWITCH_TO_CANDIDATE)
        schedule_candidate(was_runnable);
    else
        choose_thread();
    action = RESUME_CURRENT;
}

void activate_thread(void)
{
    if (current_thread->state == THREAD_RESTART) {
        current_thread->registers[REG_NEXT_IP] = current_thread->registers[REG_FAULT_IP];
        set_thread_state(current_thread, THREAD_RUNNING);
    }
}

void set_priority(struct tcb *thread, word_t priority)
{
    sched_dequeue(thread);
    thread->priority = priority;
    if (!is_runnable(thread))
        return;
    if (thread == current_thread)
        reschedule_required();
    else
        possible_switch_to(thread);
}

void timer_tick(void)
{
    /* A thread in the middle of a long call is in state Restart, and pays nothing. */
    if (current_thread->state != THREAD_RUNNING)
        return;
    if (current_thread->time_slice > 1) {
        current_thread->time_slice--;
        return;
    }
    current_thread->time_slice = CONFIG_TIME_SLICE;
    sched_append(current_thread);
    reschedule_required();
}

void yield(void)
{
    sched_append(current_thread);
    reschedule_required();
}

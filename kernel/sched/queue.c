/* SPDX-License-Identifier: BSD-2-Clause */

/* The ready queues, with a two-level bitmap to find the highest priority that has a thread; and the
 * queues of blocked threads. */

#include <check.h>
#include <debug.h>
#include <sched.h>

static struct tcb_queue ready_queues[CONFIG_NUM_PRIORITIES];
word_t ready_groups;
word_t ready_bits[READY_GROUPS];

static void mark_ready(word_t priority)
{
    ready_groups |= BIT(priority / WORD_BITS);
    ready_bits[priority / WORD_BITS] |= BIT(priority % WORD_BITS);
}

static void mark_empty(word_t priority)
{
    word_t group = priority / WORD_BITS;

    ready_bits[group] &= ~BIT(priority % WORD_BITS);
    if (!ready_bits[group])
        ready_groups &= ~BIT(group);
}

void sched_enqueue(struct tcb *thread)
{
    struct tcb_queue *queue = &ready_queues[thread->priority];

    if (thread->queued)
        return;
    thread->sched_prev = NULL;
    thread->sched_next = queue->head;
    if (queue->head) {
        queue->head->sched_prev = thread;
    } else {
        queue->tail = thread;
        mark_ready(thread->priority);
    }
    queue->head = thread;
    thread->queued = true;
}

void sched_append(struct tcb *thread)
{
    struct tcb_queue *queue = &ready_queues[thread->priority];

    if (thread->queued)
        return;
    thread->sched_next = NULL;
    thread->sched_prev = queue->tail;
    if (queue->tail) {
        queue->tail->sched_next = thread;
    } else {
        queue->head = thread;
        mark_ready(thread->priority);
    }
    queue->tail = thread;
    thread->queued = true;
}

void sched_dequeue(struct tcb *thread)
{
    struct tcb_queue *queue = &ready_queues[thread->priority];

    if (!thread->queued)
        return;
    if (thread->sched_prev)
        thread->sched_prev->sched_next = thread->sched_next;
    else
        queue->head = thread->sched_next;
    if (thread->sched_next)
        thread->sched_next->sched_prev = thread->sched_prev;
    else
        queue->tail = thread->sched_prev;
    if (!queue->head)
        mark_empty(thread->priority);
    thread->queued = false;
}

struct tcb *sched_highest(void)
{
    return ready_groups ? ready_queues[highest_priority()].head : NULL;
}

struct tcb_queue tcb_queue_append(struct tcb_queue queue, struct tcb *thread)
{
    thread->ep_prev = queue.tail;
    thread->ep_next = NULL;
    if (queue.tail)
        queue.tail->ep_next = thread;
    else
        queue.head = thread;
    queue.tail = thread;
    return queue;
}

struct tcb_queue tcb_queue_remove(struct tcb_queue queue, struct tcb *thread)
{
    if (thread->ep_prev)
        thread->ep_prev->ep_next = thread->ep_next;
    else
        queue.head = thread->ep_next;
    if (thread->ep_next)
        thread->ep_next->ep_prev = thread->ep_prev;
    else
        queue.tail = thread->ep_prev;
    return queue;
}

#if DBG

static void check_queue(word_t priority)
{
    const struct tcb_queue *queue = &ready_queues[priority];
    bool marked = ready_bits[priority / WORD_BITS] & BIT(priority % WORD_BITS);

    ASSERT(marked == (queue->head != NULL));
    if (!queue->head)
        return;
    ASSERT(!queue->head->sched_prev && !queue->tail->sched_next);
    for (const struct tcb *thread = queue->head; thread; thread = thread->sched_next) {
        ASSERT(thread->queued && thread->priority == priority && is_runnable(thread));
        ASSERT(thread->sched_next ? thread->sched_next->sched_prev == thread
                                  : queue->tail == thread);
    }
}

void check_ready_queues(void)
{
    word_t groups = ready_groups;

    ASSERT(!current_thread->queued);
    ASSERT(is_runnable(current_thread) || current_thread == idle_thread);
    ASSERT(current_thread != idle_thread || !groups);
    for (word_t i = 0; i < READY_GROUPS; i++)
        ASSERT(!!(groups & BIT(i)) == (ready_bits[i] != 0));
    if (groups)
        check_queue(highest_priority());
}

void check_all_ready_queues(void)
{
    for (word_t i = 0; i < CONFIG_NUM_PRIORITIES; i++) {
        check_queue(i);
        for (const struct tcb *thread = ready_queues[i].head; thread; thread = thread->sched_next)
            ASSERT(is_thread_known(thread));
    }
}

#endif

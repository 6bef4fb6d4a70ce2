/* SPDX-License-Identifier: BSD-2-Clause */

/* Checks of threads, and of the queues that they wait in. */

#include <check.h>
#include <debug.h>
#include <ipc.h>

#if DBG

static void check_queue(const struct tcb *head, const struct tcb *tail, const void *object,
                        enum thread_state state)
{
    const struct tcb *last = NULL;

    for (const struct tcb *thread = head; thread; thread = thread->ep_next) {
        ASSERT(thread->blocking_object == object && thread->state == state);
        ASSERT(thread->ep_prev == last && !thread->queued);
        last = thread;
    }
    ASSERT(tail == last);
}

void check_endpoint(const struct endpoint *endpoint)
{
    const struct tcb *head = endpoint_head(endpoint);

    ASSERT((head == NULL) == (endpoint_state(endpoint) == ENDPOINT_IDLE));
    check_queue(head, endpoint->tail, endpoint,
                endpoint_state(endpoint) == ENDPOINT_SEND ? THREAD_BLOCKED_ON_SEND
                                                          : THREAD_BLOCKED_ON_RECEIVE);
}

void check_notification(const struct notification *notification)
{
    const struct tcb *head = notification_head(notification);

    ASSERT((head != NULL) == (notification_state(notification) == NOTIFICATION_WAITING));
    if (head)
        check_queue(head, notification->tail, notification, THREAD_BLOCKED_ON_NOTIFICATION);
    ASSERT(!notification->bound || notification->bound->bound_notification == notification);
}

/* The thread is in the queue of what it waits for, and its neighbours there know of it. */
static void check_blocked(const struct tcb *thread)
{
    const struct tcb *head, *tail;

    ASSERT(thread->blocking_object);
    if (thread->state == THREAD_BLOCKED_ON_NOTIFICATION) {
        head = notification_head(thread->blocking_object);
        tail = ((const struct notification *)thread->blocking_object)->tail;
    } else {
        head = endpoint_head(thread->blocking_object);
        tail = ((const struct endpoint *)thread->blocking_object)->tail;
    }
    ASSERT(thread->ep_prev ? thread->ep_prev->ep_next == thread : head == thread);
    ASSERT(thread->ep_next ? thread->ep_next->ep_prev == thread : tail == thread);
}

/* A reply capability exists only while its caller waits for the reply. */
static void check_reply(const struct tcb *thread)
{
    const struct cte *master = &thread->slots[TCB_REPLY];
    const struct cte *reply = mdb_next(master);
    bool waits = thread->state == THREAD_BLOCKED_ON_REPLY;

    if (is_null(master->cap)) {
        ASSERT(!waits && !reply);
        return;
    }
    ASSERT(is_cap(master->cap, CAP_REPLY) && reply_is_master(master->cap) &&
           cap_tcb(master->cap) == thread && !mdb_prev(master));
    if (!reply)
        return;
    ASSERT(waits && is_cap(reply->cap, CAP_REPLY) && !reply_is_master(reply->cap));
    ASSERT(cap_tcb(reply->cap) == thread && mdb_prev(reply) == master && !mdb_next(reply));
}

static void check_caller(const struct tcb *thread)
{
    const struct cte *slot = &thread->slots[TCB_CALLER];
    const struct tcb *caller = cap_tcb(slot->cap);

    if (is_null(slot->cap))
        return;
    ASSERT(is_cap(slot->cap, CAP_REPLY) && !reply_is_master(slot->cap));
    ASSERT(caller->state == THREAD_BLOCKED_ON_REPLY && mdb_prev(slot) == &caller->slots[TCB_REPLY]);
}

void check_thread(const struct tcb *thread)
{
    ASSERT(thread->state < THREAD_IDLE);
    ASSERT(thread->priority < CONFIG_NUM_PRIORITIES && thread->mcp < CONFIG_NUM_PRIORITIES);
    ASSERT(thread->time_slice >= 1 && thread->time_slice <= CONFIG_TIME_SLICE);
    ASSERT(thread->queued == (is_runnable(thread) && thread != current_thread));
    ASSERT(!thread->bound_notification || thread->bound_notification->bound == thread);
    if (is_blocked(thread) && thread->state != THREAD_INACTIVE &&
        thread->state != THREAD_BLOCKED_ON_REPLY)
        check_blocked(thread);
    check_reply(thread);
    check_caller(thread);
    note_thread((struct tcb *)thread);
}

void check_thread_references(const struct tcb *thread)
{
    const struct cte *caller = &thread->slots[TCB_CALLER];

    ASSERT(is_null(caller->cap) || is_thread_known(cap_tcb(caller->cap)));
}

static void check_queue_references(const struct tcb *head)
{
    for (const struct tcb *thread = head; thread; thread = thread->ep_next)
        ASSERT(is_thread_known(thread));
}

void check_endpoint_references(const struct endpoint *endpoint)
{
    check_queue_references(endpoint_head(endpoint));
}

void check_notification_references(const struct notification *notification)
{
    check_queue_references(notification_head(notification));
    ASSERT(!notification->bound || is_thread_known(notification->bound));
}

#endif

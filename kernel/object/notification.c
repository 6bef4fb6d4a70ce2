/* SPDX-License-Identifier: BSD-2-Clause */

/* Notifications: words of flags that can be waited for. */

#include <debug.h>
#include <ipc.h>
#include <sched.h>

static struct tcb_queue get_queue(const struct notification *notification)
{
    return (struct tcb_queue){notification_head(notification), notification->tail};
}

static void set_queue(struct notification *notification, struct tcb_queue queue)
{
    notification->head_and_state =
        (word_t)queue.head | (queue.head ? NOTIFICATION_WAITING : NOTIFICATION_IDLE);
    notification->tail = queue.tail;
}

static void set_active(struct notification *notification, word_t badge)
{
    notification->head_and_state = NOTIFICATION_ACTIVE;
    notification->badge = badge;
}

static void wake(struct tcb *thread, word_t badge)
{
    set_thread_state(thread, THREAD_RUNNING);
    thread->registers[REG_BADGE] = badge;
    possible_switch_to(thread);
}

void send_signal(struct notification *notification, word_t badge)
{
    struct tcb *thread;

    switch (notification_state(notification)) {
    case NOTIFICATION_IDLE:
        thread = notification->bound;
        if (thread && thread->state == THREAD_BLOCKED_ON_RECEIVE) {
            cancel_ipc(thread);
            wake(thread, badge);
        } else {
            set_active(notification, badge);
        }
        break;
    case NOTIFICATION_WAITING:
        thread = notification_head(notification);
        set_queue(notification, tcb_queue_remove(get_queue(notification), thread));
        wake(thread, badge);
        break;
    case NOTIFICATION_ACTIVE:
        notification->badge |= badge;
        break;
    }
}

void complete_signal(struct notification *notification, struct tcb *thread)
{
    ASSERT(notification_state(notification) == NOTIFICATION_ACTIVE);
    thread->registers[REG_BADGE] = notification->badge;
    notification->head_and_state = NOTIFICATION_IDLE;
}

void receive_signal(struct tcb *thread, cap_t cap, bool blocking)
{
    struct notification *notification = cap_notification(cap);

    if (notification_state(notification) == NOTIFICATION_ACTIVE) {
        complete_signal(notification, thread);
    } else if (blocking) {
        thread->blocking_object = notification;
        set_thread_state(thread, THREAD_BLOCKED_ON_NOTIFICATION);
        set_queue(notification, tcb_queue_append(get_queue(notification), thread));
    } else {
        thread->registers[REG_BADGE] = 0;
    }
}

void notification_remove(struct tcb *thread)
{
    struct notification *notification = thread->blocking_object;

    set_queue(notification, tcb_queue_remove(get_queue(notification), thread));
}

void notification_cancel_all(struct notification *notification)
{
    if (notification_state(notification) != NOTIFICATION_WAITING)
        return;
    while (notification_head(notification)) {
        struct tcb *thread = notification_head(notification);

        notification_remove(thread);
        set_thread_state(thread, THREAD_RESTART);
        sched_enqueue(thread);
    }
    reschedule_required();
}

void bind_notification(struct tcb *thread, struct notification *notification)
{
    thread->bound_notification = notification;
    notification->bound = thread;
}

void unbind_notification(struct tcb *thread)
{
    if (!thread->bound_notification)
        return;
    thread->bound_notification->bound = NULL;
    thread->bound_notification = NULL;
}

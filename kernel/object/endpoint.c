/* SPDX-License-Identifier: BSD-2-Clause */

/* Endpoints: synchronous messages between threads. */

#include <debug.h>
#include <ipc.h>
#include <sched.h>

static struct tcb_queue get_queue(const struct endpoint *endpoint)
{
    return (struct tcb_queue){endpoint_head(endpoint), endpoint->tail};
}

static void set_queue(struct endpoint *endpoint, struct tcb_queue queue, enum endpoint_state state)
{
    endpoint->head_and_state = (word_t)queue.head | (queue.head ? state : ENDPOINT_IDLE);
    endpoint->tail = queue.tail;
}

static struct tcb *take_head(struct endpoint *endpoint)
{
    struct tcb *thread = endpoint_head(endpoint);

    ASSERT(thread && thread->blocking_object == endpoint && !thread->ep_prev);
    set_queue(endpoint, tcb_queue_remove(get_queue(endpoint), thread), endpoint_state(endpoint));
    return thread;
}

static void block_on(struct tcb *thread, struct endpoint *endpoint, enum endpoint_state state)
{
    thread->blocking_object = endpoint;
    set_thread_state(thread,
                     state == ENDPOINT_SEND ? THREAD_BLOCKED_ON_SEND : THREAD_BLOCKED_ON_RECEIVE);
    set_queue(endpoint, tcb_queue_append(get_queue(endpoint), thread), state);
}

static bool may_get_reply(uint8_t rights)
{
    return rights & (RIGHT_GRANT | RIGHT_GRANT_REPLY);
}

void send_ipc(struct tcb *thread, struct endpoint *endpoint, struct send_options options)
{
    struct tcb *receiver;

    if (endpoint_state(endpoint) != ENDPOINT_RECV) {
        if (!options.blocking)
            return;
        thread->blocking_badge = options.badge;
        thread->blocking_rights = options.rights;
        thread->blocking_is_call = options.call;
        block_on(thread, endpoint, ENDPOINT_SEND);
        return;
    }
    receiver = take_head(endpoint);
    do_ipc_transfer(thread, endpoint, options.badge, options.rights & RIGHT_GRANT, receiver);
    set_thread_state(receiver, THREAD_RUNNING);
    possible_switch_to(receiver);
    if (!options.call)
        return;
    if (may_get_reply(options.rights))
        setup_caller_cap(thread, receiver, receiver->blocking_rights & RIGHT_GRANT);
    else
        set_thread_state(thread, THREAD_INACTIVE);
}

/* Takes the message of the first thread in the send queue. */
static void receive_from_sender(struct tcb *thread, struct endpoint *endpoint, cap_t cap)
{
    struct tcb *sender = take_head(endpoint);

    do_ipc_transfer(sender, endpoint, sender->blocking_badge, sender->blocking_rights & RIGHT_GRANT,
                    thread);
    if (!sender->blocking_is_call) {
        set_thread_state(sender, THREAD_RUNNING);
        possible_switch_to(sender);
    } else if (may_get_reply(sender->blocking_rights)) {
        setup_caller_cap(sender, thread, endpoint_rights(cap) & RIGHT_GRANT);
    } else {
        set_thread_state(sender, THREAD_INACTIVE);
    }
}

void receive_ipc(struct tcb *thread, cap_t cap, bool blocking)
{
    struct endpoint *endpoint = cap_endpoint(cap);
    struct notification *bound = thread->bound_notification;

    if (bound && notification_state(bound) == NOTIFICATION_ACTIVE) {
        complete_signal(bound, thread);
    } else if (endpoint_state(endpoint) == ENDPOINT_SEND) {
        receive_from_sender(thread, endpoint, cap);
    } else if (blocking) {
        thread->blocking_rights = endpoint_rights(cap);
        block_on(thread, endpoint, ENDPOINT_RECV);
    } else {
        thread->registers[REG_BADGE] = 0;
    }
}

void endpoint_remove(struct tcb *thread)
{
    struct endpoint *endpoint = thread->blocking_object;

    set_queue(endpoint, tcb_queue_remove(get_queue(endpoint), thread), endpoint_state(endpoint));
}

/* Makes a thread that was taken out of a queue do its system call again. */
static void restart_blocked(struct tcb *thread)
{
    set_thread_state(thread, THREAD_RESTART);
    sched_enqueue(thread);
}

void endpoint_cancel_all(struct endpoint *endpoint)
{
    if (endpoint_state(endpoint) == ENDPOINT_IDLE)
        return;
    while (endpoint_head(endpoint))
        restart_blocked(take_head(endpoint));
    reschedule_required();
}

void endpoint_cancel_badged(struct endpoint *endpoint, word_t badge)
{
    struct tcb *thread, *next;

    if (endpoint_state(endpoint) != ENDPOINT_SEND)
        return;
    for (thread = endpoint_head(endpoint); thread; thread = next) {
        next = thread->ep_next;
        if (thread->blocking_badge == badge) {
            endpoint_remove(thread);
            restart_blocked(thread);
        }
    }
    reschedule_required();
}

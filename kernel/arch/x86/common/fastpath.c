/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The fast path: Call and ReplyRecv on an endpoint whose partner waits, with a message that fits
 * into registers. Each first checks that nothing is out of the ordinary, without changing anything;
 * if something is, the slow path takes over. Otherwise it does what the slow path would have done.
 */

#include <arch/fastpath.h>
#include <arch/thread.h>
#include <debug.h>
#include <latency.h>
#include <lookup.h>
#include <arch/traps.h>
#include <sched.h>

/* True if the current thread, in blocking, makes way for that thread and no other. */
ALWAYS_INLINE bool is_next(const struct tcb *thread)
{
    return thread->priority >= current_thread->priority || is_highest_priority(thread->priority);
}

/* Hands the message to the thread, and leaves the kernel to it. */
ALWAYS_INLINE NORETURN void switch_and_deliver(struct tcb *thread, word_t root, word_t badge,
                                               word_t info)
{
    copy_short_message(current_thread, thread, info & MASK(MSG_LENGTH_BITS));
    thread->state = THREAD_RUNNING;
    current_thread = thread;
    load_root(root);
    set_entry_stack(thread);
    load_thread_bases(thread);
    fpu_switch(thread);
    latency_end();
    check_invariants();
    fastpath_restore(badge, info & ~((word_t)7 << MSG_UNWRAPPED_SHIFT), thread->registers);
}

ALWAYS_INLINE void take_first_receiver(struct endpoint *endpoint, struct tcb *receiver)
{
    struct tcb *next = receiver->ep_next;

    if (UNLIKELY(next)) {
        next->ep_prev = NULL;
        endpoint->head_and_state = (word_t)next | ENDPOINT_RECV;
    } else {
        endpoint->head_and_state = ENDPOINT_IDLE;
        endpoint->tail = NULL;
    }
}

ALWAYS_INLINE NORETURN void call(struct cte *slot, word_t info)
{
    struct tcb *thread = current_thread;
    cap_t cap = slot->cap;
    struct endpoint *endpoint = cap_endpoint(cap);
    word_t rights = endpoint_rights_if_endpoint(cap);
    struct tcb *receiver;
    word_t root;

    if (UNLIKELY(rights > RIGHTS_ALL || !msg_fits_registers(info) || !(rights & RIGHT_WRITE) ||
                 !(rights & (RIGHT_GRANT | RIGHT_GRANT_REPLY)) ||
                 thread->fault.type != FAULT_NONE || endpoint_state(endpoint) != ENDPOINT_RECV))
        call_other(slot);
    receiver = (struct tcb *)(endpoint->head_and_state - ENDPOINT_RECV);
    root = thread_root(receiver);
    if (UNLIKELY(!root || !is_next(receiver)))
        slow_call(slot);

    take_first_receiver(endpoint, receiver);
    thread->state = THREAD_BLOCKED_ON_REPLY;
    reply_cap_insert(thread, receiver, receiver->blocking_rights & RIGHT_GRANT);
    switch_and_deliver(receiver, root, endpoint_badge(cap), info);
}

/* Deeper CSpaces have a copy of the code of their own, so that the common one has nothing to keep
 * over a call. */
static __attribute__((noinline)) NORETURN void call_far(cptr_t cptr, word_t info)
{
    struct cte *slot;

    if (lookup_slot(current_thread, cptr, &slot) != EXCEPTION_NONE)
        slow_call(NULL);
    call(slot, info);
}

NORETURN void fastpath_call(cptr_t cptr, word_t info)
{
    struct cte *slot;

    latency_begin(PATH_FAST_CALL);
    if (UNLIKELY(!lookup_near(current_thread, cptr, &slot)))
        call_far(cptr, info);
    call(slot, info);
}

ALWAYS_INLINE NORETURN void reply_recv(cap_t cap, word_t info)
{
    struct tcb *thread = current_thread;
    struct cte *slot = &thread->slots[TCB_CALLER];
    struct endpoint *endpoint = cap_endpoint(cap);
    word_t rights = endpoint_rights_if_endpoint(cap);
    struct tcb *caller = cap_tcb(slot->cap);
    word_t root;

    if (UNLIKELY(rights > RIGHTS_ALL || !msg_fits_registers(info) || !(rights & RIGHT_READ) ||
                 !is_cap(slot->cap, CAP_REPLY) || thread->fault.type != FAULT_NONE ||
                 endpoint_state(endpoint) == ENDPOINT_SEND || has_signal(thread)))
        slowpath();
    root = thread_root(caller);
    if (UNLIKELY(!root || caller->fault.type != FAULT_NONE || !is_next(caller)))
        slowpath();

    wait_for_message(thread, endpoint, rights);
    reply_cap_delete(slot);
    switch_and_deliver(caller, root, 0, info);
}

static __attribute__((noinline)) NORETURN void reply_recv_far(cptr_t cptr, word_t info)
{
    struct cte *slot;

    if (lookup_slot(current_thread, cptr, &slot) != EXCEPTION_NONE)
        slowpath();
    reply_recv(slot->cap, info);
}

NORETURN void fastpath_reply_recv(cptr_t cptr, word_t info)
{
    struct cte *slot;

    latency_begin(PATH_FAST_REPLY_RECV);
    if (UNLIKELY(!lookup_near(current_thread, cptr, &slot)))
        reply_recv_far(cptr, info);
    reply_recv(slot->cap, info);
}

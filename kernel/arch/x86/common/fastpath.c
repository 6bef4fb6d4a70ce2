/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The fast path: Call and ReplyRecv on an endpoint whose partner waits, with a message that fits
 * into registers. Each first makes sure that nothing is out of the ordinary, changing nothing; if
 * something is, the slow path decides. What happens then is what the slow path would have done.
 */

#include <arch/thread.h>
#include <arch/vspace.h>
#include <debug.h>
#include <ipc.h>
#include <latency.h>
#include <memory.h>
#include <mode/cpu.h>
#include <arch/traps.h>
#include <sched.h>

/* Length and extra caps together: at most MSG_REGISTERS words, and no caps. */
ALWAYS_INLINE bool is_short_message(word_t info)
{
    return (info & (MASK(MSG_LENGTH_BITS) | 3 << MSG_EXTRA_CAPS_SHIFT)) <= MSG_REGISTERS;
}

/*
 * One step of a lookup: the slot's capability in a CNode for the uppermost bits of the CPtr. Null
 * where the guard differs; the slow path says what is wrong.
 */
ALWAYS_INLINE cap_t lookup_step(cap_t node, cptr_t cptr)
{
    word_t guard_size = cnode_guard_size(node);

    /* The shift by one more keeps an empty guard from shifting by the word size. */
    if (UNLIKELY(cptr >> 1 >> (WORD_BITS - 1 - guard_size) != cnode_guard(node)))
        return cap_null();
    return cap_slots(node)[cptr << guard_size >> (WORD_BITS - cnode_radix(node))].cap;
}

/* The capability at a CPtr that leads through one CNode, or to a second one. */
ALWAYS_INLINE cap_t lookup_near(cptr_t cptr)
{
    cap_t node = current_thread->slots[TCB_CSPACE].cap;

    return LIKELY(is_cap(node, CAP_CNODE)) ? lookup_step(node, cptr) : node;
}

/* The capability at any CPtr. What cannot be looked up comes out as one that is no endpoint. */
static cap_t lookup_far(cptr_t cptr)
{
    cap_t node = current_thread->slots[TCB_CSPACE].cap;
    word_t left = WORD_BITS;

    while (left && is_cap(node, CAP_CNODE)) {
        word_t used = cnode_guard_size(node) + cnode_radix(node);

        if (used > left)
            return cap_null();
        node = lookup_step(node, cptr);
        cptr = cptr << (used - 1) << 1;
        left -= used;
    }
    return node;
}

/* The value for CR3 of the thread's address space; 0 if it has none. */
ALWAYS_INLINE word_t thread_root(const struct tcb *thread)
{
    cap_t cap = thread->slots[TCB_VSPACE].cap;

    return LIKELY(is_cap(cap, CAP_VSPACE_ROOT)) ? root_cr3((pte_t *)cap_object(cap)) : 0;
}

/* True if the current thread, in blocking, makes way for that thread and no other. */
ALWAYS_INLINE bool is_next(const struct tcb *thread)
{
    return thread->priority >= current_thread->priority || is_highest_priority(thread->priority);
}

/* Registers beyond the message's length keep their contents. */
ALWAYS_INLINE void copy_short_message(const struct tcb *from, struct tcb *to, word_t length)
{
    if (LIKELY(length == 0))
        return;
    to->registers[REG_MR0] = from->registers[REG_MR0];
    if (length == 1)
        return;
    to->registers[REG_MR0 + 1] = from->registers[REG_MR0 + 1];
    if (MSG_REGISTERS == 2 || length == 2)
        return;
    to->registers[REG_MR0 + 2] = from->registers[REG_MR0 + 2];
    if (length > 3)
        to->registers[REG_MR0 + 3] = from->registers[REG_MR0 + 3];
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

/* As setup_caller_cap: the list of the master reply capability is that short. */
ALWAYS_INLINE void link_reply(struct tcb *caller, struct tcb *receiver)
{
    struct cte *master = &caller->slots[TCB_REPLY];
    struct cte *slot = &receiver->slots[TCB_CALLER];
    bool grant = receiver->blocking_rights & RIGHT_GRANT;

    slot->cap = set_reply_can_grant(cap_new(CAP_REPLY, (word_t)caller), grant);
    slot->mdb = (struct mdb_node){(word_t)master, 0};
    master->mdb.next = (word_t)slot | MDB_REVOCABLE | MDB_FIRST_BADGED;
}

ALWAYS_INLINE NORETURN void call(cap_t cap, word_t info)
{
    struct tcb *thread = current_thread;
    struct endpoint *endpoint = cap_endpoint(cap);
    word_t rights = endpoint_rights_if_endpoint(cap);
    struct tcb *receiver;
    word_t root;

    if (UNLIKELY(rights > RIGHTS_ALL || !is_short_message(info) || !(rights & RIGHT_WRITE) ||
                 !(rights & (RIGHT_GRANT | RIGHT_GRANT_REPLY)) ||
                 thread->fault.type != FAULT_NONE || endpoint_state(endpoint) != ENDPOINT_RECV))
        slowpath();
    receiver = (struct tcb *)(endpoint->head_and_state - ENDPOINT_RECV);
    root = thread_root(receiver);
    if (UNLIKELY(!root || !is_next(receiver)))
        slowpath();

    take_first_receiver(endpoint, receiver);
    thread->state = THREAD_BLOCKED_ON_REPLY;
    link_reply(thread, receiver);
    switch_and_deliver(receiver, root, endpoint_badge(cap), info);
}

/* Deeper CSpaces have a copy of the code of their own, so that the common one has nothing to keep
 * over a call. */
static __attribute__((noinline)) NORETURN void call_far(cptr_t cptr, word_t info)
{
    call(lookup_far(cptr), info);
}

NORETURN void fastpath_call(cptr_t cptr, word_t info)
{
    cap_t cap;

    latency_begin(PATH_FAST_CALL);
    cap = lookup_near(cptr);

    if (UNLIKELY(is_cap(cap, CAP_CNODE)))
        call_far(cptr, info);
    call(cap, info);
}

ALWAYS_INLINE bool has_signal(const struct tcb *thread)
{
    const struct notification *bound = thread->bound_notification;

    return bound && notification_state(bound) == NOTIFICATION_ACTIVE;
}

ALWAYS_INLINE void wait_for_message(struct tcb *thread, struct endpoint *endpoint, word_t rights)
{
    struct tcb *last = endpoint->tail;

    thread->state = THREAD_BLOCKED_ON_RECEIVE;
    thread->blocking_object = endpoint;
    thread->blocking_rights = (uint8_t)rights;
    thread->ep_prev = last;
    thread->ep_next = NULL;
    if (UNLIKELY(last))
        last->ep_next = thread;
    else
        endpoint->head_and_state = (word_t)thread | ENDPOINT_RECV;
    endpoint->tail = thread;
}

ALWAYS_INLINE void unlink_reply(struct cte *slot)
{
    mdb_prev(slot)->mdb.next = MDB_REVOCABLE | MDB_FIRST_BADGED;
    slot->cap = cap_null();
    slot->mdb = (struct mdb_node){0, 0};
}

ALWAYS_INLINE NORETURN void reply_recv(cap_t cap, word_t info)
{
    struct tcb *thread = current_thread;
    struct cte *slot = &thread->slots[TCB_CALLER];
    struct endpoint *endpoint = cap_endpoint(cap);
    word_t rights = endpoint_rights_if_endpoint(cap);
    struct tcb *caller = cap_tcb(slot->cap);
    word_t root;

    if (UNLIKELY(rights > RIGHTS_ALL || !is_short_message(info) || !(rights & RIGHT_READ) ||
                 !is_cap(slot->cap, CAP_REPLY) || thread->fault.type != FAULT_NONE ||
                 endpoint_state(endpoint) == ENDPOINT_SEND || has_signal(thread)))
        slowpath();
    root = thread_root(caller);
    if (UNLIKELY(!root || caller->fault.type != FAULT_NONE || !is_next(caller)))
        slowpath();

    wait_for_message(thread, endpoint, rights);
    unlink_reply(slot);
    switch_and_deliver(caller, root, 0, info);
}

static __attribute__((noinline)) NORETURN void reply_recv_far(cptr_t cptr, word_t info)
{
    reply_recv(lookup_far(cptr), info);
}

NORETURN void fastpath_reply_recv(cptr_t cptr, word_t info)
{
    cap_t cap;

    latency_begin(PATH_FAST_REPLY_RECV);
    cap = lookup_near(cptr);

    if (UNLIKELY(is_cap(cap, CAP_CNODE)))
        reply_recv_far(cptr, info);
    reply_recv(cap, info);
}

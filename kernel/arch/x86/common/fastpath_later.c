/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The fast path of a server that answers later, or answers somebody else first: SaveCaller, Send on
 * a reply capability, Reply, and Recv when nobody sends. As in fastpath.c each first checks,
 * without changing anything, that nothing is out of the ordinary.
 */

#include <arch/fastpath.h>
#include <arch/machine.h>
#include <arch/thread.h>
#include <arch/traps.h>
#include <debug.h>
#include <invocation.h>
#include <latency.h>
#include <lookup.h>
#include <sched.h>

/* The move of a reply capability needs no look at the derivation tree: reply_cap_insert. */
static void move_reply_cap(struct cte *source, struct cte *dest)
{
    dest->cap = source->cap;
    dest->mdb = source->mdb;
    mdb_prev(dest)->mdb.next = (word_t)dest | MDB_REVOCABLE | MDB_FIRST_BADGED;
    source->cap = cap_null();
    source->mdb = (struct mdb_node){0, 0};
}

static bool is_save_caller(cap_t cap, word_t info)
{
    return is_cap(cap, CAP_CNODE) && msg_label(info) == LABEL_CNODE_SAVE_CALLER &&
           msg_length(info) == 2 && !msg_extra_caps(info);
}

static NORETURN void save_caller(struct cte *slot)
{
    struct tcb *thread = current_thread;
    struct cte *caller = &thread->slots[TCB_CALLER], *dest;
    word_t depth = thread->registers[REG_MR0 + 1], bits_left;

    if (UNLIKELY(!is_cap(caller->cap, CAP_REPLY) || depth != WORD_BITS))
        slow_call(slot);
    dest = lookup_walk(slot->cap, thread->registers[REG_MR0], WORD_BITS, &bits_left);
    if (UNLIKELY(!dest || bits_left || !is_null(dest->cap)))
        slow_call(slot);
    move_reply_cap(caller, dest);
    thread->registers[REG_BADGE] = 0;
    thread->registers[REG_MSG_INFO] = 0;
    leave();
}

NORETURN void call_other(struct cte *slot)
{
    word_t info = current_thread->registers[REG_MSG_INFO];

    if (is_save_caller(slot->cap, info))
        save_caller(slot);
    if (is_cap(slot->cap, CAP_FRAME))
        frame_call(slot, info);
    slow_call(slot);
}

/* The message goes to a thread that waits for it and is less urgent than the current one, which
 * goes on. */
ALWAYS_INLINE void reply_and_go_on(struct cte *slot, word_t info)
{
    struct tcb *thread = current_thread, *caller = cap_tcb(slot->cap);

    if (UNLIKELY(!msg_fits_registers(info) || caller->fault.type != FAULT_NONE ||
                 caller->priority >= thread->priority))
        slowpath();
    copy_short_message(thread, caller, info & MASK(MSG_LENGTH_BITS));
    caller->registers[REG_BADGE] = 0;
    caller->registers[REG_MSG_INFO] = info & ~((word_t)7 << MSG_UNWRAPPED_SHIFT);
    reply_cap_delete(slot);
    caller->state = THREAD_RUNNING;
    sched_enqueue(caller);
    leave();
}

NORETURN void fastpath_send(cptr_t cptr, word_t info)
{
    cap_t root = current_thread->slots[TCB_CSPACE].cap;
    struct cte *slot;
    word_t bits_left;

    latency_begin(PATH_SYSCALL - SYS_SEND);
    if (UNLIKELY(!is_cap(root, CAP_CNODE)))
        slowpath();
    slot = lookup_walk(root, cptr, WORD_BITS, &bits_left);
    if (UNLIKELY(!slot || !is_cap(slot->cap, CAP_REPLY) || reply_is_master(slot->cap)))
        slowpath();
    reply_and_go_on(slot, info);
    __builtin_unreachable();
}

NORETURN void fastpath_reply(cptr_t cptr, word_t info)
{
    struct cte *slot = &current_thread->slots[TCB_CALLER];

    (void)cptr;
    latency_begin(PATH_SYSCALL - SYS_REPLY);
    if (!is_cap(slot->cap, CAP_REPLY))
        slowpath();
    reply_and_go_on(slot, info);
    __builtin_unreachable();
}

/* Nobody sends and the endpoint is the thread's own: the most urgent of the others goes on. */
NORETURN void fastpath_recv(cptr_t cptr, word_t info)
{
    struct tcb *thread = current_thread, *next = sched_highest();
    struct cte *slot;
    word_t rights, root;

    (void)info;
    latency_begin(PATH_SYSCALL - SYS_RECV);
    if (UNLIKELY(!lookup_near(thread, cptr, &slot)))
        slowpath();
    rights = endpoint_rights_if_endpoint(slot->cap);
    if (UNLIKELY(rights > RIGHTS_ALL || !(rights & RIGHT_READ) || !next ||
                 endpoint_state(cap_endpoint(slot->cap)) == ENDPOINT_SEND || has_signal(thread) ||
                 !is_null(thread->slots[TCB_CALLER].cap) || next->state != THREAD_RUNNING))
        slowpath();
    root = thread_root(next);
    if (UNLIKELY(!root))
        slowpath();
    wait_for_message(thread, cap_endpoint(slot->cap), rights);
    sched_dequeue(next);
    current_thread = next;
    load_root(root);
    set_entry_stack(next);
    load_thread_bases(next);
    fpu_switch(next);
    leave();
}

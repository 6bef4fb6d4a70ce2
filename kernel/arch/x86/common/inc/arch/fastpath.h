/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Steps that the fast paths have in common. */

#include <arch/machine.h>
#include <arch/traps.h>
#include <arch/vspace.h>
#include <debug.h>
#include <ipc.h>
#include <latency.h>
#include <memory.h>
#include <mode/cpu.h>
#include <mode/registers.h>

/* The value for CR3 of the thread's address space; 0 if it has none. */
ALWAYS_INLINE word_t thread_root(const struct tcb *thread)
{
    cap_t cap = thread->slots[TCB_VSPACE].cap;

    return LIKELY(is_cap(cap, CAP_VSPACE_ROOT)) ? root_cr3((pte_t *)cap_object(cap)) : 0;
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

/* As leave_kernel, for a thread that is there. */
ALWAYS_INLINE NORETURN void leave(void)
{
    if (UNLIKELY(!is_canonical(current_thread->registers[REG_NEXT_IP])))
        leave_kernel();
    latency_end();
    check_invariants();
    restore_current();
}

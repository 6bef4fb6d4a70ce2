/* SPDX-License-Identifier: BSD-2-Clause */

/* Reply capabilities: one per blocked caller, used up by the reply. */

#include <debug.h>
#include <ipc.h>
#include <sched.h>

/* The master reply capability stays in the caller's TCB: as ancestor of the reply capability, it
 * leads to wherever that one has been moved. */
void setup_reply_master(struct tcb *thread)
{
    struct cte *slot = &thread->slots[TCB_REPLY];

    if (!is_null(slot->cap))
        return;
    slot->cap = set_reply_is_master(cap_new(CAP_REPLY, (word_t)thread), true);
    slot->cap = set_reply_can_grant(slot->cap, true);
    slot->mdb = (struct mdb_node){0, MDB_REVOCABLE | MDB_FIRST_BADGED};
}

void setup_caller_cap(struct tcb *caller, struct tcb *receiver, bool grant)
{
    ASSERT(is_cap(caller->slots[TCB_REPLY].cap, CAP_REPLY));
    ASSERT(!mdb_next(&caller->slots[TCB_REPLY]));
    ASSERT(is_null(receiver->slots[TCB_CALLER].cap));
    set_thread_state(caller, THREAD_BLOCKED_ON_REPLY);
    reply_cap_insert(caller, receiver, grant);
}

void do_reply_transfer(struct tcb *sender, struct tcb *receiver, struct cte *slot, bool grant)
{
    ASSERT(receiver->state == THREAD_BLOCKED_ON_REPLY);
    if (LIKELY(receiver->fault.type == FAULT_NONE)) {
        do_ipc_transfer(sender, NULL, 0, grant, receiver);
        reply_cap_delete(slot);
        set_thread_state(receiver, THREAD_RUNNING);
        possible_switch_to(receiver);
        return;
    }
    reply_cap_delete(slot);
    if (handle_fault_reply(receiver, sender)) {
        receiver->fault.type = FAULT_NONE;
        set_thread_state(receiver, THREAD_RESTART);
        possible_switch_to(receiver);
    } else {
        receiver->fault.type = FAULT_NONE;
        set_thread_state(receiver, THREAD_INACTIVE);
    }
}

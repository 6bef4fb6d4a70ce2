/* SPDX-License-Identifier: BSD-2-Clause */

/* Reply capabilities: one per blocked caller, used up by the reply. */

#include <debug.h>
#include <ipc.h>
#include <sched.h>

static cap_t reply_cap_new(struct tcb *caller, bool master, bool grant)
{
    cap_t cap = cap_new(CAP_REPLY, (word_t)caller);

    return set_reply_can_grant(set_reply_is_master(cap, master), grant);
}

/* The master reply capability stays in the caller's TCB: as ancestor of the reply capability, it
 * leads to wherever that one has been moved. */
void setup_reply_master(struct tcb *thread)
{
    struct cte *slot = &thread->slots[TCB_REPLY];

    if (!is_null(slot->cap))
        return;
    slot->cap = reply_cap_new(thread, true, true);
    slot->mdb = (struct mdb_node){0, MDB_REVOCABLE | MDB_FIRST_BADGED};
}

void setup_caller_cap(struct tcb *caller, struct tcb *receiver, bool grant)
{
    struct cte *master = &caller->slots[TCB_REPLY];

    set_thread_state(caller, THREAD_BLOCKED_ON_REPLY);
    ASSERT(is_cap(master->cap, CAP_REPLY) && !mdb_next(master));
    ASSERT(is_null(receiver->slots[TCB_CALLER].cap));
    cte_insert(reply_cap_new(caller, false, grant), master, &receiver->slots[TCB_CALLER]);
}

void do_reply_transfer(struct tcb *sender, struct tcb *receiver, struct cte *slot, bool grant)
{
    ASSERT(receiver->state == THREAD_BLOCKED_ON_REPLY);
    if (LIKELY(receiver->fault.type == FAULT_NONE)) {
        do_ipc_transfer(sender, NULL, 0, grant, receiver);
        cte_delete_one(slot);
        set_thread_state(receiver, THREAD_RUNNING);
        possible_switch_to(receiver);
        return;
    }
    cte_delete_one(slot);
    if (handle_fault_reply(receiver, sender)) {
        receiver->fault.type = FAULT_NONE;
        set_thread_state(receiver, THREAD_RESTART);
        possible_switch_to(receiver);
    } else {
        receiver->fault.type = FAULT_NONE;
        set_thread_state(receiver, THREAD_INACTIVE);
    }
}

/* SPDX-License-Identifier: BSD-2-Clause */

/* Stopping and restarting threads. */

#include <debug.h>
#include <ipc.h>
#include <sched.h>

/* Removes the reply capability that a blocked caller waits for, wherever it is. */
static void cancel_reply(struct tcb *thread)
{
    struct cte *reply = mdb_next(&thread->slots[TCB_REPLY]);

    thread->fault.type = FAULT_NONE;
    if (reply)
        reply_cap_delete(reply);
}

void cancel_ipc(struct tcb *thread)
{
    switch (thread->state) {
    case THREAD_BLOCKED_ON_SEND:
    case THREAD_BLOCKED_ON_RECEIVE:
        endpoint_remove(thread);
        break;
    case THREAD_BLOCKED_ON_NOTIFICATION:
        notification_remove(thread);
        break;
    case THREAD_BLOCKED_ON_REPLY:
        cancel_reply(thread);
        break;
    default:
        return;
    }
    set_thread_state(thread, THREAD_INACTIVE);
}

void suspend(struct tcb *thread)
{
    cancel_ipc(thread);
    /* A running thread goes on, when resumed, behind the instruction it is at. */
    if (thread->state == THREAD_RUNNING)
        thread->registers[REG_FAULT_IP] = thread->registers[REG_NEXT_IP];
    set_thread_state(thread, THREAD_INACTIVE);
    sched_dequeue(thread);
}

void restart(struct tcb *thread)
{
    if (!is_blocked(thread))
        return;
    cancel_ipc(thread);
    setup_reply_master(thread);
    set_thread_state(thread, THREAD_RESTART);
    sched_enqueue(thread);
    possible_switch_to(thread);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Threads. A TCB object begins with the five capability slots that belong to the thread. */

#include <arch/fpu.h>
#include <cap.h>
#include <fault.h>
#include <mode/context.h>

enum tcb_slot {
    TCB_CSPACE,
    TCB_VSPACE,
    TCB_REPLY,
    TCB_CALLER,
    TCB_BUFFER,
    TCB_SLOTS,
};

enum thread_state {
    THREAD_INACTIVE,
    THREAD_RUNNING,
    THREAD_RESTART,
    THREAD_BLOCKED_ON_RECEIVE,
    THREAD_BLOCKED_ON_SEND,
    THREAD_BLOCKED_ON_REPLY,
    THREAD_BLOCKED_ON_NOTIFICATION,
    THREAD_IDLE,
};

#define TCB_NAME_LENGTH 64

struct tcb {
    struct cte slots[TCB_SLOTS];
    /* On ia32 a non-maskable interrupt that meets the entry code pushes its frame below them. */
    word_t registers[REG_COUNT] ALIGNED(32);

    enum thread_state state;
    bool queued; /* in a ready queue */
    bool blocking_is_call;
    uint8_t blocking_rights; /* of the endpoint capability that the thread is blocked with */
    word_t blocking_badge;
    void *blocking_object; /* endpoint or notification whose queue the thread is in */
    struct tcb *ep_next;
    struct tcb *ep_prev;

    word_t priority;
    word_t mcp;
    word_t time_slice;
    word_t flags;
    struct tcb *sched_next;
    struct tcb *sched_prev;

    struct notification *bound_notification;
    cptr_t fault_endpoint;
    word_t ipc_buffer;
    struct fault fault;
    struct lookup_fault lookup_fault; /* of a cap fault */

    struct fpu_state fpu;
#if DBG
    char name[TCB_NAME_LENGTH];
    word_t check_generation; /* the latest whole check that came by */
#endif
};

_Static_assert(sizeof(struct tcb) <= BIT(TCB_BITS), "TCB size is part of the ABI");

static inline bool is_runnable(const struct tcb *thread)
{
    return thread->state == THREAD_RUNNING || thread->state == THREAD_RESTART;
}

static inline bool is_blocked(const struct tcb *thread)
{
    return thread->state == THREAD_INACTIVE || (thread->state >= THREAD_BLOCKED_ON_RECEIVE &&
                                                thread->state <= THREAD_BLOCKED_ON_NOTIFICATION);
}

extern struct tcb *current_thread;
extern struct tcb *idle_thread;

/* FIFO of threads blocked on an endpoint or notification, linked by ep_next and ep_prev. */
struct tcb_queue {
    struct tcb *head;
    struct tcb *tail;
};
struct tcb_queue tcb_queue_append(struct tcb_queue queue, struct tcb *thread);
struct tcb_queue tcb_queue_remove(struct tcb_queue queue, struct tcb *thread);

/* object/tcb.c */

/* Sets up the thread in a zeroed TCB object. */
void tcb_init(struct tcb *thread);
/* Undoes everything that ties the thread to others, before its slots are emptied. */
void tcb_finalise(struct tcb *thread);
/* Gives the thread its master reply capability, if it has none. */
void setup_reply_master(struct tcb *thread);
void bind_notification(struct tcb *thread, struct notification *notification);
void unbind_notification(struct tcb *thread);

/* sched/thread.c */

/* Stops whatever the thread is blocked in, and makes it Inactive. */
void suspend(struct tcb *thread);
/* Makes a stopped or blocked thread run again, from the instruction it trapped at. */
void restart(struct tcb *thread);
/* Takes the thread out of whatever queue or call it is blocked in. */
void cancel_ipc(struct tcb *thread);

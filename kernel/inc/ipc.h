/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Messages, and the objects they go through. */

#include <tcb.h>

/* 2 words on x64: the state is in the low bits of the head pointer, which TCB alignment frees. */
struct endpoint {
    word_t head_and_state;
    struct tcb *tail;
};

enum endpoint_state {
    ENDPOINT_IDLE,
    ENDPOINT_SEND,
    ENDPOINT_RECV,
};

struct notification {
    word_t head_and_state;
    struct tcb *tail;
    word_t badge;
    struct tcb *bound;
};

enum notification_state {
    NOTIFICATION_IDLE,
    NOTIFICATION_WAITING,
    NOTIFICATION_ACTIVE,
};

#define QUEUE_STATE_MASK 3

_Static_assert(sizeof(struct endpoint) <= BIT(ENDPOINT_BITS), "endpoint size is part of the ABI");
_Static_assert(sizeof(struct notification) <= BIT(NOTIFICATION_BITS), "notification size");

/* api/message.c */
static inline word_t msg_length(word_t info)
{
    return min(info & MASK(MSG_LENGTH_BITS), MSG_MAX_LENGTH);
}

static inline word_t msg_extra_caps(word_t info)
{
    return (info >> MSG_EXTRA_CAPS_SHIFT) & 3;
}

/* True if the message is in registers as a whole: neither words nor capabilities in the buffer. */
static inline bool msg_fits_registers(word_t info)
{
    return (info & (MASK(MSG_LENGTH_BITS) | 3 << MSG_EXTRA_CAPS_SHIFT)) <= MSG_REGISTERS;
}

static inline word_t msg_label(word_t info)
{
    return info >> MSG_LABEL_SHIFT;
}

static inline word_t msg_info(word_t label, word_t unwrapped, word_t extra_caps, word_t length)
{
    return label << MSG_LABEL_SHIFT | unwrapped << MSG_UNWRAPPED_SHIFT |
           extra_caps << MSG_EXTRA_CAPS_SHIFT | length;
}

/* The thread's IPC buffer in the kernel's window; NULL if it has none that allows the access. */
word_t *lookup_ipc_buffer(bool is_receiver, struct tcb *thread);
/* Sets message register i, if it exists; returns the number of message registers up to it. */
static inline word_t set_mr(struct tcb *thread, word_t *buffer, word_t i, word_t value)
{
    if (i < MSG_REGISTERS) {
        thread->registers[REG_MR0 + i] = value;
        return i + 1;
    }
    if (!buffer)
        return MSG_REGISTERS;
    buffer[BUFFER_MSG + i] = value;
    return i + 1;
}
/* Hands the sender's message, or its fault, to the receiver. endpoint: NULL for replies. */
void do_ipc_transfer(struct tcb *sender, struct endpoint *endpoint, word_t badge, bool grant,
                     struct tcb *receiver);

/* object/endpoint.c */
struct send_options {
    bool blocking;
    bool call;
    uint8_t rights;
    word_t badge;
};
void send_ipc(struct tcb *thread, struct endpoint *endpoint, struct send_options options);
void receive_ipc(struct tcb *thread, cap_t cap, bool blocking);
void endpoint_cancel_all(struct endpoint *endpoint);
void endpoint_cancel_badged(struct endpoint *endpoint, word_t badge);
/* Takes a thread that is blocked on an endpoint out of its queue. */
void endpoint_remove(struct tcb *thread);

/* object/reply.c */
/* Blocks the caller on a reply, and gives the receiver the reply capability. */
void setup_caller_cap(struct tcb *caller, struct tcb *receiver, bool grant);

/*
 * Puts the capability to reply to the caller into the receiver's TCB. The part of the derivation
 * tree that it belongs to is that short: the caller's master reply capability, and this one.
 */
ALWAYS_INLINE void reply_cap_insert(struct tcb *caller, struct tcb *receiver, bool grant)
{
    struct cte *master = &caller->slots[TCB_REPLY];
    struct cte *slot = &receiver->slots[TCB_CALLER];

    slot->cap = set_reply_can_grant(cap_new(CAP_REPLY, (word_t)caller), grant);
    slot->mdb = (struct mdb_node){(word_t)master, 0};
    master->mdb.next = (word_t)slot | MDB_REVOCABLE | MDB_FIRST_BADGED;
}

/* Empties a slot that holds such a capability, wherever it has been moved. */
ALWAYS_INLINE void reply_cap_delete(struct cte *slot)
{
    mdb_prev(slot)->mdb.next = MDB_REVOCABLE | MDB_FIRST_BADGED;
    slot->cap = cap_null();
    slot->mdb = (struct mdb_node){0, 0};
}

void do_reply_transfer(struct tcb *sender, struct tcb *receiver, struct cte *slot, bool grant);

/* object/notification.c */
void send_signal(struct notification *notification, word_t badge);
void receive_signal(struct tcb *thread, cap_t cap, bool blocking);
void notification_cancel_all(struct notification *notification);
void notification_remove(struct tcb *thread);
/* Consumes an active notification on behalf of its bound thread. */
void complete_signal(struct notification *notification, struct tcb *thread);

static inline enum endpoint_state endpoint_state(const struct endpoint *endpoint)
{
    return (enum endpoint_state)(endpoint->head_and_state & QUEUE_STATE_MASK);
}

static inline struct tcb *endpoint_head(const struct endpoint *endpoint)
{
    return (struct tcb *)(endpoint->head_and_state & ~(word_t)QUEUE_STATE_MASK);
}

static inline enum notification_state notification_state(const struct notification *notification)
{
    return (enum notification_state)(notification->head_and_state & QUEUE_STATE_MASK);
}

static inline struct tcb *notification_head(const struct notification *notification)
{
    return (struct tcb *)(notification->head_and_state & ~(word_t)QUEUE_STATE_MASK);
}

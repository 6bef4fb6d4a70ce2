/* SPDX-License-Identifier: BSD-2-Clause */

/* Moving messages and capabilities from one thread to another. */

#include <debug.h>
#include <ipc.h>
#include <lookup.h>
#include <object.h>

word_t *lookup_ipc_buffer(bool is_receiver, struct tcb *thread)
{
    return arch_ipc_buffer(thread->slots[TCB_BUFFER].cap, thread->ipc_buffer, is_receiver);
}

word_t set_mr(struct tcb *thread, word_t *buffer, word_t i, word_t value)
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

/* Copies n message registers, as far as both sides can; returns how many. */
static word_t copy_mrs(struct tcb *sender, const word_t *send_buffer, struct tcb *receiver,
                       word_t *receive_buffer, word_t n)
{
    word_t i;

    for (i = 0; i < n && i < MSG_REGISTERS; i++)
        receiver->registers[REG_MR0 + i] = sender->registers[REG_MR0 + i];
    if (!send_buffer || !receive_buffer)
        return i;
#pragma clang loop unroll_count(4)
    for (; i < n; i++)
        receive_buffer[BUFFER_MSG + i] = send_buffer[BUFFER_MSG + i];
    return i;
}

/* The progress of handing over a message's extra capabilities. */
struct cap_transfer {
    struct cte **caps;
    struct endpoint *endpoint; /* caps to this one are unwrapped to their badge */
    struct cte *dest;          /* where the one real capability may go; NULL when used up */
    word_t unwrapped;          /* bit mask */
};

/* Hands over one capability; false if the transfer ends before it. */
static bool transfer_cap(struct cap_transfer *transfer, word_t i, word_t *buffer)
{
    struct cte *source = transfer->caps[i];
    cap_t derived;

    if (is_cap(source->cap, CAP_ENDPOINT) && transfer->endpoint &&
        cap_endpoint(source->cap) == transfer->endpoint) {
        buffer[BUFFER_CAPS + i] = endpoint_badge(source->cap);
        transfer->unwrapped |= BIT(i);
        return true;
    }
    if (!transfer->dest || derive_cap(source, source->cap, &derived) != EXCEPTION_NONE ||
        is_null(derived))
        return false;
    cte_insert(derived, source, transfer->dest);
    transfer->dest = NULL;
    return true;
}

/* Hands over the extra capabilities; returns the fields of the message info that tell of them. */
static word_t transfer_caps(struct cte *caps[MSG_MAX_EXTRA_CAPS], struct endpoint *endpoint,
                            struct tcb *receiver, word_t *buffer)
{
    struct cap_transfer transfer = {.caps = caps, .endpoint = endpoint};
    word_t i;

    if (!caps[0] || !buffer)
        return 0;
    transfer.dest = lookup_receive_slot(receiver, buffer);
    for (i = 0; i < MSG_MAX_EXTRA_CAPS && caps[i]; i++)
        if (!transfer_cap(&transfer, i, buffer))
            break;
    return msg_info(0, transfer.unwrapped, i, 0);
}

static void do_normal_transfer(struct tcb *sender, struct endpoint *endpoint, word_t badge,
                               bool grant, struct tcb *receiver, word_t *receive_buffer)
{
    word_t *send_buffer = lookup_ipc_buffer(false, sender);
    word_t info = sender->registers[REG_MSG_INFO];
    word_t caps_info = 0;
    word_t copied;

    copied = copy_mrs(sender, send_buffer, receiver, receive_buffer, msg_length(info));
    if (grant && msg_extra_caps(info)) {
        struct cte *caps[MSG_MAX_EXTRA_CAPS];

        if (lookup_extra_caps(sender, send_buffer, info, caps) == EXCEPTION_NONE)
            caps_info = transfer_caps(caps, endpoint, receiver, receive_buffer);
    }
    receiver->registers[REG_MSG_INFO] = msg_info(msg_label(info), 0, 0, copied) | caps_info;
    receiver->registers[REG_BADGE] = badge;
}

static void do_fault_transfer(struct tcb *sender, word_t badge, struct tcb *receiver,
                              word_t *receive_buffer)
{
    word_t length = set_fault_mrs(sender, receiver, receive_buffer);

    receiver->registers[REG_MSG_INFO] = msg_info(sender->fault.type, 0, 0, length);
    receiver->registers[REG_BADGE] = badge;
}

void do_ipc_transfer(struct tcb *sender, struct endpoint *endpoint, word_t badge, bool grant,
                     struct tcb *receiver)
{
    word_t *receive_buffer = lookup_ipc_buffer(true, receiver);

    if (LIKELY(sender->fault.type == FAULT_NONE))
        do_normal_transfer(sender, endpoint, badge, grant, receiver, receive_buffer);
    else
        do_fault_transfer(sender, badge, receiver, receive_buffer);
}

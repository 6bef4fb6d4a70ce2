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

/* Copies the message registers among the first n. */
static void copy_registers(const struct tcb *sender, struct tcb *receiver, word_t n)
{
    for (word_t i = 0; i < n && i < MSG_REGISTERS; i++)
        receiver->registers[REG_MR0 + i] = sender->registers[REG_MR0 + i];
}

/* Copies those of the n message words that are in the buffers, as far as both threads have one;
 * returns how many words the message has then. */
static word_t copy_buffer(const word_t *send_buffer, word_t *receive_buffer, word_t n)
{
    word_t i = MSG_REGISTERS;

    if (n <= i || !send_buffer || !receive_buffer)
        return min(n, i);
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

/* Hands over what of the message is in the sender's buffer; returns the length and the fields that
 * tell of capabilities. */
static word_t transfer_buffer(struct tcb *sender, struct endpoint *endpoint, bool grant,
                              struct tcb *receiver)
{
    const word_t *send_buffer = lookup_ipc_buffer(false, sender);
    word_t *receive_buffer = lookup_ipc_buffer(true, receiver);
    word_t info = sender->registers[REG_MSG_INFO];
    word_t copied = copy_buffer(send_buffer, receive_buffer, msg_length(info));
    struct cte *caps[MSG_MAX_EXTRA_CAPS] = {NULL};

    if (!grant || !msg_extra_caps(info) ||
        lookup_extra_caps(sender, send_buffer, info, caps) != EXCEPTION_NONE)
        return copied;
    return copied | transfer_caps(caps, endpoint, receiver, receive_buffer);
}

/* The receiver's message info. */
static word_t transfer_message(struct tcb *sender, struct endpoint *endpoint, bool grant,
                               struct tcb *receiver)
{
    word_t info = sender->registers[REG_MSG_INFO];
    word_t transferred = msg_length(info);

    copy_registers(sender, receiver, transferred);
    if (!msg_fits_registers(info))
        transferred = transfer_buffer(sender, endpoint, grant, receiver);
    return msg_info(msg_label(info), 0, 0, 0) | transferred;
}

void do_ipc_transfer(struct tcb *sender, struct endpoint *endpoint, word_t badge, bool grant,
                     struct tcb *receiver)
{
    if (LIKELY(sender->fault.type == FAULT_NONE))
        receiver->registers[REG_MSG_INFO] = transfer_message(sender, endpoint, grant, receiver);
    else
        receiver->registers[REG_MSG_INFO] = set_fault_message(sender, receiver);
    receiver->registers[REG_BADGE] = badge;
}

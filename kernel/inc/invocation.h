/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * Invocations of kernel objects. Each decode function checks everything, in the order that
 * users of seL4 can observe, and then performs the operation, which can no longer fail
 * (but may be preempted).
 */

#include <fault.h>
#include <ipc.h>
#include <lookup.h>
#include <tcb.h>

struct invocation {
    struct cte *slot; /* of the invoked capability */
    cap_t cap;
    word_t label;
    word_t length;
    const word_t *buffer;
    struct cte *extra[MSG_MAX_EXTRA_CAPS];
    bool call;
    bool blocking;
};

/* Message word i of the invocation; i must be below its length. */
static inline word_t arg(const struct invocation *inv, word_t i)
{
    if (i < MSG_REGISTERS)
        return current_thread->registers[REG_MR0 + i];
    return inv->buffer[BUFFER_MSG + i];
}

/* True if the message has fewer words or extra capabilities than the invocation needs. */
static inline bool is_truncated(const struct invocation *inv, word_t words, word_t caps)
{
    return inv->length < words || (caps > 0 && !inv->extra[caps - 1]);
}

/* Replies to the current thread, if it made a Call, with n result words. */
void reply_words(const struct invocation *inv, const word_t *words, word_t n);
static inline void reply_word(const struct invocation *inv, word_t word)
{
    reply_words(inv, &word, 1);
}

exception_t decode_invocation(const struct invocation *inv);

exception_t decode_untyped_invocation(const struct invocation *inv);
exception_t decode_cnode_invocation(const struct invocation *inv);
exception_t decode_tcb_invocation(const struct invocation *inv);
exception_t decode_tcb_configure(const struct invocation *inv);
exception_t decode_tcb_set_space(const struct invocation *inv);
exception_t decode_tcb_set_ipc_buffer(const struct invocation *inv);
exception_t decode_read_registers(const struct invocation *inv);
exception_t decode_write_registers(const struct invocation *inv);
exception_t decode_copy_registers(const struct invocation *inv);
exception_t decode_domain_invocation(const struct invocation *inv);
exception_t decode_irq_control_invocation(const struct invocation *inv);
exception_t decode_irq_handler_invocation(const struct invocation *inv);

/* Implemented by the architecture. */
exception_t arch_decode_invocation(const struct invocation *inv);
exception_t arch_decode_irq_control(const struct invocation *inv);

/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The fast path of mapping and unmapping pages: with less around it than other invocations have.
 * The checks, and what is done, are those of frame.c. If a check fails nothing has changed, and the
 * slow path comes to the same error.
 */

#include <arch/fastpath.h>
#include <invocation.h>
#include <lookup.h>

/* Finds what the message has in the IPC buffer; false if only the slow path can tell. */
static bool find_vspace(struct invocation *inv)
{
    struct tcb *thread = current_thread;
    word_t bits_left;

    inv->buffer = lookup_ipc_buffer(false, thread);
    if (UNLIKELY(!inv->buffer))
        return false;
    inv->extra[0] =
        lookup_walk(thread->slots[TCB_CSPACE].cap, inv->buffer[BUFFER_CAPS], WORD_BITS, &bits_left);
    return inv->extra[0] != NULL;
}

static bool is_expected(const struct invocation *inv, word_t info)
{
    if (inv->label == LABEL_PAGE_MAP)
        return msg_extra_caps(info) == 1;
    return inv->label == LABEL_PAGE_UNMAP && msg_fits_registers(info);
}

NORETURN void frame_call(struct cte *slot, word_t info)
{
    struct invocation inv = {.slot = slot,
                             .cap = slot->cap,
                             .label = msg_label(info),
                             .length = msg_length(info),
                             .call = true,
                             .blocking = true};

    if (UNLIKELY(!is_expected(&inv, info) || (inv.label == LABEL_PAGE_MAP && !find_vspace(&inv))))
        slow_call(slot);
    latency_set_path(PATH_INVOCATION + inv.label);
    if (UNLIKELY(decode_frame_invocation(&inv) != EXCEPTION_NONE))
        slow_call(slot);
    current_thread->registers[REG_BADGE] = 0;
    current_thread->registers[REG_MSG_INFO] = 0;
    leave();
}

/* SPDX-License-Identifier: BSD-2-Clause */

/* Walking capability spaces. */

#include <fault.h>
#include <ipc.h>
#include <lookup.h>
#include <tcb.h>

/* The result of a walk: a slot, and how many bits of the address were not used. */
struct resolved {
    struct cte *slot;
    word_t bits_left;
};

static exception_t guard_mismatch(cap_t node, word_t bits)
{
    current_lookup_fault = (struct lookup_fault){.type = LOOKUP_GUARD_MISMATCH,
                                                 .guard_found = cnode_guard(node),
                                                 .bits_left = bits,
                                                 .bits_found = cnode_guard_size(node)};
    return EXCEPTION_LOOKUP_FAULT;
}

static exception_t depth_mismatch(word_t bits_left, word_t bits_found)
{
    current_lookup_fault = (struct lookup_fault){
        .type = LOOKUP_DEPTH_MISMATCH, .bits_left = bits_left, .bits_found = bits_found};
    return EXCEPTION_LOOKUP_FAULT;
}

/* Walks the low `bits` bits of `address`, 1 or more, from the CNode `root`. */
static exception_t resolve_address_bits(cap_t root, cptr_t address, word_t bits,
                                        struct resolved *out)
{
    cap_t node = root;

    if (!is_cap(root, CAP_CNODE)) {
        current_lookup_fault = (struct lookup_fault){.type = LOOKUP_INVALID_ROOT};
        return EXCEPTION_LOOKUP_FAULT;
    }
    address <<= WORD_BITS - bits;
    for (;;) {
        word_t level = cnode_guard_size(node) + cnode_radix(node);

        if (!lookup_step(node, address, &out->slot) || cnode_guard_size(node) > bits)
            return guard_mismatch(node, bits);
        if (level > bits)
            return depth_mismatch(bits, level);
        bits -= level;
        out->bits_left = bits;
        node = out->slot->cap;
        if (bits == 0 || !is_cap(node, CAP_CNODE))
            return EXCEPTION_NONE;
        address <<= level;
    }
}

exception_t lookup_slot(struct tcb *thread, cptr_t cptr, struct cte **out)
{
    cap_t root = thread->slots[TCB_CSPACE].cap;
    struct resolved result;
    exception_t status;

    if (LIKELY(is_cap(root, CAP_CNODE))) {
        *out = lookup_walk(root, cptr, WORD_BITS, &result.bits_left);
        if (LIKELY(*out))
            return EXCEPTION_NONE;
    }
    status = resolve_address_bits(root, cptr, WORD_BITS, &result);
    *out = result.slot;
    return status;
}

exception_t lookup_slot_for_cnode_op(bool is_source, cap_t root, word_t index, word_t depth,
                                     struct cte **out)
{
    struct resolved result;

    if (!is_cap(root, CAP_CNODE))
        return invalid_root(is_source);
    if (depth < 1 || depth > WORD_BITS)
        return range_error(1, WORD_BITS);
    *out = lookup_walk(root, index, depth, &result.bits_left);
    if (LIKELY(*out && result.bits_left == 0))
        return EXCEPTION_NONE;
    if (resolve_address_bits(root, index, depth, &result) != EXCEPTION_NONE)
        return failed_lookup(is_source);
    if (result.bits_left > 0) {
        depth_mismatch(result.bits_left, 0);
        return failed_lookup(is_source);
    }
    *out = result.slot;
    return EXCEPTION_NONE;
}

struct cte *lookup_receive_slot(struct tcb *receiver, const word_t *buffer)
{
    struct cte *root, *slot;

    if (!buffer)
        return NULL;
    if (lookup_slot(receiver, buffer[BUFFER_RECEIVE_CNODE], &root) != EXCEPTION_NONE)
        return NULL;
    if (lookup_target_slot(root->cap, buffer[BUFFER_RECEIVE_INDEX], buffer[BUFFER_RECEIVE_DEPTH],
                           &slot) != EXCEPTION_NONE)
        return NULL;
    return is_null(slot->cap) ? slot : NULL;
}

exception_t lookup_extra_caps(struct tcb *thread, const word_t *buffer, word_t info,
                              struct cte *extra[MSG_MAX_EXTRA_CAPS])
{
    word_t count = buffer ? msg_extra_caps(info) : 0;

    for (word_t i = 0; i < count; i++)
        if (lookup_slot(thread, buffer[BUFFER_CAPS + i], &extra[i]) != EXCEPTION_NONE)
            return cap_fault(buffer[BUFFER_CAPS + i], false);
    return EXCEPTION_NONE;
}

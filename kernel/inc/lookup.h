/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Finding slots through capability spaces. Failures are left in current_lookup_fault. */

#include <cap.h>
#include <tcb.h>

/* One step of a lookup: finds the slot in a CNode for the uppermost bits of the address; false if
 * the guard differs. */
ALWAYS_INLINE bool lookup_step(cap_t node, word_t address, struct cte **slot)
{
    word_t guard_size = cnode_guard_size(node);

    /* The shift by one more keeps an empty guard from shifting by the word size. */
    if (UNLIKELY(address >> 1 >> (WORD_BITS - 1 - guard_size) != cnode_guard(node)))
        return false;
    *slot = &cap_slots(node)[address << guard_size >> (WORD_BITS - cnode_radix(node))];
    return true;
}

/* Finds the slot at a CPtr that leads through one CNode, as most do; false if only lookup_slot can
 * tell. */
ALWAYS_INLINE bool lookup_near(const struct tcb *thread, cptr_t cptr, struct cte **slot)
{
    cap_t node = thread->slots[TCB_CSPACE].cap;

    if (UNLIKELY(!is_cap(node, CAP_CNODE) || !lookup_step(node, cptr, slot)))
        return false;
    return LIKELY(!is_cap((*slot)->cap, CAP_CNODE)) ||
           cnode_guard_size(node) + cnode_radix(node) == WORD_BITS;
}

/* Walks the low `bits` bits of `address`, 1 or more, from the CNode `node`. Gives the slot, and how
 * many bits are left there, at which no other CNode is; NULL if only lookup_slot and its like can
 * tell what is wrong. */
ALWAYS_INLINE struct cte *lookup_walk(cap_t node, word_t address, word_t bits, word_t *bits_left)
{
    struct cte *slot;

    address <<= WORD_BITS - bits;
    for (;;) {
        word_t level = cnode_guard_size(node) + cnode_radix(node);

        if (UNLIKELY(level > bits || !lookup_step(node, address, &slot)))
            return NULL;
        bits -= level;
        node = slot->cap;
        if (bits == 0 || !is_cap(node, CAP_CNODE))
            break;
        address <<= level;
    }
    *bits_left = bits;
    return slot;
}

/* The slot that a thread means by a CPtr; an empty slot is found, too. */
exception_t lookup_slot(struct tcb *thread, cptr_t cptr, struct cte **out);

/* The slot at (index, depth) under the CNode capability `root`: for CNode operations, which must
 * use all bits. Failures become syscall errors; is_source tells the user which lookup it was. */
exception_t lookup_slot_for_cnode_op(bool is_source, cap_t root, word_t index, word_t depth,
                                     struct cte **out);
#define lookup_target_slot(root, index, depth, out)                                                \
    lookup_slot_for_cnode_op(false, root, index, depth, out)
#define lookup_source_slot(root, index, depth, out)                                                \
    lookup_slot_for_cnode_op(true, root, index, depth, out)

/* Where the thread wants to receive a capability; NULL if nowhere. */
struct cte *lookup_receive_slot(struct tcb *receiver, const word_t *buffer);

/* Finds the slots of the extra capabilities of the thread's message; leaves unused ones alone.
 * On failure the cap fault is in current_fault. */
exception_t lookup_extra_caps(struct tcb *thread, const word_t *buffer, word_t info,
                              struct cte *extra[MSG_MAX_EXTRA_CAPS]);

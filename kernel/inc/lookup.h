/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Finding slots through capability spaces. Failures are left in current_lookup_fault. */

#include <cap.h>

struct tcb;

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

/* Finds the slots of the extra capabilities of the thread's message; unused ones are NULL.
 * On failure the cap fault is in current_fault. */
exception_t lookup_extra_caps(struct tcb *thread, const word_t *buffer, word_t info,
                              struct cte *extra[MSG_MAX_EXTRA_CAPS]);

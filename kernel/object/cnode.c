/* SPDX-License-Identifier: BSD-2-Clause */

/* CNode invocations: copying, moving and deleting capabilities. */

#include <invocation.h>
#include <cap.h>

static exception_t decode_cancel_badged_sends(struct cte *dest)
{
    cap_t cap = dest->cap;

    if (!is_cap(cap, CAP_ENDPOINT) || endpoint_rights(cap) != RIGHTS_ALL)
        return syscall_error(seL4_IllegalOperation);
    if (endpoint_badge(cap))
        endpoint_cancel_badged(cap_endpoint(cap), endpoint_badge(cap));
    return EXCEPTION_NONE;
}

static exception_t decode_save_caller(struct cte *dest)
{
    struct cte *caller = &current_thread->slots[TCB_CALLER];
    exception_t status = ensure_empty_slot(dest);

    if (status != EXCEPTION_NONE)
        return status;
    if (!is_null(caller->cap))
        cte_move(caller->cap, caller, dest);
    return EXCEPTION_NONE;
}

/* Finds a slot that must hold a capability, under the CNode in extra capability `extra`. */
static exception_t lookup_full_slot(const struct invocation *inv, word_t extra, word_t index,
                                    word_t depth, struct cte **out)
{
    exception_t status = lookup_source_slot(inv->extra[extra]->cap, index, depth, out);

    if (status == EXCEPTION_NONE && is_null((*out)->cap))
        return missing_capability(true, depth);
    return status;
}

static exception_t derive_and_insert(struct cte *source, cap_t cap, struct cte *dest)
{
    cap_t derived;
    exception_t status;

    if (is_null(cap))
        return syscall_error(seL4_IllegalOperation);
    status = derive_cap(source, cap, &derived);
    if (status != EXCEPTION_NONE)
        return status;
    if (is_null(derived))
        return syscall_error(seL4_IllegalOperation);
    cte_insert(derived, source, dest);
    return EXCEPTION_NONE;
}

static exception_t move_cap(struct cte *source, cap_t cap, struct cte *dest)
{
    if (is_null(cap))
        return syscall_error(seL4_IllegalOperation);
    cte_move(cap, source, dest);
    return EXCEPTION_NONE;
}

/* The four operations that fill `dest` from one source slot. */
static exception_t decode_transfer(const struct invocation *inv, struct cte *dest)
{
    struct cte *source;
    exception_t status;
    word_t words = inv->label == LABEL_CNODE_MINT                                       ? 6
                   : inv->label == LABEL_CNODE_COPY || inv->label == LABEL_CNODE_MUTATE ? 5
                                                                                        : 4;

    if (is_truncated(inv, 4, 1))
        return syscall_error(seL4_TruncatedMessage);
    status = ensure_empty_slot(dest);
    if (status == EXCEPTION_NONE)
        status = lookup_full_slot(inv, 0, arg(inv, 2), arg(inv, 3), &source);
    if (status != EXCEPTION_NONE)
        return status;
    if (inv->length < words)
        return syscall_error(seL4_TruncatedMessage);

    switch (inv->label) {
    case LABEL_CNODE_COPY:
        return derive_and_insert(source, mask_rights(source->cap, arg(inv, 4)), dest);
    case LABEL_CNODE_MINT:
        return derive_and_insert(
            source, update_cap_data(mask_rights(source->cap, arg(inv, 4)), arg(inv, 5), false),
            dest);
    case LABEL_CNODE_MOVE:
        return move_cap(source, source->cap, dest);
    default:
        return move_cap(source, update_cap_data(source->cap, arg(inv, 4), true), dest);
    }
}

static void invoke_rotate(struct cte *dest, struct cte *pivot, struct cte *source,
                          cap_t new_dest_cap, cap_t new_pivot_cap)
{
    if (source == dest) {
        cte_swap(new_pivot_cap, source, new_dest_cap, pivot);
    } else {
        cte_move(new_dest_cap, pivot, dest);
        cte_move(new_pivot_cap, source, pivot);
    }
}

static exception_t decode_rotate(const struct invocation *inv, struct cte *dest)
{
    struct cte *source, *pivot;
    cap_t new_dest_cap, new_pivot_cap;
    exception_t status;

    if (is_truncated(inv, 8, 2))
        return syscall_error(seL4_TruncatedMessage);
    status = lookup_source_slot(inv->extra[1]->cap, arg(inv, 6), arg(inv, 7), &source);
    if (status == EXCEPTION_NONE)
        status = lookup_source_slot(inv->extra[0]->cap, arg(inv, 3), arg(inv, 4), &pivot);
    if (status != EXCEPTION_NONE)
        return status;
    if (pivot == source || pivot == dest)
        return syscall_error(seL4_IllegalOperation);
    if (source != dest && !is_null(dest->cap))
        return syscall_error(seL4_DeleteFirst);
    if (is_null(source->cap))
        return missing_capability(true, arg(inv, 7));
    if (is_null(pivot->cap))
        return missing_capability(false, arg(inv, 4));
    new_dest_cap = update_cap_data(pivot->cap, arg(inv, 2), true);
    new_pivot_cap = update_cap_data(source->cap, arg(inv, 5), true);
    if (is_null(new_dest_cap) || is_null(new_pivot_cap))
        return syscall_error(seL4_IllegalOperation);
    invoke_rotate(dest, pivot, source, new_dest_cap, new_pivot_cap);
    return EXCEPTION_NONE;
}

exception_t decode_cnode_invocation(const struct invocation *inv)
{
    struct cte *dest;
    exception_t status;

    if (inv->label < LABEL_CNODE_REVOKE || inv->label > LABEL_CNODE_SAVE_CALLER)
        return syscall_error(seL4_IllegalOperation);
    if (is_truncated(inv, 2, 0))
        return syscall_error(seL4_TruncatedMessage);
    status = lookup_target_slot(inv->cap, arg(inv, 0), arg(inv, 1), &dest);
    if (status != EXCEPTION_NONE)
        return status;

    switch (inv->label) {
    case LABEL_CNODE_REVOKE:
        return cte_revoke(dest);
    case LABEL_CNODE_DELETE:
        return cte_delete(dest);
    case LABEL_CNODE_CANCEL_BADGED_SENDS:
        return decode_cancel_badged_sends(dest);
    case LABEL_CNODE_ROTATE:
        return decode_rotate(inv, dest);
    case LABEL_CNODE_SAVE_CALLER:
        return decode_save_caller(dest);
    default:
        return decode_transfer(inv, dest);
    }
}

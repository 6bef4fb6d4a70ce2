/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Removing capabilities. With the last capability to an object goes the object; a CNode or TCB
 * first has its own slots emptied, which takes long, so its capability becomes a zombie: a note of
 * how many slots are still to do. The work can stop between any two slots and go on later.
 *
 * Nesting is bounded: the last capability to a CNode or TCB found inside another is not followed.
 * It changes places with the first capability in its own object ("shelving"), so that the object is
 * reachable only through itself, and lies idle until the untyped it was made from is revoked.
 */

#include <cap.h>
#include <debug.h>
#include <interrupt.h>
#include <ipc.h>
#include <object.h>
#include <sched.h>
#include <tcb.h>

static cap_t zombie_new(word_t slots, word_t radix, bool is_tcb, word_t count)
{
    cap_t zombie = cap_new(CAP_ZOMBIE, slots);

    zombie = set_zombie_radix(zombie, radix);
    zombie = set_zombie_is_tcb(zombie, is_tcb);
    return set_zombie_count(zombie, count);
}

/* Ends what the capability gave access to; returns null, or the zombie that is left to empty. */
static cap_t finalise_cap(cap_t cap, bool final)
{
    if (is_arch_cap(cap)) {
        arch_finalise_cap(cap, final);
        return cap_null();
    }
    if (is_cap(cap, CAP_ZOMBIE))
        return cap;
    if (!final)
        return cap_null();
    switch (cap_type(cap)) {
    case CAP_ENDPOINT:
        endpoint_cancel_all(cap_endpoint(cap));
        break;
    case CAP_NOTIFICATION:
        if (cap_notification(cap)->bound)
            unbind_notification(cap_notification(cap)->bound);
        notification_cancel_all(cap_notification(cap));
        break;
    case CAP_CNODE:
        return zombie_new(cap_pointer(cap), cnode_radix(cap), false, BIT(cnode_radix(cap)));
    case CAP_THREAD:
        tcb_finalise(cap_tcb(cap));
        return zombie_new(cap_pointer(cap), 0, true, TCB_SLOTS);
    case CAP_IRQ_HANDLER:
        irq_deleted(irq_handler_irq(cap));
        break;
    default:
        break;
    }
    return cap_null();
}

static void empty_slot(struct cte *slot)
{
    struct cte *prev = mdb_prev(slot);
    struct cte *next = mdb_next(slot);

    if (is_null(slot->cap))
        return;
    ASSERT(is_linked(slot));
    if (prev)
        prev->mdb.next = (word_t)next | (prev->mdb.next & MDB_FLAGS);
    if (next) {
        next->mdb.prev = (word_t)prev;
        next->mdb.next |= slot->mdb.next & MDB_FIRST_BADGED;
    }
    slot->cap = cap_null();
    slot->mdb = (struct mdb_node){0, 0};
}

/* A zombie is done when no slots are left, or only the one that holds the zombie itself. */
static bool is_zombie_done(struct cte *slot)
{
    word_t count = zombie_count(slot->cap);

    return count == 0 || (count == 1 && cap_slots(slot->cap) == slot);
}

/* Finalises the slot's capability; true if the slot may then simply be emptied. */
static bool finalise_in_place(struct cte *slot)
{
    cap_t remainder;

    if (is_null(slot->cap))
        return true;
    remainder = finalise_cap(slot->cap, is_final_cap(slot));
    if (is_null(remainder))
        return true;
    slot->cap = remainder;
    return is_zombie_done(slot);
}

/* Empties a slot inside an object that is being deleted. Zombies found there are shelved; one that
 * already lies in its own first slot is left. */
static exception_t clear_inner_slot(struct cte *slot)
{
    while (!finalise_in_place(slot)) {
        struct cte *home = cap_slots(slot->cap);

        if (home == slot)
            return EXCEPTION_NONE;
        cte_swap(slot->cap, slot, home->cap, home);
        if (preemption_point() == EXCEPTION_PREEMPTED)
            return EXCEPTION_PREEMPTED;
    }
    empty_slot(slot);
    return EXCEPTION_NONE;
}

/* Empties the last slot that the zombie in `slot` still has. */
static exception_t reduce_zombie(struct cte *slot)
{
    cap_t zombie = slot->cap;
    word_t count = zombie_count(zombie);
    struct cte *end = cap_slots(zombie) + count - 1;
    exception_t status = clear_inner_slot(end);

    if (status != EXCEPTION_NONE)
        return status;
    /* Emptying may have reached `slot` itself, when it lies in the object or was swapped. */
    if (is_cap(slot->cap, CAP_ZOMBIE) && cap_pointer(slot->cap) == cap_pointer(zombie) &&
        zombie_count(slot->cap) == count && is_null(end->cap))
        slot->cap = set_zombie_count(slot->cap, count - 1);
    return preemption_point();
}

exception_t cte_delete(struct cte *slot)
{
    while (!finalise_in_place(slot)) {
        exception_t status = reduce_zombie(slot);

        if (status != EXCEPTION_NONE)
            return status;
    }
    empty_slot(slot);
    return EXCEPTION_NONE;
}

exception_t cte_revoke(struct cte *slot)
{
    while (!is_null(slot->cap) && has_children(slot)) {
        exception_t status = cte_delete(mdb_next(slot));

        if (status == EXCEPTION_NONE)
            status = preemption_point();
        if (status != EXCEPTION_NONE)
            return status;
    }
    return EXCEPTION_NONE;
}

void cte_delete_one(struct cte *slot)
{
    if (is_null(slot->cap))
        return;
    finalise_cap(slot->cap, is_final_cap(slot));
    empty_slot(slot);
}

bool is_long_running_delete(const struct cte *slot)
{
    switch (cap_type(slot->cap)) {
    case CAP_THREAD:
    case CAP_ZOMBIE:
    case CAP_CNODE:
        return is_final_cap(slot);
    default:
        return false;
    }
}

/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The derivation tree, kept as an ordered list: the descendants of a capability are the unbroken
 * run of entries behind it of which it is an ancestor.
 */

#include <cap.h>
#include <debug.h>
#include <fault.h>

static void set_next(struct cte *slot, struct cte *next)
{
    slot->mdb.next = (word_t)next | (slot->mdb.next & MDB_FLAGS);
}

static void set_prev(struct cte *slot, struct cte *prev)
{
    slot->mdb.prev = (word_t)prev;
}

/* Makes the neighbours of a slot point to it. */
static void adopt_neighbours(struct cte *slot)
{
    if (mdb_prev(slot))
        set_next(mdb_prev(slot), slot);
    if (mdb_next(slot))
        set_prev(mdb_next(slot), slot);
}

/* True if `slot`, somewhere behind `ancestor`, would be one of its descendants. */
static bool is_mdb_ancestor(const struct cte *ancestor, const struct cte *slot)
{
    word_t badge;

    if (!(ancestor->mdb.next & MDB_REVOCABLE) || !same_region(ancestor->cap, slot->cap))
        return false;
    switch (cap_type(ancestor->cap)) {
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        badge = endpoint_badge(ancestor->cap);
        return badge == 0 ||
               (badge == endpoint_badge(slot->cap) && !(slot->mdb.next & MDB_FIRST_BADGED));
    default:
        return true;
    }
}

/* The neighbours' links lead back to the slot. */
bool is_linked(const struct cte *slot)
{
    return (!mdb_prev(slot) || mdb_next(mdb_prev(slot)) == slot) &&
           (!mdb_next(slot) || mdb_prev(mdb_next(slot)) == slot);
}

static void insert_behind(struct cte *parent, struct cte *slot, word_t flags)
{
    ASSERT(is_null(slot->cap) && slot->mdb.prev == 0 && slot->mdb.next == 0);
    slot->mdb.prev = (word_t)parent;
    slot->mdb.next = (word_t)mdb_next(parent) | flags;
    ASSERT(is_linked(parent));
    adopt_neighbours(slot);
    ASSERT(is_linked(slot));
}

void cte_insert(cap_t cap, struct cte *source, struct cte *dest)
{
    bool revocable = derives_revocable(cap, source->cap);

    /* Whoever holds the copy may use up the free memory, so the source must not. */
    if (is_cap(source->cap, CAP_UNTYPED) && is_cap(cap, CAP_UNTYPED) &&
        cap_pointer(source->cap) == cap_pointer(cap) &&
        untyped_size_bits(source->cap) == untyped_size_bits(cap))
        source->cap = set_untyped_free_offset(source->cap, BIT(untyped_size_bits(cap)));
    insert_behind(source, dest, revocable ? MDB_REVOCABLE | MDB_FIRST_BADGED : 0);
    dest->cap = cap;
}

void cte_insert_child(cap_t cap, struct cte *parent, struct cte *dest)
{
    insert_behind(parent, dest, MDB_REVOCABLE | MDB_FIRST_BADGED);
    dest->cap = cap;
}

void cte_move(cap_t cap, struct cte *source, struct cte *dest)
{
    ASSERT(is_null(dest->cap) && source != dest);
    dest->cap = cap;
    dest->mdb = source->mdb;
    source->cap = cap_null();
    source->mdb = (struct mdb_node){0, 0};
    adopt_neighbours(dest);
    ASSERT(is_linked(dest));
}

void cte_swap(cap_t cap1, struct cte *slot1, cap_t cap2, struct cte *slot2)
{
    struct mdb_node mdb1 = slot1->mdb;
    struct mdb_node mdb2;

    /* Going through the list twice settles the case that the two are neighbours. */
    if (mdb_prev(slot1))
        set_next(mdb_prev(slot1), slot2);
    if (mdb_next(slot1))
        set_prev(mdb_next(slot1), slot2);
    mdb2 = slot2->mdb;
    slot1->mdb = mdb2;
    slot2->mdb = mdb1;
    if (mdb2.prev)
        set_next((struct cte *)mdb2.prev, slot1);
    if (mdb2.next & ~(word_t)MDB_FLAGS)
        set_prev((struct cte *)(mdb2.next & ~(word_t)MDB_FLAGS), slot1);
    slot1->cap = cap2;
    slot2->cap = cap1;
    ASSERT(is_linked(slot1) && is_linked(slot2));
}

bool has_children(const struct cte *slot)
{
    return mdb_next(slot) && is_mdb_ancestor(slot, mdb_next(slot));
}

bool is_final_cap(const struct cte *slot)
{
    const struct cte *prev = mdb_prev(slot);
    const struct cte *next = mdb_next(slot);

    return !(prev && same_object(prev->cap, slot->cap)) &&
           !(next && same_object(slot->cap, next->cap));
}

exception_t ensure_no_children(const struct cte *slot)
{
    return has_children(slot) ? syscall_error(seL4_RevokeFirst) : EXCEPTION_NONE;
}

exception_t ensure_empty_slot(const struct cte *slot)
{
    return is_null(slot->cap) ? EXCEPTION_NONE : syscall_error(seL4_DeleteFirst);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Capabilities, the slots that hold them, and what the kernel asks of every kind of them. */

#include <abi.h>
#include <config.h>
#include <mode/cap.h>

/*
 * Place in the derivation tree: an ordered, doubly linked list. The flags are in the low bits of
 * `next`, which slot alignment leaves free.
 */
struct mdb_node {
    word_t prev;
    word_t next;
};

#define MDB_FIRST_BADGED 1
#define MDB_REVOCABLE 2
#define MDB_FLAGS 3

struct cte {
    cap_t cap;
    struct mdb_node mdb;
};

_Static_assert(sizeof(struct cte) == BIT(SLOT_BITS), "slot size is part of the ABI");

static inline cap_t cap_null(void)
{
    return (cap_t){{0, 0}};
}

static inline bool is_null(cap_t cap)
{
    return is_cap(cap, CAP_NULL);
}

static inline struct cte *mdb_next(const struct cte *slot)
{
    return (struct cte *)(slot->mdb.next & ~(word_t)MDB_FLAGS);
}

static inline struct cte *mdb_prev(const struct cte *slot)
{
    return (struct cte *)slot->mdb.prev;
}

static inline struct endpoint *cap_endpoint(cap_t cap)
{
    return (struct endpoint *)cap_object(cap);
}

static inline struct notification *cap_notification(cap_t cap)
{
    return (struct notification *)cap_object(cap);
}

static inline struct tcb *cap_tcb(cap_t cap)
{
    return (struct tcb *)cap_object(cap);
}

static inline struct cte *cap_slots(cap_t cap)
{
    return (struct cte *)cap_object(cap);
}

static inline word_t untyped_free_offset(cap_t cap)
{
    return untyped_free_units(cap) << MIN_UNTYPED_BITS;
}

static inline cap_t set_untyped_free_offset(cap_t cap, word_t offset)
{
    return set_untyped_free_units(cap, offset >> MIN_UNTYPED_BITS);
}

/* object/cap.c */

/* True if b's object is a's object, or lies in the memory of a. */
bool same_region(cap_t a, cap_t b);
/* True if both name the very same object (untypeds never do). */
bool same_object(cap_t a, cap_t b);
/* The capability with the rights that are not in `rights` taken away. */
cap_t mask_rights(cap_t cap, word_t rights);
/* The capability with badge or guard set from `data`; null if that is not allowed.
 * `preserve` is for Mutate and friends, which may not change badges at all. */
cap_t update_cap_data(cap_t cap, word_t data, bool preserve);
/* Makes in *out the capability that a copy of `cap` (from `slot`) becomes; null if it may not be
 * copied. Fails with a syscall error. */
exception_t derive_cap(struct cte *slot, cap_t cap, cap_t *out);
/* Whether a capability newly made from `source` starts a revocable subtree. */
bool derives_revocable(cap_t derived, cap_t source);

/* object/derivation.c: the derivation tree. */

/* Puts a derived capability in an empty slot, right behind its source. */
void cte_insert(cap_t cap, struct cte *source, struct cte *dest);
/* Puts a newly made object's capability in an empty slot, as first child of `parent`. */
void cte_insert_child(cap_t cap, struct cte *parent, struct cte *dest);
/* Moves a capability (with a possibly changed guard) to an empty slot, keeping its place. */
void cte_move(cap_t cap, struct cte *source, struct cte *dest);
/* Exchanges two slots; each keeps its capability's place in the tree. */
void cte_swap(cap_t cap1, struct cte *slot1, cap_t cap2, struct cte *slot2);
/* For assertions: the links to the neighbours are whole. */
bool is_linked(const struct cte *slot);
bool has_children(const struct cte *slot);
/* True if no other capability to the object is left. */
bool is_final_cap(const struct cte *slot);
/* SYSCALL_ERROR (RevokeFirst, DeleteFirst) unless the slot has no children, is empty. */
exception_t ensure_no_children(const struct cte *slot);
exception_t ensure_empty_slot(const struct cte *slot);

/* object/delete.c: removing capabilities, and with the last one the object. */

/* Empties the slot; PREEMPTED if an interrupt is pending, with all work so far kept. */
exception_t cte_delete(struct cte *slot);
/* Deletes all descendants of the slot's capability. Preemptible. */
exception_t cte_revoke(struct cte *slot);
/* Empties a slot whose capability needs no lengthy finalising (notification). */
void cte_delete_one(struct cte *slot);
/* True if the slot holds the last capability to something whose deletion takes long. */
bool is_long_running_delete(const struct cte *slot);

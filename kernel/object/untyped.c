/* SPDX-License-Identifier: BSD-2-Clause */

/* Untyped memory: retyping it into objects. */

#include <debug.h>
#include <invocation.h>
#include <memory.h>
#include <object.h>
#include <sched.h>

/* A checked request: everything that making the objects needs. */
struct retype {
    struct cte *slot; /* of the untyped */
    word_t type;
    word_t user_bits;
    word_t object_bits;
    struct cte *dest; /* first of `count` empty slots */
    word_t count;
    bool reset;       /* no object is left: start over with cleared memory */
    word_t inherited; /* so much used memory, from the start, goes to new untypeds as it is */
};

/* Log2 size of an object; `user_bits` is what the user asked for (untypeds and CNodes). */
static word_t object_size_bits(word_t type, word_t user_bits)
{
    switch (type) {
    case OBJECT_UNTYPED:
        return user_bits;
    case OBJECT_TCB:
        return TCB_BITS;
    case OBJECT_ENDPOINT:
        return ENDPOINT_BITS;
    case OBJECT_NOTIFICATION:
        return NOTIFICATION_BITS;
    case OBJECT_CNODE:
        return user_bits + SLOT_BITS;
    default:
        return arch_object_size_bits(type);
    }
}

static cap_t untyped_cap_new(word_t address, word_t bits, bool device)
{
    cap_t cap = set_untyped_size_bits(cap_new(CAP_UNTYPED, address), bits);

    return set_untyped_is_device(cap, device);
}

/* Makes an object in zeroed memory; returns the first capability to it. */
static cap_t create_object(word_t type, word_t address, word_t user_bits, bool device)
{
    switch (type) {
    case OBJECT_UNTYPED:
        return untyped_cap_new(address, user_bits, device);
    case OBJECT_TCB:
        tcb_init((struct tcb *)address);
        return cap_new(CAP_THREAD, address);
    case OBJECT_ENDPOINT:
        return set_endpoint_rights(cap_new(CAP_ENDPOINT, address), RIGHTS_ALL);
    case OBJECT_NOTIFICATION:
        return set_endpoint_rights(cap_new(CAP_NOTIFICATION, address), RIGHT_READ | RIGHT_WRITE);
    case OBJECT_CNODE:
        return set_cnode_radix(cap_new(CAP_CNODE, address), user_bits);
    default:
        return arch_create_object(type, address, device);
    }
}

static exception_t check_type(const struct invocation *inv, struct retype *retype)
{
    word_t type = arg(inv, 0);
    word_t user_bits = arg(inv, 1);

    if (type >= OBJECT_COUNT)
        return invalid_argument(0);
    if (user_bits >= WORD_BITS || object_size_bits(type, user_bits) > MAX_UNTYPED_BITS)
        return range_error(0, MAX_UNTYPED_BITS);
    if (type == OBJECT_CNODE && user_bits == 0)
        return invalid_argument(1);
    if (type == OBJECT_UNTYPED && user_bits < MIN_UNTYPED_BITS)
        return invalid_argument(1);
    retype->type = type;
    retype->user_bits = user_bits;
    retype->object_bits = object_size_bits(type, user_bits);
    return EXCEPTION_NONE;
}

static exception_t lookup_dest_cnode(const struct invocation *inv, cap_t *out)
{
    word_t depth = arg(inv, 3);
    struct cte *slot = inv->extra[0];

    if (depth != 0) {
        exception_t status = lookup_target_slot(slot->cap, arg(inv, 2), depth, &slot);

        if (status != EXCEPTION_NONE)
            return status;
    }
    if (!is_cap(slot->cap, CAP_CNODE))
        return missing_capability(false, depth);
    *out = slot->cap;
    return EXCEPTION_NONE;
}

static exception_t check_dest(const struct invocation *inv, struct retype *retype)
{
    word_t offset = arg(inv, 4);
    word_t count = arg(inv, 5);
    word_t slots;
    cap_t cnode;
    exception_t status = lookup_dest_cnode(inv, &cnode);

    if (status != EXCEPTION_NONE)
        return status;
    slots = BIT(cnode_radix(cnode));
    if (offset > slots - 1)
        return range_error(0, slots - 1);
    if (count < 1 || count > CONFIG_RETYPE_FAN_OUT_LIMIT)
        return range_error(1, CONFIG_RETYPE_FAN_OUT_LIMIT);
    if (count > slots - offset)
        return range_error(1, slots - offset);
    retype->dest = cap_slots(cnode) + offset;
    retype->count = count;
    for (word_t i = 0; i < count && status == EXCEPTION_NONE; i++)
        status = ensure_empty_slot(&retype->dest[i]);
    return status;
}

static exception_t check_space(const struct invocation *inv, struct retype *retype)
{
    word_t size = BIT(untyped_size_bits(inv->cap));
    word_t free;

    retype->reset = !has_children(inv->slot);
    free = retype->reset ? size : size - untyped_free_offset(inv->cap);
    if ((free >> retype->object_bits) < retype->count) {
        current_syscall_error.memory_left = free;
        return syscall_error(seL4_NotEnoughMemory);
    }
    if (untyped_is_device(inv->cap) && retype->type != OBJECT_UNTYPED &&
        !arch_is_frame_type(retype->type))
        return invalid_argument(1);
    return EXCEPTION_NONE;
}

/* Clears what has been used of an untyped, from the top down; the watermark sinks along, so that a
 * preempted reset goes on where it was. */
static exception_t reset_untyped(struct cte *slot)
{
    word_t offset = untyped_free_offset(slot->cap);

    if (untyped_is_device(slot->cap))
        offset = 0;
    while (offset > 0) {
        word_t start = round_down(offset - 1, CONFIG_RESET_CHUNK_BITS);

        clear_memory((void *)(cap_pointer(slot->cap) + start), offset - start);
        offset = start;
        slot->cap = set_untyped_free_offset(slot->cap, offset);
        if (offset > 0 && preemption_point() == EXCEPTION_PREEMPTED)
            return EXCEPTION_PREEMPTED;
    }
    slot->cap = set_untyped_free_offset(slot->cap, 0);
    return EXCEPTION_NONE;
}

static bool can_hand_down(const struct retype *retype)
{
    cap_t cap = retype->slot->cap;

    return retype->type == OBJECT_UNTYPED && !untyped_is_device(cap) &&
           retype->count << retype->object_bits >= untyped_free_offset(cap);
}

/* A large untyped is divided at once, however much of it has been used: if new untypeds take all of
 * that, each is cleared when objects are made of it. */
static exception_t prepare_memory(struct retype *retype)
{
    struct cte *slot = retype->slot;

    if (!can_hand_down(retype))
        return reset_untyped(slot);
    retype->inherited = untyped_free_offset(slot->cap);
    slot->cap = set_untyped_free_offset(slot->cap, 0);
    return EXCEPTION_NONE;
}

static void hand_down(const struct retype *retype)
{
    word_t left = retype->inherited;

    for (word_t i = 0; i < retype->count; i++) {
        struct cte *child = &retype->dest[i];
        word_t part = min(left, BIT(retype->object_bits));

        child->cap = set_untyped_free_offset(child->cap, part);
        left -= part;
    }
}

static exception_t invoke_retype(struct retype *retype)
{
    struct cte *parent = retype->slot;
    bool device = untyped_is_device(parent->cap);
    word_t base = cap_pointer(parent->cap);
    word_t address;

    if (retype->reset && prepare_memory(retype) == EXCEPTION_PREEMPTED)
        return EXCEPTION_PREEMPTED;
    address = round_up(base + untyped_free_offset(parent->cap), retype->object_bits);
    for (word_t i = 0; i < retype->count; i++) {
        cte_insert_child(create_object(retype->type, address, retype->user_bits, device), parent,
                         &retype->dest[i]);
        address += BIT(retype->object_bits);
    }
    ASSERT(has_children(parent));
    parent->cap = set_untyped_free_offset(parent->cap, address - base);
    if (retype->inherited != 0)
        hand_down(retype);
    return EXCEPTION_NONE;
}

exception_t decode_untyped_invocation(const struct invocation *inv)
{
    struct retype retype = {.slot = inv->slot};
    exception_t status;

    if (inv->label != LABEL_UNTYPED_RETYPE)
        return syscall_error(seL4_IllegalOperation);
    if (is_truncated(inv, 6, 1))
        return syscall_error(seL4_TruncatedMessage);
    status = check_type(inv, &retype);
    if (status == EXCEPTION_NONE)
        status = check_dest(inv, &retype);
    if (status == EXCEPTION_NONE)
        status = check_space(inv, &retype);
    if (status != EXCEPTION_NONE)
        return status;
    return invoke_retype(&retype);
}

/* SPDX-License-Identifier: BSD-2-Clause */

/* Checks of the derivation tree, and of the objects that its capabilities name. */

#include <check.h>
#include <debug.h>
#include <interrupt.h>
#include <ipc.h>
#include <object.h>

#if DBG

#define MAX_SCANNED_RADIX 12 /* larger CNodes' slots are only met through the list */

bool is_first_cap(const struct cte *slot)
{
    return !mdb_prev(slot) || !same_object(mdb_prev(slot)->cap, slot->cap);
}

/* Children come behind their parent, the newest first, and memory is given out upwards. So the next
 * capability's object lies within this one's, or below it. */
static void check_order(const struct cte *slot, const struct cte *next)
{
    struct region_span a = cap_span(slot->cap), b = cap_span(next->cap);

    if (!a.physical || !b.physical)
        return;
    ASSERT(b.base + MASK(b.bits) < a.base ||
           (b.bits <= a.bits && ((a.base ^ b.base) >> a.bits) == 0));
}

/* Nothing lives in memory that the untyped takes for free. */
static void check_watermark(const struct cte *untyped, const struct cte *child)
{
    struct region_span span = cap_span(child->cap);
    word_t end = span.base - cap_pointer(untyped->cap) + BIT(span.bits);

    ASSERT(end <= untyped_free_offset(untyped->cap));
}

static void check_slots(cap_t cnode)
{
    const struct cte *slots = cap_slots(cnode);

    if (cnode_radix(cnode) > MAX_SCANNED_RADIX)
        return;
    for (word_t i = 0; i < BIT(cnode_radix(cnode)); i++) {
        if (is_null(slots[i].cap))
            ASSERT(slots[i].mdb.prev == 0 && slots[i].mdb.next == 0);
        else
            ASSERT(is_linked(&slots[i]));
    }
}

static void check_object(const struct cte *slot)
{
    cap_t cap = slot->cap;

    switch (cap_type(cap)) {
    case CAP_UNTYPED:
        ASSERT(untyped_free_offset(cap) <= BIT(untyped_size_bits(cap)));
        break;
    case CAP_ENDPOINT:
        check_endpoint(cap_endpoint(cap));
        break;
    case CAP_NOTIFICATION:
        check_notification(cap_notification(cap));
        break;
    case CAP_CNODE:
        check_slots(cap);
        break;
    case CAP_THREAD:
        check_thread(cap_tcb(cap));
        break;
    case CAP_IRQ_HANDLER:
        ASSERT(is_irq_issued(irq_handler_irq(cap)));
        break;
    default:
        break;
    }
}

static void check_references(const struct cte *slot)
{
    switch (cap_type(slot->cap)) {
    case CAP_ENDPOINT:
        check_endpoint_references(cap_endpoint(slot->cap));
        break;
    case CAP_NOTIFICATION:
        check_notification_references(cap_notification(slot->cap));
        break;
    case CAP_THREAD:
        check_thread_references(cap_tcb(slot->cap));
        break;
    default:
        break;
    }
}

static void check_slot(const struct cte *slot)
{
    const struct cte *next = mdb_next(slot);

    ASSERT(!is_null(slot->cap) && is_linked(slot));
    if (next)
        check_order(slot, next);
    if (next && is_cap(slot->cap, CAP_UNTYPED) && same_region(slot->cap, next->cap))
        check_watermark(slot, next);
    if (is_cap(slot->cap, CAP_ZOMBIE))
        ASSERT(zombie_count(slot->cap) <=
               (zombie_is_tcb(slot->cap) ? TCB_SLOTS : BIT(zombie_radix(slot->cap))));
}

word_t check_list(const struct cte *first, bool references)
{
    word_t count = 0;

    for (const struct cte *slot = first; slot; slot = mdb_next(slot)) {
        count++;
        if (!references)
            check_slot(slot);
        if (!is_first_cap(slot))
            continue;
        if (references)
            check_references(slot);
        else
            check_object(slot);
    }
    return count;
}

#endif

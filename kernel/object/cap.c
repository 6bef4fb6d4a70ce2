/* SPDX-License-Identifier: BSD-2-Clause */

/* What can be asked of a capability of any kind: its extent, its kin, and what a copy becomes. */

#include <cap.h>
#include <fault.h>
#include <mode/types.h>
#include <object.h>

static struct region_span zombie_span(cap_t cap)
{
    word_t bits = zombie_is_tcb(cap) ? TCB_BITS : zombie_radix(cap) + SLOT_BITS;

    return (struct region_span){cap_pointer(cap), bits, true};
}

struct region_span cap_span(cap_t cap)
{
    switch (cap_type(cap)) {
    case CAP_UNTYPED:
        return (struct region_span){cap_pointer(cap), untyped_size_bits(cap), true};
    case CAP_ENDPOINT:
        return (struct region_span){cap_pointer(cap), ENDPOINT_BITS, true};
    case CAP_NOTIFICATION:
        return (struct region_span){cap_pointer(cap), NOTIFICATION_BITS, true};
    case CAP_CNODE:
        return (struct region_span){cap_pointer(cap), cnode_radix(cap) + SLOT_BITS, true};
    case CAP_THREAD:
        return (struct region_span){cap_pointer(cap), TCB_BITS, true};
    case CAP_ZOMBIE:
        return zombie_span(cap);
    default:
        return arch_cap_span(cap);
    }
}

/* True if all memory of b is part of the untyped a. */
static bool untyped_contains(cap_t a, cap_t b)
{
    struct region_span inner = cap_span(b);
    word_t base = cap_pointer(a);

    return inner.physical && inner.bits <= untyped_size_bits(a) &&
           ((inner.base ^ base) >> untyped_size_bits(a)) == 0;
}

bool same_region(cap_t a, cap_t b)
{
    switch (cap_type(a)) {
    case CAP_UNTYPED:
        return untyped_contains(a, b);
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
    case CAP_THREAD:
    case CAP_REPLY:
        return cap_type(b) == cap_type(a) && cap_pointer(a) == cap_pointer(b);
    case CAP_CNODE:
        return is_cap(b, CAP_CNODE) && cap_pointer(a) == cap_pointer(b) &&
               cnode_radix(a) == cnode_radix(b);
    case CAP_DOMAIN:
        return is_cap(b, CAP_DOMAIN);
    case CAP_IRQ_CONTROL:
        return is_cap(b, CAP_IRQ_CONTROL) || is_cap(b, CAP_IRQ_HANDLER);
    case CAP_IRQ_HANDLER:
        return is_cap(b, CAP_IRQ_HANDLER) && irq_handler_irq(a) == irq_handler_irq(b);
    default:
        return is_arch_cap(a) && is_arch_cap(b) && arch_same_region(a, b);
    }
}

bool same_object(cap_t a, cap_t b)
{
    if (is_cap(a, CAP_UNTYPED))
        return false;
    if (is_cap(a, CAP_IRQ_CONTROL) && is_cap(b, CAP_IRQ_HANDLER))
        return false;
    if (is_arch_cap(a) && is_arch_cap(b))
        return arch_same_object(a, b);
    return same_region(a, b);
}

cap_t mask_rights(cap_t cap, word_t rights)
{
    switch (cap_type(cap)) {
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        return set_endpoint_rights(cap, endpoint_rights(cap) & rights);
    case CAP_REPLY:
        return set_reply_can_grant(cap, reply_can_grant(cap) && (rights & RIGHT_GRANT));
    default:
        return is_arch_cap(cap) ? arch_mask_rights(cap, rights) : cap;
    }
}

static cap_t update_cnode_guard(cap_t cap, word_t data)
{
    word_t size = cap_data_guard_size(data);

    if (size + cnode_radix(cap) > WORD_BITS)
        return cap_null();
    cap = set_cnode_guard_size(cap, size);
    return set_cnode_guard(cap, size < WORD_BITS ? cap_data_guard(data) & MASK(size) : 0);
}

cap_t update_cap_data(cap_t cap, word_t data, bool preserve)
{
    switch (cap_type(cap)) {
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        if (preserve || endpoint_badge(cap) != 0)
            return cap_null();
        return set_endpoint_badge(cap, data);
    case CAP_CNODE:
        return update_cnode_guard(cap, data);
    default:
        return cap;
    }
}

exception_t derive_cap(struct cte *slot, cap_t cap, cap_t *out)
{
    *out = cap;
    switch (cap_type(cap)) {
    case CAP_ZOMBIE:
    case CAP_IRQ_CONTROL:
    case CAP_REPLY:
        *out = cap_null();
        return EXCEPTION_NONE;
    case CAP_UNTYPED:
        return ensure_no_children(slot);
    default:
        return is_arch_cap(cap) ? arch_derive_cap(cap, out) : EXCEPTION_NONE;
    }
}

bool derives_revocable(cap_t derived, cap_t source)
{
    switch (cap_type(derived)) {
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        return endpoint_badge(derived) != endpoint_badge(source);
    case CAP_IRQ_HANDLER:
        return is_cap(source, CAP_IRQ_CONTROL);
    case CAP_UNTYPED:
        return true;
    default:
        return is_arch_cap(derived) && arch_derives_revocable(derived, source);
    }
}

/* SPDX-License-Identifier: BSD-2-Clause */

/* Interrupt control and handlers. */

#include <arch/irq.h>
#include <check.h>
#include <debug.h>
#include <interrupt.h>
#include <invocation.h>

/* Each IRQ's notification: a capability of the kernel's own, derived from the user's. */
static struct cte irq_slots[NUM_IRQS];
static bool irq_issued[NUM_IRQS];

bool is_irq_issued(word_t irq)
{
    return irq_issued[irq];
}

void irq_issue(word_t irq, struct cte *control_slot, struct cte *dest)
{
    irq_issued[irq] = true;
    cte_insert(set_irq_handler_irq(cap_new(CAP_IRQ_HANDLER, 0), irq), control_slot, dest);
}

void irq_deleted(word_t irq)
{
    cte_delete_one(&irq_slots[irq]);
    arch_irq_mask(irq);
    arch_irq_release(irq);
    irq_issued[irq] = false;
}

#if DBG
word_t irqs_issued(void)
{
    word_t count = 0;

    for (word_t irq = 0; irq < NUM_IRQS; irq++) {
        ASSERT(is_linked(&irq_slots[irq]));
        ASSERT(irq_issued[irq] || is_null(irq_slots[irq].cap));
        count += irq_issued[irq];
    }
    return count;
}
#endif

void irq_signal(word_t irq)
{
    cap_t cap = irq_slots[irq].cap;

    if (is_cap(cap, CAP_NOTIFICATION) && (endpoint_rights(cap) & RIGHT_WRITE))
        send_signal(cap_notification(cap), endpoint_badge(cap));
}

exception_t decode_irq_control_invocation(const struct invocation *inv)
{
    if (inv->label == LABEL_IRQ_ISSUE_HANDLER) {
        if (is_truncated(inv, 3, 1))
            return syscall_error(seL4_TruncatedMessage);
        /* With an IOAPIC there are no plain IRQ numbers to ask for. */
        return syscall_error(seL4_IllegalOperation);
    }
    return arch_decode_irq_control(inv);
}

static exception_t decode_set_notification(const struct invocation *inv)
{
    struct cte *slot = &irq_slots[irq_handler_irq(inv->cap)];
    cap_t cap;

    if (is_truncated(inv, 0, 1))
        return syscall_error(seL4_TruncatedMessage);
    cap = inv->extra[0]->cap;
    if (!is_cap(cap, CAP_NOTIFICATION) || !(endpoint_rights(cap) & RIGHT_WRITE))
        return invalid_capability(0);
    cte_delete_one(slot);
    cte_insert(cap, inv->extra[0], slot);
    return EXCEPTION_NONE;
}

exception_t decode_irq_handler_invocation(const struct invocation *inv)
{
    word_t irq = irq_handler_irq(inv->cap);

    switch (inv->label) {
    case LABEL_IRQ_ACK:
        arch_irq_unmask(irq);
        return EXCEPTION_NONE;
    case LABEL_IRQ_SET_NOTIFICATION:
        return decode_set_notification(inv);
    case LABEL_IRQ_CLEAR:
        cte_delete_one(&irq_slots[irq]);
        return EXCEPTION_NONE;
    default:
        return syscall_error(seL4_IllegalOperation);
    }
}

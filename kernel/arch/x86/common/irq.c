/* SPDX-License-Identifier: BSD-2-Clause */

/* Interrupts from IOAPIC pins and MSI, and the kernel's own timer. */

#include <arch/apic.h>
#include <arch/irq.h>
#include <debug.h>
#include <interrupt.h>
#include <invocation.h>
#include <sched.h>

static struct {
    bool has_pin; /* MSI has none */
    uint8_t pin;
} routes[NUM_IRQS];

void arch_irq_mask(word_t irq)
{
    if (routes[irq].has_pin)
        ioapic_set_mask(routes[irq].pin, true);
}

void arch_irq_unmask(word_t irq)
{
    if (routes[irq].has_pin)
        ioapic_set_mask(routes[irq].pin, false);
}

void arch_irq_release(word_t irq)
{
    routes[irq].has_pin = false;
}

bool arch_irq_pending(void)
{
    return lapic_irq_pending();
}

void handle_interrupt(word_t vector)
{
    word_t irq = vector - IRQ_VECTOR_BASE;

    if (vector == VECTOR_SPURIOUS)
        return;
    if (irq == IRQ_TIMER) {
        timer_tick();
    } else if (irq < NUM_IRQS && is_irq_issued(irq)) {
        arch_irq_mask(irq);
        irq_signal(irq);
    }
    lapic_eoi();
}

/* The checks that both kinds share: the vector, then the slot for the handler. */
static exception_t check_vector_and_dest(const struct invocation *inv, struct cte **dest)
{
    word_t vector;
    exception_t status;

    if (is_truncated(inv, 7, 1))
        return syscall_error(seL4_TruncatedMessage);
    vector = arg(inv, 6);
    if (vector > MAX_USER_VECTOR)
        return range_error(0, MAX_USER_VECTOR);
    if (is_irq_issued(IRQ_USER_BASE + vector))
        return syscall_error(seL4_RevokeFirst);
    status = lookup_target_slot(inv->extra[0]->cap, arg(inv, 0), arg(inv, 1), dest);
    return status == EXCEPTION_NONE ? ensure_empty_slot(*dest) : status;
}

/* Checks arguments first, first + 1, ... against the highest value that each may have. */
static exception_t check_ranges(const struct invocation *inv, word_t first, const word_t *highest,
                                word_t n)
{
    for (word_t i = 0; i < n; i++)
        if (arg(inv, first + i) > highest[i])
            return range_error(0, highest[i]);
    return EXCEPTION_NONE;
}

static exception_t decode_get_ioapic(const struct invocation *inv)
{
    const word_t highest[] = {NUM_IOAPICS - 1, ioapic_pins() - 1, 1, 1};
    struct cte *dest;
    word_t irq;
    exception_t status = check_vector_and_dest(inv, &dest);

    if (status == EXCEPTION_NONE)
        status = check_ranges(inv, 2, highest, ARRAY_SIZE(highest));
    if (status != EXCEPTION_NONE)
        return status;
    irq = IRQ_USER_BASE + arg(inv, 6);
    routes[irq].has_pin = true;
    routes[irq].pin = (uint8_t)arg(inv, 3);
    ioapic_route(arg(inv, 3), arg(inv, 4), arg(inv, 5), (uint8_t)(IRQ_VECTOR_BASE + irq));
    irq_issue(irq, inv->slot, dest);
    return EXCEPTION_NONE;
}

static exception_t decode_get_msi(const struct invocation *inv)
{
    static const word_t highest[] = {255, 31, 7};
    struct cte *dest;
    exception_t status = check_vector_and_dest(inv, &dest);

    if (status == EXCEPTION_NONE)
        status = check_ranges(inv, 2, highest, ARRAY_SIZE(highest));
    if (status != EXCEPTION_NONE)
        return status;
    irq_issue(IRQ_USER_BASE + arg(inv, 6), inv->slot, dest);
    return EXCEPTION_NONE;
}

exception_t arch_decode_irq_control(const struct invocation *inv)
{
    switch (inv->label) {
    case LABEL_IRQ_GET_IOAPIC:
        return decode_get_ioapic(inv);
    case LABEL_IRQ_GET_MSI:
        return decode_get_msi(inv);
    default:
        return syscall_error(seL4_IllegalOperation);
    }
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt handlers: issue and arguments, and real interrupts of the PIT. */
#include "agent.h"

#define CONTROL seL4_CapIRQControl
#define PIT_PIN 2
#define PIT_FIRST 0x40
#define PIT_LAST 0x43

static struct message get_ioapic(seL4_CPtr slot, seL4_Word ioapic, seL4_Word pin, seL4_Word level,
                                 seL4_Word polarity, seL4_Word vector)
{
    return invoke(CONTROL, X86IRQIssueIRQHandlerIOAPIC, CAPS(ROOT),
                  ARGS(slot, DEPTH, ioapic, pin, level, polarity, vector));
}

static struct message get_msi(seL4_CPtr slot, seL4_Word bus, seL4_Word dev, seL4_Word func,
                              seL4_Word vector)
{
    return invoke(CONTROL, X86IRQIssueIRQHandlerMSI, CAPS(ROOT),
                  ARGS(slot, DEPTH, bus, dev, func, 0, vector));
}

static struct message set_notification(seL4_CPtr handler, seL4_CPtr ntfn)
{
    return invoke(handler, IRQSetIRQHandler, CAPS(ntfn), ARGS());
}

TEST(irq_issue)
{
    seL4_CPtr slot = slots_new(4), taken = make(seL4_EndpointObject, 0);

    expect("IRQControl Get", invoke(CONTROL, IRQIssueIRQHandler, CAPS(ROOT), ARGS(1, slot, DEPTH)),
           seL4_IllegalOperation);
    expect("vector 108", get_ioapic(slot, 0, 5, 0, 0, 108), seL4_RangeError, 0, 107);
    expect("vector 256", get_ioapic(slot, 0, 5, 0, 0, 256), seL4_RangeError, 0, 107);
    expect("pin 99", get_ioapic(slot, 0, 99, 0, 0, 50), seL4_RangeError, 0, 23);
    expect("pin 24", get_ioapic(slot, 0, 24, 0, 0, 50), seL4_RangeError, 0, 23);
    expect("ioapic 7", get_ioapic(slot, 7, 5, 0, 0, 50), seL4_RangeError, 0, 0);
    expect("level 2", get_ioapic(slot, 0, 5, 2, 0, 50), seL4_RangeError, 0, 1);
    expect("polarity 2", get_ioapic(slot, 0, 5, 0, 2, 50), seL4_RangeError, 0, 1);
    expect("occupied slot", get_ioapic(taken, 0, 5, 0, 0, 50), seL4_DeleteFirst);
    expect("occupied slot and bad pin", get_ioapic(taken, 0, 99, 0, 0, 50), seL4_DeleteFirst);
    expect("vector before the slot", get_ioapic(taken, 0, 5, 0, 0, 108), seL4_RangeError, 0, 107);
    expect("six words",
           invoke(CONTROL, X86IRQIssueIRQHandlerIOAPIC, CAPS(ROOT), ARGS(slot, DEPTH, 0, 5, 0, 0)),
           seL4_TruncatedMessage);
    expect("no cap",
           invoke(CONTROL, X86IRQIssueIRQHandlerIOAPIC, CAPS(), ARGS(slot, DEPTH, 0, 5, 0, 0, 50)),
           seL4_TruncatedMessage);
    expect("bad depth",
           invoke(CONTROL, X86IRQIssueIRQHandlerIOAPIC, CAPS(ROOT), ARGS(slot, 0, 0, 5, 0, 0, 50)),
           seL4_RangeError, 1, seL4_WordBits);
    expect("other label", invoke(CONTROL, IRQAckIRQ, CAPS(), ARGS()), seL4_IllegalOperation);
    succeeds("a good one", get_ioapic(slot, 0, 5, 0, 0, 50));
    expect("the same vector", get_ioapic(slot + 1, 0, 6, 0, 0, 50), seL4_RevokeFirst);
    expect("the same vector by MSI", get_msi(slot + 1, 0, 0, 0, 50), seL4_RevokeFirst);
    expect("in use comes before the slot", get_ioapic(taken, 0, 6, 0, 0, 50), seL4_RevokeFirst);
    succeeds("the same pin, other vector", get_ioapic(slot + 1, 0, 5, 1, 1, 51));
    must(delete (slot).label == 0);
    succeeds("a deleted one is free again", get_ioapic(slot, 0, 5, 0, 0, 50));
    succeeds("highest vector", get_ioapic(slot + 2, 0, 23, 1, 1, 107));
}

TEST(irq_msi)
{
    seL4_CPtr slot = slots_new(2);

    expect("vector 108", get_msi(slot, 0, 0, 0, 108), seL4_RangeError, 0, 107);
    expect("bus 256", get_msi(slot, 256, 0, 0, 60), seL4_RangeError, 0, 255);
    expect("device 32", get_msi(slot, 0, 32, 0, 60), seL4_RangeError, 0, 31);
    expect("function 8", get_msi(slot, 0, 0, 8, 60), seL4_RangeError, 0, 7);
    expect("six words",
           invoke(CONTROL, X86IRQIssueIRQHandlerMSI, CAPS(ROOT), ARGS(slot, DEPTH, 0, 0, 0, 0)),
           seL4_TruncatedMessage);
    succeeds("a good one", get_msi(slot, 255, 31, 7, 60));
    expect("again", get_msi(slot + 1, 255, 31, 7, 60), seL4_RevokeFirst);
    succeeds("Ack does nothing", invoke(slot, IRQAckIRQ, CAPS(), ARGS()));
}

TEST(irq_handler_arguments)
{
    seL4_CPtr handler = slot_new(), ntfn = make(seL4_NotificationObject, 0), ep;
    seL4_CPtr read_only = copy_of(ntfn, 2);

    ep = make(seL4_EndpointObject, 0);
    must(get_ioapic(handler, 0, 5, 0, 0, 52).label == 0);
    expect("an endpoint", set_notification(handler, ep), seL4_InvalidCapability, 0);
    expect("an empty slot", set_notification(handler, slot_new()), seL4_InvalidCapability, 0);
    expect("without write right", set_notification(handler, read_only), seL4_InvalidCapability, 0);
    expect("no cap", invoke(handler, IRQSetIRQHandler, CAPS(), ARGS()), seL4_TruncatedMessage);
    succeeds("a notification", set_notification(handler, ntfn));
    succeeds("again", set_notification(handler, ntfn));
    succeeds("Clear", invoke(handler, IRQClearIRQHandler, CAPS(), ARGS()));
    succeeds("Clear twice", invoke(handler, IRQClearIRQHandler, CAPS(), ARGS()));
    succeeds("Ack with nothing pending", invoke(handler, IRQAckIRQ, CAPS(), ARGS()));
    expect("other label", invoke(handler, TCBSuspend, CAPS(), ARGS()), seL4_IllegalOperation);
    succeeds("a handler can be copied", copy(slot_new(), handler));
    expect("and counts as issued while a copy is left",
           (delete (handler), get_ioapic(handler, 0, 5, 0, 0, 52)), seL4_RevokeFirst);
}

TEST(irq_revoke_control)
{
    seL4_CPtr slot = slots_new(3);

    must(get_ioapic(slot, 0, 5, 0, 0, 52).label == 0 && get_msi(slot + 1, 0, 0, 0, 53).label == 0);
    must(copy(slot + 2, slot).label == 0);
    succeeds("Revoke of a handler", revoke(slot));
    check("takes its copy only", occupied(slot) && occupied(slot + 1) && !occupied(slot + 2));
    succeeds("Revoke of IRQControl", revoke(CONTROL));
    check("takes all handlers", !occupied(slot) && !occupied(slot + 1));
    succeeds("the vectors are free", get_ioapic(slot, 0, 5, 0, 0, 52));
}

static seL4_CPtr pit_ports, pit_handler, pit_ntfn, pit_badged;

static void pit_init(void)
{
    pit_ports = slot_new();
    pit_handler = slot_new();
    pit_ntfn = make(seL4_NotificationObject, 0);
    pit_badged = mint_of(pit_ntfn, 0xf, 0x200);
    must(!seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, PIT_FIRST, PIT_LAST, ROOT, pit_ports,
                                       DEPTH));
    /* Mode 0 and no count: quiet until pit_start(). */
    must(!seL4_X86_IOPort_Out8(pit_ports, PIT_LAST, 0x30));
    must(get_ioapic(pit_handler, 0, PIT_PIN, 0, 0, 30).label == 0);
}

/* One interrupt, about a millisecond from now. */
static void pit_start(void)
{
    seL4_X86_IOPort_Out8(pit_ports, PIT_LAST, 0x30);
    seL4_X86_IOPort_Out8(pit_ports, PIT_FIRST, 0xa9);
    seL4_X86_IOPort_Out8(pit_ports, PIT_FIRST, 0x04);
}

/* Polls for so many milliseconds: the badge, or 0. */
static seL4_Word await(seL4_CPtr ntfn, unsigned ms)
{
    uint64_t start = rdtsc(), ticks = (uint64_t)ms * 1000 * tsc_mhz();
    seL4_Word badge = 0;

    while (!badge && rdtsc() - start < ticks)
        seL4_Poll(ntfn, &badge);
    return badge;
}

static void ack(void)
{
    must(!seL4_IRQHandler_Ack(pit_handler));
}

TEST(irq_delivery)
{
    pit_init();
    must(set_notification(pit_handler, pit_badged).label == 0);
    ack();
    pit_start();
    check_eq("an interrupt signals the badge", await(pit_ntfn, 1000), 0x200);
    pit_start();
    check_eq("none more before Ack", await(pit_ntfn, 20), 0);
    ack();
    await(pit_ntfn, 20);
    pit_start();
    check_eq("after Ack another", await(pit_ntfn, 1000), 0x200);
    ack();
    check_eq("once each", await(pit_ntfn, 20), 0);
    must(set_notification(pit_handler, mint_of(pit_ntfn, 0xf, 0x400)).label == 0);
    pit_start();
    check_eq("a new binding replaces the old", await(pit_ntfn, 1000), 0x400);
}

TEST(irq_binding)
{
    pit_init();
    must(set_notification(pit_handler, pit_badged).label == 0);
    must(delete (pit_badged).label == 0);
    ack();
    pit_start();
    check_eq("deleting the cap given does not unbind", await(pit_ntfn, 1000), 0x200);
    must(revoke(pit_ntfn).label == 0);
    ack();
    pit_start();
    check_eq("revoking its ancestor does", await(pit_ntfn, 20), 0);
    must(set_notification(pit_handler, mint_of(pit_ntfn, 0xf, 1)).label == 0);
    ack();
    pit_start();
    check_eq("bound again", await(pit_ntfn, 1000), 1);
    must(!seL4_IRQHandler_Clear(pit_handler));
    ack();
    pit_start();
    check_eq("cleared", await(pit_ntfn, 20), 0);
    must(set_notification(pit_handler, mint_of(pit_ntfn, 0xf, 2)).label == 0);
    pit_start();
    check_eq("an unbound interrupt has masked the pin", await(pit_ntfn, 20), 0);
    ack();
    await(pit_ntfn, 20);
    pit_start();
    check_eq("Ack opens it", await(pit_ntfn, 1000), 2);
}

TEST(irq_handler_deleted)
{
    pit_init();
    must(set_notification(pit_handler, pit_badged).label == 0);
    must(delete (pit_handler).label == 0);
    pit_start();
    check_eq("a deleted handler delivers nothing", await(pit_ntfn, 20), 0);
    must(get_ioapic(pit_handler, 0, PIT_PIN, 0, 0, 31).label == 0);
    must(set_notification(pit_handler, pit_badged).label == 0);
    pit_start();
    check_eq("a new one under another vector does", await(pit_ntfn, 1000), 0x200);
}

/* An interrupt wakes a waiting thread: above the running one, and out of idleness. */
TEST(irq_wakes_threads)
{
    struct agent waiter;
    uint64_t start;
    seL4_Word badge;

    pit_init();
    must(set_notification(pit_handler, pit_badged).label == 0);
    ack();
    agent_init(&waiter, 50, SEL4_SYS(Recv), pit_ntfn, 0, WORDS());
    agent_run(&waiter);
    must(!waiter.returned);
    set_priority(40);
    pit_start();
    start = rdtsc();
    while (!waiter.returned && rdtsc() - start < (uint64_t)1000000 * tsc_mhz())
        ;
    set_priority(seL4_MaxPrio);
    check("a higher thread preempts the running one", waiter.returned);
    check_eq("with the badge", waiter.result.badge, 0x200);
    ack();
    await(pit_ntfn, 20);
    pit_start();
    seL4_Wait(pit_ntfn, &badge);
    check_eq("with all threads waiting the processor idles until then", badge, 0x200);
}

TEST(irq_bound_notification)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent server;

    pit_init();
    must(set_notification(pit_handler, pit_badged).label == 0);
    ack();
    agent_init(&server, 254, SEL4_SYS(Recv), ep, 0, WORDS());
    must(!seL4_TCB_BindNotification(server.thread->tcb, pit_ntfn));
    agent_run(&server);
    must(!server.returned);
    pit_start();
    set_priority(40);
    for (uint64_t start = rdtsc();
         !server.returned && rdtsc() - start < (uint64_t)1000000 * tsc_mhz();)
        ;
    set_priority(seL4_MaxPrio);
    check_eq("a server gets interrupts on its endpoint", server.result.badge, 0x200);
}

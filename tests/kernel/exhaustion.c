/* SPDX-License-Identifier: BSD-2-Clause */
/* Much of everything: long revocations, full memory, deep structures, preemption in between. */
#include "agent.h"

#define MANY 8192

TEST(exhaustion_many_copies)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), node = make(seL4_CapTableObject, 13), extra;
    seL4_Word i, refused = 0;

    for (i = 0; i < MANY; i++)
        refused += invoke(node, CNodeMint, CAPS(ROOT), ARGS(i, 13, ep, DEPTH, 0xf, i)).label != 0;
    check_eq("8192 caps to one endpoint", refused, 0);
    extra = copy_of(ep, 0xf);
    succeeds("one Revoke", revoke(ep));
    check("takes them all", !occupied(extra));
    expect("the first", invoke(node, CNodeMove, CAPS(node), ARGS(0, 13, 0, 13)), seL4_FailedLookup,
           1, seL4_MissingCapability, 13);
    expect("the last", invoke(node, CNodeMove, CAPS(node), ARGS(MANY - 1, 13, MANY - 1, 13)),
           seL4_FailedLookup, 1, seL4_MissingCapability, 13);
    check("but not the original", occupied(ep));
}

TEST(exhaustion_full_cnode_deleted)
{
    seL4_CPtr node = make(seL4_CapTableObject, 12), ut = make(seL4_UntypedObject, 18);
    seL4_Word i, refused = 0;

    for (i = 0; i < 4096; i += seL4_RetypeFanOutLimit)
        refused += invoke(ut, UntypedRetype, CAPS(node),
                          ARGS(seL4_EndpointObject, 0, 0, 0, i, seL4_RetypeFanOutLimit))
                       .label != 0;
    check_eq("4096 endpoints", refused, 0);
    expect("the untyped has", retype(ut, seL4_UntypedObject, 18, slot_new(), 1),
           seL4_NotEnoughMemory, (1u << 18) - 4096 * 16);
    succeeds("Delete of the CNode", delete (node));
    succeeds("destroys them: the untyped is free",
             retype(ut, seL4_UntypedObject, 18, slot_new(), 1));
}

TEST(exhaustion_of_memory)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 20), slot = slots_new(512), i;
    unsigned made = 0, round;

    for (round = 0; round < 3; round++) {
        for (made = 0; made < 512 && retype(ut, seL4_TCBObject, 0, slot + made, 1).label == 0;)
            made++;
        check_eq("TCBs in 1 MiB", made, (1u << 20) >> seL4_TCBBits);
        for (i = 0; i < made; i += 2)
            must(delete (slot + i).label == 0);
        expect("holes are not reused", retype(ut, seL4_EndpointObject, 0, slot, 1),
               seL4_NotEnoughMemory, 0);
        must(revoke(ut).label == 0);
    }
    succeeds("whole again", retype(ut, seL4_UntypedObject, 20, slot, 1));
}

TEST(exhaustion_deep_untypeds)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 20), slot = slots_new(20), first = slot;
    seL4_Word bits = 20;

    while (bits > seL4_MinUntypedBits && retype(ut, seL4_UntypedObject, --bits, slot, 1).label == 0)
        ut = slot++;
    check_eq("untypeds in untypeds, down to the smallest", bits, seL4_MinUntypedBits);
    succeeds("with an endpoint at the bottom", retype(ut, seL4_EndpointObject, 0, slot, 1));
    succeeds("Revoke from the top", revoke(first));
    check("takes all", !occupied(first + 1) && !occupied(slot));
}

TEST(exhaustion_nested_cnodes)
{
    seL4_CPtr node = make_many(seL4_CapTableObject, 2, 200), ep = make(seL4_EndpointObject, 0);
    seL4_CPtr badged = slot_new(), i;

    must(invoke(node + 199, CNodeMint, CAPS(ROOT), ARGS(1, 2, ep, DEPTH, 0xf, 4)).label == 0);
    must(invoke(ROOT, CNodeCopy, CAPS(node + 199), ARGS(badged, DEPTH, 1, 2, 0xf)).label == 0);
    for (i = 199; i > 0; i--)
        must(invoke(node + i - 1, CNodeMove, CAPS(ROOT), ARGS(1, 2, node + i, DEPTH)).label == 0);
    succeeds("200 CNodes, each in the one before, deleted from outside", delete (node));
    check("a copy of what was inside stays", occupied(badged));
    must(delete (ep).label == 0);
    must(delete (badged).label == 0);
}

/* A thread above the others that looks, when the timer interrupt wakes it, how far they are. */
static seL4_CPtr timer_ports, timer_handler, timer_ntfn;
static volatile bool woken, midway;

static void timer_init(void)
{
    timer_ports = slot_new();
    timer_handler = slot_new();
    timer_ntfn = make(seL4_NotificationObject, 0);
    must(
        !seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, 0x40, 0x43, ROOT, timer_ports, DEPTH));
    must(!seL4_X86_IOPort_Out8(timer_ports, 0x43, 0x30));
    must(
        !seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, ROOT, timer_handler, DEPTH, 0, 2, 0, 0, 33));
    must(!seL4_IRQHandler_SetNotification(timer_handler, mint_of(timer_ntfn, 0xf, 1)));
}

/* One interrupt after so many ticks of 0.84 microseconds. */
static void timer_start(seL4_Word ticks)
{
    must(!seL4_IRQHandler_Ack(timer_handler));
    seL4_X86_IOPort_Out8(timer_ports, 0x43, 0x30);
    seL4_X86_IOPort_Out8(timer_ports, 0x40, ticks & 0xff);
    seL4_X86_IOPort_Out8(timer_ports, 0x40, ticks >> 8);
}

static seL4_Word slot_in(seL4_CPtr node, seL4_Word index, seL4_Word depth)
{
    return invoke(node, CNodeMove, CAPS(node), ARGS(index, depth, index, depth)).label;
}

#define NODE_BITS 15
#define NODE_SLOTS (1u << NODE_BITS)

/* Revoke goes from the copy made last to the one made first. */
static void watch_revoke(uintptr_t node, uintptr_t unused)
{
    seL4_Word badge;

    seL4_Wait(timer_ntfn, &badge);
    woken = true;
    midway = slot_in(node, 0, NODE_BITS) == seL4_DeleteFirst &&
             slot_in(node, NODE_SLOTS - 1, NODE_BITS) != seL4_DeleteFirst;
}

TEST(exhaustion_preempted_revoke)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), node = make(seL4_CapTableObject, NODE_BITS);
    unsigned attempt;
    seL4_Word i;

    timer_init();
    for (attempt = 0, midway = false; attempt < 12 && !midway; attempt++) {
        for (i = 0; i < NODE_SLOTS; i++)
            must(!seL4_CNode_Copy(node, i, NODE_BITS, ROOT, ep, DEPTH, seL4_AllRights));
        spawn(200, watch_revoke, node, 0);
        settle();
        set_priority(100);
        timer_start((seL4_Word)300 << attempt % 4);
        must(!seL4_CNode_Revoke(ROOT, ep, DEPTH));
        set_priority(seL4_MaxPrio);
        must(slot_in(node, 0, NODE_BITS) == seL4_FailedLookup);
    }
    check("an interrupt is served in the midst of a Revoke", midway);
    check_eq("which is complete all the same", slot_in(node, NODE_SLOTS - 1, NODE_BITS),
             seL4_FailedLookup);
}

/* Retype makes its objects after the clearing. */
static void watch_retype(uintptr_t slot, uintptr_t unused)
{
    seL4_Word badge;

    seL4_Wait(timer_ntfn, &badge);
    woken = true;
    midway = !occupied(slot);
}

/* A timer interrupt while an untyped is cleared for its first new object: large pages that fill it.
 */
TEST(exhaustion_preempted_reset)
{
    enum { PAGES = 1 << (22 - seL4_LargePageBits) };
    seL4_CPtr ut = make(seL4_UntypedObject, 22), slot = slots_new(2);
    unsigned attempt, rounds;

    timer_init();
    for (attempt = 0, midway = false; attempt < 12 && !midway; attempt++) {
        must(revoke(ut).label == 0);
        must(retype(ut, seL4_X86_LargePageObject, 0, slot, PAGES).label == 0);
        woken = false;
        spawn(200, watch_retype, slot, 0);
        settle();
        set_priority(100);
        timer_start(1000);
        for (rounds = 0; rounds < 200 && !woken; rounds++) {
            must(!seL4_CNode_Revoke(ROOT, slot, DEPTH) && !seL4_CNode_Delete(ROOT, slot, DEPTH));
            must(!seL4_CNode_Delete(ROOT, slot + 1, DEPTH));
            must(!seL4_Untyped_Retype(ut, seL4_X86_LargePageObject, 0, ROOT, 0, 0, slot, PAGES));
        }
        set_priority(seL4_MaxPrio);
    }
    check("an interrupt is served in the midst of clearing memory", midway);
    check("all objects are made all the same", occupied(slot) && occupied(slot + PAGES - 1));
}

static void revoke_in_thread(uintptr_t slot, uintptr_t unused)
{
    if (!seL4_CNode_Revoke(ROOT, slot, DEPTH))
        trace('r');
}

static void count_up(uintptr_t counter, uintptr_t unused)
{
    for (;;)
        ++*(volatile seL4_Word *)counter;
}

/* Two threads revoke one original at the same time, preempted by each other. */
TEST(exhaustion_two_revokers)
{
    static volatile seL4_Word counter;
    seL4_CPtr ep = make(seL4_EndpointObject, 0), node = make(seL4_CapTableObject, 15);
    struct thread *spinner;
    seL4_Word i;

    for (i = 0; i < 32768; i++)
        must(!seL4_CNode_Copy(node, i, 15, ROOT, ep, DEPTH, seL4_AllRights));
    spinner = spawn(100, count_up, (uintptr_t)&counter, 0);
    spawn(100, revoke_in_thread, ep, 0);
    spawn(100, revoke_in_thread, ep, 0);
    set_priority(100);
    while (trace_text()[0] != 'r' || trace_text()[1] != 'r')
        seL4_Yield();
    set_priority(seL4_MaxPrio);
    check_text("both succeed", trace_text(), "rr");
    must(!seL4_TCB_Suspend(spinner->tcb));
    expect("and all is gone", invoke(node, CNodeMove, CAPS(node), ARGS(0, 15, 0, 15)),
           seL4_FailedLookup, 1, seL4_MissingCapability, 15);
}

/* A thread that deletes its own CNode, and one that deletes its own TCB. */
static void delete_own_tcb(uintptr_t slot, uintptr_t unused)
{
    trace('1');
    seL4_CNode_Delete(ROOT, slot, DEPTH);
    trace('2');
}

TEST(exhaustion_self_destruction)
{
    struct thread *thread = thread_new(100);

    thread_start(thread, delete_own_tcb, thread->tcb, 0);
    settle();
    check_text("a thread that deletes its own TCB is gone", trace_text(), "1");
    check("its slot is empty", !occupied(thread->tcb));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What becomes of threads in queues when the object or the capability goes away. */
#include "agent.h"

#define SEND SEL4_SYS(Send)
#define CALL SEL4_SYS(Call)
#define RECV SEL4_SYS(Recv)

TEST(cancel_endpoint_deleted)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent send, call;

    agent_init(&send, 50, SEND, ep, 1, WORDS());
    agent_run(&send);
    agent_init(&call, 50, CALL, ep, 1, WORDS());
    agent_run(&call);
    must(!send.returned && !call.returned);
    must(delete (ep).label == 0);
    settle();
    check("Send, repeated on the empty slot, passes", send.returned);
    check("Call too", call.returned);
    check_eq("with an error", call.result.label, seL4_InvalidCapability);
}

TEST(cancel_receivers)
{
    static const seL4_Word types[] = {seL4_EndpointObject, seL4_NotificationObject};
    struct probe probe;
    unsigned i;

    for (i = 0; i < 2; i++) {
        seL4_CPtr object = make(types[i], 0);

        probe_init(&probe);
        probe_set_syscall(&probe, RECV, object, 0);
        probe_run(&probe, snippet_syscall);
        must(nothing_at(probe.fault_ep));
        must(delete (object).label == 0);
        settle();
        expect(i ? "Wait cap-faults" : "Recv cap-faults", poll(probe.fault_ep), seL4_Fault_CapFault,
               (seL4_Word)snippet_syscall, object, 1, seL4_MissingCapability, 0);
    }
}

/* The restarted threads find another cap in the slot that they use. */
TEST(cancel_restarts_with_copies)
{
    seL4_CPtr ep = make_many(seL4_EndpointObject, 0, 2), ntfn = make(seL4_NotificationObject, 0);
    seL4_CPtr used = slot_new();
    struct agent a, b, c;

    must(move(used, ep).label == 0);
    agent_init(&a, 50, SEND, used, 'a', WORDS());
    agent_run(&a);
    agent_init(&b, 50, SEND, used, 'b', WORDS());
    agent_run(&b);
    agent_init(&c, 50, SEND, used, 'c', WORDS());
    agent_run(&c);
    must(delete (used).label == 0);
    must(copy(used, ep + 1).label == 0);
    settle();
    check("they send again through the new cap", !a.returned && !b.returned && !c.returned);
    check("in reverse order",
          poll(ep + 1).label == 'c' && poll(ep + 1).label == 'b' && poll(ep + 1).label == 'a');
    settle();
    must(delete (used).label == 0);
    must(copy(used, ntfn).label == 0);
    agent_init(&a, 50, RECV, used, 0, WORDS());
    agent_run(&a);
    must(delete (used).label == 0);
    settle();
    check("a notification with another cap left lives on", !a.returned);
    seL4_Signal(mint_of(ntfn, 0xf, 8));
    settle();
    check_eq("and wakes its waiter", a.result.badge, 8);
}

TEST(cancel_badged_sends)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), one = mint_of(ep, 0xf, 1), two;
    seL4_CPtr one_copy = copy_of(one, 0xf);
    struct agent a, b, c;
    seL4_Word badge;

    two = mint_of(ep, 0xf, 2);
    agent_init(&a, 50, CALL, one_copy, 'a', WORDS());
    agent_run(&a);
    agent_init(&b, 50, CALL, two, 'b', WORDS());
    agent_run(&b);
    agent_init(&c, 50, SEND, one_copy, 'c', WORDS());
    agent_run(&c);
    succeeds("badge 0 cancels nothing",
             invoke(ROOT, CNodeCancelBadgedSends, CAPS(), ARGS(ep, DEPTH)));
    settle();
    check("all wait", !a.returned && !b.returned && !c.returned);
    must(revoke(one).label == 0);
    settle();
    check("deleting the senders' cap alone does not restart them", !a.returned && !c.returned);
    succeeds("the badge", invoke(ROOT, CNodeCancelBadgedSends, CAPS(), ARGS(one, DEPTH)));
    settle();
    check("its senders restart", a.returned && c.returned);
    check_eq("their cap is gone: the Call fails", a.result.label, seL4_InvalidCapability);
    check("the other badge waits on", !b.returned);
    badge = poll(ep).badge;
    check_eq("and is received", badge, 2);
    check("none else", nothing_at(ep));
}

TEST(cancel_badged_sends_repeat)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), one = mint_of(ep, 0xf, 1);
    struct agent a;

    agent_init(&a, 50, SEND, one, 'a', WORDS());
    agent_run(&a);
    must(invoke(ROOT, CNodeCancelBadgedSends, CAPS(), ARGS(one, DEPTH)).label == 0);
    settle();
    check("with the cap left, the send is simply repeated", !a.returned);
    check_eq("and received", poll(ep).label, 'a');
    check("once", nothing_at(ep));
    settle();
    agent_init(&a, 50, RECV, ep, 0, WORDS());
    agent_run(&a);
    must(invoke(ROOT, CNodeCancelBadgedSends, CAPS(), ARGS(one, DEPTH)).label == 0);
    settle();
    check("receivers are not touched", !a.returned);
}

TEST(cancel_by_suspend)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), ntfn = make(seL4_NotificationObject, 0);
    struct agent a;

    agent_init(&a, 50, RECV, ep, 0, WORDS());
    agent_run(&a);
    must(!seL4_TCB_Suspend(a.thread->tcb));
    seL4_NBSend(ep, seL4_MessageInfo_new(1, 0, 0, 0));
    must(!seL4_TCB_Resume(a.thread->tcb));
    settle();
    check("a suspended receiver gets nothing", !a.returned);
    seL4_NBSend(ep, seL4_MessageInfo_new(2, 0, 0, 0));
    settle();
    check_eq("resumed, it receives", a.result.label, 2);
    agent_init(&a, 50, SEND, ep, 3, WORDS());
    agent_run(&a);
    must(delete (a.thread->tcb).label == 0);
    check("a deleted sender sends nothing", nothing_at(ep));
    agent_init(&a, 50, RECV, ntfn, 0, WORDS());
    agent_run(&a);
    must(delete (a.thread->tcb).label == 0);
    seL4_Signal(mint_of(ntfn, 0xf, 5));
    check("a deleted waiter takes no signal", poll(ntfn).badge == 5);
}

/* Suspending itself: the thread stops; resumed, it executes the same Suspend again. */
static void suspend_self(uintptr_t a, uintptr_t b)
{
    trace('1');
    seL4_TCB_Suspend(thread_self()->tcb);
    trace('2');
}

TEST(cancel_suspend_self)
{
    struct thread *thread = spawn(50, suspend_self, 0, 0);

    settle();
    check_text("a thread can suspend itself", trace_text(), "1");
    must(!seL4_TCB_Resume(thread->tcb));
    settle();
    check_text("Resume makes it execute that call again", trace_text(), "1");
}

/* Senders of another badge keep their place in the queue. */
TEST(cancel_badged_sends_order)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), badged[2];
    struct agent agents[4];
    char order[5] = {0};
    unsigned i;

    badged[0] = mint_of(ep, 0xf, 1);
    badged[1] = mint_of(ep, 0xf, 2);
    for (i = 0; i < 4; i++) {
        agent_init(&agents[i], 50, SEND, badged[i % 2], 'a' + i, WORDS());
        agent_run(&agents[i]);
    }
    must(invoke(ROOT, CNodeCancelBadgedSends, CAPS(), ARGS(badged[0], DEPTH)).label == 0);
    settle();
    for (i = 0; i < 4; i++)
        order[i] = (char)poll(ep).label;
    check_text("then those restarted, last first", order, "bdca");
}

TEST(cancel_waiters_order)
{
    seL4_CPtr ntfn = make_many(seL4_NotificationObject, 0, 2), used = slot_new(), badged;
    struct agent agents[3];
    unsigned i;

    badged = mint_of(ntfn + 1, 0xf, 1);
    must(move(used, ntfn).label == 0);
    for (i = 0; i < 3; i++) {
        agent_go(&agents[i], (char)('a' + i), 50, RECV, used);
        settle();
    }
    must(delete (used).label == 0 && copy(used, ntfn + 1).label == 0);
    settle();
    for (i = 0; i < 3; i++) {
        seL4_Signal(badged);
        settle();
    }
    check_text("waiters of a deleted notification restart last first", trace_text(), "cba");
}

#define CROWD (4 * seL4_RetypeFanOutLimit)

/* Many threads that make the same system call, and have no stack. What they do next is a fault. */
struct crowd {
    seL4_CPtr tcbs, fault_ep;
};

static void crowd_call(const struct crowd *crowd, seL4_Word number, seL4_CPtr cap)
{
    seL4_UserContext context;
    unsigned i;

    memset(&context, 0, sizeof(context));
    context.PC = (seL4_Word)snippet_syscall;
    context.FLAGS = 0x202;
    prepare_syscall(&context);
    context.SYSCALL_NUMBER = number;
    context.CAP_REGISTER = cap;
    for (i = 0; i < CROWD; i++)
        must(!seL4_TCB_WriteRegisters(crowd->tcbs + i, true, 0, CONTEXT_WORDS, &context));
    settle();
}

static void crowd_init(struct crowd *crowd)
{
    unsigned i;

    crowd->fault_ep = make(seL4_EndpointObject, 0);
    crowd->tcbs = make_many(seL4_TCBObject, 0, seL4_RetypeFanOutLimit);
    for (i = seL4_RetypeFanOutLimit; i < CROWD; i += seL4_RetypeFanOutLimit)
        make_many(seL4_TCBObject, 0, seL4_RetypeFanOutLimit);
    for (i = 0; i < CROWD; i++)
        must(!seL4_TCB_Configure(crowd->tcbs + i, crowd->fault_ep, ROOT, 0,
                                 seL4_CapInitThreadVSpace, 0, 0, 0) &&
             !seL4_TCB_SetSchedParams(crowd->tcbs + i, seL4_CapInitThreadTCB, 0, 50));
}

/* How many messages wait at the endpoint. */
static unsigned count_messages(seL4_CPtr ep)
{
    unsigned count = 0;

    while (!nothing_at(ep))
        count++;
    return count;
}

/* How long this keeps interrupts off is in the table that debug kernels print at the end. */
TEST(cancel_a_thousand_senders)
{
    seL4_CPtr ep = make_many(seL4_EndpointObject, 0, 2), used = slot_new();
    struct crowd crowd;

    crowd_init(&crowd);
    must(mint(used, ep, 0xf, 1).label == 0);
    crowd_call(&crowd, SEL4_SYS(Send), used);
    succeeds("cancelled by badge", invoke(ROOT, CNodeCancelBadgedSends, CAPS(), ARGS(used, DEPTH)));
    settle();
    must(delete (used).label == 0);
    succeeds("the endpoint deleted", delete (ep));
    must(copy(used, ep + 1).label == 0);
    settle();
    check_eq("each sends again", count_messages(ep + 1), CROWD);
    settle();
    check_eq("and goes on", count_messages(crowd.fault_ep), CROWD);
}

TEST(cancel_a_thousand_waiters)
{
    seL4_CPtr ntfn = make_many(seL4_NotificationObject, 0, 2), used = slot_new();
    struct crowd crowd;
    unsigned i;

    crowd_init(&crowd);
    must(move(used, ntfn).label == 0);
    crowd_call(&crowd, SEL4_SYS(Recv), used);
    succeeds("the notification deleted", delete (used));
    must(copy(used, ntfn + 1).label == 0);
    settle();
    for (i = 0; i < CROWD; i++)
        seL4_Signal(ntfn + 1);
    settle();
    check_eq("each waits again", count_messages(crowd.fault_ep), CROWD);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications, alone and bound to a thread. */
#include "agent.h"

#define RECV SEL4_SYS(Recv)
#define NBRECV SEL4_SYS(NBRecv)

static seL4_Word polled(seL4_CPtr ntfn)
{
    seL4_Word badge;

    seL4_Poll(ntfn, &badge);
    return badge;
}

TEST(notification_accumulates)
{
    seL4_CPtr ntfn = make(seL4_NotificationObject, 0);
    seL4_CPtr one = mint_of(ntfn, 0xf, 1), six = mint_of(ntfn, 0xf, 6);
    seL4_CPtr top = mint_of(ntfn, 0xf, (seL4_Word)1 << (seL4_WordBits == 64 ? 63 : 27));

    check_eq("idle", polled(ntfn), 0);
    seL4_Signal(one);
    check_eq("one signal", polled(ntfn), 1);
    check_eq("taken", polled(ntfn), 0);
    seL4_Signal(one);
    seL4_Signal(six);
    seL4_Signal(six);
    seL4_Signal(top);
    check_eq("badges are ORed", polled(ntfn), 7 | (seL4_Word)1 << (seL4_WordBits == 64 ? 63 : 27));
    check_eq("any cap can wait", polled(one), 0);
    seL4_NBSend(six, seL4_MessageInfo_new(5, 0, 0, 3));
    check_eq("NBSend signals too", polled(one), 6);
    succeeds("so does Call", invoke(six, 5, CAPS(), ARGS(1, 2, 3)));
    check_eq("its badge", polled(ntfn), 6);
}

TEST(notification_waiters)
{
    seL4_CPtr ntfn = make(seL4_NotificationObject, 0), nine = mint_of(ntfn, 0xf, 9);
    seL4_CPtr four = mint_of(ntfn, 0xf, 4);
    struct agent a, b, c;

    agent_go(&a, 'a', 20, RECV, ntfn);
    settle();
    agent_go(&b, 'b', 90, RECV, ntfn);
    settle();
    agent_go(&c, 'c', 50, RECV, ntfn);
    settle();
    check_text("all wait", trace_text(), "");
    seL4_Signal(nine);
    settle();
    check_text("the first to come is woken first, whatever its priority", trace_text(), "a");
    check_eq("with the badge", a.result.badge, 9);
    must(!seL4_TCB_Suspend(b.thread->tcb));
    seL4_Signal(four);
    settle();
    check_text("a suspended waiter is skipped", trace_text(), "ac");
    seL4_Signal(four);
    seL4_Signal(nine);
    must(!seL4_TCB_Resume(b.thread->tcb));
    settle();
    check_text("a resumed one waits anew", trace_text(), "acb");
    check_eq("and takes what has accumulated", b.result.badge, 13);
}

TEST(notification_order_of_wakeups)
{
    static const struct {
        const char *name;
        unsigned priority;
        const char *order;
    } cases[] = {
        {"lower priority: woken last runs first", 100, "cba"},
        {"own priority: woken first runs first", 255, "abc"},
    };
    seL4_CPtr ntfn = make(seL4_NotificationObject, 0), badged = mint_of(ntfn, 0xf, 1);
    struct agent agents[3];
    unsigned i, k;

    for (i = 0; i < 2; i++) {
        trace_reset();
        for (k = 0; k < 3; k++) {
            agent_go(&agents[k], (char)('a' + k), cases[i].priority, RECV, ntfn);
            settle();
        }
        fresh_slice();
        for (k = 0; k < 3; k++)
            seL4_Signal(badged);
        settle();
        check_text(cases[i].name, trace_text(), cases[i].order);
    }
}

/* A thread with a bound notification that receives on an endpoint. */
TEST(notification_bound)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), ntfn = make(seL4_NotificationObject, 0);
    seL4_CPtr badged = mint_of(ntfn, 0xf, 0x50), eb = mint_of(ep, 0xf, 0x51);
    struct agent agent;

#define BOUND_AGENT(number, cap)                                                                   \
    do {                                                                                           \
        agent_init(&agent, 50, number, cap, 0, WORDS());                                           \
        must(!seL4_TCB_BindNotification(agent.thread->tcb, ntfn));                                 \
        agent_run(&agent);                                                                         \
    } while (0)
    BOUND_AGENT(RECV, ep);
    must(!agent.returned);
    seL4_Signal(badged);
    settle();
    check("Signal ends its Recv", agent.returned);
    check_eq("with the signal's badge", agent.result.badge, 0x50);
    check_eq("and no message", agent.result.label << 12 | agent.result.length, 0);
    must(!seL4_TCB_UnbindNotification(agent.thread->tcb));
    check_eq("the notification is idle again", polled(ntfn), 0);
    seL4_Signal(badged);
    seL4_Signal(mint_of(ntfn, 0xf, 0x05));
    BOUND_AGENT(RECV, ep);
    check("Recv finds it active", agent.returned);
    check_eq("and takes what has accumulated", agent.result.badge, 0x55);
    must(!seL4_TCB_UnbindNotification(agent.thread->tcb));
    seL4_Signal(badged);
    BOUND_AGENT(NBRECV, ep);
    check_eq("NBRecv takes it too", agent.result.badge, 0x50);
    must(!seL4_TCB_UnbindNotification(agent.thread->tcb));
    BOUND_AGENT(RECV, ep);
    seL4_NBSend(eb, seL4_MessageInfo_new(4, 0, 0, 0));
    settle();
    check("a message comes through as ever", agent.result.badge == 0x51 && agent.result.label == 4);
    must(!seL4_TCB_UnbindNotification(agent.thread->tcb));
    BOUND_AGENT(RECV, ntfn);
    must(!agent.returned);
    seL4_Signal(badged);
    settle();
    check_eq("waiting on the bound notification itself", agent.result.badge, 0x50);
#undef BOUND_AGENT
}

TEST(notification_bound_before_messages)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), ntfn = make(seL4_NotificationObject, 0);
    seL4_CPtr badged = mint_of(ntfn, 0xf, 0x50);
    struct agent sender, receiver;

    agent_init(&sender, 50, SEL4_SYS(Send), ep, 5, WORDS());
    agent_run(&sender);
    seL4_Signal(badged);
    agent_init(&receiver, 50, RECV, ep, 0, WORDS());
    must(!seL4_TCB_BindNotification(receiver.thread->tcb, ntfn));
    agent_run(&receiver);
    check_eq("an active bound notification comes before a waiting sender", receiver.result.badge,
             0x50);
    check("who goes on waiting", !sender.returned);
    check_eq("and can be received", poll(ep).label, 5);
}

TEST(notification_bound_elsewhere_blocked)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), ntfn = make(seL4_NotificationObject, 0);
    seL4_CPtr badged = mint_of(ntfn, 0xf, 0x50), other = make(seL4_NotificationObject, 0);
    struct agent agent;

    agent_init(&agent, 50, SEL4_SYS(Call), ep, 5, WORDS());
    must(!seL4_TCB_BindNotification(agent.thread->tcb, ntfn));
    agent_run(&agent);
    seL4_Signal(badged);
    settle();
    check("blocked in sending: not woken", !agent.returned);
    must(poll(ep).label == 5);
    settle();
    check("blocked on a reply: not woken", !agent.returned);
    seL4_Reply(seL4_MessageInfo_new(6, 0, 0, 0));
    settle();
    check_eq("the reply comes", agent.result.label, 6);
    must(!seL4_TCB_UnbindNotification(agent.thread->tcb));
    check_eq("the signal is kept", polled(ntfn), 0x50);
    agent_init(&agent, 50, RECV, other, 0, WORDS());
    must(!seL4_TCB_BindNotification(agent.thread->tcb, ntfn));
    agent_run(&agent);
    seL4_Signal(badged);
    settle();
    check("waiting on another notification: not woken", !agent.returned);
    seL4_Signal(mint_of(other, 0xf, 3));
    settle();
    check_eq("that one wakes it", agent.result.badge, 3);
}

TEST(notification_deleted_while_bound)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), ntfn = make(seL4_NotificationObject, 0);
    seL4_CPtr badged = mint_of(ep, 0xf, 2);
    struct agent agent;

    agent_init(&agent, 50, RECV, ep, 0, WORDS());
    must(!seL4_TCB_BindNotification(agent.thread->tcb, ntfn));
    agent_run(&agent);
    must(delete (ntfn).label == 0);
    settle();
    check("deleting the notification leaves the receiver waiting", !agent.returned);
    seL4_NBSend(badged, seL4_MessageInfo_new(4, 0, 0, 0));
    settle();
    check_eq("it receives", agent.result.badge, 2);
}

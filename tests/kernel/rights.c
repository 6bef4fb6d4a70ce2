/* SPDX-License-Identifier: BSD-2-Clause */
/* Every combination of rights on endpoint and notification capabilities. */
#include "agent.h"

#define WRITE 1
#define READ 2
#define GRANT 4
#define GRANT_REPLY 8

/* "rights grw": the rights word in the name of a check. */
static const char *named(const char *what, seL4_Word rights)
{
    static char text[48];
    char *p = text;

    while (*what)
        *p++ = *what++;
    *p++ = ' ';
    *p++ = rights & GRANT_REPLY ? 'p' : '-';
    *p++ = rights & GRANT ? 'g' : '-';
    *p++ = rights & READ ? 'r' : '-';
    *p++ = rights & WRITE ? 'w' : '-';
    *p = 0;
    return text;
}

static seL4_CPtr with_rights(seL4_CPtr object, seL4_Word rights, bool by_mint)
{
    return by_mint ? mint_of(object, rights, 0) : copy_of(object, rights);
}

static void endpoint_rights(seL4_CPtr ep, seL4_Word rights, seL4_CPtr cap)
{
    struct agent agent;
    struct probe probe;
    struct message fault;

    agent_init(&agent, 50, SEL4_SYS(Call), cap, 1, WORDS());
    agent_run(&agent);
    if (rights & WRITE)
        check(named("endpoint: Call arrives", rights), poll(ep).label == 1);
    else
        check(named("endpoint: Call refused", rights),
              agent.returned && agent.result.label == seL4_InvalidCapability);
    if (rights & WRITE) {
        seL4_Reply(seL4_MessageInfo_new(2, 0, 0, 0));
        settle();
        check_eq(named("endpoint: Call answered", rights), agent.returned,
                 (rights & (GRANT | GRANT_REPLY)) != 0);
    }
    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Recv), cap, 0);
    fault = probe_run(&probe, snippet_syscall);
    check_eq(named("endpoint: Recv faults", rights), arrived(&fault), !(rights & READ));
    thread_reset();
    must(delete (probe.thread->tcb).label == 0 && delete (agent.thread->tcb).label == 0);
}

TEST(rights_of_endpoint_caps)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    seL4_Word rights;

    for (rights = 0; rights < 16; rights++)
        endpoint_rights(ep, rights, with_rights(ep, rights, rights & 1));
    endpoint_rights(ep, 0xf, copy_of(ep, ~(seL4_Word)0));
}

TEST(rights_of_notification_caps)
{
    seL4_CPtr ntfn = make(seL4_NotificationObject, 0), cap;
    seL4_Word rights, badge;
    struct message got;
    struct probe probe;

    for (rights = 0; rights < 16; rights++) {
        cap = mint_of(ntfn, rights, 3);
        got = invoke(cap, 1, CAPS(), ARGS());
        check_eq(named("notification: Call", rights), got.label,
                 rights & WRITE ? seL4_NoError : seL4_InvalidCapability);
        seL4_Poll(ntfn, &badge);
        check_eq(named("notification: signalled", rights), badge, rights & WRITE ? 3 : 0);
        probe_init(&probe);
        probe_set_syscall(&probe, SEL4_SYS(NBRecv), cap, 0);
        got = probe_run(&probe, snippet_syscall);
        check_eq(named("notification: NBRecv", rights), got.label,
                 rights & READ ? seL4_Fault_UserException : seL4_Fault_CapFault);
        thread_reset();
        must(delete (probe.thread->tcb).label == 0);
    }
}

TEST(rights_only_shrink)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), send = copy_of(ep, WRITE);
    seL4_CPtr again = copy_of(send, 0xf), none = copy_of(ep, 0);
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Recv), again, 0);
    fault = probe_run(&probe, snippet_syscall);
    check("a copy with all rights of a send-only cap cannot receive",
          fault.label == seL4_Fault_CapFault);
    expect("a cap without any cannot send", invoke(none, 1, CAPS(), ARGS()), seL4_InvalidCapability,
           0);
    expect("nor a copy of it", invoke(copy_of(none, 0xf), 1, CAPS(), ARGS()),
           seL4_InvalidCapability, 0);
    succeeds("Mint can badge it", mint(slot_new(), none, 0xf, 5));
}

/* Fault endpoints need write and one of the grants. */
TEST(rights_of_fault_endpoints)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    seL4_Word rights;
    struct probe probe;
    bool works;

    for (rights = 0; rights < 16; rights++) {
        probe_init(&probe);
        must(!seL4_TCB_SetSpace(probe.thread->tcb, copy_of(ep, rights), ROOT, 0,
                                seL4_CapInitThreadVSpace, 0));
        probe_run(&probe, snippet_hlt);
        works = (rights & WRITE) && (rights & (GRANT | GRANT_REPLY));
        check_eq(named("fault delivered", rights), !nothing_at(ep), works);
        thread_reset();
        must(delete (probe.thread->tcb).label == 0);
    }
}

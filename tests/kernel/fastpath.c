/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Call and ReplyRecv between partners of which one waits already: where kernels take short cuts.
 * Each test is about one condition under which the short cut must not be taken, or must not be
 * noticed.
 */
#include "agent.h"

#define CALL SEL4_SYS(Call)
#define RECV SEL4_SYS(Recv)
#define REPLY_RECV SEL4_SYS(ReplyRecv)
#define BAD_GUARD ((seL4_Word)1 << (seL4_WordBits - 1))

/* A probe blocked in a Recv on the endpoint. */
static void wait_on(struct probe *server, seL4_CPtr ep)
{
    struct message fault;

    probe_set_syscall(server, RECV, ep, 0);
    fault = probe_run(server, snippet_syscall);
    must(!arrived(&fault));
}

/* Both sides' registers, for every length that fits into registers, and one more. */
TEST(fastpath_registers)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), badged = mint_of(ep, 0xf, 0x66);
    struct probe server, client;
    struct message fault;
    seL4_UserContext before, wanted;
    seL4_Word length;
    int i;

    probe_init(&server);
    probe_init(&client);
    for (length = 0; length <= seL4_FastMessageRegisters; length++) {
        wait_on(&server, ep);
        before = server.context;
        probe_set_syscall(&client, CALL, badged, 0x5000 | 7 << 9 | length);
        for (i = 0; i < seL4_FastMessageRegisters; i++)
            *message_register(&client.context, i) = 0xc0 + i;
        fault = probe_run(&client, snippet_syscall);
        must(!arrived(&fault));
        fault = poll(server.fault_ep);
        must(finished_at(&fault, snippet_syscall_end));
        probe_read(&server);
        wanted = before;
        ignore_clobbered(&wanted, &server.context);
        wanted.CAP_REGISTER = 0x66;
        wanted.INFO_REGISTER = 0x5000 | length;
        for (i = 0; i < (int)length; i++)
            *message_register(&wanted, i) = 0xc0 + i;
        check("Call: the server's registers", !memcmp(&wanted, &server.context, sizeof(wanted)));
        before = client.context;
        server.context.SYSCALL_NUMBER = REPLY_RECV;
        server.context.CAP_REGISTER = ep;
        server.context.INFO_REGISTER = 0x6000 | 7 << 9 | length;
        for (i = 0; i < seL4_FastMessageRegisters; i++)
            *message_register(&server.context, i) = 0xd0 + i;
        server.context.PC = (seL4_Word)snippet_syscall;
        prepare_syscall(&server.context);
        fault = probe_run(&server, snippet_syscall);
        must(!arrived(&fault));
        fault = poll(client.fault_ep);
        must(finished_at(&fault, snippet_syscall_end));
        probe_read(&client);
        wanted = before;
        ignore_clobbered(&wanted, &client.context);
        wanted.CAP_REGISTER = 0;
        wanted.INFO_REGISTER = 0x6000 | length;
        for (i = 0; i < (int)length; i++)
            *message_register(&wanted, i) = 0xd0 + i;
        check("reply: the client's registers", !memcmp(&wanted, &client.context, sizeof(wanted)));
    }
}

TEST(fastpath_rights)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct probe server, client;
    struct message fault;

    probe_init(&server);
    probe_init(&client);
    wait_on(&server, ep);
    probe_set_syscall(&client, CALL, copy_of(ep, 0xe), 0x5000);
    fault = probe_run(&client, snippet_syscall);
    check("Call without write right", finished_at(&fault, snippet_syscall_end));
    check_eq("is refused", client.context.INFO_REGISTER, seL4_InvalidCapability << 12 | 1);
    check("the server waits on", nothing_at(server.fault_ep));
    probe_set_syscall(&client, CALL, ep | BAD_GUARD, 0x5000);
    fault = probe_run(&client, snippet_syscall);
    check_eq("Call through a guard that does not match", fault.label, seL4_Fault_CapFault);
    check("the server waits on", nothing_at(server.fault_ep));
}

static seL4_CPtr other_endpoint;

static void reply_recv_on(uintptr_t first, uintptr_t second)
{
    seL4_Word badge;

    seL4_Recv(first, &badge);
    seL4_ReplyRecvWithMRs(second, seL4_MessageInfo_new(7, 0, 0, 0), &badge, NULL, NULL, NULL, NULL);
    trace('w');
}

TEST(fastpath_receive_rights)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    const seL4_CPtr unfit[] = {copy_of(ep, 0xd), slot_new(), ep | BAD_GUARD};
    struct agent client;
    struct probe probe;
    struct message fault;
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(unfit); i++) {
        probe_init(&probe);
        must(!seL4_TCB_SetSpace(probe.thread->tcb, 0, ROOT, 0, seL4_CapInitThreadVSpace, 0));
        thread_start(probe.thread, reply_recv_on, ep, unfit[i]);
        must(!seL4_TCB_SetSpace(probe.thread->tcb, probe.thread->fault_ep, ROOT, 0,
                                seL4_CapInitThreadVSpace, 0));
        settle();
        agent_init(&client, 50, CALL, ep, 1, WORDS());
        agent_run(&client);
        fault = poll(probe.fault_ep);
        check("ReplyRecv where one cannot receive",
              arrived(&fault) && fault.label == seL4_Fault_CapFault);
        check("the reply comes", client.returned && client.result.label == 7);
    }
}

static void mark(uintptr_t tag, uintptr_t unused)
{
    trace((char)tag);
}

static void serve_and_mark(uintptr_t ep, uintptr_t tag)
{
    seL4_Word badge;

    seL4_Recv(ep, &badge);
    for (;;) {
        trace((char)tag);
        seL4_ReplyRecvWithMRs(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, NULL, NULL, NULL, NULL);
    }
}

static void call_and_mark(uintptr_t ep, uintptr_t tag)
{
    seL4_CallWithMRs(ep, seL4_MessageInfo_new(0, 0, 0, 0), NULL, NULL, NULL, NULL);
    trace((char)tag);
}

TEST(fastpath_priorities)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct thread *server = spawn(40, serve_and_mark, ep, 's');

    settle();
    spawn(60, mark, 'z', 0);
    spawn(100, call_and_mark, ep, 'c');
    settle();
    check_text("Call to a lower server: a thread between runs first", trace_text(), "zsc");
    must(!seL4_TCB_SetPriority(server->tcb, seL4_CapInitThreadTCB, 100));
    trace_reset();
    spawn(40, call_and_mark, ep, 'c');
    spawn(30, mark, 'y', 0);
    settle();
    check_text("reply to a lower client", trace_text(), "scy");
    trace_reset();
    must(!seL4_TCB_SetPriority(server->tcb, seL4_CapInitThreadTCB, 100));
}

static void serve_and_spawn(uintptr_t ep, uintptr_t other)
{
    seL4_Word badge;

    seL4_Recv(ep, &badge);
    seL4_TCB_Resume(other);
    seL4_ReplyRecvWithMRs(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, NULL, NULL, NULL, NULL);
}

/* The server makes a thread ready that comes between it and its client. */
TEST(fastpath_reply_past_a_ready_thread)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct thread *between = thread_new(60);

    thread_start(between, mark, 'z', 0);
    must(!seL4_TCB_Suspend(between->tcb));
    spawn(100, serve_and_spawn, ep, between->tcb);
    settle();
    spawn(40, call_and_mark, ep, 'c');
    settle();
    check_text("it runs before the client", trace_text(), "zc");
}

TEST(fastpath_server_without_space)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), vspace = vspace_clone();
    struct probe server, client;
    struct message fault;

    if (debug_kernel && seL4_WordBits == 32 &&
        skip_on_others("an assertion of seL4's fast path forbids it"))
        return;
    probe_init_in(&server, vspace);
    probe_init(&client);
    wait_on(&server, ep);
    must(revoke(vspace).label == 0);
    probe_set_syscall(&client, CALL, ep, 0x5000);
    fault = probe_run(&client, snippet_syscall);
    check("the client waits", !arrived(&fault));
    fault = poll(server.fault_ep);
    check_eq("the server, without address space, faults", fault.label, seL4_Fault_VMFault);
    check_eq("behind its Recv", fault.mr[0], (seL4_Word)snippet_syscall_end);
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0));
}

TEST(fastpath_client_without_space)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), vspace = vspace_clone();
    struct probe client;
    struct message fault;

    probe_init_in(&client, vspace);
    spawn(120, serve_and_mark, ep, 's');
    settle();
    must(!seL4_TCB_SetPriority(client.thread->tcb, seL4_CapInitThreadTCB, 120));
    probe_set_syscall(&client, CALL, ep, 0x5000);
    fault = probe_run(&client, snippet_syscall);
    must(finished_at(&fault, snippet_syscall_end));
    must(!seL4_TCB_SetPriority(client.thread->tcb, seL4_CapInitThreadTCB, 130));
    spawn(125, mark, 'z', 0);
    must(revoke(vspace).label == 0);
    settle();
    check_text("the kernel goes on", trace_text(), "sz");
}

/* A signal that is pending on the bound notification comes before waiting. */
static void serve_bound(uintptr_t ep, uintptr_t signal)
{
    seL4_Word badge;

    seL4_Recv(ep, &badge);
    seL4_Signal(signal);
    seL4_ReplyRecvWithMRs(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, NULL, NULL, NULL, NULL);
    trace(badge == 0x77 ? 'n' : '?');
}

TEST(fastpath_bound_notification)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), ntfn = make(seL4_NotificationObject, 0);
    struct thread *server = thread_new(100);

    must(!seL4_TCB_BindNotification(server->tcb, ntfn));
    thread_start(server, serve_bound, ep, mint_of(ntfn, 0xf, 0x77));
    settle();
    spawn(100, call_and_mark, ep, 'c');
    settle();
    check_text("ReplyRecv takes the signal, and the client has its reply", trace_text(), "nc");
}

/* A handler that answers faults by ReplyRecv, each with a new IP. */
static void handle_faults(uintptr_t ep, uintptr_t rounds)
{
    seL4_Word badge, ip;

    seL4_RecvWithMRs(ep, &badge, &ip, NULL, NULL, NULL);
    while (rounds--) {
        trace('f');
        ip += 2;
        seL4_ReplyRecvWithMRs(ep, seL4_MessageInfo_new(0, 0, 0, 1), &badge, &ip, NULL, NULL, NULL);
    }
}

static void fault_three_times(uintptr_t a, uintptr_t b)
{
    __asm__ volatile("ud2; ud2; ud2");
    trace('d');
}

TEST(fastpath_fault_replies)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct thread *faulter = thread_new_in(100, ROOT, seL4_CapInitThreadVSpace, ep);

    spawn(100, handle_faults, ep, 3);
    settle();
    thread_start(faulter, fault_three_times, 0, 0);
    settle();
    check_text("ReplyRecv to faults", trace_text(), "fffd");
}

/* The quirk of an unforgotten fault, with a receiver that waits. */
TEST(fastpath_unforgotten_fault)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct probe probe;
    struct agent server;

    probe_init(&probe);
    probe.context.PC = (seL4_Word)snippet_hlt;
    must(!seL4_TCB_WriteRegisters(probe.thread->tcb, true, 0, CONTEXT_WORDS, &probe.context));
    settle();
    must(!seL4_TCB_Suspend(probe.thread->tcb));
    agent_init(&server, 120, RECV, ep, 0, WORDS());
    agent_run(&server);
    probe_set_syscall(&probe, CALL, ep, 0x23 << 12);
    probe_run(&probe, snippet_syscall);
    must(server.returned);
    check_eq("its Call arrives as that fault", server.result.label, seL4_Fault_UserException);
}

/* The right to transfer caps in replies comes from the cap of the latest receive. */
static void receive_by_two_caps(uintptr_t first, uintptr_t cap)
{
    seL4_Word badge;

    seL4_Recv(first, &badge);
    seL4_ReplyRecvWithMRs(other_endpoint, seL4_MessageInfo_new(0, 0, 0, 0), &badge, NULL, NULL,
                          NULL, NULL);
    seL4_SetCap(0, cap);
    seL4_Reply(seL4_MessageInfo_new(0, 0, 1, 0));
}

TEST(fastpath_grant_of_latest_receive)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), n = make(seL4_NotificationObject, 0);
    seL4_CPtr slot = slot_new();
    struct agent client;
    unsigned grant, round;

    for (grant = 0; grant < 2; grant++) {
        other_endpoint = copy_of(ep, grant ? 0xf : 0x2);
        spawn(120, receive_by_two_caps, copy_of(ep, grant ? 0x2 : 0xf), n);
        settle();
        for (round = 0; round < 2; round++) {
            agent_init(&client, 50, CALL, ep, 0, WORDS());
            client.receive_slot = slot;
            agent_run(&client);
            must(client.returned);
        }
        check_eq(grant ? "second with grant" : "second without", client.result.extra_caps, grant);
    }
}

/* The same right when the call is too long for short cuts. */
static void reply_with_cap(uintptr_t ep, uintptr_t cap)
{
    seL4_Word badge;

    seL4_Recv(ep, &badge);
    seL4_SetCap(0, cap);
    seL4_Reply(seL4_MessageInfo_new(9, 0, 1, 0));
}

TEST(fastpath_long_messages)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), n = make(seL4_NotificationObject, 0);
    seL4_CPtr slot = slot_new();
    struct agent client, server;
    unsigned grant;

    for (grant = 0; grant < 2; grant++) {
        spawn(120, reply_with_cap, copy_of(ep, grant ? 0x6 : 0x2), n);
        settle();
        agent_init(&client, 50, CALL, ep, 1, WORDS(1, 2, 3, 4, 5, 6, 7));
        client.receive_slot = slot;
        agent_run(&client);
        must(client.returned);
        check_eq(grant ? "receiver with grant" : "receiver without", client.result.extra_caps,
                 grant);
    }
    must(delete (slot).label == 0);
    agent_init(&server, 120, RECV, ep, 0, WORDS());
    server.receive_slot = slot;
    agent_run(&server);
    agent_init(&client, 50, CALL, ep, 1, WORDS());
    agent_caps(&client, CAPS(n));
    agent_run(&client);
    check_eq("a Call without words, with a cap", server.result.extra_caps, 1);
    check("the cap has come", occupied(slot));
    agent_init(&server, 120, RECV, ep, 0, WORDS());
    agent_run(&server);
    agent_init(&client, 50, CALL, ep, 1, WORDS(1, 2, 3, 4, 5));
    agent_run(&client);
    check_message("a Call of five words", server.result, 1, WORDS(1, 2, 3, 4, 5));
}

/* The queue of receivers stays whole when its first is taken. */
TEST(fastpath_queue)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent servers[4];
    unsigned i;

    for (i = 0; i < 3; i++) {
        agent_init(&servers[i], 120, RECV, ep, 0, WORDS());
        agent_run(&servers[i]);
    }
    spawn(50, call_and_mark, ep, 'c');
    settle();
    check("the first of three is served", servers[0].returned && !servers[1].returned);
    must(!seL4_TCB_Suspend(servers[1].thread->tcb));
    agent_init(&servers[3], 120, RECV, ep, 0, WORDS());
    agent_run(&servers[3]);
    spawn(50, call_and_mark, ep, 'd');
    settle();
    check("the second has left, the third is served", servers[2].returned && !servers[1].returned);
    must(!seL4_TCB_Suspend(servers[3].thread->tcb));
    spawn(50, call_and_mark, ep, 'e');
    settle();
    check("the last has left: the caller waits", !servers[3].returned);
    check_eq("to be received", poll(ep).length, 0);
}

/* Thread state that switches along: TLS base and FPU registers. */
static volatile unsigned wrong;
static seL4_Word blocks[2] = {0x111, 0x222};

static void use_state(seL4_Word value)
{
    seL4_Word tls, xmm;

    __asm__ volatile(TLS_LOAD " %0" : "=r"(tls));
    __asm__ volatile(MOVE_XMM " %%xmm3, %0" : "=r"(xmm));
    if (tls != value || xmm != value)
        wrong++;
}

static void set_xmm(seL4_Word value)
{
    __asm__ volatile(MOVE_XMM " %0, %%xmm3" : : "r"(value));
}

static void stateful_server(uintptr_t ep, uintptr_t value)
{
    seL4_Word badge;

    set_xmm(value);
    seL4_Recv(ep, &badge);
    for (;;) {
        use_state(value);
        seL4_ReplyRecvWithMRs(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, NULL, NULL, NULL, NULL);
    }
}

static void stateful_client(uintptr_t ep, uintptr_t value)
{
    unsigned i;

    set_xmm(value);
    for (i = 0; i < 50; i++) {
        seL4_CallWithMRs(ep, seL4_MessageInfo_new(0, 0, 0, 0), NULL, NULL, NULL, NULL);
        use_state(value);
    }
    trace('d');
}

TEST(fastpath_thread_state)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct thread *server = thread_new(100), *client = thread_new(100);

    wrong = 0;
    thread_start(server, stateful_server, ep, 0x111);
    must(!seL4_TCB_SetTLSBase(server->tcb, (seL4_Word)&blocks[0]));
    settle();
    thread_start(client, stateful_client, ep, 0x222);
    must(!seL4_TCB_SetTLSBase(client->tcb, (seL4_Word)&blocks[1]));
    settle();
    check_text("fifty calls", trace_text(), "d");
    check_eq("TLS base and FPU registers stay each thread's own", wrong, 0);
}

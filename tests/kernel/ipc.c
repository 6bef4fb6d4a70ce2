/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages through endpoints. */
#include "agent.h"

#define SEND SEL4_SYS(Send)
#define CALL SEL4_SYS(Call)
#define RECV SEL4_SYS(Recv)
#define NBSEND SEL4_SYS(NBSend)
#define NBRECV SEL4_SYS(NBRecv)
#define REPLY_RECV SEL4_SYS(ReplyRecv)

TEST(ipc_send_first)
{
    static const unsigned lengths[] = {0, 1, 2, 3, 4, 5, 8, 20};
    seL4_CPtr ep = make(seL4_EndpointObject, 0), badged = mint_of(ep, 0xf, 0x1234);
    struct agent sender;
    struct words w =
        WORDS(11, 22, 33, 44, 55, 66, 77, 88, 99, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
    struct message got;
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(lengths); i++) {
        agent_init(&sender, 50, SEND, badged, 100 + i, (struct words){w.list, lengths[i]});
        agent_run(&sender);
        must(!sender.returned);
        got = poll(ep);
        check_message("message of a waiting sender", got, 100 + i,
                      (struct words){w.list, lengths[i]});
        settle();
        must(sender.returned);
    }
    check_eq("badge of the sender's cap", got.badge, 0x1234);
    check_eq("no caps", got.extra_caps | got.unwrapped, 0);
    got = poll(ep);
    check("nothing is left", !arrived(&got));
}

TEST(ipc_receiver_first)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), badged = mint_of(ep, 0xf, 0x77);
    struct agent receiver;
    struct words w = WORDS(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    agent_init(&receiver, 50, RECV, ep, 0, WORDS());
    agent_run(&receiver);
    must(!receiver.returned);
    memcpy(seL4_GetIPCBuffer()->msg, w.list, w.count * sizeof(seL4_Word));
    seL4_NBSend(badged, seL4_MessageInfo_new(0x321, 7, 0, 10));
    settle();
    check("NBSend reaches a waiting receiver", receiver.returned);
    check_message("whole", receiver.result, 0x321, w);
    check_eq("with the badge", receiver.result.badge, 0x77);
    check_eq("the sender's capsUnwrapped does not pass", receiver.result.unwrapped, 0);
    agent_init(&receiver, 50, RECV, ep, 0, WORDS());
    agent_run(&receiver);
    seL4_Send(ep, seL4_MessageInfo_new(5, 0, 0, 0));
    settle();
    check("Send does", receiver.returned && receiver.result.label == 5);
    check_eq("badge 0 of an unbadged cap", receiver.result.badge, 0);
    agent_init(&receiver, 50, NBRECV, ep, 0, WORDS());
    agent_run(&receiver);
    check("NBRecv does not wait", receiver.returned);
    check_eq("badge 0", receiver.result.badge, 0);
}

TEST(ipc_labels)
{
    const seL4_Word all = ~(seL4_Word)0 >> 12;
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent sender;

    agent_init(&sender, 50, SEND, ep, all, WORDS(~(seL4_Word)0));
    agent_run(&sender);
    expect("the widest label", poll(ep), all, ~(seL4_Word)0);
}

TEST(ipc_badges)
{
    const seL4_Word all = ~(seL4_Word)0 >> (seL4_WordBits == 64 ? 0 : 4);
    seL4_CPtr ep = make(seL4_EndpointObject, 0), ntfn = make(seL4_NotificationObject, 0);
    struct agent sender;
    seL4_Word badge;

    agent_init(&sender, 50, SEND, mint_of(ep, 0xf, ~(seL4_Word)0), 1, WORDS());
    agent_run(&sender);
    check_eq("a badge of ones: 64 bits, or 28 on ia32", poll(ep).badge, all);
    seL4_Signal(mint_of(ntfn, 0xf, ~(seL4_Word)0));
    seL4_Poll(ntfn, &badge);
    check_eq("of a notification too", badge, all);
    if (seL4_WordBits == 32)
        succeeds("badge bits beyond them are none: another Mint may follow",
                 mint(slot_new(), mint_of(ep, 0xf, (seL4_Word)0xf << 28), 0xf, 5));
}

TEST(ipc_full_length)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    seL4_Word *buffer = seL4_GetIPCBuffer()->msg;
    struct agent sender;
    unsigned i, wrong = 0;

    agent_init(&sender, 50, SEND, ep, 1, WORDS(100, 101, 102, 103));
    sender.info = 1 << 12 | 120;
    agent_start(&sender);
    for (i = 4; i < 120; i++)
        sender.thread->buffer->msg[i] = 100 + i;
    sender.thread->buffer->userData = 0xbad;
    seL4_GetIPCBuffer()->userData = 0x600d;
    settle();
    check_eq("120 words", poll(ep).length, 120);
    for (i = 0; i < 120; i++)
        wrong += buffer[i] != 100 + i;
    check_eq("all of them right", wrong, 0);
    check_eq("the word after them is not touched", seL4_GetIPCBuffer()->userData, 0x600d);
}

TEST(ipc_queue_order)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent a, b, c;
    char order[4] = {0};
    unsigned i;

    agent_init(&a, 10, SEND, ep, 'a', WORDS());
    agent_run(&a);
    agent_init(&b, 90, SEND, ep, 'b', WORDS());
    agent_run(&b);
    agent_init(&c, 50, SEND, ep, 'c', WORDS());
    agent_run(&c);
    for (i = 0; i < 3; i++)
        order[i] = (char)poll(ep).label;
    check_text("senders are served first come, first served", order, "abc");
    agent_init(&a, 10, RECV, ep, 0, WORDS());
    agent_run(&a);
    agent_init(&b, 90, RECV, ep, 0, WORDS());
    agent_run(&b);
    agent_init(&c, 50, RECV, ep, 0, WORDS());
    agent_run(&c);
    for (i = 1; i <= 3; i++)
        seL4_NBSend(ep, seL4_MessageInfo_new(i, 0, 0, 0));
    settle();
    check("so are receivers", a.result.label == 1 && b.result.label == 2 && c.result.label == 3);
    agent_init(&a, 10, SEND, ep, 'a', WORDS());
    agent_run(&a);
    agent_init(&b, 90, SEND, ep, 'b', WORDS());
    agent_run(&b);
    agent_init(&c, 50, SEND, ep, 'c', WORDS());
    agent_run(&c);
    must(!seL4_TCB_Suspend(b.thread->tcb));
    check("a suspended sender has left the queue",
          poll(ep).label == 'a' && poll(ep).label == 'c' && nothing_at(ep));
    must(!seL4_TCB_Resume(b.thread->tcb));
    settle();
    check_eq("resumed, it sends again", poll(ep).label, 'b');
}

TEST(ipc_call_and_reply)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), badged = mint_of(ep, 0xf, 0x42);
    struct agent client;
    struct message got;
    unsigned round;

    for (round = 0; round < 2; round++) {
        agent_init(&client, 50, CALL, badged, 3, WORDS(7, 8, 9, 10, 11));
        agent_run(&client);
        got = poll(ep);
        check_message("the call arrives", got, 3, WORDS(7, 8, 9, 10, 11));
        check_eq("with its badge", got.badge, 0x42);
        settle();
        check("the caller waits", !client.returned);
        seL4_SetMR(0, 70);
        seL4_SetMR(5, 75);
        seL4_Reply(seL4_MessageInfo_new(0x99, 0, 0, 6));
        settle();
        check("until the reply", client.returned);
        check_eq("label of the reply", client.result.label, 0x99);
        check_eq("length", client.result.length, 6);
        check_eq("MR0", client.result.mr[0], 70);
        check_eq("MR5", client.result.mr[5], 75);
        check_eq("badge 0", client.result.badge, 0);
    }
    seL4_Reply(seL4_MessageInfo_new(1, 0, 0, 0));
    settle();
    check_eq("a second reply goes nowhere", client.result.label, 0x99);
}

static void echo_server(uintptr_t ep, uintptr_t rounds)
{
    seL4_Word badge, mr = 0;
    seL4_MessageInfo_t info = seL4_RecvWithMRs(ep, &badge, &mr, NULL, NULL, NULL);

    while (rounds--) {
        mr += badge;
        info = seL4_ReplyRecvWithMRs(ep, info, &badge, &mr, NULL, NULL, NULL);
    }
}

static void echo_client(uintptr_t ep, uintptr_t out)
{
    seL4_Word i, mr, sum = 0;

    for (i = 0; i < 100; i++) {
        mr = i;
        seL4_CallWithMRs(ep, seL4_MessageInfo_new(i, 0, 0, 1), &mr, NULL, NULL, NULL);
        sum += mr;
    }
    *(volatile seL4_Word *)out = sum;
}

/* Clients and server at all relations of priority, in one and in two address spaces. */
TEST(ipc_reply_recv)
{
    static const struct {
        const char *name;
        unsigned server, client;
        bool other_space;
    } cases[] = {
        {"equal priorities", 50, 50, false},
        {"server higher", 60, 50, false},
        {"server lower", 40, 50, false},
        {"equal, other address space", 50, 50, true},
        {"server higher, other space", 60, 50, true},
        {"server lower, other space", 40, 50, true},
    };
    seL4_CPtr ep = make(seL4_EndpointObject, 0), badged = mint_of(ep, 0xf, 1000);
    static volatile seL4_Word sum[2];
    struct thread *server, *client;
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        sum[0] = 0;
        server = thread_new_in(cases[i].server, ROOT,
                               cases[i].other_space ? vspace_clone() : seL4_CapInitThreadVSpace, 0);
        thread_start(server, echo_server, ep, ~(uintptr_t)0);
        client = spawn(cases[i].client, echo_client, badged, (uintptr_t)&sum[0]);
        settle();
        check_eq(cases[i].name, sum[0], 4950 + 100 * 1000);
        must(!seL4_TCB_Suspend(server->tcb) && client->done);
    }
}

TEST(ipc_two_clients)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    static volatile seL4_Word sum[2];

    spawn(50, echo_server, ep, ~(uintptr_t)0);
    spawn(50, echo_client, mint_of(ep, 0xf, 1), (uintptr_t)&sum[0]);
    spawn(50, echo_client, mint_of(ep, 0xf, 2), (uintptr_t)&sum[1]);
    settle();
    check_eq("first client", sum[0], 4950 + 100);
    check_eq("second client", sum[1], 4950 + 200);
}

TEST(ipc_without_buffer)
{
    const seL4_Word regs = seL4_FastMessageRegisters;
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent agent;
    struct message got;

    agent_init(&agent, 50, SEND, ep, 1, WORDS(1, 2, 3, 4, 5, 6));
    must(!seL4_TCB_SetIPCBuffer(agent.thread->tcb, 0, 0));
    agent_run(&agent);
    got = poll(ep);
    check_eq("a sender without buffer: words in registers only", got.length, regs);
    check_eq("which are right", got.mr[1], 2);
    agent_init(&agent, 50, RECV, ep, 0, WORDS());
    must(!seL4_TCB_SetIPCBuffer(agent.thread->tcb, 0, 0));
    agent_run(&agent);
    seL4_NBSend(ep, seL4_MessageInfo_new(2, 0, 0, 50));
    settle();
    check_eq("a receiver without buffer too", agent.result.length, regs);
    agent_init(&agent, 50, CALL, make(seL4_UntypedObject, 4), UntypedRetype, WORDS(99, 0, 0, 0));
    must(!seL4_TCB_SetIPCBuffer(agent.thread->tcb, 0, 0));
    agent.info = UntypedRetype << 12 | 1 << 7 | 6;
    agent_run(&agent);
    check_eq("an invocation is truncated", agent.result.label, seL4_TruncatedMessage);
}

TEST(ipc_error_reply_without_buffer)
{
    struct agent agent;

    agent_init(&agent, 50, CALL, ROOT, CNodeDelete, WORDS(5, 8));
    must(!seL4_TCB_SetIPCBuffer(agent.thread->tcb, 0, 0));
    agent_run(&agent);
    check_eq("a long error is cut to the registers", agent.result.length,
             seL4_FastMessageRegisters);
    check_eq("FailedLookup", agent.result.label, seL4_FailedLookup);
    check_eq("of the target", agent.result.mr[0], 0);
    check_eq("by guard", agent.result.mr[1], seL4_GuardMismatch);
}

/* The buffer is found by its frame cap: it need not be mapped, but must be writable to receive. */
TEST(ipc_buffer_frames)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), frame = make(seL4_X86_4K, 0);
    seL4_CPtr read_only = copy_of(frame, 2);
    struct agent agent;
    seL4_Word vaddr = 0x10000000;
    seL4_Word *window = (seL4_Word *)(vaddr + 2048);

    map_tables(seL4_CapInitThreadVSpace, vaddr);
    must(!seL4_X86_Page_Map(frame, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite, 0));
    window[1 + 2] = 3; /* these two only count where registers hold less */
    window[1 + 3] = 4;
    window[1 + 4] = 0x4444;
    agent_init(&agent, 50, SEND, ep, 1, WORDS(1, 2, 3, 4, 5));
    must(!seL4_TCB_SetIPCBuffer(agent.thread->tcb, 0x800, frame));
    agent_run(&agent);
    expect("buffer in an unmapped place of the thread", poll(ep), 1, 1, 2, 3, 4, 0x4444);
    agent_init(&agent, 50, SEND, ep, 1, WORDS(1, 2, 3, 4, 5));
    must(!seL4_TCB_SetIPCBuffer(agent.thread->tcb, 0x800, read_only));
    agent_run(&agent);
    expect("read-only frame: enough to send", poll(ep), 1, 1, 2, 3, 4, 0x4444);
    agent_init(&agent, 50, RECV, ep, 0, WORDS());
    must(!seL4_TCB_SetIPCBuffer(agent.thread->tcb, 0x800, read_only));
    agent_run(&agent);
    seL4_NBSend(ep, seL4_MessageInfo_new(2, 0, 0, 50));
    settle();
    check_eq("not to receive", agent.result.length, seL4_FastMessageRegisters);
    check_eq("nothing was written", window[1 + 4], 0x4444);
    agent_init(&agent, 50, RECV, ep, 0, WORDS());
    must(!seL4_TCB_SetIPCBuffer(agent.thread->tcb, 0x12345800, frame));
    agent_run(&agent);
    seL4_SetMR(4, 0x5555);
    seL4_NBSend(ep, seL4_MessageInfo_new(2, 0, 0, 50));
    settle();
    check_eq("read-write frame receives", agent.result.length, 50);
    check_eq("into the frame", window[1 + 4], 0x5555);
    must(delete (frame).label == 0 && delete (read_only).label == 0);
    agent_init(&agent, 50, RECV, ep, 0, WORDS());
    agent_run(&agent);
    seL4_NBSend(ep, seL4_MessageInfo_new(2, 0, 0, 50));
    settle();
    check_eq("an ordinary agent after all this", agent.result.length, 50);
}

TEST(ipc_message_keeps_other_registers)
{
    struct probe probe;
    struct message fault;
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    seL4_Word second;

    probe_init(&probe);
    probe_set_syscall(&probe, RECV, ep, 0);
    second = *message_register(&probe.context, 1);
    fault = probe_run(&probe, snippet_syscall);
    must(!arrived(&fault));
    seL4_SetMR(0, 0xabc);
    seL4_NBSend(ep, seL4_MessageInfo_new(2, 0, 0, 1));
    settle();
    fault = poll(probe.fault_ep);
    must(finished_at(&fault, snippet_syscall_end));
    probe_read(&probe);
    check_eq("MR0 is the message", *message_register(&probe.context, 0), 0xabc);
    check_eq("MR1 is left alone", *message_register(&probe.context, 1), second);
}

TEST(ipc_buffer_in_a_large_page)
{
    const seL4_Word offset = ((seL4_Word)1 << seL4_LargePageBits) - 2048, vaddr = 0x20000000;
    seL4_CPtr ep = make(seL4_EndpointObject, 0), large = make(seL4_X86_LargePageObject, 0);
    struct agent agent;

    map_tables(seL4_CapInitThreadVSpace, vaddr + ((seL4_Word)1 << seL4_LargePageBits));
    must(!seL4_X86_Page_Map(large, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite, 0));
    agent_init(&agent, 50, RECV, ep, 0, WORDS());
    must(!seL4_TCB_SetIPCBuffer(agent.thread->tcb, vaddr + offset, large));
    agent_run(&agent);
    seL4_SetMR(7, 0x1a79e);
    seL4_NBSend(ep, seL4_MessageInfo_new(2, 0, 0, 8));
    settle();
    check_eq("received", agent.result.length, 8);
    check_eq("at the right place of the page", ((seL4_Word *)(vaddr + offset))[1 + 7], 0x1a79e);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities sent with messages. */
#include "agent.h"

#define SEND SEL4_SYS(Send)
#define CALL SEL4_SYS(Call)
#define RECV SEL4_SYS(Recv)

/* Sends caps over sender (a cap to ep) to an agent that receives into slot; its result. */
static struct message transfer(seL4_CPtr ep, seL4_CPtr sender, seL4_CPtr slot, struct words caps,
                               seL4_Word badges[3])
{
    struct agent agent;

    agent_init(&agent, 50, RECV, ep, 0, WORDS());
    agent.receive_slot = slot;
    agent.caps[0] = agent.caps[1] = agent.caps[2] = 0xdead;
    agent_run(&agent);
    must(!agent.returned);
    for (seL4_Word i = 0; i < caps.count; i++)
        seL4_SetCap((int)i, caps.list[i]);
    seL4_NBSend(sender, seL4_MessageInfo_new(8, 0, caps.count, 0));
    settle();
    must(agent.returned);
    memcpy(badges, agent.thread->buffer->caps_or_badges, 3 * sizeof(seL4_Word));
    thread_reset();
    must(delete (agent.thread->tcb).label == 0);
    return agent.result;
}

static void check_transfer(const char *name, struct message got, seL4_Word extra,
                           seL4_Word unwrapped)
{
    check_eq(name, got.extra_caps << 4 | got.unwrapped, extra << 4 | unwrapped);
}

TEST(transfer_combinations)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), e = mint_of(ep, 0xf, 7);
    seL4_CPtr n = make(seL4_NotificationObject, 0), m = make(seL4_EndpointObject, 0);
    seL4_CPtr empty = slot_new(), table = make(seL4_X86_PageTableObject, 0), ut, slot = slot_new();
    seL4_Word b[3];

    ut = make(seL4_UntypedObject, 12);
    must(retype(ut, seL4_EndpointObject, 0, slot_new(), 1).label == 0);
    check_transfer("N", transfer(ep, ep, slot, CAPS(n), b), 1, 0);
    check("N is in the slot", occupied(slot));
    check_eq("no badge word is written", b[0], 0xdead);
    check_transfer("N into an occupied slot", transfer(ep, ep, slot, CAPS(m), b), 0, 0);
    check_transfer("N E into an occupied slot", transfer(ep, ep, slot, CAPS(n, e), b), 0, 0);
    check_transfer("E N into an occupied slot", transfer(ep, ep, slot, CAPS(e, n), b), 1, 1);
    check_eq("badge word of E", b[0], 7);
    must(delete (slot).label == 0);
    check_transfer("E", transfer(ep, ep, slot, CAPS(e), b), 1, 1);
    check("E is not in the slot", !occupied(slot));
    check_transfer("E N", transfer(ep, ep, slot, CAPS(e, n), b), 2, 1);
    check_eq("badge in word 0", b[0], 7);
    check("N in the slot", occupied(slot));
    must(delete (slot).label == 0);
    check_transfer("N E", transfer(ep, ep, slot, CAPS(n, e), b), 2, 2);
    check_eq("badge in word 1", b[1], 7);
    check_eq("word 0 is left", b[0], 0xdead);
    must(delete (slot).label == 0);
    check_transfer("E N E", transfer(ep, ep, slot, CAPS(e, n, e), b), 3, 5);
    check_eq("badge in word 2", b[2], 7);
    must(delete (slot).label == 0);
    check_transfer("E E E", transfer(ep, ep, slot, CAPS(e, e, e), b), 3, 7);
    check_transfer("unbadged cap to the endpoint", transfer(ep, ep, slot, CAPS(ep), b), 1, 1);
    check_eq("badge word 0", b[0], 0);
    check_transfer("N M: the second stops it", transfer(ep, ep, slot, CAPS(n, m), b), 1, 0);
    must(delete (slot).label == 0);
    check_transfer("empty slot first", transfer(ep, ep, slot, CAPS(empty, e), b), 0, 0);
    check_transfer("unmapped page table first", transfer(ep, ep, slot, CAPS(table, e), b), 0, 0);
    check_transfer("untyped with children first", transfer(ep, ep, slot, CAPS(ut, e), b), 0, 0);
    check_transfer("IRQControl", transfer(ep, ep, slot, CAPS(seL4_CapIRQControl), b), 0, 0);
    check("the slot is still empty", !occupied(slot));
    check_transfer("badged sender", transfer(ep, e, slot, CAPS(n), b), 1, 0);
}

TEST(transfer_needs_grant)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), n = make(seL4_NotificationObject, 0);
    seL4_CPtr slot = slot_new();
    seL4_Word b[3];

    check_transfer("no grant", transfer(ep, copy_of(ep, 1), slot, CAPS(n), b), 0, 0);
    check("nothing came", !occupied(slot));
    check_transfer("grantReply is not grant", transfer(ep, copy_of(ep, 9), slot, CAPS(n), b), 0, 0);
    check_transfer("not even unwrapping", transfer(ep, copy_of(ep, 1), slot, CAPS(ep), b), 0, 0);
    check_transfer("with grant", transfer(ep, copy_of(ep, 5), slot, CAPS(n), b), 1, 0);
    must(delete (slot).label == 0);
    check_transfer("the receiver's cap needs none", transfer(copy_of(ep, 2), ep, slot, CAPS(n), b),
                   1, 0);
}

TEST(transfer_receive_paths)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), n = make(seL4_NotificationObject, 0);
    seL4_CPtr node = make(seL4_CapTableObject, 2), slot = slot_new();
    struct agent agent;
    const struct {
        const char *name;
        seL4_Word root, index, depth, extra;
    } paths[] = {
        {"root is not a CNode", n, 1, 2, 0},
        {"root slot empty", 0, 1, 2, 0},
        {"depth 0", ROOT, slot, 0, 0},
        {"depth beyond a word", ROOT, slot, seL4_WordBits + 1, 0},
        {"depth too small", ROOT, slot, 8, 0},
        {"a CNode below", node, 3, 2, 1},
        {"the same slot again", node, 3, 2, 0},
        {"the root CNode", ROOT, slot, seL4_WordBits, 1},
    };
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(paths); i++) {
        agent_init(&agent, 50, RECV, ep, 0, WORDS());
        agent_start(&agent);
        agent.thread->buffer->receiveCNode = paths[i].root;
        agent.thread->buffer->receiveIndex = paths[i].index;
        agent.thread->buffer->receiveDepth = paths[i].depth;
        settle();
        seL4_SetCap(0, n);
        seL4_NBSend(ep, seL4_MessageInfo_new(8, 0, 1, 0));
        settle();
        must(agent.returned && agent.result.label == 8);
        check_eq(paths[i].name, agent.result.extra_caps, paths[i].extra);
    }
    expect("the cap in the CNode below", invoke(node, CNodeMove, CAPS(node), ARGS(3, 2, 3, 2)),
           seL4_DeleteFirst);
}

static seL4_Word map_at(seL4_CPtr frame, seL4_Word vaddr)
{
    return seL4_X86_Page_Map(frame, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite, 0);
}

/* What arrives is a copy, derived as Copy does: same rights, same badge, a frame unmapped. */
TEST(transfer_derives)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), ntfn = make(seL4_NotificationObject, 0);
    seL4_CPtr badged = mint_of(ntfn, 1, 0x80), frame = make(seL4_X86_4K, 0), slot = slots_new(2);
    seL4_Word b[3], badge;

    transfer(ep, ep, slot, CAPS(badged), b);
    seL4_Signal(slot);
    seL4_Poll(ntfn, &badge);
    check_eq("the badge travels along", badge, 0x80);
    must(revoke(ntfn).label == 0);
    check("a child of the original", !occupied(slot));
    map_tables(seL4_CapInitThreadVSpace, 0x10000000);
    must(!map_at(frame, 0x10000000));
    transfer(ep, ep, slot + 1, CAPS(frame), b);
    check_eq("a frame arrives unmapped", map_at(slot + 1, 0x10001000), seL4_NoError);
}

TEST(transfer_by_waiting_sender)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), n = make(seL4_NotificationObject, 0);
    seL4_CPtr slot = slot_new(), victim = copy_of(n, 0xf);
    struct agent sender;
    struct message got;

    seL4_SetCapReceivePath(ROOT, slot, DEPTH);
    agent_init(&sender, 50, SEND, ep, 2, WORDS(9));
    agent_caps(&sender, CAPS(n));
    agent_run(&sender);
    got = poll(ep);
    check_eq("a sender that waited", got.extra_caps, 1);
    check("its cap has come", occupied(slot));
    must(delete (slot).label == 0);
    agent_init(&sender, 50, SEND, ep, 3, WORDS(9));
    agent_caps(&sender, CAPS(victim));
    agent_run(&sender);
    must(delete (victim).label == 0);
    got = poll(ep);
    check("its cap deleted meanwhile: the message comes without",
          got.label == 3 && got.extra_caps == 0);
    agent_init(&sender, 50, SEND, ep, 4, WORDS(9));
    agent_caps(&sender, CAPS(n));
    agent_run(&sender);
    sender.thread->buffer->caps_or_badges[0] = (seL4_Word)1 << (seL4_WordBits - 1);
    got = poll(ep);
    check("its cap unresolvable by then: the same", got.label == 4 && got.extra_caps == 0);
    check("no fault: the sender is served", sender.thread->done == false);
    settle();
    check("and goes on", sender.returned);
}

TEST(transfer_without_buffer)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), n = make(seL4_NotificationObject, 0);
    struct agent agent;

    agent_init(&agent, 50, RECV, ep, 0, WORDS());
    must(!seL4_TCB_SetIPCBuffer(agent.thread->tcb, 0, 0));
    agent_run(&agent);
    seL4_SetCap(0, n);
    seL4_NBSend(ep, seL4_MessageInfo_new(1, 0, 1, 0));
    settle();
    check("a receiver without buffer gets no cap", agent.returned && !agent.result.extra_caps);
}

/* Caps in replies: by the grant right of the receiver's endpoint cap. */
TEST(transfer_in_replies)
{
    static const struct {
        const char *name;
        seL4_Word rights, extra;
    } cases[] = {
        {"receiver with grant", 0xf, 1},
        {"receiver without", 0x2, 0},
        {"with grantReply", 0xa, 0},
    };
    seL4_CPtr ep = make(seL4_EndpointObject, 0), n = make(seL4_NotificationObject, 0);
    seL4_CPtr slot = slot_new();
    struct agent client;
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        agent_init(&client, 50, CALL, ep, 0, WORDS());
        client.receive_slot = slot;
        agent_run(&client);
        must(!nothing_at(copy_of(ep, cases[i].rights)));
        seL4_SetCap(0, n);
        seL4_Reply(seL4_MessageInfo_new(1, 0, 1, 0));
        settle();
        must(client.returned);
        check_eq(cases[i].name, client.result.extra_caps, cases[i].extra);
        check_eq("the slot", occupied(slot), cases[i].extra);
        must(delete (slot).label == 0);
    }
    agent_init(&client, 50, CALL, ep, 0, WORDS());
    client.receive_slot = slot;
    agent_run(&client);
    must(!nothing_at(ep));
    seL4_SetCap(0, ep);
    seL4_Reply(seL4_MessageInfo_new(1, 0, 1, 0));
    settle();
    check_eq("nothing is unwrapped in a reply", client.result.unwrapped, 0);
    check("the endpoint cap itself is transferred", occupied(slot));
}

static void reply_with_cap(uintptr_t ep, uintptr_t cap)
{
    seL4_Word badge;

    seL4_Recv(ep, &badge);
    seL4_SetCap(0, cap);
    seL4_Reply(seL4_MessageInfo_new(9, 0, 1, 0));
}

/* The same with a server that waits already when the call comes. */
TEST(transfer_in_replies_of_a_waiting_server)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), n = make(seL4_NotificationObject, 0);
    seL4_CPtr slot = slot_new();
    struct agent client;
    unsigned with_grant;

    for (with_grant = 0; with_grant < 2; with_grant++) {
        spawn(120, reply_with_cap, copy_of(ep, with_grant ? 0x6 : 0x2), n);
        settle();
        agent_init(&client, 50, CALL, ep, 0, WORDS());
        client.receive_slot = slot;
        agent_run(&client);
        must(client.returned && client.result.label == 9);
        check_eq(with_grant ? "receiver with grant" : "receiver without", client.result.extra_caps,
                 with_grant);
        check_eq("the slot", occupied(slot), with_grant);
    }
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Reply capabilities: where they live, what ends them. */
#include "agent.h"

#define CALL SEL4_SYS(Call)

static struct message save_caller(seL4_CPtr slot)
{
    return invoke(ROOT, CNodeSaveCaller, CAPS(), ARGS(slot, DEPTH));
}

/* A client in a Call over ep whose message has been received by the root thread. */
static void client_waits(struct agent *client, seL4_CPtr ep)
{
    agent_init(client, 50, CALL, ep, 1, WORDS(5));
    agent_run(client);
    must(poll(ep).label == 1 && !client->returned);
}

TEST(reply_saved)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), slot = slots_new(3);
    struct agent client;

    client_waits(&client, ep);
    succeeds("SaveCaller", save_caller(slot));
    check("the slot holds the reply cap", occupied(slot));
    seL4_Reply(seL4_MessageInfo_new(9, 0, 0, 0));
    settle();
    check("the caller slot is empty now", !client.returned);
    expect("Copy", copy(slot + 1, slot), seL4_IllegalOperation);
    expect("Mint", mint(slot + 1, slot, 0xf, 3), seL4_IllegalOperation);
    succeeds("Move", move(slot + 1, slot));
    seL4_SetMR(0, 0x66);
    seL4_Send(slot + 1, seL4_MessageInfo_new(9, 0, 0, 1));
    settle();
    check("Send on it replies", client.returned && client.result.label == 9);
    check_eq("with the word", client.result.mr[0], 0x66);
    check("and uses it up", !occupied(slot + 1));
    expect("a second time", invoke(slot + 1, 9, CAPS(), ARGS()), seL4_InvalidCapability, 0);
}

/* Every length that fits into registers, and one more, by Send on a saved capability and by Reply.
 */
TEST(reply_lengths)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), slot = slot_new();
    struct agent client;

    for (seL4_Word n = 0; n <= 2 * (seL4_FastMessageRegisters + 1) + 1; n++) {
        seL4_Word length = n / 2, i;

        client_waits(&client, ep);
        if (n % 2)
            must(save_caller(slot).label == 0);
        for (i = 0; i < length; i++)
            seL4_SetMR((int)i, 0x70 + n + i);
        if (n % 2)
            seL4_Send(slot, seL4_MessageInfo_new(0x500 + n, 7, 0, length));
        else
            seL4_Reply(seL4_MessageInfo_new(0x500 + n, 7, 0, length));
        settle();
        check("it replies", client.returned && client.result.label == 0x500 + n);
        check_eq("the length", client.result.length, length);
        for (i = 0; i < length; i++)
            check_eq("a word", client.result.mr[i], 0x70 + n + i);
        check("the capability is used up", !occupied(slot));
    }
}

TEST(reply_by_call_and_nbsend)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), slot = slot_new();
    struct agent client;

    client_waits(&client, ep);
    must(save_caller(slot).label == 0);
    succeeds("Call on a reply cap", invoke(slot, 3, CAPS(), ARGS(1, 2)));
    settle();
    check("replies", client.returned && client.result.label == 3);
    check_eq("MR1", client.result.mr[1], 2);
    client_waits(&client, ep);
    must(save_caller(slot).label == 0);
    seL4_NBSend(slot, seL4_MessageInfo_new(4, 0, 0, 0));
    settle();
    check("NBSend replies", client.returned && client.result.label == 4);
    check("and uses the cap up", !occupied(slot));
}

TEST(reply_two_at_once)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), slot = slots_new(2);
    struct agent a, b;

    client_waits(&a, ep);
    must(save_caller(slot).label == 0);
    client_waits(&b, ep);
    must(save_caller(slot + 1).label == 0);
    seL4_Send(slot + 1, seL4_MessageInfo_new(22, 0, 0, 0));
    seL4_Send(slot, seL4_MessageInfo_new(11, 0, 0, 0));
    settle();
    check_eq("the first saved", a.result.label, 11);
    check_eq("the second saved", b.result.label, 22);
}

TEST(reply_lost)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), ntfn = make(seL4_NotificationObject, 0);
    seL4_CPtr slot = slot_new();
    struct agent client;

    client_waits(&client, ep);
    poll(ep);
    seL4_Reply(seL4_MessageInfo_new(9, 0, 0, 0));
    settle();
    check("NBRecv on an endpoint destroys an unsaved reply cap", !client.returned);
    must(!seL4_TCB_Resume(client.thread->tcb));
    settle();
    check_eq("Resume repeats the call", poll(ep).label, 1);
    poll(ntfn);
    seL4_Reply(seL4_MessageInfo_new(9, 0, 0, 0));
    settle();
    check("NBRecv on a notification does not", client.returned);
    client_waits(&client, ep);
    must(save_caller(slot).label == 0);
    succeeds("Delete of a saved reply cap", delete (slot));
    settle();
    check("leaves the caller waiting", !client.returned);
    must(!seL4_TCB_Resume(client.thread->tcb));
    settle();
    check_eq("until it is resumed, and calls again", poll(ep).label, 1);
}

TEST(reply_cancelled_caller)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), slot = slot_new();
    struct agent client;

    client_waits(&client, ep);
    must(save_caller(slot).label == 0);
    must(!seL4_TCB_Suspend(client.thread->tcb));
    check("Suspend of the caller empties the slot", !occupied(slot));
    client_waits(&client, ep);
    must(save_caller(slot).label == 0);
    must(!seL4_TCB_Resume(client.thread->tcb));
    check("Resume as well", !occupied(slot));
    must(!seL4_TCB_Suspend(client.thread->tcb));
    client_waits(&client, ep);
    must(save_caller(slot).label == 0);
    must(delete (client.thread->tcb).label == 0);
    check("Delete of its TCB as well", !occupied(slot));
    client_waits(&client, ep);
    must(!seL4_TCB_Suspend(client.thread->tcb));
    seL4_Reply(seL4_MessageInfo_new(9, 0, 0, 0));
    settle();
    check("an unsaved one is gone too", !client.returned);
    expect("SaveCaller then moves nothing", save_caller(slot), 0);
    check("slot empty", !occupied(slot));
}

TEST(reply_survives_the_endpoint)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent client;

    client_waits(&client, ep);
    must(delete (ep).label == 0);
    settle();
    check("deleting the endpoint leaves a received call alone", !client.returned);
    seL4_Reply(seL4_MessageInfo_new(6, 0, 0, 0));
    settle();
    check_eq("the reply comes through", client.result.label, 6);
}

TEST(reply_in_a_deleted_cnode)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), node = make(seL4_CapTableObject, 2);
    struct agent client;

    client_waits(&client, ep);
    must(invoke(node, CNodeSaveCaller, CAPS(), ARGS(1, 2)).label == 0);
    must(delete (node).label == 0);
    must(!seL4_TCB_Resume(client.thread->tcb));
    settle();
    check_eq("a call can be repeated after its reply cap went with a CNode", poll(ep).label, 1);
    seL4_Reply(seL4_MessageInfo_new(2, 0, 0, 0));
    settle();
    check_eq("and answered", client.result.label, 2);
}

/* A Call without grant and grantReply: the message is delivered, the caller turns inactive. */
TEST(reply_needs_a_right)
{
    static const struct {
        const char *name;
        seL4_Word rights;
        bool answered;
    } cases[] = {
        {"write only", 1, false},
        {"grantReply", 9, true},
        {"grant", 5, true},
        {"both", 13, true},
    };
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent client;
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        agent_init(&client, 50, CALL, copy_of(ep, cases[i].rights), 1, WORDS(5));
        agent_run(&client);
        check_eq("the message comes", poll(ep).label, 1);
        seL4_Reply(seL4_MessageInfo_new(7, 0, 0, 0));
        settle();
        check_eq(cases[i].name, client.returned, cases[i].answered);
    }
    agent_init(&client, 50, CALL, copy_of(ep, 1), 1, WORDS(5));
    agent_run(&client);
    must(poll(ep).label == 1);
    must(!seL4_TCB_Resume(client.thread->tcb));
    settle();
    check_eq("an inactive caller, resumed, calls again", poll(ep).label, 1);
}

static void answer_once(uintptr_t ep, uintptr_t label)
{
    seL4_Word badge;

    seL4_Recv(ep, &badge);
    trace('m');
    seL4_Reply(seL4_MessageInfo_new(label, 0, 0, 0));
}

/* The same rights with a server that waits already. */
TEST(reply_of_a_waiting_server)
{
    static const struct {
        const char *name;
        seL4_Word rights;
        bool answered;
    } cases[] = {
        {"write only", 1, false},
        {"grantReply", 9, true},
        {"grant", 5, true},
        {"both", 13, true},
    };
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent client;
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        trace_reset();
        spawn(120, answer_once, ep, 7);
        settle();
        agent_init(&client, 50, CALL, copy_of(ep, cases[i].rights), 1, WORDS(5));
        agent_run(&client);
        check_text("the message comes", trace_text(), "m");
        check_eq(cases[i].name, client.returned, cases[i].answered);
    }
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Call and ReplyRecv through CSpaces of several levels: a short message, for which kernels take a
 * short cut, ends as a long one does, for which they do not.
 */
#include "agent.h"

#define BITS seL4_WordBits
#define CALL SEL4_SYS(Call)
#define RECV SEL4_SYS(Recv)
#define REPLY_RECV SEL4_SYS(ReplyRecv)
#define TOP_RADIX 4
#define INNER_RADIX 4
#define INNER_GUARD_BITS 2
#define BELOW_TOP (INNER_GUARD_BITS + INNER_RADIX) /* bits that the top node leaves */
#define BADGE 0x66
#define FAULT_SLOT 7
#define ENDPOINT_SLOT 5

/* An address: slot of the top node, guard, slot of the inner node. */
#define AT(top, guard, inner)                                                                      \
    ((seL4_Word)(top) << BELOW_TOP | (seL4_Word)(guard) << INNER_RADIX | (seL4_Word)(inner))

static const struct {
    const char *name;
    seL4_Word address;
    bool found;
} cases[] = {
    {"two levels", AT(3, 1, ENDPOINT_SLOT), true},
    {"three levels", AT(8, 1, ENDPOINT_SLOT), true},
    {"an endpoint above: bits remain", AT(4, 2, 9), true},
    {"guard of the inner node differs", AT(3, 2, ENDPOINT_SLOT), false},
    {"guard of the top node differs", AT(3, 1, ENDPOINT_SLOT) | (seL4_Word)1 << (BITS - 1), false},
    {"guard longer than what is left", AT(5, 1, ENDPOINT_SLOT), false},
    {"too deep by its radix", AT(6, 0, ENDPOINT_SLOT), false},
    {"empty slot of the top node", AT(7, 1, ENDPOINT_SLOT), false},
    {"empty slot of the inner node", AT(3, 1, 11), false},
    {"a node at the end", AT(3, 1, 12), false},
};

static seL4_Word guard(seL4_Word value, seL4_Word size)
{
    return seL4_CNode_CapData_new(value, size).words[0];
}

static void put(seL4_CPtr node, seL4_Word index, seL4_CPtr source, seL4_Word data)
{
    must(invoke(node, data ? CNodeMint : CNodeCopy, CAPS(ROOT),
                ARGS(index, 4, source, BITS, 0xf, data))
             .label == 0);
}

/* The top node of a CSpace where the endpoint is found as `cases` says; faults go to fault_ep. */
static seL4_CPtr space_new(seL4_CPtr ep, seL4_CPtr fault_ep)
{
    seL4_CPtr top = make(seL4_CapTableObject, TOP_RADIX);
    seL4_CPtr inner = make(seL4_CapTableObject, INNER_RADIX);
    seL4_CPtr middle = make(seL4_CapTableObject, INNER_GUARD_BITS);

    put(inner, ENDPOINT_SLOT, ep, BADGE);
    put(inner, FAULT_SLOT, fault_ep, 0);
    put(inner, 12, middle, 0);
    put(top, 3, inner, guard(1, INNER_GUARD_BITS));
    put(top, 4, ep, BADGE);
    put(top, 5, inner, guard(0, BELOW_TOP + 1));
    put(top, 6, inner, guard(0, INNER_GUARD_BITS + 1));
    put(top, 8, middle, 0);
    must(invoke(middle, CNodeCopy, CAPS(ROOT), ARGS(1, INNER_GUARD_BITS, inner, BITS, 0xf)).label ==
         0);
    return mint_of(top, 0xf, guard(0, BITS - TOP_RADIX - BELOW_TOP));
}

static void enter_space(struct probe *probe, seL4_CPtr ep)
{
    seL4_CPtr space = space_new(ep, mint_of(probe->fault_ep, 0xf, PROBE_BADGE));

    must(!seL4_TCB_SetSpace(probe->thread->tcb, AT(3, 1, FAULT_SLOT), space, 0,
                            seL4_CapInitThreadVSpace, 0));
}

/* One system call's outcome: the caller's fault, and the partner's message registers. */
struct outcome {
    struct message fault;
    bool delivered;
    seL4_Word badge, label;
};

static void note_partner(struct outcome *outcome, struct probe *partner)
{
    struct message fault = poll(partner->fault_ep);

    outcome->delivered = finished_at(&fault, snippet_syscall_end);
    probe_read(partner);
    outcome->badge = partner->context.CAP_REGISTER;
    outcome->label = partner->context.INFO_REGISTER >> 12;
}

static void wait_on(struct probe *server, seL4_CPtr address)
{
    struct message fault;

    probe_set_syscall(server, RECV, address, 0);
    fault = probe_run(server, snippet_syscall);
    must(!arrived(&fault));
}

static struct outcome call_at(struct probe *client, struct probe *server, seL4_CPtr ep,
                              seL4_Word address, seL4_Word length)
{
    struct outcome outcome;

    wait_on(server, ep);
    probe_set_syscall(client, CALL, address, 0x23 << 12 | length);
    outcome.fault = probe_run(client, snippet_syscall);
    note_partner(&outcome, server);
    return outcome;
}

/* The server has received a call, and answers it by ReplyRecv at the address. */
static struct outcome reply_at(struct probe *client, struct probe *server, seL4_CPtr ep,
                               seL4_Word address, seL4_Word length)
{
    struct outcome outcome;
    struct message fault;

    wait_on(server, AT(3, 1, ENDPOINT_SLOT));
    probe_set_syscall(client, CALL, ep, 0x23 << 12);
    fault = probe_run(client, snippet_syscall);
    must(!arrived(&fault));
    fault = poll(server->fault_ep);
    must(finished_at(&fault, snippet_syscall_end));
    probe_set_syscall(server, REPLY_RECV, address, 0x24 << 12 | length);
    outcome.fault = probe_run(server, snippet_syscall);
    note_partner(&outcome, client);
    return outcome;
}

static bool is_same_fault(const struct message *a, const struct message *b)
{
    return a->label == b->label && a->length == b->length &&
           !memcmp(a->mr, b->mr, a->length * sizeof(seL4_Word));
}

static bool is_same(const struct outcome *a, const struct outcome *b)
{
    return a->delivered == b->delivered && a->badge == b->badge && a->label == b->label &&
           arrived(&a->fault) == arrived(&b->fault) &&
           (!arrived(&a->fault) || is_same_fault(&a->fault, &b->fault));
}

TEST(levels_call)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct probe client, server;
    struct outcome short_call, long_call;
    unsigned i;

    probe_init(&client);
    probe_init(&server);
    enter_space(&client, ep);
    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        short_call = call_at(&client, &server, ep, cases[i].address, 0);
        long_call = call_at(&client, &server, ep, cases[i].address, 5);
        check_eq(cases[i].name, short_call.delivered, cases[i].found);
        check("a long message fares the same", is_same(&short_call, &long_call));
        if (cases[i].found)
            check("label and badge arrive", short_call.label == 0x23 && short_call.badge == BADGE);
    }
}

TEST(levels_reply_recv)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct probe client, server;
    struct outcome short_reply, long_reply;
    unsigned i;

    probe_init(&client);
    probe_init(&server);
    enter_space(&server, ep);
    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        short_reply = reply_at(&client, &server, ep, cases[i].address, 0);
        long_reply = reply_at(&client, &server, ep, cases[i].address, 5);
        check(cases[i].name, short_reply.delivered && short_reply.label == 0x24);
        check_eq("and the server waits, or faults", arrived(&short_reply.fault), !cases[i].found);
        check("a long message fares the same", is_same(&short_reply, &long_reply));
    }
}

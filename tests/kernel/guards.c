/* SPDX-License-Identifier: BSD-2-Clause */
/* How capability addresses are resolved through CNodes with guards. */
#include "probe.h"

#define BITS seL4_WordBits
#define TOP_BIT ((seL4_Word)1 << (BITS - 1))

static seL4_Word guard(seL4_Word value, seL4_Word size)
{
    return seL4_CNode_CapData_new(value, size).words[0];
}

/* Mints node with a guard into a new slot, through Mint's own reply. */
static struct message mint_guard(seL4_CPtr to, seL4_CPtr node, seL4_Word data)
{
    return mint(to, node, 0xf, data);
}

static struct message delete_in(seL4_CPtr node, seL4_Word index, seL4_Word depth)
{
    return invoke(node, CNodeDelete, CAPS(), ARGS(index, depth));
}

TEST(guards_resolution)
{
    seL4_CPtr node = make(seL4_CapTableObject, 4), to = slots_new(8);

    succeeds("no guard", delete_in(node, 5, 4));
    expect("too shallow", delete_in(node, 5, 3), seL4_FailedLookup, 0, seL4_DepthMismatch, 3, 4);
    expect("too deep: bits remain", delete_in(node, 5 << 4, 8), seL4_FailedLookup, 0,
           seL4_DepthMismatch, 4, 0);
    succeeds("guard 5 of 3 bits", mint_guard(to, node, guard(5, 3)));
    succeeds("matches", delete_in(to, 5 << 4 | 2, 7));
    expect("other guard value", delete_in(to, 4 << 4 | 2, 7), seL4_FailedLookup, 0,
           seL4_GuardMismatch, 7, 5, 3);
    expect("fewer bits than the guard", delete_in(to, 2, 2), seL4_FailedLookup, 0,
           seL4_GuardMismatch, 2, 5, 3);
    expect("guard fits, radix does not", delete_in(to, 5 << 2, 5), seL4_FailedLookup, 0,
           seL4_DepthMismatch, 5, 7);
    succeeds("upper bits of the index do not count", delete_in(to, TOP_BIT | 5 << 4 | 2, 7));
    succeeds("guard is cut to its size", mint_guard(to + 1, node, guard(0xd, 3)));
    succeeds("so 0xd means 5", delete_in(to + 1, 5 << 4, 7));
    succeeds("guard of the rest of a word", mint_guard(to + 2, node, guard(0, BITS - 4)));
    succeeds("full depth", delete_in(to + 2, 5, BITS));
    expect("guard one bit too long", mint_guard(to + 3, node, guard(0, BITS - 3)),
           seL4_IllegalOperation);
    succeeds("Mint with data 0 loses the guard", mint_guard(to + 3, to, 0));
    succeeds("depth 4 again", delete_in(to + 3, 5, 4));
    succeeds("Copy keeps the guard", copy(to + 4, to));
    succeeds("as it was", delete_in(to + 4, 5 << 4 | 2, 7));
    expect("and no other", delete_in(to + 4, 2, 7), seL4_FailedLookup, 0, seL4_GuardMismatch, 7, 5,
           3);
}

/* Two levels: a node in slot 3 of a node, the inner with a guard. */
TEST(guards_nested)
{
    seL4_CPtr outer = make(seL4_CapTableObject, 4), inner = make(seL4_CapTableObject, 2);
    seL4_CPtr ep = make(seL4_EndpointObject, 0);

    must(invoke(outer, CNodeMint, CAPS(ROOT), ARGS(3, 4, inner, BITS, 0xf, guard(1, 2))).label ==
         0);
    succeeds("Copy into the inner node",
             invoke(outer, CNodeCopy, CAPS(ROOT), ARGS(3 << 4 | 1 << 2 | 2, 8, ep, BITS, 0xf)));
    expect("found there directly", invoke(inner, CNodeMove, CAPS(inner), ARGS(2, 2, 2, 2)),
           seL4_DeleteFirst);
    expect("guard of the inner node", delete_in(outer, 3 << 4 | 2 << 2 | 2, 8), seL4_FailedLookup,
           0, seL4_GuardMismatch, 4, 1, 2);
    expect("inner node too shallow", delete_in(outer, 3 << 3 | 1 << 1, 7), seL4_FailedLookup, 0,
           seL4_DepthMismatch, 3, 4);
    expect("through an empty slot: bits remain", delete_in(outer, 4 << 4, 8), seL4_FailedLookup, 0,
           seL4_DepthMismatch, 4, 0);
    expect("through an endpoint: bits remain", delete_in(outer, 3 << 8 | 1 << 6 | 2 << 4, 12),
           seL4_FailedLookup, 0, seL4_DepthMismatch, 4, 0);
    expect("as a source",
           invoke(ROOT, CNodeCopy, CAPS(outer), ARGS(slot_new(), BITS, 4 << 4, 8, 15)),
           seL4_FailedLookup, 1, seL4_DepthMismatch, 4, 0);
    succeeds("the slot of the inner node itself", delete_in(outer, 3, 4));
}

/* A row of CNodes of one bit each: 62 levels and more, ended early by other caps. */
TEST(guards_deep_row)
{
    seL4_CPtr row = make_many(seL4_CapTableObject, 1, BITS), ep = make(seL4_EndpointObject, 0);
    seL4_Word path = 0, i;

    for (i = 0; i + 1 < BITS; i++)
        must(invoke(row + i, CNodeCopy, CAPS(ROOT), ARGS(1, 1, row + i + 1, BITS, 0xf)).label == 0);
    path = ~(seL4_Word)0;
    succeeds("Copy to the end of the row",
             invoke(row, CNodeCopy, CAPS(ROOT), ARGS(path, BITS, ep, BITS, 0xf)));
    expect("it is in the last node",
           invoke(row + BITS - 1, CNodeMove, CAPS(row + BITS - 1), ARGS(1, 1, 1, 1)),
           seL4_DeleteFirst);
    expect("an empty slot half way", delete_in(row, path << (BITS / 2), BITS), seL4_FailedLookup, 0,
           seL4_DepthMismatch, BITS / 2 - 1, 0);
}

static seL4_Word invoke_as_probe(struct probe *probe, seL4_CPtr cptr, seL4_Word label)
{
    struct message fault;

    probe_set_syscall(probe, SEL4_SYS(Call), cptr, label << 12);
    fault = probe_run(probe, snippet_syscall);
    must(finished_at(&fault, snippet_syscall_end));
    return probe->context.INFO_REGISTER;
}

/* Plain use of a CPtr ignores what remains after an object or an empty slot is met. */
TEST(guards_cptr_use)
{
    seL4_CPtr root = make(seL4_CapTableObject, 4), tcb = make(seL4_TCBObject, 0);
    struct probe probe;
    struct message fault;
    seL4_Word slot = (seL4_Word)1 << (BITS - 4), ep;

    probe_init(&probe);
    ep = probe.thread->fault_ep;
    must(invoke(root, CNodeCopy, CAPS(ROOT), ARGS(1, 4, tcb, BITS, 0xf)).label == 0);
    must(invoke(root, CNodeCopy, CAPS(ROOT), ARGS(2, 4, ep, BITS, 0xf)).label == 0);
    must(!seL4_TCB_SetSpace(probe.thread->tcb, 2 * slot, root, 0, seL4_CapInitThreadVSpace, 0));
    check_eq("a TCB met with 60 bits left is invoked",
             invoke_as_probe(&probe, slot, TCBUnbindNotification), seL4_IllegalOperation << 12);
    check_eq("whatever those bits are", invoke_as_probe(&probe, slot | 0x1234, TCBSuspend + 99),
             seL4_IllegalOperation << 12);
    check_eq("an empty slot met early: InvalidCapability",
             invoke_as_probe(&probe, 5 * slot | 0x777, TCBSuspend),
             seL4_InvalidCapability << 12 | 1);
    must(!seL4_TCB_SetSpace(probe.thread->tcb, 2 * slot, root, guard(0, 2),
                            seL4_CapInitThreadVSpace, 0));
    fault = probe_run(&probe, snippet_hlt);
    check("the fault endpoint is looked up with the new guard: missing", !arrived(&fault));
    must(!seL4_TCB_SetSpace(probe.thread->tcb, 2 * (slot >> 2), root, guard(0, 2),
                            seL4_CapInitThreadVSpace, 0));
    fault = probe_run(&probe, snippet_hlt);
    check("guard by SetSpace data: fault arrives", finished_at(&fault, snippet_hlt));
    must(!seL4_TCB_SetSpace(probe.thread->tcb, 2 * slot, root, 0, seL4_CapInitThreadVSpace, 0));
    fault = probe_run(&probe, snippet_hlt);
    check("data 0 keeps the cap's own guard (none)", finished_at(&fault, snippet_hlt));
    expect("guard and radix beyond a word",
           invoke(probe.thread->tcb, TCBSetSpace, CAPS(root, seL4_CapInitThreadVSpace),
                  ARGS(0, guard(0, BITS - 3), 0)),
           seL4_IllegalOperation);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* CNode invocations: arguments, lookups, and what each operation does to a slot. */
#include "probe.h"

#define BITS seL4_WordBits
#define GUARD ROOT_GUARD_BITS
#define TOP_BIT ((seL4_Word)1 << (BITS - 1))

static struct message cnode(seL4_Word label, seL4_Word index, seL4_Word depth)
{
    return invoke(ROOT, label, CAPS(), ARGS(index, depth));
}

static struct message copy_from(seL4_CPtr to, seL4_CPtr root, seL4_Word index, seL4_Word depth)
{
    return invoke(ROOT, CNodeCopy, CAPS(root), ARGS(to, DEPTH, index, depth, 0xf));
}

static struct message rotate(seL4_CPtr to, seL4_CPtr pivot, seL4_CPtr from, seL4_Word to_data,
                             seL4_Word pivot_data)
{
    return invoke(ROOT, CNodeRotate, CAPS(ROOT, ROOT),
                  ARGS(to, DEPTH, to_data, pivot, DEPTH, pivot_data, from, DEPTH));
}

TEST(cnode_target_lookup)
{
    seL4_CPtr tcb = make(seL4_TCBObject, 0);

    expect("depth 0", cnode(CNodeDelete, 5, 0), seL4_RangeError, 1, BITS);
    expect("depth 99", cnode(CNodeDelete, 5, 99), seL4_RangeError, 1, BITS);
    expect("depth one above a word", cnode(CNodeRevoke, 5, BITS + 1), seL4_RangeError, 1, BITS);
    expect("depth 256 + 64 is not cut to a byte", cnode(CNodeDelete, 5, 256 + BITS),
           seL4_RangeError, 1, BITS);
    expect("depth 8", cnode(CNodeDelete, 5, 8), seL4_FailedLookup, 0, seL4_GuardMismatch, 8, 0,
           GUARD);
    expect("depth of the guard only", cnode(CNodeDelete, 0, GUARD), seL4_FailedLookup, 0,
           seL4_DepthMismatch, GUARD, BITS);
    expect("depth one short", cnode(CNodeDelete, 0, BITS - 1), seL4_FailedLookup, 0,
           seL4_DepthMismatch, BITS - 1, BITS);
    expect("guard bit set", cnode(CNodeDelete, TOP_BIT, BITS), seL4_FailedLookup, 0,
           seL4_GuardMismatch, BITS, 0, GUARD);
    succeeds("empty slot", cnode(CNodeDelete, slot_new(), BITS));
    succeeds("empty slot, Revoke", cnode(CNodeRevoke, slot_new(), BITS));
    expect("invoked on a TCB", invoke(tcb, CNodeDelete, CAPS(), ARGS(5, BITS)),
           seL4_IllegalOperation);
    expect("one word", invoke(ROOT, CNodeDelete, CAPS(), ARGS(5)), seL4_TruncatedMessage);
    expect("label below", invoke(ROOT, UntypedRetype, CAPS(), ARGS()), seL4_IllegalOperation);
    expect("label above", invoke(ROOT, IRQIssueIRQHandler, CAPS(), ARGS()), seL4_IllegalOperation);
    expect("label 0", invoke(ROOT, 0, CAPS(), ARGS()), seL4_IllegalOperation);
    expect("label far above", invoke(ROOT, 0xffff, CAPS(), ARGS()), seL4_IllegalOperation);
}

TEST(cnode_source_lookup)
{
    seL4_CPtr to = slot_new(), empty = slot_new(), tcb = make(seL4_TCBObject, 0);

    expect("empty source", copy_from(to, ROOT, empty, BITS), seL4_FailedLookup, 1,
           seL4_MissingCapability, BITS);
    expect("source depth 0", copy_from(to, ROOT, tcb, 0), seL4_RangeError, 1, BITS);
    expect("source depth 65", copy_from(to, ROOT, tcb, BITS + 1), seL4_RangeError, 1, BITS);
    expect("source depth 8", copy_from(to, ROOT, tcb, 8), seL4_FailedLookup, 1, seL4_GuardMismatch,
           8, 0, GUARD);
    expect("source depth one short", copy_from(to, ROOT, tcb, BITS - 1), seL4_FailedLookup, 1,
           seL4_DepthMismatch, BITS - 1, BITS);
    expect("source root is a TCB", copy_from(to, tcb, tcb, BITS), seL4_FailedLookup, 1,
           seL4_InvalidRoot);
    expect("source root is empty", copy_from(to, empty, tcb, BITS), seL4_FailedLookup, 1,
           seL4_InvalidRoot);
    expect("target before source", invoke(ROOT, CNodeCopy, CAPS(ROOT), ARGS(to, 0, 0, 0, 0)),
           seL4_RangeError, 1, BITS);
    expect("occupied target before source", copy_from(tcb, ROOT, empty, BITS), seL4_DeleteFirst);
    check("the target stays empty after all that", !occupied(to));
}

TEST(cnode_length)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), to = slot_new();

    expect("Copy, 4 words", invoke(ROOT, CNodeCopy, CAPS(ROOT), ARGS(to, BITS, ep, BITS)),
           seL4_TruncatedMessage);
    expect("Copy, 3 words", invoke(ROOT, CNodeCopy, CAPS(ROOT), ARGS(to, BITS, ep)),
           seL4_TruncatedMessage);
    expect("Copy, no cap", invoke(ROOT, CNodeCopy, CAPS(), ARGS(to, BITS, ep, BITS, 15)),
           seL4_TruncatedMessage);
    expect("Copy, 4 words and source empty",
           invoke(ROOT, CNodeCopy, CAPS(ROOT), ARGS(to, BITS, to, BITS)), seL4_FailedLookup, 1,
           seL4_MissingCapability, BITS);
    expect("Mint, 5 words", invoke(ROOT, CNodeMint, CAPS(ROOT), ARGS(to, BITS, ep, BITS, 15)),
           seL4_TruncatedMessage);
    expect("Mutate, 4 words", invoke(ROOT, CNodeMutate, CAPS(ROOT), ARGS(to, BITS, ep, BITS)),
           seL4_TruncatedMessage);
    expect("Move, 3 words", invoke(ROOT, CNodeMove, CAPS(ROOT), ARGS(to, BITS, ep)),
           seL4_TruncatedMessage);
    expect("Rotate, 7 words",
           invoke(ROOT, CNodeRotate, CAPS(ROOT, ROOT), ARGS(to, BITS, 0, ep, BITS, 0, ep)),
           seL4_TruncatedMessage);
    expect("Rotate, one cap",
           invoke(ROOT, CNodeRotate, CAPS(ROOT), ARGS(to, BITS, 0, ep, BITS, 0, ep, BITS)),
           seL4_TruncatedMessage);
    expect("lookup of the target precedes the length", invoke(ROOT, CNodeCopy, CAPS(), ARGS(to, 0)),
           seL4_RangeError, 1, BITS);
    succeeds("Copy, surplus words",
             invoke(ROOT, CNodeCopy, CAPS(ROOT), ARGS(to, BITS, ep, BITS, 15, 9, 9, 9)));
}

TEST(cnode_copy_and_mint)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), to = slots_new(6);

    succeeds("Copy", copy(to, ep));
    check("both slots hold a cap", occupied(to) && occupied(ep));
    succeeds("Mint with a badge", mint(to + 1, ep, 0xf, 5));
    expect("Mint over a badge", mint(to + 2, to + 1, 0xf, 7), seL4_IllegalOperation);
    expect("Mint over a badge with badge 0", mint(to + 2, to + 1, 0xf, 0), seL4_IllegalOperation);
    succeeds("Mint with badge 0 of an unbadged cap", mint(to + 2, ep, 0xf, 0));
    succeeds("which can be badged later", mint(to + 3, to + 2, 0xf, 8));
    succeeds("Copy of a badged cap", copy(to + 4, to + 1));
    expect("Copy onto an occupied slot", copy(to, ep), seL4_DeleteFirst);
    succeeds("Delete", delete (to));
    check("the slot is empty", !occupied(to));
    check("the source is not", occupied(ep));
}

TEST(cnode_underivable)
{
    static const struct {
        const char *name;
        seL4_Word type;
    } unmapped[] = {
        {"unmapped page table", seL4_X86_PageTableObject},
#ifdef __x86_64__
        {"unmapped page directory", seL4_X86_PageDirectoryObject},
        {"unmapped PDPT", seL4_X86_PDPTObject},
#endif
        {"address space without an ASID", seL4_VSpaceObject},
    };
    seL4_CPtr to = slot_new(), ut = make(seL4_UntypedObject, 12), child = slot_new(), table;
    unsigned i;

    expect("IRQControl", copy(to, seL4_CapIRQControl), seL4_IllegalOperation);
    expect("IOPortControl", copy(to, seL4_CapIOPortControl), seL4_IllegalOperation);
    expect("IRQControl by Mint", mint(to, seL4_CapIRQControl, 0xf, 0), seL4_IllegalOperation);
    for (i = 0; i < ARRAY_SIZE(unmapped); i++) {
        table = make(unmapped[i].type, 0);
        expect(unmapped[i].name, copy(to, table), seL4_IllegalOperation);
    }
    must(retype(ut, seL4_EndpointObject, 0, child, 1).label == 0);
    expect("untyped with children", copy(to, ut), seL4_RevokeFirst);
    must(delete (child).label == 0);
    succeeds("untyped without", copy(to, ut));
    must(delete (to).label == 0);
    succeeds("ASIDControl", copy(to, seL4_CapASIDControl));
    must(delete (to).label == 0);
    succeeds("ASID pool", copy(to, seL4_CapInitThreadASIDPool));
    must(delete (to).label == 0);
    succeeds("TCB", copy(to, seL4_CapInitThreadTCB));
    must(delete (to).label == 0);
    succeeds("address space", copy(to, seL4_CapInitThreadVSpace));
    must(delete (to).label == 0);
    succeeds("Domain", copy(to, seL4_CapDomain));
    must(delete (to).label == 0);
    succeeds("IO ports", copy(to, serial_cap));
    must(delete (to).label == 0);
    succeeds("frame", copy(to, make(seL4_X86_4K, 0)));
    must(delete (to).label == 0);
    succeeds("Mint data mean nothing to a TCB", mint(to, seL4_CapInitThreadTCB, 0, 0x1234));
}

TEST(cnode_move)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), to = slots_new(2), badged = mint_of(ep, 0xf, 4);

    succeeds("Move", move(to, ep));
    check("the source is empty", !occupied(ep));
    check("the target is not", occupied(to));
    expect("Move from an empty slot", move(to + 1, ep), seL4_FailedLookup, 1,
           seL4_MissingCapability, BITS);
    expect("Move onto an occupied slot", move(to, badged), seL4_DeleteFirst);
    expect("onto itself, occupied", move(to, to), seL4_DeleteFirst);
    expect("onto itself, empty", move(to + 1, to + 1), seL4_FailedLookup, 1, seL4_MissingCapability,
           BITS);
    succeeds("IRQControl can be moved", move(to + 1, seL4_CapIRQControl));
    succeeds("and back", move(seL4_CapIRQControl, to + 1));
    succeeds("a moved cap keeps its children", revoke(to));
    check("Revoke at the new place finds them", !occupied(badged));
}

TEST(cnode_mutate)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), node = make(seL4_CapTableObject, 4);
    seL4_CPtr to = slots_new(4), tcb = make(seL4_TCBObject, 0);
    seL4_Word data = seL4_CNode_CapData_new(0, BITS - 4).words[0];
    struct words caps = CAPS(ROOT);

    expect("endpoint", invoke(ROOT, CNodeMutate, caps, ARGS(to, BITS, ep, BITS, 3)),
           seL4_IllegalOperation);
    expect("endpoint with badge 0", invoke(ROOT, CNodeMutate, caps, ARGS(to, BITS, ep, BITS, 0)),
           seL4_IllegalOperation);
    succeeds("CNode with a guard",
             invoke(ROOT, CNodeMutate, caps, ARGS(to, BITS, node, BITS, data)));
    check("the source is empty", !occupied(node));
    succeeds("the guard is in effect", invoke(to, CNodeDelete, CAPS(), ARGS(3, BITS)));
    expect("at every depth", invoke(to, CNodeDelete, CAPS(), ARGS(3, 4)), seL4_FailedLookup, 0,
           seL4_GuardMismatch, 4, 0, BITS - 4);
    succeeds("a TCB ignores the data",
             invoke(ROOT, CNodeMutate, caps, ARGS(to + 1, BITS, tcb, BITS, 77)));
    check("and has moved", !occupied(tcb) && occupied(to + 1));
    data = seL4_CNode_CapData_new(0, BITS - 3).words[0];
    expect("guard and radix beyond a word",
           invoke(ROOT, CNodeMutate, caps, ARGS(to + 2, BITS, to, BITS, data)),
           seL4_IllegalOperation);
    succeeds("data 0 takes the guard away",
             invoke(ROOT, CNodeMutate, caps, ARGS(to + 2, BITS, to, BITS, 0)));
    succeeds("depth 4 is then enough", invoke(to + 2, CNodeDelete, CAPS(), ARGS(3, 4)));
}

TEST(cnode_rotate)
{
    seL4_CPtr a = make(seL4_CapTableObject, 1), b = make(seL4_TCBObject, 0), empty = slots_new(3);
    seL4_CPtr ep = make(seL4_EndpointObject, 0);

    expect("pivot is the source", rotate(empty, a, a, 0, 0), seL4_IllegalOperation);
    expect("pivot is the target", rotate(b, b, a, 0, 0), seL4_IllegalOperation);
    expect("target occupied", rotate(ep, a, b, 0, 0), seL4_DeleteFirst);
    expect("source empty", rotate(empty, a, empty + 1, 0, 0), seL4_FailedLookup, 1,
           seL4_MissingCapability, BITS);
    expect("pivot empty", rotate(empty, empty + 1, a, 0, 0), seL4_FailedLookup, 0,
           seL4_MissingCapability, BITS);
    expect(
        "lookup of the pivot counts as a source",
        invoke(ROOT, CNodeRotate, CAPS(ROOT, ROOT), ARGS(empty, BITS, 0, a, BITS - 1, 0, b, BITS)),
        seL4_FailedLookup, 1, seL4_DepthMismatch, BITS - 1, BITS);
    expect("endpoint as source", rotate(empty, a, ep, 0, 0), seL4_IllegalOperation);
    expect("endpoint as pivot", rotate(empty, ep, a, 0, 0), seL4_IllegalOperation);
    succeeds("three slots", rotate(empty, a, b, 0, 0));
    check("the source is empty", !occupied(b));
    expect("the pivot's cap is in the target", invoke(empty, CNodeDelete, CAPS(), ARGS(0, 2)),
           seL4_FailedLookup, 0, seL4_DepthMismatch, 1, 0);
    expect("the source's cap is in the pivot", invoke(a, TCBReadRegisters, CAPS(), ARGS(0, 3)), 0,
           0, 0, 0x202);
    succeeds("swap", rotate(a, empty, a, 0, 0));
    expect("back again", invoke(empty, TCBReadRegisters, CAPS(), ARGS(0, 3)), 0, 0, 0, 0x202);
    succeeds("CNode with a new guard",
             rotate(b, a, empty, seL4_CNode_CapData_new(1, 3).words[0], 0));
    succeeds("guard in effect", invoke(b, CNodeDelete, CAPS(), ARGS(2, 4)));
}

TEST(cnode_delete_and_special)
{
    seL4_CPtr ntfn = make(seL4_NotificationObject, 0), ep = make(seL4_EndpointObject, 0);
    seL4_CPtr empty = slot_new(), some = copy_of(ep, 0x7);

    expect("empty slot by Call", invoke(empty, 1, CAPS(), ARGS()), seL4_InvalidCapability, 0);
    expect("CPtr 0 by Call", invoke(0, CNodeDelete, CAPS(), ARGS(1, 2)), seL4_InvalidCapability, 0);
    expect("CancelBadgedSends on a notification", cnode(CNodeCancelBadgedSends, ntfn, BITS),
           seL4_IllegalOperation);
    expect("on an endpoint cap without grantReply", cnode(CNodeCancelBadgedSends, some, BITS),
           seL4_IllegalOperation);
    expect("on an empty slot", cnode(CNodeCancelBadgedSends, empty, BITS), seL4_IllegalOperation);
    succeeds("on an unbadged endpoint", cnode(CNodeCancelBadgedSends, ep, BITS));
    succeeds("SaveCaller without a caller", cnode(CNodeSaveCaller, empty, BITS));
    check("leaves the slot empty", !occupied(empty));
    expect("SaveCaller into an occupied slot", cnode(CNodeSaveCaller, ep, BITS), seL4_DeleteFirst);
    succeeds("Delete twice, first", delete (some));
    succeeds("Delete twice, second", delete (some));
}

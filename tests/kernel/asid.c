/* SPDX-License-Identifier: BSD-2-Clause */
/* ASID pools and the assignment of address spaces to them. */
#include "probe.h"

#define POOLS (1u << seL4_NumASIDPoolsBits)
#define POOL_ENTRIES (1u << seL4_ASIDPoolIndexBits)

static struct message make_pool(seL4_CPtr untyped, seL4_CPtr slot)
{
    return invoke(seL4_CapASIDControl, X86ASIDControlMakePool, CAPS(untyped, ROOT),
                  ARGS(slot, DEPTH));
}

static struct message assign(seL4_CPtr pool, seL4_CPtr vspace)
{
    return invoke(pool, X86ASIDPoolAssign, CAPS(vspace), ARGS());
}

TEST(asid_pool_arguments)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 12), small = make(seL4_UntypedObject, 11);
    seL4_CPtr large = make(seL4_UntypedObject, 13), slot = slots_new(3), parent;
    seL4_CPtr device = slot_new(), child = slot_new();

    parent = make(seL4_UntypedObject, 12);
    must(retype(parent, seL4_EndpointObject, 0, child, 1).label == 0);
    must(retype(device_untyped(0xb8000), seL4_UntypedObject, 12, device, 1).label == 0);
    expect("one word",
           invoke(seL4_CapASIDControl, X86ASIDControlMakePool, CAPS(ut, ROOT), ARGS(slot)),
           seL4_TruncatedMessage);
    expect("one cap",
           invoke(seL4_CapASIDControl, X86ASIDControlMakePool, CAPS(ut), ARGS(slot, DEPTH)),
           seL4_TruncatedMessage);
    expect("untyped too small", make_pool(small, slot), seL4_InvalidCapability, 1);
    expect("untyped too large", make_pool(large, slot), seL4_InvalidCapability, 1);
    expect("device untyped", make_pool(device, slot), seL4_InvalidCapability, 1);
    expect("not an untyped", make_pool(ROOT, slot), seL4_InvalidCapability, 1);
    expect("untyped with children", make_pool(parent, slot), seL4_RevokeFirst);
    expect("occupied slot", make_pool(ut, child), seL4_DeleteFirst);
    expect("bad depth",
           invoke(seL4_CapASIDControl, X86ASIDControlMakePool, CAPS(ut, ROOT), ARGS(slot, 0)),
           seL4_RangeError, 1, seL4_WordBits);
    succeeds("a good one", make_pool(ut, slot));
    expect("the untyped is used then", make_pool(ut, slot + 1), seL4_RevokeFirst);
    expect("and full", retype(ut, seL4_EndpointObject, 0, slot + 1, 1), seL4_NotEnoughMemory, 0);
    succeeds("Revoke of the untyped", revoke(ut));
    check("takes the pool", !occupied(slot));
    expect("other label", invoke(seL4_CapASIDControl, X86ASIDPoolAssign, CAPS(ut), ARGS()),
           seL4_IllegalOperation);
}

TEST(asid_assign)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 12), pool = slot_new();
    seL4_CPtr root = make_many(seL4_VSpaceObject, 0, 3), frame = make(seL4_X86_4K, 0), pool_copy;

    must(make_pool(ut, pool).label == 0);
    pool_copy = copy_of(pool, 0xf);
    expect("no cap", invoke(pool, X86ASIDPoolAssign, CAPS(), ARGS()), seL4_TruncatedMessage);
    expect("a frame", assign(pool, frame), seL4_InvalidCapability, 1);
    expect("the root task's own space", assign(pool, seL4_CapInitThreadVSpace),
           seL4_InvalidCapability, 1);
    succeeds("a new root", assign(pool, root));
    expect("twice", assign(pool, root), seL4_InvalidCapability, 1);
    expect("in another pool", assign(seL4_CapInitThreadASIDPool, root), seL4_InvalidCapability, 1);
    succeeds("by a copy of the pool cap", assign(pool_copy, root + 1));
    expect("other label", invoke(pool, X86ASIDControlMakePool, CAPS(root), ARGS(0, 0)),
           seL4_IllegalOperation);
    must(delete (pool).label == 0);
    succeeds("while a copy is left the pool lives", assign(pool_copy, root + 2));
    expect("page table wanted, not an ASID",
           invoke(frame, X86PageMap, CAPS(root), ARGS(0x10000000, 3, 0)), seL4_FailedLookup, 0,
           seL4_MissingCapability, seL4_WordBits == 64 ? 39 : 22);
    must(delete (pool_copy).label == 0);
    expect("last cap deleted: its spaces are stale",
           invoke(frame, X86PageMap, CAPS(root), ARGS(0x10000000, 3, 0)), seL4_FailedLookup, 0,
           seL4_InvalidRoot);
    expect(
        "for tables too",
        invoke(make(seL4_X86_PageTableObject, 0), X86PageTableMap, CAPS(root), ARGS(0x10000000, 0)),
        seL4_FailedLookup, 0, seL4_InvalidRoot);
    expect("and still count as assigned", assign(seL4_CapInitThreadASIDPool, root),
           seL4_InvalidCapability, 1);
    succeeds("they can be copied", copy(slot_new(), root));
    succeeds("and given to a thread",
             invoke(make(seL4_TCBObject, 0), TCBSetSpace, CAPS(ROOT, root), ARGS(0, 0, 0)));
}

TEST(asid_all_pools)
{
    seL4_CPtr ut = make_many(seL4_UntypedObject, 12, POOLS), slot = slots_new(POOLS);
    unsigned made = 0;

    while (made < POOLS && make_pool(ut + made, slot + made).label == 0)
        made++;
    check_eq("all pools but the root task's can be made", made, POOLS - 1);
    expect("then DeleteFirst", make_pool(ut + made, slot + made), seL4_DeleteFirst);
    expect("before any other check", make_pool(ROOT, slot + made), seL4_DeleteFirst);
    must(delete (slot).label == 0);
    succeeds("a deleted one can be replaced", make_pool(ut + made, slot + made));
}

TEST(asid_full_pool)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 12), pool = slot_new(), roots;
    unsigned assigned = 0, made;

    must(make_pool(ut, pool).label == 0);
    roots = make_many(seL4_VSpaceObject, 0, seL4_RetypeFanOutLimit);
    for (made = seL4_RetypeFanOutLimit; made < POOL_ENTRIES; made += seL4_RetypeFanOutLimit)
        make_many(seL4_VSpaceObject, 0, seL4_RetypeFanOutLimit);
    while (assigned < POOL_ENTRIES && assign(pool, roots + assigned).label == 0)
        assigned++;
    check_eq("a pool holds its number", assigned, POOL_ENTRIES);
    expect("and no more", assign(pool, make(seL4_VSpaceObject, 0)), seL4_DeleteFirst);
    must(delete (roots + 7).label == 0);
    succeeds("deleting a root frees its ASID", assign(pool, make(seL4_VSpaceObject, 0)));
}

/* A thread whose address space loses its ASID faults at its next fetch. */
TEST(asid_running_thread)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 12), pool = slot_new();
    struct probe probe;
    struct message fault;

    must(make_pool(ut, pool).label == 0);
    probe_init_in(&probe, vspace_clone_in(pool));
    fault = probe_run(&probe, snippet_hlt);
    check("a thread in a space of a new pool", finished_at(&fault, snippet_hlt));
    must(delete (pool).label == 0);
    fault = probe_run(&probe, snippet_hlt);
    check_eq("pool deleted: it faults", fault.label, seL4_Fault_VMFault);
    check_eq("at its own address", fault.mr[1], (seL4_Word)snippet_hlt);
}

/* An ASID given anew: a stale cap to the former space names another one. */
TEST(asid_reused)
{
    seL4_CPtr ut = make_many(seL4_UntypedObject, 12, 2), pool = slot_new();
    seL4_CPtr root = make_many(seL4_VSpaceObject, 0, 2), frame = make(seL4_X86_4K, 0);

    must(make_pool(ut, pool).label == 0 && assign(pool, root).label == 0);
    must(delete (pool).label == 0);
    must(make_pool(ut + 1, pool).label == 0 && assign(pool, root + 1).label == 0);
    expect("mapping with the stale cap",
           invoke(frame, X86PageMap, CAPS(root), ARGS(0x10000000, 3, 0)), seL4_InvalidCapability,
           1);
    succeeds("deleting it", delete (root));
    expect("leaves the new space alone",
           invoke(frame, X86PageMap, CAPS(root + 1), ARGS(0x10000000, 3, 0)), seL4_FailedLookup, 0,
           seL4_MissingCapability, seL4_WordBits == 64 ? 39 : 22);
}

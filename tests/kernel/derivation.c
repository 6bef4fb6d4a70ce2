/* SPDX-License-Identifier: BSD-2-Clause */
/* Which capabilities descend from which: what Revoke takes away, and what it leaves. */
#include "probe.h"

/* Which of count slots from first hold a cap, as a text of 1 and 0. */
static const char *held(seL4_CPtr first, unsigned count)
{
    static char text[32];
    unsigned i;

    for (i = 0; i < count; i++)
        text[i] = occupied(first + i) ? '1' : '0';
    text[count] = 0;
    return text;
}

TEST(derivation_copies)
{
    seL4_CPtr s = slots_new(5);

    must(retype(arena, seL4_EndpointObject, 0, s, 1).label == 0);
    must(copy(s + 1, s).label == 0);
    must(copy(s + 2, s + 1).label == 0);
    must(copy(s + 3, s).label == 0);
    must(revoke(s + 1).label == 0);
    check_text("Revoke on a copy deletes nothing", held(s, 4), "1111");
    must(revoke(s).label == 0);
    check_text("Revoke on the original deletes copies and copies of copies", held(s, 4), "1000");
    must(copy(s + 1, s).label == 0);
    must(delete (s).label == 0);
    must(copy(s + 2, s + 1).label == 0);
    must(revoke(s + 1).label == 0);
    check_text("copies outlive the original and are siblings", held(s, 3), "011");
}

TEST(derivation_badges)
{
    seL4_CPtr s = slots_new(8);

    must(retype(arena, seL4_EndpointObject, 0, s, 1).label == 0);
    must(mint(s + 1, s, 0xf, 1).label == 0);
    must(copy(s + 2, s + 1).label == 0);
    must(copy(s + 3, s + 2).label == 0);
    must(mint(s + 4, s, 0xf, 2).label == 0);
    must(mint(s + 5, s, 0xf, 1).label == 0);
    must(revoke(s + 2).label == 0);
    check_text("copy of a badged cap revokes nothing", held(s, 6), "111111");
    must(revoke(s + 1).label == 0);
    check_text("a badged cap revokes its copies, not others of that badge", held(s, 6), "110011");
    must(copy(s + 2, s + 1).label == 0);
    must(revoke(s + 5).label == 0);
    check_text("mints of one badge are not related", held(s, 6), "111011");
    must(revoke(s).label == 0);
    check_text("the original revokes all", held(s, 6), "100000");
}

TEST(derivation_badged_heir)
{
    seL4_CPtr s = slots_new(6);

    must(retype(arena, seL4_EndpointObject, 0, s, 1).label == 0);
    must(mint(s + 1, s, 0xf, 1).label == 0); /* will follow the next one in the list */
    must(mint(s + 2, s, 0xf, 1).label == 0);
    must(copy(s + 3, s + 1).label == 0);
    must(delete (s + 1).label == 0);
    must(revoke(s + 2).label == 0);
    check_text("copies of a deleted badged cap do not fall to another of its badge", held(s, 4),
               "1011");
}

TEST(derivation_mint_of_copy)
{
    seL4_CPtr s = slots_new(6);

    must(retype(arena, seL4_NotificationObject, 0, s, 1).label == 0);
    must(copy(s + 1, s).label == 0);
    must(mint(s + 2, s + 1, 0xf, 3).label == 0);
    must(copy(s + 3, s + 2).label == 0);
    must(revoke(s + 1).label == 0);
    check_text("a plain copy does not revoke what was minted from it", held(s, 4), "1111");
    must(revoke(s + 2).label == 0);
    check_text("the minted cap revokes its copy", held(s, 4), "1110");
    must(revoke(s).label == 0);
    check_text("the original revokes all", held(s, 4), "1000");
}

TEST(derivation_untyped)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 16), s = slots_new(8);

    must(retype(ut, seL4_UntypedObject, 14, s, 2).label == 0);
    must(retype(s, seL4_EndpointObject, 0, s + 2, 2).label == 0);
    must(retype(s + 1, seL4_EndpointObject, 0, s + 4, 1).label == 0);
    must(mint(s + 5, s + 2, 0xf, 9).label == 0);
    must(copy(s + 6, s + 4).label == 0);
    must(revoke(s).label == 0);
    check_text("Revoke of an untyped takes grandchildren, leaves the sibling", held(s, 7),
               "1100101");
    must(revoke(ut).label == 0);
    check_text("Revoke of the parent takes all", held(s, 7), "0000000");
    check("and stays itself", occupied(ut));
}

TEST(derivation_untyped_copy)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 14), s = slots_new(4);

    must(copy(s, ut).label == 0);
    expect("a copied untyped is full itself", retype(ut, seL4_EndpointObject, 0, s + 1, 1),
           seL4_NotEnoughMemory, 0);
    succeeds("the copy has the space", retype(s, seL4_EndpointObject, 0, s + 1, 1));
    succeeds("Revoke of the source", revoke(ut));
    check_text("deletes the copy and its objects", held(s, 2), "00");
    succeeds("the source is free again", retype(ut, seL4_UntypedObject, 14, s, 1));
}

TEST(derivation_frames)
{
    seL4_CPtr s = slots_new(5);

    must(retype(arena, seL4_X86_4K, 0, s, 1).label == 0);
    must(copy(s + 1, s).label == 0);
    must(copy(s + 2, s + 1).label == 0);
    must(revoke(s + 1).label == 0);
    check_text("frame copies are siblings", held(s, 3), "111");
    must(revoke(s).label == 0);
    check_text("children of the original", held(s, 3), "100");
}

TEST(derivation_other_objects)
{
    static const struct {
        const char *name;
        seL4_Word type, bits;
    } kinds[] = {{"TCB", seL4_TCBObject, 0},
                 {"CNode", seL4_CapTableObject, 4},
                 {"notification", seL4_NotificationObject, 0}};
    seL4_CPtr s = slots_new(4);
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(kinds); i++) {
        must(retype(arena, kinds[i].type, kinds[i].bits, s, 1).label == 0);
        must(copy(s + 1, s).label == 0 && copy(s + 2, s + 1).label == 0);
        must(revoke(s + 1).label == 0 && occupied(s + 2));
        must(revoke(s).label == 0);
        check_text(kinds[i].name, held(s, 3), "100");
        must(delete (s).label == 0);
    }
}

TEST(derivation_move_and_rotate)
{
    seL4_CPtr s = slots_new(8);

    must(retype(arena, seL4_EndpointObject, 0, s, 1).label == 0);
    must(mint(s + 1, s, 0xf, 1).label == 0);
    must(copy(s + 2, s + 1).label == 0);
    must(move(s + 3, s + 1).label == 0);
    must(move(s + 4, s + 2).label == 0);
    must(revoke(s + 3).label == 0);
    check_text("moved caps keep their relation", held(s, 5), "10010");
    must(move(s + 1, s).label == 0);
    must(revoke(s + 1).label == 0);
    check_text("so does a moved original", held(s, 5), "01000");
    must(retype(arena, seL4_CapTableObject, 2, s + 5, 1).label == 0);
    must(copy(s + 6, s + 5).label == 0);
    must(invoke(ROOT, CNodeMutate, CAPS(ROOT), ARGS(s + 7, DEPTH, s + 5, DEPTH, 0)).label == 0);
    must(revoke(s + 7).label == 0);
    check_text("Mutate keeps the place in the tree", held(s + 5, 3), "001");
}

TEST(derivation_final_cap)
{
    seL4_CPtr node = make(seL4_CapTableObject, 2), ep = make(seL4_EndpointObject, 0);
    seL4_CPtr second = copy_of(node, 0xf), badged = slot_new();

    must(invoke(node, CNodeMint, CAPS(ROOT), ARGS(1, 2, ep, DEPTH, 0xf, 6)).label == 0);
    must(delete (node).label == 0);
    expect("a CNode lives while a cap is left",
           invoke(second, CNodeMove, CAPS(second), ARGS(1, 2, 1, 2)), seL4_DeleteFirst);
    must(invoke(ROOT, CNodeCopy, CAPS(second), ARGS(badged, DEPTH, 1, 2, 0xf)).label == 0);
    must(delete (second).label == 0);
    check("its contents go with the last one; copies of them stay", occupied(badged));
    must(revoke(ep).label == 0);
    check("they are still related to the original", !occupied(badged));
}

/* A CNode in itself, and two in each other: deleting them must end. */
TEST(derivation_cycles)
{
    seL4_CPtr a = make(seL4_CapTableObject, 3), b = make(seL4_CapTableObject, 3), ut, s;

    must(invoke(a, CNodeMove, CAPS(ROOT), ARGS(1, 3, b, DEPTH)).label == 0);
    must(invoke(a, CNodeCopy, CAPS(ROOT), ARGS(2, 3, a, DEPTH, 0xf)).label == 0);
    succeeds("Delete of a CNode that holds itself", delete (a));
    check("the slot is empty", !occupied(a));
    ut = make(seL4_UntypedObject, 14);
    s = slots_new(3);
    must(retype(ut, seL4_CapTableObject, 3, s, 2).label == 0);
    must(copy(s + 2, s + 1).label == 0);
    must(invoke(s, CNodeMove, CAPS(ROOT), ARGS(1, 3, s + 1, DEPTH)).label == 0);
    must(invoke(s + 2, CNodeMove, CAPS(ROOT), ARGS(1, 3, s, DEPTH)).label == 0);
    check_text("each lies in the other", held(s, 3), "001");
    succeeds("Delete of the last cap outside", delete (s + 2));
    succeeds("Revoke of the memory", revoke(ut));
    succeeds("which is whole afterwards", retype(ut, seL4_UntypedObject, 14, s, 1));
}

TEST(derivation_retype_order)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 16), s = slots_new(4), node;

    must(retype(ut, seL4_CapTableObject, 4, s, 1).label == 0);
    node = s;
    must(invoke(ut, UntypedRetype, CAPS(node), ARGS(2, 0, 0, 0, 0, 3)).label == 0);
    succeeds("Revoke of an untyped whose children hold children", revoke(ut));
    check("node gone", !occupied(node));
    expect("and dead", invoke(node, CNodeDelete, CAPS(), ARGS(0, 4)), seL4_InvalidCapability, 0);
}

TEST(derivation_boot_caps)
{
    seL4_CPtr s = slots_new(2);

    must(copy(s, seL4_CapASIDControl).label == 0);
    succeeds("Revoke of a boot cap", revoke(seL4_CapASIDControl));
    check_text("takes its copies", held(s, 1), "0");
    must(copy(s, seL4_CapDomain).label == 0);
    must(revoke(seL4_CapDomain).label == 0);
    check_text("Domain too", held(s, 1), "0");
    must(copy(s, serial_cap).label == 0);
    must(copy(s + 1, s).label == 0);
    must(revoke(s).label == 0);
    check_text("copies of an IO port cap revoke nothing", held(s, 2), "11");
}

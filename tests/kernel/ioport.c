/* SPDX-License-Identifier: BSD-2-Clause */
/* IO port capabilities. */
#include "probe.h"

#define CONTROL seL4_CapIOPortControl

static struct message issue(seL4_Word first, seL4_Word last, seL4_CPtr slot)
{
    return invoke(CONTROL, X86IOPortControlIssue, CAPS(ROOT), ARGS(first, last, slot, DEPTH));
}

static struct message in(seL4_CPtr cap, seL4_Word label, seL4_Word port)
{
    return invoke(cap, label, CAPS(), ARGS(port));
}

TEST(ioport_issue)
{
    seL4_CPtr slot = slots_new(4), taken = make(seL4_EndpointObject, 0);

    expect("last before first", issue(0x209, 0x208, slot), seL4_InvalidArgument, 1);
    expect("ports of another cap", issue(0x3fd, 0x3fd, slot), seL4_RevokeFirst);
    expect("overlap", issue(0x3f0, 0x3f8, slot), seL4_RevokeFirst);
    expect("three words", invoke(CONTROL, X86IOPortControlIssue, CAPS(ROOT), ARGS(1, 2, slot)),
           seL4_TruncatedMessage);
    expect("no cap", invoke(CONTROL, X86IOPortControlIssue, CAPS(), ARGS(1, 2, slot, DEPTH)),
           seL4_TruncatedMessage);
    expect("occupied slot", issue(0x208, 0x209, taken), seL4_DeleteFirst);
    expect("bad depth", invoke(CONTROL, X86IOPortControlIssue, CAPS(ROOT), ARGS(1, 2, slot, 0)),
           seL4_RangeError, 1, seL4_WordBits);
    expect("other label", invoke(CONTROL, X86IOPortIn8, CAPS(), ARGS(1)), seL4_IllegalOperation);
    succeeds("two ports", issue(0x208, 0x209, slot));
    expect("again", issue(0x209, 0x20a, slot + 1), seL4_RevokeFirst);
    succeeds("their neighbour", issue(0x20a, 0x20a, slot + 1));
    must(delete (slot).label == 0);
    succeeds("deleted: free again", issue(0x208, 0x209, slot));
    must(copy(slot + 2, slot).label == 0);
    must(delete (slot).label == 0);
    expect("not while a copy is left", issue(0x208, 0x209, slot), seL4_RevokeFirst);
    must(delete (slot + 2).label == 0);
    succeeds("ports are cut to 16 bits", issue(0x10208, 0x10209, slot));
    expect("and mean the same", issue(0x208, 0x208, slot + 2), seL4_RevokeFirst);
    succeeds("the highest port", issue(0xffff, 0xffff, slot + 2));
}

TEST(ioport_ranges)
{
    seL4_CPtr s = serial_cap;

    check_eq("the line status register", in(s, X86IOPortIn8, 0x3fd).mr[0] & 0x60, 0x60);
    check_eq("one word", in(s, X86IOPortIn8, 0x3fd).length, 1);
    expect("port below", in(s, X86IOPortIn8, 0x3f7), seL4_IllegalOperation);
    expect("port above", in(s, X86IOPortIn8, 0x400), seL4_IllegalOperation);
    expect("two bytes over the end", in(s, X86IOPortIn16, 0x3ff), seL4_IllegalOperation);
    check_eq("two bytes at the end", in(s, X86IOPortIn16, 0x3fe).label, 0);
    expect("four bytes over the end", in(s, X86IOPortIn32, 0x3fd), seL4_IllegalOperation);
    check_eq("four bytes at the end", in(s, X86IOPortIn32, 0x3fc).label, 0);
    expect("Out8 above", invoke(s, X86IOPortOut8, CAPS(), ARGS(0x400, 0)), seL4_IllegalOperation);
    expect("Out16 over the end", invoke(s, X86IOPortOut16, CAPS(), ARGS(0x3ff, 0)),
           seL4_IllegalOperation);
    expect("Out32 over the end", invoke(s, X86IOPortOut32, CAPS(), ARGS(0x3fd, 0)),
           seL4_IllegalOperation);
    expect("In8 without a word", invoke(s, X86IOPortIn8, CAPS(), ARGS()), seL4_TruncatedMessage);
    expect("Out8 with one word", invoke(s, X86IOPortOut8, CAPS(), ARGS(0x3ff)),
           seL4_TruncatedMessage);
    expect("other label", invoke(s, X86IOPortControlIssue, CAPS(ROOT), ARGS(1, 2, 3, 4)),
           seL4_IllegalOperation);
}

TEST(ioport_values)
{
    seL4_CPtr s = serial_cap, cmos = slot_new(), pci = slot_new();

    succeeds("Out8 to the scratch register", invoke(s, X86IOPortOut8, CAPS(), ARGS(0x3ff, 0xa5)));
    expect("reads back", in(s, X86IOPortIn8, 0x3ff), 0, 0xa5);
    succeeds("only the low byte counts", invoke(s, X86IOPortOut8, CAPS(), ARGS(0x3ff, 0xff5a)));
    expect("reads back", in(s, X86IOPortIn8, 0x3ff), 0, 0x5a);
    must(issue(0xcf8, 0xcff, pci).label == 0);
    succeeds("Out32 to the PCI address register",
             invoke(pci, X86IOPortOut32, CAPS(), ARGS(0xcf8, 0x80000000)));
    expect("reads back", in(pci, X86IOPortIn32, 0xcf8), 0, 0x80000000);
    check_eq("vendor of device 0 by In16", in(pci, X86IOPortIn16, 0xcfc).mr[0], 0x8086);
    check_eq("by In32", in(pci, X86IOPortIn32, 0xcfc).mr[0] & 0xffff, 0x8086);
    must(issue(0x70, 0x71, cmos).label == 0);
    succeeds("Out16", invoke(cmos, X86IOPortOut16, CAPS(), ARGS(0x70, 0)));
}

TEST(ioport_derivation)
{
    seL4_CPtr slot = slots_new(3);

    must(issue(0x208, 0x20f, slot).label == 0);
    must(copy(slot + 1, slot).label == 0);
    check_eq("a copy works", in(slot + 1, X86IOPortIn8, 0x20f).label, 0);
    succeeds("Mint ignores data", mint(slot + 2, slot, 0, 0x1234));
    check_eq("and rights", in(slot + 2, X86IOPortIn8, 0x208).label, 0);
    succeeds("Revoke", revoke(slot));
    check("takes the copies", !occupied(slot + 1) && !occupied(slot + 2));
    check_eq("leaves the cap", in(slot, X86IOPortIn8, 0x208).label, 0);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped_Retype: arguments, placement, accounting, and what the new objects hold. */
#include "probe.h"

#define MAX_BITS seL4_MaxUntypedBits
#define WORD_BITS seL4_WordBits

static struct message retype_at(seL4_CPtr untyped, seL4_Word index, seL4_Word depth,
                                seL4_Word offset)
{
    return invoke(untyped, UntypedRetype, CAPS(ROOT),
                  ARGS(seL4_EndpointObject, 0, index, depth, offset, 1));
}

static seL4_Word frame_address(seL4_CPtr frame)
{
    return seL4_X86_Page_GetAddress(frame).paddr;
}

TEST(untyped_arguments)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 16), slot = slots_new(4), taken = make(2, 0);

    expect("object type beyond the last", retype(ut, seL4_ObjectTypeCount, 0, slot, 1),
           seL4_InvalidArgument, 0);
    expect("object type 99", retype(ut, 99, 0, slot, 1), seL4_InvalidArgument, 0);
    expect("object type all ones", retype(ut, ~(seL4_Word)0, 0, slot, 1), seL4_InvalidArgument, 0);
    expect("untyped of word-size bits", retype(ut, seL4_UntypedObject, WORD_BITS, slot, 1),
           seL4_RangeError, 0, MAX_BITS);
    expect("untyped of word-size bits less one",
           retype(ut, seL4_UntypedObject, WORD_BITS - 1, slot, 1), seL4_RangeError, 0, MAX_BITS);
    expect("untyped one above the maximum", retype(ut, seL4_UntypedObject, MAX_BITS + 1, slot, 1),
           seL4_RangeError, 0, MAX_BITS);
    expect("size bits count for an endpoint too",
           retype(ut, seL4_EndpointObject, WORD_BITS, slot, 1), seL4_RangeError, 0, MAX_BITS);
    expect("CNode above the maximum",
           retype(ut, seL4_CapTableObject, MAX_BITS + 1 - seL4_SlotBits, slot, 1), seL4_RangeError,
           0, MAX_BITS);
    expect("CNode of one slot", retype(ut, seL4_CapTableObject, 0, slot, 1), seL4_InvalidArgument,
           1);
    expect("untyped of 3 bits", retype(ut, seL4_UntypedObject, 3, slot, 1), seL4_InvalidArgument,
           1);
    expect("no object", retype(ut, seL4_EndpointObject, 0, slot, 0), seL4_RangeError, 1,
           seL4_RetypeFanOutLimit);
    expect("one too many", retype(ut, seL4_EndpointObject, 0, slot, seL4_RetypeFanOutLimit + 1),
           seL4_RangeError, 1, seL4_RetypeFanOutLimit);
    expect("occupied slot", retype(ut, seL4_EndpointObject, 0, taken, 1), seL4_DeleteFirst);
    expect("second slot occupied", retype(ut, seL4_EndpointObject, 0, taken - 1, 2),
           seL4_DeleteFirst);
    check("nothing was made by the refused call", !occupied(taken - 1));
    succeeds("size bits of an endpoint are ignored otherwise",
             retype(ut, seL4_EndpointObject, 63 % WORD_BITS, slot, 1));
    expect("five words", invoke(ut, UntypedRetype, CAPS(ROOT), ARGS(2, 0, 0, 0, slot + 1)),
           seL4_TruncatedMessage);
    expect("no CNode cap", invoke(ut, UntypedRetype, CAPS(), ARGS(2, 0, 0, 0, slot + 1, 1)),
           seL4_TruncatedMessage);
    expect("label of another object", invoke(ut, CNodeCopy, CAPS(ROOT), ARGS(0, 0, 0, 0, 0, 0)),
           seL4_IllegalOperation);
    expect("label 0", invoke(ut, 0, CAPS(), ARGS()), seL4_IllegalOperation);
    expect("the label is looked at before the length", invoke(ut, TCBSuspend, CAPS(), ARGS()),
           seL4_IllegalOperation);
}

TEST(untyped_order_of_checks)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 12), taken = make(seL4_EndpointObject, 0);

    expect("length before type", invoke(ut, UntypedRetype, CAPS(ROOT), ARGS(99)),
           seL4_TruncatedMessage);
    expect("type before size", retype(ut, 99, WORD_BITS, taken, 0), seL4_InvalidArgument, 0);
    expect("size before the destination",
           invoke(ut, UntypedRetype, CAPS(ROOT), ARGS(seL4_UntypedObject, 3, 1, 1, taken, 0)),
           seL4_InvalidArgument, 1);
    expect("offset before count", retype(ut, seL4_EndpointObject, 0, 65536, 0), seL4_RangeError, 0,
           65535);
    expect("count before occupation", retype(ut, seL4_EndpointObject, 0, taken, 0), seL4_RangeError,
           1, seL4_RetypeFanOutLimit);
    expect("occupation before memory", retype(ut, seL4_UntypedObject, 20, taken, 1),
           seL4_DeleteFirst);
}

TEST(untyped_destination)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 16), node = make(seL4_CapTableObject, 2);

    expect("offset beyond the root CNode", retype(ut, 2, 0, 65536, 1), seL4_RangeError, 0, 65535);
    expect("one slot left", retype(ut, 2, 0, 65535, 2), seL4_RangeError, 1, 1);
    expect("three slots left", retype(ut, 2, 0, 65533, 5), seL4_RangeError, 1, 3);
    expect("depth 1", retype_at(ut, 0, 1, 0), seL4_FailedLookup, 0, seL4_GuardMismatch, 1, 0,
           ROOT_GUARD_BITS);
    expect("destination is a TCB", retype_at(ut, seL4_CapInitThreadTCB, WORD_BITS, 0),
           seL4_FailedLookup, 0, seL4_MissingCapability, WORD_BITS);
    expect("destination slot is empty", retype_at(ut, 0, WORD_BITS, 0), seL4_FailedLookup, 0,
           seL4_MissingCapability, WORD_BITS);
    expect("destination depth above word size", retype_at(ut, node, WORD_BITS + 1, 0),
           seL4_RangeError, 1, WORD_BITS);
    expect("root is an untyped, depth 0",
           invoke(ut, UntypedRetype, CAPS(arena), ARGS(2, 0, 0, 0, 0, 1)), seL4_FailedLookup, 0,
           seL4_MissingCapability, 0);
    expect("root is an untyped, depth of a word",
           invoke(ut, UntypedRetype, CAPS(arena), ARGS(2, 0, 0, WORD_BITS, 0, 1)),
           seL4_FailedLookup, 0, seL4_InvalidRoot);
    succeeds("a CNode below the root", retype_at(ut, node, WORD_BITS, 3));
    expect("and its slot is then taken", retype_at(ut, node, WORD_BITS, 3), seL4_DeleteFirst);
    expect("beyond that CNode", retype_at(ut, node, WORD_BITS, 4), seL4_RangeError, 0, 3);
    succeeds("all four slots at once after deletion",
             invoke(node, CNodeDelete, CAPS(), ARGS(3, 2)));
    succeeds("several", invoke(ut, UntypedRetype, CAPS(node), ARGS(2, 0, 0, 0, 0, 4)));
}

TEST(untyped_accounting)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 14), slot = slots_new(8);

    expect("too large: bytes available", retype(ut, seL4_UntypedObject, 15, slot, 1),
           seL4_NotEnoughMemory, 0x4000);
    expect("too many: bytes available", retype(ut, seL4_X86_4K, 0, slot, 5), seL4_NotEnoughMemory,
           0x4000);
    succeeds("an endpoint", retype(ut, seL4_EndpointObject, 0, slot, 1));
    succeeds("a page after it", retype(ut, seL4_X86_4K, 0, slot + 1, 1));
    expect("three pages no longer fit", retype(ut, seL4_X86_4K, 0, slot + 2, 3),
           seL4_NotEnoughMemory, 0x2000);
    succeeds("two do", retype(ut, seL4_X86_4K, 0, slot + 2, 2));
    expect("full", retype(ut, seL4_EndpointObject, 0, slot + 4, 1), seL4_NotEnoughMemory, 0);
    must(delete (slot + 3).label == 0);
    expect("deleting one child frees nothing", retype(ut, seL4_X86_4K, 0, slot + 3, 1),
           seL4_NotEnoughMemory, 0);
    must(delete (slot).label == 0 && delete (slot + 1).label == 0);
    succeeds("deleting the last", delete (slot + 2));
    succeeds("gives the whole back", retype(ut, seL4_X86_4K, 0, slot, 4));
    succeeds("so does Revoke", revoke(ut));
    check("which empties the slots", !occupied(slot) && !occupied(slot + 3));
    succeeds("and all is free again", retype(ut, seL4_UntypedObject, 14, slot, 1));
}

TEST(untyped_placement)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 16), slot = slots_new(8);
    seL4_Word base;

    must(retype(ut, seL4_X86_4K, 0, slot, 1).label == 0);
    base = frame_address(slot);
    check_eq("the first object lies at an aligned start", base & 0xffff, 0);
    must(retype(ut, seL4_EndpointObject, 0, slot + 1, 1).label == 0);
    must(retype(ut, seL4_X86_4K, 0, slot + 2, 2).label == 0);
    check_eq("a page after a small object is aligned up", frame_address(slot + 2), base + 0x2000);
    check_eq("objects of one call follow each other", frame_address(slot + 3), base + 0x3000);
    must(retype(ut, seL4_UntypedObject, 15, slot + 4, 1).label == 0);
    must(retype(slot + 4, seL4_X86_4K, 0, slot + 5, 1).label == 0);
    check_eq("a large untyped at its own alignment", frame_address(slot + 5), base + 0x8000);
    expect("skipped memory is lost", retype(ut, seL4_X86_4K, 0, slot + 6, 1), seL4_NotEnoughMemory,
           0);
}

TEST(untyped_fanout)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 20), slot = slots_new(300), node;
    seL4_CPtr beyond = slot + seL4_RetypeFanOutLimit;

    succeeds("as many endpoints as can be at once",
             retype(ut, seL4_EndpointObject, 0, slot, seL4_RetypeFanOutLimit));
    check("first and last are there", occupied(slot) && occupied(beyond - 1));
    check("none beyond", !occupied(beyond));
    succeeds("smallest untyped", retype(ut, seL4_UntypedObject, 4, beyond, 1));
    succeeds("it holds an endpoint", retype(beyond, seL4_EndpointObject, 0, beyond + 1, 1));
    expect("and no second", retype(beyond, seL4_EndpointObject, 0, beyond + 2, 1),
           seL4_NotEnoughMemory, 0);
    node = beyond + 2;
    succeeds("smallest CNode", retype(ut, seL4_CapTableObject, 1, node, 1));
    succeeds("has slot 1", invoke(ut, UntypedRetype, CAPS(node), ARGS(2, 0, 0, 0, 1, 1)));
    expect("but not slot 2", invoke(ut, UntypedRetype, CAPS(node), ARGS(2, 0, 0, 0, 2, 1)),
           seL4_RangeError, 0, 1);
}

/* The sizes that the ABI states, by how many fit a 64 KiB untyped. */
TEST(untyped_sizes)
{
    static const struct {
        const char *name;
        seL4_Word type, size_bits, bits;
    } sizes[] = {
        {"TCB", seL4_TCBObject, 0, seL4_TCBBits},
        {"endpoint", seL4_EndpointObject, 0, seL4_EndpointBits},
        {"notification", seL4_NotificationObject, 0, seL4_NotificationBits},
        {"CNode of 16 slots", seL4_CapTableObject, 4, 4 + seL4_SlotBits},
        {"page", seL4_X86_4K, 0, 12},
        {"page table", seL4_X86_PageTableObject, 0, 12},
        {"page directory", seL4_X86_PageDirectoryObject, 0, 12},
        {"address space root", seL4_VSpaceObject, 0, 12},
#ifdef __x86_64__
        {"PDPT", seL4_X86_PDPTObject, 0, 12},
#endif
    };
    seL4_CPtr ut = make(seL4_UntypedObject, 16), slot = slots_new(4);
    seL4_Word i, left;

    for (i = 0; i < ARRAY_SIZE(sizes); i++) {
        must(revoke(ut).label == 0);
        must(retype(ut, sizes[i].type, sizes[i].size_bits, slot, 1).label == 0);
        left = 0x10000 - ((seL4_Word)1 << sizes[i].bits);
        expect(sizes[i].name, retype(ut, seL4_UntypedObject, 17, slot + 1, 1), seL4_NotEnoughMemory,
               left);
    }
    expect("large page needs its size", retype(ut, seL4_X86_LargePageObject, 0, slot + 1, 1),
           seL4_NotEnoughMemory, left);
}

TEST(untyped_memory_is_cleared)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 13), slot = slots_new(2);
    seL4_Word vaddr = 0x10000000;
    volatile seL4_Word *page = (volatile seL4_Word *)vaddr;
    unsigned i, dirty = 0;

    map_tables(seL4_CapInitThreadVSpace, vaddr);
    must(retype(ut, seL4_X86_4K, 0, slot, 2).label == 0);
    must(!seL4_X86_Page_Map(slot + 1, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite, 0));
    for (i = 0; i < 512; i++)
        dirty += page[i] != 0;
    check_eq("a new page is zero", dirty, 0);
    for (i = 0; i < PAGE_SIZE / sizeof(*page); i++)
        page[i] = ~(seL4_Word)0;
    must(revoke(ut).label == 0);
    must(retype(ut, seL4_X86_4K, 0, slot, 2).label == 0);
    must(!seL4_X86_Page_Map(slot + 1, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite, 0));
    for (i = 0; i < PAGE_SIZE / sizeof(*page); i++)
        dirty += page[i] != 0;
    check_eq("so is one of memory used before", dirty, 0);
}

/* Maps the frame, says whether it is zero, and leaves it dirty. */
static bool zero_then_dirty(seL4_CPtr frame)
{
    static const seL4_Word vaddr = 0x10000000;
    volatile seL4_Word *page = (volatile seL4_Word *)vaddr;
    bool zero = true;
    unsigned i;

    must(!seL4_X86_Page_Map(frame, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite, 0));
    for (i = 0; i < PAGE_SIZE / sizeof(*page); i++) {
        zero = zero && page[i] == 0;
        page[i] = ~(seL4_Word)0;
    }
    must(!seL4_X86_Page_Unmap(frame));
    return zero;
}

/* The same for so many pages made of an untyped. */
static bool pages_were_zero(seL4_CPtr ut, seL4_CPtr slot, seL4_Word pages)
{
    bool zero = true;
    seL4_Word i;

    must(pages == 0 || retype(ut, seL4_X86_4K, 0, slot, pages).label == 0);
    for (i = 0; i < pages; i++)
        zero = zero_then_dirty(slot + i) && zero;
    return zero;
}

/* What is made of untypeds that were made of memory used before is clear, and so is the rest. */
TEST(untyped_used_memory_is_divided)
{
    static const struct {
        const char *name;
        seL4_Word used, size, count; /* in pages; so many untypeds are made then */
    } cases[] = {
        {"all used, in halves", 4, 2, 2},      {"half used, one half", 2, 2, 1},
        {"all used, one half", 4, 2, 1},       {"a page used, in quarters", 1, 1, 4},
        {"all used, three quarters", 4, 1, 3}, {"three pages used, the same size", 3, 4, 1},
    };
    seL4_CPtr ut = make(seL4_UntypedObject, 14), part = slots_new(4), slot = slots_new(4);
    seL4_Word i, j, left;

    map_tables(seL4_CapInitThreadVSpace, 0x10000000);
    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        bool zero = pages_were_zero(ut, slot, cases[i].used);

        left = 4 - cases[i].count * cases[i].size;
        must(revoke(ut).label == 0);
        must(retype(ut, seL4_UntypedObject, 12 + cases[i].size / 2, part, cases[i].count).label ==
             0);
        expect(cases[i].name, retype(ut, seL4_UntypedObject, 14, slot, 1), seL4_NotEnoughMemory,
               left * PAGE_SIZE);
        for (j = 0; j < cases[i].count; j++) {
            zero = pages_were_zero(part + j, slot, cases[i].size) && zero;
            must(revoke(part + j).label == 0);
        }
        check(cases[i].name, pages_were_zero(ut, slot, left) && zero);
        must(revoke(ut).label == 0);
    }
}

TEST(untyped_device)
{
    seL4_CPtr device = device_untyped(0xb8000), slot = slots_new(4);
    seL4_X86_Page_GetAddress_t address;

    must(device);
    expect("no endpoint in device memory", retype(device, seL4_EndpointObject, 0, slot, 1),
           seL4_InvalidArgument, 1);
    expect("no CNode", retype(device, seL4_CapTableObject, 4, slot, 1), seL4_InvalidArgument, 1);
    expect("no page table", retype(device, seL4_X86_PageTableObject, 0, slot, 1),
           seL4_InvalidArgument, 1);
    expect("no TCB", retype(device, seL4_TCBObject, 0, slot, 1), seL4_InvalidArgument, 1);
    expect("memory is checked before that", retype(device, seL4_CapTableObject, 17, slot, 1),
           seL4_NotEnoughMemory, 0x100000);
    succeeds("an untyped", retype(device, seL4_UntypedObject, 19, slot, 1));
    expect("which is a device untyped too", retype(slot, seL4_EndpointObject, 0, slot + 1, 1),
           seL4_InvalidArgument, 1);
    succeeds("a frame", retype(slot, seL4_X86_4K, 0, slot + 1, 1));
    address = seL4_X86_Page_GetAddress(slot + 1);
    check_eq("a device frame has its physical address", address.paddr, 0);
    succeeds("Revoke takes both away", revoke(device));
    check("none left", !occupied(slot) && !occupied(slot + 1));
}

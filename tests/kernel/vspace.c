/* SPDX-License-Identifier: BSD-2-Clause */
/* Page tables and frames: arguments, levels, overlaps, what unmapping and deleting does. */
#include "probe.h"

#define ROOT_VSPACE seL4_CapInitThreadVSpace
#define BASE 0x10000000
#define TABLE_SPAN ((seL4_Word)1 << (seL4_PageBits + seL4_PageTableIndexBits))
#define LARGE ((seL4_Word)1 << seL4_LargePageBits)

static struct message map(seL4_CPtr frame, seL4_CPtr vspace, seL4_Word vaddr)
{
    return invoke(frame, X86PageMap, CAPS(vspace), ARGS(vaddr, 3, 0));
}

static struct message map_rights(seL4_CPtr frame, seL4_Word vaddr, seL4_Word rights)
{
    return invoke(frame, X86PageMap, CAPS(ROOT_VSPACE), ARGS(vaddr, rights, 0));
}

static struct message map_table_at(seL4_CPtr table, seL4_CPtr vspace, seL4_Word vaddr)
{
    return invoke(table, X86PageTableMap, CAPS(vspace), ARGS(vaddr, 0));
}

static struct message unmap(seL4_CPtr frame)
{
    return invoke(frame, X86PageUnmap, CAPS(), ARGS());
}

/* What a load, or a store, of a probe in this address space at vaddr meets: 0 nothing. */
static seL4_Word access(struct probe *probe, const char *code, seL4_Word vaddr)
{
    struct message fault;

    probe_fill(probe);
    probe->context.ADDRESS_REGISTER = vaddr;
    fault = probe_run(probe, code);
    return fault.label == seL4_Fault_VMFault ? 0x100 | fault.mr[seL4_VMFault_FSR] : 0;
}

#define can_load(probe, vaddr) (access(probe, snippet_load, vaddr) == 0)
#define can_store(probe, vaddr) (access(probe, snippet_store, vaddr) == 0)

TEST(vspace_page_map_arguments)
{
    seL4_CPtr frame = make(seL4_X86_4K, 0), second = make(seL4_X86_4K, 0), other = vspace_new();
    seL4_CPtr raw = make(seL4_VSpaceObject, 0);

    map_tables(ROOT_VSPACE, BASE);
    expect("two words", invoke(frame, X86PageMap, CAPS(ROOT_VSPACE), ARGS(BASE, 3)),
           seL4_TruncatedMessage);
    expect("no cap", invoke(frame, X86PageMap, CAPS(), ARGS(BASE, 3, 0)), seL4_TruncatedMessage);
    expect("into a CNode", map(frame, ROOT, BASE), seL4_InvalidCapability, 1);
    expect("into a root without ASID", map(frame, raw, BASE), seL4_InvalidCapability, 1);
    expect("beyond the user's part", map(frame, ROOT_VSPACE, seL4_UserTop), seL4_InvalidArgument,
           0);
    expect("far beyond", map(frame, ROOT_VSPACE, ~(seL4_Word)0xfff), seL4_InvalidArgument, 0);
    expect("misaligned", map(frame, ROOT_VSPACE, BASE + 8), seL4_AlignmentError);
    expect("no table", map(frame, ROOT_VSPACE, BASE + TABLE_SPAN), seL4_FailedLookup, 0,
           seL4_MissingCapability, MISSING_TABLE);
    succeeds("a good place", map(frame, ROOT_VSPACE, BASE));
    succeeds("the same again", map(frame, ROOT_VSPACE, BASE));
    expect("another place while mapped", map(frame, ROOT_VSPACE, BASE + PAGE_SIZE),
           seL4_InvalidArgument, 0);
    expect("another address space while mapped", map(frame, other, BASE), seL4_InvalidCapability,
           1);
    succeeds("a second frame over it", map(second, ROOT_VSPACE, BASE));
    succeeds("Unmap", unmap(frame));
    succeeds("Unmap of an unmapped frame", unmap(frame));
    succeeds("then another place is fine", map(frame, ROOT_VSPACE, BASE + PAGE_SIZE));
    expect("label 0", invoke(frame, 0, CAPS(), ARGS()), seL4_IllegalOperation);
    expect("a table's label", invoke(frame, X86PageTableMap, CAPS(), ARGS()),
           seL4_IllegalOperation);
    expect("an address space has no methods", invoke(ROOT_VSPACE, X86PageMap, CAPS(), ARGS()),
           seL4_IllegalOperation);
}

TEST(vspace_overwritten_mapping)
{
    seL4_CPtr old = make(seL4_X86_4K, 0), new = make(seL4_X86_4K, 0);
    volatile seL4_Word *word = (volatile seL4_Word *)BASE;

    map_tables(ROOT_VSPACE, BASE);
    must(map(old, ROOT_VSPACE, BASE).label == 0);
    *word = 0x01d;
    must(map(new, ROOT_VSPACE, BASE).label == 0);
    check_eq("the new frame is seen", *word, 0);
    *word = 0x2e3;
    succeeds("unmapping the old one", unmap(old));
    check_eq("leaves the new", *word, 0x2e3);
    must(map(old, ROOT_VSPACE, BASE).label == 0);
    check_eq("the old one back", *word, 0x01d);
    must(delete (new).label == 0);
    check_eq("deleting the other leaves it", *word, 0x01d);
}

TEST(vspace_table_arguments)
{
    seL4_CPtr pt = make(seL4_X86_PageTableObject, 0), second = make(seL4_X86_PageTableObject, 0);
    seL4_CPtr frame = make(seL4_X86_4K, 0);
    const seL4_Word there = (seL4_Word)image_start;
    struct probe probe;

    expect("one word", invoke(pt, X86PageTableMap, CAPS(ROOT_VSPACE), ARGS(BASE)),
           seL4_TruncatedMessage);
    expect("no cap", invoke(pt, X86PageTableMap, CAPS(), ARGS(BASE, 0)), seL4_TruncatedMessage);
    expect("into a CNode", map_table_at(pt, ROOT, BASE), seL4_InvalidCapability, 1);
    expect("beyond the user's part", map_table_at(pt, ROOT_VSPACE, ~(seL4_Word)0xfff),
           seL4_InvalidArgument, 0);
    expect("where the image's table is", map_table_at(pt, ROOT_VSPACE, there), seL4_DeleteFirst);
    succeeds("Unmap when unmapped", invoke(pt, X86PageTableUnmap, CAPS(), ARGS()));
    succeeds("an address inside the span", map_table_at(pt, ROOT_VSPACE, BASE + 0x12345));
    expect("a second table there", map_table_at(second, ROOT_VSPACE, BASE), seL4_DeleteFirst);
    expect("the first elsewhere", map_table_at(pt, ROOT_VSPACE, BASE + TABLE_SPAN),
           seL4_InvalidCapability, 0);
    succeeds("it serves the start of the span", map(frame, ROOT_VSPACE, BASE));
    succeeds("a mapped table can be copied", copy(slot_new(), pt));
    expect("Unmap with a copy", invoke(pt, X86PageTableUnmap, CAPS(), ARGS()), seL4_RevokeFirst);
    must(revoke(pt).label == 0);
    succeeds("Unmap with a page in it", invoke(pt, X86PageTableUnmap, CAPS(), ARGS()));
    succeeds("the page's own Unmap finds nothing", unmap(frame));
    expect("no table now", map(frame, ROOT_VSPACE, BASE), seL4_FailedLookup, 0,
           seL4_MissingCapability, MISSING_TABLE);
    succeeds("the table fits elsewhere", map_table_at(pt, ROOT_VSPACE, BASE + TABLE_SPAN));
    probe_init(&probe);
    check("and is empty", !can_load(&probe, BASE + TABLE_SPAN));
    succeeds("a page in it", map(frame, ROOT_VSPACE, BASE + TABLE_SPAN + PAGE_SIZE));
    check("can be used", can_load(&probe, BASE + TABLE_SPAN + PAGE_SIZE));
}

#ifdef __x86_64__
TEST(vspace_missing_levels)
{
    seL4_CPtr vspace = vspace_new(), frame = make(seL4_X86_4K, 0);
    seL4_CPtr large = make(seL4_X86_LargePageObject, 0), pdpt = make(seL4_X86_PDPTObject, 0);
    seL4_CPtr pd = make(seL4_X86_PageDirectoryObject, 0), pt = make(seL4_X86_PageTableObject, 0);

    expect("page: no PDPT", map(frame, vspace, BASE), seL4_FailedLookup, 0, seL4_MissingCapability,
           39);
    expect("page table: no PDPT", map_table_at(pt, vspace, BASE), seL4_FailedLookup, 0,
           seL4_MissingCapability, 39);
    expect("page directory: no PDPT", invoke(pd, X86PageDirectoryMap, CAPS(vspace), ARGS(BASE, 0)),
           seL4_FailedLookup, 0, seL4_MissingCapability, 39);
    expect("large page: no PDPT", map(large, vspace, BASE), seL4_FailedLookup, 0,
           seL4_MissingCapability, 39);
    expect("PDPT: one word", invoke(pdpt, X86PDPTMap, CAPS(vspace), ARGS(BASE)),
           seL4_TruncatedMessage);
    expect("PDPT into a frame", invoke(pdpt, X86PDPTMap, CAPS(frame), ARGS(BASE, 0)),
           seL4_InvalidCapability, 1);
    expect("PDPT beyond the user's part",
           invoke(pdpt, X86PDPTMap, CAPS(vspace), ARGS(0xffff800000000000, 0)),
           seL4_InvalidArgument, 0);
    succeeds("PDPT", invoke(pdpt, X86PDPTMap, CAPS(vspace), ARGS(BASE, 0)));
    expect("PDPT again", invoke(pdpt, X86PDPTMap, CAPS(vspace), ARGS(BASE, 0)),
           seL4_InvalidCapability, 0);
    expect("another PDPT",
           invoke(make(seL4_X86_PDPTObject, 0), X86PDPTMap, CAPS(vspace), ARGS(BASE, 0)),
           seL4_DeleteFirst);
    expect("page: no directory", map(frame, vspace, BASE), seL4_FailedLookup, 0,
           seL4_MissingCapability, 30);
    expect("page table: no directory", map_table_at(pt, vspace, BASE), seL4_FailedLookup, 0,
           seL4_MissingCapability, 30);
    expect("large page: no directory", map(large, vspace, BASE), seL4_FailedLookup, 0,
           seL4_MissingCapability, 30);
    succeeds("directory", invoke(pd, X86PageDirectoryMap, CAPS(vspace), ARGS(BASE, 0)));
    expect("directory again",
           invoke(make(seL4_X86_PageDirectoryObject, 0), X86PageDirectoryMap, CAPS(vspace),
                  ARGS(BASE, 0)),
           seL4_DeleteFirst);
    expect("page: no table", map(frame, vspace, BASE), seL4_FailedLookup, 0, seL4_MissingCapability,
           21);
    succeeds("large page needs none", map(large, vspace, BASE + LARGE));
    succeeds("table", map_table_at(pt, vspace, BASE));
    succeeds("page", map(frame, vspace, BASE));
    succeeds("Unmap of the directory", invoke(pd, X86PageDirectoryUnmap, CAPS(), ARGS()));
    must(unmap(frame).label == 0);
    expect("page: no directory any more", map(frame, vspace, BASE), seL4_FailedLookup, 0,
           seL4_MissingCapability, 30);
    succeeds("Unmap of the PDPT", invoke(pdpt, X86PDPTUnmap, CAPS(), ARGS()));
    expect("page: no PDPT any more", map(frame, vspace, BASE), seL4_FailedLookup, 0,
           seL4_MissingCapability, 39);
    succeeds("the directory's old Unmap", invoke(pd, X86PageDirectoryUnmap, CAPS(), ARGS()));
}

TEST(vspace_user_top)
{
    const seL4_Word top = 0x7fffffffe000;
    seL4_CPtr frame = make(seL4_X86_4K, 0);
    struct probe probe;

    expect("the highest page is accepted", map(frame, vspace_new(), top), seL4_FailedLookup, 0,
           seL4_MissingCapability, 39);
    map_tables(ROOT_VSPACE, top);
    succeeds("and mapped", map(frame, ROOT_VSPACE, top));
    probe_init(&probe);
    check("and usable", can_store(&probe, top + PAGE_SIZE - 8));
    must(unmap(frame).label == 0);
    expect("its successor is not", map(frame, ROOT_VSPACE, top + PAGE_SIZE), seL4_InvalidArgument,
           0);
    map_tables(ROOT_VSPACE, 0);
    succeeds("address 0 can be mapped", map(frame, ROOT_VSPACE, 0));
    check("and used", can_store(&probe, 0) && can_load(&probe, 8));
}
#endif

TEST(vspace_large_pages)
{
    seL4_CPtr large = make(seL4_X86_LargePageObject, 0), second, pt, frame = make(seL4_X86_4K, 0);
    struct probe probe;
    seL4_Word paddr;

    probe_init(&probe);
    map_tables(ROOT_VSPACE, BASE);
    second = make(seL4_X86_LargePageObject, 0);
    pt = make(seL4_X86_PageTableObject, 0);
    expect("over a table", map(large, ROOT_VSPACE, BASE), seL4_DeleteFirst);
    expect("misaligned", map(large, ROOT_VSPACE, BASE + PAGE_SIZE), seL4_AlignmentError);
    succeeds("in a free place", map(large, ROOT_VSPACE, BASE + LARGE));
    expect("a table over it", map_table_at(pt, ROOT_VSPACE, BASE + LARGE), seL4_DeleteFirst);
    expect("a page under it", map(frame, ROOT_VSPACE, BASE + LARGE), seL4_FailedLookup, 0,
           seL4_MissingCapability, MISSING_TABLE);
    check("first word", can_store(&probe, BASE + LARGE));
    check("last word", can_store(&probe, BASE + 2 * LARGE - sizeof(seL4_Word)));
    check("not the one after", !can_load(&probe, BASE + 2 * LARGE));
    succeeds("another over it", map(second, ROOT_VSPACE, BASE + LARGE));
    succeeds("unmapping the first", unmap(large));
    check("leaves the second", can_load(&probe, BASE + LARGE));
    paddr = seL4_X86_Page_GetAddress(second).paddr;
    check_eq("its physical address is aligned", paddr & (LARGE - 1), 0);
    succeeds("unmapping that", unmap(second));
    check("leaves nothing", !can_load(&probe, BASE + LARGE));
    succeeds("then a table fits", map_table_at(pt, ROOT_VSPACE, BASE + LARGE));
}

TEST(vspace_rights)
{
    static const struct {
        const char *name;
        seL4_Word cap, rights, load, store;
    } cases[] = {
        {"read-write cap, all", 3, 3, 0, 0},
        {"read-write cap, read", 3, 2, 0, 0x107},
        {"read-write cap, write only", 3, 1, 0x105, 0x107},
        {"read-write cap, none", 3, 0, 0x105, 0x107},
        {"read-only cap, all", 2, 3, 0, 0x107},
        {"write-only cap, all", 1, 3, 0x105, 0x107},
        {"cap without rights, all", 0, 3, 0x105, 0x107},
        {"all rights bits", 15, ~(seL4_Word)0, 0, 0},
    };
    seL4_CPtr frame = make(seL4_X86_4K, 0), cap;
    struct probe probe;
    unsigned i;

    map_tables(ROOT_VSPACE, BASE);
    probe_init(&probe);
    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        cap = copy_of(frame, cases[i].cap);
        must(map_rights(cap, BASE, cases[i].rights).label == 0);
        check_eq(cases[i].name, access(&probe, snippet_load, BASE), cases[i].load);
        check_eq("store", access(&probe, snippet_store, BASE), cases[i].store);
        must(delete (cap).label == 0);
    }
    must(map_rights(frame, BASE, 2).label == 0);
    check_eq("read-only", access(&probe, snippet_store, BASE), 0x107);
    must(map_rights(frame, BASE, 3).label == 0);
    check_eq("mapped again in place with more rights", access(&probe, snippet_store, BASE), 0);
#ifdef __x86_64__ /* seL4 on ia32 leaves the old translation in the TLB */
    must(map_rights(frame, BASE, 2).label == 0);
    check_eq("and with fewer", access(&probe, snippet_store, BASE), 0x107);
#endif
    must(unmap(frame).label == 0 && map_rights(frame, BASE, 2).label == 0);
    check_eq("unmapped, and mapped with fewer", access(&probe, snippet_store, BASE), 0x107);
}

TEST(vspace_attributes)
{
    seL4_CPtr frame = make(seL4_X86_4K, 0);
    struct probe probe;
    seL4_Word attributes;

    map_tables(ROOT_VSPACE, BASE);
    probe_init(&probe);
    for (attributes = 0; attributes < 16; attributes++) {
        must(invoke(frame, X86PageMap, CAPS(ROOT_VSPACE), ARGS(BASE, 3, attributes)).label == 0);
        check("usable with every attribute",
              can_store(&probe, BASE + 16) && can_load(&probe, BASE + 16));
    }
    must(invoke(frame, X86PageMap, CAPS(ROOT_VSPACE), ARGS(BASE, 3, ~(seL4_Word)0)).label == 0);
    check("attributes all ones", can_store(&probe, BASE));
}

/* Readable is executable, unless our extension says otherwise (where the kernel has it). */
TEST(vspace_execute)
{
    seL4_CPtr frame = make(seL4_X86_4K, 0);
    struct probe probe;
    struct message fault;

    map_tables(ROOT_VSPACE, BASE);
    must(map(frame, ROOT_VSPACE, BASE).label == 0);
    *(volatile unsigned char *)BASE = 0xf4; /* HLT */
    probe_init(&probe);
    fault = probe_run(&probe, (const char *)BASE);
    check("a readable page is executable", finished_at(&fault, (const char *)BASE));
    must(map_rights(frame, BASE, 2).label == 0);
    fault = probe_run(&probe, (const char *)BASE);
    check("read-only too", finished_at(&fault, (const char *)BASE));
    must(invoke(frame, X86PageMap, CAPS(ROOT_VSPACE), ARGS(BASE, 2, seL4_X86_ExecuteNever)).label ==
         0);
    fault = probe_run(&probe, (const char *)BASE);
    check("execute-never: refused, or ignored",
          finished_at(&fault, (const char *)BASE) ||
              (fault.label == seL4_Fault_VMFault && fault.mr[1] == BASE && fault.mr[2] == 1));
    must(map_rights(frame, BASE, 2).label == 0);
    fault = probe_run(&probe, (const char *)BASE);
    check("executable again", finished_at(&fault, (const char *)BASE));
}

TEST(vspace_deleting)
{
    seL4_CPtr frame = make(seL4_X86_4K, 0), second = copy_of(frame, 0xf), pt;
    struct probe probe;

    map_tables(ROOT_VSPACE, BASE);
    probe_init(&probe);
    must(map(frame, ROOT_VSPACE, BASE).label == 0);
    succeeds("a copy starts unmapped", map(second, ROOT_VSPACE, BASE + PAGE_SIZE));
    must(delete (frame).label == 0);
    check("deleting a frame cap ends its mapping", !can_load(&probe, BASE));
    check("not that of another cap", can_load(&probe, BASE + PAGE_SIZE));
    pt = make(seL4_X86_PageTableObject, 0);
    must(map_table_at(pt, ROOT_VSPACE, BASE + TABLE_SPAN).label == 0);
    must(unmap(second).label == 0 && map(second, ROOT_VSPACE, BASE + TABLE_SPAN).label == 0);
    check("a page under a new table", can_load(&probe, BASE + TABLE_SPAN));
    must(delete (pt).label == 0);
    check("is gone with the table", !can_load(&probe, BASE + TABLE_SPAN));
    succeeds("its Unmap is harmless", unmap(second));
    succeeds("Revoke", revoke(second));
}

TEST(vspace_addresses)
{
    seL4_CPtr frame = make(seL4_X86_4K, 0), second = copy_of(frame, 1);
    seL4_Word paddr = seL4_X86_Page_GetAddress(frame).paddr;

    check("a frame lies in RAM above 1 MiB", paddr >= 0x100000 && paddr % PAGE_SIZE == 0);
    expect("a copy has the same address", invoke(second, X86PageGetAddress, CAPS(), ARGS()), 0,
           paddr);
    expect("surplus words do not matter", invoke(second, X86PageGetAddress, CAPS(), ARGS(1, 2)), 0,
           paddr);
}

/* Separate address spaces: the same address, different frames. */
TEST(vspace_isolation)
{
    seL4_CPtr vspace = vspace_clone(), here = make(seL4_X86_4K, 0), there = make(seL4_X86_4K, 0);
    volatile seL4_Word *word = (volatile seL4_Word *)BASE;
    struct probe probe;

    map_tables(ROOT_VSPACE, BASE);
    map_tables(vspace, BASE);
    must(map(here, ROOT_VSPACE, BASE).label == 0 && map(there, vspace, BASE).label == 0);
    probe_init_in(&probe, vspace);
    *word = 0x4e4e;
    must(can_load(&probe, BASE));
    check_eq("a thread of another space sees its own frame", probe.context.DATA_REGISTER, 0);
    must(can_store(&probe, BASE));
    check_eq("and writes its own", *word, 0x4e4e);
    must(unmap(here).label == 0 && unmap(there).label == 0);
    must(map(here, vspace, BASE).label == 0);
    must(can_load(&probe, BASE));
    check_eq("a frame moved over keeps its contents", probe.context.DATA_REGISTER, 0x4e4e);
}

TEST(vspace_change_of_thread)
{
    seL4_CPtr vspace = vspace_clone();
    seL4_CPtr frame = make(seL4_X86_4K, 0);
    struct probe probe;

    map_tables(vspace, BASE);
    must(map(frame, vspace, BASE).label == 0);
    probe_init(&probe);
    check("before: not there", !can_load(&probe, BASE));
    must(!seL4_TCB_SetSpace(probe.thread->tcb, probe.thread->fault_ep, ROOT, 0, vspace, 0));
    check("after SetSpace: there", can_load(&probe, BASE));
    must(delete (vspace).label == 0);
    check("the thread's own cap keeps it alive", can_load(&probe, BASE));
}

#ifndef __x86_64__
TEST(vspace_user_top)
{
    const seL4_Word top = 0xe0000000;
    seL4_CPtr frame = make(seL4_X86_4K, 0);
    struct probe probe;

    expect("the highest page is accepted", map(frame, vspace_new(), top - PAGE_SIZE),
           seL4_FailedLookup, 0, seL4_MissingCapability, 22);
    map_tables(ROOT_VSPACE, top - PAGE_SIZE);
    succeeds("and mapped", map(frame, ROOT_VSPACE, top - PAGE_SIZE));
    probe_init(&probe);
    check("and usable", can_store(&probe, top - 4));
    must(unmap(frame).label == 0);
    expect("its successor is not", map(frame, ROOT_VSPACE, top), seL4_InvalidArgument, 0);
    expect("a table there meets the kernel's",
           map_table_at(make(seL4_X86_PageTableObject, 0), ROOT_VSPACE, top), seL4_DeleteFirst);
    expect("a large page there",
           map(make(seL4_X86_LargePageObject, 0), ROOT_VSPACE, top - LARGE + PAGE_SIZE),
           seL4_InvalidArgument, 0);
    map_tables(ROOT_VSPACE, 0);
    succeeds("address 0 can be mapped", map(frame, ROOT_VSPACE, 0));
    check("and used", can_store(&probe, 0) && can_load(&probe, 8));
}

TEST(vspace_status_bits)
{
    seL4_CPtr frame = make(seL4_X86_4K, 0);

    map_tables(ROOT_VSPACE, BASE);
    must(map(frame, ROOT_VSPACE, BASE).label == 0);
    expect("fresh", invoke(ROOT_VSPACE, X86PageDirectoryGetStatusBits, CAPS(), ARGS(BASE)), 0, 0,
           0);
    (void)*(volatile seL4_Word *)BASE;
    expect("read", invoke(ROOT_VSPACE, X86PageDirectoryGetStatusBits, CAPS(), ARGS(BASE)), 0, 1, 0);
    *(volatile seL4_Word *)BASE = 1;
    expect("written", invoke(ROOT_VSPACE, X86PageDirectoryGetStatusBits, CAPS(), ARGS(BASE)), 0, 1,
           1);
    expect("nothing there",
           invoke(ROOT_VSPACE, X86PageDirectoryGetStatusBits, CAPS(), ARGS(BASE + TABLE_SPAN)),
           seL4_InvalidArgument, 1);
    expect("beyond the user's part",
           invoke(ROOT_VSPACE, X86PageDirectoryGetStatusBits, CAPS(), ARGS(0xf0000000)),
           seL4_InvalidArgument, 0);
    expect("directory Map", invoke(ROOT_VSPACE, X86PageDirectoryMap, CAPS(), ARGS(0, 0)),
           seL4_IllegalOperation);
}
#endif

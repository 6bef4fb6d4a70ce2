/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces. */
#include "runtime.h"

seL4_CPtr image_frame(const void *address)
{
    seL4_Word page = ((const char *)address - image_start) / PAGE_SIZE;

    return bootinfo->userImageFrames.start + page;
}

static seL4_CPtr vspace_new_in(seL4_CPtr asid_pool)
{
    seL4_CPtr vspace = make(seL4_VSpaceObject, 0);

    if (seL4_X86_ASIDPool_Assign(asid_pool, vspace))
        panic("no ASID");
    return vspace;
}

seL4_CPtr vspace_new(void)
{
    return vspace_new_in(seL4_CapInitThreadASIDPool);
}

/* DeleteFirst: the table is there already, and the new one remains unused. */
static void map_table(seL4_CPtr vspace, seL4_Word vaddr, seL4_Word type, seL4_Word label)
{
    seL4_CPtr table = make(type, 0);
    seL4_Error error = sel4_map_table(table, label, vspace, vaddr, 0);

    if (error && error != seL4_DeleteFirst)
        panic("table for %x: error %d", vaddr, (int)error);
}

void map_tables(seL4_CPtr vspace, seL4_Word vaddr)
{
#ifdef __x86_64__
    map_table(vspace, vaddr, seL4_X86_PDPTObject, X86PDPTMap);
    map_table(vspace, vaddr, seL4_X86_PageDirectoryObject, X86PageDirectoryMap);
#endif
    map_table(vspace, vaddr, seL4_X86_PageTableObject, X86PageTableMap);
}

seL4_CPtr vspace_clone_in(seL4_CPtr asid_pool)
{
    const seL4_Word table_span = (seL4_Word)1 << (seL4_PageBits + seL4_PageTableIndexBits);
    seL4_CPtr vspace = vspace_new_in(asid_pool);
    char *page;

    for (page = image_start; page < image_end; page += PAGE_SIZE) {
        if (page == image_start || (seL4_Word)page % table_span == 0)
            map_tables(vspace, (seL4_Word)page);
        if (seL4_X86_Page_Map(copy_of(image_frame(page), 0xf), vspace, (seL4_Word)page,
                              seL4_ReadWrite, 0))
            panic("the image cannot be mapped");
    }
    return vspace;
}

seL4_CPtr vspace_clone(void)
{
    return vspace_clone_in(seL4_CapInitThreadASIDPool);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Paging, ASIDs and IO ports, as far as x86_64 and ia32 share them. */
#pragma once

/* Maps a table at vaddr rounded down to what the table covers; the cap goes by label. */
SEL4_INLINE seL4_Error sel4_map_table(seL4_CPtr service, seL4_Word label, seL4_CPtr vspace,
                                      seL4_Word vaddr, seL4_X86_VMAttributes attr)
{
    seL4_SetCap(0, vspace);
    return sel4_invoke_words(service, label, 1, 2, vaddr, attr, 0, 0);
}

SEL4_INLINE seL4_Error seL4_X86_PageDirectory_Map(seL4_X86_PageDirectory service, seL4_CPtr vspace,
                                                  seL4_Word vaddr, seL4_X86_VMAttributes attr)
{
    return sel4_map_table(service, X86PageDirectoryMap, vspace, vaddr, attr);
}

SEL4_INLINE seL4_Error seL4_X86_PageDirectory_Unmap(seL4_X86_PageDirectory service)
{
    return sel4_invoke_words(service, X86PageDirectoryUnmap, 0, 0, 0, 0, 0, 0);
}

SEL4_INLINE seL4_Error seL4_X86_PageTable_Map(seL4_X86_PageTable service, seL4_CPtr vspace,
                                              seL4_Word vaddr, seL4_X86_VMAttributes attr)
{
    return sel4_map_table(service, X86PageTableMap, vspace, vaddr, attr);
}

SEL4_INLINE seL4_Error seL4_X86_PageTable_Unmap(seL4_X86_PageTable service)
{
    return sel4_invoke_words(service, X86PageTableUnmap, 0, 0, 0, 0, 0, 0);
}

/* Maps a frame, or changes rights and attributes if it is already mapped at vaddr. */
SEL4_INLINE seL4_Error seL4_X86_Page_Map(seL4_X86_Page service, seL4_CPtr vspace, seL4_Word vaddr,
                                         seL4_CapRights_t rights, seL4_X86_VMAttributes attr)
{
    seL4_SetCap(0, vspace);
    return sel4_invoke_words(service, X86PageMap, 1, 3, vaddr, rights.words[0], attr, 0);
}

SEL4_INLINE seL4_Error seL4_X86_Page_Unmap(seL4_X86_Page service)
{
    return sel4_invoke_words(service, X86PageUnmap, 0, 0, 0, 0, 0, 0);
}

typedef struct seL4_X86_Page_GetAddress {
    int error;
    seL4_Word paddr;
} seL4_X86_Page_GetAddress_t;

SEL4_INLINE seL4_X86_Page_GetAddress_t seL4_X86_Page_GetAddress(seL4_X86_Page service)
{
    seL4_X86_Page_GetAddress_t result = {0, 0};

    result.error =
        (int)sel4_invoke(service, X86PageGetAddress, 0, 0, &result.paddr, NULL, NULL, NULL);
    return result;
}

SEL4_INLINE seL4_Error seL4_X86_ASIDControl_MakePool(seL4_X86_ASIDControl service,
                                                     seL4_Untyped untyped, seL4_CNode root,
                                                     seL4_Word index, seL4_Uint8 depth)
{
    seL4_SetCap(0, untyped);
    seL4_SetCap(1, root);
    return sel4_invoke_words(service, X86ASIDControlMakePool, 2, 2, index, depth, 0, 0);
}

SEL4_INLINE seL4_Error seL4_X86_ASIDPool_Assign(seL4_X86_ASIDPool service, seL4_CPtr vspace)
{
    seL4_SetCap(0, vspace);
    return sel4_invoke_words(service, X86ASIDPoolAssign, 1, 0, 0, 0, 0, 0);
}

/* Issues a capability to the ports first..last, both included. */
SEL4_INLINE seL4_Error seL4_X86_IOPortControl_Issue(seL4_X86_IOPortControl service,
                                                    seL4_Word first_port, seL4_Word last_port,
                                                    seL4_CNode root, seL4_Word index,
                                                    seL4_Uint8 depth)
{
    seL4_SetCap(0, root);
    return sel4_invoke_words(service, X86IOPortControlIssue, 1, 4, first_port, last_port, index,
                             depth);
}

typedef struct seL4_X86_IOPort_In8 {
    int error;
    seL4_Uint8 result;
} seL4_X86_IOPort_In8_t;

typedef struct seL4_X86_IOPort_In16 {
    int error;
    seL4_Uint16 result;
} seL4_X86_IOPort_In16_t;

typedef struct seL4_X86_IOPort_In32 {
    int error;
    seL4_Uint32 result;
} seL4_X86_IOPort_In32_t;

SEL4_INLINE seL4_X86_IOPort_In8_t seL4_X86_IOPort_In8(seL4_X86_IOPort service, seL4_Uint16 port)
{
    seL4_X86_IOPort_In8_t result;
    seL4_Word word = port;

    result.error = (int)sel4_invoke(service, X86IOPortIn8, 0, 1, &word, NULL, NULL, NULL);
    result.result = (seL4_Uint8)word;
    return result;
}

SEL4_INLINE seL4_X86_IOPort_In16_t seL4_X86_IOPort_In16(seL4_X86_IOPort service, seL4_Uint16 port)
{
    seL4_X86_IOPort_In16_t result;
    seL4_Word word = port;

    result.error = (int)sel4_invoke(service, X86IOPortIn16, 0, 1, &word, NULL, NULL, NULL);
    result.result = (seL4_Uint16)word;
    return result;
}

SEL4_INLINE seL4_X86_IOPort_In32_t seL4_X86_IOPort_In32(seL4_X86_IOPort service, seL4_Uint16 port)
{
    seL4_X86_IOPort_In32_t result;
    seL4_Word word = port;

    result.error = (int)sel4_invoke(service, X86IOPortIn32, 0, 1, &word, NULL, NULL, NULL);
    result.result = (seL4_Uint32)word;
    return result;
}

SEL4_INLINE seL4_Error seL4_X86_IOPort_Out8(seL4_X86_IOPort service, seL4_Word port, seL4_Word data)
{
    return sel4_invoke_words(service, X86IOPortOut8, 0, 2, port, data, 0, 0);
}

SEL4_INLINE seL4_Error seL4_X86_IOPort_Out16(seL4_X86_IOPort service, seL4_Word port,
                                             seL4_Word data)
{
    return sel4_invoke_words(service, X86IOPortOut16, 0, 2, port, data, 0, 0);
}

SEL4_INLINE seL4_Error seL4_X86_IOPort_Out32(seL4_X86_IOPort service, seL4_Word port,
                                             seL4_Word data)
{
    return sel4_invoke_words(service, X86IOPortOut32, 0, 2, port, data, 0, 0);
}

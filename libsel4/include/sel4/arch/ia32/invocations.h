/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

typedef struct seL4_X86_PageDirectory_GetStatusBits {
    int error;
    seL4_Word accessed;
    seL4_Word dirty;
} seL4_X86_PageDirectory_GetStatusBits_t;

/* The processor's accessed and dirty bits of the page at vaddr. */
SEL4_INLINE seL4_X86_PageDirectory_GetStatusBits_t
seL4_X86_PageDirectory_GetStatusBits(seL4_X86_PageDirectory service, seL4_Word vaddr)
{
    seL4_X86_PageDirectory_GetStatusBits_t result = {0, vaddr, 0};

    result.error = (int)sel4_invoke(service, X86PageDirectoryGetStatusBits, 0, 1, &result.accessed,
                                    &result.dirty, NULL, NULL);
    return result;
}

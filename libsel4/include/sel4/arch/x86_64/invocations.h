/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

SEL4_INLINE seL4_Error seL4_X86_PDPT_Map(seL4_X86_PDPT service, seL4_CPtr vspace, seL4_Word vaddr,
                                         seL4_X86_VMAttributes attr)
{
    return sel4_map_table(service, X86PDPTMap, vspace, vaddr, attr);
}

SEL4_INLINE seL4_Error seL4_X86_PDPT_Unmap(seL4_X86_PDPT service)
{
    return sel4_invoke_words(service, X86PDPTUnmap, 0, 0, 0, 0, 0, 0);
}

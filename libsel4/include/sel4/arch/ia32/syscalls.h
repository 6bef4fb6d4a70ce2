/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The three shapes of kernel entry.  SYSENTER wants the stack pointer in ECX and its own address
 * in EDX; message register 1 goes through EBP, which the compiler may need, so it is swapped in.
 * Registers 2 and 3 of the common signatures do not exist here and are ignored.
 */
#pragma once

#define SEL4_ENTER                                                                                 \
    "pushl %%ebp\n\tmovl %%ecx, %%ebp\n\tmovl %%esp, %%ecx\n\tleal 1f, %%edx\n"                    \
    "1:\tsysenter\n\tmovl %%ebp, %%ecx\n\tpopl %%ebp"

SEL4_INLINE seL4_Word sel4_sys_send_recv(seL4_Word number, seL4_Word dest, seL4_Word *badge,
                                         seL4_Word info, seL4_Word *mr0, seL4_Word *mr1,
                                         seL4_Word *mr2, seL4_Word *mr3)
{
    seL4_Word m0 = *mr0, m1 = *mr1;

    (void)mr2;
    (void)mr3;
    __asm__ volatile(SEL4_ENTER
                     : "+b"(dest), "+S"(info), "+D"(m0), "+c"(m1)
                     : "a"(number)
                     : "edx", "memory", "cc");
    *badge = dest;
    *mr0 = m0;
    *mr1 = m1;
    return info;
}

SEL4_INLINE void sel4_sys_send(seL4_Word number, seL4_Word dest, seL4_Word info, seL4_Word mr0,
                               seL4_Word mr1, seL4_Word mr2, seL4_Word mr3)
{
    sel4_sys_send_recv(number, dest, &dest, info, &mr0, &mr1, &mr2, &mr3);
}

SEL4_INLINE seL4_Word sel4_sys_recv(seL4_Word number, seL4_Word src, seL4_Word *badge,
                                    seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    *mr0 = 0;
    *mr1 = 0;
    return sel4_sys_send_recv(number, src, badge, 0, mr0, mr1, mr2, mr3);
}

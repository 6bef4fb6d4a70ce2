/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The three shapes of kernel entry: words go in, words come out, both.  SYSCALL returns with an
 * undefined stack pointer, so it is kept in RBX, which the kernel preserves.
 */
#pragma once

#define SEL4_ENTER "movq %%rsp, %%rbx\n\tsyscall\n\tmovq %%rbx, %%rsp"

SEL4_INLINE void sel4_sys_send(seL4_Word number, seL4_Word dest, seL4_Word info, seL4_Word mr0,
                               seL4_Word mr1, seL4_Word mr2, seL4_Word mr3)
{
    register seL4_Word r10 __asm__("r10") = mr0;
    register seL4_Word r8 __asm__("r8") = mr1;
    register seL4_Word r9 __asm__("r9") = mr2;
    register seL4_Word r15 __asm__("r15") = mr3;

    __asm__ volatile(SEL4_ENTER
                     : "+D"(dest), "+S"(info), "+r"(r10), "+r"(r8), "+r"(r9), "+r"(r15)
                     : "d"(number)
                     : "rbx", "rcx", "r11", "memory", "cc");
}

SEL4_INLINE seL4_Word sel4_sys_recv(seL4_Word number, seL4_Word src, seL4_Word *badge,
                                    seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    seL4_Word info = 0;
    register seL4_Word r10 __asm__("r10");
    register seL4_Word r8 __asm__("r8");
    register seL4_Word r9 __asm__("r9");
    register seL4_Word r15 __asm__("r15");

    __asm__ volatile(SEL4_ENTER
                     : "+D"(src), "+S"(info), "=r"(r10), "=r"(r8), "=r"(r9), "=r"(r15)
                     : "d"(number)
                     : "rbx", "rcx", "r11", "memory", "cc");
    *badge = src;
    *mr0 = r10;
    *mr1 = r8;
    *mr2 = r9;
    *mr3 = r15;
    return info;
}

SEL4_INLINE seL4_Word sel4_sys_send_recv(seL4_Word number, seL4_Word dest, seL4_Word *badge,
                                         seL4_Word info, seL4_Word *mr0, seL4_Word *mr1,
                                         seL4_Word *mr2, seL4_Word *mr3)
{
    register seL4_Word r10 __asm__("r10") = *mr0;
    register seL4_Word r8 __asm__("r8") = *mr1;
    register seL4_Word r9 __asm__("r9") = *mr2;
    register seL4_Word r15 __asm__("r15") = *mr3;

    __asm__ volatile(SEL4_ENTER
                     : "+D"(dest), "+S"(info), "+r"(r10), "+r"(r8), "+r"(r9), "+r"(r15)
                     : "d"(number)
                     : "rbx", "rcx", "r11", "memory", "cc");
    *badge = dest;
    *mr0 = r10;
    *mr1 = r8;
    *mr2 = r9;
    *mr3 = r15;
    return info;
}

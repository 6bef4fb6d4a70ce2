/* SPDX-License-Identifier: BSD-2-Clause */
/* The Executive's first instruction: the kernel gives the boot information in RDI and no stack. */
    .section .text.start, "ax", @progbits
    .globl KiStart
    .type KiStart, @function
KiStart:
    leaq KiBootStackTop(%rip), %rsp
    xorl %ebp, %ebp
    call KiSystemStartup
    ud2

    .bss
    .balign 16
    .skip 0x4000
KiBootStackTop:

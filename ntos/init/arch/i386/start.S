/* SPDX-License-Identifier: BSD-2-Clause */
/* The Executive's first instruction: the kernel gives the boot information in EBX and no stack. */
    .section .text.start, "ax", @progbits
    .globl KiStart
    .type KiStart, @function
KiStart:
    movl $KiBootStackTop - 12, %esp
    xorl %ebp, %ebp
    pushl %ebx
    call KiSystemStartup
    ud2

    .bss
    .balign 16
    .skip 0x4000
KiBootStackTop:

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * _chkstk, which code of Microsoft's compiler calls before it uses a big frame: touches every page
 * of EAX bytes of stack, from the top down, so that guard pages are met one by one, and makes the
 * frame.
 */
    .text
    .globl __chkstk
    .def __chkstk; .scl 2; .type 32; .endef
__chkstk:
    pushl %ecx
    leal 8(%esp), %ecx
1:  cmpl $0x1000, %eax
    jb 2f
    subl $0x1000, %ecx
    orl $0, (%ecx)
    subl $0x1000, %eax
    jmp 1b
2:  subl %eax, %ecx
    orl $0, (%ecx)
    movl %esp, %eax
    movl %ecx, %esp
    movl (%eax), %ecx
    movl 4(%eax), %eax
    jmpl *%eax

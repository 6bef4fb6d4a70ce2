/* SPDX-License-Identifier: BSD-2-Clause */
/* Code for arch/ia32/hostile.c. EAX and EBX are set by the test. */

    .macro snippet name
    .globl snippet_\name
snippet_\name:
    .endm

    .section .text.snippets, "ax", @progbits
snippet iret_virtual /* to address EAX, in virtual 8086 mode where the emulator lets one */
    pushl $0
    pushl $0
    pushl $0
    pushl $0
    pushl $0
    pushl $0x800
    pushfl
    orl $0x23000, (%esp)
    pushl $0x1b
    pushl %eax
    iretl
snippet far_jump /* to the selector of EBX */
    pushl %ebx
    pushl $snippet_far_jump_end
snippet far_jump_at
    ljmpl *(%esp)
snippet far_jump_end
    hlt
snippet far_call
    pushl %ebx
    pushl $snippet_far_jump_end
snippet far_call_at
    lcalll *(%esp)
snippet load_mxcsr
    pushl %ebx
snippet load_mxcsr_at
    ldmxcsr (%esp)
snippet load_mxcsr_end
    hlt
    .section .note.GNU-stack, "", @progbits

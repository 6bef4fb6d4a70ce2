/* SPDX-License-Identifier: BSD-2-Clause */
/* First instructions of the root task: keep the registers for the boot tests, set the stack. */

    .text
    .globl _start
_start:
    movq %rdi, start_registers + 0
    movq %rax, start_registers + 8
    movq %rbx, start_registers + 16
    movq %rcx, start_registers + 24
    movq %rdx, start_registers + 32
    movq %rsi, start_registers + 40
    movq %rbp, start_registers + 48
    movq %rsp, start_registers + 56
    movq %r8, start_registers + 64
    movq %r9, start_registers + 72
    movq %r10, start_registers + 80
    movq %r11, start_registers + 88
    movq %r12, start_registers + 96
    movq %r13, start_registers + 104
    movq %r14, start_registers + 112
    movq %r15, start_registers + 120
    movq $root_area + 16384, %rsp
    pushfq
    popq start_registers + 128
    movq %cs, %rax
    movq %rax, start_registers + 136
    movq %ss, %rax
    movq %rax, start_registers + 144
    movq %ds, %rax
    movq %rax, start_registers + 152
    xorl %ebp, %ebp
    call runtime_start
    ud2

/* Where new threads begin; as thread_context() sets it, RDI holds the record. */
    .globl arch_thread_start
arch_thread_start:
    xorl %ebp, %ebp
    call thread_main
    ud2

    .bss
    .balign 8
    .globl start_registers
start_registers:
    .skip 20 * 8
    .section .note.GNU-stack, "", @progbits

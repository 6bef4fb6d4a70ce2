/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ULONG_PTR RawCall(LONG_PTR Number, ULONG_PTR Cap, ULONG_PTR Info, const ULONG_PTR Words[4]): any system call of seL4
 * on any capability, with the four message registers loaded. Returns the message info that comes back.
 */
    .text
    .globl RawCall
RawCall:
    pushq %rbx
    pushq %rdi
    pushq %rsi
    pushq %r15
    movq %rdx, %rdi
    movq %rcx, %rdx
    movq %r8, %rsi
    movq %r9, %rax
    movq (%rax), %r10
    movq 8(%rax), %r8
    movq 16(%rax), %r9
    movq 24(%rax), %r15
    movq %rsp, %rbx
    syscall
    movq %rbx, %rsp
    movq %rsi, %rax
    popq %r15
    popq %rsi
    popq %rdi
    popq %rbx
    ret

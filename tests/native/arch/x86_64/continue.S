/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * void ContinueAndComeBack(PCONTEXT Context): NtContinue with a context that goes on at ContinueTarget, which keeps the
 * registers that it finds, in the order of ContinueFound, and returns to the caller.
 */
    .text
    .globl ContinueAndComeBack
ContinueAndComeBack:
    pushq %rbp
    pushq %rbx
    pushq %rdi
    pushq %rsi
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $40, %rsp
    movq %rsp, kept(%rip)
    xorl %edx, %edx
    call NtContinue
    jmp back

    .globl ContinueTarget
ContinueTarget:
    movq %rax, ContinueFound(%rip)
    movq %rbx, ContinueFound + 8(%rip)
    movq %rcx, ContinueFound + 16(%rip)
    movq %rdx, ContinueFound + 24(%rip)
    movq %rsi, ContinueFound + 32(%rip)
    movq %rdi, ContinueFound + 40(%rip)
    movq %rbp, ContinueFound + 48(%rip)
    movq %r8, ContinueFound + 56(%rip)
    movq %r9, ContinueFound + 64(%rip)
    movq %r10, ContinueFound + 72(%rip)
    movq %r11, ContinueFound + 80(%rip)
    movq %r12, ContinueFound + 88(%rip)
    movq %r13, ContinueFound + 96(%rip)
    movq %r14, ContinueFound + 104(%rip)
    movq %r15, ContinueFound + 112(%rip)
    movq %rsp, ContinueFound + 120(%rip)
back:
    movq kept(%rip), %rsp
    addq $40, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rsi
    popq %rdi
    popq %rbx
    popq %rbp
    ret

    .bss
    .balign 8
kept:
    .skip 8
    .globl ContinueFound
ContinueFound:
    .skip 128

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * void KiSwitchStack(PVOID *OldStackPointer, PVOID NewStackPointer): saves what a C caller expects to find again on the
 * old stack, and goes on where the new stack was left (stack.c lays out the first frame of a fresh one).
 */
    .text
    .globl KiSwitchStack
    .type KiSwitchStack, @function
KiSwitchStack:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * void KiSwitchStack(PVOID *OldStackPointer, PVOID NewStackPointer): saves what a C caller expects to find again on the
 * old stack, and goes on where the new stack was left (stack.c lays out the first frame of a fresh one).
 */
    .text
    .globl KiSwitchStack
    .type KiSwitchStack, @function
KiSwitchStack:
    movl 4(%esp), %eax
    movl 8(%esp), %edx
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl %esp, (%eax)
    movl %edx, %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LONG CallInFrame(PVOID Routine, PVOID Ebp): calls a filter or a __finally block with the frame pointer of its function.
 * void JumpToFrame(PVOID Routine, PVOID Ebp): goes on in an __except block, which sets its stack pointer by itself.
 */
    .text
    .globl _CallInFrame
_CallInFrame:
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl 20(%esp), %eax
    movl 24(%esp), %ebp
    call *%eax
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

    .globl _JumpToFrame
_JumpToFrame:
    movl 4(%esp), %eax
    movl 8(%esp), %ebp
    jmp *%eax

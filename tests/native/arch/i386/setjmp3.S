/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * int _setjmp3(PJUMP_BUFFER Buffer, ULONG Count, PVOID UnwindFunc, LONG TryLevel, ...), of which the last two are there if
 * Count says so.
 * void RestoreJump(PJUMP_BUFFER Buffer, int Value)
 */
    .text
    .globl __setjmp3
__setjmp3:
    movl 4(%esp), %edx
    movl %ebp, (%edx)
    movl %ebx, 4(%edx)
    movl %edi, 8(%edx)
    movl %esi, 12(%edx)
    leal 4(%esp), %eax /* as it is after the return */
    movl %eax, 16(%edx)
    movl (%esp), %eax
    movl %eax, 20(%edx)
    movl %fs:0, %eax
    movl %eax, 24(%edx)
    movl $-1, 28(%edx)
    movl $0, 36(%edx)
    cmpl $2, 8(%esp)
    jb 1f
    movl 12(%esp), %eax
    movl %eax, 36(%edx)
    movl 16(%esp), %eax
    movl %eax, 28(%edx)
1:  xorl %eax, %eax
    ret

    .globl _RestoreJump
_RestoreJump:
    movl 4(%esp), %edx
    movl 8(%esp), %eax
    movl (%edx), %ebp
    movl 4(%edx), %ebx
    movl 8(%edx), %edi
    movl 12(%edx), %esi
    movl 16(%edx), %esp
    jmp *20(%edx)

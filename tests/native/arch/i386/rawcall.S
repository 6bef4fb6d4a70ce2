/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ULONG_PTR RawCall(LONG_PTR Number, ULONG_PTR Cap, ULONG_PTR Info, const ULONG_PTR Words[4]): any system call of seL4
 * on any capability, with the two message registers loaded; the other words are the IPC buffer's. Returns the message
 * info that comes back.
 */
    .text
    .globl _RawCall
_RawCall:
    pushl %ebp
    pushl %ebx
    pushl %edi
    pushl %esi
    movl 20(%esp), %eax
    movl 24(%esp), %ebx
    movl 28(%esp), %esi
    movl 32(%esp), %ecx
    movl (%ecx), %edi
    movl 4(%ecx), %ebp
    movl %esp, %ecx
    movl $1f, %edx
1:  sysenter
    movl %esi, %eax
    popl %esi
    popl %edi
    popl %ebx
    popl %ebp
    ret

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * void ContinueAndComeBack(PCONTEXT Context): NtContinue with a context that goes on at ContinueTarget, which keeps the
 * registers that it finds, in the order of ContinueFound, and returns to the caller.
 */
    .text
    .globl _ContinueAndComeBack
_ContinueAndComeBack:
    pushl %ebp
    pushl %ebx
    pushl %edi
    pushl %esi
    movl %esp, kept
    pushl $0
    pushl 24(%esp)
    call _NtContinue@8
    movl kept, %esp
    jmp back

    .globl _ContinueTarget
_ContinueTarget:
    movl %eax, _ContinueFound
    movl %ebx, _ContinueFound + 4
    movl %ecx, _ContinueFound + 8
    movl %edx, _ContinueFound + 12
    movl %esi, _ContinueFound + 16
    movl %edi, _ContinueFound + 20
    movl %ebp, _ContinueFound + 24
    movl %esp, _ContinueFound + 28
    movl kept, %esp
back:
    popl %esi
    popl %edi
    popl %ebx
    popl %ebp
    ret

    .bss
    .balign 4
kept:
    .skip 4
    .globl _ContinueFound
_ContinueFound:
    .skip 32

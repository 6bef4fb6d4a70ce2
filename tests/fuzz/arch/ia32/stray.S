/* SPDX-License-Identifier: BSD-2-Clause */
/* Code for threads whose registers are anything: system calls on slots in a row, without memory. */
    .text
    .globl stray
stray:
    movl $16, %edi
    andl $127, %ebx
1:  movl %edi, %eax
    andl $3, %eax
    subl $6, %eax
    andl $0xfff, %esi
    xorl %ecx, %ecx
    movl $2f, %edx
2:  sysenter
    movl %edi, %ebx
    decl %edi
    andl $15, %edi
    jnz 1b
    ud2

/* void fault_somehow(which) */
    .globl fault_somehow
fault_somehow:
    movl 4(%esp), %eax
    cmpl $1, %eax
    je 1f
    cmpl $2, %eax
    je 2f
    cmpl $3, %eax
    je 3f
    cmpl $4, %eax
    je 4f
    cmpl $5, %eax
    je 5f
    cmpl $6, %eax
    je 6f
    cmpl $7, %eax
    je 7f
    ud2
1:  int3
    ret
2:  xorl %ecx, %ecx
    divl %ecx
    ret
3:  movl 0x20000000, %eax
    ret
4:  movl $-4096, %eax
    movl %eax, (%eax)
    ret
5:  int $160
    ret
6:  movd %eax, %xmm1
    addsd %xmm1, %xmm1
    ret
7:  pushfl
    orl $0x100, (%esp)
    popfl
    ret
    .section .note.GNU-stack, "", @progbits

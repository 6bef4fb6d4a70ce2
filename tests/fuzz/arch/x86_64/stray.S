/* SPDX-License-Identifier: BSD-2-Clause */
/* Code for threads whose registers are anything: system calls on slots in a row, without memory. */
    .text
    .globl stray
stray:
    movl $16, %ebx
    andl $127, %edi
1:  movq $-5, %rdx /* Send, NBSend, Recv and Reply in turn */
    subq %rbx, %rdx
    andq $3, %rdx
    subq $6, %rdx
    andl $0xfff, %esi
    syscall
    movl %ebx, %edi
    decl %ebx
    jnz 1b
    ud2

/* void fault_somehow(which) */
    .globl fault_somehow
fault_somehow:
    cmpl $1, %edi
    je 1f
    cmpl $2, %edi
    je 2f
    cmpl $3, %edi
    je 3f
    cmpl $4, %edi
    je 4f
    cmpl $5, %edi
    je 5f
    cmpl $6, %edi
    je 6f
    cmpl $7, %edi
    je 7f
    ud2
1:  int3
    ret
2:  xorl %ecx, %ecx
    divl %ecx
    ret
3:  movq 0x20000000, %rax
    ret
4:  movq $-4096, %rax
    movq %rax, (%rax)
    ret
5:  int $160
    ret
6:  movq %rdi, %xmm1 /* faults if the FPU is off */
    addsd %xmm1, %xmm1
    ret
7:  pushfq /* single step from here on */
    orl $0x100, (%rsp)
    popfq
    ret
    .section .note.GNU-stack, "", @progbits

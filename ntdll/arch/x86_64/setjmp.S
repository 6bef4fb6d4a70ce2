/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * int _setjmp(PJUMP_BUFFER Buffer, PVOID Frame), int _setjmpex(...): what longjmp (longjmp.c) goes on with. Frame is the
 * establisher frame of the caller; with NULL longjmp unwinds nothing. Offsets are those of JUMP_BUFFER.
 */
    .text
    .globl _setjmp
    .def _setjmp; .scl 2; .type 32; .endef
    .globl _setjmpex
    .def _setjmpex; .scl 2; .type 32; .endef
    .p2align 4
_setjmp:
_setjmpex:
    movq %rdx, (%rcx)
    movq %rbx, 0x08(%rcx)
    leaq 8(%rsp), %rax /* as it is after the return */
    movq %rax, 0x10(%rcx)
    movq %rbp, 0x18(%rcx)
    movq %rsi, 0x20(%rcx)
    movq %rdi, 0x28(%rcx)
    movq %r12, 0x30(%rcx)
    movq %r13, 0x38(%rcx)
    movq %r14, 0x40(%rcx)
    movq %r15, 0x48(%rcx)
    movq (%rsp), %rax
    movq %rax, 0x50(%rcx)
    stmxcsr 0x58(%rcx)
    movl $0, 0x5c(%rcx)
    fnstcw 0x5c(%rcx)
    movdqu %xmm6, 0x60(%rcx)
    movdqu %xmm7, 0x70(%rcx)
    movdqu %xmm8, 0x80(%rcx)
    movdqu %xmm9, 0x90(%rcx)
    movdqu %xmm10, 0xa0(%rcx)
    movdqu %xmm11, 0xb0(%rcx)
    movdqu %xmm12, 0xc0(%rcx)
    movdqu %xmm13, 0xd0(%rcx)
    movdqu %xmm14, 0xe0(%rcx)
    movdqu %xmm15, 0xf0(%rcx)
    xorl %eax, %eax
    ret

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VOID KiSwitchThread(PVOID *Save, PVOID Load): keeps what the Windows x64 convention says a callee keeps: RBX, RBP,
 * RSI, RDI, R12-R15, XMM6-XMM15, MXCSR and the x87 control word. KiBuildStack (stack.c) knows the frame's size.
 */
    .text
    .globl KiSwitchThread
    .seh_proc KiSwitchThread
KiSwitchThread:
    push %rbp
    .seh_pushreg %rbp
    push %rbx
    .seh_pushreg %rbx
    push %rsi
    .seh_pushreg %rsi
    push %rdi
    .seh_pushreg %rdi
    push %r12
    .seh_pushreg %r12
    push %r13
    .seh_pushreg %r13
    push %r14
    .seh_pushreg %r14
    push %r15
    .seh_pushreg %r15
    sub $0xA8, %rsp
    .seh_stackalloc 0xA8
    .seh_endprologue
    movups %xmm6, 0x00(%rsp)
    movups %xmm7, 0x10(%rsp)
    movups %xmm8, 0x20(%rsp)
    movups %xmm9, 0x30(%rsp)
    movups %xmm10, 0x40(%rsp)
    movups %xmm11, 0x50(%rsp)
    movups %xmm12, 0x60(%rsp)
    movups %xmm13, 0x70(%rsp)
    movups %xmm14, 0x80(%rsp)
    movups %xmm15, 0x90(%rsp)
    stmxcsr 0xA0(%rsp)
    fnstcw 0xA4(%rsp)

    mov %rsp, (%rcx)
    mov %rdx, %rsp

    movups 0x00(%rsp), %xmm6
    movups 0x10(%rsp), %xmm7
    movups 0x20(%rsp), %xmm8
    movups 0x30(%rsp), %xmm9
    movups 0x40(%rsp), %xmm10
    movups 0x50(%rsp), %xmm11
    movups 0x60(%rsp), %xmm12
    movups 0x70(%rsp), %xmm13
    movups 0x80(%rsp), %xmm14
    movups 0x90(%rsp), %xmm15
    ldmxcsr 0xA0(%rsp)
    fldcw 0xA4(%rsp)
    add $0xA8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rdi
    pop %rsi
    pop %rbx
    pop %rbp
    ret
    .seh_endproc

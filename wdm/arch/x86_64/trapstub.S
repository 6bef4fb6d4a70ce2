/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where drivers go on whose privileged instruction is carried out (trap/trap.h). On the stack lie the address of the
 * KI_INSTRUCTION and that behind the call that stands for it: the rest of the KI_TRAP_FRAME is pushed here. To unwinders
 * this is a routine that the driver has called. XMM0 to XMM5 lie in the 60h bytes below the frame, aligned
 * (trapcontext.c): C may use them.
 */
    .text
    .globl KiTrapStub
    .seh_proc KiTrapStub
KiTrapStub:
    .seh_stackalloc 8
    pushfq
    .seh_stackalloc 8
    push %r15
    .seh_pushreg %r15
    push %r14
    .seh_pushreg %r14
    push %r13
    .seh_pushreg %r13
    push %r12
    .seh_pushreg %r12
    push %r11
    .seh_pushreg %r11
    push %r10
    .seh_pushreg %r10
    push %r9
    .seh_pushreg %r9
    push %r8
    .seh_pushreg %r8
    push %rdi
    .seh_pushreg %rdi
    push %rsi
    .seh_pushreg %rsi
    push %rbp
    .seh_pushreg %rbp
    push %rsp
    .seh_stackalloc 8
    push %rbx
    .seh_pushreg %rbx
    push %rdx
    .seh_pushreg %rdx
    push %rcx
    .seh_pushreg %rcx
    push %rax
    .seh_pushreg %rax
    mov %rsp, %rbp
    .seh_setframe %rbp, 0
    .seh_endprologue
    cld
    and $-16, %rsp
    sub $0x80, %rsp
    movaps %xmm0, 0x20(%rsp)
    movaps %xmm1, 0x30(%rsp)
    movaps %xmm2, 0x40(%rsp)
    movaps %xmm3, 0x50(%rsp)
    movaps %xmm4, 0x60(%rsp)
    movaps %xmm5, 0x70(%rsp)
    mov %rbp, %rcx
    call KiExecuteInstruction
    movaps 0x20(%rsp), %xmm0
    movaps 0x30(%rsp), %xmm1
    movaps 0x40(%rsp), %xmm2
    movaps 0x50(%rsp), %xmm3
    movaps 0x60(%rsp), %xmm4
    movaps 0x70(%rsp), %xmm5
    mov %rbp, %rsp
    pop %rax
    pop %rcx
    pop %rdx
    pop %rbx
    lea 8(%rsp), %rsp
    pop %rbp
    pop %rsi
    pop %rdi
    pop %r8
    pop %r9
    pop %r10
    pop %r11
    pop %r12
    pop %r13
    pop %r14
    pop %r15
    popfq
    lea 8(%rsp), %rsp
    ret
    .seh_endproc

/*
 * VOID KiProbeElement(PKI_TRAP_FRAME Frame, PVOID Address, ULONG_PTR Size)
 * VOID KiStoreElement(PKI_TRAP_FRAME Frame, PVOID Address, ULONG_PTR Size, ULONG_PTR Value)
 * ULONG KiLoadElement(PKI_TRAP_FRAME Frame, PVOID Address, ULONG_PTR Size)
 * Memory of the driver, of 1, 2 or 4 bytes. In all of them the frame stays in RCX.
 */
    .globl KiElementRoutines
KiElementRoutines:
    .globl KiProbeElement
KiProbeElement:
    lock orb $0, (%rdx)
    lock orb $0, -1(%rdx,%r8)
    ret
    .globl KiStoreElement
KiStoreElement:
    cmp $2, %r8
    jb 1f
    je 2f
    mov %r9d, (%rdx)
    ret
1:  mov %r9b, (%rdx)
    ret
2:  mov %r9w, (%rdx)
    ret
    .globl KiLoadElement
KiLoadElement:
    cmp $2, %r8
    jb 1f
    je 2f
    mov (%rdx), %eax
    ret
1:  movzbl (%rdx), %eax
    ret
2:  movzwl (%rdx), %eax
    ret
    .globl KiElementRoutinesEnd
KiElementRoutinesEnd:
    nop

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routines that cause one exception each, at their first instruction or at the label Name_At. The handler makes them
 * return. They take their argument in the first register of a call (on i386 as FASTCALL does).
 */
    .text

    .globl FaultDivide
    .globl FaultDivide_At
FaultDivide:
    xorl %edx, %edx
    movl $1, %eax
    xorl %ecx, %ecx
FaultDivide_At:
    divl %ecx
    ret

    .globl FaultOverflow
    .globl FaultOverflow_At
FaultOverflow:
    movl $0x80000000, %eax
    cltd
    movl $-1, %ecx
FaultOverflow_At:
    idivl %ecx
    ret

    .globl FaultOverflowMemory
    .globl FaultOverflowMemory_At
FaultOverflowMemory:
    movl $0x1000, %eax
FaultOverflowMemory_At:
    divb (%rcx)
    ret

    .globl FaultOverflowIndexed
    .globl FaultOverflowIndexed_At
FaultOverflowIndexed:
    movl $1, %eax
    movl $1, %edx
    movq %rcx, %r10
    movl $2, %r11d
    subq $24, %r10
FaultOverflowIndexed_At:
    divq 8(%r10,%r11,8)
    ret

    .globl FaultBreakpoint
    .globl FaultBreakpoint_At
FaultBreakpoint:
FaultBreakpoint_At:
    int3
    ret

    .globl FaultInvalid
    .globl FaultInvalid_At
FaultInvalid:
FaultInvalid_At:
    ud2
    ret

    .globl FaultHalt
    .globl FaultHalt_At
FaultHalt:
FaultHalt_At:
    hlt
    ret

    .globl FaultClearInterrupts
    .globl FaultClearInterrupts_At
FaultClearInterrupts:
FaultClearInterrupts_At:
    cli
    ret

    .globl FaultRead
    .globl FaultRead_At
FaultRead:
FaultRead_At:
    movb (%rcx), %al
    ret

    .globl FaultWrite
    .globl FaultWrite_At
FaultWrite:
FaultWrite_At:
    movb %al, (%rcx)
    ret

    .globl FaultExecute
    .globl FaultExecute_At
FaultExecute:
FaultExecute_At:
    jmp *%rcx
    ret

    .globl FaultStep
    .globl FaultStep_At
FaultStep:
    pushfq
    orl $0x100, (%rsp)
    popfq
    nop
FaultStep_At:
    nop
    ret

    .globl FaultFpu
    .globl FaultFpu_At
FaultFpu:
    movl $0x37b, 8(%rsp)
    fldcw 8(%rsp)
    fld1
    fldz
    fdivrp
FaultFpu_At:
    fwait
    fstp %st(0)
    ret

/* An instruction of SSE 4.1 while an exception of SSE is pending, as it is when the kernel reports one. */
    .globl FaultUnknownSimd
FaultUnknownSimd:
    movl $0x1d84, 8(%rsp)
    ldmxcsr 8(%rsp)
    roundps $0, %xmm0, %xmm0
    movl $0x1f80, 8(%rsp)
    ldmxcsr 8(%rsp)
    ret

    .globl FaultSimd
    .globl FaultSimd_At
FaultSimd:
    movl $0x1d80, 8(%rsp)
    ldmxcsr 8(%rsp)
    xorps %xmm1, %xmm1
    movl $1, %eax
    cvtsi2ss %eax, %xmm0
FaultSimd_At:
    divss %xmm1, %xmm0
    movl $0x1f80, 8(%rsp)
    ldmxcsr 8(%rsp)
    ret

    .globl FaultInvalidBesideSimd
    .globl FaultInvalidBesideSimd_At
FaultInvalidBesideSimd:
    movl $0x1d84, 8(%rsp)
    ldmxcsr 8(%rsp)
FaultInvalidBesideSimd_At:
    ud2
    ret

    .globl FaultAssertion
    .globl FaultAssertion_At
FaultAssertion:
FaultAssertion_At:
    int $0x2c
    ret

/* Fills all registers, causes a breakpoint that the handler skips, and stores what it finds then. */
    .globl KeepRegisters
    .globl KeepRegisters_At
KeepRegisters:
    pushq %rbx
    pushq %rbp
    pushq %rdi
    pushq %rsi
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $168, %rsp
    movdqu %xmm6, 0(%rsp)
    movdqu %xmm7, 16(%rsp)
    movdqu %xmm8, 32(%rsp)
    movdqu %xmm9, 48(%rsp)
    movdqu %xmm10, 64(%rsp)
    movdqu %xmm11, 80(%rsp)
    movdqu %xmm12, 96(%rsp)
    movdqu %xmm13, 112(%rsp)
    movdqu %xmm14, 128(%rsp)
    movdqu %xmm15, 144(%rsp)
    movl $0xabcd, %eax
    xorps %xmm0, %xmm0
    leal 256(%eax), %ecx
    cvtsi2ss %ecx, %xmm0
    leal 257(%eax), %ecx
    cvtsi2ss %ecx, %xmm1
    leal 258(%eax), %ecx
    cvtsi2ss %ecx, %xmm2
    leal 259(%eax), %ecx
    cvtsi2ss %ecx, %xmm3
    leal 260(%eax), %ecx
    cvtsi2ss %ecx, %xmm4
    leal 261(%eax), %ecx
    cvtsi2ss %ecx, %xmm5
    leal 262(%eax), %ecx
    cvtsi2ss %ecx, %xmm6
    leal 263(%eax), %ecx
    cvtsi2ss %ecx, %xmm7
    leal 264(%eax), %ecx
    cvtsi2ss %ecx, %xmm8
    leal 265(%eax), %ecx
    cvtsi2ss %ecx, %xmm9
    leal 266(%eax), %ecx
    cvtsi2ss %ecx, %xmm10
    leal 267(%eax), %ecx
    cvtsi2ss %ecx, %xmm11
    leal 268(%eax), %ecx
    cvtsi2ss %ecx, %xmm12
    leal 269(%eax), %ecx
    cvtsi2ss %ecx, %xmm13
    leal 270(%eax), %ecx
    cvtsi2ss %ecx, %xmm14
    leal 271(%eax), %ecx
    cvtsi2ss %ecx, %xmm15
    fld1
    fldpi
    movq $4096, %rax
    movq $4097, %rbx
    movq $4098, %rcx
    movq $4099, %rdx
    movq $4100, %rsi
    movq $4101, %rdi
    movq $4102, %rbp
    movq $4103, %r8
    movq $4104, %r9
    movq $4105, %r10
    movq $4106, %r11
    movq $4107, %r12
    movq $4108, %r13
    movq $4109, %r14
    movq $4110, %r15
    stc
KeepRegisters_At:
    int3
    movq %rax, KeptRegisters + 0(%rip)
    movq %rbx, KeptRegisters + 8(%rip)
    movq %rcx, KeptRegisters + 16(%rip)
    movq %rdx, KeptRegisters + 24(%rip)
    movq %rsi, KeptRegisters + 32(%rip)
    movq %rdi, KeptRegisters + 40(%rip)
    movq %rbp, KeptRegisters + 48(%rip)
    movq %r8, KeptRegisters + 56(%rip)
    movq %r9, KeptRegisters + 64(%rip)
    movq %r10, KeptRegisters + 72(%rip)
    movq %r11, KeptRegisters + 80(%rip)
    movq %r12, KeptRegisters + 88(%rip)
    movq %r13, KeptRegisters + 96(%rip)
    movq %r14, KeptRegisters + 104(%rip)
    movq %r15, KeptRegisters + 112(%rip)
    setc KeptCarry(%rip)
    fstps KeptFloats(%rip)
    fstps KeptFloats + 4(%rip)
    movss %xmm0, KeptVectors + 0(%rip)
    movss %xmm1, KeptVectors + 4(%rip)
    movss %xmm2, KeptVectors + 8(%rip)
    movss %xmm3, KeptVectors + 12(%rip)
    movss %xmm4, KeptVectors + 16(%rip)
    movss %xmm5, KeptVectors + 20(%rip)
    movss %xmm6, KeptVectors + 24(%rip)
    movss %xmm7, KeptVectors + 28(%rip)
    movss %xmm8, KeptVectors + 32(%rip)
    movss %xmm9, KeptVectors + 36(%rip)
    movss %xmm10, KeptVectors + 40(%rip)
    movss %xmm11, KeptVectors + 44(%rip)
    movss %xmm12, KeptVectors + 48(%rip)
    movss %xmm13, KeptVectors + 52(%rip)
    movss %xmm14, KeptVectors + 56(%rip)
    movss %xmm15, KeptVectors + 60(%rip)
    movdqu 0(%rsp), %xmm6
    movdqu 16(%rsp), %xmm7
    movdqu 32(%rsp), %xmm8
    movdqu 48(%rsp), %xmm9
    movdqu 64(%rsp), %xmm10
    movdqu 80(%rsp), %xmm11
    movdqu 96(%rsp), %xmm12
    movdqu 112(%rsp), %xmm13
    movdqu 128(%rsp), %xmm14
    movdqu 144(%rsp), %xmm15
    addq $168, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rsi
    popq %rdi
    popq %rbp
    popq %rbx
    ret

/* BOOLEAN KeepsRegisters(void (*Routine)(void)): whether the routine gives back the registers that are its caller's. */
    .text
    .globl KeepsRegisters
    .seh_proc KeepsRegisters
KeepsRegisters:
    pushq %rbx
    .seh_pushreg %rbx
    pushq %rbp
    .seh_pushreg %rbp
    pushq %rsi
    .seh_pushreg %rsi
    pushq %rdi
    .seh_pushreg %rdi
    pushq %r12
    .seh_pushreg %r12
    pushq %r13
    .seh_pushreg %r13
    pushq %r14
    .seh_pushreg %r14
    pushq %r15
    .seh_pushreg %r15
    subq $0x28, %rsp
    .seh_stackalloc 0x28
    .seh_endprologue
    movq %rcx, %rax
    movq $21760, %rbx
    movq $21761, %rbp
    movq $21762, %rsi
    movq $21763, %rdi
    movq $21764, %r12
    movq $21765, %r13
    movq $21766, %r14
    movq $21767, %r15
    call *%rax
    xorl %eax, %eax
    cmpq $21760, %rbx
    jne 1f
    cmpq $21761, %rbp
    jne 1f
    cmpq $21762, %rsi
    jne 1f
    cmpq $21763, %rdi
    jne 1f
    cmpq $21764, %r12
    jne 1f
    cmpq $21765, %r13
    jne 1f
    cmpq $21766, %r14
    jne 1f
    cmpq $21767, %r15
    jne 1f
    incl %eax
1:
    addq $0x28, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rdi
    popq %rsi
    popq %rbp
    popq %rbx
    ret
    .seh_endproc

    .bss
    .balign 16
    .globl KeptRegisters
KeptRegisters:
    .skip 128
    .globl KeptFloats
KeptFloats:
    .skip 8
    .balign 16
    .globl KeptVectors
KeptVectors:
    .skip 64
    .globl KeptCarry
KeptCarry:
    .skip 1

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routines that cause one exception each, at their first instruction or at the label Name_At. The handler makes them
 * return. They take their argument in the first register of a call (on i386 as FASTCALL does).
 */
    .text

    .globl @FaultDivide@4
    .globl _FaultDivide_At
@FaultDivide@4:
    xorl %edx, %edx
    movl $1, %eax
    xorl %ecx, %ecx
_FaultDivide_At:
    divl %ecx
    ret

    .globl @FaultOverflow@4
    .globl _FaultOverflow_At
@FaultOverflow@4:
    movl $0x80000000, %eax
    cltd
    movl $-1, %ecx
_FaultOverflow_At:
    idivl %ecx
    ret

    .globl @FaultOverflowMemory@4
    .globl _FaultOverflowMemory_At
@FaultOverflowMemory@4:
    movl $0x1000, %eax
_FaultOverflowMemory_At:
    divb (%ecx)
    ret

    .globl @FaultBreakpoint@4
    .globl _FaultBreakpoint_At
@FaultBreakpoint@4:
_FaultBreakpoint_At:
    int3
    ret

    .globl @FaultInvalid@4
    .globl _FaultInvalid_At
@FaultInvalid@4:
_FaultInvalid_At:
    ud2
    ret

    .globl @FaultHalt@4
    .globl _FaultHalt_At
@FaultHalt@4:
_FaultHalt_At:
    hlt
    ret

    .globl @FaultClearInterrupts@4
    .globl _FaultClearInterrupts_At
@FaultClearInterrupts@4:
_FaultClearInterrupts_At:
    cli
    ret

    .globl @FaultRead@4
    .globl _FaultRead_At
@FaultRead@4:
_FaultRead_At:
    movb (%ecx), %al
    ret

    .globl @FaultWrite@4
    .globl _FaultWrite_At
@FaultWrite@4:
_FaultWrite_At:
    movb %al, (%ecx)
    ret

    .globl @FaultExecute@4
    .globl _FaultExecute_At
@FaultExecute@4:
_FaultExecute_At:
    jmp *%ecx
    ret

    .globl @FaultStep@4
    .globl _FaultStep_At
@FaultStep@4:
    pushfl
    orl $0x100, (%esp)
    popfl
    nop
_FaultStep_At:
    nop
    ret

    .globl @FaultFpu@4
    .globl _FaultFpu_At
@FaultFpu@4:
    movl $0x37b, -4(%esp)
    fldcw -4(%esp)
    fld1
    fldz
    fdivrp
_FaultFpu_At:
    fwait
    fstp %st(0)
    ret

/* An instruction of SSE 4.1 while an exception of SSE is pending, as it is when the kernel reports one. */
    .globl @FaultUnknownSimd@4
@FaultUnknownSimd@4:
    movl $0x1d84, -4(%esp)
    ldmxcsr -4(%esp)
    roundps $0, %xmm0, %xmm0
    movl $0x1f80, -4(%esp)
    ldmxcsr -4(%esp)
    ret

    .globl @FaultSimd@4
    .globl _FaultSimd_At
@FaultSimd@4:
    movl $0x1d80, -4(%esp)
    ldmxcsr -4(%esp)
    xorps %xmm1, %xmm1
    movl $1, %eax
    cvtsi2ss %eax, %xmm0
_FaultSimd_At:
    divss %xmm1, %xmm0
    movl $0x1f80, -4(%esp)
    ldmxcsr -4(%esp)
    ret

    .globl @FaultInvalidBesideSimd@4
    .globl _FaultInvalidBesideSimd_At
@FaultInvalidBesideSimd@4:
    movl $0x1d84, -4(%esp)
    ldmxcsr -4(%esp)
_FaultInvalidBesideSimd_At:
    ud2
    ret

    .globl @FaultAssertion@4
    .globl _FaultAssertion_At
@FaultAssertion@4:
_FaultAssertion_At:
    int $0x2c
    ret

    .globl @FaultInto@4
    .globl _FaultInto_At
@FaultInto@4:
    movb $0x7f, %al
    addb $1, %al
_FaultInto_At:
    into
    ret

    .globl @FaultBound@4
    .globl _FaultBound_At
@FaultBound@4:
    movl $5, %eax
_FaultBound_At:
    bound %eax, (%ecx)
    ret

/* Fills all registers, causes a breakpoint that the handler skips, and stores what it finds then. */
    .globl _KeepRegisters
    .globl _KeepRegisters_At
_KeepRegisters:
    pushl %ebx
    pushl %ebp
    pushl %esi
    pushl %edi
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
    fld1
    fldpi
    movl $4096, %eax
    movl $4097, %ebx
    movl $4098, %ecx
    movl $4099, %edx
    movl $4100, %esi
    movl $4101, %edi
    movl $4102, %ebp
    stc
_KeepRegisters_At:
    int3
    movl %eax, _KeptRegisters + 0
    movl %ebx, _KeptRegisters + 4
    movl %ecx, _KeptRegisters + 8
    movl %edx, _KeptRegisters + 12
    movl %esi, _KeptRegisters + 16
    movl %edi, _KeptRegisters + 20
    movl %ebp, _KeptRegisters + 24
    setc _KeptCarry
    fstps _KeptFloats
    fstps _KeptFloats + 4
    movss %xmm0, _KeptVectors + 0
    movss %xmm1, _KeptVectors + 4
    movss %xmm2, _KeptVectors + 8
    movss %xmm3, _KeptVectors + 12
    movss %xmm4, _KeptVectors + 16
    movss %xmm5, _KeptVectors + 20
    movss %xmm6, _KeptVectors + 24
    movss %xmm7, _KeptVectors + 28
    popl %edi
    popl %esi
    popl %ebp
    popl %ebx
    ret

/* BOOLEAN KeepsRegisters(void (*Routine)(void)): whether the routine gives back the registers that are its caller's. */
    .text
    .globl _KeepsRegisters
_KeepsRegisters:
    pushl %ebx
    pushl %ebp
    pushl %esi
    pushl %edi
    movl 20(%esp), %eax
    movl $21760, %ebx
    movl $21761, %ebp
    movl $21762, %esi
    movl $21763, %edi
    call *%eax
    xorl %eax, %eax
    cmpl $21760, %ebx
    jne 1f
    cmpl $21761, %ebp
    jne 1f
    cmpl $21762, %esi
    jne 1f
    cmpl $21763, %edi
    jne 1f
    incl %eax
1:
    popl %edi
    popl %esi
    popl %ebp
    popl %ebx
    ret

    .bss
    .balign 16
    .globl _KeptRegisters
_KeptRegisters:
    .skip 64
    .globl _KeptFloats
_KeptFloats:
    .skip 8
    .balign 16
    .globl _KeptVectors
_KeptVectors:
    .skip 64
    .globl _KeptCarry
_KeptCarry:
    .skip 1

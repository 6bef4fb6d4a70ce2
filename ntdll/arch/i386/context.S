/* SPDX-License-Identifier: BSD-2-Clause */
/* Contexts of i386: capturing one, going on with one. Offsets are those of CONTEXT
 * (include/nt/arch/i386). */

#include <neptune/abi.h>

#define FLAGS 0x00
#define FLOAT_SAVE 0x1c
#define SEG_GS 0x8c
#define SEG_FS 0x90
#define SEG_ES 0x94
#define SEG_DS 0x98
#define EDI 0x9c
#define ESI 0xa0
#define EBX 0xa4
#define EDX 0xa8
#define ECX 0xac
#define EAX 0xb0
#define EBP 0xb4
#define EIP 0xb8
#define SEG_CS 0xbc
#define EFLAGS 0xc0
#define ESP 0xc4
#define SEG_SS 0xc8
#define EXTENDED 0xcc
#define EXTENDED_MXCSR 0xe4
#define CONTEXT_SIZE 0x2cc

#define CONTEXT_FULL 0x10007
#define FLOATING_POINT 0x08
#define EXTENDED_REGISTERS 0x20
#define MXCSR_MASK 0xffff
#define EFLAGS_MASK 0x250dd5 /* what a program may set */

    .macro function name
    .globl \name
    .def \name; .scl 2; .type 32; .endef
    .p2align 4
\name:
    .endm

    .text

/* void RtlCaptureContext(PCONTEXT ContextRecord): on i386 Windows captures where the calling function returns to, which
 * it finds by that function's frame pointer. */
function _RtlCaptureContext@4
    pushl %ebx
    movl 8(%esp), %ebx
    movl %eax, EAX(%ebx)
    movl %ecx, ECX(%ebx)
    movl %edx, EDX(%ebx)
    movl %esi, ESI(%ebx)
    movl %edi, EDI(%ebx)
    popl %eax
    movl %eax, EBX(%ebx)
    pushl %eax
    movw %cs, %ax
    movzwl %ax, %eax
    movl %eax, SEG_CS(%ebx)
    movw %ds, %ax
    movl %eax, SEG_DS(%ebx)
    movw %es, %ax
    movl %eax, SEG_ES(%ebx)
    movw %fs, %ax
    movl %eax, SEG_FS(%ebx)
    movw %gs, %ax
    movl %eax, SEG_GS(%ebx)
    movw %ss, %ax
    movl %eax, SEG_SS(%ebx)
    pushfl
    popl EFLAGS(%ebx)
    movl (%ebp), %eax
    movl %eax, EBP(%ebx)
    movl 4(%ebp), %eax
    movl %eax, EIP(%ebx)
    leal 8(%ebp), %eax
    movl %eax, ESP(%ebx)
    movl $CONTEXT_FULL, FLAGS(%ebx)
    popl %ebx
    ret $4

/* void RtlRaiseException(PEXCEPTION_RECORD ExceptionRecord) */
function _RtlRaiseException@4
    pushl %ebp
    movl %esp, %ebp
    subl $CONTEXT_SIZE, %esp
    pushl %esp
    call _RtlCaptureContext@4
    addl $4, ESP(%esp) /* its argument */
    movl %esp, %eax
    pushl %eax
    pushl 8(%ebp)
    call _SehpRaiseFrom@8

/*
 * void RtlRestoreContext(PCONTEXT ContextRecord, PEXCEPTION_RECORD ExceptionRecord), and where the Executive sends a
 * thread that is to go on with the context in ECX. IRET sets what the program may set of the flags, the trap flag too;
 * it wants its three words below the new stack pointer.
 */
function _RtlRestoreContext@8
    movl 4(%esp), %ecx
    .globl _KiUserContextDispatcher
    .def _KiUserContextDispatcher; .scl 2; .type 32; .endef
_KiUserContextDispatcher:
    cld
    testb $EXTENDED_REGISTERS, FLAGS(%ecx)
    jz 2f
    testl $~MXCSR_MASK, EXTENDED_MXCSR(%ecx)
    jz 1f
    andl $MXCSR_MASK, EXTENDED_MXCSR(%ecx) /* the processor refuses others */
1:  leal EXTENDED(%ecx), %esi
    testl $15, %esi
    jz 3f
    subl $512, %esp
    andl $-16, %esp
    movl %ecx, %edx
    movl %esp, %edi
    movl $128, %ecx
    rep movsl
    movl %edx, %ecx
    movl %esp, %esi
3:  fxrstor (%esi)
2:  testb $FLOATING_POINT, FLAGS(%ecx)
    jz 4f
    frstor FLOAT_SAVE(%ecx)
4:  movl ESP(%ecx), %edx
    movl EIP(%ecx), %eax
    movl %eax, -12(%edx)
    xorl %eax, %eax
    movw %cs, %ax
    movl %eax, -8(%edx)
    movl EFLAGS(%ecx), %eax
    andl $EFLAGS_MASK, %eax
    movl %eax, -4(%edx)
    movl EAX(%ecx), %eax
    movl EBX(%ecx), %ebx
    movl ESI(%ecx), %esi
    movl EDI(%ecx), %edi
    movl EBP(%ecx), %ebp
    leal -12(%edx), %esp
    movl EDX(%ecx), %edx
    movl ECX(%ecx), %ecx
    iretl

/* The Executive sends a thread here that is to tell its floating-point state, and back from there. */
function _KiUserStateDispatcher
    fxsave %fs:NEPTUNE_TEB_FXSAVE
    fnsave %fs:NEPTUNE_TEB_FNSAVE
    frstor %fs:NEPTUNE_TEB_FNSAVE
    movl $NEPTUNE_STATE_ADDRESS, %eax
    jmpl *%eax

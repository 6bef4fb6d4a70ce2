/* SPDX-License-Identifier: BSD-2-Clause */
/* Contexts of AMD64: capturing one, going on with one. Offsets are those of CONTEXT and
 * JUMP_BUFFER (include/nt/arch/x86_64). */
#include <neptune/abi.h>

/* The selectors of Windows, which contexts show */
#define WINDOWS_CODE 0x33
#define WINDOWS_DATA 0x2b
#define WINDOWS_FS 0x53

#define FLAGS 0x30
#define MXCSR 0x34
#define SEGMENTS 0x38
#define EFLAGS 0x44
#define RAX 0x78
#define RCX 0x80
#define RDX 0x88
#define RBX 0x90
#define RSP 0x98
#define RBP 0xa0
#define RSI 0xa8
#define RDI 0xb0
#define R8 0xb8
#define R9 0xc0
#define R10 0xc8
#define R11 0xd0
#define R12 0xd8
#define R13 0xe0
#define R14 0xe8
#define R15 0xf0
#define RIP 0xf8
#define FLOATING 0x100
#define FLOATING_MXCSR 0x118

#define CAPTURED 0x10000f /* control, integer, segments, floating point */
#define FLOATING_POINT 0x08
#define MXCSR_MASK 0xffff
#define EFLAGS_MASK 0x250dd5 /* what a program may set */

#define STATUS_LONGJUMP 0x80000026
#define STATUS_UNWIND_CONSOLIDATE 0x80000029
#define RECORD_PARAMETERS 0x18
#define RECORD_INFORMATION 0x20

    .macro function name
    .globl \name
    .def \name; .scl 2; .type 32; .endef
    .p2align 4
    .seh_proc \name
\name:
    .endm

    .text

/* void RtlCaptureContext(PCONTEXT ContextRecord): the context of the caller, behind its call. */
function RtlCaptureContext
    pushfq
    .seh_stackalloc 8
    .seh_endprologue
    movq %rax, RAX(%rcx)
    movq %rcx, RCX(%rcx)
    movq %rdx, RDX(%rcx)
    movq %rbx, RBX(%rcx)
    movq %rbp, RBP(%rcx)
    movq %rsi, RSI(%rcx)
    movq %rdi, RDI(%rcx)
    movq %r8, R8(%rcx)
    movq %r9, R9(%rcx)
    movq %r10, R10(%rcx)
    movq %r11, R11(%rcx)
    movq %r12, R12(%rcx)
    movq %r13, R13(%rcx)
    movq %r14, R14(%rcx)
    movq %r15, R15(%rcx)
    movl $(WINDOWS_DATA << 16 | WINDOWS_CODE), SEGMENTS(%rcx)
    movl $(WINDOWS_FS << 16 | WINDOWS_DATA), SEGMENTS + 4(%rcx)
    movl $(WINDOWS_DATA << 16 | WINDOWS_DATA), SEGMENTS + 8(%rcx)
    fxsave64 FLOATING(%rcx)
    stmxcsr MXCSR(%rcx)
    movl (%rsp), %eax
    movl %eax, EFLAGS(%rcx)
    movq 8(%rsp), %rax
    movq %rax, RIP(%rcx)
    leaq 16(%rsp), %rax
    movq %rax, RSP(%rcx)
    movl $CAPTURED, FLAGS(%rcx)
    addq $8, %rsp
    ret
    .seh_endproc

/*
 * void RtlRestoreContext(PCONTEXT ContextRecord, PEXCEPTION_RECORD ExceptionRecord): goes on with a context; with a
 * record of STATUS_LONGJUMP, with the jump buffer that it names; with one of STATUS_UNWIND_CONSOLIDATE, after calling
 * the routine that it names. IRET sets what the program may set of the flags, the trap flag too.
 */
function RtlRestoreContext
    subq $0x28, %rsp
    .seh_stackalloc 0x28
    .seh_endprologue
    testq %rdx, %rdx
    jnz record
restore:
    testb $FLOATING_POINT, FLAGS(%rcx)
    jz 2f
    testl $~MXCSR_MASK, FLOATING_MXCSR(%rcx)
    jz 1f
    andl $MXCSR_MASK, FLOATING_MXCSR(%rcx) /* the processor refuses others */
1:  fxrstor64 FLOATING(%rcx)
    movl MXCSR(%rcx), %eax
    andl $MXCSR_MASK, %eax
    movl %eax, 0x20(%rsp)
    ldmxcsr 0x20(%rsp)
2:  movq $NEPTUNE_STACK_SELECTOR, 0x20(%rsp)
    movq RSP(%rcx), %rax
    movq %rax, 0x18(%rsp)
    movl EFLAGS(%rcx), %eax
    andl $EFLAGS_MASK, %eax
    movq %rax, 0x10(%rsp)
    movq $NEPTUNE_CODE_SELECTOR, 8(%rsp)
    movq RIP(%rcx), %rax
    movq %rax, (%rsp)
    movq RAX(%rcx), %rax
    movq RDX(%rcx), %rdx
    movq RBX(%rcx), %rbx
    movq RBP(%rcx), %rbp
    movq RSI(%rcx), %rsi
    movq RDI(%rcx), %rdi
    movq R8(%rcx), %r8
    movq R9(%rcx), %r9
    movq R10(%rcx), %r10
    movq R11(%rcx), %r11
    movq R12(%rcx), %r12
    movq R13(%rcx), %r13
    movq R14(%rcx), %r14
    movq R15(%rcx), %r15
    movq RCX(%rcx), %rcx
    iretq
record:
    cmpl $STATUS_LONGJUMP, (%rdx)
    je jump
    cmpl $STATUS_UNWIND_CONSOLIDATE, (%rdx)
    jne restore
    cmpl $0, RECORD_PARAMETERS(%rdx)
    je restore
    jmp SehpConsolidate
jump:
    cmpl $0, RECORD_PARAMETERS(%rdx)
    je restore
    movq RECORD_INFORMATION(%rdx), %rdx
    movq 0x08(%rdx), %rax
    movq %rax, RBX(%rcx)
    movq 0x10(%rdx), %rax
    movq %rax, RSP(%rcx)
    movq 0x18(%rdx), %rax
    movq %rax, RBP(%rcx)
    movq 0x20(%rdx), %rax
    movq %rax, RSI(%rcx)
    movq 0x28(%rdx), %rax
    movq %rax, RDI(%rcx)
    movq 0x30(%rdx), %rax
    movq %rax, R12(%rcx)
    movq 0x38(%rdx), %rax
    movq %rax, R13(%rcx)
    movq 0x40(%rdx), %rax
    movq %rax, R14(%rcx)
    movq 0x48(%rdx), %rax
    movq %rax, R15(%rcx)
    movq 0x50(%rdx), %rax
    movq %rax, RIP(%rcx)
    movl 0x58(%rdx), %eax
    movl %eax, MXCSR(%rcx)
    movzwl 0x5c(%rdx), %eax
    movw %ax, FLOATING(%rcx)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
    movdqu 0x60 + \n * 16(%rdx), %xmm0
    movdqu %xmm0, FLOATING + 0xa0 + 6 * 16 + \n * 16(%rcx)
    .endr
    jmp restore
    .seh_endproc

/* The Executive sends a thread here that is to go on with the context in RCX. */
    .globl KiUserContextDispatcher
    .def KiUserContextDispatcher; .scl 2; .type 32; .endef
KiUserContextDispatcher:
    xorl %edx, %edx
    jmp RtlRestoreContext

/* The Executive sends a thread here that is to tell its floating-point state, and back from there. */
    .globl KiUserStateDispatcher
    .def KiUserStateDispatcher; .scl 2; .type 32; .endef
KiUserStateDispatcher:
    fxsave64 %gs:NEPTUNE_TEB_FXSAVE
    movabsq $NEPTUNE_STATE_ADDRESS, %rax
    jmpq *%rax

/*
 * void SehpConsolidate(PCONTEXT Context, PEXCEPTION_RECORD Record): the frames above the context's are gone, but what
 * lies on their stack is still in use, so the routine of the record is called below it. To unwinders it is called by
 * the frame of the context, whose registers are kept in this frame, behind a machine frame.
 */
#define MACHINE 0x130
    .globl SehpConsolidate
    .def SehpConsolidate; .scl 2; .type 32; .endef
    .p2align 4
    .seh_proc SehpConsolidate
SehpConsolidate:
    .seh_pushframe
    .seh_stackalloc MACHINE
    .seh_savereg %rbx, 0x30
    .seh_savereg %rbp, 0x38
    .seh_savereg %rsi, 0x40
    .seh_savereg %rdi, 0x48
    .seh_savereg %r12, 0x50
    .seh_savereg %r13, 0x58
    .seh_savereg %r14, 0x60
    .seh_savereg %r15, 0x68
    .seh_savexmm %xmm6, 0x70
    .seh_savexmm %xmm7, 0x80
    .seh_savexmm %xmm8, 0x90
    .seh_savexmm %xmm9, 0xa0
    .seh_savexmm %xmm10, 0xb0
    .seh_savexmm %xmm11, 0xc0
    .seh_savexmm %xmm12, 0xd0
    .seh_savexmm %xmm13, 0xe0
    .seh_savexmm %xmm14, 0xf0
    .seh_savexmm %xmm15, 0x100
    .seh_endprologue
    subq $MACHINE + 0x28, %rsp
    andq $-16, %rsp
    movq RIP(%rcx), %rax
    movq %rax, MACHINE(%rsp)
    movq RSP(%rcx), %rax
    movq %rax, MACHINE + 0x18(%rsp)
    movq RBX(%rcx), %rax
    movq %rax, 0x30(%rsp)
    movq RBP(%rcx), %rax
    movq %rax, 0x38(%rsp)
    movq RSI(%rcx), %rax
    movq %rax, 0x40(%rsp)
    movq RDI(%rcx), %rax
    movq %rax, 0x48(%rsp)
    movq R12(%rcx), %rax
    movq %rax, 0x50(%rsp)
    movq R13(%rcx), %rax
    movq %rax, 0x58(%rsp)
    movq R14(%rcx), %rax
    movq %rax, 0x60(%rsp)
    movq R15(%rcx), %rax
    movq %rax, 0x68(%rsp)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
    movdqu FLOATING + 0xa0 + 6 * 16 + \n * 16(%rcx), %xmm0
    movdqu %xmm0, 0x70 + \n * 16(%rsp)
    .endr
    movq %rcx, 0x20(%rsp)
    movq %rdx, %rcx
    call *RECORD_INFORMATION(%rdx)
    movq 0x20(%rsp), %rcx
    movq %rax, RIP(%rcx)
    xorl %edx, %edx
    call RtlRestoreContext
    int3
    .seh_endproc

/* SPDX-License-Identifier: BSD-2-Clause */
/* Where exceptions enter ntdll on AMD64, and how handlers are called. */

#define SEHP_LEAVE_ARGUMENT 0x20

    .macro function name
    .globl \name
    .def \name; .scl 2; .type 32; .endef
    .p2align 4
    .seh_proc \name
\name:
    .endm

    .text

/*
 * The Executive sends a thread here that has caused an exception. The stack (ntos/ke/arch/x86_64/userframe.c): CONTEXT,
 * at 0x4F0 EXCEPTION_RECORD, at 0x590 a machine frame. The floating-point state is still the program's; an x87
 * exception that is pending must not come again in the handlers.
 */
function KiUserExceptionDispatcher
    .seh_pushframe
    .seh_stackalloc 0x590
    .seh_endprologue
    cld
    fxsave64 0x100(%rsp)
    fnclex
    movl 0x118(%rsp), %eax
    movl %eax, 0x34(%rsp)
    leaq 0x4f0(%rsp), %rcx
    movq %rsp, %rdx
    call SehpDispatchUserException
    int3
    .seh_endproc

/*
 * The Executive sends a thread here that has a routine queued. The stack: CONTEXT, whose first words are the arguments
 * and the routine; at 0x4F0 a machine frame. A context that comes with floating-point state keeps it.
 */
function KiUserApcDispatcher
    .seh_pushframe
    .seh_stackalloc 0x4f0
    .seh_endprologue
    cld
    testb $8, 0x30(%rsp)
    jnz 1f
    fxsave64 0x100(%rsp)
    stmxcsr 0x34(%rsp)
    orb $8, 0x30(%rsp)
1:  movq (%rsp), %rcx
    movq 8(%rsp), %rdx
    movq 0x10(%rsp), %r8
    movq %rsp, %r9
    call *0x18(%rsp)
    movq %rsp, %rcx
    movl $1, %edx
    call NtContinue
    movl %eax, %ecx
    call RtlRaiseStatus
    int3
    .seh_endproc

/*
 * The Executive sends a thread here whose service raises TEB.ExceptionCode at its end. The stub's registers are as they
 * are behind its system call, but R10 has the address there: that is gone on at when the exception has been handled, as
 * the service would have (stubs.S).
 */
function KiUserRaiseDispatcher
    .seh_endprologue
    pushq %r10
    .seh_endproc
/* It goes on here, as in a function that was called behind the system call. */
function SehpRaiseForService
    pushq %rbp
    .seh_pushreg %rbp
    movq %rsp, %rbp
    .seh_setframe %rbp, 0
    .seh_endprologue
    andq $-16, %rsp
    subq $0x20, %rsp
    call KiRaiseUserExceptionDispatcher
    movl %eax, %r10d
    movq %rbp, %rsp
    popq %rbp
    leaq 8(%rsp), %rax
    ret
    .seh_endproc

/* EXCEPTION_DISPOSITION SehpExecuteFor…(Record, EstablisherFrame, Context, Dispatcher): calls the LanguageHandler of
 * the dispatcher context, which the handler of this frame finds above the home area. */
    .macro execute name, own_handler
function \name
    .seh_handler \own_handler, @except, @unwind
    subq $0x28, %rsp
    .seh_stackalloc 0x28
    .seh_endprologue
    movq %r9, 0x20(%rsp)
    call *0x30(%r9)
    nop
    addq $0x28, %rsp
    ret
    .seh_endproc
    .endm

execute SehpExecuteForException, SehpNestedHandler
execute SehpExecuteForUnwind, SehpCollidedHandler

/* Breakpoints. Debuggers know them by their names. */
function DbgBreakPoint
    .seh_endprologue
    int3
    ret
    .seh_endproc

function DbgUserBreakPoint
    .seh_endprologue
    int3
    ret
    .seh_endproc

function DbgBreakPointWithStatus
    .seh_endprologue
    movl %ecx, %eax
    int3
    ret
    .seh_endproc

/* void SehpBreakSafely(void) */
function SehpBreakSafely
    .seh_handler SehpBreakHandler, @except
    subq $0x28, %rsp
    .seh_stackalloc 0x28
    .seh_endprologue
    call DbgBreakPoint
    nop
    addq $0x28, %rsp
    ret
    .seh_endproc

/* void SehpRaiseSafely(PEXCEPTION_RECORD) */
function SehpRaiseSafely
    .seh_handler SehpSafeHandler, @except
    subq $0x28, %rsp
    .seh_stackalloc 0x28
    .seh_endprologue
    call RtlRaiseException
    nop
    addq $0x28, %rsp
    ret
    .seh_endproc

/*
 * void SehpCallThenLeave(void (*Routine)(PVOID), PVOID Argument, void (*Leave)(PVOID)): calls Routine, then Leave, both with
 * Argument; Leave too when an exception or a jump leaves this frame, whose handler finds the two above the home area.
 */
function SehpCallThenLeave
    .seh_handler SehpLeaveHandler, @unwind
    subq $0x38, %rsp
    .seh_stackalloc 0x38
    .seh_endprologue
    movq %rdx, SEHP_LEAVE_ARGUMENT(%rsp)
    movq %r8, SEHP_LEAVE_ARGUMENT + 8(%rsp)
    movq %rcx, %rax
    movq %rdx, %rcx
    call *%rax
    movq SEHP_LEAVE_ARGUMENT(%rsp), %rcx
    call *SEHP_LEAVE_ARGUMENT + 8(%rsp)
    nop
    addq $0x38, %rsp
    ret
    .seh_endproc

/* Where every thread goes on after the loader: the bottom frame, whose handler asks the filter of last resort. */
function RtlUserThreadStart
    .seh_handler SehpThreadHandler, @except
    subq $0x28, %rsp
    .seh_stackalloc 0x28
    .seh_endprologue
    call RtlpUserThreadStart
    int3
    .seh_endproc

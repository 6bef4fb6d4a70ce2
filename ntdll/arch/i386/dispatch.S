/* SPDX-License-Identifier: BSD-2-Clause */
/* Where exceptions enter ntdll on i386, and how handlers are called. */

    .macro function name
    .globl \name
    .def \name; .scl 2; .type 32; .endef
    .p2align 4
\name:
    .endm

    .text

/*
 * The Executive sends a thread here that has caused an exception. On the stack are the addresses of the
 * EXCEPTION_RECORD and of the CONTEXT (ntos/ke/arch/i386/userframe.c). The floating-point state is still the program's;
 * FNSAVE clears it, so that an exception that is pending does not come again in the handlers.
 */
function _KiUserExceptionDispatcher
    cld
    movl (%esp), %ebx
    movl 4(%esp), %ecx
    fxsave 0xcc(%ecx)
    fnsave 0x1c(%ecx)
    fldcw 0x1c(%ecx)
    pushl %ecx
    pushl %ebx
    call _SehpDispatchUserException@8

/*
 * The Executive sends a thread here that has a routine queued. On the stack are the routine, its arguments and the
 * CONTEXT to go on with. One that comes with floating-point state keeps it.
 */
function _KiUserApcDispatcher
    cld
    leal 16(%esp), %edi
    testb $0x28, (%edi)
    jnz 1f
    fxsave 0xcc(%edi)
    fnsave 0x1c(%edi)
    frstor 0x1c(%edi)
    orb $0x28, (%edi)
1:  popl %eax
    call *%eax
    pushl $1
    pushl %edi
    call _NtContinue@8
    pushl %eax
    call _RtlRaiseStatus@4

/*
 * The Executive sends a thread here whose service raises TEB.ExceptionCode at its end. The stub's registers are as they
 * are behind its system call, but EDI has the address there: that is gone on at when the exception has been handled.
 */
function _KiUserRaiseDispatcher
    pushl %edi
    pushl %ebp
    movl %esp, %ebp
    call _KiRaiseUserExceptionDispatcher@0
    movl %eax, %edi
    popl %ebp
    ret

/*
 * EXCEPTION_DISPOSITION SehpExecuteFor…(Record, Frame, Context, Dispatcher): calls the handler of the frame, below a
 * frame of its own that tells of nested exceptions and collided unwinds. Handlers find nothing in the registers.
 */
    .macro execute name, own_handler
function \name
    pushl %ebp
    movl %esp, %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl 12(%ebp)
    pushl $\own_handler
    pushl %fs:0
    movl %esp, %fs:0
    pushl 20(%ebp)
    pushl 16(%ebp)
    pushl 12(%ebp)
    pushl 8(%ebp)
    movl 12(%ebp), %ecx
    movl 4(%ecx), %ecx
    xorl %eax, %eax
    xorl %ebx, %ebx
    xorl %edx, %edx
    xorl %esi, %esi
    xorl %edi, %edi
    call *%ecx
    movl %fs:0, %esp
    popl %fs:0
    leal -12(%ebp), %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret
    .endm

execute _SehpExecuteForException, _SehpNestedHandler
execute _SehpExecuteForUnwind, _SehpCollidedHandler

/* Breakpoints. Debuggers know them by their names. */
function _DbgBreakPoint@0
    int3
    ret

function _DbgUserBreakPoint@0
    int3
    ret

function _DbgBreakPointWithStatus@4
    movl 4(%esp), %eax
    int3
    ret $4

/* void SehpBreakSafely(void) */
function _SehpBreakSafely
    pushl $_SehpBreakHandler
    pushl %fs:0
    movl %esp, %fs:0
    call _DbgBreakPoint@0
    popl %fs:0
    addl $4, %esp
    ret

/* void SehpRaiseSafely(PEXCEPTION_RECORD) */
function _SehpRaiseSafely
    movl 4(%esp), %eax
    pushl $_SehpSafeHandler
    pushl %fs:0
    movl %esp, %fs:0
    pushl %eax
    call _RtlRaiseException@4
    popl %fs:0
    addl $4, %esp
    ret

/*
 * void SehpCallThenLeave(void (*Routine)(PVOID), PVOID Argument, void (*Leave)(PVOID)): calls Routine, then Leave, both with
 * Argument; Leave too when an exception or a jump leaves this frame, whose handler finds the two behind it.
 */
function _SehpCallThenLeave
    pushl %ebp
    movl %esp, %ebp
    pushl 16(%ebp)
    pushl 12(%ebp)
    pushl $_SehpLeaveHandler
    pushl %fs:0
    movl %esp, %fs:0
    pushl 12(%ebp)
    call *8(%ebp)
    leal -16(%ebp), %esp
    popl %fs:0
    pushl 12(%ebp)
    call *16(%ebp)
    movl %ebp, %esp
    popl %ebp
    ret

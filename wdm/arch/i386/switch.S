/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VOID KiSwitchThread(PVOID *Save, PVOID Load): keeps what a callee keeps on i386: EBX, EBP, ESI, EDI, MXCSR and the x87
 * control word; and the chain of exception handlers (FS:[0]), which lies on the stack. KiBuildStack (stack.c) knows the
 * frame's size.
 */
    .text
    .globl _KiSwitchThread
_KiSwitchThread:
    mov 4(%esp), %eax
    mov 8(%esp), %edx
    push %ebp
    push %ebx
    push %esi
    push %edi
    push %fs:0
    sub $8, %esp
    stmxcsr (%esp)
    fnstcw 4(%esp)

    mov %esp, (%eax)
    mov %edx, %esp

    ldmxcsr (%esp)
    fldcw 4(%esp)
    add $8, %esp
    pop %fs:0
    pop %edi
    pop %esi
    pop %ebx
    pop %ebp
    ret

/* SPDX-License-Identifier: BSD-2-Clause */
/* First instructions of the root task: keep the registers for the boot tests, set the stack. */

    .text
    .globl _start
_start:
    movl %ebx, start_registers + 0
    movl %eax, start_registers + 4
    movl %ecx, start_registers + 8
    movl %edx, start_registers + 12
    movl %esi, start_registers + 16
    movl %edi, start_registers + 20
    movl %ebp, start_registers + 24
    movl %esp, start_registers + 28
    movl $root_area + 16384, %esp
    pushfl
    popl start_registers + 32
    movl %cs, %eax
    movl %eax, start_registers + 36
    movl %ss, %eax
    movl %eax, start_registers + 40
    movl %ds, %eax
    movl %eax, start_registers + 44
    xorl %ebp, %ebp
    subl $12, %esp
    pushl %ebx
    call runtime_start
    ud2

/* Where new threads begin; as thread_context() sets it, EDI holds the record. */
    .globl arch_thread_start
arch_thread_start:
    xorl %ebp, %ebp
    subl $12, %esp
    pushl %edi
    call thread_main
    ud2

    .bss
    .balign 4
    .globl start_registers
start_registers:
    .skip 12 * 4
    .section .note.GNU-stack, "", @progbits

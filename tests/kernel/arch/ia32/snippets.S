/* SPDX-License-Identifier: BSD-2-Clause */
/* Code for probes (probe.h): each ends with HLT, which user mode may not execute. */

    .macro snippet name
    .globl snippet_\name
snippet_\name:
    .endm

    .section .text.snippets, "ax", @progbits
snippet syscall /* EDX must hold this address, ECX the stack pointer */
    sysenter
snippet syscall_end
    hlt
snippet hlt
    hlt
snippet nop
    nop
snippet nop_end
    hlt
snippet int3
    int3
snippet int3_end
    hlt
snippet int1
    .byte 0xcd, 1
    hlt
snippet int4
    int $4
    hlt
snippet int32
    int $32
    hlt
snippet int128
    int $128
    hlt
snippet int158
    int $158
    hlt
snippet int160
    int $160
    hlt
snippet int254
    int $254
    hlt
snippet ud2
    ud2
snippet cli
    cli
    hlt
snippet rdpmc
    rdpmc
    hlt
snippet in
    inb $0x80, %al
    hlt
snippet out
    outb %al, $0x80
    hlt
snippet div
    xorl %ecx, %ecx
    divl %ecx
    hlt
snippet load
    movl (%eax), %ebx
snippet load_end
    hlt
snippet store
    movl %ebx, (%eax)
snippet store_end
    hlt
snippet jump
    jmpl *%eax
snippet trap_flag
    pushfl
    orl $0x100, (%esp)
    popfl
    nop
snippet trap_flag_end
    nop
    hlt
snippet other_entry /* not the system call instruction of this architecture */
    .byte 0x0f, 0x05
    hlt
snippet selector
    movl $8, %eax
    movl %eax, %es
    hlt
snippet vex
    vzeroupper
    hlt
snippet x87_error /* division by zero, unmasked */
    fninit
    pushl $0x37b
    fldcw (%esp)
    popl %eax
    fld1
    fldz
    fdivrp
snippet x87_error_at
    fwait
    hlt
snippet tls_load
    movl %gs:0, %ebx
snippet tls_load_end
    hlt
snippet gs_load /* the other segment register: FS here */
    movl %fs:0, %ebx
snippet gs_load_end
    hlt
snippet segments
    movl %cs, %eax
    movl %ss, %ebx
snippet segments_end
    hlt
snippet fpu_set
    movd %eax, %xmm0
    movd %ebx, %xmm7
    pushl %eax
    fninit
    fildl (%esp)
    popl %eax
snippet fpu_set_end
    hlt
snippet fpu_get
    movd %xmm0, %eax
    movd %xmm7, %ebx
    pushl $0
    fistpl (%esp)
    popl %ecx
    pushl $0
    stmxcsr (%esp)
    popl %edx
snippet fpu_get_end
    hlt
snippet count
    incl (%eax)
    jmp snippet_count
snippet smsw
    smsw %eax
snippet smsw_end
    hlt
snippet rdtsc
    rdtsc
snippet rdtsc_end
    hlt
    .section .note.GNU-stack, "", @progbits

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
    .macro enter_kernel
    movl %esp, %ecx
    movl $1f, %edx
1:  sysenter
    .endm
snippet flags /* a system call with flags of EBX, what they are afterwards in EBX */
    pushl %ebx
    popfl
    enter_kernel
    pushfl
    popl %ebx
    cld
snippet flags_end
    hlt
snippet syscall_segments
    enter_kernel
    movl %cs, %eax
    movl %ss, %ebx
snippet syscall_segments_end
    hlt
snippet selectors /* other selectors than the kernel's, and what a system call makes of them */
    pushl %eax
    movl $0x2b - 8, %eax
    movl %eax, %fs
    movl %eax, %gs
    xorl %eax, %eax
    movl %eax, %es
    popl %eax
    enter_kernel
    movl %ds, %eax
    movl %es, %ebx
    movl %fs, %ecx
    movl %gs, %edx
snippet selectors_end
    hlt
snippet flags_ud2 /* with the flags of EBX */
    pushl %ebx
    popfl
snippet flags_ud2_at
    ud2
snippet flags_int
    pushl %ebx
    popfl
snippet flags_int_at
    int $160
snippet flags_load
    pushl %ebx
    popfl
snippet flags_load_at
    movl (%eax), %ecx
snippet step_syscall /* single step over a system call */
    movl $1f, %edx
    movl %esp, %ecx
    pushfl
    orl $0x100, (%esp)
    popfl
1:  sysenter
snippet step_syscall_end
    hlt
snippet odd_stack_syscall /* with the stack pointer of EBX */
    movl %ebx, %esp
    enter_kernel
snippet odd_stack_syscall_end
    hlt
snippet odd_stack_ud2
    movl %ebx, %esp
snippet odd_stack_ud2_at
    ud2
snippet odd_stack_push
    movl %ebx, %esp
snippet odd_stack_push_at
    pushl %eax
snippet return
    pushl %eax
snippet return_at
    ret
snippet iret /* with the selector of EBX */
    pushfl
    pushl %ebx
    pushl $snippet_iret_end
snippet iret_at
    iretl
snippet iret_end
    hlt
snippet iret_nested /* with NT */
    pushfl
    orl $0x4000, (%esp)
    popfl
snippet iret_nested_at
    iretl
snippet fs_clear /* null selectors */
    xorl %ecx, %ecx
    movl %ecx, %fs
    movl %ecx, %gs
    enter_kernel
snippet fs_clear_end
    hlt
    .section .note.GNU-stack, "", @progbits

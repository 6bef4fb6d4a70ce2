/* SPDX-License-Identifier: BSD-2-Clause */
/* Code for probes (probe.h): each ends with HLT, which user mode may not execute. */

    .macro snippet name
    .globl snippet_\name
snippet_\name:
    .endm

    .section .text.snippets, "ax", @progbits
snippet syscall
    syscall
snippet syscall_end
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
    movq (%rax), %rbx
snippet load_end
    hlt
snippet store
    movq %rbx, (%rax)
snippet store_end
    hlt
snippet jump
    jmpq *%rax
snippet trap_flag
    pushfq
    orl $0x100, (%rsp)
    popfq
    nop
snippet trap_flag_end
    nop
    hlt
snippet other_entry /* not the system call instruction of this architecture */
    sysenter
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
    pushq $0x37b
    fldcw (%rsp)
    popq %rax
    fld1
    fldz
    fdivrp
snippet x87_error_at
    fwait
    hlt
snippet tls_load
    movq %fs:0, %rbx
snippet tls_load_end
    hlt
snippet segments
    movq %cs, %rax
    movq %ss, %rbx
snippet segments_end
    hlt
snippet fpu_set
    movq %rax, %xmm0
    movq %rbx, %xmm15
    pushq %rax
    fninit
    fildq (%rsp)
    popq %rax
snippet fpu_set_end
    hlt
snippet fpu_get
    movq %xmm0, %rax
    movq %xmm15, %rbx
    pushq $0
    fistpq (%rsp)
    popq %rcx
    pushq $0
    stmxcsr (%rsp)
    popq %rdx
snippet fpu_get_end
    hlt
snippet flags /* a system call with flags of RBX, what they are afterwards in RBX */
    pushq %rbx
    movq %rsp, %rbx
    popfq
    syscall
    movq %rbx, %rsp
    pushfq
    popq %rbx
    cld
snippet flags_end
    hlt
snippet count
    incq (%rax)
    jmp snippet_count
snippet smsw
    smsw %eax
snippet smsw_end
    hlt
snippet gs_load
    movq %gs:0, %rbx
snippet gs_load_end
    hlt
snippet syscall_segments
    syscall
    movq %cs, %rax
    movq %ss, %rbx
snippet syscall_segments_end
    hlt
snippet rdtsc
    rdtsc
snippet rdtsc_end
    hlt
snippet flags_ud2 /* with the flags of RBX */
    pushq %rbx
    popfq
snippet flags_ud2_at
    ud2
snippet flags_int
    pushq %rbx
    popfq
snippet flags_int_at
    int $160
snippet flags_load
    pushq %rbx
    popfq
snippet flags_load_at
    movq (%rax), %rcx
snippet step_syscall /* single step over a system call */
    pushfq
    orl $0x100, (%rsp)
    popfq
    syscall
snippet step_syscall_end
    hlt
snippet odd_stack_syscall /* RBX is the stack pointer meanwhile */
    movq %rbx, %rsp
    syscall
snippet odd_stack_syscall_end
    hlt
snippet odd_stack_ud2
    movq %rbx, %rsp
snippet odd_stack_ud2_at
    ud2
snippet odd_stack_push
    movq %rbx, %rsp
snippet odd_stack_push_at
    pushq %rax
snippet return
    pushq %rax
snippet return_at
    ret
snippet iret /* with the selectors of RBX and RCX */
    pushq %rcx
    pushq %rsp
    pushfq
    pushq %rbx
    pushq $snippet_iret_end
snippet iret_at
    iretq
snippet iret_end
    hlt
snippet iret_nested /* with NT */
    pushfq
    orl $0x4000, (%rsp)
    popfq
snippet iret_nested_at
    iretq
snippet fs_clear /* a null selector clears the base behind the kernel's back */
    xorl %ecx, %ecx
    movl %ecx, %fs
    movl %ecx, %gs
    syscall
snippet fs_clear_end
    hlt
snippet selectors /* DS stays what the user loaded */
    movl $0x33, %eax
    movl %eax, %ds
    syscall
    movl %ds, %ebx
snippet selectors_end
    hlt
    .section .note.GNU-stack, "", @progbits

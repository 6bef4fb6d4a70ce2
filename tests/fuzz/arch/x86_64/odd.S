/* SPDX-License-Identifier: BSD-2-Clause */
/* Code that meets the kernel's entries and exits in odd states; RDI is any word. */
    .macro entry
    .balign 64
    .endm

    .macro yield
    movl $-7, %edx
    syscall
    .endm

    .text
    .balign 64
    .globl odd_table, odd_table_end
odd_table:
    entry /* single step over a system call; the call faults half of the time */
    andl $128, %edi
    movl $-5, %edx
    pushfq
    orl $0x100, (%rsp)
    popfq
    syscall
    ret
    entry /* flags: direction, IO privilege, nested task, alignment check, identification */
    andl $0x247400, %edi
    orl $0x202, %edi
    pushq %rdi
    popfq
    yield
    cld
    ret
    entry /* the same, into an exception */
    orl $0x247402, %edi
    pushq %rdi
    popfq
    ud2
    entry /* no stack */
    movq %rsp, %rbx
    movq %rdi, %rsp
    yield
    movq %rbx, %rsp
    ret
    entry /* a stack pointer that no processor takes */
    movq $1, %rsp
    shlq $47, %rsp
    yield
    ud2
    entry
    movq $-8, %rsp
    ud2
    entry /* a return to where no code can be */
    movq $1, %rax
    shlq $47, %rax
    pushq %rax
    ret
    entry
    pushq $-16
    ret
    entry /* a system call as the last instruction below the hole */
    movabsq $0x7ffffffffffe, %rax
    pushq %rax
    ret
    entry /* null selectors, then a system call and an exception */
    xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    yield
    ud2
    entry /* IRET to any code selector */
    movq %rsp, %rax
    pushq $0x33
    pushq %rax
    pushfq
    pushq %rdi
    pushq $1f
    iretq
1:  ret
    entry /* IRET to any stack selector */
    movq %rsp, %rax
    pushq %rdi
    pushq %rax
    pushfq
    pushq $0x2b
    pushq $1f
    iretq
1:  ret
    entry /* IRET to any flags */
    movq %rsp, %rax
    pushq $0x33
    pushq %rax
    pushq %rdi
    pushq $0x2b
    pushq $1f
    iretq
1:  cld
    yield
    ret
    entry /* 32-bit IRET to virtual 8086 mode, which is not there; with interrupts on, or else ... */
    movl %edi, %eax
    andl $~0x3000, %edi
    orl $0x20202, %edi
    subq $40, %rsp
    movl $0x100, (%rsp)
    movl %eax, 4(%rsp)
    movl %edi, 8(%rsp)
    movl $0x1000, 12(%rsp)
    iretl
    entry /* IRET with NT set */
    pushfq
    orl $0x4000, (%rsp)
    popfq
    iretq
    entry /* a far return, to the kernel's code among others */
    pushq %rdi
    pushq $-4096
    lretq
    entry /* the other architecture's system call */
    movq %rsp, %rcx
    leaq 1f(%rip), %rdx
1:  sysenter
    ret
    entry /* FPU: unmasked exceptions, pending at the next thread's use */
    fninit
    pushq $0x340
    fldcw (%rsp)
    fldz
    fldz
    fdivp
    popq %rax
    yield
    ret
    entry /* MXCSR with all exceptions unmasked */
    pushq $0x40
    ldmxcsr (%rsp)
    popq %rax
    pxor %xmm1, %xmm1
    divss %xmm1, %xmm1
    ret
    entry /* MXCSR with reserved bits */
    pushq $-1
    ldmxcsr (%rsp)
    ret
    entry /* FXRSTOR of anything */
    movq %rsp, %rax
    subq $512, %rax
    andq $-16, %rax
    fxrstor (%rax)
    ret
    entry /* a breakpoint and a single step at once */
    pushfq
    orl $0x100, (%rsp)
    popfq
    int3
    ret
    entry /* a single step into an INT */
    pushfq
    orl $0x100, (%rsp)
    popfq
    int $160
    ret
    entry /* loading SS holds interrupts and steps back for one instruction */
    movl $0x33, %eax
    pushfq
    orl $0x100, (%rsp)
    popfq
    movl %eax, %ss
    syscall
    ret
    entry
    movl $0x33, %eax
    pushfq
    orl $0x100, (%rsp)
    popfq
    movl %eax, %ss
    int3
    ret
    .balign 64
odd_table_end:
    .section .note.GNU-stack, "", @progbits

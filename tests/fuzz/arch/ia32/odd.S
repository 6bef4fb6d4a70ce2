/* SPDX-License-Identifier: BSD-2-Clause */
/* Code that meets the kernel's entries and exits in odd states; 4(%esp) is any word. */
    .macro entry
    .balign 64
    movl 4(%esp), %edi
    .endm

    .macro yield
    movl $-7, %eax
    movl %esp, %ecx
    movl $9f, %edx
9:  sysenter
    .endm

    .text
    .balign 64
    .globl odd_table, odd_table_end
odd_table:
    entry /* single step over a system call; the call faults half of the time */
    movl %edi, %ebx
    andl $128, %ebx
    movl $-5, %eax
    movl $1f, %edx
    pushfl
    movl %esp, %ecx
    orl $0x100, (%esp)
    popfl
1:  sysenter
    addl $4, %esp
    ret
    entry /* flags: direction, IO privilege, nested task, alignment check, identification */
    andl $0x247400, %edi
    orl $0x202, %edi
    pushl %edi
    popfl
    yield
    cld
    ret
    entry /* the same, into an exception */
    orl $0x247402, %edi
    pushl %edi
    popfl
    ud2
    entry /* no stack */
    movl %esp, %ebx
    movl %edi, %esp
    yield
    movl %ebx, %esp
    ret
    entry /* a stack at the end of the address space */
    movl $4, %esp
    yield
    movl $-4, %esp
    ud2
    entry /* where the system call returns to, anywhere */
    movl $-7, %eax
    movl %edi, %ecx
    movl %edi, %edx
    sysenter
    entry /* ... in the kernel */
    movl $-7, %eax
    movl %esp, %ecx
    movl $0xe0100000, %edx
    sysenter
    entry /* ... at the end of memory */
    movl $-7, %eax
    movl %esp, %ecx
    movl $-2, %edx
    sysenter
    entry
    pushl $0xe0100000
    ret
    entry
    pushl $-1
    ret
    entry /* null selectors, then a system call and an exception */
    xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    yield
    ud2
    entry /* the code selector in data registers, FS and GS exchanged */
    movl $0x1b, %eax
    movl %eax, %ds
    movl %eax, %es
    movl $0x33, %eax
    movl %eax, %gs
    movl $0x3b, %eax
    movl %eax, %fs
    yield
    ret
    entry /* FS as the stack's segment */
    movl $0x33, %eax
    movl %eax, %ss
    movl $0x23, %eax
    int $160
    ret
    entry /* IRET to any code selector */
    movl %esp, %eax
    pushl $0x23
    pushl %eax
    pushfl
    pushl %edi
    pushl $1f
    iretl
1:  ret
    entry /* IRET to any stack selector */
    pushl %edi
    pushl $0x5000
    pushfl
    pushl $0x1b
    pushl $1f
    iretl
1:  ret
    entry /* IRET to any flags */
    andl $~0x20000, %edi
    pushl %edi
    pushl $0x1b
    pushl $1f
    iretl
1:  cld
    yield
    ret
    entry /* IRET to virtual 8086 mode; where it gets there, without interrupts there is no way back */
    andl $~0x3000, %edi
    orl $0x20202, %edi
    movl 4(%esp), %eax
    pushl $0
    pushl $0
    pushl $0
    pushl $0
    pushl %eax
    pushl $0x1000
    pushl %edi
    pushl $0x1b
    pushl %eax
    iretl
    entry /* POPF, too */
    orl $0x1b3002, %edi
    pushl %edi
    popfl
    cld
    yield
    ret
    entry /* IRET with NT set */
    pushfl
    orl $0x4000, (%esp)
    popfl
    iretl
    entry /* NT and a single step over a system call, then IRET with NT */
    movl $-7, %eax
    movl $1f, %edx
    movl %esp, %ecx
    pushfl
    orl $0x4100, (%esp)
    popfl
1:  sysenter
    iretl
    entry /* a far return, to the kernel's code among others */
    pushl %edi
    pushl $0xe0100000
    lretl
    entry /* far calls to selectors that are not code */
    pushl %edi
    pushl $0
    lcalll *(%esp)
    entry
    lcalll $0x28, $0
    entry
    ljmpl $0x43, $0
    entry /* the other architecture's system call */
    syscall
    ret
    entry /* FPU: unmasked exceptions, pending at the next thread's use */
    fninit
    pushl $0x340
    fldcw (%esp)
    fldz
    fldz
    fdivp
    popl %eax
    yield
    ret
    entry /* MXCSR with all exceptions unmasked */
    pushl $0x40
    ldmxcsr (%esp)
    popl %eax
    pxor %xmm1, %xmm1
    divss %xmm1, %xmm1
    ret
    entry /* MXCSR with reserved bits */
    pushl $-1
    ldmxcsr (%esp)
    ret
    entry /* FXRSTOR of anything */
    leal -512(%esp), %eax
    andl $-16, %eax
    fxrstor (%eax)
    ret
    entry /* a breakpoint and a single step at once */
    pushfl
    orl $0x100, (%esp)
    popfl
    int3
    ret
    entry /* a single step into an INT */
    pushfl
    orl $0x100, (%esp)
    popfl
    int $160
    ret
    entry /* loading SS holds interrupts and steps back for one instruction */
    movl $-7, %eax
    movl $1f, %edx
    movl %esp, %ecx
    movl $0x23, %ebx
    pushfl
    orl $0x100, (%esp)
    popfl
    movl %ebx, %ss
1:  sysenter
    ret
    entry
    movl $0x23, %eax
    pushfl
    orl $0x100, (%esp)
    popfl
    movl %eax, %ss
    int3
    ret
    entry /* BOUND and INTO */
    pushl $0
    pushl $0
    .byte 0x62, 0x3c, 0x24 /* bound %edi, (%esp) */
    movl $0x7fffffff, %eax
    incl %eax
    into
    ret
    .balign 64
odd_table_end:
    .section .note.GNU-stack, "", @progbits

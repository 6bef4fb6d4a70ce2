/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Entry and exit. The kernel runs with interrupts off, on one stack, and has no use for GS. Traps
 * and system calls from user mode save the registers straight into the current thread's TCB, where
 * the TSS points its stack.
 */

#include <arch/flags.h>
#include <mode/context.h>

/* A register of the thread, by RSP at the start of the context, and at the end of the trap frame. */
#define R(reg) (reg * 8)(%rsp)
#define E(reg) (reg * 8 - CONTEXT_FRAME_END)(%rsp)

#define VECTOR_INVALID_OPCODE 6

.section .text

.macro load_others
    movq R(REG_R10), %r10
    movq R(REG_R8), %r8
    movq R(REG_R9), %r9
    movq R(REG_R15), %r15
    movq R(REG_RDX), %rdx
    movq R(REG_RAX), %rax
    movq R(REG_RBX), %rbx
    movq R(REG_RBP), %rbp
    movq R(REG_R12), %r12
    movq R(REG_R13), %r13
    movq R(REG_R14), %r14
.endm

.macro load_general
    movq R(REG_RDI), %rdi
    movq R(REG_RSI), %rsi
    load_others
.endm

/* The SYSCALL instruction leads here: RCX = return address, R11 = FLAGS, RSP still the user's. */
.global syscall_entry
.balign 64
syscall_entry:
    movq kernel_tss + 4, %rsp
    movq %r11, E(REG_FLAGS)
    movq %rcx, E(REG_NEXT_IP)
    movq $ERROR_SYSCALL, E(REG_ERROR)
    leaq -2(%rcx), %rcx
    movq %rcx, E(REG_FAULT_IP)
    movq %r14, E(REG_R14)
    movq %r13, E(REG_R13)
    movq %r12, E(REG_R12)
    movq %rbp, E(REG_RBP)
    movq %rbx, E(REG_RBX)
    movq %rax, E(REG_RAX)
    movq %rdx, E(REG_RDX)
    movq %r15, E(REG_R15)
    movq %r9, E(REG_R9)
    movq %r8, E(REG_R8)
    movq %r10, E(REG_R10)
    movq %rsi, E(REG_RSI)
    movq %rdi, E(REG_RDI)
    movq $kernel_stack_top, %rsp
    cmpq $-1, %rdx
    je fastpath_call
    cmpq $-2, %rdx
    je fastpath_reply_recv
    cmpq $-3, %rdx
    je fastpath_send
    cmpq $-5, %rdx
    je fastpath_recv
    cmpq $-6, %rdx
    je fastpath_reply
.global slowpath
slowpath:
    movq $kernel_stack_top, %rsp
    movq current_thread, %rdi
    movq TCB_CONTEXT + REG_RDX * 8(%rdi), %rdi
    call enter_syscall

/* Leaves the kernel to current_thread. */
.global restore_current
restore_current:
    movq current_thread, %rsp
    addq $TCB_CONTEXT, %rsp
    cmpq $ERROR_SYSCALL, R(REG_ERROR)
    jne restore_by_iret
    load_general
    movq R(REG_NEXT_IP), %rcx
    movq R(REG_FLAGS), %r11
    xorl %esp, %esp
    sysretq

/* void fastpath_restore(badge, info, registers): by SYSRET, with the message in its registers. */
.global fastpath_restore
fastpath_restore:
    movq %rdx, %rsp
    load_others
    movq R(REG_NEXT_IP), %rcx
    movq R(REG_FLAGS), %r11
    xorl %esp, %esp
    sysretq

restore_by_iret:
    movq $SEL_CS3, R(REG_CS)
    movq $SEL_DS3, R(REG_SS)
    load_general
    movq R(REG_RCX), %rcx
    movq R(REG_R11), %r11
    addq $(REG_NEXT_IP * 8), %rsp
    iretq

/* Every trap comes here with the error code and the vector pushed. */
trap_common:
    testl $FLAGS_VM, 32(%rsp)
    jnz virtual_8086_trap
    testb $3, 24(%rsp)
    jz kernel_trap
user_trap:
    pushq %r11
    pushq %rcx
    pushq %r14
    pushq %r13
    pushq %r12
    pushq %rbp
    pushq %rbx
    pushq %rax
    pushq %rdx
    pushq %r15
    pushq %r9
    pushq %r8
    pushq %r10
    pushq %rsi
    pushq %rdi
    movq R(REG_FAULT_IP), %rdi
    movq R(REG_NEXT_IP), %rax
    movq %rax, R(REG_FAULT_IP)
    movq R(REG_ERROR), %rsi
    movq $kernel_stack_top, %rsp
    pushq $FLAGS_RESERVED
    popfq
    call enter_trap
    jmp restore_current

/*
 * No processor has virtual 8086 mode in long mode, but some emulators let a user get into it by
 * IRET. Its code segment says nothing of privilege. The thread finds itself back in 64-bit mode,
 * with no more privilege than before.
 */
virtual_8086_trap:
    andl $~(FLAGS_VM | FLAGS_IOPL), 32(%rsp)
    orl $FLAGS_IF, 32(%rsp)
    jmp user_trap

/* SYSCALL from code that is not 64-bit, which again only emulators allow: an invalid
 * instruction. */
.global syscall_entry_other
syscall_entry_other:
    movq kernel_tss + 4, %rsp
    pushq $SEL_DS3
    pushq $0
    pushq $FLAGS_INITIAL
    pushq $SEL_CS3
    subq $2, %rcx
    pushq %rcx
    pushq $0
    pushq $VECTOR_INVALID_OPCODE
    jmp user_trap

/*
 * In kernel mode interrupts are only taken in wait_for_interrupt and take_interrupt; they are noted
 * for those, and interrupts are off again afterwards. Anything else is a bug of the kernel's.
 */
kernel_trap:
    cmpq $32, (%rsp)
    jb kernel_exception
    pushq %rax
    movq 8(%rsp), %rax
    movq %rax, noted_vector
    popq %rax
    andq $~FLAGS_IF, 32(%rsp)
    addq $16, %rsp
    iretq

kernel_exception:
    movq %rsp, %rdi
    cld
    call kernel_exception_panic

/*
 * A non-maskable interrupt has its own stack; there is nothing to do about it. A user that came by
 * SYSRET has a selector in CS that IRET would not take.
 */
nmi_entry:
    testb $3, 8(%rsp)
    jz 1f
    movq $SEL_CS3, 8(%rsp)
    movq $SEL_DS3, 32(%rsp)
1:  iretq

/* word_t wait_for_interrupt(void): halts until an interrupt comes; its vector, or 0 for none. */
.global wait_for_interrupt
wait_for_interrupt:
    movq $0, noted_vector
    sti
    hlt
    cli
    movq noted_vector, %rax
    ret

/* word_t take_interrupt(void): takes a pending interrupt; its vector, or 0 if there is none. */
.global take_interrupt
take_interrupt:
    movq $0, noted_vector
    sti
    nop
    cli
    movq noted_vector, %rax
    ret

/* Entry stubs, 16 bytes each. Vectors 8, 10..14, 17, 21, 29 and 30 push an error code. */
.balign 16
.global trap_stubs
trap_stubs:
.set vector, 0
.rept 256
    .balign 16
    .if vector == 2
    jmp nmi_entry
    .elseif vector == 8 || vector == 18
    .if vector == 18
    pushq $0
    .endif
    pushq $vector
    jmp kernel_exception
    .else
    .if !((vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || \
          vector == 29 || vector == 30)
    pushq $0
    .endif
    pushq $vector
    jmp trap_common
    .endif
    .set vector, vector + 1
.endr

.section .bss
.balign 16
.skip 16384
.global kernel_stack_top
kernel_stack_top:
.balign 8
noted_vector:
    .skip 8

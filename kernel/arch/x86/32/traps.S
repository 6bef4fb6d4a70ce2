/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Entry and exit. The kernel runs with interrupts off, on one stack. Traps and system calls from
 * user mode save the registers straight into the current thread's TCB, where the TSS points the
 * stack. C functions take their arguments in EAX, EDX and ECX.
 */

#include <arch/flags.h>
#include <mode/context.h>

/* A register of the thread, by the address of its context. */
#define C(reg, context) (reg * 4)(context)

.section .text

/* Users may have loaded any selector that is theirs; all of these are as good for the kernel. */
.macro load_segments scratch
    movl $SEL_DS3, \scratch
    movl \scratch, %ds
    movl \scratch, %es
    movl $SEL_FS, \scratch
    movl \scratch, %fs
    movl $SEL_GS, \scratch
    movl \scratch, %gs
.endm

/* ESP points to the TSS's stack pointer. */
.macro save_syscall flags
    movl (%esp), %esp
    pushl $SEL_DS3
    pushl %ecx
    pushfl
    orl $(\flags), (%esp)
    pushl $SEL_CS3
    addl $2, %edx
    pushl %edx
    pushl $ERROR_SYSCALL
    subl $2, %edx
    pushl %edx
    pushl %edx
    pushl %ecx
    pushl %eax
    pushl %ebp
    pushl %edi
    pushl %esi
    pushl %ebx
.endm

/*
 * The SYSENTER instruction leads here: ECX = the user's stack pointer, EDX = the address of the
 * instruction. If the user was stepping through its code, a trap comes first, and kernel_debug goes
 * on in stepped_entry.
 */
.global syscall_entry
.balign 64
syscall_entry:
    save_syscall FLAGS_IF
saved:
    movl $kernel_stack_top, %esp
    pushl $FLAGS_RESERVED
    popfl
    load_segments %edx
    cmpl $-1, %eax
    je call_entry
    cmpl $-2, %eax
    je reply_recv_entry
    cmpl $-3, %eax
    je send_entry
    cmpl $-5, %eax
    je recv_entry
    cmpl $-6, %eax
    je reply_entry
.global slowpath
slowpath:
    movl $kernel_stack_top, %esp
    movl current_thread, %eax
    movl TCB_CONTEXT + REG_EAX * 4(%eax), %eax
    call enter_syscall

/* Leaves the kernel to current_thread. */
.global restore_current
restore_current:
    movl current_thread, %eax
    addl $TCB_CONTEXT, %eax
    cmpl $ERROR_SYSCALL, C(REG_ERROR, %eax)
    jne restore_by_iret
    movl C(REG_EBX, %eax), %ebx
    movl C(REG_ESI, %eax), %esi
leave_by_sysexit:
    movl C(REG_EDI, %eax), %edi
    movl C(REG_EBP, %eax), %ebp
    movl C(REG_ESP, %eax), %ecx
    movl C(REG_NEXT_IP, %eax), %edx
    pushl C(REG_FLAGS, %eax)
    andl $~FLAGS_IF, (%esp)
    movl C(REG_EAX, %eax), %eax
    popfl
    /* No interrupt comes between these two. */
    sti
sysexit_instruction:
    sysexit

call_entry:
    movl %ebx, %eax
    movl %esi, %edx
    jmp fastpath_call

reply_recv_entry:
    movl %ebx, %eax
    movl %esi, %edx
    jmp fastpath_reply_recv

send_entry:
    movl %ebx, %eax
    movl %esi, %edx
    jmp fastpath_send

recv_entry:
    movl %ebx, %eax
    jmp fastpath_recv

reply_entry:
    movl %ebx, %eax
    movl %esi, %edx
    jmp fastpath_reply

/* void fastpath_restore(badge, info, registers): by SYSEXIT, with the message in its registers. */
.global fastpath_restore
fastpath_restore:
    movl %eax, %ebx
    movl %edx, %esi
    movl %ecx, %eax
    jmp leave_by_sysexit

restore_by_iret:
    movl $SEL_CS3, C(REG_CS, %eax)
    movl $SEL_DS3, C(REG_SS, %eax)
    movl C(REG_EBX, %eax), %ebx
    movl C(REG_ESI, %eax), %esi
    movl C(REG_EDI, %eax), %edi
    movl C(REG_EBP, %eax), %ebp
    movl C(REG_ECX, %eax), %ecx
    movl C(REG_EDX, %eax), %edx
    leal C(REG_NEXT_IP, %eax), %esp
    movl C(REG_EAX, %eax), %eax
    iretl

/* Every trap comes here with the error code and the vector pushed. */
trap_common:
    testl $FLAGS_VM, 16(%esp)
    jnz virtual_8086_trap
    testb $3, 12(%esp)
    jz kernel_trap
user_trap:
    pushl %edx
    pushl %ecx
    pushl %eax
    pushl %ebp
    pushl %edi
    pushl %esi
    pushl %ebx
    load_segments %eax
    movl C(REG_FAULT_IP, %esp), %eax
    movl C(REG_NEXT_IP, %esp), %edx
    movl %edx, C(REG_FAULT_IP, %esp)
    movl C(REG_ERROR, %esp), %edx
    movl $kernel_stack_top, %esp
    pushl $FLAGS_RESERVED
    popfl
    call enter_trap
    jmp restore_current

/*
 * No processor lets a user get into virtual 8086 mode by itself, but some emulators do, by IRET. Its
 * traps push four segment registers first, for which the TCB has no room: the frame is moved up over
 * them, before the registers follow. The thread finds itself back in protected mode, with no more
 * privilege than before.
 */
virtual_8086_trap:
    .irp offset, 24, 20, 16, 12, 8, 4, 0
    pushl \offset(%esp)
    popl (\offset + 16)(%esp)
    .endr
    addl $16, %esp
    andl $~(FLAGS_VM | FLAGS_IOPL), 16(%esp)
    orl $FLAGS_IF, 16(%esp)
    jmp user_trap

/*
 * In kernel mode interrupts are only taken in wait_for_interrupt and take_interrupt; they are noted
 * for those, and interrupts are off again afterwards. Anything else, but for what a user that steps
 * through its code can bring about, is a bug of the kernel's.
 */
kernel_trap:
    cmpl $1, (%esp)
    je kernel_debug
    cmpl $32, (%esp)
    jb kernel_exception
    pushl %eax
    movl 4(%esp), %eax
    movl %eax, noted_vector
    popl %eax
    andl $~FLAGS_IF, 16(%esp)
    addl $8, %esp
    iretl

kernel_exception:
    movl %esp, %eax
    cld
    call kernel_exception_panic

/*
 * A debug trap in kernel mode: at the first instruction behind a SYSENTER, at the SYSEXIT, which
 * then becomes an IRET, or at the first instruction of a trap stub, which the user's own stepping
 * has nothing to do with any more. No register is free here but ESP.
 */
kernel_debug:
    addl $8, %esp
    andl $~FLAGS_TF, 8(%esp)
    cmpl $sysexit_instruction, (%esp)
    je step_to_user
    cmpl $syscall_entry, (%esp)
    jne 1f
    movl $stepped_entry, (%esp)
1:  iretl

step_to_user:
    pushl $SEL_DS3
    pushl %ecx
    pushl 16(%esp)
    orl $(FLAGS_TF | FLAGS_IF), (%esp)
    pushl $SEL_CS3
    pushl %edx
    iretl

stepped_entry:
    save_syscall FLAGS_IF | FLAGS_TF
    jmp saved

/* There is nothing to do about a non-maskable interrupt. */
nmi_entry:
    iretl

/* word_t wait_for_interrupt(void): halts until an interrupt comes; its vector, or 0 for none. */
.global wait_for_interrupt
wait_for_interrupt:
    movl $0, noted_vector
    sti
    hlt
    cli
    movl noted_vector, %eax
    ret

/* word_t take_interrupt(void): takes a pending interrupt; its vector, or 0 if there is none. */
.global take_interrupt
take_interrupt:
    movl $0, noted_vector
    sti
    nop
    cli
    movl noted_vector, %eax
    ret

/* Entry stubs, 16 bytes each; 8 is not used. Vectors 10..14, 17, 21, 29 and 30 push an error code. */
.balign 16
.global trap_stubs
trap_stubs:
.set vector, 0
.rept 256
    .balign 16
    .if vector == 2
    jmp nmi_entry
    .elseif vector == 18
    pushl $0
    pushl $vector
    jmp kernel_exception
    .else
    .if !((vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || \
          vector == 29 || vector == 30)
    pushl $0
    .endif
    pushl $vector
    jmp trap_common
    .endif
    .set vector, vector + 1
.endr

.section .bss
.balign 16
.skip 8192
.global kernel_stack_top
kernel_stack_top:
.balign 4
noted_vector:
    .skip 4

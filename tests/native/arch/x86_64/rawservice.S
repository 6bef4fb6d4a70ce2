/* SPDX-License-Identifier: BSD-2-Clause */
#include <neptune/abi.h>
/*
 * NTSTATUS RawService(ULONG Number, const ULONG_PTR Arguments[17]): a system service by number, also one that does not
 * exist. The same register contract as ntdll's stubs (neptune/abi.h), with all arguments loaded always.
 */
    .text
    .globl RawService
RawService:
    pushq %rbx
    pushq %rdi
    pushq %rsi
    pushq %r15
    movq %rdx, %rax
    movq %gs:0x30, %r11
    addq $NEPTUNE_TEB_IPC_BUFFER + NEPTUNE_IPC_MSG_OFFSET, %r11
    movl %ecx, %esi
    shll $12, %esi
    orl $NEPTUNE_REGISTER_ARGS, %esi
    movl $4, %ecx
1:  movq (%rax,%rcx,8), %rdi
    movq %rdi, (%r11,%rcx,8)
    incl %ecx
    cmpl $17, %ecx
    jb 1b
    movq (%rax), %r10
    movq 8(%rax), %r15
    movq 16(%rax), %r8
    movq 24(%rax), %r9
    movl $NEPTUNE_SERVICE_CAP, %edi
    movq $-1, %rdx
    movq %rsp, %rbx
    syscall
    movq %rbx, %rsp
    movl %r10d, %eax
    popq %r15
    popq %rsi
    popq %rdi
    popq %rbx
    ret

/* SPDX-License-Identifier: BSD-2-Clause */
#include <neptune/abi.h>
/*
 * NTSTATUS RawService(ULONG Number, const ULONG_PTR Arguments[17]): a system service by number, also one that does not
 * exist. The same register contract as ntdll's stubs (neptune/abi.h), with all arguments loaded always.
 */
    .text
    .globl _RawService
_RawService:
    pushl %ebp
    pushl %ebx
    pushl %edi
    pushl %esi
    movl 20(%esp), %esi
    shll $12, %esi
    orl $NEPTUNE_REGISTER_ARGS, %esi
    movl 24(%esp), %eax
    movl $NEPTUNE_REGISTER_ARGS, %ecx
1:  movl (%eax,%ecx,4), %edx
    movl %edx, %fs:NEPTUNE_TEB_IPC_BUFFER + NEPTUNE_IPC_MSG_OFFSET(,%ecx,4)
    incl %ecx
    cmpl $17, %ecx
    jb 1b
    movl (%eax), %edi
    movl 4(%eax), %ebp
    movl $NEPTUNE_SERVICE_CAP, %ebx
    movl $-1, %eax
    movl %esp, %ecx
    movl $2f, %edx
2:  sysenter
    movl %edi, %eax
    popl %esi
    popl %edi
    popl %ebx
    popl %ebp
    ret

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system service stubs, one for each line of services.def; include/neptune/abi.h has the
 * contract.
 *
 * The kernel destroys RCX and R11, and RSP is 0 after SYSCALL: it is kept in RAX, which the Windows
 * convention lets a function destroy and the kernel preserves. RDI, RSI and R15 belong to the
 * caller. R15 is only saved where it carries an argument: a reply has one word, which comes in R10.
 */
#include <neptune/abi.h>

#define SEL4_SYS_CALL -1
#define SEL4_LABEL_SHIFT 12

    .set service_number, 0

/*
 * Argument n (from 0) to its place in the IPC buffer. It lies above 3 saved registers, the return
 * address and the home area of the 4 register arguments.
 */
    .macro store_argument n
    movq (3 * 8 + 8 + \n * 8)(%rsp), %rax
    movq %rax, %gs:(NEPTUNE_TEB_IPC_BUFFER + NEPTUNE_IPC_MSG_OFFSET + \n * 8)
    .endm

    .macro service name, count
    .globl \name
    .def \name; .scl 2; .type 32; .endef
    .p2align 4
    .seh_proc \name
\name:
    pushq %rdi
    .seh_pushreg %rdi
    pushq %rsi
    .seh_pushreg %rsi
    .if \count > 1
    pushq %r15
    .seh_pushreg %r15
    .endif
    .seh_endprologue
    .irp n, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
    .if \count > \n
    store_argument \n
    .endif
    .endr
    .if \count > 0
    movq %rcx, %r10
    .endif
    .if \count > 1
    movq %rdx, %r15
    .endif
    .if \count < 2 /* argument 2 is the last word */
    movl $(service_number << SEL4_LABEL_SHIFT | \count), %esi
    .else
    movl $(service_number << SEL4_LABEL_SHIFT | NEPTUNE_REGISTER_ARGS), %esi
    .endif
    movl $NEPTUNE_SERVICE_CAP, %edi
    movq $SEL4_SYS_CALL, %rdx
    movq %rsp, %rax
    syscall
    movq %rax, %rsp
    movl %r10d, %eax
    .if \count > 1
    popq %r15
    .endif
    popq %rsi
    popq %rdi
    ret
    .seh_endproc
    .set service_number, service_number + 1
    .endm

    .text
#define SERVICE(name, count) service name, count;
#define DRIVER_SERVICE(name, count) service name, count;
#include <neptune/services.def>

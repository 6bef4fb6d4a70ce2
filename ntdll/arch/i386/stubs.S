/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system service stubs, one for each line of services.def; include/neptune/abi.h has the
 * contract.
 *
 * The kernel returns to the instruction behind the SYSENTER whose address is in EDX, on the stack
 * in ECX. EBX, ESI and EDI belong to the caller, and so does EBP, which is only touched where it
 * carries an argument: a reply has one word, which comes in EDI.
 */
#include <neptune/abi.h>

#define SEL4_SYS_CALL -1
#define SEL4_LABEL_SHIFT 12

    .set service_number, 0

/* Argument n (from 0), above the saved registers and the return address, to its place in the IPC
 * buffer. */
    .macro store_argument n
    movl (4 * 4 + 4 + \n * 4)(%esp), %eax
    movl %eax, %fs:(NEPTUNE_TEB_IPC_BUFFER + NEPTUNE_IPC_MSG_OFFSET + \n * 4)
    .endm

    .macro service name, count, bytes
    .globl _\name\()@\bytes
    .def _\name\()@\bytes; .scl 2; .type 32; .endef
    .p2align 4
_\name\()@\bytes:
    .if \count > 1
    pushl %ebp
    .endif
    pushl %edi
    pushl %esi
    pushl %ebx
    .irp n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
    .if \count > \n
    store_argument \n
    .endif
    .endr
    .if \count > 1
    movl (4 * 4 + 4)(%esp), %edi
    movl (4 * 4 + 8)(%esp), %ebp
    movl $(service_number << SEL4_LABEL_SHIFT | NEPTUNE_REGISTER_ARGS), %esi
    .else /* EBP is not on the stack */
    .if \count > 0
    movl (3 * 4 + 4)(%esp), %edi
    .endif
    movl $(service_number << SEL4_LABEL_SHIFT | \count), %esi
    .endif
    movl $NEPTUNE_SERVICE_CAP, %ebx
    movl $SEL4_SYS_CALL, %eax
    movl %esp, %ecx
    movl $1f, %edx
1:  sysenter
    movl %edi, %eax
    popl %ebx
    popl %esi
    popl %edi
    .if \count > 1
    popl %ebp
    .endif
    .if \count > 0
    ret $\bytes
    .else
    ret
    .endif
    .set service_number, service_number + 1
    .endm

/* The bytes of the arguments are part of a symbol's name. */
#define BYTES_0 0
#define BYTES_1 4
#define BYTES_2 8
#define BYTES_3 12
#define BYTES_4 16
#define BYTES_5 20
#define BYTES_6 24
#define BYTES_7 28
#define BYTES_8 32
#define BYTES_9 36
#define BYTES_10 40
#define BYTES_11 44
#define BYTES_12 48
#define BYTES_13 52
#define BYTES_14 56
#define BYTES_15 60
#define BYTES_16 64
#define BYTES_17 68

    .text
#define SERVICE(name, count) service name, count, BYTES_##count;
#define DRIVER_SERVICE(name, count) service name, count, BYTES_##count;
#include <neptune/services.def>

/* SPDX-License-Identifier: BSD-2-Clause */
/* void LdrpResetFloatingState(void): x87 and SSE registers as a new thread has them. */
#define DEFAULT_MXCSR 0x1f80

    .text
    .globl LdrpResetFloatingState
    .def LdrpResetFloatingState; .scl 2; .type 32; .endef
    .p2align 4
    .seh_proc LdrpResetFloatingState
LdrpResetFloatingState:
    pushq $DEFAULT_MXCSR
    .seh_stackalloc 8
    .seh_endprologue
    fninit
    ldmxcsr (%rsp)
    .irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    xorps %xmm\number, %xmm\number
    .endr
    addq $8, %rsp
    retq
    .seh_endproc

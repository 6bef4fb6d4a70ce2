/* SPDX-License-Identifier: BSD-2-Clause */
/* void CDECL LdrpResetFloatingState(void): x87 and SSE registers as a new thread has them. */
#define DEFAULT_MXCSR 0x1f80

    .text
    .globl _LdrpResetFloatingState
    .def _LdrpResetFloatingState; .scl 2; .type 32; .endef
_LdrpResetFloatingState:
    pushl $DEFAULT_MXCSR
    fninit
    ldmxcsr (%esp)
    .irp number, 0, 1, 2, 3, 4, 5, 6, 7
    xorps %xmm\number, %xmm\number
    .endr
    addl $4, %esp
    retl

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where every thread goes on after the loader: the start routine comes in EAX and its argument in
 * EBX, as on Windows, where they can be seen and changed in the CONTEXT of a thread that has not
 * run yet.
 */
    .text
    .globl _RtlpUserThreadStartThunk
    .def _RtlpUserThreadStartThunk; .scl 2; .type 32; .endef
_RtlpUserThreadStartThunk:
    movl %eax, 4(%esp)
    movl %ebx, 8(%esp)
    jmp _RtlUserThreadStart@8

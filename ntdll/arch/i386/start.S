/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where every thread goes on after the loader: the start routine comes in EAX and its argument in
 * EBX, as on Windows, where they can be seen and changed in the CONTEXT of a thread that has not
 * run yet. The handler of this bottom frame asks the filter of last resort.
 */
    .text
    .globl _RtlUserThreadStart
    .def _RtlUserThreadStart; .scl 2; .type 32; .endef
_RtlUserThreadStart:
    xorl %ebp, %ebp
    pushl $_SehpThreadHandler
    pushl %fs:0
    movl %esp, %fs:0
    pushl %ebx
    pushl %eax
    call _RtlpUserThreadStart@8

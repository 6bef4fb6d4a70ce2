/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routines that code of Microsoft's compiler calls and that no C prototype describes: shifts of
 * EDX:EAX by CL, and division with the remainder in EBX:ECX.
 */
    .macro routine name
    .globl \name
    .def \name; .scl 2; .type 32; .endef
    .p2align 4
\name:
    .endm

    .text

/* The processor shifts by CL modulo 32. */
routine __allshl
    cmpb $64, %cl
    jae zero
    cmpb $32, %cl
    jae 1f
    shldl %cl, %eax, %edx
    shll %cl, %eax
    ret
1:  movl %eax, %edx
    xorl %eax, %eax
    shll %cl, %edx
    ret

routine __aullshr
    cmpb $64, %cl
    jae zero
    cmpb $32, %cl
    jae 1f
    shrdl %cl, %edx, %eax
    shrl %cl, %edx
    ret
1:  movl %edx, %eax
    xorl %edx, %edx
    shrl %cl, %eax
    ret

zero:
    xorl %eax, %eax
    xorl %edx, %edx
    ret

routine __allshr
    cmpb $64, %cl
    jae 2f
    cmpb $32, %cl
    jae 1f
    shrdl %cl, %edx, %eax
    sarl %cl, %edx
    ret
1:  movl %edx, %eax
    sarl $31, %edx
    sarl %cl, %eax
    ret
2:  sarl $31, %edx
    movl %edx, %eax
    ret

/* Dividend and divisor (8 bytes each) are on the stack: quotient in EDX:EAX, remainder in EBX:ECX. */
    .macro divide_with_remainder helper
    subl $8, %esp
    movl %esp, %eax
    pushl %eax
    .rept 4 /* the arguments again, from the last down */
    pushl (8 + 4 + 4 + 12)(%esp)
    .endr
    call \helper
    addl $20, %esp
    popl %ecx
    popl %ebx
    ret $16
    .endm

routine __alldvrm
    divide_with_remainder ___divmoddi4

routine __aulldvrm
    divide_with_remainder ___udivmoddi4

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * __chkstk: what Microsoft's compiler calls before it takes more than a page of stack, since pages
 * come one after the other. RAX is the number of bytes, and stays, as all other registers do; the
 * caller moves the stack pointer itself.
 */
#define TEB_STACK_LIMIT 0x10
#define PAGE 0x1000
#define RETURN_ADDRESS 8

    .text
    .globl __chkstk
    .def __chkstk; .scl 2; .type 32; .endef
    .seh_proc __chkstk
    .p2align 4
__chkstk:
    pushq %r10
    .seh_pushreg %r10
    pushq %r11
    .seh_pushreg %r11
    .seh_endprologue
    leaq (2 * 8 + RETURN_ADDRESS)(%rsp), %r10
    subq %rax, %r10
    jae 1f
    xorl %r10d, %r10d           /* more than there is below: down to the end */
1:  movq %gs:TEB_STACK_LIMIT, %r11
    jmp 3f
2:  subq $PAGE, %r11
    orb $0, (%r11)
3:  cmpq %r11, %r10
    jb 2b
    popq %r11
    popq %r10
    retq
    .seh_endproc

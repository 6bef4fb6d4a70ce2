/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Before anything else: does the processor have what the kernel is made for? If not, the missing
 * features are named on the text screen and the serial port. 32-bit code without paging, of
 * instructions that every processor with 32 bits has.
 */

#include <mode/features.h>

#define EFLAGS_ID 0x200000
#define CPUID_EXTENDED 0x80000000
#define TEXT_SCREEN 0xb8000
#define TEXT_COLUMNS 80
#define WHITE_ON_RED 0x4f
#define COM1_PORT 0x3f8
#define LINE_STATUS 5
#define READY_TO_SEND 0x20
#define MAX_POLLS 100000

/* An entry of the table: leaf of CPUID, mask of EDX, name of at most 7 characters. */
#define FEATURE(leaf, bit, name) .long leaf, 1 << bit; .ascii name; .balign 8, 0
#define ENTRY_SIZE 16
#define ENTRY_NAME 8

.section .boot.entry, "ax"
.code32

/* Returns if all is there, with all registers as they were. Needs a stack. */
.global check_features
check_features:
    pushal
    xorl %edi, %edi /* where on the screen; 0: nothing is missing yet */
    pushfl
    popl %eax
    movl %eax, %ecx
    xorl $EFLAGS_ID, %eax
    pushl %eax
    popfl
    pushfl
    popl %eax
    movl $name_cpuid, %esi
    cmpl %ecx, %eax
    je without_cpuid

    movl $features, %ebp
1:  movl (%ebp), %eax
    andl $CPUID_EXTENDED, %eax
    cpuid
    xorl %edx, %edx
    cmpl (%ebp), %eax
    jb 2f
    movl (%ebp), %eax
    cpuid
2:  testl %edx, 4(%ebp)
    jnz 3f
    leal ENTRY_NAME(%ebp), %esi
    call report
3:  addl $ENTRY_SIZE, %ebp
    cmpl $features_end, %ebp
    jne 1b
    testl %edi, %edi
    jnz stop
    popal
    ret

without_cpuid:
    call report
stop:
    movl $text_end, %esi
    call print
1:  cli
    hlt
    jmp 1b

/* Adds the name at ESI to the list of what is missing. */
report:
    pushl %esi
    testl %edi, %edi
    jnz 1f
    movl $TEXT_SCREEN, %edi
    movl $TEXT_COLUMNS, %ecx
    movl $(WHITE_ON_RED << 8 | ' '), %eax
    rep stosw
    movl $TEXT_SCREEN, %edi
    movl $text_lacks, %esi
    call print
1:  movl $text_space, %esi
    call print
    popl %esi

/* Prints the text at ESI, to the screen at EDI and the serial port. */
print:
    movl $COM1_PORT, %edx
1:  lodsb
    testb %al, %al
    jz 4f
    cmpb $' ', %al
    jb 2f
    movb $WHITE_ON_RED, %ah
    stosw
2:  movl %eax, %ebx
    movl $MAX_POLLS, %ecx
    addl $LINE_STATUS, %edx
3:  inb %dx, %al
    testb $READY_TO_SEND, %al
    loopz 3b
    subl $LINE_STATUS, %edx
    movl %ebx, %eax
    outb %al, %dx
    jmp 1b
4:  ret

text_lacks:
    .asciz "Neptune kernel: this processor lacks"
text_space:
    .asciz " "
text_end:
    .asciz "\r\n"
name_cpuid:
    .asciz "CPUID"
.balign 8
features:
    REQUIRED_FEATURES
features_end:
    .long 0

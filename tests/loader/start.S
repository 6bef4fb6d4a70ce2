/* SPDX-License-Identifier: BSD-2-Clause */

#define MAGIC 0x1badb002
#define FLAGS 3 /* page-aligned modules, memory map */

.section .header, "a"
    .long MAGIC
    .long FLAGS
    .long -(MAGIC + FLAGS)

.text
.global _start
_start:
    movl $stack_top, %esp
    pushl %ebx
    call load

/* enter(entry, magic, info): to the kernel, as multiboot wants it */
.global enter
enter:
    movl 4(%esp), %ecx
    movl 8(%esp), %eax
    movl 12(%esp), %ebx
    jmp *%ecx

.bss
.balign 16
    .skip 16384
stack_top:

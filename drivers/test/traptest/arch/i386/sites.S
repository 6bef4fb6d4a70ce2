/* SPDX-License-Identifier: BSD-2-Clause */
/* Privileged instructions in all surroundings; traptest.h has their prototypes. */
    .macro function name
    .p2align 4
    .globl _\name
_\name:
    .endm

    .text

/* (Port, Accumulator): EAX behind the instruction */
    .macro input name, bytes:vararg
    function \name
    mov 4(%esp), %edx
    mov 8(%esp), %eax
    .byte \bytes
    ret
    .endm
    input SiteIn8, 0xec
    input SiteIn16, 0x66, 0xed
    input SiteIn32, 0xed
    input SiteInRepeated, 0xf3, 0xec /* means nothing here */
    input SiteInImmediate, 0xe4, 0x60

/* (Port, Value) */
    function SiteOut8
    mov 4(%esp), %edx
    mov 8(%esp), %eax
    outb %al, %dx
    ret

/* (Port): two side by side, each in the bytes that the other's call needs */
    function SitePair
    mov 4(%esp), %edx
    inb %dx, %al
    inb %dx, %al
    inb %dx, %al
    movzbl %al, %eax
    ret

/* (Port, Jump): with Jump it goes on behind the instruction, which then is not executed. */
    function SiteJumpedBehind
    mov 4(%esp), %edx
    mov $0x55, %eax
    cmpl $0, 8(%esp)
    jnz 1f
    inb %dx, %al
1:  nop
    nop
    movzbl %al, %eax
    ret

/* (SITE_STRING *): registers in and out */
    .macro string name, bytes:vararg
    function \name
    push %edi
    push %esi
    push %ebx
    mov 16(%esp), %ebx
    mov (%ebx), %edx
    mov 0x4(%ebx), %ecx
    mov 0x8(%ebx), %edi
    mov 0x8(%ebx), %esi
    cmpl $0, 0xc(%ebx)
    je 1f
    std
1:  .globl _\name\()At
_\name\()At:
    .byte \bytes
    .globl _\name\()Behind
_\name\()Behind:
    cld
    mov %ecx, 0x4(%ebx)
    mov %edi, 0x8(%ebx)
    mov %esi, 0xc(%ebx)
    pop %ebx
    pop %esi
    pop %edi
    ret
    .endm
    string SiteInsb, 0x6c
    string SiteRepInsb, 0xf3, 0x6c
    string SiteRepInsw, 0xf3, 0x66, 0x6d
    string SiteRepInsd, 0xf2, 0x6d
    string SiteRepOutsb, 0xf3, 0x6e
    string SiteRepOutsFs, 0x64, 0xf3, 0x6e /* refused */

/* The same as SiteRepInsb, with a handler that notes the exception and goes on behind it. */
    function SiteGuarded
    push %edi
    push %ebx
    mov 12(%esp), %ebx
    push $_SiteHandler
    push %fs:0
    mov %esp, %fs:0
    mov (%ebx), %edx
    mov 0x4(%ebx), %ecx
    mov 0x8(%ebx), %edi
    .globl _SiteGuardedAt
_SiteGuardedAt:
    rep insb
    .globl _SiteGuardedBehind
_SiteGuardedBehind:
    pop %fs:0
    lea 4(%esp), %esp
    mov %ecx, 0x4(%ebx)
    mov %edi, 0x8(%ebx)
    pop %ebx
    pop %edi
    ret

/* Which two threads race for: SITE_RACES routines of 16 bytes, (Port) */
    function SiteRaces
    .rept 64
    .p2align 4
    mov 4(%esp), %edx
    xor %eax, %eax
    inb %dx, %al
    ret
    .endr

/* One that ends with its page, and the next that lies in two. */
    .section .edge, "xr"
    .p2align 12
    .space 0x1000 - 5, 0x90
    .globl _SiteAtPageEnd
_SiteAtPageEnd:
    mov 4(%esp), %edx
    inb %dx, %al
    ret
    .space 0xff9 - 1, 0x90
    .globl _SiteInTwoPages
_SiteInTwoPages:
    mov 4(%esp), %edx
    .byte 0x66, 0x66, 0x66, 0x66, 0xed
    ret
    .p2align 12, 0x90
    .space 0x1000 - 6, 0x90
    .globl _SiteAtSectionEnd
_SiteAtSectionEnd:
    mov 4(%esp), %edx
    inb %dx, %al
    ret

/* Code that may be written to: it is not replaced. */
    .section .loose, "xrw"
    .globl _SiteWritable
_SiteWritable:
    mov 4(%esp), %edx
    inb %dx, %al
    ret

/* SPDX-License-Identifier: BSD-2-Clause */
/* Privileged instructions in all surroundings; traptest.h has their prototypes. */
    .macro function name
    .p2align 4
    .globl \name
\name:
    .endm

    .text

/* (Port, Accumulator): RAX behind the instruction */
    .macro input name, bytes:vararg
    function \name
    mov %rdx, %rax
    mov %ecx, %edx
    .byte \bytes
    ret
    .endm
    input SiteIn8, 0xec
    input SiteIn16, 0x66, 0xed
    input SiteIn32, 0xed
    input SiteInWide, 0x66, 0x48, 0xed /* REX.W is stronger */
    input SiteInRepeated, 0xf3, 0xec   /* means nothing here */
    input SiteInImmediate, 0xe4, 0x60

/* (Port, Value) */
    function SiteOut8
    mov %edx, %eax
    mov %ecx, %edx
    outb %al, %dx
    ret

/* (Port): two side by side, each in the bytes that the other's call needs */
    function SitePair
    mov %ecx, %edx
    inb %dx, %al
    inb %dx, %al
    inb %dx, %al
    movzbl %al, %eax
    ret

/* (Port, Jump): with Jump it goes on behind the instruction, which then is not executed. */
    function SiteJumpedBehind
    mov $0x55, %eax
    test %edx, %edx
    mov %ecx, %edx
    jnz 1f
    inb %dx, %al
1:  nop
    nop
    movzbl %al, %eax
    ret

/* (SITE_STRING *): registers in and out */
    .macro string name, bytes:vararg
    function \name
    push %rdi
    push %rsi
    mov %rcx, %r8
    mov (%r8), %rdx
    mov 0x08(%r8), %rcx
    mov 0x10(%r8), %rdi
    mov 0x10(%r8), %rsi
    cmpq $0, 0x18(%r8)
    je 1f
    std
1:  .globl \name\()At
\name\()At:
    .byte \bytes
    .globl \name\()Behind
\name\()Behind:
    cld
    mov %rcx, 0x08(%r8)
    mov %rdi, 0x10(%r8)
    mov %rsi, 0x18(%r8)
    pop %rsi
    pop %rdi
    ret
    .endm
    string SiteInsb, 0x6c
    string SiteRepInsb, 0xf3, 0x6c
    string SiteRepInsw, 0xf3, 0x66, 0x6d
    string SiteRepInsd, 0x66, 0x48, 0xf2, 0x6d /* REX does not count before F2; 66 does */
    string SiteRepInsShort, 0x67, 0xf3, 0x6c   /* with ECX and EDI */
    string SiteRepOutsb, 0xf3, 0x6e
    string SiteRepOutsFs, 0x64, 0xf3, 0x6e     /* refused */

/* The same as SiteRepInsb, with a handler that notes the exception and goes on behind it. */
    .p2align 4
    .globl SiteGuarded
    .seh_proc SiteGuarded
SiteGuarded:
    push %rdi
    .seh_pushreg %rdi
    .seh_handler SiteHandler, @except
    .seh_endprologue
    mov %rcx, %r8
    mov (%r8), %rdx
    mov 0x08(%r8), %rcx
    mov 0x10(%r8), %rdi
    .globl SiteGuardedAt
SiteGuardedAt:
    rep insb
    .globl SiteGuardedBehind
SiteGuardedBehind:
    mov %rcx, 0x08(%r8)
    mov %rdi, 0x10(%r8)
    pop %rdi
    ret
    .seh_endproc

/* (Level): the bare MOV */
    function SiteSetLevel
    mov %rcx, %cr8
    ret
    function SiteGetLevel
    mov %cr8, %r11
    mov %r11, %rax
    ret

/* (Registers[16], Port): loads all but RSP, with RDX the port, executes IN, stores them and the flags. */
    function SitePreserve
    push %rbx
    push %rbp
    push %rsi
    push %rdi
    push %r12
    push %r13
    push %r14
    push %r15
    push %rcx
    sub $0x60, %rsp
    mov %rcx, %rax
    movdqu 0x80(%rax), %xmm0
    movdqu 0x90(%rax), %xmm5
    mov 0x08(%rax), %rcx
    mov 0x18(%rax), %rbx
    mov 0x28(%rax), %rbp
    mov 0x30(%rax), %rsi
    mov 0x38(%rax), %rdi
    mov 0x40(%rax), %r8
    mov 0x48(%rax), %r9
    mov 0x50(%rax), %r10
    mov 0x58(%rax), %r11
    mov 0x60(%rax), %r12
    mov 0x68(%rax), %r13
    mov 0x70(%rax), %r14
    mov 0x78(%rax), %r15
    mov (%rax), %rax
    stc
    std
    inb %dx, %al
    pushfq
    cld
    pop 0x58(%rsp)
    push %rax
    mov 0x68(%rsp), %rax
    mov %rcx, 0x08(%rax)
    mov %rdx, 0x10(%rax)
    mov %rbx, 0x18(%rax)
    mov %rbp, 0x28(%rax)
    mov %rsi, 0x30(%rax)
    mov %rdi, 0x38(%rax)
    mov %r8, 0x40(%rax)
    mov %r9, 0x48(%rax)
    mov %r10, 0x50(%rax)
    mov %r11, 0x58(%rax)
    mov %r12, 0x60(%rax)
    mov %r13, 0x68(%rax)
    mov %r14, 0x70(%rax)
    mov %r15, 0x78(%rax)
    movdqu %xmm0, 0x80(%rax)
    movdqu %xmm5, 0x90(%rax)
    pop %rcx
    mov %rcx, (%rax)
    mov 0x58(%rsp), %rcx
    mov %rcx, 0x20(%rax)
    add $0x60, %rsp
    pop %rcx
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rdi
    pop %rsi
    pop %rbp
    pop %rbx
    ret

/* Which two threads race for: SITE_RACES routines of 16 bytes, (Port) */
    function SiteRaces
    .rept 64
    .p2align 4
    mov %ecx, %edx
    xor %eax, %eax
    inb %dx, %al
    ret
    .endr

/* One that ends with its page, and the next that lies in two. */
    .section .edge, "xr"
    .p2align 12
    .space 0x1000 - 3, 0x90
    .globl SiteAtPageEnd
SiteAtPageEnd:
    mov %ecx, %edx
    inb %dx, %al
    ret
    .space 0xffb - 3, 0x90
    .globl SiteInTwoPages
SiteInTwoPages:
    mov %ecx, %edx
    .byte 0x66, 0x67, 0x66, 0x66, 0xed
    ret
    .p2align 12, 0x90
    .space 0x1000 - 4, 0x90
    .globl SiteAtSectionEnd
SiteAtSectionEnd:
    mov %ecx, %edx
    inb %dx, %al
    ret

/* Code that may be written to: it is not replaced. */
    .section .loose, "xrw"
    .globl SiteWritable
SiteWritable:
    mov %ecx, %edx
    inb %dx, %al
    ret

/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions that user mode may not use, encoded alike in 32 and 64 bits: tables of entries of 16
 * bytes, each ended by HLT. */

    .section .text.snippets, "ax", @progbits

/* INT n, for all n. */
    .balign 16
    .globl int_table
int_table:
    .set vector, 0
    .rept 256
    .balign 16
    .byte 0xcd, vector
    hlt
    .set vector, vector + 1
    .endr

    .macro entry bytes:vararg
    .balign 16
    .byte \bytes
    hlt
    .endm

    .balign 16
    .globl privileged_table, privileged_table_end
privileged_table:
    entry 0x0f, 0x01, 0x10 /* lgdt */
    entry 0x0f, 0x01, 0x18 /* lidt */
    entry 0x0f, 0x00, 0xd0 /* lldt */
    entry 0x0f, 0x00, 0xd8 /* ltr */
    entry 0x0f, 0x01, 0xf0 /* lmsw */
    entry 0x0f, 0x22, 0xc0 /* to cr0 */
    entry 0x0f, 0x20, 0xc0 /* from cr0 */
    entry 0x0f, 0x22, 0xd8 /* to cr3 */
    entry 0x0f, 0x20, 0xd8 /* from cr3 */
    entry 0x0f, 0x22, 0xe0 /* to cr4 */
    entry 0x0f, 0x23, 0xf8 /* to dr7 */
    entry 0x0f, 0x21, 0xf8 /* from dr7 */
    entry 0x0f, 0x30 /* wrmsr */
    entry 0x0f, 0x32 /* rdmsr */
    entry 0x0f, 0x33 /* rdpmc */
    entry 0x0f, 0x01, 0x38 /* invlpg */
    entry 0x66, 0x0f, 0x38, 0x82, 0x00 /* invpcid */
    entry 0x0f, 0x08 /* invd */
    entry 0x0f, 0x09 /* wbinvd */
    entry 0x0f, 0x06 /* clts */
    entry 0x0f, 0x01, 0xf8 /* swapgs */
    entry 0x0f, 0x07 /* sysret */
    entry 0x0f, 0x35 /* sysexit */
    entry 0x0f, 0x01, 0xd1 /* xsetbv */
    entry 0x0f, 0x01, 0xc8 /* monitor */
    entry 0x0f, 0x01, 0xc9 /* mwait */
    entry 0x0f, 0x01, 0xca /* clac */
    entry 0x0f, 0x01, 0xcb /* stac */
    entry 0x0f, 0x01, 0xd8 /* vmrun */
    entry 0x0f, 0xaa /* rsm */
    entry 0xf3, 0x0f, 0xae, 0xd0 /* wrfsbase */
    entry 0xf3, 0x0f, 0xae, 0xd8 /* wrgsbase */
    entry 0x0f, 0xc7, 0x28 /* xsaves */
    entry 0xfa /* cli */
    entry 0xfb /* sti */
    entry 0xec /* in */
    entry 0xee /* out */
    entry 0x6c /* ins */
    entry 0x6e /* outs */
    entry 0xf4 /* hlt */
    entry 0x0f, 0xff /* ud0 */
    entry 0x0f, 0xb9, 0xc0 /* ud1 */
privileged_table_end:

/* The selector in AX to DS, ES, FS, GS and SS. */
    .balign 16
    .globl selector_table
selector_table:
    entry 0x8e, 0xd8
    entry 0x8e, 0xc0
    entry 0x8e, 0xe0
    entry 0x8e, 0xe8
    entry 0x8e, 0xd0
    .section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

typedef uint64_t seL4_Word;

typedef uint64_t seL4_X64_PML4;
typedef uint64_t seL4_X86_PDPT;

#define seL4_WordBits 64
#define seL4_WordSizeBits 3
#define seL4_GuardSizeBits 6
#define seL4_GuardSizeShift 0
#define seL4_GuardShift 6

/* Registers of a thread in the order of ReadRegisters and WriteRegisters. */
typedef struct seL4_UserContext {
    seL4_Word rip, rsp, rflags, rax, rbx, rcx, rdx, rsi, rdi, rbp;
    seL4_Word r8, r9, r10, r11, r12, r13, r14, r15;
    seL4_Word fs_base, gs_base;
} seL4_UserContext;

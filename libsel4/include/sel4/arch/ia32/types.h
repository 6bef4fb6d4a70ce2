/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

typedef uint32_t seL4_Word;

#define seL4_WordBits 32
#define seL4_WordSizeBits 2
#define seL4_GuardSizeBits 5
#define seL4_GuardSizeShift 3
#define seL4_GuardShift 8

/* Registers of a thread in the order of ReadRegisters and WriteRegisters. */
typedef struct seL4_UserContext {
    seL4_Word eip, esp, eflags, eax, ebx, ecx, edx, esi, edi, ebp;
    seL4_Word fs_base, gs_base;
} seL4_UserContext;

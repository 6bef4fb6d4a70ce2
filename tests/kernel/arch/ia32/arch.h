/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of the registers that the tests speak of, and figures that differ by architecture. */
#pragma once

#define PC eip
#define SP esp
#define FLAGS eflags
#define SYSCALL_NUMBER eax
#define CAP_REGISTER ebx
#define INFO_REGISTER esi
#define ADDRESS_REGISTER eax /* of the load, store and jump snippets */
#define DATA_REGISTER ebx
#define COUNT_REGISTER ecx
#define LAST_REGISTER edx
#define TLS_BASE gs_base
#define TLS_LOAD "movl %%gs:0,"
#define MOVE_XMM "movd"

#define CONTEXT_WORDS 12
#define FRAME_WORDS 10
#define UNKNOWN_SYSCALL_REPLY 10
#define MISSING_TABLE 22 /* bits left in a lookup failure for want of a page table */
#define ROOT_GUARD_BITS 16
#define USER_CS 0x1b
#define USER_SS 0x23
#define TSS_SELECTOR 0x2b
#define ODD_STACKS 0, 3, 8, 0xdffffffe, 0xe0000000, 0xe0100000, ~(seL4_Word)0
#define ODD_TARGETS 0, 0x20000000, 0xdffffffe, 0xe0000000, 0xe0100000, 0xfffffffe, ~(seL4_Word)0

static inline seL4_Word *message_register(seL4_UserContext *c, int i)
{
    return i == 0 ? &c->edi : &c->ebp;
}

/* What a kernel entry needs in registers besides the arguments. */
static inline void prepare_syscall(seL4_UserContext *c)
{
    c->edx = c->eip;
    c->ecx = c->esp;
}

/* Makes the registers that a system call legitimately changes equal in both contexts. */
static inline void ignore_clobbered(seL4_UserContext *a, const seL4_UserContext *b)
{
    a->eip = b->eip;
    a->esp = b->esp;
    a->eflags = b->eflags;
    a->ecx = b->ecx;
    a->edx = b->edx;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of the registers that the tests speak of, and figures that differ by architecture. */
#pragma once

#define PC rip
#define SP rsp
#define FLAGS rflags
#define SYSCALL_NUMBER rdx
#define CAP_REGISTER rdi
#define INFO_REGISTER rsi
#define ADDRESS_REGISTER rax /* of the load, store and jump snippets */
#define DATA_REGISTER rbx
#define COUNT_REGISTER rcx
#define LAST_REGISTER rdx
#define TLS_BASE fs_base
#define TLS_LOAD "movq %%fs:0,"
#define MOVE_XMM "movq"

#define CONTEXT_WORDS 20
#define FRAME_WORDS 18
#define UNKNOWN_SYSCALL_REPLY 18
#define MISSING_TABLE 21 /* bits left in a lookup failure for want of a page table */
#define ROOT_GUARD_BITS 48
#define USER_CS 0x2b
#define USER_SS 0x33
#define TSS_SELECTOR 0x1b
#define ODD_STACKS 0, 8, 0x0000800000000000, 0xffff7fffffffffff, 0xffffff8000000000, ~(seL4_Word)0
#define ODD_TARGETS                                                                                \
    0x0000800000000000, 0x00007ffffffffffe, 0xffff7fffffffffff, 0xffff800000000000,                \
        0xffffff8000000000, 0xffffffff80100000, ~(seL4_Word)0

static inline seL4_Word *message_register(seL4_UserContext *c, int i)
{
    return i == 0 ? &c->r10 : i == 1 ? &c->r8 : i == 2 ? &c->r9 : &c->r15;
}

/* What a kernel entry needs in registers besides the arguments. */
static inline void prepare_syscall(seL4_UserContext *c)
{
    (void)c;
}

/* Makes the registers that a system call legitimately changes equal in both contexts. */
static inline void ignore_clobbered(seL4_UserContext *a, const seL4_UserContext *b)
{
    a->rip = b->rip;
    a->rsp = b->rsp;
    a->rflags = b->rflags;
    a->rcx = b->rcx;
    a->r11 = b->r11;
}

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
#define TLS_BASE gs_base

#define CONTEXT_WORDS 12
#define FRAME_WORDS 10
#define UNKNOWN_SYSCALL_REPLY 10
#define MISSING_TABLE 22 /* bits left in a lookup failure for want of a page table */
#define ROOT_GUARD_BITS 16

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

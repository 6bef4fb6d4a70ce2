/* SPDX-License-Identifier: BSD-2-Clause */

/* How a thread leaves the kernel, and its TLS base. */

#include <arch/thread.h>
#include <mode/cpu.h>
#include <syscall.h>

#define INNER_FRAME_WORDS 3 /* what a trap in kernel mode pushes: FLAGS, CS, EIP */

_Static_assert(sizeof(((struct tcb *)0)->slots) + INNER_FRAME_WORDS * sizeof(word_t) <= TCB_CONTEXT,
               "the entry code may be interrupted with its stack pointer at the registers");

void arch_registers_written(struct tcb *thread)
{
    /* A thread that came by SYSENTER leaves by SYSEXIT all the same: part of the ABI. */
}

void arch_set_own_tls_base(word_t base)
{
    current_thread->registers[REG_GS_BASE] = base;
    load_thread_bases(current_thread);
}

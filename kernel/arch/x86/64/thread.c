/* SPDX-License-Identifier: BSD-2-Clause */

/* How a thread leaves the kernel, and its TLS base. */

#include <arch/machine.h>
#include <arch/thread.h>
#include <syscall.h>

void arch_registers_written(struct tcb *thread)
{
    thread->registers[REG_ERROR] = 0;
}

void arch_set_own_tls_base(word_t base)
{
    if (!is_canonical(base))
        return;
    current_thread->registers[REG_FS_BASE] = base;
    write_msr(MSR_FS_BASE, base);
}

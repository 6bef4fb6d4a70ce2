/* SPDX-License-Identifier: BSD-2-Clause */

/* What a switch between threads loads into the processor. */

#include <arch/machine.h>
#include <arch/thread.h>
#include <arch/vspace.h>
#include <mode/cpu.h>
#include <sched.h>
#include <syscall.h>

void arch_tcb_init(struct tcb *thread)
{
    thread->registers[REG_FLAGS] = FLAGS_INITIAL;
    fpu_init_state(&thread->fpu);
}

void arch_registers_written(struct tcb *thread)
{
    thread->registers[REG_ERROR] = 0;
}

void arch_switch_to_thread(struct tcb *thread)
{
    switch_vspace(thread);
    set_entry_stack(thread);
    load_thread_bases(thread);
    fpu_switch(thread);
}

void arch_set_own_tls_base(word_t base)
{
    if (!is_canonical(base))
        return;
    current_thread->registers[REG_FS_BASE] = base;
    write_msr(MSR_FS_BASE, base);
}

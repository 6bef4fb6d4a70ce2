/* SPDX-License-Identifier: BSD-2-Clause */

/* What a switch between threads loads into the processor. */

#include <arch/thread.h>
#include <arch/vspace.h>
#include <mode/cpu.h>

void arch_tcb_init(struct tcb *thread)
{
    thread->registers[REG_FLAGS] = FLAGS_INITIAL;
    fpu_init_state(&thread->fpu);
}

void arch_switch_to_thread(struct tcb *thread)
{
    switch_vspace(thread);
    set_entry_stack(thread);
    load_thread_bases(thread);
    fpu_switch(thread);
}

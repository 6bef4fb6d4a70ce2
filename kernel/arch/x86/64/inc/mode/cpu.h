/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* The processor's tables, and the state that goes with a thread. */

#include <arch/machine.h>
#include <tcb.h>

struct tss {
    uint32_t reserved0;
    uint64_t rsp[3];
    uint64_t reserved1;
    uint64_t ist[7];
    uint64_t reserved2;
    uint16_t reserved3;
    uint16_t io_map_base;
} PACKED;

extern struct tss kernel_tss;

/* Trap frames and system calls from the thread are saved right into its TCB. */
ALWAYS_INLINE void set_entry_stack(struct tcb *thread)
{
    kernel_tss.rsp[0] = (word_t)&thread->registers[REG_SS + 1];
}

/* Always written, even if no thread base changed: user code can clear a base behind the kernel's
 * back by loading a selector. */
ALWAYS_INLINE void load_thread_bases(const struct tcb *thread)
{
    const uint32_t *fs = (const uint32_t *)&thread->registers[REG_FS_BASE];
    const uint32_t *gs = (const uint32_t *)&thread->registers[REG_GS_BASE];

    write_msr_halves(MSR_FS_BASE, fs[0], fs[1]);
    write_msr_halves(MSR_GS_BASE, gs[0], gs[1]);
}

/* Loads descriptor tables and control registers; boot. */
void cpu_init(void);

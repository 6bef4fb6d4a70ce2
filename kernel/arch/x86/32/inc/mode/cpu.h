/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* The processor's tables, and the state that goes with a thread. */

#include <arch/machine.h>
#include <tcb.h>

struct tss {
    uint32_t link;
    uint32_t esp0;
    uint32_t ss0;
    uint32_t other_stacks[4];
    uint32_t cr3, eip, eflags;
    uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
    uint32_t es, cs, ss, ds, fs, gs, ldt;
    uint16_t trap;
    uint16_t io_map_base;
};

/*
 * SYSENTER begins with its stack pointer at the TSS's own, from where it fetches the thread's. A
 * trap that comes even before that lands in the words below.
 */
struct entry_area {
    uint32_t landing[8];
    struct tss tss;
};

extern struct entry_area kernel_entry_area;

/* Trap frames and system calls from the thread are saved right into its TCB. */
ALWAYS_INLINE void set_entry_stack(struct tcb *thread)
{
    kernel_entry_area.tss.esp0 = (word_t)&thread->registers[REG_SS + 1];
}

/* The bases that the descriptors of FS and GS have. */
extern word_t loaded_fs_base;
extern word_t loaded_gs_base;
void write_thread_bases(word_t fs_base, word_t gs_base);

ALWAYS_INLINE void load_thread_bases(const struct tcb *thread)
{
    word_t fs_base = thread->registers[REG_FS_BASE];
    word_t gs_base = thread->registers[REG_GS_BASE];

    if (UNLIKELY(fs_base != loaded_fs_base || gs_base != loaded_gs_base))
        write_thread_bases(fs_base, gs_base);
}

/* Loads descriptor tables and control registers; boot. */
void cpu_init(void);

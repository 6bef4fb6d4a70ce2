/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

static inline __attribute__((always_inline)) uintptr_t arch_stack_pointer(void)
{
    uintptr_t sp;

    __asm__("movl %%esp, %0" : "=r"(sp));
    return sp;
}

static inline uint64_t rdtsc(void)
{
    uint64_t value;

    __asm__ volatile("rdtsc" : "=A"(value));
    return value;
}

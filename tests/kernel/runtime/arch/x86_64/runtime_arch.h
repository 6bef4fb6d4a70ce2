/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

static inline __attribute__((always_inline)) uintptr_t arch_stack_pointer(void)
{
    uintptr_t sp;

    __asm__("movq %%rsp, %0" : "=r"(sp));
    return sp;
}

static inline uint64_t rdtsc(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

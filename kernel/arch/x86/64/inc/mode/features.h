/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* What the processor must have, for features.S: leaf and bit of CPUID's EDX, and the name. FPU,
 * CMOV and SSE2 are for what else runs: programs and drivers. SYSCALL is not among them, as some
 * processors show it in 64-bit mode only: cpu_init looks for it. */
#define REQUIRED_FEATURES                                                                          \
    FEATURE(0x80000001, 29, "LM");                                                                 \
    FEATURE(1, 0, "FPU");                                                                          \
    FEATURE(1, 3, "PSE");                                                                          \
    FEATURE(1, 4, "TSC");                                                                          \
    FEATURE(1, 5, "MSR");                                                                          \
    FEATURE(1, 6, "PAE");                                                                          \
    FEATURE(1, 9, "APIC");                                                                         \
    FEATURE(1, 13, "PGE");                                                                         \
    FEATURE(1, 15, "CMOV");                                                                        \
    FEATURE(1, 24, "FXSR");                                                                        \
    FEATURE(1, 25, "SSE");                                                                         \
    FEATURE(1, 26, "SSE2")

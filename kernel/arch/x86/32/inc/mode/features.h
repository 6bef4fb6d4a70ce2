/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* What the processor must have, for features.S: leaf and bit of CPUID's EDX, and the name. FPU,
 * CX8, CMOV and SSE are for what else runs: programs and drivers, and CMOV for the compiler. */
#define REQUIRED_FEATURES                                                                          \
    FEATURE(1, 0, "FPU");                                                                          \
    FEATURE(1, 3, "PSE");                                                                          \
    FEATURE(1, 4, "TSC");                                                                          \
    FEATURE(1, 5, "MSR");                                                                          \
    FEATURE(1, 8, "CX8");                                                                          \
    FEATURE(1, 9, "APIC");                                                                         \
    FEATURE(1, 11, "SEP");                                                                         \
    FEATURE(1, 13, "PGE");                                                                         \
    FEATURE(1, 15, "CMOV");                                                                        \
    FEATURE(1, 24, "FXSR");                                                                        \
    FEATURE(1, 25, "SSE")

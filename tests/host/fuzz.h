/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A target of libFuzzer: one tests/host/fuzz_SUBJECT.c, compiled like test_SUBJECT.c (test.h) with
 *     int LLVMFuzzerTestOneInput(const UCHAR *Data, SIZE_T Size);
 * tests/host/run.sh gives each a number of inputs, the same each time; ./test.sh host --long an
 * hour's.
 */
#pragma once

#define FUZZ_REQUIRE(condition)                                                                    \
    do {                                                                                           \
        if (!(condition))                                                                          \
            __builtin_trap();                                                                      \
    } while (0)

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What debug builds check of drivers, as Windows' Driver Verifier does: a violation is its bug
 * check. In release builds nothing is left of it.
 */
#pragma once
#include "ki.h"

#define KI_VERIFIER_DETECTED_VIOLATION 0xC4 /* DRIVER_VERIFIER_DETECTED_VIOLATION */
#define KI_VERIFIER_IRQL 0x2                /* its first parameter */
#define KI_VERIFIER_REMOVE_LOCK 0xD2

/* ke/verifier.c: whether the address is in a driver's code, and not in the runtime's. */
BOOLEAN KiIsDriverCode(PVOID Address);

/* ex/pool.c: names the blocks on the debug log that the driver's code has allocated and not freed.
 */
VOID ExReportLeaks(PUNICODE_STRING Driver, PVOID Base, SIZE_T Size);

/* In a routine that drivers call at Highest or below. */
#define KI_VERIFY_IRQL(Highest)                                                                    \
    do {                                                                                           \
        if (DBG && KiGetIrql() > (Highest) && KiIsDriverCode(__builtin_return_address(0)))         \
            KeBugCheckEx(KI_VERIFIER_DETECTED_VIOLATION, KI_VERIFIER_IRQL, KiGetIrql(), (Highest), \
                         (ULONG_PTR)__builtin_return_address(0));                                  \
    } while (0)

/* SPDX-License-Identifier: BSD-2-Clause */
/* What testdll.dll exports, for loader.c. */
#pragma once
#include <nt/nt.h>

#define TESTDLL_PER_THREAD 0x600d
#define TESTDLL_ADD_ORDINAL 1 /* the linker counts in alphabetical order */

typedef struct _TESTDLL_CALLS {
    ULONG Reasons[4]; /* calls of DllMain, by reason */
    PVOID Handle;
} TESTDLL_CALLS;

typedef ULONG(NTAPI *TESTDLL_ADD)(ULONG First, ULONGLONG Second, ULONG Third);
typedef ULONG(NTAPI *TESTDLL_COUNT)(void);

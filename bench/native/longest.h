/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a service keeps others waiting: what the files that measure it share. */
#pragma once
#include "nbench.h"

typedef struct _LONG_SERVICE {
    const char *Name;      /* NULL: not reported, it prepares or others run meanwhile */
    BOOLEAN (*Call)(void); /* FALSE: the service has not done what it was called for */
} LONG_SERVICE;

/* Calls each in turn, and prints "longest-name value" for it, or "longest-name: failed". */
void MeasureServices(const LONG_SERVICE *Services, ULONG Count);

/* Called without a pause, services would count as one: only a long one gives way by itself. */
void Pause(void);

/* longest_memory.c */
BOOLEAN ReadInto(PVOID Buffer, SIZE_T Length); /* a file, into a buffer that may be far too large */
BOOLEAN FreeRange(PVOID Base);                 /* memory that was reserved at Base */

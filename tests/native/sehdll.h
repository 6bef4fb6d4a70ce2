/* SPDX-License-Identifier: BSD-2-Clause */
/* What sehdll.dll exports, for jumps.c. */
#pragma once
#include <nt/nt.h>

typedef ULONG(NTAPI *SEHDLL_ROUTINE)(PVOID Argument);

/* Calls Routine from Depth + 1 frames, each with a __finally block that adds one to *Left. */
typedef ULONG(NTAPI *SEHDLL_DESCEND)(ULONG Depth, SEHDLL_ROUTINE Routine, PVOID Argument,
                                     volatile ULONG *Left);
/* Calls Routine, and returns the code of the exception that comes out of it; 0: none. */
typedef NTSTATUS(NTAPI *SEHDLL_CATCH)(SEHDLL_ROUTINE Routine, PVOID Argument);
/* Raises Argument, a status. */
typedef ULONG(NTAPI *SEHDLL_RAISE)(PVOID Argument);

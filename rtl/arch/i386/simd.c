// SPDX-License-Identifier: BSD-2-Clause
/* Exceptions of SSE on i386. */
#include <nt/nt.h>

#define FAULTS 0x7 /* invalid operation, denormal operand, division by zero: before the result */

/* As on Windows: one instruction may work on several numbers. */
NTSTATUS RtlpSimdStatus(ULONG Pending)
{
    return Pending & FAULTS ? STATUS_FLOAT_MULTIPLE_FAULTS : STATUS_FLOAT_MULTIPLE_TRAPS;
}

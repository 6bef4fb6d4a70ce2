// SPDX-License-Identifier: BSD-2-Clause
/* Exceptions of SSE on AMD64. */
#include <nt/nt.h>

/* One bit at a time, in the order in which the processor looks for them. */
NTSTATUS RtlpSimdStatus(ULONG Pending)
{
    static const NTSTATUS Statuses[] = {
        STATUS_FLOAT_INVALID_OPERATION, STATUS_FLOAT_DENORMAL_OPERAND, STATUS_FLOAT_DIVIDE_BY_ZERO,
        STATUS_FLOAT_OVERFLOW,          STATUS_FLOAT_UNDERFLOW,        STATUS_FLOAT_INEXACT_RESULT};
    static const UCHAR Order[] = {0, 2, 1, 3, 4, 5};

    for (ULONG i = 0; i < ARRAYSIZE(Order); i++)
        if (Pending >> Order[i] & 1)
            return Statuses[Order[i]];
    return STATUS_FLOAT_MULTIPLE_TRAPS;
}

// SPDX-License-Identifier: BSD-2-Clause
/* The processor's state in a CONTEXT of AMD64, for seh/refine.c. */
#include "sehp.h"

USHORT SehpFpuStatus(const CONTEXT *Context, PUSHORT Control)
{
    *Control = Context->FltSave.ControlWord;
    return Context->FltSave.StatusWord;
}

ULONG SehpMxCsr(const CONTEXT *Context)
{
    return Context->MxCsr;
}

/* One bit at a time, in the order in which the processor looks for them. */
NTSTATUS SehpSimdStatus(ULONG Pending)
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

/* As instructions number them; RIP is the last. */
ULONG_PTR SehpRegister(const CONTEXT *Context, ULONG Number)
{
    return (&Context->Rax)[Number];
}

_Static_assert(offsetof(CONTEXT, Rip) - offsetof(CONTEXT, Rax) == SEHP_PROGRAM_COUNTER * 8, "Rip");

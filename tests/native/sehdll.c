/* SPDX-License-Identifier: BSD-2-Clause */
/* sehdll.dll: frames of another image, for jumps.c. */
#include "sehdll.h"

ULONG NTAPI SehDllDescend(ULONG Depth, SEHDLL_ROUTINE Routine, PVOID Argument, volatile ULONG *Left)
{
    ULONG Result = 0;

    __try {
        Result = Depth ? SehDllDescend(Depth - 1, Routine, Argument, Left) : Routine(Argument);
    } __finally {
        ++*Left;
    }
    return Result;
}

NTSTATUS NTAPI SehDllCatch(SEHDLL_ROUTINE Routine, PVOID Argument)
{
    NTSTATUS Status = STATUS_SUCCESS;

    __try {
        Routine(Argument);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        Status = _exception_code();
    }
    return Status;
}

ULONG NTAPI SehDllRaise(PVOID Argument)
{
    RtlRaiseStatus((NTSTATUS)(LONG_PTR)Argument);
}

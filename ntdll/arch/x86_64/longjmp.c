// SPDX-License-Identifier: BSD-2-Clause
/* longjmp of AMD64: on the way to the function that called setjmp, termination handlers run. */
#include "sehp.h"

/* setjmp returns Value once more, or 1 for 0. A buffer without a frame is gone to at once.  (C) */
DECLSPEC_NORETURN void longjmp(PJUMP_BUFFER Buffer, int Value)
{
    EXCEPTION_RECORD Record = {.ExceptionCode = STATUS_LONGJUMP,
                               .NumberParameters = 1,
                               .ExceptionInformation = {(ULONG_PTR)Buffer}};
    PVOID Answer = (PVOID)(ULONG64)(ULONG)(Value ? Value : 1);
    CONTEXT Context;

    if (Buffer->Frame)
        RtlUnwindEx((PVOID)Buffer->Frame, (PVOID)Buffer->Rip, &Record, Answer, &Context, NULL);
    RtlCaptureContext(&Context);
    Context.Rax = (ULONG64)Answer;
    RtlRestoreContext(&Context, &Record);
    __builtin_trap();
}

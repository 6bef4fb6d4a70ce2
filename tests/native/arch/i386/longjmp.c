/* SPDX-License-Identifier: BSD-2-Clause */
/* longjmp on i386, for programs whose functions have the handler of rtl/arch/i386/handler3.c. */
#include <nt/nt.h>
#include "jump.h"

void CDECL _local_unwind2(PEXCEPTION_REGISTRATION_RECORD Registration, LONG Level);
void CDECL RestoreJump(PJUMP_BUFFER Buffer, int Value) __attribute__((noreturn)); /* setjmp3.S */

/* The function that called setjmp leaves the scopes that it has entered since. */
void NTAPI _seh_longjmp_unwind(PJUMP_BUFFER Buffer)
{
    _local_unwind2((PEXCEPTION_REGISTRATION_RECORD)Buffer->Registration, Buffer->TryLevel);
}

DECLSPEC_NORETURN void CDECL longjmp(PJUMP_BUFFER Buffer, int Value)
{
    RtlUnwind(Buffer->Registration, NULL, NULL, NULL);
    if (Buffer->UnwindFunc)
        ((void(NTAPI *)(PJUMP_BUFFER))Buffer->UnwindFunc)(Buffer);
    RestoreJump(Buffer, Value ? Value : 1);
}

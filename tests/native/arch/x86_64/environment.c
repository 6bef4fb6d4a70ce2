/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a thread finds its environment on AMD64. */
#include "../../tap.h"

static PVOID AtGs(ULONG_PTR Offset)
{
    PVOID Value;

    __asm__ volatile("movq %%gs:(%1), %0" : "=r"(Value) : "r"(Offset));
    return Value;
}

void TestEnvironment(void)
{
    PNT_TIB Tib = &NtCurrentTeb()->NtTib;

    ok(AtGs(0x30) == Tib && AtGs(0x60) == NtCurrentTeb()->ProcessEnvironmentBlock,
       "TEB and PEB are found through GS");
    ok((PVOID)&Tib > Tib->StackLimit && (PVOID)&Tib < Tib->StackBase,
       "the stack is where the TEB says");
}

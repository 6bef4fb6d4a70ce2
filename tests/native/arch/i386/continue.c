/* SPDX-License-Identifier: BSD-2-Clause */
/* NtContinue loads every register of the context. */
#include "../../tap.h"

void ContinueAndComeBack(PCONTEXT Context);
extern UCHAR ContinueTarget[];
extern volatile ULONG ContinueFound[8]; /* EAX EBX ECX EDX ESI EDI EBP ESP */

void TestContinue(void)
{
    static const char *const Names[] = {"EAX", "EBX", "ECX", "EDX", "ESI", "EDI", "EBP"};
    static ULONG Stack[64];
    ULONG Top = (ULONG)&Stack[60], i;
    CONTEXT Context = {.ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER,
                       .Eip = (ULONG)ContinueTarget,
                       .EFlags = 0x202,
                       .Eax = 0x10,
                       .Ebx = 0x11,
                       .Ecx = 0x12,
                       .Edx = 0x13,
                       .Esi = 0x14,
                       .Edi = 0x15,
                       .Ebp = 0x16,
                       .Esp = Top};

    ContinueAndComeBack(&Context);
    for (i = 0; i < 7; i++)
        ok(ContinueFound[i] == 0x10 + i, Names[i]);
    ok(ContinueFound[7] == Top, "the stack pointer too");
    Context.ContextFlags = CONTEXT_CONTROL;
    Context.Ebp = 0x17;
    ContinueAndComeBack(&Context);
    ok(ContinueFound[6] == 0x17, "the frame pointer belongs to the control registers");
    ok_status(NtContinue((PCONTEXT)4, FALSE), STATUS_ACCESS_VIOLATION,
              "a context at a bad address");
}

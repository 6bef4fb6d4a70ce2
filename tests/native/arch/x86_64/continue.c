/* SPDX-License-Identifier: BSD-2-Clause */
/* NtContinue loads every register of the context. */
#include "../../tap.h"

void ContinueAndComeBack(PCONTEXT Context);
extern UCHAR ContinueTarget[];
extern volatile ULONG64 ContinueFound[16]; /* RAX RBX RCX RDX RSI RDI RBP R8..R15 RSP */

void TestContinue(void)
{
    static const char *const Names[] = {"RAX", "RBX", "RCX", "RDX", "RSI", "RDI", "RBP", "R8",
                                        "R9",  "R10", "R11", "R12", "R13", "R14", "R15"};
    static DECLSPEC_ALIGN(16) ULONG64 Stack[64];
    ULONG64 Top = (ULONG64)&Stack[60];
    CONTEXT Context = {.ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER,
                       .Rip = (ULONG64)ContinueTarget,
                       .EFlags = 0x202,
                       .Rax = 0x10,
                       .Rbx = 0x11,
                       .Rcx = 0x12,
                       .Rdx = 0x13,
                       .Rsi = 0x14,
                       .Rdi = 0x15,
                       .Rbp = 0x16,
                       .R8 = 0x17,
                       .R9 = 0x18,
                       .R10 = 0x19,
                       .R11 = 0x1a,
                       .R12 = 0x1b,
                       .R13 = 0x1c,
                       .R14 = 0x1d,
                       .R15 = 0x1e,
                       .Rsp = Top};
    ULONG i;

    ContinueAndComeBack(&Context);
    for (i = 0; i < 15; i++)
        ok(ContinueFound[i] == 0x10 + i, Names[i]);
    ok(ContinueFound[15] == Top, "the stack pointer too");
    ok_status(NtContinue((PCONTEXT)8, FALSE), STATUS_ACCESS_VIOLATION,
              "a context at a bad address");
}

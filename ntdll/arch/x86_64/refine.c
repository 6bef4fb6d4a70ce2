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

/* As instructions number them; RIP is the last. */
ULONG_PTR SehpRegister(const CONTEXT *Context, ULONG Number)
{
    return (&Context->Rax)[Number];
}

_Static_assert(offsetof(CONTEXT, Rip) - offsetof(CONTEXT, Rax) == SEHP_PROGRAM_COUNTER * 8, "Rip");

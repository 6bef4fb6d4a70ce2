// SPDX-License-Identifier: BSD-2-Clause
/* The processor's state in a CONTEXT of i386, for seh/refine.c. */
#include "sehp.h"

#define FXSAVE_MXCSR 24

USHORT SehpFpuStatus(const CONTEXT *Context, PUSHORT Control)
{
    *Control = (USHORT)Context->FloatSave.ControlWord;
    return (USHORT)Context->FloatSave.StatusWord;
}

ULONG SehpMxCsr(const CONTEXT *Context)
{
    ULONG MxCsr;

    memcpy(&MxCsr, &Context->ExtendedRegisters[FXSAVE_MXCSR], sizeof(MxCsr));
    return MxCsr;
}

ULONG_PTR SehpRegister(const CONTEXT *Context, ULONG Number)
{
    const ULONG *const Registers[] = {&Context->Eax, &Context->Ecx, &Context->Edx, &Context->Ebx,
                                      &Context->Esp, &Context->Ebp, &Context->Esi, &Context->Edi};

    return Number == SEHP_PROGRAM_COUNTER ? Context->Eip : *Registers[Number & 7];
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers of a CONTEXT by role, for tests of both architectures. */
#pragma once

#define PROGRAM_COUNTER(Context) ((Context)->Rip)
#define STACK_POINTER(Context) ((Context)->Rsp)
#define ACCUMULATOR(Context) ((Context)->Rax)
#define SIMD_DIVISION STATUS_FLOAT_DIVIDE_BY_ZERO

/* All but program counter and stack pointer. */
FORCEINLINE void SetAllRegisters(PCONTEXT Context, ULONG_PTR Value)
{
    Context->Rax = Context->Rbx = Context->Rcx = Context->Rdx = Context->Rsi = Context->Rdi = Value;
    Context->Rbp = Context->R8 = Context->R9 = Context->R10 = Context->R11 = Context->R12 = Value;
    Context->R13 = Context->R14 = Context->R15 = Value;
}

/* As after FNINIT, with nothing pending. */
FORCEINLINE void CalmFpu(PCONTEXT Context)
{
    Context->FltSave.StatusWord = 0;
    Context->FltSave.ControlWord = 0x37f;
    Context->MxCsr = 0x1f80;
}

#define ALL_FLOATING CONTEXT_FLOATING_POINT

FORCEINLINE void GetVector(const CONTEXT *Context, ULONG Number, ULONG Lanes[4])
{
    memcpy(Lanes, &Context->FltSave.XmmRegisters[Number], 16);
}

/* The context gets floating-point state, with a number in a vector register. */
FORCEINLINE void SetVector(PCONTEXT Context, ULONG Number, float Value)
{
    Context->ContextFlags |= CONTEXT_FLOATING_POINT;
    CalmFpu(Context);
    Context->FltSave.MxCsr = 0x1f80;
    memcpy(&Context->FltSave.XmmRegisters[Number], &Value, sizeof(Value));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers of a CONTEXT by role, for tests of both architectures. */
#pragma once

#define PROGRAM_COUNTER(Context) ((Context)->Eip)
#define STACK_POINTER(Context) ((Context)->Esp)
#define ACCUMULATOR(Context) ((Context)->Eax)
#define SIMD_DIVISION STATUS_FLOAT_MULTIPLE_FAULTS

/* All but program counter and stack pointer. */
FORCEINLINE void SetAllRegisters(PCONTEXT Context, ULONG_PTR Value)
{
    Context->Eax = Context->Ebx = Context->Ecx = Context->Edx = Context->Esi = Context->Edi = Value;
    Context->Ebp = Value;
}

/* As after FNINIT, with nothing pending. */
FORCEINLINE void CalmFpu(PCONTEXT Context)
{
    ULONG MxCsr = 0x1f80;

    Context->FloatSave.StatusWord = 0;
    Context->FloatSave.ControlWord = 0x37f;
    memcpy(&Context->ExtendedRegisters[24], &MxCsr, sizeof(MxCsr));
}

#define ALL_FLOATING (CONTEXT_FLOATING_POINT | CONTEXT_EXTENDED_REGISTERS)

FORCEINLINE void GetVector(const CONTEXT *Context, ULONG Number, ULONG Lanes[4])
{
    memcpy(Lanes, &Context->ExtendedRegisters[160 + Number * 16], 16);
}

/* The context gets floating-point state, with a number in a vector register. */
FORCEINLINE void SetVector(PCONTEXT Context, ULONG Number, float Value)
{
    Context->ContextFlags |= CONTEXT_EXTENDED_REGISTERS;
    CalmFpu(Context);
    Context->ExtendedRegisters[0] = 0x7f;
    Context->ExtendedRegisters[1] = 0x03;
    memcpy(&Context->ExtendedRegisters[0xa0 + Number * 16], &Value, sizeof(Value));
}

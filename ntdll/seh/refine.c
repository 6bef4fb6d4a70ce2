// SPDX-License-Identifier: BSD-2-Clause
/*
 * Exceptions of which the Executive cannot know what exactly they are: it has no FPU state of a
 * client, and the kernel reports SSE exceptions as invalid opcodes. What divides zero and what
 * overflows is found here too, where the operand can be read. Instruction formats: Intel SDM
 * volume 2.
 */
#include "sehp.h"

#define EXCEPTION_BITS 0x3f
#define FPU_STACK_FAULT 0x40
#define MXCSR_MASK_SHIFT 7

enum { Invalid = 1, Denormal = 2, DivideByZero = 4, Overflow = 8, Underflow = 16, Inexact = 32 };

typedef struct _INSTRUCTION {
    const UCHAR *Next;
    UCHAR Rex;
    BOOLEAN OperandSize16;
    ULONG_PTR SegmentBase;
} INSTRUCTION, *PINSTRUCTION;

static NTSTATUS FpuStatus(ULONG Pending, USHORT Status)
{
    if (Pending & Invalid)
        return Status & FPU_STACK_FAULT ? STATUS_FLOAT_STACK_CHECK : STATUS_FLOAT_INVALID_OPERATION;
    if (Pending & DivideByZero)
        return STATUS_FLOAT_DIVIDE_BY_ZERO;
    if (Pending & Denormal)
        return STATUS_FLOAT_DENORMAL_OPERAND;
    if (Pending & Overflow)
        return STATUS_FLOAT_OVERFLOW;
    if (Pending & Underflow)
        return STATUS_FLOAT_UNDERFLOW;
    return STATUS_FLOAT_INEXACT_RESULT;
}

static void RefineFpu(PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    USHORT Control, Status = SehpFpuStatus(Context, &Control);
    ULONG Pending = Status & ~Control & EXCEPTION_BITS;

    if (Pending)
        Record->ExceptionCode = FpuStatus(Pending, Status);
    Record->NumberParameters = 1;
    Record->ExceptionInformation[0] = 0;
}

/* Behind the prefixes. */
static void SkipPrefixes(PINSTRUCTION Instruction)
{
    for (;; Instruction->Next++) {
        switch (*Instruction->Next) {
        case 0x66:
            Instruction->OperandSize16 = TRUE;
            break;
        case 0x64: /* on i386 the TEB is found through FS, elsewhere through GS */
        case 0x65:
            Instruction->SegmentBase = (ULONG_PTR)NtCurrentTeb();
            break;
        case 0x26:
        case 0x2e:
        case 0x36:
        case 0x3e:
        case 0x67:
        case 0xf0:
        case 0xf2:
        case 0xf3:
            break;
        default:
#if defined(__x86_64__)
            if ((*Instruction->Next & 0xf0) == 0x40)
                Instruction->Rex = *Instruction->Next++;
#endif
            return;
        }
    }
}

/* Of the instructions that calculate, those that can raise an exception. */
static BOOLEAN IsSimdArithmetic(const CONTEXT *Context)
{
    INSTRUCTION Instruction = {.Next = (const UCHAR *)SehpRegister(Context, SEHP_PROGRAM_COUNTER)};
    UCHAR Opcode;

    SkipPrefixes(&Instruction);
    if (*Instruction.Next != 0x0f)
        return FALSE;
    Opcode = Instruction.Next[1];
    switch (Opcode) {
    case 0x2a: /* conversions from integers */
    case 0x2c ... 0x2f:
    case 0x51:
    case 0x58 ... 0x5f:
    case 0x7c:
    case 0x7d:
    case 0xc2:
    case 0xd0:
    case 0xe6:
        return TRUE;
    case 0x3a: /* ROUND, DPP */
        return (Instruction.Next[2] >= 0x08 && Instruction.Next[2] <= 0x0b) ||
               Instruction.Next[2] == 0x40 || Instruction.Next[2] == 0x41;
    default:
        return FALSE;
    }
}

static void RefineInvalidOpcode(PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    ULONG MxCsr = SehpMxCsr(Context);
    ULONG Pending = MxCsr & ~(MxCsr >> MXCSR_MASK_SHIFT) & EXCEPTION_BITS;

    if (!Pending || !IsSimdArithmetic(Context))
        return;
    Record->ExceptionCode = SehpSimdStatus(Pending);
    Record->NumberParameters = 2;
    Record->ExceptionInformation[0] = 0;
    Record->ExceptionInformation[1] = MxCsr;
}

static LONG ReadDisplacement(const UCHAR *At, ULONG Size)
{
    LONG Value;

    if (Size == 1)
        return (signed char)*At;
    memcpy(&Value, At, sizeof(Value));
    return Value;
}

/* The address of a memory operand; Next is at the ModRM byte. */
static ULONG_PTR OperandAddress(PINSTRUCTION Instruction, const CONTEXT *Context)
{
    UCHAR ModRm = *Instruction->Next++, Mode = ModRm >> 6, Base = ModRm & 7;
    ULONG_PTR Address = Instruction->SegmentBase;

    if (Base == 4) {
        UCHAR Sib = *Instruction->Next++;
        ULONG Index = (Sib >> 3 & 7) | (Instruction->Rex & 2 ? 8 : 0);

        if (Index != 4)
            Address += SehpRegister(Context, Index) << (Sib >> 6);
        Base = Sib & 7;
    } else if (Base == 5 && !Mode && sizeof(ULONG_PTR) == 8) { /* relative to what follows */
        return Address + (ULONG_PTR)Instruction->Next + 4 + ReadDisplacement(Instruction->Next, 4);
    }
    if (Base == 5 && !Mode)
        return Address + ReadDisplacement(Instruction->Next, 4);
    Address += SehpRegister(Context, Base | (Instruction->Rex & 1 ? 8 : 0));
    return Mode ? Address + ReadDisplacement(Instruction->Next, Mode == 1 ? 1 : 4) : Address;
}

static ULONG_PTR ByteRegister(PINSTRUCTION Instruction, const CONTEXT *Context, ULONG Number)
{
    if (!Instruction->Rex && Number >= 4) /* AH to BH */
        return SehpRegister(Context, Number - 4) >> 8 & 0xff;
    return SehpRegister(Context, Number) & 0xff;
}

/* F6 and F7 with the numbers 6 and 7 divide by a register or by memory. */
static ULONG_PTR Divisor(const CONTEXT *Context)
{
    INSTRUCTION Instruction = {.Next = (const UCHAR *)SehpRegister(Context, SEHP_PROGRAM_COUNTER)};
    ULONG_PTR Value = 0;
    ULONG Size, Number;

    SkipPrefixes(&Instruction);
    if ((*Instruction.Next & 0xfe) != 0xf6 || (Instruction.Next[1] & 0x30) != 0x30)
        return 0;
    Size = !(*Instruction.Next++ & 1)  ? 1
           : Instruction.Rex & 8       ? 8
           : Instruction.OperandSize16 ? 2
                                       : 4;
    if (*Instruction.Next < 0xc0) {
        memcpy(&Value, (PVOID)OperandAddress(&Instruction, Context), Size);
        return Value;
    }
    Number = (*Instruction.Next & 7) | (Instruction.Rex & 1 ? 8 : 0);
    if (Size == 1)
        return ByteRegister(&Instruction, Context, Number);
    memcpy(&Value, &(ULONG_PTR){SehpRegister(Context, Number)}, Size);
    return Value;
}

void SehpRefine(PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    switch (Record->ExceptionCode) {
    case STATUS_FLOAT_INVALID_OPERATION:
        RefineFpu(Record, Context);
        break;
    case STATUS_ILLEGAL_INSTRUCTION:
        RefineInvalidOpcode(Record, Context);
        break;
    case STATUS_INTEGER_DIVIDE_BY_ZERO:
        if (Divisor(Context))
            Record->ExceptionCode = STATUS_INTEGER_OVERFLOW;
        break;
    }
}

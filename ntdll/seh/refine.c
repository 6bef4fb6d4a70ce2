// SPDX-License-Identifier: BSD-2-Clause
/*
 * Exceptions of which the Executive cannot know what exactly they are: it has no FPU state of a
 * client, and the kernel reports SSE exceptions as invalid opcodes. What divides zero and what
 * overflows is found here too, where the operand can be read. Instruction formats: Intel SDM
 * volume 2.
 */
#include "sehp.h"

#define LONGEST_INSTRUCTION 15

typedef struct _INSTRUCTION {
    const UCHAR *Next;
    UCHAR Rex;
    BOOLEAN OperandSize16;
    ULONG_PTR SegmentBase;
} INSTRUCTION, *PINSTRUCTION;

static void RefineFloating(PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    RTLP_FLOATING_STATUS Status = {.MxCsr = SehpMxCsr(Context)};

    Status.FpuStatus = SehpFpuStatus(Context, &Status.FpuControl);
    RtlpRefineFloatingException(Record, &Status,
                                (const UCHAR *)SehpRegister(Context, SEHP_PROGRAM_COUNTER),
                                LONGEST_INSTRUCTION);
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
    case STATUS_ILLEGAL_INSTRUCTION:
        RefineFloating(Record, Context);
        break;
    case STATUS_INTEGER_DIVIDE_BY_ZERO:
        if (Divisor(Context))
            Record->ExceptionCode = STATUS_INTEGER_OVERFLOW;
        break;
    }
}

// SPDX-License-Identifier: BSD-2-Clause
/*
 * What kind of floating-point exception it was. The processor says so in its status registers only,
 * and the kernel reports exceptions of SSE as invalid opcodes, so the instruction has to be looked
 * at too. (Intel SDM volume 1, chapters 8 and 11; volume 2)
 */
#include <nt/nt.h>

#define EXCEPTION_BITS 0x3f
#define FPU_STACK_FAULT 0x40
#define MXCSR_MASK_SHIFT 7

enum { Invalid = 1, Denormal = 2, DivideByZero = 4, Overflow = 8, Underflow = 16 };

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

static void RefineFpu(PEXCEPTION_RECORD Record, const RTLP_FLOATING_STATUS *Status)
{
    ULONG Pending = Status->FpuStatus & ~Status->FpuControl & EXCEPTION_BITS;

    if (Pending)
        Record->ExceptionCode = FpuStatus(Pending, Status->FpuStatus);
    Record->NumberParameters = 1;
    Record->ExceptionInformation[0] = 0;
}

static BOOLEAN IsPrefix(UCHAR Byte)
{
    switch (Byte) {
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x64 ... 0x67:
    case 0xf0:
    case 0xf2:
    case 0xf3:
        return TRUE;
    default:
        return FALSE;
    }
}

static const UCHAR *SkipPrefixes(const UCHAR *Code, const UCHAR *End)
{
    while (Code < End && IsPrefix(*Code))
        Code++;
#if defined(__x86_64__)
    if (Code < End && (*Code & 0xf0) == 0x40) /* REX */
        Code++;
#endif
    return Code;
}

static BOOLEAN IsArithmetic3A(UCHAR Opcode) /* ROUND, DPP */
{
    return (Opcode >= 0x08 && Opcode <= 0x0b) || Opcode == 0x40 || Opcode == 0x41;
}

/* Of the instructions of SSE that calculate, those that can raise an exception. */
static BOOLEAN IsSimdArithmetic(const UCHAR *Code, ULONG Length)
{
    const UCHAR *End = Code + Length;

    Code = SkipPrefixes(Code, End);
    if (Code == End || *Code++ != 0x0f || Code == End)
        return FALSE;
    switch (*Code) {
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
    case 0x3a:
        return Code + 1 < End && IsArithmetic3A(Code[1]);
    default:
        return FALSE;
    }
}

static void RefineInvalidOpcode(PEXCEPTION_RECORD Record, ULONG MxCsr, const UCHAR *Code,
                                ULONG Length)
{
    ULONG Pending = MxCsr & ~(MxCsr >> MXCSR_MASK_SHIFT) & EXCEPTION_BITS;

    if (!Pending || !IsSimdArithmetic(Code, Length))
        return;
    Record->ExceptionCode = RtlpSimdStatus(Pending);
    Record->NumberParameters = 2;
    Record->ExceptionInformation[0] = 0;
    Record->ExceptionInformation[1] = MxCsr;
}

/*
 * Record, as the processor's vector has it, becomes what Windows says: STATUS_FLOAT_... One that
 * has been refined, or is of another kind, stays as it is. Code: the instruction, of which no more
 * is read than its opcode has.
 */
void RtlpRefineFloatingException(PEXCEPTION_RECORD Record, const RTLP_FLOATING_STATUS *Status,
                                 const UCHAR *Code, ULONG Length)
{
    if (Record->NumberParameters)
        return;
    if (Record->ExceptionCode == STATUS_FLOAT_INVALID_OPERATION)
        RefineFpu(Record, Status);
    else if (Record->ExceptionCode == STATUS_ILLEGAL_INSTRUCTION)
        RefineInvalidOpcode(Record, Status->MxCsr, Code, Length);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Processor exceptions by vector, as NT names them. */
#include "../../kip.h"

static const struct {
    UCHAR Vector;
    NTSTATUS Status;
} VectorStatus[] =
    {
        {0, STATUS_INTEGER_DIVIDE_BY_ZERO},
        {1, STATUS_SINGLE_STEP},
        {3, STATUS_BREAKPOINT},
        {5, STATUS_ARRAY_BOUNDS_EXCEEDED},
        {12, STATUS_ACCESS_VIOLATION},        /* stack addresses that are not canonical */
        {16, STATUS_FLOAT_INVALID_OPERATION}, /* which one, ntdll finds in the FPU's state */
        {17, STATUS_DATATYPE_MISALIGNMENT},
        {19, STATUS_FLOAT_MULTIPLE_TRAPS}, /* the same; seL4 reports it as vector 6 */
};

/* The software interrupts of Windows, which the kernel refuses like any other (general protection,
 * at the INT). */
static NTSTATUS SoftwareInterruptStatus(const UCHAR Code[2])
{
    if (Code[0] == 0xce) /* INTO */
        return STATUS_INTEGER_OVERFLOW;
    if (Code[0] != 0xcd)
        return STATUS_SUCCESS;
    switch (Code[1]) {
    case 0x29:
        return STATUS_STACK_BUFFER_OVERRUN; /* __fastfail */
    case 0x2c:
        return STATUS_ASSERTION_FAILURE;
    case 0x2d:
        return STATUS_BREAKPOINT; /* debug service, without a debugger */
    default:
        return STATUS_ACCESS_VIOLATION;
    }
}

#define LONGEST_INSTRUCTION 15

static BOOLEAN IsPrefix(UCHAR Byte)
{
    switch (Byte) {
    case 0x66:
    case 0x67:
    case 0xf2:
    case 0xf3:
    case 0x26: /* segments */
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x64:
    case 0x65:
        return TRUE;
    default:
        return KI_IS_REX(Byte);
    }
}

static BOOLEAN IsPrivileged(const UCHAR *Code, ULONG Length)
{
    while (Length > 1 && IsPrefix(*Code)) {
        Code++;
        Length--;
    }
    switch (Code[0]) {
    case 0xe4 ... 0xe7: /* IN, OUT */
    case 0xec ... 0xef:
    case 0x6c ... 0x6f: /* INS, OUTS */
    case 0xf4:          /* HLT */
    case 0xfa:          /* CLI */
    case 0xfb:          /* STI */
        return TRUE;
    case 0x0f: /* descriptor tables, control and debug registers, MSRs, caches */
        return Length > 1 &&
               (Code[1] <= 0x01 || Code[1] == 0x06 || Code[1] == 0x08 || Code[1] == 0x09 ||
                (Code[1] >= 0x20 && Code[1] <= 0x23) || Code[1] == 0x30 || Code[1] == 0x32 ||
                Code[1] == 0x33 || Code[1] == 0x07 || Code[1] == 0x35);
    default:
        return FALSE;
    }
}

ULONG KiFetchCode(PEPROCESS Process, ULONG_PTR Address, UCHAR *Code, ULONG Length)
{
    ULONG i;

    if (NT_SUCCESS(MmCopyFromProcess(Process, Code, (CLIENT(PVOID))Address, Length)))
        return Length;
    for (i = 0; i < Length; i++)
        if (!NT_SUCCESS(MmCopyFromProcess(Process, &Code[i], (CLIENT(PVOID))(Address + i), 1)))
            break;
    return i;
}

/*
 * Where the software interrupts of Windows leave the program: __fastfail and assertions at the
 * instruction; the debug service behind it, and behind one more byte for the requests that have a
 * number there.
 */
static void DebugService(seL4_UserContext *Registers, PEXCEPTION_RECORD Record)
{
    seL4_Word Request = KiAccumulator(Registers);

    KiProgramCounter(Registers) += 2;
    Record->ExceptionAddress = (PVOID)KiProgramCounter(Registers);
    if (Request == 1 || (Request >= 3 && Request <= 5))
        KiProgramCounter(Registers)++;
    Record->NumberParameters = 1;
    Record->ExceptionInformation[0] = Request;
}

static void FastFail(const seL4_UserContext *Registers, PEXCEPTION_RECORD Record)
{
    Record->ExceptionFlags = EXCEPTION_NONCONTINUABLE; /* and no handler sees it */
    Record->NumberParameters = 1;
    Record->ExceptionInformation[0] = KiCountRegister(Registers);
}

/* If it is neither a software interrupt nor a privileged instruction, it used a non-canonical
 * address or an invalid selector. */
static void GeneralProtection(PETHREAD Thread, seL4_UserContext *Registers,
                              PEXCEPTION_RECORD Record)
{
    UCHAR Code[LONGEST_INSTRUCTION] = {0};
    ULONG Length = KiFetchCode(Thread->Process, KiProgramCounter(Registers), Code, sizeof(Code));

    Record->ExceptionCode = Length >= 2 ? SoftwareInterruptStatus(Code) : STATUS_SUCCESS;
    if (Record->ExceptionCode == STATUS_STACK_BUFFER_OVERRUN)
        FastFail(Registers, Record);
    if (Record->ExceptionCode == STATUS_BREAKPOINT)
        DebugService(Registers, Record);
    if (Record->ExceptionCode == STATUS_INTEGER_OVERFLOW)
        KiProgramCounter(Registers)++; /* the program goes on behind it */
    if (Record->ExceptionCode == STATUS_SUCCESS)
        Record->ExceptionCode = Length && IsPrivileged(Code, Length) ? STATUS_PRIVILEGED_INSTRUCTION
                                                                     : STATUS_ACCESS_VIOLATION;
}

/* A breakpoint is reported at the INT3, though the processor is behind it already. */
static void Breakpoint(seL4_UserContext *Registers, PEXCEPTION_RECORD Record)
{
    KiProgramCounter(Registers)--;
    Record->ExceptionAddress = (PVOID)KiProgramCounter(Registers);
    Record->NumberParameters = 1; /* no debug service: 0 */
}

void KiVectorToException(PETHREAD Thread, ULONG Vector, seL4_UserContext *Registers,
                         PEXCEPTION_RECORD Record)
{
    ULONG i;

    Record->ExceptionAddress = (PVOID)KiProgramCounter(Registers);
    Record->ExceptionCode = STATUS_ILLEGAL_INSTRUCTION;
    for (i = 0; i < ARRAYSIZE(VectorStatus); i++)
        if (VectorStatus[i].Vector == Vector)
            Record->ExceptionCode = VectorStatus[i].Status;
    if (Vector == 1)
        KiFlags(Registers) &= ~(seL4_Word)EFLAGS_TRAP;
    if (Vector == KI_VECTOR_BREAKPOINT)
        Breakpoint(Registers, Record);
    if (Vector == KI_VECTOR_GENERAL_PROTECTION)
        GeneralProtection(Thread, Registers, Record);
    if (Record->ExceptionCode == STATUS_ACCESS_VIOLATION) {
        Record->NumberParameters = 2;
        Record->ExceptionInformation[1] = MAXULONG_PTR; /* the address is not known */
    }
}

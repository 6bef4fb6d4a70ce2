/* SPDX-License-Identifier: BSD-2-Clause */
/* Carries out a privileged instruction, with the registers that KiTrapStub has saved. */
#include "hal.h"
#include "ntdll.h"
#include "trap.h"

#define KI_DIRECTION_FLAG 0x400

/* The registers of IN and OUT with the value's size: 32 bits clear what is above on amd64. */
static VOID KiSetAccumulator(PKI_TRAP_FRAME Frame, ULONG Size, ULONG Value)
{
    ULONG_PTR Kept = Size == 4 ? 0 : ~(ULONG_PTR)(Size == 1 ? 0xff : 0xffff);

    KiRegister(Frame, KI_ACCUMULATOR) = (KiRegister(Frame, KI_ACCUMULATOR) & Kept) | Value;
}

static BOOLEAN KiExecutePort(PKI_TRAP_FRAME Frame, const KI_INSTRUCTION *Instruction)
{
    USHORT Port = Instruction->ImmediatePort ? Instruction->Port
                                             : (USHORT)KiRegister(Frame, KI_DATA_REGISTER);
    ULONG Cap = HalFindPort(Port, Instruction->Size);

    if (!Cap)
        return FALSE;
    if (Instruction->Operation == KI_PORT_OUTPUT)
        KxWritePort(Cap, Port, Instruction->Size, (ULONG)KiRegister(Frame, KI_ACCUMULATOR));
    else
        KiSetAccumulator(Frame, Instruction->Size, KxReadPort(Cap, Port, Instruction->Size));
    return TRUE;
}

/* What an instruction with that size of addresses uses of a register */
static ULONG_PTR KiAddressMask(const KI_INSTRUCTION *Instruction)
{
    return Instruction->AddressSize == sizeof(ULONG_PTR)
               ? ~(ULONG_PTR)0
               : ((ULONG_PTR)1 << 8 * Instruction->AddressSize) - 1;
}

/* On amd64 32 bits clear what is above; 16 keep it. */
static VOID KiAddToRegister(PKI_TRAP_FRAME Frame, const KI_INSTRUCTION *Instruction, ULONG Number,
                            LONG_PTR Change)
{
    ULONG_PTR Mask = KiAddressMask(Instruction), Value = KiRegister(Frame, Number);
    ULONG_PTR Kept = Instruction->AddressSize == 2 ? Value & ~Mask : 0;

    KiRegister(Frame, Number) = Kept | ((Value + Change) & Mask);
}

static VOID KiMoveElement(PKI_TRAP_FRAME Frame, const KI_INSTRUCTION *Instruction, ULONG Cap,
                          ULONG Register)
{
    PVOID Address = (PVOID)(KiRegister(Frame, Register) & KiAddressMask(Instruction));
    USHORT Port = (USHORT)KiRegister(Frame, KI_DATA_REGISTER);
    ULONG Size = Instruction->Size;

    if (Instruction->Operation == KI_STRING_OUTPUT) {
        KxWritePort(Cap, Port, Size, KiLoadElement(Frame, Address, Size));
        return;
    }
    KiProbeElement(Frame, Address, Size); /* what the device gives is not lost by a fault */
    KiStoreElement(Frame, Address, Size, KxReadPort(Cap, Port, Size));
}

/* The registers are those of the elements that are done: after a fault it goes on from there. */
static BOOLEAN KiExecuteString(PKI_TRAP_FRAME Frame, const KI_INSTRUCTION *Instruction)
{
    ULONG Register =
        Instruction->Operation == KI_STRING_OUTPUT ? KI_SOURCE_REGISTER : KI_DESTINATION_REGISTER;
    LONG_PTR Step = Frame->Flags & KI_DIRECTION_FLAG ? -(LONG_PTR)Instruction->Size
                                                     : (LONG_PTR)Instruction->Size;
    ULONG_PTR Mask = KiAddressMask(Instruction);
    ULONG Cap = HalFindPort((USHORT)KiRegister(Frame, KI_DATA_REGISTER), Instruction->Size);

    if (!Cap)
        return FALSE;
    while (!Instruction->Repeat || (KiRegister(Frame, KI_COUNT_REGISTER) & Mask)) {
        KiMoveElement(Frame, Instruction, Cap, Register);
        KiAddToRegister(Frame, Instruction, Register, Step);
        if (!Instruction->Repeat)
            break;
        KiAddToRegister(Frame, Instruction, KI_COUNT_REGISTER, -1);
    }
    return TRUE;
}

/* CR8 has four bits. */
static BOOLEAN KiExecuteLevel(PKI_TRAP_FRAME Frame, const KI_INSTRUCTION *Instruction)
{
    ULONG_PTR Level = KiRegister(Frame, Instruction->Register);

    if (Instruction->Operation == KI_READ_LEVEL) {
        KiRegister(Frame, Instruction->Register) = KiGetIrql();
        return TRUE;
    }
    if (Level > KI_HIGHEST_LEVEL)
        return FALSE;
    KiWriteIrql((KIRQL)Level);
    return TRUE;
}

static BOOLEAN KiCarryOut(PKI_TRAP_FRAME Frame, const KI_INSTRUCTION *Instruction)
{
    switch (Instruction->Operation) {
    case KI_PORT_INPUT:
    case KI_PORT_OUTPUT:
        return KiExecutePort(Frame, Instruction);
    case KI_STRING_INPUT:
    case KI_STRING_OUTPUT:
        return KiExecuteString(Frame, Instruction);
    default:
        return KiExecuteLevel(Frame, Instruction);
    }
}

/* Raises what the instruction has raised in the first place, at its own address. */
DECLSPEC_NORETURN static VOID KiRefuseInstruction(PKI_TRAP_FRAME Frame)
{
    EXCEPTION_RECORD Record = {.ExceptionCode = STATUS_PRIVILEGED_INSTRUCTION,
                               .ExceptionAddress = (PVOID)KiSiteOfFrame(Frame),
                               .NumberParameters = 1,
                               .ExceptionInformation = {KI_REFUSED}};
    CONTEXT Context;

    RtlCaptureContext(&Context);
    KiTrapFrameToContext(Frame, &Context);
    NtRaiseException(&Record, &Context, TRUE);
    KeBugCheckEx(KMODE_EXCEPTION_NOT_HANDLED, (ULONG)STATUS_PRIVILEGED_INSTRUCTION,
                 KiSiteOfFrame(Frame), 0, 0);
}

VOID KiExecuteInstruction(PKI_TRAP_FRAME Frame)
{
    const KI_INSTRUCTION *Instruction = Frame->Instruction;

    KiRegister(Frame, KI_STACK_REGISTER) = (ULONG_PTR)(&Frame->Return + 1);
    if (!KiCarryOut(Frame, Instruction))
        KiRefuseInstruction(Frame);
    Frame->Return = KiSiteOfFrame(Frame) + Instruction->Length;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Privileged instructions of drivers: port input and output (READ_PORT_UCHAR and its family, which
 * the stock DDK headers compile to intrinsics on x64 and drivers built elsewhere may on i386), and
 * what the architecture adds. They are carried out on ports that the driver holds; everything else
 * (string forms and CLI among it, since the driver runtime has better ways) stays an exception.
 * Instruction formats: Intel SDM volume 2.
 */
#include "instruction.h"

static UCHAR FetchOpcode(PETHREAD Thread, ULONG_PTR Address, PKI_INSTRUCTION Instruction)
{
    UCHAR Byte;

    for (; Instruction->Available < KI_MAXIMUM_INSTRUCTION; Instruction->Available++)
        if (!NT_SUCCESS(MmCopyFromProcess(Thread->Process,
                                          &Instruction->Bytes[Instruction->Available],
                                          (CLIENT(PVOID))(Address + Instruction->Available), 1)))
            break;
    Byte = KiNextByte(Instruction);
    if (Byte == 0x66) {
        Instruction->OperandSize16 = TRUE;
        Byte = KiNextByte(Instruction);
    }
    if (KI_IS_REX(Byte)) {
        Instruction->Rex = Byte;
        Byte = KiNextByte(Instruction);
    }
    return Byte;
}

/* IN and OUT: opcodes E4..E7 (port is the next byte) and EC..EF (port is DX); bit 0 = not a byte,
 * bit 1 = OUT. */
static BOOLEAN EmulatePort(PETHREAD Thread, PKI_INSTRUCTION Instruction, UCHAR Opcode,
                           seL4_UserContext *Registers)
{
    ULONG Size = !(Opcode & 1) ? 1 : Instruction->OperandSize16 ? 2 : 4;
    USHORT Port = Opcode & 8 ? (USHORT)KiDataRegister(Registers) : KiNextByte(Instruction);
    ULONG Value = (ULONG)KiAccumulator(Registers);
    BOOLEAN Write = (Opcode & 2) != 0;
    seL4_CPtr Cap = IoHostPortCap(Thread->Process, Port, Size);

    if (!Cap || !NT_SUCCESS(HalPortAccess(Cap, Port, Size, Write, &Value)))
        return FALSE;
    if (Write)
        return TRUE;
    if (Size == 4)
        KiAccumulator(Registers) = Value;
    else
        KiAccumulator(Registers) =
            (KiAccumulator(Registers) & ~(seL4_Word)(Size == 1 ? 0xff : 0xffff)) | Value;
    return TRUE;
}

static BOOLEAN Emulate(PETHREAD Thread, PKI_INSTRUCTION Instruction, seL4_UserContext *Registers)
{
    UCHAR Opcode = FetchOpcode(Thread, KiProgramCounter(Registers), Instruction);

    if ((Opcode >= 0xe4 && Opcode <= 0xe7) || (Opcode >= 0xec && Opcode <= 0xef))
        return EmulatePort(Thread, Instruction, Opcode, Registers);
    if (Opcode == 0x0f)
        return KiEmulateTwoByteOpcode(Thread, Instruction, Registers);
    return FALSE;
}

BOOLEAN KiEmulatePrivileged(PETHREAD Thread, seL4_UserContext *Registers)
{
    KI_INSTRUCTION Instruction = {0};

    if (!Emulate(Thread, &Instruction, Registers))
        return FALSE;
    KiProgramCounter(Registers) += Instruction.Position;
    return seL4_TCB_WriteRegisters(Thread->Tcb.Cap, FALSE, 0, KI_REGISTER_COUNT, Registers) ==
           seL4_NoError;
}

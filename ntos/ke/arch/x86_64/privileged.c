/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Privileged instructions that the stock DDK headers compile into drivers: port input and output
 * (READ_PORT_UCHAR and its family as intrinsics) and the interrupt request level, which x64 keeps
 * in CR8. They are carried out for what the driver holds; everything else (string forms and CLI
 * among it, since the driver runtime has better ways) stays an exception. Instruction formats:
 * Intel SDM volume 2.
 */
#include "../../kip.h"
#include <neptune/driver.h>

#define MAXIMUM_INSTRUCTION 5 /* of those that are carried out: 66 REX opcode operand */

#define REX_MASK 0xf0
#define REX 0x40
#define REX_B 0x01
#define REX_R 0x04

typedef struct {
    UCHAR Bytes[MAXIMUM_INSTRUCTION];
    ULONG Available; /* bytes that could be read */
    ULONG Position;
    BOOLEAN OperandSize16;
    UCHAR Rex;
} INSTRUCTION;

/* Past the end it gives an opcode that is carried out nowhere. */
static UCHAR NextByte(INSTRUCTION *Instruction)
{
    return Instruction->Position < Instruction->Available
               ? Instruction->Bytes[Instruction->Position++]
               : 0x90;
}

static UCHAR FetchOpcode(PETHREAD Thread, ULONG_PTR Address, INSTRUCTION *Instruction)
{
    UCHAR Byte;

    for (; Instruction->Available < MAXIMUM_INSTRUCTION; Instruction->Available++)
        if (!NT_SUCCESS(MmCopyFromProcess(Thread->Process,
                                          &Instruction->Bytes[Instruction->Available],
                                          (PVOID)(Address + Instruction->Available), 1)))
            break;
    Byte = NextByte(Instruction);
    if (Byte == 0x66) {
        Instruction->OperandSize16 = TRUE;
        Byte = NextByte(Instruction);
    }
    if ((Byte & REX_MASK) == REX) {
        Instruction->Rex = Byte;
        Byte = NextByte(Instruction);
    }
    return Byte;
}

/* IN and OUT: opcodes E4..E7 (port is the next byte) and EC..EF (port is DX); bit 0 = not a byte,
 * bit 1 = OUT. */
static BOOLEAN EmulatePort(PETHREAD Thread, INSTRUCTION *Instruction, UCHAR Opcode,
                           seL4_UserContext *Registers)
{
    ULONG Size = !(Opcode & 1) ? 1 : Instruction->OperandSize16 ? 2 : 4;
    USHORT Port = Opcode & 8 ? (USHORT)Registers->rdx : NextByte(Instruction);
    ULONG Value = (ULONG)Registers->rax;
    BOOLEAN Write = (Opcode & 2) != 0;
    seL4_CPtr Cap = IoDriverPortCap(Thread->Process, Port, Size);

    if (!Cap || !NT_SUCCESS(HalPortAccess(Cap, Port, Size, Write, &Value)))
        return FALSE;
    if (Write)
        return TRUE;
    if (Size == 4)
        Registers->rax = Value;
    else
        Registers->rax = (Registers->rax & ~(seL4_Word)(Size == 1 ? 0xff : 0xffff)) | Value;
    return TRUE;
}

static seL4_Word *GeneralRegister(seL4_UserContext *r, ULONG Number)
{
    seL4_Word *const Registers[] = {&r->rax, &r->rcx, &r->rdx, &r->rbx, &r->rsp, &r->rbp,
                                    &r->rsi, &r->rdi, &r->r8,  &r->r9,  &r->r10, &r->r11,
                                    &r->r12, &r->r13, &r->r14, &r->r15};

    return Registers[Number];
}

/* MOV to and from CR8: 0F 20 and 0F 22, where REX.R selects CR8 in place of CR0. The level is in
 * the TEB's page. */
static BOOLEAN EmulateCr8(PETHREAD Thread, INSTRUCTION *Instruction, seL4_UserContext *Registers)
{
    UCHAR Opcode = NextByte(Instruction), ModRm = NextByte(Instruction);
    seL4_Word *Register =
        GeneralRegister(Registers, (ModRm & 7) | (Instruction->Rex & REX_B ? 8 : 0));
    PVOID Level = (PCHAR)Thread->Teb + NEPTUNE_TEB_IRQL;
    UCHAR Value;

    if ((Opcode != 0x20 && Opcode != 0x22) || !(Instruction->Rex & REX_R) || (ModRm & 0xf8) != 0xc0)
        return FALSE;
    if (Opcode == 0x22) {
        Value = (UCHAR)*Register;
        return *Register <= 15 &&
               NT_SUCCESS(MmCopyToProcess(Thread->Process, Level, &Value, sizeof(Value)));
    }
    if (!NT_SUCCESS(MmCopyFromProcess(Thread->Process, &Value, Level, sizeof(Value))))
        return FALSE;
    *Register = Value;
    return TRUE;
}

static BOOLEAN Emulate(PETHREAD Thread, INSTRUCTION *Instruction, seL4_UserContext *Registers)
{
    UCHAR Opcode = FetchOpcode(Thread, Registers->rip, Instruction);

    if ((Opcode >= 0xe4 && Opcode <= 0xe7) || (Opcode >= 0xec && Opcode <= 0xef))
        return EmulatePort(Thread, Instruction, Opcode, Registers);
    if (Opcode == 0x0f)
        return EmulateCr8(Thread, Instruction, Registers);
    return FALSE;
}

BOOLEAN KiEmulatePrivileged(PETHREAD Thread, seL4_UserContext *Registers)
{
    INSTRUCTION Instruction = {0};

    if (!Emulate(Thread, &Instruction, Registers))
        return FALSE;
    Registers->rip += Instruction.Position;
    return seL4_TCB_WriteRegisters(Thread->Tcb.Cap, FALSE, 0, KI_REGISTER_COUNT, Registers) ==
           seL4_NoError;
}

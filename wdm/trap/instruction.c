/* SPDX-License-Identifier: BSD-2-Clause */
#include "instruction.h"

#define REX_B 0x01
#define REX_R 0x04
#define REX_W 0x08
#define STACK_REGISTER 4

typedef struct _KI_DECODER {
    const uint8_t *Code;
    size_t Length;
    size_t Position;
    bool Mode64;
    bool OperandSize, AddressSize, Repeat, Segment;
    uint8_t Rex;
} KI_DECODER, *PKI_DECODER;

/* Past the end: no opcode that is known. */
static uint8_t NextByte(PKI_DECODER Decoder)
{
    return Decoder->Position < Decoder->Length ? Decoder->Code[Decoder->Position++] : 0x90;
}

/* FALSE: the byte is no prefix. CS, DS, ES and SS are the whole of memory. */
static bool TakePrefix(PKI_DECODER Decoder, uint8_t Byte)
{
    switch (Byte) {
    case 0x66:
        return Decoder->OperandSize = true;
    case 0x67:
        return Decoder->AddressSize = true;
    case 0xf2: /* repeats string instructions of ports like F3 */
    case 0xf3:
        return Decoder->Repeat = true;
    case 0x64:
    case 0x65:
        return Decoder->Segment = true;
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e:
        return true;
    default:
        return false;
    }
}

/* The first byte of the opcode. REX counts only right before it. */
static uint8_t TakePrefixes(PKI_DECODER Decoder)
{
    for (;;) {
        uint8_t Byte = NextByte(Decoder);

        if (TakePrefix(Decoder, Byte))
            Decoder->Rex = 0;
        else if (Decoder->Mode64 && (Byte & 0xf0) == 0x40)
            Decoder->Rex = Byte;
        else
            return Byte;
    }
}

/* Of a port instruction whose opcode has bit 0 clear for bytes. REX.W is stronger than 66, and
 * means 32 bits here. */
static uint8_t DataSize(const KI_DECODER *Decoder, uint8_t Opcode)
{
    if (!(Opcode & 1))
        return 1;
    return Decoder->OperandSize && !(Decoder->Rex & REX_W) ? 2 : 4;
}

/* E4..E7 (the port is the next byte) and EC..EF (it is in DX); bit 1: OUT */
static bool DecodePort(PKI_DECODER Decoder, uint8_t Opcode, KI_INSTRUCTION *Instruction)
{
    Instruction->Operation = Opcode & 2 ? KI_PORT_OUTPUT : KI_PORT_INPUT;
    Instruction->Size = DataSize(Decoder, Opcode);
    if (Opcode & 8)
        return true;
    if (Decoder->Position == Decoder->Length)
        return false;
    Instruction->ImmediatePort = 1;
    Instruction->Port = NextByte(Decoder);
    return true;
}

/* 6C..6F; bit 1: OUTS */
static bool DecodeString(PKI_DECODER Decoder, uint8_t Opcode, KI_INSTRUCTION *Instruction)
{
    Instruction->Operation = Opcode & 2 ? KI_STRING_OUTPUT : KI_STRING_INPUT;
    Instruction->Size = DataSize(Decoder, Opcode);
    Instruction->Repeat = Decoder->Repeat;
    if (Decoder->Mode64)
        Instruction->AddressSize = Decoder->AddressSize ? 4 : 8;
    else
        Instruction->AddressSize = Decoder->AddressSize ? 2 : 4;
    return !Decoder->Segment;
}

/* 0F 20 and 0F 22 move from and to CR0..CR7; REX.R selects CR8 in place of CR0. */
static bool DecodeLevel(PKI_DECODER Decoder, KI_INSTRUCTION *Instruction)
{
    uint8_t Opcode = NextByte(Decoder), ModRm = NextByte(Decoder);

    if ((Opcode != 0x20 && Opcode != 0x22) || !(Decoder->Rex & REX_R) || (ModRm & 0xf8) != 0xc0)
        return false;
    Instruction->Operation = Opcode == 0x20 ? KI_READ_LEVEL : KI_WRITE_LEVEL;
    Instruction->Register = (ModRm & 7) | (Decoder->Rex & REX_B ? 8 : 0);
    return Instruction->Register != STACK_REGISTER;
}

static bool DecodeOpcode(PKI_DECODER Decoder, uint8_t Opcode, KI_INSTRUCTION *Instruction)
{
    if ((Opcode >= 0xe4 && Opcode <= 0xe7) || (Opcode >= 0xec && Opcode <= 0xef))
        return DecodePort(Decoder, Opcode, Instruction);
    if (Opcode >= 0x6c && Opcode <= 0x6f)
        return DecodeString(Decoder, Opcode, Instruction);
    return Opcode == 0x0f && DecodeLevel(Decoder, Instruction);
}

bool KiDecodeInstruction(const uint8_t *Code, size_t Length, bool Mode64,
                         KI_INSTRUCTION *Instruction)
{
    KI_DECODER Decoder = {.Code = Code, .Mode64 = Mode64};
    uint8_t Opcode;

    Decoder.Length = Length < KI_LONGEST_INSTRUCTION ? Length : KI_LONGEST_INSTRUCTION;
    *Instruction = (KI_INSTRUCTION){0};
    Opcode = TakePrefixes(&Decoder);
    if (!DecodeOpcode(&Decoder, Opcode, Instruction))
        return false;
    Instruction->Length = (uint8_t)Decoder.Position;
    return true;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A privileged instruction of a driver, as far as it has been looked at. */
#pragma once
#include "../../kip.h"

#define KI_MAXIMUM_INSTRUCTION 5 /* of those that are carried out: 66 REX opcode operand */

typedef struct _KI_INSTRUCTION {
    UCHAR Bytes[KI_MAXIMUM_INSTRUCTION];
    ULONG Available; /* bytes that could be read */
    ULONG Position;
    BOOLEAN OperandSize16;
    UCHAR Rex; /* 0: none, as always on i386 */
} KI_INSTRUCTION, *PKI_INSTRUCTION;

/* Past the end it gives an opcode that is carried out nowhere. */
FORCEINLINE UCHAR KiNextByte(PKI_INSTRUCTION Instruction)
{
    return Instruction->Position < Instruction->Available
               ? Instruction->Bytes[Instruction->Position++]
               : 0x90;
}

/* arch: instructions behind the byte 0F. FALSE: it is not one to be carried out. */
BOOLEAN KiEmulateTwoByteOpcode(PETHREAD Thread, PKI_INSTRUCTION Instruction,
                               seL4_UserContext *Registers);

/* SPDX-License-Identifier: BSD-2-Clause */
/* A privileged instruction of a driver, as far as it has been decoded. */
#pragma once
#include "../../kip.h"

#define KI_MAXIMUM_INSTRUCTION 5 /* the longest that is carried out: 66 REX opcode operand */

typedef struct _KI_INSTRUCTION {
    UCHAR Bytes[KI_MAXIMUM_INSTRUCTION];
    ULONG Available; /* bytes that could be read */
    ULONG Position;
    BOOLEAN OperandSize16;
    UCHAR Rex; /* 0: none, as always on i386 */
} KI_INSTRUCTION, *PKI_INSTRUCTION;

/* Past the end it returns an opcode that is never carried out. */
FORCEINLINE UCHAR KiNextByte(PKI_INSTRUCTION Instruction)
{
    return Instruction->Position < Instruction->Available
               ? Instruction->Bytes[Instruction->Position++]
               : 0x90;
}

/* arch: instructions that begin with the byte 0F. FALSE: not one that is carried out. */
BOOLEAN KiEmulateTwoByteOpcode(PETHREAD Thread, PKI_INSTRUCTION Instruction,
                               seL4_UserContext *Registers);

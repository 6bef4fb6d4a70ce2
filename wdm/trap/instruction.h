/* SPDX-License-Identifier: BSD-2-Clause */
/* The privileged instructions that are carried out for drivers. Pure code, tested on the host. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KI_LONGEST_INSTRUCTION 15 /* Intel SDM volume 2, 2.3.11 */

typedef enum _KI_OPERATION {
    KI_PORT_INPUT,   /* IN: to the accumulator */
    KI_PORT_OUTPUT,  /* OUT */
    KI_STRING_INPUT, /* INS: from the port in DX to memory */
    KI_STRING_OUTPUT,
    KI_READ_LEVEL, /* MOV from CR8 */
    KI_WRITE_LEVEL,
} KI_OPERATION;

/* Bytes only: it lies at any address, in the midst of code (trampoline.c). */
typedef struct _KI_INSTRUCTION {
    uint8_t Length;
    uint8_t Operation;
    uint8_t Size;          /* of what is moved: 1, 2 or 4 bytes */
    uint8_t AddressSize;   /* of string instructions: bytes of the registers that are used */
    uint8_t Repeat;        /* as often as the count register says */
    uint8_t ImmediatePort; /* the port is Port, else what DX has */
    uint8_t Port;
    uint8_t Register; /* of the level, by its number in instructions */
} KI_INSTRUCTION, *PKI_INSTRUCTION;

/*
 * Decodes what begins at Code, of which Length bytes are there; Mode64: code of amd64. False: it is
 * not one of these, or has a form that no compiler makes (a LOCK prefix, a string at FS or GS).
 * Formats: Intel SDM volume 2.
 */
bool KiDecodeInstruction(const uint8_t *Code, size_t Length, bool Mode64,
                         KI_INSTRUCTION *Instruction);

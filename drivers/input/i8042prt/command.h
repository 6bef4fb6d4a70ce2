/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command to the keyboard. Each byte is answered by ACK, after which the next one may be sent, or
 * by RESEND, after which it is sent again. Keys may arrive in between. Pure code, tested on the
 * host.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define I8X_ACK 0xFA
#define I8X_RESEND 0xFE
#define I8X_MAX_RESENDS 3

typedef enum _I8X_COMMAND_RESULT {
    I8xNotMine,  /* the byte is a key's */
    I8xSendByte, /* *Send is to be written to the keyboard */
    I8xFinished, /* the keyboard has taken the whole command */
    I8xFailed,   /* it has asked for a byte again too often */
} I8X_COMMAND_RESULT;

typedef struct _I8X_COMMAND {
    uint8_t Bytes[2];
    uint8_t Count; /* 0: no command is under way */
    uint8_t Current;
    uint8_t Resends;
} I8X_COMMAND;

/* Begins a command of Count bytes; returns the first, which is to be written to the keyboard. */
uint8_t I8xBeginCommand(I8X_COMMAND *Command, const uint8_t *Bytes, uint8_t Count);

/* What a byte from the keyboard means to the command. */
I8X_COMMAND_RESULT I8xAnswerCommand(I8X_COMMAND *Command, uint8_t Byte, uint8_t *Send);

/*
 * No answer has come: the byte to write again, or FALSE when that has been tried often enough; the
 * command is over then.
 */
bool I8xRepeatCommand(I8X_COMMAND *Command, uint8_t *Send);

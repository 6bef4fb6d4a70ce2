/* SPDX-License-Identifier: BSD-2-Clause */
#include "command.h"

uint8_t I8xBeginCommand(I8X_COMMAND *Command, const uint8_t *Bytes, uint8_t Count)
{
    for (uint8_t i = 0; i < Count; i++)
        Command->Bytes[i] = Bytes[i];
    Command->Count = Count;
    Command->Current = 0;
    Command->Resends = 0;
    return Command->Bytes[0];
}

bool I8xRepeatCommand(I8X_COMMAND *Command, uint8_t *Send)
{
    if (Command->Count == 0 || Command->Resends == I8X_MAX_RESENDS) {
        Command->Count = 0;
        return false;
    }
    Command->Resends++;
    *Send = Command->Bytes[Command->Current];
    return true;
}

I8X_COMMAND_RESULT I8xAnswerCommand(I8X_COMMAND *Command, uint8_t Byte, uint8_t *Send)
{
    if (Command->Count == 0)
        return I8xNotMine;
    if (Byte == I8X_RESEND)
        return I8xRepeatCommand(Command, Send) ? I8xSendByte : I8xFailed;
    if (Byte != I8X_ACK)
        return I8xNotMine;
    Command->Resends = 0;
    if (++Command->Current == Command->Count) {
        Command->Count = 0;
        return I8xFinished;
    }
    *Send = Command->Bytes[Command->Current];
    return I8xSendByte;
}

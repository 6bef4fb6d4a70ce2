/* SPDX-License-Identifier: BSD-2-Clause */
#include "typematic.h"

/*
 * Bits 4..0 of the byte give the time between repeats: (8 + bits 2..0) * 2^(bits 4..3) * 1/240 s.
 * Bits 6..5 give the delay: (1 + bits 6..5) * 250 ms.
 */
static unsigned I8xRepeatUnits(unsigned Code)
{
    return (8 + (Code & 7)) << (Code >> 3);
}

uint8_t I8xTypematicByte(uint16_t Rate, uint16_t Delay)
{
    uint8_t Code = 31, DelayCode = 0;

    while (Code > 0 && 240 < Rate * I8xRepeatUnits(Code))
        Code--;
    while (DelayCode < 3 && (DelayCode + 1) * 250 < Delay)
        DelayCode++;
    return (uint8_t)(DelayCode << 5 | Code);
}

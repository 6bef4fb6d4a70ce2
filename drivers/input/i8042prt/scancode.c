/* SPDX-License-Identifier: BSD-2-Clause */
#include "scancode.h"

bool I8xDecodeByte(I8X_SCAN_STATE *State, uint8_t Byte, I8X_KEY *Key)
{
    switch (Byte) {
    case 0xE0:
        State->Prefix = I8X_E0;
        State->Left = 1;
        return false;
    case 0xE1:
        State->Prefix = I8X_E1;
        State->Left = 2;
        return false;
    case 0x00:
    case 0xFF: /* the keyboard's own buffer has overrun, or it has lost a key */
        *Key = (I8X_KEY){I8X_OVERRUN, 0};
        State->Prefix = State->Left = 0;
        return true;
    }
    Key->MakeCode = Byte & 0x7F;
    Key->Flags = State->Prefix | ((Byte & 0x80) ? I8X_BREAK : 0);
    if (State->Left && --State->Left == 0)
        State->Prefix = 0;
    return true;
}

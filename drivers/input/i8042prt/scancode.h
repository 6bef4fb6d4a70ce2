/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes of scan-code set 1 (what the controller's translation makes of set 2) to make codes and
 * flags. A key is one byte, bit 7 set when it is released; E0 goes before the keys added by the
 * enhanced keyboard, E1 before the two codes of Pause. In set 2, F0 goes before the code of a key
 * that is released; it is translated here when the controller cannot. Pure code, tested on the
 * host.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* The flags are those of KEYBOARD_INPUT_DATA. */
#define I8X_BREAK 1
#define I8X_E0 2
#define I8X_E1 4
#define I8X_OVERRUN 0xFF

typedef struct _I8X_SCAN_STATE {
    uint16_t Prefix; /* I8X_E0, I8X_E1 or 0: of the bytes to come */
    uint8_t Left;    /* codes that it still covers */
    bool Set2;       /* the bytes are of set 2 */
    bool Released;   /* in set 2: F0 has come */
} I8X_SCAN_STATE;

typedef struct _I8X_KEY {
    uint16_t MakeCode;
    uint16_t Flags;
} I8X_KEY;

/* TRUE if Byte ends a key's code: then *Key is it. */
bool I8xDecodeByte(I8X_SCAN_STATE *State, uint8_t Byte, I8X_KEY *Key);

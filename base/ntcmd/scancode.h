/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys: scan codes of set 1, as the keyboard class driver delivers them, to characters (US layout)
 * and editing keys. */
#pragma once
#include <nt/nt.h>

typedef enum _KEY {
    KeyNone,
    KeyCharacter,
    KeyEnter,
    KeyBackspace,
    KeyDelete,
    KeyLeft,
    KeyRight,
    KeyUp,
    KeyDown,
    KeyHome,
    KeyEnd,
    KeyWordLeft,
    KeyWordRight,
    KeyEscape,
    KeyInterrupt, /* Ctrl+C */
    KeyRefresh,   /* no key: what stood on the screen is to be shown again */
} KEY;

typedef struct _KEY_EVENT {
    KEY Key;
    WCHAR Character; /* KeyCharacter */
} KEY_EVENT;

typedef struct _KEYBOARD_STATE {
    UCHAR Shift, Control, Alt; /* bit 0 left, bit 1 right */
    USHORT Indicators;         /* KEYBOARD_CAPS_LOCK_ON … */
    BOOLEAN LockKeyHeld;       /* a lock key's typematic repeats do not toggle */
} KEYBOARD_STATE;

/* Takes one packet; the event is KeyNone when it types nothing. */
KEY_EVENT TranslateScanCode(KEYBOARD_STATE *State, USHORT MakeCode, USHORT Flags);

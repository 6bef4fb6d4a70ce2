/* SPDX-License-Identifier: BSD-2-Clause */
/* Scan codes to keys: see scancode.h. Pure. */
#include "scancode.h"

#define CODE_ESCAPE 0x01
#define CODE_BACKSPACE 0x0e
#define CODE_ENTER 0x1c
#define CODE_CONTROL 0x1d
#define CODE_LEFT_SHIFT 0x2a
#define CODE_RIGHT_SHIFT 0x36
#define CODE_ALT 0x38
#define CODE_CAPS_LOCK 0x3a
#define CODE_NUM_LOCK 0x45
#define CODE_SCROLL_LOCK 0x46
#define CODE_KEYPAD 0x47
#define CODE_KEYPAD_END 0x53
#define CODE_C 0x2e
#define CODE_SLASH 0x35

/* By make code from 0: without and with shift; 0 = no character. */
static const char Plain[] =
    "\0\0001234567890-=\0\tqwertyuiop[]\0\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char Shifted[] =
    "\0\0!@#$%^&*()_+\0\tQWERTYUIOP{}\0\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

/* The keypad's keys from CODE_KEYPAD: characters with Num Lock, keys without; the grey keys give
 * the latter always. */
static const char KeypadCharacters[] = "789-456+1230.";
static const UCHAR KeypadKeys[] = {KeyHome, KeyUp,  KeyNone, KeyNone, KeyLeft, KeyNone,  KeyRight,
                                   KeyNone, KeyEnd, KeyDown, KeyNone, KeyNone, KeyDelete};

static KEY_EVENT Character(WCHAR Code)
{
    KEY_EVENT Event = {Code ? KeyCharacter : KeyNone, Code};

    return Event;
}

static KEY_EVENT EditingKey(KEY Key)
{
    KEY_EVENT Event = {Key, 0};

    return Event;
}

static void SetModifier(UCHAR *Modifier, BOOLEAN Right, BOOLEAN Released)
{
    UCHAR Bit = Right ? 2 : 1;

    *Modifier = Released ? *Modifier & ~Bit : *Modifier | Bit;
}

static BOOLEAN ToggleLock(KEYBOARD_STATE *State, USHORT MakeCode, BOOLEAN Released)
{
    USHORT Indicator = MakeCode == CODE_CAPS_LOCK  ? KEYBOARD_CAPS_LOCK_ON
                       : MakeCode == CODE_NUM_LOCK ? KEYBOARD_NUM_LOCK_ON
                                                   : KEYBOARD_SCROLL_LOCK_ON;

    if (!Released && !State->LockKeyHeld)
        State->Indicators ^= Indicator;
    State->LockKeyHeld = !Released;
    return TRUE;
}

/* TRUE when the key is a modifier or a lock, which is then taken note of. */
static BOOLEAN TakeModifier(KEYBOARD_STATE *State, USHORT MakeCode, BOOLEAN Extended,
                            BOOLEAN Released)
{
    switch (MakeCode) {
    case CODE_LEFT_SHIFT:
    case CODE_RIGHT_SHIFT:
        if (!Extended) /* an extended one is the keyboard's fake, around the grey keys */
            SetModifier(&State->Shift, MakeCode == CODE_RIGHT_SHIFT, Released);
        return TRUE;
    case CODE_CONTROL:
        SetModifier(&State->Control, Extended, Released);
        return TRUE;
    case CODE_ALT:
        SetModifier(&State->Alt, Extended, Released);
        return TRUE;
    case CODE_CAPS_LOCK:
    case CODE_NUM_LOCK:
    case CODE_SCROLL_LOCK:
        return Extended ? TRUE : ToggleLock(State, MakeCode, Released);
    }
    return FALSE;
}

static KEY_EVENT Keypad(const KEYBOARD_STATE *State, USHORT MakeCode, BOOLEAN Extended)
{
    ULONG Index = MakeCode - CODE_KEYPAD;
    BOOLEAN Numbers = (State->Indicators & KEYBOARD_NUM_LOCK_ON) != 0 && !State->Shift;
    KEY Key = KeypadKeys[Index];

    if (!Extended && (Numbers || KeypadCharacters[Index] == '-' || KeypadCharacters[Index] == '+'))
        return Character((UCHAR)KeypadCharacters[Index]);
    if (State->Control && Key == KeyLeft)
        return EditingKey(KeyWordLeft);
    if (State->Control && Key == KeyRight)
        return EditingKey(KeyWordRight);
    return EditingKey(Key);
}

static KEY_EVENT MainBlock(const KEYBOARD_STATE *State, USHORT MakeCode)
{
    char Code = Plain[MakeCode];
    BOOLEAN Upper = State->Shift != 0;

    if (Code >= 'a' && Code <= 'z' && (State->Indicators & KEYBOARD_CAPS_LOCK_ON))
        Upper = !Upper;
    if (State->Control || State->Alt)
        return EditingKey(MakeCode == CODE_C && !State->Alt ? KeyInterrupt : KeyNone);
    return Character((UCHAR)(Upper ? Shifted : Plain)[MakeCode]);
}

KEY_EVENT TranslateScanCode(KEYBOARD_STATE *State, USHORT MakeCode, USHORT Flags)
{
    BOOLEAN Extended = (Flags & KEY_E0) != 0, Released = (Flags & KEY_BREAK) != 0;

    if ((Flags & KEY_E1) || MakeCode == KEYBOARD_OVERRUN_MAKE_CODE) /* Pause */
        return EditingKey(KeyNone);
    if (TakeModifier(State, MakeCode, Extended, Released) || Released)
        return EditingKey(KeyNone);
    if (MakeCode == CODE_ENTER)
        return EditingKey(KeyEnter);
    if (Extended && MakeCode == CODE_SLASH)
        return Character('/');
    if (MakeCode >= CODE_KEYPAD && MakeCode <= CODE_KEYPAD_END)
        return Keypad(State, MakeCode, Extended);
    if (Extended || MakeCode >= sizeof(Plain) - 1)
        return EditingKey(KeyNone);
    if (MakeCode == CODE_ESCAPE)
        return EditingKey(KeyEscape);
    if (MakeCode == CODE_BACKSPACE)
        return EditingKey(KeyBackspace);
    return MainBlock(State, MakeCode);
}

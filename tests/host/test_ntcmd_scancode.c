// SPDX-License-Identifier: BSD-2-Clause
// sources: base/ntcmd/scancode.c
// options: -Iinclude -Ibase/ntcmd -DNEPTUNE_HOST_TEST -fms-extensions -idirafter
// options: /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "scancode.h"

static KEYBOARD_STATE State;

static KEY_EVENT Make(USHORT Code)
{
    return TranslateScanCode(&State, Code, KEY_MAKE);
}

static KEY_EVENT Extended(USHORT Code)
{
    return TranslateScanCode(&State, Code, KEY_E0);
}

static void Release(USHORT Code, USHORT Flags)
{
    CHECK_EQUAL(TranslateScanCode(&State, Code, KEY_BREAK | Flags).Key, KeyNone);
}

TEST(letters_shift_and_caps_lock)
{
    CHECK_EQUAL(Make(0x1e).Character, 'a');
    Make(0x2a);
    CHECK_EQUAL(Make(0x1e).Character, 'A');
    CHECK_EQUAL(Make(0x02).Character, '!');
    Release(0x2a, 0);
    Make(0x3a);
    Make(0x3a); /* a typematic repeat */
    Release(0x3a, 0);
    CHECK_EQUAL(State.Indicators, KEYBOARD_CAPS_LOCK_ON);
    CHECK_EQUAL(Make(0x1e).Character, 'A');
    CHECK_EQUAL(Make(0x02).Character, '1');
    Make(0x36);
    CHECK_EQUAL(Make(0x1e).Character, 'a');
    Release(0x36, 0);
    Make(0x3a);
    Release(0x3a, 0);
    CHECK_EQUAL(State.Indicators, 0);
}

TEST(every_printable_character_has_a_key)
{
    for (int Wanted = 32; Wanted < 127; Wanted++) {
        int Found = 0;

        for (USHORT Code = 1; Code < 0x3a; Code++) {
            State.Shift = 0;
            Found |= Make(Code).Character == Wanted;
            State = (KEYBOARD_STATE){.Shift = 1};
            Found |= Make(Code).Character == Wanted;
            State = (KEYBOARD_STATE){0};
        }
        CHECK(Found);
    }
}

TEST(editing_keys)
{
    CHECK_EQUAL(Extended(0x4b).Key, KeyLeft);
    CHECK_EQUAL(Extended(0x4d).Key, KeyRight);
    CHECK_EQUAL(Extended(0x48).Key, KeyUp);
    CHECK_EQUAL(Extended(0x50).Key, KeyDown);
    CHECK_EQUAL(Extended(0x47).Key, KeyHome);
    CHECK_EQUAL(Extended(0x4f).Key, KeyEnd);
    CHECK_EQUAL(Extended(0x53).Key, KeyDelete);
    CHECK_EQUAL(Make(0x0e).Key, KeyBackspace);
    CHECK_EQUAL(Make(0x1c).Key, KeyEnter);
    CHECK_EQUAL(Extended(0x1c).Key, KeyEnter);
    CHECK_EQUAL(Make(0x01).Key, KeyEscape);
}

TEST(the_keypad_follows_num_lock)
{
    CHECK_EQUAL(Make(0x47).Key, KeyHome);
    CHECK_EQUAL(Make(0x4a).Character, '-');
    Make(0x45);
    Release(0x45, 0);
    CHECK_EQUAL(Make(0x47).Character, '7');
    CHECK_EQUAL(Make(0x53).Character, '.');
    CHECK_EQUAL(Extended(0x47).Key, KeyHome); /* the grey key does not */
    CHECK_EQUAL(Extended(0x35).Character, '/');
    Make(0x45);
    Release(0x45, 0);
}

TEST(fake_shifts_of_grey_keys_do_not_count)
{
    Extended(0x2a);
    CHECK_EQUAL(State.Shift, 0);
    Make(0x2a);
    TranslateScanCode(&State, 0x2a, KEY_E0 | KEY_BREAK);
    CHECK_EQUAL(Make(0x1e).Character, 'A');
    Release(0x2a, 0);
}

TEST(control)
{
    Make(0x1d);
    CHECK_EQUAL(Make(0x2e).Key, KeyInterrupt);
    CHECK_EQUAL(Make(0x1e).Key, KeyNone);
    CHECK_EQUAL(Extended(0x4b).Key, KeyWordLeft);
    Release(0x1d, 0);
    Extended(0x1d);
    CHECK_EQUAL(Extended(0x4d).Key, KeyWordRight);
    Release(0x1d, KEY_E0);
    CHECK_EQUAL(Make(0x2e).Character, 'c');
}

TEST(nothing_comes_of_other_codes)
{
    CHECK_EQUAL(TranslateScanCode(&State, 0x1d, KEY_E1).Key, KeyNone);
    CHECK_EQUAL(TranslateScanCode(&State, 0x45, KEY_E1).Key, KeyNone);
    CHECK_EQUAL(State.Indicators, 0);
    for (ULONG Code = 0x54; Code <= 0xffff; Code++)
        CHECK_EQUAL(Make((USHORT)Code).Key, KeyNone);
    CHECK_EQUAL(Make(0).Key, KeyNone);
}

// SPDX-License-Identifier: BSD-2-Clause
/* Guessing whether a text is UTF-16. (Win32: IsTextUnicode) */
#include <nt/ntnls.h>
#include <nt/ntrtl.h>

#define MAXIMUM_TESTED 1024 /* characters, for what counts them */

typedef __attribute__((aligned(1), may_alias)) WCHAR UNALIGNED_WCHAR;

static BOOLEAN IsControl(WCHAR Character)
{
    return Character == '\t' || Character == '\n' || Character == '\r' || Character == ' ' ||
           Character == 0x3000;
}

static INT TestCharacter(WCHAR Character)
{
    WCHAR Reverse = __builtin_bswap16(Character);
    INT Found = 0;

    if (IsControl(Character))
        Found |= IS_TEXT_UNICODE_CONTROLS;
    if (IsControl(Reverse))
        Found |= IS_TEXT_UNICODE_REVERSE_CONTROLS;
    if (Character == 0xfffe || Character == 0xffff || !Character)
        Found |= IS_TEXT_UNICODE_ILLEGAL_CHARS;
    return Found;
}

static ULONG Distance(ULONG First, ULONG Second)
{
    return First < Second ? Second - First : First - Second;
}

/* In UTF-16 the lower bytes differ from one character to the next more than the upper ones. */
static INT TestStatistics(const UNALIGNED_WCHAR *Text, ULONG Count)
{
    ULONG Low = 0, High = 0, AsciiLow = 0, AsciiHigh = 0;

    for (ULONG i = 0; i < Count; i++) {
        if (i) {
            Low += Distance(Text[i] & 0xff, Text[i - 1] & 0xff);
            High += Distance(Text[i] >> 8, Text[i - 1] >> 8);
        }
        AsciiLow += !(Text[i] >> 8) && (Text[i] & 0xff);
        AsciiHigh += !(Text[i] & 0xff) && Text[i] >> 8;
    }
    return (High * 3 < Low ? IS_TEXT_UNICODE_STATISTICS : 0) |
           (Low * 3 < High ? IS_TEXT_UNICODE_REVERSE_STATISTICS : 0) |
           (AsciiLow == Count ? IS_TEXT_UNICODE_ASCII16 : 0) |
           (AsciiHigh == Count ? IS_TEXT_UNICODE_REVERSE_ASCII16 : 0);
}

static INT TestSignature(WCHAR First)
{
    if (First == 0xfeff)
        return IS_TEXT_UNICODE_SIGNATURE;
    return First == 0xfffe ? IS_TEXT_UNICODE_REVERSE_SIGNATURE : 0;
}

BOOLEAN NTAPI RtlIsTextUnicode(PCVOID Buffer, INT Length, INT *Flags)
{
    const UNALIGNED_WCHAR *Text = Buffer;
    ULONG Count = Length > 1 ? (ULONG)Length / sizeof(WCHAR) : 0;
    INT Found = Length & 1 ? IS_TEXT_UNICODE_ODD_LENGTH : 0;

    if (!Count) {
        if (Flags)
            *Flags = 0;
        return FALSE;
    }
    if (Count > MAXIMUM_TESTED)
        Count = MAXIMUM_TESTED;
    if (!Text[Count - 1]) /* a terminator says nothing */
        Count--;
    for (ULONG i = 0; i < Count; i++) {
        Found |= TestCharacter(Text[i]);
        /* The last may be the end of a string of char. */
        if (i + 1 < Count && (!(Text[i] & 0xff) || !(Text[i] >> 8)))
            Found |= IS_TEXT_UNICODE_NULL_BYTES;
    }
    if (Count)
        Found |= TestSignature(Text[0]) | TestStatistics(Text, Count);
    if (Flags)
        *Flags = Found &= *Flags;
    if (Found & (IS_TEXT_UNICODE_REVERSE_MASK | IS_TEXT_UNICODE_NOT_UNICODE_MASK))
        return FALSE;
    return (Found & (IS_TEXT_UNICODE_UNICODE_MASK | IS_TEXT_UNICODE_NOT_ASCII_MASK)) != 0;
}

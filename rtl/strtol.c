// SPDX-License-Identifier: BSD-2-Clause
/* Integers from C strings of either width. LONG has 32 bits. (ISO C 7.22.1.4) */
#include <nt/ntrtl.h>

/* A place in a string of char or of WCHAR. */
typedef struct _CURSOR {
    const char *Text;
    BOOLEAN Wide;
} CURSOR, *PCURSOR;

static WCHAR Peek(PCURSOR Cursor, ULONG Index)
{
    return Cursor->Wide ? ((PCWSTR)Cursor->Text)[Index] : ((const UCHAR *)Cursor->Text)[Index];
}

static void Skip(PCURSOR Cursor, ULONG Count)
{
    Cursor->Text += Cursor->Wide ? Count * sizeof(WCHAR) : Count;
}

/* A saturating magnitude; *Overflow says so. */
static ULONG ReadDigits(PCURSOR Cursor, ULONG Base, BOOLEAN *Overflow)
{
    ULONGLONG Value = 0;
    ULONG Digit;

    for (; (Digit = RtlpDigitValue(Peek(Cursor, 0))) < Base; Skip(Cursor, 1)) {
        Value = Value * Base + Digit;
        if (Value > MAXULONG) {
            *Overflow = TRUE;
            Value = MAXULONG;
        }
    }
    return (ULONG)Value;
}

/* A prefix decides for Base 0, and may stand before digits of base 16. */
static ULONG ReadPrefix(PCURSOR Cursor, ULONG Base)
{
    if ((Base == 0 || Base == 16) && Peek(Cursor, 0) == '0' && (Peek(Cursor, 1) | 0x20) == 'x' &&
        RtlpDigitValue(Peek(Cursor, 2)) < 16) {
        Skip(Cursor, 2);
        return 16;
    }
    if (Base == 0)
        return Peek(Cursor, 0) == '0' ? 8 : 10;
    return Base;
}

/* White space, sign, prefix, digits. *End is Text itself if there are none, or no such base. */
static ULONG ReadInteger(const void *Text, BOOLEAN Wide, const void **End, int Base,
                         BOOLEAN *Negative, BOOLEAN *Overflow)
{
    CURSOR Cursor = {Text, Wide};
    const char *Digits;
    ULONG Value;

    *Negative = *Overflow = FALSE;
    if (End)
        *End = Text;
    if (Base < 0 || Base == 1 || Base > 36)
        return 0;
    while (Peek(&Cursor, 0) < 0x80 && isspace(Peek(&Cursor, 0)))
        Skip(&Cursor, 1);
    *Negative = Peek(&Cursor, 0) == '-';
    if (*Negative || Peek(&Cursor, 0) == '+')
        Skip(&Cursor, 1);
    Base = (int)ReadPrefix(&Cursor, (ULONG)Base);
    Digits = Cursor.Text;
    Value = ReadDigits(&Cursor, (ULONG)Base, Overflow);
    if (End && Cursor.Text != Digits)
        *End = Cursor.Text;
    return Value;
}

static ULONG ReadUnsigned(const void *Text, BOOLEAN Wide, const void **End, int Base)
{
    BOOLEAN Negative, Overflow;
    ULONG Value = ReadInteger(Text, Wide, End, Base, &Negative, &Overflow);

    return Negative && !Overflow ? 0 - Value : Value;
}

static LONG ReadSigned(const void *Text, BOOLEAN Wide, const void **End, int Base)
{
    BOOLEAN Negative, Overflow;
    ULONG Value = ReadInteger(Text, Wide, End, Base, &Negative, &Overflow);

    if (Value > (ULONG)MAXLONG)
        return Negative ? -MAXLONG - 1 : MAXLONG;
    return Negative ? -(LONG)Value : (LONG)Value;
}

ULONG CDECL strtoul(const char *String, char **End, int Base)
{
    return ReadUnsigned(String, FALSE, (const void **)End, Base);
}

LONG CDECL strtol(const char *String, char **End, int Base)
{
    return ReadSigned(String, FALSE, (const void **)End, Base);
}

ULONG CDECL wcstoul(PCWSTR String, PWSTR *End, int Base)
{
    return ReadUnsigned(String, TRUE, (const void **)End, Base);
}

LONG CDECL wcstol(PCWSTR String, PWSTR *End, int Base)
{
    return ReadSigned(String, TRUE, (const void **)End, Base);
}

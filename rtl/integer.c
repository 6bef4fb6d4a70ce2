// SPDX-License-Identifier: BSD-2-Clause
/* Integers from text and to text. */
#include <nt/ntrtl.h>

/* The value of a digit, or 99. */
static ULONG DigitValue(WCHAR Character)
{
    if (Character >= '0' && Character <= '9')
        return Character - '0';
    Character |= 0x20;
    return Character >= 'a' && Character <= 'z' ? Character - 'a' + 10u : 99;
}

/* A saturating magnitude; *Overflow says so. Moves *Text behind the digits. */
static ULONG ReadDigits(const char **Text, ULONG Base, BOOLEAN *Overflow)
{
    ULONGLONG Value = 0;

    for (; DigitValue((UCHAR) * *Text) < Base; ++*Text) {
        Value = Value * Base + DigitValue((UCHAR) * *Text);
        if (Value > MAXULONG) {
            *Overflow = TRUE;
            Value = MAXULONG;
        }
    }
    return (ULONG)Value;
}

/* White space, sign, prefix, digits. *End is Text itself if there are none. */
static ULONG ReadInteger(const char *Text, char **End, int Base, BOOLEAN *Negative,
                         BOOLEAN *Overflow)
{
    const char *Position = Text, *Digits;
    ULONG Value;

    while (isspace((UCHAR)*Position))
        Position++;
    *Negative = *Position == '-';
    if (*Position == '-' || *Position == '+')
        Position++;
    if ((Base == 0 || Base == 16) && Position[0] == '0' && (Position[1] | 0x20) == 'x' &&
        isxdigit((UCHAR)Position[2])) {
        Position += 2;
        Base = 16;
    } else if (Base == 0) {
        Base = *Position == '0' ? 8 : 10;
    }
    Digits = Position;
    Value = ReadDigits(&Position, (ULONG)Base, Overflow);
    if (End)
        *End = (char *)(Position == Digits ? Text : Position);
    return Value;
}

ULONG CDECL strtoul(const char *String, char **End, int Base)
{
    BOOLEAN Negative, Overflow = FALSE;
    ULONG Value = ReadInteger(String, End, Base, &Negative, &Overflow);

    return Negative && !Overflow ? 0 - Value : Value;
}

LONG CDECL strtol(const char *String, char **End, int Base)
{
    BOOLEAN Negative, Overflow = FALSE;
    ULONG Value = ReadInteger(String, End, Base, &Negative, &Overflow);

    if (Value > (ULONG)MAXLONG)
        return Negative ? -MAXLONG - 1 : MAXLONG;
    return Negative ? -(LONG)Value : (LONG)Value;
}

/* Takes 0x, 0o or 0b off the front for Base 0; returns the base that they stand for. */
static ULONG ReadPrefix(PCWSTR *Text, PCWSTR End)
{
    if (End - *Text >= 2 && **Text == '0') {
        WCHAR Letter = (*Text)[1];

        *Text += 2;
        if (Letter == 'x')
            return 16;
        if (Letter == 'o')
            return 8;
        if (Letter == 'b')
            return 2;
        *Text -= 2;
    }
    return 10;
}

/* As on Windows, an overflow wraps around, and the number ends at the first character that is not a
 * digit. */
NTSTATUS NTAPI RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value)
{
    PCWSTR Text = String->Buffer, End = Text + String->Length / sizeof(WCHAR);
    BOOLEAN Negative = FALSE;
    ULONG Result = 0;

    if (Base != 0 && Base != 2 && Base != 8 && Base != 10 && Base != 16)
        return STATUS_INVALID_PARAMETER;
    while (Text < End && *Text <= ' ')
        Text++;
    if (Text < End && (*Text == '-' || *Text == '+'))
        Negative = *Text++ == '-';
    if (Base == 0)
        Base = ReadPrefix(&Text, End);
    for (; Text < End && DigitValue(*Text) < Base; Text++)
        Result = Result * Base + DigitValue(*Text);
    *Value = Negative ? 0 - Result : Result;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG Value, ULONG Base, PUNICODE_STRING String)
{
    WCHAR Digits[33];
    UNICODE_STRING Text = {0, 0, &Digits[32]};

    if (Base == 0)
        Base = 10;
    if (Base != 2 && Base != 8 && Base != 10 && Base != 16)
        return STATUS_INVALID_PARAMETER;
    do {
        *--Text.Buffer = u"0123456789ABCDEF"[Value % Base];
        Text.Length += sizeof(WCHAR);
        Value /= Base;
    } while (Value);
    if (Text.Length > String->MaximumLength)
        return STATUS_BUFFER_OVERFLOW;
    RtlCopyUnicodeString(String, &Text);
    return STATUS_SUCCESS;
}

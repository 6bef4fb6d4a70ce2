// SPDX-License-Identifier: BSD-2-Clause
/* Integers from counted strings and to them; the C routines are in strtol.c. */
#include <nt/ntrtl.h>

/* The value of a digit, or 99. */
ULONG RtlpDigitValue(WCHAR Character)
{
    if (Character >= '0' && Character <= '9')
        return Character - '0';
    Character |= 0x20;
    return Character >= 'a' && Character <= 'z' ? Character - 'a' + 10u : 99;
}

/* A character of either width. */
static WCHAR At(const void *Text, BOOLEAN Wide, ULONG Index)
{
    return Wide ? ((PCWSTR)Text)[Index] : ((const UCHAR *)Text)[Index];
}

/* The base that a prefix at Index stands for, which it passes over. */
static ULONG ReadPrefix(const void *Text, BOOLEAN Wide, ULONG Length, ULONG *Index)
{
    WCHAR Letter;

    if (Length - *Index < 2 || At(Text, Wide, *Index) != '0')
        return 10;
    Letter = At(Text, Wide, *Index + 1);
    if (Letter != 'x' && Letter != 'o' && Letter != 'b')
        return 10;
    *Index += 2;
    return Letter == 'x' ? 16 : Letter == 'o' ? 8 : 2;
}

/* As on Windows, an overflow wraps around, and the number ends at the first character that is not a
 * digit. */
static NTSTATUS ReadInteger(const void *Text, BOOLEAN Wide, ULONG Length, ULONG Base, PULONG Value)
{
    BOOLEAN Negative = FALSE;
    ULONG Index = 0, Result = 0, Digit;

    if (Base != 0 && Base != 2 && Base != 8 && Base != 10 && Base != 16)
        return STATUS_INVALID_PARAMETER;
    if (!Value)
        return STATUS_ACCESS_VIOLATION;
    while (Index < Length && At(Text, Wide, Index) <= ' ')
        Index++;
    if (Index < Length && (At(Text, Wide, Index) == '-' || At(Text, Wide, Index) == '+'))
        Negative = At(Text, Wide, Index++) == '-';
    if (Base == 0)
        Base = ReadPrefix(Text, Wide, Length, &Index);
    for (; Index < Length && (Digit = RtlpDigitValue(At(Text, Wide, Index))) < Base; Index++)
        Result = Result * Base + Digit;
    *Value = Negative ? 0 - Result : Result;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value)
{
    return ReadInteger(String->Buffer, TRUE, String->Length / sizeof(WCHAR), Base, Value);
}

NTSTATUS NTAPI RtlCharToInteger(PCSTR String, ULONG Base, PULONG Value)
{
    PCSTR Start = String;

    while (*Start && (UCHAR)*Start <= ' ')
        Start++;
    return ReadInteger(Start, FALSE, (ULONG)strnlen(Start, MAXLONG), Base, Value);
}

/* Writes digits before End; returns the first, NULL if there are no digits of that base. */
static PCHAR PutDigits(PCHAR End, ULONGLONG Value, ULONG Base)
{
    if (Base == 0)
        Base = 10;
    if (Base != 2 && Base != 8 && Base != 10 && Base != 16)
        return NULL;
    do {
        *--End = "0123456789ABCDEF"[Value % Base];
        Value /= Base;
    } while (Value);
    return End;
}

NTSTATUS NTAPI RtlInt64ToUnicodeString(ULONGLONG Value, ULONG Base, PUNICODE_STRING String)
{
    CHAR Digits[64];
    PCHAR First = PutDigits(Digits + sizeof(Digits), Value, Base);
    ULONG Length = First ? (ULONG)(Digits + sizeof(Digits) - First) : 0;

    if (!First)
        return STATUS_INVALID_PARAMETER;
    if (Length * sizeof(WCHAR) > String->MaximumLength)
        return STATUS_BUFFER_OVERFLOW;
    for (ULONG i = 0; i < Length; i++)
        String->Buffer[i] = (UCHAR)First[i];
    String->Length = (USHORT)(Length * sizeof(WCHAR));
    if (String->Length + sizeof(WCHAR) <= String->MaximumLength)
        String->Buffer[Length] = UNICODE_NULL;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG Value, ULONG Base, PUNICODE_STRING String)
{
    return RtlInt64ToUnicodeString(Value, Base, String);
}

/* Length: the room for characters, of which a terminator takes one if it is left. */
NTSTATUS NTAPI RtlIntegerToChar(ULONG Value, ULONG Base, LONG Length, PCHAR String)
{
    CHAR Digits[32];
    PCHAR First = PutDigits(Digits + sizeof(Digits), Value, Base);
    LONG Count = First ? (LONG)(Digits + sizeof(Digits) - First) : 0;

    if (!First)
        return STATUS_INVALID_PARAMETER;
    if (Count > Length)
        return STATUS_BUFFER_OVERFLOW;
    if (!String)
        return STATUS_ACCESS_VIOLATION;
    memcpy(String, First, (size_t)Count);
    if (Count < Length)
        String[Count] = 0;
    return STATUS_SUCCESS;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers from text and back, without formats. (Microsoft C runtime: atoi, _itoa and their like) */
#include <nt/ntcrt.h>

LONG CDECL atol(const char *String)
{
    return strtol(String, NULL, 10);
}

int CDECL atoi(const char *String)
{
    return atol(String);
}

LONG CDECL _wtol(PCWSTR String)
{
    return wcstol(String, NULL, 10);
}

int CDECL _wtoi(PCWSTR String)
{
    return _wtol(String);
}

/* The digits, last one first. Radix is 2 to 36, as the caller must see to. */
static ULONG Digits(ULONGLONG Value, ULONG Radix, char Reversed[64])
{
    ULONG Count = 0;

    do {
        ULONG Digit = (ULONG)(Value % Radix);

        Reversed[Count++] = (char)(Digit < 10 ? '0' + Digit : 'a' + Digit - 10);
        Value /= Radix;
    } while (Value);
    return Count;
}

static char *ToText(ULONGLONG Value, BOOLEAN Negative, char *Buffer, int Radix)
{
    char Reversed[64], *Text = Buffer;
    ULONG Count = Digits(Value, (ULONG)Radix, Reversed);

    if (Negative)
        *Text++ = '-';
    while (Count)
        *Text++ = Reversed[--Count];
    *Text = 0;
    return Buffer;
}

static PWSTR ToWideText(ULONGLONG Value, BOOLEAN Negative, PWSTR Buffer, int Radix)
{
    char Reversed[64];
    PWSTR Text = Buffer;
    ULONG Count = Digits(Value, (ULONG)Radix, Reversed);

    if (Negative)
        *Text++ = '-';
    while (Count)
        *Text++ = (WCHAR)Reversed[--Count];
    *Text = 0;
    return Buffer;
}

/* Only decimal numbers have a sign. */
char *CDECL _itoa(int Value, char *Buffer, int Radix)
{
    BOOLEAN Negative = Radix == 10 && Value < 0;

    return ToText(Negative ? 0u - (ULONG)Value : (ULONG)Value, Negative, Buffer, Radix);
}

PWSTR CDECL _itow(int Value, PWSTR Buffer, int Radix)
{
    BOOLEAN Negative = Radix == 10 && Value < 0;

    return ToWideText(Negative ? 0u - (ULONG)Value : (ULONG)Value, Negative, Buffer, Radix);
}

/* ---- ISO C's pseudo-random numbers: one sequence for all threads ---- */

static ULONG Seed = 1;

void CDECL srand(unsigned NewSeed)
{
    Seed = NewSeed;
}

int CDECL rand(void)
{
    Seed = Seed * 214013 + 2531011;
    return (int)(Seed >> 16 & 0x7fff);
}

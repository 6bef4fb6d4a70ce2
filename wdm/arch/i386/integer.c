/* SPDX-License-Identifier: BSD-2-Clause */
/* 64-bit arithmetic from the time before compilers had it, and filling with patterns; amd64's DDK
 * has them inline. */
#include "ki.h"

LARGE_INTEGER NTAPI KxExtendedIntegerMultiply(LARGE_INTEGER Multiplicand, LONG Multiplier)
{
    Multiplicand.QuadPart *= Multiplier;
    return Multiplicand;
}

/* RtlExtendedLargeIntegerDivide: without signs. */
LARGE_INTEGER NTAPI KxExtendedLargeIntegerDivide(LARGE_INTEGER Dividend, ULONG Divisor,
                                                 PULONG Remainder)
{
    if (Remainder)
        *Remainder = (ULONG)((ULONGLONG)Dividend.QuadPart % Divisor);
    Dividend.QuadPart = (ULONGLONG)Dividend.QuadPart / Divisor;
    return Dividend;
}

LARGE_INTEGER NTAPI KxLargeIntegerDivide(LARGE_INTEGER Dividend, LARGE_INTEGER Divisor,
                                         PLARGE_INTEGER Remainder)
{
    if (Remainder)
        Remainder->QuadPart = Dividend.QuadPart % Divisor.QuadPart;
    Dividend.QuadPart /= Divisor.QuadPart;
    return Dividend;
}

/* The upper half of the product of two 64-bit numbers. */
static ULONGLONG KiMultiplyHigh(ULONGLONG First, ULONGLONG Second)
{
    ULONGLONG Low = (First & MAXULONG) * (Second & MAXULONG);
    ULONGLONG Middle = (First >> 32) * (Second & MAXULONG) + (Low >> 32);
    ULONGLONG Other = (First & MAXULONG) * (Second >> 32) + (Middle & MAXULONG);

    return (First >> 32) * (Second >> 32) + (Middle >> 32) + (Other >> 32);
}

/* RtlExtendedMagicDivide: Dividend * MagicDivisor / 2^(64 + ShiftCount), rounded towards zero. */
LARGE_INTEGER NTAPI KxExtendedMagicDivide(LARGE_INTEGER Dividend, LARGE_INTEGER MagicDivisor,
                                          CCHAR ShiftCount)
{
    BOOLEAN Negative = Dividend.QuadPart < 0;
    ULONGLONG Size = Negative ? 0 - (ULONGLONG)Dividend.QuadPart : (ULONGLONG)Dividend.QuadPart;
    ULONGLONG Quotient = KiMultiplyHigh(Size, MagicDivisor.QuadPart) >> ShiftCount;

    Dividend.QuadPart = Negative ? 0 - Quotient : Quotient;
    return Dividend;
}

/* RtlFillMemoryUlong: Length is in bytes; an incomplete number at the end is left alone. */
VOID NTAPI KxFillMemoryUlong(PVOID Destination, SIZE_T Length, ULONG Pattern)
{
    for (PULONG Next = Destination; Length >= sizeof(*Next); Length -= sizeof(*Next))
        *Next++ = Pattern;
}

VOID NTAPI KxFillMemoryUlonglong(PVOID Destination, SIZE_T Length, ULONGLONG Pattern)
{
    for (PULONGLONG Next = Destination; Length >= sizeof(*Next); Length -= sizeof(*Next))
        *Next++ = Pattern;
}

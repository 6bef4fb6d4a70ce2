// SPDX-License-Identifier: BSD-2-Clause
/* 64-bit arithmetic as functions, from the time when compilers had none. (WDK: RtlLargeIntegerAdd
 * and its family) */
#include <nt/nt.h>

LONGLONG NTAPI RtlConvertLongToLargeInteger(LONG Value)
{
    return Value;
}

LONGLONG NTAPI RtlConvertUlongToLargeInteger(ULONG Value)
{
    return Value;
}

LONGLONG NTAPI RtlEnlargedIntegerMultiply(LONG First, LONG Second)
{
    return (LONGLONG)First * Second;
}

LONGLONG NTAPI RtlEnlargedUnsignedMultiply(ULONG First, ULONG Second)
{
    return (LONGLONG)((ULONGLONG)First * Second);
}

ULONG NTAPI RtlEnlargedUnsignedDivide(ULONGLONG Dividend, ULONG Divisor, PULONG Remainder)
{
    if (Remainder)
        *Remainder = (ULONG)(Dividend % Divisor);
    return (ULONG)(Dividend / Divisor);
}

LONGLONG NTAPI RtlExtendedIntegerMultiply(LONGLONG First, LONG Second)
{
    return (LONGLONG)((ULONGLONG)First * (ULONGLONG)(LONGLONG)Second);
}

LONGLONG NTAPI RtlExtendedLargeIntegerDivide(ULONGLONG Dividend, ULONG Divisor, PULONG Remainder)
{
    if (Remainder)
        *Remainder = (ULONG)(Dividend % Divisor);
    return (LONGLONG)(Dividend / Divisor);
}

/* The upper 64 bits of a product of 128. */
static ULONGLONG MultiplyHigh(ULONGLONG First, ULONGLONG Second)
{
    ULONGLONG Low = (First & MAXULONG) * (Second & MAXULONG);
    ULONGLONG Middle = (First >> 32) * (Second & MAXULONG) + (Low >> 32);
    ULONGLONG OtherMiddle = (First & MAXULONG) * (Second >> 32) + (Middle & MAXULONG);

    return (First >> 32) * (Second >> 32) + (Middle >> 32) + (OtherMiddle >> 32);
}

/* Division by a constant, of which MagicDivisor is 2^(64 + ShiftCount) divided by it. */
LONGLONG NTAPI RtlExtendedMagicDivide(LONGLONG Dividend, LONGLONG MagicDivisor, CCHAR ShiftCount)
{
    ULONGLONG Magnitude = Dividend < 0 ? 0 - (ULONGLONG)Dividend : (ULONGLONG)Dividend;
    ULONGLONG Quotient = MultiplyHigh(Magnitude, (ULONGLONG)MagicDivisor) >> (ShiftCount & 63);

    return (LONGLONG)(Dividend < 0 ? 0 - Quotient : Quotient);
}

LONGLONG NTAPI RtlLargeIntegerAdd(LONGLONG First, LONGLONG Second)
{
    return (LONGLONG)((ULONGLONG)First + (ULONGLONG)Second);
}

LONGLONG NTAPI RtlLargeIntegerSubtract(LONGLONG First, LONGLONG Second)
{
    return (LONGLONG)((ULONGLONG)First - (ULONGLONG)Second);
}

LONGLONG NTAPI RtlLargeIntegerNegate(LONGLONG Value)
{
    return (LONGLONG)(0 - (ULONGLONG)Value);
}

LONGLONG NTAPI RtlLargeIntegerShiftLeft(LONGLONG Value, CCHAR ShiftCount)
{
    return (LONGLONG)((ULONGLONG)Value << (ShiftCount & 63));
}

LONGLONG NTAPI RtlLargeIntegerShiftRight(LONGLONG Value, CCHAR ShiftCount)
{
    return (LONGLONG)((ULONGLONG)Value >> (ShiftCount & 63));
}

LONGLONG NTAPI RtlLargeIntegerArithmeticShift(LONGLONG Value, CCHAR ShiftCount)
{
    return Value >> (ShiftCount & 63);
}

LONGLONG FASTCALL RtlInterlockedCompareExchange64(PLONGLONG Destination, LONGLONG Exchange,
                                                  LONGLONG Comperand)
{
    return __sync_val_compare_and_swap(Destination, Comperand, Exchange);
}

// SPDX-License-Identifier: BSD-2-Clause
/*
 * Division of 64-bit integers: the routines that the compiler calls where the processor has only
 * 64 by 32 bits. Division by zero and overflow are the processor's exceptions.
 */
#include <nt/ntdef.h>

unsigned long long __udivmoddi4(unsigned long long, unsigned long long, unsigned long long *);
unsigned long long __udivdi3(unsigned long long, unsigned long long);
unsigned long long __umoddi3(unsigned long long, unsigned long long);
long long __divdi3(long long, long long);
long long __moddi3(long long, long long);
long long __divmoddi4(long long, long long, long long *);

/* The quotient must fit 32 bits: High < Divisor. */
static inline ULONG DivideWide(ULONG High, ULONG Low, ULONG Divisor, PULONG Remainder)
{
    ULONG Quotient;

    __asm__("divl %4"
            : "=a"(Quotient), "=d"(*Remainder)
            : "0"(Low), "1"(High), "rm"(Divisor)
            : "cc");
    return Quotient;
}

/* By one 32-bit digit: schoolbook division, high digit first. */
static inline ULONGLONG DivideByDigit(ULONGLONG Dividend, ULONG Divisor, ULONGLONG *Remainder)
{
    ULONG High = (ULONG)(Dividend >> 32), Rest = 0, QuotientHigh = 0, Quotient;

    if (High >= Divisor)
        QuotientHigh = DivideWide(0, High, Divisor, &High);
    Quotient = DivideWide(High, (ULONG)Dividend, Divisor, &Rest);
    *Remainder = Rest;
    return (ULONGLONG)QuotientHigh << 32 | Quotient;
}

/*
 * By two digits: the quotient fits 32 bits. The upper 32 bits of the normalised divisor give an
 * estimate that is right or one too large (halving the dividend keeps the quotient in 32 bits).
 */
static inline ULONGLONG DivideByTwo(ULONGLONG Dividend, ULONGLONG Divisor, ULONGLONG *Remainder)
{
    ULONG Shift = (ULONG)__builtin_clz((ULONG)(Divisor >> 32)), Unused;
    ULONGLONG Half = Dividend >> 1;
    ULONG Quotient =
        DivideWide((ULONG)(Half >> 32), (ULONG)Half, (ULONG)(Divisor << Shift >> 32), &Unused) >>
        (31 - Shift);

    if (Quotient)
        Quotient--;
    *Remainder = Dividend - Quotient * Divisor;
    if (*Remainder >= Divisor) {
        *Remainder -= Divisor;
        Quotient++;
    }
    return Quotient;
}

static inline ULONGLONG Divide(ULONGLONG Dividend, ULONGLONG Divisor, ULONGLONG *Remainder)
{
    if (Divisor >> 32)
        return DivideByTwo(Dividend, Divisor, Remainder);
    return DivideByDigit(Dividend, (ULONG)Divisor, Remainder);
}

/* The remainder has the sign of the dividend. */
static inline LONGLONG DivideSigned(LONGLONG Dividend, LONGLONG Divisor, LONGLONG *Remainder)
{
    ULONGLONG Rest,
        Quotient = Divide(Dividend < 0 ? 0 - (ULONGLONG)Dividend : (ULONGLONG)Dividend,
                          Divisor < 0 ? 0 - (ULONGLONG)Divisor : (ULONGLONG)Divisor, &Rest);

    *Remainder = (LONGLONG)(Dividend < 0 ? 0 - Rest : Rest);
    return (LONGLONG)((Dividend ^ Divisor) < 0 ? 0 - Quotient : Quotient);
}

unsigned long long __udivmoddi4(unsigned long long Dividend, unsigned long long Divisor,
                                unsigned long long *Remainder)
{
    ULONGLONG Rest, Quotient = Divide(Dividend, Divisor, &Rest);

    if (Remainder)
        *Remainder = Rest;
    return Quotient;
}

unsigned long long __udivdi3(unsigned long long Dividend, unsigned long long Divisor)
{
    ULONGLONG Rest;

    return Divide(Dividend, Divisor, &Rest);
}

unsigned long long __umoddi3(unsigned long long Dividend, unsigned long long Divisor)
{
    ULONGLONG Rest;

    Divide(Dividend, Divisor, &Rest);
    return Rest;
}

long long __divmoddi4(long long Dividend, long long Divisor, long long *Remainder)
{
    LONGLONG Rest, Quotient = DivideSigned(Dividend, Divisor, &Rest);

    *Remainder = Rest;
    return Quotient;
}

long long __divdi3(long long Dividend, long long Divisor)
{
    LONGLONG Rest;

    return DivideSigned(Dividend, Divisor, &Rest);
}

long long __moddi3(long long Dividend, long long Divisor)
{
    LONGLONG Rest;

    DivideSigned(Dividend, Divisor, &Rest);
    return Rest;
}

// SPDX-License-Identifier: BSD-2-Clause
/*
 * The arithmetic of 64-bit integers that code of Microsoft's compiler calls: arguments are on the
 * stack, and the routine takes them off.
 */
#include <nt/ntdef.h>

#define EXPORTED_AS(name) __asm__("_" #name)

LONGLONG NTAPI RtlpMultiply(LONGLONG, LONGLONG) EXPORTED_AS(_allmul);
LONGLONG NTAPI RtlpDivide(LONGLONG, LONGLONG) EXPORTED_AS(_alldiv);
LONGLONG NTAPI RtlpRemainder(LONGLONG, LONGLONG) EXPORTED_AS(_allrem);
ULONGLONG NTAPI RtlpDivideUnsigned(ULONGLONG, ULONGLONG) EXPORTED_AS(_aulldiv);
ULONGLONG NTAPI RtlpRemainderUnsigned(ULONGLONG, ULONGLONG) EXPORTED_AS(_aullrem);

LONGLONG NTAPI RtlpMultiply(LONGLONG First, LONGLONG Second)
{
    return (LONGLONG)((ULONGLONG)First * (ULONGLONG)Second);
}

LONGLONG NTAPI RtlpDivide(LONGLONG Dividend, LONGLONG Divisor)
{
    return Dividend / Divisor;
}

LONGLONG NTAPI RtlpRemainder(LONGLONG Dividend, LONGLONG Divisor)
{
    return Dividend % Divisor;
}

ULONGLONG NTAPI RtlpDivideUnsigned(ULONGLONG Dividend, ULONGLONG Divisor)
{
    return Dividend / Divisor;
}

ULONGLONG NTAPI RtlpRemainderUnsigned(ULONGLONG Dividend, ULONGLONG Divisor)
{
    return Dividend % Divisor;
}

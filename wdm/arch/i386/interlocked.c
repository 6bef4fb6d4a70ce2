/* SPDX-License-Identifier: BSD-2-Clause */
/* Interlocked operations, which the DDK imports on i386. */
#include "ki.h"

LONG FASTCALL KxInterlockedIncrement(LONG volatile *Addend)
{
    return __atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}

LONG FASTCALL KxInterlockedDecrement(LONG volatile *Addend)
{
    return __atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}

LONG FASTCALL KxInterlockedExchange(LONG volatile *Target, LONG Value)
{
    return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}

LONG FASTCALL KxInterlockedExchangeAdd(LONG volatile *Addend, LONG Value)
{
    return __atomic_fetch_add(Addend, Value, __ATOMIC_SEQ_CST);
}

LONG FASTCALL KxInterlockedCompareExchange(LONG volatile *Destination, LONG Exchange,
                                           LONG Comparand)
{
    __atomic_compare_exchange_n(Destination, &Comparand, Exchange, FALSE, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    return Comparand;
}

/* ExInterlockedCompareExchange64 without its lock: returns what was at Destination. */
LONGLONG FASTCALL ExfInterlockedCompareExchange64(LONGLONG volatile *Destination,
                                                  PLONGLONG Exchange, PLONGLONG Comparand)
{
    LONGLONG Found = *Comparand;

    __atomic_compare_exchange_n(Destination, &Found, *Exchange, FALSE, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    return Found;
}

LONGLONG FASTCALL KxCompareExchange64(LONGLONG volatile *Destination, PLONGLONG Exchange,
                                      PLONGLONG Comparand, PKSPIN_LOCK Lock)
{
    return ExfInterlockedCompareExchange64(Destination, Exchange, Comparand);
}

/* ExInterlockedAddLargeStatistic: a counter that is read only while nothing adds to it. */
VOID FASTCALL KxAddLargeStatistic(PLARGE_INTEGER Addend, ULONG Increment)
{
    __atomic_fetch_add(&Addend->QuadPart, Increment, __ATOMIC_RELAXED);
}

static INTERLOCKED_RESULT ExpSign(LONG Value)
{
    return Value < 0 ? ResultNegative : Value ? ResultPositive : ResultZero;
}

INTERLOCKED_RESULT FASTCALL Exfi386InterlockedIncrementLong(LONG volatile *Addend)
{
    return ExpSign(KxInterlockedIncrement(Addend));
}

INTERLOCKED_RESULT FASTCALL Exfi386InterlockedDecrementLong(PLONG Addend)
{
    return ExpSign(KxInterlockedDecrement(Addend));
}

ULONG FASTCALL Exfi386InterlockedExchangeUlong(PULONG Target, ULONG Value)
{
    return KxInterlockedExchange((PLONG)Target, Value);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads and writes of shared variables that say how they are ordered: ReadAcquire(&Count),
 * WriteRelease(&Flag, 1) and the like; and the interlocked routines with Acquire, Release and
 * NoFence in their names, which are as strong as those without.
 */
#pragma once

#define SUPPLEMENT_ORDERED(Suffix, Type)                                                           \
    FORCEINLINE Type Read##Suffix##Acquire(Type const volatile *Source)                            \
    {                                                                                              \
        return __atomic_load_n(Source, __ATOMIC_ACQUIRE);                                          \
    }                                                                                              \
    FORCEINLINE Type Read##Suffix##NoFence(Type const volatile *Source)                            \
    {                                                                                              \
        return __atomic_load_n(Source, __ATOMIC_RELAXED);                                          \
    }                                                                                              \
    FORCEINLINE Type Read##Suffix##Raw(Type const volatile *Source)                                \
    {                                                                                              \
        return __atomic_load_n(Source, __ATOMIC_RELAXED);                                          \
    }                                                                                              \
    FORCEINLINE VOID Write##Suffix##Release(Type volatile *Destination, Type Value)                \
    {                                                                                              \
        __atomic_store_n(Destination, Value, __ATOMIC_RELEASE);                                    \
    }                                                                                              \
    FORCEINLINE VOID Write##Suffix##NoFence(Type volatile *Destination, Type Value)                \
    {                                                                                              \
        __atomic_store_n(Destination, Value, __ATOMIC_RELAXED);                                    \
    }                                                                                              \
    FORCEINLINE VOID Write##Suffix##Raw(Type volatile *Destination, Type Value)                    \
    {                                                                                              \
        __atomic_store_n(Destination, Value, __ATOMIC_RELAXED);                                    \
    }

#ifndef ReadAcquire
SUPPLEMENT_ORDERED(, LONG)
SUPPLEMENT_ORDERED(ULong, ULONG)
SUPPLEMENT_ORDERED(Short, SHORT)
SUPPLEMENT_ORDERED(UShort, USHORT)
SUPPLEMENT_ORDERED(Char, CHAR)
SUPPLEMENT_ORDERED(UChar, UCHAR)
#ifdef _WIN64
SUPPLEMENT_ORDERED(64, LONG64)
SUPPLEMENT_ORDERED(ULong64, ULONG64)
#endif
SUPPLEMENT_ORDERED(Pointer, PVOID)
#endif
#undef SUPPLEMENT_ORDERED

#ifndef InterlockedIncrementAcquire
#define InterlockedIncrementAcquire InterlockedIncrement
#endif
#ifndef InterlockedIncrementRelease
#define InterlockedIncrementRelease InterlockedIncrement
#endif
#ifndef InterlockedIncrementNoFence
#define InterlockedIncrementNoFence InterlockedIncrement
#endif
#ifndef InterlockedDecrementAcquire
#define InterlockedDecrementAcquire InterlockedDecrement
#endif
#ifndef InterlockedDecrementRelease
#define InterlockedDecrementRelease InterlockedDecrement
#endif
#ifndef InterlockedDecrementNoFence
#define InterlockedDecrementNoFence InterlockedDecrement
#endif
#ifndef InterlockedExchangeAcquire
#define InterlockedExchangeAcquire InterlockedExchange
#endif
#ifndef InterlockedExchangeRelease
#define InterlockedExchangeRelease InterlockedExchange
#endif
#ifndef InterlockedExchangeNoFence
#define InterlockedExchangeNoFence InterlockedExchange
#endif
#ifndef InterlockedExchangeAddAcquire
#define InterlockedExchangeAddAcquire InterlockedExchangeAdd
#endif
#ifndef InterlockedExchangeAddRelease
#define InterlockedExchangeAddRelease InterlockedExchangeAdd
#endif
#ifndef InterlockedExchangeAddNoFence
#define InterlockedExchangeAddNoFence InterlockedExchangeAdd
#endif
#ifndef InterlockedCompareExchangeAcquire
#define InterlockedCompareExchangeAcquire InterlockedCompareExchange
#endif
#ifndef InterlockedCompareExchangeRelease
#define InterlockedCompareExchangeRelease InterlockedCompareExchange
#endif
#ifndef InterlockedCompareExchangeNoFence
#define InterlockedCompareExchangeNoFence InterlockedCompareExchange
#endif
#ifndef InterlockedCompareExchangePointerAcquire
#define InterlockedCompareExchangePointerAcquire InterlockedCompareExchangePointer
#endif
#ifndef InterlockedCompareExchangePointerRelease
#define InterlockedCompareExchangePointerRelease InterlockedCompareExchangePointer
#endif
#ifndef InterlockedCompareExchangePointerNoFence
#define InterlockedCompareExchangePointerNoFence InterlockedCompareExchangePointer
#endif
#ifndef InterlockedExchangePointerAcquire
#define InterlockedExchangePointerAcquire InterlockedExchangePointer
#endif
#ifndef InterlockedExchangePointerRelease
#define InterlockedExchangePointerRelease InterlockedExchangePointer
#endif
#ifndef InterlockedExchangePointerNoFence
#define InterlockedExchangePointerNoFence InterlockedExchangePointer
#endif
#ifndef InterlockedOrAcquire
#define InterlockedOrAcquire InterlockedOr
#endif
#ifndef InterlockedOrRelease
#define InterlockedOrRelease InterlockedOr
#endif
#ifndef InterlockedOrNoFence
#define InterlockedOrNoFence InterlockedOr
#endif
#ifndef InterlockedAndAcquire
#define InterlockedAndAcquire InterlockedAnd
#endif
#ifndef InterlockedAndRelease
#define InterlockedAndRelease InterlockedAnd
#endif
#ifndef InterlockedAndNoFence
#define InterlockedAndNoFence InterlockedAnd
#endif

#ifdef _X86_
/* Without a lock around them in mingw-w64's headers for i386: cmpxchg8b. */
#ifndef InterlockedExchangeAdd64
#define InterlockedExchangeAdd64(Target, Value)                                                    \
    __sync_fetch_and_add((LONG64 volatile *)(Target), (LONG64)(Value))
#endif
#ifndef InterlockedIncrement64
#define InterlockedIncrement64(Target) __sync_add_and_fetch((LONG64 volatile *)(Target), (LONG64)1)
#endif
#ifndef InterlockedDecrement64
#define InterlockedDecrement64(Target) __sync_sub_and_fetch((LONG64 volatile *)(Target), (LONG64)1)
#endif
#endif

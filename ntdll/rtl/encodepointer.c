// SPDX-License-Identifier: BSD-2-Clause
/* Pointers in disguise: mixed with a secret and turned by as many bits as its lowest say. (Win32:
 * EncodePointer) */
#include "rtlp.h"

#define POINTER_BITS (sizeof(PVOID) * 8)

/* The same for all threads from the first call on; never 0. */
static ULONG_PTR PointerCookie;

static ULONG_PTR MakeCookie(void)
{
    LARGE_INTEGER Counter = {0};
    ULONGLONG Mixed;

    NtQueryPerformanceCounter(&Counter, NULL);
    Mixed = (ULONGLONG)Counter.QuadPart * 0x9e3779b97f4a7c15ull;
    Mixed ^= (ULONGLONG)SharedUserData->Cookie << 32 | SharedUserData->Cookie;
    Mixed ^= (ULONG_PTR)NtCurrentTeb()->ClientId.UniqueProcess;
    Mixed *= 0xbf58476d1ce4e5b9ull;
    return (ULONG_PTR)(Mixed ^ Mixed >> 31) | 1;
}

static ULONG_PTR Cookie(void)
{
    ULONG_PTR None = 0;

    if (!__atomic_load_n(&PointerCookie, __ATOMIC_RELAXED))
        __atomic_compare_exchange_n(&PointerCookie, &None, MakeCookie(), FALSE, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED);
    return __atomic_load_n(&PointerCookie, __ATOMIC_RELAXED);
}

static PVOID Encode(PVOID Pointer, ULONG_PTR Secret)
{
    ULONG_PTR Value = (ULONG_PTR)Pointer ^ Secret;
    ULONG Bits = Secret % POINTER_BITS;

    return (PVOID)(Bits ? Value >> Bits | Value << (POINTER_BITS - Bits) : Value);
}

static PVOID Decode(PVOID Pointer, ULONG_PTR Secret)
{
    ULONG_PTR Value = (ULONG_PTR)Pointer;
    ULONG Bits = Secret % POINTER_BITS;

    return (PVOID)((Bits ? Value << Bits | Value >> (POINTER_BITS - Bits) : Value) ^ Secret);
}

PVOID NTAPI RtlEncodePointer(PVOID Pointer)
{
    return Encode(Pointer, Cookie());
}

PVOID NTAPI RtlDecodePointer(PVOID Pointer)
{
    return Decode(Pointer, Cookie());
}

PVOID NTAPI RtlEncodeSystemPointer(PVOID Pointer)
{
    return Encode(Pointer, SharedUserData->Cookie);
}

PVOID NTAPI RtlDecodeSystemPointer(PVOID Pointer)
{
    return Decode(Pointer, SharedUserData->Cookie);
}

// SPDX-License-Identifier: BSD-2-Clause
/* Callbacks of who keeps something in memory that others may unmap or decommit. */
#include "rtlp.h"

#define MAXIMUM_CALLBACKS 16

static PRTL_SECURE_MEMORY_CACHE_CALLBACK Callbacks[MAXIMUM_CALLBACKS];

static BOOLEAN Exchange(PRTL_SECURE_MEMORY_CACHE_CALLBACK Old,
                        PRTL_SECURE_MEMORY_CACHE_CALLBACK New)
{
    for (ULONG Index = 0; Index < MAXIMUM_CALLBACKS; Index++) {
        PRTL_SECURE_MEMORY_CACHE_CALLBACK Expected = Old;

        if (__atomic_compare_exchange_n(&Callbacks[Index], &Expected, New, FALSE, __ATOMIC_ACQ_REL,
                                        __ATOMIC_RELAXED))
            return TRUE;
    }
    return FALSE;
}

/* STATUS_NO_MEMORY: there are too many. (NT native API) */
NTSTATUS NTAPI RtlRegisterSecureMemoryCacheCallback(PRTL_SECURE_MEMORY_CACHE_CALLBACK Callback)
{
    return Exchange(NULL, Callback) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/* STATUS_INVALID_PARAMETER: it was not registered. */
NTSTATUS NTAPI RtlDeregisterSecureMemoryCacheCallback(PRTL_SECURE_MEMORY_CACHE_CALLBACK Callback)
{
    return Callback && Exchange(Callback, NULL) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/*
 * RtlFlushSecureMemoryCache: tells the callbacks that a range (of size 0: the allocation at
 * Address) is to go. TRUE: one of them has given something up there, and trying again may help. (NT
 * native API)
 */
BOOLEAN NTAPI RtlFlushSecureMemoryCache(PVOID Address, SIZE_T Size)
{
    MEMORY_BASIC_INFORMATION Basic;
    BOOLEAN Flushed = FALSE;

    if (!Size) {
        if (!NT_SUCCESS(NtQueryVirtualMemory(NtCurrentProcess(), Address, MemoryBasicInformation,
                                             &Basic, sizeof(Basic), NULL)))
            return FALSE;
        Size = Basic.RegionSize;
    }
    for (ULONG Index = 0; Index < MAXIMUM_CALLBACKS; Index++) {
        PRTL_SECURE_MEMORY_CACHE_CALLBACK Callback =
            __atomic_load_n(&Callbacks[Index], __ATOMIC_ACQUIRE);

        if (Callback)
            Flushed |= NT_SUCCESS(Callback(Address, Size));
    }
    return Flushed;
}

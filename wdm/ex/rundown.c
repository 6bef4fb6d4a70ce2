/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rundown protection: a count of those who use something, and a way to wait for the last of them.
 * The count is in units of EX_RUNDOWN_ONE; with EX_RUNDOWN_ENDING the word is the address of what
 * waits, or nothing. At DISPATCH_LEVEL or below, on the main thread. (WDK: run-down protection)
 */
#include "ki.h"

#define EX_RUNDOWN_ENDING ((ULONG_PTR)EX_RUNDOWN_ACTIVE)
#define EX_RUNDOWN_ONE ((ULONG_PTR)1 << EX_RUNDOWN_COUNT_SHIFT)

typedef struct _EXP_RUNDOWN_WAIT {
    ULONG_PTR Users;
    KEVENT Last;
} EXP_RUNDOWN_WAIT, *PEXP_RUNDOWN_WAIT;

/* One processor needs one count. */
struct _EX_RUNDOWN_REF_CACHE_AWARE {
    EX_RUNDOWN_REF Reference;
};

VOID FASTCALL ExInitializeRundownProtection(PEX_RUNDOWN_REF RunRef)
{
    RunRef->Count = 0;
}

/* ExReInitializeRundownProtection: after ExRundownCompleted. */
VOID FASTCALL ExReInitializeRundownProtection(PEX_RUNDOWN_REF RunRef)
{
    RunRef->Count = 0;
}

/* FALSE: it is being run down. */
BOOLEAN FASTCALL ExAcquireRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count)
{
    if (RunRef->Count & EX_RUNDOWN_ENDING)
        return FALSE;
    RunRef->Count += Count * EX_RUNDOWN_ONE;
    return TRUE;
}

BOOLEAN FASTCALL ExAcquireRundownProtection(PEX_RUNDOWN_REF RunRef)
{
    return ExAcquireRundownProtectionEx(RunRef, 1);
}

VOID FASTCALL ExReleaseRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count)
{
    PEXP_RUNDOWN_WAIT Wait = (PEXP_RUNDOWN_WAIT)(RunRef->Count & ~EX_RUNDOWN_ENDING);

    if (!(RunRef->Count & EX_RUNDOWN_ENDING)) {
        RunRef->Count -= Count * EX_RUNDOWN_ONE;
        return;
    }
    Wait->Users -= Count;
    if (!Wait->Users)
        KeSetEvent(&Wait->Last, 0, FALSE);
}

VOID FASTCALL ExReleaseRundownProtection(PEX_RUNDOWN_REF RunRef)
{
    ExReleaseRundownProtectionEx(RunRef, 1);
}

/* Nobody can acquire it from now on; returns when all have released it. */
VOID FASTCALL ExWaitForRundownProtectionRelease(PEX_RUNDOWN_REF RunRef)
{
    EXP_RUNDOWN_WAIT Wait = {.Users = RunRef->Count / EX_RUNDOWN_ONE};

    if (RunRef->Count & EX_RUNDOWN_ENDING)
        return;
    KeInitializeEvent(&Wait.Last, SynchronizationEvent, FALSE);
    RunRef->Count = (ULONG_PTR)&Wait | EX_RUNDOWN_ENDING;
    if (Wait.Users)
        KeWaitForSingleObject(&Wait.Last, Executive, KernelMode, FALSE, NULL);
    RunRef->Count = EX_RUNDOWN_ENDING;
}

VOID FASTCALL ExRundownCompleted(PEX_RUNDOWN_REF RunRef)
{
    RunRef->Count = EX_RUNDOWN_ENDING;
}

/* ExAllocateCacheAwareRundownProtection: NULL if there is no memory. */
PEX_RUNDOWN_REF_CACHE_AWARE NTAPI ExAllocateCacheAwareRundownProtection(POOL_TYPE PoolType,
                                                                        ULONG PoolTag)
{
    PEX_RUNDOWN_REF_CACHE_AWARE RunRef = ExAllocatePoolWithTag(PoolType, sizeof(*RunRef), PoolTag);

    if (RunRef)
        ExInitializeRundownProtection(&RunRef->Reference);
    return RunRef;
}

SIZE_T NTAPI ExSizeOfRundownProtectionCacheAware(VOID)
{
    return sizeof(struct _EX_RUNDOWN_REF_CACHE_AWARE);
}

VOID NTAPI ExInitializeRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRef,
                                                   SIZE_T RunRefSize)
{
    ExInitializeRundownProtection(&RunRef->Reference);
}

VOID NTAPI ExFreeCacheAwareRundownProtection(PEX_RUNDOWN_REF_CACHE_AWARE RunRef)
{
    ExFreePool(RunRef);
}

BOOLEAN FASTCALL ExAcquireRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRef)
{
    return ExAcquireRundownProtectionEx(&RunRef->Reference, 1);
}

BOOLEAN FASTCALL ExAcquireRundownProtectionCacheAwareEx(PEX_RUNDOWN_REF_CACHE_AWARE RunRef,
                                                        ULONG Count)
{
    return ExAcquireRundownProtectionEx(&RunRef->Reference, Count);
}

VOID FASTCALL ExReleaseRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRef)
{
    ExReleaseRundownProtectionEx(&RunRef->Reference, 1);
}

VOID FASTCALL ExReleaseRundownProtectionCacheAwareEx(PEX_RUNDOWN_REF_CACHE_AWARE RunRef,
                                                     ULONG Count)
{
    ExReleaseRundownProtectionEx(&RunRef->Reference, Count);
}

VOID FASTCALL ExWaitForRundownProtectionReleaseCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRef)
{
    ExWaitForRundownProtectionRelease(&RunRef->Reference);
}

VOID FASTCALL ExReInitializeRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRef)
{
    ExReInitializeRundownProtection(&RunRef->Reference);
}

VOID FASTCALL ExRundownCompletedCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRef)
{
    ExRundownCompleted(&RunRef->Reference);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Fast mutexes and guarded mutexes: an owner, not recursive, APCs off while held. */
#include "ki.h"

static BOOLEAN ExpTryAcquire(PFAST_MUTEX Mutex)
{
    if (Mutex->Count != FM_LOCK_BIT)
        return FALSE;
    Mutex->Count = 0;
    Mutex->Owner = KiGetCurrentThread();
    return TRUE;
}

VOID FASTCALL ExAcquireFastMutexUnsafe(PFAST_MUTEX Mutex)
{
    while (!ExpTryAcquire(Mutex)) {
        Mutex->Contention++;
        KeWaitForSingleObject(&Mutex->Event, Executive, KernelMode, FALSE, NULL);
        Mutex->Contention--;
    }
}

VOID FASTCALL ExReleaseFastMutexUnsafe(PFAST_MUTEX Mutex)
{
    if (Mutex->Owner != KiGetCurrentThread())
        KeBugCheckEx(MUTEX_LEVEL_NUMBER_VIOLATION, (ULONG_PTR)Mutex, (ULONG_PTR)Mutex->Owner, 0, 0);
    Mutex->Owner = NULL;
    Mutex->Count = FM_LOCK_BIT;
    if (Mutex->Contention)
        KeSetEvent(&Mutex->Event, 0, FALSE);
}

VOID FASTCALL ExAcquireFastMutex(PFAST_MUTEX Mutex)
{
    KIRQL OldIrql = KiRaiseIrql(APC_LEVEL);

    ExAcquireFastMutexUnsafe(Mutex);
    Mutex->OldIrql = OldIrql;
}

BOOLEAN FASTCALL ExTryToAcquireFastMutex(PFAST_MUTEX Mutex)
{
    if (!ExpTryAcquire(Mutex))
        return FALSE;
    Mutex->OldIrql = KiRaiseIrql(APC_LEVEL);
    return TRUE;
}

VOID FASTCALL ExReleaseFastMutex(PFAST_MUTEX Mutex)
{
    KIRQL OldIrql = (KIRQL)Mutex->OldIrql;

    ExReleaseFastMutexUnsafe(Mutex);
    KiLowerIrql(OldIrql);
}

/* A guarded mutex has the layout of a fast mutex as far as these routines go. */
C_ASSERT(FIELD_OFFSET(KGUARDED_MUTEX, Gate) == FIELD_OFFSET(FAST_MUTEX, Event));
C_ASSERT(sizeof(KGATE) >= sizeof(KEVENT));

VOID FASTCALL KeInitializeGuardedMutex(PKGUARDED_MUTEX Mutex)
{
    ExInitializeFastMutex((PFAST_MUTEX)Mutex);
}

VOID FASTCALL KeAcquireGuardedMutex(PKGUARDED_MUTEX Mutex)
{
    ExAcquireFastMutexUnsafe((PFAST_MUTEX)Mutex);
}

VOID FASTCALL KeReleaseGuardedMutex(PKGUARDED_MUTEX Mutex)
{
    ExReleaseFastMutexUnsafe((PFAST_MUTEX)Mutex);
}

BOOLEAN FASTCALL KeTryToAcquireGuardedMutex(PKGUARDED_MUTEX Mutex)
{
    return ExpTryAcquire((PFAST_MUTEX)Mutex);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Spin locks. At DISPATCH_LEVEL nothing else runs on the main thread, so a lock is only ever
 * contended between the main thread and the interrupt thread. The one that finds it held marks it
 * and sleeps on the lock notification, and the holder signals on release. The interrupt thread asks
 * the Executive first to let the main thread run, which programs would otherwise keep from
 * releasing it. A thread that wants a lock which it holds itself would wait for ever, as on
 * Windows; here that is reported.
 */
#include "ki.h"
#include "ntdll.h"
#include "stub.h"

#define KI_LOCK_MAIN 1
#define KI_LOCK_INTERRUPT 2
#define KI_LOCK_OWNER 3
#define KI_LOCK_CONTENDED 4

static ULONG_PTR KiLockOwner(VOID)
{
    return KiIsInterruptThread() ? KI_LOCK_INTERRUPT : KI_LOCK_MAIN;
}

BOOLEAN KiTryAcquireLock(PKSPIN_LOCK Lock)
{
    ULONG_PTR Free = 0;

    return __atomic_compare_exchange_n(Lock, &Free, KiLockOwner(), FALSE, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

static VOID KiWaitForLock(PKSPIN_LOCK Lock)
{
    ULONG_PTR Held = __atomic_load_n(Lock, __ATOMIC_RELAXED);

    if (!Held)
        return;
    if ((Held & KI_LOCK_OWNER) == KiLockOwner())
        KeBugCheckEx(SPIN_LOCK_ALREADY_OWNED, (ULONG_PTR)Lock, Held, 0, 0);
    if (__atomic_compare_exchange_n(Lock, &Held, Held | KI_LOCK_CONTENDED, FALSE, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED)) {
        if (KiIsInterruptThread())
            DrvRequestDispatch();
        KxWaitLock();
    }
}

VOID KiAcquireLock(PKSPIN_LOCK Lock)
{
    while (!KiTryAcquireLock(Lock))
        KiWaitForLock(Lock);
}

VOID KiReleaseLock(PKSPIN_LOCK Lock)
{
    ULONG_PTR Held = __atomic_exchange_n(Lock, 0, __ATOMIC_RELEASE);

    if ((Held & KI_LOCK_OWNER) != KiLockOwner())
        KeBugCheckEx(SPIN_LOCK_NOT_OWNED, (ULONG_PTR)Lock, Held, 0, 0);
    if (Held & KI_LOCK_CONTENDED)
        KxSignalLock();
}

VOID NTAPI KxInitializeSpinLock(PKSPIN_LOCK SpinLock)
{
    *SpinLock = 0;
}

/* Raises to DISPATCH_LEVEL and returns the level before. */
KIRQL FASTCALL KxAcquireSpinLock(PKSPIN_LOCK SpinLock)
{
    KIRQL OldIrql = KiRaiseIrql(DISPATCH_LEVEL);

    KiAcquireLock(SpinLock);
    return OldIrql;
}

VOID FASTCALL KxReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
    KiReleaseLock(SpinLock);
    KiLowerIrql(NewIrql);
}

VOID FASTCALL KxAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
    KiAcquireLock(SpinLock);
}

VOID FASTCALL KxReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock)
{
    KiReleaseLock(SpinLock);
}

BOOLEAN FASTCALL KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
    return KiTryAcquireLock(SpinLock);
}

BOOLEAN FASTCALL KeTestSpinLock(PKSPIN_LOCK SpinLock)
{
    return *(volatile KSPIN_LOCK *)SpinLock == 0;
}

/* For locks that may be taken at any IRQL: raises to DISPATCH_LEVEL unless already above. */
KIRQL FASTCALL KeAcquireSpinLockForDpc(PKSPIN_LOCK SpinLock)
{
    KIRQL OldIrql = KiGetIrql();

    if (OldIrql < DISPATCH_LEVEL)
        KiRaiseIrql(DISPATCH_LEVEL);
    KiAcquireLock(SpinLock);
    return OldIrql;
}

VOID FASTCALL KeReleaseSpinLockForDpc(PKSPIN_LOCK SpinLock, KIRQL OldIrql)
{
    KxReleaseSpinLock(SpinLock, OldIrql);
}

/* In-stack queued spin locks: on one processor the queue never has more than one entry. */
VOID FASTCALL KeAcquireInStackQueuedSpinLock(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle)
{
    LockHandle->LockQueue.Lock = SpinLock;
    LockHandle->OldIrql = KxAcquireSpinLock(SpinLock);
}

VOID FASTCALL KeReleaseInStackQueuedSpinLock(PKLOCK_QUEUE_HANDLE LockHandle)
{
    KxReleaseSpinLock((PKSPIN_LOCK)LockHandle->LockQueue.Lock, LockHandle->OldIrql);
}

VOID FASTCALL KeAcquireInStackQueuedSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock,
                                                       PKLOCK_QUEUE_HANDLE LockHandle)
{
    LockHandle->LockQueue.Lock = SpinLock;
    KiAcquireLock(SpinLock);
}

VOID FASTCALL KeReleaseInStackQueuedSpinLockFromDpcLevel(PKLOCK_QUEUE_HANDLE LockHandle)
{
    KiReleaseLock((PKSPIN_LOCK)LockHandle->LockQueue.Lock);
}

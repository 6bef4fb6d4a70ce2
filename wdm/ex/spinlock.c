/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Spin locks that may be shared. Nothing else runs at DISPATCH_LEVEL on the main thread, and the
 * interrupt thread may not use them; so one that is not free is the caller's own, and that is
 * reported as for any spin lock. Their word: EX_EXCLUSIVE, or the number of shared owners.
 * (WDK: ExAcquireSpinLockShared)
 */
#include "ki.h"

#define EX_EXCLUSIVE 0x80000000u

typedef volatile LONG *PEXP_SPIN_LOCK;

static VOID ExpLockExclusive(PEXP_SPIN_LOCK SpinLock)
{
    if (*SpinLock)
        KeBugCheckEx(SPIN_LOCK_ALREADY_OWNED, (ULONG_PTR)SpinLock, *SpinLock, 0, 1);
    *SpinLock = (LONG)EX_EXCLUSIVE;
}

static VOID ExpLockShared(PEXP_SPIN_LOCK SpinLock)
{
    if (*SpinLock < 0)
        KeBugCheckEx(SPIN_LOCK_ALREADY_OWNED, (ULONG_PTR)SpinLock, *SpinLock, 0, 1);
    ++*SpinLock;
}

static VOID ExpUnlock(PEXP_SPIN_LOCK SpinLock, BOOLEAN Exclusive)
{
    if (Exclusive ? *SpinLock != (LONG)EX_EXCLUSIVE : *SpinLock <= 0)
        KeBugCheckEx(SPIN_LOCK_NOT_OWNED, (ULONG_PTR)SpinLock, *SpinLock, 0, 1);
    *SpinLock = Exclusive ? 0 : *SpinLock - 1;
}

KIRQL NTAPI ExAcquireSpinLockExclusive(PEXP_SPIN_LOCK SpinLock)
{
    KIRQL OldIrql = KiRaiseIrql(DISPATCH_LEVEL);

    ExpLockExclusive(SpinLock);
    return OldIrql;
}

KIRQL NTAPI ExAcquireSpinLockShared(PEXP_SPIN_LOCK SpinLock)
{
    KIRQL OldIrql = KiRaiseIrql(DISPATCH_LEVEL);

    ExpLockShared(SpinLock);
    return OldIrql;
}

VOID NTAPI ExReleaseSpinLockExclusive(PEXP_SPIN_LOCK SpinLock, KIRQL OldIrql)
{
    ExpUnlock(SpinLock, TRUE);
    KiLowerIrql(OldIrql);
}

VOID NTAPI ExReleaseSpinLockShared(PEXP_SPIN_LOCK SpinLock, KIRQL OldIrql)
{
    ExpUnlock(SpinLock, FALSE);
    KiLowerIrql(OldIrql);
}

VOID NTAPI ExAcquireSpinLockExclusiveAtDpcLevel(PEXP_SPIN_LOCK SpinLock)
{
    ExpLockExclusive(SpinLock);
}

VOID NTAPI ExAcquireSpinLockSharedAtDpcLevel(PEXP_SPIN_LOCK SpinLock)
{
    ExpLockShared(SpinLock);
}

VOID NTAPI ExReleaseSpinLockExclusiveFromDpcLevel(PEXP_SPIN_LOCK SpinLock)
{
    ExpUnlock(SpinLock, TRUE);
}

VOID NTAPI ExReleaseSpinLockSharedFromDpcLevel(PEXP_SPIN_LOCK SpinLock)
{
    ExpUnlock(SpinLock, FALSE);
}

/* The only shared owner becomes the exclusive one, and FALSE if there are others. */
LOGICAL NTAPI ExTryConvertSharedSpinLockExclusive(PEXP_SPIN_LOCK SpinLock)
{
    if (*SpinLock != 1)
        return FALSE;
    *SpinLock = (LONG)EX_EXCLUSIVE;
    return TRUE;
}

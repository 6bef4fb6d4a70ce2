/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routines that i386 exports twice: the DDK calls the fastcall form, older drivers the stdcall one.
 * The DDK's macros of these names give way to the functions.
 */
#include "ki.h"

#undef KeAcquireSpinLock
#undef KeAcquireSpinLockAtDpcLevel
#undef KeLowerIrql
#undef KeRaiseIrql
#undef KeReleaseSpinLock
#undef KeReleaseSpinLockFromDpcLevel

VOID NTAPI KeRaiseIrql(KIRQL NewIrql, PKIRQL OldIrql)
{
    *OldIrql = KiRaiseIrql(NewIrql);
}

VOID NTAPI KeLowerIrql(KIRQL NewIrql)
{
    KiLowerIrql(NewIrql);
}

VOID NTAPI KeAcquireSpinLock(PKSPIN_LOCK SpinLock, PKIRQL OldIrql)
{
    *OldIrql = KxAcquireSpinLock(SpinLock);
}

VOID NTAPI KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
    KxReleaseSpinLock(SpinLock, NewIrql);
}

VOID NTAPI KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
    KiAcquireLock(SpinLock);
}

VOID NTAPI KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock)
{
    KiReleaseLock(SpinLock);
}

PLIST_ENTRY NTAPI KxInsertHeadList(PLIST_ENTRY Head, PLIST_ENTRY Entry, PKSPIN_LOCK Lock)
{
    return ExfInterlockedInsertHeadList(Head, Entry, Lock);
}

PLIST_ENTRY NTAPI KxInsertTailList(PLIST_ENTRY Head, PLIST_ENTRY Entry, PKSPIN_LOCK Lock)
{
    return ExfInterlockedInsertTailList(Head, Entry, Lock);
}

PLIST_ENTRY NTAPI KxRemoveHeadList(PLIST_ENTRY Head, PKSPIN_LOCK Lock)
{
    return ExfInterlockedRemoveHeadList(Head, Lock);
}

PSINGLE_LIST_ENTRY NTAPI KxPopEntryList(PSINGLE_LIST_ENTRY Head, PKSPIN_LOCK Lock)
{
    return ExfInterlockedPopEntryList(Head, Lock);
}

PSINGLE_LIST_ENTRY NTAPI KxPushEntryList(PSINGLE_LIST_ENTRY Head, PSINGLE_LIST_ENTRY Entry,
                                         PKSPIN_LOCK Lock)
{
    return ExfInterlockedPushEntryList(Head, Entry, Lock);
}

ULONG NTAPI KxAddUlong(PULONG Addend, ULONG Increment, PKSPIN_LOCK Lock)
{
    return ExfInterlockedAddUlong(Addend, Increment, Lock);
}

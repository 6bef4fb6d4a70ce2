/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists and counters under a spin lock, at any IRQL, ISRs included. */
#include "ki.h"

PLIST_ENTRY FASTCALL ExInterlockedInsertHeadList(PLIST_ENTRY Head, PLIST_ENTRY Entry,
                                                 PKSPIN_LOCK Lock)
{
    PLIST_ENTRY First;

    KiAcquireLock(Lock);
    First = IsListEmpty(Head) ? NULL : Head->Flink;
    InsertHeadList(Head, Entry);
    KiReleaseLock(Lock);
    return First;
}

PLIST_ENTRY FASTCALL ExInterlockedInsertTailList(PLIST_ENTRY Head, PLIST_ENTRY Entry,
                                                 PKSPIN_LOCK Lock)
{
    PLIST_ENTRY Last;

    KiAcquireLock(Lock);
    Last = IsListEmpty(Head) ? NULL : Head->Blink;
    InsertTailList(Head, Entry);
    KiReleaseLock(Lock);
    return Last;
}

PLIST_ENTRY FASTCALL ExInterlockedRemoveHeadList(PLIST_ENTRY Head, PKSPIN_LOCK Lock)
{
    PLIST_ENTRY Entry;

    KiAcquireLock(Lock);
    Entry = IsListEmpty(Head) ? NULL : RemoveHeadList(Head);
    KiReleaseLock(Lock);
    return Entry;
}

PSINGLE_LIST_ENTRY FASTCALL ExInterlockedPopEntryList(PSINGLE_LIST_ENTRY Head, PKSPIN_LOCK Lock)
{
    PSINGLE_LIST_ENTRY Entry;

    KiAcquireLock(Lock);
    Entry = PopEntryList(Head);
    KiReleaseLock(Lock);
    return Entry;
}

PSINGLE_LIST_ENTRY FASTCALL ExInterlockedPushEntryList(PSINGLE_LIST_ENTRY Head,
                                                       PSINGLE_LIST_ENTRY Entry, PKSPIN_LOCK Lock)
{
    PSINGLE_LIST_ENTRY First;

    KiAcquireLock(Lock);
    First = Head->Next;
    PushEntryList(Head, Entry);
    KiReleaseLock(Lock);
    return First;
}

LARGE_INTEGER NTAPI ExInterlockedAddLargeInteger(PLARGE_INTEGER Addend, LARGE_INTEGER Increment,
                                                 PKSPIN_LOCK Lock)
{
    LARGE_INTEGER Previous;

    KiAcquireLock(Lock);
    Previous = *Addend;
    Addend->QuadPart += Increment.QuadPart;
    KiReleaseLock(Lock);
    return Previous;
}

ULONG FASTCALL ExInterlockedAddUlong(PULONG Addend, ULONG Increment, PKSPIN_LOCK Lock)
{
    ULONG Previous;

    KiAcquireLock(Lock);
    Previous = *Addend;
    *Addend += Increment;
    KiReleaseLock(Lock);
    return Previous;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sequenced singly linked lists. The header's layout is the runtime's own (drivers reach it through
 * these routines and ExQueryDepthSList, which reads the low 16 bits of Alignment); one lock serves
 * all lists.
 */
#include "ki.h"

static KSPIN_LOCK ExpSListLock;

/*
 * Alignment: depth in the low 16 bits, sequence above; Region: the first entry, its low bits left
 * to the DDK.
 */
static PSLIST_ENTRY ExpFirstEntry(PSLIST_HEADER Header)
{
    return (PSLIST_ENTRY)(Header->Region & ~15ULL);
}

static VOID ExpSetFirstEntry(PSLIST_HEADER Header, PSLIST_ENTRY Entry)
{
    Header->Region = (Header->Region & 15) | (ULONG_PTR)Entry;
}

static VOID ExpCountSList(PSLIST_HEADER Header, LONG Change)
{
    Header->Alignment =
        ((Header->Alignment >> 16) + 1) << 16 | (USHORT)(Header->Alignment + Change);
}

VOID NTAPI KxInitializeSListHead(PSLIST_HEADER Header)
{
    RtlZeroMemory(Header, sizeof(*Header));
}

PSLIST_ENTRY NTAPI ExpInterlockedPushEntrySList(PSLIST_HEADER Header, PSLIST_ENTRY Entry)
{
    PSLIST_ENTRY First;

    KiAcquireLock(&ExpSListLock);
    First = ExpFirstEntry(Header);
    Entry->Next = First;
    ExpSetFirstEntry(Header, Entry);
    ExpCountSList(Header, 1);
    KiReleaseLock(&ExpSListLock);
    return First;
}

PSLIST_ENTRY NTAPI ExpInterlockedPopEntrySList(PSLIST_HEADER Header)
{
    PSLIST_ENTRY First;

    KiAcquireLock(&ExpSListLock);
    First = ExpFirstEntry(Header);
    if (First) {
        ExpSetFirstEntry(Header, First->Next);
        ExpCountSList(Header, -1);
    }
    KiReleaseLock(&ExpSListLock);
    return First;
}

PSLIST_ENTRY NTAPI ExpInterlockedFlushSList(PSLIST_HEADER Header)
{
    PSLIST_ENTRY First;

    KiAcquireLock(&ExpSListLock);
    First = ExpFirstEntry(Header);
    ExpSetFirstEntry(Header, NULL);
    ExpCountSList(Header, -(LONG)(USHORT)Header->Alignment);
    KiReleaseLock(&ExpSListLock);
    return First;
}

USHORT NTAPI KxQueryDepthSList(PSLIST_HEADER Header)
{
    return (USHORT)Header->Alignment;
}

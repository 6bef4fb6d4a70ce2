// SPDX-License-Identifier: BSD-2-Clause
/* Singly linked lists without locks. The sequence number in the head tells a list that was changed
 * and changed back from one that was not. (Win32: InterlockedPushEntrySList) */
#include "rtlp.h"

void NTAPI RtlInitializeSListHead(PSLIST_HEADER Head)
{
    memset(Head, 0, sizeof(*Head));
}

USHORT NTAPI RtlQueryDepthSList(PSLIST_HEADER Head)
{
    return (USHORT)Head->Depth;
}

PSLIST_ENTRY NTAPI RtlFirstEntrySList(const SLIST_HEADER *Head)
{
    return Head->Next;
}

/* What is read here may be two halves of different times; then the exchange fails. */
static SLIST_HEADER Read(PSLIST_HEADER Head)
{
    SLIST_HEADER Old;

    Old.Depth = ((volatile SLIST_HEADER *)Head)->Depth;
    Old.Sequence = ((volatile SLIST_HEADER *)Head)->Sequence;
    Old.Next = ((volatile SLIST_HEADER *)Head)->Next;
    return Old;
}

PSLIST_ENTRY NTAPI RtlInterlockedPushListSListEx(PSLIST_HEADER Head, PSLIST_ENTRY First,
                                                 PSLIST_ENTRY Last, ULONG Count)
{
    SLIST_HEADER Old = Read(Head), New;

    do {
        Last->Next = Old.Next;
        New = Old;
        New.Depth += Count;
        New.Sequence++;
        New.Next = First;
    } while (!RtlpExchangeSListHead(Head, &Old, &New));
    return Old.Next;
}

PSLIST_ENTRY FASTCALL RtlInterlockedPushListSList(PSLIST_HEADER Head, PSLIST_ENTRY First,
                                                  PSLIST_ENTRY Last, ULONG Count)
{
    return RtlInterlockedPushListSListEx(Head, First, Last, Count);
}

PSLIST_ENTRY NTAPI RtlInterlockedPushEntrySList(PSLIST_HEADER Head, PSLIST_ENTRY Entry)
{
    return RtlInterlockedPushListSListEx(Head, Entry, Entry, 1);
}

/* What follows the first entry. One that is gone, because somebody else has taken and freed it, is
 * no longer the first one; if it is, the list has been damaged, and reading it shows so. */
static PSLIST_ENTRY Second(PSLIST_HEADER Head, PSLIST_HEADER Old)
{
    PSLIST_ENTRY Next;

    while (Old->Next && (Next = RtlpReadSListEntry(Old->Next)) == RTLP_SLIST_GONE) {
        SLIST_HEADER Now = Read(Head);

        if (Now.Next == Old->Next && Now.Sequence == Old->Sequence)
            return ((volatile SLIST_ENTRY *)Old->Next)->Next;
        *Old = Now;
    }
    return Old->Next ? Next : NULL;
}

PSLIST_ENTRY NTAPI RtlInterlockedPopEntrySList(PSLIST_HEADER Head)
{
    SLIST_HEADER Old = Read(Head), New;

    do {
        PSLIST_ENTRY Next = Second(Head, &Old);

        if (!Old.Next)
            return NULL;
        New = Old;
        New.Depth--;
        New.Sequence++;
        New.Next = Next;
    } while (!RtlpExchangeSListHead(Head, &Old, &New));
    return Old.Next;
}

PSLIST_ENTRY NTAPI RtlInterlockedFlushSList(PSLIST_HEADER Head)
{
    SLIST_HEADER Old = Read(Head), New;

    do {
        if (!Old.Next)
            return NULL;
        New = Old;
        New.Depth = 0;
        New.Sequence++;
        New.Next = NULL;
    } while (!RtlpExchangeSListHead(Head, &Old, &New));
    return Old.Next;
}

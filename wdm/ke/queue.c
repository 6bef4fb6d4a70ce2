/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queues that threads take their work from. The signal state counts the entries that no thread has
 * been woken for. As threads run one after the other, MaximumCount is kept and limits nothing.
 * (WDK: KeInitializeQueue)
 */
#include "ki.h"

VOID NTAPI KeInitializeQueue(PRKQUEUE Queue, ULONG Count)
{
    RtlZeroMemory(Queue, sizeof(*Queue));
    Queue->Header.Type = KiQueue;
    Queue->Header.Size = sizeof(KQUEUE) / sizeof(ULONG);
    InitializeListHead(&Queue->Header.WaitListHead);
    InitializeListHead(&Queue->EntryListHead);
    InitializeListHead(&Queue->ThreadListHead);
    Queue->MaximumCount = Count ? Count : 1;
}

LONG NTAPI KeReadStateQueue(PRKQUEUE Queue)
{
    return Queue->Header.SignalState;
}

static LONG KiInsertQueue(PRKQUEUE Queue, PLIST_ENTRY Entry, BOOLEAN Head)
{
    LONG Previous = Queue->Header.SignalState++;

    if (Head)
        InsertHeadList(&Queue->EntryListHead, Entry);
    else
        InsertTailList(&Queue->EntryListHead, Entry);
    KiSignalWaiters(&Queue->Header);
    return Previous;
}

/* KeInsertQueue: the number of entries before. At DISPATCH_LEVEL or below. */
LONG NTAPI KeInsertQueue(PRKQUEUE Queue, PLIST_ENTRY Entry)
{
    return KiInsertQueue(Queue, Entry, FALSE);
}

LONG NTAPI KeInsertHeadQueue(PRKQUEUE Queue, PLIST_ENTRY Entry)
{
    return KiInsertQueue(Queue, Entry, TRUE);
}

VOID KiLeaveQueue(PKTHREAD Thread)
{
    if (Thread->Queue)
        Thread->Queue->CurrentCount--;
    Thread->Queue = NULL;
}

/* The wait's status as the caller expects it, in place of an entry: STATUS_TIMEOUT. */
PLIST_ENTRY NTAPI KeRemoveQueue(PRKQUEUE Queue, KPROCESSOR_MODE WaitMode, PLARGE_INTEGER Timeout)
{
    PKTHREAD Thread = KiGetCurrentThread();
    NTSTATUS Status;

    KiLeaveQueue(Thread);
    Status = KeWaitForSingleObject(Queue, WrQueue, WaitMode, FALSE, Timeout);
    Thread->Queue = Queue;
    Queue->CurrentCount++;
    if (Status != STATUS_SUCCESS)
        return (PLIST_ENTRY)(ULONG_PTR)(ULONG)Status;
    if (IsListEmpty(&Queue->EntryListHead)) /* it is being run down */
        return (PLIST_ENTRY)(ULONG_PTR)STATUS_ABANDONED;
    return RemoveHeadList(&Queue->EntryListHead);
}

/* KeRundownQueue: what is left in it, as a list of entries without a head, or NULL. Threads that
 * wait get STATUS_ABANDONED. */
PLIST_ENTRY NTAPI KeRundownQueue(PRKQUEUE Queue)
{
    PLIST_ENTRY First = IsListEmpty(&Queue->EntryListHead) ? NULL : Queue->EntryListHead.Flink;

    RemoveEntryList(&Queue->EntryListHead);
    InitializeListHead(&Queue->EntryListHead);
    Queue->Header.SignalState = MAXLONG;
    KiSignalWaiters(&Queue->Header);
    Queue->Header.SignalState = 0;
    return First;
}

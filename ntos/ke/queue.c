/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queues, of which completion ports are made. A thread belongs to the queue that it has last asked
 * for an entry, and counts there as working from when it gets one until it asks again, waits for
 * something else, or ends. No entry is given out while as many work as are allowed.
 */
#include "kip.h"
#include "wait.h"

#define PROCESSORS 1

/* A thread that waits for an entry; on its stack. */
typedef struct _KQUEUE_REMOVER {
    LIST_ENTRY Links; /* KQUEUE.RemoverListHead; Flink NULL: taken out */
    PETHREAD Thread;
    PLIST_ENTRY Entry; /* what it has got; NULL: the queue has been closed */
    KEVENT Wakeup;
} KQUEUE_REMOVER, *PKQUEUE_REMOVER;

void KeInitializeQueue(PKQUEUE Queue, ULONG MaximumCount)
{
    KeInitializeDispatcherHeader(&Queue->Header, QueueObject, 0);
    InitializeListHead(&Queue->EntryListHead);
    InitializeListHead(&Queue->RemoverListHead);
    InitializeListHead(&Queue->ThreadListHead);
    Queue->CurrentCount = 0;
    Queue->MaximumCount = MaximumCount ? MaximumCount : PROCESSORS;
    Queue->ReleaseLinks.Flink = NULL;
    Queue->Closed = FALSE;
}

static void Activate(PETHREAD Thread)
{
    if (!Thread->QueueActive)
        Thread->Queue->CurrentCount++;
    Thread->QueueActive = TRUE;
}

static PLIST_ENTRY TakeEntry(PKQUEUE Queue)
{
    Queue->Header.SignalState--;
    return RemoveHeadList(&Queue->EntryListHead);
}

static void Wake(PKQUEUE Queue, PLIST_ENTRY Entry)
{
    PKQUEUE_REMOVER Remover =
        CONTAINING_RECORD(RemoveHeadList(&Queue->RemoverListHead), KQUEUE_REMOVER, Links);

    Remover->Links.Flink = NULL;
    Remover->Entry = Entry;
    if (Entry) {
        Entry->Flink = NULL; /* KeRemoveEntryQueue */
        Activate(Remover->Thread);
    }
    KeSetEvent(&Remover->Wakeup);
}

static BOOLEAN MayWork(PKQUEUE Queue)
{
    return Queue->CurrentCount < Queue->MaximumCount;
}

/* One thread less works: perhaps another may. */
static void Deactivate(PETHREAD Thread)
{
    PKQUEUE Queue = Thread->Queue;

    if (!Thread->QueueActive)
        return;
    Thread->QueueActive = FALSE;
    Queue->CurrentCount--;
    if (MayWork(Queue) && !IsListEmpty(&Queue->RemoverListHead) &&
        !IsListEmpty(&Queue->EntryListHead))
        Wake(Queue, TakeEntry(Queue));
}

void KiBlockOnQueue(PETHREAD Thread)
{
    Deactivate(Thread);
}

void KiUnblockOnQueue(PETHREAD Thread)
{
    Activate(Thread);
}

void KeLeaveQueue(PETHREAD Thread)
{
    if (!Thread->Queue)
        return;
    Deactivate(Thread);
    RemoveEntryList(&Thread->QueueEntry);
    Thread->Queue = NULL;
}

/* The thread has done its work, and asks here for more. It is not counted, and nobody is woken in
 * its place. */
static void Join(PETHREAD Thread, PKQUEUE Queue)
{
    if (Thread->Queue == Queue) {
        if (Thread->QueueActive)
            Queue->CurrentCount--;
        Thread->QueueActive = FALSE;
        return;
    }
    KeLeaveQueue(Thread);
    Thread->Queue = Queue;
    InsertTailList(&Queue->ThreadListHead, &Thread->QueueEntry);
}

/* ---- Those who wait for the queue itself, and take nothing. They may be many, and who inserts an
 * entry must not give way: a system thread sees to the rest. ---- */

#define RELEASED_AT_ONCE 16

static LIST_ENTRY ReleaseHead = {&ReleaseHead, &ReleaseHead}; /* of queues that are referenced */
static BOOLEAN ReleaserRuns;

static void ReleaseAll(BOOLEAN GiveWay)
{
    while (!IsListEmpty(&ReleaseHead)) {
        PKQUEUE Queue = CONTAINING_RECORD(RemoveHeadList(&ReleaseHead), KQUEUE, ReleaseLinks);

        Queue->ReleaseLinks.Flink = NULL;
        KiReleaseWaiters(&Queue->Header, GiveWay);
        ObDereferenceObject(Queue);
    }
    ReleaserRuns = FALSE;
}

static void ReleaseRest(PVOID Context)
{
    ReleaseAll(TRUE);
}

static void SignalQueue(PKQUEUE Queue)
{
    if (IsListEmpty(&Queue->Header.WaitListHead) || Queue->ReleaseLinks.Flink ||
        KiReleaseSomeWaiters(&Queue->Header, RELEASED_AT_ONCE))
        return;
    ObReferenceObject(Queue);
    InsertTailList(&ReleaseHead, &Queue->ReleaseLinks);
    if (ReleaserRuns)
        return;
    ReleaserRuns = TRUE;
    if (!NT_SUCCESS(KeCreateSystemThread(ReleaseRest, NULL)))
        ReleaseAll(FALSE);
}

LONG KeInsertQueue(PKQUEUE Queue, PLIST_ENTRY Entry)
{
    LONG Previous = Queue->Header.SignalState;

    if (MayWork(Queue) && !IsListEmpty(&Queue->RemoverListHead)) {
        Wake(Queue, Entry);
    } else {
        InsertTailList(&Queue->EntryListHead, Entry);
        Queue->Header.SignalState++;
        SignalQueue(Queue);
    }
    return Previous;
}

/* The thread has got an entry, but ends. */
static void PassOn(PKQUEUE Queue, PKQUEUE_REMOVER Remover)
{
    KeLeaveQueue(Remover->Thread);
    KeInsertQueue(Queue, Remover->Entry);
    Remover->Entry = NULL;
}

/* Between the end of the wait, by time or alert, and the thread's turn it may still get an entry.
 */
static NTSTATUS WaitForEntry(PKQUEUE Queue, PKQUEUE_REMOVER Remover, BOOLEAN Alertable,
                             PLARGE_INTEGER Timeout)
{
    NTSTATUS Status;

    Remover->Thread = KiCurrentThread;
    KeInitializeEvent(&Remover->Wakeup, SynchronizationEvent, FALSE);
    InsertHeadList(&Queue->RemoverListHead, &Remover->Links);
    Status = KeWaitForSingleObject(&Remover->Wakeup, Alertable, Timeout);
    if (Remover->Links.Flink)
        RemoveEntryList(&Remover->Links);
    if (!Remover->Entry)
        return Status == STATUS_SUCCESS ? STATUS_ABANDONED_WAIT_0 : Status;
    if (Status != STATUS_THREAD_IS_TERMINATING)
        return STATUS_SUCCESS;
    PassOn(Queue, Remover);
    return Status;
}

NTSTATUS KeRemoveQueue(PKQUEUE Queue, BOOLEAN Alertable, PLARGE_INTEGER Timeout, PLIST_ENTRY *Entry)
{
    PETHREAD Thread = KiCurrentThread;
    KQUEUE_REMOVER Remover = {0};
    NTSTATUS Status = STATUS_SUCCESS;

    if (Queue->Closed)
        return STATUS_ABANDONED_WAIT_0;
    Join(Thread, Queue);
    if (MayWork(Queue) && !IsListEmpty(&Queue->EntryListHead))
        Remover.Entry = TakeEntry(Queue);
    else
        Status = WaitForEntry(Queue, &Remover, Alertable, Timeout);
    if (Thread->Queue)
        Activate(Thread);
    *Entry = Remover.Entry;
    return Status;
}

PLIST_ENTRY KeTryRemoveQueue(PKQUEUE Queue)
{
    return IsListEmpty(&Queue->EntryListHead) ? NULL : TakeEntry(Queue);
}

BOOLEAN KeRemoveEntryQueue(PKQUEUE Queue, PLIST_ENTRY Entry)
{
    if (!Entry->Flink)
        return FALSE;
    Queue->Header.SignalState--;
    RemoveEntryList(Entry);
    return TRUE;
}

void KeCloseQueue(PKQUEUE Queue)
{
    Queue->Closed = TRUE;
    while (!IsListEmpty(&Queue->RemoverListHead)) {
        Wake(Queue, NULL);
        KeGiveWay();
    }
}

void KeRundownQueue(PKQUEUE Queue)
{
    while (!IsListEmpty(&Queue->ThreadListHead)) {
        PETHREAD Thread =
            CONTAINING_RECORD(RemoveHeadList(&Queue->ThreadListHead), ETHREAD, QueueEntry);

        Thread->Queue = NULL;
        Thread->QueueActive = FALSE;
        KeGiveWay();
    }
}

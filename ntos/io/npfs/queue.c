/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What goes one way through a pipe. The quota covers entries in their order: those before Stalled
 * are within it, and their writes are over; a write whose data are not waits until enough of what
 * is before them has been read.
 */
#include "npfsp.h"

void NpInitializeQueue(PNP_QUEUE Queue, ULONG Quota)
{
    *Queue = (NP_QUEUE){.Quota = Quota};
    InitializeListHead(&Queue->Entries);
    InitializeListHead(&Queue->Reads);
    InitializeListHead(&Queue->Writes);
    InitializeListHead(&Queue->Flushes);
}

ULONG NpRoom(PNP_QUEUE Queue)
{
    return Queue->Stalled ? 0 : Queue->Quota - Queue->Covered;
}

/* The write that waits for the entry is over, if there is one. */
static void NpEndWrite(PNP_QUEUE Queue, PNP_ENTRY Entry, NTSTATUS Status)
{
    PIO_REQUEST Request = Entry->Request;

    if (!Request)
        return;
    Entry->Request = NULL;
    Queue->Waiting--;
    RemoveEntryList(&Request->QueueEntry);
    IopCompleteRequest(Request, Status, NT_SUCCESS(Status) ? Entry->Length : 0);
}

static PNP_ENTRY NpNextEntry(PNP_QUEUE Queue, PNP_ENTRY Entry)
{
    return Entry->Links.Flink == &Queue->Entries
               ? NULL
               : CONTAINING_RECORD(Entry->Links.Flink, NP_ENTRY, Links);
}

/* The next entry comes within the quota. FALSE: it does not. */
static BOOLEAN NpCoverNext(PNP_QUEUE Queue)
{
    PNP_ENTRY Entry = Queue->Stalled;

    if (!Entry || NP_REST(Entry) > Queue->Quota - Queue->Covered)
        return FALSE;
    Queue->Covered += NP_REST(Entry);
    Queue->Stalled = NpNextEntry(Queue, Entry);
    NpEndWrite(Queue, Entry, STATUS_SUCCESS);
    return TRUE;
}

void NpCover(PNP_QUEUE Queue)
{
    while (NpCoverNext(Queue))
        KeGiveWay();
}

void NpAppend(PNP_QUEUE Queue, PNP_ENTRY Entry)
{
    InsertTailList(&Queue->Entries, &Entry->Links);
    Queue->Count++;
    Entry->Number = ++Queue->Added;
    Queue->Bytes += NP_REST(Entry);
    if (Queue->Stalled)
        return;
    Queue->Stalled = Entry;
    NpCoverNext(Queue);
}

/* What has been read, or is lost, of an entry. */
static void NpCountDown(PNP_QUEUE Queue, BOOLEAN Stalled, ULONG Bytes)
{
    Queue->Bytes -= Bytes;
    if (!Stalled)
        Queue->Covered -= Bytes;
}

void NpConsume(PNP_QUEUE Queue, ULONG Bytes)
{
    PNP_ENTRY Entry = CONTAINING_RECORD(Queue->Entries.Flink, NP_ENTRY, Links);

    NpCountDown(Queue, Entry == Queue->Stalled, Bytes);
    Entry->Offset += Bytes;
}

static void NpUnlinkEntry(PNP_QUEUE Queue, PNP_ENTRY Entry, BOOLEAN Stalled)
{
    NpCountDown(Queue, Stalled, NP_REST(Entry));
    if (Entry == Queue->Stalled)
        Queue->Stalled = NpNextEntry(Queue, Entry);
    RemoveEntryList(&Entry->Links);
    Queue->Count--;
}

/* The first entry: all before it have gone. */
void NpRemoveEntry(PNP_QUEUE Queue, PNP_ENTRY Entry)
{
    NpUnlinkEntry(Queue, Entry, Entry == Queue->Stalled);
    NpEndWrite(Queue, Entry, STATUS_SUCCESS);
}

static void NpEndFlush(PNP_QUEUE Queue, PIO_REQUEST Flush, NTSTATUS Status)
{
    RemoveEntryList(&Flush->QueueEntry);
    Queue->Flushing--;
    IopCompleteRequest(Flush, Status, 0);
}

/* The first flush is over if all has gone that was there before it. FALSE: it is not. */
static BOOLEAN NpTellNextFlush(PNP_QUEUE Queue)
{
    PIO_REQUEST Flush = CONTAINING_RECORD(Queue->Flushes.Flink, IO_REQUEST, QueueEntry);
    PNP_ENTRY First = CONTAINING_RECORD(Queue->Entries.Flink, NP_ENTRY, Links);

    if (IsListEmpty(&Queue->Flushes))
        return FALSE;
    if (!IsListEmpty(&Queue->Entries) && First->Number <= Flush->Parameters.ByteOffset)
        return FALSE;
    NpEndFlush(Queue, Flush, STATUS_SUCCESS);
    return TRUE;
}

/* One that waits is not within the quota. Those behind it may be now: a few, as this must not give
 * way; the next who reads does the rest. The entry goes with the request. */
void NpForgetWrite(PIO_REQUEST Request)
{
    PNP_ENTRY Entry = Request->Context;
    PNP_QUEUE Queue = NpWriteQueue((PNP_END)Request->File->FsContext);
    ULONG i;

    Entry->Request = NULL;
    Queue->Waiting--;
    NpUnlinkEntry(Queue, Entry, TRUE);
    Request->Message = Entry;
    for (i = 0; i < NP_MAXIMUM_WAITING && NpCoverNext(Queue); i++)
        ;
    while (NpTellNextFlush(Queue))
        ;
}

void NpTellFlushes(PNP_QUEUE Queue)
{
    while (NpTellNextFlush(Queue))
        KeGiveWay();
}

void NpTakeList(PLIST_ENTRY From, PLIST_ENTRY To)
{
    InitializeListHead(To);
    IopMoveList(From, To);
}

void NpCompleteAll(PLIST_ENTRY List, NTSTATUS Status)
{
    LIST_ENTRY Requests;

    NpTakeList(List, &Requests);
    while (!IsListEmpty(&Requests)) {
        IopCompleteRequest(CONTAINING_RECORD(RemoveHeadList(&Requests), IO_REQUEST, QueueEntry),
                           Status, 0);
        KeGiveWay();
    }
}

/* There are NP_MAXIMUM_WAITING of each at most. */
static void NpEndWritesAndFlushes(PNP_QUEUE Queue, NTSTATUS Status)
{
    while (!IsListEmpty(&Queue->Writes)) {
        PIO_REQUEST Write = CONTAINING_RECORD(Queue->Writes.Flink, IO_REQUEST, QueueEntry);

        NpEndWrite(Queue, Write->Context, Status);
    }
    while (!IsListEmpty(&Queue->Flushes))
        NpEndFlush(Queue, CONTAINING_RECORD(Queue->Flushes.Flink, IO_REQUEST, QueueEntry), Status);
}

void NpEmptyQueue(PNP_QUEUE Queue, NTSTATUS Status, PNP_REMAINS Remains)
{
    NpEndWritesAndFlushes(Queue, Status);
    NpTakeList(&Queue->Entries, &Remains->Entries);
    NpTakeList(&Queue->Reads, &Remains->Reads);
    Queue->Stalled = NULL;
    Queue->Bytes = 0;
    Queue->Count = Queue->Covered = 0;
}

void NpBury(PNP_REMAINS Remains, NTSTATUS Status)
{
    NpCompleteAll(&Remains->Reads, Status);
    while (!IsListEmpty(&Remains->Entries)) {
        IopDereferenceMessage(
            CONTAINING_RECORD(RemoveHeadList(&Remains->Entries), NP_ENTRY, Links));
        KeGiveWay();
    }
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading from a pipe. What is there leaves the queue first and is copied then, since copying may
 * take several turns; what cannot be copied is lost.
 */
#include "npfsp.h"

/* The first entry, or Room bytes of it. FALSE: the read is full. */
static BOOLEAN NpHarvestOne(PNP_QUEUE Queue, ULONG Room, PNP_HARVEST Harvest)
{
    PNP_ENTRY Entry = CONTAINING_RECORD(Queue->Entries.Flink, NP_ENTRY, Links);
    ULONG Rest = NP_REST(Entry);

    if (Rest > Room) {
        Harvest->Partial = Entry;
        Harvest->Offset = Entry->Offset;
        Harvest->Length = Room;
        Harvest->Total += Room;
        Entry->References++;
        NpConsume(Queue, Room);
        return FALSE;
    }
    NpRemoveEntry(Queue, Entry);
    InsertTailList(&Harvest->Entries, &Entry->Links);
    Harvest->Total += Rest;
    return Rest < Room;
}

/* As much as Length allows of what the end can read: a message, or bytes. There is something. */
static void NpTakeData(PNP_END End, ULONG Length, PNP_HARVEST Harvest)
{
    PNP_QUEUE Queue = NpReadQueue(End);
    BOOLEAN Messages = End->ReadMode == FILE_PIPE_MESSAGE_MODE, More;
    ULONG i = 0;

    Harvest->Total = 0;
    Harvest->Partial = NULL;
    InitializeListHead(&Harvest->Entries);
    do {
        if (End->Side == FILE_PIPE_SERVER_END)
            NpAdoptContext(End->Instance, CONTAINING_RECORD(Queue->Entries.Flink, NP_ENTRY, Links));
        More = NpHarvestOne(Queue, Length - Harvest->Total, Harvest);
    } while (More && !Messages && !IsListEmpty(&Queue->Entries) && ++i < NP_ENTRIES_AT_ONCE);
    Harvest->Status = Messages && Harvest->Partial ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

/* Whole entries go with their memory. */
static NTSTATUS NpCopyOut(CLIENT(PVOID) Buffer, PNP_HARVEST Harvest)
{
    CLIENT(PUCHAR) Target = (CLIENT(PUCHAR))Buffer;
    NTSTATUS Status = STATUS_SUCCESS;

    while (!IsListEmpty(&Harvest->Entries)) {
        PNP_ENTRY Entry = CONTAINING_RECORD(RemoveHeadList(&Harvest->Entries), NP_ENTRY, Links);
        ULONG Rest = NP_REST(Entry);

        if (NT_SUCCESS(Status))
            Status = MmCopyToClient(Target, Entry->Data + Entry->Offset, Rest);
        Target += Rest;
        IopDereferenceMessage(Entry);
        KeGiveWay();
    }
    if (!Harvest->Partial)
        return Status;
    if (NT_SUCCESS(Status))
        Status = MmCopyToClient(Target, Harvest->Partial->Data + Harvest->Offset, Harvest->Length);
    IopDereferenceMessage(Harvest->Partial);
    return Status;
}

/* What the queue can do now that there is room. */
static void NpGoOn(PNP_INSTANCE Instance, PNP_QUEUE Queue)
{
    if (!Queue->Stalled && IsListEmpty(&Queue->Flushes))
        return;
    Instance->References++;
    NpCover(Queue);
    NpTellFlushes(Queue);
    NpDereferenceInstance(Instance);
}

static NTSTATUS NpReadNow(PIO_FILE File, PNP_END End, CLIENT(PVOID) Buffer, ULONG Length,
                          PIOP_CLIENT Client)
{
    NP_HARVEST Harvest;
    NTSTATUS Status;

    NpTakeData(End, Length, &Harvest);
    NpGoOn(End->Instance, NpReadQueue(End));
    Status = NpCopyOut(Buffer, &Harvest);
    if (!NT_SUCCESS(Status)) {
        IopReleaseClient(Client);
        return Status;
    }
    IopCountTransfer(PsGetCurrentProcess(), IRP_MJ_READ, Harvest.Total);
    return IopFinishStream(File, Client, Harvest.Status, Harvest.Total);
}

static void NpStartRead(PIO_REQUEST Request)
{
    PNP_END End = Request->File->FsContext;

    Request->State = IopRequestQueued;
    InsertTailList(&NpReadQueue(End)->Reads, &Request->QueueEntry);
    NpMatch(End->Instance, !End->Side);
}

static NTSTATUS NpReadLater(PIO_FILE File, ULONG Length, PIOP_CLIENT Client)
{
    PIO_REQUEST Request = IopAllocateOwnRequest(File, IRP_MJ_READ, 0, NpStartRead);

    if (!Request) {
        IopReleaseClient(Client);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Request->Parameters.OutputLength = Length;
    return IopIssueClientRequest(Request, Client);
}

/* STATUS_PENDING: there is nothing, but something may come. */
static NTSTATUS NpCheckRead(PIO_FILE File, PNP_END *End)
{
    NTSTATUS Status = NpFindEnd(File, End);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!NpMayRead(*End))
        return STATUS_INVALID_PARAMETER;
    switch ((*End)->Instance->State) {
    case FILE_PIPE_DISCONNECTED_STATE:
        return STATUS_PIPE_DISCONNECTED;
    case FILE_PIPE_LISTENING_STATE:
        return STATUS_PIPE_LISTENING;
    }
    if (!IsListEmpty(&NpReadQueue(*End)->Entries) && IsListEmpty(&NpReadQueue(*End)->Reads))
        return STATUS_SUCCESS;
    if ((*End)->Instance->State == FILE_PIPE_CLOSING_STATE)
        return STATUS_PIPE_BROKEN;
    return (*End)->CompletionMode == FILE_PIPE_COMPLETE_OPERATION ? STATUS_PIPE_EMPTY
                                                                  : STATUS_PENDING;
}

NTSTATUS NpRead(PIO_FILE File, CLIENT(PVOID) Buffer, ULONG Length, PIOP_CLIENT Client)
{
    PNP_END End;
    NTSTATUS Status = NpCheckRead(File, &End);

    if (Status == STATUS_SUCCESS)
        return NpReadNow(File, End, Buffer, Length, Client);
    if (Status == STATUS_PENDING)
        return NpReadLater(File, Length, Client);
    IopReleaseClient(Client);
    return Status;
}

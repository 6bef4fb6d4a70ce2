/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing to a pipe. */
#include "npfsp.h"

static NTSTATUS NpCheckWrite(PIO_FILE File, PNP_END *End)
{
    NTSTATUS Status = NpFindEnd(File, End);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!NpMayWrite(*End))
        return STATUS_INVALID_PARAMETER;
    switch ((*End)->Instance->State) {
    case FILE_PIPE_DISCONNECTED_STATE:
        return STATUS_PIPE_DISCONNECTED;
    case FILE_PIPE_LISTENING_STATE:
        return STATUS_PIPE_LISTENING;
    case FILE_PIPE_CLOSING_STATE:
        return STATUS_PIPE_CLOSING;
    }
    return STATUS_SUCCESS;
}

/* Capturing gives way, so the state is looked at before it and after it. */
NTSTATUS NpCaptureWrite(PIO_FILE File, CLIENT(PCVOID) Buffer, ULONG Length, PNP_END *End,
                        PNP_ENTRY *Entry)
{
    NTSTATUS Status = NpCheckWrite(File, End);

    if (NT_SUCCESS(Status))
        Status = IopCaptureMessage(Buffer, Length, Entry);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = NpCheckWrite(File, End);
    if (NT_SUCCESS(Status))
        Status = NpCaptureContext(*End, *Entry);
    if (!NT_SUCCESS(Status))
        IopDereferenceMessage(*Entry);
    return Status;
}

/* How much of the entry can be written without waiting. */
static ULONG NpAcceptable(PNP_END End, PNP_ENTRY Entry)
{
    PNP_QUEUE Queue = NpWriteQueue(End);
    ULONG Room = NpRoom(Queue);

    if (Entry->Length <= Room)
        return Entry->Length;
    if (!IsListEmpty(&Queue->Reads) && IsListEmpty(&Queue->Entries)) {
        PIO_REQUEST Read = CONTAINING_RECORD(Queue->Reads.Flink, IO_REQUEST, QueueEntry);

        if (Read->Parameters.OutputLength >= Entry->Length ||
            End->CompletionMode == FILE_PIPE_COMPLETE_OPERATION)
            return Entry->Length;
    }
    return End->Pipe->Type == FILE_PIPE_MESSAGE_TYPE ? 0 : Room;
}

static NTSTATUS NpWriteNow(PIO_FILE File, PNP_END End, PNP_ENTRY Entry, PIOP_CLIENT Client)
{
    ULONG Length = Entry->Length;

    NpAppend(NpWriteQueue(End), Entry);
    NpMatch(End->Instance, End->Side);
    IopCountTransfer(PsGetCurrentProcess(), IRP_MJ_WRITE, Length);
    return IopFinishStream(File, Client, STATUS_SUCCESS, Length);
}

/* The state is as it was when the request was made. */
static void NpStartWrite(PIO_REQUEST Request)
{
    PNP_END End = Request->File->FsContext;
    PNP_QUEUE Queue = NpWriteQueue(End);
    PNP_ENTRY Entry = Request->Context;

    Request->State = IopRequestQueued;
    InsertTailList(&Queue->Writes, &Request->QueueEntry);
    Queue->Waiting++;
    Entry->Request = Request;
    NpAppend(Queue, Entry);
    NpMatch(End->Instance, End->Side);
}

static NTSTATUS NpWriteLater(PIO_FILE File, PNP_END End, PNP_ENTRY Entry, PIOP_CLIENT Client)
{
    PIO_REQUEST Request = NULL;

    if (NpWriteQueue(End)->Waiting < NP_MAXIMUM_WAITING)
        Request = IopAllocateOwnRequest(File, IRP_MJ_WRITE, 0, NpStartWrite);
    if (!Request) {
        IopDereferenceMessage(Entry);
        IopReleaseClient(Client);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Request->Context = Entry;
    Request->Cancel = NpForgetWrite;
    return IopIssueClientRequest(Request, Client);
}

/* An end that does not wait writes what there is room for, of a message all or nothing. */
static NTSTATUS NpWriteAtOnce(PIO_FILE File, PNP_END End, PNP_ENTRY Entry, ULONG Acceptable,
                              PIOP_CLIENT Client)
{
    if (!Acceptable) {
        IopDereferenceMessage(Entry);
        return IopFinishStream(File, Client, STATUS_SUCCESS, 0);
    }
    Entry->Length = Acceptable;
    return NpWriteNow(File, End, Entry, Client);
}

NTSTATUS NpWrite(PIO_FILE File, CLIENT(PCVOID) Buffer, ULONG Length, PIOP_CLIENT Client)
{
    PNP_ENTRY Entry;
    ULONG Acceptable;
    PNP_END End;
    NTSTATUS Status = NpCaptureWrite(File, Buffer, Length, &End, &Entry);

    if (!NT_SUCCESS(Status)) {
        IopReleaseClient(Client);
        return Status;
    }
    Acceptable = NpAcceptable(End, Entry);
    if (Acceptable == Length)
        return NpWriteNow(File, End, Entry, Client);
    if (End->CompletionMode == FILE_PIPE_COMPLETE_OPERATION)
        return NpWriteAtOnce(File, End, Entry, Acceptable, Client);
    return NpWriteLater(File, End, Entry, Client);
}

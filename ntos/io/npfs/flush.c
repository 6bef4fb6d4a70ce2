/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting until the other end has read what was written. */
#include "npfsp.h"

static void NpStartFlush(PIO_REQUEST Request)
{
    PNP_END End = Request->File->FsContext;
    PNP_QUEUE Queue = NpWriteQueue(End);

    if (IsListEmpty(&Queue->Entries)) {
        IopCompleteRequest(Request, STATUS_SUCCESS, 0);
        return;
    }
    Request->Parameters.ByteOffset = Queue->Added;
    Request->State = IopRequestQueued;
    InsertTailList(&Queue->Flushes, &Request->QueueEntry);
    Queue->Flushing++;
}

static void NpForgetFlush(PIO_REQUEST Request)
{
    NpWriteQueue((PNP_END)Request->File->FsContext)->Flushing--;
}

/* NULL: no memory, or there are too many. */
static PIO_REQUEST NpNewFlush(PIO_FILE File, PNP_END End)
{
    PIO_REQUEST Request = NULL;

    if (NpWriteQueue(End)->Flushing < NP_MAXIMUM_WAITING)
        Request = IopAllocateOwnRequest(File, IRP_MJ_FLUSH_BUFFERS, 0, NpStartFlush);
    if (Request)
        Request->Cancel = NpForgetFlush;
    return Request;
}

/* Nobody is there to read: there is nothing to wait for. */
static BOOLEAN NpIsFlushed(PNP_END End)
{
    return End->Instance->State != FILE_PIPE_CONNECTED_STATE ||
           IsListEmpty(&NpWriteQueue(End)->Entries);
}

NTSTATUS NpFlush(PIO_FILE File)
{
    PIO_REQUEST Request;
    BOOLEAN Completed;
    PNP_END End;
    NTSTATUS Status = NpFindEnd(File, &End);

    if (!NT_SUCCESS(Status) || NpIsFlushed(End))
        return Status;
    Request = NpNewFlush(File, End);
    if (!Request)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = IopCallAndWait(Request, 0, &Completed);
    if (Completed)
        IopFreeRequest(Request);
    return Status;
}

/* FSCTL_PIPE_FLUSH: the same, without waiting if the file is asynchronous. */
NTSTATUS NpFlushLater(PIO_FILE File, PIOP_CLIENT Client)
{
    PIO_REQUEST Request;
    PNP_END End;
    NTSTATUS Status = NpFindEnd(File, &End);

    if (!NT_SUCCESS(Status) || NpIsFlushed(End))
        return IopFinishStream(File, Client, Status, 0);
    Request = NpNewFlush(File, End);
    return Request ? IopIssueClientRequest(Request, Client)
                   : IopFinishStream(File, Client, STATUS_INSUFFICIENT_RESOURCES, 0);
}

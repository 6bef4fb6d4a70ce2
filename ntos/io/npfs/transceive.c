/* SPDX-License-Identifier: BSD-2-Clause */
/* FSCTL_PIPE_TRANSCEIVE: a message is written, beyond the quota if need be, and the answer read. */
#include "npfsp.h"

static NTSTATUS NpCheckTransceive(PIO_FILE File, PNP_END *End)
{
    NTSTATUS Status = NpFindEnd(File, End);

    if (Status == STATUS_INVALID_PARAMETER)
        return STATUS_PIPE_DISCONNECTED; /* the directory */
    if (!NT_SUCCESS(Status))
        return Status;
    if ((*End)->Instance->State != FILE_PIPE_CONNECTED_STATE)
        return STATUS_INVALID_PIPE_STATE;
    if ((*End)->Pipe->Configuration != FILE_PIPE_FULL_DUPLEX ||
        (*End)->ReadMode != FILE_PIPE_MESSAGE_MODE)
        return STATUS_INVALID_PIPE_STATE;
    return IsListEmpty(&NpReadQueue(*End)->Entries) ? STATUS_SUCCESS : STATUS_PIPE_BUSY;
}

/* The read waits before the message can be answered. */
static void NpStartTransceive(PIO_REQUEST Request)
{
    PNP_END End = Request->File->FsContext;
    PNP_INSTANCE Instance = End->Instance;
    PNP_ENTRY Entry = Request->Context;

    Request->State = IopRequestQueued;
    InsertTailList(&NpReadQueue(End)->Reads, &Request->QueueEntry);
    NpAppend(NpWriteQueue(End), Entry);
    NpMatch(Instance, End->Side);
}

NTSTATUS NpTransceive(PIO_FILE File, const IOP_CONTROL *Control, PIOP_CLIENT Client)
{
    PIO_REQUEST Request = NULL;
    PNP_ENTRY Entry;
    PNP_END End;
    NTSTATUS Status = NpCheckTransceive(File, &End);

    if (NT_SUCCESS(Status))
        Status = NpCaptureWrite(File, Control->Input, Control->InputLength, &End, &Entry);
    if (!NT_SUCCESS(Status))
        return IopFinishStream(File, Client, Status, 0);
    Status = NpCheckTransceive(File, &End);
    if (NT_SUCCESS(Status)) {
        Request = IopAllocateOwnRequest(File, IRP_MJ_FILE_SYSTEM_CONTROL, 0, NpStartTransceive);
        Status = Request ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    }
    if (!NT_SUCCESS(Status)) {
        IopDereferenceMessage(Entry);
        return IopFinishStream(File, Client, Status, 0);
    }
    Request->Context = Entry;
    Request->Parameters.OutputLength = Control->OutputLength;
    Client->Buffer = Control->Output;
    return IopIssueClientRequest(Request, Client);
}

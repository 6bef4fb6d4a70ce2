/* SPDX-License-Identifier: BSD-2-Clause */
/* Control codes of pipes. */
#include "npfsp.h"

static void NpStartListen(PIO_REQUEST Request)
{
    PNP_END End = Request->File->FsContext;

    Request->State = IopRequestQueued;
    InsertTailList(&End->Instance->Listeners, &Request->QueueEntry);
}

/* STATUS_PENDING: it is to be waited for. A client may come while those who wait for an instance
 * are told of this one. */
static NTSTATUS NpCheckListen(PIO_FILE File)
{
    PNP_END End = NpEndOf(File);

    if (!End || End->Side != FILE_PIPE_SERVER_END)
        return STATUS_ILLEGAL_FUNCTION;
    if (End->Closed)
        return STATUS_FILE_CLOSED;
    if (End->Instance->State == FILE_PIPE_DISCONNECTED_STATE)
        NpListen(End->Instance);
    switch (End->Instance->State) {
    case FILE_PIPE_CONNECTED_STATE:
        return STATUS_PIPE_CONNECTED;
    case FILE_PIPE_CLOSING_STATE:
        return STATUS_PIPE_CLOSING;
    case FILE_PIPE_DISCONNECTED_STATE:
        return STATUS_PIPE_DISCONNECTED;
    }
    return End->CompletionMode == FILE_PIPE_COMPLETE_OPERATION ? STATUS_PIPE_LISTENING
                                                               : STATUS_PENDING;
}

static NTSTATUS NpControlListen(PIO_FILE File, PIOP_CLIENT Client)
{
    NTSTATUS Status = NpCheckListen(File);
    PIO_REQUEST Request;

    if (Status != STATUS_PENDING)
        return IopFinishStream(File, Client, Status, 0);
    Request = IopAllocateOwnRequest(File, IRP_MJ_FILE_SYSTEM_CONTROL, 0, NpStartListen);
    return Request ? IopIssueClientRequest(Request, Client)
                   : IopFinishStream(File, Client, STATUS_INSUFFICIENT_RESOURCES, 0);
}

static NTSTATUS NpControlDisconnect(PIO_FILE File)
{
    PNP_END End = NpEndOf(File);
    PNP_INSTANCE Instance;
    NTSTATUS Status;

    if (!End)
        return STATUS_PIPE_DISCONNECTED;
    if (End->Side != FILE_PIPE_SERVER_END)
        return STATUS_ILLEGAL_FUNCTION;
    if (End->Closed)
        return STATUS_FILE_CLOSED;
    Instance = End->Instance;
    Instance->References++;
    Status = NpDisconnect(Instance);
    NpDereferenceInstance(Instance);
    return Status;
}

static NTSTATUS NpDisableImpersonation(PIO_FILE File)
{
    PNP_END End = NpEndOf(File);

    if (!End || End->Side != FILE_PIPE_SERVER_END)
        return STATUS_ILLEGAL_FUNCTION;
    End->Instance->NoImpersonation = TRUE;
    return STATUS_SUCCESS;
}

/* What is done at once. */
static NTSTATUS NpControlNow(PIO_FILE File, const IOP_CONTROL *Control, PULONG_PTR Returned)
{
    PNP_END End = NpEndOf(File);

    switch (Control->Code) {
    case FSCTL_PIPE_DISCONNECT:
        return NpControlDisconnect(File);
    case FSCTL_PIPE_PEEK:
        return End ? NpPeek(End, Control, Returned) : STATUS_INVALID_PARAMETER;
    case FSCTL_PIPE_IMPERSONATE:
        return End ? NpImpersonate(End) : STATUS_ILLEGAL_FUNCTION;
    case FSCTL_PIPE_DISABLE_IMPERSONATE:
        return NpDisableImpersonation(File);
    case FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE:
        return End ? NpGetConnectionAttribute(End, Control, Returned) : STATUS_INVALID_PARAMETER;
    case FSCTL_PIPE_QUERY_CLIENT_PROCESS:
        return End ? STATUS_NOT_SUPPORTED : STATUS_INVALID_PARAMETER;
    default:
        return STATUS_NOT_SUPPORTED;
    }
}

NTSTATUS NpControl(PIO_FILE File, const IOP_CONTROL *Control, PIOP_CLIENT Client)
{
    ULONG_PTR Returned = 0;
    NTSTATUS Status;

    switch (Control->Code) {
    case FSCTL_PIPE_LISTEN:
        return NpControlListen(File, Client);
    case FSCTL_PIPE_TRANSCEIVE:
        return NpTransceive(File, Control, Client);
    case FSCTL_PIPE_WAIT:
        return NpWait(File, Control, Client);
    case FSCTL_PIPE_FLUSH:
        return NpFlushLater(File, Client);
    }
    Status = NpControlNow(File, Control, &Returned);
    return IopFinishStream(File, Client, Status, Returned);
}

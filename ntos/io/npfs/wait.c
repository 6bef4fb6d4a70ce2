/* SPDX-License-Identifier: BSD-2-Clause */
/* FSCTL_PIPE_WAIT: until an instance of a pipe listens, or a time limit is over. */
#include "npfsp.h"

/* In the request's buffer, of which nothing is returned. */
typedef struct _NP_WAIT {
    KTIMER Timer;
    PNP_PIPE Pipe; /* referenced */
    LARGE_INTEGER Limit;
} NP_WAIT, *PNP_WAIT;

/* It has left the pipe's list. */
static void NpForgetWait(PIO_REQUEST Request)
{
    PNP_WAIT Wait = Request->Buffer;

    KeCancelTimer(&Wait->Timer);
    NpDereferencePipe(Wait->Pipe);
}

static void NpEndWait(PIO_REQUEST Request, NTSTATUS Status)
{
    NpForgetWait(Request);
    IopCompleteRequest(Request, Status, 0);
}

static void NpWaitExpired(PVOID Context)
{
    PIO_REQUEST Request = Context;

    RemoveEntryList(&Request->QueueEntry);
    NpEndWait(Request, STATUS_IO_TIMEOUT);
}

void NpEndWaits(PNP_PIPE Pipe, NTSTATUS Status)
{
    LIST_ENTRY Requests;

    NpTakeList(&Pipe->Waiters, &Requests);
    while (!IsListEmpty(&Requests)) {
        NpEndWait(CONTAINING_RECORD(RemoveHeadList(&Requests), IO_REQUEST, QueueEntry), Status);
        KeGiveWay();
    }
}

static void NpStartWait(PIO_REQUEST Request)
{
    PNP_WAIT Wait = Request->Buffer;

    Request->State = IopRequestQueued;
    InsertTailList(&Wait->Pipe->Waiters, &Request->QueueEntry);
    KeInitializeTimer(&Wait->Timer, NpWaitExpired, Request);
    KeSetTimer(&Wait->Timer, KeDueTime(Wait->Limit.QuadPart));
}

static NTSTATUS NpWaitForPipe(PIO_FILE File, PNP_PIPE Pipe, LARGE_INTEGER Limit, PIOP_CLIENT Client)
{
    PIO_REQUEST Request =
        IopAllocateOwnRequest(File, IRP_MJ_FILE_SYSTEM_CONTROL, sizeof(NP_WAIT), NpStartWait);
    PNP_WAIT Wait;

    if (!Request)
        return IopFinishStream(File, Client, STATUS_INSUFFICIENT_RESOURCES, 0);
    Wait = Request->Buffer;
    Wait->Pipe = Pipe;
    Wait->Limit = Limit;
    NpReferencePipe(Pipe);
    Request->Cancel = NpForgetWait;
    return IopIssueClientRequest(Request, Client);
}

/* The name, with a backslash before it, goes to Buffer of IOP_MAXIMUM_STREAM_NAME bytes. */
static NTSTATUS NpCaptureWait(const IOP_CONTROL *Control, PFILE_PIPE_WAIT_FOR_BUFFER Header,
                              PUNICODE_STRING Name)
{
    ULONG Size = FIELD_OFFSET(FILE_PIPE_WAIT_FOR_BUFFER, Name);

    if (Control->InputLength < sizeof(*Header))
        return STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(MmCopyFromClient(Header, Control->Input, Size)))
        return STATUS_ACCESS_VIOLATION;
    if (Header->NameLength > Control->InputLength - Size || Header->NameLength % sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    if (Header->NameLength > IOP_MAXIMUM_STREAM_NAME - sizeof(WCHAR))
        return STATUS_OBJECT_NAME_INVALID;
    Name->Buffer[0] = '\\';
    Name->Length = (USHORT)(Header->NameLength + sizeof(WCHAR));
    return MmCopyFromClient(Name->Buffer + 1, (CLIENT(PUCHAR))Control->Input + Size,
                            Header->NameLength);
}

NTSTATUS NpWait(PIO_FILE File, const IOP_CONTROL *Control, PIOP_CLIENT Client)
{
    WCHAR Buffer[IOP_MAXIMUM_STREAM_NAME / sizeof(WCHAR)];
    UNICODE_STRING Name = {0, sizeof(Buffer), Buffer};
    FILE_PIPE_WAIT_FOR_BUFFER Header;
    PNP_PIPE Pipe = NULL;
    NTSTATUS Status = STATUS_ILLEGAL_FUNCTION;

    if (File->FsContext == &NpRootContext)
        Status = NpCaptureWait(Control, &Header, &Name);
    if (NT_SUCCESS(Status)) {
        Pipe = NpFindPipe(&Name);
        Status = Pipe ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
    }
    if (!NT_SUCCESS(Status) || !IsListEmpty(&Pipe->Listening))
        return IopFinishStream(File, Client, Status, 0);
    return NpWaitForPipe(File, Pipe,
                         Header.TimeoutSpecified ? Header.Timeout : Pipe->DefaultTimeout, Client);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Instances of pipes and their states; npfsp.h has the table. */
#include "npfsp.h"

void NpDereferenceInstance(PNP_INSTANCE Instance)
{
    if (--Instance->References)
        return;
    NpSetClient(Instance, NULL);
    ExFreePool(Instance);
}

static void NpBeginToListen(PNP_INSTANCE Instance)
{
    Instance->State = FILE_PIPE_LISTENING_STATE;
    InsertTailList(&Instance->Pipe->Listening, &Instance->ListeningEntry);
    NpEndWaits(Instance->Pipe, STATUS_SUCCESS);
}

NTSTATUS NpCreateInstance(PNP_END Server, const IOP_NEW_STREAM *New)
{
    PNP_INSTANCE Instance = ExAllocatePool(sizeof(*Instance));
    ULONG i;

    if (!Instance)
        return STATUS_INSUFFICIENT_RESOURCES;
    Instance->References = 1;
    Instance->Pipe = Server->Pipe;
    InitializeListHead(&Instance->Listeners);
    for (i = 0; i < ARRAYSIZE(Instance->Queues); i++)
        NpInitializeQueue(&Instance->Queues[i], New->Quotas[i]);
    Instance->Ends[FILE_PIPE_SERVER_END] = Server;
    Instance->ProcessIds[FILE_PIPE_SERVER_END] = IopCurrentProcessId();
    Instance->SessionIds[FILE_PIPE_SERVER_END] = PsGetCurrentProcess()->Token->SessionId;
    Server->Instance = Instance;
    Server->Pipe->CurrentInstances++;
    NpBeginToListen(Instance);
    return STATUS_SUCCESS;
}

/* The client has what it needs; those who listen learn of it. */
void NpConnect(PNP_INSTANCE Instance, PNP_END Client)
{
    RemoveEntryList(&Instance->ListeningEntry);
    Instance->State = FILE_PIPE_CONNECTED_STATE;
    Instance->Ends[FILE_PIPE_CLIENT_END] = Client;
    Instance->ProcessIds[FILE_PIPE_CLIENT_END] = IopCurrentProcessId();
    Instance->SessionIds[FILE_PIPE_CLIENT_END] = PsGetCurrentProcess()->Token->SessionId;
    Instance->References++;
    Client->Instance = Instance;
    NpCompleteAll(&Instance->Listeners, STATUS_SUCCESS);
}

void NpListen(PNP_INSTANCE Instance)
{
    Instance->NoImpersonation = FALSE;
    NpBeginToListen(Instance);
}

/* What was written is lost, on both sides. Nothing waits at the client's end any more when that is
 * left without its instance. */
static void NpPartEnds(PNP_INSTANCE Instance)
{
    PNP_END Client = Instance->Ends[FILE_PIPE_CLIENT_END];
    NP_REMAINS Inbound, Outbound;

    NpEmptyQueue(&Instance->Queues[FILE_PIPE_INBOUND], STATUS_PIPE_DISCONNECTED, &Inbound);
    NpEmptyQueue(&Instance->Queues[FILE_PIPE_OUTBOUND], STATUS_PIPE_DISCONNECTED, &Outbound);
    NpSetClient(Instance, NULL);
    if (Client) {
        Instance->Ends[FILE_PIPE_CLIENT_END] = NULL;
        Client->Instance = NULL;
        NpDereferenceInstance(Instance);
    }
    NpBury(&Inbound, STATUS_PIPE_DISCONNECTED);
    NpBury(&Outbound, STATUS_PIPE_DISCONNECTED);
}

NTSTATUS NpDisconnect(PNP_INSTANCE Instance)
{
    ULONG State = Instance->State;

    if (State == FILE_PIPE_DISCONNECTED_STATE)
        return STATUS_PIPE_DISCONNECTED;
    Instance->State = FILE_PIPE_DISCONNECTED_STATE;
    if (State != FILE_PIPE_LISTENING_STATE) {
        NpPartEnds(Instance);
        return STATUS_SUCCESS;
    }
    RemoveEntryList(&Instance->ListeningEntry);
    NpCompleteAll(&Instance->Listeners, STATUS_PIPE_DISCONNECTED);
    return STATUS_SUCCESS;
}

/* What the other end has written nobody will read, and it will write no more; what this end has
 * written stays there to be read. */
static void NpBreak(PNP_END End)
{
    PNP_INSTANCE Instance = End->Instance;
    PNP_QUEUE Out = NpWriteQueue(End);
    NP_REMAINS Theirs, Ours;

    Instance->Ends[End->Side] = NULL;
    if (Instance->State == FILE_PIPE_CONNECTED_STATE)
        Instance->State = FILE_PIPE_CLOSING_STATE;
    NpEmptyQueue(NpReadQueue(End), STATUS_PIPE_BROKEN, &Theirs);
    if (Instance->Ends[!End->Side]) {
        InitializeListHead(&Ours.Entries);
        NpTakeList(&Out->Reads, &Ours.Reads);
    } else {
        NpEmptyQueue(Out, STATUS_PIPE_BROKEN, &Ours);
    }
    NpBury(&Theirs, STATUS_PIPE_BROKEN);
    NpBury(&Ours, STATUS_PIPE_BROKEN);
}

/* With its last server's end a pipe is nobody's. */
static void NpCountServer(PNP_PIPE Pipe)
{
    if (--Pipe->CurrentInstances)
        return;
    NpUnlistPipe(Pipe);
    NpEndWaits(Pipe, STATUS_OBJECT_NAME_NOT_FOUND);
}

/* The end's file stays as long as its requests. */
void NpCloseEnd(PNP_END End)
{
    PNP_INSTANCE Instance = End->Instance;

    if (End->Closed)
        return;
    End->Closed = TRUE;
    if (End->Side == FILE_PIPE_SERVER_END)
        NpCountServer(End->Pipe);
    if (!Instance)
        return;
    Instance->References++;
    if (Instance->State == FILE_PIPE_LISTENING_STATE) {
        RemoveEntryList(&Instance->ListeningEntry);
        Instance->State = FILE_PIPE_CLOSING_STATE;
        Instance->Ends[End->Side] = NULL;
        NpCompleteAll(&Instance->Listeners, STATUS_PIPE_BROKEN);
    } else {
        NpBreak(End);
    }
    NpDereferenceInstance(Instance);
}

PNP_END NpAllocateEnd(ULONG Side, PNP_PIPE Pipe)
{
    PNP_END End = ExAllocatePool(sizeof(*End));

    if (!End)
        return NULL;
    End->Kind = NpEndNode;
    End->Side = Side;
    End->Pipe = Pipe;
    NpReferencePipe(Pipe);
    return End;
}

void NpFreeEnd(PNP_END End)
{
    if (End->Instance)
        NpDereferenceInstance(End->Instance);
    NpDereferencePipe(End->Pipe);
    ExFreePool(End);
}

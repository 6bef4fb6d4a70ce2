/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests of clients. A thread that waits for its request copies the result itself. That of a
 * synchronous file waits until the request is done; that of an asynchronous one until the driver's
 * dispatch routine has returned. If the request is pending then, a system thread copies the result,
 * since copying into a client may have to wait.
 *
 * As in Windows an error that the caller gets as the service's result is not in the status block
 * too, and the event is not set for it: nobody is to wait.
 */
#include "iop.h"

static LIST_ENTRY IopCompleted; /* requests */
static KEVENT IopCompletedEvent;

/* The routine gets ApcContext, the status block's address and 0. */
static NTSTATUS IopPrepareApc(PIOP_CLIENT Client, PIO_APC_ROUTINE ApcRoutine,
                              CLIENT(PVOID) ApcContext)
{
    if (!ApcRoutine)
        return STATUS_SUCCESS;
    Client->Apc = KeAllocateApc();
    if (!Client->Apc)
        return STATUS_INSUFFICIENT_RESOURCES;
    Client->Apc->NormalRoutine = (ULONG_PTR)ApcRoutine;
    Client->Apc->NormalContext = (ULONG_PTR)ApcContext;
    Client->Apc->SystemArgument1 = (ULONG_PTR)Client->Iosb;
    Client->Thread = PsGetCurrentThread();
    ObReferenceObject(Client->Thread);
    return STATUS_SUCCESS;
}

static void IopQueueApc(PIOP_CLIENT Client)
{
    if (Client->Apc && KeInsertUserApc(Client->Thread, Client->Apc))
        Client->Apc = NULL;
}

/* Event, if given, needs EVENT_MODIFY_STATE and is reset. A file reports to its port or by APCs. */
NTSTATUS IopPrepareClient(PIOP_CLIENT Client, PIO_FILE File, HANDLE Event,
                          PIO_APC_ROUTINE ApcRoutine, CLIENT(PVOID) ApcContext,
                          CLIENT(PIO_STATUS_BLOCK) Iosb)
{
    NTSTATUS Status;

    *Client = (IOP_CLIENT){.Iosb = Iosb};
    if (ApcRoutine && File->Port)
        return STATUS_INVALID_PARAMETER;
    if (Event) {
        Status = ObReferenceObjectByHandle(Event, EVENT_MODIFY_STATE, ExEventType,
                                           (PVOID *)&Client->Event);
        if (!NT_SUCCESS(Status))
            return Status;
        KeResetEvent(Client->Event);
    }
    Status = IopPrepareApc(Client, ApcRoutine, ApcContext);
    if (NT_SUCCESS(Status) && !ApcRoutine)
        Status = IopPreparePacket(File, (PVOID)(ULONG_PTR)ApcContext, &Client->Packet);
    if (!NT_SUCCESS(Status))
        IopReleaseClient(Client);
    return Status;
}

void IopReleaseClient(PIOP_CLIENT Client)
{
    if (Client->Event)
        ObDereferenceObject(Client->Event);
    if (Client->Process)
        ObDereferenceObject(Client->Process);
    if (Client->Packet)
        Client->Packet->Release(Client->Packet);
    if (Client->Apc)
        KeFreeApc(Client->Apc);
    if (Client->Thread)
        ObDereferenceObject(Client->Thread);
    Client->Event = NULL;
    Client->Process = NULL;
    Client->Packet = NULL;
    Client->Apc = NULL;
    Client->Thread = NULL;
}

/* An asynchronous file is signalled for want of an event only. */
static void IopSignalClient(PIO_FILE File, PIOP_CLIENT Client)
{
    if (Client->Event)
        KeSetEventGivingWay(Client->Event);
    if ((!Client->Event && !(File->PortFlags & FILE_SKIP_SET_EVENT_ON_HANDLE)) ||
        IopIsSynchronous(File))
        KeSignalObject(&File->Header, TRUE);
}

/* Status block, event, file, port. A status block that has become unwritable is the client's own
 * loss. */
static NTSTATUS IopTellClient(PIO_FILE File, PIOP_CLIENT Client, NTSTATUS Status,
                              ULONG_PTR Information, BOOLEAN Pending)
{
    IO_STATUS_BLOCK Block = {.Status = Status, .Information = Information};

    MmCopyToClient(Client->Iosb, &Block, sizeof(Block));
    IopSignalClient(File, Client);
    IopPostClient(File, Client, &Block, Pending);
    if (Pending || !NT_ERROR(Status))
        IopQueueApc(Client);
    IopReleaseClient(Client);
    return Status;
}

/* The end of a request that the caller has waited for, or that was done at once. Returns Status. */
NTSTATUS IopFinishClient(PIO_FILE File, PIOP_CLIENT Client, NTSTATUS Status, ULONG_PTR Information)
{
    return IopTellClient(File, Client, Status, Information, FALSE);
}

NTSTATUS IopFinishStream(PIO_FILE File, PIOP_CLIENT Client, NTSTATUS Status, ULONG_PTR Information)
{
    if (NT_ERROR(Status)) { /* it is the service's result, and told nowhere else */
        IopReleaseClient(Client);
        return Status;
    }
    File->Header.SignalState = 0;
    return IopFinishClient(File, Client, Status, Information);
}

static void IopAdvanceFile(PIO_REQUEST Request)
{
    UCHAR Function = Request->Parameters.MajorFunction;

    if (IopIsSynchronous(Request->File) && (Function == IRP_MJ_READ || Function == IRP_MJ_WRITE) &&
        !NT_ERROR(Request->Status))
        Request->File->CurrentByteOffset =
            (LONGLONG)(Request->Parameters.ByteOffset + Request->Information);
}

/* To the calling client: output, status block, event, file. */
static NTSTATUS IopReturnResult(PIO_REQUEST Request, PIOP_CLIENT Client)
{
    NTSTATUS Status = Request->Status;

    if (!NT_SUCCESS(IopReturnData(Request, PsGetCurrentProcess(), Client->Buffer)))
        Status = STATUS_ACCESS_VIOLATION;
    IopCountTransfer(PsGetCurrentProcess(), Request->Parameters.MajorFunction,
                     Request->Information);
    return IopTellClient(Request->File, Client, Status, Request->Information, Request->Pending);
}

static NTSTATUS IopCallForClient(PIO_REQUEST Request, PIOP_CLIENT Client)
{
    PETHREAD Thread = PsGetCurrentThread();
    BOOLEAN Alertable = (Request->File->Options & FILE_SYNCHRONOUS_IO_ALERT) != 0, Completed;
    NTSTATUS Status;

    Request->Client.Iosb = Client->Iosb;
    Thread->SynchronousRequest = Request;
    Status =
        Alertable ? IopCallAlertably(Request, &Completed) : IopCallAndWait(Request, 0, &Completed);
    Thread->SynchronousRequest = NULL;
    if (!Completed) {
        IopReleaseClient(Client);
        return Status;
    }
    IopAdvanceFile(Request);
    if (NT_ERROR(Status)) {
        IopSignalClient(Request->File, Client);
        IopReleaseClient(Client);
    } else {
        Status = IopReturnResult(Request, Client);
    }
    IopReleaseDataAndWait(Request);
    IopFreeRequest(Request);
    return Status;
}

static void IopCompleteClientRequest(PIO_REQUEST Request)
{
    InsertTailList(&IopCompleted, &Request->QueueEntry);
    KeSetEvent(&IopCompletedEvent);
}

/* A request on an asynchronous file that is done before its caller has left. */
static NTSTATUS IopFinishAtOnce(PIO_REQUEST Request)
{
    NTSTATUS Status = Request->Status;

    if (Request->Pending || !NT_ERROR(Status))
        Status = IopReturnResult(Request, &Request->Client);
    if (Request->Pending)
        Status = STATUS_PENDING;
    IopReleaseDataAndWait(Request);
    IopFreeRequest(Request);
    return Status;
}

/*
 * Waits until the driver has answered or left the request pending. One that could not be sent yet
 * is pending, however long that may take; so is one that there is no stack to wait for on.
 */
static NTSTATUS IopCallAsynchronously(PIO_REQUEST Request)
{
    Request->Parameters.TellPending = 1;
    IopShowData(Request);
    IopSendRequest(Request);
    if (Request->State == IopRequestQueued)
        Request->Parameters.TellPending = 0;
    else
        KeWaitForSingleObject(&Request->Done, FALSE, NULL);
    if (Request->State == IopRequestDone)
        return IopFinishAtOnce(Request);
    Request->Complete = IopCompleteClientRequest;
    return STATUS_PENDING;
}

/* Consumes both. STATUS_PENDING: not done yet; status block and event will tell. */
NTSTATUS IopIssueClientRequest(PIO_REQUEST Request, PIOP_CLIENT Client)
{
    PETHREAD Thread = PsGetCurrentThread();

    Request->File->Header.SignalState = 0;
    if (IopIsSynchronous(Request->File))
        return IopCallForClient(Request, Client);
    Request->Client = *Client;
    Request->Client.Process = Thread->Process;
    ObReferenceObject(Thread->Process);
    InsertTailList(&Thread->RequestList, &Request->ThreadEntry);
    return IopCallAsynchronously(Request);
}

/* The memory of a process that is ending is left alone, but its events may be shared with
 * others. */
static void IopDeliver(PIO_REQUEST Request)
{
    PIOP_CLIENT Client = &Request->Client;
    IO_STATUS_BLOCK Block = {.Status = Request->Status, .Information = Request->Information};

    if (!NT_ERROR(Request->Status))
        IopCountTransfer(Client->Process, Request->Parameters.MajorFunction, Request->Information);
    if (!Client->Process->Exiting) {
        if (!NT_SUCCESS(IopReturnData(Request, Client->Process, Client->Buffer)))
            Block.Status = STATUS_ACCESS_VIOLATION;
        MmCopyToProcess(Client->Process, Client->Iosb, &Block, sizeof(Block));
    }
    IopSignalClient(Request->File, Client);
    IopPostClient(Request->File, Client, &Block, TRUE);
    IopQueueApc(Client);
    IopFreeRequest(Request);
}

static void IopCompletionThread(PVOID Context)
{
    for (;;) {
        KeWaitForSingleObject(&IopCompletedEvent, FALSE, NULL);
        while (!IsListEmpty(&IopCompleted)) {
            IopDeliver(CONTAINING_RECORD(RemoveHeadList(&IopCompleted), IO_REQUEST, QueueEntry));
            KeGiveWay();
        }
    }
}

void IopInitializeClients(void)
{
    InitializeListHead(&IopCompleted);
    KeInitializeEvent(&IopCompletedEvent, SynchronizationEvent, FALSE);
    if (!NT_SUCCESS(KeCreateSystemThread(IopCompletionThread, NULL)))
        KeBugCheck("no thread for IO completion");
}

/* The thread ends: its asynchronous requests are cancelled. Each ends in its own time, when its
 * driver completes it or dies. */
void IoCancelThreadRequests(PETHREAD Thread, BOOLEAN GiveWay)
{
    while (!IsListEmpty(&Thread->RequestList)) {
        PIO_REQUEST Request =
            CONTAINING_RECORD(RemoveHeadList(&Thread->RequestList), IO_REQUEST, ThreadEntry);

        Request->ThreadEntry.Flink = NULL;
        IopCancelRequest(Request);
        if (GiveWay)
            KeGiveWay();
    }
}

void IopMoveList(PLIST_ENTRY List, PLIST_ENTRY To)
{
    if (IsListEmpty(List))
        return;
    List->Flink->Blink = To->Blink;
    To->Blink->Flink = List->Flink;
    List->Blink->Flink = To;
    To->Blink = List->Blink;
    InitializeListHead(List);
}

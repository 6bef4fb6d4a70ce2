/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests of clients: who waits copies the result himself; for an asynchronous one a system thread
 * does it, since copying into a client may have to wait.
 */
#include "iop.h"

static LIST_ENTRY IopCompleted; /* IRPs */
static KEVENT IopCompletedEvent;

/* Event, if given, needs EVENT_MODIFY_STATE and is reset. There are no APCs yet. */
NTSTATUS IopPrepareClient(PIOP_CLIENT Client, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                          PIO_STATUS_BLOCK Iosb)
{
    NTSTATUS Status;

    *Client = (IOP_CLIENT){.Iosb = Iosb};
    if (ApcRoutine)
        return STATUS_NOT_IMPLEMENTED;
    if (Event) {
        Status = ObReferenceObjectByHandle(Event, EVENT_MODIFY_STATE, ExEventType,
                                           (PVOID *)&Client->Event);
        if (!NT_SUCCESS(Status))
            return Status;
        KeResetEvent(Client->Event);
    }
    return STATUS_SUCCESS;
}

void IopReleaseClient(PIOP_CLIENT Client)
{
    if (Client->Event)
        ObDereferenceObject(Client->Event);
    if (Client->Process)
        ObDereferenceObject(Client->Process);
    Client->Event = NULL;
    Client->Process = NULL;
}

static void IopSignalClient(PFILE_OBJECT File, PIOP_CLIENT Client)
{
    if (Client->Event)
        KeSetEvent(Client->Event);
    KeSignalObject(&File->Header);
}

/*
 * The end of a request that the caller has waited for, or that was done at once: status block,
 * event, file. Returns Status. A status block that has become unwritable is the client's own loss.
 */
NTSTATUS IopFinishClient(PFILE_OBJECT File, PIOP_CLIENT Client, NTSTATUS Status,
                         ULONG_PTR Information)
{
    IO_STATUS_BLOCK Block = {.Status = Status, .Information = Information};

    MmCopyToClient(Client->Iosb, &Block, sizeof(Block));
    IopSignalClient(File, Client);
    IopReleaseClient(Client);
    return Status;
}

static void IopAdvanceFile(PIRP Irp)
{
    UCHAR Function = Irp->Request.MajorFunction;

    if (IopIsSynchronous(Irp->File) && (Function == IRP_MJ_READ || Function == IRP_MJ_WRITE) &&
        !NT_ERROR(Irp->Status))
        Irp->File->CurrentByteOffset = (LONGLONG)(Irp->Request.ByteOffset + Irp->Information);
}

static SIZE_T IopOutputLength(PIRP Irp)
{
    if (NT_ERROR(Irp->Status))
        return 0;
    return Irp->Information < Irp->Request.OutputLength ? Irp->Information
                                                        : Irp->Request.OutputLength;
}

static NTSTATUS IopCallForClient(PIRP Irp, PIOP_CLIENT Client)
{
    BOOLEAN Completed;
    NTSTATUS Status = IopCallAndWait(Irp, 0, &Completed);

    if (!Completed) {
        IopReleaseClient(Client);
        return Status;
    }
    IopAdvanceFile(Irp);
    if (!NT_SUCCESS(MmCopyToClient(Client->Buffer, Irp->Buffer, IopOutputLength(Irp))))
        Status = STATUS_ACCESS_VIOLATION;
    Status = IopFinishClient(Irp->File, Client, Status, Irp->Information);
    IopFreeIrp(Irp);
    return Status;
}

static void IopCompleteClientIrp(PIRP Irp)
{
    InsertTailList(&IopCompleted, &Irp->QueueEntry);
    KeSetEvent(&IopCompletedEvent);
}

/* Synchronous files make the caller wait; otherwise STATUS_PENDING. */
NTSTATUS IopIssueClientIrp(PIRP Irp, PIOP_CLIENT Client)
{
    PETHREAD Thread = PsGetCurrentThread();

    Irp->File->Header.SignalState = 0;
    if (IopIsSynchronous(Irp->File))
        return IopCallForClient(Irp, Client);
    Irp->Client = *Client;
    Irp->Client.Process = Thread->Process;
    ObReferenceObject(Thread->Process);
    Irp->Complete = IopCompleteClientIrp;
    InsertTailList(&Thread->IrpList, &Irp->ThreadEntry);
    IopSendIrp(Irp);
    return STATUS_PENDING;
}

/* Where a process is ending its memory is left alone, but its events may be another's too. */
static void IopDeliver(PIRP Irp)
{
    PIOP_CLIENT Client = &Irp->Client;
    IO_STATUS_BLOCK Block = {.Status = Irp->Status, .Information = Irp->Information};

    if (!Client->Process->Exiting) {
        if (!NT_SUCCESS(MmCopyToProcess(Client->Process, Client->Buffer, Irp->Buffer,
                                        IopOutputLength(Irp))))
            Block.Status = STATUS_ACCESS_VIOLATION;
        MmCopyToProcess(Client->Process, Client->Iosb, &Block, sizeof(Block));
    }
    IopSignalClient(Irp->File, Client);
    IopFreeIrp(Irp);
}

static void IopCompletionThread(PVOID Context)
{
    for (;;) {
        KeWaitForSingleObject(&IopCompletedEvent, FALSE, NULL);
        while (!IsListEmpty(&IopCompleted))
            IopDeliver(CONTAINING_RECORD(RemoveHeadList(&IopCompleted), IRP, QueueEntry));
    }
}

void IopInitializeClients(void)
{
    InitializeListHead(&IopCompleted);
    KeInitializeEvent(&IopCompletedEvent, SynchronizationEvent, FALSE);
    if (!NT_SUCCESS(KeCreateSystemThread(IopCompletionThread, NULL)))
        KeBugCheck("no thread for IO completion");
}

/* The thread ends: what it has asked for asynchronously is cancelled. It completes, or its driver
 * dies, in its time. */
void IoCancelThreadIrps(PETHREAD Thread)
{
    while (!IsListEmpty(&Thread->IrpList)) {
        PIRP Irp = CONTAINING_RECORD(RemoveHeadList(&Thread->IrpList), IRP, ThreadEntry);

        Irp->ThreadEntry.Flink = NULL;
        IopCancelIrp(Irp);
    }
}

/* The calling thread's requests on File; FALSE when there is none that could be cancelled. */
static BOOLEAN IopCancelFileIrps(PETHREAD Thread, PFILE_OBJECT File)
{
    PLIST_ENTRY Entry = Thread->IrpList.Flink, Next;
    BOOLEAN Found = FALSE;

    for (; Entry != &Thread->IrpList; Entry = Next) {
        PIRP Irp = CONTAINING_RECORD(Entry, IRP, ThreadEntry);

        Next = Entry->Flink;
        if (Irp->File == File && Irp->State != IopIrpDone && !Irp->CancelRequested) {
            Found = TRUE;
            IopCancelIrp(Irp);
        }
    }
    return Found;
}

/*
 * NtCancelIoFile: the calling thread's outstanding requests on the file are cancelled, as far as
 * its driver lets them. It does not wait for them to complete. Returns STATUS_SUCCESS with
 * IoStatusBlock filled, STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH,
 * STATUS_ACCESS_VIOLATION.  (Win32: CancelIo)
 */
NTSTATUS NTAPI NtCancelIoFile(HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock)
{
    IO_STATUS_BLOCK Block = {.Status = STATUS_SUCCESS};
    PFILE_OBJECT File;
    NTSTATUS Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));

    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(FileHandle, 0, IoFileType, (PVOID *)&File);
    if (!NT_SUCCESS(Status))
        return Status;
    IopCancelFileIrps(PsGetCurrentThread(), File);
    ObDereferenceObject(File);
    return MmWriteClient(IoStatusBlock, &Block);
}

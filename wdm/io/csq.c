/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cancel-safe queues: the driver provides the list and its lock, and these routines handle the
 * races with cancellation. An IRP in the queue points to its IO_CSQ or IO_CSQ_IRP_CONTEXT in
 * DriverContext[3].
 */
#include "wdmio.h"
#include "ki.h"

static VOID NTAPI WdmCsqCancel(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_CSQ Csq = Irp->Tail.Overlay.DriverContext[3];
    PIO_CSQ_IRP_CONTEXT Context;
    KIRQL Irql;

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    if (Csq->Type == IO_TYPE_CSQ_IRP_CONTEXT) {
        Context = (PIO_CSQ_IRP_CONTEXT)Csq;
        Csq = Context->Csq;
        Context->Irp = NULL;
    }
    Csq->CsqAcquireLock(Csq, &Irql);
    Csq->CsqRemoveIrp(Csq, Irp);
    Csq->CsqReleaseLock(Csq, Irql);
    Csq->CsqCompleteCanceledIrp(Csq, Irp);
}

static NTSTATUS WdmInitializeCsq(PIO_CSQ Csq, ULONG Type, PVOID Insert, PIO_CSQ_REMOVE_IRP Remove,
                                 PIO_CSQ_PEEK_NEXT_IRP Peek, PIO_CSQ_ACQUIRE_LOCK Acquire,
                                 PIO_CSQ_RELEASE_LOCK Release,
                                 PIO_CSQ_COMPLETE_CANCELED_IRP CompleteCanceled)
{
    RtlZeroMemory(Csq, sizeof(*Csq));
    Csq->Type = Type;
    Csq->CsqInsertIrp = (PIO_CSQ_INSERT_IRP)Insert;
    Csq->CsqRemoveIrp = Remove;
    Csq->CsqPeekNextIrp = Peek;
    Csq->CsqAcquireLock = Acquire;
    Csq->CsqReleaseLock = Release;
    Csq->CsqCompleteCanceledIrp = CompleteCanceled;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI IoCsqInitialize(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP Insert, PIO_CSQ_REMOVE_IRP Remove,
                               PIO_CSQ_PEEK_NEXT_IRP Peek, PIO_CSQ_ACQUIRE_LOCK Acquire,
                               PIO_CSQ_RELEASE_LOCK Release,
                               PIO_CSQ_COMPLETE_CANCELED_IRP CompleteCanceled)
{
    return WdmInitializeCsq(Csq, IO_TYPE_CSQ, (PVOID)Insert, Remove, Peek, Acquire, Release,
                            CompleteCanceled);
}

NTSTATUS NTAPI IoCsqInitializeEx(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP_EX Insert,
                                 PIO_CSQ_REMOVE_IRP Remove, PIO_CSQ_PEEK_NEXT_IRP Peek,
                                 PIO_CSQ_ACQUIRE_LOCK Acquire, PIO_CSQ_RELEASE_LOCK Release,
                                 PIO_CSQ_COMPLETE_CANCELED_IRP CompleteCanceled)
{
    return WdmInitializeCsq(Csq, IO_TYPE_CSQ_EX, (PVOID)Insert, Remove, Peek, Acquire, Release,
                            CompleteCanceled);
}

static NTSTATUS WdmCsqInsert(PIO_CSQ Csq, PIRP Irp, PVOID InsertContext)
{
    if (Csq->Type == IO_TYPE_CSQ_EX)
        return ((PIO_CSQ_INSERT_IRP_EX)Csq->CsqInsertIrp)(Csq, Irp, InsertContext);
    Csq->CsqInsertIrp(Csq, Irp);
    return STATUS_SUCCESS;
}

/* Takes Irp out of the queue again if it was cancelled before it had a cancel routine. */
static BOOLEAN WdmCsqCancelledAlready(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context)
{
    if (!Irp->Cancel || !IoSetCancelRoutine(Irp, NULL))
        return FALSE;
    if (Context)
        Context->Irp = NULL;
    Csq->CsqRemoveIrp(Csq, Irp);
    return TRUE;
}

/*
 * IoCsqInsertIrpEx: marks the IRP pending and queues it. With IoCsqInitializeEx the driver's insert
 * may refuse it.
 */
NTSTATUS NTAPI IoCsqInsertIrpEx(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context,
                                PVOID InsertContext)
{
    BOOLEAN Cancelled = FALSE;
    NTSTATUS Status;
    KIRQL Irql;

    Irp->Tail.Overlay.DriverContext[3] = Csq;
    if (Context) {
        Context->Type = IO_TYPE_CSQ_IRP_CONTEXT;
        Context->Csq = Csq;
        Context->Irp = Irp;
        Irp->Tail.Overlay.DriverContext[3] = Context;
    }
    Csq->ReservePointer = NULL;
    Csq->CsqAcquireLock(Csq, &Irql);
    Status = WdmCsqInsert(Csq, Irp, InsertContext);
    if (NT_SUCCESS(Status)) {
        IoMarkIrpPending(Irp);
        IoSetCancelRoutine(Irp, WdmCsqCancel);
        Cancelled = WdmCsqCancelledAlready(Csq, Irp, Context);
    }
    Csq->CsqReleaseLock(Csq, Irql);
    if (Cancelled)
        Csq->CsqCompleteCanceledIrp(Csq, Irp);
    return Status;
}

VOID NTAPI IoCsqInsertIrp(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context)
{
    IoCsqInsertIrpEx(Csq, Irp, Context, NULL);
}

static VOID WdmCsqRelease(PIRP Irp)
{
    PIO_CSQ_IRP_CONTEXT Context = Irp->Tail.Overlay.DriverContext[3];

    if (Context->Type == IO_TYPE_CSQ_IRP_CONTEXT)
        Context->Irp = NULL;
    Irp->Tail.Overlay.DriverContext[3] = NULL;
}

/* IoCsqRemoveNextIrp: the next IRP that matches PeekContext and is not being cancelled, or NULL. */
PIRP NTAPI IoCsqRemoveNextIrp(PIO_CSQ Csq, PVOID PeekContext)
{
    PIRP Irp;
    KIRQL Irql;

    Csq->CsqAcquireLock(Csq, &Irql);
    Irp = Csq->CsqPeekNextIrp(Csq, NULL, PeekContext);
    while (Irp && !IoSetCancelRoutine(Irp, NULL))
        Irp = Csq->CsqPeekNextIrp(Csq, Irp, PeekContext);
    if (Irp) {
        Csq->CsqRemoveIrp(Csq, Irp);
        WdmCsqRelease(Irp);
    }
    Csq->CsqReleaseLock(Csq, Irql);
    return Irp;
}

/* IoCsqRemoveIrp: that IRP, or NULL if it has left the queue. */
PIRP NTAPI IoCsqRemoveIrp(PIO_CSQ Csq, PIO_CSQ_IRP_CONTEXT Context)
{
    PIRP Irp;
    KIRQL Irql;

    Csq->CsqAcquireLock(Csq, &Irql);
    Irp = Context->Irp;
    if (Irp && IoSetCancelRoutine(Irp, NULL)) {
        Csq->CsqRemoveIrp(Csq, Irp);
        WdmCsqRelease(Irp);
    } else {
        Irp = NULL;
    }
    Csq->CsqReleaseLock(Csq, Irql);
    return Irp;
}

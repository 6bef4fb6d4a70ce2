/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Completion: back up the stack locations, calling completion routines, then what the IRP's
 * originator asked for.
 */
#include "wdmio.h"
#include "ki.h"

static BOOLEAN WdmWantsCompletion(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UCHAR Wanted = NT_SUCCESS(Irp->IoStatus.Status) ? SL_INVOKE_ON_SUCCESS : SL_INVOKE_ON_ERROR;

    if (Irp->Cancel)
        Wanted |= SL_INVOKE_ON_CANCEL;
    return (Stack->Control & Wanted) != 0;
}

/* A finished location must not be taken for one that is set up. */
static VOID WdmClearStackLocation(PIO_STACK_LOCATION Stack)
{
    Stack->MinorFunction = 0;
    Stack->Flags = 0;
    Stack->Control = 0;
    RtlZeroMemory(&Stack->Parameters, sizeof(Stack->Parameters));
    Stack->FileObject = NULL;
}

/*
 * Calls the completion routine in Stack, which the driver above has set there; if there is none,
 * passes the pending mark on.
 */
static NTSTATUS WdmCompleteLocation(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PIO_COMPLETION_ROUTINE Routine = Stack->CompletionRoutine;
    PDEVICE_OBJECT Upper = NULL;

    Irp->PendingReturned = (Stack->Control & SL_PENDING_RETURNED) != 0;
    if (WdmWantsCompletion(Irp, Stack) && Routine) {
        if (Irp->CurrentLocation <= Irp->StackCount)
            Upper = IoGetCurrentIrpStackLocation(Irp)->DeviceObject;
        WdmClearStackLocation(Stack);
        return Routine(Upper, Irp, Stack->Context);
    }
    if (Irp->PendingReturned && Irp->CurrentLocation <= Irp->StackCount)
        IoMarkIrpPending(Irp);
    WdmClearStackLocation(Stack);
    return STATUS_SUCCESS;
}

/* The end of an IRP that IoBuild...Request made: results to where its maker wants them. */
static VOID WdmFinishOwnedIrp(PIRP Irp)
{
    PKEVENT Event = Irp->UserEvent;

    if (Irp->Flags & IRP_BUFFERED_IO) {
        if ((Irp->Flags & IRP_INPUT_OPERATION) && !NT_ERROR(Irp->IoStatus.Status))
            RtlCopyMemory(Irp->UserBuffer, Irp->AssociatedIrp.SystemBuffer,
                          Irp->IoStatus.Information);
        if (Irp->Flags & IRP_DEALLOCATE_BUFFER)
            ExFreePool(Irp->AssociatedIrp.SystemBuffer);
    }
    for (PMDL Mdl = Irp->MdlAddress, Next; Mdl; Mdl = Next) {
        Next = Mdl->Next;
        IoFreeMdl(Mdl);
    }
    if (Irp->UserIosb)
        *Irp->UserIosb = Irp->IoStatus;
    IoFreeIrp(Irp);
    if (Event)
        KeSetEvent(Event, IO_NO_INCREMENT, FALSE);
}

/* IofCompleteRequest: DISPATCH_LEVEL or below. */
VOID FASTCALL IofCompleteRequest(PIRP Irp, CCHAR PriorityBoost)
{
    PIO_STACK_LOCATION Stack;

    if (Irp->Type != IO_TYPE_IRP || Irp->CurrentLocation > Irp->StackCount + 1)
        KeBugCheckEx(MULTIPLE_IRP_COMPLETE_REQUESTS, (ULONG_PTR)Irp, __LINE__, 0, 0);
    if (Irp->CancelRoutine)
        KeBugCheckEx(CANCEL_STATE_IN_COMPLETED_IRP, (ULONG_PTR)Irp, (ULONG_PTR)Irp->CancelRoutine,
                     0, 0);
    if (Irp->IoStatus.Status == STATUS_PENDING)
        KeBugCheckEx(MULTIPLE_IRP_COMPLETE_REQUESTS, (ULONG_PTR)Irp, STATUS_PENDING, 0, 0);
    while (Irp->CurrentLocation <= Irp->StackCount) {
        Stack = Irp->Tail.Overlay.CurrentStackLocation++;
        Irp->CurrentLocation++;
        if (WdmCompleteLocation(Irp, Stack) == STATUS_MORE_PROCESSING_REQUIRED)
            return;
    }
    Irp->CurrentLocation++; /* so that a second completion is noticed */
    if (Irp->Flags & IRP_ASSOCIATED_IRP)
        WdmFinishAssociatedIrp(Irp);
    else if (Irp->AllocationFlags & WDM_IRP_OWNED)
        WdmFinishOwnedIrp(Irp);
}

VOID NTAPI KxCompleteRequest(PIRP Irp, CCHAR PriorityBoost)
{
    IofCompleteRequest(Irp, PriorityBoost);
}

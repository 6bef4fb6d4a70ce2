/* SPDX-License-Identifier: BSD-2-Clause */
/* Cancellation, under the system-wide cancel spin lock. */
#include "wdmio.h"
#include "ki.h"

static KSPIN_LOCK WdmCancelLock;

VOID NTAPI IoAcquireCancelSpinLock(PKIRQL Irql)
{
    *Irql = KxAcquireSpinLock(&WdmCancelLock);
}

VOID NTAPI IoReleaseCancelSpinLock(KIRQL Irql)
{
    KxReleaseSpinLock(&WdmCancelLock, Irql);
}

PDRIVER_CANCEL NTAPI KxSetCancelRoutine(PIRP Irp, PDRIVER_CANCEL Routine)
{
    return (PDRIVER_CANCEL)InterlockedExchangePointer((PVOID *)&Irp->CancelRoutine, Routine);
}

/*
 * IoCancelIrp: calls the IRP's cancel routine, which releases the cancel spin lock. FALSE if there
 * is none.
 */
BOOLEAN NTAPI IoCancelIrp(PIRP Irp)
{
    PDRIVER_CANCEL Routine;
    KIRQL Irql;

    IoAcquireCancelSpinLock(&Irql);
    Irp->Cancel = TRUE;
    Routine = KxSetCancelRoutine(Irp, NULL);
    if (!Routine) {
        IoReleaseCancelSpinLock(Irql);
        return FALSE;
    }
    if (Irp->CurrentLocation > Irp->StackCount)
        KeBugCheckEx(CANCEL_STATE_IN_COMPLETED_IRP, (ULONG_PTR)Irp, (ULONG_PTR)Routine, 0, 0);
    Irp->CancelIrql = Irql;
    Routine(IoGetCurrentIrpStackLocation(Irp)->DeviceObject, Irp);
    return TRUE;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* StartIo: one IRP at a time per device, the others wait in its device queue. */
#include "wdmio.h"
#include "ki.h"

static VOID WdmCallStartIo(PDEVICE_OBJECT Device, PIRP Irp)
{
    Device->CurrentIrp = Irp;
    Device->DriverObject->DriverStartIo(Device, Irp);
}

/*
 * Whether the IRP was cancelled while it had this cancel routine: then the routine is called, and
 * owns the IRP.
 */
static BOOLEAN WdmCancelledAlready(PIRP Irp, PDRIVER_CANCEL CancelFunction)
{
    return CancelFunction && Irp->Cancel && Irp->CancelRoutine;
}

/*
 * IoStartPacket: calls StartIo at DISPATCH_LEVEL if the device is idle, else queues, sorted by *Key
 * if there is one.
 */
VOID NTAPI IoStartPacket(PDEVICE_OBJECT DeviceObject, PIRP Irp, PULONG Key,
                         PDRIVER_CANCEL CancelFunction)
{
    PKDEVICE_QUEUE_ENTRY Entry = &Irp->Tail.Overlay.DeviceQueueEntry;
    KIRQL OldIrql = KiRaiseIrql(DISPATCH_LEVEL);
    BOOLEAN Queued;

    if (CancelFunction)
        IoSetCancelRoutine(Irp, CancelFunction);
    Queued = Key ? KeInsertByKeyDeviceQueue(&DeviceObject->DeviceQueue, Entry, *Key)
                 : KeInsertDeviceQueue(&DeviceObject->DeviceQueue, Entry);
    if (!Queued) {
        WdmCallStartIo(DeviceObject, Irp);
    } else if (WdmCancelledAlready(Irp, CancelFunction)) {
        IoAcquireCancelSpinLock(&Irp->CancelIrql);
        IoSetCancelRoutine(Irp, NULL);
        CancelFunction(DeviceObject, Irp);
    }
    KiLowerIrql(OldIrql);
}

static VOID WdmStartNext(PDEVICE_OBJECT Device, PKDEVICE_QUEUE_ENTRY Entry)
{
    Device->CurrentIrp = NULL;
    if (Entry)
        WdmCallStartIo(Device, CONTAINING_RECORD(Entry, IRP, Tail.Overlay.DeviceQueueEntry));
}

/*
 * IoStartNextPacket: DISPATCH_LEVEL. StartIo nests if it calls this itself; drivers call it from
 * their DPC.
 */
VOID NTAPI IoStartNextPacket(PDEVICE_OBJECT DeviceObject, BOOLEAN Cancelable)
{
    WdmStartNext(DeviceObject, KeRemoveDeviceQueue(&DeviceObject->DeviceQueue));
}

VOID NTAPI IoStartNextPacketByKey(PDEVICE_OBJECT DeviceObject, BOOLEAN Cancelable, ULONG Key)
{
    WdmStartNext(DeviceObject, KeRemoveByKeyDeviceQueue(&DeviceObject->DeviceQueue, Key));
}

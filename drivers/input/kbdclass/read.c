/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads wait in a list until packets come. A read leaves the list either by whoever takes its
 * cancel routine away, who then completes it, or by its cancel routine.
 */
#include "kbdclass.h"

static PIRP KbdIrp(PLIST_ENTRY Entry)
{
    return CONTAINING_RECORD(Entry, IRP, Tail.Overlay.ListEntry);
}

static VOID NTAPI KbdCancelRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    KIRQL Irql;

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    KeAcquireSpinLock(&Extension->Lock, &Irql);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&Extension->Lock, Irql);
    KbdComplete(Irp, STATUS_CANCELLED, 0);
    IoReleaseRemoveLock(&Extension->RemoveLock, Irp);
}

/*
 * With the lock: takes Irp off the list. FALSE if it is being cancelled: then its cancel routine
 * takes it.
 */
static BOOLEAN KbdTakeRead(PIRP Irp)
{
    if (!IoSetCancelRoutine(Irp, NULL))
        return FALSE;
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
    return TRUE;
}

/*
 * With the lock: moves packets into the oldest read and returns it; NULL if there is no read or no
 * packet.
 */
static PIRP KbdFillNextRead(PDEVICE_EXTENSION Extension)
{
    PLIST_ENTRY Entry = Extension->ReadList.Flink;
    ULONG Packets;
    PIRP Irp;

    if (Extension->Queue.Count == 0)
        return NULL;
    while (Entry != &Extension->ReadList && !KbdTakeRead(KbdIrp(Entry)))
        Entry = Entry->Flink;
    if (Entry == &Extension->ReadList)
        return NULL;
    Irp = KbdIrp(Entry);
    Packets = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length / KBD_PACKET_SIZE;
    Packets = KbdQueueGet(&Extension->Queue, Irp->AssociatedIrp.SystemBuffer, Packets);
    Irp->IoStatus.Information = Packets * KBD_PACKET_SIZE;
    return Irp;
}

/* Completes reads as long as there are packets for them. */
static VOID KbdServeReads(PDEVICE_EXTENSION Extension)
{
    KIRQL Irql;
    PIRP Irp;

    do {
        KeAcquireSpinLock(&Extension->Lock, &Irql);
        Irp = KbdFillNextRead(Extension);
        KeReleaseSpinLock(&Extension->Lock, Irql);
        if (Irp) {
            Irp->IoStatus.Status = STATUS_SUCCESS;
            IoCompleteRequest(Irp, IO_KEYBOARD_INCREMENT);
            IoReleaseRemoveLock(&Extension->RemoveLock, Irp);
        }
    } while (Irp);
}

/* Puts a read into the list, unless it has been cancelled before it could be. */
static BOOLEAN KbdQueueRead(PDEVICE_EXTENSION Extension, PIRP Irp)
{
    BOOLEAN Queued = TRUE;
    KIRQL Irql;

    KeAcquireSpinLock(&Extension->Lock, &Irql);
    IoSetCancelRoutine(Irp, KbdCancelRead);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL)) {
        Queued = FALSE;
    } else {
        IoMarkIrpPending(Irp);
        InsertTailList(&Extension->ReadList, &Irp->Tail.Overlay.ListEntry);
    }
    KeReleaseSpinLock(&Extension->Lock, Irql);
    return Queued;
}

static NTSTATUS KbdCheckRead(PDEVICE_EXTENSION Extension, ULONG Length)
{
    if (Length % KBD_PACKET_SIZE)
        return STATUS_BUFFER_TOO_SMALL;
    return Extension->Started ? STATUS_SUCCESS : STATUS_DEVICE_NOT_CONNECTED;
}

/* IRP_MJ_READ: the buffer is a multiple of a packet; the read waits for at least one packet. */
NTSTATUS NTAPI KbdRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    ULONG Length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length;
    NTSTATUS Status = KbdCheckRead(Extension, Length);

    if (!NT_SUCCESS(Status) || Length == 0)
        return KbdComplete(Irp, Status, 0);
    Status = IoAcquireRemoveLock(&Extension->RemoveLock, Irp);
    if (!NT_SUCCESS(Status))
        return KbdComplete(Irp, Status, 0);
    if (!KbdQueueRead(Extension, Irp)) {
        KbdComplete(Irp, STATUS_CANCELLED, 0);
        IoReleaseRemoveLock(&Extension->RemoveLock, Irp);
        return STATUS_CANCELLED;
    }
    KbdServeReads(Extension);
    return STATUS_PENDING;
}

/* IRP_MJ_FLUSH_BUFFERS: forgets what has not been read. */
NTSTATUS NTAPI KbdFlush(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    KIRQL Irql;

    KeAcquireSpinLock(&Extension->Lock, &Irql);
    Extension->Queue.Count = 0;
    KeReleaseSpinLock(&Extension->Lock, Irql);
    return KbdComplete(Irp, STATUS_SUCCESS, 0);
}

/*
 * With the lock: takes the first read of FileObject (of any, if NULL) that can be had off the list.
 * /
 */
static PIRP KbdTakeReadOf(PDEVICE_EXTENSION Extension, PFILE_OBJECT FileObject)
{
    for (PLIST_ENTRY Entry = Extension->ReadList.Flink; Entry != &Extension->ReadList;
         Entry = Entry->Flink) {
        PIRP Irp = KbdIrp(Entry);

        if ((!FileObject || IoGetCurrentIrpStackLocation(Irp)->FileObject == FileObject) &&
            KbdTakeRead(Irp))
            return Irp;
    }
    return NULL;
}

/* Completes the pending reads of FileObject, or all, with STATUS_CANCELLED. */
VOID KbdCancelReads(PDEVICE_EXTENSION Extension, PFILE_OBJECT FileObject)
{
    KIRQL Irql;
    PIRP Irp;

    do {
        KeAcquireSpinLock(&Extension->Lock, &Irql);
        Irp = KbdTakeReadOf(Extension, FileObject);
        KeReleaseSpinLock(&Extension->Lock, Irql);
        if (Irp) {
            KbdComplete(Irp, STATUS_CANCELLED, 0);
            IoReleaseRemoveLock(&Extension->RemoveLock, Irp);
        }
    } while (Irp);
}

/* IRP_MJ_CLEANUP: the last handle to a file object is closed. */
NTSTATUS NTAPI KbdCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILE_OBJECT FileObject = IoGetCurrentIrpStackLocation(Irp)->FileObject;

    if (FileObject)
        KbdCancelReads(DeviceObject->DeviceExtension, FileObject);
    return KbdComplete(Irp, STATUS_SUCCESS, 0);
}

/*
 * What the port driver calls with packets, at DISPATCH_LEVEL. The number that there was room for is
 * added to *InputDataConsumed; the port driver keeps the others.
 */
VOID NTAPI KbdServiceCallback(PVOID DeviceObject, PVOID InputDataStart, PVOID InputDataEnd,
                              PVOID InputDataConsumed)
{
    PDEVICE_EXTENSION Extension = ((PDEVICE_OBJECT)DeviceObject)->DeviceExtension;
    ULONG Packets =
        (ULONG)((PKEYBOARD_INPUT_DATA)InputDataEnd - (PKEYBOARD_INPUT_DATA)InputDataStart);

    KeAcquireSpinLockAtDpcLevel(&Extension->Lock);
    *(PULONG)InputDataConsumed += KbdQueuePut(&Extension->Queue, InputDataStart, Packets);
    KeReleaseSpinLockFromDpcLevel(&Extension->Lock);
    KbdServeReads(Extension);
}

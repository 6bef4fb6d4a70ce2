/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads wait in their reader's list until packets come and it is in the foreground. A read leaves
 * the list in one of two ways: code that succeeds in removing its cancel routine takes it off and
 * completes it, or its cancel routine does.
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
    InputComplete(Irp, STATUS_CANCELLED, 0);
    IoReleaseRemoveLock(&Extension->Device.RemoveLock, Irp);
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

/* With the lock: takes the oldest read of Reader that is not being cancelled off the list; NULL:
 * none. */
static PIRP KbdTakeReadOf(PKBD_READER Reader)
{
    PLIST_ENTRY Entry = Reader->Reads.Flink;

    while (Entry != &Reader->Reads && !KbdTakeRead(KbdIrp(Entry)))
        Entry = Entry->Flink;
    return Entry == &Reader->Reads ? NULL : KbdIrp(Entry);
}

static PKBD_READER KbdForeground(PDEVICE_EXTENSION Extension)
{
    return IsListEmpty(&Extension->Readers)
               ? NULL
               : CONTAINING_RECORD(Extension->Readers.Flink, KBD_READER, Link);
}

/* With the lock: packets have gone to Reader. */
static VOID KbdNoteMissed(PDEVICE_EXTENSION Extension, PKBD_READER Reader)
{
    for (PLIST_ENTRY Entry = Extension->Readers.Flink; Entry != &Extension->Readers;
         Entry = Entry->Flink)
        CONTAINING_RECORD(Entry, KBD_READER, Link)->Missed = Entry != &Reader->Link;
}

/* With the lock: packets for a read of Reader; returns how many. */
static ULONG KbdFillRead(PDEVICE_EXTENSION Extension, PKBD_READER Reader,
                         PKEYBOARD_INPUT_DATA Packets, ULONG Count)
{
    ULONG Done = 0;

    if (Reader->Missed)
        Packets[Done++] = (KEYBOARD_INPUT_DATA){.MakeCode = KEYBOARD_OVERRUN_MAKE_CODE};
    Done += KbdQueueGet(&Extension->Queue, Packets + Done, Count - Done);
    KbdNoteMissed(Extension, Reader);
    return Done;
}

/*
 * With the lock: moves packets into the oldest read of the foreground reader and returns it; NULL
 * if there is no read or no packet.
 */
static PIRP KbdFillNextRead(PDEVICE_EXTENSION Extension)
{
    PKBD_READER Reader = KbdForeground(Extension);
    ULONG Packets;
    PIRP Irp;

    if (Extension->Queue.Count == 0 || !Reader)
        return NULL;
    Irp = KbdTakeReadOf(Reader);
    if (!Irp)
        return NULL;
    Packets = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length / KBD_PACKET_SIZE;
    Packets = KbdFillRead(Extension, Reader, Irp->AssociatedIrp.SystemBuffer, Packets);
    Irp->IoStatus.Information = Packets * KBD_PACKET_SIZE;
    return Irp;
}

/* Completes reads as long as there are packets for them. */
VOID KbdServeReads(PDEVICE_EXTENSION Extension)
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
            IoReleaseRemoveLock(&Extension->Device.RemoveLock, Irp);
        }
    } while (Irp);
}

/* Puts a read into the list, unless it has been cancelled before it could be. */
static BOOLEAN KbdQueueRead(PDEVICE_EXTENSION Extension, PKBD_READER Reader, PIRP Irp)
{
    BOOLEAN Queued = TRUE;
    KIRQL Irql;

    KeAcquireSpinLock(&Extension->Lock, &Irql);
    IoSetCancelRoutine(Irp, KbdCancelRead);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL)) {
        Queued = FALSE;
    } else {
        IoMarkIrpPending(Irp);
        InsertTailList(&Reader->Reads, &Irp->Tail.Overlay.ListEntry);
    }
    KeReleaseSpinLock(&Extension->Lock, Irql);
    return Queued;
}

static NTSTATUS KbdCheckRead(PDEVICE_EXTENSION Extension, ULONG Length)
{
    if (Length % KBD_PACKET_SIZE)
        return STATUS_BUFFER_TOO_SMALL;
    return Extension->Device.Started ? STATUS_SUCCESS : STATUS_DEVICE_NOT_CONNECTED;
}

/* IRP_MJ_READ: the buffer is a multiple of a packet; the read waits for at least one packet. */
NTSTATUS NTAPI KbdRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    PKBD_READER Reader = Stack->FileObject ? Stack->FileObject->FsContext : NULL;
    ULONG Length = Stack->Parameters.Read.Length;
    NTSTATUS Status = Reader ? KbdCheckRead(Extension, Length) : STATUS_INVALID_DEVICE_REQUEST;

    if (!NT_SUCCESS(Status) || Length == 0)
        return InputComplete(Irp, Status, 0);
    Status = IoAcquireRemoveLock(&Extension->Device.RemoveLock, Irp);
    if (!NT_SUCCESS(Status))
        return InputComplete(Irp, Status, 0);
    if (!KbdQueueRead(Extension, Reader, Irp)) {
        InputComplete(Irp, STATUS_CANCELLED, 0);
        IoReleaseRemoveLock(&Extension->Device.RemoveLock, Irp);
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
    return InputComplete(Irp, STATUS_SUCCESS, 0);
}

/* With the lock: a read of Reader, or of any reader if it is NULL. */
static PIRP KbdTakeAnyRead(PDEVICE_EXTENSION Extension, PKBD_READER Reader)
{
    PIRP Irp = Reader ? KbdTakeReadOf(Reader) : NULL;

    for (PLIST_ENTRY Entry = Extension->Readers.Flink;
         !Reader && !Irp && Entry != &Extension->Readers; Entry = Entry->Flink)
        Irp = KbdTakeReadOf(CONTAINING_RECORD(Entry, KBD_READER, Link));
    return Irp;
}

/* Completes the pending reads of Reader, or all. */
VOID KbdCancelReads(PDEVICE_EXTENSION Extension, PKBD_READER Reader, NTSTATUS Status)
{
    KIRQL Irql;
    PIRP Irp;

    do {
        KeAcquireSpinLock(&Extension->Lock, &Irql);
        Irp = KbdTakeAnyRead(Extension, Reader);
        KeReleaseSpinLock(&Extension->Lock, Irql);
        if (Irp) {
            InputComplete(Irp, Status, 0);
            IoReleaseRemoveLock(&Extension->Device.RemoveLock, Irp);
        }
    } while (Irp);
}

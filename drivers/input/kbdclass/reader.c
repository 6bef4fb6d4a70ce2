/* SPDX-License-Identifier: BSD-2-Clause */
/* Readers, and which of them is in the foreground: see <neptune/ioctl.h>. */
#include "kbdclass.h"

#define KBDCLASS_TAG 'CdbK'

NTKERNELAPI ULONG NTAPI IoGetRequestorProcessId(PIRP Irp); /* <ntifs.h> */

/* With the lock: the place of a new reader of Process. In front of the one that has named it, else
 * at the end. */
static PLIST_ENTRY KbdFindPlace(PDEVICE_EXTENSION Extension, ULONG Process)
{
    PLIST_ENTRY Entry = Extension->Readers.Flink;

    while (Entry != &Extension->Readers &&
           (!Process || CONTAINING_RECORD(Entry, KBD_READER, Link)->Heir != Process))
        Entry = Entry->Flink;
    return Entry;
}

static NTSTATUS KbdAddReader(PDEVICE_EXTENSION Extension, PFILE_OBJECT File, ULONG Process)
{
    PKBD_READER Reader = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Reader), KBDCLASS_TAG);
    KIRQL Irql;

    if (!Reader)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlZeroMemory(Reader, sizeof(*Reader));
    InitializeListHead(&Reader->Reads);
    Reader->Process = Process;
    File->FsContext = Reader;
    KeAcquireSpinLock(&Extension->Lock, &Irql);
    InsertTailList(KbdFindPlace(Extension, Process), &Reader->Link); /* before that one */
    KeReleaseSpinLock(&Extension->Lock, Irql);
    return STATUS_SUCCESS;
}

/* IRP_MJ_CREATE: the port driver's, too, which may count. STATUS_DEVICE_NOT_READY before it has
 * started. */
NTSTATUS NTAPI KbdCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    PFILE_OBJECT File = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    NTSTATUS Status = IoAcquireRemoveLock(&Extension->Device.RemoveLock, Irp);

    if (!NT_SUCCESS(Status))
        return InputComplete(Irp, Status, 0);
    Status = STATUS_DEVICE_NOT_READY;
    if (Extension->Device.Started && IoForwardIrpSynchronously(Extension->Device.LowerDevice, Irp))
        Status = Irp->IoStatus.Status;
    if (NT_SUCCESS(Status) && File)
        Status = KbdAddReader(Extension, File, IoGetRequestorProcessId(Irp));
    InputComplete(Irp, Status, 0);
    IoReleaseRemoveLock(&Extension->Device.RemoveLock, Irp);
    return Status;
}

/* IRP_MJ_CLEANUP: the last handle to a file object is closed. */
NTSTATUS NTAPI KbdCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    PFILE_OBJECT File = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PKBD_READER Reader = File ? File->FsContext : NULL;
    KIRQL Irql;

    if (Reader) {
        KbdCancelReads(Extension, Reader, STATUS_CANCELLED);
        File->FsContext = NULL;
        KeAcquireSpinLock(&Extension->Lock, &Irql);
        RemoveEntryList(&Reader->Link);
        KeReleaseSpinLock(&Extension->Lock, Irql);
        ExFreePoolWithTag(Reader, KBDCLASS_TAG);
        KbdServeReads(Extension); /* another is in the foreground now */
    }
    return InputComplete(Irp, STATUS_SUCCESS, 0);
}

/* With the lock: the heir, if it has the keyboard open already, comes to the front. */
static VOID KbdBringForward(PDEVICE_EXTENSION Extension, ULONG Process)
{
    for (PLIST_ENTRY Entry = Extension->Readers.Flink; Entry != &Extension->Readers;
         Entry = Entry->Flink) {
        if (CONTAINING_RECORD(Entry, KBD_READER, Link)->Process == Process) {
            RemoveEntryList(Entry);
            InsertHeadList(&Extension->Readers, Entry);
            return;
        }
    }
}

/* IOCTL_KEYBOARD_HAND_OVER. */
NTSTATUS KbdHandOver(PDEVICE_EXTENSION Extension, PKBD_READER Reader, ULONG Process)
{
    NTSTATUS Status = STATUS_ACCESS_DENIED;
    KIRQL Irql;

    KeAcquireSpinLock(&Extension->Lock, &Irql);
    if (Extension->Readers.Flink == &Reader->Link) {
        Reader->Heir = Process;
        if (Process)
            KbdBringForward(Extension, Process);
        Status = STATUS_SUCCESS;
    }
    KeReleaseSpinLock(&Extension->Lock, Irql);
    KbdServeReads(Extension);
    return Status;
}

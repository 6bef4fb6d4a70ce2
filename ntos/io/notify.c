/* SPDX-License-Identifier: BSD-2-Clause */
/* NtNotifyChangeDirectoryFile. Nothing in the boot archive changes: who waits for that waits until
 * the request is cancelled or the directory's last handle is closed. */
#include "iop.h"

static void IopStartNotification(PIO_REQUEST Request)
{
    if (Request->File->CleanedUp) {
        IopCompleteRequest(Request, STATUS_NOTIFY_CLEANUP, 0);
        return;
    }
    Request->State = IopRequestQueued;
    InsertTailList(&Request->File->Notifications, &Request->QueueEntry);
}

void IopEndNotifications(PIO_FILE File)
{
    while (!IsListEmpty(&File->Notifications)) {
        IopCompleteRequest(
            CONTAINING_RECORD(RemoveHeadList(&File->Notifications), IO_REQUEST, QueueEntry),
            STATUS_NOTIFY_CLEANUP, 0);
        KeGiveWay();
    }
}

static NTSTATUS IopCheckWatched(PIO_FILE File)
{
    const IOP_FILE_SYSTEM *FileSystem = File->Device->FileSystem;

    if (!FileSystem || FileSystem->Streams || !FileSystem->QueryVolume)
        return STATUS_INVALID_DEVICE_REQUEST;
    return FileSystem->IsDirectory(File->FsContext) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS IopWatch(PIO_FILE File, PIOP_CLIENT Client)
{
    NTSTATUS Status = IopCheckWatched(File);
    PIO_REQUEST Request = NULL;

    if (NT_SUCCESS(Status)) {
        Request = IopAllocateOwnRequest(File, IRP_MJ_DIRECTORY_CONTROL, 0, IopStartNotification);
        Status = Request ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    }
    if (NT_SUCCESS(Status))
        return IopIssueClientRequest(Request, Client);
    IopReleaseClient(Client);
    return Status;
}

/*
 * NtNotifyChangeDirectoryFile: waits for changes in a directory, of which the boot archive has
 * none. Needs FILE_LIST_DIRECTORY. Ends with STATUS_CANCELLED, or with STATUS_NOTIFY_CLEANUP when
 * the last handle is closed. STATUS_INVALID_PARAMETER for no filter, an unknown bit in it, and for
 * what is no directory; STATUS_INVALID_DEVICE_REQUEST for devices, also those of pipes and
 * mailslots.  (WDK: ZwNotifyChangeDirectoryFile)
 */
NTSTATUS NTAPI NtNotifyChangeDirectoryFile(HANDLE FileHandle, HANDLE Event,
                                           PIO_APC_ROUTINE ApcRoutine, CLIENT(PVOID) ApcContext,
                                           CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                           CLIENT(PVOID) Buffer, ULONG Length,
                                           ULONG CompletionFilter, BOOLEAN WatchTree)
{
    IOP_CLIENT Client;
    PIO_FILE File;
    NTSTATUS Status;

    if (!CompletionFilter || (CompletionFilter & ~FILE_NOTIFY_VALID_MASK))
        return STATUS_INVALID_PARAMETER;
    Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Buffer, Length);
    if (NT_SUCCESS(Status))
        Status =
            ObReferenceObjectByHandle(FileHandle, FILE_LIST_DIRECTORY, IoFileType, (PVOID *)&File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopPrepareClient(&Client, File, Event, ApcRoutine, ApcContext, IoStatusBlock);
    if (NT_SUCCESS(Status))
        Status = IopWatch(File, &Client);
    ObDereferenceObject(File);
    return Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* NtCancelIoFile, NtCancelIoFileEx, NtCancelSynchronousIoFile. None waits until the requests are
 * over. */
#include "iop.h"

static BOOLEAN IopIsWanted(PIO_REQUEST Request, PIO_FILE File, CLIENT(PIO_STATUS_BLOCK) Iosb)
{
    return Request && Request->File == File && (!Iosb || Request->Client.Iosb == Iosb) &&
           Request->State != IopRequestDone && !Request->CancelRequested;
}

/* One of the thread's requests that has not been cancelled yet; NULL: none. */
static PIO_REQUEST IopFindOfThread(PETHREAD Thread, PIO_FILE File, CLIENT(PIO_STATUS_BLOCK) Iosb)
{
    PLIST_ENTRY Entry;

    if (IopIsWanted(Thread->SynchronousRequest, File, Iosb))
        return Thread->SynchronousRequest;
    for (Entry = Thread->RequestList.Flink; Entry != &Thread->RequestList; Entry = Entry->Flink) {
        PIO_REQUEST Request = CONTAINING_RECORD(Entry, IO_REQUEST, ThreadEntry);

        if (IopIsWanted(Request, File, Iosb))
            return Request;
    }
    return NULL;
}

/* Nothing is kept from one to the next, as others run in between: a process has 1,024 requests at
 * most. */
static PIO_REQUEST IopFindOfProcess(PEPROCESS Process, PIO_FILE File, CLIENT(PIO_STATUS_BLOCK) Iosb)
{
    PLIST_ENTRY Entry;

    for (Entry = Process->ThreadListHead.Flink; Entry != &Process->ThreadListHead;
         Entry = Entry->Flink) {
        PIO_REQUEST Request =
            IopFindOfThread(CONTAINING_RECORD(Entry, ETHREAD, ThreadListEntry), File, Iosb);

        if (Request)
            return Request;
    }
    return NULL;
}

static NTSTATUS IopTellCancelled(CLIENT(PIO_STATUS_BLOCK) Iosb, BOOLEAN Found)
{
    IO_STATUS_BLOCK Block = {.Status = Found ? STATUS_SUCCESS : STATUS_NOT_FOUND};

    return NT_SUCCESS(MmWriteClient(Iosb, &Block)) ? Block.Status : STATUS_ACCESS_VIOLATION;
}

/* The calling thread's requests on File. Each goes to the end of the list as it is looked at: the
 * list is whole while others run, who may end requests, but add none. */
static void IopCancelOwn(PETHREAD Thread, PIO_FILE File)
{
    PLIST_ENTRY Entry;
    ULONG Left = 0;

    for (Entry = Thread->RequestList.Flink; Entry != &Thread->RequestList; Entry = Entry->Flink)
        Left++;
    for (; Left && !IsListEmpty(&Thread->RequestList); Left--) {
        PIO_REQUEST Request =
            CONTAINING_RECORD(RemoveHeadList(&Thread->RequestList), IO_REQUEST, ThreadEntry);

        InsertTailList(&Thread->RequestList, &Request->ThreadEntry);
        if (Request->File == File)
            IopCancelRequest(Request);
        KeGiveWay();
    }
}

/* The file whose requests are to be cancelled, once the status block is known to be writable. */
static NTSTATUS IopReferenceForCancel(HANDLE Handle, CLIENT(PIO_STATUS_BLOCK) Iosb, PIO_FILE *File)
{
    NTSTATUS Status = MmProbeForWrite(Iosb, sizeof(*Iosb));

    return NT_SUCCESS(Status) ? ObReferenceObjectByHandle(Handle, 0, IoFileType, (PVOID *)File)
                              : Status;
}

/*
 * NtCancelIoFile: cancels what the calling thread has outstanding on the file, as far as the driver
 * lets them. Returns STATUS_SUCCESS with IoStatusBlock filled, STATUS_INVALID_HANDLE,
 * STATUS_OBJECT_TYPE_MISMATCH, STATUS_ACCESS_VIOLATION.  (Win32: CancelIo)
 */
NTSTATUS NTAPI NtCancelIoFile(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock)
{
    IO_STATUS_BLOCK Block = {.Status = STATUS_SUCCESS};
    PIO_FILE File;
    NTSTATUS Status = IopReferenceForCancel(FileHandle, IoStatusBlock, &File);

    if (!NT_SUCCESS(Status))
        return Status;
    IopCancelOwn(PsGetCurrentThread(), File);
    ObDereferenceObject(File);
    return MmWriteClient(IoStatusBlock, &Block);
}

/*
 * NtCancelIoFileEx: cancels what any thread of the process has outstanding on the file, or only the
 * request with the status block IoRequestToCancel, as far as the driver lets them. STATUS_NOT_FOUND
 * when there is nothing to cancel, also in the status block.  (Win32: CancelIoEx)
 */
NTSTATUS NTAPI NtCancelIoFileEx(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoRequestToCancel,
                                CLIENT(PIO_STATUS_BLOCK) IoStatusBlock)
{
    BOOLEAN Found = FALSE;
    PIO_REQUEST Request;
    PIO_FILE File;
    NTSTATUS Status = IopReferenceForCancel(FileHandle, IoStatusBlock, &File);

    if (!NT_SUCCESS(Status))
        return Status;
    while ((Request = IopFindOfProcess(PsGetCurrentProcess(), File, IoRequestToCancel)) != NULL) {
        Found = TRUE;
        IopCancelRequest(Request);
        KeGiveWay();
    }
    ObDereferenceObject(File);
    return IopTellCancelled(IoStatusBlock, Found);
}

/*
 * NtCancelSynchronousIoFile: cancels the request that the thread waits for, if that is
 * IoRequestToCancel or this is NULL. Needs THREAD_TERMINATE. STATUS_NOT_FOUND when there is none.
 * (Win32: CancelSynchronousIo)
 */
NTSTATUS NTAPI NtCancelSynchronousIoFile(HANDLE ThreadHandle,
                                         CLIENT(PIO_STATUS_BLOCK) IoRequestToCancel,
                                         CLIENT(PIO_STATUS_BLOCK) IoStatusBlock)
{
    PIO_REQUEST Request;
    PETHREAD Thread;
    BOOLEAN Found;
    NTSTATUS Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));

    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(ThreadHandle, THREAD_TERMINATE, PsThreadType,
                                           (PVOID *)&Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    Request = Thread->SynchronousRequest;
    Found = Request && IopIsWanted(Request, Request->File, IoRequestToCancel);
    if (Found)
        IopCancelRequest(Request);
    ObDereferenceObject(Thread);
    return IopTellCancelled(IoStatusBlock, Found);
}

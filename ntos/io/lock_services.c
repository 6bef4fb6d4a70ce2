/* SPDX-License-Identifier: BSD-2-Clause */
/* NtLockFile, NtUnlockFile. */
#include "rangelock.h"

static void IopStartLock(PIO_REQUEST Request)
{
    PIOP_LOCK Lock = Request->Context;

    if (IopTryLock(Lock)) {
        IopCompleteRequest(Request, STATUS_SUCCESS, 0);
        return;
    }
    Request->State = IopRequestQueued;
    InitializeListHead(&Request->QueueEntry); /* it waits in a tree */
    IopInsertWaiting(Lock, Request);
}

static void IopForgetLock(PIO_REQUEST Request)
{
    IopRemoveWaiting(Request->Context);
    IopFreeLock(Request->Context);
}

static NTSTATUS IopWaitForLock(PIO_FILE File, PIOP_LOCK Lock, PIOP_CLIENT Client)
{
    PIO_REQUEST Request = IopAllocateOwnRequest(File, IRP_MJ_LOCK_CONTROL, 0, IopStartLock);

    if (!Request) {
        IopFreeLock(Lock);
        return IopFinishStream(File, Client, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    Request->Context = Lock;
    Request->Cancel = IopForgetLock;
    return IopIssueClientRequest(Request, Client);
}

static NTSTATUS IopLockRange(PIO_FILE File, const IOP_LOCK *Wanted, BOOLEAN FailImmediately,
                             PIOP_CLIENT Client)
{
    PIOP_LOCK Lock = IopAllocateLock(File, Wanted);

    if (!Lock)
        return IopFinishStream(File, Client, STATUS_INSUFFICIENT_RESOURCES, 0);
    IopLetWaitingGoFirst(Lock->Locked);
    if (IopTryLock(Lock))
        return IopFinishStream(File, Client, STATUS_SUCCESS, 0);
    if (!FailImmediately)
        return IopWaitForLock(File, Lock, Client);
    IopFreeLock(Lock);
    return IopFinishStream(File, Client, STATUS_LOCK_NOT_GRANTED, 0);
}

/* What both services do first: the range, and the file, which can be read or written with the
 * handle. */
static NTSTATUS IopBeginLock(HANDLE FileHandle, CLIENT(PLARGE_INTEGER) ByteOffset,
                             CLIENT(PLARGE_INTEGER) Length, PIOP_LOCK Lock)
{
    LARGE_INTEGER Offset, Bytes;
    NTSTATUS Status =
        ObReferenceObjectByHandle(FileHandle, FILE_READ_DATA, IoFileType, (PVOID *)&Lock->File);

    if (Status == STATUS_ACCESS_DENIED)
        Status = ObReferenceObjectByHandle(FileHandle, FILE_WRITE_DATA, IoFileType,
                                           (PVOID *)&Lock->File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = MmReadClient(&Offset, ByteOffset);
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Bytes, Length);
    if (!NT_SUCCESS(Status)) {
        ObDereferenceObject(Lock->File);
        return Status;
    }
    Lock->Process = PsGetCurrentProcess();
    Lock->Start = (ULONGLONG)Offset.QuadPart;
    Lock->Length = (ULONGLONG)Bytes.QuadPart;
    Lock->End = Lock->Start + Lock->Length - 1;
    return STATUS_SUCCESS;
}

/* Ranges are of files that have offsets; they do not go beyond the last byte that there can be. */
static NTSTATUS IopCheckRange(const IOP_LOCK *Lock)
{
    const IOP_FILE_SYSTEM *FileSystem = Lock->File->Device->FileSystem;

    if (!FileSystem || FileSystem->Streams || !FileSystem->QueryVolume)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (FileSystem->IsDirectory(Lock->File->FsContext))
        return STATUS_INVALID_PARAMETER;
    return Lock->Length && Lock->End < Lock->Start ? STATUS_INVALID_LOCK_RANGE : STATUS_SUCCESS;
}

/*
 * NtLockFile: locks Length bytes at ByteOffset for the file object, the process and Key together;
 * with FailImmediately FALSE it waits until that can be. Exclusive locks overlap nothing, shared
 * ones what is not locked exclusively by others. Needs FILE_READ_DATA or FILE_WRITE_DATA. Locks go
 * with the file object's last handle. Returns STATUS_LOCK_NOT_GRANTED, STATUS_INVALID_LOCK_RANGE,
 * STATUS_INVALID_PARAMETER (a directory), STATUS_INVALID_DEVICE_REQUEST (no file of a volume),
 * STATUS_PENDING, STATUS_CANCELLED, STATUS_INSUFFICIENT_RESOURCES, and as NtReadFile.  (WDK:
 * ZwLockFile)
 */
NTSTATUS NTAPI NtLockFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                          CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                          CLIENT(PLARGE_INTEGER) ByteOffset, CLIENT(PLARGE_INTEGER) Length,
                          ULONG Key, BOOLEAN FailImmediately, BOOLEAN ExclusiveLock)
{
    IOP_LOCK Lock = {.Key = Key, .Exclusive = ExclusiveLock != 0};
    IOP_CLIENT Client;
    NTSTATUS Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));

    if (NT_SUCCESS(Status))
        Status = IopBeginLock(FileHandle, ByteOffset, Length, &Lock);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopCheckRange(&Lock);
    if (NT_SUCCESS(Status))
        Status = IopPrepareClient(&Client, Lock.File, Event, ApcRoutine, ApcContext, IoStatusBlock);
    if (NT_SUCCESS(Status))
        Status = IopLockRange(Lock.File, &Lock, FailImmediately, &Client);
    ObDereferenceObject(Lock.File);
    return Status;
}

/*
 * NtUnlockFile: gives up a lock of just that range by the same owner, an exclusive one before
 * shared ones. Returns STATUS_RANGE_NOT_LOCKED, and what NtLockFile does.  (WDK: ZwUnlockFile)
 */
NTSTATUS NTAPI NtUnlockFile(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                            CLIENT(PLARGE_INTEGER) ByteOffset, CLIENT(PLARGE_INTEGER) Length,
                            ULONG Key)
{
    IO_STATUS_BLOCK Block = {.Status = STATUS_SUCCESS};
    IOP_LOCK Lock = {.Key = Key};
    NTSTATUS Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));

    if (NT_SUCCESS(Status))
        Status = IopBeginLock(FileHandle, ByteOffset, Length, &Lock);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopCheckRange(&Lock);
    if (NT_SUCCESS(Status) && !IopUnlock(Lock.File, &Lock))
        Status = STATUS_RANGE_NOT_LOCKED;
    ObDereferenceObject(Lock.File);
    return NT_SUCCESS(Status) ? MmWriteClient(IoStatusBlock, &Block) : Status;
}

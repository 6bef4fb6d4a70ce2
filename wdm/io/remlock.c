/* SPDX-License-Identifier: BSD-2-Clause */
/* Remove locks: a count of operations under way, and a way to wait for the last of them. */
#include "wdmio.h"
#include "ki.h"

/*
 * IoInitializeRemoveLockEx: LockSize tells a checked driver's larger lock, whose extra part is not
 * used.
 */
VOID NTAPI IoInitializeRemoveLockEx(PIO_REMOVE_LOCK Lock, ULONG AllocateTag, ULONG MaxLockedMinutes,
                                    ULONG HighWatermark, ULONG LockSize)
{
    RtlZeroMemory(Lock, LockSize);
    Lock->Common.IoCount = 1;
    KeInitializeEvent(&Lock->Common.RemoveEvent, SynchronizationEvent, FALSE);
}

/* STATUS_DELETE_PENDING once IoReleaseRemoveLockAndWaitEx has been called. */
NTSTATUS NTAPI IoAcquireRemoveLockEx(PIO_REMOVE_LOCK Lock, PVOID Tag, PCSTR File, ULONG Line,
                                     ULONG LockSize)
{
    InterlockedIncrement(&Lock->Common.IoCount);
    if (!Lock->Common.Removed)
        return STATUS_SUCCESS;
    if (InterlockedDecrement(&Lock->Common.IoCount) == 0)
        KeSetEvent(&Lock->Common.RemoveEvent, IO_NO_INCREMENT, FALSE);
    return STATUS_DELETE_PENDING;
}

VOID NTAPI IoReleaseRemoveLockEx(PIO_REMOVE_LOCK Lock, PVOID Tag, ULONG LockSize)
{
    if (InterlockedDecrement(&Lock->Common.IoCount) == 0)
        KeSetEvent(&Lock->Common.RemoveEvent, IO_NO_INCREMENT, FALSE);
}

/* Gives back the caller's own hold and waits for all others; new ones are refused. */
VOID NTAPI IoReleaseRemoveLockAndWaitEx(PIO_REMOVE_LOCK Lock, PVOID Tag, ULONG LockSize)
{
    Lock->Common.Removed = TRUE;
    InterlockedDecrement(&Lock->Common.IoCount);
    if (InterlockedDecrement(&Lock->Common.IoCount) > 0)
        KeWaitForSingleObject(&Lock->Common.RemoveEvent, Executive, KernelMode, FALSE, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Remove locks: a count of operations under way, and a way to wait for the last of them. */
#include "wdmio.h"
#include "ki.h"
#include "verifier.h"

#define WDM_REMOVE_PATIENCE (-10 * 10000000LL) /* 10 s; then a debug build names the lock */

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

/* Debug builds find a release too many. */
VOID NTAPI IoReleaseRemoveLockEx(PIO_REMOVE_LOCK Lock, PVOID Tag, ULONG LockSize)
{
    LONG Left = InterlockedDecrement(&Lock->Common.IoCount);

    if (DBG && Left < (Lock->Common.Removed ? 0 : 1))
        KeBugCheckEx(KI_VERIFIER_DETECTED_VIOLATION, KI_VERIFIER_REMOVE_LOCK, (ULONG_PTR)Lock,
                     (ULONG_PTR)Tag, 0);
    if (Left == 0)
        KeSetEvent(&Lock->Common.RemoveEvent, IO_NO_INCREMENT, FALSE);
}

static VOID WdmWaitForHolders(PIO_REMOVE_LOCK Lock)
{
    LARGE_INTEGER Patience = {.QuadPart = WDM_REMOVE_PATIENCE};

    if (DBG && KeWaitForSingleObject(&Lock->Common.RemoveEvent, Executive, KernelMode, FALSE,
                                     &Patience) != STATUS_TIMEOUT)
        return;
    if (DBG)
        DbgPrint("*** Remove lock %p is held %d times for more than 10 s\n", Lock,
                 Lock->Common.IoCount);
    KeWaitForSingleObject(&Lock->Common.RemoveEvent, Executive, KernelMode, FALSE, NULL);
}

/* Gives back the caller's own hold and waits for all others; new ones are refused. */
VOID NTAPI IoReleaseRemoveLockAndWaitEx(PIO_REMOVE_LOCK Lock, PVOID Tag, ULONG LockSize)
{
    Lock->Common.Removed = TRUE;
    InterlockedDecrement(&Lock->Common.IoCount);
    if (InterlockedDecrement(&Lock->Common.IoCount) > 0)
        WdmWaitForHolders(Lock);
}

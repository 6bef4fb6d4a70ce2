/* SPDX-License-Identifier: BSD-2-Clause */
/* Semaphores. */
#include "kip.h"
#include "wait.h"

void KeInitializeSemaphore(PKSEMAPHORE Semaphore, LONG Count, LONG Limit)
{
    KeInitializeDispatcherHeader(&Semaphore->Header, SemaphoreObject, Count);
    Semaphore->Limit = Limit;
}

void KeRaiseSemaphore(PKSEMAPHORE Semaphore)
{
    Semaphore->Header.SignalState++;
    KiReleaseWaiters(&Semaphore->Header, FALSE);
}

NTSTATUS KeReleaseSemaphore(PKSEMAPHORE Semaphore, LONG Adjustment, PLONG Previous)
{
    *Previous = Semaphore->Header.SignalState;
    if (Adjustment > Semaphore->Limit - Semaphore->Header.SignalState)
        return STATUS_SEMAPHORE_LIMIT_EXCEEDED;
    Semaphore->Header.SignalState += Adjustment;
    KiReleaseWaiters(&Semaphore->Header, TRUE);
    return STATUS_SUCCESS;
}

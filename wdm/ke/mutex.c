/* SPDX-License-Identifier: BSD-2-Clause */
/* Mutexes: dispatcher objects with an owner, taken by waiting for them, recursively if need be. */
#include "ki.h"

VOID NTAPI KeInitializeMutex(PRKMUTEX Mutex, ULONG Level)
{
    RtlZeroMemory(Mutex, sizeof(*Mutex));
    Mutex->Header.Type = KiMutant;
    Mutex->Header.Size = sizeof(KMUTEX) / sizeof(ULONG);
    Mutex->Header.SignalState = 1;
    InitializeListHead(&Mutex->Header.WaitListHead);
    InitializeListHead(&Mutex->MutantListEntry);
    Mutex->ApcDisable = 1;
}

/* KeReleaseMutex returns the previous state (1 = was free); raises STATUS_MUTANT_NOT_OWNED. */
LONG NTAPI KeReleaseMutex(PRKMUTEX Mutex, BOOLEAN Wait)
{
    LONG Previous = Mutex->Header.SignalState;

    if (Mutex->OwnerThread != KiGetCurrentThread())
        ExRaiseStatus(STATUS_MUTANT_NOT_OWNED);
    if (++Mutex->Header.SignalState == 1) {
        Mutex->OwnerThread = NULL;
        KiSignalWaiters(&Mutex->Header);
    }
    return Previous;
}

LONG NTAPI KeReadStateMutex(PRKMUTEX Mutex)
{
    return Mutex->Header.SignalState;
}

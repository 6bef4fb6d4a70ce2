/* SPDX-License-Identifier: BSD-2-Clause */
/* Mutants: owned by a thread, which may acquire them again and gives them up when it ends. */
#include "kip.h"
#include "wait.h"

static void SetOwner(PKMUTANT Mutant, PETHREAD Thread)
{
    Mutant->OwnerThread = Thread;
    InsertTailList(&Thread->MutantListHead, &Mutant->MutantListEntry);
}

static void RemoveOwner(PKMUTANT Mutant)
{
    RemoveEntryList(&Mutant->MutantListEntry);
    Mutant->OwnerThread = NULL;
}

void KeInitializeMutant(PKMUTANT Mutant, PETHREAD Owner)
{
    KeInitializeDispatcherHeader(&Mutant->Header, MutantObject, Owner ? 0 : 1);
    Mutant->Abandoned = FALSE;
    Mutant->OwnerThread = NULL;
    if (Owner)
        SetOwner(Mutant, Owner);
}

/* A thread that waits for all of some objects may meet the lowest count here: then the state stays,
 * as it must not wrap around. */
NTSTATUS KiAcquireMutant(PKMUTANT Mutant, PETHREAD Thread)
{
    NTSTATUS Status = Mutant->Abandoned ? STATUS_ABANDONED_WAIT_0 : 0;

    if (Mutant->Header.SignalState != MINLONG)
        Mutant->Header.SignalState--;
    Mutant->Abandoned = FALSE;
    if (Mutant->OwnerThread != Thread)
        SetOwner(Mutant, Thread);
    return Status;
}

/* The caller has a reference, as others may close the mutant while this gives way. */
static void Free(PKMUTANT Mutant, BOOLEAN GiveWay)
{
    RemoveOwner(Mutant);
    Mutant->Header.SignalState = 1;
    KiReleaseWaiters(&Mutant->Header, GiveWay);
}

NTSTATUS KeReleaseMutant(PKMUTANT Mutant, PETHREAD Thread, PLONG Previous)
{
    *Previous = Mutant->Header.SignalState;
    if (Mutant->OwnerThread != Thread)
        return STATUS_MUTANT_NOT_OWNED;
    if (Mutant->Header.SignalState == 0)
        Free(Mutant, TRUE);
    else
        Mutant->Header.SignalState++;
    return STATUS_SUCCESS;
}

void KeDeleteMutant(PKMUTANT Mutant)
{
    if (Mutant->OwnerThread)
        RemoveOwner(Mutant);
}

/* A thread can own as many as its process has handles. */
void KeAbandonMutants(PETHREAD Thread, BOOLEAN GiveWay)
{
    while (!IsListEmpty(&Thread->MutantListHead)) {
        PKMUTANT Mutant = CONTAINING_RECORD(Thread->MutantListHead.Flink, KMUTANT, MutantListEntry);

        ObReferenceObject(Mutant);
        Mutant->Abandoned = TRUE;
        Free(Mutant, GiveWay);
        ObDereferenceObject(Mutant);
        if (GiveWay)
            KeGiveWay();
    }
}

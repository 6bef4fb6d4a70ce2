/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deferred procedure calls: queued by either thread, run by the main thread at DISPATCH_LEVEL in
 * the queue's order.
 */
#include "ki.h"
#include "ntdll.h"

static KSPIN_LOCK KiDpcLock;
static LIST_ENTRY KiDpcList = {&KiDpcList, &KiDpcList};
static BOOLEAN KiDpcActive;

VOID NTAPI KeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE Routine, PVOID Context)
{
    RtlZeroMemory(Dpc, sizeof(*Dpc));
    Dpc->Type = KiDpc;
    Dpc->Importance = MediumImportance;
    Dpc->DeferredRoutine = Routine;
    Dpc->DeferredContext = Context;
}

VOID NTAPI KeInitializeThreadedDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE Routine, PVOID Context)
{
    KeInitializeDpc(Dpc, Routine, Context);
}

VOID NTAPI KeSetImportanceDpc(PRKDPC Dpc, KDPC_IMPORTANCE Importance)
{
    Dpc->Importance = (UCHAR)Importance;
}

VOID NTAPI KeSetTargetProcessorDpc(PRKDPC Dpc, CCHAR Number)
{
}

/* Puts Dpc into the list unless it is there; *First tells that the list was empty. */
static BOOLEAN KiEnqueueDpc(PRKDPC Dpc, PVOID Argument1, PVOID Argument2, PBOOLEAN First)
{
    BOOLEAN Inserted = FALSE;

    KiAcquireLock(&KiDpcLock);
    *First = IsListEmpty(&KiDpcList);
    if (!Dpc->DpcData) {
        Dpc->DpcData = &KiDpcList;
        Dpc->SystemArgument1 = Argument1;
        Dpc->SystemArgument2 = Argument2;
        if (Dpc->Importance == HighImportance)
            InsertHeadList(&KiDpcList, &Dpc->DpcListEntry);
        else
            InsertTailList(&KiDpcList, &Dpc->DpcListEntry);
        Inserted = TRUE;
    }
    KiReleaseLock(&KiDpcLock);
    return Inserted;
}

/*
 * KeInsertQueueDpc: FALSE if it was queued already. If called below DISPATCH_LEVEL, the DPC has run
 * when this returns.
 */
BOOLEAN NTAPI KeInsertQueueDpc(PRKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2)
{
    BOOLEAN First;

    if (!KiEnqueueDpc(Dpc, SystemArgument1, SystemArgument2, &First))
        return FALSE;
    if (KiIsInterruptThread()) {
        if (First)
            DrvRequestDispatch();
    } else if (KiGetIrql() < DISPATCH_LEVEL) {
        KiRetireDpcs();
    }
    return TRUE;
}

/* KeRemoveQueueDpc: TRUE if it was queued and now is not. */
BOOLEAN NTAPI KeRemoveQueueDpc(PRKDPC Dpc)
{
    BOOLEAN Removed;

    KiAcquireLock(&KiDpcLock);
    Removed = Dpc->DpcData != NULL;
    if (Removed) {
        RemoveEntryList(&Dpc->DpcListEntry);
        Dpc->DpcData = NULL;
    }
    KiReleaseLock(&KiDpcLock);
    return Removed;
}

/*
 * Takes the next call off the list, with its arguments, so that it may be queued again while it
 * runs.
 */
static BOOLEAN KiDequeueDpc(PRKDPC *Dpc, PVOID Arguments[2])
{
    BOOLEAN Found;

    KiAcquireLock(&KiDpcLock);
    Found = !IsListEmpty(&KiDpcList);
    if (Found) {
        *Dpc = CONTAINING_RECORD(RemoveHeadList(&KiDpcList), KDPC, DpcListEntry);
        Arguments[0] = (*Dpc)->SystemArgument1;
        Arguments[1] = (*Dpc)->SystemArgument2;
        (*Dpc)->DpcData = NULL;
    }
    KiReleaseLock(&KiDpcLock);
    return Found;
}

BOOLEAN KiDpcsPending(VOID)
{
    return *(PLIST_ENTRY volatile *)&KiDpcList.Flink != &KiDpcList;
}

/*
 * Runs all queued calls at DISPATCH_LEVEL. Nested in a DPC it does nothing: the outer call goes on.
 */
VOID KiRetireDpcs(VOID)
{
    KIRQL OldIrql = KiGetIrql();
    PVOID Arguments[2];
    PRKDPC Dpc;

    if (KiDpcActive || !KiDpcsPending())
        return;
    KiDpcActive = TRUE;
    KiSetIrql(DISPATCH_LEVEL);
    while (KiDequeueDpc(&Dpc, Arguments)) {
        PKDEFERRED_ROUTINE Routine = Dpc->DeferredRoutine;

        Routine(Dpc, Dpc->DeferredContext, Arguments[0], Arguments[1]);
        if (KiGetIrql() != DISPATCH_LEVEL)
            KeBugCheckEx(IRQL_NOT_DISPATCH_LEVEL, (ULONG_PTR)Routine, KiGetIrql(), 0, 0);
    }
    KiSetIrql(OldIrql);
    if (OldIrql < DISPATCH_LEVEL)
        KiEndStretch();
    KiDpcActive = FALSE;
}

/* KeFlushQueuedDpcs: all DPCs queued before have run when it returns. */
VOID NTAPI KeFlushQueuedDpcs(VOID)
{
    KiRetireDpcs();
}

LOGICAL NTAPI KeIsExecutingDpc(VOID)
{
    return KiDpcActive && !KiIsInterruptThread();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting for dispatcher objects, with the semantics of KeWaitForMultipleObjects in the WDK. All of
 * it happens on the main thread, between two points where it may switch, so there is no dispatcher
 * lock.
 */
#include "ki.h"
#include "verifier.h"

/* Whether a wait of Thread for Object would end at once. */
static BOOLEAN KiIsSignaled(PDISPATCHER_HEADER Object, PKTHREAD Thread)
{
    if (Object->Type == KiMutant)
        return Object->SignalState > 0 || ((PKMUTANT)Object)->OwnerThread == Thread;
    return Object->SignalState > 0;
}

static VOID KiTakeMutant(PKMUTANT Mutant, PKTHREAD Thread)
{
    if (Mutant->Header.SignalState == (LONG)MINLONG)
        ExRaiseStatus(STATUS_MUTANT_LIMIT_EXCEEDED);
    Mutant->Header.SignalState--;
    Mutant->OwnerThread = Thread;
}

/* What a satisfied wait does to the object. */
static VOID KiSatisfyWait(PDISPATCHER_HEADER Object, PKTHREAD Thread)
{
    switch (Object->Type) {
    case KiMutant:
        KiTakeMutant((PKMUTANT)Object, Thread);
        break;
    case KiSemaphore:
    case KiQueue:
        Object->SignalState--;
        break;
    case KiSynchronizationEvent:
    case KiSynchronizationTimer:
        Object->SignalState = 0;
        break;
    default:
        break;
    }
}

static BOOLEAN KiTestAll(PKTHREAD Thread, ULONG Count, PDISPATCHER_HEADER Objects[])
{
    for (ULONG i = 0; i < Count; i++) {
        if (!KiIsSignaled(Objects[i], Thread))
            return FALSE;
    }
    for (ULONG i = 0; i < Count; i++)
        KiSatisfyWait(Objects[i], Thread);
    return TRUE;
}

/* The wait without waiting: its result if it can end now, or STATUS_PENDING. */
static NTSTATUS KiTestWait(PKTHREAD Thread, ULONG Count, PDISPATCHER_HEADER Objects[],
                           WAIT_TYPE WaitType)
{
    if (WaitType == WaitAll)
        return KiTestAll(Thread, Count, Objects) ? STATUS_SUCCESS : STATUS_PENDING;
    for (ULONG i = 0; i < Count; i++) {
        if (KiIsSignaled(Objects[i], Thread)) {
            KiSatisfyWait(Objects[i], Thread);
            return STATUS_WAIT_0 + i;
        }
    }
    return STATUS_PENDING;
}

/* Ends the wait of a parked thread. */
static VOID KiUnwaitThread(PKTHREAD Thread, NTSTATUS Status)
{
    PKWAIT_BLOCK Block = Thread->WaitBlocks;

    do {
        RemoveEntryList(&Block->WaitListEntry);
        Block = Block->NextWaitBlock;
    } while (Block != Thread->WaitBlocks);
    Thread->WaitBlocks = NULL;
    KeCancelTimer(&Thread->Timer);
    Thread->WaitStatus = Status;
    KiReadyThread(Thread);
}

/*
 * Whether all objects of a WaitAll are signalled now; if so they are taken. The time-out's block
 * does not count.
 */
static BOOLEAN KiSatisfyAll(PKTHREAD Thread)
{
    PKWAIT_BLOCK First = Thread->WaitBlocks, Block = First;

    do {
        if (Block->WaitType == WaitAll && !KiIsSignaled(Block->Object, Thread))
            return FALSE;
        Block = Block->NextWaitBlock;
    } while (Block != First);
    do {
        if (Block->WaitType == WaitAll)
            KiSatisfyWait(Block->Object, Thread);
        Block = Block->NextWaitBlock;
    } while (Block != First);
    return TRUE;
}

/* Object has become signalled: releases those who wait for it, first come first served. */
VOID KiSignalWaiters(PDISPATCHER_HEADER Object)
{
    PLIST_ENTRY Entry = Object->WaitListHead.Flink;

    while (Entry != &Object->WaitListHead && Object->SignalState > 0) {
        PKWAIT_BLOCK Block = CONTAINING_RECORD(Entry, KWAIT_BLOCK, WaitListEntry);
        PKTHREAD Thread = Block->Thread;

        Entry = Entry->Flink;
        if (Block->WaitType == WaitAny) {
            KiSatisfyWait(Object, Thread);
            KiUnwaitThread(Thread, (SHORT)Block->WaitKey);
        } else if (KiSatisfyAll(Thread)) {
            KiUnwaitThread(Thread, STATUS_SUCCESS);
        } else {
            continue;
        }
        /* A thread may wait twice for one object: its other block has left the list too. */
        Entry = Object->WaitListHead.Flink;
    }
}

static VOID KiFillBlock(PKWAIT_BLOCK Block, PKTHREAD Thread, PDISPATCHER_HEADER Object, USHORT Key,
                        WAIT_TYPE Type)
{
    Block->Thread = Thread;
    Block->Object = Object;
    Block->WaitKey = Key;
    Block->WaitType = (UCHAR)Type;
    InsertTailList(&Object->WaitListHead, &Block->WaitListEntry);
}

/*
 * Puts the thread into the objects' queues (and the timer's) and lets others run until the wait
 * ends.
 */
static NTSTATUS KiWait(PKTHREAD Thread, ULONG Count, PDISPATCHER_HEADER Objects[],
                       WAIT_TYPE WaitType, PLARGE_INTEGER Timeout, PKWAIT_BLOCK Blocks)
{
    PKWAIT_BLOCK Last = &Blocks[Count - 1];

    for (ULONG i = 0; i < Count; i++) {
        KiFillBlock(&Blocks[i], Thread, Objects[i], (USHORT)i, WaitType);
        Blocks[i].NextWaitBlock = &Blocks[i + 1];
    }
    Last->NextWaitBlock = Blocks;
    Thread->WaitBlocks = Blocks;
    if (Timeout) {
        KeInitializeTimer(&Thread->Timer);
        KiFillBlock(&Thread->TimerBlock, Thread, &Thread->Timer.Header, STATUS_TIMEOUT, WaitAny);
        Last->NextWaitBlock = &Thread->TimerBlock;
        Thread->TimerBlock.NextWaitBlock = Blocks;
        KeSetTimer(&Thread->Timer, *Timeout, NULL);
    }
    KiParkThread();
    return Thread->WaitStatus;
}

static BOOLEAN KiHaveProxy(ULONG Count, PDISPATCHER_HEADER Objects[])
{
    for (ULONG i = 0; i < Count; i++) {
        if (KiIsProxyEvent(Objects[i]))
            return TRUE;
    }
    return FALSE;
}

/*
 * KeWaitForMultipleObjects: at most THREAD_WAIT_OBJECTS objects, or MAXIMUM_WAIT_OBJECTS with
 * WaitBlockArray. At DISPATCH_LEVEL only with a Timeout of zero. Waits are not alertable here: no
 * user APC reaches a driver thread.
 */
NTSTATUS NTAPI KeWaitForMultipleObjects(ULONG Count, PVOID Object[], WAIT_TYPE WaitType,
                                        KWAIT_REASON WaitReason, KPROCESSOR_MODE WaitMode,
                                        BOOLEAN Alertable, PLARGE_INTEGER Timeout,
                                        PKWAIT_BLOCK WaitBlockArray)
{
    PKTHREAD Thread = KiGetCurrentThread();
    PDISPATCHER_HEADER *Objects = (PDISPATCHER_HEADER *)Object;
    ULONG Limit = WaitBlockArray ? MAXIMUM_WAIT_OBJECTS : THREAD_WAIT_OBJECTS;
    NTSTATUS Status;

    if (Count == 0 || Count > Limit)
        KeBugCheckEx(MAXIMUM_WAIT_OBJECTS_EXCEEDED, Count, 0, 0, 0);
    if (KiHaveProxy(Count, Objects)) /* an event of the Executive can be waited for alone */
        return Count == 1 ? KiWaitForProxyEvent(Objects[0], Alertable, Timeout)
                          : STATUS_NOT_IMPLEMENTED;
    if (KiIsInterruptThread() || KiGetIrql() > DISPATCH_LEVEL)
        KeBugCheckEx(IRQL_NOT_LESS_OR_EQUAL, (ULONG_PTR)Objects[0], KiGetIrql(), 0,
                     (ULONG_PTR)__builtin_return_address(0));
    Status = KiTestWait(Thread, Count, Objects, WaitType);
    if (Status != STATUS_PENDING)
        return Status;
    if (Timeout && Timeout->QuadPart == 0)
        return STATUS_TIMEOUT;
    if (!KiCanBlock())
        KeBugCheckEx(IRQL_NOT_LESS_OR_EQUAL, (ULONG_PTR)Objects[0], KiGetIrql(), 0,
                     (ULONG_PTR)__builtin_return_address(0));
    return KiWait(Thread, Count, Objects, WaitType, Timeout,
                  WaitBlockArray ? WaitBlockArray : Thread->WaitBlock);
}

/* KeWaitForSingleObject: see KeWaitForMultipleObjects. */
NTSTATUS NTAPI KeWaitForSingleObject(PVOID Object, KWAIT_REASON WaitReason,
                                     KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
                                     PLARGE_INTEGER Timeout)
{
    return KeWaitForMultipleObjects(1, &Object, WaitAny, WaitReason, WaitMode, Alertable, Timeout,
                                    NULL);
}

/*
 * KeDelayExecutionThread: Interval in 100 ns, negative is relative, zero lets other ready threads
 * run.
 */
NTSTATUS NTAPI KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
                                      PLARGE_INTEGER Interval)
{
    KTIMER Timer;

    KI_VERIFY_IRQL(APC_LEVEL);
    if (!KiCanBlock())
        KeBugCheckEx(IRQL_NOT_LESS_OR_EQUAL, 0, KiGetIrql(), 0,
                     (ULONG_PTR)__builtin_return_address(0));
    if (Interval->QuadPart == 0) {
        KiReadyThread(KiGetCurrentThread());
        KiParkThread();
        return STATUS_SUCCESS;
    }
    KeInitializeTimer(&Timer);
    KeSetTimer(&Timer, *Interval, NULL);
    return KeWaitForSingleObject(&Timer, DelayExecution, WaitMode, Alertable, NULL);
}

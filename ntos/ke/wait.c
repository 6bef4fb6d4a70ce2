/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for dispatcher objects, with time limits and an end when the waiting thread is
 * terminated. */
#include "kip.h"
#include "wait.h"

/* A mutant is signalled for its owner as well. */
static BOOLEAN IsSignaled(PDISPATCHER_HEADER Object, PETHREAD Thread)
{
    return Object->SignalState > 0 ||
           (Object->Type == MutantObject && Thread && ((PKMUTANT)Object)->OwnerThread == Thread);
}

/* A synchronisation object lets one waiter through, or a few. */
static BOOLEAN IsSynchronization(PDISPATCHER_HEADER Object)
{
    switch (Object->Type) {
    case SynchronizationEventObject:
    case TimerSynchronizationObject:
    case SemaphoreObject:
    case MutantObject:
        return TRUE;
    default:
        return FALSE;
    }
}

/* What Thread gets by its wait. Returns what is to be added to the wait's status: 0, or
 * STATUS_ABANDONED_WAIT_0. */
static NTSTATUS SatisfyWait(PDISPATCHER_HEADER Object, PETHREAD Thread)
{
    switch (Object->Type) {
    case SynchronizationEventObject:
    case TimerSynchronizationObject:
        Object->SignalState = 0;
        return 0;
    case SemaphoreObject:
        Object->SignalState--;
        return 0;
    case MutantObject:
        return KiAcquireMutant((PKMUTANT)Object, Thread);
    default:
        return 0;
    }
}

/* Taken, if any, counts as signalled, since it was when its waiters began to be released. */
static BOOLEAN AllSignaled(PKWAIT_BLOCK Blocks, ULONG Count, PETHREAD Thread,
                           PDISPATCHER_HEADER Taken)
{
    ULONG i;

    for (i = 0; i < Count; i++)
        if (Blocks[i].Object != Taken && !IsSignaled(Blocks[i].Object, Thread))
            return FALSE;
    return TRUE;
}

static NTSTATUS SatisfyAll(PKWAIT_BLOCK Blocks, ULONG Count, PETHREAD Thread)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    for (i = 0; i < Count; i++)
        Status |= SatisfyWait(Blocks[i].Object, Thread);
    return Status;
}

static void EndWait(PKSERVICE_STACK Stack, NTSTATUS Status)
{
    ULONG i;

    for (i = 0; i < Stack->WaitCount; i++)
        RemoveEntryList(&Stack->WaitBlocks[i].WaitListEntry);
    if (Stack->Timer.Set)
        KeCancelTimer(&Stack->Timer);
    Stack->Waiting = Stack->Alertable = FALSE;
    Stack->WaitStatus = Status;
    KiWakeStack(Stack);
}

/* Ends the wait that Block belongs to if its conditions are met. */
static BOOLEAN TryEndWait(PKWAIT_BLOCK Block)
{
    PKSERVICE_STACK Stack = Block->Stack;

    if (!Stack) {
        RemoveEntryList(&Block->WaitListEntry);
        SatisfyWait(Block->Object, NULL);
        Block->Routine(Block);
        return TRUE;
    }
    if (!Stack->WaitAll) {
        EndWait(Stack, Block->WaitKey | SatisfyWait(Block->Object, Stack->Thread));
        return TRUE;
    }
    if (!AllSignaled(Stack->WaitBlocks, Stack->WaitCount, Stack->Thread, Block->Object))
        return FALSE;
    EndWait(Stack, SatisfyAll(Stack->WaitBlocks, Stack->WaitCount, Stack->Thread));
    return TRUE;
}

/* ---- Releasing all that wait for an object. A marker is a block without a stack and a routine: it
 * keeps a place in the object's list while others, who may change the list, run. ---- */

static BOOLEAN IsMarker(PKWAIT_BLOCK Block)
{
    return !Block->Stack && !Block->Routine;
}

static void MoveBehind(PKWAIT_BLOCK Marker, PLIST_ENTRY Entry)
{
    RemoveEntryList(&Marker->WaitListEntry);
    InsertHeadList(Entry, &Marker->WaitListEntry);
}

/* The wait of the block behind Here may end; else Here moves on. */
static void ReleaseNext(PKWAIT_BLOCK Here)
{
    PLIST_ENTRY Next = Here->WaitListEntry.Flink;
    PKWAIT_BLOCK Block = CONTAINING_RECORD(Next, KWAIT_BLOCK, WaitListEntry);

    if (IsMarker(Block) || !TryEndWait(Block))
        MoveBehind(Here, Next);
}

/* A newcomer may take the signal of a synchronisation object while this gives way; a notification
 * object has been signalled to all between the markers. */
static void ReleaseMany(PDISPATCHER_HEADER Header, BOOLEAN GiveWay)
{
    KWAIT_BLOCK Here = {0}, End = {0};

    InsertHeadList(&Header->WaitListHead, &Here.WaitListEntry);
    InsertTailList(&Header->WaitListHead, &End.WaitListEntry);
    while (Here.WaitListEntry.Flink != &End.WaitListEntry &&
           (!IsSynchronization(Header) || Header->SignalState > 0)) {
        ReleaseNext(&Here);
        if (GiveWay)
            KeGiveWay();
    }
    RemoveEntryList(&Here.WaitListEntry);
    RemoveEntryList(&End.WaitListEntry);
}

BOOLEAN KiReleaseSomeWaiters(PDISPATCHER_HEADER Header, ULONG Most)
{
    KWAIT_BLOCK Here = {0};

    InsertHeadList(&Header->WaitListHead, &Here.WaitListEntry);
    while (Most-- && Here.WaitListEntry.Flink != &Header->WaitListHead)
        ReleaseNext(&Here);
    RemoveEntryList(&Here.WaitListEntry);
    return IsListEmpty(&Header->WaitListHead);
}

/* Mostly nobody waits, or one does. */
void KiReleaseWaiters(PDISPATCHER_HEADER Header, BOOLEAN GiveWay)
{
    PLIST_ENTRY First = Header->WaitListHead.Flink;
    PKWAIT_BLOCK Block = CONTAINING_RECORD(First, KWAIT_BLOCK, WaitListEntry);

    if (First == &Header->WaitListHead)
        return;
    if (First->Flink == &Header->WaitListHead && !IsMarker(Block))
        TryEndWait(Block);
    else
        ReleaseMany(Header, GiveWay);
}

static void WaitTimeout(PVOID Context)
{
    EndWait(Context, STATUS_TIMEOUT);
}

BOOLEAN KeAbortWait(PETHREAD Thread)
{
    PKSERVICE_STACK Stack = Thread->ServiceStack;

    if (!Stack || !Stack->Waiting)
        return FALSE;
    EndWait(Stack, STATUS_THREAD_IS_TERMINATING);
    return TRUE;
}

BOOLEAN KiEndAlertableWait(PETHREAD Thread, NTSTATUS Status)
{
    PKSERVICE_STACK Stack = Thread->ServiceStack;

    if (!Stack || !Stack->Waiting || !Stack->Alertable)
        return FALSE;
    EndWait(Stack, Status);
    return TRUE;
}

/* An owner that cannot be counted once more must not wait for the mutant, as it never would get
 * it. */
static BOOLEAN IsExhausted(PKWAIT_BLOCK Blocks, ULONG Count)
{
    ULONG i;

    for (i = 0; i < Count; i++)
        if (Blocks[i].Object->Type == MutantObject && Blocks[i].Object->SignalState == MINLONG)
            return TRUE;
    return FALSE;
}

static BOOLEAN TryAll(PKWAIT_BLOCK Blocks, ULONG Count, NTSTATUS *Status)
{
    if (!AllSignaled(Blocks, Count, KiCurrentThread, NULL))
        return FALSE;
    *Status = IsExhausted(Blocks, Count) ? STATUS_MUTANT_LIMIT_EXCEEDED
                                         : SatisfyAll(Blocks, Count, KiCurrentThread);
    return TRUE;
}

/* Is the wait over before it begins? */
FORCEINLINE BOOLEAN TryImmediately(PKWAIT_BLOCK Blocks, ULONG Count, WAIT_TYPE WaitType,
                                   NTSTATUS *Status)
{
    ULONG i;

    if (WaitType == WaitAll)
        return TryAll(Blocks, Count, Status);
    for (i = 0; i < Count; i++) {
        if (IsSignaled(Blocks[i].Object, KiCurrentThread)) {
            *Status = IsExhausted(&Blocks[i], 1)
                          ? STATUS_MUTANT_LIMIT_EXCEEDED
                          : Blocks[i].WaitKey | SatisfyWait(Blocks[i].Object, KiCurrentThread);
            return TRUE;
        }
    }
    return FALSE;
}

ULONGLONG KeDueTime(LONGLONG Timeout)
{
    ULONGLONG Now = KeQueryInterruptTime(), Due;

    if (Timeout >= 0)
        return KiSystemToInterruptTime(Timeout);
    Due = Now + (0 - (ULONGLONG)Timeout);
    return Due < Now ? ~0ull : Due;
}

/* From here on the wait cannot fail; EndWait ends it. */
FORCEINLINE NTSTATUS Block(PKWAIT_BLOCK Blocks, ULONG Count, WAIT_TYPE WaitType, BOOLEAN Alertable,
                           PLARGE_INTEGER Timeout)
{
    PKSERVICE_STACK Stack = KiCurrentStack;
    ULONG i;

    Stack->WaitBlocks = Blocks;
    Stack->WaitCount = Count;
    Stack->WaitAll = WaitType == WaitAll && Count;
    Stack->Waiting = TRUE;
    Stack->Alertable = Alertable;
    for (i = 0; i < Count; i++) {
        Blocks[i].Stack = Stack;
        InsertTailList(&Blocks[i].Object->WaitListHead, &Blocks[i].WaitListEntry);
    }
    if (Timeout) {
        KeInitializeTimer(&Stack->Timer, WaitTimeout, Stack);
        KeSetTimer(&Stack->Timer, KeDueTime(Timeout->QuadPart));
    }
    if (KiCurrentThread && KiCurrentThread->Queue)
        KiBlockOnQueue(KiCurrentThread);
    KiParkStack();
    if (KiCurrentThread && KiCurrentThread->Queue)
        KiUnblockOnQueue(KiCurrentThread);
    return Stack->WaitStatus;
}

BOOLEAN KeRegisterWait(PKWAIT_BLOCK Block, PVOID Object, void (*Routine)(PKWAIT_BLOCK Block))
{
    Block->Stack = NULL;
    Block->Object = Object;
    Block->Routine = Routine;
    if (IsSignaled(Object, NULL)) {
        SatisfyWait(Object, NULL);
        return TRUE;
    }
    InsertTailList(&Block->Object->WaitListHead, &Block->WaitListEntry);
    return FALSE;
}

void KeDeregisterWait(PKWAIT_BLOCK Block)
{
    RemoveEntryList(&Block->WaitListEntry);
}

/* The service's first wait: the client's reply capability is put aside. */
static NTSTATUS SaveClient(PETHREAD Thread)
{
    NTSTATUS Status = KiSaveCaller(Thread);

    if (!NT_SUCCESS(Status))
        return Status;
    KiCurrentStack->CallerSaved = TRUE;
    Thread->ServiceStack = KiCurrentStack;
    KiOwnedStacks++;
    return STATUS_SUCCESS;
}

NTSTATUS KiPrepareToPark(void)
{
    PETHREAD Thread = KiCurrentThread;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!KiReserveStack(!Thread))
        return STATUS_INSUFFICIENT_RESOURCES;
    if (!Thread)
        return STATUS_SUCCESS;
    if (!KiCurrentStack->CallerSaved)
        Status = SaveClient(Thread);
    Thread->WaitCount++;
    return Status;
}

FORCEINLINE NTSTATUS WaitForBlocks(PKWAIT_BLOCK Blocks, ULONG Count, WAIT_TYPE WaitType,
                                   BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    NTSTATUS Status;

    if (KiCurrentThread && KiCurrentThread->Terminating)
        return STATUS_THREAD_IS_TERMINATING;
    if (Count && TryImmediately(Blocks, Count, WaitType, &Status))
        return Status;
    if (Alertable && KiCurrentThread) {
        Status = KiTestAlert(KiCurrentThread);
        if (Status != STATUS_SUCCESS)
            return Status;
    }
    if (Timeout && !Timeout->QuadPart)
        return STATUS_TIMEOUT;
    Status = KiPrepareToPark();
    return NT_SUCCESS(Status) ? Block(Blocks, Count, WaitType, Alertable, Timeout) : Status;
}

/* Waits for one object, which are the most, have a copy of all this of their own. */
FORCEINLINE NTSTATUS WaitWithBlocks(PKWAIT_BLOCK Blocks, ULONG Count, PVOID Objects[],
                                    WAIT_TYPE WaitType, BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    ULONG i;

    for (i = 0; i < Count; i++) {
        Blocks[i].Object = Objects[i];
        Blocks[i].WaitKey = STATUS_WAIT_0 + (NTSTATUS)i;
    }
    return WaitForBlocks(Blocks, Count, WaitType, Alertable, Timeout);
}

/* The wait blocks lie on the waiting stack, so that a wait needs no memory. */
static __attribute__((noinline)) NTSTATUS WaitForMany(ULONG Count, PVOID Objects[],
                                                      WAIT_TYPE WaitType, BOOLEAN Alertable,
                                                      PLARGE_INTEGER Timeout)
{
    KWAIT_BLOCK Blocks[KE_MAXIMUM_WAIT_OBJECTS];

    return WaitWithBlocks(Blocks, Count, Objects, WaitType, Alertable, Timeout);
}

NTSTATUS KeWaitForMultipleObjects(ULONG Count, PVOID Objects[], WAIT_TYPE WaitType,
                                  BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    if (Count > KI_BUILT_IN_WAIT_BLOCKS)
        return WaitForMany(Count, Objects, WaitType, Alertable, Timeout);
    return WaitWithBlocks(KiCurrentStack->BuiltInWaitBlocks, Count, Objects, WaitType, Alertable,
                          Timeout);
}

NTSTATUS KeWaitForSingleObject(PVOID Object, BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    return WaitWithBlocks(KiCurrentStack->BuiltInWaitBlocks, 1, &Object, WaitAny, Alertable,
                          Timeout);
}

NTSTATUS KeDelayExecution(BOOLEAN Alertable, PLARGE_INTEGER Interval)
{
    NTSTATUS Status = WaitForBlocks(NULL, 0, WaitAny, Alertable, Interval);

    return Status == STATUS_TIMEOUT ? STATUS_SUCCESS : Status;
}

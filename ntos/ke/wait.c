/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for dispatcher objects, with time limits and an end when the waiting thread is
 * terminated. */
#include "kip.h"
#include "wait.h"

static BOOLEAN IsSignaled(PDISPATCHER_HEADER Object)
{
    return Object->SignalState > 0;
}

/* A synchronisation object lets one waiter through. */
static void SatisfyWait(PDISPATCHER_HEADER Object)
{
    if (Object->Type == SynchronizationEventObject || Object->Type == TimerSynchronizationObject)
        Object->SignalState = 0;
}

static BOOLEAN AllSignaled(PKWAIT_BLOCK Blocks, ULONG Count)
{
    ULONG i;

    for (i = 0; i < Count; i++)
        if (!IsSignaled(Blocks[i].Object))
            return FALSE;
    return TRUE;
}

static void SatisfyAll(PKWAIT_BLOCK Blocks, ULONG Count)
{
    ULONG i;

    for (i = 0; i < Count; i++)
        SatisfyWait(Blocks[i].Object);
}

static void EndWait(PKSERVICE_STACK Stack, NTSTATUS Status)
{
    ULONG i;

    for (i = 0; i < Stack->WaitCount; i++)
        RemoveEntryList(&Stack->WaitBlocks[i].WaitListEntry);
    KeCancelTimer(&Stack->Timer);
    Stack->Waiting = FALSE;
    Stack->WaitStatus = Status;
    KiReadyStack(Stack);
}

/* Ends the wait that Block belongs to if its conditions are met. */
static BOOLEAN TryEndWait(PKWAIT_BLOCK Block)
{
    PKSERVICE_STACK Stack = Block->Stack;

    if (!Stack->WaitAll) {
        SatisfyWait(Block->Object);
        EndWait(Stack, Block->WaitKey);
        return TRUE;
    }
    if (!AllSignaled(Stack->WaitBlocks, Stack->WaitCount))
        return FALSE;
    SatisfyAll(Stack->WaitBlocks, Stack->WaitCount);
    EndWait(Stack, STATUS_SUCCESS);
    return TRUE;
}

void KiReleaseWaiters(PDISPATCHER_HEADER Header)
{
    PLIST_ENTRY Entry = Header->WaitListHead.Flink;

    while (Entry != &Header->WaitListHead && IsSignaled(Header)) {
        PKWAIT_BLOCK Block = CONTAINING_RECORD(Entry, KWAIT_BLOCK, WaitListEntry);

        /* Ending a wait takes several blocks out of this list when its owner waits for the object
         * more than once. */
        Entry = TryEndWait(Block) ? Header->WaitListHead.Flink : Entry->Flink;
    }
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

/* Is the wait over before it begins? */
static BOOLEAN TryImmediately(PKWAIT_BLOCK Blocks, ULONG Count, WAIT_TYPE WaitType,
                              NTSTATUS *Status)
{
    ULONG i;

    if (WaitType == WaitAll) {
        if (!AllSignaled(Blocks, Count))
            return FALSE;
        SatisfyAll(Blocks, Count);
        *Status = STATUS_SUCCESS;
        return TRUE;
    }
    for (i = 0; i < Count; i++) {
        if (IsSignaled(Blocks[i].Object)) {
            SatisfyWait(Blocks[i].Object);
            *Status = Blocks[i].WaitKey;
            return TRUE;
        }
    }
    return FALSE;
}

static ULONGLONG DueTime(LONGLONG Timeout)
{
    ULONGLONG Now = KeQueryInterruptTime(), Due;

    if (Timeout >= 0)
        return KiSystemToInterruptTime(Timeout);
    Due = Now + (0 - (ULONGLONG)Timeout);
    return Due < Now ? ~0ull : Due;
}

/* From here on the wait cannot fail; it ends by EndWait. */
static NTSTATUS Block(PKWAIT_BLOCK Blocks, ULONG Count, WAIT_TYPE WaitType, PLARGE_INTEGER Timeout)
{
    PKSERVICE_STACK Stack = KiCurrentStack;
    ULONG i;

    Stack->WaitBlocks = Blocks;
    Stack->WaitCount = Count;
    Stack->WaitAll = WaitType == WaitAll && Count;
    Stack->Waiting = TRUE;
    for (i = 0; i < Count; i++) {
        Blocks[i].Stack = Stack;
        InsertTailList(&Blocks[i].Object->WaitListHead, &Blocks[i].WaitListEntry);
    }
    KeInitializeTimer(&Stack->Timer, WaitTimeout, Stack);
    if (Timeout)
        KeSetTimer(&Stack->Timer, DueTime(Timeout->QuadPart));
    KiParkStack();
    return Stack->WaitStatus;
}

/* The service's first wait: the client's reply capability is put aside. No process may take all
 * stacks. */
static NTSTATUS SaveClient(PETHREAD Thread)
{
    NTSTATUS Status;

    if (Thread->Process->WaitingServices == KE_MAXIMUM_PROCESS_STACKS)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = KiSaveCaller(Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    KiCurrentStack->CallerSaved = TRUE;
    Thread->ServiceStack = KiCurrentStack;
    Thread->Process->WaitingServices++;
    return STATUS_SUCCESS;
}

/* Makes sure that this stack can park: that another can go on, and that the reply can be sent
 * later. */
static NTSTATUS PrepareToPark(void)
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

static NTSTATUS WaitForBlocks(PKWAIT_BLOCK Blocks, ULONG Count, WAIT_TYPE WaitType,
                              PLARGE_INTEGER Timeout)
{
    NTSTATUS Status;

    if (KiCurrentThread && KiCurrentThread->Terminating)
        return STATUS_THREAD_IS_TERMINATING;
    if (Count && TryImmediately(Blocks, Count, WaitType, &Status))
        return Status;
    if (Timeout && !Timeout->QuadPart)
        return STATUS_TIMEOUT;
    Status = PrepareToPark();
    return NT_SUCCESS(Status) ? Block(Blocks, Count, WaitType, Timeout) : Status;
}

NTSTATUS KeWaitForMultipleObjects(ULONG Count, PVOID Objects[], WAIT_TYPE WaitType,
                                  BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    PKWAIT_BLOCK Blocks = KiCurrentStack->BuiltInWaitBlocks;
    NTSTATUS Status;
    ULONG i;

    if (Count > KI_BUILT_IN_WAIT_BLOCKS)
        Blocks = ExAllocatePool(Count * sizeof(KWAIT_BLOCK));
    if (!Blocks)
        return STATUS_INSUFFICIENT_RESOURCES;
    for (i = 0; i < Count; i++) {
        Blocks[i].Object = Objects[i];
        Blocks[i].WaitKey = STATUS_WAIT_0 + (NTSTATUS)i;
    }
    Status = WaitForBlocks(Blocks, Count, WaitType, Timeout);
    if (Blocks != KiCurrentStack->BuiltInWaitBlocks)
        ExFreePool(Blocks);
    return Status;
}

NTSTATUS KeWaitForSingleObject(PVOID Object, BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    return KeWaitForMultipleObjects(1, &Object, WaitAny, Alertable, Timeout);
}

NTSTATUS KeDelayExecution(BOOLEAN Alertable, PLARGE_INTEGER Interval)
{
    NTSTATUS Status = WaitForBlocks(NULL, 0, WaitAny, Interval);

    return Status == STATUS_TIMEOUT ? STATUS_SUCCESS : Status;
}

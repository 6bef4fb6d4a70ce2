/* SPDX-License-Identifier: BSD-2-Clause */
/* Dispatcher objects, timers, DPCs, work items and threads. */
#include "wdmtest.h"

#define MILLISECONDS(n)                                                                            \
    {                                                                                              \
        .QuadPart = -10000LL * (n)                                                                 \
    }

static NTSTATUS Wait(PVOID Object, LONG Milliseconds)
{
    LARGE_INTEGER Timeout = MILLISECONDS(Milliseconds);

    return KeWaitForSingleObject(Object, Executive, KernelMode, FALSE, &Timeout);
}

/* A thread that runs Routine and is referenced by the caller. */
static PVOID StartThread(PKSTART_ROUTINE Routine, PVOID Context)
{
    PVOID Thread = NULL;
    HANDLE Handle;
    NTSTATUS Status =
        PsCreateSystemThread(&Handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Routine, Context);

    CHECK(NT_SUCCESS(Status));
    if (NT_SUCCESS(Status)) {
        Status = ObReferenceObjectByHandle(Handle, SYNCHRONIZE, NULL, KernelMode, &Thread, NULL);
        CHECK(NT_SUCCESS(Status));
        CHECK(NT_SUCCESS(ZwClose(Handle)));
    }
    return Thread;
}

static VOID JoinThread(PVOID Thread)
{
    CHECK(Wait(Thread, 2000) == STATUS_SUCCESS);
    ObDereferenceObject(Thread);
}

static VOID NTAPI SetEventSoon(PVOID Context)
{
    LARGE_INTEGER Interval = MILLISECONDS(20);

    KeDelayExecutionThread(KernelMode, FALSE, &Interval);
    KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

VOID TestEvents(VOID)
{
    KEVENT Notification, Synchronization;
    PVOID Thread;

    KeInitializeEvent(&Notification, NotificationEvent, FALSE);
    KeInitializeEvent(&Synchronization, SynchronizationEvent, TRUE);
    CHECK(Wait(&Notification, 0) == STATUS_TIMEOUT);
    CHECK(Wait(&Notification, 30) == STATUS_TIMEOUT);
    CHECK(KeSetEvent(&Notification, 0, FALSE) == 0);
    CHECK(KeSetEvent(&Notification, 0, FALSE) != 0);
    CHECK(Wait(&Notification, 0) == STATUS_SUCCESS && KeReadStateEvent(&Notification));
    CHECK(KeResetEvent(&Notification) != 0 && !KeReadStateEvent(&Notification));
    CHECK(Wait(&Synchronization, 0) == STATUS_SUCCESS);
    CHECK(Wait(&Synchronization, 0) == STATUS_TIMEOUT);
    Thread = StartThread(SetEventSoon, &Synchronization);
    CHECK(KeWaitForSingleObject(&Synchronization, Executive, KernelMode, FALSE, NULL) == 0);
    CHECK(!KeReadStateEvent(&Synchronization));
    JoinThread(Thread);
}

static KMUTEX Mutex;

static VOID NTAPI HoldMutex(PVOID Context)
{
    LARGE_INTEGER Interval = MILLISECONDS(20);

    KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL);
    KeSetEvent(Context, 0, FALSE);
    KeDelayExecutionThread(KernelMode, FALSE, &Interval);
    KeReleaseMutex(&Mutex, FALSE);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

VOID TestSemaphoresAndMutexes(VOID)
{
    KSEMAPHORE Semaphore;
    KEVENT Held;
    PVOID Thread;

    KeInitializeSemaphore(&Semaphore, 2, 3);
    CHECK(Wait(&Semaphore, 0) == STATUS_SUCCESS && Wait(&Semaphore, 0) == STATUS_SUCCESS);
    CHECK(Wait(&Semaphore, 0) == STATUS_TIMEOUT);
    CHECK(KeReleaseSemaphore(&Semaphore, 0, 3, FALSE) == 0);
    CHECK(KeReadStateSemaphore(&Semaphore) == 3);

    KeInitializeMutex(&Mutex, 0);
    CHECK(Wait(&Mutex, 0) == STATUS_SUCCESS && Wait(&Mutex, 0) == STATUS_SUCCESS);
    CHECK(KeReleaseMutex(&Mutex, FALSE) == -1);
    CHECK(KeReleaseMutex(&Mutex, FALSE) == 0);
    CHECK(KeReadStateMutex(&Mutex) == 1);
    KeInitializeEvent(&Held, NotificationEvent, FALSE);
    Thread = StartThread(HoldMutex, &Held);
    CHECK(Wait(&Held, 1000) == STATUS_SUCCESS);
    CHECK(Wait(&Mutex, 0) == STATUS_TIMEOUT);
    CHECK(Wait(&Mutex, 1000) == STATUS_SUCCESS);
    KeReleaseMutex(&Mutex, FALSE);
    JoinThread(Thread);
}

static VOID NTAPI SetTwoSoon(PVOID Context)
{
    PKEVENT *Events = Context;
    LARGE_INTEGER Interval = MILLISECONDS(20);

    KeSetEvent(Events[1], 0, FALSE);
    KeDelayExecutionThread(KernelMode, FALSE, &Interval);
    KeSetEvent(Events[0], 0, FALSE);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

VOID TestWaitsForSeveral(VOID)
{
    KEVENT First, Second;
    PKEVENT Events[2] = {&First, &Second};
    LARGE_INTEGER Short = MILLISECONDS(20), Long = MILLISECONDS(1000);
    PVOID Thread;

    KeInitializeEvent(&First, SynchronizationEvent, FALSE);
    KeInitializeEvent(&Second, SynchronizationEvent, TRUE);
    CHECK(KeWaitForMultipleObjects(2, (PVOID *)Events, WaitAny, Executive, KernelMode, FALSE, &Long,
                                   NULL) == STATUS_WAIT_1);
    CHECK(KeWaitForMultipleObjects(2, (PVOID *)Events, WaitAll, Executive, KernelMode, FALSE,
                                   &Short, NULL) == STATUS_TIMEOUT);
    Thread = StartThread(SetTwoSoon, Events);
    CHECK(KeWaitForMultipleObjects(2, (PVOID *)Events, WaitAll, Executive, KernelMode, FALSE, &Long,
                                   NULL) == STATUS_SUCCESS);
    CHECK(!KeReadStateEvent(&First) && !KeReadStateEvent(&Second));
    JoinThread(Thread);
    Thread = StartThread(SetEventSoon, &First);
    CHECK(KeWaitForMultipleObjects(2, (PVOID *)Events, WaitAny, Executive, KernelMode, FALSE, NULL,
                                   NULL) == STATUS_WAIT_0);
    JoinThread(Thread);
}

typedef struct _COUNTER {
    KDPC Dpc;
    volatile LONG Count;
    volatile KIRQL Irql;
    PVOID Arguments[2];
} COUNTER;

static VOID NTAPI CountDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    COUNTER *Counter = Context;

    Counter->Irql = KeGetCurrentIrql();
    Counter->Arguments[0] = Argument1;
    Counter->Arguments[1] = Argument2;
    Counter->Count++;
}

VOID TestTimers(VOID)
{
    LARGE_INTEGER Due = MILLISECONDS(50), Pause = MILLISECONDS(400);
    COUNTER Counter = {.Count = 0};
    KTIMER Timer;

    KeInitializeDpc(&Counter.Dpc, CountDpc, &Counter);
    KeInitializeTimerEx(&Timer, SynchronizationTimer);
    CHECK(!KeSetTimer(&Timer, Due, &Counter.Dpc));
    CHECK(KeSetTimer(&Timer, Due, &Counter.Dpc));
    CHECK(KeCancelTimer(&Timer) && !KeCancelTimer(&Timer));
    KeSetTimer(&Timer, Due, &Counter.Dpc);
    CHECK(!KeReadStateTimer(&Timer));
    CHECK(Wait(&Timer, 1000) == STATUS_SUCCESS);
    CHECK(Wait(&Timer, 0) == STATUS_TIMEOUT);
    KeSetTimerEx(&Timer, Due, 50, &Counter.Dpc);
    KeDelayExecutionThread(KernelMode, FALSE, &Pause);
    CHECK(KeCancelTimer(&Timer));
    CHECK(Counter.Count >= 4 && Counter.Count <= 10);
    CHECK(Counter.Irql == DISPATCH_LEVEL);
}

VOID TestDpcs(VOID)
{
    COUNTER Counter = {.Count = 0};
    KSPIN_LOCK Lock;
    KIRQL Irql;

    KeInitializeSpinLock(&Lock);
    KeInitializeDpc(&Counter.Dpc, CountDpc, &Counter);
    CHECK(KeInsertQueueDpc(&Counter.Dpc, &Counter, &Lock));
    CHECK(Counter.Count == 1 && Counter.Irql == DISPATCH_LEVEL);
    CHECK(Counter.Arguments[0] == &Counter && Counter.Arguments[1] == &Lock);
    KeAcquireSpinLock(&Lock, &Irql);
    CHECK(Irql == PASSIVE_LEVEL && KeGetCurrentIrql() == DISPATCH_LEVEL);
    CHECK(KeInsertQueueDpc(&Counter.Dpc, NULL, NULL));
    CHECK(!KeInsertQueueDpc(&Counter.Dpc, NULL, NULL));
    CHECK(Counter.Count == 1);
    KeReleaseSpinLock(&Lock, Irql);
    CHECK(Counter.Count == 2);
    KeAcquireSpinLock(&Lock, &Irql);
    KeInsertQueueDpc(&Counter.Dpc, NULL, NULL);
    CHECK(KeRemoveQueueDpc(&Counter.Dpc) && !KeRemoveQueueDpc(&Counter.Dpc));
    KeReleaseSpinLock(&Lock, Irql);
    CHECK(Counter.Count == 2);
}

static VOID NTAPI RunWorkItem(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    CHECK(DeviceObject == TestDriver->DeviceObject);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
    KeSetEvent(Context, 0, FALSE);
}

VOID TestWorkItems(VOID)
{
    PIO_WORKITEM Item = IoAllocateWorkItem(TestDriver->DeviceObject);
    KEVENT Done;

    KeInitializeEvent(&Done, SynchronizationEvent, FALSE);
    for (int i = 0; i < 3; i++) {
        IoQueueWorkItem(Item, RunWorkItem, DelayedWorkQueue, &Done);
        CHECK(!KeReadStateEvent(&Done));
        CHECK(Wait(&Done, 1000) == STATUS_SUCCESS);
    }
    IoFreeWorkItem(Item);
}

static LONG ThreadsDone;

static VOID NTAPI CountThread(PVOID Context)
{
    LARGE_INTEGER Yield = {.QuadPart = 0};
    volatile UCHAR Stack[12 * 1024];

    for (ULONG i = 0; i < sizeof(Stack); i += 1024)
        Stack[i] = (UCHAR)(ULONG_PTR)Context;
    for (int i = 0; i < 10; i++)
        KeDelayExecutionThread(KernelMode, FALSE, &Yield);
    for (ULONG i = 0; i < sizeof(Stack); i += 1024)
        CHECK(Stack[i] == (UCHAR)(ULONG_PTR)Context);
    ThreadsDone++;
    PsTerminateSystemThread(STATUS_SUCCESS);
}

VOID TestManyThreads(VOID)
{
    PVOID Threads[40];

    ThreadsDone = 0;
    for (ULONG_PTR i = 0; i < 40; i++)
        Threads[i] = StartThread(CountThread, (PVOID)i);
    for (int i = 0; i < 40; i++)
        JoinThread(Threads[i]);
    CHECK(ThreadsDone == 40);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads of the driver process as the driver sees them: coroutines of the main thread. A pool of
 * bounded size serves requests and work items; PsCreateSystemThread makes others. The event loop
 * has a KTHREAD too, so that KeGetCurrentThread always has an answer.
 */
#include "ki.h"
#include "ntdll.h"
#include "ob.h"

KTHREAD KiInterruptThread; /* stands for the seL4 thread that runs ISRs */
static KTHREAD KiLoopThread;
static LIST_ENTRY KiReadyList = {&KiReadyList, &KiReadyList};
static LIST_ENTRY KiFreeList = {&KiFreeList, &KiFreeList};
static ULONG KiPooledThreads;
static PKTHREAD KiEndedThread; /* its stack can be freed once another runs */

/* Allocates a stack with a guard page below it, so that an overflow faults. */
static PVOID KiAllocateStack(PVOID *Limit)
{
    PVOID Base = NULL, Guard;
    SIZE_T Size = KI_STACK_SIZE + PAGE_SIZE, GuardSize = PAGE_SIZE;
    ULONG OldProtect;

    if (!NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size,
                                            MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)))
        return NULL;
    Guard = Base;
    if (!NT_SUCCESS(NtProtectVirtualMemory(NtCurrentProcess(), &Guard, &GuardSize, PAGE_NOACCESS,
                                           &OldProtect))) {
        Size = 0;
        ZwFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
        return NULL;
    }
    *Limit = (PUCHAR)Base + PAGE_SIZE;
    return (PUCHAR)*Limit + KI_STACK_SIZE;
}

static VOID KiInitializeThread(PKTHREAD Thread)
{
    RtlZeroMemory(Thread, sizeof(*Thread));
    Thread->Header.Type = KiThread;
    InitializeListHead(&Thread->Header.WaitListHead);
    KeInitializeTimer(&Thread->Timer);
}

static PKTHREAD KiAllocateThread(VOID)
{
    PKTHREAD Thread = ObpCreateObject(&PspThreadType, sizeof(*Thread));

    if (!Thread)
        return NULL;
    KiInitializeThread(Thread);
    Thread->StackBase = KiAllocateStack(&Thread->StackLimit);
    if (Thread->StackBase)
        return Thread;
    ObDereferenceObject(Thread);
    return NULL;
}

static VOID KiFreeThread(PKTHREAD Thread)
{
    PVOID Stack = (PUCHAR)Thread->StackLimit - PAGE_SIZE;
    SIZE_T Size = 0;

    ZwFreeVirtualMemory(NtCurrentProcess(), &Stack, &Size, MEM_RELEASE);
    Thread->StackBase = NULL;
    ObDereferenceObject(Thread);
}

/* Gives the processor to Thread; returns when another thread gives it back. */
static VOID KiSwitchTo(PKTHREAD Thread)
{
    PKTHREAD Previous = KiGetCurrentThread();

    Previous->Irql = KiGetIrql();
    KiSetCurrentThread(Thread);
    KiSetStackBounds(Thread->StackBase, Thread->StackLimit);
    KiSetIrql(Thread->Irql);
    KiEndStretch();
    KiSwitchThread(&Previous->StackPointer, Thread->StackPointer);
}

static VOID KiThreadMain(VOID)
{
    PKTHREAD Thread = KiGetCurrentThread();

    Thread->Routine(Thread->Context);
    KiExitThread();
}

static VOID KiLaunchThread(PKTHREAD Thread, PKSTART_ROUTINE Routine, PVOID Context)
{
    Thread->Routine = Routine;
    Thread->Context = Context;
    Thread->Irql = PASSIVE_LEVEL;
    Thread->Header.SignalState = 0;
    Thread->StackPointer = KiBuildStack(Thread->StackBase, KiThreadMain);
    InsertTailList(&KiReadyList, &Thread->Link);
}

/* Makes the calling seL4 thread the event loop. */
NTSTATUS KiInitializeThreads(VOID)
{
    KiInitializeThread(&KiLoopThread);
    KiInitializeThread(&KiInterruptThread);
    KiGetStackBounds(&KiLoopThread.StackBase, &KiLoopThread.StackLimit);
    KiSetCurrentThread(&KiLoopThread);
    KiSetIrql(DISPATCH_LEVEL);
    return STATUS_SUCCESS;
}

/*
 * Whether KiStartPooledThread would find a thread. The pool grows if all of its threads wait: one
 * that is ready to run may be free soon, so who sends much at once costs no stacks.
 */
BOOLEAN KiHavePooledThread(VOID)
{
    PKTHREAD Thread;

    if (!IsListEmpty(&KiFreeList))
        return TRUE;
    if (!IsListEmpty(&KiReadyList))
        return FALSE;
    if (KiPooledThreads == KI_MAX_THREADS || !(Thread = KiAllocateThread()))
        return FALSE;
    Thread->Pooled = TRUE;
    KiPooledThreads++;
    InsertHeadList(&KiFreeList, &Thread->Link);
    return TRUE;
}

/* Starts Routine on a thread of the pool. FALSE if all are in use. */
BOOLEAN KiStartPooledThread(PKSTART_ROUTINE Routine, PVOID Context)
{
    if (!KiHavePooledThread())
        return FALSE;
    KiLaunchThread(CONTAINING_RECORD(RemoveHeadList(&KiFreeList), KTHREAD, Link), Routine, Context);
    return TRUE;
}

/*
 * Starts a thread of its own. The caller gets a reference to it; another one ends with the thread.
 */
NTSTATUS KiCreateThread(PKSTART_ROUTINE Routine, PVOID Context, PKTHREAD *Thread)
{
    *Thread = KiAllocateThread();
    if (!*Thread)
        return STATUS_INSUFFICIENT_RESOURCES;
    ObReferenceObject(*Thread);
    KiLaunchThread(*Thread, Routine, Context);
    return STATUS_SUCCESS;
}

/* Ends the calling thread. */
VOID KiExitThread(VOID)
{
    PKTHREAD Thread = KiGetCurrentThread();

    if (KiGetIrql() != PASSIVE_LEVEL)
        KeBugCheckEx(IRQL_NOT_LESS_OR_EQUAL, (ULONG_PTR)Thread, KiGetIrql(), 0,
                     (ULONG_PTR)Thread->Routine);
    Thread->Header.SignalState = 1;
    KiSignalWaiters(&Thread->Header);
    if (Thread->Pooled)
        InsertHeadList(&KiFreeList, &Thread->Link);
    else
        KiEndedThread = Thread;
    KiSwitchTo(&KiLoopThread);
    KeBugCheckEx(UNEXPECTED_KERNEL_MODE_TRAP, (ULONG_PTR)Thread, 0, 0, 0);
}

/*
 * From the event loop: lets the next ready thread run until it waits or ends. FALSE if there is
 * none.
 */
BOOLEAN KiRunReadyThread(VOID)
{
    if (IsListEmpty(&KiReadyList))
        return FALSE;
    KiSwitchTo(CONTAINING_RECORD(RemoveHeadList(&KiReadyList), KTHREAD, Link));
    if (KiEndedThread) {
        KiFreeThread(KiEndedThread);
        KiEndedThread = NULL;
    }
    return TRUE;
}

VOID KiReadyThread(PKTHREAD Thread)
{
    InsertTailList(&KiReadyList, &Thread->Link);
}

/* Gives way until KiReadyThread is called for the calling thread. */
VOID KiParkThread(VOID)
{
    KiSwitchTo(&KiLoopThread);
}

BOOLEAN KiIsInterruptThread(VOID)
{
    return KiGetCurrentThread() == &KiInterruptThread;
}

/* Whether the caller may wait: on a thread, below DISPATCH_LEVEL. */
BOOLEAN KiCanBlock(VOID)
{
    PKTHREAD Thread = KiGetCurrentThread();

    return KiGetIrql() < DISPATCH_LEVEL && Thread != &KiLoopThread && Thread != &KiInterruptThread;
}

PKTHREAD NTAPI KxGetCurrentThread(VOID)
{
    return KiGetCurrentThread();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads of the driver process as the driver sees them: coroutines of the main thread. Requests
 * and work items run on those of pools (pool.c); PsCreateSystemThread makes others. The event loop
 * has a KTHREAD too, so that KeGetCurrentThread always has an answer.
 */
#include "ki.h"
#include "ntdll.h"
#include "ob.h"

KTHREAD KiInterruptThread; /* stands for the seL4 thread that runs ISRs */
static KTHREAD KiLoopThread;
static LIST_ENTRY KiReadyList = {&KiReadyList, &KiReadyList};
static PKTHREAD KiEndedThread; /* its stack can be freed once another runs */

/* Reserves a page more below the stack, so that an overflow faults. */
static PVOID KiAllocateStack(PVOID *Limit)
{
    PVOID Base = NULL, Stack;
    SIZE_T Reserve = KI_STACK_SIZE + PAGE_SIZE, Size = KI_STACK_SIZE;

    if (!NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Reserve, MEM_RESERVE,
                                            PAGE_READWRITE)))
        return NULL;
    Stack = (PUCHAR)Base + PAGE_SIZE;
    if (!NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Stack, 0, &Size, MEM_COMMIT,
                                            PAGE_READWRITE))) {
        Size = 0;
        ZwFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
        return NULL;
    }
    *Limit = Stack;
    return (PUCHAR)Stack + KI_STACK_SIZE;
}

static VOID KiInitializeThread(PKTHREAD Thread)
{
    RtlZeroMemory(Thread, sizeof(*Thread));
    Thread->Header.Type = KiThread;
    InitializeListHead(&Thread->Header.WaitListHead);
    KeInitializeTimer(&Thread->Timer);
}

/* With a stack. NULL: no memory. */
PKTHREAD KiAllocateThread(VOID)
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

/* One that does not run, and has nothing to do. */
VOID KiFreeThread(PKTHREAD Thread)
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

VOID KiLaunchThread(PKTHREAD Thread, PKSTART_ROUTINE Routine, PVOID Context)
{
    Thread->Routine = Routine;
    Thread->Context = Context;
    Thread->Irql = PASSIVE_LEVEL;
    Thread->Header.SignalState = 0;
    Thread->StackPointer = KiBuildStack(Thread->StackBase, KiThreadMain);
    KiReadyThread(Thread);
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
    if (Thread->Pool)
        KiReturnThread(Thread);
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
    PKTHREAD Thread;

    if (IsListEmpty(&KiReadyList))
        return FALSE;
    Thread = CONTAINING_RECORD(RemoveHeadList(&KiReadyList), KTHREAD, Link);
    if (Thread->Pool)
        Thread->Pool->Ready--;
    KiSwitchTo(Thread);
    if (KiEndedThread) {
        KiFreeThread(KiEndedThread);
        KiEndedThread = NULL;
    }
    return TRUE;
}

VOID KiReadyThread(PKTHREAD Thread)
{
    if (Thread->Pool)
        Thread->Pool->Ready++;
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

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns. The Executive is above all programs, so it must leave the processor to them now and then:
 * when it has worked for KE_TURN_LENGTH without waiting for a message, its turn is over. Then
 *
 *   a service that is long    queues up here (KeGiveWay), if it is written so
 *   stacks that are ready     are held (stack.c), each with the rest of a service to do
 *   timers that are due       stay so (timer.c)
 *
 * and the dispatcher goes on with what arrives meanwhile. The turn thread, a seL4 thread with the
 * priority of ordinary programs, runs when the processor comes to it, and its signal lets them all
 * go on, until that turn is over too: at once if nobody else wants to run, else in turn with other
 * programs. It is as urgent as the most urgent thread that waits for it; and if programs that are
 * more urgent than all of these have kept it waiting for some ticks of the clock, it comes before
 * them once, since what others wait for may be among what is held. A thread that goes from service
 * to service waits for it as well, at each tick of the clock (KiHoldCaller).
 */
#include "kip.h"

#define TURN_PRIORITY 80 /* that of programs of normal priority (psp.h) … */
#define HELD_PRIORITY 8  /* … which is this one of NT's */
#define STACK_SIZE 512
#define HURRY_TICKS 3 /* a turn that has not come by then is made to */

ULONG KiTurnStart;
static PETHREAD LastFinished; /* the thread whose service ended last with more than a reply */
static LIST_ENTRY Held = {&Held, &Held};    /* of ETHREAD.HeldLinks */
static LIST_ENTRY Queue = {&Queue, &Queue}; /* of KSERVICE_STACK.Links */
static MM_KERNEL_OBJECT Tcb, Wakeup;
static seL4_CPtr TurnSignal;
static BOOLEAN TurnAskedFor;               /* and not come yet */
static ULONG TicksAsked;                   /* of the clock, since then */
static ULONG TurnPriority = TURN_PRIORITY; /* of the turn thread */
static UCHAR DECLSPEC_ALIGN(64) TurnStack[STACK_SIZE];

/* The kernel puts a woken thread before the others of its priority; by yielding, this one queues
 * behind them. */
static void TurnThread(void)
{
    for (;;) {
        seL4_Word Badge;

        seL4_Wait(Wakeup.Cap, &Badge);
        seL4_Yield();
        seL4_Signal(TurnSignal);
    }
}

static BOOLEAN SetTurnPriority(ULONG Priority)
{
    TurnPriority = Priority;
    return seL4_TCB_SetPriority(Tcb.Cap, seL4_CapInitThreadTCB, Priority) == seL4_NoError;
}

static BOOLEAN StartTurnThread(void)
{
    seL4_UserContext Registers = {0};

    KiProgramCounter(&Registers) = (ULONG_PTR)TurnThread;
    KiStackPointer(&Registers) = (ULONG_PTR)(TurnStack + STACK_SIZE) - sizeof(PVOID);
    return seL4_TCB_Configure(Tcb.Cap, 0, MmCSpaceRoot, 0, seL4_CapInitThreadVSpace, 0, 0, 0) ==
               seL4_NoError &&
           SetTurnPriority(TURN_PRIORITY) &&
           seL4_TCB_WriteRegisters(Tcb.Cap, TRUE, 0, KI_REGISTER_COUNT, &Registers) == seL4_NoError;
}

void KiInitializeTurns(void)
{
    TurnSignal = MmAllocateSlot();
    if (!TurnSignal || !NT_SUCCESS(KeMintSignal(KE_TURN_SIGNAL, TurnSignal)) ||
        !NT_SUCCESS(MmCreateKernelObject(seL4_NotificationObject, 0, &Wakeup)) ||
        !NT_SUCCESS(MmCreateKernelObject(seL4_TCBObject, 0, &Tcb)) || !StartTurnThread())
        KeBugCheck("no turn thread");
}

/* HalReadTsc, without a call: nothing else is asked so often. */
FORCEINLINE BOOLEAN IsTurnOver(void)
{
    ULONG Now = (ULONG)__builtin_ia32_rdtsc();

    if (!KiTurnStart)
        KiTurnStart = Now | 1; /* perhaps in the future, by one tick */
    return (LONG)(Now - KiTurnStart) >= KE_TURN_LENGTH;
}

BOOLEAN KiIsTurnOver(void)
{
    return IsTurnOver();
}

static void Ask(ULONG Priority)
{
    if (Priority > TurnPriority && !SetTurnPriority(Priority))
        KeBugCheck("the turn thread's priority");
    if (!TurnAskedFor)
        seL4_Signal(Wakeup.Cap);
    TurnAskedFor = TRUE;
}

void KiAskForTurn(void)
{
    Ask(TURN_PRIORITY);
}

void KiAskForTurnOf(PETHREAD Thread)
{
    Ask(Thread ? PsKernelPriority(Thread) : TURN_PRIORITY);
}

BOOLEAN KiIsUrgent(PETHREAD Thread)
{
    return Thread && Thread->Priority > HELD_PRIORITY;
}

static void HurryTurn(void)
{
    if (TurnAskedFor && ++TicksAsked >= HURRY_TICKS)
        Ask(PS_BELOW_DRIVERS - 1);
}

void KiNoteFinished(PETHREAD Thread)
{
    LastFinished = Thread;
}

/* Drivers' threads may wait in the kernel, unseen. */
static BOOLEAN MayBeHeld(PETHREAD Thread)
{
    return KeIsThreadAtWork(Thread) && !Thread->ServiceStack && !Thread->SuspendCount &&
           !Thread->Detour && !Thread->Terminating && !Thread->Process->DriverHost &&
           Thread->Priority == HELD_PRIORITY;
}

/* The kernel takes time slices from who runs when its clock ticks: the Executive, if a thread goes
 * from service to service, or from fault to fault. It would keep the processor ten times as long as
 * others. So at each tick of ours the thread that was served last queues up behind them. */
void KiHoldCaller(PETHREAD LastCaller)
{
    PETHREAD Thread = LastCaller ? LastCaller : LastFinished;

    LastFinished = NULL;
    HurryTurn();
    if (!Thread || !MayBeHeld(Thread))
        return;
    PsHoldThread(Thread);
    InsertTailList(&Held, &Thread->HeldLinks);
    KiAskForTurn();
}

static void LetGo(PETHREAD Thread)
{
    RemoveEntryList(&Thread->HeldLinks);
    PsLetThreadGo(Thread);
}

void KeEndHold(PETHREAD Thread)
{
    if (LastFinished == Thread)
        LastFinished = NULL;
    if (Thread->SuspendCount & PS_THREAD_HELD) {
        RemoveEntryList(&Thread->HeldLinks);
        Thread->SuspendCount &= ~PS_THREAD_HELD;
    }
}

/* The turn thread has run: what was held goes on, and behind it all that have given way, as far as
 * the turn is long enough. */
void KiNextTurn(void)
{
    TurnAskedFor = FALSE;
    TicksAsked = 0;
    if (TurnPriority != TURN_PRIORITY && !SetTurnPriority(TURN_PRIORITY))
        KeBugCheck("the turn thread's priority");
    while (!IsListEmpty(&Held))
        LetGo(CONTAINING_RECORD(Held.Flink, ETHREAD, HeldLinks));
    KiLetStacksGo();
    KiExpireLateTimers();
    while (!IsListEmpty(&Queue))
        KiReadyStack(CONTAINING_RECORD(RemoveHeadList(&Queue), KSERVICE_STACK, Links));
}

/* A service that cannot park for lack of a stack simply goes on. */
NTSTATUS KeGiveWay(void)
{
    if (IsTurnOver() && NT_SUCCESS(KiPrepareToPark())) {
        KiAskForTurnOf(KiCurrentThread);
        InsertTailList(&Queue, &KiCurrentStack->Links);
        KiParkStack();
    }
    return KiCurrentThread && KiCurrentThread->Terminating ? STATUS_THREAD_IS_TERMINATING
                                                           : STATUS_SUCCESS;
}

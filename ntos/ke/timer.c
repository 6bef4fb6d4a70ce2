/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers: a tree by due time, which the clock empties from the left. */
#include "kip.h"

static RTL_AVL_TREE Timers;
static ULONGLONG ExpiredTo; /* the last tick */

static PKTIMER TimerOf(PRTL_BALANCED_NODE Node)
{
    return CONTAINING_RECORD(Node, KTIMER, Node);
}

void KeInitializeTimer(PKTIMER Timer, PKTIMER_ROUTINE Routine, PVOID Context)
{
    Timer->Set = FALSE;
    Timer->Routine = Routine;
    Timer->Context = Context;
}

BOOLEAN KeCancelTimer(PKTIMER Timer)
{
    if (!Timer->Set)
        return FALSE;
    RtlAvlRemoveNode(&Timers, &Timer->Node);
    Timer->Set = FALSE;
    return TRUE;
}

/* If timers are due at the same time, the one that was set first expires first. */
void KeSetTimer(PKTIMER Timer, ULONGLONG DueInterruptTime)
{
    PRTL_BALANCED_NODE Parent = NULL, Node;
    BOOLEAN After = FALSE;

    KeCancelTimer(Timer);
    Timer->DueTime = DueInterruptTime;
    Timer->Set = TRUE;
    for (Node = Timers.Root; Node; Node = Node->Children[After]) {
        Parent = Node;
        After = TimerOf(Node)->DueTime <= DueInterruptTime;
    }
    RtlAvlInsertNodeEx(&Timers, Parent, After, &Timer->Node);
}

/* Those that a turn is too short for are left to the next one. */
void KiExpireTimers(ULONGLONG Now)
{
    PRTL_BALANCED_NODE First;

    ExpiredTo = Now;
    while ((First = RtlAvlFirstNode(&Timers)) != NULL && TimerOf(First)->DueTime <= Now) {
        if (KiIsTurnOver()) {
            KiAskForTurn();
            return;
        }
        KeCancelTimer(TimerOf(First));
        TimerOf(First)->Routine(TimerOf(First)->Context);
    }
}

/* Not those that have become due since the tick: some are set for the next tick each time. */
void KiExpireLateTimers(void)
{
    KiExpireTimers(ExpiredTo);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers: one list, sorted by due time, which the clock empties from the front. */
#include "kip.h"

static LIST_ENTRY TimerListHead = {&TimerListHead, &TimerListHead};

void KeInitializeTimer(PKTIMER Timer, PKTIMER_ROUTINE Routine, PVOID Context)
{
    Timer->TimerListEntry.Flink = NULL;
    Timer->Routine = Routine;
    Timer->Context = Context;
}

BOOLEAN KeCancelTimer(PKTIMER Timer)
{
    if (!Timer->TimerListEntry.Flink)
        return FALSE;
    RemoveEntryList(&Timer->TimerListEntry);
    Timer->TimerListEntry.Flink = NULL;
    return TRUE;
}

void KeSetTimer(PKTIMER Timer, ULONGLONG DueInterruptTime)
{
    PLIST_ENTRY Before;

    KeCancelTimer(Timer);
    Timer->DueTime = DueInterruptTime;
    for (Before = TimerListHead.Blink; Before != &TimerListHead; Before = Before->Blink)
        if (CONTAINING_RECORD(Before, KTIMER, TimerListEntry)->DueTime <= DueInterruptTime)
            break;
    InsertHeadList(Before, &Timer->TimerListEntry);
}

void KiExpireTimers(ULONGLONG Now)
{
    while (!IsListEmpty(&TimerListHead)) {
        PKTIMER Timer = CONTAINING_RECORD(TimerListHead.Flink, KTIMER, TimerListEntry);

        if (Timer->DueTime > Now)
            return;
        KeCancelTimer(Timer);
        Timer->Routine(Timer->Context);
    }
}

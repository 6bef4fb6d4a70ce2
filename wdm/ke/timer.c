/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timers: a tree by due time (interrupt time, 100 ns). The Executive wakes the main thread for the
 * first one.
 */
#include "ki.h"
#include "ntdll.h"
#include "timertree.h"

#define KI_CLOCK_SLACK                                                                             \
    160000 /* a wake-up this close to the due time may have been for it: ask again */

C_ASSERT(FIELD_OFFSET(KTIMER, TimerListEntry) == FIELD_OFFSET(KTIMER, DueTime) + 8 &&
         sizeof(KI_TIMER_NODE) == 8 + sizeof(LIST_ENTRY));

static PKI_TIMER_NODE KiTimers;
static ULONGLONG KiArmedTime; /* what DrvSetTimer was last asked for, 0 = nothing */

VOID NTAPI KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type)
{
    RtlZeroMemory(Timer, sizeof(*Timer));
    Timer->Header.Type = (Type == NotificationTimer) ? KiNotificationTimer : KiSynchronizationTimer;
    Timer->Header.Size = sizeof(KTIMER) / sizeof(ULONG);
    InitializeListHead(&Timer->Header.WaitListHead);
}

VOID NTAPI KeInitializeTimer(PKTIMER Timer)
{
    KeInitializeTimerEx(Timer, NotificationTimer);
}

static PKI_TIMER_NODE KiNodeOf(PKTIMER Timer)
{
    return (PKI_TIMER_NODE)&Timer->DueTime;
}

static VOID KiInsertTimer(PKTIMER Timer)
{
    KiInsertTimerNode(&KiTimers, KiNodeOf(Timer));
    Timer->Header.Inserted = TRUE;
}

static BOOLEAN KiRemoveTimer(PKTIMER Timer)
{
    if (!Timer->Header.Inserted)
        return FALSE;
    KiRemoveTimerNode(&KiTimers, KiNodeOf(Timer));
    Timer->Header.Inserted = FALSE;
    return TRUE;
}

/* The due time of Interval, which is relative if negative and else a system time. */
static ULONGLONG KiDueTime(LARGE_INTEGER Interval)
{
    ULONGLONG Now = KiQueryInterruptTime();

    if (Interval.QuadPart < 0)
        return Now - Interval.QuadPart;
    Interval.QuadPart -= KiQuerySystemTime();
    return Interval.QuadPart > 0 ? Now + Interval.QuadPart : Now;
}

static VOID KiSignalTimer(PKTIMER Timer)
{
    PKDPC Dpc = Timer->Dpc;
    LARGE_INTEGER Time;

    Timer->Header.SignalState = 1;
    if (Timer->Period) {
        Timer->DueTime.QuadPart = KiQueryInterruptTime() + Timer->Period * 10000ULL;
        KiInsertTimer(Timer);
    }
    KiSignalWaiters(&Timer->Header);
    if (Dpc) {
        Time.QuadPart = KiQuerySystemTime();
        KeInsertQueueDpc(Dpc, ULongToPtr(Time.LowPart), ULongToPtr((ULONG)Time.HighPart));
    }
}

/* KeSetTimerEx: Period in milliseconds, 0 = once. TRUE if the timer was already set. */
BOOLEAN NTAPI KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc)
{
    BOOLEAN WasSet = KiRemoveTimer(Timer);

    Timer->Header.SignalState = 0;
    Timer->Dpc = Dpc;
    Timer->Period = Period;
    Timer->DueTime.QuadPart = KiDueTime(DueTime);
    KiInsertTimer(Timer);
    return WasSet;
}

BOOLEAN NTAPI KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
    return KeSetTimerEx(Timer, DueTime, 0, Dpc);
}

BOOLEAN NTAPI KeSetCoalescableTimer(PKTIMER Timer, LARGE_INTEGER DueTime, ULONG Period,
                                    ULONG TolerableDelay, PKDPC Dpc)
{
    return KeSetTimerEx(Timer, DueTime, Period, Dpc);
}

/* KeCancelTimer: TRUE if it was set. A DPC already queued still runs. */
BOOLEAN NTAPI KeCancelTimer(PKTIMER Timer)
{
    return KiRemoveTimer(Timer);
}

BOOLEAN NTAPI KeReadStateTimer(PKTIMER Timer)
{
    return Timer->Header.SignalState != 0;
}

static PKTIMER KiFirstTimer(VOID)
{
    PKI_TIMER_NODE First = KiFirstTimerNode(KiTimers);

    return First ? CONTAINING_RECORD(First, KTIMER, DueTime) : NULL;
}

/* From the event loop: signals what is due. */
VOID KiSignalDueTimers(VOID)
{
    ULONGLONG Now;
    PKTIMER Timer = KiFirstTimer();

    if (!Timer)
        return;
    Now = KiQueryInterruptTime();
    while (Timer && Timer->DueTime.QuadPart <= Now) {
        KiRemoveTimer(Timer);
        KiSignalTimer(Timer);
        Timer = KiFirstTimer();
    }
}

/*
 * From the event loop, before it sleeps: sees to it that the Executive wakes it for the first
 * timer.
 */
VOID KiArmTimer(VOID)
{
    PKTIMER Timer = KiFirstTimer();
    LARGE_INTEGER DueTime;

    DueTime.QuadPart = Timer ? Timer->DueTime.QuadPart : 0;
    if ((ULONGLONG)DueTime.QuadPart == KiArmedTime &&
        (!Timer || KiQueryInterruptTime() + KI_CLOCK_SLACK < KiArmedTime))
        return;
    if (!Timer && KiQueryInterruptTime() > KiArmedTime) {
        KiArmedTime = 0; /* it has gone off by itself */
        return;
    }
    KiArmedTime = DueTime.QuadPart;
    DrvSetTimer(&DueTime);
}

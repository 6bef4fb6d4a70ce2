/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timer objects and their services. As any number of waits may end with a timer, it is not the
 * clock that signals it, but a system thread, which can give way.
 */
#include "exp.h"

#define UNITS_PER_MILLISECOND 10000

struct _OBJECT_TYPE *ExTimerType;

typedef struct _ETIMER {
    DISPATCHER_HEADER Header;
    KTIMER Timer;
    ULONGLONG Period;        /* 100 ns; 0: it expires once */
    LIST_ENTRY ExpiredLinks; /* it has expired and is not signalled yet, and is referenced; Flink
                                NULL: in no list */
    KAPC Apc;                /* while it is queued the timer is referenced */
    struct _ETHREAD *Thread; /* referenced: has set the timer with a routine; NULL: none */
    LIST_ENTRY ThreadLinks;  /* ETHREAD.TimerList, if there is one */
} ETIMER, *PETIMER;

static LIST_ENTRY ExpiredHead = {&ExpiredHead, &ExpiredHead};
static KEVENT ExpiredEvent;

/* The next time of a timer with a period, after those that the clock has come too late for. */
static ULONGLONG NextTime(PETIMER Timer)
{
    ULONGLONG Late = KeQueryInterruptTime() - Timer->Timer.DueTime;

    return Timer->Timer.DueTime + (Late / Timer->Period + 1) * Timer->Period;
}

/* From the clock. */
static void Expire(PVOID Context)
{
    PETIMER Timer = Context;

    if (Timer->Period)
        KeSetTimer(&Timer->Timer, NextTime(Timer));
    if (Timer->ExpiredLinks.Flink)
        return;
    ObReferenceObject(Timer);
    InsertTailList(&ExpiredHead, &Timer->ExpiredLinks);
    KeSetEvent(&ExpiredEvent);
}

/* ---- The routine that runs in the thread that has set the timer ---- */

static void ReleaseTimerApc(PKAPC Apc)
{
    ObDereferenceObject(CONTAINING_RECORD(Apc, ETIMER, Apc));
}

/* The routine of the last time may not have run yet: it does so once. */
static void QueueTimerApc(PETIMER Timer)
{
    LARGE_INTEGER Now = {.QuadPart = KeQuerySystemTime()};

    if (!Timer->Thread || Timer->Apc.ApcListEntry.Flink)
        return;
    Timer->Apc.SystemArgument1 = Now.LowPart;
    Timer->Apc.SystemArgument2 = (ULONG)Now.HighPart;
    ObReferenceObject(Timer);
    if (!KeInsertUserApc(Timer->Thread, &Timer->Apc))
        ObDereferenceObject(Timer);
}

/* The caller has a reference. */
static void ForgetTimerApc(PETIMER Timer)
{
    PETHREAD Thread = Timer->Thread;

    if (!Thread)
        return;
    if (KeRemoveUserApc(&Timer->Apc))
        ObDereferenceObject(Timer);
    RemoveEntryList(&Timer->ThreadLinks);
    Timer->Thread = NULL;
    ObDereferenceObject(Thread);
}

static void SetTimerApc(PETIMER Timer, PTIMER_APC_ROUTINE Routine, PVOID Context)
{
    PETHREAD Thread = PsGetCurrentThread();

    ForgetTimerApc(Timer);
    if (!Routine)
        return;
    Timer->Apc.Release = ReleaseTimerApc;
    Timer->Apc.NormalRoutine = (ULONG_PTR)Routine;
    Timer->Apc.NormalContext = (ULONG_PTR)Context;
    Timer->Thread = Thread;
    ObReferenceObject(Thread);
    InsertTailList(&Thread->TimerList, &Timer->ThreadLinks);
}

/* As in Windows the timers do not expire any more. */
void ExRundownTimers(PETHREAD Thread, BOOLEAN GiveWay)
{
    while (!IsListEmpty(&Thread->TimerList)) {
        PETIMER Timer = CONTAINING_RECORD(Thread->TimerList.Flink, ETIMER, ThreadLinks);

        ObReferenceObject(Timer);
        KeCancelTimer(&Timer->Timer);
        ForgetTimerApc(Timer);
        ObDereferenceObject(Timer);
        if (GiveWay)
            KeGiveWay();
    }
}

/* ---- */

static void Signal(PETIMER Timer)
{
    QueueTimerApc(Timer);
    KeSignalObject(&Timer->Header, TRUE);
}

/* What the clock has begun. */
static void FinishExpiration(PETIMER Timer)
{
    if (!Timer->ExpiredLinks.Flink)
        return;
    RemoveEntryList(&Timer->ExpiredLinks);
    Timer->ExpiredLinks.Flink = NULL;
    Signal(Timer);
    ObDereferenceObject(Timer);
}

/* It will not expire, and nothing that the clock has begun is left. Others may set it meanwhile. */
static void StopTimer(PETIMER Timer)
{
    KeCancelTimer(&Timer->Timer);
    while (Timer->ExpiredLinks.Flink) {
        FinishExpiration(Timer);
        KeCancelTimer(&Timer->Timer);
    }
}

static void ExpirationThread(PVOID Context)
{
    for (;;) {
        KeWaitForSingleObject(&ExpiredEvent, FALSE, NULL);
        while (!IsListEmpty(&ExpiredHead)) {
            FinishExpiration(CONTAINING_RECORD(ExpiredHead.Flink, ETIMER, ExpiredLinks));
            KeGiveWay();
        }
    }
}

static void DeleteTimer(PVOID Object)
{
    PETIMER Timer = Object;
    PETHREAD Thread = Timer->Thread;

    KeCancelTimer(&Timer->Timer);
    if (!Thread)
        return;
    RemoveEntryList(&Timer->ThreadLinks);
    ObDereferenceObject(Thread);
}

void ExpInitializeTimers(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"Timer",
        .Mapping = {STANDARD_RIGHTS_READ | TIMER_QUERY_STATE,
                    STANDARD_RIGHTS_WRITE | TIMER_MODIFY_STATE,
                    STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, TIMER_ALL_ACCESS},
        .ValidAccess = TIMER_ALL_ACCESS,
        .Waitable = TRUE,
        .Delete = DeleteTimer,
    };

    ExpCreateType(&Initializer, &ExTimerType);
    KeInitializeEvent(&ExpiredEvent, SynchronizationEvent, FALSE);
    if (!NT_SUCCESS(KeCreateSystemThread(ExpirationThread, NULL)))
        KeBugCheck("no thread for timers");
}

static void InitializeTimer(PVOID Object, const void *Parameters)
{
    PETIMER Timer = Object;
    const TIMER_TYPE *Type = Parameters;

    KeInitializeDispatcherHeader(
        &Timer->Header,
        *Type == NotificationTimer ? TimerNotificationObject : TimerSynchronizationObject, 0);
    KeInitializeTimer(&Timer->Timer, Expire, Timer);
}

/*
 * NtCreateTimer: makes a timer that is not set; or with OBJ_OPENIF opens the one of that name. A
 * notification timer stays signalled, a synchronisation timer releases one wait. Returns
 * STATUS_INVALID_PARAMETER_4 (TimerType), STATUS_ACCESS_VIOLATION, STATUS_OBJECT_NAME_COLLISION,
 * STATUS_OBJECT_NAME_EXISTS (a success), and what names and handles may give.  (Win32:
 * CreateWaitableTimer)
 */
NTSTATUS NtCreateTimer(CLIENT(PHANDLE) TimerHandle, ACCESS_MASK DesiredAccess,
                       CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, TIMER_TYPE TimerType)
{
    NTSTATUS Status;

    if (TimerType != NotificationTimer && TimerType != SynchronizationTimer)
        return STATUS_INVALID_PARAMETER_4;
    Status = MmProbeForWrite(TimerHandle, sizeof(*TimerHandle));
    if (!NT_SUCCESS(Status))
        return Status;
    return ExpCreateObject(ExTimerType, sizeof(ETIMER), TimerHandle, DesiredAccess,
                           ObjectAttributes, InitializeTimer, &TimerType);
}

/* NtOpenTimer: opens a named timer.  (Win32: OpenWaitableTimer) */
NTSTATUS NtOpenTimer(CLIENT(PHANDLE) TimerHandle, ACCESS_MASK DesiredAccess,
                     CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return ObOpenObjectByName(TimerHandle, DesiredAccess, ObjectAttributes, ExTimerType, NULL);
}

/* One that is due already expires at once. */
static void SetTimer(PETIMER Timer, LONGLONG DueTime, LONG Period)
{
    ULONGLONG Due = KeDueTime(DueTime), Now = KeQueryInterruptTime();

    Timer->Period = (ULONGLONG)Period * UNITS_PER_MILLISECOND;
    Timer->Header.SignalState = 0;
    if (Due > Now) {
        KeSetTimer(&Timer->Timer, Due);
        return;
    }
    KeCancelTimer(&Timer->Timer);
    if (Timer->Period)
        KeSetTimer(&Timer->Timer, Now + Timer->Period);
    Signal(Timer);
}

static NTSTATUS CaptureSettings(CLIENT(PLARGE_INTEGER) DueTime, PLARGE_INTEGER Due, LONG Period,
                                CLIENT(PBOOLEAN) PreviousState)
{
    NTSTATUS Status =
        PreviousState ? MmProbeForWrite(PreviousState, sizeof(*PreviousState)) : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = MmReadClient(Due, DueTime);
    if (NT_SUCCESS(Status) && Period < 0)
        Status = STATUS_INVALID_PARAMETER_6;
    return Status;
}

/*
 * NtSetTimer: the timer loses its signal and expires at DueTime (100 ns; negative = from now), then
 * each Period milliseconds if that is not 0. PreviousState, if given, receives whether it was
 * signalled. When it expires TimerApcRoutine, if given, is queued to the calling thread, with
 * TimerContext and the time's low and high parts; the thread's end cancels the timer. Needs
 * TIMER_MODIFY_STATE. Returns STATUS_TIMER_RESUME_IGNORED (a success: ResumeTimer, but this system
 * does not sleep), STATUS_INVALID_PARAMETER_6 (Period), STATUS_ACCESS_VIOLATION and what handles
 * may give.  (WDK: ZwSetTimer)
 */
NTSTATUS NtSetTimer(HANDLE TimerHandle, CLIENT(PLARGE_INTEGER) DueTime,
                    PTIMER_APC_ROUTINE TimerApcRoutine, PVOID TimerContext, BOOLEAN ResumeTimer,
                    LONG Period, CLIENT(PBOOLEAN) PreviousState)
{
    LARGE_INTEGER Due;
    PETIMER Timer;
    BOOLEAN Previous;
    NTSTATUS Status = CaptureSettings(DueTime, &Due, Period, PreviousState);

    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(TimerHandle, TIMER_MODIFY_STATE, ExTimerType,
                                           (PVOID *)&Timer);
    if (!NT_SUCCESS(Status))
        return Status;
    StopTimer(Timer);
    Previous = Timer->Header.SignalState != 0;
    SetTimerApc(Timer, TimerApcRoutine, TimerContext);
    SetTimer(Timer, Due.QuadPart, Period);
    ObDereferenceObject(Timer);
    if (NT_SUCCESS(Status) && PreviousState)
        Status = MmWriteClient(PreviousState, &Previous);
    return NT_SUCCESS(Status) && ResumeTimer ? STATUS_TIMER_RESUME_IGNORED : Status;
}

/*
 * NtCancelTimer: the timer will not expire; a signal stays. CurrentState, if given, receives
 * whether it is signalled. Needs TIMER_MODIFY_STATE. Returns STATUS_ACCESS_VIOLATION and what
 * handles may give. (WDK: ZwCancelTimer)
 */
NTSTATUS NtCancelTimer(HANDLE TimerHandle, CLIENT(PBOOLEAN) CurrentState)
{
    PETIMER Timer;
    BOOLEAN State;
    NTSTATUS Status =
        CurrentState ? MmProbeForWrite(CurrentState, sizeof(*CurrentState)) : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(TimerHandle, TIMER_MODIFY_STATE, ExTimerType,
                                           (PVOID *)&Timer);
    if (!NT_SUCCESS(Status))
        return Status;
    StopTimer(Timer);
    ForgetTimerApc(Timer);
    State = Timer->Header.SignalState != 0;
    ObDereferenceObject(Timer);
    return CurrentState ? MmWriteClient(CurrentState, &State) : STATUS_SUCCESS;
}

/*
 * NtQueryTimer: TimerBasicInformation. Needs TIMER_QUERY_STATE. Returns STATUS_INVALID_INFO_CLASS,
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION and what handles may give.
 */
NTSTATUS NtQueryTimer(HANDLE TimerHandle, TIMER_INFORMATION_CLASS Class, CLIENT(PVOID) Information,
                      ULONG Length, CLIENT(PULONG) ReturnLength)
{
    TIMER_BASIC_INFORMATION Basic = {0};
    PETIMER Timer;
    NTSTATUS Status;

    if (Class != TimerBasicInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (Length != sizeof(Basic))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status =
        ObReferenceObjectByHandle(TimerHandle, TIMER_QUERY_STATE, ExTimerType, (PVOID *)&Timer);
    if (!NT_SUCCESS(Status))
        return Status;
    FinishExpiration(Timer);
    Basic.TimerState = Timer->Header.SignalState != 0;
    Basic.RemainingTime.QuadPart =
        (LONGLONG)((Timer->Timer.Set ? Timer->Timer.DueTime : 0) - KeQueryInterruptTime());
    ObDereferenceObject(Timer);
    return ExpReturnInformation(Information, Length, &Basic, sizeof(Basic), ReturnLength);
}

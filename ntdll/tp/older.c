// SPDX-License-Identifier: BSD-2-Clause
/* The older interface: work items, registered waits, timer queues, IO callbacks. */
#include "tpp.h"

#define INFINITE MAXULONG

/* What the object's callback needs; it goes with the object (TPP_OBJECT.Memory). */
typedef struct _OLDER {
    PVOID Routine, Context;
    PTPP_OBJECT Object;
    HANDLE Handle; /* of a registered wait */
    ULONG Milliseconds, Flags;
    BOOLEAN Ended;
    LIST_ENTRY Links; /* TIMER_QUEUE.Timers */
} OLDER, *POLDER;

typedef struct _TIMER_QUEUE {
    TPP_GATE Gate; /* its owner, and its timers until they have gone */
    LIST_ENTRY Timers;
} TIMER_QUEUE, *PTIMER_QUEUE;

static TIMER_QUEUE DefaultQueue = {{.Count = 1}, {&DefaultQueue.Timers, &DefaultQueue.Timers}};

static NTSTATUS NewOlder(TPP_KIND Kind, PVOID Callback, PVOID Routine, PVOID Context, ULONG Flags,
                         POLDER *Older)
{
    TP_CALLBACK_ENVIRON Environment = {.Version = 1,
                                       .Flags = (Flags & WT_EXECUTELONGFUNCTION) != 0};
    NTSTATUS Status = STATUS_NO_MEMORY;

    *Older = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(**Older));
    if (*Older)
        Status = TppAllocate(Kind, Callback, *Older, &Environment, &(*Older)->Object);
    if (!NT_SUCCESS(Status)) {
        RtlFreeHeap(RtlProcessHeap(), 0, *Older);
        return Status;
    }
    (*Older)->Routine = Routine;
    (*Older)->Context = Context;
    (*Older)->Flags = Flags;
    (*Older)->Object->Memory = *Older;
    return STATUS_SUCCESS;
}

/* ---- Work items ---- */
static void NTAPI RunWorkItem(PTP_CALLBACK_INSTANCE Instance, PVOID Context)
{
    POLDER Item = Context;

    ((PRTL_WORK_ITEM_ROUTINE)Item->Routine)(Item->Context);
}

NTSTATUS NTAPI RtlQueueWorkItem(PRTL_WORK_ITEM_ROUTINE Routine, PVOID Context, ULONG Flags)
{
    POLDER Item;
    NTSTATUS Status = NewOlder(TppSimple, RunWorkItem, Routine, Context, Flags, &Item);

    return NT_SUCCESS(Status) ? TppPostAlone(Item->Object) : Status;
}

/* ---- Registered waits ---- */
/* With the lock. */
static NTSTATUS ArmWait(POLDER Wait)
{
    LARGE_INTEGER Limit = {.QuadPart = Wait->Milliseconds * -10000LL};

    return TppSetWait(Wait->Object, Wait->Handle, Wait->Milliseconds == INFINITE ? NULL : &Limit);
}

static void NTAPI RunWait(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WAIT Object,
                          TP_WAIT_RESULT Result)
{
    POLDER Wait = Context;

    ((PRTL_WAITORTIMER_ROUTINE)Wait->Routine)(Wait->Context, Result == STATUS_TIMEOUT);
    if (Wait->Flags & WT_EXECUTEONLYONCE)
        return;
    TppEnter();
    if (!Wait->Ended)
        ArmWait(Wait);
    TppLeave();
}

NTSTATUS NTAPI RtlRegisterWait(PHANDLE WaitHandle, HANDLE Object, PRTL_WAITORTIMER_ROUTINE Routine,
                               PVOID Context, ULONG Milliseconds, ULONG Flags)
{
    POLDER Wait;
    NTSTATUS Status;

    if (!Object)
        return STATUS_INVALID_HANDLE;
    Status = NewOlder(TppWait, RunWait, Routine, Context, Flags, &Wait);
    if (!NT_SUCCESS(Status))
        return Status;
    Wait->Handle = Object;
    Wait->Milliseconds = Milliseconds;
    *WaitHandle = Wait;
    TppEnter();
    Status = ArmWait(Wait);
    TppLeave();
    if (!NT_SUCCESS(Status))
        TppRelease(Wait->Object);
    return Status;
}

static NTSTATUS End(POLDER Older, HANDLE CompletionEvent)
{
    TppEnter();
    Older->Ended = TRUE;
    TppLeave();
    return TppReleaseEx(Older->Object, CompletionEvent);
}

NTSTATUS NTAPI RtlDeregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent)
{
    return WaitHandle ? End(WaitHandle, CompletionEvent) : STATUS_INVALID_HANDLE;
}

NTSTATUS NTAPI RtlDeregisterWait(HANDLE WaitHandle)
{
    return RtlDeregisterWaitEx(WaitHandle, NULL);
}

/* ---- Timer queues ---- */
static void NTAPI RunTimer(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_TIMER Object)
{
    POLDER Timer = Context;

    ((PRTL_WAITORTIMER_ROUTINE)Timer->Routine)(Timer->Context, TRUE);
}

static void SetOlderTimer(POLDER Timer, ULONG DueTime, ULONG Period)
{
    LARGE_INTEGER Due = {.QuadPart = DueTime * -10000LL};

    TpSetTimer(Timer->Object, DueTime == INFINITE ? NULL : &Due,
               Timer->Flags & WT_EXECUTEONLYONCE ? 0 : Period, 0);
}

NTSTATUS NTAPI RtlCreateTimerQueue(PHANDLE TimerQueue)
{
    PTIMER_QUEUE Queue = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Queue));

    if (!Queue)
        return STATUS_NO_MEMORY;
    Queue->Gate = (TPP_GATE){.Count = 1};
    InitializeListHead(&Queue->Timers);
    *TimerQueue = Queue;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlCreateTimer(HANDLE TimerQueue, PHANDLE Timer, PRTL_WAITORTIMER_ROUTINE Routine,
                              PVOID Context, ULONG DueTime, ULONG Period, ULONG Flags)
{
    PTIMER_QUEUE Queue = TimerQueue ? TimerQueue : &DefaultQueue;
    POLDER New;
    NTSTATUS Status = NewOlder(TppTimer, RunTimer, Routine, Context, Flags, &New);

    if (!NT_SUCCESS(Status))
        return Status;
    TppEnter();
    New->Object->Gate = &Queue->Gate;
    Queue->Gate.Count++;
    InsertTailList(&Queue->Timers, &New->Links);
    TppLeave();
    *Timer = New;
    SetOlderTimer(New, DueTime, Period);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUpdateTimer(HANDLE TimerQueue, HANDLE Timer, ULONG DueTime, ULONG Period)
{
    if (!Timer)
        return STATUS_INVALID_PARAMETER_2;
    SetOlderTimer(Timer, DueTime, Period);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDeleteTimer(HANDLE TimerQueue, HANDLE Timer, HANDLE CompletionEvent)
{
    POLDER Older = Timer;

    if (!Older)
        return STATUS_INVALID_PARAMETER_2;
    TppEnter();
    RemoveEntryList(&Older->Links);
    TppLeave();
    return End(Older, CompletionEvent);
}

/* The event is set when the last timer's callback has ended. */
NTSTATUS NTAPI RtlDeleteTimerQueueEx(HANDLE TimerQueue, HANDLE CompletionEvent)
{
    BOOLEAN Wait = CompletionEvent == (HANDLE)MAXULONG_PTR;
    PTIMER_QUEUE Queue = TimerQueue;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Queue)
        return STATUS_INVALID_HANDLE;
    TppEnter();
    while (!IsListEmpty(&Queue->Timers)) {
        POLDER Timer = CONTAINING_RECORD(RemoveHeadList(&Queue->Timers), OLDER, Links);
        NTSTATUS TimerStatus;

        TppLeave();
        TimerStatus = End(Timer, Wait ? CompletionEvent : NULL);
        if (TimerStatus != STATUS_SUCCESS)
            Status = TimerStatus;
        TppEnter();
    }
    Queue->Gate.Event = Wait ? NULL : CompletionEvent;
    TppLeaveGate(&Queue->Gate);
    TppLeave();
    return Status;
}

/* ---- IO callbacks ---- */
static void NTAPI RunIo(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PVOID ApcContext,
                        PIO_STATUS_BLOCK Block, PTP_IO Io)
{
    POLDER Older = Context;

    ((PRTL_OVERLAPPED_ROUTINE)Older->Routine)((ULONG)Block->Status, (ULONG)Block->Information,
                                              ApcContext);
}

/* The file keeps its port, so the object stays. Error is the NTSTATUS. */
NTSTATUS NTAPI RtlSetIoCompletionCallback(HANDLE File, PRTL_OVERLAPPED_ROUTINE Routine, ULONG Flags)
{
    POLDER Older;
    NTSTATUS Status = NewOlder(TppIo, RunIo, Routine, NULL, 0, &Older);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = TppAssociateFile(File, Older->Object);
    if (!NT_SUCCESS(Status))
        TppRelease(Older->Object);
    return Status;
}

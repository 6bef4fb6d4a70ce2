// SPDX-License-Identifier: BSD-2-Clause
/* Objects of the thread pool: their life, and their callbacks. */
#include "tpp.h"

static BOOLEAN IsEnvironmentValid(PTP_CALLBACK_ENVIRON Environment)
{
    return Environment->Version == 1 ||
           (Environment->Version == 3 && Environment->CallbackPriority >= 0 &&
            Environment->CallbackPriority < TP_CALLBACK_PRIORITY_COUNT);
}

static void JoinGroup(PTPP_OBJECT Object, PTP_CALLBACK_ENVIRON Environment)
{
    Object->Group = Environment->CleanupGroup;
    Object->GroupCancel = Environment->CleanupGroupCancelCallback;
    if (Object->Group)
        InsertTailList(&Object->Group->Members, &Object->GroupLinks);
}

static void LeaveGroup(PTPP_OBJECT Object)
{
    if (Object->Group)
        RemoveEntryList(&Object->GroupLinks);
    Object->Group = NULL;
}

static void TakeEnvironment(PTPP_OBJECT Object, PTP_CALLBACK_ENVIRON Environment)
{
    Object->Priority = TP_CALLBACK_PRIORITY_NORMAL;
    if (!Environment)
        return;
    Object->Finalization = Environment->FinalizationCallback;
    if (Environment->Version == 3)
        Object->Priority = Environment->CallbackPriority;
    JoinGroup(Object, Environment);
}

NTSTATUS TppAllocate(TPP_KIND Kind, PVOID Callback, PVOID Context, PTP_CALLBACK_ENVIRON Environment,
                     PTPP_OBJECT *Object)
{
    PTPP_OBJECT New;
    NTSTATUS Status;

    if (!Callback || (Environment && !IsEnvironmentValid(Environment)))
        return STATUS_INVALID_PARAMETER;
    New = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*New));
    if (!New)
        return STATUS_NO_MEMORY;
    New->References = 1;
    New->Kind = Kind;
    New->Callback = Callback;
    New->Context = Context;
    InitializeListHead(&New->Completions);
    TppEnter();
    Status = TppReferencePool(Environment ? Environment->Pool : NULL, &New->Pool);
    if (NT_SUCCESS(Status) && Kind >= TppTimer)
        Status = TppStartManager();
    if (NT_SUCCESS(Status))
        TakeEnvironment(New, Environment);
    else
        TppDereference(New);
    TppLeave();
    *Object = New;
    return Status;
}

void TppLeaveGate(PTPP_GATE Gate)
{
    HANDLE Event = Gate->Event;

    if (--Gate->Count)
        return;
    RtlFreeHeap(RtlProcessHeap(), 0, Gate);
    if (Event)
        NtSetEvent(Event, NULL);
}

void TppDereference(PTPP_OBJECT Object)
{
    HANDLE Event = Object->EndEvent;
    PTPP_GATE Gate = Object->Gate;

    if (--Object->References)
        return;
    LeaveGroup(Object);
    if (Object->Packet)
        NtClose(Object->Packet);
    if (Object->Pool)
        TppDereferencePool(Object->Pool);
    RtlFreeHeap(RtlProcessHeap(), 0, Object->Memory);
    RtlFreeHeap(RtlProcessHeap(), 0, Object);
    if (Event)
        NtSetEvent(Event, NULL);
    if (Gate)
        TppLeaveGate(Gate);
}

static NTSTATUS Post(PTPP_OBJECT Object)
{
    Object->References++;
    if (!Object->Pending++)
        InsertTailList(&Object->Pool->Queues[Object->Priority], &Object->QueueLinks);
    return TppWantThread(Object->Pool);
}

void TppPost(PTPP_OBJECT Object)
{
    Post(Object);
}

static PTPP_OBJECT FirstPending(PTP_POOL Pool)
{
    for (ULONG i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++)
        if (!IsListEmpty(&Pool->Queues[i]))
            return CONTAINING_RECORD(Pool->Queues[i].Flink, TPP_OBJECT, QueueLinks);
    return NULL;
}

/* An object with more callbacks pending goes behind the others. */
PTPP_OBJECT TppTakeNext(PTP_POOL Pool)
{
    PTPP_OBJECT Object = FirstPending(Pool);

    if (!Object)
        return NULL;
    RemoveEntryList(&Object->QueueLinks);
    if (--Object->Pending)
        InsertTailList(&Pool->Queues[Object->Priority], &Object->QueueLinks);
    Object->Running++;
    if (FirstPending(Pool))
        TppWantThread(Pool);
    return Object;
}

static void TellFinished(PTPP_OBJECT Object)
{
    if (!Object->Pending && !Object->Running)
        RtlWakeAllConditionVariable(&Object->Finished);
}

/* What a callback is given besides its context; taken with the lock. */
typedef struct _ARGUMENTS {
    TP_WAIT_RESULT WaitResult;
    PTPP_COMPLETION Completion;
} ARGUMENTS, *PARGUMENTS;

static void TakeArguments(PTPP_OBJECT Object, PARGUMENTS Arguments)
{
    if (Object->Kind == TppWait && Object->PendingTimeouts) {
        Object->PendingTimeouts--;
        Arguments->WaitResult = STATUS_TIMEOUT;
    }
    if (Object->Kind == TppIo)
        Arguments->Completion =
            CONTAINING_RECORD(RemoveHeadList(&Object->Completions), TPP_COMPLETION, Links);
}

static void Call(PTP_CALLBACK_INSTANCE Instance, PARGUMENTS Arguments)
{
    PTPP_OBJECT Object = Instance->Object;
    PVOID Context = Object->Context;
    TPP_COMPLETION Completion;

    switch (Object->Kind) {
    case TppSimple:
        ((PTP_SIMPLE_CALLBACK)Object->Callback)(Instance, Context);
        break;
    case TppWork:
    case TppTimer:
        ((PTP_WORK_CALLBACK)Object->Callback)(Instance, Context, Object);
        break;
    case TppWait:
        ((PTP_WAIT_CALLBACK)Object->Callback)(Instance, Context, Object, Arguments->WaitResult);
        break;
    case TppIo:
        Completion = *Arguments->Completion;
        RtlFreeHeap(RtlProcessHeap(), 0, Arguments->Completion);
        ((PTP_IO_CALLBACK)Object->Callback)(Instance, Context, Completion.ApcContext,
                                            &Completion.Block, Object);
        break;
    }
    if (Object->Finalization)
        Object->Finalization(Instance, Context);
}

static void CompleteInstance(PTP_CALLBACK_INSTANCE Instance)
{
    if (Instance->CriticalSection)
        RtlLeaveCriticalSection(Instance->CriticalSection);
    if (Instance->Mutex)
        NtReleaseMutant(Instance->Mutex, NULL);
    if (Instance->Semaphore)
        NtReleaseSemaphore(Instance->Semaphore, (LONG)Instance->SemaphoreCount, NULL);
    if (Instance->Event)
        NtSetEvent(Instance->Event, NULL);
    if (Instance->Dll)
        LdrUnloadDll(Instance->Dll);
}

void TppRun(PTPP_OBJECT Object)
{
    TP_CALLBACK_INSTANCE Instance = {.Object = Object, .Associated = TRUE};
    ARGUMENTS Arguments = {0};

    TakeArguments(Object, &Arguments);
    TppLeave();
    Call(&Instance, &Arguments);
    CompleteInstance(&Instance);
    TppEnter();
    if (Instance.Associated)
        Object->Running--;
    TellFinished(Object);
    TppDereference(Object);
}

static void CancelPending(PTPP_OBJECT Object)
{
    if (!Object->Pending)
        return;
    RemoveEntryList(&Object->QueueLinks);
    Object->References -= Object->Pending; /* the caller has one */
    Object->Pending = Object->PendingTimeouts = 0;
    while (!IsListEmpty(&Object->Completions))
        RtlFreeHeap(RtlProcessHeap(), 0,
                    CONTAINING_RECORD(RemoveHeadList(&Object->Completions), TPP_COMPLETION, Links));
    TellFinished(Object);
}

NTSTATUS TppPostAlone(PTPP_OBJECT Object)
{
    NTSTATUS Status;

    TppEnter();
    Status = Post(Object);
    if (Object->Pool->Threads) /* which come to it */
        Status = STATUS_SUCCESS;
    if (!NT_SUCCESS(Status))
        CancelPending(Object);
    TppDereference(Object);
    TppLeave();
    return Status;
}

static void WaitWithLock(PTPP_OBJECT Object, BOOLEAN Cancel)
{
    Object->References++;
    if (Cancel)
        CancelPending(Object);
    while (Object->Pending || Object->Running)
        RtlSleepConditionVariableSRW(&Object->Finished, &TppLock, NULL, 0);
    TppDereference(Object);
}

void TppWaitFor(PTPP_OBJECT Object, BOOLEAN Cancel)
{
    TppEnter();
    WaitWithLock(Object, Cancel);
    TppLeave();
}

static void LetGo(PTPP_OBJECT Object)
{
    LeaveGroup(Object);
    TppUnsetTimer(Object);
    if (Object->Kind == TppWait)
        TppSetWait(Object, NULL, NULL);
    TppDereference(Object);
}

void TppRelease(PTPP_OBJECT Object)
{
    TppEnter();
    LetGo(Object);
    TppLeave();
}

NTSTATUS TppReleaseEx(PTPP_OBJECT Object, HANDLE Event)
{
    BOOLEAN Wait = Event == (HANDLE)MAXULONG_PTR, Busy;

    TppEnter();
    TppUnsetTimer(Object);
    if (Object->Kind == TppWait)
        TppSetWait(Object, NULL, NULL);
    Object->References++;
    CancelPending(Object);
    if (Wait)
        WaitWithLock(Object, FALSE);
    else
        Object->EndEvent = Event;
    Busy = Object->Running != 0;
    Object->References--;
    LetGo(Object);
    TppLeave();
    return Busy ? STATUS_PENDING : STATUS_SUCCESS;
}

/* ---- Cleanup groups ---- */
NTSTATUS NTAPI TpAllocCleanupGroup(PTP_CLEANUP_GROUP *Group)
{
    *Group = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(**Group));
    if (!*Group)
        return STATUS_NO_MEMORY;
    InitializeListHead(&(*Group)->Members);
    return STATUS_SUCCESS;
}

void NTAPI TpReleaseCleanupGroup(PTP_CLEANUP_GROUP Group)
{
    RtlFreeHeap(RtlProcessHeap(), 0, Group);
}

/* A member whose callbacks are taken back is told so by the group's callback. */
static void ReleaseMember(PTPP_OBJECT Object, BOOLEAN Cancel, PVOID CleanupContext)
{
    PTP_CLEANUP_GROUP_CANCEL_CALLBACK Callback = Object->GroupCancel;

    LeaveGroup(Object);
    TppUnsetTimer(Object);
    if (Object->Kind == TppWait)
        TppSetWait(Object, NULL, NULL);
    WaitWithLock(Object, Cancel);
    if (Cancel && Callback) {
        TppLeave();
        Callback(Object->Context, CleanupContext);
        TppEnter();
    }
    if (Object->Kind != TppSimple) /* which nobody owns */
        TppDereference(Object);
}

void NTAPI TpReleaseCleanupGroupMembers(PTP_CLEANUP_GROUP Group, LOGICAL CancelPending,
                                        PVOID CleanupContext)
{
    TppEnter();
    while (!IsListEmpty(&Group->Members)) {
        PTPP_OBJECT Object = CONTAINING_RECORD(Group->Members.Flink, TPP_OBJECT, GroupLinks);

        Object->References++;
        ReleaseMember(Object, CancelPending != 0, CleanupContext);
        TppDereference(Object);
    }
    TppLeave();
}

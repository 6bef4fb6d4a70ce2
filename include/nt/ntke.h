/* SPDX-License-Identifier: BSD-2-Clause */
/* Dispatcher objects and waiting: events, waits, delays. Times are in units of 100 ns; negative
 * ones are relative. */
#pragma once

#include <nt/ntob.h>

#define EVENT_QUERY_STATE 0x0001
#define EVENT_MODIFY_STATE 0x0002
#define EVENT_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3)

#define SEMAPHORE_QUERY_STATE 0x0001
#define SEMAPHORE_MODIFY_STATE 0x0002
#define SEMAPHORE_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3)
#define MUTANT_QUERY_STATE 0x0001
#define MUTANT_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x1)
#define TIMER_QUERY_STATE 0x0001
#define TIMER_MODIFY_STATE 0x0002
#define TIMER_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3)

#define KEYEDEVENT_WAIT 0x0001
#define KEYEDEVENT_WAKE 0x0002
#define KEYEDEVENT_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | 0x3)

#define MAXIMUM_WAIT_OBJECTS 64
#define MAXIMUM_SUSPEND_COUNT 127

typedef enum _EVENT_TYPE {
    NotificationEvent,
    SynchronizationEvent,
} EVENT_TYPE;

typedef enum _WAIT_TYPE {
    WaitAll,
    WaitAny,
} WAIT_TYPE;

typedef enum _EVENT_INFORMATION_CLASS {
    EventBasicInformation,
} EVENT_INFORMATION_CLASS;

typedef struct _EVENT_BASIC_INFORMATION {
    EVENT_TYPE EventType;
    LONG EventState;
} EVENT_BASIC_INFORMATION, *PEVENT_BASIC_INFORMATION;

typedef enum _SEMAPHORE_INFORMATION_CLASS {
    SemaphoreBasicInformation,
} SEMAPHORE_INFORMATION_CLASS;

typedef struct _SEMAPHORE_BASIC_INFORMATION {
    LONG CurrentCount;
    LONG MaximumCount;
} SEMAPHORE_BASIC_INFORMATION, *PSEMAPHORE_BASIC_INFORMATION;

typedef enum _MUTANT_INFORMATION_CLASS {
    MutantBasicInformation,
    MutantOwnerInformation,
} MUTANT_INFORMATION_CLASS;

typedef struct _MUTANT_BASIC_INFORMATION {
    LONG CurrentCount; /* 1: free; else 1 less for each acquisition */
    BOOLEAN OwnedByCaller;
    BOOLEAN AbandonedState;
} MUTANT_BASIC_INFORMATION, *PMUTANT_BASIC_INFORMATION;

typedef struct _MUTANT_OWNER_INFORMATION {
    CLIENT_ID ClientId; /* zeros: it is free */
} MUTANT_OWNER_INFORMATION, *PMUTANT_OWNER_INFORMATION;

typedef enum _TIMER_TYPE {
    NotificationTimer,
    SynchronizationTimer,
} TIMER_TYPE;

typedef enum _TIMER_INFORMATION_CLASS {
    TimerBasicInformation,
} TIMER_INFORMATION_CLASS;

typedef struct _TIMER_BASIC_INFORMATION {
    LARGE_INTEGER RemainingTime; /* negative: nothing is due */
    BOOLEAN TimerState;
} TIMER_BASIC_INFORMATION, *PTIMER_BASIC_INFORMATION;

typedef void(NTAPI *PTIMER_APC_ROUTINE)(PVOID TimerContext, ULONG TimerLowValue,
                                        LONG TimerHighValue);

_Static_assert(sizeof(MUTANT_BASIC_INFORMATION) == 8, "MUTANT_BASIC_INFORMATION");
_Static_assert(sizeof(TIMER_BASIC_INFORMATION) == 0x10, "TIMER_BASIC_INFORMATION");

/* SYSTEM_THREAD_INFORMATION.ThreadState */
typedef enum _KTHREAD_STATE {
    Initialized,
    Ready,
    Running,
    Standby,
    Terminated,
    Waiting,
    Transition,
    DeferredReady,
    GateWaitObsolete,
    WaitingForProcessInSwap,
} KTHREAD_STATE;

typedef enum _KWAIT_REASON {
    Executive,
    FreePage,
    PageIn,
    PoolAllocation,
    DelayExecution,
    Suspended,
    UserRequest,
    WrExecutive,
    WrFreePage,
    WrPageIn,
    WrPoolAllocation,
    WrDelayExecution,
    WrSuspended,
    WrUserRequest,
    WrEventPair,
    WrQueue,
    WrLpcReceive,
    WrLpcReply,
    WrVirtualMemory,
    WrPageOut,
    WrRendezvous,
    WrKeyedEvent,
    WrTerminated,
    WrProcessInSwap,
    WrCpuRateControl,
    WrCalloutStack,
    WrKernel,
    WrResource,
    WrPushLock,
    WrMutex,
    WrQuantumEnd,
    WrDispatchInt,
    WrPreempted,
    WrYieldExecution,
    WrFastMutex,
    WrGuardedMutex,
    WrRundown,
    WrAlertByThreadId,
    WrDeferredPreempt,
    MaximumWaitReason,
} KWAIT_REASON;

NTSTATUS NTAPI NtCreateEvent(CLIENT(PHANDLE) EventHandle, ACCESS_MASK DesiredAccess,
                             CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, EVENT_TYPE EventType,
                             BOOLEAN InitialState);
NTSTATUS NTAPI NtOpenEvent(CLIENT(PHANDLE) EventHandle, ACCESS_MASK DesiredAccess,
                           CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtSetEvent(HANDLE EventHandle, CLIENT(PLONG) PreviousState);
NTSTATUS NTAPI NtResetEvent(HANDLE EventHandle, CLIENT(PLONG) PreviousState);
NTSTATUS NTAPI NtClearEvent(HANDLE EventHandle);
NTSTATUS NTAPI NtPulseEvent(HANDLE EventHandle, CLIENT(PLONG) PreviousState);
NTSTATUS NTAPI NtQueryEvent(HANDLE EventHandle, EVENT_INFORMATION_CLASS Class,
                            CLIENT(PVOID) Information, ULONG Length, CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtWaitForSingleObject(HANDLE Handle, BOOLEAN Alertable,
                                     CLIENT(PLARGE_INTEGER) Timeout);
NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG Count, CLIENT(const HANDLE *) Handles,
                                        WAIT_TYPE WaitType, BOOLEAN Alertable,
                                        CLIENT(PLARGE_INTEGER) Timeout);
NTSTATUS NTAPI NtSignalAndWaitForSingleObject(HANDLE SignalHandle, HANDLE WaitHandle,
                                              BOOLEAN Alertable, CLIENT(PLARGE_INTEGER) Timeout);
NTSTATUS NTAPI NtCreateSemaphore(CLIENT(PHANDLE) SemaphoreHandle, ACCESS_MASK DesiredAccess,
                                 CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, LONG InitialCount,
                                 LONG MaximumCount);
NTSTATUS NTAPI NtOpenSemaphore(CLIENT(PHANDLE) SemaphoreHandle, ACCESS_MASK DesiredAccess,
                               CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtReleaseSemaphore(HANDLE SemaphoreHandle, LONG ReleaseCount,
                                  CLIENT(PLONG) PreviousCount);
NTSTATUS NTAPI NtQuerySemaphore(HANDLE SemaphoreHandle, SEMAPHORE_INFORMATION_CLASS Class,
                                CLIENT(PVOID) Information, ULONG Length,
                                CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtCreateMutant(CLIENT(PHANDLE) MutantHandle, ACCESS_MASK DesiredAccess,
                              CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, BOOLEAN InitialOwner);
NTSTATUS NTAPI NtOpenMutant(CLIENT(PHANDLE) MutantHandle, ACCESS_MASK DesiredAccess,
                            CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtReleaseMutant(HANDLE MutantHandle, CLIENT(PLONG) PreviousCount);
NTSTATUS NTAPI NtQueryMutant(HANDLE MutantHandle, MUTANT_INFORMATION_CLASS Class,
                             CLIENT(PVOID) Information, ULONG Length, CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtCreateTimer(CLIENT(PHANDLE) TimerHandle, ACCESS_MASK DesiredAccess,
                             CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, TIMER_TYPE TimerType);
NTSTATUS NTAPI NtOpenTimer(CLIENT(PHANDLE) TimerHandle, ACCESS_MASK DesiredAccess,
                           CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
/* Period: milliseconds, 0: once. */
NTSTATUS NTAPI NtSetTimer(HANDLE TimerHandle, CLIENT(PLARGE_INTEGER) DueTime,
                          PTIMER_APC_ROUTINE TimerApcRoutine, PVOID TimerContext,
                          BOOLEAN ResumeTimer, LONG Period, CLIENT(PBOOLEAN) PreviousState);
NTSTATUS NTAPI NtCancelTimer(HANDLE TimerHandle, CLIENT(PBOOLEAN) CurrentState);
NTSTATUS NTAPI NtQueryTimer(HANDLE TimerHandle, TIMER_INFORMATION_CLASS Class,
                            CLIENT(PVOID) Information, ULONG Length, CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtCreateKeyedEvent(CLIENT(PHANDLE) KeyedEventHandle, ACCESS_MASK DesiredAccess,
                                  CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, ULONG Flags);
NTSTATUS NTAPI NtOpenKeyedEvent(CLIENT(PHANDLE) KeyedEventHandle, ACCESS_MASK DesiredAccess,
                                CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtWaitForKeyedEvent(HANDLE KeyedEventHandle, PVOID Key, BOOLEAN Alertable,
                                   CLIENT(PLARGE_INTEGER) Timeout);
NTSTATUS NTAPI NtReleaseKeyedEvent(HANDLE KeyedEventHandle, PVOID Key, BOOLEAN Alertable,
                                   CLIENT(PLARGE_INTEGER) Timeout);
NTSTATUS NTAPI NtAlertThreadByThreadId(HANDLE ThreadId);
NTSTATUS NTAPI NtWaitForAlertByThreadId(PVOID Address, CLIENT(PLARGE_INTEGER) Timeout);
NTSTATUS NTAPI NtDelayExecution(BOOLEAN Alertable, CLIENT(PLARGE_INTEGER) Interval);
NTSTATUS NTAPI NtYieldExecution(void);

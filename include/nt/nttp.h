/* SPDX-License-Identifier: BSD-2-Clause */
/* The thread pool, ntdll.dll only. (Win32: CreateThreadpoolWork and its family; winnt.h) */
#pragma once

#include <nt/ntio.h>
#include <nt/ntrtl.h>

typedef struct _TP_POOL TP_POOL, *PTP_POOL;
typedef struct _TP_CLEANUP_GROUP TP_CLEANUP_GROUP, *PTP_CLEANUP_GROUP;
typedef struct _TP_CALLBACK_INSTANCE TP_CALLBACK_INSTANCE, *PTP_CALLBACK_INSTANCE;
typedef struct _TPP_OBJECT TP_WORK, *PTP_WORK, TP_TIMER, *PTP_TIMER, TP_WAIT, *PTP_WAIT, TP_IO,
    *PTP_IO;
typedef ULONG TP_WAIT_RESULT;

typedef void(NTAPI *PTP_SIMPLE_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context);
typedef void(NTAPI *PTP_WORK_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context,
                                       PTP_WORK Work);
typedef void(NTAPI *PTP_TIMER_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context,
                                        PTP_TIMER Timer);
typedef void(NTAPI *PTP_WAIT_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WAIT Wait,
                                       TP_WAIT_RESULT Result);
typedef void(NTAPI *PTP_IO_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context,
                                     PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, PTP_IO Io);
typedef void(NTAPI *PTP_CLEANUP_GROUP_CANCEL_CALLBACK)(PVOID ObjectContext, PVOID CleanupContext);

typedef enum _TP_CALLBACK_PRIORITY {
    TP_CALLBACK_PRIORITY_HIGH,
    TP_CALLBACK_PRIORITY_NORMAL,
    TP_CALLBACK_PRIORITY_LOW,
    TP_CALLBACK_PRIORITY_COUNT,
} TP_CALLBACK_PRIORITY;

typedef struct _TP_CALLBACK_ENVIRON {
    ULONG Version; /* 1, or 3: with the last two fields */
    PTP_POOL Pool;
    PTP_CLEANUP_GROUP CleanupGroup;
    PTP_CLEANUP_GROUP_CANCEL_CALLBACK CleanupGroupCancelCallback;
    PVOID RaceDll;
    PVOID ActivationContext;
    PTP_SIMPLE_CALLBACK FinalizationCallback;
    ULONG Flags; /* 1: long function */
    TP_CALLBACK_PRIORITY CallbackPriority;
    ULONG Size;
} TP_CALLBACK_ENVIRON, *PTP_CALLBACK_ENVIRON;

typedef struct _TP_POOL_STACK_INFORMATION {
    SIZE_T StackReserve;
    SIZE_T StackCommit;
} TP_POOL_STACK_INFORMATION, *PTP_POOL_STACK_INFORMATION;

ASSERT_SIZE64(TP_CALLBACK_ENVIRON, 0x48);
ASSERT_SIZE32(TP_CALLBACK_ENVIRON, 0x28);

NTSTATUS NTAPI TpAllocPool(PTP_POOL *Pool, PVOID Reserved);
void NTAPI TpReleasePool(PTP_POOL Pool);
void NTAPI TpSetPoolMaxThreads(PTP_POOL Pool, ULONG Maximum);
LOGICAL NTAPI TpSetPoolMinThreads(PTP_POOL Pool, ULONG Minimum);
NTSTATUS NTAPI TpSetPoolStackInformation(PTP_POOL Pool, PTP_POOL_STACK_INFORMATION Information);
NTSTATUS NTAPI TpQueryPoolStackInformation(PTP_POOL Pool, PTP_POOL_STACK_INFORMATION Information);

NTSTATUS NTAPI TpSimpleTryPost(PTP_SIMPLE_CALLBACK Callback, PVOID Context,
                               PTP_CALLBACK_ENVIRON Environment);
NTSTATUS NTAPI TpAllocWork(PTP_WORK *Work, PTP_WORK_CALLBACK Callback, PVOID Context,
                           PTP_CALLBACK_ENVIRON Environment);
void NTAPI TpPostWork(PTP_WORK Work);
void NTAPI TpWaitForWork(PTP_WORK Work, LOGICAL CancelPending);
void NTAPI TpReleaseWork(PTP_WORK Work);
NTSTATUS NTAPI TpAllocTimer(PTP_TIMER *Timer, PTP_TIMER_CALLBACK Callback, PVOID Context,
                            PTP_CALLBACK_ENVIRON Environment);
/* DueTime NULL: it is set no more. Period: milliseconds. */
void NTAPI TpSetTimer(PTP_TIMER Timer, PLARGE_INTEGER DueTime, ULONG Period, ULONG WindowLength);
LOGICAL NTAPI TpIsTimerSet(PTP_TIMER Timer);
void NTAPI TpWaitForTimer(PTP_TIMER Timer, LOGICAL CancelPending);
void NTAPI TpReleaseTimer(PTP_TIMER Timer);
NTSTATUS NTAPI TpAllocWait(PTP_WAIT *Wait, PTP_WAIT_CALLBACK Callback, PVOID Context,
                           PTP_CALLBACK_ENVIRON Environment);
/* Handle NULL: it waits no more. Not for mutants. */
void NTAPI TpSetWait(PTP_WAIT Wait, HANDLE Handle, PLARGE_INTEGER Timeout);
void NTAPI TpWaitForWait(PTP_WAIT Wait, LOGICAL CancelPending);
void NTAPI TpReleaseWait(PTP_WAIT Wait);
NTSTATUS NTAPI TpAllocIoCompletion(PTP_IO *Io, HANDLE File, PTP_IO_CALLBACK Callback, PVOID Context,
                                   PTP_CALLBACK_ENVIRON Environment);
void NTAPI TpStartAsyncIoOperation(PTP_IO Io);
void NTAPI TpCancelAsyncIoOperation(PTP_IO Io);
void NTAPI TpWaitForIoCompletion(PTP_IO Io, LOGICAL CancelPending);
void NTAPI TpReleaseIoCompletion(PTP_IO Io);

NTSTATUS NTAPI TpAllocCleanupGroup(PTP_CLEANUP_GROUP *Group);
void NTAPI TpReleaseCleanupGroup(PTP_CLEANUP_GROUP Group);
void NTAPI TpReleaseCleanupGroupMembers(PTP_CLEANUP_GROUP Group, LOGICAL CancelPending,
                                        PVOID CleanupContext);

NTSTATUS NTAPI TpCallbackMayRunLong(PTP_CALLBACK_INSTANCE Instance);
void NTAPI TpDisassociateCallback(PTP_CALLBACK_INSTANCE Instance);
void NTAPI TpCallbackSetEventOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Event);
void NTAPI TpCallbackReleaseSemaphoreOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Semaphore,
                                                  ULONG Count);
void NTAPI TpCallbackReleaseMutexOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Mutex);
void NTAPI TpCallbackLeaveCriticalSectionOnCompletion(PTP_CALLBACK_INSTANCE Instance,
                                                      PRTL_CRITICAL_SECTION CriticalSection);
void NTAPI TpCallbackUnloadDllOnCompletion(PTP_CALLBACK_INSTANCE Instance, PVOID DllHandle);

/* The older interface, on top of it. (Win32: RegisterWaitForSingleObject, CreateTimerQueueTimer) */
#define WT_EXECUTEONLYONCE 0x00000008
#define WT_EXECUTELONGFUNCTION 0x00000010

typedef void(NTAPI *PRTL_WORK_ITEM_ROUTINE)(PVOID Context);
typedef void(NTAPI *PRTL_WAITORTIMER_ROUTINE)(PVOID Context, BOOLEAN TimerOrWaitFired);
typedef void(NTAPI *PRTL_OVERLAPPED_ROUTINE)(ULONG Error, ULONG Transferred, PVOID Overlapped);

NTSTATUS NTAPI RtlQueueWorkItem(PRTL_WORK_ITEM_ROUTINE Routine, PVOID Context, ULONG Flags);
NTSTATUS NTAPI RtlRegisterWait(PHANDLE WaitHandle, HANDLE Object, PRTL_WAITORTIMER_ROUTINE Routine,
                               PVOID Context, ULONG Milliseconds, ULONG Flags);
NTSTATUS NTAPI RtlDeregisterWait(HANDLE WaitHandle);
NTSTATUS NTAPI RtlDeregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent);
NTSTATUS NTAPI RtlCreateTimerQueue(PHANDLE TimerQueue);
NTSTATUS NTAPI RtlDeleteTimerQueueEx(HANDLE TimerQueue, HANDLE CompletionEvent);
NTSTATUS NTAPI RtlCreateTimer(HANDLE TimerQueue, PHANDLE Timer, PRTL_WAITORTIMER_ROUTINE Routine,
                              PVOID Context, ULONG DueTime, ULONG Period, ULONG Flags);
NTSTATUS NTAPI RtlUpdateTimer(HANDLE TimerQueue, HANDLE Timer, ULONG DueTime, ULONG Period);
NTSTATUS NTAPI RtlDeleteTimer(HANDLE TimerQueue, HANDLE Timer, HANDLE CompletionEvent);
NTSTATUS NTAPI RtlSetIoCompletionCallback(HANDLE File, PRTL_OVERLAPPED_ROUTINE Routine,
                                          ULONG Flags);

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel core of the driver runtime, for the runtime's other components.
 *
 * The seL4 threads of a driver process. The main thread runs everything at DISPATCH_LEVEL and
 * below: an event loop that delivers messages, DPCs and timers at DISPATCH_LEVEL, and threads
 * (stackful coroutines, KTHREAD) at PASSIVE_LEVEL that give way only where they wait. The interrupt
 * thread, of higher priority, runs ISRs. Helpers, as many as there are calls in progress, do
 * nothing but call services that may wait (helper.c). So what is only touched at DISPATCH_LEVEL or
 * below needs no lock; what ISRs touch too is protected by KiAcquireLock. To the rest of the system
 * the main thread is as urgent as a program, and above programs for work at DISPATCH_LEVEL; the
 * Executive sees to that (ntos/io/watchdog.c), and ends a driver that stays there for long.
 */
#pragma once
#include "ntoskrnl.h"
#include <arch.h>

#define KI_STACK_SIZE 0x8000 /* of one coroutine; a kernel stack of amd64 Windows has 0x6000 */
#define KI_DEVICE_IRQL                                                                             \
    8 /* level of every ISR: interrupts of one driver do not interrupt each other */

typedef enum _KI_OBJECT_TYPE {
    KiNotificationEvent = 0,
    KiSynchronizationEvent = 1,
    KiMutant = 2,
    KiQueue = 4,
    KiSemaphore = 5,
    KiThread = 6,
    KiNotificationTimer = 8,
    KiSynchronizationTimer = 9,
    KiDpc = 19,
    KiDeviceQueue = 20,
    KiInterruptObject = 22,
} KI_OBJECT_TYPE;

/*
 * Coroutines that work for others; see pool.c. Some are the host's own, whoever uses them; who has
 * more of them waiting pays for those.
 */
typedef struct _KI_POOL {
    LIST_ENTRY FreeList; /* the one that was used last is the first */
    ULONG Own;           /* the host's own */
    ULONG Count, FreeCount;
    ULONG Ready;     /* those that wait for nothing but the processor */
    ULONG LeastFree; /* since the pool was looked at last */
} KI_POOL, *PKI_POOL;

/* A coroutine. The DDK knows the name only. */
struct _KTHREAD {
    DISPATCHER_HEADER Header; /* signalled when the thread has ended */
    LIST_ENTRY Link;          /* in the ready list or the list of free threads */
    PVOID StackPointer;       /* while it does not run */
    PVOID StackBase;
    PVOID StackLimit;
    PKSTART_ROUTINE Routine;
    PVOID Context;
    NTSTATUS WaitStatus;
    PKWAIT_BLOCK WaitBlocks; /* while it waits: circular through NextWaitBlock */
    KWAIT_BLOCK WaitBlock[THREAD_WAIT_OBJECTS];
    KWAIT_BLOCK TimerBlock;
    KTIMER Timer;
    PKI_POOL Pool; /* NULL: it belongs to the driver */
    UINT64 Payer;  /* id of the request that it works for, 0: none that is known */
    KIRQL Irql;    /* while it does not run */
    UCHAR Charges; /* threads that the request has been charged for because of it */
    BOOLEAN HelperPaid;
    KPROCESSOR_MODE PreviousMode; /* of who has made the request that it serves */
    SCHAR Priority;               /* what was set; nothing comes of it */
    BOOLEAN HardErrorsDisabled;
    USHORT CriticalRegions, GuardedRegions; /* that it is in */
    ULONG Requestor;                        /* id of the process whose request it serves, or 0 */
    PEPROCESS Process;                      /* that it is attached to, or NULL */
    PIRP TopLevelIrp;
    PDEVICE_OBJECT DeviceToVerify;
    PKQUEUE Queue; /* that it has taken its work from */
};
typedef struct _KTHREAD KTHREAD;

/* thread.c */
NTSTATUS KiInitializeThreads(VOID);
PKTHREAD KiAllocateThread(VOID);
VOID KiFreeThread(PKTHREAD Thread);
VOID KiLaunchThread(PKTHREAD Thread, PKSTART_ROUTINE Routine, PVOID Context);
NTSTATUS KiCreateThread(PKSTART_ROUTINE Routine, PVOID Context, PKTHREAD *Thread);
DECLSPEC_NORETURN VOID KiExitThread(VOID);
BOOLEAN KiRunReadyThread(VOID);
VOID KiReadyThread(PKTHREAD Thread);
VOID KiParkThread(VOID);
BOOLEAN KiIsInterruptThread(VOID);
BOOLEAN KiCanBlock(VOID);
extern KTHREAD KiInterruptThread;

/* pool.c */
extern KI_POOL KiRequestPool, KiWorkerPool;
NTSTATUS KiStartPooledThread(PKI_POOL Pool, UINT64 Payer, PKSTART_ROUTINE Routine, PVOID Context);
BOOLEAN KiFillPool(PKI_POOL Pool);
VOID KiReturnThread(PKTHREAD Thread);
VOID KiRetryLater(VOID);
BOOLEAN KiMayRetry(VOID);
BOOLEAN KiChargeThread(PKTHREAD Thread);
VOID KiTrimLater(VOID);

/* waitservice.c */
NTSTATUS NTAPI KxWaitForSingleObject(HANDLE Handle, BOOLEAN Alertable, PLARGE_INTEGER Timeout);

/* helper.c */
BOOLEAN KiTryService(PVOID Service, ULONG Count, const ULONG_PTR *Arguments, PNTSTATUS Status);
NTSTATUS KiCallService(PVOID Service, ULONG Count, const ULONG_PTR *Arguments);
NTSTATUS KiCloseHandle(HANDLE Handle);
VOID KiCollectCalls(VOID);
BOOLEAN KiTrimHelpers(VOID);

/* ob/proxy.c: events of the Executive. Their size in the header tells them from others. */
#define KI_PROXY_SIZE 0x7E

typedef enum _KI_PROXY_CHANGE {
    KiProxySet,
    KiProxyReset,
    KiProxyPulse,
} KI_PROXY_CHANGE;

LONG KiSetProxyEvent(PDISPATCHER_HEADER Event, KI_PROXY_CHANGE Change);
LONG KiReadProxyEvent(PDISPATCHER_HEADER Event);
NTSTATUS KiWaitForProxyEvent(PDISPATCHER_HEADER Event, BOOLEAN Alertable, PLARGE_INTEGER Timeout);

static inline BOOLEAN KiIsProxyEvent(PDISPATCHER_HEADER Object)
{
    return Object->Size == KI_PROXY_SIZE &&
           (Object->Type == KiNotificationEvent || Object->Type == KiSynchronizationEvent);
}

/* bugcheckcallback.c */
VOID KiCallBugCheckCallbacks(VOID);

/* queue.c */
VOID KiLeaveQueue(PKTHREAD Thread);

/* wait.c */
VOID KiSignalWaiters(PDISPATCHER_HEADER Object);

/* dpc.c */
VOID KiRetireDpcs(VOID);
BOOLEAN KiDpcsPending(VOID);

/* timer.c, time.c */
VOID KiSignalDueTimers(VOID);
VOID KiArmTimer(VOID);
ULONGLONG KiQueryInterruptTime(VOID);
ULONGLONG KiQuerySystemTime(VOID);

/* spinlock.c */
VOID KiAcquireLock(PKSPIN_LOCK Lock);
VOID KiReleaseLock(PKSPIN_LOCK Lock);
BOOLEAN KiTryAcquireLock(PKSPIN_LOCK Lock);
KIRQL FASTCALL KxAcquireSpinLock(PKSPIN_LOCK SpinLock);
VOID FASTCALL KxReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql);
VOID FASTCALL KxAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock);
VOID FASTCALL KxReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock);

/* irql.c */
KIRQL KiRaiseIrql(KIRQL NewIrql);
VOID KiLowerIrql(KIRQL NewIrql);
#define KI_HIGHEST_LEVEL 15 /* of CR8 */
VOID KiWriteIrql(KIRQL NewIrql);

/* trap/handler.c: from now on privileged instructions of drivers are carried out. */
NTSTATUS KiInitializeTraps(VOID);
/* That memory with a driver's code is about to be unmapped. */
VOID KiForgetCode(PVOID Base, SIZE_T Size);

DECLSPEC_NORETURN VOID NTAPI KeBugCheckEx(ULONG Code, ULONG_PTR Parameter1, ULONG_PTR Parameter2,
                                          ULONG_PTR Parameter3, ULONG_PTR Parameter4);

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel component: the dispatcher (one seL4 thread, many service stacks), waiting, timers, the
 * clock, delivery of faults. Only one service stack runs at a time and it gives way only where it
 * waits, so nothing here is locked.
 */
#pragma once
#include <nt/nt.h>
#include <sel4/sel4.h>

struct _ETHREAD;
struct _EPROCESS;

/* ---- Dispatcher objects. Every waitable object begins with this header. ---- */
typedef enum _KOBJECTS {
    NotificationEventObject = 0,
    SynchronizationEventObject = 1,
    ProcessObject,
    ThreadObject,
    FileObjectObject,
    TimerNotificationObject,
    TimerSynchronizationObject,
} KOBJECTS;

typedef struct _DISPATCHER_HEADER {
    UCHAR Type; /* KOBJECTS */
    LONG SignalState;
    LIST_ENTRY WaitListHead; /* of KWAIT_BLOCK.WaitListEntry, first come first served */
} DISPATCHER_HEADER, *PDISPATCHER_HEADER;

typedef struct _KEVENT {
    DISPATCHER_HEADER Header;
} KEVENT, *PKEVENT;

typedef void (*PKTIMER_ROUTINE)(PVOID Context);

/* A timer calls Routine(Context) from the dispatcher at DueTime; the routine must not wait. */
typedef struct _KTIMER {
    LIST_ENTRY TimerListEntry; /* sorted by DueTime; Flink NULL = not set */
    ULONGLONG DueTime;         /* interrupt time, 100 ns */
    PKTIMER_ROUTINE Routine;
    PVOID Context;
} KTIMER, *PKTIMER;

#define KE_MAXIMUM_WAIT_OBJECTS 64
#define KE_SERVICE_STACK_SIZE 0x4000
#define KE_MAXIMUM_SERVICE_STACKS 2048
#define KE_MAXIMUM_PROCESS_STACKS 1024 /* services of one process that wait */

struct _KSERVICE_STACK; /* private to ke: a stack, its saved context and wait blocks */

/* ---- Start ---- */
void KeInitialize(void); /* endpoint, notification, first service stacks */
void KiServiceLoop(void) __attribute__((noreturn)); /* the dispatcher; never returns */

/* Starts Routine(Context) on a service stack of its own, to run when the dispatcher next looks. */
NTSTATUS KeCreateSystemThread(void (*Routine)(PVOID), PVOID Context);

/* ---- The current client: NULL on a system thread ---- */
extern struct _ETHREAD *KiCurrentThread;
#define KeGetCurrentThread() KiCurrentThread

/* ---- Events and waits ---- */
void KeInitializeEvent(PKEVENT Event, EVENT_TYPE Type, BOOLEAN State);
LONG KeSetEvent(PKEVENT Event);   /* returns the previous state */
LONG KeResetEvent(PKEVENT Event); /* returns the previous state */
LONG KePulseEvent(PKEVENT Event);
void KeInitializeDispatcherHeader(PDISPATCHER_HEADER Header, UCHAR Type, LONG SignalState);
void KeSignalObject(
    PDISPATCHER_HEADER Header); /* sets SignalState to 1 for good and releases all waiters */

/*
 * Waits until Object is signalled. Timeout: NULL = for ever, negative = relative, positive =
 * absolute system time, in 100 ns; 0 = only look. Returns STATUS_SUCCESS, STATUS_TIMEOUT, or
 * STATUS_THREAD_IS_TERMINATING when the calling client thread is being ended: the caller must then
 * undo what it has begun and return at once.
 */
NTSTATUS KeWaitForSingleObject(PVOID Object, BOOLEAN Alertable, PLARGE_INTEGER Timeout);
/* WaitAny returns STATUS_WAIT_0 + index. Count is 1..KE_MAXIMUM_WAIT_OBJECTS. */
NTSTATUS KeWaitForMultipleObjects(ULONG Count, PVOID Objects[], WAIT_TYPE WaitType,
                                  BOOLEAN Alertable, PLARGE_INTEGER Timeout);
NTSTATUS KeDelayExecution(BOOLEAN Alertable, PLARGE_INTEGER Interval);
/* Makes a waiting service of Thread return STATUS_THREAD_IS_TERMINATING; FALSE when it waits for
 * nothing. */
BOOLEAN KeAbortWait(struct _ETHREAD *Thread);

/* ---- Time. The clock ticks 64 times a second, as NT's does. ---- */
void KeInitializeTimer(PKTIMER Timer, PKTIMER_ROUTINE Routine, PVOID Context);
void KeSetTimer(PKTIMER Timer, ULONGLONG DueInterruptTime);
BOOLEAN KeCancelTimer(PKTIMER Timer); /* TRUE when it was set */
ULONGLONG KeQueryInterruptTime(void); /* 100 ns since boot, from the TSC */
LONGLONG KeQuerySystemTime(void);     /* 100 ns since 1601 */
ULONGLONG KeQueryPerformanceCounter(PULONGLONG Frequency);
void KeStartClock(void);     /* from here on time limits expire */
void KeClockInterrupt(void); /* called by the dispatcher when the clock's notification bit is set */

/* ---- The Executive's notification: bit 0 = clock, bits 1..KE_SIGNAL_BITS-1 = drivers ---- */
#define KE_CLOCK_SIGNAL 0
#define KE_SIGNAL_BITS (sizeof(seL4_Word) == 8 ? 62 : 27)
/* A new capability in Slot to signal the Executive's notification: its badge is 1 << Bit and ke's
 * own mark. */
NTSTATUS KeMintSignal(ULONG Bit, seL4_CPtr Slot);
/* The Executive's service endpoint, minted with Badge into Slot of the CNode Root (depth Depth). */
NTSTATUS KeMintEndpoint(seL4_CPtr Root, seL4_Word Index, seL4_Word Depth, seL4_Word Badge);

/* The service and fault capabilities of a new thread, in its CNode. */
NTSTATUS KeMintServiceCaps(struct _ETHREAD *Thread);
/* Does Thread wait for the reply to its service in progress? Who sends without waiting does not. */
BOOLEAN KeIsReplySaved(struct _ETHREAD *Thread);
/* Sends the reply that was held back while the thread was suspended (ETHREAD.ReplyWithheld). */
void KeReleaseReply(struct _ETHREAD *Thread);

/* ---- Exceptions ---- */
/* Nobody handles exceptions yet: reports it on the debug log and ends the process with the code as
   exit status. Registers NULL: those that the thread has now. Thread is the current one. */
void KeRaiseException(struct _ETHREAD *Thread, PEXCEPTION_RECORD Record,
                      const seL4_UserContext *Registers);
/* The integer and control parts that Context's flags name, into Registers. */
void KeContextToRegisters(const CONTEXT *Context, seL4_UserContext *Registers);
void KeRegistersToContext(const seL4_UserContext *Registers, PCONTEXT Context);
/* The thread, which is in a service, goes on with all these registers in place of its reply; at
 * once if Resume says so, else when it is resumed. */
BOOLEAN KeContinueThread(struct _ETHREAD *Thread, const seL4_UserContext *Registers,
                         BOOLEAN Resume);

/* ---- Fatal ---- */
void KeBugCheck(const char *Reason) __attribute__((noreturn));
#if DBG
#define ASSERT(e) ((e) ? (void)0 : KeBugCheck(__FILE__ ": " #e))
#else
#define ASSERT(e) ((void)0)
#endif

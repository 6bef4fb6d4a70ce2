/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel component: the dispatcher (one seL4 thread, many service stacks), waiting, timers, the
 * clock, delivery of faults. Only one service stack runs at a time and it gives way only where it
 * waits, so nothing here needs a lock.
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
    MutantObject,
    SemaphoreObject,
    QueueObject,
} KOBJECTS;

typedef struct _DISPATCHER_HEADER {
    UCHAR Type; /* KOBJECTS */
    LONG SignalState;
    LIST_ENTRY WaitListHead; /* of KWAIT_BLOCK.WaitListEntry, first come first served */
} DISPATCHER_HEADER, *PDISPATCHER_HEADER;

typedef struct _KEVENT {
    DISPATCHER_HEADER Header;
} KEVENT, *PKEVENT;

/* SignalState is 1 when it is free; else its owner holds it 1 - SignalState times. */
typedef struct _KMUTANT {
    DISPATCHER_HEADER Header;
    LIST_ENTRY MutantListEntry;   /* ETHREAD.MutantListHead of the owner */
    struct _ETHREAD *OwnerThread; /* NULL: free. It ends by giving up what it owns */
    BOOLEAN Abandoned;            /* its last owner has ended; the next one is told */
} KMUTANT, *PKMUTANT;

typedef struct _KSEMAPHORE {
    DISPATCHER_HEADER Header; /* SignalState: how many waits it can still satisfy */
    LONG Limit;
} KSEMAPHORE, *PKSEMAPHORE;

/* Entries, and the threads that work on them: at most MaximumCount at once, as long as they do not
 * wait for anything else. */
typedef struct _KQUEUE {
    DISPATCHER_HEADER Header; /* SignalState: entries in the list */
    LIST_ENTRY EntryListHead;
    LIST_ENTRY RemoverListHead; /* threads that wait for an entry, the last one first */
    LIST_ENTRY ThreadListHead;  /* ETHREAD.QueueEntry: threads that have last asked here */
    ULONG CurrentCount;         /* of these, those that work (ETHREAD.QueueActive) */
    ULONG MaximumCount;
    LIST_ENTRY
    ReleaseLinks;   /* many wait for it to be signalled (queue.c); Flink NULL: in no list */
    BOOLEAN Closed; /* nobody gets an entry any more */
} KQUEUE, *PKQUEUE;

/* One object that is waited for: by a service stack, or Stack is NULL and Routine is called once,
 * when the wait is satisfied. It must not wait. */
typedef struct _KWAIT_BLOCK {
    LIST_ENTRY WaitListEntry;
    struct _KSERVICE_STACK *Stack;
    PDISPATCHER_HEADER Object;
    union {
        NTSTATUS WaitKey; /* what the wait returns when this object ends it */
        void (*Routine)(struct _KWAIT_BLOCK *Block);
    };
} KWAIT_BLOCK, *PKWAIT_BLOCK;

typedef void (*PKTIMER_ROUTINE)(PVOID Context);

/* A timer calls Routine(Context) from the dispatcher at DueTime; the routine must not wait. */
typedef struct _KTIMER {
    RTL_BALANCED_NODE Node; /* in the tree of timers, if Set */
    BOOLEAN Set;
    ULONGLONG DueTime; /* interrupt time, 100 ns */
    PKTIMER_ROUTINE Routine;
    PVOID Context;
} KTIMER, *PKTIMER;

#define KE_MAXIMUM_WAIT_OBJECTS 64
#define KE_SERVICE_STACK_SIZE 0x4000

struct _KSERVICE_STACK; /* private to ke: a stack, its saved context and wait blocks */

/* ---- Start ---- */
void KeInitialize(void); /* endpoint, notification, first service stacks */
void KiServiceLoop(void) __attribute__((noreturn)); /* the dispatcher; never returns */

/* Starts Routine(Context) on a service stack of its own, to run when the dispatcher next looks. */
NTSTATUS KeCreateSystemThread(void (*Routine)(PVOID), PVOID Context);

/* A stack for the services of a client thread, so that its waits cannot fail. FALSE: no memory. */
BOOLEAN KePromiseStack(void);
void KeReturnStack(void);

/* ---- The current client: NULL on a system thread ---- */
extern struct _ETHREAD *KiCurrentThread;
#define KeGetCurrentThread() KiCurrentThread

/* ---- Events and waits ---- */
void KeInitializeEvent(PKEVENT Event, EVENT_TYPE Type, BOOLEAN State);
LONG KeSetEvent(PKEVENT Event);          /* returns the previous state */
LONG KeResetEvent(PKEVENT Event);        /* returns the previous state */
LONG KeSetEventGivingWay(PKEVENT Event); /* for events of clients: many may wait for one */
LONG KePulseEvent(PKEVENT Event);        /* gives way */

void KeInitializeSemaphore(PKSEMAPHORE Semaphore, LONG Count, LONG Limit);
/* STATUS_SEMAPHORE_LIMIT_EXCEEDED: nothing has changed. Adjustment is above 0. Gives way. */
NTSTATUS KeReleaseSemaphore(PKSEMAPHORE Semaphore, LONG Adjustment, PLONG Previous);

void KeRaiseSemaphore(PKSEMAPHORE Semaphore); /* by one; does not give way */

/* Owner NULL: it is free. */
void KeInitializeMutant(PKMUTANT Mutant, struct _ETHREAD *Owner);
/* One acquisition less. STATUS_MUTANT_NOT_OWNED: not by Thread. Previous is the state before. Gives
 * way: the caller has a reference. */
NTSTATUS KeReleaseMutant(PKMUTANT Mutant, struct _ETHREAD *Thread, PLONG Previous);
/* Its object is about to go. */
void KeDeleteMutant(PKMUTANT Mutant);
/* The thread ends: whoever gets one of its mutants next is told so. */
void KeAbandonMutants(struct _ETHREAD *Thread, BOOLEAN GiveWay);

/* MaximumCount 0: as many as there are processors. A queue is the beginning of an object. */
void KeInitializeQueue(PKQUEUE Queue, ULONG MaximumCount);
/* Entry goes to the last thread that waits for one if no more than MaximumCount work then, else to
 * the end of the list. Returns how many were in the list before. */
LONG KeInsertQueue(PKQUEUE Queue, PLIST_ENTRY Entry);
/* The first entry, by a client thread. As KeWaitForSingleObject, and STATUS_ABANDONED_WAIT_0: the
 * queue has been closed. */
NTSTATUS KeRemoveQueue(PKQUEUE Queue, BOOLEAN Alertable, PLARGE_INTEGER Timeout,
                       PLIST_ENTRY *Entry);
/* Another one for a thread that has just got one; NULL: the list is empty. */
PLIST_ENTRY KeTryRemoveQueue(PKQUEUE Queue);
/* Takes an entry out of the list. FALSE: a thread that has waited has got it, and will run. */
BOOLEAN KeRemoveEntryQueue(PKQUEUE Queue, PLIST_ENTRY Entry);
void KeCloseQueue(PKQUEUE Queue); /* those who wait get STATUS_ABANDONED_WAIT_0. Gives way */
/* Before its memory goes: the entries are the caller's, and its threads forget it. May give way. */
void KeRundownQueue(PKQUEUE Queue);
void KeLeaveQueue(struct _ETHREAD *Thread); /* at the thread's end */

/* A wait without a thread. TRUE: Object was signalled, and it is over without a call of Routine.
 * Not for mutants, which need an owner. */
BOOLEAN KeRegisterWait(PKWAIT_BLOCK Block, PVOID Object, void (*Routine)(PKWAIT_BLOCK Block));
void KeDeregisterWait(PKWAIT_BLOCK Block); /* of a wait that has not been satisfied */

void KeInitializeDispatcherHeader(PDISPATCHER_HEADER Header, UCHAR Type, LONG SignalState);
/* Sets SignalState to 1 for good and releases all waiters. Who may GiveWay does, for many may wait;
 * the object must be referenced. */
void KeSignalObject(PDISPATCHER_HEADER Header, BOOLEAN GiveWay);

/*
 * Waits until Object is signalled. Timeout: NULL = for ever, negative = relative, positive =
 * absolute system time, in 100 ns; 0 = only look. Returns STATUS_SUCCESS, STATUS_TIMEOUT, or
 * STATUS_THREAD_IS_TERMINATING when the calling client thread is being ended: the caller must then
 * undo what it has begun and return at once. Alertable: also STATUS_ALERTED and STATUS_USER_APC.
 */
NTSTATUS KeWaitForSingleObject(PVOID Object, BOOLEAN Alertable, PLARGE_INTEGER Timeout);
/* WaitAny returns STATUS_WAIT_0 + index. Count is 1..KE_MAXIMUM_WAIT_OBJECTS. */
NTSTATUS KeWaitForMultipleObjects(ULONG Count, PVOID Objects[], WAIT_TYPE WaitType,
                                  BOOLEAN Alertable, PLARGE_INTEGER Timeout);
NTSTATUS KeDelayExecution(BOOLEAN Alertable, PLARGE_INTEGER Interval);
/* A time limit as above as interrupt time. */
ULONGLONG KeDueTime(LONGLONG Timeout);
/* Makes a waiting service of Thread return STATUS_THREAD_IS_TERMINATING; FALSE when it waits for
 * nothing. */
BOOLEAN KeAbortWait(struct _ETHREAD *Thread);

/* ---- Giving way (giveway.c) ---- */
#define KE_TURN_LENGTH 75000 /* ticks of the time-stamp counter */

/*
 * For work that can be long, after each piece: lets others run if this service has run for
 * KE_TURN_LENGTH. What is shared may have changed when it returns, as after a wait.
 * STATUS_THREAD_IS_TERMINATING when the calling client thread is being ended (it has given way none
 * the less): the caller may then stop, or finish what it must.
 */
NTSTATUS KeGiveWay(void);
void KeEndHold(struct _ETHREAD *Thread); /* the thread ends: it waits for no turn */

/* ---- Time. The clock ticks 64 times a second, as NT's does. ---- */
void KeInitializeTimer(PKTIMER Timer, PKTIMER_ROUTINE Routine, PVOID Context);
void KeSetTimer(PKTIMER Timer, ULONGLONG DueInterruptTime);
BOOLEAN KeCancelTimer(PKTIMER Timer);    /* TRUE when it was set */
ULONGLONG KeQueryInterruptTime(void);    /* 100 ns since boot, from the TSC */
LONGLONG KeQuerySystemTime(void);        /* 100 ns since 1601 */
LONGLONG KeSetSystemTime(LONGLONG Time); /* returns the one until now */
void KeSetTimeZoneBias(LONGLONG Bias);   /* 100 ns, in KUSER_SHARED_DATA */
ULONGLONG KeQueryPerformanceCounter(PULONGLONG Frequency);
void KeStartClock(void); /* from here on time limits expire */
/* Whether the thread would go on if it got the processor (times.c). */
BOOLEAN KeIsThreadAtWork(struct _ETHREAD *Thread);
/* Ticks of the clock since it was started: nobody at work; in and outside of services. */
void KeQueryProcessorTicks(PULONGLONG Idle, PULONGLONG Kernel, PULONGLONG User);
void KeClockInterrupt(void); /* called by the dispatcher when the clock's notification bit is set */

/* ---- Heartbeats (heartbeat.c): who gets the processor? ---- */
typedef enum _KE_HEART {
    KeHeartAboveDrivers, /* beats when the Executive has nothing to do */
    KeHeartBelowDrivers, /* beats when raised drivers have nothing to do either */
    KeHearts,
} KE_HEART;

void KeStartHeart(KE_HEART Which, ULONG Priority); /* of seL4 */
void KeWantHeartbeats(void);        /* asks for one beat of each, as soon as possible */
ULONG KeHeartbeats(KE_HEART Which); /* how many there have been */

/* ---- The Executive's notification: bit 0 = clock, bits 1..KE_SIGNAL_BITS-1 = drivers, then that
 * of the turn thread ---- */
#define KE_CLOCK_SIGNAL 0
#define KE_SIGNAL_BITS (sizeof(seL4_Word) == 8 ? 62 : 26)
#define KE_TURN_SIGNAL KE_SIGNAL_BITS /* the turn thread's (giveway.c) */
/* A new capability in Slot to signal the Executive's notification: its badge is 1 << Bit and ke's
 * own mark. */
NTSTATUS KeMintSignal(ULONG Bit, seL4_CPtr Slot);
/* The Executive's service endpoint, minted with Badge into Slot of the CNode Root (depth Depth). */
NTSTATUS KeMintEndpoint(seL4_CPtr Root, seL4_Word Index, seL4_Word Depth, seL4_Word Badge);

/* The service and fault capabilities of a new thread, in its CNode. */
NTSTATUS KeMintServiceCaps(struct _ETHREAD *Thread);
/* Whether Thread waits for the reply to its service in progress; one that sends without waiting
 * does not. */
BOOLEAN KeIsReplySaved(struct _ETHREAD *Thread);
/* Sends the reply that was held back while the thread was suspended (ETHREAD.ReplyWithheld). */
void KeReleaseReply(struct _ETHREAD *Thread);

/* ---- Asynchronous procedure calls of user mode, and alerts (apc.c) ---- */
typedef struct _KAPC {
    LIST_ENTRY ApcListEntry;            /* Flink NULL: it is not queued */
    void (*Release)(struct _KAPC *Apc); /* it has been delivered, or its thread has ended */
    struct _KAPC *NextKept;             /* of one that is free (apc.c) */
    BOOLEAN Special;
    ULONG_PTR NormalRoutine, NormalContext, SystemArgument1, SystemArgument2; /* the client's */
} KAPC, *PKAPC;

/* One that the current process pays for, and that releases itself. NULL: it cannot. */
PKAPC KeAllocateApc(void);
void KeFreeApc(PKAPC Apc); /* that has not been queued */
/* FALSE: the thread is ending. */
BOOLEAN KeInsertUserApc(struct _ETHREAD *Thread, PKAPC Apc);
/* FALSE: it was not queued. It is not released. */
BOOLEAN KeRemoveUserApc(PKAPC Apc);
/* The next routine of the current thread, if there is one, is put on its stack: it runs first, then
 * the thread goes on with Context or, if that is NULL, with Registers, which become those of the
 * routine. A thread with a bad stack is ended. */
BOOLEAN KeTakeApc(struct _ETHREAD *Thread, const CONTEXT *Context, seL4_UserContext *Registers);
void KeDiscardApcs(struct _ETHREAD *Thread, BOOLEAN GiveWay);
/* Of the current thread: TRUE if it was alerted; else its routines run before the service returns.
 */
BOOLEAN KeTestAlert(struct _ETHREAD *Thread);
void KeAlertThread(struct _ETHREAD *Thread);

/* ---- Exceptions ---- */
/* Puts the exception on the stack of the current thread for ntdll to dispatch; Registers are those
 * at the exception and become those to go on with. FALSE: the stack cannot take it. */
BOOLEAN KeDispatchException(struct _ETHREAD *Thread, PEXCEPTION_RECORD Record,
                            seL4_UserContext *Registers);
/* Nobody has handled it: reports it on the debug log and ends the process with the code as exit
 * status. Thread is the current one. */
void KeEndByException(struct _ETHREAD *Thread, PEXCEPTION_RECORD Record,
                      const seL4_UserContext *Registers);
/* The debugger is asked whether it goes on; else KeEndByException. */
void KeLastChance(struct _ETHREAD *Thread, PEXCEPTION_RECORD Record,
                  const seL4_UserContext *Registers);
/* At the first chance. TRUE: the thread goes on as it is, or is ending. FALSE: Registers are those
 * that the debugger has set, if it has. */
BOOLEAN KeAskDebugger(struct _ETHREAD *Thread, PEXCEPTION_RECORD Record,
                      seL4_UserContext *Registers);
/* The service in progress raises Code in its caller when it ends, and returns it when that is
 * handled. Code: what it is to return. */
NTSTATUS KeRaiseUserException(NTSTATUS Code);
/* The current thread is shown with Context, and goes on with it when its service ends. Registers
 * are Context's. */
NTSTATUS KeShowContext(struct _ETHREAD *Thread, const CONTEXT *Context,
                       const seL4_UserContext *Registers);
/* Writes where Thread is to the debug log, under a headline. */
void KeReportThread(struct _ETHREAD *Thread, const char *What);
/* The integer and control parts that Context's flags name, into Registers. */
void KeContextToRegisters(const CONTEXT *Context, seL4_UserContext *Registers);
void KeRegistersToContext(const seL4_UserContext *Registers, PCONTEXT Context);
/* Floating-point state and single-stepping are beyond the Executive: such a context is for ntdll's
 * context dispatcher, to which Registers, those of a thread in a service, are turned. */
BOOLEAN KeNeedsUserMode(const CONTEXT *Context);
#if defined(__x86_64__)
#define KE_FLOATING_PARTS 0x08u /* of ContextFlags */
#else
#define KE_FLOATING_PARTS 0x28u
#endif
/* The floating-point state of any thread but one that has ended, in the form of a CONTEXT. Waits
 * until the thread has told it: STATUS_TIMEOUT if it does not, STATUS_UNSUCCESSFUL if it has never
 * run, STATUS_THREAD_IS_TERMINATING (either one), STATUS_INSUFFICIENT_RESOURCES. */
#if defined(__x86_64__)
typedef struct _KE_FLOATING_STATE {
    UCHAR FxSave[512];
} KE_FLOATING_STATE, *PKE_FLOATING_STATE;
#else
typedef struct _KE_FLOATING_STATE {
    UCHAR FxSave[512], FnSave[108];
} KE_FLOATING_STATE, *PKE_FLOATING_STATE;
#endif
NTSTATUS KeCaptureFloatingState(struct _ETHREAD *Thread, PKE_FLOATING_STATE State);
void KeAddFloatingState(const KE_FLOATING_STATE *State, PCONTEXT Context);
void KeEndDetour(struct _ETHREAD *Thread); /* the thread ends: who waits for its state learns it */
/* A context for it, on the stack of Thread below the stack pointer of Registers. Fails as
 * MmCopyToProcess. */
NTSTATUS KePushContext(struct _ETHREAD *Thread, const CONTEXT *Context,
                       seL4_UserContext *Registers);
BOOLEAN KeIsAtContextDispatcher(struct _ETHREAD *Thread, const seL4_UserContext *Registers);
CLIENT(PCONTEXT) KeDispatchedContext(const seL4_UserContext *Registers);
void KeSendToContextDispatcher(struct _ETHREAD *Thread, ULONG_PTR ContextAddress,
                               seL4_UserContext *Registers);
/* All registers as they are; in a system call, those that it was called with. */
BOOLEAN KeReadRegisters(struct _ETHREAD *Thread, seL4_UserContext *Registers);
/* Those with which the service that the thread has called returns, with STATUS_SUCCESS. */
BOOLEAN KeReadRegistersBehindService(struct _ETHREAD *Thread, seL4_UserContext *Registers);
/* Of any thread but one that has ended. */
void KeGetThreadRegisters(struct _ETHREAD *Thread, seL4_UserContext *Registers);
ULONG_PTR KeGetProgramCounter(struct _ETHREAD *Thread);
void KeSetThreadRegisters(struct _ETHREAD *Thread, const seL4_UserContext *Registers);
/* A thread in its program, which is stopped, comes to the Executive before its next instruction. */
BOOLEAN KeInterceptThread(struct _ETHREAD *Thread);
/* The thread, which is in a service, gets no reply but continues with all these registers: at once
 * if Resume is TRUE, else when it is resumed. */
BOOLEAN KeContinueThread(struct _ETHREAD *Thread, const seL4_UserContext *Registers,
                         BOOLEAN Resume);
/* The same at one of ntdll's dispatchers that find all on their stack: only program counter, stack
 * pointer and flags count. */
BOOLEAN KeEnterDispatcher(struct _ETHREAD *Thread, const seL4_UserContext *Registers,
                          BOOLEAN Resume);

/* ---- Fatal ---- */
void KeBugCheck(const char *Reason) __attribute__((noreturn));
#if DBG
#define ASSERT(e) ((e) ? (void)0 : KeBugCheck(__FILE__ ": " #e))
#else
#define ASSERT(e) ((void)0)
#endif

/* Shows each system service that the process calls from now on, or no longer (servicetrace.c). */
void KeTraceProcess(struct _EPROCESS *Process, BOOLEAN On);

/* How many service stacks threads have been promised, and how many are theirs as they wait. */
void KeQueryStacks(PULONG Promised, PULONG Owned);

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of ntdll/tp share. Work, timers, waits and IO are objects of one kind: each time
 * one of them has something to do it is posted to its pool, whose threads call its callback. One
 * more thread, the manager, posts those whose time has come, or whose packet has come to the port.
 *
 * One lock, TppLock, guards all of it; no callback runs with it.
 */
#pragma once

#include "rtlp.h"
#include <nt/nttp.h>

typedef enum _TPP_KIND {
    TppSimple,
    TppWork,
    TppTimer,
    TppWait,
    TppIo,
} TPP_KIND;

struct _TP_POOL {
    ULONG References;                              /* its owner, its objects, its threads */
    LIST_ENTRY Queues[TP_CALLBACK_PRIORITY_COUNT]; /* of TPP_OBJECT.QueueLinks */
    RTL_CONDITION_VARIABLE Work;
    ULONG Threads, Idle;
    ULONG Minimum, Maximum;
    BOOLEAN Starting; /* a thread is on its way */
    BOOLEAN Released;
    TP_POOL_STACK_INFORMATION Stack;
};

struct _TP_CLEANUP_GROUP {
    LIST_ENTRY Members; /* of TPP_OBJECT.GroupLinks */
};

/* Heap, which goes when the last of those who are counted has gone; then Event, if given, is set.
 */
typedef struct _TPP_GATE {
    ULONG Count;
    HANDLE Event;
} TPP_GATE, *PTPP_GATE;

/* What a port has told of an IO operation. */
typedef struct _TPP_COMPLETION {
    LIST_ENTRY Links;
    PVOID ApcContext;
    IO_STATUS_BLOCK Block;
} TPP_COMPLETION, *PTPP_COMPLETION;

typedef struct _TPP_OBJECT {
    ULONG References; /* its owner; each callback that is pending or runs; what it waits for */
    TPP_KIND Kind;
    PTP_POOL Pool; /* referenced */
    PVOID Callback, Context;
    PTP_SIMPLE_CALLBACK Finalization;
    PTP_CLEANUP_GROUP Group; /* NULL: none */
    LIST_ENTRY GroupLinks;
    PTP_CLEANUP_GROUP_CANCEL_CALLBACK GroupCancel;
    ULONG Priority;
    LIST_ENTRY QueueLinks; /* if callbacks are pending */
    ULONG Pending, Running;
    RTL_CONDITION_VARIABLE Finished; /* neither */
    PVOID Memory;                    /* heap, goes with the object; or NULL */
    HANDLE EndEvent;                 /* set when the object has gone; or NULL */
    PTPP_GATE Gate;                  /* where it is counted; or NULL */

    /* Timers, and waits with a time limit (manager.c) */
    RTL_BALANCED_NODE TimerNode;
    BOOLEAN Set; /* in the tree */
    BOOLEAN EverSet;
    LONGLONG Due, Period; /* 100 ns, interrupt time */

    /* Waits */
    HANDLE Packet;
    BOOLEAN Armed;         /* the packet will come; a reference */
    ULONG_PTR Generation;  /* tells it from those that were given up */
    ULONG PendingTimeouts; /* of the pending callbacks, those that tell of the time limit */

    /* IO */
    ULONG Outstanding;      /* operations that were started; a reference each */
    LIST_ENTRY Completions; /* one for each pending callback */
} TPP_OBJECT, *PTPP_OBJECT;

struct _TP_CALLBACK_INSTANCE {
    PTPP_OBJECT Object;
    BOOLEAN Associated; /* those who wait for the object wait for this callback */
    HANDLE Event, Semaphore, Mutex;
    ULONG SemaphoreCount;
    PRTL_CRITICAL_SECTION CriticalSection;
    PVOID Dll;
};

extern RTL_SRWLOCK TppLock;

#define TppEnter() RtlAcquireSRWLockExclusive(&TppLock)
#define TppLeave() RtlReleaseSRWLockExclusive(&TppLock)

/* pool.c; with the lock */
NTSTATUS TppReferencePool(PTP_POOL Chosen, PTP_POOL *Pool); /* NULL: the process's own */
void TppDereferencePool(PTP_POOL Pool);
/* Something has been queued. What is returned tells why a thread that is needed cannot be made. */
NTSTATUS TppWantThread(PTP_POOL Pool);

/* object.c */
/* Environment may be NULL. STATUS_INVALID_PARAMETER, STATUS_NO_MEMORY. */
NTSTATUS TppAllocate(TPP_KIND Kind, PVOID Callback, PVOID Context, PTP_CALLBACK_ENVIRON Environment,
                     PTPP_OBJECT *Object);
void TppDereference(PTPP_OBJECT Object); /* with the lock */
void TppLeaveGate(PTPP_GATE Gate);       /* with the lock */
void TppPost(PTPP_OBJECT Object);        /* with the lock */
/* Posts an object that has no owner but the caller, and releases it. What is returned: its pool has
 * no thread, and gets none. */
NTSTATUS TppPostAlone(PTPP_OBJECT Object);
PTPP_OBJECT TppTakeNext(PTP_POOL Pool); /* with the lock; NULL: nothing is pending */
void TppRun(PTPP_OBJECT Object);        /* with the lock, which it leaves meanwhile */
void TppWaitFor(PTPP_OBJECT Object, BOOLEAN Cancel);
/* The owner lets go of it: what it waits for is given up, what is pending still runs. */
void TppRelease(PTPP_OBJECT Object);
/* The same; and if callbacks are still to end, STATUS_PENDING. Event, if given, is set at the end;
 * MAXULONG_PTR: it waits for the end instead. */
NTSTATUS TppReleaseEx(PTPP_OBJECT Object, HANDLE Event);

/* manager.c; with the lock */
NTSTATUS TppStartManager(void);
void TppSetTimer(PTPP_OBJECT Object, LONGLONG Due, LONGLONG Period);
void TppUnsetTimer(PTPP_OBJECT Object);
/* Handle NULL: it waits no more. */
NTSTATUS TppSetWait(PTPP_OBJECT Object, HANDLE Handle, PLARGE_INTEGER Timeout);
NTSTATUS TppAssociateFile(HANDLE File, PTPP_OBJECT Object);

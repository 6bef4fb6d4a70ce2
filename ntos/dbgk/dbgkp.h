/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private to dbgk. A debug object's debuggees each have a queue of events (EPROCESS.DebugEvents),
 * of which the first one is shown to the debugger; the next one follows when that is answered. So a
 * process has one event outstanding at a time, as in Windows. While its queue is not empty the
 * process is frozen. Without a debug port it has no events.
 *
 *   event          it is in                            becomes
 *   idle           no list                             queued (DbgkpPost)
 *   queued         EPROCESS.DebugEvents                read (DbgkpTakeEvent), when it is the first
 *   read           the same, as the first; Read        idle (DbgkpAnswer); late (DBG_REPLY_LATER)
 *   late           EPROCESS.DebugLater; Late           queued (DbgkReplay), when its thread goes on
 *   left over      its list (DbgkpDisconnect)          idle (DbgkpFlush)
 */
#pragma once
#include <dbg.h>
#include <dbgk.h>
#include <ex.h>
#include <io.h>
#include <mm.h>
#include <ob.h>
#include <ps.h>

typedef struct _DEBUG_OBJECT {
    KEVENT EventsPresent;   /* a notification event: what waits for the object waits for it */
    LIST_ENTRY ProcessHead; /* EPROCESS.DebugLinks */
    LIST_ENTRY ReadyHead;   /* EPROCESS.DebugReadyLinks: those with an event to be read */
    BOOLEAN KillOnClose;
    BOOLEAN Closed; /* its last handle is gone */
} DEBUG_OBJECT, *PDEBUG_OBJECT;

/* Each thread of a debuggee has one event of its own, so that reporting needs no memory. */
typedef struct _DBGK_EVENT {
    LIST_ENTRY Links;        /* Flink NULL: in no list */
    struct _ETHREAD *Thread; /* of a made-up one referenced */
    PIO_FILE File;           /* referenced, or NULL: becomes FileHandle */
    BOOLEAN Read;
    BOOLEAN Late;
    BOOLEAN MadeUp;      /* at attaching: nobody waits for the answer */
    BOOLEAN Exit;        /* of a thread that is kept until the answer */
    BOOLEAN ExitPending; /* the thread has ended while this event was read */
    NTSTATUS Answer;
    KEVENT Answered;
    DBGUI_WAIT_STATE_CHANGE Change;
} DBGK_EVENT, *PDBGK_EVENT;

/* queue.c. Those that may give way: what is shared may have changed afterwards. */
void DbgkpPost(PDBGK_EVENT Event, BOOLEAN GiveWay);
void DbgkpPublish(struct _EPROCESS *Process, BOOLEAN GiveWay); /* its first event can be read */
PDBGK_EVENT DbgkpTakeEvent(PDEBUG_OBJECT Object);              /* NULL: there is none */
void DbgkpReturnEvent(PDBGK_EVENT Event);                      /* it has not been read after all */
/* The first event of the process, which has been read, is answered. */
void DbgkpAnswer(struct _EPROCESS *Process, NTSTATUS Answer);
void DbgkpWithdraw(PDBGK_EVENT Event); /* its thread waits no more */
/* Those of From come first in List. */
static inline void DbgkpMoveInFront(PLIST_ENTRY List, PLIST_ENTRY From)
{
    if (IsListEmpty(From))
        return;
    From->Blink->Flink = List->Flink;
    List->Flink->Blink = From->Blink;
    From->Flink->Blink = List;
    List->Flink = From->Flink;
    InitializeListHead(From);
}

/* The process is no longer its object's: all its events come to the list Events, since another
 * debugger may attach at once. There they are answered for the one that has gone. */
void DbgkpDisconnect(struct _EPROCESS *Process, PLIST_ENTRY Events);
void DbgkpFlush(struct _EPROCESS *Process, PLIST_ENTRY Events);

/* report.c */
PDBGK_EVENT DbgkpMakeUp(struct _ETHREAD *Thread, DBG_STATE State); /* NULL: no memory */
void DbgkpFreeMadeUp(PDBGK_EVENT Event);
void DbgkpDescribeProcess(PDBGK_EVENT Event, struct _EPROCESS *Process);
void DbgkpDescribeImage(PDBGK_EVENT Event, struct _EPROCESS *Process, ULONG_PTR Base);

/* object.c */
/* Takes a reference; the debugger knows of nothing yet. */
void DbgkpConnect(struct _EPROCESS *Process, PDEBUG_OBJECT Object);
/* Whether the debugger that the thread's process has, or had last, knows of the thread. */
BOOLEAN DbgkpIsReported(struct _ETHREAD *Thread);
void DbgkpNoteReported(struct _ETHREAD *Thread);
void DbgkpShowDebugged(struct _EPROCESS *Process); /* in its PEB */

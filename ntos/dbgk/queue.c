/* SPDX-License-Identifier: BSD-2-Clause */
/* The queues of events between debuggees and their debugger (see dbgkp.h). */
#include "dbgkp.h"

static PDBGK_EVENT FirstEvent(PEPROCESS Process)
{
    return CONTAINING_RECORD(Process->DebugEvents.Flink, DBGK_EVENT, Links);
}

static void Unpublish(PEPROCESS Process)
{
    PDEBUG_OBJECT Object = Process->DebugPort;

    if (!Process->DebugReadyLinks.Flink)
        return;
    RemoveEntryList(&Process->DebugReadyLinks);
    Process->DebugReadyLinks.Flink = NULL;
    if (IsListEmpty(&Object->ReadyHead) && !Object->Closed)
        KeResetEvent(&Object->EventsPresent);
}

void DbgkpPublish(PEPROCESS Process, BOOLEAN GiveWay)
{
    PDEBUG_OBJECT Object = Process->DebugPort;

    if (!Object || Process->DebugAttaching || Process->DebugReadyLinks.Flink ||
        IsListEmpty(&Process->DebugEvents) || FirstEvent(Process)->Read)
        return;
    InsertTailList(&Object->ReadyHead, &Process->DebugReadyLinks);
    if (!GiveWay) {
        KeSetEvent(&Object->EventsPresent);
        return;
    }
    ObReferenceObject(Object);
    KeSetEventGivingWay(&Object->EventsPresent);
    ObDereferenceObject(Object);
}

static void RemoveEvent(PDBGK_EVENT Event)
{
    RemoveEntryList(&Event->Links);
    Event->Links.Flink = NULL;
    Event->Read = FALSE;
}

/* The last thread's end is the process's. From here on no thread can be made in it. */
static void ChooseExit(PDBGK_EVENT Event)
{
    PETHREAD Thread = Event->Thread;
    PEPROCESS Process = Thread->Process;

    Event->Change.NewState = DbgExitThreadStateChange;
    Event->Change.StateInfo.ExitThread.ExitStatus = Thread->ExitStatus;
    if (Process->ActiveThreads > 1)
        return;
    if (!Process->Exiting)
        Process->ExitStatus = Thread->ExitStatus;
    Process->Exiting = TRUE;
    Event->Change.NewState = DbgExitProcessStateChange;
    Event->Change.StateInfo.ExitProcess.ExitStatus = Process->ExitStatus;
}

PDBGK_EVENT DbgkpTakeEvent(PDEBUG_OBJECT Object)
{
    PEPROCESS Process;
    PDBGK_EVENT Event;

    if (IsListEmpty(&Object->ReadyHead))
        return NULL;
    Process = CONTAINING_RECORD(Object->ReadyHead.Flink, EPROCESS, DebugReadyLinks);
    Unpublish(Process);
    Event = FirstEvent(Process);
    Event->Read = TRUE;
    if (Event->Exit)
        ChooseExit(Event);
    return Event;
}

void DbgkpReturnEvent(PDBGK_EVENT Event)
{
    Event->Read = FALSE;
    DbgkpPublish(Event->Thread->Process, TRUE);
}

/* The next event is shown, or the process goes on. */
static void GoOn(PEPROCESS Process)
{
    if (!Process->DebugPort)
        return; /* DbgkpFlush lets it go on */
    if (IsListEmpty(&Process->DebugEvents) && !Process->DebugAttaching)
        PsThawProcess(Process);
    else
        DbgkpPublish(Process, TRUE);
}

static void ReleaseFile(PDBGK_EVENT Event)
{
    if (Event->File)
        ObDereferenceObject(Event->File);
    Event->File = NULL;
}

/* Whoever waits for the answer gets it; an event that was made up is gone. */
static void Complete(PDBGK_EVENT Event, NTSTATUS Answer)
{
    ReleaseFile(Event);
    if (Event->MadeUp) {
        DbgkpFreeMadeUp(Event);
    } else if (Event->ExitPending) {
        Event->ExitPending = FALSE;
        if (!DbgkReportExit(Event->Thread, TRUE))
            PsFinishExit(Event->Thread, TRUE);
    } else if (Event->Exit) {
        Event->Exit = FALSE;
        PsFinishExit(Event->Thread, TRUE);
    } else {
        Event->Answer = Answer;
        KeSetEvent(&Event->Answered);
    }
}

/* No thread of the process runs any more when its event is shown. The debugger may have gone since
 * the event was begun, and may go while this gives way, and the process with it. */
void DbgkpPost(PDBGK_EVENT Event, BOOLEAN GiveWay)
{
    PEPROCESS Process = Event->Thread->Process;

    if (!Process->DebugPort) {
        Complete(Event, STATUS_DEBUGGER_INACTIVE);
        return;
    }
    Event->Read = FALSE;
    InsertTailList(&Process->DebugEvents, &Event->Links);
    ObReferenceObject(Process);
    PsFreezeProcess(Process, GiveWay);
    DbgkpPublish(Process, GiveWay);
    ObDereferenceObject(Process);
}

static BOOLEAN IsWaitedFor(PDBGK_EVENT Event)
{
    return !Event->MadeUp && !Event->Exit && !Event->ExitPending;
}

/* What was asked to come later comes when the thread goes on, at once if it is not suspended. */
static void PutOff(PDBGK_EVENT Event)
{
    Event->Late = TRUE;
    InsertTailList(&Event->Thread->Process->DebugLater, &Event->Links);
    if (!PsIsSuspended(Event->Thread))
        DbgkReplay(Event->Thread);
}

void DbgkpAnswer(PEPROCESS Process, NTSTATUS Answer)
{
    PDBGK_EVENT Event = FirstEvent(Process);

    ObReferenceObject(Process);
    RemoveEvent(Event);
    if (Answer == DBG_REPLY_LATER && IsWaitedFor(Event))
        PutOff(Event);
    else
        Complete(Event, Answer);
    GoOn(Process);
    ObDereferenceObject(Process);
}

static void TakeOutLate(PDBGK_EVENT Event)
{
    Event->Late = FALSE;
    RemoveEvent(Event);
}

void DbgkReplay(PETHREAD Thread)
{
    PDBGK_EVENT Event = Thread->DebugEvent;

    if (!Event || !Event->Late)
        return;
    TakeOutLate(Event);
    DbgkpPost(Event, TRUE);
}

void DbgkpWithdraw(PDBGK_EVENT Event)
{
    PEPROCESS Process = Event->Thread->Process;

    if (!Event->Links.Flink || Event->Read)
        return;
    if (Event->Late) {
        TakeOutLate(Event);
    } else {
        if (Event == FirstEvent(Process))
            Unpublish(Process);
        RemoveEvent(Event);
        GoOn(Process);
    }
    ReleaseFile(Event);
}

void DbgkpDisconnect(PEPROCESS Process, PLIST_ENTRY Events)
{
    PDEBUG_OBJECT Object = Process->DebugPort;

    Unpublish(Process);
    DbgkpMoveInFront(Events, &Process->DebugLater);
    DbgkpMoveInFront(Events, &Process->DebugEvents);
    RemoveEntryList(&Process->DebugLinks);
    Process->DebugPort = NULL;
    DbgkpShowDebugged(Process);
    ObDereferenceObject(Object);
}

void DbgkpFlush(PEPROCESS Process, PLIST_ENTRY Events)
{
    while (!IsListEmpty(Events)) {
        PDBGK_EVENT Event = CONTAINING_RECORD(Events->Flink, DBGK_EVENT, Links);

        TakeOutLate(Event);
        Complete(Event, STATUS_DEBUGGER_INACTIVE);
        KeGiveWay();
    }
    if (!Process->DebugPort)
        PsThawProcess(Process);
}

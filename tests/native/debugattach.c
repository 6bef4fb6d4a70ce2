/* SPDX-License-Identifier: BSD-2-Clause */
/* Debuggers that attach to processes, and what becomes of debuggees whose debugger goes. */
#include "debugger.h"

static void TestAttach(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;
    ULONG Suspended = 77;

    if (!DebugStartSpinning(&Debuggee))
        return;
    ok(!DebugIsStill(&Debuggee), "it runs");
    Debuggee.Object = DebugObject(DEBUG_KILL_ON_CLOSE);
    ok_status(NtDebugActiveProcess(Debuggee.Process, Debuggee.Object), STATUS_SUCCESS, "attach");
    ok_status(NtDebugActiveProcess(Debuggee.Process, Debuggee.Object), STATUS_PORT_ALREADY_SET,
              "not twice");
    ok(DebugIsShown(Debuggee.Process), "its PEB says so");
    ok(DebugIsStill(&Debuggee), "it stops at once");
    NtQueryInformationThread(Debuggee.Thread, ThreadSuspendCount, &Suspended, sizeof(Suspended),
                             NULL);
    ok(Suspended == 0, "without being suspended");
    ok(DebugNext(&Debuggee, DbgCreateProcessStateChange, &Change), "the process is reported");
    DebugCheckProcess(&Debuggee, &Change);
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgCreateThreadStateChange, &Change), "its other thread");
    ok(Change.StateInfo.CreateThread.NewThread.StartAddress == (PVOID)DebuggeeSpin, "as it began");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgLoadDllStateChange, &Change), "and ntdll");
    DebugCheckFile(Change.StateInfo.LoadDll.FileHandle);
    ok(DebugIsStill(&Debuggee), "it stands still until all is answered");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(DebugWait(&Debuggee, &Change, 20), STATUS_TIMEOUT, "there is nothing else");
    ok(!DebugIsStill(&Debuggee), "it runs again");
    ok_status(NtRemoveProcessDebug(Debuggee.Process, Debuggee.Object), STATUS_SUCCESS, "let it go");
    ok_status(NtRemoveProcessDebug(Debuggee.Process, Debuggee.Object), STATUS_PORT_NOT_SET,
              "only once");
    ok(!DebugIsShown(Debuggee.Process), "its PEB says so");
    ok(!DebugIsStill(&Debuggee), "it runs on");
    NtClose(Debuggee.Object);
    Debuggee.Object = NULL;
    ok_status(WaitFor(Debuggee.Process, 20), STATUS_TIMEOUT, "also without the object");
    NtTerminateProcess(Debuggee.Process, 3);
    ok_status(DebugExitStatus(&Debuggee), 3, "and ends as others do");
    DebugClose(&Debuggee);
}

#define CROWD 150

static NTSTATUS NTAPI Rest(PVOID Argument)
{
    for (;;)
        Sleep(10000);
}

static DEBUGGEE Second;

/* Attaches as soon as the first debugger lets the process go. */
static NTSTATUS NTAPI AttachSecond(PVOID Argument)
{
    NTSTATUS Status;

    do
        Status = NtDebugActiveProcess(Second.Process, Second.Object);
    while (Status == STATUS_PORT_ALREADY_SET);
    return Status;
}

/* A debugger's process with many threads, each of which has begun and ended unread. */
static HANDLE AttachToCrowd(void)
{
    HANDLE Object = DebugObject(0), Crowd[CROWD];
    ULONG Made = 0;

    while (Made < CROWD &&
           NT_SUCCESS(NtCreateThreadEx(&Crowd[Made], THREAD_ALL_ACCESS, NULL, Second.Process, Rest,
                                       NULL, 0, 0, 0, 0, NULL)))
        Made++;
    ok(Made == CROWD, "a crowd of threads");
    Sleep(100);
    ok_status(NtDebugActiveProcess(Second.Process, Object), STATUS_SUCCESS, "attach to it");
    while (Made) {
        NtTerminateThread(Crowd[--Made], 1);
        NtClose(Crowd[Made]);
    }
    return Object;
}

/* What the first debugger has not read is being thrown away while the second one attaches. */
static void TestSecondDebugger(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    ULONG Threads = 0, Processes = 0;
    HANDLE Object, Helper;

    if (!DebugStartSpinning(&Second))
        return;
    Object = AttachToCrowd();
    Second.Object = DebugObject(DEBUG_KILL_ON_CLOSE);
    Helper = StartThread(AttachSecond, NULL);
    Sleep(20);
    ok_status(NtRemoveProcessDebug(Second.Process, Object), STATUS_SUCCESS, "let it go");
    ok_status(EndOfThread(Helper), STATUS_SUCCESS, "another debugger attaches meanwhile");
    ok(DebugIsStill(&Second), "the process waits for that one");
    while (DebugWait(&Second, &Change, 100) == STATUS_SUCCESS) {
        Processes += Change.NewState == DbgCreateProcessStateChange;
        Threads += Change.NewState == DbgCreateThreadStateChange;
        DebugContinue(&Second, &Change, DBG_CONTINUE);
    }
    ok(Processes == 1 && Threads == 1, "which learns of its threads");
    ok(!DebugIsStill(&Second), "then it runs");
    NtClose(Object);
    NtClose(Second.Object);
    Second.Object = NULL;
    ok_status(DebugExitStatus(&Second), STATUS_DEBUGGER_INACTIVE,
              "and ends with its last debugger");
    DebugClose(&Second);
}

/* Suspended by itself or with all: each undoes its own. */
static void TestSuspension(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;
    ULONG Previous = 77;

    if (!DebugStartSpinning(&Debuggee))
        return;
    Debuggee.Object = DebugObject(DEBUG_KILL_ON_CLOSE);
    NtDebugActiveProcess(Debuggee.Process, Debuggee.Object);
    ok_status(NtSuspendThread(Debuggee.Thread, &Previous), STATUS_SUCCESS,
              "suspend a thread that an event has stopped");
    ok(Previous == 0, "it was not suspended");
    while (DebugWait(&Debuggee, &Change, 20) == STATUS_SUCCESS)
        DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugAreStill(&Debuggee, 0, 0), "after the events it stays suspended");
    ok(!DebugAreStill(&Debuggee, 1, 1), "the other thread runs");
    ok_status(NtResumeThread(Debuggee.Thread, &Previous), STATUS_SUCCESS, "resume it");
    ok(Previous == 1, "it was suspended");
    ok(!DebugAreStill(&Debuggee, 0, 0), "it runs");
    ok_status(DbgUiIssueRemoteBreakin(Debuggee.Process), STATUS_SUCCESS, "break in");
    ok(DebugNext(&Debuggee, DbgCreateThreadStateChange, &Change), "a thread comes");
    ok(Change.StateInfo.CreateThread.NewThread.StartAddress == DebugRoutine("DbgUiRemoteBreakin"),
       "to break in");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgBreakpointStateChange, &Change), "a breakpoint");
    ok(DebugIsStill(&Debuggee), "all stop");
    ok_status(NtResumeThread(Debuggee.Thread, &Previous), STATUS_SUCCESS, "resuming one");
    ok(Previous == 0 && DebugIsStill(&Debuggee), "does not help");
    DebugContinue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(DebugNext(&Debuggee, DbgExitThreadStateChange, &Change), "the thread leaves");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(!DebugIsStill(&Debuggee), "they run");
    NtClose(Debuggee.Object);
    Debuggee.Object = NULL;
    ok_status(DebugExitStatus(&Debuggee), STATUS_DEBUGGER_INACTIVE,
              "with its debugger's object a debuggee ends");
    DebugClose(&Debuggee);
}

/* KillOnClose FALSE: what was reported counts as not handled. */
static void TestClose(BOOLEAN KillOnClose)
{
    ULONG Flags = KillOnClose ? DEBUG_KILL_ON_CLOSE : 0;
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;

    if (!DebugLaunch(ChildDoesAll, &Debuggee))
        return;
    ok_status(NtSetInformationDebugObject(Debuggee.Object, DebugObjectKillProcessOnExitInformation,
                                          &Flags, sizeof(Flags), NULL),
              STATUS_SUCCESS, "say what is to become of it");
    ok(DebugUntil(&Debuggee, DbgBreakpointStateChange, &Change), "the loader's breakpoint");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugUntil(&Debuggee, DbgBreakpointStateChange, &Change), "its own");
    NtClose(Debuggee.Object);
    Debuggee.Object = NULL;
    ok_status(DebugExitStatus(&Debuggee), KillOnClose ? STATUS_DEBUGGER_INACTIVE : 0x77,
              KillOnClose ? "it ends with its debugger" : "it goes on without its debugger");
    DebugClose(&Debuggee);
}

static HANDLE Closing;
static volatile NTSTATUS ClosingStatus;

static NTSTATUS NTAPI WaitForClosing(PVOID Argument)
{
    DBGUI_WAIT_STATE_CHANGE Change;

    ClosingStatus = NtWaitForDebugEvent(Closing, FALSE, NULL, &Change);
    return 0;
}

static void TestInactive(void)
{
    HANDLE Thread;

    Closing = DebugObject(0);
    Thread = StartThread(WaitForClosing, NULL);
    Sleep(20);
    NtClose(Closing);
    EndOfThread(Thread);
    ok_status(ClosingStatus, STATUS_DEBUGGER_INACTIVE, "who waits is told when the object goes");
}

void TestDebugAttach(void)
{
    TestAttach();
    TestSecondDebugger();
    TestSuspension();
    TestClose(FALSE);
    TestClose(TRUE);
    TestInactive();
}

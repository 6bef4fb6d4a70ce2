/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of debug objects share. */
#pragma once
#include "waiting.h"

/* Made by the program that is run as "umtests debuggee N". */
enum {
    ChildExits = 1,
    ChildDoesAll,
    ChildFaults,
    ChildSpins,
    ChildPrints,
    ChildSteps,
    ChildStarts, /* another one */
    ChildCalculates,
    ChildUsesDbgPrint,
    ChildClosesBadly,
};

/* debuggee.c */
#define DEBUGGEE_PRINTED "seen by debuggers"
extern volatile ULONG
    DebuggeeCounters[2]; /* of ChildSpins' threads; at one place in all processes */
NTSTATUS NTAPI DebuggeeShort(PVOID Argument); /* a thread that ends with Argument */
NTSTATUS NTAPI DebuggeeSpin(PVOID Counter);   /* a thread that counts */

/* debugger.c */
typedef struct _DEBUGGEE {
    HANDLE Object, Process, Thread;
    CLIENT_ID Id;
} DEBUGGEE, *PDEBUGGEE;

PVOID DebugRoutine(PCSTR Name);  /* where ntdll has it, and not where this program jumps there */
HANDLE DebugObject(ULONG Flags); /* a new one */
/* What this program does as that child; suspended. Object may be NULL. */
NTSTATUS DebugCreate(ULONG Child, HANDLE Object, ULONG Flags, PDEBUGGEE Debuggee);
BOOLEAN DebugLaunch(ULONG Child, PDEBUGGEE Debuggee); /* under a new object; it runs */
NTSTATUS DebugWait(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change, LONG Milliseconds);
void DebugCloseHandles(const DBGUI_WAIT_STATE_CHANGE *Change); /* that an event came with */
/* Answers an event, and closes the handles that it came with. */
NTSTATUS DebugContinue(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change, NTSTATUS Answer);
/* Waits for an event of that kind, and answers others before it. FALSE: it does not come. */
BOOLEAN DebugUntil(PDEBUGGEE Debuggee, DBG_STATE State, PDBGUI_WAIT_STATE_CHANGE Change);
BOOLEAN DebugNext(PDEBUGGEE Debuggee, DBG_STATE State, PDBGUI_WAIT_STATE_CHANGE Change);
NTSTATUS DebugExitStatus(PDEBUGGEE Debuggee); /* when it ends; STATUS_TIMEOUT */
void DebugClose(PDEBUGGEE Debuggee);
BOOLEAN DebugIsShown(HANDLE Process); /* in its PEB */
ULONG_PTR DebugPortOf(HANDLE Process);
void DebugCheckFile(HANDLE File);
void DebugCheckProcess(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change);
BOOLEAN DebugStartSpinning(PDEBUGGEE Debuggee); /* a process with two threads that do */
/* Whether its threads, or those from First to Last, stand still. */
BOOLEAN DebugIsStill(PDEBUGGEE Debuggee);
BOOLEAN DebugAreStill(PDEBUGGEE Debuggee, ULONG First, ULONG Last);

void TestDebugAttach(void); /* debugattach.c */

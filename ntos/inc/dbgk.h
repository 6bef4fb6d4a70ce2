/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Debugging: what happens in a process with a debug port (EPROCESS.DebugPort) becomes an event of
 * its debug object. Routines that end in "on a thread" are called by the thread itself, which then
 * waits for the debugger's answer.
 */
#pragma once
#include "ke.h"

struct _DEBUG_OBJECT;
struct _DBGK_EVENT;
struct _EPROCESS;
struct _ETHREAD;
struct _MM_SECTION;

extern struct _OBJECT_TYPE *DbgkDebugObjectType;

void DbgkInitialize(void);

/* A new process gets the debug object, or with NULL that of its parent, if that gives it on.
 * STATUS_DEBUGGER_INACTIVE. */
NTSTATUS DbgkInheritPort(struct _EPROCESS *Process, struct _EPROCESS *Parent,
                         struct _DEBUG_OBJECT *Object);
/* The process is gone, or was never finished, or goes on alone: its port forgets it. */
void DbgkForgetProcess(struct _EPROCESS *Process);
/* A new thread of a process with a port; without memory it must not exist. */
NTSTATUS DbgkPrepareThread(struct _ETHREAD *Thread);
void DbgkDeleteThread(struct _ETHREAD *Thread);

/* A thread's first step, on the thread. */
void DbgkReportStart(struct _ETHREAD *Thread);
/* On the thread. TRUE: the debugger has handled the exception. The thread's registers may have been
 * set meanwhile, and it may be ending. */
BOOLEAN DbgkForwardException(struct _ETHREAD *Thread, PEXCEPTION_RECORD Record,
                             BOOLEAN FirstChance);
/* On the current thread, which has mapped or unmapped an image. */
void DbgkReportLoad(PVOID Base);
void DbgkReportUnload(PVOID Base);
/* The thread, which has an event, ends. TRUE: it is kept, and PsFinishExit is called when the
 * debugger has answered. */
BOOLEAN DbgkReportExit(struct _ETHREAD *Thread, BOOLEAN GiveWay);
/* The thread goes on after NtResumeThread: an exception that was put off comes again. */
void DbgkReplay(struct _ETHREAD *Thread);

/* ProcessDebugObjectHandle: a handle for the current process. STATUS_PORT_NOT_SET. */
NTSTATUS DbgkOpenPort(struct _EPROCESS *Process, PHANDLE Handle);

/* SPDX-License-Identifier: BSD-2-Clause */
/* Ending threads and processes. */
#include "psp.h"

#define ENDED_AT_ONCE 8 /* threads, by a caller that must not give way */

/*
 * The thread executes nothing more. If one of its services is in progress, that ends first (its
 * waits return STATUS_THREAD_IS_TERMINATING), and then the dispatcher calls PsExitThread; this
 * holds for the calling thread too.
 */
static NTSTATUS EndThread(PETHREAD Thread, NTSTATUS ExitStatus, BOOLEAN GiveWay)
{
    if (Thread->Terminating)
        return STATUS_SUCCESS;
    Thread->Terminating = TRUE;
    Thread->ExitStatus = ExitStatus;
    if (seL4_TCB_Suspend(Thread->Tcb.Cap) != seL4_NoError)
        KeBugCheck("cannot stop a thread");
    if (Thread->ServiceStack)
        KeAbortWait(Thread);
    else if (Thread != PsGetCurrentThread())
        PsExitThread(Thread, GiveWay);
    return STATUS_SUCCESS;
}

NTSTATUS PsTerminateThread(PETHREAD Thread, NTSTATUS ExitStatus)
{
    return EndThread(Thread, ExitStatus, TRUE);
}

/* Those that come meanwhile too. */
static void TerminateThreads(PEPROCESS Process, NTSTATUS ExitStatus, PETHREAD Except,
                             BOOLEAN GiveWay)
{
    PS_THREAD_CURSOR Cursor;
    PETHREAD Thread;

    PsOpenThreadCursor(&Cursor, Process);
    while ((Thread = PsStepThreadCursor(&Cursor)) != NULL) {
        if (Thread != Except)
            EndThread(Thread, ExitStatus, GiveWay);
        if (GiveWay)
            KeGiveWay();
    }
    PsCloseThreadCursor(&Cursor);
}

/* The process is kept referenced, since its last thread may be among those that end. */
static BOOLEAN BeginEnd(PEPROCESS Process, NTSTATUS ExitStatus)
{
    if (Process->Exiting)
        return FALSE;
    Process->Exiting = TRUE;
    Process->ExitStatus = ExitStatus;
    ObReferenceObject(Process);
    return TRUE;
}

static void EndGivingWay(PVOID Context)
{
    PEPROCESS Process = Context;

    TerminateThreads(Process, Process->ExitStatus, NULL, TRUE);
    ObDereferenceObject(Process);
}

NTSTATUS PsTerminateProcessGivingWay(PEPROCESS Process, NTSTATUS ExitStatus)
{
    if (!BeginEnd(Process, ExitStatus))
        return STATUS_PROCESS_IS_TERMINATING;
    EndGivingWay(Process);
    return STATUS_SUCCESS;
}

/* What ends with a thread, and may be much. */
static BOOLEAN HoldsAnything(PETHREAD Thread)
{
    return !IsListEmpty(&Thread->UserApcListHead) || !IsListEmpty(&Thread->SpecialApcListHead) ||
           !IsListEmpty(&Thread->MutantListHead) || !IsListEmpty(&Thread->TimerList) ||
           !IsListEmpty(&Thread->RequestList) || !IsListEmpty(&Thread->TerminationPortList);
}

static BOOLEAN IsEndedSoon(PEPROCESS Process)
{
    PLIST_ENTRY Entry;

    if (Process->ActiveThreads > ENDED_AT_ONCE)
        return FALSE;
    for (Entry = Process->ThreadListHead.Flink; Entry != &Process->ThreadListHead;
         Entry = Entry->Flink)
        if (HoldsAnything(CONTAINING_RECORD(Entry, ETHREAD, ThreadListEntry)))
            return FALSE;
    return TRUE;
}

/* Many threads, or such that hold much, are ended on a system thread; without memory for that, they
 * are ended now. */
NTSTATUS PsTerminateProcess(PEPROCESS Process, NTSTATUS ExitStatus)
{
    if (!BeginEnd(Process, ExitStatus))
        return STATUS_PROCESS_IS_TERMINATING;
    if (!IsEndedSoon(Process) && NT_SUCCESS(KeCreateSystemThread(EndGivingWay, Process)))
        return STATUS_SUCCESS;
    TerminateThreads(Process, ExitStatus, NULL, FALSE);
    ObDereferenceObject(Process);
    return STATUS_SUCCESS;
}

/*
 * NtTerminateProcess: ends all threads of the process, which then ends with ExitStatus; does not
 * return in a process that ends itself. A NULL handle ends all threads of the calling process but
 * the calling one. Needs PROCESS_TERMINATE. Returns STATUS_PROCESS_IS_TERMINATING,
 * STATUS_INVALID_HANDLE, STATUS_ACCESS_DENIED. (WDK: ZwTerminateProcess)
 */
NTSTATUS NtTerminateProcess(HANDLE ProcessHandle, NTSTATUS ExitStatus)
{
    PEPROCESS Process;
    NTSTATUS Status;

    if (!ProcessHandle) {
        TerminateThreads(PsGetCurrentProcess(), ExitStatus, PsGetCurrentThread(), TRUE);
        return STATUS_SUCCESS;
    }
    Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_TERMINATE, PsProcessType,
                                       (PVOID *)&Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = PsTerminateProcessGivingWay(Process, ExitStatus);
    ObDereferenceObject(Process);
    return Status;
}

/*
 * NtTerminateThread: ends a thread; does not return for the calling one. A NULL handle means the
 * calling thread, unless it is the last of its process: STATUS_CANT_TERMINATE_SELF. Needs
 * THREAD_TERMINATE. (Win32: TerminateThread)
 */
NTSTATUS NtTerminateThread(HANDLE ThreadHandle, NTSTATUS ExitStatus)
{
    PETHREAD Thread;
    NTSTATUS Status;

    if (!ThreadHandle) {
        if (PsGetCurrentProcess()->ActiveThreads == 1)
            return STATUS_CANT_TERMINATE_SELF;
        return PsTerminateThread(PsGetCurrentThread(), ExitStatus);
    }
    Status =
        ObReferenceObjectByHandle(ThreadHandle, THREAD_TERMINATE, PsThreadType, (PVOID *)&Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = PsTerminateThread(Thread, ExitStatus);
    ObDereferenceObject(Thread);
    return Status;
}

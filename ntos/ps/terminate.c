/* SPDX-License-Identifier: BSD-2-Clause */
/* Ending threads and processes. */
#include "psp.h"

/*
 * The thread executes nothing more. If a service of it is in progress, that is over first (its
 * waits return STATUS_THREAD_IS_TERMINATING), and the dispatcher calls PsExitThread; so too for the
 * calling thread.
 */
NTSTATUS PsTerminateThread(PETHREAD Thread, NTSTATUS ExitStatus)
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
        PsExitThread(Thread);
    return STATUS_SUCCESS;
}

/* Any thread that is not being ended yet, but for Except. */
static PETHREAD FindLiveThread(PEPROCESS Process, PETHREAD Except)
{
    PLIST_ENTRY Entry;

    for (Entry = Process->ThreadListHead.Flink; Entry != &Process->ThreadListHead;
         Entry = Entry->Flink) {
        PETHREAD Thread = CONTAINING_RECORD(Entry, ETHREAD, ThreadListEntry);

        if (!Thread->Terminating && Thread != Except)
            return Thread;
    }
    return NULL;
}

/* Ending a thread may take it out of the list at once, so each search starts anew. */
static void TerminateThreads(PEPROCESS Process, NTSTATUS ExitStatus, PETHREAD Except)
{
    PETHREAD Thread;

    while ((Thread = FindLiveThread(Process, Except)) != NULL)
        PsTerminateThread(Thread, ExitStatus);
}

NTSTATUS PsTerminateProcess(PEPROCESS Process, NTSTATUS ExitStatus)
{
    if (Process->Exiting)
        return STATUS_PROCESS_IS_TERMINATING;
    Process->Exiting = TRUE;
    Process->ExitStatus = ExitStatus;
    TerminateThreads(Process, ExitStatus, NULL);
    return STATUS_SUCCESS;
}

/*
 * NtTerminateProcess: ends all threads of the process, which then ends with ExitStatus; does not
 * return in a process that ends itself. A NULL handle ends all threads of the own process but the
 * calling one. Needs PROCESS_TERMINATE. Returns STATUS_PROCESS_IS_TERMINATING,
 * STATUS_INVALID_HANDLE, STATUS_ACCESS_DENIED.  (WDK: ZwTerminateProcess)
 */
NTSTATUS NtTerminateProcess(HANDLE ProcessHandle, NTSTATUS ExitStatus)
{
    PEPROCESS Process;
    NTSTATUS Status;

    if (!ProcessHandle) {
        TerminateThreads(PsGetCurrentProcess(), ExitStatus, PsGetCurrentThread());
        return STATUS_SUCCESS;
    }
    Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_TERMINATE, PsProcessType,
                                       (PVOID *)&Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = PsTerminateProcess(Process, ExitStatus);
    ObDereferenceObject(Process);
    return Status;
}

/*
 * NtTerminateThread: ends a thread; does not return for the own one. A NULL handle means the own
 * thread, unless it is the last of its process: STATUS_CANT_TERMINATE_SELF. Needs THREAD_TERMINATE.
 * (Win32: TerminateThread)
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

/* SPDX-License-Identifier: BSD-2-Clause */
/* Suspending and resuming all threads of a process: NtSuspendProcess, NtResumeProcess. */
#include "psp.h"

/* Threads that are ending, that bypass this, or that cannot be suspended once more, are passed
 * over. A process that suspends itself stops when this service ends. */
static NTSTATUS ForAllThreads(HANDLE ProcessHandle,
                              NTSTATUS (*Change)(PETHREAD Thread, PULONG Previous))
{
    PETHREAD Thread = NULL;
    PEPROCESS Process;
    ULONG Previous;
    NTSTATUS Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_SUSPEND_RESUME,
                                                PsProcessType, (PVOID *)&Process);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Process->Exiting)
        Status = STATUS_PROCESS_IS_TERMINATING;
    while (NT_SUCCESS(Status) && (Thread = PsNextThread(Process, Thread)) != NULL) {
        if (!Thread->Header.SignalState && !Thread->BypassProcessFreeze)
            Change(Thread, &Previous);
        KeGiveWay();
    }
    ObDereferenceObject(Process);
    return Status;
}

/*
 * NtSuspendProcess: each of its threads is suspended once more; one that is made meanwhile may not
 * be. Needs PROCESS_SUSPEND_RESUME. Returns STATUS_PROCESS_IS_TERMINATING and what handles may
 * give.  (phnt: ntpsapi.h)
 */
NTSTATUS NtSuspendProcess(HANDLE ProcessHandle)
{
    return ForAllThreads(ProcessHandle, PsSuspendThread);
}

/* NtResumeProcess: each thread has one suspension less. As NtSuspendProcess. */
NTSTATUS NtResumeProcess(HANDLE ProcessHandle)
{
    return ForAllThreads(ProcessHandle, PsResumeThread);
}

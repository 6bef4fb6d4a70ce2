/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Suspending and resuming. A thread in its program is stopped by the kernel. One whose service is
 * in progress is not touched (the kernel would make it call again): the service goes on, and its
 * reply is withheld until the resumption. (A hostile one runs beside its service, since it does not
 * wait for the reply: that one is stopped by the kernel too.)
 */
#include "psp.h"

static BOOLEAN IsInService(PETHREAD Thread)
{
    return Thread == PsGetCurrentThread() || (Thread->ServiceStack && KeIsReplySaved(Thread));
}

NTSTATUS PsSuspendThread(PETHREAD Thread, PULONG Previous)
{
    if (Thread->Terminating)
        return STATUS_THREAD_IS_TERMINATING;
    if (Thread->SuspendCount == MAXIMUM_SUSPEND_COUNT)
        return STATUS_SUSPEND_COUNT_EXCEEDED;
    *Previous = Thread->SuspendCount++;
    if (!*Previous && !IsInService(Thread) && seL4_TCB_Suspend(Thread->Tcb.Cap) != seL4_NoError)
        KeBugCheck("cannot suspend a thread");
    return STATUS_SUCCESS;
}

NTSTATUS PsResumeThread(PETHREAD Thread, PULONG Previous)
{
    if (Thread->Terminating)
        return STATUS_THREAD_IS_TERMINATING;
    *Previous = Thread->SuspendCount;
    if (!Thread->SuspendCount || --Thread->SuspendCount || IsInService(Thread))
        return STATUS_SUCCESS;
    if (Thread->ReplyWithheld)
        KeReleaseReply(Thread);
    else if (seL4_TCB_Resume(Thread->Tcb.Cap) != seL4_NoError)
        KeBugCheck("cannot resume a thread");
    return STATUS_SUCCESS;
}

static NTSTATUS ChangeCount(HANDLE ThreadHandle, ACCESS_MASK Access, PULONG PreviousSuspendCount,
                            NTSTATUS (*Change)(PETHREAD Thread, PULONG Previous))
{
    PETHREAD Thread;
    ULONG Previous;
    NTSTATUS Status = PreviousSuspendCount
                          ? MmProbeForWrite(PreviousSuspendCount, sizeof(*PreviousSuspendCount))
                          : STATUS_SUCCESS;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByHandle(ThreadHandle, Access, PsThreadType, (PVOID *)&Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Change(Thread, &Previous);
    ObDereferenceObject(Thread);
    if (NT_SUCCESS(Status) && PreviousSuspendCount)
        Status = MmWriteClient(PreviousSuspendCount, &Previous);
    return Status;
}

/*
 * NtSuspendThread: one more suspension; the thread executes nothing until all are undone. Needs
 * THREAD_SUSPEND_RESUME. Returns STATUS_SUSPEND_COUNT_EXCEEDED (beyond 127),
 * STATUS_THREAD_IS_TERMINATING, STATUS_ACCESS_VIOLATION. (Win32: SuspendThread)
 */
NTSTATUS NtSuspendThread(HANDLE ThreadHandle, PULONG PreviousSuspendCount)
{
    return ChangeCount(ThreadHandle, THREAD_SUSPEND_RESUME, PreviousSuspendCount, PsSuspendThread);
}

/* NtResumeThread: one suspension less. As NtSuspendThread.  (Win32: ResumeThread) */
NTSTATUS NtResumeThread(HANDLE ThreadHandle, PULONG PreviousSuspendCount)
{
    return ChangeCount(ThreadHandle, THREAD_SUSPEND_RESUME, PreviousSuspendCount, PsResumeThread);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Suspending and resuming. A thread in its program is stopped by the kernel. One whose service is
 * in progress is not touched (the kernel would make it call again): the service goes on, and its
 * reply is withheld until the resumption. One on a detour comes to the Executive at its end, and
 * stops there. (A hostile thread can run while its service is in
 * progress, because it does not wait for the reply: it is stopped by the kernel too.)
 */
#include <dbgk.h>
#include "psp.h"

BOOLEAN PsIsInService(PETHREAD Thread)
{
    return Thread == PsGetCurrentThread() ||
           (Thread->ServiceStack && (Thread->Detour || KeIsReplySaved(Thread)));
}

static ULONG Count(PETHREAD Thread)
{
    return Thread->SuspendCount & ~(PS_THREAD_FROZEN | PS_THREAD_HELD);
}

BOOLEAN PsIsSuspended(PETHREAD Thread)
{
    return Count(Thread) != 0;
}

/* One reason more not to run. */
static void Stop(PETHREAD Thread, ULONG Reason)
{
    BOOLEAN Runs = !Thread->SuspendCount;

    Thread->SuspendCount += Reason;
    if (Runs && !PsIsInService(Thread) && !Thread->Detour &&
        seL4_TCB_Suspend(Thread->Tcb.Cap) != seL4_NoError)
        KeBugCheck("cannot suspend a thread");
}

static void LetGo(PETHREAD Thread, ULONG Reason)
{
    Thread->SuspendCount -= Reason;
    if (Thread->SuspendCount)
        return;
    Thread->Started = TRUE;
    if (PsIsInService(Thread) || Thread->Detour)
        return;
    if (Thread->ReplyWithheld)
        KeReleaseReply(Thread);
    else if (seL4_TCB_Resume(Thread->Tcb.Cap) != seL4_NoError)
        KeBugCheck("cannot resume a thread");
}

void PsHoldThread(PETHREAD Thread)
{
    Stop(Thread, PS_THREAD_HELD);
}

/* One that is being ended must not run again. */
void PsLetThreadGo(PETHREAD Thread)
{
    if (Thread->Terminating)
        Thread->SuspendCount &= ~PS_THREAD_HELD;
    else
        LetGo(Thread, PS_THREAD_HELD);
}

NTSTATUS PsSuspendThread(PETHREAD Thread, PULONG Previous)
{
    if (Thread->Terminating)
        return STATUS_THREAD_IS_TERMINATING;
    *Previous = Count(Thread);
    if (*Previous == MAXIMUM_SUSPEND_COUNT)
        return STATUS_SUSPEND_COUNT_EXCEEDED;
    Stop(Thread, 1);
    return STATUS_SUCCESS;
}

NTSTATUS PsResumeThread(PETHREAD Thread, PULONG Previous)
{
    if (Thread->Terminating)
        return STATUS_THREAD_IS_TERMINATING;
    *Previous = Count(Thread);
    if (!*Previous)
        return STATUS_SUCCESS;
    LetGo(Thread, 1);
    if (*Previous == 1 && Thread->DebugEvent)
        DbgkReplay(Thread);
    return STATUS_SUCCESS;
}

static BOOLEAN IsFrozen(PETHREAD Thread)
{
    return (Thread->SuspendCount & PS_THREAD_FROZEN) != 0;
}

static void FreezeThread(PETHREAD Thread, BOOLEAN Frozen)
{
    if (IsFrozen(Thread) == Frozen || Thread->BypassProcessFreeze || Thread->Terminating)
        return;
    if (Frozen)
        Stop(Thread, PS_THREAD_FROZEN);
    else
        LetGo(Thread, PS_THREAD_FROZEN);
}

/* Until somebody wants the contrary, who then begins with the oldest thread too. A thread that
 * comes meanwhile is as the process is. */
static void FreezeThreads(PEPROCESS Process, BOOLEAN Frozen, BOOLEAN GiveWay)
{
    PS_THREAD_CURSOR Cursor;
    PETHREAD Thread;

    PsOpenThreadCursor(&Cursor, Process);
    while (Process->Frozen == Frozen && (Thread = PsStepThreadCursor(&Cursor)) != NULL) {
        FreezeThread(Thread, Frozen);
        if (GiveWay)
            KeGiveWay();
    }
    PsCloseThreadCursor(&Cursor);
}

void PsFreezeProcess(PEPROCESS Process, BOOLEAN GiveWay)
{
    if (Process->Frozen)
        return;
    Process->Frozen = TRUE;
    FreezeThreads(Process, TRUE, GiveWay);
}

void PsThawProcess(PEPROCESS Process)
{
    if (!Process->Frozen)
        return;
    Process->Frozen = FALSE;
    FreezeThreads(Process, FALSE, TRUE);
}

static NTSTATUS ChangeCount(HANDLE ThreadHandle, ACCESS_MASK Access,
                            CLIENT(PULONG) PreviousSuspendCount,
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
NTSTATUS NtSuspendThread(HANDLE ThreadHandle, CLIENT(PULONG) PreviousSuspendCount)
{
    return ChangeCount(ThreadHandle, THREAD_SUSPEND_RESUME, PreviousSuspendCount, PsSuspendThread);
}

/* NtResumeThread: one suspension less. As NtSuspendThread.  (Win32: ResumeThread) */
NTSTATUS NtResumeThread(HANDLE ThreadHandle, CLIENT(PULONG) PreviousSuspendCount)
{
    return ChangeCount(ThreadHandle, THREAD_SUSPEND_RESUME, PreviousSuspendCount, PsResumeThread);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of threads and processes, after whatever they had in progress is over. */
#include <dbgk.h>
#include "psp.h"
#include <cm.h>

/* On a system thread: closing handles and stopping a driver may wait. */
static void RundownProcess(PVOID Context)
{
    PEPROCESS Process = Context;

    if (Process->DriverHost)
        IoHostProcessExit(Process);
    PspTakeApart(Process);
    Process->ExitTime = KeQuerySystemTime();
    KeSignalObject(&Process->Header, TRUE);
    ObDereferenceObject(Process);
}

/* Without memory for a system thread it is done at once, on the time of whoever ended the
 * process. */
static void StartRundown(PEPROCESS Process)
{
    if (!NT_SUCCESS(KeCreateSystemThread(RundownProcess, Process)))
        RundownProcess(Process);
}

static void FreeThreadMemory(PETHREAD Thread)
{
    PspDeleteTeb(Thread);
    if (!PspKeepStack(Thread))
        PspDeleteStack(Thread);
}

/* From here on no thread can be made in the process. The exit status of one that was not terminated
 * is that of its last thread. */
static void LastThreadGone(PEPROCESS Process, NTSTATUS ExitStatus)
{
    if (Process->BreakOnTermination)
        KeBugCheck("CRITICAL_PROCESS_DIED");
    if (!Process->Exiting)
        Process->ExitStatus = ExitStatus;
    Process->Exiting = TRUE;
    DbgTrace(DBG_PS, "ps: process %u ends with %08x\n", (ULONG)(ULONG_PTR)Process->UniqueProcessId,
             (ULONG)Process->ExitStatus);
    DbgkForgetProcess(Process);
    KeTraceProcess(Process, FALSE);
    PspExitJobs(Process);
}

void PsExitThread(PETHREAD Thread, BOOLEAN GiveWay)
{
    if (!Thread->DebugEvent || !DbgkReportExit(Thread, GiveWay))
        PsFinishExit(Thread, GiveWay);
}

void PsFinishExit(PETHREAD Thread, BOOLEAN GiveWay)
{
    PEPROCESS Process = Thread->Process;
    BOOLEAN Last;

    if (Thread->BreakOnTermination)
        KeBugCheck("a critical thread has ended");
    CmCancelThreadNotifies(Thread, GiveWay);
    IoCancelThreadRequests(Thread, GiveWay);
    ExRundownTimers(Thread, GiveWay);
    KeDiscardApcs(Thread, GiveWay);
    KeEndDetour(Thread);
    KeEndHold(Thread);
    KeAbandonMutants(Thread, GiveWay);
    KeLeaveQueue(Thread);
    SeRevert(Thread);
    LpcExitThread(Thread, GiveWay);
    if (Process->ActiveThreads == 1 || !PspKeepThread(Thread))
        PspFreeKernelParts(Thread);
    PspRemoveThread(Process, Thread);
    Thread->ClientIdEntry.Thread = NULL;
    Thread->ExitTime = KeQuerySystemTime();
    Last = --Process->ActiveThreads == 0;
    if (Last)
        LastThreadGone(Process, Thread->ExitStatus);
    else if (!Process->Exiting)
        FreeThreadMemory(Thread); /* gives way: other threads may end meanwhile */
    KeSignalObject(&Thread->Header, GiveWay);
    if (Last)
        StartRundown(Process);
    else if (Process->DriverHost)
        IoHostThreadExit(Thread);
    ObDereferenceObject(Thread);
}

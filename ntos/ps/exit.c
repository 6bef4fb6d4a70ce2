/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of threads and processes, after whatever they had in progress is over. */
#include "psp.h"

/* On a system thread: closing handles and stopping a driver may wait. */
static void RundownProcess(PVOID Context)
{
    PEPROCESS Process = Context;

    if (Process->Driver)
        IoDriverProcessExit(Process);
    PspTakeApart(Process);
    Process->ExitTime = KeQuerySystemTime();
    KeSignalObject(&Process->Header);
    ObDereferenceObject(Process);
}

/* Without memory for a system thread it is done at once, at the cost of whoever ended the process.
 */
static void StartRundown(PEPROCESS Process)
{
    Process->Exiting = TRUE;
    if (!NT_SUCCESS(KeCreateSystemThread(RundownProcess, Process)))
        RundownProcess(Process);
}

static void FreeThreadMemory(PETHREAD Thread)
{
    PspDeleteTeb(Thread);
    PspDeleteStack(Thread);
}

/* The exit status of a process that was not terminated is that of its last thread. */
static void LastThreadGone(PEPROCESS Process, NTSTATUS ExitStatus)
{
    if (!Process->Exiting)
        Process->ExitStatus = ExitStatus;
    DbgTrace(DBG_PS, "ps: process %u ends with %08x\n", (ULONG)(ULONG_PTR)Process->UniqueProcessId,
             (ULONG)Process->ExitStatus);
    StartRundown(Process);
}

void PsExitThread(PETHREAD Thread)
{
    PEPROCESS Process = Thread->Process;

    IoCancelThreadIrps(Thread);
    PspFreeKernelParts(Thread);
    RemoveEntryList(&Thread->ThreadListEntry);
    Thread->ExitTime = KeQuerySystemTime();
    Process->ActiveThreads--;
    if (Process->ActiveThreads && !Process->Exiting)
        FreeThreadMemory(Thread);
    KeSignalObject(&Thread->Header);
    if (!Process->ActiveThreads)
        LastThreadGone(Process, Thread->ExitStatus);
    ObDereferenceObject(Thread);
}

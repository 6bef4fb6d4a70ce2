/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processor time of jobs, and its limits. Each tick that the clock charges to a process (ke) is
 * its jobs' as well, and is when their limits are looked at: so a limit is exceeded by a tick at
 * most before somebody is ended. What follows needs no service: the clock's own work is short, and
 * processes of a job are ended by a system thread.
 */
#include "psp.h"

/* A Win32 error is what their exit status becomes.  (Win32: JOBOBJECT_END_OF_JOB_TIME_INFORMATION)
 */
#define ERROR_NOT_ENOUGH_QUOTA 1816

static BOOLEAN IsProcessOver(PEPROCESS Process, PEJOB Job)
{
    const JOBOBJECT_BASIC_LIMIT_INFORMATION *Basic = &Job->Limits.BasicLimitInformation;

    return Basic->LimitFlags & JOB_OBJECT_LIMIT_PROCESS_TIME &&
           PS_TICKS_TO_TIME(Process->UserTicks) > Basic->PerProcessUserTimeLimit.QuadPart;
}

static BOOLEAN IsJobOver(PEJOB Job)
{
    const JOBOBJECT_BASIC_LIMIT_INFORMATION *Basic = &Job->Limits.BasicLimitInformation;

    return Basic->LimitFlags & JOB_OBJECT_LIMIT_JOB_TIME && !Job->TimeOver &&
           PS_TICKS_TO_TIME(Job->UserTicks - Job->PeriodUserTicks) >
               Basic->PerJobUserTimeLimit.QuadPart;
}

/* Without memory for the thread that ends them, the next tick of one of them tries again. */
static void EndJobTime(PEJOB Job)
{
    if (Job->EndOfJobTimeAction == JOB_OBJECT_POST_AT_END_OF_JOB && Job->Port) {
        Job->Limits.BasicLimitInformation.LimitFlags &= ~JOB_OBJECT_LIMIT_JOB_TIME;
        PspPostJobMessage(Job, JOB_OBJECT_MSG_END_OF_JOB_TIME, NULL);
        return;
    }
    if (!PspStartJobKill(Job, ERROR_NOT_ENOUGH_QUOTA))
        return;
    Job->TimeOver = TRUE;
    Job->TerminatedProcesses += Job->ActiveProcesses;
    KeSignalObject(&Job->Header, FALSE);
}

static void EndProcessTime(PEPROCESS Process, PEJOB Job)
{
    if (Process->Exiting)
        return;
    Job->TerminatedProcesses++;
    PspPostJobMessage(Job, JOB_OBJECT_MSG_END_OF_PROCESS_TIME, Process->UniqueProcessId);
    PsTerminateProcess(Process, ERROR_NOT_ENOUGH_QUOTA);
}

void PsChargeJobTick(PEPROCESS Process, BOOLEAN Kernel)
{
    PEJOB Job, Over = NULL;

    for (Job = Process->Job; Job; Job = Job->Parent) {
        if (Kernel)
            Job->KernelTicks++;
        else
            Job->UserTicks++;
        if (IsJobOver(Job))
            EndJobTime(Job);
        if (!Over && IsProcessOver(Process, Job))
            Over = Job;
    }
    if (Over)
        EndProcessTime(Process, Over);
}

NTSTATUS PspCheckJobTime(const JOBOBJECT_BASIC_LIMIT_INFORMATION *Basic)
{
    ULONG Flags = Basic->LimitFlags;

    if ((Flags & JOB_OBJECT_LIMIT_JOB_TIME && Flags & JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME) ||
        (Flags & JOB_OBJECT_LIMIT_PROCESS_TIME && Basic->PerProcessUserTimeLimit.QuadPart <= 0) ||
        (Flags & JOB_OBJECT_LIMIT_JOB_TIME && Basic->PerJobUserTimeLimit.QuadPart <= 0))
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

/* What the job has used counts from here on. */
static void BeginPeriod(PEJOB Job)
{
    Job->PeriodKernelTicks = Job->KernelTicks;
    Job->PeriodUserTicks = Job->UserTicks;
    Job->TimeOver = FALSE;
    Job->Header.SignalState = 0;
}

void PspSetJobTime(PEJOB Job, PJOBOBJECT_BASIC_LIMIT_INFORMATION New)
{
    const JOBOBJECT_BASIC_LIMIT_INFORMATION *Old = &Job->Limits.BasicLimitInformation;

    if (New->LimitFlags & JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME) {
        New->LimitFlags &= ~JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME;
        New->LimitFlags |= Old->LimitFlags & JOB_OBJECT_LIMIT_JOB_TIME;
        New->PerJobUserTimeLimit = Old->PerJobUserTimeLimit;
    } else if (New->LimitFlags & JOB_OBJECT_LIMIT_JOB_TIME || Job->TimeOver) {
        BeginPeriod(Job);
    }
}

void PspAddJobTime(PEJOB Job, PEPROCESS Process)
{
    Job->KernelTicks += Process->KernelTicks;
    Job->UserTicks += Process->UserTicks;
    Job->PeriodKernelTicks += Process->KernelTicks;
    Job->PeriodUserTicks += Process->UserTicks;
}

void PspQueryJobTime(PEJOB Job, PJOBOBJECT_BASIC_ACCOUNTING_INFORMATION Answer)
{
    Answer->TotalKernelTime.QuadPart = PS_TICKS_TO_TIME(Job->KernelTicks);
    Answer->TotalUserTime.QuadPart = PS_TICKS_TO_TIME(Job->UserTicks);
    Answer->ThisPeriodTotalKernelTime.QuadPart =
        PS_TICKS_TO_TIME(Job->KernelTicks - Job->PeriodKernelTicks);
    Answer->ThisPeriodTotalUserTime.QuadPart =
        PS_TICKS_TO_TIME(Job->UserTicks - Job->PeriodUserTicks);
}

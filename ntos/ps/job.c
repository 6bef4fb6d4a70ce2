/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Jobs: processes that are limited, counted and ended together. A process has one innermost job and
 * belongs to all that this one lies in. It leaves their lists and counts when it has ended, but its
 * object still tells which job it was in.
 */
#include "psp.h"

POBJECT_TYPE PspJobType;

static LIST_ENTRY KillHead = {&KillHead, &KillHead}; /* of EJOB.KillLinks; they are referenced */
static BOOLEAN KillerRuns;

/* A system thread for all jobs that are to end meanwhile: each may have many processes. */
static void KillJobs(PVOID Context)
{
    while (!IsListEmpty(&KillHead)) {
        PEJOB Job = CONTAINING_RECORD(RemoveHeadList(&KillHead), EJOB, KillLinks);

        Job->KillLinks.Flink = NULL;
        PspTerminateJob(Job, Job->KillStatus);
        ObDereferenceObject(Job);
        KeGiveWay();
    }
    KillerRuns = FALSE;
}

static BOOLEAN StartKiller(void)
{
    if (!KillerRuns)
        KillerRuns = NT_SUCCESS(KeCreateSystemThread(KillJobs, NULL));
    return KillerRuns;
}

BOOLEAN PspStartJobKill(PEJOB Job, NTSTATUS ExitStatus)
{
    if (!StartKiller())
        return FALSE;
    if (Job->KillLinks.Flink) /* it is about to */
        return TRUE;
    ObReferenceObject(Job);
    Job->KillStatus = ExitStatus;
    InsertTailList(&KillHead, &Job->KillLinks);
    return TRUE;
}

static void CloseJob(PVOID Object, PEPROCESS Process, ULONG Handles)
{
    if (Handles || !PspJobHasLimit((PEJOB)Object, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE))
        return;
    if (!PspStartJobKill(Object, STATUS_SUCCESS))
        PspTerminateJob(Object, STATUS_SUCCESS);
}

static void DeleteJob(PVOID Object)
{
    PEJOB Job = Object;

    if (Job->Port)
        ObDereferenceObject(Job->Port);
    if (Job->Parent)
        ObDereferenceObject(Job->Parent);
}

void PspInitializeJobType(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"Job",
        .Mapping = {STANDARD_RIGHTS_READ | JOB_OBJECT_QUERY,
                    STANDARD_RIGHTS_WRITE | JOB_OBJECT_ASSIGN_PROCESS | JOB_OBJECT_SET_ATTRIBUTES |
                        JOB_OBJECT_TERMINATE,
                    STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, JOB_OBJECT_ALL_ACCESS},
        .ValidAccess = JOB_OBJECT_ALL_ACCESS,
        .Waitable = TRUE,
        .Close = CloseJob,
        .Delete = DeleteJob,
    };

    if (!NT_SUCCESS(ObCreateObjectType(&Initializer, &PspJobType)))
        KeBugCheck("no job type");
}

BOOLEAN PspIsJobWithin(PEJOB Inner, PEJOB Outer)
{
    while (Inner && Inner != Outer)
        Inner = Inner->Parent;
    return Inner != NULL;
}

/* Who has named the port pays for what lies there; when it is gone, who causes the message. */
static PEPROCESS PayerOf(PEJOB Job)
{
    PEPROCESS Payer = PspFindProcess(Job->PortPayer);

    if (Payer && !Payer->Exiting)
        return Payer;
    return PsGetCurrentThread() ? PsGetCurrentProcess() : NULL;
}

/* Without memory the message is lost, as in Windows. */
void PspPostJobMessage(PEJOB Job, ULONG Message, HANDLE ProcessId)
{
    PEPROCESS Payer = Job->Port ? PayerOf(Job) : NULL;
    PIO_PACKET Packet = Payer ? IoAllocatePacket(Payer) : NULL;

    if (!Packet)
        return;
    Packet->Key = Job->PortKey;
    Packet->Context = ProcessId;
    Packet->Block.Information = Message;
    IoPostPacket(Job->Port, Packet);
}

void PspPostToJobs(PEPROCESS Process, ULONG Message)
{
    PEJOB Job;

    for (Job = Process->Job; Job; Job = Job->Parent)
        PspPostJobMessage(Job, Message, Process->UniqueProcessId);
}

static ULONG Depth(PEJOB Job)
{
    ULONG Jobs = 0;

    for (; Job; Job = Job->Parent)
        Jobs++;
    return Jobs;
}

/* A job that has had no process yet comes to lie in the process's. */
static NTSTATUS Nest(PEJOB Job, PEJOB Outer)
{
    if (Job->Parent || Job->TotalProcesses || Job->UiRestrictions ||
        Depth(Outer) >= PSP_MAXIMUM_JOB_DEPTH)
        return STATUS_ACCESS_DENIED;
    ObReferenceObject(Outer);
    Job->Parent = Outer;
    return STATUS_SUCCESS;
}

/* ---- A job is in its parent's list while it has processes. So that list is no longer than the
 * processes are many, whatever jobs without any are kept. ---- */

static void AddActive(PEJOB Job)
{
    if (Job->ActiveProcesses++ || !Job->Parent)
        return;
    InsertTailList(&Job->Parent->ChildListHead, &Job->ChildLinks);
    Job->Parent->ChildCount++;
}

/* FALSE: that was the last one. */
static BOOLEAN RemoveActive(PEJOB Job)
{
    if (--Job->ActiveProcesses)
        return TRUE;
    if (Job->Parent) {
        RemoveEntryList(&Job->ChildLinks);
        Job->Parent->ChildCount--;
    }
    return FALSE;
}

/* Is there room for one more in all jobs from Job up to Outer? Not where the time is over. */
static BOOLEAN CheckActiveLimit(PEJOB Job, PEJOB Outer, HANDLE ProcessId)
{
    for (; Job != Outer; Job = Job->Parent) {
        if (Job->TimeOver)
            return FALSE;
        if (PspJobHasLimit(Job, JOB_OBJECT_LIMIT_ACTIVE_PROCESS) &&
            Job->ActiveProcesses >= Job->Limits.BasicLimitInformation.ActiveProcessLimit) {
            Job->TerminatedProcesses++;
            PspPostJobMessage(Job, JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT, ProcessId);
            return FALSE;
        }
    }
    return TRUE;
}

static void LeaveList(PEPROCESS Process)
{
    RemoveEntryList(&Process->JobLinks);
    Process->JobLinks.Flink = NULL;
    Process->Job->ProcessCount--;
}

/* From its job, if any, into one that lies in that. */
static void MoveInto(PEPROCESS Process, PEJOB Job)
{
    PEJOB Outer = Process->Job, Each;

    for (Each = Job; Each != Outer; Each = Each->Parent) {
        AddActive(Each);
        Each->TotalProcesses++;
        Each->CommitPages += Process->Vm.CommitPages;
        PspAddJobTime(Each, Process);
        PspPostJobMessage(Each, JOB_OBJECT_MSG_NEW_PROCESS, Process->UniqueProcessId);
    }
    if (Outer)
        LeaveList(Process);
    InsertTailList(&Job->ProcessListHead, &Process->JobLinks);
    Job->ProcessCount++;
    ObReferenceObject(Job);
    Process->Job = Job;
    if (Outer)
        ObDereferenceObject(Outer);
}

NTSTATUS PspAssignJob(PEPROCESS Process, PEJOB Job)
{
    PEJOB Outer = Process->Job;
    NTSTATUS Status = STATUS_SUCCESS;

    if (Process->Exiting || !Process->ActiveThreads)
        return STATUS_PROCESS_IS_TERMINATING;
    if (Outer && PspIsJobWithin(Outer, Job))
        return STATUS_SUCCESS;
    if (Outer && !PspIsJobWithin(Job, Outer))
        Status = Nest(Job, Outer);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!CheckActiveLimit(Job, Outer, Process->UniqueProcessId))
        return STATUS_QUOTA_EXCEEDED;
    MoveInto(Process, Job);
    return STATUS_SUCCESS;
}

/* The innermost of the parent's jobs that the new process cannot leave. */
static PEJOB InheritedJob(PEJOB Job, BOOLEAN Breakaway)
{
    while (Job && (PspJobHasLimit(Job, JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK) ||
                   (Breakaway && PspJobHasLimit(Job, JOB_OBJECT_LIMIT_BREAKAWAY_OK))))
        Job = Job->Parent;
    return Job;
}

NTSTATUS PspJoinJobs(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments)
{
    PEJOB ParentJob = Arguments->Parent ? Arguments->Parent->Job : NULL;
    PEJOB Inherited = InheritedJob(ParentJob, Arguments->Breakaway);
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    if (Arguments->Parent && Arguments->Parent->Exiting) /* with its job, perhaps */
        return STATUS_PROCESS_IS_TERMINATING;
    if (Arguments->Breakaway && ParentJob && Inherited == ParentJob)
        return STATUS_ACCESS_DENIED;
    if (Inherited)
        Status = PspAssignJob(Process, Inherited);
    for (i = 0; i < Arguments->JobCount && NT_SUCCESS(Status); i++)
        Status = PspAssignJob(Process, Arguments->Jobs[i]);
    return Status;
}

/* The statuses of exceptions that nobody has handled, and of what comes near. */
static BOOLEAN IsAbnormal(NTSTATUS ExitStatus)
{
    switch (ExitStatus) {
    case STATUS_GUARD_PAGE_VIOLATION:
    case STATUS_DATATYPE_MISALIGNMENT:
    case STATUS_BREAKPOINT:
    case STATUS_SINGLE_STEP:
    case STATUS_ACCESS_VIOLATION:
    case STATUS_IN_PAGE_ERROR:
    case STATUS_ILLEGAL_INSTRUCTION:
    case STATUS_NONCONTINUABLE_EXCEPTION:
    case STATUS_INVALID_DISPOSITION:
    case STATUS_ARRAY_BOUNDS_EXCEEDED:
    case STATUS_FLOAT_DENORMAL_OPERAND:
    case STATUS_FLOAT_DIVIDE_BY_ZERO:
    case STATUS_FLOAT_INEXACT_RESULT:
    case STATUS_FLOAT_INVALID_OPERATION:
    case STATUS_FLOAT_OVERFLOW:
    case STATUS_FLOAT_STACK_CHECK:
    case STATUS_FLOAT_UNDERFLOW:
    case STATUS_INTEGER_DIVIDE_BY_ZERO:
    case STATUS_INTEGER_OVERFLOW:
    case STATUS_PRIVILEGED_INSTRUCTION:
    case STATUS_STACK_OVERFLOW:
    case STATUS_CONTROL_C_EXIT:
        return TRUE;
    default:
        return FALSE;
    }
}

void PspExitJobs(PEPROCESS Process)
{
    ULONG Message = IsAbnormal(Process->ExitStatus) ? JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS
                                                    : JOB_OBJECT_MSG_EXIT_PROCESS;
    PEJOB Job;

    if (!Process->Job || !Process->JobLinks.Flink)
        return;
    LeaveList(Process);
    for (Job = Process->Job; Job; Job = Job->Parent) {
        PspPostJobMessage(Job, Message, Process->UniqueProcessId);
        if (!RemoveActive(Job))
            PspPostJobMessage(Job, JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO, NULL);
    }
}

/* Ends the first process of the list, which goes to its end. FALSE: it is being ended already. */
static BOOLEAN TerminateFirst(PEJOB Job, NTSTATUS ExitStatus)
{
    PEPROCESS Process =
        CONTAINING_RECORD(RemoveHeadList(&Job->ProcessListHead), EPROCESS, JobLinks);
    BOOLEAN Exiting = Process->Exiting;

    InsertTailList(&Job->ProcessListHead, &Process->JobLinks);
    if (Exiting)
        return FALSE;
    ObReferenceObject(Process);
    PsTerminateProcessGivingWay(Process, ExitStatus);
    ObDereferenceObject(Process);
    return TRUE;
}

static void TerminateOwn(PEJOB Job, NTSTATUS ExitStatus)
{
    ULONG Passed = 0;

    while (Passed < Job->ProcessCount) {
        Passed = TerminateFirst(Job, ExitStatus) ? 0 : Passed + 1;
        KeGiveWay();
    }
}

/* Others run meanwhile; jobs do not nest deeper than PSP_MAXIMUM_JOB_DEPTH. */
void PspTerminateJob(PEJOB Job, NTSTATUS ExitStatus)
{
    ULONG Children = Job->ChildCount;

    TerminateOwn(Job, ExitStatus);
    while (Children-- && !IsListEmpty(&Job->ChildListHead)) {
        PEJOB Child = CONTAINING_RECORD(RemoveHeadList(&Job->ChildListHead), EJOB, ChildLinks);

        InsertTailList(&Job->ChildListHead, &Child->ChildLinks);
        ObReferenceObject(Child);
        PspTerminateJob(Child, ExitStatus);
        ObDereferenceObject(Child);
        KeGiveWay();
    }
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Thread objects: making one in a process, up to its first instruction. */
#include <dbgk.h>
#include "psp.h"

POBJECT_TYPE PsThreadType;

/* Frees everything that a thread holds but its memory, which is freed in PsExitThread or with its
 * process. */
void PspFreeKernelParts(PETHREAD Thread)
{
    MmDeleteKernelObject(&Thread->Tcb);
    MmDeleteKernelObject(&Thread->CNode);
    Thread->Tcb = Thread->CNode = (MM_KERNEL_OBJECT){0};
    if (Thread->ReplySlot)
        MmDeleteCap(Thread->ReplySlot);
    Thread->ReplySlot = 0;
    if (Thread->StackPromised)
        KeReturnStack();
    Thread->StackPromised = FALSE;
}

static void DeleteThread(PVOID Object)
{
    PETHREAD Thread = Object;

    if (Thread->AllThreadListEntry.Flink)
        RemoveEntryList(&Thread->AllThreadListEntry);
    ExFreeUnicodeString(&Thread->Name);
    PspFreeClientId(&Thread->ClientIdEntry);
    PspFreeKernelParts(Thread);
    DbgkDeleteThread(Thread);
    SeRevert(Thread);
    if (Thread->Process)
        ObDereferenceObject(Thread->Process);
}

void PspInitializeThreadType(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"Thread",
        .Mapping = {STANDARD_RIGHTS_READ | THREAD_GET_CONTEXT | THREAD_QUERY_INFORMATION,
                    STANDARD_RIGHTS_WRITE | THREAD_TERMINATE | THREAD_SUSPEND_RESUME |
                        THREAD_ALERT | THREAD_SET_INFORMATION | THREAD_SET_CONTEXT,
                    STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE | THREAD_QUERY_LIMITED_INFORMATION,
                    THREAD_ALL_ACCESS},
        .ValidAccess = THREAD_ALL_ACCESS,
        .SecurityRequired = TRUE,
        .Waitable = TRUE,
        .Delete = DeleteThread,
    };

    if (!NT_SUCCESS(ObCreateObjectType(&Initializer, &PsThreadType)))
        KeBugCheck("no thread type");
}

_Static_assert(PSP_USER_PRIORITY(31) < PS_BELOW_DRIVERS &&
                   PS_BELOW_DRIVERS < PSP_DISPATCH_PRIORITY &&
                   PSP_INTERRUPT_PRIORITY < PS_ABOVE_DRIVERS,
               "the heartbeats enclose what drivers do at DISPATCH_LEVEL and above");

ULONG PsKernelPriority(PETHREAD Thread)
{
    return PSP_USER_PRIORITY(Thread->Priority);
}

void PsSetUrgency(PETHREAD Thread, PS_URGENCY Urgency)
{
    seL4_Word Priority = Urgency == PsUrgencyInterrupt  ? PSP_INTERRUPT_PRIORITY
                         : Urgency == PsUrgencyDispatch ? PSP_DISPATCH_PRIORITY
                                                        : PsKernelPriority(Thread);

    if (Thread->Tcb.Cap &&
        seL4_TCB_SetPriority(Thread->Tcb.Cap, seL4_CapInitThreadTCB, Priority) != seL4_NoError)
        KeBugCheck("cannot set a thread's priority");
}

static NTSTATUS FromKernelError(seL4_Error Error)
{
    return Error == seL4_NoError ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

/* Slot 3 of the thread's CNode: what the driver process holds. Its guard makes the two together 8 +
 * 2 bits deep. */
static NTSTATUS LinkProcessCaps(PETHREAD Thread)
{
    seL4_Word Guard =
        seL4_CNode_CapData_new(0, NEPTUNE_SUBSPACE_BITS - NEPTUNE_PROCESS_CNODE_BITS).words[0];

    if (!Thread->Process->CNode.Cap)
        return STATUS_SUCCESS;
    return FromKernelError(seL4_CNode_Mint(
        Thread->CNode.Cap, NEPTUNE_PROCESS_CAPS >> NEPTUNE_SUBSPACE_BITS, NEPTUNE_THREAD_CNODE_BITS,
        MmCSpaceRoot, Thread->Process->CNode.Cap, seL4_WordBits, seL4_AllRights, Guard));
}

static NTSTATUS ConfigureTcb(PETHREAD Thread, seL4_CPtr IpcBufferFrame)
{
    seL4_Word Guard =
        seL4_CNode_CapData_new(0, seL4_WordBits - NEPTUNE_THREAD_CNODE_BITS - NEPTUNE_SUBSPACE_BITS)
            .words[0];
    seL4_Error Error =
        seL4_TCB_Configure(Thread->Tcb.Cap, NEPTUNE_FAULT_CAP, Thread->CNode.Cap, Guard,
                           Thread->Process->Vm.VSpace.Cap, 0,
                           (ULONG_PTR)Thread->Teb + NEPTUNE_TEB_IPC_BUFFER, IpcBufferFrame);

    if (Error == seL4_NoError)
        Error = seL4_TCB_SetSchedParams(Thread->Tcb.Cap, seL4_CapInitThreadTCB, 0,
                                        PSP_USER_PRIORITY(Thread->Priority));
    return FromKernelError(Error);
}

static NTSTATUS CreateKernelParts(PETHREAD Thread, seL4_CPtr IpcBufferFrame)
{
    NTSTATUS Status =
        MmCreateKernelObject(seL4_CapTableObject, NEPTUNE_THREAD_CNODE_BITS, &Thread->CNode);

    if (NT_SUCCESS(Status))
        Status = MmCreateKernelObject(seL4_TCBObject, 0, &Thread->Tcb);
    if (!NT_SUCCESS(Status))
        return Status;
    Thread->ReplySlot = MmAllocateSlot();
    Thread->StackPromised = KePromiseStack();
    if (!Thread->ReplySlot || !Thread->StackPromised)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = KeMintServiceCaps(Thread);
    if (NT_SUCCESS(Status))
        Status = LinkProcessCaps(Thread);
    return NT_SUCCESS(Status) ? ConfigureTcb(Thread, IpcBufferFrame) : Status;
}

static NTSTATUS CreateTebAndKernelParts(PETHREAD Thread)
{
    seL4_CPtr IpcBufferFrame;
    NTSTATUS Status = PspCreateTeb(Thread, &IpcBufferFrame);

    return NT_SUCCESS(Status) ? CreateKernelParts(Thread, IpcBufferFrame) : Status;
}

/* It comes here before its first instruction. */
static NTSTATUS PrepareForDebugger(PETHREAD Thread)
{
    NTSTATUS Status = DbgkPrepareThread(Thread);

    if (!NT_SUCCESS(Status))
        return Status;
    Thread->DebugStart = KeInterceptThread(Thread);
    return Thread->DebugStart ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

static NTSTATUS CreateParts(PETHREAD Thread, const PSP_THREAD_ARGUMENTS *Arguments)
{
    seL4_UserContext Registers;
    NTSTATUS Status = PspSecureObject(Thread, Thread->Process->Token, Arguments->Security);

    if (NT_SUCCESS(Status))
        Status = PspCreateStack(Thread, Arguments->StackReserve, Arguments->StackCommit);
    if (NT_SUCCESS(Status) && !PspReuseThread(Thread, &Status))
        Status = CreateTebAndKernelParts(Thread);
    if (NT_SUCCESS(Status))
        Status = PspFillTeb(Thread, Arguments->SameTebFlags);
    if (NT_SUCCESS(Status))
        Status = PspPrepareRegisters(Thread, Arguments->Parameter, &Registers);
    if (NT_SUCCESS(Status))
        Status = FromKernelError(seL4_TCB_WriteRegisters(
            Thread->Tcb.Cap, FALSE, 0, sizeof(Registers) / sizeof(seL4_Word), &Registers));
    return NT_SUCCESS(Status) && Thread->Process->DebugPort ? PrepareForDebugger(Thread) : Status;
}

static void DiscardThread(PETHREAD Thread)
{
    PspFreeKernelParts(Thread);
    PspDeleteTeb(Thread);
    PspDeleteStack(Thread);
    ObDereferenceObject(Thread);
}

static void SetPriorities(PETHREAD Thread)
{
    Thread->BasePriority = Thread->Process->BasePriority;
    Thread->Priority = (ULONG)Thread->BasePriority;
}

/* The process's list holds a reference, until PsExitThread. A process with threads is referenced
 * too. What all of its threads have may have been changed while this one was made. */
static void InsertThread(PETHREAD Thread)
{
    PEPROCESS Process = Thread->Process;

    ObReferenceObject(Thread);
    if (Thread->BasePriority != Process->BasePriority) {
        SetPriorities(Thread);
        PspApplyPriority(Thread);
    }
    Thread->PriorityBoostDisabled = Process->PriorityBoostDisabled;
    if (Process->Frozen && !Thread->BypassProcessFreeze)
        Thread->SuspendCount |= PS_THREAD_FROZEN;
    if (!Process->ActiveThreads++)
        ObReferenceObject(Process);
    PspAddThread(Process, Thread);
    InsertTailList(&Process->AllThreadListHead, &Thread->AllThreadListEntry);
    Thread->ClientIdEntry.Thread = Thread;
}

/* The thread is made suspended; PspStartThread lets it go. It comes referenced. */
NTSTATUS PspCreateThread(PEPROCESS Process, const PSP_THREAD_ARGUMENTS *Arguments, PETHREAD *Thread)
{
    NTSTATUS Status = ObCreateObject(PsThreadType, sizeof(ETHREAD), (PVOID *)Thread);
    PETHREAD New = *Thread;

    if (!NT_SUCCESS(Status))
        return Status;
    KeInitializeDispatcherHeader(&New->Header, ThreadObject, 0);
    InitializeListHead(&New->NotifyList);
    InitializeListHead(&New->RequestList);
    InitializeListHead(&New->TimerList);
    InitializeListHead(&New->UserApcListHead);
    InitializeListHead(&New->SpecialApcListHead);
    InitializeListHead(&New->MutantListHead);
    InitializeListHead(&New->TerminationPortList);
    KeInitializeEvent(&New->AlertByThreadId, SynchronizationEvent, FALSE);
    ObReferenceObject(Process);
    New->Process = Process;
    New->UniqueThreadId = PspAllocateClientId(&New->ClientIdEntry);
    New->ExitStatus = STATUS_PENDING;
    New->CreateTime = KeQuerySystemTime();
    SetPriorities(New);
    New->IoPriority = PSP_NORMAL_IO_PRIORITY;
    New->PagePriority = Process->PagePriority;
    New->StartAddress = New->Win32StartAddress = Arguments->StartRoutine;
    New->SuspendCount = 1;
    New->HideFromDebugger = Arguments->HideFromDebugger;
    New->BypassProcessFreeze = Arguments->BypassProcessFreeze;
    Process->ThreadsCreated++;
    Status = CreateParts(New, Arguments);
    if (NT_SUCCESS(Status) && Process->Exiting)
        Status = STATUS_PROCESS_IS_TERMINATING;
    if (NT_SUCCESS(Status))
        InsertThread(New);
    else
        DiscardThread(New);
    return Status;
}

void PspStartThread(PETHREAD Thread)
{
    ULONG Previous;

    PsResumeThread(Thread, &Previous);
}

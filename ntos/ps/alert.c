/* SPDX-License-Identifier: BSD-2-Clause */
/* The services for asynchronous procedure calls and alerts. */
#include "psp.h"

typedef struct _APC_RESERVE {
    KAPC Apc;
} APC_RESERVE, *PAPC_RESERVE;

POBJECT_TYPE PspApcReserveType;

void PspInitializeApcReserveType(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"UserApcReserve",
        .Mapping = {STANDARD_RIGHTS_READ | 1, STANDARD_RIGHTS_WRITE | 2, STANDARD_RIGHTS_EXECUTE,
                    MEMORY_RESERVE_ALL_ACCESS},
        .ValidAccess = MEMORY_RESERVE_ALL_ACCESS,
    };

    if (!NT_SUCCESS(ObCreateObjectType(&Initializer, &PspApcReserveType)))
        KeBugCheck("no type of reserve objects");
}

/* While its memory is in use the object is referenced. */
static void ReleaseReserve(PKAPC Apc)
{
    ObDereferenceObject(CONTAINING_RECORD(Apc, APC_RESERVE, Apc));
}

NTSTATUS PsCreateApcReserve(PVOID *Object)
{
    NTSTATUS Status = ObCreateObject(PspApcReserveType, sizeof(APC_RESERVE), Object);

    if (NT_SUCCESS(Status))
        ((PAPC_RESERVE)*Object)->Apc.Release = ReleaseReserve;
    return Status;
}

/* The memory for a routine, referenced if it is a reserve object's. */
static NTSTATUS TakeMemory(HANDLE ReserveHandle, PKAPC *Apc)
{
    PAPC_RESERVE Reserve;
    NTSTATUS Status;

    if (!ReserveHandle) {
        *Apc = KeAllocateApc();
        return *Apc ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    }
    Status = ObReferenceObjectByHandle(ReserveHandle, 2, PspApcReserveType, (PVOID *)&Reserve);
    if (!NT_SUCCESS(Status))
        return Status;
    *Apc = &Reserve->Apc;
    if (!Reserve->Apc.ApcListEntry.Flink)
        return STATUS_SUCCESS;
    ObDereferenceObject(Reserve);
    return STATUS_INVALID_PARAMETER_2;
}

static NTSTATUS QueueApc(HANDLE ThreadHandle, HANDLE ReserveHandle, const KAPC *Content)
{
    PETHREAD Thread;
    PKAPC Apc;
    NTSTATUS Status =
        ObReferenceObjectByHandle(ThreadHandle, THREAD_SET_CONTEXT, PsThreadType, (PVOID *)&Thread);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = TakeMemory(ReserveHandle, &Apc);
    if (NT_SUCCESS(Status)) {
        Apc->Special = Content->Special;
        Apc->NormalRoutine = Content->NormalRoutine;
        Apc->NormalContext = Content->NormalContext;
        Apc->SystemArgument1 = Content->SystemArgument1;
        Apc->SystemArgument2 = Content->SystemArgument2;
        if (!KeInsertUserApc(Thread, Apc)) {
            Apc->Release(Apc);
            Status = STATUS_UNSUCCESSFUL;
        }
    }
    ObDereferenceObject(Thread);
    return Status;
}

/*
 * NtQueueApcThread: Routine(Argument1, Argument2, Argument3) runs in the thread when that waits
 * alertably, tests for alerts, or begins. Needs THREAD_SET_CONTEXT. Returns STATUS_UNSUCCESSFUL
 * (the thread is ending), STATUS_NO_MEMORY and what handles may give. (Win32: QueueUserAPC)
 */
NTSTATUS NtQueueApcThread(HANDLE ThreadHandle, PPS_APC_ROUTINE Routine, CLIENT(PVOID) Argument1,
                          CLIENT(PVOID) Argument2, CLIENT(PVOID) Argument3)
{
    return NtQueueApcThreadEx2(ThreadHandle, NULL, 0, Routine, Argument1, Argument2, Argument3);
}

/*
 * NtQueueApcThreadEx: as NtQueueApcThread. Option is NULL; or 1 for a special routine, which waits
 * for no alertable wait; or a handle to a reserve object, whose memory is used.
 * STATUS_INVALID_PARAMETER_2: that is in use.
 */
NTSTATUS NtQueueApcThreadEx(HANDLE ThreadHandle, HANDLE Option, PPS_APC_ROUTINE Routine,
                            CLIENT(PVOID) Argument1, CLIENT(PVOID) Argument2,
                            CLIENT(PVOID) Argument3)
{
    BOOLEAN Special = Option == (HANDLE)QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC;

    return NtQueueApcThreadEx2(ThreadHandle, Special ? NULL : Option,
                               Special ? QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC : 0, Routine,
                               Argument1, Argument2, Argument3);
}

/* NtQueueApcThreadEx2: as NtQueueApcThreadEx, with Flags. STATUS_INVALID_PARAMETER (flags). (Win32:
 * QueueUserAPC2) */
NTSTATUS NtQueueApcThreadEx2(HANDLE ThreadHandle, HANDLE ReserveHandle, ULONG Flags,
                             PPS_APC_ROUTINE Routine, CLIENT(PVOID) Argument1,
                             CLIENT(PVOID) Argument2, CLIENT(PVOID) Argument3)
{
    KAPC Apc = {.Special = (Flags & QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC) != 0,
                .NormalRoutine = (ULONG_PTR)Routine,
                .NormalContext = (ULONG_PTR)Argument1,
                .SystemArgument1 = (ULONG_PTR)Argument2,
                .SystemArgument2 = (ULONG_PTR)Argument3};

    if (Flags & ~QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC)
        return STATUS_INVALID_PARAMETER;
    return QueueApc(ThreadHandle, ReserveHandle, &Apc);
}

/* NtTestAlert: STATUS_ALERTED if the calling thread had been alerted; else what is queued to it
 * runs before this returns STATUS_SUCCESS. */
NTSTATUS NtTestAlert(void)
{
    return KeTestAlert(PsGetCurrentThread()) ? STATUS_ALERTED : STATUS_SUCCESS;
}

static NTSTATUS Alert(HANDLE ThreadHandle, ACCESS_MASK Access, BOOLEAN Resume, PULONG Previous)
{
    PETHREAD Thread;
    NTSTATUS Status =
        ObReferenceObjectByHandle(ThreadHandle, Access, PsThreadType, (PVOID *)&Thread);

    if (!NT_SUCCESS(Status))
        return Status;
    KeAlertThread(Thread);
    if (Resume)
        Status = PsResumeThread(Thread, Previous);
    ObDereferenceObject(Thread);
    return Status;
}

/* NtAlertThread: ends an alertable wait of the thread, now or when it comes to one, with
 * STATUS_ALERTED. Needs THREAD_ALERT. */
NTSTATUS NtAlertThread(HANDLE ThreadHandle)
{
    return Alert(ThreadHandle, THREAD_ALERT, FALSE, NULL);
}

/* NtAlertResumeThread: NtAlertThread, then NtResumeThread. Needs THREAD_SUSPEND_RESUME. */
NTSTATUS NtAlertResumeThread(HANDLE ThreadHandle, CLIENT(PULONG) PreviousSuspendCount)
{
    ULONG Previous;
    NTSTATUS Status = PreviousSuspendCount
                          ? MmProbeForWrite(PreviousSuspendCount, sizeof(*PreviousSuspendCount))
                          : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = Alert(ThreadHandle, THREAD_SUSPEND_RESUME, TRUE, &Previous);
    if (NT_SUCCESS(Status) && PreviousSuspendCount)
        Status = MmWriteClient(PreviousSuspendCount, &Previous);
    return Status;
}

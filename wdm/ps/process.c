/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes. An EPROCESS stands for one by its id: the same one for as long as a driver has a
 * reference to it, and a few that were used last stay without one. System threads belong to the
 * host; a thread that serves a request is in the context of the process that has made it.
 */
#include "ki.h"
#include "ntdll.h"
#include "ob.h"
#include "ps.h"

#define PS_KEPT 16 /* processes that stay known without references */

static EPROCESS *PspHost;
PEPROCESS PsInitialSystemProcess; /* exported: the host */
static LIST_ENTRY PspKnown = {&PspKnown, &PspKnown};
static ULONG PspKnownCount;

/* The list has a reference to each. */
static VOID PspForgetSome(VOID)
{
    PLIST_ENTRY Entry = PspKnown.Blink;

    while (Entry != &PspKnown && PspKnownCount > PS_KEPT) {
        PEPROCESS Process = CONTAINING_RECORD(Entry, EPROCESS, Link);

        Entry = Entry->Blink;
        if (Process == PspHost || ObpReferences(Process) > 1)
            continue;
        RemoveEntryList(&Process->Link);
        PspKnownCount--;
        ObDereferenceObject(Process);
    }
}

static PEPROCESS PspNewProcess(ULONG Id)
{
    PEPROCESS Process = ObpCreateObject(&PspProcessType, sizeof(*Process));

    if (!Process)
        return NULL;
    Process->Id = Id;
    InsertHeadList(&PspKnown, &Process->Link);
    PspKnownCount++;
    PspForgetSome();
    return Process;
}

PEPROCESS PspFindProcess(ULONG Id)
{
    for (PLIST_ENTRY Entry = PspKnown.Flink; Entry != &PspKnown; Entry = Entry->Flink) {
        PEPROCESS Process = CONTAINING_RECORD(Entry, EPROCESS, Link);

        if (Process->Id != (Id ? Id : HandleToULong(KiGetProcessId())))
            continue;
        RemoveEntryList(Entry);
        InsertHeadList(&PspKnown, Entry);
        return Process;
    }
    return PspNewProcess(Id ? Id : HandleToULong(KiGetProcessId()));
}

/* At the start of the process. */
NTSTATUS PspInitializeProcesses(VOID)
{
    PspHost = PspFindProcess(0);
    PsInitialSystemProcess = PspHost;
    return PspHost ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

VOID PspEnterRequest(ULONG Id, BOOLEAN User)
{
    PKTHREAD Thread = KiGetCurrentThread();

    Thread->Requestor = Id;
    Thread->PreviousMode = User ? UserMode : KernelMode;
}

VOID PspLeaveRequest(VOID)
{
    PspEnterRequest(0, FALSE);
}

NTSTATUS PspOpenProcess(PEPROCESS Process, ACCESS_MASK Access, PHANDLE Handle)
{
    CLIENT_ID Client = {ULongToHandle(Process->Id), NULL};
    OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    return ZwOpenProcess(Handle, Access, &Attributes, &Client);
}

/* What the process says of itself. Zeroes if it is not there any more. */
static PROCESS_BASIC_INFORMATION PspQueryProcess(PEPROCESS Process)
{
    PROCESS_BASIC_INFORMATION Basic = {0};
    HANDLE Handle;

    if (!NT_SUCCESS(PspOpenProcess(Process, PROCESS_QUERY_LIMITED_INFORMATION, &Handle)))
        return Basic;
    ZwQueryInformationProcess(Handle, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    ZwClose(Handle);
    return Basic;
}

/* PsLookupProcessByProcessId: with a reference. STATUS_INVALID_CID, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI PsLookupProcessByProcessId(HANDLE ProcessId, PEPROCESS *Process)
{
    EPROCESS Wanted = {.Id = HandleToULong(ProcessId)};
    HANDLE Handle;

    if (!Wanted.Id ||
        !NT_SUCCESS(PspOpenProcess(&Wanted, PROCESS_QUERY_LIMITED_INFORMATION, &Handle)))
        return STATUS_INVALID_CID;
    ZwClose(Handle);
    *Process = PspFindProcess(Wanted.Id);
    if (!*Process)
        return STATUS_INSUFFICIENT_RESOURCES;
    ObReferenceObject(*Process);
    return STATUS_SUCCESS;
}

PEPROCESS NTAPI KxGetCurrentProcess(VOID)
{
    PKTHREAD Thread = KiGetCurrentThread();
    PEPROCESS Process;

    if (Thread->Process)
        return Thread->Process;
    Process = Thread->Requestor ? PspFindProcess(Thread->Requestor) : PspHost;
    return Process ? Process : PspHost;
}

HANDLE NTAPI PsGetCurrentProcessId(VOID)
{
    PKTHREAD Thread = KiGetCurrentThread();

    if (Thread->Process)
        return ULongToHandle(Thread->Process->Id);
    return Thread->Requestor ? ULongToHandle(Thread->Requestor) : KiGetProcessId();
}

HANDLE NTAPI PsGetProcessId(PEPROCESS Process)
{
    return ULongToHandle(Process->Id);
}

HANDLE NTAPI PsGetProcessInheritedFromUniqueProcessId(PEPROCESS Process)
{
    return (HANDLE)PspQueryProcess(Process).InheritedFromUniqueProcessId;
}

/* PsGetProcessExitStatus: STATUS_PENDING while it runs. */
NTSTATUS NTAPI PsGetProcessExitStatus(PEPROCESS Process)
{
    return PspQueryProcess(Process).ExitStatus;
}

/* PsGetProcessPeb: an address in that process; NULL if it has ended. */
PPEB NTAPI PsGetProcessPeb(PEPROCESS Process)
{
    return Process == PspHost ? KiGetPeb() : PspQueryProcess(Process).PebBaseAddress;
}

BOOLEAN NTAPI PsIsSystemProcess(PEPROCESS Process)
{
    return Process == PspHost;
}

/* ---- Of whom an IRP is ---- */

/* IoGetRequestorProcess: NULL for an IRP of a driver. Without a reference. */
PEPROCESS NTAPI IoGetRequestorProcess(PIRP Irp)
{
    ULONG Id = IoGetRequestorProcessId(Irp);

    return Id ? PspFindProcess(Id) : NULL;
}

/* ExGetPreviousMode: of who has made the request that the calling thread serves. */
KPROCESSOR_MODE NTAPI ExGetPreviousMode(VOID)
{
    return KiGetCurrentThread()->PreviousMode;
}

/* ---- Being told of others. The Executive tells no driver of the processes that come and go: to
 * ask for it is refused as by a system that tells as many as it can. ---- */

NTSTATUS NTAPI PsSetCreateProcessNotifyRoutine(PCREATE_PROCESS_NOTIFY_ROUTINE NotifyRoutine,
                                               BOOLEAN Remove)
{
    return Remove ? STATUS_PROCEDURE_NOT_FOUND : STATUS_INVALID_PARAMETER;
}

NTSTATUS NTAPI PsSetCreateThreadNotifyRoutine(PCREATE_THREAD_NOTIFY_ROUTINE NotifyRoutine)
{
    return STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS NTAPI PsRemoveCreateThreadNotifyRoutine(PCREATE_THREAD_NOTIFY_ROUTINE NotifyRoutine)
{
    return STATUS_PROCEDURE_NOT_FOUND;
}

NTSTATUS NTAPI PsSetLoadImageNotifyRoutine(PLOAD_IMAGE_NOTIFY_ROUTINE NotifyRoutine)
{
    return STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS NTAPI PsRemoveLoadImageNotifyRoutine(PLOAD_IMAGE_NOTIFY_ROUTINE NotifyRoutine)
{
    return STATUS_PROCEDURE_NOT_FOUND;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Process objects: making and taking apart. */
#include <dbgk.h>
#include "psp.h"

#define CHARACTERS_A_TURN 4096

POBJECT_TYPE PsProcessType;

static void DeleteProcess(PVOID Object)
{
    PEPROCESS Process = Object;

    /* This comes first, so that the process cannot be found while it is taken apart. */
    if (Process->ActiveProcessLinks.Flink)
        RemoveEntryList(&Process->ActiveProcessLinks);
    PspFreeClientId(&Process->ClientIdEntry);
    DbgkForgetProcess(Process);
    PspTakeApart(Process);
    ExFreeUnicodeString(&Process->ImagePath);
    MmLeaveQuota(Process); /* before its jobs, which count that too */
    if (Process->Job)
        ObDereferenceObject(Process->Job);
    if (Process->Token)
        ObDereferenceObject(Process->Token);
    if (Process->DriverHost)
        IoDereferenceHost(Process->DriverHost);
}

void PspInitializeProcessType(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"Process",
        .Mapping = {STANDARD_RIGHTS_READ | PROCESS_VM_READ | PROCESS_QUERY_INFORMATION,
                    STANDARD_RIGHTS_WRITE | PROCESS_CREATE_PROCESS | PROCESS_CREATE_THREAD |
                        PROCESS_VM_OPERATION | PROCESS_VM_WRITE | PROCESS_DUP_HANDLE |
                        PROCESS_TERMINATE | PROCESS_SET_QUOTA | PROCESS_SET_INFORMATION,
                    STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION,
                    PROCESS_ALL_ACCESS},
        .ValidAccess = PROCESS_ALL_ACCESS,
        .SecurityRequired = TRUE,
        .Waitable = TRUE,
        .Delete = DeleteProcess,
    };

    if (!NT_SUCCESS(ObCreateObjectType(&Initializer, &PsProcessType)))
        KeBugCheck("no process type");
}

/* Idempotent: a process that ends is taken apart once its last thread is gone, one that never ran
 * when it is deleted. */
void PspTakeApart(PEPROCESS Process)
{
    if (Process->HandleTable)
        ObCloseAllHandles(Process);
    if (Process->AddressSpace) {
        Process->AddressSpace = FALSE;
        MmDeleteAddressSpace(Process);
    }
    PspDeleteSharedEndpoint(Process);
    PspFreeKeptThread(Process);
    MmDeleteKernelObject(&Process->CNode);
    Process->CNode = (MM_KERNEL_OBJECT){0};
    MmEndPromise(Process);
}

static void SetImageName(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments)
{
    ULONG Length = Arguments->ImagePath.Length / sizeof(WCHAR), Start = Length, i;
    const WCHAR *Name = Arguments->ImageName;

    if (Name) {
        Length = (ULONG)wcslen(Name);
    } else {
        while (Start && Arguments->ImagePath.Buffer[Start - 1] != u'\\')
            if (--Start % CHARACTERS_A_TURN == 0)
                KeGiveWay();
        Name = Arguments->ImagePath.Buffer + Start;
        Length -= Start;
    }
    for (i = 0; i < Length && i < ARRAYSIZE(Process->ImageName) - 1; i++)
        Process->ImageName[i] = Name[i];
}

static NTSTATUS CopyPath(PUNICODE_STRING Copy, const UNICODE_STRING *Path)
{
    Copy->Buffer = ExAllocatePool(Path->Length + sizeof(WCHAR));
    if (!Copy->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(Copy->Buffer, Path->Buffer, Path->Length);
    Copy->Length = Path->Length;
    Copy->MaximumLength = Path->Length + sizeof(WCHAR);
    return STATUS_SUCCESS;
}

/* Who it is, and by that, who may open it. */
static NTSTATUS SecureProcess(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments)
{
    PEPROCESS Parent =
        Arguments->DriverHost ? NULL : Arguments->Parent; /* drivers are the system's */
    NTSTATUS Status = SeProcessToken(Parent, Arguments->Token, &Process->Token);

    return NT_SUCCESS(Status) ? PspSecureObject(Process, Process->Token, Arguments->Security)
                              : Status;
}

static NTSTATUS CreateParts(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments)
{
    NTSTATUS Status = CopyPath(&Process->ImagePath, &Arguments->ImagePath);

    if (NT_SUCCESS(Status))
        Status = SecureProcess(Process, Arguments);
    if (NT_SUCCESS(Status))
        Status = MmCreateAddressSpace(Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Process->AddressSpace = TRUE;
    Status = ObCreateHandleTable(Process, Arguments->InheritHandles ? Arguments->Parent : NULL,
                                 Arguments->HandleList.Count ? &Arguments->HandleList : NULL);
    if (NT_SUCCESS(Status) && Arguments->DriverHost)
        Status =
            MmCreateKernelObject(seL4_CapTableObject, NEPTUNE_PROCESS_CNODE_BITS, &Process->CNode);
    return Status;
}

/* Drivers, smss, which the system starts, and what smss starts: the prompt. What counts is the
 * process that makes it, not the one that is named as its parent. */
static BOOLEAN IsSystemProcess(const PS_CREATE_ARGUMENTS *Arguments)
{
    PETHREAD Thread = PsGetCurrentThread();

    return Arguments->DriverHost || !Thread ||
           (Thread->Process->SystemProcess && !Thread->Process->InheritedFromUniqueProcessId);
}

NTSTATUS PspCreateProcessObject(const PS_CREATE_ARGUMENTS *Arguments, PEPROCESS *Process)
{
    NTSTATUS Status = ObCreateObject(PsProcessType, sizeof(EPROCESS), (PVOID *)Process);
    PEPROCESS New = *Process;

    if (!NT_SUCCESS(Status))
        return Status;
    KeInitializeDispatcherHeader(&New->Header, ProcessObject, 0);
    InitializeListHead(&New->ThreadListHead);
    InitializeListHead(&New->ThreadCursors);
    InitializeListHead(&New->DebugEvents);
    InitializeListHead(&New->DebugLater);
    New->NoDebugInherit = Arguments->NoDebugInherit;
    InitializeListHead(&New->AllThreadListHead);
    PspInheritSettings(New, Arguments);
    New->UniqueProcessId = PspAllocateClientId(&New->ClientIdEntry);
    New->ClientIdEntry.Process = New;
    New->InheritedFromUniqueProcessId =
        Arguments->Parent ? Arguments->Parent->UniqueProcessId : NULL;
    New->ExitStatus = STATUS_PENDING;
    New->CreateTime = KeQuerySystemTime();
    New->DriverHost = Arguments->DriverHost;
    if (New->DriverHost)
        IoReferenceHost(New->DriverHost);
    New->SystemProcess = IsSystemProcess(Arguments);
    SetImageName(New, Arguments);
    InsertTailList(&PsActiveProcessHead, &New->ActiveProcessLinks);
    Status = CreateParts(New, Arguments);
    if (NT_SUCCESS(Status))
        Status = DbgkInheritPort(New, Arguments->Parent, Arguments->DebugObject);
    if (!NT_SUCCESS(Status))
        ObDereferenceObject(New);
    return Status;
}

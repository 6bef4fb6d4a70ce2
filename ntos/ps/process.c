/* SPDX-License-Identifier: BSD-2-Clause */
/* Process objects: making, opening, taking apart. */
#include "psp.h"

POBJECT_TYPE PsProcessType;

static void DeleteProcess(PVOID Object)
{
    PEPROCESS Process = Object;

    /* First of all, so that nobody finds it while it is taken apart. */
    if (Process->ActiveProcessLinks.Flink)
        RemoveEntryList(&Process->ActiveProcessLinks);
    PspTakeApart(Process);
    ExFreeUnicodeString(&Process->ImagePath);
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
    MmDeleteKernelObject(&Process->CNode);
    Process->CNode = (MM_KERNEL_OBJECT){0};
}

static void SetImageName(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments)
{
    ULONG Length = Arguments->ImagePath.Length / sizeof(WCHAR), Start = Length, i;
    const WCHAR *Name = Arguments->ImageName;

    if (Name) {
        Length = (ULONG)wcslen(Name);
    } else {
        while (Start && Arguments->ImagePath.Buffer[Start - 1] != u'\\')
            Start--;
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

static NTSTATUS CreateParts(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments)
{
    NTSTATUS Status = CopyPath(&Process->ImagePath, &Arguments->ImagePath);

    if (NT_SUCCESS(Status))
        Status = MmCreateAddressSpace(Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Process->AddressSpace = TRUE;
    Status = ObCreateHandleTable(Process);
    if (NT_SUCCESS(Status) && Arguments->Driver)
        Status =
            MmCreateKernelObject(seL4_CapTableObject, NEPTUNE_PROCESS_CNODE_BITS, &Process->CNode);
    return Status;
}

NTSTATUS PspCreateProcessObject(const PS_CREATE_ARGUMENTS *Arguments, PEPROCESS *Process)
{
    NTSTATUS Status = ObCreateObject(PsProcessType, sizeof(EPROCESS), (PVOID *)Process);
    PEPROCESS New = *Process;

    if (!NT_SUCCESS(Status))
        return Status;
    KeInitializeDispatcherHeader(&New->Header, ProcessObject, 0);
    InitializeListHead(&New->ThreadListHead);
    New->UniqueProcessId = PspAllocateClientId();
    New->InheritedFromUniqueProcessId =
        Arguments->Parent ? Arguments->Parent->UniqueProcessId : NULL;
    New->ExitStatus = STATUS_PENDING;
    New->CreateTime = KeQuerySystemTime();
    New->Driver = Arguments->Driver;
    SetImageName(New, Arguments);
    InsertTailList(&PsActiveProcessHead, &New->ActiveProcessLinks);
    Status = CreateParts(New, Arguments);
    if (!NT_SUCCESS(Status))
        ObDereferenceObject(New);
    return Status;
}

NTSTATUS PspOpenById(PVOID Object, ACCESS_MASK DesiredAccess, ULONG Attributes,
                     PHANDLE ClientHandle)
{
    HANDLE Handle;
    NTSTATUS Status =
        ObCreateHandle(PsGetCurrentProcess(), Object, DesiredAccess, Attributes, &Handle);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = MmWriteClient(ClientHandle, &Handle);
    if (!NT_SUCCESS(Status))
        ObCloseHandle(PsGetCurrentProcess(), Handle);
    return Status;
}

/* The process, and if named the thread in it, that a client id means. */
static NTSTATUS LookupClientId(const CLIENT_ID *ClientId, PEPROCESS *Process)
{
    PETHREAD Thread;

    *Process = PspFindProcess(ClientId->UniqueProcess);
    if (ClientId->UniqueThread) {
        Thread = PspFindThread(ClientId->UniqueThread);
        *Process = Thread && (!ClientId->UniqueProcess || Thread->Process == *Process)
                       ? Thread->Process
                       : NULL;
    }
    if (!*Process)
        return STATUS_INVALID_CID;
    ObReferenceObject(*Process);
    return STATUS_SUCCESS;
}

/*
 * NtOpenProcess: opens the process with the given client id; processes have no names. Returns
 * STATUS_INVALID_CID, STATUS_INVALID_PARAMETER_MIX (a name or no client id), STATUS_ACCESS_DENIED,
 * STATUS_ACCESS_VIOLATION. (WDK: ZwOpenProcess)
 */
NTSTATUS NtOpenProcess(PHANDLE ProcessHandle, ACCESS_MASK DesiredAccess,
                       POBJECT_ATTRIBUTES ObjectAttributes, PCLIENT_ID ClientId)
{
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id;
    PEPROCESS Process;
    NTSTATUS Status = MmProbeForWrite(ProcessHandle, sizeof(*ProcessHandle));

    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Attributes, ObjectAttributes);
    if (NT_SUCCESS(Status) && ClientId)
        Status = MmReadClient(&Id, ClientId);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Attributes.ObjectName || !ClientId)
        return STATUS_INVALID_PARAMETER_MIX;
    Status = LookupClientId(&Id, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        PspOpenById(Process, DesiredAccess, Attributes.Attributes & OBJ_INHERIT, ProcessHandle);
    ObDereferenceObject(Process);
    return Status;
}

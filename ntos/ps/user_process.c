/* SPDX-License-Identifier: BSD-2-Clause */
/* NtCreateUserProcess: what the client gives is captured as a whole before anything is made. */
#include "psp.h"

#define MAXIMUM_ENVIRONMENT 0x40000
#define KNOWN_PROCESS_FLAGS                                                                        \
    (PROCESS_CREATE_FLAGS_BREAKAWAY | PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT |                      \
     PROCESS_CREATE_FLAGS_SUSPENDED)

typedef struct _USER_PROCESS {
    PS_CREATE_ARGUMENTS Arguments;
    PSP_ATTRIBUTES Attributes;
    PS_CREATE_INFO CreateInfo;
    ULONG ProcessHandleAttributes, ThreadHandleAttributes;
} USER_PROCESS, *PUSER_PROCESS;

/* Process parameters that are not normalised have offsets in place of pointers. */
static PVOID Denormalised(const RTL_USER_PROCESS_PARAMETERS *Block, PVOID ClientBlock,
                          PVOID Pointer)
{
    if (!Pointer || (Block->Flags & RTL_USER_PROC_PARAMS_NORMALIZED))
        return Pointer;
    return (PCHAR)ClientBlock + (ULONG_PTR)Pointer;
}

static NTSTATUS CaptureBuffer(PVOID *Copy, const void *Client, SIZE_T Length)
{
    NTSTATUS Status;

    *Copy = ExAllocatePool(Length + sizeof(WCHAR));
    if (!*Copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCopyFromClient(*Copy, Client, Length);
    if (!NT_SUCCESS(Status)) {
        ExFreePool(*Copy);
        *Copy = NULL;
    }
    return Status;
}

static NTSTATUS CaptureString(PUNICODE_STRING Copy, const RTL_USER_PROCESS_PARAMETERS *Block,
                              PVOID ClientBlock, const UNICODE_STRING *String)
{
    if (String->Length % sizeof(WCHAR) || String->Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    Copy->Length = String->Length;
    Copy->MaximumLength = String->Length + sizeof(WCHAR);
    return CaptureBuffer((PVOID *)&Copy->Buffer, Denormalised(Block, ClientBlock, String->Buffer),
                         String->Length);
}

static NTSTATUS CaptureEnvironment(PS_CREATE_ARGUMENTS *Arguments,
                                   const RTL_USER_PROCESS_PARAMETERS *Block, PVOID ClientBlock)
{
    PVOID Environment = Denormalised(Block, ClientBlock, Block->Environment);

    if (!Environment || !Block->EnvironmentSize)
        return STATUS_SUCCESS;
    if (Block->EnvironmentSize > MAXIMUM_ENVIRONMENT)
        return STATUS_INVALID_PARAMETER;
    Arguments->EnvironmentSize = Block->EnvironmentSize;
    return CaptureBuffer(&Arguments->Environment, Environment, Block->EnvironmentSize);
}

static NTSTATUS CaptureParameters(PS_CREATE_ARGUMENTS *Arguments,
                                  PRTL_USER_PROCESS_PARAMETERS ClientBlock)
{
    PRTL_USER_PROCESS_PARAMETERS Block;
    NTSTATUS Status;

    if (!ClientBlock)
        return STATUS_INVALID_PARAMETER;
    Status = CaptureBuffer((PVOID *)&Block, ClientBlock, sizeof(*Block));
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CaptureString(&Arguments->CommandLine, Block, ClientBlock, &Block->CommandLine);
    if (NT_SUCCESS(Status))
        Status = CaptureString(&Arguments->CurrentDirectory, Block, ClientBlock,
                               &Block->CurrentDirectory.DosPath);
    if (NT_SUCCESS(Status))
        Status = CaptureEnvironment(Arguments, Block, ClientBlock);
    ExFreePool(Block);
    return Status;
}

/* The name of the program comes as an attribute; without it there is nothing to run. */
static NTSTATUS CaptureImageName(PUSER_PROCESS User)
{
    PUNICODE_STRING Path = &User->Arguments.ImagePath;
    SIZE_T Length = User->Attributes.ImageNameLength;

    if (!User->Attributes.ImageName || !Length)
        return STATUS_INVALID_PARAMETER;
    if (Length % sizeof(WCHAR) || Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    Path->Length = (USHORT)Length;
    Path->MaximumLength = (USHORT)(Length + sizeof(WCHAR));
    return CaptureBuffer((PVOID *)&Path->Buffer, User->Attributes.ImageName, Length);
}

static NTSTATUS CaptureCreateInfo(PPS_CREATE_INFO CreateInfo, PPS_CREATE_INFO Client)
{
    NTSTATUS Status = MmReadClient(CreateInfo, Client);

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Client, sizeof(*Client));
    if (!NT_SUCCESS(Status))
        return Status;
    return CreateInfo->Size == sizeof(*CreateInfo) && CreateInfo->State == PsCreateInitialState
               ? STATUS_SUCCESS
               : STATUS_INVALID_PARAMETER;
}

static NTSTATUS CaptureHandleAttributes(PULONG Attributes, POBJECT_ATTRIBUTES Client)
{
    OBJECT_ATTRIBUTES Captured = {0};
    NTSTATUS Status = Client ? MmReadClient(&Captured, Client) : STATUS_SUCCESS;

    *Attributes = Captured.Attributes & OBJ_INHERIT;
    return Status;
}

static NTSTATUS ReferenceParent(PUSER_PROCESS User)
{
    HANDLE Handle = User->Attributes.ParentProcess;

    return ObReferenceObjectByHandle(Handle ? Handle : NtCurrentProcess(), PROCESS_CREATE_PROCESS,
                                     PsProcessType, (PVOID *)&User->Arguments.Parent);
}

static void FreeUserProcess(PUSER_PROCESS User)
{
    ExFreeUnicodeString(&User->Arguments.ImagePath);
    ExFreeUnicodeString(&User->Arguments.CommandLine);
    ExFreeUnicodeString(&User->Arguments.CurrentDirectory);
    ExFreePool(User->Arguments.Environment);
    if (User->Arguments.Parent)
        ObDereferenceObject(User->Arguments.Parent);
    ExFreePool(User);
}

/* Results other than the handles. */
static NTSTATUS ReturnInformation(PUSER_PROCESS User, PEPROCESS Process, PETHREAD Thread,
                                  PPS_CREATE_INFO Client)
{
    PPS_CREATE_INFO CreateInfo = &User->CreateInfo;
    NTSTATUS Status = PspReturnThreadAttributes(&User->Attributes, Thread);

    if (NT_SUCCESS(Status) && User->Attributes.ImageInformation)
        Status = MmWriteClient(User->Attributes.ImageInformation, &Process->ImageInformation);
    if (!NT_SUCCESS(Status))
        return Status;
    *CreateInfo = (PS_CREATE_INFO){.Size = sizeof(*CreateInfo), .State = PsCreateSuccess};
    CreateInfo->SuccessState.UserProcessParametersNative = (ULONG_PTR)Process->ProcessParameters;
    CreateInfo->SuccessState.CurrentParameterFlags = RTL_USER_PROC_PARAMS_NORMALIZED;
    CreateInfo->SuccessState.PebAddressNative = (ULONG_PTR)Process->Peb;
    return MmWriteClient(Client, CreateInfo);
}

typedef struct _HANDLE_WISH {
    PHANDLE ProcessHandle, ThreadHandle; /* client addresses */
    ACCESS_MASK ProcessAccess, ThreadAccess;
} HANDLE_WISH;

static NTSTATUS MakeHandles(PUSER_PROCESS User, PEPROCESS Process, PETHREAD Thread,
                            const HANDLE_WISH *Wish)
{
    PEPROCESS Current = PsGetCurrentProcess();
    HANDLE Handles[2];
    NTSTATUS Status = ObCreateHandle(Current, Process, Wish->ProcessAccess,
                                     User->ProcessHandleAttributes, &Handles[0]);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObCreateHandle(Current, Thread, Wish->ThreadAccess, User->ThreadHandleAttributes,
                            &Handles[1]);
    if (!NT_SUCCESS(Status)) {
        ObCloseHandle(Current, Handles[0]);
        return Status;
    }
    Status = MmWriteClient(Wish->ProcessHandle, &Handles[0]);
    if (NT_SUCCESS(Status))
        Status = MmWriteClient(Wish->ThreadHandle, &Handles[1]);
    if (!NT_SUCCESS(Status)) {
        ObCloseHandle(Current, Handles[0]);
        ObCloseHandle(Current, Handles[1]);
    }
    return Status;
}

static void ReportFailure(PUSER_PROCESS User, PS_CREATE_STATE State, PPS_CREATE_INFO Client)
{
    User->CreateInfo = (PS_CREATE_INFO){.Size = sizeof(User->CreateInfo), .State = State};
    MmWriteClient(Client, &User->CreateInfo);
}

/* The process is made suspended, so that it can be taken back while the client's memory still can
 * fail. */
static NTSTATUS CreateAndReturn(PUSER_PROCESS User, const HANDLE_WISH *Wish, BOOLEAN Suspended,
                                PPS_CREATE_INFO ClientInfo)
{
    PS_CREATE_STATE State;
    PEPROCESS Process;
    PETHREAD Thread;
    NTSTATUS Status;

    User->Arguments.CreateSuspended = TRUE;
    Status = PspCreateProcess(&User->Arguments, &State, &Process, &Thread);
    if (!NT_SUCCESS(Status)) {
        ReportFailure(User, State, ClientInfo);
        return Status;
    }
    Status = ReturnInformation(User, Process, Thread, ClientInfo);
    if (NT_SUCCESS(Status))
        Status = MakeHandles(User, Process, Thread, Wish);
    if (!NT_SUCCESS(Status))
        PsTerminateProcess(Process, Status);
    else if (!Suspended)
        PspStartThread(Thread);
    ObDereferenceObject(Thread);
    ObDereferenceObject(Process);
    return Status;
}

static NTSTATUS CaptureUserProcess(PUSER_PROCESS User, POBJECT_ATTRIBUTES ProcessAttributes,
                                   POBJECT_ATTRIBUTES ThreadAttributes,
                                   PRTL_USER_PROCESS_PARAMETERS Parameters,
                                   PPS_CREATE_INFO CreateInfo, PPS_ATTRIBUTE_LIST AttributeList)
{
    NTSTATUS Status = CaptureHandleAttributes(&User->ProcessHandleAttributes, ProcessAttributes);

    if (NT_SUCCESS(Status))
        Status = CaptureHandleAttributes(&User->ThreadHandleAttributes, ThreadAttributes);
    if (NT_SUCCESS(Status))
        Status = CaptureCreateInfo(&User->CreateInfo, CreateInfo);
    if (NT_SUCCESS(Status))
        Status = PspCaptureAttributes(AttributeList, PSP_PROCESS_ATTRIBUTES, &User->Attributes);
    if (NT_SUCCESS(Status))
        Status = CaptureImageName(User);
    if (NT_SUCCESS(Status))
        Status = CaptureParameters(&User->Arguments, Parameters);
    return NT_SUCCESS(Status) ? ReferenceParent(User) : Status;
}

/*
 * NtCreateUserProcess: makes a process from the program named by PS_ATTRIBUTE_IMAGE_NAME, with a
 * first thread that begins in ntdll. ProcessParameters gives command line, current directory and
 * environment. Of the attributes PS_ATTRIBUTE_CLIENT_ID, _TEB_ADDRESS, _IMAGE_INFO and
 * _PARENT_PROCESS are known too. CreateInfo says on failure how far it came. Inheriting handles is
 * not there yet: STATUS_NOT_IMPLEMENTED. Returns STATUS_INVALID_PARAMETER, STATUS_ACCESS_VIOLATION,
 * STATUS_OBJECT_NAME_NOT_FOUND and its family, STATUS_INVALID_IMAGE_FORMAT and its family,
 * STATUS_INSUFFICIENT_RESOURCES, STATUS_NO_MEMORY.
 */
NTSTATUS NtCreateUserProcess(PHANDLE ProcessHandle, PHANDLE ThreadHandle,
                             ACCESS_MASK ProcessDesiredAccess, ACCESS_MASK ThreadDesiredAccess,
                             POBJECT_ATTRIBUTES ProcessObjectAttributes,
                             POBJECT_ATTRIBUTES ThreadObjectAttributes, ULONG ProcessFlags,
                             ULONG ThreadFlags, PRTL_USER_PROCESS_PARAMETERS ProcessParameters,
                             PPS_CREATE_INFO CreateInfo, PPS_ATTRIBUTE_LIST AttributeList)
{
    HANDLE_WISH Wish = {ProcessHandle, ThreadHandle, ProcessDesiredAccess, ThreadDesiredAccess};
    PUSER_PROCESS User;
    NTSTATUS Status = MmProbeForWrite(ProcessHandle, sizeof(HANDLE));

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(ThreadHandle, sizeof(HANDLE));
    if (!NT_SUCCESS(Status))
        return Status;
    if (ProcessFlags & PROCESS_CREATE_FLAGS_INHERIT_HANDLES)
        return STATUS_NOT_IMPLEMENTED;
    if ((ProcessFlags & ~KNOWN_PROCESS_FLAGS) ||
        (ThreadFlags & ~THREAD_CREATE_FLAGS_CREATE_SUSPENDED))
        return STATUS_INVALID_PARAMETER;
    User = ExAllocatePool(sizeof(*User));
    if (!User)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = CaptureUserProcess(User, ProcessObjectAttributes, ThreadObjectAttributes,
                                ProcessParameters, CreateInfo, AttributeList);
    if (NT_SUCCESS(Status))
        Status = CreateAndReturn(
            User, &Wish, (ThreadFlags & THREAD_CREATE_FLAGS_CREATE_SUSPENDED) != 0, CreateInfo);
    FreeUserProcess(User);
    return Status;
}

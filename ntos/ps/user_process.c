/* SPDX-License-Identifier: BSD-2-Clause */
/* NtCreateUserProcess: what the client gives is captured as a whole before anything is made. */
#include <dbgk.h>
#include "psp.h"

#define MAXIMUM_ENVIRONMENT 0x40000
#define KNOWN_PROCESS_FLAGS                                                                        \
    (PROCESS_CREATE_FLAGS_BREAKAWAY | PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT |                      \
     PROCESS_CREATE_FLAGS_INHERIT_HANDLES | PROCESS_CREATE_FLAGS_SUSPENDED)

typedef struct _USER_PROCESS {
    PS_CREATE_ARGUMENTS Arguments;
    PSP_ATTRIBUTES Attributes;
    PS_CREATE_INFO CreateInfo;
    PSP_IMAGE Image;
    HANDLE Handles[4]; /* made for the caller; HandleCount of them */
    ULONG HandleCount;
    BOOLEAN WantsCreateInfo; /* it is not uninitialised */
    ULONG InitFlags;         /* of it */
    ACCESS_MASK FileAccess;
    ULONG ProcessHandleAttributes, ThreadHandleAttributes;
    PEJOB Jobs[PSP_MAXIMUM_JOB_DEPTH]; /* Arguments.JobCount of them are referenced */
} USER_PROCESS, *PUSER_PROCESS;

/* The strings of process parameters that are not normalised have offsets in place of pointers. */
static CLIENT(PVOID)
    Denormalised(const RTL_USER_PROCESS_PARAMETERS *Block, CLIENT(PVOID) ClientBlock, PVOID Pointer)
{
    if (!Pointer || (Block->Flags & RTL_USER_PROC_PARAMS_NORMALIZED))
        return (CLIENT(PVOID))Pointer;
    return (CLIENT(PCHAR))ClientBlock + (ULONG_PTR)Pointer;
}

static NTSTATUS CaptureBuffer(PVOID *Copy, CLIENT(PCVOID) Client, SIZE_T Length)
{
    NTSTATUS Status;

    *Copy = ExAllocatePoolGivingWay(Length + sizeof(WCHAR));
    if (!*Copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCopyFromClient(*Copy, Client, Length);
    if (!NT_SUCCESS(Status)) {
        ExFreePoolGivingWay(*Copy);
        *Copy = NULL;
    }
    return Status;
}

/* What is no text (RuntimeData) may have an odd length. */
static NTSTATUS CaptureBytes(PUNICODE_STRING Copy, const RTL_USER_PROCESS_PARAMETERS *Block,
                             CLIENT(PVOID) ClientBlock, const UNICODE_STRING *String)
{
    if (String->Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    Copy->Length = String->Length;
    Copy->MaximumLength = String->Length + sizeof(WCHAR);
    return CaptureBuffer((PVOID *)&Copy->Buffer, Denormalised(Block, ClientBlock, String->Buffer),
                         String->Length);
}

static NTSTATUS CaptureString(PUNICODE_STRING Copy, const RTL_USER_PROCESS_PARAMETERS *Block,
                              CLIENT(PVOID) ClientBlock, const UNICODE_STRING *String)
{
    return String->Length % sizeof(WCHAR) ? STATUS_INVALID_PARAMETER
                                          : CaptureBytes(Copy, Block, ClientBlock, String);
}

/* Its address is always a real one. */
static NTSTATUS CaptureEnvironment(PS_CREATE_ARGUMENTS *Arguments,
                                   const RTL_USER_PROCESS_PARAMETERS *Block)
{
    CLIENT(PVOID) Environment = (CLIENT(PVOID))Block->Environment;

    if (!Environment || !Block->EnvironmentSize)
        return STATUS_SUCCESS;
    if (Block->EnvironmentSize > MAXIMUM_ENVIRONMENT)
        return STATUS_INVALID_PARAMETER;
    Arguments->EnvironmentSize = Block->EnvironmentSize;
    return CaptureBuffer(&Arguments->Environment, Environment, Block->EnvironmentSize);
}

/* Takes over Block, also on failure. */
static NTSTATUS CaptureOtherStrings(PS_CREATE_ARGUMENTS *Arguments,
                                    PRTL_USER_PROCESS_PARAMETERS Block, CLIENT(PVOID) ClientBlock)
{
    UNICODE_STRING Given[PSP_OTHER_STRINGS];
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    for (i = 0; i < PSP_OTHER_STRINGS; i++) {
        Given[i] = *PspParameterString(Block, i);
        *PspParameterString(Block, i) = (UNICODE_STRING){0};
    }
    Arguments->Parameters = Block;
    for (i = 0; NT_SUCCESS(Status) && i < PSP_OTHER_STRINGS; i++)
        if (Given[i].Length)
            Status = CaptureBytes(PspParameterString(Block, i), Block, ClientBlock, &Given[i]);
    return Status;
}

static NTSTATUS CaptureParameters(PS_CREATE_ARGUMENTS *Arguments,
                                  CLIENT(PRTL_USER_PROCESS_PARAMETERS) ClientBlock)
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
        Status = CaptureEnvironment(Arguments, Block);
    if (NT_SUCCESS(Status))
        return CaptureOtherStrings(Arguments, Block, ClientBlock);
    ExFreePool(Block);
    return Status;
}

static void FreeParameters(PRTL_USER_PROCESS_PARAMETERS Block)
{
    if (!Block)
        return;
    for (ULONG i = 0; i < PSP_OTHER_STRINGS; i++)
        ExFreeUnicodeString(PspParameterString(Block, i));
    ExFreePool(Block);
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

/*
 * Wine's kernelbase passes a structure that it has not initialised: what is not as Windows' callers
 * have it is accepted, and nothing is written there then.
 */
static NTSTATUS CaptureCreateInfo(PUSER_PROCESS User, CLIENT(PPS_CREATE_INFO) Client)
{
    NTSTATUS Status = MmReadClient(&User->CreateInfo, Client);

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Client, sizeof(*Client));
    User->WantsCreateInfo = User->CreateInfo.Size == sizeof(User->CreateInfo) &&
                            User->CreateInfo.State == PsCreateInitialState;
    if (User->WantsCreateInfo) {
        User->InitFlags = User->CreateInfo.InitState.InitFlags;
        User->FileAccess = User->CreateInfo.InitState.AdditionalFileAccess;
    }
    return Status;
}

static NTSTATUS ReferenceParent(PUSER_PROCESS User)
{
    HANDLE Handle = User->Attributes.ParentProcess;

    return ObReferenceObjectByHandle(Handle ? Handle : NtCurrentProcess(), PROCESS_CREATE_PROCESS,
                                     PsProcessType, (PVOID *)&User->Arguments.Parent);
}

/* NULL: the parent's, if it has one. */
static NTSTATUS ReferenceDebugObject(PUSER_PROCESS User)
{
    HANDLE Handle = User->Attributes.DebugPort;

    if (!Handle)
        return STATUS_SUCCESS;
    return ObReferenceObjectByHandle(Handle, DEBUG_PROCESS_ASSIGN, DbgkDebugObjectType,
                                     (PVOID *)&User->Arguments.DebugObject);
}

static NTSTATUS ReferenceToken(PUSER_PROCESS User)
{
    return User->Attributes.Token
               ? SeReferencePrimaryToken(User->Attributes.Token, &User->Arguments.Token)
               : STATUS_SUCCESS;
}

/* The handles that are to be inherited; all that can be, if none are listed. */
static NTSTATUS CaptureHandleList(PUSER_PROCESS User)
{
    OB_HANDLE_LIST *List = &User->Arguments.HandleList;
    ULONG Count = User->Attributes.HandleCount;
    NTSTATUS Status;

    if (!Count)
        return STATUS_SUCCESS;
    if (!User->Arguments.InheritHandles)
        return STATUS_INVALID_PARAMETER;
    Status =
        CaptureBuffer((PVOID *)&List->Handles, User->Attributes.HandleList, Count * sizeof(HANDLE));
    List->Count = NT_SUCCESS(Status) ? Count : 0;
    return Status;
}

static NTSTATUS ReferenceJobs(PUSER_PROCESS User)
{
    PULONG Count = &User->Arguments.JobCount;
    NTSTATUS Status = STATUS_SUCCESS;
    HANDLE Handle;

    User->Arguments.Jobs = User->Jobs;
    while (NT_SUCCESS(Status) && *Count < User->Attributes.JobCount) {
        Status = MmReadClient(&Handle, &User->Attributes.JobList[*Count]);
        if (NT_SUCCESS(Status))
            Status = ObReferenceObjectByHandle(Handle, JOB_OBJECT_ASSIGN_PROCESS, PspJobType,
                                               (PVOID *)&User->Jobs[*Count]);
        if (NT_SUCCESS(Status))
            ++*Count;
    }
    return Status;
}

static void FreeUserProcess(PUSER_PROCESS User)
{
    ExFreePoolGivingWay(User->Arguments.HandleList.Handles);
    ExFreePool(User->Arguments.Security);
    ExFreePool(User->Arguments.ThreadSecurity);
    PspCloseImage(&User->Image);
    while (User->Arguments.JobCount)
        ObDereferenceObject(User->Jobs[--User->Arguments.JobCount]);
    ExFreeUnicodeString(&User->Arguments.ImagePath);
    ExFreeUnicodeString(&User->Arguments.CommandLine);
    ExFreeUnicodeString(&User->Arguments.CurrentDirectory);
    ExFreePoolGivingWay(User->Arguments.Environment);
    if (User->Arguments.Token)
        ObDereferenceObject(User->Arguments.Token);
    FreeParameters(User->Arguments.Parameters);
    if (User->Arguments.Parent)
        ObDereferenceObject(User->Arguments.Parent);
    if (User->Arguments.DebugObject)
        ObDereferenceObject(User->Arguments.DebugObject);
    ExFreePool(User);
}

typedef struct _HANDLE_WISH {
    CLIENT(PHANDLE) ProcessHandle;
    CLIENT(PHANDLE) ThreadHandle;
    ACCESS_MASK ProcessAccess, ThreadAccess;
} HANDLE_WISH;

static void TakeSettings(PUSER_PROCESS User)
{
    PS_CREATE_ARGUMENTS *Arguments = &User->Arguments;
    const PSP_ATTRIBUTES *Attributes = &User->Attributes;

    Arguments->CreateSuspended = TRUE;
    Arguments->PriorityClass = Attributes->PriorityClass;
    Arguments->SetErrorMode = Attributes->SetErrorMode;
    Arguments->ErrorMode = Attributes->ErrorMode;
    Arguments->StandardHandles = Attributes->StandardHandles;
    Arguments->ReserveCount = Attributes->ReserveCount;
    memcpy(Arguments->Reserves, Attributes->Reserves, sizeof(Arguments->Reserves));
    Arguments->ProhibitedImage = User->InitFlags >> PS_CREATE_PROHIBITED_SHIFT;
}

static NTSTATUS Grant(PUSER_PROCESS User, PVOID Object, ACCESS_MASK Access, ULONG Attributes,
                      PHANDLE Handle)
{
    NTSTATUS Status = ObCreateHandle(PsGetCurrentProcess(), Object, Access, Attributes, Handle);

    if (NT_SUCCESS(Status))
        User->Handles[User->HandleCount++] = *Handle;
    return Status;
}

/* The caller has not got them. */
static void TakeHandlesBack(PUSER_PROCESS User)
{
    while (User->HandleCount)
        ObCloseHandle(PsGetCurrentProcess(), User->Handles[--User->HandleCount]);
}

static BOOLEAN WantsFiles(PUSER_PROCESS User)
{
    return User->WantsCreateInfo && (User->InitFlags & PS_CREATE_WRITE_OUTPUT_ON_EXIT) != 0;
}

/* The file may be read and run, and whatever else the caller has asked for and may do. */
static NTSTATUS GrantFile(PUSER_PROCESS User, PHANDLE Handle)
{
    ACCESS_MASK Granted, Access = User->FileAccess | SYNCHRONIZE | FILE_EXECUTE;
    NTSTATUS Status = ObCheckAccess(User->Image.File, Access, &Granted);

    return NT_SUCCESS(Status) ? Grant(User, User->Image.File, Granted, 0, Handle) : Status;
}

static NTSTATUS GrantFiles(PUSER_PROCESS User, PPS_CREATE_INFO Info)
{
    NTSTATUS Status;

    if (!WantsFiles(User))
        return STATUS_SUCCESS;
    Status = GrantFile(User, &Info->SuccessState.FileHandle);
    return NT_SUCCESS(Status) ? Grant(User, User->Image.Section,
                                      SECTION_QUERY | SECTION_MAP_READ | SECTION_MAP_EXECUTE, 0,
                                      &Info->SuccessState.SectionHandle)
                              : Status;
}

/* Results other than the handles of process and thread. */
static NTSTATUS ReturnInformation(PUSER_PROCESS User, PEPROCESS Process, PETHREAD Thread,
                                  CLIENT(PPS_CREATE_INFO) Client)
{
    PPS_CREATE_INFO CreateInfo = &User->CreateInfo;
    NTSTATUS Status = PspReturnThreadAttributes(&User->Attributes, Thread);

    if (NT_SUCCESS(Status) && User->Attributes.ImageInformation)
        Status = MmWriteClient(User->Attributes.ImageInformation, &Process->ImageInformation);
    if (!NT_SUCCESS(Status) || !User->WantsCreateInfo)
        return Status;
    *CreateInfo = (PS_CREATE_INFO){.Size = sizeof(*CreateInfo), .State = PsCreateSuccess};
    CreateInfo->SuccessState.UserProcessParametersNative = (ULONG_PTR)Process->ProcessParameters;
    CreateInfo->SuccessState.CurrentParameterFlags = RTL_USER_PROC_PARAMS_NORMALIZED;
    CreateInfo->SuccessState.PebAddressNative = (ULONG_PTR)Process->Peb;
    Status = GrantFiles(User, CreateInfo);
    return NT_SUCCESS(Status) ? MmWriteClient(Client, CreateInfo) : Status;
}

static NTSTATUS MakeHandles(PUSER_PROCESS User, PEPROCESS Process, PETHREAD Thread,
                            const HANDLE_WISH *Wish)
{
    HANDLE Handles[2];
    NTSTATUS Status =
        Grant(User, Process, Wish->ProcessAccess, User->ProcessHandleAttributes, &Handles[0]);

    if (NT_SUCCESS(Status))
        Status = Grant(User, Thread, Wish->ThreadAccess, User->ThreadHandleAttributes, &Handles[1]);
    if (NT_SUCCESS(Status))
        Status = MmWriteClient(Wish->ProcessHandle, &Handles[0]);
    return NT_SUCCESS(Status) ? MmWriteClient(Wish->ThreadHandle, &Handles[1]) : Status;
}

/* What the state has a result of. The status is the failure's, whatever becomes of this. */
static void ReportFailure(PUSER_PROCESS User, CLIENT(PPS_CREATE_INFO) Client)
{
    PPS_CREATE_INFO Info = &User->CreateInfo;

    if (!User->WantsCreateInfo)
        return;
    *Info = (PS_CREATE_INFO){.Size = sizeof(*Info), .State = User->Image.State};
    if (Info->State == PsCreateFailOnSectionCreate && WantsFiles(User))
        GrantFile(User, &Info->FailSection.FileHandle);
    if (Info->State == PsCreateFailExeFormat)
        Info->ExeFormat.DllCharacteristics = User->Image.Information.DllCharacteristics;
    if (!NT_SUCCESS(MmWriteClient(Client, Info)))
        TakeHandlesBack(User);
}

/* The process is made suspended, so that it can be undone as long as writing to the client's memory
 * can still fail. */
static NTSTATUS CreateAndReturn(PUSER_PROCESS User, const HANDLE_WISH *Wish, BOOLEAN Suspended,
                                CLIENT(PPS_CREATE_INFO) ClientInfo)
{
    PEPROCESS Process;
    PETHREAD Thread;
    NTSTATUS Status;

    TakeSettings(User);
    Status = PspCreateProcess(&User->Arguments, &User->Image, &Process, &Thread);
    if (!NT_SUCCESS(Status)) {
        ReportFailure(User, ClientInfo);
        return Status;
    }
    Status = ReturnInformation(User, Process, Thread, ClientInfo);
    if (NT_SUCCESS(Status))
        Status = MakeHandles(User, Process, Thread, Wish);
    if (!NT_SUCCESS(Status)) {
        TakeHandlesBack(User);
        PsTerminateProcessGivingWay(Process, Status);
    } else if (!Suspended) {
        PspStartThread(Thread);
    }
    ObDereferenceObject(Thread);
    ObDereferenceObject(Process);
    return Status;
}

static NTSTATUS CaptureUserProcess(PUSER_PROCESS User, CLIENT(POBJECT_ATTRIBUTES) ProcessAttributes,
                                   CLIENT(POBJECT_ATTRIBUTES) ThreadAttributes,
                                   CLIENT(PRTL_USER_PROCESS_PARAMETERS) Parameters,
                                   CLIENT(PPS_CREATE_INFO) CreateInfo,
                                   CLIENT(PPS_ATTRIBUTE_LIST) AttributeList)
{
    NTSTATUS Status = PspCaptureObjectAttributes(ProcessAttributes, &User->ProcessHandleAttributes,
                                                 &User->Arguments.Security);

    if (NT_SUCCESS(Status))
        Status = PspCaptureObjectAttributes(ThreadAttributes, &User->ThreadHandleAttributes,
                                            &User->Arguments.ThreadSecurity);
    if (NT_SUCCESS(Status))
        Status = CaptureCreateInfo(User, CreateInfo);
    if (NT_SUCCESS(Status))
        Status = PspCaptureAttributes(AttributeList, PSP_PROCESS_ATTRIBUTES, &User->Attributes);
    if (NT_SUCCESS(Status))
        Status = CaptureImageName(User);
    if (NT_SUCCESS(Status))
        Status = CaptureParameters(&User->Arguments, Parameters);
    if (NT_SUCCESS(Status))
        Status = CaptureHandleList(User);
    if (NT_SUCCESS(Status))
        Status = ReferenceJobs(User);
    if (NT_SUCCESS(Status))
        Status = ReferenceDebugObject(User);
    if (NT_SUCCESS(Status))
        Status = ReferenceToken(User);
    return NT_SUCCESS(Status) ? ReferenceParent(User) : Status;
}

/*
 * NtCreateUserProcess: makes a process from the program named by PS_ATTRIBUTE_IMAGE_NAME, with a
 * first thread that begins in ntdll. ProcessParameters gives command line, current directory and
 * environment. The attributes that are known are those of PSP_PROCESS_ATTRIBUTES (of a token the
 * process gets a copy: se/impersonate.c). It is debugged with its parent, unless another debug
 * object is named or the parent was made with PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT. The process
 * belongs to its parent's jobs, unless it may break away (PROCESS_CREATE_FLAGS_BREAKAWAY;
 * STATUS_ACCESS_DENIED), and to those named. CreateInfo says on failure how far it came.
 * PROCESS_CREATE_FLAGS_INHERIT_HANDLES gives it the inheritable handles of its parent. Returns
 * STATUS_INVALID_PARAMETER, STATUS_ACCESS_VIOLATION, STATUS_OBJECT_NAME_NOT_FOUND and its family,
 * STATUS_INVALID_IMAGE_FORMAT and its family, STATUS_INSUFFICIENT_RESOURCES, STATUS_NO_MEMORY.
 */
NTSTATUS NtCreateUserProcess(CLIENT(PHANDLE) ProcessHandle, CLIENT(PHANDLE) ThreadHandle,
                             ACCESS_MASK ProcessDesiredAccess, ACCESS_MASK ThreadDesiredAccess,
                             CLIENT(POBJECT_ATTRIBUTES) ProcessObjectAttributes,
                             CLIENT(POBJECT_ATTRIBUTES) ThreadObjectAttributes, ULONG ProcessFlags,
                             ULONG ThreadFlags,
                             CLIENT(PRTL_USER_PROCESS_PARAMETERS) ProcessParameters,
                             CLIENT(PPS_CREATE_INFO) CreateInfo,
                             CLIENT(PPS_ATTRIBUTE_LIST) AttributeList)
{
    HANDLE_WISH Wish = {ProcessHandle, ThreadHandle, ProcessDesiredAccess, ThreadDesiredAccess};
    PUSER_PROCESS User;
    NTSTATUS Status = MmProbeForWrite(ProcessHandle, sizeof(HANDLE));

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(ThreadHandle, sizeof(HANDLE));
    if (!NT_SUCCESS(Status))
        return Status;
    if ((ProcessFlags & ~KNOWN_PROCESS_FLAGS) ||
        (ThreadFlags & ~THREAD_CREATE_FLAGS_CREATE_SUSPENDED))
        return STATUS_INVALID_PARAMETER;
    User = ExAllocatePool(sizeof(*User));
    if (!User)
        return STATUS_INSUFFICIENT_RESOURCES;
    User->Arguments.InheritHandles = (ProcessFlags & PROCESS_CREATE_FLAGS_INHERIT_HANDLES) != 0;
    User->Arguments.Breakaway = (ProcessFlags & PROCESS_CREATE_FLAGS_BREAKAWAY) != 0;
    User->Arguments.NoDebugInherit = (ProcessFlags & PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT) != 0;
    Status = CaptureUserProcess(User, ProcessObjectAttributes, ThreadObjectAttributes,
                                ProcessParameters, CreateInfo, AttributeList);
    if (NT_SUCCESS(Status))
        Status = CreateAndReturn(User, &Wish,
                                 (ThreadFlags & THREAD_CREATE_FLAGS_CREATE_SUSPENDED) ||
                                     (ProcessFlags & PROCESS_CREATE_FLAGS_SUSPENDED),
                                 CreateInfo);
    FreeUserProcess(User);
    return Status;
}

// SPDX-License-Identifier: BSD-2-Clause
/* Starting and ending processes. */
#include "rtlp.h"

NTSTATUS RtlpExitStatus;

typedef struct _CREATE_ATTRIBUTES {
    SIZE_T TotalLength;
    PS_ATTRIBUTE Attributes[5];
} CREATE_ATTRIBUTES, *PCREATE_ATTRIBUTES;

static void AddAttribute(PCREATE_ATTRIBUTES List, ULONG_PTR Attribute, PVOID Value, SIZE_T Size)
{
    ULONG Index = (ULONG)((List->TotalLength - sizeof(List->TotalLength)) / sizeof(PS_ATTRIBUTE));

    List->Attributes[Index] =
        (PS_ATTRIBUTE){.Attribute = Attribute, .Size = Size, .ValuePtr = Value};
    List->TotalLength += sizeof(PS_ATTRIBUTE);
}

NTSTATUS NTAPI RtlCreateUserProcess(PCUNICODE_STRING ImagePathName, ULONG ObjectAttributes,
                                    PRTL_USER_PROCESS_PARAMETERS ProcessParameters,
                                    PVOID ProcessSecurityDescriptor, PVOID ThreadSecurityDescriptor,
                                    HANDLE ParentProcess, BOOLEAN InheritHandles, HANDLE DebugPort,
                                    HANDLE Token, PRTL_USER_PROCESS_INFORMATION ProcessInformation)
{
    CREATE_ATTRIBUTES List = {.TotalLength = sizeof(List.TotalLength)};
    PS_CREATE_INFO CreateInfo = {.Size = sizeof(CreateInfo), .State = PsCreateInitialState};
    OBJECT_ATTRIBUTES ProcessAttributes, ThreadAttributes;
    ULONG Flags = InheritHandles ? PROCESS_CREATE_FLAGS_INHERIT_HANDLES : 0;

    AddAttribute(&List, PS_ATTRIBUTE_IMAGE_NAME, ImagePathName->Buffer, ImagePathName->Length);
    AddAttribute(&List, PS_ATTRIBUTE_CLIENT_ID, &ProcessInformation->ClientId,
                 sizeof(ProcessInformation->ClientId));
    AddAttribute(&List, PS_ATTRIBUTE_IMAGE_INFO, &ProcessInformation->ImageInformation,
                 sizeof(ProcessInformation->ImageInformation));
    if (ParentProcess)
        AddAttribute(&List, PS_ATTRIBUTE_PARENT_PROCESS, ParentProcess, sizeof(ParentProcess));
    if (DebugPort)
        AddAttribute(&List, PS_ATTRIBUTE_DEBUG_PORT, DebugPort, sizeof(DebugPort));
    if (Token)
        AddAttribute(&List, PS_ATTRIBUTE_TOKEN, Token, sizeof(Token));
    InitializeObjectAttributes(&ProcessAttributes, NULL, ObjectAttributes, NULL,
                               ProcessSecurityDescriptor);
    InitializeObjectAttributes(&ThreadAttributes, NULL, 0, NULL, ThreadSecurityDescriptor);
    memset(ProcessInformation, 0, sizeof(*ProcessInformation));
    ProcessInformation->Length = sizeof(*ProcessInformation);
    return NtCreateUserProcess(&ProcessInformation->ProcessHandle,
                               &ProcessInformation->ThreadHandle, MAXIMUM_ALLOWED, MAXIMUM_ALLOWED,
                               &ProcessAttributes, &ThreadAttributes, Flags,
                               THREAD_CREATE_FLAGS_CREATE_SUSPENDED, ProcessParameters, &CreateInfo,
                               (PPS_ATTRIBUTE_LIST)&List);
}

/* The other threads end first, then the modules are detached, then the process ends. */
DECLSPEC_NORETURN void NTAPI RtlExitUserProcess(NTSTATUS ExitStatus)
{
    RtlpExitStatus = ExitStatus;
    RtlAcquirePebLock(); /* no thread is to end with it: LdrShutdownProcess wants it */
    NtTerminateProcess(NULL, ExitStatus);
    LdrShutdownProcess();
    NtTerminateProcess(NtCurrentProcess(), ExitStatus);
    __builtin_trap();
}

PPEB NTAPI RtlGetCurrentPeb(void)
{
    return NtCurrentPeb();
}

// SPDX-License-Identifier: BSD-2-Clause
/* Starting and ending threads. */
#include "ldrp.h"
#include "rtlp.h"

NTSTATUS NTAPI RtlCreateUserThread(HANDLE Process, PVOID SecurityDescriptor,
                                   BOOLEAN CreateSuspended, ULONG ZeroBits, SIZE_T MaximumStackSize,
                                   SIZE_T CommittedStackSize,
                                   PUSER_THREAD_START_ROUTINE StartAddress, PVOID Parameter,
                                   PHANDLE Thread, PCLIENT_ID ClientId)
{
    CLIENT_ID NewId;
    PS_ATTRIBUTE_LIST List = {
        .TotalLength = sizeof(List),
        .Attributes = {
            {.Attribute = PS_ATTRIBUTE_CLIENT_ID, .Size = sizeof(NewId), .ValuePtr = &NewId}}};
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Handle;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, SecurityDescriptor);
    Status = NtCreateThreadEx(&Handle, THREAD_ALL_ACCESS, &Attributes, Process, StartAddress,
                              Parameter, CreateSuspended ? THREAD_CREATE_FLAGS_CREATE_SUSPENDED : 0,
                              ZeroBits, CommittedStackSize, MaximumStackSize, &List);
    if (!NT_SUCCESS(Status))
        return Status;
    if (ClientId)
        *ClientId = NewId;
    if (Thread)
        *Thread = Handle;
    else
        NtClose(Handle);
    return STATUS_SUCCESS;
}

static BOOLEAN IsLastThread(void)
{
    ULONG Last = 0;

    return NT_SUCCESS(NtQueryInformationThread(NtCurrentThread(), ThreadAmILastThread, &Last,
                                               sizeof(Last), NULL)) &&
           Last;
}

DECLSPEC_NORETURN void NTAPI RtlExitUserThread(NTSTATUS ExitStatus)
{
    if (IsLastThread())
        RtlExitUserProcess(ExitStatus);
    LdrShutdownThread();
    NtTerminateThread(NtCurrentThread(), ExitStatus);
    __builtin_trap();
}

static BOOLEAN IsProgramEntry(PUSER_THREAD_START_ROUTINE StartRoutine)
{
    PIMAGE_NT_HEADERS Headers = RtlImageNtHeader(NtCurrentPeb()->ImageBaseAddress);
    ULONG Entry = Headers ? Headers->OptionalHeader.AddressOfEntryPoint : 0;

    return Entry && (PUCHAR)StartRoutine == (PUCHAR)NtCurrentPeb()->ImageBaseAddress + Entry;
}

/*
 * RtlUserThreadStart, above the frame that its assembler part makes. What the program's entry point
 * returns ends the process; what another start routine returns ends its thread.
 */
DECLSPEC_NORETURN void NTAPI RtlpUserThreadStart(PUSER_THREAD_START_ROUTINE StartRoutine,
                                                 PVOID Argument)
{
    NTSTATUS ExitStatus;

    if (LdrpThreadStart)
        LdrpThreadStart(0, StartRoutine, Argument);
    ExitStatus = StartRoutine(Argument);
    if (IsProgramEntry(StartRoutine))
        RtlExitUserProcess(ExitStatus);
    RtlExitUserThread(ExitStatus);
}

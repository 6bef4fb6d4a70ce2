/* SPDX-License-Identifier: BSD-2-Clause */
/* NtCreateThreadEx. */
#include "psp.h"

#define KNOWN_FLAGS                                                                                \
    (THREAD_CREATE_FLAGS_CREATE_SUSPENDED | THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH |               \
     THREAD_CREATE_FLAGS_HIDE_FROM_DEBUGGER | THREAD_CREATE_FLAGS_LOADER_WORKER |                  \
     THREAD_CREATE_FLAGS_SKIP_LOADER_INIT | THREAD_CREATE_FLAGS_BYPASS_PROCESS_FREEZE)

/* What the loader is told through the TEB. */
static USHORT TebFlags(ULONG CreateFlags)
{
    USHORT Flags = 0;

    if (CreateFlags & THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH)
        Flags |= TEB_SKIP_THREAD_ATTACH;
    if (CreateFlags & THREAD_CREATE_FLAGS_LOADER_WORKER)
        Flags |= TEB_LOADER_WORKER;
    if (CreateFlags & THREAD_CREATE_FLAGS_SKIP_LOADER_INIT)
        Flags |= TEB_SKIP_LOADER_INIT;
    return Flags;
}

static NTSTATUS CreateThread(PEPROCESS Process, const PSP_THREAD_ARGUMENTS *Arguments,
                             ACCESS_MASK DesiredAccess, ULONG HandleAttributes,
                             const PSP_ATTRIBUTES *Attributes, CLIENT(PHANDLE) ThreadHandle)
{
    PETHREAD Thread;
    NTSTATUS Status = PspCreateThread(Process, Arguments, &Thread);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = PspReturnThreadAttributes(Attributes, Thread);
    if (NT_SUCCESS(Status)) /* last, since it takes back its handle when it fails */
        Status = PspReturnHandle(Thread, DesiredAccess, HandleAttributes, ThreadHandle);
    if (!NT_SUCCESS(Status))
        PsTerminateThread(Thread, Status);
    else if (!Arguments->CreateSuspended)
        PspStartThread(Thread);
    ObDereferenceObject(Thread);
    return Status;
}

static NTSTATUS CreateThreadIn(HANDLE ProcessHandle, const PSP_THREAD_ARGUMENTS *Arguments,
                               ACCESS_MASK DesiredAccess, ULONG HandleAttributes,
                               const PSP_ATTRIBUTES *Attributes, CLIENT(PHANDLE) ThreadHandle)
{
    PEPROCESS Process;
    NTSTATUS Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_CREATE_THREAD, PsProcessType,
                                                (PVOID *)&Process);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Process->Exiting || !Process->ActiveThreads
                 ? STATUS_PROCESS_IS_TERMINATING
                 : CreateThread(Process, Arguments, DesiredAccess, HandleAttributes, Attributes,
                                ThreadHandle);
    ObDereferenceObject(Process);
    return Status;
}

/*
 * NtCreateThreadEx: makes a thread in a process; it begins in ntdll with StartRoutine(Argument).
 * Stack sizes of 0 mean those of the program's image. Of the attributes PS_ATTRIBUTE_CLIENT_ID and
 * PS_ATTRIBUTE_TEB_ADDRESS are known; a descriptor in ObjectAttributes is the thread's. Needs
 * PROCESS_CREATE_THREAD. Returns STATUS_INVALID_PARAMETER (attributes), STATUS_INVALID_PARAMETER_7
 * (flags), STATUS_PROCESS_IS_TERMINATING, STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES
 * and what handles may give.
 */
NTSTATUS NtCreateThreadEx(CLIENT(PHANDLE) ThreadHandle, ACCESS_MASK DesiredAccess,
                          CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, HANDLE ProcessHandle,
                          PUSER_THREAD_START_ROUTINE StartRoutine, CLIENT(PVOID) Argument,
                          ULONG CreateFlags, SIZE_T ZeroBits, SIZE_T StackSize,
                          SIZE_T MaximumStackSize, CLIENT(PPS_ATTRIBUTE_LIST) AttributeList)
{
    PSP_THREAD_ARGUMENTS Arguments = {
        .StartRoutine = (PVOID)StartRoutine,
        .Parameter = (PVOID)(ULONG_PTR)Argument,
        .StackReserve = MaximumStackSize,
        .StackCommit = StackSize,
        .CreateSuspended = (CreateFlags & THREAD_CREATE_FLAGS_CREATE_SUSPENDED) != 0,
        .HideFromDebugger = (CreateFlags & THREAD_CREATE_FLAGS_HIDE_FROM_DEBUGGER) != 0,
        .BypassProcessFreeze = (CreateFlags & THREAD_CREATE_FLAGS_BYPASS_PROCESS_FREEZE) != 0,
        .SameTebFlags = TebFlags(CreateFlags)};
    PSP_ATTRIBUTES Captured;
    ULONG HandleAttributes;
    NTSTATUS Status = MmProbeForWrite(ThreadHandle, sizeof(*ThreadHandle));

    if (NT_SUCCESS(Status))
        Status = PspCaptureAttributes(AttributeList, PSP_THREAD_ATTRIBUTES, &Captured);
    if (!NT_SUCCESS(Status))
        return Status;
    if (CreateFlags & ~KNOWN_FLAGS)
        return STATUS_INVALID_PARAMETER_7;
    Status = PspCaptureObjectAttributes(ObjectAttributes, &HandleAttributes, &Arguments.Security);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CreateThreadIn(ProcessHandle, &Arguments, DesiredAccess, HandleAttributes, &Captured,
                            ThreadHandle);
    if (Arguments.Security)
        ExFreePool(Arguments.Security);
    return Status;
}

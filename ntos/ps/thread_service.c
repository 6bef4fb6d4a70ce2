/* SPDX-License-Identifier: BSD-2-Clause */
/* NtCreateThreadEx, NtOpenThread. */
#include "psp.h"

#define KNOWN_FLAGS                                                                                \
    (THREAD_CREATE_FLAGS_CREATE_SUSPENDED | THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH |               \
     THREAD_CREATE_FLAGS_HIDE_FROM_DEBUGGER)

static NTSTATUS CreateThread(PEPROCESS Process, const PSP_THREAD_ARGUMENTS *Arguments,
                             ACCESS_MASK DesiredAccess, ULONG HandleAttributes,
                             const PSP_ATTRIBUTES *Attributes, PHANDLE ThreadHandle)
{
    PETHREAD Thread;
    NTSTATUS Status = PspCreateThread(Process, Arguments, &Thread);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = PspReturnThreadAttributes(Attributes, Thread);
    if (NT_SUCCESS(Status)) /* last, since it takes back its handle when it fails */
        Status = PspOpenById(Thread, DesiredAccess, HandleAttributes, ThreadHandle);
    if (!NT_SUCCESS(Status))
        PsTerminateThread(Thread, Status);
    else if (!Arguments->CreateSuspended)
        PspStartThread(Thread);
    ObDereferenceObject(Thread);
    return Status;
}

/*
 * NtCreateThreadEx: makes a thread in a process; it begins in ntdll with StartRoutine(Argument).
 * Stack sizes of 0 mean those of the program's image. Of the attributes PS_ATTRIBUTE_CLIENT_ID and
 * PS_ATTRIBUTE_TEB_ADDRESS are known. Needs PROCESS_CREATE_THREAD. Returns STATUS_INVALID_PARAMETER
 * (attributes), STATUS_INVALID_PARAMETER_7 (flags), STATUS_PROCESS_IS_TERMINATING,
 * STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES and what handles may give.
 */
NTSTATUS NtCreateThreadEx(PHANDLE ThreadHandle, ACCESS_MASK DesiredAccess,
                          POBJECT_ATTRIBUTES ObjectAttributes, HANDLE ProcessHandle,
                          PUSER_THREAD_START_ROUTINE StartRoutine, PVOID Argument,
                          ULONG CreateFlags, SIZE_T ZeroBits, SIZE_T StackSize,
                          SIZE_T MaximumStackSize, PPS_ATTRIBUTE_LIST AttributeList)
{
    PSP_THREAD_ARGUMENTS Arguments = {(PVOID)StartRoutine, Argument, MaximumStackSize, StackSize,
                                      (CreateFlags & THREAD_CREATE_FLAGS_CREATE_SUSPENDED) != 0};
    OBJECT_ATTRIBUTES Attributes = {0};
    PSP_ATTRIBUTES Captured;
    PEPROCESS Process;
    NTSTATUS Status = MmProbeForWrite(ThreadHandle, sizeof(*ThreadHandle));

    if (NT_SUCCESS(Status) && ObjectAttributes)
        Status = MmReadClient(&Attributes, ObjectAttributes);
    if (NT_SUCCESS(Status))
        Status = PspCaptureAttributes(AttributeList, PSP_THREAD_ATTRIBUTES, &Captured);
    if (!NT_SUCCESS(Status))
        return Status;
    if (CreateFlags & ~KNOWN_FLAGS)
        return STATUS_INVALID_PARAMETER_7;
    Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_CREATE_THREAD, PsProcessType,
                                       (PVOID *)&Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Process->Exiting || !Process->ActiveThreads
                 ? STATUS_PROCESS_IS_TERMINATING
                 : CreateThread(Process, &Arguments, DesiredAccess,
                                Attributes.Attributes & OBJ_INHERIT, &Captured, ThreadHandle);
    ObDereferenceObject(Process);
    return Status;
}

/*
 * NtOpenThread: opens the thread with the given client id (UniqueProcess may be 0). Returns
 * STATUS_INVALID_CID, STATUS_INVALID_PARAMETER_MIX (a name or no client id), STATUS_ACCESS_DENIED,
 * STATUS_ACCESS_VIOLATION.
 */
NTSTATUS NtOpenThread(PHANDLE ThreadHandle, ACCESS_MASK DesiredAccess,
                      POBJECT_ATTRIBUTES ObjectAttributes, PCLIENT_ID ClientId)
{
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id;
    PETHREAD Thread;
    NTSTATUS Status = MmProbeForWrite(ThreadHandle, sizeof(*ThreadHandle));

    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Attributes, ObjectAttributes);
    if (NT_SUCCESS(Status) && ClientId)
        Status = MmReadClient(&Id, ClientId);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Attributes.ObjectName || !ClientId)
        return STATUS_INVALID_PARAMETER_MIX;
    Thread = PspFindThread(Id.UniqueThread);
    if (!Thread || (Id.UniqueProcess && Thread->Process->UniqueProcessId != Id.UniqueProcess))
        return STATUS_INVALID_CID;
    ObReferenceObject(Thread);
    Status = PspOpenById(Thread, DesiredAccess, Attributes.Attributes & OBJ_INHERIT, ThreadHandle);
    ObDereferenceObject(Thread);
    return Status;
}

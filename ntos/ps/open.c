/* SPDX-License-Identifier: BSD-2-Clause */
/* NtOpenProcess, NtOpenThread: handles by client id. */
#include "psp.h"

NTSTATUS PspReturnHandle(PVOID Object, ACCESS_MASK DesiredAccess, ULONG Attributes,
                         CLIENT(PHANDLE) ClientHandle)
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

/* The thread that a client id means: its process, if named, must be right too. NULL: none. */
static PETHREAD LookupThread(const CLIENT_ID *Id)
{
    PETHREAD Thread = PspFindThread(Id->UniqueThread);

    return Thread && (!Id->UniqueProcess || Thread->Process == PspFindProcess(Id->UniqueProcess))
               ? Thread
               : NULL;
}

/* The process that a client id means, by its own id or by a thread's. */
static PVOID FindProcess(const CLIENT_ID *Id)
{
    PETHREAD Thread;

    if (!Id->UniqueThread)
        return PspFindProcess(Id->UniqueProcess);
    Thread = LookupThread(Id);
    return Thread ? Thread->Process : NULL;
}

static PVOID FindThread(const CLIENT_ID *Id)
{
    return LookupThread(Id);
}

/* With SeDebugPrivilege everything may be opened. */
NTSTATUS PsOpenObject(PVOID Object, ACCESS_MASK DesiredAccess, ULONG Attributes,
                      CLIENT(PHANDLE) ClientHandle)
{
    HANDLE Handle;
    NTSTATUS Status;

    if (SeSinglePrivilegeCheck(SE_DEBUG_PRIVILEGE))
        return PspReturnHandle(Object, DesiredAccess, Attributes, ClientHandle);
    Status = ObOpenObjectByPointer(Object, DesiredAccess, Attributes, &Handle);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = MmWriteClient(ClientHandle, &Handle);
    if (!NT_SUCCESS(Status))
        ObCloseHandle(PsGetCurrentProcess(), Handle);
    return Status;
}

static NTSTATUS OpenByClientId(CLIENT(PHANDLE) Handle, ACCESS_MASK DesiredAccess,
                               CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                               CLIENT(PCLIENT_ID) ClientId, PVOID (*Find)(const CLIENT_ID *Id))
{
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id;
    PVOID Object;
    NTSTATUS Status = MmProbeForWrite(Handle, sizeof(*Handle));

    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Attributes, ObjectAttributes);
    if (NT_SUCCESS(Status) && ClientId)
        Status = MmReadClient(&Id, ClientId);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Attributes.ObjectName || !ClientId)
        return STATUS_INVALID_PARAMETER_MIX;
    Object = Find(&Id);
    if (!Object)
        return STATUS_INVALID_CID;
    ObReferenceObject(Object);
    Status = PsOpenObject(Object, DesiredAccess, Attributes.Attributes & OBJ_INHERIT, Handle);
    ObDereferenceObject(Object);
    return Status;
}

/*
 * NtOpenProcess: opens the process with the given client id, whose two low bits are ignored;
 * processes have no names. Returns STATUS_INVALID_CID, STATUS_INVALID_PARAMETER_MIX (a name or no
 * client id), STATUS_ACCESS_DENIED, STATUS_ACCESS_VIOLATION. (WDK: ZwOpenProcess)
 */
NTSTATUS NtOpenProcess(CLIENT(PHANDLE) ProcessHandle, ACCESS_MASK DesiredAccess,
                       CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, CLIENT(PCLIENT_ID) ClientId)
{
    return OpenByClientId(ProcessHandle, DesiredAccess, ObjectAttributes, ClientId, FindProcess);
}

/* NtOpenThread: opens a thread; UniqueProcess may be 0. As NtOpenProcess otherwise. */
NTSTATUS NtOpenThread(CLIENT(PHANDLE) ThreadHandle, ACCESS_MASK DesiredAccess,
                      CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, CLIENT(PCLIENT_ID) ClientId)
{
    return OpenByClientId(ThreadHandle, DesiredAccess, ObjectAttributes, ClientId, FindThread);
}

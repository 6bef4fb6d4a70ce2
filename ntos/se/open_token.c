/* SPDX-License-Identifier: BSD-2-Clause */
/* Handles to the tokens of processes and threads. */
#include "sep.h"

/* Asker: whose rights count. */
static NTSTATUS OpenAs(PTOKEN Asker, PTOKEN Token, ACCESS_MASK DesiredAccess, PACCESS_MASK Granted)
{
    PSE_DESCRIPTOR *Place = ObGetSecurity(Token);

    if (!*Place) {
        *Granted = DesiredAccess;
        return STATUS_SUCCESS;
    }
    return SepCheckAs(Asker, *Place, ObGetGenericMapping(SeTokenType), TOKEN_ALL_ACCESS,
                      ObMapGenericAccess(SeTokenType, DesiredAccess), Granted);
}

/* Token's reference is consumed. */
static NTSTATUS ReturnHandle(PTOKEN Token, ACCESS_MASK DesiredAccess, BOOLEAN AsSelf,
                             ULONG Attributes, CLIENT(PHANDLE) ClientHandle)
{
    PTOKEN Asker = AsSelf ? PsGetCurrentProcess()->Token : SeReferenceEffectiveToken();
    ACCESS_MASK Granted;
    HANDLE Handle;
    NTSTATUS Status;

    if (AsSelf)
        ObReferenceObject(Asker);
    Status = OpenAs(Asker, Token, DesiredAccess, &Granted);
    if (NT_SUCCESS(Status))
        Status = ObCreateHandle(PsGetCurrentProcess(), Token, Granted,
                                Attributes & (OBJ_INHERIT | OBJ_PROTECT_CLOSE), &Handle);
    ObDereferenceObject(Asker);
    ObDereferenceObject(Token);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = MmWriteClient(ClientHandle, &Handle);
    if (!NT_SUCCESS(Status))
        ObCloseHandle(PsGetCurrentProcess(), Handle);
    return Status;
}

/* NtOpenProcessToken: NtOpenProcessTokenEx without attributes.  (WDK: ZwOpenProcessToken) */
NTSTATUS NTAPI NtOpenProcessToken(HANDLE ProcessHandle, ACCESS_MASK DesiredAccess,
                                  CLIENT(PHANDLE) TokenHandle)
{
    return NtOpenProcessTokenEx(ProcessHandle, DesiredAccess, 0, TokenHandle);
}

/*
 * NtOpenProcessTokenEx: the primary token of a process. Needs PROCESS_QUERY_LIMITED_INFORMATION for
 * the process, and DesiredAccess for the token. Returns STATUS_ACCESS_DENIED,
 * STATUS_INVALID_HANDLE, STATUS_ACCESS_VIOLATION.  (WDK: ZwOpenProcessTokenEx)
 */
NTSTATUS NTAPI NtOpenProcessTokenEx(HANDLE ProcessHandle, ACCESS_MASK DesiredAccess,
                                    ULONG HandleAttributes, CLIENT(PHANDLE) TokenHandle)
{
    PEPROCESS Process;
    PTOKEN Token;
    NTSTATUS Status = MmProbeForWrite(TokenHandle, sizeof(HANDLE));

    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_QUERY_LIMITED_INFORMATION,
                                           PsProcessType, (PVOID *)&Process);
    if (Status == STATUS_ACCESS_DENIED)
        Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_QUERY_INFORMATION, PsProcessType,
                                           (PVOID *)&Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Token = Process->Token;
    ObReferenceObject(Token);
    ObDereferenceObject(Process);
    return ReturnHandle(Token, DesiredAccess, FALSE, HandleAttributes, TokenHandle);
}

/* NtOpenThreadToken: NtOpenThreadTokenEx without attributes.  (WDK: ZwOpenThreadToken) */
NTSTATUS NTAPI NtOpenThreadToken(HANDLE ThreadHandle, ACCESS_MASK DesiredAccess, BOOLEAN OpenAsSelf,
                                 CLIENT(PHANDLE) TokenHandle)
{
    return NtOpenThreadTokenEx(ThreadHandle, DesiredAccess, OpenAsSelf, 0, TokenHandle);
}

/*
 * NtOpenThreadTokenEx: the token that a thread impersonates. Needs THREAD_QUERY_LIMITED_INFORMATION
 * for the thread, and DesiredAccess for the token: of the calling process if OpenAsSelf, else of
 * whom the calling thread impersonates. Returns STATUS_NO_TOKEN, STATUS_CANT_OPEN_ANONYMOUS,
 * STATUS_ACCESS_DENIED ….  (WDK: ZwOpenThreadTokenEx)
 */
NTSTATUS NTAPI NtOpenThreadTokenEx(HANDLE ThreadHandle, ACCESS_MASK DesiredAccess,
                                   BOOLEAN OpenAsSelf, ULONG HandleAttributes,
                                   CLIENT(PHANDLE) TokenHandle)
{
    PETHREAD Thread;
    PTOKEN Token;
    NTSTATUS Status = MmProbeForWrite(TokenHandle, sizeof(HANDLE));

    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(ThreadHandle, THREAD_QUERY_LIMITED_INFORMATION,
                                           PsThreadType, (PVOID *)&Thread);
    if (Status == STATUS_ACCESS_DENIED)
        Status = ObReferenceObjectByHandle(ThreadHandle, THREAD_QUERY_INFORMATION, PsThreadType,
                                           (PVOID *)&Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    Token = Thread->ImpersonationToken;
    if (Token && Token->Level == SecurityAnonymous)
        Status = STATUS_CANT_OPEN_ANONYMOUS;
    else if (Token)
        ObReferenceObject(Token);
    else
        Status = STATUS_NO_TOKEN;
    ObDereferenceObject(Thread);
    return NT_SUCCESS(Status)
               ? ReturnHandle(Token, DesiredAccess, OpenAsSelf, HandleAttributes, TokenHandle)
               : Status;
}

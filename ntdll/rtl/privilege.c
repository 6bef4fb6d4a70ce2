// SPDX-License-Identifier: BSD-2-Clause
/* Privileges and tokens of the calling process and thread. (Win32: AdjustTokenPrivileges,
 * ImpersonateSelf) */
#include "rtlp.h"

static NTSTATUS OpenToken(BOOLEAN CurrentThread, PHANDLE Token)
{
    ACCESS_MASK Access = TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY;

    return CurrentThread ? NtOpenThreadToken(NtCurrentThread(), Access, FALSE, Token)
                         : NtOpenProcessToken(NtCurrentProcess(), Access, Token);
}

NTSTATUS NTAPI RtlAdjustPrivilege(ULONG Privilege, BOOLEAN Enable, BOOLEAN CurrentThread,
                                  PBOOLEAN WasEnabled)
{
    TOKEN_PRIVILEGES New = {1, {{{Privilege, 0}, Enable ? SE_PRIVILEGE_ENABLED : 0}}}, Old = New;
    ULONG Length;
    HANDLE Token;
    NTSTATUS Status = OpenToken(CurrentThread, &Token);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtAdjustPrivilegesToken(Token, FALSE, &New, sizeof(Old), &Old, &Length);
    NtClose(Token);
    if (Status == STATUS_NOT_ALL_ASSIGNED)
        return STATUS_PRIVILEGE_NOT_HELD;
    if (NT_SUCCESS(Status)) /* what has not changed is not told */
        *WasEnabled = Old.PrivilegeCount
                          ? (Old.Privileges[0].Attributes & SE_PRIVILEGE_ENABLED) != 0
                          : Enable;
    return Status;
}

static NTSTATUS SetThreadToken(HANDLE Token)
{
    return NtSetInformationThread(NtCurrentThread(), ThreadImpersonationToken, &Token,
                                  sizeof(Token));
}

/* The calling thread gets a token of its own, a copy of the process's. */
static NTSTATUS ImpersonateSelf(SECURITY_IMPERSONATION_LEVEL Level, ACCESS_MASK Access,
                                PHANDLE Token)
{
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), Level, SECURITY_STATIC_TRACKING, FALSE};
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Process;
    NTSTATUS Status = NtOpenProcessToken(NtCurrentProcess(), TOKEN_DUPLICATE, &Process);

    if (!NT_SUCCESS(Status))
        return Status;
    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    Attributes.SecurityQualityOfService = &Quality;
    Status = NtDuplicateToken(Process, TOKEN_IMPERSONATE | Access, &Attributes, FALSE,
                              TokenImpersonation, Token);
    NtClose(Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = SetThreadToken(*Token);
    if (!NT_SUCCESS(Status))
        NtClose(*Token);
    return Status;
}

NTSTATUS NTAPI RtlImpersonateSelf(SECURITY_IMPERSONATION_LEVEL ImpersonationLevel)
{
    HANDLE Token;
    NTSTATUS Status = ImpersonateSelf(ImpersonationLevel, 0, &Token);

    if (NT_SUCCESS(Status))
        NtClose(Token);
    return Status;
}

/* What RtlReleasePrivilege undoes: the previous state of a token, or that the thread has got one.
 */
typedef struct _ACQUIRED {
    HANDLE Token;
    HANDLE OldToken; /* of the thread, NULL: none */
    BOOLEAN Impersonated;
    TOKEN_PRIVILEGES Old;
} ACQUIRED, *PACQUIRED;

static NTSTATUS FindToken(PACQUIRED Acquired, ULONG Flags)
{
    ACCESS_MASK Access = TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY;
    NTSTATUS Status;

    if (Flags & RTL_ACQUIRE_PRIVILEGE_PROCESS)
        return NtOpenProcessToken(NtCurrentProcess(), Access, &Acquired->Token);
    Status =
        NtOpenThreadToken(NtCurrentThread(), Access | TOKEN_IMPERSONATE, TRUE, &Acquired->Token);
    if (NT_SUCCESS(Status) && !(Flags & RTL_ACQUIRE_PRIVILEGE_REVERT))
        return Status;
    if (NT_SUCCESS(Status))
        Acquired->OldToken = Acquired->Token;
    else if (Status != STATUS_NO_TOKEN)
        return Status;
    Status = ImpersonateSelf(SecurityDelegation, Access, &Acquired->Token);
    Acquired->Impersonated = NT_SUCCESS(Status);
    if (!NT_SUCCESS(Status) && Acquired->OldToken)
        NtClose(Acquired->OldToken);
    return Status;
}

NTSTATUS NTAPI RtlAcquirePrivilege(PULONG Privilege, ULONG PrivilegeCount, ULONG Flags,
                                   PVOID *ReturnedState)
{
    ULONG Size = sizeof(ACQUIRED) + PrivilegeCount * sizeof(LUID_AND_ATTRIBUTES), Length;
    PTOKEN_PRIVILEGES New;
    PACQUIRED Acquired;
    NTSTATUS Status;

    if (!PrivilegeCount || PrivilegeCount > SE_MAX_WELL_KNOWN_PRIVILEGE ||
        (Flags & ~(RTL_ACQUIRE_PRIVILEGE_REVERT | RTL_ACQUIRE_PRIVILEGE_PROCESS)))
        return STATUS_INVALID_PARAMETER;
    Acquired = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, 2 * Size);
    if (!Acquired)
        return STATUS_NO_MEMORY;
    New = (PTOKEN_PRIVILEGES)((PUCHAR)Acquired + Size);
    New->PrivilegeCount = PrivilegeCount;
    for (ULONG i = 0; i < PrivilegeCount; i++)
        New->Privileges[i] = (LUID_AND_ATTRIBUTES){{Privilege[i], 0}, SE_PRIVILEGE_ENABLED};
    Status = FindToken(Acquired, Flags);
    if (!NT_SUCCESS(Status)) {
        RtlFreeHeap(RtlProcessHeap(), 0, Acquired);
        return Status;
    }
    Status = NtAdjustPrivilegesToken(Acquired->Token, FALSE, New, Size - offsetof(ACQUIRED, Old),
                                     &Acquired->Old, &Length);
    if (Status == STATUS_SUCCESS) {
        *ReturnedState = Acquired;
        return STATUS_SUCCESS;
    }
    RtlReleasePrivilege(Acquired);
    return Status == STATUS_NOT_ALL_ASSIGNED ? STATUS_PRIVILEGE_NOT_HELD : Status;
}

void NTAPI RtlReleasePrivilege(PVOID State)
{
    PACQUIRED Acquired = State;

    if (Acquired->Impersonated)
        SetThreadToken(Acquired->OldToken);
    else if (Acquired->Old.PrivilegeCount)
        NtAdjustPrivilegesToken(Acquired->Token, FALSE, &Acquired->Old, 0, NULL, NULL);
    if (Acquired->OldToken)
        NtClose(Acquired->OldToken);
    NtClose(Acquired->Token);
    RtlFreeHeap(RtlProcessHeap(), 0, Acquired);
}

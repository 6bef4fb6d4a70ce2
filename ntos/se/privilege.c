/* SPDX-License-Identifier: BSD-2-Clause */
/* Privileges: whether somebody has them. */
#include "sep.h"

PTOKEN SeReferenceEffectiveToken(void)
{
    PETHREAD Thread = PsGetCurrentThread();
    PTOKEN Token;

    if (!Thread)
        return NULL;
    Token = Thread->ImpersonationToken ? Thread->ImpersonationToken : Thread->Process->Token;
    ObReferenceObject(Token);
    return Token;
}

BOOLEAN SepIsEnabled(PTOKEN Token, ULONG Privilege)
{
    return (Token->Enabled & SEP_PRIVILEGE(Privilege)) != 0;
}

/* Who only identifies a client has none of its privileges. */
BOOLEAN SeSinglePrivilegeCheck(ULONG Privilege)
{
    PETHREAD Thread = PsGetCurrentThread();

    if (!Thread)
        return TRUE;
    if (!Thread->ImpersonationToken)
        return SepIsEnabled(Thread->Process->Token, Privilege);
    return Thread->ImpersonationToken->Level >= SecurityImpersonation &&
           SepIsEnabled(Thread->ImpersonationToken, Privilege);
}

NTSTATUS SeCheckPrivilege(ULONG Privilege)
{
    return SeSinglePrivilegeCheck(Privilege) ? STATUS_SUCCESS : STATUS_PRIVILEGE_NOT_HELD;
}

/* Marks those that are enabled as used. TRUE: all of them, or one if one is enough. */
static BOOLEAN CheckSet(PTOKEN Token, PLUID_AND_ATTRIBUTES Privileges, ULONG Count, BOOLEAN All)
{
    ULONG i, Held = 0;

    for (i = 0; i < Count; i++) {
        ULONG Number = SepPrivilegeNumber(&Privileges[i].Luid);

        Privileges[i].Attributes &= ~SE_PRIVILEGE_USED_FOR_ACCESS;
        if (!Number || !SepIsEnabled(Token, Number))
            continue;
        Privileges[i].Attributes |= SE_PRIVILEGE_USED_FOR_ACCESS;
        Held++;
    }
    return All ? Held == Count : Held != 0;
}

static NTSTATUS CheckPrivileges(PTOKEN Token, CLIENT(PPRIVILEGE_SET) Client,
                                const PRIVILEGE_SET *Header, PBOOLEAN Result)
{
    SIZE_T Length = Header->PrivilegeCount * sizeof(LUID_AND_ATTRIBUTES);
    PLUID_AND_ATTRIBUTES Privileges;
    NTSTATUS Status =
        SepCapturePrivileges(&Client->Privilege[0], Header->PrivilegeCount, &Privileges);

    if (!NT_SUCCESS(Status))
        return Status;
    *Result = CheckSet(Token, Privileges, Header->PrivilegeCount,
                       (Header->Control & PRIVILEGE_SET_ALL_NECESSARY) != 0);
    Status = MmCopyToClient(&Client->Privilege[0], Privileges, Length);
    ExFreePool(Privileges);
    return Status;
}

/*
 * NtPrivilegeCheck: whether all the privileges of the set, or without PRIVILEGE_SET_ALL_NECESSARY
 * one of them, are enabled in a token; those that are get SE_PRIVILEGE_USED_FOR_ACCESS. Needs
 * TOKEN_QUERY. Returns STATUS_BAD_IMPERSONATION_LEVEL (an impersonation token below
 * identification), STATUS_INVALID_PARAMETER (too many), STATUS_ACCESS_VIOLATION.
 * (Win32: PrivilegeCheck)
 */
NTSTATUS NTAPI NtPrivilegeCheck(HANDLE ClientToken, CLIENT(PPRIVILEGE_SET) RequiredPrivileges,
                                CLIENT(PBOOLEAN) Result)
{
    PRIVILEGE_SET Header;
    BOOLEAN Held = FALSE;
    PTOKEN Token;
    NTSTATUS Status = SepReferenceToken(ClientToken, TOKEN_QUERY, &Token);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Token->Type == TokenImpersonation && Token->Level < SecurityIdentification)
        Status = STATUS_BAD_IMPERSONATION_LEVEL;
    if (NT_SUCCESS(Status))
        Status = MmCopyFromClient(&Header, RequiredPrivileges, offsetof(PRIVILEGE_SET, Privilege));
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Result, sizeof(*Result));
    if (NT_SUCCESS(Status))
        Status = CheckPrivileges(Token, RequiredPrivileges, &Header, &Held);
    if (NT_SUCCESS(Status))
        Status = MmWriteClient(Result, &Held);
    ObDereferenceObject(Token);
    return Status;
}

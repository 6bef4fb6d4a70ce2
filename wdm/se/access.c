/* SPDX-License-Identifier: BSD-2-Clause */
/* What a subject may do: access checks and privileges, both the Executive's. (WDK: SeAccessCheck)
 */
#include "se.h"
#include "ki.h"
#include "ntdll.h"

/* An access check wants an impersonation token. */
static NTSTATUS SepOpenForCheck(PSECURITY_SUBJECT_CONTEXT Context, PHANDLE Token)
{
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), SecurityImpersonation, 0, FALSE};
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Subject;
    NTSTATUS Status = SepOpenSubjectToken(Context, &Subject);

    if (!NT_SUCCESS(Status))
        return Status;
    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    Attributes.SecurityQualityOfService = &Quality;
    Status = ZwDuplicateToken(Subject, TOKEN_QUERY, &Attributes, FALSE, TokenImpersonation, Token);
    ZwClose(Subject);
    return Status;
}

static NTSTATUS SepCheck(PSECURITY_DESCRIPTOR Descriptor, PSECURITY_SUBJECT_CONTEXT Context,
                         ACCESS_MASK Desired, PGENERIC_MAPPING Mapping, PACCESS_MASK Granted)
{
    UCHAR Privileges[128];
    ULONG Length = sizeof(Privileges);
    NTSTATUS Status, Answer = STATUS_ACCESS_DENIED;
    HANDLE Token;

    Status = SepOpenForCheck(Context, &Token);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtAccessCheck(Descriptor, Token, Desired, Mapping, (PPRIVILEGE_SET)Privileges, &Length,
                           Granted, &Answer);
    ZwClose(Token);
    return NT_SUCCESS(Status) ? Answer : Status;
}

/*
 * SeAccessCheck: TRUE if the subject gets the access; else *AccessStatus says why not. Kernel mode
 * gets everything; no descriptor gives nothing to others. Privileges that were used are not told.
 */
BOOLEAN NTAPI SeAccessCheck(PSECURITY_DESCRIPTOR SecurityDescriptor,
                            PSECURITY_SUBJECT_CONTEXT SubjectSecurityContext,
                            BOOLEAN SubjectContextLocked, ACCESS_MASK DesiredAccess,
                            ACCESS_MASK PreviouslyGrantedAccess, PPRIVILEGE_SET *Privileges,
                            PGENERIC_MAPPING GenericMapping, KPROCESSOR_MODE AccessMode,
                            PACCESS_MASK GrantedAccess, PNTSTATUS AccessStatus)
{
    ACCESS_MASK Found = 0;

    if (Privileges)
        *Privileges = NULL;
    RtlMapGenericMask(&DesiredAccess, GenericMapping);
    if (AccessMode == KernelMode) {
        *GrantedAccess = PreviouslyGrantedAccess | (DesiredAccess & ~MAXIMUM_ALLOWED);
        if (DesiredAccess & MAXIMUM_ALLOWED)
            *GrantedAccess |= GenericMapping->GenericAll;
        *AccessStatus = STATUS_SUCCESS;
        return TRUE;
    }
    *GrantedAccess = PreviouslyGrantedAccess;
    if (!SecurityDescriptor || !(DesiredAccess & ~PreviouslyGrantedAccess)) {
        *AccessStatus = SecurityDescriptor && DesiredAccess ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
        return NT_SUCCESS(*AccessStatus);
    }
    *AccessStatus = SepCheck(SecurityDescriptor, SubjectSecurityContext,
                             DesiredAccess & ~PreviouslyGrantedAccess, GenericMapping, &Found);
    *GrantedAccess = NT_SUCCESS(*AccessStatus) ? PreviouslyGrantedAccess | Found : 0;
    return NT_SUCCESS(*AccessStatus);
}

/* ---- Privileges ---- */

/* SePrivilegeCheck: whether the subject has all of them, or with no PRIVILEGE_SET_ALL_NECESSARY
 * any. Kernel mode has. Those that it has are marked SE_PRIVILEGE_USED_FOR_ACCESS. */
BOOLEAN NTAPI SePrivilegeCheck(PPRIVILEGE_SET RequiredPrivileges,
                               PSECURITY_SUBJECT_CONTEXT SubjectSecurityContext,
                               KPROCESSOR_MODE AccessMode)
{
    BOOLEAN Result = FALSE;
    HANDLE Token;

    if (AccessMode == KernelMode)
        return TRUE;
    if (!NT_SUCCESS(SepOpenSubjectToken(SubjectSecurityContext, &Token)))
        return FALSE;
    if (!NT_SUCCESS(NtPrivilegeCheck(Token, RequiredPrivileges, &Result)))
        Result = FALSE;
    ZwClose(Token);
    return Result;
}

/* SeSinglePrivilegeCheck: of the process whose request the calling thread serves. */
BOOLEAN NTAPI SeSinglePrivilegeCheck(LUID PrivilegeValue, KPROCESSOR_MODE PreviousMode)
{
    PRIVILEGE_SET Required = {.PrivilegeCount = 1,
                              .Control = PRIVILEGE_SET_ALL_NECESSARY,
                              .Privilege = {{PrivilegeValue, 0}}};

    return SePrivilegeCheck(&Required, NULL, PreviousMode);
}

/* SeFreePrivileges: what SeAccessCheck has returned, which is nothing. */
VOID NTAPI SeFreePrivileges(PPRIVILEGE_SET Privileges)
{
    if (Privileges)
        ExFreePool(Privileges);
}

/* SeAppendPrivileges: to those of the access state, if there is room for them, three in all. */
NTSTATUS NTAPI SeAppendPrivileges(PACCESS_STATE AccessState, PPRIVILEGE_SET Privileges)
{
    PINITIAL_PRIVILEGE_SET Set = &AccessState->Privileges.InitialPrivilegeSet;

    if (Privileges->PrivilegeCount > INITIAL_PRIVILEGE_COUNT ||
        Set->PrivilegeCount > INITIAL_PRIVILEGE_COUNT - Privileges->PrivilegeCount)
        return STATUS_INSUFFICIENT_RESOURCES;
    for (ULONG i = 0; i < Privileges->PrivilegeCount; i++)
        Set->Privilege[Set->PrivilegeCount++] = Privileges->Privilege[i];
    return STATUS_SUCCESS;
}

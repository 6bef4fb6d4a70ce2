/* SPDX-License-Identifier: BSD-2-Clause */
/* Tokens, access checks, privileges, security descriptors. umtests.exe, whose request this is, is
 * an administrator's. */
#include "runtime.h"

static GENERIC_MAPPING Mapping = {FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE,
                                  FILE_ALL_ACCESS};
static DECLSPEC_ALIGN(8) UCHAR AclBuffer[128];
static SECURITY_DESCRIPTOR Descriptor;

/* Only Sid may read. */
static VOID MakeDescriptor(PSID Sid)
{
    PACL Acl = (PACL)AclBuffer;

    RtlCreateAcl(Acl, sizeof(AclBuffer), ACL_REVISION);
    RtlAddAccessAllowedAce(Acl, ACL_REVISION, FILE_GENERIC_READ, Sid);
    RtlCreateSecurityDescriptor(&Descriptor, SECURITY_DESCRIPTOR_REVISION);
    RtlSetDaclSecurityDescriptor(&Descriptor, TRUE, Acl, FALSE);
    RtlSetOwnerSecurityDescriptor(&Descriptor, SeExports->SeNullSid, FALSE);
    RtlSetGroupSecurityDescriptor(&Descriptor, SeExports->SeNullSid, FALSE);
}

static BOOLEAN Check(PSECURITY_SUBJECT_CONTEXT Subject, ACCESS_MASK Desired, KPROCESSOR_MODE Mode,
                     PACCESS_MASK Granted, PNTSTATUS Status)
{
    PPRIVILEGE_SET Privileges = NULL;
    BOOLEAN Result = SeAccessCheck(&Descriptor, Subject, FALSE, Desired, 0, &Privileges, &Mapping,
                                   Mode, Granted, Status);

    if (Privileges)
        SeFreePrivileges(Privileges);
    return Result;
}

static VOID TestToken(PACCESS_TOKEN Token)
{
    PTOKEN_USER User;
    LUID Id = {0, 0};

    CHECK(SeTokenType(Token) == TokenPrimary && !SeTokenIsRestricted(Token));
    CHECK(SeTokenIsAdmin(Token));
    CHECK_STATUS(SeQueryInformationToken(Token, TokenUser, (PVOID *)&User), STATUS_SUCCESS);
    CHECK(User && RtlValidSid(User->User.Sid));
    ExFreePool(User);
    CHECK_STATUS(SeQueryInformationToken(Token, (TOKEN_INFORMATION_CLASS)999, (PVOID *)&User),
                 STATUS_INVALID_INFO_CLASS);
    CHECK(!User);
    CHECK_STATUS(SeQueryAuthenticationIdToken(Token, &Id), STATUS_SUCCESS);
    CHECK(Id.LowPart != 0);
}

VOID TestAccess(VOID)
{
    SECURITY_SUBJECT_CONTEXT Subject;
    ACCESS_MASK Granted;
    NTSTATUS Status;

    SeCaptureSubjectContext(&Subject);
    CHECK(Subject.PrimaryToken && !Subject.ClientToken);
    if (!Subject.PrimaryToken)
        return;
    SeLockSubjectContext(&Subject);
    TestToken(Subject.PrimaryToken);
    SeUnlockSubjectContext(&Subject);
    MakeDescriptor(SeExports->SeWorldSid);
    CHECK(Check(&Subject, FILE_READ_DATA, UserMode, &Granted, &Status));
    CHECK(Granted == FILE_READ_DATA && Status == STATUS_SUCCESS);
    CHECK(Check(&Subject, GENERIC_READ, UserMode, &Granted, &Status));
    CHECK(Granted == FILE_GENERIC_READ);
    CHECK(!Check(&Subject, FILE_WRITE_DATA, UserMode, &Granted, &Status));
    CHECK(Status == STATUS_ACCESS_DENIED && Granted == 0);
    CHECK(Check(&Subject, FILE_WRITE_DATA, KernelMode, &Granted, &Status));
    CHECK(Granted == FILE_WRITE_DATA && Status == STATUS_SUCCESS);
    CHECK(Check(&Subject, MAXIMUM_ALLOWED, KernelMode, &Granted, &Status));
    CHECK(Granted == FILE_ALL_ACCESS);
    CHECK(Check(NULL, FILE_READ_DATA, UserMode, &Granted, &Status));
    MakeDescriptor(SeExports->SeDialupSid);
    CHECK(!Check(&Subject, FILE_READ_DATA, UserMode, &Granted, &Status));
    MakeDescriptor(SeExports->SeAliasAdminsSid);
    CHECK(Check(&Subject, FILE_READ_DATA, UserMode, &Granted, &Status));
    SeReleaseSubjectContext(&Subject);
    CHECK(!Subject.PrimaryToken);
}

VOID TestPrivileges(VOID)
{
    LUID None = {99, 0};
    PRIVILEGE_SET Set = {
        .PrivilegeCount = 1,
        .Control = PRIVILEGE_SET_ALL_NECESSARY,
        .Privilege = {{SeExports->SeChangeNotifyPrivilege, 0}},
    };
    SECURITY_SUBJECT_CONTEXT Subject;
    ACCESS_STATE State = {0};

    CHECK(SeSinglePrivilegeCheck(SeExports->SeChangeNotifyPrivilege, UserMode));
    CHECK(!SeSinglePrivilegeCheck(None, UserMode));
    CHECK(SeSinglePrivilegeCheck(None, KernelMode));
    CHECK(SeExports->SeLoadDriverPrivilege.LowPart == SE_LOAD_DRIVER_PRIVILEGE);
    CHECK(SeExports->SeTcbPrivilege.LowPart == SE_TCB_PRIVILEGE);
    SeCaptureSubjectContext(&Subject);
    CHECK(SePrivilegeCheck(&Set, &Subject, UserMode));
    Set.Privilege[0].Luid = None;
    CHECK(!SePrivilegeCheck(&Set, &Subject, UserMode));
    CHECK(SePrivilegeCheck(&Set, &Subject, KernelMode));
    SeReleaseSubjectContext(&Subject);
    for (int i = 0; i < 3; i++)
        CHECK_STATUS(SeAppendPrivileges(&State, &Set), STATUS_SUCCESS);
    CHECK_STATUS(SeAppendPrivileges(&State, &Set), STATUS_INSUFFICIENT_RESOURCES);
    CHECK(State.Privileges.InitialPrivilegeSet.PrivilegeCount == 3);
}

static VOID TestAssignment(VOID)
{
    SECURITY_SUBJECT_CONTEXT Subject;
    PSECURITY_DESCRIPTOR New, Old;
    SECURITY_INFORMATION What = DACL_SECURITY_INFORMATION;
    DECLSPEC_ALIGN(8) UCHAR Buffer[256];
    PACL Acl;
    PSID Owner;
    BOOLEAN Present, Defaulted;
    ULONG Length = sizeof(Buffer);

    SeCaptureSubjectContext(&Subject);
    CHECK_STATUS(SeAssignSecurity(NULL, &Descriptor, &New, FALSE, &Subject, &Mapping, PagedPool),
                 STATUS_INVALID_OWNER); /* nobody's to give */
    CHECK(!New);
    RtlSetOwnerSecurityDescriptor(&Descriptor, NULL, FALSE);
    RtlSetGroupSecurityDescriptor(&Descriptor, NULL, FALSE);
    CHECK_STATUS(SeAssignSecurity(NULL, &Descriptor, &New, FALSE, &Subject, &Mapping, PagedPool),
                 STATUS_SUCCESS);
    SeReleaseSubjectContext(&Subject);
    CHECK(New && RtlValidSecurityDescriptor(New));
    CHECK_STATUS(RtlGetOwnerSecurityDescriptor(New, &Owner, &Defaulted), STATUS_SUCCESS);
    CHECK(Owner != NULL);
    CHECK_STATUS(SeQuerySecurityDescriptorInfo(&What, Buffer, &Length, &New), STATUS_SUCCESS);
    CHECK_STATUS(RtlGetDaclSecurityDescriptor(Buffer, &Present, &Acl, &Defaulted), STATUS_SUCCESS);
    CHECK(Present && Acl && Acl->AceCount == 1);
    Length = 4;
    CHECK_STATUS(SeQuerySecurityDescriptorInfo(&What, Buffer, &Length, &New),
                 STATUS_BUFFER_TOO_SMALL);
    CHECK(Length > 4 && SeValidSecurityDescriptor(RtlLengthSecurityDescriptor(New), New));
    Old = New;
    RtlAddAccessAllowedAce((PACL)AclBuffer, ACL_REVISION, GENERIC_ALL, SeExports->SeWorldSid);
    CHECK_STATUS(SeSetSecurityDescriptorInfo(NULL, &What, &Descriptor, &New, PagedPool, &Mapping),
                 STATUS_SUCCESS);
    CHECK(New != Old);
    RtlGetDaclSecurityDescriptor(New, &Present, &Acl, &Defaulted);
    CHECK(Present && Acl && Acl->AceCount == 2);
    ExFreePool(Old);
    CHECK_STATUS(SeDeassignSecurity(&New), STATUS_SUCCESS);
    CHECK(!New);
    CHECK_STATUS(SeSetSecurityDescriptorInfo(NULL, &What, &Descriptor, &New, PagedPool, &Mapping),
                 STATUS_NO_SECURITY_ON_OBJECT);
}

VOID TestDescriptors(VOID)
{
    PSECURITY_DESCRIPTOR Copy, Shared;
    UCHAR Bad[sizeof(SECURITY_DESCRIPTOR)] = {0xFF};

    MakeDescriptor(SeExports->SeWorldSid);
    CHECK_STATUS(SeCaptureSecurityDescriptor(&Descriptor, UserMode, PagedPool, FALSE, &Copy),
                 STATUS_SUCCESS);
    CHECK(Copy != &Descriptor && RtlValidSecurityDescriptor(Copy));
    CHECK(((PISECURITY_DESCRIPTOR)Copy)->Control & SE_SELF_RELATIVE);
    CHECK_STATUS(ObLogSecurityDescriptor(Copy, &Shared, 2), STATUS_SUCCESS);
    CHECK(Shared != Copy && RtlValidSecurityDescriptor(Shared));
    ObReferenceSecurityDescriptor(Shared, 1);
    ObDereferenceSecurityDescriptor(Shared, 2);
    CHECK(RtlValidSecurityDescriptor(Shared));
    ObDereferenceSecurityDescriptor(Shared, 1);
    SeReleaseSecurityDescriptor(Copy, UserMode, FALSE);
    CHECK_STATUS(SeCaptureSecurityDescriptor(&Descriptor, KernelMode, PagedPool, FALSE, &Copy),
                 STATUS_SUCCESS);
    CHECK(Copy == &Descriptor);
    SeReleaseSecurityDescriptor(Copy, KernelMode, FALSE);
    CHECK_STATUS(SeCaptureSecurityDescriptor(Bad, UserMode, PagedPool, FALSE, &Copy),
                 STATUS_INVALID_SECURITY_DESCR);
    CHECK(!Copy);
    TestAssignment();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* NtAccessCheck and its family, with descriptors of the test's own. */
#include "security.h"

static HANDLE User; /* an impersonation token of the ordinary user */

typedef struct _RESULT {
    NTSTATUS Status, Access;
    ACCESS_MASK Granted;
    PRIVILEGE_SET Privileges;
    ULONG Length;
} RESULT;

static RESULT Check(HANDLE Token, PSECURITY_DESCRIPTOR Descriptor, ACCESS_MASK Desired)
{
    RESULT Result = {.Access = STATUS_PENDING, .Granted = 0xdead, .Length = sizeof(PRIVILEGE_SET)};

    Result.Status =
        NtAccessCheck(Descriptor, Token, Desired, (PGENERIC_MAPPING)&TestMapping,
                      &Result.Privileges, &Result.Length, &Result.Granted, &Result.Access);
    return Result;
}

static BOOLEAN Grants(PACL Acl, ACCESS_MASK Desired, ACCESS_MASK Expected)
{
    RESULT Result = Check(User, Described(Acl), Desired);

    return Result.Status == STATUS_SUCCESS && Result.Access == STATUS_SUCCESS &&
           Result.Granted == Expected;
}

static BOOLEAN Denies(PACL Acl, ACCESS_MASK Desired)
{
    RESULT Result = Check(User, Described(Acl), Desired);

    return Result.Status == STATUS_SUCCESS && Result.Access == STATUS_ACCESS_DENIED &&
           Result.Granted == 0;
}

static void TestLists(void)
{
    PACL Acl;

    ok(Grants(NULL, 0x3, 0x3), "a NULL list grants what is asked for");
    ok(Grants(NULL, MAXIMUM_ALLOWED, TestMapping.GenericAll), "at most everything");
    ok(Denies(BeginAcl(), 0x1), "an empty one nothing");
    ok(Denies(BeginAcl(), MAXIMUM_ALLOWED), "at most nothing");
    Acl = BeginAcl();
    Allow(Acl, 0x1, AS_SID(WorldSid));
    ok(Grants(Acl, 0x1, 0x1), "what everybody may");
    ok(Denies(Acl, 0x2), "what nobody may");
    ok(Denies(Acl, 0x3), "part of what is asked for is not enough");
    Allow(Acl, 0x2, AS_SID(UserSid));
    ok(Grants(Acl, 0x3, 0x3), "entries add up");
    ok(Grants(Acl, MAXIMUM_ALLOWED, 0x3), "to what is at most allowed");
    ok(Grants(Acl, MAXIMUM_ALLOWED | 0x1, 0x3), "also when a part is named");
    ok(Denies(Acl, MAXIMUM_ALLOWED | 0x4), "but not if that is not granted");
    Acl = BeginAcl();
    Deny(Acl, 0x1, AS_SID(UsersSid));
    Allow(Acl, 0x3, AS_SID(WorldSid));
    ok(Denies(Acl, 0x1), "a denial first counts");
    ok(Grants(Acl, 0x2, 0x2), "for what it denies");
    ok(Grants(Acl, MAXIMUM_ALLOWED, 0x2), "and takes it from the most");
    Acl = BeginAcl();
    Allow(Acl, 0x3, AS_SID(WorldSid));
    Deny(Acl, 0x1, AS_SID(UsersSid));
    ok(Grants(Acl, 0x1, 0x1), "a denial afterwards does not");
    Acl = BeginAcl();
    Allow(Acl, 0x7, AS_SID(OtherSid));
    ok(Denies(Acl, 0x1), "others' rights are others'");
    RtlAddAccessAllowedAceEx(Acl, ACL_REVISION, INHERIT_ONLY_ACE | OBJECT_INHERIT_ACE, 0x1,
                             AS_SID(UserSid));
    ok(Denies(Acl, 0x1), "what is only inherited is not in effect");
    Acl = BeginAcl();
    Allow(Acl, GENERIC_READ, AS_SID(UserSid));
    ok(Denies(Acl, 0x1), "generic rights in an entry are nothing in particular");
    ok(Denies(NULL, 0), "nothing is asked for, nothing is granted");
}

static void TestOwners(void)
{
    static const SID OwnerRights = {1, 1, {{0, 0, 0, 0, 0, 3}}, {4}};
    SECURITY_DESCRIPTOR Descriptor = *(PISECURITY_DESCRIPTOR)Described(BeginAcl());
    RESULT Result;
    PACL Acl;

    Descriptor.Owner = AS_SID(UserSid);
    Result = Check(User, &Descriptor, READ_CONTROL | WRITE_DAC);
    ok(Result.Access == STATUS_SUCCESS && Result.Granted == (READ_CONTROL | WRITE_DAC),
       "an owner reads and writes the list");
    Result = Check(User, &Descriptor, MAXIMUM_ALLOWED);
    ok(Result.Access == STATUS_SUCCESS && Result.Granted == (READ_CONTROL | WRITE_DAC),
       "and that is all");
    Result = Check(User, &Descriptor, WRITE_OWNER);
    ok(Result.Access == STATUS_ACCESS_DENIED, "it does not give the thing away");
    Acl = BeginAcl();
    Allow(Acl, 0x1, AS_SID(OwnerRights));
    Descriptor.Dacl = Acl;
    Result = Check(User, &Descriptor, MAXIMUM_ALLOWED);
    ok(Result.Granted == 0x1, "the list can say what its owner may");
    Descriptor.Owner = AS_SID(OtherSid);
    Result = Check(User, &Descriptor, MAXIMUM_ALLOWED);
    ok(Result.Access == STATUS_ACCESS_DENIED, "which others may not");
    Descriptor.Owner = NULL;
    Result = Check(User, &Descriptor, 0x1);
    ok_status(Result.Status, STATUS_INVALID_SECURITY_DESCR, "there is an owner");
    Descriptor.Owner = AS_SID(UserSid);
    Descriptor.Group = NULL;
    Result = Check(User, &Descriptor, 0x1);
    ok_status(Result.Status, STATUS_INVALID_SECURITY_DESCR, "and a group");
}

static void TestPrivileged(void)
{
    HANDLE Token;
    RESULT Result = Check(User, Described(NULL), ACCESS_SYSTEM_SECURITY);

    ok(Result.Status == STATUS_SUCCESS && Result.Access == STATUS_PRIVILEGE_NOT_HELD,
       "audits are for those with SeSecurityPrivilege");
    MakeUserToken(TokenImpersonation, SecurityImpersonation, SE_SECURITY_PRIVILEGE, &Token);
    Result = Check(Token, Described(BeginAcl()), ACCESS_SYSTEM_SECURITY);
    ok(Result.Access == STATUS_SUCCESS && Result.Granted == ACCESS_SYSTEM_SECURITY,
       "whatever the list says");
    ok(Result.Privileges.PrivilegeCount == 1 &&
           Result.Privileges.Privilege[0].Luid.LowPart == SE_SECURITY_PRIVILEGE &&
           Result.Privileges.Privilege[0].Attributes == SE_PRIVILEGE_USED_FOR_ACCESS,
       "and the privilege is told");
    NtClose(Token);
    MakeUserToken(TokenImpersonation, SecurityImpersonation, SE_TAKE_OWNERSHIP_PRIVILEGE, &Token);
    Result = Check(Token, Described(BeginAcl()), WRITE_OWNER);
    ok(Result.Access == STATUS_SUCCESS && Result.Granted == WRITE_OWNER,
       "SeTakeOwnershipPrivilege takes what is not one's own");
    ok(Result.Privileges.PrivilegeCount == 1, "that is told too");
    Result = Check(Token, Described(BeginAcl()), WRITE_DAC);
    ok(Result.Access == STATUS_ACCESS_DENIED && Result.Privileges.PrivilegeCount == 0,
       "and nothing else");
    NtClose(Token);
}

static void TestArguments(void)
{
    HANDLE Primary = OwnToken(TOKEN_ALL_ACCESS), Anonymous, Blind;
    ACCESS_MASK Granted;
    PRIVILEGE_SET Set;
    NTSTATUS Access;
    ULONG Length = sizeof(Set);
    PGENERIC_MAPPING Mapping = (PGENERIC_MAPPING)&TestMapping;

    ok_status(Check(Primary, Described(NULL), 0x1).Status, STATUS_NO_IMPERSONATION_TOKEN,
              "a primary token is asked for nobody");
    MakeUserToken(TokenImpersonation, SecurityAnonymous, 0, &Anonymous);
    ok_status(Check(Anonymous, Described(NULL), 0x1).Status, STATUS_BAD_IMPERSONATION_LEVEL,
              "who is anonymous is nobody");
    NtClose(Anonymous);
    Blind = Restricted(User, TOKEN_DUPLICATE);
    ok_status(Check(Blind, Described(NULL), 0x1).Status, STATUS_ACCESS_DENIED,
              "it needs TOKEN_QUERY");
    NtClose(Blind);
    ok_status(Check(NULL, Described(NULL), 0x1).Status, STATUS_INVALID_HANDLE, "no token");
    ok_status(Check(User, Described(NULL), GENERIC_READ).Status, STATUS_GENERIC_NOT_MAPPED,
              "generic rights are the caller's to map");
    ok_status(Check(User, NULL, 0x1).Status, STATUS_INVALID_SECURITY_DESCR, "no descriptor");
    ok_status(Check(User, (PSECURITY_DESCRIPTOR)8, 0x1).Status, STATUS_ACCESS_VIOLATION,
              "a bad descriptor");
    Length = 0;
    ok_status(NtAccessCheck(Described(NULL), User, GENERIC_READ, Mapping, &Set, &Length, &Granted,
                            &Access),
              STATUS_BUFFER_TOO_SMALL, "the set's length is looked at before that");
    ok(Length == sizeof(Set), "and what it should be is told");
    ok_status(NtAccessCheck(Described(NULL), User, 0x1, (PGENERIC_MAPPING)8, &Set, &Length,
                            &Granted, &Access),
              STATUS_ACCESS_VIOLATION, "a bad mapping");
    ok_status(NtAccessCheck(Described(NULL), User, 0x1, Mapping, NULL, &Length, &Granted, &Access),
              STATUS_ACCESS_VIOLATION, "no set");
    ok_status(NtAccessCheck(Described(NULL), User, 0x1, Mapping, &Set, NULL, &Granted, &Access),
              STATUS_ACCESS_VIOLATION, "no length");
    ok_status(
        NtAccessCheck(Described(NULL), User, 0x1, Mapping, &Set, &Length, (PACCESS_MASK)8, &Access),
        STATUS_ACCESS_VIOLATION, "a bad place for the access");
    ok_status(
        NtAccessCheck(Described(NULL), User, 0x1, Mapping, &Set, &Length, &Granted, (NTSTATUS *)8),
        STATUS_ACCESS_VIOLATION, "a bad place for the status");
    NtClose(Primary);
}

static HANDLE Filtered(ULONG Flags, PSID Disable, PSID Restrict)
{
    TOKEN_GROUPS Disabled = {1, {{Disable, 0}}}, Restricting = {1, {{Restrict, 0}}};
    HANDLE Token = NULL;

    NtFilterToken(User, Flags, Disable ? &Disabled : NULL, NULL, Restrict ? &Restricting : NULL,
                  &Token);
    return Token;
}

static void TestRestricted(void)
{
    HANDLE Token;
    PACL Acl = BeginAcl();

    Allow(Acl, 0x1, AS_SID(UsersSid));
    Deny(Acl, 0x4, AS_SID(UsersSid));
    Allow(Acl, 0x6, AS_SID(UserSid));
    Token = Filtered(0, AS_SID(UsersSid), NULL);
    ok(Check(Token, Described(Acl), 0x1).Access == STATUS_ACCESS_DENIED,
       "a group for denials grants nothing");
    ok(Check(Token, Described(Acl), 0x4).Access == STATUS_ACCESS_DENIED, "and denies");
    ok(Check(Token, Described(Acl), 0x2).Access == STATUS_SUCCESS, "the user is still the user");
    NtClose(Token);
    Token = Filtered(0, AS_SID(UserSid), NULL);
    ok(Check(Token, Described(Acl), 0x2).Access == STATUS_ACCESS_DENIED, "unless disabled as well");
    NtClose(Token);
    Token = Filtered(0, NULL, AS_SID(UsersSid));
    ok(Check(Token, Described(Acl), 0x1).Access == STATUS_SUCCESS, "what both lists of SIDs grant");
    ok(Check(Token, Described(Acl), 0x2).Access == STATUS_ACCESS_DENIED, "and not what one grants");
    ok(Check(Token, Described(Acl), MAXIMUM_ALLOWED).Granted == 0x1, "is the most");
    NtClose(Token);
    Token = Filtered(WRITE_RESTRICTED, NULL, AS_SID(NobodySid));
    ok(Check(Token, Described(Acl), 0x1).Access == STATUS_SUCCESS,
       "restricted for writing only: reading");
    ok(Check(Token, Described(Acl), 0x2).Access == STATUS_ACCESS_DENIED, "and writing");
    NtClose(Token);
}

static void TestLabels(void)
{
    ULONG Buffer[32];
    PACL Sacl = (PACL)Buffer, Acl = BeginAcl();
    SECURITY_DESCRIPTOR Descriptor;

    Allow(Acl, 0x7, AS_SID(WorldSid));
    Descriptor = *(PISECURITY_DESCRIPTOR)Described(Acl);
    RtlCreateAcl(Sacl, sizeof(Buffer), ACL_REVISION);
    RtlAddMandatoryAce(Sacl, ACL_REVISION, 0, (ULONG_PTR)AS_SID(HighLabel),
                       SYSTEM_MANDATORY_LABEL_ACE_TYPE, SYSTEM_MANDATORY_LABEL_NO_WRITE_UP);
    RtlSetSaclSecurityDescriptor(&Descriptor, TRUE, Sacl, FALSE);
    ok(Check(User, &Descriptor, 0x2).Access == STATUS_ACCESS_DENIED,
       "no writing to what is higher");
    ok(Check(User, &Descriptor, 0x5).Access == STATUS_SUCCESS, "reading and executing");
    ok(Check(User, &Descriptor, MAXIMUM_ALLOWED).Granted == 0x5, "at most that");
    RtlCreateAcl(Sacl, sizeof(Buffer), ACL_REVISION);
    RtlAddMandatoryAce(Sacl, ACL_REVISION, 0, (ULONG_PTR)AS_SID(HighLabel),
                       SYSTEM_MANDATORY_LABEL_ACE_TYPE,
                       SYSTEM_MANDATORY_LABEL_NO_WRITE_UP | SYSTEM_MANDATORY_LABEL_NO_READ_UP);
    ok(Check(User, &Descriptor, 0x1).Access == STATUS_ACCESS_DENIED, "nor reading, if it says so");
    RtlCreateAcl(Sacl, sizeof(Buffer), ACL_REVISION);
    RtlAddMandatoryAce(Sacl, ACL_REVISION, 0, (ULONG_PTR)AS_SID(MediumLabel),
                       SYSTEM_MANDATORY_LABEL_ACE_TYPE, SYSTEM_MANDATORY_LABEL_NO_WRITE_UP);
    ok(Check(User, &Descriptor, 0x2).Access == STATUS_SUCCESS, "one's own level does not matter");
}

static void TestKinds(void)
{
    static const GUID Whole = {1, 2, 3, {4}}, Part = {5, 6, 7, {8}}, Other = {9, 9, 9, {9}};
    OBJECT_TYPE_LIST List[] = {
        {0, 0, (GUID *)&Whole}, {1, 0, (GUID *)&Part}, {1, 0, (GUID *)&Other}};
    PRIVILEGE_SET Set;
    ULONG Length = sizeof(Set);
    ACCESS_MASK Granted[3];
    NTSTATUS Access[3];
    PGENERIC_MAPPING Mapping = (PGENERIC_MAPPING)&TestMapping;
    static const SID Self = {1, 1, {{0, 0, 0, 0, 0, 5}}, {10}};
    PACL Acl = BeginAcl();

    RtlAddAccessAllowedObjectAce(Acl, ACL_REVISION_DS, 0, 0x1, &Part, NULL, AS_SID(WorldSid));
    ok_status(NtAccessCheckByTypeResultList(Described(Acl), NULL, User, 0x1, List, 3, Mapping, &Set,
                                            &Length, Granted, Access),
              STATUS_SUCCESS, "an answer for each kind");
    ok(Access[0] == STATUS_ACCESS_DENIED && Access[1] == STATUS_SUCCESS &&
           Access[2] == STATUS_ACCESS_DENIED && Granted[1] == 0x1,
       "one of them is granted");
    ok_status(NtAccessCheckByType(Described(Acl), NULL, User, 0x1, List, 3, Mapping, &Set, &Length,
                                  Granted, Access),
              STATUS_SUCCESS, "one answer");
    ok(Access[0] == STATUS_ACCESS_DENIED, "a part is not the whole");
    RtlAddAccessAllowedObjectAce(Acl, ACL_REVISION_DS, 0, 0x1, &Other, NULL, AS_SID(WorldSid));
    NtAccessCheckByType(Described(Acl), NULL, User, 0x1, List, 3, Mapping, &Set, &Length, Granted,
                        Access);
    ok(Access[0] == STATUS_SUCCESS, "all parts are");
    Acl = BeginAcl();
    RtlAddAccessDeniedObjectAce(Acl, ACL_REVISION_DS, 0, 0x1, &Part, NULL, AS_SID(WorldSid));
    Allow(Acl, 0x1, AS_SID(WorldSid));
    NtAccessCheckByTypeResultList(Described(Acl), NULL, User, 0x1, List, 3, Mapping, &Set, &Length,
                                  Granted, Access);
    ok(Access[0] == STATUS_ACCESS_DENIED && Access[1] == STATUS_ACCESS_DENIED &&
           Access[2] == STATUS_SUCCESS,
       "what is denied of a part is denied of the whole");
    Acl = BeginAcl();
    Allow(Acl, 0x1, AS_SID(Self));
    NtAccessCheckByType(Described(Acl), AS_SID(UserSid), User, 0x1, NULL, 0, Mapping, &Set, &Length,
                        Granted, Access);
    ok(Access[0] == STATUS_SUCCESS, "the principal itself");
    NtAccessCheckByType(Described(Acl), AS_SID(OtherSid), User, 0x1, NULL, 0, Mapping, &Set,
                        &Length, Granted, Access);
    ok(Access[0] == STATUS_ACCESS_DENIED, "is nobody else");
    List[0].Level = 1;
    ok_status(NtAccessCheckByType(Described(Acl), NULL, User, 0x1, List, 3, Mapping, &Set, &Length,
                                  Granted, Access),
              STATUS_INVALID_PARAMETER, "the first kind is the whole");
    List[0].Level = 0;
    List[1].Level = 2;
    ok_status(NtAccessCheckByType(Described(Acl), NULL, User, 0x1, List, 3, Mapping, &Set, &Length,
                                  Granted, Access),
              STATUS_INVALID_PARAMETER, "levels are not left out");
    List[1].Level = 0;
    ok_status(NtAccessCheckByType(Described(Acl), NULL, User, 0x1, List, 3, Mapping, &Set, &Length,
                                  Granted, Access),
              STATUS_INVALID_PARAMETER, "there is one whole");
    ok_status(NtAccessCheckByTypeResultList(Described(Acl), NULL, User, 0x1, List, 0, Mapping, &Set,
                                            &Length, Granted, Access),
              STATUS_INVALID_PARAMETER, "no kinds");
    ok_status(NtAccessCheckByTypeResultList(Described(Acl), NULL, User, 0x1, List, 100000, Mapping,
                                            &Set, &Length, Granted, Access),
              STATUS_INVALID_PARAMETER, "too many");
}

/* The same check of whom the thread acts for, by a server that has its audits made. */
static NTSTATUS CheckAndAudit(ACCESS_MASK Desired, RESULT *Result, PBOOLEAN OnClose)
{
    static UNICODE_STRING Server = RTL_CONSTANT_STRING(u"umtests"),
                          Type = RTL_CONSTANT_STRING(u"Thing"), Object = RTL_CONSTANT_STRING(u"It");
    PACL Acl = BeginAcl();

    Allow(Acl, 0x1, AS_SID(UserSid));
    *Result = (RESULT){.Access = STATUS_PENDING, .Granted = 0xdead};
    return NtAccessCheckAndAuditAlarm(&Server, (PVOID)0x77, &Type, &Object, Described(Acl), Desired,
                                      (PGENERIC_MAPPING)&TestMapping, FALSE, &Result->Granted,
                                      &Result->Access, OnClose);
}

static void TestAudited(void)
{
    BOOLEAN OnClose = 7;
    RESULT Result;

    SetPrivilege(SE_AUDIT_PRIVILEGE, TRUE);
    ok_status(CheckAndAudit(0x1, &Result, &OnClose), STATUS_NO_IMPERSONATION_TOKEN,
              "an audited check for nobody");
    ActFor(User);
    ok_status(CheckAndAudit(0x1, &Result, &OnClose), STATUS_SUCCESS, "for a user");
    ok(Result.Access == STATUS_SUCCESS && Result.Granted == 0x1, "grants what the list says");
    ok(OnClose == FALSE, "nothing is due when the handle is closed");
    ok_status(CheckAndAudit(0x2, &Result, &OnClose), STATUS_SUCCESS, "for more");
    ok(Result.Access == STATUS_ACCESS_DENIED && Result.Granted == 0, "grants nothing");
    ok_status(CheckAndAudit(MAXIMUM_ALLOWED, &Result, &OnClose), STATUS_SUCCESS, "at most");
    ok(Result.Access == STATUS_SUCCESS && Result.Granted == 0x1, "what is allowed");
    ok_status(CheckAndAudit(GENERIC_READ, &Result, &OnClose), STATUS_GENERIC_NOT_MAPPED,
              "generic rights are the server's to map");
    ok_status(CheckAndAudit(0x1, &Result, (PBOOLEAN)8), STATUS_ACCESS_VIOLATION,
              "a bad place for what is due");
    ActFor(NULL);
    SetPrivilege(SE_AUDIT_PRIVILEGE, FALSE);
    ActFor(User);
    ok_status(CheckAndAudit(0x1, &Result, &OnClose), STATUS_PRIVILEGE_NOT_HELD,
              "its process needs SeAuditPrivilege");
    ActFor(NULL);
}

static void TestHostileDescriptors(void)
{
    static UCHAR Buffer[4096] DECLSPEC_ALIGN(8);
    PISECURITY_DESCRIPTOR_RELATIVE Relative = (PISECURITY_DESCRIPTOR_RELATIVE)Buffer;
    ULONG Length = sizeof(Buffer), Seed = 1, i, j, Strange = 0;
    PACL Acl = BeginAcl();
    RESULT Result;

    Allow(Acl, 0x1, AS_SID(WorldSid));
    RtlMakeSelfRelativeSD(Described(Acl), Relative, &Length);
    ok(Check(User, Relative, 0x1).Access == STATUS_SUCCESS, "a self-relative descriptor");
    Relative->Revision = 2;
    ok_status(Check(User, Relative, 0x1).Status, STATUS_UNKNOWN_REVISION, "of another revision");
    Relative->Revision = 1;
    Relative->Owner = 0xfffffff0;
    Result = Check(User, Relative, 0x1); /* with 32 bits that is before the descriptor */
    ok(Result.Status == STATUS_ACCESS_VIOLATION || Result.Status == STATUS_INVALID_SID,
       "an owner far away");
    for (i = 0; i < 20000; i++) {
        Length = sizeof(Buffer);
        RtlMakeSelfRelativeSD(Described(Acl), Relative, &Length);
        for (j = 0; j < 1 + i % 4; j++) {
            Seed = Seed * 1664525 + 1013904223;
            Buffer[(Seed >> 8) % Length] = (UCHAR)(Seed >> 24);
        }
        Result = Check(User, Relative, 0x1);
        if (NT_SUCCESS(Result.Status) && Result.Granted && Result.Granted != 0x1)
            Strange++;
    }
    ok(Strange == 0, "twenty thousand damaged descriptors grant nothing strange");
}

void TestAccessChecks(void)
{
    ok_status(MakeUserToken(TokenImpersonation, SecurityImpersonation, 0, &User), STATUS_SUCCESS,
              "a user to check for");
    TestLists();
    TestOwners();
    TestPrivileged();
    TestArguments();
    TestRestricted();
    TestLabels();
    TestKinds();
    TestAudited();
    TestHostileDescriptors();
    NtClose(User);
}

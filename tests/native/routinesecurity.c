/* SPDX-License-Identifier: BSD-2-Clause */
/* Routines of ntdll that nothing else here calls: privileges, descriptors that a program makes
 * itself, activation contexts. */
#include "routines.h"
#include "security.h"

/* ---- Privileges, and who is critical ---- */

static BOOLEAN IsEnabled(HANDLE Token, ULONG Privilege)
{
    PRIVILEGE_SET Set = {1, PRIVILEGE_SET_ALL_NECESSARY, {{{Privilege, 0}, 0}}};
    BOOLEAN Result = FALSE;

    return NT_SUCCESS(NtPrivilegeCheck(Token, &Set, &Result)) && Result;
}

static void TestAcquiring(void)
{
    ULONG Backup = SE_BACKUP_PRIVILEGE;
    HANDLE Token = OwnToken(TOKEN_QUERY), OfThread = NULL;
    PVOID State;

    ok_status(RtlAcquirePrivilege(&Backup, 0, 0, &State), STATUS_INVALID_PARAMETER,
              "no privileges");
    ok_status(RtlAcquirePrivilege(&Backup, 1, 4, &State), STATUS_INVALID_PARAMETER,
              "an unknown flag");
    if (ok_status(RtlAcquirePrivilege(&Backup, 1, RTL_ACQUIRE_PRIVILEGE_PROCESS, &State),
                  STATUS_SUCCESS, "a privilege for the process")) {
        ok(IsEnabled(Token, Backup), "is enabled");
        RtlReleasePrivilege(State);
    }
    ok(!IsEnabled(Token, Backup), "and disabled");
    if (ok_status(RtlAcquirePrivilege(&Backup, 1, 0, &State), STATUS_SUCCESS, "for the thread")) {
        ok_status(NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &OfThread),
                  STATUS_SUCCESS, "which has a token then");
        ok(IsEnabled(OfThread, Backup) && !IsEnabled(Token, Backup),
           "with it, the process has not");
        NtClose(OfThread);
        RtlReleasePrivilege(State);
    }
    ok_status(NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &OfThread), STATUS_NO_TOKEN,
              "no token any more");
    NtClose(Token);
}

static void TestCritical(void)
{
    ULONG Critical = 0;
    BOOLEAN Old = TRUE;

    ok_status(RtlSetThreadIsCritical(TRUE, &Old, FALSE), STATUS_SUCCESS, "a critical thread");
    NtQueryInformationThread(NtCurrentThread(), ThreadBreakOnTermination, &Critical, 4, NULL);
    ok(!Old && Critical == 1, "it was not, it is");
    ok_status(RtlSetThreadIsCritical(FALSE, &Old, FALSE), STATUS_SUCCESS, "not critical");
    NtQueryInformationThread(NtCurrentThread(), ThreadBreakOnTermination, &Critical, 4, NULL);
    ok(Old && !Critical, "it was, it is not");
    ok_status(RtlSetProcessIsCritical(TRUE, &Old, FALSE), STATUS_SUCCESS, "a critical process");
    NtQueryInformationProcess(NtCurrentProcess(), ProcessBreakOnTermination, &Critical, 4, NULL);
    ok(!Old && Critical == 1, "it was not, it is");
    ok_status(RtlSetProcessIsCritical(FALSE, &Old, FALSE), STATUS_SUCCESS, "not critical");
    ok(Old, "it was");
    ok_status(RtlSetThreadIsCritical(TRUE, NULL, TRUE), STATUS_UNSUCCESSFUL,
              "only where the system breaks for such");
    ok_status(RtlSetProcessIsCritical(TRUE, NULL, TRUE), STATUS_UNSUCCESSFUL, "a process too");
}

static void TestAsUser(void)
{
    ULONG Backup = SE_BACKUP_PRIVILEGE;
    HANDLE User;
    PVOID State;

    if (!ok_status(MakeUserToken(TokenImpersonation, SecurityImpersonation, 0, &User),
                   STATUS_SUCCESS, "a user"))
        return;
    ActFor(User);
    ok_status(RtlAcquirePrivilege(&Backup, 1, 0, &State), STATUS_PRIVILEGE_NOT_HELD,
              "does not get a privilege");
    ok_status(RtlSetThreadIsCritical(TRUE, NULL, FALSE), STATUS_PRIVILEGE_NOT_HELD,
              "and makes no thread critical");
    ok_status(RtlSetProcessIsCritical(TRUE, NULL, FALSE), STATUS_PRIVILEGE_NOT_HELD,
              "and no process");
    ActFor(NULL);
    NtClose(User);
}

/* ---- Descriptors ---- */

static PACCESS_ALLOWED_ACE EntryOf(PSECURITY_DESCRIPTOR Descriptor, ULONG Number)
{
    BOOLEAN Present = FALSE, Defaulted;
    PACCESS_ALLOWED_ACE Ace = NULL;
    PACL Dacl = NULL;

    RtlGetDaclSecurityDescriptor(Descriptor, &Present, &Dacl, &Defaulted);
    return Present && Dacl && NT_SUCCESS(RtlGetAce(Dacl, Number, (PVOID *)&Ace)) ? Ace : NULL;
}

static void TestAuditEntry(void)
{
    PACCESS_ALLOWED_ACE Ace;
    PACL Acl = BeginAcl();

    ok_status(RtlAddAuditAccessAceEx(Acl, ACL_REVISION, CONTAINER_INHERIT_ACE, 0x3,
                                     AS_SID(WorldSid), FALSE, TRUE),
              STATUS_SUCCESS, "an entry of an audit");
    ok(NT_SUCCESS(RtlGetAce(Acl, 0, (PVOID *)&Ace)) &&
           Ace->Header.AceType == SYSTEM_AUDIT_ACE_TYPE &&
           Ace->Header.AceFlags == (CONTAINER_INHERIT_ACE | FAILED_ACCESS_ACE_FLAG) &&
           Ace->Mask == 0x3 && RtlEqualSid(&Ace->SidStart, AS_SID(WorldSid)),
       "of failures");
    ok_status(RtlAddAuditAccessAceEx(Acl, ACL_REVISION, 0x20, 0x3, AS_SID(WorldSid), TRUE, TRUE),
              STATUS_INVALID_PARAMETER, "with an unknown flag");
    ok_status(RtlAddAuditAccessAceEx(Acl, 9, 0, 0x3, AS_SID(WorldSid), TRUE, TRUE),
              STATUS_REVISION_MISMATCH, "of a revision that there is not");
}

static void TestNewObject(void)
{
    PSECURITY_DESCRIPTOR New = NULL;
    PACCESS_ALLOWED_ACE Ace;
    PACL Acl = BeginAcl();
    PISECURITY_DESCRIPTOR Creator;

    Allow(Acl, GENERIC_READ, AS_SID(WorldSid));
    Creator = Described(Acl);
    if (ok_status(RtlNewSecurityObject(NULL, Creator, &New, FALSE, NULL, &TestMapping),
                  STATUS_SUCCESS, "a descriptor of its creator's")) {
        Ace = EntryOf(New, 0);
        ok(Ace && Ace->Mask == TestMapping.GenericRead &&
               RtlEqualSid(&Ace->SidStart, AS_SID(WorldSid)),
           "with rights of this kind of object");
        ok(((PISECURITY_DESCRIPTOR)New)->Control & SE_SELF_RELATIVE, "in one piece");
        ok_status(RtlDeleteSecurityObject(&New), STATUS_SUCCESS, "and away");
    }
    RtlSetOwnerSecurityDescriptor(Creator, AS_SID(NobodySid), FALSE);
    ok_status(RtlNewSecurityObjectEx(NULL, Creator, &New, NULL, FALSE, 0, NULL, &TestMapping),
              STATUS_INVALID_OWNER, "an owner that the token may not give");
    SetPrivilege(SE_RESTORE_PRIVILEGE, TRUE);
    if (ok_status(RtlNewSecurityObject(NULL, Creator, &New, FALSE, NULL, &TestMapping),
                  STATUS_SUCCESS, "but with a privilege"))
        RtlDeleteSecurityObject(&New);
    SetPrivilege(SE_RESTORE_PRIVILEGE, FALSE);
    if (ok_status(RtlNewSecurityObjectEx(NULL, Creator, &New, NULL, FALSE, SEF_AVOID_OWNER_CHECK,
                                         NULL, &TestMapping),
                  STATUS_SUCCESS, "an owner that is not to be checked"))
        RtlDeleteSecurityObject(&New);
}

/* What an entry for Type is inherited by; the number of entries. */
static ULONG Inherit(PSECURITY_DESCRIPTOR Parent, GUID **Types, ULONG Count)
{
    PSECURITY_DESCRIPTOR New;
    ULONG Entries = 0;
    PACCESS_ALLOWED_ACE Ace;

    if (!NT_SUCCESS(RtlNewSecurityObjectWithMultipleInheritance(
            Parent, NULL, &New, Types, Count, FALSE, SEF_DACL_AUTO_INHERIT, NULL, &TestMapping)))
        return MAXULONG;
    while ((Ace = EntryOf(New, Entries)) && (Ace->Header.AceFlags & INHERITED_ACE))
        Entries++;
    RtlDeleteSecurityObject(&New);
    return Entries;
}

static void TestInheritance(void)
{
    static GUID First = {1}, Second = {2}, Third = {3};
    GUID *Types[] = {&Third, &First};
    PSECURITY_DESCRIPTOR New;
    PACL Acl = BeginAcl();
    PSECURITY_DESCRIPTOR Parent = Described(Acl);
    PACCESS_ALLOWED_ACE Ace;

    RtlAddAccessAllowedAceEx(Acl, ACL_REVISION_DS, OBJECT_INHERIT_ACE, 0x1, AS_SID(WorldSid));
    if (ok_status(RtlNewSecurityObjectEx(Parent, NULL, &New, NULL, FALSE, SEF_DACL_AUTO_INHERIT,
                                         NULL, &TestMapping),
                  STATUS_SUCCESS, "a descriptor of its parent's")) {
        Ace = EntryOf(New, 0);
        ok(Ace && Ace->Header.AceFlags == INHERITED_ACE && Ace->Mask == 0x1,
           "has what that hands down, so marked");
        ok(((PISECURITY_DESCRIPTOR)New)->Control & SE_DACL_AUTO_INHERITED, "as its list");
        RtlDeleteSecurityObject(&New);
    }
    RtlAddAccessAllowedObjectAce(Acl, ACL_REVISION_DS, OBJECT_INHERIT_ACE, 0x2, NULL, &First,
                                 AS_SID(WorldSid));
    RtlAddAccessAllowedObjectAce(Acl, ACL_REVISION_DS, OBJECT_INHERIT_ACE, 0x4, NULL, &Second,
                                 AS_SID(WorldSid));
    ok(Inherit(Parent, NULL, 0) == 1, "what is for some types is not for others");
    ok(Inherit(Parent, Types, 1) == 1, "nor for another type");
    ok(Inherit(Parent, Types, 2) == 2, "but for one of several");
}

static void TestReplacing(void)
{
    PSECURITY_DESCRIPTOR Object = NULL;
    ULONG Buffer[64], Length = 0;
    PACCESS_ALLOWED_ACE Ace;
    PACL Acl = BeginAcl();

    Allow(Acl, 0x1, AS_SID(WorldSid));
    RtlNewSecurityObject(NULL, Described(Acl), &Object, FALSE, NULL, &TestMapping);
    Acl = BeginAcl();
    Allow(Acl, GENERIC_ALL, AS_SID(SystemSid));
    if (!ok_status(RtlSetSecurityObject(DACL_SECURITY_INFORMATION, Described(Acl), &Object,
                                        &TestMapping, NULL),
                   STATUS_SUCCESS, "another list"))
        return;
    Ace = EntryOf(Object, 0);
    ok(Ace && Ace->Mask == TestMapping.GenericAll, "is there");
    ok_status(RtlQuerySecurityObject(Object, DACL_SECURITY_INFORMATION, NULL, 0, &Length),
              STATUS_BUFFER_TOO_SMALL, "ask for it without room");
    ok(Length > sizeof(SECURITY_DESCRIPTOR_RELATIVE) && Length < sizeof(Buffer), "how long it is");
    ok_status(RtlQuerySecurityObject(Object, DACL_SECURITY_INFORMATION, Buffer, Length, &Length),
              STATUS_SUCCESS, "with that");
    Ace = EntryOf(Buffer, 0);
    ok(Ace && Ace->Mask == TestMapping.GenericAll &&
           !((PISECURITY_DESCRIPTOR_RELATIVE)Buffer)->Owner,
       "the list, not the owner");
    memset(Buffer, 0, sizeof(Buffer));
    ok_status(RtlSetSecurityObject(DACL_SECURITY_INFORMATION, Buffer, &Object, &TestMapping, NULL),
              STATUS_INVALID_SECURITY_DESCR, "from no descriptor");
    RtlDeleteSecurityObject(&Object);
}

static PSID OwnerOf(PSECURITY_DESCRIPTOR Descriptor)
{
    BOOLEAN Defaulted;
    PSID Owner = NULL;

    RtlGetOwnerSecurityDescriptor(Descriptor, &Owner, &Defaulted);
    return Owner;
}

static void TestReplacingOwner(void)
{
    SECURITY_DESCRIPTOR Modification;
    PSECURITY_DESCRIPTOR Object = NULL;

    RtlNewSecurityObject(NULL, NULL, &Object, FALSE, NULL, &TestMapping);
    RtlCreateSecurityDescriptor(&Modification, SECURITY_DESCRIPTOR_REVISION);
    RtlSetOwnerSecurityDescriptor(&Modification, AS_SID(NobodySid), FALSE);
    ok_status(RtlSetSecurityObject(OWNER_SECURITY_INFORMATION, &Modification, &Object, &TestMapping,
                                   NULL),
              STATUS_INVALID_OWNER, "an owner whom the token may not put there");
    ok(!RtlEqualSid(OwnerOf(Object), AS_SID(NobodySid)), "is not there");
    SetPrivilege(SE_RESTORE_PRIVILEGE, TRUE);
    ok_status(RtlSetSecurityObject(OWNER_SECURITY_INFORMATION, &Modification, &Object, &TestMapping,
                                   NULL),
              STATUS_SUCCESS, "but with a privilege");
    SetPrivilege(SE_RESTORE_PRIVILEGE, FALSE);
    ok(RtlEqualSid(OwnerOf(Object), AS_SID(NobodySid)), "is");
    RtlDeleteSecurityObject(&Object);
}

/* A list of audits of more than half the size that one can have. */
static void TestLongSacl(void)
{
    static ULONG Buffer[10000], Copy[12000];
    PACL Acl = (PACL)Buffer, Found = NULL;
    BOOLEAN Present = FALSE, Defaulted;
    SECURITY_DESCRIPTOR Modification;
    PSECURITY_DESCRIPTOR Object = NULL;
    ULONG Length = 0;

    RtlCreateAcl(Acl, sizeof(Buffer), ACL_REVISION);
    RtlAddAuditAccessAceEx(Acl, ACL_REVISION, 0, 0x3, AS_SID(WorldSid), FALSE, TRUE);
    RtlNewSecurityObject(NULL, NULL, &Object, FALSE, NULL, &TestMapping);
    RtlCreateSecurityDescriptor(&Modification, SECURITY_DESCRIPTOR_REVISION);
    RtlSetSaclSecurityDescriptor(&Modification, TRUE, Acl, FALSE);
    ok_status(RtlSetSecurityObject(SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION,
                                   &Modification, &Object, &TestMapping, NULL),
              STATUS_SUCCESS, "a long list of audits");
    ok_status(RtlQuerySecurityObject(Object, SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION,
                                     Copy, sizeof(Copy), &Length),
              STATUS_SUCCESS, "ask for it");
    RtlGetSaclSecurityDescriptor(Copy, &Present, &Found, &Defaulted);
    ok(Present && Found && Found->AceCount == 1, "it is whole");
    RtlDeleteSecurityObject(&Object);
}

void TestRoutineSecurity(void)
{
    TestAcquiring();
    TestCritical();
    TestAsUser();
    TestAuditEntry();
    TestNewObject();
    TestInheritance();
    TestReplacing();
    TestReplacingOwner();
    TestLongSacl();
}

/* ---- Activation contexts ---- */

static void TestClassOf(HANDLE Context)
{
    static const GUID Class = {0x5c5c0001, 2, 3, {4, 5, 6, 7, 8, 9, 10, 11}}, Other = {1};
    ACTCTX_SECTION_KEYED_DATA Data = {.cbSize = sizeof(Data)};
    ULONG Section = ACTIVATION_CONTEXT_SECTION_COM_SERVER_REDIRECTION;

    ok_status(RtlFindActivationContextSectionGuid(0, NULL, Section, &Class, &Data), STATUS_SUCCESS,
              "a class of COM");
    ok(Data.ulAssemblyRosterIndex == 2 && !Data.hActCtx && Data.lpData, "of the second assembly");
    ok_status(RtlFindActivationContextSectionGuid(FIND_ACTCTX_SECTION_KEY_RETURN_HACTCTX, NULL,
                                                  Section, &Class, &Data),
              STATUS_SUCCESS, "with its context");
    ok(Data.hActCtx == Context, "which is the active one");
    RtlReleaseActivationContext(Data.hActCtx);
    ok_status(RtlFindActivationContextSectionGuid(0, NULL, Section, &Other, &Data),
              STATUS_SXS_KEY_NOT_FOUND, "one that there is not");
    ok_status(RtlFindActivationContextSectionGuid(0, NULL, 99, &Class, &Data),
              STATUS_SXS_SECTION_NOT_FOUND, "a section that there is not");
    ok_status(RtlFindActivationContextSectionGuid(0, NULL, Section, NULL, &Data),
              STATUS_INVALID_PARAMETER, "no class");
    Data.cbSize = 4;
    ok_status(RtlFindActivationContextSectionGuid(0, NULL, Section, &Class, &Data),
              STATUS_INVALID_PARAMETER, "no room");
}

static void TestContextStack(HANDLE Context)
{
    PACTIVATION_CONTEXT_STACK Stack = NULL, Own = NtCurrentTeb()->ActivationContextStackPointer,
                              Same;
    ULONG_PTR Cookie;

    ok_status(RtlAllocateActivationContextStack(&Stack), STATUS_SUCCESS, "a stack of contexts");
    ok(Stack && !Stack->ActiveFrame && IsListEmpty(&Stack->FrameListCache), "is empty");
    Same = Stack;
    ok(RtlAllocateActivationContextStack(&Same) == STATUS_SUCCESS && Same == Stack,
       "what is there stays");
    NtCurrentTeb()->ActivationContextStackPointer = Stack;
    ok_status(RtlActivateActivationContextEx(0, NtCurrentTeb(), Context, &Cookie), STATUS_SUCCESS,
              "a thread can have it");
    ok(Stack->ActiveFrame && RtlIsActivationContextActive(Context), "for what is active");
    NtCurrentTeb()->ActivationContextStackPointer = Own;
    ok(!RtlIsActivationContextActive(Context), "another has its own");
    RtlFreeActivationContextStack(Stack);
    RtlFreeActivationContextStack(NULL);
}

void TestRoutineContexts(void)
{
    PRTL_CREATE_ACTIVATION_CONTEXT_OF_SOURCE volatile Create =
        (PRTL_CREATE_ACTIVATION_CONTEXT_OF_SOURCE)(PVOID)RtlCreateActivationContext;
    ACTCTXW Source = {.cbSize = sizeof(Source),
                      .lpSource = u"C:\\windows\\tests\\sxs\\app.manifest"};
    ULONG_PTR Cookie;
    HANDLE Context;

    if (!ok_status(Create(&Context, &Source), STATUS_SUCCESS, "a context"))
        return;
    RtlAddRefActivationContext(Context);
    RtlReleaseActivationContext(Context);
    ok_status(RtlActivateActivationContextEx(1, NtCurrentTeb(), Context, &Cookie),
              STATUS_INVALID_PARAMETER, "activate it with a flag");
    ok_status(RtlActivateActivationContextEx(0, NtCurrentTeb(), Context, NULL),
              STATUS_INVALID_PARAMETER, "without a cookie");
    ok_status(RtlActivateActivationContextEx(0, NtCurrentTeb(), Context, &Cookie), STATUS_SUCCESS,
              "a context with another reference lives on, and is activated");
    ok(RtlIsActivationContextActive(Context), "it is active");
    TestClassOf(Context);
    ok_status(RtlDeactivateActivationContext(0, Cookie), STATUS_SUCCESS, "and not any more");
    TestContextStack(Context);
    RtlReleaseActivationContext(Context);
}

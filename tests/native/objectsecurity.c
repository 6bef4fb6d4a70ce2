/* SPDX-License-Identifier: BSD-2-Clause */
/* The security descriptors of objects: by default, given, inherited, asked for, replaced; and what
 * follows from them. */
#include "security.h"

static ULONG Buffer[1024];
static PISECURITY_DESCRIPTOR_RELATIVE const Relative = (PISECURITY_DESCRIPTOR_RELATIVE)Buffer;

static NTSTATUS Ask(HANDLE Handle, SECURITY_INFORMATION Information)
{
    ULONG Length;

    return NtQuerySecurityObject(Handle, Information, Relative, sizeof(Buffer), &Length);
}

static PACL DaclOf(HANDLE Handle)
{
    BOOLEAN Present = FALSE, Defaulted;
    PACL Dacl = NULL;

    if (!NT_SUCCESS(Ask(Handle, DACL_SECURITY_INFORMATION)))
        return NULL;
    RtlGetDaclSecurityDescriptor(Relative, &Present, &Dacl, &Defaulted);
    return Dacl;
}

/* What the entry at Index grants whom; FALSE: something else. */
static BOOLEAN IsEntry(PACL Acl, ULONG Index, ACCESS_MASK Mask, PSID Sid)
{
    PACCESS_ALLOWED_ACE Ace;

    return Acl && NT_SUCCESS(RtlGetAce(Acl, Index, (PVOID *)&Ace)) && Ace->Mask == Mask &&
           RtlEqualSid(&Ace->SidStart, Sid);
}

/* Whether any entry does. */
static BOOLEAN HasEntry(PACL Acl, ACCESS_MASK Mask, PSID Sid)
{
    ULONG i = 0;

    while (Acl && i < Acl->AceCount && !IsEntry(Acl, i, Mask, Sid))
        i++;
    return Acl && i < Acl->AceCount;
}

static POBJECT_ATTRIBUTES NamedWith(PCWSTR Name, PSECURITY_DESCRIPTOR Descriptor)
{
    POBJECT_ATTRIBUTES Attributes = Named(Name, 0);

    Attributes->SecurityDescriptor = Descriptor;
    if (!Name)
        Attributes->ObjectName = NULL;
    return Attributes;
}

static HANDLE EventWith(PCWSTR Name, PSECURITY_DESCRIPTOR Descriptor)
{
    HANDLE Event = NULL;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NamedWith(Name, Descriptor), NotificationEvent, FALSE);
    return Event;
}

static void TestDefaults(void)
{
    HANDLE Event = EventWith(NULL, NULL), Directory;
    OBJECT_BASIC_INFORMATION Basic;
    ULONG Length = 0;

    ok_status(Ask(Event, DACL_SECURITY_INFORMATION), STATUS_SUCCESS,
              "an unnamed event has no descriptor");
    ok(!(Relative->Control & SE_DACL_PRESENT) && !Relative->Owner, "and gives an empty one");
    ok_status(NtSetSecurityObject(Event, DACL_SECURITY_INFORMATION, Described(NULL)),
              STATUS_NO_SECURITY_ON_OBJECT, "which cannot be changed");
    NtClose(Event);
    Event = EventWith(u"\\BaseNamedObjects\\UmSecured", NULL);
    ok_status(Ask(Event, OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION), STATUS_SUCCESS,
              "one with a name has");
    ok(Relative->Owner &&
           RtlEqualSid((PUCHAR)Relative + Relative->Owner, AS_SID(AdministratorsSid)),
       "the token's owner");
    ok(Relative->Group && RtlEqualSid((PUCHAR)Relative + Relative->Group, AS_SID(SystemSid)),
       "the token's group");
    ok(!Relative->Dacl && !Relative->Sacl, "what was not asked for is not told");
    ok(IsEntry(DaclOf(Event), 0, EVENT_ALL_ACCESS, AS_SID(SystemSid)),
       "the token's list, with what its rights mean for events");
    ok(IsEntry(DaclOf(Event), 1, READ_CONTROL | EVENT_QUERY_STATE | SYNCHRONIZE,
               AS_SID(AdministratorsSid)),
       "entry by entry");
    ok_status(NtQuerySecurityObject(Event, DACL_SECURITY_INFORMATION, Relative, 10, &Length),
              STATUS_BUFFER_TOO_SMALL, "no room");
    ok(Length > sizeof(SECURITY_DESCRIPTOR_RELATIVE) && Length < 200, "the length is told");
    NtQueryObject(Event, ObjectBasicInformation, &Basic, sizeof(Basic), NULL);
    ok(Basic.SecurityDescriptorSize > Length, "and that of the whole by NtQueryObject");
    NtClose(Event);
    ok_status(NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, NULL), STATUS_SUCCESS,
              "a directory without a name");
    ok(IsEntry(DaclOf(Directory), 0, DIRECTORY_ALL_ACCESS, AS_SID(SystemSid)),
       "has a descriptor all the same");
    NtClose(Directory);
    ok(IsEntry(DaclOf(NtCurrentProcess()), 0, PROCESS_ALL_ACCESS, AS_SID(SystemSid)),
       "so does a process");
    ok(IsEntry(DaclOf(NtCurrentThread()), 0, THREAD_ALL_ACCESS, AS_SID(SystemSid)), "and a thread");
}

static void TestQueryChecks(void)
{
    HANDLE Event = EventWith(u"\\BaseNamedObjects\\UmSecured", NULL), Blind;
    ULONG Length;

    Blind = Restricted(Event, SYNCHRONIZE);
    ok_status(Ask(Blind, DACL_SECURITY_INFORMATION), STATUS_ACCESS_DENIED, "it needs READ_CONTROL");
    ok_status(NtSetSecurityObject(Blind, DACL_SECURITY_INFORMATION, Described(NULL)),
              STATUS_ACCESS_DENIED, "setting the list needs WRITE_DAC");
    NtClose(Blind);
    Blind = Restricted(Event, WRITE_DAC);
    ok_status(NtSetSecurityObject(Blind, OWNER_SECURITY_INFORMATION, Described(NULL)),
              STATUS_ACCESS_DENIED, "setting the owner needs WRITE_OWNER");
    NtClose(Blind);
    ok_status(Ask(Event, SACL_SECURITY_INFORMATION), STATUS_ACCESS_DENIED,
              "the audits need ACCESS_SYSTEM_SECURITY");
    ok_status(Ask(Event, LABEL_SECURITY_INFORMATION), STATUS_SUCCESS, "the label does not");
    ok(!Relative->Sacl, "there is none");
    ok_status(Ask(NULL, DACL_SECURITY_INFORMATION), STATUS_INVALID_HANDLE, "no handle");
    ok_status(NtQuerySecurityObject(Event, DACL_SECURITY_INFORMATION, (PVOID)8, 100, &Length),
              STATUS_ACCESS_VIOLATION, "a bad buffer");
    ok_status(NtQuerySecurityObject(Event, DACL_SECURITY_INFORMATION, Relative, 100, (PULONG)8),
              STATUS_ACCESS_VIOLATION, "a bad place for the length");
    ok_status(NtSetSecurityObject(Event, DACL_SECURITY_INFORMATION, NULL), STATUS_ACCESS_VIOLATION,
              "no descriptor");
    ok_status(NtSetSecurityObject(Event, DACL_SECURITY_INFORMATION, (PVOID)8),
              STATUS_ACCESS_VIOLATION, "a bad one");
    NtClose(Event);
}

/* Closes Event. */
static void TestReplacingOwnerAndAudits(HANDLE Event)
{
    SECURITY_DESCRIPTOR New;
    ULONG Sacl[16];
    HANDLE Auditor;

    New = *(PISECURITY_DESCRIPTOR)Described(NULL);
    ok_status(NtSetSecurityObject(Event, OWNER_SECURITY_INFORMATION, &New), STATUS_SUCCESS,
              "the user as owner");
    New.Owner = AS_SID(OtherSid);
    ok_status(NtSetSecurityObject(Event, OWNER_SECURITY_INFORMATION, &New), STATUS_INVALID_OWNER,
              "nobody else");
    SetPrivilege(SE_RESTORE_PRIVILEGE, TRUE);
    ok_status(NtSetSecurityObject(Event, OWNER_SECURITY_INFORMATION, &New), STATUS_SUCCESS,
              "but with SeRestorePrivilege");
    SetPrivilege(SE_RESTORE_PRIVILEGE, FALSE);
    New.Owner = NULL;
    ok_status(NtSetSecurityObject(Event, OWNER_SECURITY_INFORMATION, &New),
              STATUS_INVALID_SECURITY_DESCR, "no owner at all");
    New.Group = AS_SID(OtherSid);
    ok_status(NtSetSecurityObject(Event, GROUP_SECURITY_INFORMATION, &New), STATUS_SUCCESS,
              "any group");
    ok_status(NtSetSecurityObject(Event, DACL_SECURITY_INFORMATION, &New), STATUS_SUCCESS,
              "a NULL list");
    Ask(Event, DACL_SECURITY_INFORMATION);
    ok((Relative->Control & SE_DACL_PRESENT) && !Relative->Dacl, "is there and NULL");
    RtlCreateAcl((PACL)Sacl, sizeof(Sacl), ACL_REVISION);
    RtlAddAuditAccessAce((PACL)Sacl, ACL_REVISION, EVENT_MODIFY_STATE, AS_SID(WorldSid), TRUE,
                         TRUE);
    RtlSetSaclSecurityDescriptor(&New, TRUE, (PACL)Sacl, FALSE);
    ok_status(NtSetSecurityObject(Event, SACL_SECURITY_INFORMATION, &New), STATUS_ACCESS_DENIED,
              "audits need ACCESS_SYSTEM_SECURITY");
    ok_status(
        NtOpenEvent(&Auditor, ACCESS_SYSTEM_SECURITY, Named(u"\\BaseNamedObjects\\UmSecured", 0)),
        STATUS_PRIVILEGE_NOT_HELD, "which needs a privilege");
    SetPrivilege(SE_SECURITY_PRIVILEGE, TRUE);
    ok_status(
        NtOpenEvent(&Auditor, ACCESS_SYSTEM_SECURITY, Named(u"\\BaseNamedObjects\\UmSecured", 0)),
        STATUS_SUCCESS, "with it");
    ok_status(NtSetSecurityObject(Auditor, SACL_SECURITY_INFORMATION, &New), STATUS_SUCCESS,
              "audits can be set");
    ok_status(Ask(Auditor, SACL_SECURITY_INFORMATION), STATUS_SUCCESS, "and asked for");
    ok(Relative->Sacl && ((PACL)((PUCHAR)Relative + Relative->Sacl))->AceCount == 1, "it is there");
    SetPrivilege(SE_SECURITY_PRIVILEGE, FALSE);
    NtClose(Auditor);
    NtClose(Event);
}

static void TestReplacing(void)
{
    HANDLE Event = EventWith(u"\\BaseNamedObjects\\UmSecured", NULL), Other, Auditor;
    PACL Acl = BeginAcl();

    Allow(Acl, GENERIC_READ, AS_SID(WorldSid));
    ok_status(NtSetSecurityObject(Event, DACL_SECURITY_INFORMATION, Described(Acl)), STATUS_SUCCESS,
              "another list");
    ok(IsEntry(DaclOf(Event), 0, READ_CONTROL | EVENT_QUERY_STATE, AS_SID(WorldSid)),
       "with what reading means");
    ok_status(NtOpenEvent(&Other, EVENT_QUERY_STATE, Named(u"\\BaseNamedObjects\\UmSecured", 0)),
              STATUS_SUCCESS, "which grants that");
    NtClose(Other);
    ok_status(NtOpenEvent(&Other, EVENT_MODIFY_STATE, Named(u"\\BaseNamedObjects\\UmSecured", 0)),
              STATUS_ACCESS_DENIED, "and nothing else, even to the system");
    ok_status(NtOpenEvent(&Other, MAXIMUM_ALLOWED, Named(u"\\BaseNamedObjects\\UmSecured", 0)),
              STATUS_SUCCESS, "the most that there is");
    ok_status(NtSetEvent(Other, NULL), STATUS_ACCESS_DENIED, "is not enough to set it");
    ok(DaclOf(Other) != NULL, "but to read the list");
    NtClose(Other);
    ok_status(NtOpenEvent(&Other, WRITE_DAC, Named(u"\\BaseNamedObjects\\UmSecured", 0)),
              STATUS_SUCCESS, "its owner may always write the list");
    NtClose(Other);
    ok_status(NtDuplicateObject(NtCurrentProcess(), Event, NtCurrentProcess(), &Other,
                                EVENT_MODIFY_STATE, 0, 0),
              STATUS_SUCCESS, "a handle hands on what it has");
    NtClose(Other);
    Other = Restricted(Event, SYNCHRONIZE);
    ok_status(NtDuplicateObject(NtCurrentProcess(), Other, NtCurrentProcess(), &Auditor,
                                EVENT_MODIFY_STATE, 0, 0),
              STATUS_ACCESS_DENIED, "more than it has is checked");
    NtClose(Other);
    TestReplacingOwnerAndAudits(Event);
}

static void TestLabels(void)
{
    HANDLE Event = EventWith(u"\\BaseNamedObjects\\UmSecured", NULL);
    SECURITY_DESCRIPTOR New = *(PISECURITY_DESCRIPTOR)Described(NULL);
    ULONG Sacl[16];

    RtlCreateAcl((PACL)Sacl, sizeof(Sacl), ACL_REVISION);
    RtlAddMandatoryAce((PACL)Sacl, ACL_REVISION, 0, (ULONG_PTR)AS_SID(HighLabel),
                       SYSTEM_MANDATORY_LABEL_ACE_TYPE, SYSTEM_MANDATORY_LABEL_NO_WRITE_UP);
    RtlSetSaclSecurityDescriptor(&New, TRUE, (PACL)Sacl, FALSE);
    ok_status(NtSetSecurityObject(Event, LABEL_SECURITY_INFORMATION, &New), STATUS_SUCCESS,
              "a label");
    ok_status(Ask(Event, LABEL_SECURITY_INFORMATION), STATUS_SUCCESS, "can be asked for");
    ok(Relative->Sacl && ((PACL)((PUCHAR)Relative + Relative->Sacl))->AceCount == 1, "it is there");
    RtlCreateAcl((PACL)Sacl, sizeof(Sacl), ACL_REVISION);
    ok_status(NtSetSecurityObject(Event, LABEL_SECURITY_INFORMATION, &New), STATUS_SUCCESS,
              "taken away again");
    Ask(Event, LABEL_SECURITY_INFORMATION);
    ok(!Relative->Sacl, "it is gone");
    NtClose(Event);
    ok_status(Ask(NtCurrentProcess(), LABEL_SECURITY_INFORMATION), STATUS_SUCCESS,
              "a process's label");
    ok(Relative->Sacl != 0, "is that of its token");
}

static void TestGiven(void)
{
    HANDLE Event, Other;
    SECURITY_DESCRIPTOR Wrong;
    PACL Acl = BeginAcl();

    Allow(Acl, GENERIC_ALL, AS_SID(UserSid));
    Event = EventWith(u"\\BaseNamedObjects\\UmGiven", Described(Acl));
    ok(Event != NULL, "made with a descriptor");
    ok_status(NtSetEvent(Event, NULL), STATUS_SUCCESS, "its maker has what was asked for");
    ok_status(NtOpenEvent(&Other, SYNCHRONIZE, Named(u"\\BaseNamedObjects\\UmGiven", 0)),
              STATUS_ACCESS_DENIED, "and gets no more than others later");
    ok_status(NtCreateEvent(&Other, EVENT_ALL_ACCESS,
                            Named(u"\\BaseNamedObjects\\UmGiven", OBJ_OPENIF), NotificationEvent,
                            FALSE),
              STATUS_ACCESS_DENIED, "nor by making it if it is not there");
    NtClose(Event);
    Event = EventWith(NULL, Described(Acl));
    ok(IsEntry(DaclOf(Event), 0, EVENT_ALL_ACCESS, AS_SID(UserSid)),
       "an unnamed one keeps what it is given");
    NtClose(Event);
    Wrong = *(PISECURITY_DESCRIPTOR)Described(Acl);
    Wrong.Owner = AS_SID(OtherSid);
    ok_status(
        NtCreateEvent(&Event, EVENT_ALL_ACCESS, NamedWith(NULL, &Wrong), NotificationEvent, FALSE),
        STATUS_INVALID_OWNER, "somebody else as owner");
    Wrong.Revision = 7;
    ok_status(
        NtCreateEvent(&Event, EVENT_ALL_ACCESS, NamedWith(NULL, &Wrong), NotificationEvent, FALSE),
        STATUS_UNKNOWN_REVISION, "a revision that does not exist");
    ok_status(NtCreateEvent(&Event, EVENT_ALL_ACCESS, NamedWith(NULL, (PVOID)8), NotificationEvent,
                            FALSE),
              STATUS_ACCESS_VIOLATION, "a descriptor at a bad address");
    Wrong = *(PISECURITY_DESCRIPTOR)Described(Acl);
    Acl->AceCount = 50;
    ok_status(
        NtCreateEvent(&Event, EVENT_ALL_ACCESS, NamedWith(NULL, &Wrong), NotificationEvent, FALSE),
        STATUS_INVALID_ACL, "a list with fewer entries than it says");
    Acl->AceCount = 1;
    Acl->AclRevision = 9;
    ok_status(
        NtCreateEvent(&Event, EVENT_ALL_ACCESS, NamedWith(NULL, &Wrong), NotificationEvent, FALSE),
        STATUS_INVALID_ACL, "a list of no revision");
}

static void TestInheritance(void)
{
    HANDLE Directory, Event, Below, Deep;
    PACL Acl = BeginAcl();

    RtlAddAccessAllowedAceEx(Acl, ACL_REVISION, CONTAINER_INHERIT_ACE, GENERIC_ALL,
                             AS_SID(SystemSid));
    RtlAddAccessAllowedAceEx(Acl, ACL_REVISION, OBJECT_INHERIT_ACE, GENERIC_READ, AS_SID(UsersSid));
    RtlAddAccessAllowedAceEx(Acl, ACL_REVISION, CONTAINER_INHERIT_ACE | INHERIT_ONLY_ACE,
                             GENERIC_READ, AS_SID(OtherSid));
    ok_status(NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS,
                                      NamedWith(u"\\BaseNamedObjects\\UmParent", Described(Acl))),
              STATUS_SUCCESS, "a directory whose list is inherited");
    Event = EventWith(u"\\BaseNamedObjects\\UmParent\\Event", NULL);
    ok(DaclOf(Event) && DaclOf(Event)->AceCount == 1, "an event in it has what is for objects");
    ok(IsEntry(DaclOf(Event), 0, READ_CONTROL | EVENT_QUERY_STATE, AS_SID(UsersSid)),
       "as it means for events");
    NtClose(Event);
    ok_status(NtCreateDirectoryObject(&Below, DIRECTORY_ALL_ACCESS,
                                      Named(u"\\BaseNamedObjects\\UmParent\\Below", 0)),
              STATUS_SUCCESS, "a directory in it");
    ok(DaclOf(Below) && DaclOf(Below)->AceCount > 1,
       "has what is for directories, and hands it on");
    ok(HasEntry(DaclOf(Below), DIRECTORY_QUERY | DIRECTORY_TRAVERSE | READ_CONTROL,
                AS_SID(OtherSid)),
       "in effect for itself");
    Deep = EventWith(u"\\BaseNamedObjects\\UmParent\\Below\\Event", NULL);
    ok(IsEntry(DaclOf(Deep), 0, READ_CONTROL | EVENT_QUERY_STATE, AS_SID(UsersSid)),
       "down to what lies deeper");
    NtClose(Deep);
    NtClose(Below);
    NtClose(Directory);
}

static void TestTraversal(void)
{
    TOKEN_PRIVILEGES Off = {1, {{{SE_CHANGE_NOTIFY_PRIVILEGE, 0}, 0}}};
    HANDLE Directory, Event, User, Found;
    PACL Acl = BeginAcl();

    Allow(Acl, GENERIC_ALL, AS_SID(SystemSid));
    NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS,
                            NamedWith(u"\\BaseNamedObjects\\UmClosed", Described(Acl)));
    Acl = BeginAcl();
    Allow(Acl, GENERIC_ALL, AS_SID(WorldSid));
    Event = EventWith(u"\\BaseNamedObjects\\UmClosed\\Event", Described(Acl));
    MakeUserToken(TokenImpersonation, SecurityImpersonation, 0, &User);
    ActFor(User);
    ok_status(NtOpenEvent(&Found, SYNCHRONIZE, Named(u"\\BaseNamedObjects\\UmClosed\\Event", 0)),
              STATUS_SUCCESS, "with SeChangeNotifyPrivilege directories are no obstacle");
    NtClose(Found);
    ok_status(NtCreateEvent(&Found, SYNCHRONIZE, Named(u"\\BaseNamedObjects\\UmClosed\\Mine", 0),
                            NotificationEvent, FALSE),
              STATUS_ACCESS_DENIED, "but nothing is put there");
    ActFor(NULL);
    NtAdjustPrivilegesToken(User, FALSE, &Off, 0, NULL, NULL);
    ActFor(User);
    ok_status(NtOpenEvent(&Found, SYNCHRONIZE, Named(u"\\BaseNamedObjects\\UmClosed\\Event", 0)),
              STATUS_ACCESS_DENIED, "without it they are");
    ok_status(NtOpenEvent(&Found, SYNCHRONIZE, Named(u"\\BaseNamedObjects\\UmNone", 0)),
              STATUS_OBJECT_NAME_NOT_FOUND, "where everybody may go, everybody goes");
    ActFor(NULL);
    NtClose(User);
    NtClose(Event);
    NtClose(Directory);
}

/* Lists as long as they get. */
static void TestLongLists(void)
{
    static ULONG Big[0xfffc / sizeof(ULONG)];
    PACL Acl = (PACL)Big;
    HANDLE Event;
    ULONG Count = 0;

    RtlCreateAcl(Acl, sizeof(Big), ACL_REVISION);
    for (PUCHAR Place = (PUCHAR)(Acl + 1); Place + 20 <= (PUCHAR)Acl + sizeof(Big); Place += 20) {
        PACCESS_ALLOWED_ACE Ace = (PACCESS_ALLOWED_ACE)Place;

        Ace->Header = (ACE_HEADER){ACCESS_ALLOWED_ACE_TYPE, 0, 20};
        Ace->Mask = GENERIC_READ;
        memcpy(&Ace->SidStart, &NobodySid, 12);
        Count++;
    }
    Acl->AceCount = (USHORT)Count;
    Event = EventWith(u"\\BaseNamedObjects\\UmLong", Described(Acl));
    ok(Event != NULL, "a list of more than three thousand entries");
    ok_status(NtSetSecurityObject(Event, DACL_SECURITY_INFORMATION, Described(Acl)), STATUS_SUCCESS,
              "set once more");
    ok_status(NtSetSecurityObject(Event, OWNER_SECURITY_INFORMATION, Described(NULL)),
              STATUS_SUCCESS, "kept when the owner is set");
    NtClose(Event);
}

void TestObjectSecurity(void)
{
    TestDefaults();
    TestQueryChecks();
    TestReplacing();
    TestLabels();
    TestGiven();
    TestInheritance();
    TestTraversal();
    TestLongLists();
}

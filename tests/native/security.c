/* SPDX-License-Identifier: BSD-2-Clause */
/* Security: what an ordinary user may not do; the group's other parts are in tokens.c and
 * accesschecks.c and objectsecurity.c. */
#include "security.h"
#include <neptune/abi.h>

const SID WorldSid = {1, 1, {{0, 0, 0, 0, 0, 1}}, {0}};
const SID SystemSid = {1, 1, {{0, 0, 0, 0, 0, 5}}, {18}};
const SID AuthenticatedSid = {1, 1, {{0, 0, 0, 0, 0, 5}}, {11}};
const SID NobodySid = {1, 1, {{0, 0, 0, 0, 0, 0}}, {0}};
const SID MediumLabel = {1, 1, {{0, 0, 0, 0, 0, 16}}, {0x2000}};
const SID LowLabel = {1, 1, {{0, 0, 0, 0, 0, 16}}, {0x1000}};
const SID HighLabel = {1, 1, {{0, 0, 0, 0, 0, 16}}, {0x3000}};
const LONG_SID AdministratorsSid = {{1, 2, {{0, 0, 0, 0, 0, 5}}, {32}}, {544}};
const LONG_SID UsersSid = {{1, 2, {{0, 0, 0, 0, 0, 5}}, {32}}, {545}};
const LONG_SID UserSid = {{1, 5, {{0, 0, 0, 0, 0, 5}}, {21}}, {1, 2, 3, 1001}};
const LONG_SID OtherSid = {{1, 5, {{0, 0, 0, 0, 0, 5}}, {21}}, {1, 2, 3, 1002}};
const GENERIC_MAPPING TestMapping = {READ_CONTROL | 0x1, READ_CONTROL | 0x2, READ_CONTROL | 0x4,
                                     STANDARD_RIGHTS_REQUIRED | 0x7};

HANDLE OwnToken(ACCESS_MASK Access)
{
    HANDLE Token;

    return NT_SUCCESS(NtOpenProcessToken(NtCurrentProcess(), Access, &Token)) ? Token : NULL;
}

NTSTATUS SetPrivilege(ULONG Privilege, BOOLEAN Enable)
{
    BOOLEAN Was;

    return RtlAdjustPrivilege(Privilege, Enable, FALSE, &Was);
}

NTSTATUS ActFor(HANDLE Token)
{
    return NtSetInformationThread(NtCurrentThread(), ThreadImpersonationToken, &Token,
                                  sizeof(Token));
}

PACL BeginAcl(void)
{
    static ULONG Buffer[256];
    PACL Acl = (PACL)Buffer;

    RtlCreateAcl(Acl, sizeof(Buffer), ACL_REVISION_DS);
    return Acl;
}

void Allow(PACL Acl, ACCESS_MASK Mask, PSID Sid)
{
    RtlAddAccessAllowedAce(Acl, ACL_REVISION, Mask, Sid);
}

void Deny(PACL Acl, ACCESS_MASK Mask, PSID Sid)
{
    RtlAddAccessDeniedAce(Acl, ACL_REVISION, Mask, Sid);
}

PSECURITY_DESCRIPTOR Described(PACL Dacl)
{
    static SECURITY_DESCRIPTOR Descriptor;

    RtlCreateSecurityDescriptor(&Descriptor, SECURITY_DESCRIPTOR_REVISION);
    RtlSetOwnerSecurityDescriptor(&Descriptor, AS_SID(SystemSid), FALSE);
    RtlSetGroupSecurityDescriptor(&Descriptor, AS_SID(SystemSid), FALSE);
    RtlSetDaclSecurityDescriptor(&Descriptor, TRUE, Dacl, FALSE);
    return &Descriptor;
}

NTSTATUS MakeUserToken(TOKEN_TYPE Type, SECURITY_IMPERSONATION_LEVEL Level, ULONG Extra,
                       PHANDLE Token)
{
    static const ULONG Always = SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED;
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), Level, FALSE, FALSE};
    OBJECT_ATTRIBUTES Attributes = {.Length = sizeof(Attributes),
                                    .SecurityQualityOfService = &Quality};
    LUID Session = {0x3e7, 0};
    LARGE_INTEGER Never = {.QuadPart = 0x7fffffffffffffff};
    TOKEN_USER User = {{AS_SID(UserSid), 0}};
    struct {
        ULONG Count;
        SID_AND_ATTRIBUTES Sids[4];
    } Groups = {4,
                {{AS_SID(WorldSid), Always},
                 {AS_SID(UsersSid), SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED},
                 {AS_SID(AuthenticatedSid), Always},
                 {AS_SID(MediumLabel), SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED}}};
    struct {
        ULONG Count;
        LUID_AND_ATTRIBUTES List[2];
    } Privileges = {Extra ? 2 : 1,
                    {{{SE_CHANGE_NOTIFY_PRIVILEGE, 0}, 3}, {{Extra, 0}, SE_PRIVILEGE_ENABLED}}};
    TOKEN_OWNER Owner = {AS_SID(UserSid)};
    TOKEN_PRIMARY_GROUP Group = {AS_SID(UsersSid)};
    TOKEN_DEFAULT_DACL Dacl = {BeginAcl()};
    TOKEN_SOURCE Source = {"umtests", {1, 0}};
    NTSTATUS Status;

    Allow(Dacl.DefaultDacl, GENERIC_ALL, AS_SID(UserSid));
    Allow(Dacl.DefaultDacl, GENERIC_ALL, AS_SID(SystemSid));
    SetPrivilege(SE_CREATE_TOKEN_PRIVILEGE, TRUE);
    Status = NtCreateToken(Token, TOKEN_ALL_ACCESS, &Attributes, Type, &Session, &Never, &User,
                           (PTOKEN_GROUPS)&Groups, (PTOKEN_PRIVILEGES)&Privileges, &Owner, &Group,
                           &Dacl, &Source);
    SetPrivilege(SE_CREATE_TOKEN_PRIVILEGE, FALSE);
    return Status;
}

/* ---- What an ordinary user may not do ---- */
static NTSTATUS OpenProcessNamed(HANDLE Number, ACCESS_MASK Access)
{
    OBJECT_ATTRIBUTES Attributes = {.Length = sizeof(Attributes)};
    CLIENT_ID Id = {Number, NULL};
    HANDLE Process;
    NTSTATUS Status = NtOpenProcess(&Process, Access, &Attributes, &Id);

    if (NT_SUCCESS(Status))
        NtClose(Process);
    return Status;
}

static NTSTATUS LoadNull(void)
{
    UNICODE_STRING Service =
        RTL_CONSTANT_STRING(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\null");

    return NtLoadDriver(&Service);
}

static NTSTATUS UnloadNull(void)
{
    UNICODE_STRING Service =
        RTL_CONSTANT_STRING(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\null");

    return NtUnloadDriver(&Service);
}

static NTSTATUS OpenDevice(PCWSTR Name, ACCESS_MASK Access)
{
    IO_STATUS_BLOCK Iosb;
    HANDLE File;
    NTSTATUS Status = NtOpenFile(&File, Access, Named(Name, OBJ_CASE_INSENSITIVE), &Iosb,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE, 0);

    if (NT_SUCCESS(Status))
        NtClose(File);
    return Status;
}

/* Runs as the user: by impersonation, and in a process of the user's own. */
static void OrdinaryUser(void)
{
    HANDLE Handle;

    ok_status(LoadNull(), STATUS_PRIVILEGE_NOT_HELD, "a user cannot load a driver");
    ok_status(UnloadNull(), STATUS_PRIVILEGE_NOT_HELD, "nor unload one");
    ok_status(OpenProcessNamed(ProcessNamed(u"beep.sys"), PROCESS_TERMINATE), STATUS_ACCESS_DENIED,
              "nor open a driver's process to end it");
    ok_status(OpenProcessNamed(ProcessNamed(u"smss.exe"), PROCESS_QUERY_LIMITED_INFORMATION),
              STATUS_ACCESS_DENIED, "nor look at the session manager's process");
    ok_status(OpenProcessNamed(ProcessNamed(u"ntcmd.exe"), MAXIMUM_ALLOWED), STATUS_ACCESS_DENIED,
              "nor get anything at all of the prompt's");
    ok_status(NtShutdownSystem(ShutdownPowerOff), STATUS_PRIVILEGE_NOT_HELD,
              "nor switch the machine off");
    ok_status(NtShutdownSystem((SHUTDOWN_ACTION)17), STATUS_INVALID_PARAMETER,
              "the action is looked at first");
    ok_status(OpenDevice(u"\\Device\\KeyboardClass0", FILE_READ_DATA), STATUS_ACCESS_DENIED,
              "nor read the keyboard");
    ok_status(OpenDevice(u"\\Device\\Null", FILE_READ_DATA | FILE_WRITE_DATA), STATUS_SUCCESS,
              "but may use the null device");
    ok_status(OpenDevice(u"\\SystemRoot\\ntdll.dll", FILE_READ_DATA | FILE_EXECUTE), STATUS_SUCCESS,
              "and read programs");
    ok_status(OpenDevice(u"\\SystemRoot\\ntdll.dll", FILE_WRITE_DATA), STATUS_ACCESS_DENIED,
              "and not write to them");
    ok_status(NtCreateEvent(&Handle, EVENT_ALL_ACCESS, Named(u"\\UmUserEvent", 0),
                            NotificationEvent, FALSE),
              STATUS_ACCESS_DENIED, "names in the root are the system's");
    ok_status(NtCreateEvent(&Handle, EVENT_ALL_ACCESS, Named(u"\\KnownDlls\\UmUserEvent", 0),
                            NotificationEvent, FALSE),
              STATUS_ACCESS_DENIED, "those of known DLLs too");
    ok_status(NtCreateDirectoryObject(&Handle, DIRECTORY_ALL_ACCESS, Named(u"\\Device\\UmDir", 0)),
              STATUS_ACCESS_DENIED, "and directories among devices");
    ok_status(NtCreateEvent(&Handle, EVENT_ALL_ACCESS,
                            Named(u"\\BaseNamedObjects\\UmUserEvent", OBJ_PERMANENT),
                            NotificationEvent, FALSE),
              STATUS_PRIVILEGE_NOT_HELD, "what stays for ever needs a privilege");
    ok_status(NtCreateEvent(&Handle, EVENT_ALL_ACCESS, Named(u"\\BaseNamedObjects\\UmUserEvent", 0),
                            NotificationEvent, FALSE),
              STATUS_SUCCESS, "but in \\BaseNamedObjects everybody makes names");
    NtClose(Handle);
    ok_status(NtOpenDirectoryObject(&Handle, DIRECTORY_QUERY, Named(u"\\Driver", 0)),
              STATUS_ACCESS_DENIED, "who the drivers are is nothing for users");
    ok_status(NtOpenDirectoryObject(&Handle, DIRECTORY_QUERY, Named(u"\\Device", 0)),
              STATUS_SUCCESS, "what devices there are may be listed");
    NtClose(Handle);
    ok_status(NtOpenDirectoryObject(&Handle, DIRECTORY_CREATE_OBJECT, Named(u"\\Device", 0)),
              STATUS_ACCESS_DENIED, "and not added to");
}

static void TestUserByImpersonation(void)
{
    HANDLE Token, Thread;

    ok_status(MakeUserToken(TokenImpersonation, SecurityImpersonation, 0, &Token), STATUS_SUCCESS,
              "a user's token can be made");
    ok_status(ActFor(Token), STATUS_SUCCESS, "and acted for");
    OrdinaryUser();
    ok_status(OpenProcessNamed(ProcessNamed(u"umtests.exe"), PROCESS_TERMINATE),
              STATUS_ACCESS_DENIED, "this process is not the user's");
    Thread = StartThread((PUSER_THREAD_START_ROUTINE)RtlExitUserThread, NULL);
    ok(Thread != NULL, "a thread can be made here by who acts for a user");
    EndOfThread(Thread);
    ok_status(ActFor(NULL), STATUS_SUCCESS, "back to oneself");
    ok_status(OpenProcessNamed(ProcessNamed(u"beep.sys"), PROCESS_TERMINATE), STATUS_SUCCESS,
              "the system may end drivers");
    NtClose(Token);
}

/* The child "umtests user 1". */
void UserChild(void)
{
    OrdinaryUser();
    ok_status(OpenProcessNamed(NtCurrentTeb()->ClientId.UniqueProcess, PROCESS_ALL_ACCESS),
              STATUS_SUCCESS, "a user's process is the user's");
}

static NTSTATUS StartWithToken(HANDLE Token, PCWSTR CommandLine, PHANDLE Process)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\umtests.exe"), Line;
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    RTL_USER_PROCESS_INFORMATION Information;
    NTSTATUS Status;

    RtlInitUnicodeString(&Line, CommandLine);
    Status = RtlCreateProcessParametersEx(&Parameters, &Path, NULL, NULL, &Line, NULL, NULL, NULL,
                                          NULL, NULL, RTL_USER_PROC_PARAMS_NORMALIZED);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = RtlCreateUserProcess(&Path, OBJ_CASE_INSENSITIVE, Parameters, NULL, NULL, NULL, FALSE,
                                  NULL, Token, &Information);
    RtlDestroyProcessParameters(Parameters);
    if (!NT_SUCCESS(Status))
        return Status;
    NtResumeThread(Information.ThreadHandle, NULL);
    NtClose(Information.ThreadHandle);
    *Process = Information.ProcessHandle;
    return STATUS_SUCCESS;
}

static void TestUsersProcess(void)
{
    PROCESS_BASIC_INFORMATION Basic = {0};
    HANDLE Token, Impersonation, Process;
    TOKEN_TYPE Type;
    HANDLE ProcessToken;
    ULONG Length;

    MakeUserToken(TokenPrimary, SecurityAnonymous, 0, &Token);
    MakeUserToken(TokenImpersonation, SecurityImpersonation, 0, &Impersonation);
    ok_status(StartWithToken(Token, u"umtests user 1", &Process), STATUS_PRIVILEGE_NOT_HELD,
              "giving a process somebody's token needs a privilege");
    SetPrivilege(SE_ASSIGNPRIMARYTOKEN_PRIVILEGE, TRUE);
    ok_status(StartWithToken(Impersonation, u"umtests user 1", &Process), STATUS_BAD_TOKEN_TYPE,
              "an impersonation token is no process's");
    ok_status(StartWithToken(Token, u"umtests user 1", &Process), STATUS_SUCCESS,
              "a process of the user's");
    SetPrivilege(SE_ASSIGNPRIMARYTOKEN_PRIVILEGE, FALSE);
    ok_status(WaitFor(Process, 60000), STATUS_SUCCESS, "it ends");
    NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    ok_status(Basic.ExitStatus, STATUS_SUCCESS, "and has found what a user may not do");
    ok_status(NtOpenProcessToken(Process, TOKEN_QUERY, &ProcessToken), STATUS_SUCCESS,
              "its token can be asked");
    ok(NT_SUCCESS(NtQueryInformationToken(ProcessToken, TokenType, &Type, sizeof(Type), &Length)) &&
           Type == TokenPrimary,
       "a primary one");
    NtClose(ProcessToken);
    NtClose(Process);
    NtClose(Token);
    NtClose(Impersonation);
}

void TestSecurity(void)
{
    TestTokens();
    TestAccessChecks();
    TestObjectSecurity();
    TestUserByImpersonation();
    TestUsersProcess();
}

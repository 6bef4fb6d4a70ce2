/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may open pipes, and servers that act for their clients. */
#include "pipes.h"
#include "security.h"

static HANDLE Server, Client, User; /* User: an ordinary user's token, to act for */

/* A server's end with this list of who may do what. */
static NTSTATUS MakeListed(PACL Acl, const PIPE_SHAPE *Shape)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(50)};
    OBJECT_ATTRIBUTES Attributes = *Named(PIPE_NAME, OBJ_CASE_INSENSITIVE);

    Attributes.SecurityDescriptor = Described(Acl);
    return NtCreateNamedPipeFile(&Server, READ_WRITE, &Attributes, &Iosb, Shape->Share,
                                 FILE_OPEN_IF, Shape->Options, Shape->Type, Shape->ReadMode, 0,
                                 Shape->Instances, 256, 256, &Limit);
}

/* What a user who is nobody special gets. */
static NTSTATUS OpenAsUser(ACCESS_MASK Access)
{
    NTSTATUS Status = ActFor(User);

    if (NT_SUCCESS(Status))
        Status = OpenClient(PIPE_NAME, Access, SYNCHRONOUS, &Client);
    ActFor(NULL);
    return Status;
}

static void TestAccess(void)
{
    HANDLE Second;
    PACL Acl = BeginAcl();

    Allow(Acl, FILE_GENERIC_READ, AS_SID(UserSid));
    ok_status(MakeListed(Acl, &BytePipe), STATUS_SUCCESS, "a pipe that a user may read");
    ok_status(OpenAsUser(GENERIC_WRITE | SYNCHRONIZE), STATUS_ACCESS_DENIED, "he may not write");
    ok_status(WaitForPipe(u"umtests", 20), STATUS_SUCCESS, "and has taken no instance");
    ok_status(OpenAsUser(GENERIC_READ | SYNCHRONIZE), STATUS_SUCCESS, "he may read");
    NtClose(Client);
    NtClose(Server);
    Acl = BeginAcl();
    Deny(Acl, FILE_CREATE_PIPE_INSTANCE, AS_SID(WorldSid));
    Allow(Acl, GENERIC_ALL, AS_SID(WorldSid));
    ok_status(MakeListed(Acl, &BytePipe), STATUS_SUCCESS, "who makes a pipe has all of it");
    Second = Server;
    ok_status(MakeListed(NULL, &BytePipe), STATUS_ACCESS_DENIED, "nobody may add instances");
    NtClose(Second);
}

static NTSTATUS Impersonate(void)
{
    return Control(Server, FSCTL_PIPE_IMPERSONATE, NULL, 0, NULL, 0);
}

/* Whether the thread acts for the user, at this level; then it does so no longer. */
static BOOLEAN IsUser(SECURITY_IMPERSONATION_LEVEL Level)
{
    union {
        TOKEN_USER User;
        UCHAR Bytes[128];
    } Buffer;
    SECURITY_IMPERSONATION_LEVEL Found = -1;
    ULONG Length;
    HANDLE Token;
    BOOLEAN Right;

    if (!NT_SUCCESS(NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &Token)))
        return FALSE;
    NtQueryInformationToken(Token, TokenImpersonationLevel, &Found, sizeof(Found), &Length);
    Right =
        NT_SUCCESS(NtQueryInformationToken(Token, TokenUser, &Buffer, sizeof(Buffer), &Length)) &&
        RtlEqualSid(Buffer.User.User.Sid, AS_SID(UserSid)) && Found == Level;
    NtClose(Token);
    ActFor(NULL);
    return Right;
}

static NTSTATUS OpenWith(SECURITY_IMPERSONATION_LEVEL Level, BOOLEAN Mode)
{
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), Level, Mode, FALSE};
    OBJECT_ATTRIBUTES Attributes = *Named(PIPE_NAME, OBJ_CASE_INSENSITIVE);
    NTSTATUS Status = ActFor(User);

    Attributes.SecurityQualityOfService = &Quality;
    Client = NULL;
    if (NT_SUCCESS(Status))
        Status = NtOpenFile(&Client, READ_WRITE, &Attributes, &Iosb, BOTH, SYNCHRONOUS);
    ActFor(NULL);
    return Status;
}

static void WriteAsUser(void)
{
    ActFor(User);
    Put(Client, "x", 1);
    ActFor(NULL);
}

static BOOLEAN MakeOpen(void)
{
    PACL Acl = BeginAcl();

    Allow(Acl, GENERIC_ALL, AS_SID(WorldSid));
    return NT_SUCCESS(MakeListed(Acl, &BytePipe));
}

/* The server acts for who wrote what it has read last. */
static void TestDynamic(void)
{
    char Byte;

    ok(MakeOpen(), "a pipe for everybody");
    ok_status(OpenWith(SecurityImpersonation, SECURITY_DYNAMIC_TRACKING), STATUS_SUCCESS,
              "a client that is tracked");
    ok_status(Impersonate(), STATUS_CANNOT_IMPERSONATE, "nothing has been read");
    WriteAsUser();
    ok_status(Impersonate(), STATUS_CANNOT_IMPERSONATE, "written is not read");
    Get(Server, &Byte, 1);
    ok_status(Impersonate(), STATUS_SUCCESS, "act for who wrote it");
    ok(IsUser(SecurityImpersonation), "the user");
    Put(Client, "y", 1);
    Get(Server, &Byte, 1);
    Impersonate();
    ok(!IsUser(SecurityImpersonation), "the next byte was written by the system");
    ActFor(NULL);
    ok_status(Control(Server, FSCTL_PIPE_DISABLE_IMPERSONATE, NULL, 0, NULL, 0), STATUS_SUCCESS,
              "no more of that");
    ok_status(Impersonate(), STATUS_CANNOT_IMPERSONATE, "it cannot");
    ClosePair(Server, Client);
}

static void TestStatic(void)
{
    ok(MakeOpen(), "a pipe for everybody");
    ok_status(OpenWith(SecurityIdentification, SECURITY_STATIC_TRACKING), STATUS_SUCCESS,
              "a client that only tells who it is");
    ok_status(Impersonate(), STATUS_SUCCESS, "act for who opened it");
    ok(IsUser(SecurityIdentification), "the user, in name only");
    Disconnect(Server);
    ok_status(Impersonate(), STATUS_CANNOT_IMPERSONATE, "a client that is gone");
    NtClose(Client);
    SetModes(Server, 0, 1);
    Listen(Server);
    ok_status(OpenWith(SecurityDelegation, SECURITY_STATIC_TRACKING),
              STATUS_BAD_IMPERSONATION_LEVEL, "a user who hands on more than he has");
    ok_status(OpenWith(77, SECURITY_STATIC_TRACKING), STATUS_INVALID_PARAMETER, "no such level");
    ok_status(OpenWith(SecurityAnonymous, SECURITY_STATIC_TRACKING), STATUS_SUCCESS, "nobody");
    ok_status(Impersonate(), STATUS_SUCCESS, "can be acted for");
    ok(!IsUser(SecurityAnonymous), "who is not the user");
    ActFor(NULL);
    ClosePair(Server, Client);
}

/* Both ends have the pipe's descriptor. */
static void TestDescriptors(void)
{
    UCHAR First[256], Second[256];
    ULONG FirstLength = 0, SecondLength = 1;
    PACL Acl = BeginAcl();

    Allow(Acl, GENERIC_ALL, AS_SID(WorldSid));
    MakeListed(Acl, &BytePipe);
    OpenClient(PIPE_NAME, READ_WRITE | WRITE_DAC, SYNCHRONOUS, &Client);
    ok_status(NtQuerySecurityObject(Server, DACL_SECURITY_INFORMATION, First, sizeof(First),
                                    &FirstLength),
              STATUS_SUCCESS, "a server's descriptor");
    NtQuerySecurityObject(Client, DACL_SECURITY_INFORMATION, Second, sizeof(Second), &SecondLength);
    ok(FirstLength == SecondLength && !memcmp(First, Second, FirstLength), "is its client's");
    Acl = BeginAcl();
    Allow(Acl, FILE_GENERIC_READ, AS_SID(UserSid));
    ok_status(NtSetSecurityObject(Client, DACL_SECURITY_INFORMATION, Described(Acl)),
              STATUS_SUCCESS, "set it at one end");
    NtQuerySecurityObject(Server, DACL_SECURITY_INFORMATION, First, sizeof(First), &FirstLength);
    ok(FirstLength != SecondLength || memcmp(First, Second, FirstLength), "and both have it");
    ClosePair(Server, Client);
}

void TestPipeSecurity(void)
{
    if (!ok_status(MakeUserToken(TokenImpersonation, SecurityImpersonation, 0, &User),
                   STATUS_SUCCESS, "a user's token"))
        return;
    TestAccess();
    TestDynamic();
    TestStatic();
    TestDescriptors();
    NtClose(User);
}

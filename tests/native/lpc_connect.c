/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports: making them, connecting, accepting and refusing, and sections that go with a connection.
 */
#include "lpcport.h"

HANDLE ConnectedPort;

NTSTATUS NTAPI ConnectThread(PVOID Name)
{
    ConnectedPort = NULL;
    return Connect(&ConnectedPort, Name);
}

BOOLEAN MakeConnection(HANDLE Listener, HANDLE Ends[2])
{
    HANDLE Thread = StartThread(ConnectThread, (PVOID)LPC_PORT);

    Ends[1] = Accept(Listener);
    if (!ok_status(EndOfThread(Thread), STATUS_SUCCESS, "a connection"))
        return FALSE;
    Ends[0] = ConnectedPort;
    return Ends[1] != NULL;
}

static void TestCreation(void)
{
    HANDLE Port, Same;
    OBJECT_ATTRIBUTES Bad = {.Length = 3};

    ok_status(NtCreatePort((PHANDLE)8, NULL, 0, 64, 0), STATUS_ACCESS_VIOLATION,
              "a bad address for the handle");
    ok_status(NtCreatePort(&Port, NULL, 0, 0x1000, 0), STATUS_INVALID_PARAMETER_4,
              "too long messages");
    ok_status(NtCreatePort(&Port, NULL, 0x1000, 64, 0), STATUS_INVALID_PARAMETER_3,
              "too much information");
    ok_status(NtCreatePort(&Port, NULL, 0x1000, 0x1000, 0), STATUS_INVALID_PARAMETER_4,
              "both: messages are looked at first");
    ok_status(NtCreatePort(&Port, &Bad, 0, 64, 0), STATUS_INVALID_PARAMETER, "bad attributes");
    ok_status(NtCreatePort(&Port, NULL, 0, PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH, 0), STATUS_SUCCESS,
              "a port without a name");
    ok_status(WaitFor(Port, 0), STATUS_SUCCESS, "it is always signalled");
    NtClose(Port);
    ok_status(CreateListener(&Port), STATUS_SUCCESS, "a port with a name");
    ok_status(CreateListener(&Same), STATUS_OBJECT_NAME_COLLISION, "another one");
    ok_status(NtQueryInformationPort(Port, PortBasicInformation, NULL, 0, NULL),
              STATUS_INVALID_INFO_CLASS, "there is nothing to query");
    ok_status(NtQueryInformationPort(NULL, PortBasicInformation, NULL, 0, NULL),
              STATUS_INVALID_HANDLE, "nor of no port");
    ok_status(NtClose(Port), STATUS_SUCCESS, "close it");
    ok_status(Connect(&Port, LPC_PORT), STATUS_OBJECT_NAME_NOT_FOUND, "its name has gone");
}

static void TestNames(HANDLE Listener)
{
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), SecurityImpersonation, TRUE, TRUE};
    SID Nobody = {SID_REVISION, 1, {{0, 0, 0, 0, 0, 0}}, {0}};
    UNICODE_STRING Name;
    HANDLE Port;

    RtlInitUnicodeString(&Name, LPC_PORT);
    ok_status(Connect(&Port, u"\\BaseNamedObjects"), STATUS_OBJECT_TYPE_MISMATCH,
              "a directory is no port");
    ok_status(Connect(&Port, u"UmLpc"), STATUS_OBJECT_PATH_SYNTAX_BAD, "a relative name");
    ok_status(NtConnectPort((PHANDLE)8, &Name, NULL, NULL, NULL, NULL, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    ok_status(NtConnectPort(&Port, &Name, NULL, NULL, NULL, NULL, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "no quality of service");
    ok_status(NtConnectPort(&Port, (PUNICODE_STRING)8, &Quality, NULL, NULL, NULL, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "a bad address for the name");
    ok_status(NtConnectPort(&Port, &Name, &Quality, NULL, NULL, (PULONG)8, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "a bad address for the length");
    ok_status(NtSecureConnectPort(&Port, &Name, &Quality, NULL, &Nobody, NULL, NULL, NULL, NULL),
              STATUS_SERVER_SID_MISMATCH, "another user's server is wanted");
    Nobody.Revision = 9;
    ok_status(NtSecureConnectPort(&Port, &Name, &Quality, NULL, &Nobody, NULL, NULL, NULL, NULL),
              STATUS_INVALID_SID, "no SID");
    Quality.ImpersonationLevel = 4;
    ok_status(NtConnectPort(&Port, &Name, &Quality, NULL, NULL, NULL, NULL, NULL),
              STATUS_BAD_IMPERSONATION_LEVEL, "a level that there is not");
    ok_status(NtCompleteConnectPort(Listener), STATUS_INVALID_PORT_HANDLE,
              "nothing to complete at a listener");
    ok_status(NtCompleteConnectPort(NtCurrentProcess()), STATUS_OBJECT_TYPE_MISMATCH,
              "a process is no port");
    ok_status(NtCompleteConnectPort(NULL), STATUS_INVALID_HANDLE, "no handle");
    ok_status(NtListenPort(Listener, (PPORT_MESSAGE)8), STATUS_ACCESS_VIOLATION,
              "a bad address for the request");
    ok_status(NtListenPort(NULL, (PPORT_MESSAGE)&Name), STATUS_INVALID_HANDLE, "listen nowhere");
}

/* ---- Information ---- */

static struct {
    UCHAR Bytes[100];
    ULONG Length, MaximumMessage;
} Information;

static NTSTATUS NTAPI InformedThread(PVOID Argument)
{
    SECURITY_QUALITY_OF_SERVICE SecurityQos = {sizeof(SecurityQos), SecurityImpersonation,
                                               SECURITY_DYNAMIC_TRACKING, TRUE};
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, LPC_PORT);
    return NtConnectPort(&ConnectedPort, &Name, &SecurityQos, NULL, NULL,
                         &Information.MaximumMessage, Information.Bytes, &Information.Length);
}

static HANDLE AskWithInformation(HANDLE Listener, ULONG Length, PLPC_MESSAGE Request)
{
    HANDLE Thread;

    memset(Information.Bytes, 0x11, sizeof(Information.Bytes));
    Information.Length = Length;
    Thread = StartThread(InformedThread, NULL);
    ok_status(NtListenPort(Listener, &Request->Header), STATUS_SUCCESS, "a client asks");
    return Thread;
}

static void TestRefusal(HANDLE Listener)
{
    LPC_MESSAGE Request;
    HANDLE Thread = AskWithInformation(Listener, 10, &Request), Port;

    ok((Request.Header.u2.s2.Type & 0xff) == LPC_CONNECTION_REQUEST, "it is a connection request");
    ok(Request.Header.u1.s1.DataLength == 10 && Request.Data[9] == 0x11, "with its information");
    ok(Request.Header.ClientId.UniqueProcess == NtCurrentTeb()->ClientId.UniqueProcess,
       "and from whom it is");
    Request.Header.MessageId++;
    ok_status(NtAcceptConnectPort(&Port, NULL, &Request.Header, FALSE, NULL, NULL),
              STATUS_REPLY_MESSAGE_MISMATCH, "another number");
    Request.Header.MessageId--;
    Request.Header.ClientId.UniqueThread = (HANDLE)0x7ffffff0;
    ok_status(NtAcceptConnectPort(&Port, NULL, &Request.Header, FALSE, NULL, NULL),
              STATUS_INVALID_CID, "another client");
    NtClose(Thread);
    Thread = AskWithInformation(Listener, 10, &Request);
    Request.Data[0] = 0x22;
    Request.Header.u1.s1.DataLength = 1;
    ok_status(NtAcceptConnectPort(NULL, NULL, &Request.Header, FALSE, NULL, NULL), STATUS_SUCCESS,
              "refuse it");
    ok_status(EndOfThread(Thread), STATUS_PORT_CONNECTION_REFUSED, "the client is told");
    ok(Information.Length == 1 && Information.Bytes[0] == 0x22, "and why");
    ok_status(NtAcceptConnectPort(&Port, NULL, &Request.Header, TRUE, NULL, NULL),
              STATUS_INVALID_CID, "it is too late to accept");
}

static void TestPortInformation(HANDLE Listener)
{
    LPC_MESSAGE Request;
    HANDLE Thread = AskWithInformation(Listener, 100, &Request), Port;

    ok(Request.Header.u1.s1.DataLength == 64, "too much information is cut off");
    Request.Header.u1.s1.DataLength = 100;
    ok_status(NtAcceptConnectPort(&Port, NULL, &Request.Header, TRUE, NULL, NULL),
              STATUS_INVALID_PARAMETER, "more data than there are");
    Request.Header.u1.s1.DataLength = 64;
    ok_status(NtAcceptConnectPort((PHANDLE)8, NULL, &Request.Header, TRUE, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    Fill(&Request, 0, 0);
    ok_status(NtAcceptConnectPort(&Port, NULL, &Request.Header, TRUE, NULL, NULL),
              STATUS_INVALID_CID, "a request that was not made");
    NtTerminateThread(Thread, 5);
    ok_status(EndOfThread(Thread), 5, "the client is ended while it waits");
    Thread = AskWithInformation(Listener, 5, &Request);
    memset(Request.Data, 0x33, sizeof(Request.Data));
    Request.Header.u1.s1.DataLength = 60;
    Request.Header.u1.s1.TotalLength = sizeof(PORT_MESSAGE) + 60;
    ok_status(NtAcceptConnectPort(&Port, NULL, &Request.Header, TRUE, NULL, NULL), STATUS_SUCCESS,
              "accept it");
    ok_status(WaitFor(Thread, 20), STATUS_TIMEOUT, "the client still waits");
    ok_status(NtCompleteConnectPort(Port), STATUS_SUCCESS, "complete the connection");
    ok_status(NtCompleteConnectPort(Port), STATUS_INVALID_PARAMETER, "once only");
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "the client goes on");
    ok(Information.Length == 5 && Information.Bytes[4] == 0x33 && Information.Bytes[5] == 0x11,
       "with as much information as it has room for");
    ok(Information.MaximumMessage == PORT_MAXIMUM_MESSAGE_LENGTH, "and the length of messages");
    ok_status(NtCompleteConnectPort(ConnectedPort), STATUS_INVALID_PORT_HANDLE,
              "a client completes nothing");
    NtClose(ConnectedPort);
    NtClose(Port);
}

/* A server that goes before it has completed, and one that goes before it has answered. */
static void TestGoneServers(void)
{
    LPC_MESSAGE Request;
    HANDLE Listener, Thread, Port;

    CreateListener(&Listener);
    Thread = AskWithInformation(Listener, 0, &Request);
    ok_status(NtAcceptConnectPort(&Port, NULL, &Request.Header, TRUE, NULL, NULL), STATUS_SUCCESS,
              "accept");
    NtClose(Port);
    ok_status(EndOfThread(Thread), STATUS_PORT_CONNECTION_REFUSED, "but do not complete");
    Thread = AskWithInformation(Listener, 0, &Request);
    NtClose(Listener);
    ok_status(EndOfThread(Thread), STATUS_OBJECT_NAME_NOT_FOUND, "the listener goes");
    CreateListener(&Listener);
    Thread = StartThread(InformedThread, NULL);
    Sleep(20);
    NtClose(Listener);
    ok_status(EndOfThread(Thread), STATUS_OBJECT_NAME_NOT_FOUND, "before it has listened");
}

/* ---- Views ---- */

static PORT_VIEW ClientSide;
static REMOTE_PORT_VIEW ServerInClient;

static NTSTATUS NTAPI ViewThread(PVOID Argument)
{
    SECURITY_QUALITY_OF_SERVICE SecurityQos = {sizeof(SecurityQos), SecurityImpersonation,
                                               SECURITY_DYNAMIC_TRACKING, TRUE};
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, LPC_PORT);
    return NtConnectPort(&ConnectedPort, &Name, &SecurityQos, &ClientSide, &ServerInClient, NULL,
                         NULL, NULL);
}

static HANDLE MakeSection(SIZE_T Size, ULONG Protect)
{
    LARGE_INTEGER Maximum = {.QuadPart = (LONGLONG)Size};
    HANDLE Section = NULL;

    NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Maximum, Protect, SEC_COMMIT, NULL);
    return Section;
}

static void TestBadViews(void)
{
    HANDLE Section = MakeSection(0x10000, PAGE_READWRITE);
    PORT_VIEW Good = {.Length = sizeof(Good), .SectionHandle = Section};

    ServerInClient = (REMOTE_PORT_VIEW){.Length = sizeof(ServerInClient) - 1};
    ClientSide = Good;
    ok_status(ViewThread(NULL), STATUS_INVALID_PARAMETER, "a short view of the server's");
    ServerInClient.Length = sizeof(ServerInClient);
    ClientSide.Length++;
    ok_status(ViewThread(NULL), STATUS_INVALID_PARAMETER, "a long view of one's own");
    ClientSide = Good;
    ClientSide.SectionHandle = NtCurrentProcess();
    ok_status(ViewThread(NULL), STATUS_OBJECT_TYPE_MISMATCH, "a process is no section");
    ClientSide.SectionHandle = Restricted(Section, SECTION_MAP_READ);
    ok_status(ViewThread(NULL), STATUS_ACCESS_DENIED, "a section that must not be written");
    NtClose(ClientSide.SectionHandle);
    ClientSide = Good;
    ClientSide.SectionOffset = 0x1000;
    ok_status(ViewThread(NULL), STATUS_MAPPED_ALIGNMENT, "an odd offset");
    ClientSide = Good;
    ClientSide.ViewSize = 0x20000;
    ok_status(ViewThread(NULL), STATUS_INVALID_VIEW_SIZE, "a view larger than the section");
    ClientSide = Good;
    NtClose(Section);
    ok_status(ViewThread(NULL), STATUS_INVALID_HANDLE, "no section");
}

static BOOLEAN IsMapped(PVOID Address)
{
    MEMORY_BASIC_INFORMATION Basic = {0};

    NtQueryVirtualMemory(NtCurrentProcess(), Address, MemoryBasicInformation, &Basic, sizeof(Basic),
                         NULL);
    return Basic.State == MEM_COMMIT;
}

/* The system unmaps on a thread of its own. */
static BOOLEAN IsUnmapped(PVOID Address)
{
    for (ULONG i = 0; i < 100 && IsMapped(Address); i++)
        Sleep(10);
    return !IsMapped(Address);
}

static void CheckViews(const PORT_VIEW *ServerSide, const REMOTE_PORT_VIEW *ClientInServer)
{
    ok(ClientInServer->ViewSize == 0x20000 && ServerSide->ViewSize == 0x10000, "sizes of views");
    ok(ClientSide.ViewSize == 0x20000 && ServerInClient.ViewSize == 0x10000, "the client's too");
    ok(ClientSide.ViewRemoteBase == ClientInServer->ViewBase &&
           ServerSide->ViewRemoteBase == ServerInClient.ViewBase,
       "each side knows where the other one has its section");
    *(volatile ULONG *)ClientSide.ViewBase = 0x1234;
    ok(*(volatile ULONG *)ClientInServer->ViewBase == 0x1234, "the client's section is shared");
    *(volatile ULONG *)ServerSide->ViewBase = 0x4321;
    ok(*(volatile ULONG *)ServerInClient.ViewBase == 0x4321, "the server's is");
}

static void TestViews(HANDLE Listener)
{
    LPC_MESSAGE Request;
    PORT_VIEW ServerSide = {.Length = sizeof(ServerSide),
                            .SectionHandle = MakeSection(0x10000, PAGE_READWRITE)};
    REMOTE_PORT_VIEW ClientInServer = {.Length = sizeof(ClientInServer) + 1};
    HANDLE Thread, Port;

    ClientSide = (PORT_VIEW){.Length = sizeof(ClientSide),
                             .SectionHandle = MakeSection(0x20000, PAGE_READWRITE)};
    ServerInClient = (REMOTE_PORT_VIEW){.Length = sizeof(ServerInClient)};
    Thread = StartThread(ViewThread, NULL);
    ok_status(NtListenPort(Listener, &Request.Header), STATUS_SUCCESS, "a client with a section");
    ok(Request.Header.ClientViewSize == 0x20000, "the size of its view");
    ok_status(NtAcceptConnectPort(&Port, NULL, &Request.Header, TRUE, &ServerSide, &ClientInServer),
              STATUS_INVALID_PARAMETER, "a bad length");
    ClientInServer.Length--;
    ok_status(NtAcceptConnectPort(&Port, NULL, &Request.Header, TRUE, &ServerSide, &ClientInServer),
              STATUS_SUCCESS, "accept with a section");
    NtCompleteConnectPort(Port);
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "connected");
    CheckViews(&ServerSide, &ClientInServer);
    NtClose(ServerSide.SectionHandle);
    NtClose(ClientSide.SectionHandle);
    NtClose(ConnectedPort);
    ok(IsUnmapped(ClientSide.ViewBase) && IsUnmapped(ServerInClient.ViewBase),
       "the client's views go with its port");
    ok(IsMapped(ServerSide.ViewBase) && IsMapped(ClientInServer.ViewBase),
       "the server's views are still there");
    NtClose(Port);
    ok(IsUnmapped(ServerSide.ViewBase) && IsUnmapped(ClientInServer.ViewBase),
       "and go with its own");
}

void TestLpcConnections(void)
{
    HANDLE Listener;

    TestCreation();
    if (!ok_status(CreateListener(&Listener), STATUS_SUCCESS, "a listener"))
        return;
    TestNames(Listener);
    TestRefusal(Listener);
    TestPortInformation(Listener);
    TestBadViews();
    TestViews(Listener);
    NtClose(Listener);
    TestGoneServers();
}

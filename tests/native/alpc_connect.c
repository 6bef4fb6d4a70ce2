/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC: making ports, connecting, accepting and refusing. */
#include "alpcport.h"

static void TestCreation(void)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(0);
    OBJECT_ATTRIBUTES Bad = {.Length = 3};
    HANDLE Port, Same;

    ok_status(NtAlpcCreatePort((PHANDLE)8, NULL, NULL), STATUS_ACCESS_VIOLATION,
              "a bad address for the handle");
    ok_status(NtAlpcCreatePort(&Port, NULL, (PALPC_PORT_ATTRIBUTES)8), STATUS_ACCESS_VIOLATION,
              "a bad address for the attributes");
    ok_status(NtAlpcCreatePort(&Port, &Bad, NULL), STATUS_INVALID_PARAMETER,
              "bad object attributes");
    Attributes.Flags = ALPC_PORFLG_LPC_MODE;
    ok_status(AlpcListen(&Port, &Attributes), STATUS_INVALID_PARAMETER, "the system's own flag");
    Attributes = PortAttributes(0);
    Attributes.MaxMessageLength = 0x10000;
    ok_status(AlpcListen(&Port, &Attributes), STATUS_INVALID_PARAMETER, "too long messages");
    Attributes.MaxMessageLength = sizeof(PORT_MESSAGE) - 1;
    ok_status(AlpcListen(&Port, &Attributes), STATUS_INVALID_PARAMETER, "too short ones");
    Attributes = PortAttributes(0);
    Attributes.DupObjectTypes = 0x8000;
    ok_status(AlpcListen(&Port, &Attributes), STATUS_INVALID_PARAMETER, "unknown types");
    Attributes = PortAttributes(0);
    Attributes.SecurityQos.ImpersonationLevel = 4;
    ok_status(AlpcListen(&Port, &Attributes), STATUS_BAD_IMPERSONATION_LEVEL,
              "a level that there is not");
    ok_status(NtAlpcCreatePort(&Port, NULL, NULL), STATUS_SUCCESS, "a port without anything");
    ok_status(WaitFor(Port, 0), STATUS_SUCCESS, "it is always signalled");
    ok_status(NtClose(Port), STATUS_SUCCESS, "close it");
    Attributes = PortAttributes(0);
    ok_status(AlpcListen(&Port, &Attributes), STATUS_SUCCESS, "a port with a name");
    ok_status(AlpcListen(&Same, &Attributes), STATUS_OBJECT_NAME_COLLISION, "another one");
    NtClose(Port);
    ok_status(AlpcConnect(&Port, NULL, 0), STATUS_OBJECT_NAME_NOT_FOUND, "its name has gone");
}

static void TestNames(void)
{
    SID Nobody = {SID_REVISION, 1, {{0, 0, 0, 0, 0, 0}}, {0}};
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(0);
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(30)};
    UNICODE_STRING Name, Directory;
    HANDLE Port;

    RtlInitUnicodeString(&Name, ALPC_PORT);
    RtlInitUnicodeString(&Directory, u"\\BaseNamedObjects");
    ok_status(
        NtAlpcConnectPort((PHANDLE)8, &Name, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL),
        STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    ok_status(NtAlpcConnectPort(&Port, (PUNICODE_STRING)8, NULL, NULL, 0, NULL, NULL, NULL, NULL,
                                NULL, NULL),
              STATUS_ACCESS_VIOLATION, "a bad address for the name");
    ok_status(
        NtAlpcConnectPort(&Port, &Directory, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL),
        STATUS_OBJECT_TYPE_MISMATCH, "a directory is no port");
    ok_status(NtAlpcConnectPort(&Port, &Name, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL),
              STATUS_INVALID_PARAMETER, "unknown flags");
    ok_status(NtAlpcConnectPort(&Port, &Name, Named(u"x", 0), NULL, 0, NULL, NULL, NULL, NULL, NULL,
                                NULL),
              STATUS_INVALID_PARAMETER, "a name for the client's port");
    ok_status(NtAlpcConnectPort(&Port, &Name, NULL, NULL, 0, &Nobody, NULL, NULL, NULL, NULL, NULL),
              STATUS_SERVER_SID_MISMATCH, "another user's server is wanted");
    Nobody.Revision = 9;
    ok_status(NtAlpcConnectPort(&Port, &Name, NULL, NULL, 0, &Nobody, NULL, NULL, NULL, NULL, NULL),
              STATUS_INVALID_SID, "no SID");
    ok_status(NtAlpcConnectPort(&Port, &Name, NULL, NULL, 0, NULL, (PPORT_MESSAGE)8, NULL, NULL,
                                NULL, NULL),
              STATUS_ACCESS_VIOLATION, "a bad address for the message");
    ok_status(NtAlpcConnectPort(&Port, &Name, NULL, &Attributes, ALPC_MSGFLG_SYNC_REQUEST, NULL,
                                NULL, NULL, NULL, NULL, &Limit),
              STATUS_TIMEOUT, "nobody accepts in time");
    ok_status(NtAlpcConnectPortEx(&Port, Named(ALPC_PORT, 0), NULL, NULL, 0, &Nobody, NULL, NULL,
                                  NULL, NULL, NULL),
              STATUS_NOT_SUPPORTED, "demands on the server's security");
}

/* ---- Waiting for the server ---- */

typedef struct _CONNECTING {
    ALPC_MESSAGE Message;
    SIZE_T Length;
    HANDLE Port;
} CONNECTING, *PCONNECTING;

/* Connects with a message of 4 bytes, and room for the answer. */
static NTSTATUS NTAPI ConnectThread(PVOID Argument)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(0);
    PCONNECTING Connecting = Argument;
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, ALPC_PORT);
    Fill(&Connecting->Message, 4, 50);
    Connecting->Length = sizeof(Connecting->Message);
    Connecting->Port = NULL;
    return NtAlpcConnectPort(&Connecting->Port, &Name, NULL, &Attributes, ALPC_MSGFLG_SYNC_REQUEST,
                             NULL, &Connecting->Message.Header, &Connecting->Length, NULL, NULL,
                             NULL);
}

static void TestWaiting(HANDLE Listener)
{
    CONNECTING Connecting;
    ALPC_MESSAGE Message;
    HANDLE Thread = StartThread(ConnectThread, &Connecting), Server = NULL;

    ok_status(Receive(Listener, &Message, 5000), STATUS_SUCCESS, "a request to connect");
    ok(TYPE_OF(&Message) == LPC_CONNECTION_REQUEST && Message.Header.u1.s1.DataLength == 4 &&
           Message.Data[0] == 50,
       "it is one, with what the client says");
    ok_status(Reply(Listener, &Message), STATUS_INVALID_MESSAGE, "it cannot be replied to");
    ok_status(NtAlpcAcceptConnectPort(&Server, Listener, 1, NULL, NULL, NULL, &Message.Header, NULL,
                                      TRUE),
              STATUS_INVALID_PARAMETER, "accept with unknown flags");
    ok_status(NtAlpcAcceptConnectPort((PHANDLE)8, Listener, 0, NULL, NULL, NULL, &Message.Header,
                                      NULL, TRUE),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    ok_status(
        NtAlpcAcceptConnectPort(&Server, NULL, 0, NULL, NULL, NULL, &Message.Header, NULL, TRUE),
        STATUS_INVALID_HANDLE, "no port to accept at");
    Message.Header.MessageId++;
    ok_status(NtAlpcAcceptConnectPort(&Server, Listener, 0, NULL, NULL, NULL, &Message.Header, NULL,
                                      TRUE),
              STATUS_MESSAGE_LOST, "a request that there is not");
    Message.Header.MessageId--;
    Message.Data[0] = 60;
    ok_status(NtAlpcAcceptConnectPort(&Server, Listener, 0, NULL, NULL, NULL, &Message.Header, NULL,
                                      TRUE),
              STATUS_SUCCESS, "accept");
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "the client goes on");
    ok(TYPE_OF(&Connecting.Message) == LPC_CONNECTION_REPLY && Connecting.Message.Data[0] == 60 &&
           Connecting.Length == sizeof(PORT_MESSAGE) + 4,
       "with the server's answer");
    ok_status(NtAlpcAcceptConnectPort(&Server, Listener, 0, NULL, NULL, NULL, &Message.Header, NULL,
                                      TRUE),
              STATUS_MESSAGE_LOST, "accept again");
    ok_status(NtAlpcAcceptConnectPort(&Server, Connecting.Port, 0, NULL, NULL, NULL,
                                      &Message.Header, NULL, TRUE),
              STATUS_INVALID_PORT_HANDLE, "by way of a client's port");
    NtClose(Connecting.Port);
    NtClose(Server);
    AlpcForget(Listener);
}

static void TestRefusal(HANDLE Listener)
{
    CONNECTING Connecting;
    ALPC_MESSAGE Message;
    HANDLE Thread = StartThread(ConnectThread, &Connecting), Server = NULL;

    Receive(Listener, &Message, 5000);
    Message.Data[0] = 61;
    ok_status(NtAlpcAcceptConnectPort(&Server, Listener, 0, NULL, NULL, NULL, &Message.Header, NULL,
                                      FALSE),
              STATUS_SUCCESS, "refuse");
    ok_status(EndOfThread(Thread), STATUS_PORT_CONNECTION_REFUSED, "the client is refused");
    ok(Connecting.Message.Data[0] == 61 && !Connecting.Port, "and told why");
    Thread = StartThread(ConnectThread, &Connecting);
    Receive(Listener, &Message, 5000);
    ok_status(NtAlpcAcceptConnectPort(&Server, Listener, 0, NULL, (PALPC_PORT_ATTRIBUTES)8, NULL,
                                      &Message.Header, NULL, TRUE),
              STATUS_ACCESS_VIOLATION, "bad attributes: nothing has happened");
    ok_status(NtAlpcAcceptConnectPort(&Server, Listener, 0, NULL, NULL, NULL, &Message.Header,
                                      (PALPC_MESSAGE_ATTRIBUTES)8, TRUE),
              STATUS_ACCESS_VIOLATION, "bad attributes of the answer");
    ok_status(EndOfThread(Thread), STATUS_PORT_CONNECTION_REFUSED, "the client is refused then");
    AlpcForget(Listener);
}

/* An answer that is longer than the client has room for. */
static void TestCut(HANDLE Listener)
{
    CONNECTING Connecting;
    static ALPC_MESSAGE Message;
    HANDLE Thread, Server = NULL;
    NTSTATUS Status;

    Thread = StartThread(ConnectThread, &Connecting);
    Receive(Listener, &Message, 5000);
    Message.Header.u1.s1.DataLength = ALPC_DATA;
    Message.Header.u1.s1.TotalLength = (CSHORT)(sizeof(PORT_MESSAGE) + ALPC_DATA);
    Message.Data[ALPC_DATA - 1] = 77;
    Status = NtAlpcAcceptConnectPort(&Server, Listener, 0, NULL, NULL, NULL, &Message.Header, NULL,
                                     TRUE);
    ok_status(Status, STATUS_SUCCESS, "a long answer");
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "to who has room");
    ok(Connecting.Message.Data[ALPC_DATA - 1] == 77, "is all there");
    NtClose(Connecting.Port);
    NtClose(Server);
    AlpcForget(Listener);
    Thread = StartThread(AlpcAskThread, NULL);
    ok_status(EndOfThread(Thread), STATUS_INVALID_HANDLE, "a request through no port");
}

/* ---- Not waiting ---- */

static void TestAtOnce(HANDLE Listener)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(0);
    ALPC_MESSAGE Message, Request;
    HANDLE Client, Server = NULL;

    ok_status(AlpcConnect(&Client, &Attributes, 0), STATUS_SUCCESS, "connect without waiting");
    ok_status(Receive(Client, &Message, 0), STATUS_TIMEOUT, "no answer yet");
    Fill(&Message, 1, 1);
    ok_status(Send(Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message), STATUS_PORT_DISCONNECTED,
              "nor a server to send to");
    Receive(Listener, &Request, 5000);
    ok_status(NtAlpcAcceptConnectPort(&Server, Listener, 0, NULL, NULL, ALPC_CONTEXT,
                                      &Request.Header, NULL, TRUE),
              STATUS_SUCCESS, "the server accepts");
    ok_status(Receive(Client, &Message, 1000), STATUS_SUCCESS, "the answer comes");
    ok(TYPE_OF(&Message) == LPC_CONNECTION_REPLY, "as a message");
    Fill(&Message, 1, 1);
    ok_status(Send(Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message), STATUS_SUCCESS, "then send");
    ok_status(Receive(Listener, &Message, 1000), STATUS_SUCCESS, "it arrives");
    NtClose(Client);
    NtClose(Server);
    AlpcForget(Listener);
    AlpcConnect(&Client, &Attributes, 0);
    Receive(Listener, &Request, 5000);
    NtAlpcAcceptConnectPort(&Server, Listener, 0, NULL, NULL, NULL, &Request.Header, NULL, FALSE);
    ok_status(Receive(Client, &Message, 1000), STATUS_PORT_DISCONNECTED, "refused");
    NtClose(Client);
    AlpcConnect(&Client, &Attributes, 0);
    NtClose(Client);
    ok_status(Receive(Listener, &Request, 0), STATUS_TIMEOUT, "who leaves takes his request along");
    AlpcConnect(&Client, &Attributes, 0);
    Receive(Listener, &Request, 5000);
    NtClose(Client);
    ok_status(NtAlpcAcceptConnectPort(&Server, Listener, 0, NULL, NULL, NULL, &Request.Header, NULL,
                                      TRUE),
              STATUS_MESSAGE_LOST, "accept him then");
}

static NTSTATUS NTAPI ReceiveThread(PVOID Port)
{
    ALPC_MESSAGE Message;

    return Receive(Port, &Message, 10000);
}

/* The connection port goes while clients wait. */
static void TestListenerEnds(void)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(0);
    CONNECTING Connecting;
    HANDLE Listener, Client, Threads[2];

    AlpcListen(&Listener, &Attributes);
    AlpcConnect(&Client, &Attributes, 0);
    Threads[0] = StartThread(ReceiveThread, Client);
    Threads[1] = StartThread(ConnectThread, &Connecting);
    Sleep(50);
    NtClose(Listener);
    ok_status(EndOfThread(Threads[0]), STATUS_PORT_DISCONNECTED, "the answer will never come");
    ok_status(EndOfThread(Threads[1]), STATUS_OBJECT_NAME_NOT_FOUND, "nor be waited for");
    NtClose(Client);
    AlpcListen(&Listener, &Attributes);
    ok_status(NtAlpcDisconnectPort(Listener, 0), STATUS_SUCCESS, "disconnect a connection port");
    ok_status(NtAlpcDisconnectPort(Listener, 0), STATUS_PORT_DISCONNECTED, "again");
    ok_status(AlpcConnect(&Client, &Attributes, 0), STATUS_OBJECT_NAME_NOT_FOUND,
              "nobody can connect to it");
    NtClose(Listener);
}

/* ---- With LPC's own services ---- */

static NTSTATUS NTAPI OldAskThread(PVOID Port)
{
    ALPC_MESSAGE Message;
    NTSTATUS Status;

    Fill(&Message, 1, 9);
    Status = NtRequestWaitReplyPort(Port, &Message.Header, &Message.Header);
    return NT_SUCCESS(Status) ? Message.Data[0] : Status;
}

static void TestOldClient(void)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(0);
    HANDLE Listener, Client = NULL, Server, Thread;
    ALPC_MESSAGE Message;

    AlpcListen(&Listener, &Attributes);
    ok_status(AlpcOldConnect(&Client), STATUS_LPC_REQUESTS_NOT_ALLOWED,
              "LPC's services are not allowed");
    NtClose(Listener);
    Attributes = PortAttributes(ALPC_PORFLG_ALLOW_LPC_REQUESTS);
    AlpcListen(&Listener, &Attributes);
    Thread = StartThread(AlpcOldConnect, &Client);
    Server = AlpcAccept(Listener, NULL);
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "they are");
    Thread = StartThread(OldAskThread, Client);
    ok_status(Receive(Listener, &Message, 5000), STATUS_SUCCESS, "a request by LPC");
    Message.Data[0] = 33;
    ok_status(Reply(Server, &Message), STATUS_SUCCESS, "reply by ALPC");
    ok_status(EndOfThread(Thread), 33, "it arrives");
    Thread = StartThread(OldAskThread, Client);
    Receive(Listener, &Message, 5000);
    Message.Header.u1.s1.DataLength = 900;
    Message.Header.u1.s1.TotalLength = 900 + sizeof(PORT_MESSAGE);
    ok_status(Reply(Server, &Message), STATUS_PORT_MESSAGE_TOO_LONG, "too long for LPC");
    NtClose(Server);
    ok_status(EndOfThread(Thread), STATUS_PORT_DISCONNECTED, "the server goes");
    NtClose(Client);
    NtClose(Listener);
}

/* An LPC server with an ALPC client that does not wait. */
static void TestOldServer(void)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(0);
    HANDLE Listener, Client, Server;
    ALPC_MESSAGE Message;

    NtCreatePort(&Listener, Named(ALPC_PORT, 0), 64, 200, 0);
    ok_status(AlpcConnect(&Client, &Attributes, 0), STATUS_SUCCESS, "connect to an LPC server");
    ok_status(NtListenPort(Listener, &Message.Header), STATUS_SUCCESS, "it listens");
    ok_status(NtAcceptConnectPort(&Server, NULL, &Message.Header, TRUE, NULL, NULL), STATUS_SUCCESS,
              "accepts");
    ok_status(Receive(Client, &Message, 0), STATUS_TIMEOUT, "not yet");
    ok_status(NtCompleteConnectPort(Server), STATUS_SUCCESS, "and completes");
    ok_status(Receive(Client, &Message, 1000), STATUS_SUCCESS, "the client is told");
    Fill(&Message, 300, 0);
    ok_status(Send(Client, 0, &Message), STATUS_PORT_MESSAGE_TOO_LONG, "the server's limit counts");
    Fill(&Message, 3, 5);
    ok_status(Send(Client, 0, &Message), STATUS_SUCCESS, "a request");
    ok_status(NtReplyWaitReceivePort(Listener, NULL, NULL, &Message.Header), STATUS_SUCCESS,
              "it arrives");
    ok(TYPE_OF(&Message) == LPC_REQUEST && Message.Data[2] == 7, "as LPC knows it");
    Message.Data[0] = 44;
    ok_status(NtReplyPort(Server, &Message.Header), STATUS_SUCCESS, "reply by LPC");
    ok_status(Receive(Client, &Message, 1000), STATUS_SUCCESS, "it comes to the queue");
    ok(TYPE_OF(&Message) == LPC_REPLY && Message.Data[0] == 44, "as the reply");
    NtClose(Client);
    NtClose(Server);
    NtClose(Listener);
}

void TestAlpcConnections(void)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(0);
    HANDLE Listener;

    TestCreation();
    AlpcListen(&Listener, &Attributes);
    TestNames();
    TestWaiting(Listener);
    TestRefusal(Listener);
    TestCut(Listener);
    TestAtOnce(Listener);
    NtClose(Listener);
    TestListenerEnds();
    TestOldClient();
    TestOldServer();
}

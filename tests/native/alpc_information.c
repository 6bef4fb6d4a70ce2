/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC: what can be asked and set, and completion ports. */
#include "alpcport.h"

static NTSTATUS Query(HANDLE Port, ALPC_PORT_INFORMATION_CLASS Class, PVOID Buffer, ULONG Length,
                      PULONG Needed)
{
    return NtAlpcQueryInformation(Port, Class, Buffer, Length, Needed);
}

/* The user of this process, in Token. */
static PSID OwnSid(PTOKEN_USER Token, ULONG Size)
{
    HANDLE Handle;
    ULONG Length;

    NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &Handle);
    NtQueryInformationToken(Handle, TokenUser, Token, Size, &Length);
    NtClose(Handle);
    return Token->User.Sid;
}

static void TestPorts(PALPC_ENDS Ends)
{
    union {
        TOKEN_USER User;
        UCHAR Bytes[128];
    } Own;
    ALPC_SERVER_SESSION_INFORMATION Session = {0};
    ALPC_BASIC_INFORMATION Basic = {0};
    UCHAR Sid[SECURITY_MAX_SID_SIZE];
    ULONG Length = 0;

    ok_status(Query(NULL, AlpcBasicInformation, &Basic, sizeof(Basic), NULL), STATUS_INVALID_HANDLE,
              "ask no port");
    ok_status(Query(Ends->Server, AlpcPortInformation, &Basic, sizeof(Basic), NULL),
              STATUS_INVALID_INFO_CLASS, "what can only be set");
    ok_status(Query(Ends->Server, 99, &Basic, sizeof(Basic), NULL), STATUS_INVALID_INFO_CLASS,
              "what there is not");
    ok_status(Query(Ends->Server, AlpcBasicInformation, &Basic, sizeof(Basic) - 1, &Length),
              STATUS_INFO_LENGTH_MISMATCH, "too little room");
    ok(Length == sizeof(Basic), "so much is needed");
    ok_status(Query(Ends->Server, AlpcBasicInformation, &Basic, sizeof(Basic), &Length),
              STATUS_SUCCESS, "a server's port");
    ok(Basic.PortContext == ALPC_CONTEXT && Basic.Flags == BOTH_FLAGS, "its context and flags");
    ok_status(Query(Ends->Server, AlpcBasicInformation, (PVOID)8, sizeof(Basic), &Length),
              STATUS_ACCESS_VIOLATION, "a bad address");
    ok_status(Query(Ends->Client, AlpcConnectedSIDInformation, Sid, 4, &Length),
              STATUS_BUFFER_TOO_SMALL, "too little room for a SID");
    ok_status(Query(Ends->Client, AlpcConnectedSIDInformation, Sid, sizeof(Sid), &Length),
              STATUS_SUCCESS, "who is at the other end");
    ok(RtlEqualSid(Sid, OwnSid(&Own.User, sizeof(Own))), "it is this user");
    ok_status(Query(Ends->Listener, AlpcConnectedSIDInformation, Sid, sizeof(Sid), &Length),
              STATUS_PORT_DISCONNECTED, "of a listener");
    ok_status(Query(Ends->Client, AlpcServerSessionInformation, &Session, sizeof(Session), NULL),
              STATUS_SUCCESS, "the server's session");
    ok((HANDLE)(ULONG_PTR)Session.ProcessId == NtCurrentTeb()->ClientId.UniqueProcess,
       "and process");
}

static void TestMessages(PALPC_ENDS Ends)
{
    union {
        TOKEN_USER User;
        UCHAR Bytes[128];
    } Own;
    UCHAR Sid[SECURITY_MAX_SID_SIZE];
    ALPC_MESSAGE Message;
    ULONG Length = 0;
    LUID Luid;

    Fill(&Message, 1, 1);
    Send(Ends->Client, 0, &Message);
    Receive(Ends->Listener, &Message, 1000);
    ok_status(NtAlpcQueryInformationMessage(Ends->Server, &Message.Header,
                                            AlpcMessageSidInformation, Sid, 4, &Length),
              STATUS_BUFFER_TOO_SMALL, "too little room for the sender");
    ok_status(NtAlpcQueryInformationMessage(Ends->Server, &Message.Header,
                                            AlpcMessageSidInformation, Sid, sizeof(Sid), &Length),
              STATUS_SUCCESS, "who has sent a message");
    ok(RtlEqualSid(Sid, OwnSid(&Own.User, sizeof(Own))), "it is this user");
    ok_status(NtAlpcQueryInformationMessage(Ends->Server, &Message.Header,
                                            AlpcMessageTokenModifiedIdInformation, &Luid,
                                            sizeof(Luid), NULL),
              STATUS_SUCCESS, "his token's state");
    ok_status(NtAlpcQueryInformationMessage(Ends->Server, &Message.Header,
                                            AlpcMessageDirectStatusInformation, &Luid, sizeof(Luid),
                                            NULL),
              STATUS_NOT_IMPLEMENTED, "direct messages");
    ok_status(NtAlpcQueryInformationMessage(Ends->Client, &Message.Header,
                                            AlpcMessageSidInformation, Sid, sizeof(Sid), NULL),
              STATUS_INVALID_MESSAGE, "by way of the client's port");
    Reply(Ends->Server, &Message);
    AlpcForget(Ends->Client);
}

/* ---- Whom a thread waits for ---- */

static void TestServerInformation(PALPC_ENDS Ends)
{
    struct {
        ALPC_SERVER_INFORMATION Server;
        WCHAR Name[64];
    } Buffer = {.Server.In.ThreadHandle = NtCurrentThread()};
    HANDLE Thread = StartThread(AlpcAskThread, Ends->Client);
    ALPC_MESSAGE Message;
    UNICODE_STRING Name;
    ULONG Length = 0;

    Receive(Ends->Listener, &Message, 5000);
    ok_status(Query(NULL, AlpcServerInformation, &Buffer, sizeof(Buffer.Server) - 1, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "too little room");
    ok_status(Query(NULL, AlpcServerInformation, &Buffer, sizeof(Buffer), NULL), STATUS_SUCCESS,
              "whom I wait for");
    ok(!Buffer.Server.Out.ThreadBlocked, "nobody");
    Buffer.Server.In.ThreadHandle = Thread;
    ok_status(Query(NULL, AlpcServerInformation, &Buffer, sizeof(Buffer.Server), &Length),
              STATUS_BUFFER_TOO_SMALL, "no room for the name");
    Buffer.Server.In.ThreadHandle = Thread;
    ok_status(Query(NULL, AlpcServerInformation, &Buffer, Length, NULL), STATUS_SUCCESS,
              "whom another one waits for");
    RtlInitUnicodeString(&Name, ALPC_PORT);
    ok(Buffer.Server.Out.ThreadBlocked &&
           Buffer.Server.Out.ConnectedProcessId == NtCurrentTeb()->ClientId.UniqueProcess &&
           RtlEqualUnicodeString(&Name, &Buffer.Server.Out.ConnectionPortName, FALSE),
       "this process, at its port");
    Buffer.Server.In.ThreadHandle = NULL;
    ok_status(Query(NULL, AlpcServerInformation, &Buffer, sizeof(Buffer), NULL),
              STATUS_INVALID_HANDLE, "no thread");
    Reply(Ends->Server, &Message);
    EndOfThread(Thread);
}

/* ---- Setting ---- */

static void TestSetting(PALPC_ENDS Ends)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(ALPC_PORFLG_ALLOW_DUP_OBJECT);
    ALPC_MESSAGE Message;

    ok_status(NtAlpcSetInformation(Ends->Client, 99, NULL, 0), STATUS_INVALID_INFO_CLASS,
              "set what there is not");
    ok_status(NtAlpcSetInformation(Ends->Client, AlpcMessageZoneInformation, NULL, 0),
              STATUS_NOT_IMPLEMENTED, "message zones");
    ok_status(NtAlpcSetInformation(Ends->Client, AlpcPortInformation, &Attributes, 3),
              STATUS_INFO_LENGTH_MISMATCH, "half of the attributes");
    ok_status(NtAlpcSetInformation(Ends->Client, AlpcPortInformation, NULL, sizeof(Attributes)),
              STATUS_ACCESS_VIOLATION, "no attributes");
    Attributes.MaxMessageLength = 0x10000;
    ok_status(
        NtAlpcSetInformation(Ends->Client, AlpcPortInformation, &Attributes, sizeof(Attributes)),
        STATUS_INVALID_PARAMETER, "too long messages");
    Attributes.MaxMessageLength = 0;
    Attributes.MaxPoolUsage = 1;
    ok_status(
        NtAlpcSetInformation(Ends->Client, AlpcPortInformation, &Attributes, sizeof(Attributes)),
        STATUS_SUCCESS, "almost no memory");
    Fill(&Message, 1, 1);
    ok_status(Send(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message), STATUS_QUOTA_EXCEEDED,
              "then nothing can be sent");
    Attributes.MaxPoolUsage = 0;
    ok_status(
        NtAlpcSetInformation(Ends->Client, AlpcPortInformation, &Attributes, sizeof(Attributes)),
        STATUS_SUCCESS, "as before");
    ok_status(Send(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message), STATUS_SUCCESS,
              "then it can");
    AlpcForget(Ends->Listener);
}

/* ---- Completion ports ---- */

static NTSTATUS Remove(HANDLE Port, PVOID *Key)
{
    LARGE_INTEGER Now = {.QuadPart = 0};
    IO_STATUS_BLOCK Block;
    PVOID Context;

    return NtRemoveIoCompletion(Port, Key, &Context, &Block, &Now);
}

static NTSTATUS Associate(HANDLE Port, HANDLE Completion, PVOID Key)
{
    ALPC_PORT_ASSOCIATE_COMPLETION_PORT Association = {Key, Completion};

    return NtAlpcSetInformation(Port, AlpcAssociateCompletionPortInformation, &Association,
                                sizeof(Association));
}

static void TestPackets(PALPC_ENDS Ends)
{
    HANDLE Completion, Other;
    ALPC_MESSAGE Message;
    PVOID Key = NULL;
    ULONG Count = 0;

    NtCreateIoCompletion(&Completion, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    Other = Restricted(Completion, IO_COMPLETION_QUERY_STATE);
    ok_status(Associate(Ends->Client, Other, NULL), STATUS_ACCESS_DENIED, "too little access");
    NtClose(Other);
    ok_status(Associate(Ends->Client, Ends->Client, NULL), STATUS_OBJECT_TYPE_MISMATCH,
              "no completion port");
    ok_status(Associate(Ends->Server, Completion, NULL), STATUS_INVALID_PARAMETER,
              "nothing comes to a server's port");
    Fill(&Message, 1, 1);
    Send(Ends->Server, ALPC_MSGFLG_RELEASE_MESSAGE, &Message);
    ok_status(Associate(Ends->Client, Completion, (PVOID)0x55), STATUS_SUCCESS, "associate");
    ok_status(Associate(Ends->Client, Completion, (PVOID)0x55), STATUS_PORT_ALREADY_SET, "again");
    ok_status(Remove(Completion, &Key), STATUS_SUCCESS, "a packet for what has come before");
    ok(Key == (PVOID)0x55, "with the key");
    ok_status(Remove(Completion, &Key), STATUS_TIMEOUT, "one only");
    for (ULONG i = 0; i < 5; i++) {
        Fill(&Message, 1, 1);
        Send(Ends->Server, ALPC_MSGFLG_RELEASE_MESSAGE, &Message);
    }
    while (Remove(Completion, &Key) == STATUS_SUCCESS)
        Count++;
    ok(Count == 5, "and one for each message");
    for (ULONG i = 0; i < 5; i++) {
        Fill(&Message, 1, 1);
        Send(Ends->Server, ALPC_MSGFLG_RELEASE_MESSAGE, &Message);
    }
    ok_status(NtClose(Completion), STATUS_SUCCESS, "the completion port goes with some");
    Fill(&Message, 1, 1);
    ok_status(Send(Ends->Server, ALPC_MSGFLG_RELEASE_MESSAGE, &Message), STATUS_SUCCESS,
              "and messages come all the same");
    AlpcForget(Ends->Client);
}

/* The port goes before its packets. */
static void TestLatePackets(PALPC_ENDS Ends)
{
    ALPC_ENDS Own = {.Listener = Ends->Listener};
    ALPC_MESSAGE Message;
    HANDLE Completion;
    PVOID Key;
    ULONG Count = 0;

    NtCreateIoCompletion(&Completion, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    if (!ok(AlpcJoin(&Own), "a connection"))
        return;
    Associate(Own.Client, Completion, NULL);
    for (ULONG i = 0; i < 3; i++) {
        Fill(&Message, 1, 1);
        Send(Own.Server, ALPC_MSGFLG_RELEASE_MESSAGE, &Message);
    }
    AlpcPart(&Own);
    while (Remove(Completion, &Key) == STATUS_SUCCESS)
        Count++;
    ok(Count == 3, "packets outlive their port");
    NtClose(Completion);
}

void TestAlpcInformation(PALPC_ENDS Ends)
{
    TestPorts(Ends);
    TestMessages(Ends);
    TestServerInformation(Ends);
    TestSetting(Ends);
    TestPackets(Ends);
    TestLatePackets(Ends);
}

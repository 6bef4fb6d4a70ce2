/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports: requests and replies, datagrams, the end of connections, questions back, and floods. */
#include "lpcport.h"

static HANDLE Client, Server, Listener;

/* ---- A server on a thread of its own ---- */

/* Replies to each request with its own data, each byte one more; ends when a datagram comes. */
static NTSTATUS NTAPI EchoThread(PVOID Port)
{
    LPC_MESSAGE Message;
    PPORT_MESSAGE Reply = NULL;
    PVOID Context;

    for (;;) {
        NTSTATUS Status = NtReplyWaitReceivePort(Port, &Context, Reply, &Message.Header);

        if (!NT_SUCCESS(Status))
            return Status;
        Reply = NULL;
        if ((Message.Header.u2.s2.Type & 0xff) == LPC_DATAGRAM)
            return STATUS_SUCCESS;
        if ((Message.Header.u2.s2.Type & 0xff) != LPC_REQUEST)
            continue;
        for (LONG i = 0; i < Message.Header.u1.s1.DataLength; i++)
            Message.Data[i]++;
        Reply = &Message.Header;
    }
}

static void EndEcho(HANDLE Thread)
{
    LPC_MESSAGE Message;

    Fill(&Message, 0, 0);
    NtRequestPort(Client, &Message.Header);
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "the server ends");
}

static BOOLEAN IsEcho(const LPC_MESSAGE *Reply, ULONG Length, UCHAR Byte)
{
    for (ULONG i = 0; i < Length; i++)
        if (Reply->Data[i] != (UCHAR)(Byte + 1 + i))
            return FALSE;
    return Reply->Header.u1.s1.DataLength == (CSHORT)Length;
}

static void TestRequests(void)
{
    HANDLE Thread = StartThread(EchoThread, Listener);
    LPC_MESSAGE Request, Reply;
    ULONG Right = 0;

    for (ULONG i = 0; i < 200; i++) {
        ULONG Length = i * 2;

        Length = Length > sizeof(Request.Data) ? sizeof(Request.Data) : Length;
        Fill(&Request, Length, (UCHAR)i);
        if (NT_SUCCESS(NtRequestWaitReplyPort(Client, &Request.Header, &Reply.Header)) &&
            IsEcho(&Reply, Length, (UCHAR)i))
            Right++;
    }
    ok(Right == 200, "200 requests of all lengths are answered");
    ok((Reply.Header.u2.s2.Type & 0xff) == LPC_REPLY, "a reply is one");
    ok(Reply.Header.MessageId != 0, "it has a number");
    ok(Reply.Header.ClientId.UniqueProcess == NtCurrentTeb()->ClientId.UniqueProcess &&
           Reply.Header.ClientId.UniqueThread != NtCurrentTeb()->ClientId.UniqueThread,
       "and the server's name");
    Fill(&Request, 8, 1);
    ok_status(NtRequestWaitReplyPort(Client, &Request.Header, &Request.Header), STATUS_SUCCESS,
              "the reply goes where the request was");
    ok(IsEcho(&Request, 8, 1), "and is right");
    Fill(&Request, 8, 1);
    ok_status(NtRequestWaitReplyPort(Client, &Request.Header, (PPORT_MESSAGE)8),
              STATUS_ACCESS_VIOLATION, "a bad address for the reply");
    EndEcho(Thread);
}

static void TestHeaders(void)
{
    LPC_MESSAGE Message, Reply;

    Fill(&Message, 8, 0);
    Message.Header.u1.s1.DataLength = 9;
    ok_status(NtRequestWaitReplyPort(Client, &Message.Header, &Reply.Header),
              STATUS_INVALID_PARAMETER, "more data than the message has");
    Message.Header.u1.s1.DataLength = -1;
    ok_status(NtRequestPort(Client, &Message.Header), STATUS_INVALID_PARAMETER, "negative data");
    Fill(&Message, 8, 0);
    Message.Header.u1.s1.TotalLength = sizeof(PORT_MESSAGE) - 1;
    ok_status(NtRequestPort(Client, &Message.Header), STATUS_INVALID_PARAMETER, "half a header");
    Message.Header.u1.s1.TotalLength = PORT_MAXIMUM_MESSAGE_LENGTH + 1;
    ok_status(NtRequestPort(Client, &Message.Header), STATUS_PORT_MESSAGE_TOO_LONG,
              "longer than the port allows");
    ok_status(NtRequestWaitReplyPort(Client, &Message.Header, &Reply.Header),
              STATUS_PORT_MESSAGE_TOO_LONG, "as a request");
    ok_status(NtReplyPort(Server, &Message.Header), STATUS_PORT_MESSAGE_TOO_LONG, "as a reply");
    Message.Header.u1.s1.TotalLength = -1;
    Message.Header.u1.s1.DataLength = -1;
    ok_status(NtRequestPort(Client, &Message.Header), STATUS_INVALID_PARAMETER,
              "65,535 bytes of data in as many");
    Message.Header.u1.s1.DataLength = 0;
    ok_status(NtRequestPort(Client, &Message.Header), STATUS_PORT_MESSAGE_TOO_LONG,
              "room for 65,535 bytes");
    for (CSHORT Type = LPC_REPLY; Type <= LPC_UNREGISTER_PROCESS + 1; Type++) {
        Fill(&Message, 8, 0);
        Message.Header.u2.s2.Type = Type;
        ok_status(NtRequestWaitReplyPort(Client, &Message.Header, &Reply.Header),
                  STATUS_INVALID_PARAMETER, "a type that is no request's");
        if (Type != LPC_DATAGRAM)
            ok_status(NtRequestPort(Client, &Message.Header), STATUS_INVALID_PARAMETER,
                      "a type that is no datagram's");
    }
    Fill(&Message, 8, 0);
    Message.Header.u2.s2.DataInfoOffset = sizeof(PORT_MESSAGE);
    ok_status(NtRequestPort(Client, &Message.Header), STATUS_INVALID_PARAMETER,
              "a datagram points to nothing");
    Fill(&Message, 8, 0);
    ok_status(NtRequestPort(Client, (PPORT_MESSAGE)8), STATUS_ACCESS_VIOLATION, "a bad address");
    ok_status(NtRequestPort(NULL, &Message.Header), STATUS_INVALID_HANDLE, "no port");
    ok_status(NtRequestPort(NtCurrentProcess(), &Message.Header), STATUS_OBJECT_TYPE_MISMATCH,
              "a process");
    ok_status(NtRequestPort(Listener, &Message.Header), STATUS_INVALID_PORT_HANDLE,
              "a listener is connected to nobody");
}

static void TestDatagrams(void)
{
    LPC_MESSAGE Message;
    PVOID Context = NULL;
    ULONG First;

    Fill(&Message, 5, 10);
    ok_status(NtRequestPort(Client, &Message.Header), STATUS_SUCCESS, "a datagram");
    Fill(&Message, 6, 20);
    Message.Header.u2.s2.Type = LPC_DATAGRAM;
    ok_status(NtRequestPort(Client, &Message.Header), STATUS_SUCCESS, "another one");
    ok_status(Receive(Server, &Context, &Message, 0), STATUS_SUCCESS, "receive it");
    ok(Message.Header.u1.s1.DataLength == 5 && Message.Data[4] == 14, "the first one");
    ok((Message.Header.u2.s2.Type & 0xff) == LPC_DATAGRAM, "it is a datagram");
    ok(Context == LPC_CONTEXT, "the context is the connection's");
    First = Message.Header.MessageId;
    ok_status(NtReplyPort(Server, &Message.Header), STATUS_REPLY_MESSAGE_MISMATCH,
              "nobody waits for a reply");
    ok_status(Receive(Listener, NULL, &Message, 0), STATUS_SUCCESS, "the listener has the queue");
    ok(Message.Header.u1.s1.DataLength == 6 && Message.Data[0] == 20, "the second one");
    ok(Message.Header.MessageId > First, "with a higher number");
    ok_status(Receive(Listener, NULL, &Message, 0), STATUS_TIMEOUT, "there are no more");
    ok_status(Receive(Listener, NULL, &Message, 20), STATUS_TIMEOUT, "nor soon");
    ok_status(Receive(Client, NULL, &Message, 0), STATUS_TIMEOUT, "nothing for the client");
    Fill(&Message, 7, 30);
    ok_status(NtRequestPort(Server, &Message.Header), STATUS_SUCCESS, "the server sends one");
    Context = &Message;
    ok_status(Receive(Client, &Context, &Message, 0), STATUS_SUCCESS, "the client receives it");
    ok(Message.Data[6] == 36 && !Context, "it is that, without a context");
    ok_status(NtReplyWaitReceivePort(Listener, (PVOID *)8, NULL, &Message.Header),
              STATUS_ACCESS_VIOLATION, "a bad address for the context");
    ok_status(NtReplyWaitReceivePort(Listener, NULL, NULL, (PPORT_MESSAGE)8),
              STATUS_ACCESS_VIOLATION, "a bad address for the message");
    ok_status(NtReplyWaitReceivePortEx(Listener, NULL, NULL, &Message.Header, (PLARGE_INTEGER)8),
              STATUS_ACCESS_VIOLATION, "a bad address for the time limit");
    ok_status(NtReplyWaitReceivePort(Listener, NULL, (PPORT_MESSAGE)8, &Message.Header),
              STATUS_ACCESS_VIOLATION, "a bad address for the reply");
}

/* ---- Replies that are none ---- */

static LPC_MESSAGE AskedReply;

static NTSTATUS NTAPI AskThread(PVOID Port)
{
    LPC_MESSAGE Request;

    Fill(&Request, 4, 40);
    return NtRequestWaitReplyPort(Port, &Request.Header, &AskedReply.Header);
}

static void TestReplies(void)
{
    HANDLE Thread = StartThread(AskThread, Client), Other;
    LPC_MESSAGE Message, Bad;

    ok_status(Receive(Server, NULL, &Message, 5000), STATUS_SUCCESS, "a request");
    Bad = Message;
    Bad.Header.MessageId += 7;
    ok_status(NtReplyPort(Server, &Bad.Header), STATUS_REPLY_MESSAGE_MISMATCH, "another number");
    Bad = Message;
    Bad.Header.ClientId = NtCurrentTeb()->ClientId;
    ok_status(NtReplyPort(Server, &Bad.Header), STATUS_REPLY_MESSAGE_MISMATCH, "another thread");
    Bad.Header.ClientId.UniqueThread = NULL;
    ok_status(NtReplyPort(Server, &Bad.Header), STATUS_INVALID_CID, "no thread");
    ok_status(NtReplyPort(Client, &Message.Header), STATUS_REPLY_MESSAGE_MISMATCH,
              "by way of the client's own port");
    ok_status(NtCreatePort(&Other, NULL, 0, PORT_MAXIMUM_MESSAGE_LENGTH, 0), STATUS_SUCCESS,
              "some other port");
    ok_status(NtReplyPort(Other, &Message.Header), STATUS_REPLY_MESSAGE_MISMATCH, "by way of that");
    ok_status(NtReplyWaitReceivePort(Server, NULL, &Bad.Header, &Bad.Header), STATUS_INVALID_CID,
              "a bad reply: nothing is received");
    ok_status(NtAcceptConnectPort(&Other, NULL, &Message.Header, TRUE, NULL, NULL),
              STATUS_REPLY_MESSAGE_MISMATCH, "a request is no request to connect");
    NtClose(Other);
    ok_status(WaitFor(Thread, 0), STATUS_TIMEOUT, "it still waits");
    Message.Data[0] = 99;
    ok_status(NtReplyPort(Listener, &Message.Header), STATUS_SUCCESS, "the right reply");
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "it goes on");
    ok(AskedReply.Data[0] == 99, "with that");
    ok_status(NtReplyPort(Server, &Message.Header), STATUS_INVALID_CID, "a second reply");
}

/* ---- Threads that are ended while they wait ---- */

static void TestVictims(void)
{
    HANDLE Thread = StartThread(AskThread, Client);
    LPC_MESSAGE Message;

    Sleep(30);
    NtTerminateThread(Thread, 6);
    ok_status(EndOfThread(Thread), 6, "a sender is ended before its request is received");
    ok_status(Receive(Server, NULL, &Message, 0), STATUS_TIMEOUT, "there is no request then");
    Thread = StartThread(AskThread, Client);
    ok_status(Receive(Server, NULL, &Message, 5000), STATUS_SUCCESS, "a request is received");
    NtTerminateThread(Thread, 7);
    ok_status(EndOfThread(Thread), 7, "its sender is ended");
    ok_status(NtReplyPort(Server, &Message.Header), STATUS_INVALID_CID, "the reply is too late");
    Thread = StartThread(EchoThread, Listener);
    Sleep(20);
    NtTerminateThread(Thread, 8);
    ok_status(EndOfThread(Thread), 8, "a receiver is ended");
    Fill(&Message, 1, 1);
    NtRequestPort(Client, &Message.Header);
    ok_status(Receive(Server, NULL, &Message, 0), STATUS_SUCCESS, "it has taken nothing along");
}

/* ---- Questions back ---- */

static NTSTATUS NTAPI QuestionedThread(PVOID Port)
{
    LPC_MESSAGE Message;
    NTSTATUS Status;

    Fill(&Message, 4, 40);
    Status = NtRequestWaitReplyPort(Port, &Message.Header, &Message.Header);
    if (!NT_SUCCESS(Status) || (Message.Header.u2.s2.Type & 0xff) != LPC_REQUEST)
        return STATUS_UNSUCCESSFUL;
    Message.Data[0] += 2;
    Status = NtReplyWaitReplyPort(Port, &Message.Header);
    if (!NT_SUCCESS(Status) || (Message.Header.u2.s2.Type & 0xff) != LPC_REPLY)
        return STATUS_UNSUCCESSFUL;
    return Message.Data[0];
}

static void TestCallbacks(void)
{
    HANDLE Thread = StartThread(QuestionedThread, Client);
    LPC_MESSAGE Request, Question, Answer;

    ok_status(NtReplyWaitReplyPort(Client, &Request.Header), STATUS_REPLY_MESSAGE_MISMATCH,
              "I was asked nothing");
    ok_status(Receive(Server, NULL, &Request, 5000), STATUS_SUCCESS, "a request");
    Question = Request;
    Question.Header.u2.s2.Type = LPC_REQUEST;
    Question.Header.MessageId += 3;
    ok_status(NtRequestWaitReplyPort(Server, &Question.Header, &Answer.Header),
              STATUS_REPLY_MESSAGE_MISMATCH, "a question on another request");
    Question = Request;
    Question.Header.u2.s2.Type = LPC_REQUEST;
    Question.Data[0] = 70;
    ok_status(NtRequestWaitReplyPort(Server, &Question.Header, &Answer.Header), STATUS_SUCCESS,
              "a question");
    ok(Answer.Data[0] == 72, "it is answered");
    Request.Data[0] = 44;
    ok_status(NtReplyPort(Server, &Request.Header), STATUS_SUCCESS, "now the reply");
    ok_status(EndOfThread(Thread), 44, "it comes");
    Thread = StartThread(AskThread, Client);
    Receive(Server, NULL, &Request, 5000);
    Request.Header.u2.s2.Type = LPC_REQUEST;
    Fill(&Answer, 0, 0);
    NtTerminateThread(Thread, 9);
    EndOfThread(Thread);
    ok_status(NtRequestWaitReplyPort(Server, &Request.Header, &Answer.Header), STATUS_INVALID_CID,
              "a question to one that has ended");
}

static NTSTATUS NTAPI QuestioningThread(PVOID Port)
{
    LPC_MESSAGE Request;
    NTSTATUS Status = Receive(Port, NULL, &Request, 5000);

    if (Status != STATUS_SUCCESS)
        return Status;
    Request.Header.u2.s2.Type = LPC_REQUEST;
    return NtRequestWaitReplyPort(Port, &Request.Header, &Request.Header);
}

static HANDLE AskedGate;

/* Is asked something, and ends when the gate opens. */
static NTSTATUS NTAPI ForgetfulThread(PVOID Port)
{
    LPC_MESSAGE Message;
    NTSTATUS Status;

    Fill(&Message, 4, 40);
    Status = NtRequestWaitReplyPort(Port, &Message.Header, &Message.Header);
    NtWaitForSingleObject(AskedGate, FALSE, NULL);
    return NT_SUCCESS(Status) ? Message.Header.u2.s2.Type & 0xff : Status;
}

/* The client's port stays open when the thread that was asked ends. */
static void TestLostReplies(void)
{
    HANDLE Asked, Asker, Ends[2];

    if (!MakeConnection(Listener, Ends))
        return;
    NtCreateEvent(&AskedGate, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    for (ULONG Ended = 0; Ended < 2; Ended++) {
        NtResetEvent(AskedGate, NULL);
        Asker = StartThread(QuestioningThread, Ends[1]);
        Asked = StartThread(ForgetfulThread, Ends[0]);
        ok_status(WaitFor(Asker, 50), STATUS_TIMEOUT, "who asks waits while the other may answer");
        if (Ended)
            NtTerminateThread(Asked, LPC_REQUEST);
        else
            NtSetEvent(AskedGate, NULL);
        ok_status(EndOfThread(Asked), LPC_REQUEST, "who was asked ends without an answer");
        ok_status(EndOfThread(Asker), STATUS_LPC_REPLY_LOST, "and who asked hears of it");
    }
    Asked = StartThread(QuestionedThread, Ends[0]);
    Asker = StartThread(QuestioningThread, Ends[1]);
    ok_status(EndOfThread(Asker), STATUS_SUCCESS, "the connection is as good as before");
    NtClose(Ends[0]);
    ok_status(EndOfThread(Asked), STATUS_UNSUCCESSFUL, "until it ends");
    NtClose(Ends[1]);
    NtClose(AskedGate);
}

/* Asks for ever, and does not answer what it is asked itself. */
static NTSTATUS NTAPI SilentThread(PVOID Port)
{
    LPC_MESSAGE Message;
    NTSTATUS Status;

    do {
        Fill(&Message, 4, 40);
        Status = NtRequestWaitReplyPort(Port, &Message.Header, &Message.Header);
    } while (NT_SUCCESS(Status));
    return Status;
}

static void TestSilence(void)
{
    HANDLE Ends[2], Thread, Askers[16];

    if (!MakeConnection(Listener, Ends))
        return;
    for (ULONG i = 0; i < 16; i++)
        Askers[i] = StartThread(QuestioningThread, Ends[1]);
    Thread = StartThread(SilentThread, Ends[0]);
    ok_status(EndOfThread(Thread), STATUS_QUOTA_EXCEEDED, "sixteen questions without an answer");
    NtClose(Ends[0]);
    for (ULONG i = 0; i < 16; i++)
        ok_status(EndOfThread(Askers[i]), STATUS_LPC_REPLY_LOST, "who asked hears of the end");
    NtClose(Ends[1]);
}

/* ---- Data that a request points to ---- */

static struct {
    UCHAR Bytes[3000];
} Pointed;

static void FillEntries(PLPC_MESSAGE Request)
{
    PPORT_DATA_INFORMATION Entries = (PPORT_DATA_INFORMATION)Request->Data;

    Fill(Request, 64, 0);
    Request->Header.u2.s2.DataInfoOffset = sizeof(PORT_MESSAGE);
    Entries->CountDataEntries = 2;
    Entries->DataEntries[0] = (PORT_DATA_ENTRY){Pointed.Bytes, sizeof(Pointed.Bytes)};
    Entries->DataEntries[1] = (PORT_DATA_ENTRY){(PVOID)8, 16};
}

static NTSTATUS NTAPI PointingThread(PVOID Port)
{
    LPC_MESSAGE Request;

    FillEntries(&Request);
    return NtRequestWaitReplyPort(Port, &Request.Header, &Request.Header);
}

static void TestBadEntries(void)
{
    LPC_MESSAGE Request;

    FillEntries(&Request);
    ((PPORT_DATA_INFORMATION)Request.Data)->CountDataEntries = 64 / sizeof(PORT_DATA_ENTRY);
    ok_status(NtRequestWaitReplyPort(Client, &Request.Header, &Request.Header),
              STATUS_INVALID_PARAMETER, "more entries than data");
    ((PPORT_DATA_INFORMATION)Request.Data)->CountDataEntries = MAXULONG;
    ok_status(NtRequestWaitReplyPort(Client, &Request.Header, &Request.Header),
              STATUS_INVALID_PARAMETER, "four billion entries");
    FillEntries(&Request);
    Request.Header.u2.s2.DataInfoOffset = sizeof(PORT_MESSAGE) + 60;
    ok_status(NtRequestWaitReplyPort(Client, &Request.Header, &Request.Header),
              STATUS_INVALID_PARAMETER, "entries that are not there");
    Request.Header.u2.s2.DataInfoOffset = 8;
    ok_status(NtRequestWaitReplyPort(Client, &Request.Header, &Request.Header),
              STATUS_INVALID_PARAMETER, "entries in the header");
    Request.Header.u2.s2.DataInfoOffset = -8;
    ok_status(NtRequestWaitReplyPort(Client, &Request.Header, &Request.Header),
              STATUS_INVALID_PARAMETER, "entries before it");
}

static void TestEntries(void)
{
    static UCHAR Buffer[3000];
    LPC_MESSAGE Request;
    HANDLE Thread;
    SIZE_T Count = 0;

    TestBadEntries();
    memset(Pointed.Bytes, 0x55, sizeof(Pointed.Bytes));
    Thread = StartThread(PointingThread, Client);
    ok_status(Receive(Server, NULL, &Request, 5000), STATUS_SUCCESS, "a request with entries");
    ok_status(NtReadRequestData(Server, &Request.Header, 0, Buffer, sizeof(Buffer), &Count),
              STATUS_SUCCESS, "read what it points to");
    ok(Count == sizeof(Buffer) && Buffer[0] == 0x55 && Buffer[2999] == 0x55, "it is all there");
    memset(Buffer, 0x66, sizeof(Buffer));
    ok_status(NtWriteRequestData(Server, &Request.Header, 0, Buffer, 2000, NULL), STATUS_SUCCESS,
              "write there");
    ok(Pointed.Bytes[1999] == 0x66 && Pointed.Bytes[2000] == 0x55, "as much as was asked for");
    ok_status(NtReadRequestData(Server, &Request.Header, 0, Buffer, 3001, NULL),
              STATUS_INVALID_PARAMETER, "more than there is");
    ok_status(NtReadRequestData(Server, &Request.Header, 2, Buffer, 1, NULL),
              STATUS_INVALID_PARAMETER, "an entry that is not there");
    ok_status(NtReadRequestData(Server, &Request.Header, 1, Buffer, 16, NULL),
              STATUS_ACCESS_VIOLATION, "an entry that points nowhere");
    ok_status(NtReadRequestData(Server, &Request.Header, 0, Buffer, 16, (PSIZE_T)8),
              STATUS_ACCESS_VIOLATION, "a bad address for the count");
    ok_status(NtReadRequestData(Client, &Request.Header, 0, Buffer, 16, NULL),
              STATUS_REPLY_MESSAGE_MISMATCH, "by way of another port");
    NtReplyPort(Server, &Request.Header);
    EndOfThread(Thread);
    ok_status(NtReadRequestData(Server, &Request.Header, 0, Buffer, 16, NULL), STATUS_INVALID_CID,
              "after the reply");
}

/* ---- The end of connections ---- */

static void TestEnds(void)
{
    HANDLE Ends[2], Thread;
    LPC_MESSAGE Message;
    PVOID Context = NULL;

    if (!MakeConnection(Listener, Ends))
        return;
    Thread = StartThread(AskThread, Ends[0]);
    ok_status(Receive(Listener, NULL, &Message, 5000), STATUS_SUCCESS, "a request");
    NtClose(Ends[1]);
    ok_status(EndOfThread(Thread), STATUS_PORT_DISCONNECTED, "the server goes instead of replying");
    Fill(&Message, 1, 1);
    ok_status(NtRequestPort(Ends[0], &Message.Header), STATUS_PORT_DISCONNECTED, "a datagram");
    ok_status(AskThread(Ends[0]), STATUS_PORT_DISCONNECTED, "a request");
    ok_status(Receive(Ends[0], NULL, &Message, 1000), STATUS_PORT_DISCONNECTED,
              "nothing comes any more");
    NtClose(Ends[0]);
    while (Receive(Listener, NULL, &Message, 0) == STATUS_SUCCESS)
        ;
    MakeConnection(Listener, Ends);
    Thread = StartThread(AskThread, Ends[0]);
    Sleep(20);
    NtClose(Ends[0]);
    ok_status(EndOfThread(Thread), STATUS_PORT_DISCONNECTED, "the client goes while it waits");
    ok_status(Receive(Ends[1], &Context, &Message, 1000), STATUS_SUCCESS, "the server is told");
    ok((Message.Header.u2.s2.Type & 0xff) == LPC_PORT_CLOSED, "the port was closed");
    ok(Context == LPC_CONTEXT && Message.Header.u1.s1.DataLength == sizeof(LARGE_INTEGER),
       "which one, and when its process began");
    Fill(&Message, 1, 1);
    ok_status(NtRequestPort(Ends[1], &Message.Header), STATUS_PORT_DISCONNECTED,
              "the server cannot send there");
    NtClose(Ends[1]);
}

static NTSTATUS NTAPI RegisteringThread(PVOID Port)
{
    return NtRegisterThreadTerminatePort(Port);
}

/* The system's memory for messages has been used by others before. */
static void UseMessages(void)
{
    LPC_MESSAGE Message;

    for (ULONG i = 0; i < 20; i++) {
        Fill(&Message, 1, 1);
        Message.Header.ClientViewSize = 0x5c5c;
        NtRequestPort(Client, &Message.Header);
    }
    while (Receive(Listener, NULL, &Message, 0) == STATUS_SUCCESS)
        ;
}

/* Of a message of the system's own. */
static BOOLEAN IsClean(const PORT_MESSAGE *Header)
{
    return Header->ClientViewSize == 0 && Header->u2.s2.DataInfoOffset == 0 &&
           (ULONG)Header->u1.s1.TotalLength == sizeof(PORT_MESSAGE) + sizeof(LARGE_INTEGER);
}

static void TestCleanMessages(void)
{
    LPC_MESSAGE Message;
    HANDLE Ends[2], Thread;

    UseMessages();
    if (!MakeConnection(Listener, Ends))
        return;
    NtClose(Ends[0]);
    ok_status(Receive(Listener, NULL, &Message, 1000), STATUS_SUCCESS, "a client goes");
    ok((Message.Header.u2.s2.Type & 0xff) == LPC_PORT_CLOSED && IsClean(&Message.Header),
       "and leaves nothing of others behind");
    NtClose(Ends[1]);
    UseMessages();
    Thread = StartThread(RegisteringThread, Client);
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "a thread that is missed");
    ok_status(Receive(Listener, NULL, &Message, 1000), STATUS_SUCCESS, "is missed");
    ok((Message.Header.u2.s2.Type & 0xff) == LPC_CLIENT_DIED && IsClean(&Message.Header),
       "without more ado");
}

static NTSTATUS NTAPI ListenAsClient(PVOID Port)
{
    LPC_MESSAGE Message;

    return NtReplyWaitReceivePort(Port, NULL, NULL, &Message.Header);
}

static void TestDeaths(void)
{
    HANDLE Ends[2], Threads[3];
    LPC_MESSAGE Message;

    if (!MakeConnection(Listener, Ends))
        return;
    for (ULONG i = 0; i < 3; i++)
        Threads[i] = StartThread(ListenAsClient, Ends[0]);
    Sleep(20);
    NtClose(Ends[1]);
    for (ULONG i = 0; i < 3; i++)
        ok_status(EndOfThread(Threads[i]), STATUS_PORT_DISCONNECTED, "a client that listens");
    NtClose(Ends[0]);
    while (Receive(Listener, NULL, &Message, 0) == STATUS_SUCCESS)
        ;
    ok_status(NtRegisterThreadTerminatePort(NULL), STATUS_INVALID_HANDLE, "no port to tell");
    Threads[0] = StartThread(RegisteringThread, Client);
    ok_status(EndOfThread(Threads[0]), STATUS_SUCCESS, "a thread ends");
    ok_status(Receive(Server, NULL, &Message, 1000), STATUS_SUCCESS, "the server is told");
    ok((Message.Header.u2.s2.Type & 0xff) == LPC_CLIENT_DIED, "that a client has died");
}

/* ---- Ports that can be waited for ---- */

static void TestWaitable(void)
{
    HANDLE Port;
    LPC_MESSAGE Message;

    ok_status(NtCreateWaitablePort(&Port, NULL, 0, 256, 0), STATUS_SUCCESS, "a waitable port");
    ok_status(WaitFor(Port, 0), STATUS_TIMEOUT, "it has no message");
    Fill(&Message, 3, 3);
    ok_status(NtRequestPort(Port, &Message.Header), STATUS_SUCCESS, "send it one");
    NtRequestPort(Port, &Message.Header);
    ok_status(WaitFor(Port, 0), STATUS_SUCCESS, "it is signalled");
    ok_status(Receive(Port, NULL, &Message, 0), STATUS_SUCCESS, "receive it");
    ok_status(WaitFor(Port, 0), STATUS_SUCCESS, "there is another one");
    ok_status(Receive(Port, NULL, &Message, 0), STATUS_SUCCESS, "receive that");
    ok_status(WaitFor(Port, 0), STATUS_TIMEOUT, "there are no more");
    Fill(&Message, 3, 3);
    NtRequestPort(Port, &Message.Header);
    NtClose(Port);
}

/* ---- Acting for a client ---- */

/* Ends as itself again. */
static NTSTATUS NTAPI ActingThread(PVOID Request)
{
    SECURITY_IMPERSONATION_LEVEL Level = SecurityAnonymous;
    HANDLE Token = NULL;
    ULONG Length;

    ok_status(NtImpersonateClientOfPort(Listener, Request), STATUS_INVALID_PORT_HANDLE,
              "not by way of the listener");
    ok_status(NtImpersonateClientOfPort(Server, (PPORT_MESSAGE)8), STATUS_ACCESS_VIOLATION,
              "a bad address");
    ok_status(NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &Token), STATUS_NO_TOKEN,
              "I act for myself");
    ok_status(NtImpersonateClientOfPort(Server, Request), STATUS_SUCCESS, "act for the client");
    ok_status(NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &Token), STATUS_SUCCESS,
              "the token");
    ok_status(
        NtQueryInformationToken(Token, TokenImpersonationLevel, &Level, sizeof(Level), &Length),
        STATUS_SUCCESS, "its level");
    ok(Level == SecurityImpersonation, "is what the client allows");
    return NtClose(Token);
}

static void TestImpersonation(void)
{
    LPC_MESSAGE Message;
    HANDLE Thread;

    while (Receive(Server, NULL, &Message, 0) == STATUS_SUCCESS)
        ;
    Thread = StartThread(AskThread, Client);
    ok_status(Receive(Server, NULL, &Message, 5000), STATUS_SUCCESS, "a request");
    ok_status(EndOfThread(StartThread(ActingThread, &Message.Header)), STATUS_SUCCESS,
              "a thread that acts for a client ends");
    NtReplyPort(Server, &Message.Header);
    EndOfThread(Thread);
    ok_status(NtImpersonateClientOfPort(Server, &Message.Header), STATUS_INVALID_CID,
              "after the reply");
}

/* ---- Floods ---- */

static void TestFlood(void)
{
    LPC_MESSAGE Message;
    NTSTATUS Status;
    ULONG Sent = 0, Received = 0;

    do {
        Fill(&Message, 8, 0);
        Status = NtRequestPort(Client, &Message.Header);
        Sent += NT_SUCCESS(Status);
    } while (NT_SUCCESS(Status) && Sent < 100000);
    ok_status(Status, STATUS_QUOTA_EXCEEDED, "datagrams that nobody receives");
    ok(Sent > 50, "some are held");
    ok_status(Receive(Server, NULL, &Message, 0), STATUS_SUCCESS, "receive one");
    Fill(&Message, 8, 0);
    ok_status(NtRequestPort(Client, &Message.Header), STATUS_SUCCESS, "then there is room for one");
    while (Receive(Server, NULL, &Message, 0) == STATUS_SUCCESS)
        Received++;
    ok(Received == Sent, "all come");
}

static void TestPortFlood(void)
{
    static HANDLE Ports[3000];
    LPC_MESSAGE Message;
    ULONG Count = 0;

    while (Count < ARRAYSIZE(Ports) && NT_SUCCESS(NtCreatePort(&Ports[Count], NULL, 0, 64, 0)))
        Count++;
    ok(Count > 100, "many ports");
    for (ULONG i = 0; i < Count; i++) {
        Fill(&Message, 8, 0);
        if (NtRequestPort(Ports[i], &Message.Header) != STATUS_SUCCESS)
            break;
    }
    for (ULONG i = 0; i < Count; i++)
        NtClose(Ports[i]);
    Fill(&Message, 8, 0);
    ok_status(NtRequestPort(Client, &Message.Header), STATUS_SUCCESS,
              "what was sent to them is held no more");
    Receive(Server, NULL, &Message, 0);
}

/* ---- Other processes ---- */

NTSTATUS LpcChild(ULONG Number)
{
    LPC_MESSAGE Message;
    HANDLE Port;
    NTSTATUS Status = Connect(&Port, LPC_PORT);

    if (!NT_SUCCESS(Status))
        return Status;
    Fill(&Message, 4, (UCHAR)Number);
    if (Number == 1) /* ends with datagrams on their way */
        return NtRequestPort(Port, &Message.Header);
    Status = NtRequestWaitReplyPort(Port, &Message.Header, &Message.Header);
    return NT_SUCCESS(Status) ? Message.Data[0] : Status;
}

static NTSTATUS NTAPI ChildThread(PVOID Number)
{
    static PCWSTR const Lines[] = {u"umtests lpc 0", u"umtests lpc 1", u"umtests lpc 2"};

    return RunSelf(Lines[(ULONG_PTR)Number], 20);
}

static void TestProcess(void)
{
    HANDLE Thread = StartThread(ChildThread, (PVOID)2), Port = Accept(Listener);
    LPC_MESSAGE Message;
    PVOID Context = NULL;

    ok(Port != NULL, "another process connects");
    ok_status(Receive(Port, NULL, &Message, 5000), STATUS_SUCCESS, "it asks");
    ok(Message.Data[0] == 2 &&
           Message.Header.ClientId.UniqueProcess != NtCurrentTeb()->ClientId.UniqueProcess,
       "it is that process");
    Message.Data[0] = 50;
    ok_status(NtReplyPort(Port, &Message.Header), STATUS_SUCCESS, "reply to it");
    ok_status(EndOfThread(Thread), 50, "it has got the reply");
    ok_status(Receive(Port, &Context, &Message, 5000), STATUS_SUCCESS, "its end is told");
    ok((Message.Header.u2.s2.Type & 0xff) == LPC_PORT_CLOSED && Context == LPC_CONTEXT,
       "as the end of its port");
    NtClose(Port);
    Thread = StartThread(ChildThread, (PVOID)1);
    Port = Accept(Listener);
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "another one ends with a datagram on its way");
    ok_status(Receive(Port, NULL, &Message, 5000), STATUS_SUCCESS, "the datagram comes");
    ok(Message.Data[0] == 1, "it is that");
    ok_status(Receive(Port, NULL, &Message, 5000), STATUS_SUCCESS, "and then the end");
    NtClose(Port);
    Thread = StartThread(ChildThread, (PVOID)0);
    Port = Accept(Listener);
    Receive(Port, NULL, &Message, 5000);
    NtClose(Port);
    ok_status(EndOfThread(Thread), STATUS_PORT_DISCONNECTED, "the server leaves a process alone");
}

void TestLpc(void)
{
    HANDLE Ends[2];
    LPC_MESSAGE Message;

    TestLpcConnections();
    if (!ok_status(CreateListener(&Listener), STATUS_SUCCESS, "a listener") ||
        !MakeConnection(Listener, Ends))
        return;
    Client = Ends[0];
    Server = Ends[1];
    TestRequests();
    TestHeaders();
    TestDatagrams();
    TestReplies();
    TestVictims();
    TestCallbacks();
    TestLostReplies();
    TestSilence();
    while (Receive(Listener, NULL, &Message, 0) == STATUS_SUCCESS)
        ;
    TestEntries();
    TestEnds();
    TestDeaths();
    TestCleanMessages();
    TestWaitable();
    TestFlood();
    TestPortFlood();
    while (Receive(Listener, NULL, &Message, 0) == STATUS_SUCCESS)
        ;
    TestProcess();
    TestImpersonation();
    NtClose(Client);
    NtClose(Server);
    NtClose(Listener);
}

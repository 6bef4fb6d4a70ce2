/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC: requests, replies and datagrams, their headers, lengths and time limits. */
#include "alpcport.h"

/* Replies to each request with its own data, each byte one more; ends when a datagram comes. */
static NTSTATUS NTAPI EchoThread(PVOID Port)
{
    ALPC_MESSAGE Message;
    PPORT_MESSAGE Reply = NULL;

    for (;;) {
        SIZE_T Length = sizeof(Message);
        NTSTATUS Status = NtAlpcSendWaitReceivePort(Port, ALPC_MSGFLG_RELEASE_MESSAGE, Reply, NULL,
                                                    &Message.Header, &Length, NULL, NULL);

        if (!NT_SUCCESS(Status))
            return Status;
        Reply = NULL;
        if (TYPE_OF(&Message) == LPC_DATAGRAM)
            return STATUS_SUCCESS;
        if (TYPE_OF(&Message) != LPC_REQUEST)
            continue;
        for (LONG i = 0; i < Message.Header.u1.s1.DataLength; i++)
            Message.Data[i]++;
        Reply = &Message.Header;
    }
}

static BOOLEAN IsEcho(const ALPC_MESSAGE *Reply, ULONG Length, UCHAR Byte)
{
    for (ULONG i = 0; i < Length; i++)
        if (Reply->Data[i] != (UCHAR)(Byte + 1 + i))
            return FALSE;
    return Reply->Header.u1.s1.DataLength == (CSHORT)Length;
}

static void TestRequests(PALPC_ENDS Ends)
{
    HANDLE Thread = StartThread(EchoThread, Ends->Listener);
    ALPC_MESSAGE Message;
    ULONG Right = 0;

    for (ULONG i = 0; i <= 100; i++) {
        Fill(&Message, i * 10, (UCHAR)i);
        if (Ask(Ends->Client, &Message, 5000) == STATUS_SUCCESS &&
            IsEcho(&Message, i * 10, (UCHAR)i))
            Right++;
    }
    ok(Right == 101, "requests of all lengths are answered");
    ok(TYPE_OF(&Message) == LPC_REPLY, "a reply is one");
    ok(!(Message.Header.u2.s2.Type & LPC_CONTINUATION_REQUIRED), "which ends the message");
    ok(Message.Header.ClientId.UniqueProcess == NtCurrentTeb()->ClientId.UniqueProcess &&
           Message.Header.ClientId.UniqueThread != NtCurrentTeb()->ClientId.UniqueThread,
       "and has the server's name");
    Fill(&Message, 0, 0);
    Send(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message);
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "the server ends");
}

static NTSTATUS Exchange(HANDLE Port, ULONG Flags, PPORT_MESSAGE Send, PPORT_MESSAGE Receive,
                         PSIZE_T Length)
{
    LARGE_INTEGER Limit = {.QuadPart = 0};

    return NtAlpcSendWaitReceivePort(Port, Flags, Send, NULL, Receive, Length, NULL, &Limit);
}

static void TestArguments(PALPC_ENDS Ends)
{
    ALPC_MESSAGE Message, Other;
    SIZE_T Length = sizeof(Other);
    HANDLE Event;

    Fill(&Message, 4, 0);
    ok_status(Exchange(Ends->Client, 0, NULL, NULL, NULL), STATUS_INVALID_PARAMETER,
              "nothing to do");
    ok_status(Exchange(Ends->Client, ALPC_MSGFLG_SYNC_REQUEST, NULL, &Other.Header, &Length),
              STATUS_INVALID_PARAMETER, "a request without a message");
    ok_status(Exchange(Ends->Client, ALPC_MSGFLG_SYNC_REQUEST, &Message.Header, NULL, NULL),
              STATUS_LPC_RECEIVE_BUFFER_EXPECTED, "without room for its reply");
    ok_status(Exchange(Ends->Client, ALPC_MSGFLG_SYNC_REQUEST | ALPC_MSGFLG_RELEASE_MESSAGE,
                       &Message.Header, &Other.Header, &Length),
              STATUS_INVALID_PARAMETER, "that is a datagram too");
    ok_status(Exchange(Ends->Client, ALPC_MSGFLG_LPC_MODE, &Message.Header, NULL, NULL),
              STATUS_INVALID_PARAMETER, "the system's own flag");
    ok_status(Exchange(Ends->Client, 0x1000000, &Message.Header, NULL, NULL),
              STATUS_INVALID_PARAMETER, "a flag that there is not");
    ok_status(Send(Ends->Client, ALPC_MSGFLG_REPLY_MESSAGE, &Message), STATUS_INVALID_MESSAGE,
              "a reply to nothing");
    ok_status(Send(Ends->Listener, 0, &Message), STATUS_LPC_INVALID_CONNECTION_USAGE,
              "a new message through a connection port");
    ok_status(Send(NULL, 0, &Message), STATUS_INVALID_HANDLE, "no port");
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    ok_status(Send(Event, 0, &Message), STATUS_OBJECT_TYPE_MISMATCH, "an event");
    NtClose(Event);
    ok_status(Exchange(Ends->Client, 0, (PPORT_MESSAGE)8, NULL, NULL), STATUS_ACCESS_VIOLATION,
              "a bad address for the message");
    ok_status(Exchange(Ends->Client, 0, NULL, (PPORT_MESSAGE)8, &Length), STATUS_ACCESS_VIOLATION,
              "a bad address to receive at");
    ok_status(Exchange(Ends->Client, 0, NULL, &Other.Header, (PSIZE_T)8), STATUS_ACCESS_VIOLATION,
              "a bad address for the length");
    ok_status(NtAlpcSendWaitReceivePort(Ends->Client, 0, NULL, NULL, &Other.Header, &Length, NULL,
                                        (PLARGE_INTEGER)8),
              STATUS_ACCESS_VIOLATION, "a bad address for the time limit");
    ok_status(Receive(Ends->Listener, &Other, 0), STATUS_TIMEOUT, "nothing has been sent");
    ok_status(NtAlpcDisconnectPort(Ends->Client, 8), STATUS_INVALID_PARAMETER,
              "disconnect with unknown flags");
}

static void TestHeaders(PALPC_ENDS Ends)
{
    ALPC_MESSAGE Message;

    Fill(&Message, 8, 0);
    Message.Header.u1.s1.DataLength = 9;
    ok_status(Send(Ends->Client, 0, &Message), STATUS_INVALID_PARAMETER,
              "more data than the message has");
    Message.Header.u1.s1.DataLength = -1;
    ok_status(Send(Ends->Client, 0, &Message), STATUS_INVALID_PARAMETER, "negative data");
    Fill(&Message, 8, 0);
    Message.Header.u1.s1.TotalLength = sizeof(PORT_MESSAGE) - 1;
    ok_status(Send(Ends->Client, 0, &Message), STATUS_INVALID_PARAMETER, "half a header");
    Message.Header.u1.s1.TotalLength = sizeof(ALPC_MESSAGE) + 1;
    ok_status(Send(Ends->Client, 0, &Message), STATUS_PORT_MESSAGE_TOO_LONG,
              "longer than the port allows");
    ok_status(Ask(Ends->Client, &Message, 0), STATUS_PORT_MESSAGE_TOO_LONG, "as a request");
    Fill(&Message, 8, 0);
    Message.Header.u2.s2.DataInfoOffset = 4;
    ok_status(Send(Ends->Client, 0, &Message), STATUS_INVALID_PARAMETER, "entries in the header");
    Fill(&Message, 8, 0);
    Message.Header.u2.s2.Type = LPC_PORT_CLOSED;
    ok_status(Send(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message), STATUS_SUCCESS,
              "a client that says it is the system");
    Receive(Ends->Listener, &Message, 1000);
    ok(TYPE_OF(&Message) == LPC_DATAGRAM, "is not believed");
    Fill(&Message, 8, 0);
    Message.Header.MessageId = 0x7fffffff;
    ok_status(Send(Ends->Client, 0, &Message), STATUS_MESSAGE_LOST, "a reply to no message");
}

static void TestDatagrams(PALPC_ENDS Ends)
{
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;
    PALPC_CONTEXT_ATTR Context;
    ULONG Sequence;

    Fill(&Message, 5, 1);
    ok_status(Send(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message), STATUS_SUCCESS,
              "a datagram");
    Fill(&Message, 6, 2);
    Send(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message);
    Allocate(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    ok_status(ReceiveWith(Ends->Server, &Message, &Room, 1000), STATUS_SUCCESS,
              "it comes, by way of the server's port");
    ok(TYPE_OF(&Message) == LPC_DATAGRAM && Message.Data[0] == 1 &&
           !(Message.Header.u2.s2.Type & LPC_CONTINUATION_REQUIRED),
       "as one");
    Context = Attribute(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    ok(Room.Header.ValidAttributes == ALPC_MESSAGE_CONTEXT_ATTRIBUTE &&
           Context->PortContext == ALPC_CONTEXT,
       "with the connection's context");
    ok(Context->MessageId == Message.Header.MessageId && Context->MessageContext == NULL,
       "and its number");
    Sequence = Context->Sequence;
    ok_status(Reply(Ends->Server, &Message), STATUS_MESSAGE_LOST, "it cannot be replied to");
    ReceiveWith(Ends->Listener, &Message, &Room, 1000);
    ok(Message.Data[0] == 2 && Context->Sequence == Sequence + 1,
       "the next one has the next number");
    Fill(&Message, 3, 3);
    ok_status(Send(Ends->Server, ALPC_MSGFLG_RELEASE_MESSAGE, &Message), STATUS_SUCCESS,
              "a datagram to the client");
    Receive(Ends->Client, &Message, 1000);
    ok(TYPE_OF(&Message) == LPC_DATAGRAM && Message.Data[2] == 5, "it comes");
}

static void TestTooSmall(PALPC_ENDS Ends)
{
    ALPC_MESSAGE Message;
    SIZE_T Length = sizeof(PORT_MESSAGE) + 10;

    Fill(&Message, 20, 4);
    Send(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message);
    ok_status(Exchange(Ends->Listener, 0, NULL, &Message.Header, &Length), STATUS_BUFFER_TOO_SMALL,
              "too little room");
    ok(Length == sizeof(PORT_MESSAGE) + 20, "so much is needed");
    ok_status(Exchange(Ends->Listener, 0, NULL, &Message.Header, &Length), STATUS_SUCCESS,
              "the message is still there");
    ok(Message.Data[19] == 23, "whole");
    Length = sizeof(Message);
    ok_status(Exchange(Ends->Listener, 0, NULL, &Message.Header, &Length), STATUS_TIMEOUT,
              "and then no more");
}

static SIZE_T ShortRoom;

/* A reply that is longer than there is room for. */
static NTSTATUS NTAPI AskShortThread(PVOID Port)
{
    SIZE_T Length = ShortRoom;
    ALPC_MESSAGE Message;
    NTSTATUS Status;

    Fill(&Message, 4, 0);
    Status = NtAlpcSendWaitReceivePort(Port, ALPC_MSGFLG_SYNC_REQUEST, &Message.Header, NULL,
                                       &Message.Header, &Length, NULL, NULL);
    return Status == STATUS_BUFFER_TOO_SMALL ? (NTSTATUS)Length : Status;
}

static void TestReplies(PALPC_ENDS Ends)
{
    ALPC_MESSAGE Message;
    HANDLE Thread;

    ShortRoom = 0;
    Thread = StartThread(AskShortThread, Ends->Client);
    Receive(Ends->Listener, &Message, 5000);
    Message.Header.u1.s1.DataLength = 0;
    Reply(Ends->Server, &Message);
    ok_status(EndOfThread(Thread), sizeof(PORT_MESSAGE), "no room for a reply of nothing");
    ShortRoom = sizeof(PORT_MESSAGE) + 4;
    Thread = StartThread(AskShortThread, Ends->Client);
    Receive(Ends->Listener, &Message, 5000);
    ok(Message.Header.u2.s2.Type == (LPC_REQUEST | LPC_CONTINUATION_REQUIRED),
       "a request wants an answer");
    ok_status(Reply(Ends->Client, &Message), STATUS_INVALID_MESSAGE, "the client cannot give it");
    Message.Header.u1.s1.DataLength = 40;
    Message.Header.u1.s1.TotalLength = 40 + sizeof(PORT_MESSAGE);
    ok_status(Reply(Ends->Server, &Message), STATUS_SUCCESS, "a reply that is too long for it");
    ok_status(EndOfThread(Thread), sizeof(PORT_MESSAGE) + 40, "it learns how long");
    ok_status(Reply(Ends->Server, &Message), STATUS_MESSAGE_LOST, "reply again");
    Thread = StartThread(AlpcAskThread, Ends->Client);
    Receive(Ends->Listener, &Message, 5000);
    ok_status(Ask(Ends->Server, &Message, 0), STATUS_INVALID_MESSAGE, "a request as the reply");
    Message.Data[0] = 12;
    ok_status(Send(Ends->Listener, 0, &Message), STATUS_SUCCESS,
              "reply by way of the listener, without ending");
    ok_status(EndOfThread(Thread), 12, "who waits is satisfied");
    ok_status(Reply(Ends->Server, &Message), STATUS_MESSAGE_LOST, "it has ended all the same");
    Fill(&Message, 1, 0);
    ok_status(Ask(Ends->Client, &Message, 20), STATUS_TIMEOUT, "nobody answers in time");
    ok_status(Receive(Ends->Listener, &Message, 0), STATUS_TIMEOUT, "the request is taken back");
}

/* ---- Requests that nobody waits for ---- */

static void TestLater(PALPC_ENDS Ends)
{
    PALPC_CONTEXT_ATTR Context;
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;
    ULONG Number;

    Allocate(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    Room.Header.ValidAttributes = ALPC_MESSAGE_CONTEXT_ATTRIBUTE;
    Context = Attribute(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    Context->MessageContext = (PVOID)0x1234;
    Fill(&Message, 2, 20);
    ok_status(SendWith(Ends->Client, 0, &Message, &Room), STATUS_SUCCESS, "a request");
    Number = Context->MessageId;
    ok(Number != 0, "its number is told");
    ok_status(Receive(Ends->Listener, &Message, 1000), STATUS_SUCCESS, "it comes");
    ok(Message.Header.u2.s2.Type == (LPC_REQUEST | LPC_CONTINUATION_REQUIRED) &&
           Message.Header.MessageId == Number,
       "as a request with this number");
    Message.Data[0] = 21;
    ok_status(Send(Ends->Server, 0, &Message), STATUS_SUCCESS, "an answer that is not the end");
    ok_status(Reply(Ends->Server, &Message), STATUS_INVALID_MESSAGE, "another one");
    Allocate(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    ok_status(ReceiveWith(Ends->Client, &Message, &Room, 1000), STATUS_SUCCESS, "the answer comes");
    ok(Message.Header.u2.s2.Type == (LPC_REPLY | LPC_CONTINUATION_REQUIRED) &&
           Message.Header.MessageId == Number && Message.Data[0] == 21,
       "with the same number, and wants to be answered");
    ok(Context->MessageContext == (PVOID)0x1234, "with what the client has said of it");
    Message.Data[0] = 22;
    ok_status(Reply(Ends->Client, &Message), STATUS_SUCCESS, "the client answers");
    Allocate(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    ok_status(ReceiveWith(Ends->Listener, &Message, &Room, 1000), STATUS_SUCCESS, "that comes");
    ok(Message.Header.u2.s2.Type == LPC_REPLY && Message.Data[0] == 22 &&
           Context->PortContext == ALPC_CONTEXT,
       "as the end, with the connection's context");
    ok_status(Reply(Ends->Server, &Message), STATUS_MESSAGE_LOST, "there is no more of it");
}

static void TestServerAsks(PALPC_ENDS Ends)
{
    HANDLE Thread = StartThread(AlpcAskThread, Ends->Server);
    ALPC_MESSAGE Message;

    ok_status(Receive(Ends->Client, &Message, 5000), STATUS_SUCCESS, "the server asks");
    Message.Data[0] = 66;
    ok_status(Reply(Ends->Client, &Message), STATUS_SUCCESS, "the client replies");
    ok_status(EndOfThread(Thread), 66, "it has got the reply");
}

static void TestLong(void)
{
    static UCHAR Bytes[0xffef], Copy[0xffef];
    ALPC_PORT_ATTRIBUTES Attributes = {.MaxMessageLength = sizeof(Bytes)};
    PPORT_MESSAGE Message = (PPORT_MESSAGE)Bytes, Received = (PPORT_MESSAGE)Copy;
    SIZE_T Length = sizeof(Copy);
    HANDLE Port;

    ok_status(NtAlpcCreatePort(&Port, NULL, &Attributes), STATUS_SUCCESS, "a port for itself");
    memset(Bytes, 0x5a, sizeof(Bytes));
    memset(Message, 0, sizeof(*Message));
    Message->u1.s1.TotalLength = (CSHORT)sizeof(Bytes);
    Message->u1.s1.DataLength = (CSHORT)(sizeof(Bytes) - sizeof(*Message));
    ok_status(Exchange(Port, ALPC_MSGFLG_RELEASE_MESSAGE, Message, Received, &Length),
              STATUS_SUCCESS, "send and receive the longest message");
    ok(Length == sizeof(Copy) && Copy[sizeof(Copy) - 1] == 0x5a &&
           memcmp(Bytes + sizeof(*Message), Copy + sizeof(*Message),
                  sizeof(Bytes) - sizeof(*Message)) == 0,
       "it comes whole");
    NtClose(Port);
}

static void TestWaitable(PALPC_ENDS Ends)
{
    ALPC_MESSAGE Message;

    ok_status(WaitFor(Ends->Listener, 0), STATUS_TIMEOUT, "a waitable port without messages");
    Fill(&Message, 1, 1);
    Send(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message);
    ok_status(WaitFor(Ends->Listener, 0), STATUS_SUCCESS, "with one");
    Receive(Ends->Listener, &Message, 0);
    ok_status(WaitFor(Ends->Listener, 0), STATUS_TIMEOUT, "and again without");
}

static NTSTATUS NTAPI AlertableThread(PVOID Port)
{
    ALPC_MESSAGE Message;
    SIZE_T Length = sizeof(Message);

    return NtAlpcSendWaitReceivePort(Port, ALPC_MSGFLG_WAIT_ALERTABLE, NULL, NULL, &Message.Header,
                                     &Length, NULL, NULL);
}

static void TestAlerts(PALPC_ENDS Ends)
{
    HANDLE Thread = StartThread(AlertableThread, Ends->Client);

    Sleep(30);
    NtAlertThread(Thread);
    ok_status(EndOfThread(Thread), STATUS_ALERTED, "who waits alertably can be alerted");
}

void TestAlpcMessages(PALPC_ENDS Ends)
{
    TestRequests(Ends);
    TestArguments(Ends);
    TestHeaders(Ends);
    TestDatagrams(Ends);
    TestTooSmall(Ends);
    TestReplies(Ends);
    TestLater(Ends);
    TestServerAsks(Ends);
    TestLong();
    TestWaitable(Ends);
    TestAlerts(Ends);
}

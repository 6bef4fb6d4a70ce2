/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC: the end of connections, threads, processes and messages in every state. */
#include "alpcport.h"

static NTSTATUS Cancel(HANDLE Port, ULONG Flags, ULONG MessageId, PVOID Own)
{
    ALPC_CONTEXT_ATTR Context = {.MessageContext = Own, .MessageId = MessageId};

    return NtAlpcCancelMessage(Port, Flags, &Context);
}

/* Sends a request with this context; its number. */
static ULONG SendRequest(HANDLE Port, PVOID Own)
{
    PALPC_CONTEXT_ATTR Context;
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;

    Allocate(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    Room.Header.ValidAttributes = ALPC_MESSAGE_CONTEXT_ATTRIBUTE;
    Context = Attribute(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    Context->MessageContext = Own;
    Fill(&Message, 1, 5);
    return NT_SUCCESS(SendWith(Port, 0, &Message, &Room)) ? Context->MessageId : 0;
}

static void TestCancelling(PALPC_ENDS Ends)
{
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;
    ULONG Number = SendRequest(Ends->Client, (PVOID)1);

    ok_status(Cancel(Ends->Client, 4, Number, (PVOID)1), STATUS_INVALID_PARAMETER, "unknown flags");
    ok_status(NtAlpcCancelMessage(Ends->Client, 0, (PALPC_CONTEXT_ATTR)8), STATUS_ACCESS_VIOLATION,
              "a bad address");
    ok_status(Cancel(NULL, 0, Number, (PVOID)1), STATUS_INVALID_HANDLE, "no port");
    ok_status(Cancel(Ends->Client, 0, 0x7fffffff, (PVOID)1), STATUS_MESSAGE_LOST, "no message");
    ok_status(Cancel(Ends->Server, 0, Number, (PVOID)1), STATUS_INVALID_MESSAGE,
              "the server has not received it");
    ok_status(Cancel(Ends->Client, 0, Number, (PVOID)2), STATUS_INVALID_MESSAGE,
              "another one's context");
    ok_status(Cancel(Ends->Client, ALPC_CANCELFLG_TRY_CANCEL, Number, (PVOID)1), STATUS_SUCCESS,
              "cancel it in the queue");
    ok_status(Receive(Ends->Listener, &Message, 0), STATUS_TIMEOUT, "the server never sees it");
    Allocate(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    ok_status(ReceiveWith(Ends->Client, &Message, &Room, 1000), STATUS_SUCCESS, "it comes back");
    ok(TYPE_OF(&Message) == LPC_CANCELED && Message.Header.MessageId == Number &&
           ((PALPC_CONTEXT_ATTR)Attribute(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE))->MessageContext ==
               (PVOID)1,
       "as cancelled");
    Number = SendRequest(Ends->Client, (PVOID)1);
    Receive(Ends->Listener, &Message, 1000);
    ok_status(Cancel(Ends->Client, ALPC_CANCELFLG_TRY_CANCEL, Number, (PVOID)1),
              STATUS_RESOURCE_IN_USE, "cancel it if it has not been received");
    ok_status(Cancel(Ends->Client, ALPC_CANCELFLG_NO_CONTEXT_CHECK, Number, NULL), STATUS_SUCCESS,
              "cancel it while it is worked on");
    ok_status(Reply(Ends->Server, &Message), STATUS_MESSAGE_LOST, "the answer comes too late");
    Receive(Ends->Client, &Message, 1000);
    ok(TYPE_OF(&Message) == LPC_CANCELED, "it comes back");
    Number = SendRequest(Ends->Client, NULL);
    Receive(Ends->Listener, &Message, 1000);
    ok_status(Cancel(Ends->Server, 0, Number, NULL), STATUS_SUCCESS, "the server cancels");
    Receive(Ends->Client, &Message, 1000);
    ok(TYPE_OF(&Message) == LPC_CANCELED, "it comes back too");
}

static void TestCancelledWaiter(PALPC_ENDS Ends)
{
    HANDLE Thread = StartThread(AlpcAskThread, Ends->Client);
    ALPC_MESSAGE Message;

    Receive(Ends->Listener, &Message, 5000);
    ok_status(Cancel(Ends->Client, 0, Message.Header.MessageId, NULL), STATUS_SUCCESS,
              "cancel a request that is waited for");
    ok_status(EndOfThread(Thread), STATUS_REQUEST_CANCELED, "who waits is told");
    ok_status(Receive(Ends->Client, &Message, 0), STATUS_TIMEOUT, "once");
    Thread = StartThread(AlpcAskThread, Ends->Client);
    Receive(Ends->Listener, &Message, 5000);
    NtTerminateThread(Thread, 77);
    ok_status(EndOfThread(Thread), 77, "a thread that waits is ended");
    ok_status(Reply(Ends->Server, &Message), STATUS_MESSAGE_LOST, "nobody waits for the reply");
    Thread = StartThread(AlpcAskThread, Ends->Client);
    Sleep(50);
    NtTerminateThread(Thread, 78);
    ok_status(EndOfThread(Thread), 78, "one whose request is in the queue");
    ok_status(Receive(Ends->Listener, &Message, 0), STATUS_TIMEOUT, "takes it along");
}

static NTSTATUS NTAPI ReceiveThread(PVOID Port)
{
    ALPC_MESSAGE Message;

    return Receive(Port, &Message, 20000);
}

static void TestServerEnds(PALPC_ENDS Ends)
{
    ALPC_ENDS Own = {.Listener = Ends->Listener};
    HANDLE Threads[3];
    ALPC_MESSAGE Message;

    AlpcJoin(&Own);
    Threads[0] = StartThread(AlpcAskThread, Own.Client);
    Receive(Own.Listener, &Message, 5000);
    Threads[1] = StartThread(AlpcAskThread, Own.Client);
    Threads[2] = StartThread(ReceiveThread, Own.Client);
    SendRequest(Own.Client, NULL);
    Sleep(50);
    NtClose(Own.Server);
    ok_status(EndOfThread(Threads[0]), STATUS_PORT_DISCONNECTED,
              "the server goes, with a request that it has");
    ok_status(EndOfThread(Threads[1]), STATUS_PORT_DISCONNECTED, "with one in its queue");
    ok_status(EndOfThread(Threads[2]), STATUS_PORT_DISCONNECTED, "with a client that receives");
    Fill(&Message, 1, 1);
    ok_status(Send(Own.Client, 0, &Message), STATUS_PORT_DISCONNECTED, "send it something");
    ok_status(Ask(Own.Client, &Message, 0), STATUS_PORT_DISCONNECTED, "ask it");
    ok_status(Receive(Own.Client, &Message, 0), STATUS_PORT_DISCONNECTED, "listen to it");
    NtClose(Own.Client);
    AlpcForget(Own.Listener);
}

static void TestClientEnds(PALPC_ENDS Ends)
{
    ALPC_ENDS Own = {.Listener = Ends->Listener};
    HANDLE Thread;
    ALPC_MESSAGE Message, Held;
    ALPC_ROOM Room;

    AlpcJoin(&Own);
    Thread = StartThread(AlpcAskThread, Own.Client);
    Receive(Own.Listener, &Held, 5000);
    SendRequest(Own.Client, NULL);
    NtClose(Own.Client);
    ok_status(EndOfThread(Thread), STATUS_PORT_DISCONNECTED, "the client goes while it waits");
    ok_status(Reply(Own.Server, &Held), STATUS_MESSAGE_LOST, "the reply comes too late");
    Allocate(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    ok_status(ReceiveWith(Own.Listener, &Message, &Room, 1000), STATUS_SUCCESS,
              "the server is told");
    ok(TYPE_OF(&Message) == LPC_PORT_CLOSED &&
           ((PALPC_CONTEXT_ATTR)Attribute(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE))->PortContext ==
               ALPC_CONTEXT,
       "that the port was closed, and which");
    Fill(&Message, 1, 1);
    ok_status(Send(Own.Server, 0, &Message), STATUS_PORT_DISCONNECTED, "send to it");
    NtClose(Own.Server);
    AlpcForget(Own.Listener);
}

static void TestDisconnecting(PALPC_ENDS Ends)
{
    ALPC_ENDS Own = {.Listener = Ends->Listener};
    HANDLE Thread;
    ALPC_MESSAGE Message;

    AlpcJoin(&Own);
    Thread = StartThread(AlpcAskThread, Own.Client);
    Receive(Own.Listener, &Message, 5000);
    ok_status(NtAlpcDisconnectPort(Own.Client, 0), STATUS_SUCCESS, "a client disconnects");
    ok_status(EndOfThread(Thread), STATUS_PORT_DISCONNECTED, "its threads wait no more");
    Receive(Own.Listener, &Message, 1000);
    ok(TYPE_OF(&Message) == LPC_PORT_CLOSED, "the server is told");
    ok_status(NtAlpcDisconnectPort(Own.Client, 0), STATUS_PORT_DISCONNECTED, "again");
    ok_status(NtAlpcDisconnectPort(Own.Server, 0), STATUS_PORT_DISCONNECTED, "from the other side");
    AlpcPart(&Own);
    AlpcJoin(&Own);
    Thread = StartThread(AlpcAskThread, Own.Client);
    Receive(Own.Listener, &Message, 5000);
    ok_status(NtAlpcDisconnectPort(Own.Server, ALPC_DISCONNECT_PORT_FLG_SKIP_PENDING_FLUSH),
              STATUS_SUCCESS, "a server disconnects");
    ok_status(EndOfThread(Thread), STATUS_PORT_DISCONNECTED, "its client's threads wait no more");
    ok_status(NtAlpcDisconnectPort(NULL, 0), STATUS_INVALID_HANDLE, "no port");
    AlpcPart(&Own);
}

/* A reply that wants an answer, when either side goes. */
static void TestConversations(PALPC_ENDS Ends)
{
    ALPC_ENDS Own = {.Listener = Ends->Listener};
    ALPC_MESSAGE Message;

    AlpcJoin(&Own);
    SendRequest(Own.Client, NULL);
    Receive(Own.Listener, &Message, 1000);
    Send(Own.Server, 0, &Message);
    NtClose(Own.Server);
    ok_status(Receive(Own.Client, &Message, 0), STATUS_PORT_DISCONNECTED,
              "an answer that wants another one goes with its sender");
    NtClose(Own.Client);
    AlpcForget(Own.Listener);
    AlpcJoin(&Own);
    SendRequest(Own.Client, NULL);
    Receive(Own.Listener, &Message, 1000);
    Reply(Own.Server, &Message);
    NtClose(Own.Server);
    ok_status(Receive(Own.Client, &Message, 1000), STATUS_SUCCESS, "the last one stays");
    ok_status(Receive(Own.Client, &Message, 1000), STATUS_PORT_DISCONNECTED, "and then the end");
    NtClose(Own.Client);
    AlpcForget(Own.Listener);
}

/* What the receiver gets as the context of the message that has come. */
static PVOID ReceiveContext(HANDLE Port, PALPC_MESSAGE Message)
{
    PALPC_CONTEXT_ATTR Context;
    ALPC_ROOM Room;

    Allocate(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    Context = Attribute(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    return ReceiveWith(Port, Message, &Room, 1000) == STATUS_SUCCESS ? Context->MessageContext
                                                                     : (PVOID)-1;
}

/* A reply that wants an answer. */
static NTSTATUS Continue(HANDLE Port, PALPC_MESSAGE Message, PVOID Own)
{
    ALPC_ROOM Room;

    Allocate(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    Room.Header.ValidAttributes = ALPC_MESSAGE_CONTEXT_ATTRIBUTE;
    ((PALPC_CONTEXT_ATTR)Attribute(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE))->MessageContext = Own;
    return SendWith(Port, 0, Message, &Room);
}

/* Each side gets its own context with what answers it. */
static void TestAnsweredContexts(PALPC_ENDS Ends)
{
    ALPC_MESSAGE Message;
    ULONG Number = SendRequest(Ends->Client, (PVOID)0xa);

    ok(ReceiveContext(Ends->Listener, &Message) == NULL, "a request answers nothing");
    ok_status(Continue(Ends->Server, &Message, (PVOID)0xb), STATUS_SUCCESS, "an answer");
    ok(ReceiveContext(Ends->Client, &Message) == (PVOID)0xa, "comes with the client's context");
    ok_status(Continue(Ends->Client, &Message, (PVOID)0xc), STATUS_SUCCESS, "the one to that");
    ok(ReceiveContext(Ends->Listener, &Message) == (PVOID)0xb, "comes with the server's");
    ok_status(Continue(Ends->Server, &Message, (PVOID)0xd), STATUS_SUCCESS, "and so on");
    ok_status(Cancel(Ends->Server, 0, Number, (PVOID)0xc), STATUS_INVALID_MESSAGE,
              "the server does not know the client's");
    ok_status(Cancel(Ends->Server, 0, Number, (PVOID)0xd), STATUS_SUCCESS, "it cancels its own");
    ok(ReceiveContext(Ends->Listener, &Message) == (PVOID)0xd && TYPE_OF(&Message) == LPC_CANCELED,
       "and gets it back");
}

/* One's own queue. */
static void TestUnconnected(void)
{
    ALPC_MESSAGE Message;
    HANDLE Port;
    ULONG Number;

    NtAlpcCreatePort(&Port, NULL, NULL);
    Number = SendRequest(Port, (PVOID)0xe);
    ok_status(Cancel(Port, 0, Number, (PVOID)0xe), STATUS_SUCCESS,
              "cancel a request to an unconnected port");
    ok(ReceiveContext(Port, &Message) == (PVOID)0xe && TYPE_OF(&Message) == LPC_CANCELED,
       "it comes back there");
    ok_status(Receive(Port, &Message, 0), STATUS_TIMEOUT, "once");
    NtClose(Port);
}

/* ---- Other processes ---- */

NTSTATUS AlpcChild(ULONG Number)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(BOTH_FLAGS);
    ALPC_MESSAGE Message;
    HANDLE Port;
    NTSTATUS Status = AlpcConnect(&Port, &Attributes, ALPC_MSGFLG_SYNC_REQUEST);

    if (!NT_SUCCESS(Status))
        return Status;
    Fill(&Message, 4, (UCHAR)Number);
    if (Number == 1) /* ends with messages on their way */
        return SendRequest(Port, NULL) && SendRequest(Port, NULL) ? STATUS_SUCCESS
                                                                  : STATUS_UNSUCCESSFUL;
    Status = Ask(Port, &Message, 20000);
    return NT_SUCCESS(Status) ? Message.Data[0] : Status;
}

static NTSTATUS NTAPI ChildThread(PVOID Number)
{
    static PCWSTR const Lines[] = {u"umtests alpc 0", u"umtests alpc 1", u"umtests alpc 2"};

    return RunSelf(Lines[(ULONG_PTR)Number], 20);
}

static void TestOtherProcesses(PALPC_ENDS Ends)
{
    HANDLE Thread = StartThread(ChildThread, (PVOID)2), Port = AlpcAccept(Ends->Listener, NULL);
    ALPC_MESSAGE Message;

    ok(Port != NULL, "another process connects");
    ok_status(Receive(Ends->Listener, &Message, 10000), STATUS_SUCCESS, "it asks");
    ok(Message.Data[0] == 2 &&
           Message.Header.ClientId.UniqueProcess != NtCurrentTeb()->ClientId.UniqueProcess,
       "it is that process");
    Message.Data[0] = 50;
    Reply(Port, &Message);
    ok_status(EndOfThread(Thread), 50, "it has got the reply");
    Receive(Ends->Listener, &Message, 5000);
    ok(TYPE_OF(&Message) == LPC_PORT_CLOSED, "its end is told");
    NtClose(Port);
    Thread = StartThread(ChildThread, (PVOID)1);
    Port = AlpcAccept(Ends->Listener, NULL);
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "another one ends with requests on their way");
    Receive(Ends->Listener, &Message, 5000);
    ok(TYPE_OF(&Message) == LPC_PORT_CLOSED, "only its end is told");
    NtClose(Port);
    Thread = StartThread(ChildThread, (PVOID)0);
    Port = AlpcAccept(Ends->Listener, NULL);
    Receive(Ends->Listener, &Message, 5000);
    NtClose(Port);
    ok_status(EndOfThread(Thread), STATUS_PORT_DISCONNECTED, "the server leaves a process alone");
    AlpcForget(Ends->Listener);
}

void TestAlpcEnds(PALPC_ENDS Ends)
{
    TestCancelling(Ends);
    TestCancelledWaiter(Ends);
    TestServerEnds(Ends);
    TestClientEnds(Ends);
    TestDisconnecting(Ends);
    TestConversations(Ends);
    TestAnsweredContexts(Ends);
    TestUnconnected();
    TestOtherProcesses(Ends);
}

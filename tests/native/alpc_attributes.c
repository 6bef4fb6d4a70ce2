/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC: what goes with messages: handles, tokens, contexts. */
#include "alpcport.h"

static HANDLE NewEvent(void)
{
    HANDLE Event = NULL;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    return Event;
}

static PALPC_HANDLE_ATTR SetHandle(PALPC_ROOM Room, HANDLE Handle, ULONG Flags, ACCESS_MASK Access)
{
    PALPC_HANDLE_ATTR Attribute;

    Allocate(Room, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    Room->Header.ValidAttributes = ALPC_MESSAGE_HANDLE_ATTRIBUTE;
    Attribute = AlpcGetMessageAttribute(&Room->Header, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    *Attribute = (ALPC_HANDLE_ATTR){.Flags = Flags, .Handle = Handle, .DesiredAccess = Access};
    return Attribute;
}

static void TestBadAttributes(PALPC_ENDS Ends)
{
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;
    HANDLE Semaphore;

    Fill(&Message, 1, 1);
    ok_status(SendWith(Ends->Client, 0, &Message, (PALPC_ROOM)8), STATUS_ACCESS_VIOLATION,
              "a bad address for the attributes");
    Allocate(&Room, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    Room.Header.AllocatedAttributes |= 1;
    ok_status(SendWith(Ends->Client, 0, &Message, &Room), STATUS_INVALID_PARAMETER,
              "an attribute that there is not");
    Allocate(&Room, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    Room.Header.ValidAttributes = ALPC_MESSAGE_VIEW_ATTRIBUTE;
    ok_status(SendWith(Ends->Client, 0, &Message, &Room), STATUS_INVALID_PARAMETER,
              "one that there is no room for");
    Allocate(&Room, ALPC_MESSAGE_DIRECT_ATTRIBUTE);
    Room.Header.ValidAttributes = ALPC_MESSAGE_DIRECT_ATTRIBUTE;
    ok_status(SendWith(Ends->Client, 0, &Message, &Room), STATUS_NOT_SUPPORTED, "direct messages");
    SetHandle(&Room, (HANDLE)0x7770, 0, EVENT_ALL_ACCESS);
    ok_status(SendWith(Ends->Client, 0, &Message, &Room), STATUS_INVALID_HANDLE,
              "a handle that there is not");
    SetHandle(&Room, NULL, ALPC_HANDLEFLG_INDIRECT, 0);
    ok_status(SendWith(Ends->Client, 0, &Message, &Room), STATUS_NOT_SUPPORTED, "many handles");
    SetHandle(&Room, NULL, 1, 0);
    ok_status(SendWith(Ends->Client, 0, &Message, &Room), STATUS_INVALID_PARAMETER,
              "unknown flags of a handle");
    NtCreateSemaphore(&Semaphore, SEMAPHORE_ALL_ACCESS, NULL, 0, 1);
    SetHandle(&Room, Semaphore, ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS, 0);
    ok_status(SendWith(Ends->Client, 0, &Message, &Room), STATUS_OBJECT_TYPE_MISMATCH,
              "a kind of object that the server does not want");
    NtClose(Semaphore);
    ok_status(Receive(Ends->Listener, &Message, 0), STATUS_TIMEOUT, "nothing has been sent");
}

static void TestHandles(PALPC_ENDS Ends)
{
    HANDLE Event = NewEvent(), Limited;
    PALPC_HANDLE_ATTR Handle;
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;

    SetHandle(&Room, Event, ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS, 0);
    Fill(&Message, 1, 1);
    ok_status(SendWith(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message, &Room), STATUS_SUCCESS,
              "a datagram with a handle");
    NtClose(Event);
    Allocate(&Room, ALPC_MESSAGE_HANDLE_ATTRIBUTE | ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    ok_status(ReceiveWith(Ends->Listener, &Message, &Room, 1000), STATUS_SUCCESS, "it comes");
    Handle = Attribute(&Room, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    ok(Room.Header.ValidAttributes ==
           (ALPC_MESSAGE_HANDLE_ATTRIBUTE | ALPC_MESSAGE_CONTEXT_ATTRIBUTE),
       "with the handle");
    ok(Handle->ObjectType == ALPC_PORFLG_OBJECT_TYPE_EVENT &&
           Handle->DesiredAccess == EVENT_ALL_ACCESS,
       "an event, with all access");
    ok_status(NtSetEvent(Handle->Handle, NULL), STATUS_SUCCESS, "it can be used");
    ok_status(NtClose(Handle->Handle), STATUS_SUCCESS, "and closed");
    Event = NewEvent();
    SetHandle(&Room, Event, 0, EVENT_QUERY_STATE);
    SendWith(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message, &Room);
    Fill(&Message, 1, 1);
    SendWith(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message, &Room);
    Allocate(&Room, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    ReceiveWith(Ends->Listener, &Message, &Room, 1000);
    Handle = Attribute(&Room, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    ok_status(NtSetEvent(Handle->Handle, NULL), STATUS_ACCESS_DENIED, "with less access");
    NtClose(Handle->Handle);
    Limited = Restricted(Event, EVENT_QUERY_STATE);
    SetHandle(&Room, Limited, ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS, 0);
    Fill(&Message, 1, 1);
    SendWith(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message, &Room);
    Allocate(&Room, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    ReceiveWith(Ends->Listener, &Message, &Room, 1000);
    Handle = Attribute(&Room, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    ok(Handle->DesiredAccess == EVENT_QUERY_STATE, "with the access that the sender has");
    NtClose(Handle->Handle);
    NtClose(Limited);
    NtClose(Event);
}

/* A handle that nobody takes goes with its message. */
static void TestLostHandles(PALPC_ENDS Ends)
{
    HANDLE Event = NewEvent();
    OBJECT_BASIC_INFORMATION Basic = {0};
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;

    SetHandle(&Room, Event, ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS, 0);
    Fill(&Message, 1, 1);
    SendWith(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message, &Room);
    NtQueryObject(Event, ObjectBasicInformation, &Basic, sizeof(Basic), NULL);
    ok(Basic.HandleCount == 1, "a handle on its way is none");
    ok_status(Receive(Ends->Listener, &Message, 1000), STATUS_SUCCESS, "a receiver without room");
    Allocate(&Room, 0);
    SetHandle(&Room, Event, ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS, 0);
    Fill(&Message, 1, 1);
    SendWith(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message, &Room);
    Allocate(&Room, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    ReceiveWith(Ends->Listener, &Message, &Room, 1000);
    ok(Room.Header.ValidAttributes == ALPC_MESSAGE_CONTEXT_ATTRIBUTE, "for it gets none");
    NtQueryObject(Event, ObjectBasicInformation, &Basic, sizeof(Basic), NULL);
    ok(Basic.HandleCount == 1 && Basic.PointerCount <= 2, "and it is gone");
    NtClose(Event);
}

/* Server and client each give the other one an event. */
static NTSTATUS NTAPI GivingThread(PVOID Port)
{
    HANDLE Event = NewEvent();
    PALPC_HANDLE_ATTR Handle;
    ALPC_ROOM Sent, Received;
    ALPC_MESSAGE Message;
    NTSTATUS Status;

    SetHandle(&Sent, Event, ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS, 0);
    Allocate(&Received, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    Fill(&Message, 1, 1);
    Status = AskWith(Port, &Message, &Sent, &Received, 20000);
    NtClose(Event);
    if (Status != STATUS_SUCCESS)
        return Status;
    Handle = Attribute(&Received, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    if (!Received.Header.ValidAttributes)
        return STATUS_NOT_FOUND;
    Status = NtSetEvent(Handle->Handle, NULL);
    NtClose(Handle->Handle);
    return Status;
}

static void TestGiving(PALPC_ENDS Ends)
{
    HANDLE Thread = StartThread(GivingThread, Ends->Client), Event = NewEvent();
    ALPC_MESSAGE_HANDLE_INFORMATION Information = {.Index = 1};
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;

    ok_status(Receive(Ends->Listener, &Message, 5000), STATUS_SUCCESS, "a request with a handle");
    ok_status(NtAlpcQueryInformationMessage(Ends->Server, &Message.Header,
                                            AlpcMessageHandleInformation, &Information,
                                            sizeof(Information), NULL),
              STATUS_NOT_FOUND, "it has no second one");
    Information.Index = 0;
    ok_status(NtAlpcQueryInformationMessage(Ends->Server, &Message.Header,
                                            AlpcMessageHandleInformation, &Information,
                                            sizeof(Information) - 1, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "too little room");
    ok_status(NtAlpcQueryInformationMessage(Ends->Server, &Message.Header,
                                            AlpcMessageHandleInformation, &Information,
                                            sizeof(Information), NULL),
              STATUS_SUCCESS, "ask for it later");
    ok(Information.ObjectType == ALPC_PORFLG_OBJECT_TYPE_EVENT, "an event");
    ok_status(NtClose((HANDLE)(ULONG_PTR)Information.Handle), STATUS_SUCCESS, "a real one");
    Information.Index = 0;
    ok_status(NtAlpcQueryInformationMessage(Ends->Server, &Message.Header,
                                            AlpcMessageHandleInformation, &Information,
                                            sizeof(Information), NULL),
              STATUS_NOT_FOUND, "it comes once");
    SetHandle(&Room, Event, ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS, 0);
    ok_status(SendWith(Ends->Server, ALPC_MSGFLG_RELEASE_MESSAGE, &Message, &Room), STATUS_SUCCESS,
              "reply with a handle");
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "the client has got it");
    ok_status(WaitFor(Event, 0), STATUS_SUCCESS, "and used it");
    NtClose(Event);
}

static void TestNoHandles(void)
{
    HANDLE Event = NewEvent(), Port;
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;

    NtAlpcCreatePort(&Port, NULL, NULL);
    SetHandle(&Room, Event, ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS, 0);
    Fill(&Message, 1, 1);
    ok_status(SendWith(Port, ALPC_MSGFLG_RELEASE_MESSAGE, &Message, &Room), STATUS_NOT_SUPPORTED,
              "a port that wants no handles");
    NtClose(Port);
    NtClose(Event);
}

static void TestTokens(PALPC_ENDS Ends)
{
    TOKEN_STATISTICS Statistics = {0};
    ALPC_TOKEN_ATTR Token;
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;
    HANDLE Own;
    ULONG Length;

    NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &Own);
    NtQueryInformationToken(Own, TokenStatistics, &Statistics, sizeof(Statistics), &Length);
    NtClose(Own);
    Fill(&Message, 1, 1);
    Send(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message);
    Allocate(&Room, ALPC_MESSAGE_TOKEN_ATTRIBUTE);
    ReceiveWith(Ends->Listener, &Message, &Room, 1000);
    memcpy(&Token, Attribute(&Room, ALPC_MESSAGE_TOKEN_ATTRIBUTE), sizeof(Token));
    ok(Room.Header.ValidAttributes == ALPC_MESSAGE_TOKEN_ATTRIBUTE, "the sender's token");
    ok(memcmp(&Token.TokenId, &Statistics.TokenId, sizeof(LUID)) == 0 &&
           memcmp(&Token.ModifiedId, &Statistics.ModifiedId, sizeof(LUID)) == 0 &&
           memcmp(&Token.AuthenticationId, &Statistics.AuthenticationId, sizeof(LUID)) == 0,
       "is mine");
}

static void TestBadReceive(PALPC_ENDS Ends)
{
    ALPC_MESSAGE Message;

    Fill(&Message, 1, 1);
    Send(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message);
    ok_status(ReceiveWith(Ends->Listener, &Message, (PALPC_ROOM)8, 1000), STATUS_ACCESS_VIOLATION,
              "a bad address for what comes with a message");
    ok_status(Receive(Ends->Listener, &Message, 0), STATUS_SUCCESS, "which is still there");
}

void TestAlpcAttributes(PALPC_ENDS Ends)
{
    TestBadAttributes(Ends);
    TestHandles(Ends);
    TestLostHandles(Ends);
    TestGiving(Ends);
    TestNoHandles();
    TestTokens(Ends);
    TestBadReceive(Ends);
}

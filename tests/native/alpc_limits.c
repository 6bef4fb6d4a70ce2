/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC: who pays for what is held, reserves, and that nothing is lost. */
#include "alpcport.h"

static ULONG Flood(HANDLE Port, ULONG Flags, NTSTATUS *Last)
{
    ALPC_MESSAGE Message;
    ULONG Sent = 0;

    do {
        Fill(&Message, 8, 0);
        *Last = Send(Port, Flags, &Message);
        Sent += NT_SUCCESS(*Last);
    } while (NT_SUCCESS(*Last) && Sent < 100000);
    return Sent;
}

static ULONG Drain(HANDLE Port)
{
    ALPC_MESSAGE Message;
    ULONG Received = 0;

    while (Receive(Port, &Message, 0) == STATUS_SUCCESS)
        Received++;
    return Received;
}

/* A request of that length, with room for a reply, that is not waited for long. */
static NTSTATUS AskShortly(HANDLE Port, ULONG Data, SIZE_T Room)
{
    LARGE_INTEGER Now = {.QuadPart = 0};
    ALPC_MESSAGE Message;

    Fill(&Message, Data, 0);
    return NtAlpcSendWaitReceivePort(Port, ALPC_MSGFLG_SYNC_REQUEST, &Message.Header, NULL,
                                     &Message.Header, &Room, NULL, &Now);
}

static void TestFlood(PALPC_ENDS Ends)
{
    ALPC_MESSAGE Message, Held;
    NTSTATUS Status;
    ULONG Sent = Flood(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Status);

    ok_status(Status, STATUS_QUOTA_EXCEEDED, "datagrams that nobody receives");
    ok(Sent > 50, "some are held");
    ok_status(AskShortly(Ends->Client, 8, 100), STATUS_TIMEOUT,
              "a short request that is waited for is sent all the same");
    ok_status(AskShortly(Ends->Client, 900, 100), STATUS_QUOTA_EXCEEDED, "a long one is not");
    ok_status(AskShortly(Ends->Client, 8, 1000), STATUS_QUOTA_EXCEEDED,
              "nor one with room for a long reply");
    ok(Drain(Ends->Listener) == Sent, "all come");
    Sent = Flood(Ends->Client, 0, &Status);
    ok_status(Status, STATUS_QUOTA_EXCEEDED, "requests that nobody answers");
    Receive(Ends->Listener, &Held, 0);
    Fill(&Message, 8, 0);
    ok_status(Send(Ends->Client, 0, &Message), STATUS_QUOTA_EXCEEDED,
              "one that has been received is not answered yet");
    ok_status(Reply(Ends->Server, &Held), STATUS_SUCCESS, "answer it");
    Fill(&Message, 8, 0);
    ok_status(Send(Ends->Client, 0, &Message), STATUS_QUOTA_EXCEEDED,
              "the answer takes its place until the client takes it");
    ok_status(Receive(Ends->Client, &Message, 0), STATUS_SUCCESS, "which it does");
    Fill(&Message, 8, 0);
    ok_status(Send(Ends->Client, 0, &Message), STATUS_SUCCESS, "then there is room");
    ok(Drain(Ends->Listener) == Sent, "all come");
}

static ULONG ContinueAll(HANDLE From, HANDLE Port)
{
    ALPC_MESSAGE Message;
    ULONG Count = 0;

    while (Receive(From, &Message, 0) == STATUS_SUCCESS && NT_SUCCESS(Send(Port, 0, &Message)))
        Count++;
    return Count;
}

/* However long they go on. */
static void TestConversations(PALPC_ENDS Ends)
{
    ALPC_ENDS Own = {.Listener = Ends->Listener};
    ALPC_MESSAGE Message;
    NTSTATUS Status;
    ULONG Begun;

    if (!ok(AlpcJoin(&Own), "a connection"))
        return;
    Begun = Flood(Own.Client, 0, &Status);
    ok(ContinueAll(Own.Listener, Own.Server) == Begun, "conversations: the server answers");
    ok(ContinueAll(Own.Client, Own.Client) == Begun, "and the client");
    Fill(&Message, 8, 0);
    ok_status(Send(Own.Client, 0, &Message), STATUS_QUOTA_EXCEEDED, "who has begun them pays");
    ok_status(Send(Own.Server, ALPC_MSGFLG_RELEASE_MESSAGE, &Message), STATUS_SUCCESS,
              "and not the server");
    AlpcPart(&Own);
}

/* The requests of the test before are still there: a client that goes ends them. */
static void TestReserves(PALPC_ENDS Ends)
{
    ALPC_ENDS Own = {.Listener = Ends->Listener};
    ALPC_HANDLE Reserve = NULL;
    ALPC_MESSAGE Message;
    NTSTATUS Status;

    AlpcJoin(&Own);
    ok_status(NtAlpcCreateResourceReserve(Own.Client, 1, 100, &Reserve), STATUS_INVALID_PARAMETER,
              "unknown flags");
    ok_status(NtAlpcCreateResourceReserve(Own.Client, 0, 8, &Reserve), STATUS_INVALID_PARAMETER,
              "half a header");
    ok_status(NtAlpcCreateResourceReserve(Own.Client, 0, 0x100000, &Reserve),
              STATUS_PORT_MESSAGE_TOO_LONG, "more than a message may have");
    ok_status(NtAlpcCreateResourceReserve(Own.Client, 0, sizeof(ALPC_MESSAGE) + 1, &Reserve),
              STATUS_PORT_MESSAGE_TOO_LONG, "than the port allows");
    ok_status(NtAlpcCreateResourceReserve(Own.Client, 0, 100, (PALPC_HANDLE)8),
              STATUS_ACCESS_VIOLATION, "a bad address");
    ok_status(NtAlpcCreateResourceReserve(Own.Client, 0, 100, &Reserve), STATUS_SUCCESS,
              "a reserve");
    Flood(Own.Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Status);
    ok_status(Status, STATUS_QUOTA_EXCEEDED, "it is used up too");
    ok_status(NtAlpcDeleteResourceReserve(Own.Client, 0, Reserve), STATUS_RESOURCE_IN_USE,
              "its message is under way");
    Drain(Own.Listener);
    Flood(Own.Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Status);
    Drain(Own.Listener);
    ok_status(NtAlpcDeleteResourceReserve(Own.Client, 0, Reserve), STATUS_SUCCESS, "delete it");
    ok_status(NtAlpcDeleteResourceReserve(Own.Client, 0, Reserve), STATUS_INVALID_HANDLE, "again");
    ok_status(NtAlpcDeleteResourceReserve(Own.Client, 1, Reserve), STATUS_INVALID_PARAMETER,
              "with flags");
    ok_status(NtAlpcCreateResourceReserve(Own.Client, 0, 900, &Reserve), STATUS_SUCCESS,
              "another one");
    Flood(Own.Client, 0, &Status);
    Receive(Own.Listener, &Message, 0);
    AlpcPart(&Own);
    ok_status(Ask(Ends->Client, &Message, 0), STATUS_MESSAGE_LOST, "they go with their port");
}

/* ---- Nothing is lost ---- */

/* Everything that a connection can hold, at its end. */
static BOOLEAN Round(PALPC_ENDS Ends)
{
    ALPC_ENDS Own = {.Listener = Ends->Listener};
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), SecurityIdentification, FALSE, FALSE};
    ALPC_DATA_VIEW_ATTR View = {.ViewSize = 0x1000};
    ALPC_SECURITY_ATTR Context = {.QoS = &Quality};
    ALPC_MESSAGE Message;
    ALPC_HANDLE Reserve;
    ALPC_ROOM Room;
    SIZE_T Actual;

    if (!AlpcJoin(&Own))
        return FALSE;
    NtAlpcCreatePortSection(Own.Client, 0, NULL, 0x10000, &View.SectionHandle, &Actual);
    NtAlpcCreateSectionView(Own.Client, 0, &View);
    NtAlpcCreateSecurityContext(Own.Client, 0, &Context);
    NtAlpcCreateResourceReserve(Own.Client, 0, 900, &Reserve);
    Allocate(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE | ALPC_MESSAGE_SECURITY_ATTRIBUTE);
    Room.Header.ValidAttributes = Room.Header.AllocatedAttributes;
    *(PALPC_DATA_VIEW_ATTR)Attribute(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE) = View;
    *(PALPC_SECURITY_ATTR)Attribute(&Room, ALPC_MESSAGE_SECURITY_ATTRIBUTE) =
        (ALPC_SECURITY_ATTR){.ContextHandle = Context.ContextHandle};
    Fill(&Message, 900, 0);
    if (!NT_SUCCESS(SendWith(Own.Client, 0, &Message, &Room)) ||
        !NT_SUCCESS(SendWith(Own.Client, 0, &Message, &Room)))
        return FALSE;
    Allocate(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE);
    ReceiveWith(Own.Listener, &Message, &Room, 0);
    Fill(&Message, 900, 0);
    Send(Own.Server, 0, &Message);
    AlpcPart(&Own);
    return Room.Header.ValidAttributes == ALPC_MESSAGE_VIEW_ATTRIBUTE;
}

static void TestLeaks(PALPC_ENDS Ends)
{
    SYSTEM_PERFORMANCE_INFORMATION Before = {0}, After = {0};
    BOOLEAN AllRight = TRUE;

    for (ULONG i = 0; i < 600; i++) {
        if (i == 200) {
            Sleep(50);
            NtQuerySystemInformation(SystemPerformanceInformation, &Before, sizeof(Before), NULL);
        }
        AllRight &= Round(Ends);
    }
    Sleep(50);
    NtQuerySystemInformation(SystemPerformanceInformation, &After, sizeof(After), NULL);
    ok(AllRight, "six hundred connections one after another");
    DbgPrint("# available pages before %u, after %u; committed %u, %u\n", Before.AvailablePages,
             After.AvailablePages, Before.CommittedPages, After.CommittedPages);
    ok(After.AvailablePages + 8 >= Before.AvailablePages, "cost no memory for good");
    ok(After.CommittedPages <= Before.CommittedPages + 8, "nor any that is charged");
}

void TestAlpcLimits(PALPC_ENDS Ends)
{
    TestConversations(Ends);
    TestFlood(Ends);
    TestReserves(Ends);
    TestLeaks(Ends);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of connections. */
#include "lpcp.h"

void LpcpAnswerAll(PLPCP_PORT Port, NTSTATUS Status)
{
    while (!IsListEmpty(&Port->Requests)) {
        LpcpAnswer(CONTAINING_RECORD(Port->Requests.Flink, LPCP_MESSAGE, SourceEntry), NULL,
                   Status);
        KeGiveWay();
    }
}

/* The server is told that its client has closed its port. */
static void SayFarewell(PLPCP_PORT Client, PLPCP_PORT Server)
{
    PLPCP_MESSAGE Message = Client->Farewell;

    if (!Message)
        return;
    Client->Farewell = NULL;
    Message->Context = Server->Context;
    Message->Header.MessageId = LpcpNextMessageId();
    LpcpQueueMessage(Message, LpcpQueueOf(Server), TRUE);
}

#define NOBODY_WAITS (MAXLONG / 2) /* however many come; it leaves room to be raised further */

/* Nothing arrives any more: those that wait for messages go home, and nobody waits again. */
void LpcpEndReceiving(PLPCP_PORT Port)
{
    LONG Previous;

    Port->Closed = TRUE;
    if (Port->Ready.Header.SignalState < NOBODY_WAITS / 2)
        KeReleaseSemaphore(&Port->Ready, NOBODY_WAITS, &Previous);
}

static void CloseClient(PLPCP_PORT Client)
{
    LpcpEndReceiving(Client);
    LpcpAnswerAll(Client, STATUS_PORT_DISCONNECTED);
}

static void CloseServer(PLPCP_PORT Server)
{
    PLPCP_MESSAGE Pending = Server->Pending;

    Server->Closed = TRUE;
    Server->Pending = NULL;
    if (Pending && Pending->WantsAnswer)
        LpcpAnswer(Pending, NULL, STATUS_PORT_CONNECTION_REFUSED);
    if (Pending)
        LpcpDereferenceMessage(Pending);
    LpcpAnswerAll(Server, STATUS_PORT_DISCONNECTED);
}

static void Part(PLPCP_PORT Client, PLPCP_PORT Server)
{
    Client->Peer = Server->Peer = NULL;
    Client->Closed = Server->Closed = TRUE;
    ObReferenceObject(Client);
    ObReferenceObject(Server);
    SayFarewell(Client, Server);
    CloseClient(Client);
    CloseServer(Server);
    ObDereferenceObject(Client);
    ObDereferenceObject(Server);
}

/* A client that has not waited to be accepted does not want it any more. */
static void WithdrawRequest(PLPCP_PORT Client)
{
    PLPCP_MESSAGE Pending = Client->Pending;

    if (!Pending)
        return;
    Client->Pending = NULL;
    if (Pending->WantsAnswer)
        LpcpAnswer(Pending, NULL, STATUS_PORT_DISCONNECTED);
    LpcpDereferenceMessage(Pending);
}

void LpcpDisconnect(PLPCP_PORT Port)
{
    Port->Closed = TRUE;
    if (Port->Kind == LpcpClientPort)
        WithdrawRequest(Port);
    if (Port->Peer && Port->Kind == LpcpClientPort)
        Part(Port, Port->Peer);
    else if (Port->Peer)
        Part(Port->Peer, Port);
    else
        LpcpAnswerAll(Port, STATUS_PORT_DISCONNECTED);
    if (Port->Kind == LpcpServerPort)
        CloseServer(Port);
    else if (Port->Kind != LpcpConnectionPort)
        LpcpPurgeQueue(Port);
}

/* Connections that there are go on; the queue is that of their servers' ports too. */
void LpcpCloseConnectionPort(PLPCP_PORT Port)
{
    Port->Closed = TRUE;
    LpcpAnswerAll(Port, STATUS_OBJECT_NAME_NOT_FOUND);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC: what comes by LPC's own services is never longer than there is room for. */
#include "alpcport.h"

#define CANARY 0x5c

/* A buffer, and what lies behind the room that is told of. */
static struct {
    ALPC_MESSAGE Message;
    SIZE_T Length;
    HANDLE Port;
} Short;

static void Prepare(ULONG Data)
{
    memset(&Short.Message, CANARY, sizeof(Short.Message));
    Fill(&Short.Message, 4, 0);
    Short.Length = sizeof(PORT_MESSAGE) + Data;
}

static BOOLEAN IsIntact(ULONG Data)
{
    for (; Data < ALPC_DATA; Data++)
        if (Short.Message.Data[Data] != CANARY)
            return FALSE;
    return TRUE;
}

static void Lengthen(PALPC_MESSAGE Message, ULONG Length)
{
    memset(Message->Data, 0x11, sizeof(Message->Data));
    Message->Header.u1.s1.DataLength = (CSHORT)Length;
    Message->Header.u1.s1.TotalLength = (CSHORT)(sizeof(PORT_MESSAGE) + Length);
}

/* With as much room for the answer as there is for the message, and 8 bytes for replies. */
static NTSTATUS NTAPI ConnectShort(PVOID Argument)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(0);
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, ALPC_PORT);
    Prepare(4);
    return NtAlpcConnectPort(&Short.Port, &Name, NULL, &Attributes, ALPC_MSGFLG_SYNC_REQUEST, NULL,
                             &Short.Message.Header, &Short.Length, NULL, NULL, NULL);
}

static NTSTATUS NTAPI AskShort(PVOID Port)
{
    Prepare(8);
    return NtAlpcSendWaitReceivePort(Port, ALPC_MSGFLG_SYNC_REQUEST, &Short.Message.Header, NULL,
                                     &Short.Message.Header, &Short.Length, NULL, NULL);
}

static void TestAnswer(HANDLE Listener, BOOLEAN Accept, PHANDLE Server)
{
    HANDLE Thread = StartThread(ConnectShort, NULL);
    ALPC_MESSAGE Message;

    ok_status(NtListenPort(Listener, &Message.Header), STATUS_SUCCESS, "an ALPC client asks");
    Lengthen(&Message, 200);
    ok_status(NtAcceptConnectPort(Server, NULL, &Message.Header, Accept, NULL, NULL),
              STATUS_SUCCESS, "a long answer by LPC");
    if (Accept)
        NtCompleteConnectPort(*Server);
    ok_status(EndOfThread(Thread), Accept ? STATUS_SUCCESS : STATUS_PORT_CONNECTION_REFUSED,
              "the client gets it");
    ok(Short.Message.Header.u1.s1.DataLength == 4 && Short.Message.Data[3] == 0x11 && IsIntact(4) &&
           Short.Length == sizeof(PORT_MESSAGE) + 4,
       "as much as it has room for");
}

static void TestReply(HANDLE Listener, HANDLE Server)
{
    HANDLE Thread = StartThread(AskShort, Short.Port);
    ALPC_MESSAGE Message;

    NtReplyWaitReceivePort(Listener, NULL, NULL, &Message.Header);
    Lengthen(&Message, 200);
    ok_status(NtReplyPort(Server, &Message.Header), STATUS_SUCCESS, "a long reply by LPC");
    ok_status(EndOfThread(Thread), STATUS_BUFFER_TOO_SMALL, "is too long for who waits");
    ok(IsIntact(4) && Short.Length == sizeof(PORT_MESSAGE) + 200, "who learns how long");
    Thread = StartThread(AskShort, Short.Port);
    NtReplyWaitReceivePort(Listener, NULL, NULL, &Message.Header);
    Lengthen(&Message, 8);
    ok_status(NtReplyPort(Server, &Message.Header), STATUS_SUCCESS, "a short one");
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "comes");
    ok(Short.Message.Data[7] == 0x11 && IsIntact(8), "as it is");
}

/* ---- An LPC client of a port with long messages ---- */

static NTSTATUS NTAPI OldAsk(PVOID Port)
{
    Prepare(0);
    return NtRequestWaitReplyPort(Port, &Short.Message.Header, &Short.Message.Header);
}

static void TestQuestion(HANDLE Listener, HANDLE Client)
{
    HANDLE Thread = StartThread(OldAsk, Client);
    ALPC_MESSAGE Message;

    NtReplyWaitReceivePort(Listener, NULL, NULL, &Message.Header);
    Lengthen(&Message, 900);
    Message.Header.u2.s2.Type = LPC_REQUEST;
    ok_status(NtRequestWaitReplyPort(Listener, &Message.Header, &Message.Header),
              STATUS_PORT_MESSAGE_TOO_LONG, "a question that is too long for LPC");
    Lengthen(&Message, 4);
    ok_status(NtReplyPort(Listener, &Message.Header), STATUS_SUCCESS, "a short reply");
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "comes");
    ok(IsIntact(4), "alone");
}

static void TestOldClient(void)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(ALPC_PORFLG_ALLOW_LPC_REQUESTS);
    HANDLE Listener, Client = NULL, Server = NULL, Thread;
    ALPC_MESSAGE Message;

    AlpcListen(&Listener, &Attributes);
    Thread = StartThread(AlpcOldConnect, &Client);
    NtListenPort(Listener, &Message.Header);
    NtAcceptConnectPort(&Server, NULL, &Message.Header, TRUE, NULL, NULL);
    NtCompleteConnectPort(Server);
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "an LPC client of a port with long messages");
    Fill(&Message, 900, 0);
    ok_status(NtRequestPort(Server, &Message.Header), STATUS_PORT_MESSAGE_TOO_LONG,
              "gets no longer ones than LPC has");
    Fill(&Message, 200, 0);
    ok_status(NtRequestPort(Server, &Message.Header), STATUS_SUCCESS, "but such as these");
    TestQuestion(Listener, Client);
    NtClose(Client);
    NtClose(Server);
    NtClose(Listener);
}

void TestAlpcRoom(void)
{
    HANDLE Listener, Server = NULL;

    NtCreatePort(&Listener, Named(ALPC_PORT, 0), 64, PORT_MAXIMUM_MESSAGE_LENGTH, 0);
    TestAnswer(Listener, FALSE, &Server);
    TestAnswer(Listener, TRUE, &Server);
    TestReply(Listener, Server);
    NtClose(Short.Port);
    NtClose(Server);
    NtClose(Listener);
    TestOldClient();
}

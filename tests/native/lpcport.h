/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of ports share: a port with its server, and a connection to it. */
#pragma once
#include "waiting.h"

#define LPC_PORT u"\\BaseNamedObjects\\UmLpc"
#define LPC_CONTEXT ((PVOID)0x77)

typedef struct _LPC_MESSAGE {
    PORT_MESSAGE Header;
    UCHAR Data[PORT_MAXIMUM_MESSAGE_LENGTH - sizeof(PORT_MESSAGE)];
} LPC_MESSAGE, *PLPC_MESSAGE;

/* A message of Length bytes that begin with Byte. */
static inline void Fill(PLPC_MESSAGE Message, ULONG Length, UCHAR Byte)
{
    memset(Message, 0, sizeof(Message->Header));
    Message->Header.u1.s1.DataLength = (CSHORT)Length;
    Message->Header.u1.s1.TotalLength = (CSHORT)(sizeof(PORT_MESSAGE) + Length);
    for (ULONG i = 0; i < Length && i < sizeof(Message->Data); i++)
        Message->Data[i] = (UCHAR)(Byte + i);
}

static inline NTSTATUS Connect(PHANDLE Port, PCWSTR Name)
{
    SECURITY_QUALITY_OF_SERVICE SecurityQos = {sizeof(SecurityQos), SecurityImpersonation,
                                               SECURITY_DYNAMIC_TRACKING, TRUE};
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Name);
    return NtConnectPort(Port, &String, &SecurityQos, NULL, NULL, NULL, NULL, NULL);
}

static inline NTSTATUS Receive(HANDLE Port, PVOID *Context, PLPC_MESSAGE Message, LONG Milliseconds)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(Milliseconds)};

    return NtReplyWaitReceivePortEx(Port, Context, NULL, &Message->Header, &Limit);
}

/* Accepts the next connection; its server's port, NULL: it failed. */
static inline HANDLE Accept(HANDLE Listener)
{
    LPC_MESSAGE Request;
    HANDLE Port = NULL;

    if (!NT_SUCCESS(NtListenPort(Listener, &Request.Header)) ||
        !NT_SUCCESS(NtAcceptConnectPort(&Port, LPC_CONTEXT, &Request.Header, TRUE, NULL, NULL)) ||
        !NT_SUCCESS(NtCompleteConnectPort(Port)))
        return NULL;
    return Port;
}

static inline NTSTATUS CreateListener(PHANDLE Listener)
{
    return NtCreatePort(Listener, Named(LPC_PORT, 0), 64, PORT_MAXIMUM_MESSAGE_LENGTH, 0);
}

/* A thread that connects, and ends with the status; its handle is in ConnectedPort then. */
extern HANDLE ConnectedPort;
NTSTATUS NTAPI ConnectThread(PVOID Name);
/* A connection with both ends in this process: Ends[0] is the client's, Ends[1] the server's. */
BOOLEAN MakeConnection(HANDLE Listener, HANDLE Ends[2]);

void TestLpcConnections(void);

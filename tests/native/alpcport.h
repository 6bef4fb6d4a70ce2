/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of ALPC share: a port, connections to it, and messages. */
#pragma once
#include "waiting.h"

#define ALPC_PORT u"\\BaseNamedObjects\\UmAlpc"
#define ALPC_CONTEXT ((PVOID)0x99)
#define ALPC_DATA 1000

typedef struct _ALPC_MESSAGE {
    PORT_MESSAGE Header;
    UCHAR Data[ALPC_DATA];
} ALPC_MESSAGE, *PALPC_MESSAGE;

/* Room for every attribute. */
typedef union _ALPC_ROOM {
    ALPC_MESSAGE_ATTRIBUTES Header;
    UCHAR Bytes[200];
} ALPC_ROOM, *PALPC_ROOM;

#define TYPE_OF(message) ((message)->Header.u2.s2.Type & 0xff)

/* A new message of Length bytes that begin with Byte. */
static inline void Fill(PALPC_MESSAGE Message, ULONG Length, UCHAR Byte)
{
    memset(&Message->Header, 0, sizeof(Message->Header));
    Message->Header.u1.s1.DataLength = (CSHORT)Length;
    Message->Header.u1.s1.TotalLength = (CSHORT)(sizeof(PORT_MESSAGE) + Length);
    for (ULONG i = 0; i < Length && i < sizeof(Message->Data); i++)
        Message->Data[i] = (UCHAR)(Byte + i);
}

/* Room for the attributes; none is valid. */
static inline PALPC_MESSAGE_ATTRIBUTES Allocate(PALPC_ROOM Room, ULONG Flags)
{
    SIZE_T Size;

    memset(Room, 0, sizeof(*Room));
    AlpcInitializeMessageAttribute(Flags, &Room->Header, sizeof(*Room), &Size);
    return &Room->Header;
}

static inline PVOID Attribute(PALPC_ROOM Room, ULONG Flag)
{
    return AlpcGetMessageAttribute(&Room->Header, Flag);
}

static inline NTSTATUS SendWith(HANDLE Port, ULONG Flags, PALPC_MESSAGE Message, PALPC_ROOM Room)
{
    return NtAlpcSendWaitReceivePort(Port, Flags, &Message->Header, Room ? &Room->Header : NULL,
                                     NULL, NULL, NULL, NULL);
}

static inline NTSTATUS Send(HANDLE Port, ULONG Flags, PALPC_MESSAGE Message)
{
    return SendWith(Port, Flags, Message, NULL);
}

static inline NTSTATUS ReceiveWith(HANDLE Port, PALPC_MESSAGE Message, PALPC_ROOM Room,
                                   LONG Milliseconds)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(Milliseconds)};
    SIZE_T Length = sizeof(*Message);

    return NtAlpcSendWaitReceivePort(Port, 0, NULL, NULL, &Message->Header, &Length,
                                     Room ? &Room->Header : NULL, &Limit);
}

static inline NTSTATUS Receive(HANDLE Port, PALPC_MESSAGE Message, LONG Milliseconds)
{
    return ReceiveWith(Port, Message, NULL, Milliseconds);
}

/* A request whose reply replaces it, waited for at most so long. */
static inline NTSTATUS AskWith(HANDLE Port, PALPC_MESSAGE Message, PALPC_ROOM Sent,
                               PALPC_ROOM Received, LONG Milliseconds)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(Milliseconds)};
    SIZE_T Length = sizeof(*Message);

    return NtAlpcSendWaitReceivePort(Port, ALPC_MSGFLG_SYNC_REQUEST, &Message->Header,
                                     Sent ? &Sent->Header : NULL, &Message->Header, &Length,
                                     Received ? &Received->Header : NULL, &Limit);
}

static inline NTSTATUS Ask(HANDLE Port, PALPC_MESSAGE Message, LONG Milliseconds)
{
    return AskWith(Port, Message, NULL, NULL, Milliseconds);
}

static inline NTSTATUS Reply(HANDLE Port, PALPC_MESSAGE Message)
{
    return Send(Port, ALPC_MSGFLG_RELEASE_MESSAGE, Message);
}

static inline ALPC_PORT_ATTRIBUTES PortAttributes(ULONG Flags)
{
    return (ALPC_PORT_ATTRIBUTES){
        .Flags = Flags,
        .SecurityQos = {sizeof(SECURITY_QUALITY_OF_SERVICE), SecurityImpersonation,
                        SECURITY_DYNAMIC_TRACKING, FALSE},
        .MaxMessageLength = sizeof(ALPC_MESSAGE),
        .DupObjectTypes = ALPC_PORFLG_OBJECT_TYPE_EVENT | ALPC_PORFLG_OBJECT_TYPE_SECTION,
    };
}

#define BOTH_FLAGS (ALPC_PORFLG_ALLOW_IMPERSONATION | ALPC_PORFLG_ALLOW_DUP_OBJECT)

/* A connection with both ends in this process, and the port that it is to. */
typedef struct _ALPC_ENDS {
    HANDLE Listener, Client, Server;
} ALPC_ENDS, *PALPC_ENDS;

NTSTATUS AlpcListen(PHANDLE Listener, PALPC_PORT_ATTRIBUTES Attributes);
/* Without waiting, or with ALPC_MSGFLG_SYNC_REQUEST for at most 5 seconds. */
NTSTATUS AlpcConnect(PHANDLE Port, PALPC_PORT_ATTRIBUTES Attributes, ULONG Flags);
/* Accepts the next connection; NULL: it failed. */
/* A thread: connects by NtConnectPort, LPC's own service, for the handle at Result. */
NTSTATUS NTAPI AlpcOldConnect(PVOID Result);
HANDLE AlpcAccept(HANDLE Listener, PALPC_PORT_ATTRIBUTES Attributes);
/* A connection to Ends->Listener. */
BOOLEAN AlpcJoin(PALPC_ENDS Ends);
void AlpcPart(PALPC_ENDS Ends);           /* closes both ends, and forgets what has come */
void AlpcForget(HANDLE Port);             /* receives all that has come */
NTSTATUS NTAPI AlpcAskThread(PVOID Port); /* asks for one byte, and ends with it */

void TestAlpcConnections(void);
void TestAlpcRoom(void);
void TestAlpcMessages(PALPC_ENDS Ends);
void TestAlpcAttributes(PALPC_ENDS Ends);
void TestAlpcSections(PALPC_ENDS Ends);
void TestAlpcSecurity(PALPC_ENDS Ends);
void TestAlpcInformation(PALPC_ENDS Ends);
void TestAlpcEnds(PALPC_ENDS Ends);
void TestAlpcLimits(PALPC_ENDS Ends);

/* SPDX-License-Identifier: BSD-2-Clause */
/* The client's half of an ALPC connection. */
#include "alpcp.h"

/* What NtAlpcConnectPort is given. */
typedef struct _CONNECT {
    CLIENT(PHANDLE) PortHandle;
    OB_ATTRIBUTES Server, Client; /* captured: whom to connect to; the handle */
    ALPC_PORT_ATTRIBUTES Attributes;
    ULONG Flags;
    CLIENT(PSID) RequiredSid;
    CLIENT(PPORT_MESSAGE) Message;
    CLIENT(PSIZE_T) BufferLength;
    CLIENT(PALPC_MESSAGE_ATTRIBUTES) SentAttributes;
    CLIENT(PALPC_MESSAGE_ATTRIBUTES) ReceivedAttributes;
    ULONG Room; /* for the server's answer, with the header */
    LARGE_INTEGER Limit;
    PLARGE_INTEGER Timeout;
} CONNECT, *PCONNECT;

static BOOLEAN Waits(PCONNECT Connect)
{
    return (Connect->Flags & ALPC_MSGFLG_SYNC_REQUEST) != 0;
}

/* ---- The new port ---- */

static NTSTATUS FindServer(PCONNECT Connect, PLPCP_PORT *Server)
{
    NTSTATUS Status = ObReferenceObjectByAttributes(&Connect->Server, PORT_CONNECT,
                                                    LpcPortObjectType, NULL, (PVOID *)Server);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = (*Server)->Kind == LpcpConnectionPort ? STATUS_SUCCESS : STATUS_INVALID_PORT_HANDLE;
    if (NT_SUCCESS(Status) && Connect->RequiredSid)
        Status = SeCheckUser((*Server)->Process, Connect->RequiredSid);
    if (!NT_SUCCESS(Status))
        ObDereferenceObject(*Server);
    return Status;
}

/* With static tracking the server acts for who the client is now. */
static NTSTATUS SetSecurity(PCONNECT Connect, PLPCP_PORT Port)
{
    NTSTATUS Status;

    Port->SecurityQos = Connect->Attributes.SecurityQos;
    if (!(Connect->Attributes.Flags & ALPC_PORFLG_ALLOW_IMPERSONATION) ||
        Port->SecurityQos.ContextTrackingMode != SECURITY_STATIC_TRACKING)
        return STATUS_SUCCESS;
    Status = SeCreateClientToken(PsGetCurrentThread(), &Port->SecurityQos, &Port->ClientToken);
    if (!NT_SUCCESS(Status))
        Port->ClientToken = NULL;
    return Status;
}

static NTSTATUS SetUp(PCONNECT Connect, PLPCP_PORT Port, PLPCP_PORT Server)
{
    Port->IsAlpc = TRUE;
    AlpcpSetAttributes(Port, &Connect->Attributes, Server->MaximumMessage);
    Port->CanWait = (Connect->Attributes.Flags & ALPC_PORFLG_WAITABLE_PORT) != 0;
    Port->Waitable.Header.SignalState = !Port->CanWait;
    Port->Farewell = LpcpAllocateMessage(sizeof(CLIENT_DIED_MSG));
    if (!Port->Farewell)
        return STATUS_NO_MEMORY;
    LpcpMakeFarewell(Port);
    return SetSecurity(Connect, Port);
}

/* ---- The request ---- */

static NTSTATUS EmptyMessage(PLPCP_MESSAGE *Message)
{
    *Message = LpcpAllocateMessage(sizeof(PORT_MESSAGE));
    if (!*Message)
        return STATUS_NO_MEMORY;
    LpcpMakeHeader(*Message, LPC_CONNECTION_REQUEST, 0, PsGetCurrentThread());
    return STATUS_SUCCESS;
}

static NTSTATUS AttachToRequest(PCONNECT Connect, PLPCP_PORT Port, PLPCP_PORT Server,
                                PLPCP_MESSAGE Request)
{
    ALPCP_BUFFER Buffer;
    NTSTATUS Status = AlpcpReadAttributes(Connect->SentAttributes, &Buffer);

    return NT_SUCCESS(Status) ? AlpcpAttach(Port, Server, &Buffer, Request) : Status;
}

static NTSTATUS MakeRequest(PCONNECT Connect, PLPCP_PORT Port, PLPCP_PORT Server,
                            PLPCP_MESSAGE *Request)
{
    NTSTATUS Status = Connect->Message
                          ? LpcpCaptureMessage(Connect->Message, Port->MaximumMessage, Request)
                          : EmptyMessage(Request);

    if (!NT_SUCCESS(Status))
        return Status;
    (*Request)->Header.u2.ZeroInit = LPC_CONNECTION_REQUEST;
    (*Request)->Header.MessageId = 0;
    (*Request)->Header.ClientViewSize = 0;
    Status = AlpcpCharge(Port, Waits(Connect) ? Connect->Room : 0, Request);
    if (NT_SUCCESS(Status) && Connect->SentAttributes)
        Status = AttachToRequest(Connect, Port, Server, *Request);
    if (!NT_SUCCESS(Status))
        LpcpDereferenceMessage(*Request);
    return Status;
}

/* It waits in the server's queue, and then for NtAlpcAcceptConnectPort. */
static NTSTATUS Ask(PCONNECT Connect, PLPCP_PORT Port, PLPCP_PORT Server, PLPCP_MESSAGE Request)
{
    if (Server->Closed)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    LpcpSetSource(Request, Port);
    LpcpInsertPending(Request);
    InsertTailList(&Server->Requests, &Request->SourceEntry);
    if (!Waits(Connect)) {
        Request->Sender = NULL;
        Port->Pending = Request;
        LpcpReferenceMessage(Request);
    }
    LpcpQueueMessage(Request, Server, TRUE);
    if (!Waits(Connect))
        return STATUS_SUCCESS;
    return LpcpWaitForAnswer(Request, (Connect->Flags & ALPC_MSGFLG_WAIT_ALERTABLE) != 0,
                             Connect->Timeout);
}

/* ---- The answer ---- */

static NTSTATUS ReturnAttributes(PCONNECT Connect, PLPCP_MESSAGE Request, PLPCP_MESSAGE Reply)
{
    ALPCP_BUFFER Buffer;
    NTSTATUS Status = AlpcpReadAttributes(Connect->ReceivedAttributes, &Buffer);

    return NT_SUCCESS(Status) ? AlpcpReturnAttributes(Reply, Request->MessageContext, &Buffer,
                                                      Connect->ReceivedAttributes)
                              : Status;
}

/* Also of a refusal. */
static NTSTATUS ReturnReply(PCONNECT Connect, PLPCP_MESSAGE Request)
{
    PLPCP_MESSAGE Reply = Request->Reply;
    NTSTATUS Status = STATUS_SUCCESS;
    SIZE_T Length;

    if (!Waits(Connect) || !Reply)
        return STATUS_SUCCESS;
    Length = sizeof(PORT_MESSAGE) + (USHORT)Reply->Header.u1.s1.DataLength;
    if (Connect->Message)
        Status = LpcpReturnMessage(Connect->Message, Reply);
    if (NT_SUCCESS(Status) && Connect->BufferLength)
        Status = MmWriteClient(Connect->BufferLength, &Length);
    if (NT_SUCCESS(Status) && Connect->ReceivedAttributes)
        Status = ReturnAttributes(Connect, Request, Reply);
    return Status;
}

static NTSTATUS Exchange(PCONNECT Connect, PLPCP_PORT Port, PLPCP_PORT Server)
{
    PLPCP_MESSAGE Request;
    NTSTATUS Status = MakeRequest(Connect, Port, Server, &Request), ReplyStatus;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Ask(Connect, Port, Server, Request);
    ReplyStatus = ReturnReply(Connect, Request);
    if (Status == STATUS_SUCCESS)
        Status = ReplyStatus;
    LpcpDereferenceMessage(Request);
    return Status;
}

static NTSTATUS ConnectTo(PCONNECT Connect, PLPCP_PORT Port, PLPCP_PORT Server)
{
    NTSTATUS Status = SetUp(Connect, Port, Server);

    if (NT_SUCCESS(Status))
        Status = Exchange(Connect, Port, Server);
    if (Status == STATUS_SUCCESS) {
        ObReferenceObject(Port);
        Status = ObInsertObject(Port, &Connect->Client, PORT_ALL_ACCESS, Connect->PortHandle);
    }
    if (Status != STATUS_SUCCESS)
        LpcpDisconnect(Port);
    return Status;
}

static NTSTATUS ConnectPort(PCONNECT Connect)
{
    PLPCP_PORT Port, Server;
    NTSTATUS Status = FindServer(Connect, &Server);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = LpcpCreatePort(LpcpClientPort, &Port);
    if (NT_SUCCESS(Status)) {
        Status = ConnectTo(Connect, Port, Server);
        ObDereferenceObject(Port);
    }
    ObDereferenceObject(Server);
    return Status;
}

/* ---- Services ---- */

/* A server's answer that is longer than Room is cut off. */
static NTSTATUS CaptureBuffer(PCONNECT Connect)
{
    PORT_MESSAGE Header;
    SIZE_T Length;
    NTSTATUS Status;

    Connect->Room = sizeof(PORT_MESSAGE);
    if (!Connect->Message)
        return STATUS_SUCCESS;
    Status = MmProbeForWrite(Connect->Message, sizeof(PORT_MESSAGE));
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Header, Connect->Message);
    if (!NT_SUCCESS(Status))
        return Status;
    Length = (USHORT)Header.u1.s1.TotalLength;
    if (Connect->BufferLength) {
        Status = MmProbeForWrite(Connect->BufferLength, sizeof(SIZE_T));
        if (NT_SUCCESS(Status))
            Status = MmReadClient(&Length, Connect->BufferLength);
    }
    if (Length > ALPC_MAXIMUM_MESSAGE_LENGTH)
        Length = ALPC_MAXIMUM_MESSAGE_LENGTH;
    if (Length > Connect->Room)
        Connect->Room = (ULONG)Length;
    return Status;
}

static NTSTATUS Capture(PCONNECT Connect, CLIENT(PALPC_PORT_ATTRIBUTES) PortAttributes,
                        CLIENT(PLARGE_INTEGER) Timeout)
{
    NTSTATUS Status;

    if (Connect->Flags & ~(ULONG)(ALPC_MSGFLG_SYNC_REQUEST | ALPC_MSGFLG_WAIT_USER_MODE |
                                  ALPC_MSGFLG_WAIT_ALERTABLE))
        return STATUS_INVALID_PARAMETER;
    Status = MmProbeForWrite(Connect->PortHandle, sizeof(HANDLE));
    if (NT_SUCCESS(Status))
        Status = AlpcpCaptureAttributes(PortAttributes, &Connect->Attributes);
    if (NT_SUCCESS(Status))
        Status = CaptureBuffer(Connect);
    if (NT_SUCCESS(Status) && Connect->ReceivedAttributes)
        Status = AlpcpProbeAttributes(Connect->ReceivedAttributes);
    if (!NT_SUCCESS(Status) || !Timeout)
        return Status;
    Connect->Timeout = &Connect->Limit;
    return MmReadClient(&Connect->Limit, Timeout);
}

/* With the server's name captured, which this frees. */
static NTSTATUS ConnectWith(PCONNECT Connect, CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    NTSTATUS Status = ObCaptureAttributes(&Connect->Client, ObjectAttributes);

    if (NT_SUCCESS(Status)) {
        Status = Connect->Client.Name.Length ? STATUS_INVALID_PARAMETER : ConnectPort(Connect);
        ObFreeAttributes(&Connect->Client);
    }
    ObFreeAttributes(&Connect->Server);
    return Status;
}

/*
 * NtAlpcConnectPort: connects to a port by name. With ALPC_MSGFLG_SYNC_REQUEST until the server
 * accepts: its answer replaces ConnectionMessage as far as *BufferLength (NULL: the message's
 * TotalLength) allows, also when it refuses. Else at once: LPC_CONNECTION_REPLY comes to the port's
 * queue, or receiving ends with STATUS_PORT_DISCONNECTED if it is refused. PortAttributes are the
 * client's port's; it is no longer a message than the server's. The attributes go with the message
 * and come with the answer. ObjectAttributes are the handle's.
 * Returns STATUS_PORT_CONNECTION_REFUSED, STATUS_TIMEOUT, STATUS_INVALID_PORT_HANDLE (nobody can
 * connect to that port), STATUS_OBJECT_NAME_NOT_FOUND (also when the port goes meanwhile),
 * STATUS_SERVER_SID_MISMATCH, STATUS_INVALID_SID, STATUS_INVALID_PARAMETER (flags, attributes, the
 * header, a name for the client's port), STATUS_PORT_MESSAGE_TOO_LONG,
 * STATUS_BAD_IMPERSONATION_LEVEL, STATUS_QUOTA_EXCEEDED, STATUS_NO_MEMORY, STATUS_ACCESS_DENIED,
 * STATUS_ACCESS_VIOLATION, and what names, attributes and handles may give.
 */
NTSTATUS NtAlpcConnectPort(CLIENT(PHANDLE) PortHandle, CLIENT(PUNICODE_STRING) PortName,
                           CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                           CLIENT(PALPC_PORT_ATTRIBUTES) PortAttributes, ULONG Flags,
                           CLIENT(PSID) RequiredServerSid, CLIENT(PPORT_MESSAGE) ConnectionMessage,
                           CLIENT(PSIZE_T) BufferLength,
                           CLIENT(PALPC_MESSAGE_ATTRIBUTES) OutMessageAttributes,
                           CLIENT(PALPC_MESSAGE_ATTRIBUTES) InMessageAttributes,
                           CLIENT(PLARGE_INTEGER) Timeout)
{
    CONNECT Connect = {.PortHandle = PortHandle,
                       .Server.Attributes = OBJ_CASE_INSENSITIVE,
                       .Flags = Flags,
                       .RequiredSid = RequiredServerSid,
                       .Message = ConnectionMessage,
                       .BufferLength = BufferLength,
                       .SentAttributes = OutMessageAttributes,
                       .ReceivedAttributes = InMessageAttributes};
    NTSTATUS Status = Capture(&Connect, PortAttributes, Timeout);

    if (NT_SUCCESS(Status))
        Status = ExCaptureUnicodeString(&Connect.Server.Name, PortName, UNICODE_STRING_MAX_BYTES);
    return NT_SUCCESS(Status) ? ConnectWith(&Connect, ObjectAttributes) : Status;
}

/*
 * NtAlpcConnectPortEx: the same with the server's name in object attributes. What a server's
 * security must be is not looked at: STATUS_NOT_SUPPORTED.
 */
NTSTATUS NtAlpcConnectPortEx(CLIENT(PHANDLE) PortHandle,
                             CLIENT(POBJECT_ATTRIBUTES) ConnectionPortObjectAttributes,
                             CLIENT(POBJECT_ATTRIBUTES) ClientPortObjectAttributes,
                             CLIENT(PALPC_PORT_ATTRIBUTES) PortAttributes, ULONG Flags,
                             CLIENT(PSECURITY_DESCRIPTOR) ServerSecurityRequirements,
                             CLIENT(PPORT_MESSAGE) ConnectionMessage, CLIENT(PSIZE_T) BufferLength,
                             CLIENT(PALPC_MESSAGE_ATTRIBUTES) OutMessageAttributes,
                             CLIENT(PALPC_MESSAGE_ATTRIBUTES) InMessageAttributes,
                             CLIENT(PLARGE_INTEGER) Timeout)
{
    CONNECT Connect = {.PortHandle = PortHandle,
                       .Flags = Flags,
                       .Message = ConnectionMessage,
                       .BufferLength = BufferLength,
                       .SentAttributes = OutMessageAttributes,
                       .ReceivedAttributes = InMessageAttributes};
    NTSTATUS Status = Capture(&Connect, PortAttributes, Timeout);

    if (NT_SUCCESS(Status) && ServerSecurityRequirements)
        Status = STATUS_NOT_SUPPORTED;
    if (NT_SUCCESS(Status))
        Status = ObCaptureAttributes(&Connect.Server, ConnectionPortObjectAttributes);
    return NT_SUCCESS(Status) ? ConnectWith(&Connect, ClientPortObjectAttributes) : Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The server's half of an ALPC connection. */
#include "alpcp.h"

/* What NtAlpcAcceptConnectPort is given. */
typedef struct _ACCEPT {
    CLIENT(PHANDLE) PortHandle;
    OB_ATTRIBUTES Object; /* captured */
    BOOLEAN HasAttributes;
    ALPC_PORT_ATTRIBUTES Attributes; /* captured */
    PVOID PortContext;
    CLIENT(PALPC_MESSAGE_ATTRIBUTES) SentAttributes;
} ACCEPT, *PACCEPT;

/* It is no more open than the connection port, if nothing else is said, and sends nothing longer
 * than its client takes. */
static void SetUp(PACCEPT Accept, PLPCP_PORT Server, PLPCP_MESSAGE Request)
{
    PLPCP_PORT Listener = Request->Target;
    USHORT Maximum = Listener->MaximumMessage;

    if (Maximum > Request->Source->MaximumMessage)
        Maximum = Request->Source->MaximumMessage;
    if (!Accept->HasAttributes) {
        Accept->Attributes.Flags = Listener->Alpc.Flags;
        Accept->Attributes.DupObjectTypes = Listener->Alpc.HandleTypes;
        Accept->Attributes.MaxSectionSize = Listener->Alpc.MaximumSection;
        Accept->Attributes.MaxViewSize = Listener->Alpc.MaximumView;
        Accept->Attributes.MaxTotalSectionSize = Listener->Alpc.MaximumSections;
        Accept->Attributes.MaxPoolUsage = Listener->MaximumQueued;
    }
    Server->IsAlpc = TRUE;
    AlpcpSetAttributes(Server, &Accept->Attributes, Maximum);
    Server->ConnectionPort = Listener;
    ObReferenceObject(Listener);
    Server->Context = Accept->PortContext;
}

static NTSTATUS AttachToReply(PACCEPT Accept, PLPCP_PORT Server, PLPCP_PORT Client,
                              PLPCP_MESSAGE Reply)
{
    ALPCP_BUFFER Buffer;
    NTSTATUS Status;

    if (!Accept->SentAttributes)
        return STATUS_SUCCESS;
    Status = AlpcpReadAttributes(Accept->SentAttributes, &Buffer);
    return NT_SUCCESS(Status) ? AlpcpAttach(Server, Client, &Buffer, Reply) : Status;
}

/* Both ports know each other before the server has a handle, and the client goes on after that. */
static NTSTATUS Connect(PACCEPT Accept, PLPCP_PORT Server, PLPCP_MESSAGE Request,
                        PLPCP_MESSAGE Reply)
{
    NTSTATUS Status = AttachToReply(Accept, Server, Request->Source, Reply);

    if (NT_SUCCESS(Status))
        Status = LpcpPrepareReply(Request, Reply);
    if (NT_SUCCESS(Status))
        Status = LpcpJoin(Server, Request, Reply);
    if (!NT_SUCCESS(Status))
        return Status;
    ObReferenceObject(Server);
    Status = ObInsertObject(Server, &Accept->Object, PORT_ALL_ACCESS, Accept->PortHandle);
    if (NT_SUCCESS(Status))
        LpcpComplete(Server);
    return Status;
}

static NTSTATUS MakeServer(PACCEPT Accept, PLPCP_MESSAGE Request, PLPCP_MESSAGE Reply)
{
    PLPCP_PORT Server;
    NTSTATUS Status = LpcpCreatePort(LpcpServerPort, &Server);

    if (!NT_SUCCESS(Status))
        return Status;
    SetUp(Accept, Server, Request);
    LpcpSetSource(Reply, Server);
    Status = Connect(Accept, Server, Request, Reply);
    if (!NT_SUCCESS(Status))
        LpcpDisconnect(Server);
    ObDereferenceObject(Server);
    return Status;
}

/* Referenced. Nobody else answers it from then on. */
static NTSTATUS FindRequest(PLPCP_PORT Listener, ULONG MessageId, PLPCP_MESSAGE *Request)
{
    NTSTATUS Status = AlpcpFindReceived(Listener, MessageId, Request);

    if (!NT_SUCCESS(Status))
        return Status;
    if (LPCP_TYPE(*Request) != LPC_CONNECTION_REQUEST)
        return STATUS_INVALID_MESSAGE;
    (*Request)->State = LpcpAnswered;
    LpcpReferenceMessage(*Request);
    return STATUS_SUCCESS;
}

static NTSTATUS Answer(PACCEPT Accept, PLPCP_MESSAGE Request, PLPCP_MESSAGE *Reply,
                       BOOLEAN AcceptConnection)
{
    NTSTATUS Status;

    (*Reply)->Header.u2.ZeroInit = LPC_CONNECTION_REPLY;
    Status = LpcpCutReply(Request, Reply);
    if (NT_SUCCESS(Status) && AcceptConnection)
        Status = MakeServer(Accept, Request, *Reply);
    if (!AcceptConnection || !NT_SUCCESS(Status))
        LpcpRefuse(Request, *Reply);
    return Status;
}

static NTSTATUS AnswerConnection(PACCEPT Accept, HANDLE ListenerHandle,
                                 CLIENT(PPORT_MESSAGE) ConnectionRequest, BOOLEAN AcceptConnection)
{
    PLPCP_MESSAGE Request, Reply;
    PLPCP_PORT Listener;
    NTSTATUS Status = LpcpReferencePort(ListenerHandle, &Listener);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Listener->Kind == LpcpConnectionPort
                 ? LpcpCaptureMessage(ConnectionRequest, Listener->MaximumMessage, &Reply)
                 : STATUS_INVALID_PORT_HANDLE;
    if (NT_SUCCESS(Status)) {
        Status = FindRequest(Listener, Reply->Header.MessageId, &Request);
        if (NT_SUCCESS(Status)) {
            Status = Answer(Accept, Request, &Reply, AcceptConnection);
            LpcpDereferenceMessage(Request);
        }
        LpcpDereferenceMessage(Reply);
    }
    ObDereferenceObject(Listener);
    return Status;
}

static NTSTATUS Capture(PACCEPT Accept, CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                        CLIENT(PALPC_PORT_ATTRIBUTES) PortAttributes)
{
    NTSTATUS Status = MmProbeForWrite(Accept->PortHandle, sizeof(HANDLE));

    Accept->HasAttributes = PortAttributes != NULL;
    if (NT_SUCCESS(Status))
        Status = AlpcpCaptureAttributes(PortAttributes, &Accept->Attributes);
    if (NT_SUCCESS(Status))
        Status = ObCaptureAttributes(&Accept->Object, ObjectAttributes);
    if (NT_SUCCESS(Status) && Accept->Object.Name.Length) {
        ObFreeAttributes(&Accept->Object);
        return STATUS_INVALID_PARAMETER;
    }
    return Status;
}

/*
 * NtAlpcAcceptConnectPort: answers a request to connect that has been received from the connection
 * port: refuses it, or makes the server's port of the connection and lets the client go on.
 * PortContext comes with each message of this client. ConnectionRequest (which has the request's
 * MessageId) and its attributes become the client's answer. PortAttributes NULL: as the connection
 * port's. Returns STATUS_MESSAGE_LOST, STATUS_INVALID_MESSAGE (no such request),
 * STATUS_REPLY_MESSAGE_MISMATCH (the client has gone meanwhile), STATUS_INVALID_PORT_HANDLE (no
 * connection port), STATUS_INVALID_PARAMETER (flags, attributes, the header, a name),
 * STATUS_PORT_MESSAGE_TOO_LONG, STATUS_QUOTA_EXCEEDED (the client has no room for the answer),
 * STATUS_NO_MEMORY, STATUS_ACCESS_VIOLATION, and what attributes and handles may give; the client
 * is refused if its request has been found.
 */
NTSTATUS NtAlpcAcceptConnectPort(CLIENT(PHANDLE) PortHandle, HANDLE ConnectionPortHandle,
                                 ULONG Flags, CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                 CLIENT(PALPC_PORT_ATTRIBUTES) PortAttributes, PVOID PortContext,
                                 CLIENT(PPORT_MESSAGE) ConnectionRequest,
                                 CLIENT(PALPC_MESSAGE_ATTRIBUTES) ConnectionMessageAttributes,
                                 BOOLEAN AcceptConnection)
{
    ACCEPT Accept = {.PortHandle = PortHandle,
                     .PortContext = PortContext,
                     .SentAttributes = ConnectionMessageAttributes};
    NTSTATUS Status = STATUS_SUCCESS;

    if (Flags)
        return STATUS_INVALID_PARAMETER;
    if (AcceptConnection)
        Status = Capture(&Accept, ObjectAttributes, PortAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = AnswerConnection(&Accept, ConnectionPortHandle, ConnectionRequest, AcceptConnection);
    if (AcceptConnection)
        ObFreeAttributes(&Accept.Object);
    return Status;
}

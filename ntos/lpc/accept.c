/* SPDX-License-Identifier: BSD-2-Clause */
/* The server's half of a connection. */
#include "lpcp.h"

/* What NtAcceptConnectPort is given. */
typedef struct _ACCEPT {
    CLIENT(PHANDLE) PortHandle;
    PVOID PortContext;
    CLIENT(PPORT_VIEW) ServerView;
    CLIENT(PREMOTE_PORT_VIEW) ClientView;
    PORT_VIEW View; /* captured */
    struct _MM_SECTION *Section;
} ACCEPT, *PACCEPT;

/*
 * NtListenPort: waits for the next request to connect to the port. Other messages are dropped.
 * Returns as NtReplyWaitReceivePort.
 */
NTSTATUS NtListenPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) ConnectionRequest)
{
    PLPCP_MESSAGE Message;
    PLPCP_PORT Port;
    BOOLEAN Found = FALSE;
    NTSTATUS Status = MmProbeForWrite(ConnectionRequest, sizeof(*ConnectionRequest));

    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    while (NT_SUCCESS(Status) && !Found) {
        Status = LpcpReceive(Port, FALSE, NULL, NULL, &Message);
        if (Status != STATUS_SUCCESS)
            break;
        Found = LPCP_TYPE(Message) == LPC_CONNECTION_REQUEST;
        if (Found)
            Status = LpcpReturnMessage(ConnectionRequest, Message);
        LpcpDereferenceMessage(Message);
    }
    ObDereferenceObject(Port);
    return Status;
}

static NTSTATUS CaptureAccept(PACCEPT Accept)
{
    NTSTATUS Status = MmProbeForWrite(Accept->PortHandle, sizeof(HANDLE));

    if (NT_SUCCESS(Status))
        Status = LpcpCheckRemoteView(Accept->ClientView);
    return NT_SUCCESS(Status) ? LpcpCaptureView(Accept->ServerView, &Accept->View, &Accept->Section)
                              : Status;
}

/* Each side's section in both processes. */
static NTSTATUS MapViews(PACCEPT Accept, PLPCP_PORT Server, PLPCP_PORT Client)
{
    LARGE_INTEGER Offset = {.QuadPart = Accept->View.SectionOffset};
    NTSTATUS Status = STATUS_SUCCESS;

    if (Accept->Section) {
        Server->OwnView.Size = Client->RemoteView.Size = Accept->View.ViewSize;
        Status = LpcpMapView(Server, Accept->Section, Offset, &Server->OwnView);
        if (NT_SUCCESS(Status))
            Status = LpcpMapView(Client, Accept->Section, Offset, &Client->RemoteView);
    }
    if (NT_SUCCESS(Status) && Client->Section) {
        Server->RemoteView.Size = Client->OwnView.Size;
        Status = LpcpMapView(Server, Client->Section, Client->SectionOffset, &Server->RemoteView);
    }
    return Status;
}

static NTSTATUS ReturnViews(PACCEPT Accept, PLPCP_PORT Server, PLPCP_PORT Client)
{
    NTSTATUS Status = LpcpReturnRemoteView(Accept->ClientView, &Server->RemoteView);

    if (!Accept->ServerView || !NT_SUCCESS(Status))
        return Status;
    Accept->View.ViewBase = Server->OwnView.Base;
    Accept->View.ViewSize = Server->OwnView.Size;
    Accept->View.ViewRemoteBase = Client->RemoteView.Base;
    return MmWriteClient(Accept->ServerView, &Accept->View);
}

/* From here on the two know each other, if the client still waits. */
NTSTATUS LpcpJoin(PLPCP_PORT Server, PLPCP_MESSAGE Request, PLPCP_MESSAGE Reply)
{
    PLPCP_PORT Client = Request->Source;

    if (!Request->WantsAnswer)
        return STATUS_REPLY_MESSAGE_MISMATCH;
    Request->Reply = Reply;
    LpcpReferenceMessage(Reply);
    Server->Peer = Client;
    Client->Peer = Server;
    Server->Pending = Request;
    LpcpReferenceMessage(Request);
    return STATUS_SUCCESS;
}

/* The port's own handle is its context if it is given none. */
static NTSTATUS InsertServer(PACCEPT Accept, PLPCP_PORT Server)
{
    OB_ATTRIBUTES None = {0};
    HANDLE Handle;
    NTSTATUS Status;

    ObReferenceObject(Server);
    Status = ObInsertObject(Server, &None, PORT_ALL_ACCESS, Accept->PortHandle);
    if (!NT_SUCCESS(Status))
        return Status;
    Server->Context = Accept->PortContext;
    if (!Accept->PortContext && NT_SUCCESS(MmReadClient(&Handle, Accept->PortHandle)))
        Server->Context = Handle;
    return STATUS_SUCCESS;
}

static NTSTATUS MakeServer(PACCEPT Accept, PLPCP_MESSAGE Request, PLPCP_MESSAGE Reply)
{
    PLPCP_PORT Server;
    NTSTATUS Status = LpcpCreatePort(LpcpServerPort, &Server);

    if (!NT_SUCCESS(Status))
        return Status;
    Server->ConnectionPort = Request->Target;
    ObReferenceObject(Server->ConnectionPort);
    Server->MaximumMessage = Request->Target->MaximumMessage;
    if (Server->MaximumMessage > Request->Source->MaximumMessage)
        Server->MaximumMessage = Request->Source->MaximumMessage; /* what its client has room for */
    Status = LpcpPrepareReply(Request, Reply);
    if (NT_SUCCESS(Status))
        Status = MapViews(Accept, Server, Request->Source);
    if (NT_SUCCESS(Status))
        Status = LpcpJoin(Server, Request, Reply);
    if (NT_SUCCESS(Status))
        Status = ReturnViews(Accept, Server, Request->Source);
    if (NT_SUCCESS(Status))
        Status = InsertServer(Accept, Server);
    if (!NT_SUCCESS(Status))
        LpcpDisconnect(Server);
    ObDereferenceObject(Server);
    return Status;
}

/* The request that Reply answers; referenced. Nobody else answers it from then on. */
static NTSTATUS FindRequest(PLPCP_MESSAGE Reply, PLPCP_MESSAGE *Request)
{
    NTSTATUS Status = LpcpFindPending(NULL, Reply->Header.MessageId, &Reply->Addressee, Request);

    if (!NT_SUCCESS(Status))
        return Status;
    if (LPCP_TYPE(*Request) != LPC_CONNECTION_REQUEST ||
        (*Request)->Receiver != PsGetCurrentProcess())
        return STATUS_REPLY_MESSAGE_MISMATCH;
    (*Request)->State = LpcpAnswered;
    LpcpReferenceMessage(*Request);
    return STATUS_SUCCESS;
}

/* At most as much information as the port allows. */
static NTSTATUS CaptureReply(CLIENT(PPORT_MESSAGE) ConnectionRequest, PLPCP_MESSAGE *Reply)
{
    NTSTATUS Status =
        LpcpCaptureMessage(ConnectionRequest, PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH, Reply);

    if (NT_SUCCESS(Status))
        (*Reply)->Header.u2.s2.Type = LPC_CONNECTION_REPLY;
    return Status;
}

NTSTATUS LpcpCutReply(PLPCP_MESSAGE Request, PLPCP_MESSAGE *Reply)
{
    ULONG Length = sizeof(PORT_MESSAGE) + (USHORT)(*Reply)->Header.u1.s1.DataLength;
    ULONG Room = Request->ReplyRoom;
    PLPCP_MESSAGE Short;

    if (!Request->Sender || Length <= Room)
        return STATUS_SUCCESS;
    Short = LpcpAllocateMessage(Room);
    if (!Short)
        return STATUS_NO_MEMORY;
    memcpy(&Short->Header, &(*Reply)->Header, Room);
    Short->Header.u1.s1.DataLength = (CSHORT)(Room - sizeof(PORT_MESSAGE));
    Short->Header.u1.s1.TotalLength = (CSHORT)Room;
    LpcpDereferenceMessage(*Reply);
    *Reply = Short;
    return STATUS_SUCCESS;
}

void LpcpRefuse(PLPCP_MESSAGE Request, PLPCP_MESSAGE Reply)
{
    if (!Request->WantsAnswer)
        return;
    if (!Request->Reply)
        LpcpReferenceMessage(Reply);
    LpcpAnswer(Request, Reply, STATUS_PORT_CONNECTION_REFUSED);
}

static NTSTATUS AnswerConnection(PACCEPT Accept, CLIENT(PPORT_MESSAGE) ConnectionRequest,
                                 BOOLEAN AcceptConnection)
{
    PLPCP_MESSAGE Request, Reply;
    NTSTATUS Status = CaptureReply(ConnectionRequest, &Reply);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = FindRequest(Reply, &Request);
    if (NT_SUCCESS(Status)) {
        Status = LpcpCutReply(Request, &Reply);
        if (NT_SUCCESS(Status) && AcceptConnection)
            Status = MakeServer(Accept, Request, Reply);
        if (!AcceptConnection || !NT_SUCCESS(Status))
            LpcpRefuse(Request, Reply);
        LpcpDereferenceMessage(Request);
    }
    LpcpDereferenceMessage(Reply);
    return Status;
}

/*
 * NtAcceptConnectPort: answers a request to connect that the calling process has received: refuses
 * it, or makes the server's port of the connection, with PortContext (its handle if NULL) to come
 * with each message of this client. The client goes on after NtCompleteConnectPort. The data of
 * ConnectionRequest become the client's connection information. ServerView and ClientView as in
 * NtConnectPort, from the other side.
 * Returns STATUS_REPLY_MESSAGE_MISMATCH, STATUS_INVALID_CID (the client is gone),
 * STATUS_INVALID_PARAMETER, STATUS_PORT_MESSAGE_TOO_LONG, STATUS_ACCESS_VIOLATION,
 * STATUS_NO_MEMORY, and what sections, views and handles may give; the client is refused then.
 */
NTSTATUS NtAcceptConnectPort(CLIENT(PHANDLE) PortHandle, PVOID PortContext,
                             CLIENT(PPORT_MESSAGE) ConnectionRequest, BOOLEAN AcceptConnection,
                             CLIENT(PPORT_VIEW) ServerView, CLIENT(PREMOTE_PORT_VIEW) ClientView)
{
    ACCEPT Accept = {.PortHandle = PortHandle,
                     .PortContext = PortContext,
                     .ServerView = ServerView,
                     .ClientView = ClientView};
    NTSTATUS Status = AcceptConnection ? CaptureAccept(&Accept) : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = AnswerConnection(&Accept, ConnectionRequest, AcceptConnection);
    if (Accept.Section)
        ObDereferenceObject(Accept.Section);
    return Status;
}

NTSTATUS LpcpComplete(PLPCP_PORT Server)
{
    PLPCP_MESSAGE Pending = Server->Pending;

    if (!Pending)
        return STATUS_INVALID_PARAMETER;
    Server->Pending = NULL;
    if (Pending->WantsAnswer)
        LpcpAnswer(Pending, Pending->Reply, STATUS_SUCCESS);
    LpcpDereferenceMessage(Pending);
    return STATUS_SUCCESS;
}

/*
 * NtCompleteConnectPort: lets the client of a new connection go on. Returns
 * STATUS_INVALID_PORT_HANDLE (no server's port), STATUS_INVALID_PARAMETER (nobody waits), and what
 * handles may give.
 */
NTSTATUS NtCompleteConnectPort(HANDLE PortHandle)
{
    PLPCP_PORT Port;
    NTSTATUS Status = LpcpReferencePort(PortHandle, &Port);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Port->Kind == LpcpServerPort ? LpcpComplete(Port) : STATUS_INVALID_PORT_HANDLE;
    ObDereferenceObject(Port);
    return Status;
}

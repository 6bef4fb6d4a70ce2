/* SPDX-License-Identifier: BSD-2-Clause */
/* The client's half of a connection. */
#include "alpcp.h"

/* What NtConnectPort is given. */
typedef struct _CONNECT {
    CLIENT(PHANDLE) PortHandle;
    CLIENT(PUNICODE_STRING) PortName;
    CLIENT(PSECURITY_QUALITY_OF_SERVICE) SecurityQos;
    CLIENT(PPORT_VIEW) ClientView;
    CLIENT(PSID) RequiredSid;
    CLIENT(PREMOTE_PORT_VIEW) ServerView;
    CLIENT(PULONG) MaximumMessage;
    CLIENT(PVOID) Information;
    CLIENT(PULONG) InformationLength;
    PORT_VIEW View; /* captured */
    ULONG Length;   /* of the information */
} CONNECT, *PCONNECT;

static NTSTATUS CaptureLength(PCONNECT Connect)
{
    NTSTATUS Status;

    if (!Connect->InformationLength)
        return STATUS_SUCCESS;
    Status = MmProbeForWrite(Connect->InformationLength, sizeof(ULONG));
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Connect->Length, Connect->InformationLength);
    if (!Connect->Information)
        Connect->Length = 0;
    return Status;
}

/* With static tracking the server acts for who the client is now. */
static NTSTATUS CaptureQuality(PCONNECT Connect, PLPCP_PORT Port)
{
    NTSTATUS Status = MmReadClient(&Port->SecurityQos, Connect->SecurityQos);

    if (!NT_SUCCESS(Status))
        return Status;
    if ((ULONG)Port->SecurityQos.ImpersonationLevel > SecurityDelegation)
        return STATUS_BAD_IMPERSONATION_LEVEL;
    if (Port->SecurityQos.ContextTrackingMode != SECURITY_STATIC_TRACKING)
        return STATUS_SUCCESS;
    Status = SeCreateClientToken(PsGetCurrentThread(), &Port->SecurityQos, &Port->ClientToken);
    if (!NT_SUCCESS(Status))
        Port->ClientToken = NULL;
    return Status;
}

/* All that the new port needs from the client. */
static NTSTATUS CaptureConnect(PCONNECT Connect, PLPCP_PORT Port)
{
    NTSTATUS Status = MmProbeForWrite(Connect->PortHandle, sizeof(HANDLE));

    if (NT_SUCCESS(Status))
        Status = CaptureQuality(Connect, Port);
    if (NT_SUCCESS(Status))
        Status = LpcpCheckRemoteView(Connect->ServerView);
    if (NT_SUCCESS(Status) && Connect->MaximumMessage)
        Status = MmProbeForWrite(Connect->MaximumMessage, sizeof(ULONG));
    if (NT_SUCCESS(Status))
        Status = CaptureLength(Connect);
    return NT_SUCCESS(Status) ? LpcpCaptureView(Connect->ClientView, &Connect->View, &Port->Section)
                              : Status;
}

static NTSTATUS FindServer(PCONNECT Connect, PLPCP_PORT *Server)
{
    OB_ATTRIBUTES Attributes = {.Attributes = OBJ_CASE_INSENSITIVE};
    NTSTATUS Status =
        ExCaptureUnicodeString(&Attributes.Name, Connect->PortName, UNICODE_STRING_MAX_BYTES);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByAttributes(&Attributes, PORT_CONNECT, LpcPortObjectType, NULL,
                                           (PVOID *)Server);
    ExFreeUnicodeString(&Attributes.Name);
    if (!NT_SUCCESS(Status) || (*Server)->Kind == LpcpConnectionPort)
        return Status;
    ObDereferenceObject(*Server);
    return STATUS_INVALID_PORT_HANDLE;
}

static NTSTATUS MapOwnView(PCONNECT Connect, PLPCP_PORT Port)
{
    if (!Port->Section)
        return STATUS_SUCCESS;
    Port->SectionOffset.QuadPart = Connect->View.SectionOffset;
    Port->OwnView.Size = Connect->View.ViewSize;
    return LpcpMapView(Port, Port->Section, Port->SectionOffset, &Port->OwnView);
}

void LpcpMakeFarewell(PLPCP_PORT Port)
{
    PLPCP_MESSAGE Message = Port->Farewell;
    PETHREAD Thread = PsGetCurrentThread();
    LARGE_INTEGER CreateTime = {.QuadPart = Thread->Process->CreateTime};

    LpcpMakeHeader(Message, LPC_PORT_CLOSED, sizeof(CreateTime), Thread);
    memcpy(LPCP_DATA(Message), &CreateTime, sizeof(CreateTime));
}

/* More information than the server wants is cut off. */
static NTSTATUS MakeRequest(PCONNECT Connect, PLPCP_PORT Port, PLPCP_PORT Server,
                            PLPCP_MESSAGE *Request)
{
    ULONG Length =
        Connect->Length < Server->MaximumInformation ? Connect->Length : Server->MaximumInformation;
    PLPCP_MESSAGE Message = LpcpAllocateMessage(sizeof(PORT_MESSAGE) + Length);

    Port->Farewell = LpcpAllocateMessage(sizeof(CLIENT_DIED_MSG));
    *Request = Message;
    if (!Message || !Port->Farewell)
        return STATUS_NO_MEMORY;
    LpcpMakeFarewell(Port);
    LpcpMakeHeader(Message, LPC_CONNECTION_REQUEST, Length, PsGetCurrentThread());
    Message->Header.ClientViewSize = Port->OwnView.Base ? Port->OwnView.Size : 0;
    Message->Source = Port;
    ObReferenceObject(Port);
    return MmCopyFromClient(LPCP_DATA(Message), Connect->Information, Length);
}

/* The request waits in the server's queue, and then for NtAcceptConnectPort and
 * NtCompleteConnectPort. */
static NTSTATUS Ask(PLPCP_MESSAGE Request, PLPCP_PORT Server)
{
    if (Server->Closed)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    LpcpInsertPending(Request);
    InsertTailList(&Server->Requests, &Request->SourceEntry);
    LpcpQueueMessage(Request, Server, TRUE);
    return LpcpWaitForAnswer(Request, FALSE, NULL);
}

static NTSTATUS ReturnInformation(PCONNECT Connect, PLPCP_MESSAGE Reply)
{
    ULONG Length = Reply ? (USHORT)Reply->Header.u1.s1.DataLength : 0;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Connect->InformationLength)
        return STATUS_SUCCESS;
    Length = Length < Connect->Length ? Length : Connect->Length;
    if (Length)
        Status = MmCopyToClient(Connect->Information, LPCP_DATA(Reply), Length);
    return NT_SUCCESS(Status) ? MmWriteClient(Connect->InformationLength, &Length) : Status;
}

static NTSTATUS ReturnConnection(PCONNECT Connect, PLPCP_PORT Port)
{
    ULONG MaximumMessage = Port->MaximumMessage;
    NTSTATUS Status = STATUS_SUCCESS;

    if (Connect->ClientView) {
        Connect->View.ViewBase = Port->OwnView.Base;
        Connect->View.ViewSize = Port->OwnView.Size;
        Connect->View.ViewRemoteBase = Port->Peer ? Port->Peer->RemoteView.Base : NULL;
        Status = MmWriteClient(Connect->ClientView, &Connect->View);
    }
    if (NT_SUCCESS(Status))
        Status = LpcpReturnRemoteView(Connect->ServerView, &Port->RemoteView);
    if (NT_SUCCESS(Status) && Connect->MaximumMessage)
        Status = MmWriteClient(Connect->MaximumMessage, &MaximumMessage);
    return Status;
}

static NTSTATUS ConnectTo(PCONNECT Connect, PLPCP_PORT Port, PLPCP_PORT Server)
{
    OB_ATTRIBUTES None = {0};
    PLPCP_MESSAGE Request = NULL;
    NTSTATUS Status = MapOwnView(Connect, Port), InformationStatus;

    if (NT_SUCCESS(Status))
        Status = MakeRequest(Connect, Port, Server, &Request);
    if (NT_SUCCESS(Status)) {
        Status = Ask(Request, Server);
        InformationStatus = ReturnInformation(Connect, Request->Reply);
        Status = NT_SUCCESS(Status) ? InformationStatus : Status;
    }
    if (NT_SUCCESS(Status))
        Status = ReturnConnection(Connect, Port);
    if (NT_SUCCESS(Status)) {
        ObReferenceObject(Port);
        Status = ObInsertObject(Port, &None, PORT_ALL_ACCESS, Connect->PortHandle);
    }
    if (!NT_SUCCESS(Status))
        LpcpDisconnect(Port);
    if (Request)
        LpcpDereferenceMessage(Request);
    return Status;
}

static NTSTATUS ConnectPort(PCONNECT Connect)
{
    PLPCP_PORT Port, Server;
    NTSTATUS Status = LpcpCreatePort(LpcpClientPort, &Port);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = CaptureConnect(Connect, Port);
    if (NT_SUCCESS(Status))
        Status = FindServer(Connect, &Server);
    if (NT_SUCCESS(Status)) {
        Port->MaximumMessage = Server->MaximumMessage < PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH
                                   ? Server->MaximumMessage
                                   : PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH;
        Status = AlpcpCheckClient(Server);
        if (NT_SUCCESS(Status) && Connect->RequiredSid)
            Status = SeCheckUser(Server->Process, Connect->RequiredSid);
        if (NT_SUCCESS(Status))
            Status = ConnectTo(Connect, Port, Server);
        ObDereferenceObject(Server);
    }
    ObDereferenceObject(Port);
    return Status;
}

/*
 * NtConnectPort: connects to a port by name and waits for the server to accept. ClientView, if
 * given, names a section of the caller's that is mapped in both processes; ServerView receives
 * where the server's is. At most *ConnectionInformationLength bytes of information go there and
 * come back, also when the server refuses. *MaxMessageLength receives how long messages may be.
 * Returns STATUS_PORT_CONNECTION_REFUSED, STATUS_INVALID_PORT_HANDLE (nobody can connect to that
 * port), STATUS_OBJECT_NAME_NOT_FOUND (also when the port goes meanwhile), STATUS_INVALID_PARAMETER
 * (lengths of the views), STATUS_ACCESS_VIOLATION, STATUS_NO_MEMORY, and what names, sections,
 * views and handles may give.
 */
NTSTATUS NtConnectPort(CLIENT(PHANDLE) PortHandle, CLIENT(PUNICODE_STRING) PortName,
                       CLIENT(PSECURITY_QUALITY_OF_SERVICE) SecurityQos,
                       CLIENT(PPORT_VIEW) ClientView, CLIENT(PREMOTE_PORT_VIEW) ServerView,
                       CLIENT(PULONG) MaxMessageLength, CLIENT(PVOID) ConnectionInformation,
                       CLIENT(PULONG) ConnectionInformationLength)
{
    return NtSecureConnectPort(PortHandle, PortName, SecurityQos, ClientView, NULL, ServerView,
                               MaxMessageLength, ConnectionInformation,
                               ConnectionInformationLength);
}

/* NtSecureConnectPort: the same, if the user of the process that has made the port is
 * RequiredServerSid (NULL: any): else STATUS_SERVER_SID_MISMATCH, or STATUS_INVALID_SID. */
NTSTATUS NtSecureConnectPort(CLIENT(PHANDLE) PortHandle, CLIENT(PUNICODE_STRING) PortName,
                             CLIENT(PSECURITY_QUALITY_OF_SERVICE) SecurityQos,
                             CLIENT(PPORT_VIEW) ClientView, CLIENT(PSID) RequiredServerSid,
                             CLIENT(PREMOTE_PORT_VIEW) ServerView, CLIENT(PULONG) MaxMessageLength,
                             CLIENT(PVOID) ConnectionInformation,
                             CLIENT(PULONG) ConnectionInformationLength)
{
    CONNECT Connect = {.PortHandle = PortHandle,
                       .PortName = PortName,
                       .SecurityQos = SecurityQos,
                       .ClientView = ClientView,
                       .RequiredSid = RequiredServerSid,
                       .ServerView = ServerView,
                       .MaximumMessage = MaxMessageLength,
                       .Information = ConnectionInformation,
                       .InformationLength = ConnectionInformationLength};

    return ConnectPort(&Connect);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be asked of ALPC ports and messages, and set. */
#include <neptune/missing_classes.def>
#include "alpcp.h"

/* Where the answer goes. */
typedef struct _OUTPUT {
    CLIENT(PVOID) Buffer;
    ULONG Length;
    CLIENT(PULONG) ReturnLength;
} OUTPUT, *POUTPUT;

/* Length bytes that the answer has; TooSmall is what a shorter buffer gets. */
static NTSTATUS Return(POUTPUT Output, const void *Answer, ULONG Length, NTSTATUS TooSmall)
{
    NTSTATUS Status = STATUS_SUCCESS;

    if (Output->ReturnLength)
        Status = MmWriteClient(Output->ReturnLength, &Length);
    if (NT_SUCCESS(Status) && Output->Length < Length)
        return TooSmall;
    return NT_SUCCESS(Status) ? MmCopyToClient(Output->Buffer, Answer, Length) : Status;
}

static NTSTATUS ReturnSid(POUTPUT Output, PTOKEN Token)
{
    PSID Sid = Token->Sids[0].Sid;

    return Return(Output, Sid, RtlLengthSid(Sid), STATUS_BUFFER_TOO_SMALL);
}

/* ---- Ports ---- */

static NTSTATUS QueryBasic(PLPCP_PORT Port, POUTPUT Output)
{
    ALPC_BASIC_INFORMATION Basic = {.Flags = Port->Alpc.Flags,
                                    .SequenceNo = LpcpQueueOf(Port)->Sequence,
                                    .PortContext = Port->Context};

    return Return(Output, &Basic, sizeof(Basic), STATUS_INFO_LENGTH_MISMATCH);
}

static NTSTATUS QueryConnectedSid(PLPCP_PORT Port, POUTPUT Output)
{
    PTOKEN Token;
    NTSTATUS Status;

    if (!Port->Peer)
        return STATUS_PORT_DISCONNECTED;
    Token = Port->Peer->ClientToken ? Port->Peer->ClientToken : Port->Peer->Process->Token;
    ObReferenceObject(Token);
    Status = ReturnSid(Output, Token);
    ObDereferenceObject(Token);
    return Status;
}

/* Of the process that has made the connection port. */
static NTSTATUS QueryServerSession(PLPCP_PORT Port, POUTPUT Output)
{
    ALPC_SERVER_SESSION_INFORMATION Session;
    PLPCP_PORT Listener = Port;

    if (Port->Kind == LpcpClientPort) {
        if (!Port->Peer)
            return STATUS_PORT_DISCONNECTED;
        Listener = Port->Peer->ConnectionPort;
    } else if (Port->Kind == LpcpServerPort) {
        Listener = Port->ConnectionPort;
    }
    Session.SessionId = Listener->Process->Token->SessionId;
    Session.ProcessId = (ULONG)(ULONG_PTR)Listener->Process->UniqueProcessId;
    return Return(Output, &Session, sizeof(Session), STATUS_INFO_LENGTH_MISMATCH);
}

static NTSTATUS QueryPort(PLPCP_PORT Port, ALPC_PORT_INFORMATION_CLASS Class, POUTPUT Output)
{
    switch (Class) {
    case AlpcBasicInformation:
        return QueryBasic(Port, Output);
    case AlpcConnectedSIDInformation:
        return QueryConnectedSid(Port, Output);
    case AlpcServerSessionInformation:
        return QueryServerSession(Port, Output);
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

/* ---- Whom a thread waits for ---- */

static NTSTATUS ReturnServer(POUTPUT Output, PLPCP_PORT Server, PUNICODE_STRING Name)
{
    ALPC_SERVER_INFORMATION Information = {0};
    CLIENT(PUCHAR) Behind = (CLIENT(PUCHAR))Output->Buffer + sizeof(Information);
    ULONG Length = sizeof(Information) + Name->Length;
    NTSTATUS Status = STATUS_SUCCESS;

    if (Server) {
        Information.Out.ThreadBlocked = TRUE;
        Information.Out.ConnectedProcessId = Server->Process->UniqueProcessId;
        Information.Out.ConnectionPortName.Length = Name->Length;
        Information.Out.ConnectionPortName.MaximumLength = Name->Length;
        Information.Out.ConnectionPortName.Buffer = (PWSTR)(ULONG_PTR)Behind;
    }
    if (Output->ReturnLength)
        Status = MmWriteClient(Output->ReturnLength, &Length);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Output->Length < Length)
        return STATUS_BUFFER_TOO_SMALL;
    Status = MmCopyToClient(Behind, Name->Buffer, Name->Length);
    return NT_SUCCESS(Status) ? MmCopyToClient(Output->Buffer, &Information, sizeof(Information))
                              : Status;
}

static NTSTATUS QueryWaiting(PETHREAD Thread, POUTPUT Output)
{
    PLPCP_MESSAGE Request = Thread->LpcRequest;
    PLPCP_PORT Server = Request && Request->WantsAnswer ? Request->Target : NULL;
    UNICODE_STRING Name = {0};
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Server) /* or it is answered, and the port may have gone */
        return ReturnServer(Output, NULL, &Name);
    ObReferenceObject(Server);
    Status = ObQueryName(Server, &Name);
    if (NT_SUCCESS(Status)) {
        Status = ReturnServer(Output, Server, &Name);
        ExFreeUnicodeString(&Name);
    }
    ObDereferenceObject(Server);
    return Status;
}

static NTSTATUS QueryServer(POUTPUT Output)
{
    ALPC_SERVER_INFORMATION Information;
    PETHREAD Thread;
    NTSTATUS Status;

    if (Output->Length < sizeof(Information))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmReadClient(&Information, (CLIENT(PALPC_SERVER_INFORMATION))Output->Buffer);
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(Information.In.ThreadHandle, THREAD_QUERY_INFORMATION,
                                           PsThreadType, (PVOID *)&Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = QueryWaiting(Thread, Output);
    ObDereferenceObject(Thread);
    return Status;
}

/*
 * NtAlpcQueryInformation: AlpcBasicInformation; AlpcConnectedSIDInformation: the user at the other
 * end; AlpcServerSessionInformation: of the server's process; AlpcServerInformation, without a
 * port: whom a thread waits for (needs THREAD_QUERY_INFORMATION). Returns
 * STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH, STATUS_BUFFER_TOO_SMALL (a SID, a name),
 * STATUS_PORT_DISCONNECTED, STATUS_ACCESS_VIOLATION, and what handles may give.
 */
NTSTATUS NtAlpcQueryInformation(HANDLE PortHandle, ALPC_PORT_INFORMATION_CLASS PortInformationClass,
                                CLIENT(PVOID) PortInformation, ULONG Length,
                                CLIENT(PULONG) ReturnLength)
{
    OUTPUT Output = {PortInformation, Length, ReturnLength};
    PLPCP_PORT Port;
    NTSTATUS Status;

    if (PortInformationClass == AlpcServerInformation)
        return QueryServer(&Output);
    Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = QueryPort(Port, PortInformationClass, &Output);
    ObDereferenceObject(Port);
    return Status;
}

/* ---- Messages ---- */

static NTSTATUS QueryMessageToken(PLPCP_MESSAGE Message, ALPC_MESSAGE_INFORMATION_CLASS Class,
                                  POUTPUT Output)
{
    PTOKEN Token = AlpcpReferenceSenderIdentity(Message);
    NTSTATUS Status;

    if (!Token)
        return STATUS_INVALID_CID;
    if (Class == AlpcMessageSidInformation)
        Status = ReturnSid(Output, Token);
    else
        Status = Return(Output, &Token->ModifiedId, sizeof(LUID), STATUS_INFO_LENGTH_MISMATCH);
    ObDereferenceObject(Token);
    return Status;
}

/* Index 0 is the handle that has come with the message, if it has not been given already. */
static NTSTATUS QueryMessageHandle(PLPCP_MESSAGE Message, POUTPUT Output)
{
    ALPC_MESSAGE_HANDLE_INFORMATION Information;
    ALPC_HANDLE_ATTR Handle;
    NTSTATUS Status;

    if (Output->Length < sizeof(Information))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmReadClient(&Information, (CLIENT(PALPC_MESSAGE_HANDLE_INFORMATION))Output->Buffer);
    if (NT_SUCCESS(Status))
        Status = Information.Index ? STATUS_NOT_FOUND : AlpcpTakeHandle(Message, &Handle);
    if (!NT_SUCCESS(Status))
        return Status;
    Information.Flags = 0;
    Information.Handle = (ULONG)(ULONG_PTR)Handle.Handle;
    Information.ObjectType = Handle.ObjectType;
    Information.GrantedAccess = Handle.DesiredAccess;
    return Return(Output, &Information, sizeof(Information), STATUS_INFO_LENGTH_MISMATCH);
}

static NTSTATUS QueryMessage(PLPCP_MESSAGE Message, ALPC_MESSAGE_INFORMATION_CLASS Class,
                             POUTPUT Output)
{
    switch (Class) {
    case AlpcMessageSidInformation:
    case AlpcMessageTokenModifiedIdInformation:
        return QueryMessageToken(Message, Class, Output);
    default:
        return QueryMessageHandle(Message, Output);
    }
}

static NTSTATUS CheckMessageClass(ALPC_MESSAGE_INFORMATION_CLASS Class)
{
    switch (Class) {
    case AlpcMessageSidInformation:
    case AlpcMessageTokenModifiedIdInformation:
    case AlpcMessageHandleInformation:
        return STATUS_SUCCESS;
        MISSING_NtAlpcQueryInformationMessage(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

/*
 * NtAlpcQueryInformationMessage: of a message that has been received by way of the port and has not
 * ended. AlpcMessageSidInformation: its sender's user; AlpcMessageTokenModifiedIdInformation;
 * AlpcMessageHandleInformation: the handle that it carries. The class is looked at first. Returns
 * STATUS_INVALID_INFO_CLASS, STATUS_NOT_IMPLEMENTED (missing_classes.def),
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_BUFFER_TOO_SMALL (a SID), STATUS_NOT_FOUND (no such handle),
 * STATUS_INVALID_CID (the sender has ended), STATUS_MESSAGE_LOST, STATUS_INVALID_MESSAGE,
 * STATUS_ACCESS_VIOLATION, and what handles may give.
 */
NTSTATUS NtAlpcQueryInformationMessage(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) PortMessage,
                                       ALPC_MESSAGE_INFORMATION_CLASS MessageInformationClass,
                                       CLIENT(PVOID) MessageInformation, ULONG Length,
                                       CLIENT(PULONG) ReturnLength)
{
    OUTPUT Output = {MessageInformation, Length, ReturnLength};
    PLPCP_MESSAGE Message;
    PLPCP_PORT Port;
    NTSTATUS Status = CheckMessageClass(MessageInformationClass);

    if (NT_SUCCESS(Status))
        Status = AlpcpReferenceReceived(PortHandle, PortMessage, &Port, &Message);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = QueryMessage(Message, MessageInformationClass, &Output);
    LpcpDereferenceMessage(Message);
    ObDereferenceObject(Port);
    return Status;
}

/* ---- Setting ---- */

/* What has been set up when the port was made stays: whom its server may act for, and whether it
 * can be waited for. Messages are to be no longer than they were. */
static NTSTATUS SetPort(PLPCP_PORT Port, CLIENT(PVOID) Buffer, ULONG Length)
{
    const ULONG Kept = ALPC_PORFLG_WAITABLE_PORT | ALPC_PORFLG_ALLOW_IMPERSONATION;
    ALPC_PORT_ATTRIBUTES Attributes;
    NTSTATUS Status;

    if (Length != sizeof(Attributes))
        return STATUS_INFO_LENGTH_MISMATCH;
    if (!Buffer)
        return STATUS_ACCESS_VIOLATION;
    Status = AlpcpCaptureAttributes((CLIENT(PALPC_PORT_ATTRIBUTES))Buffer, &Attributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Attributes.Flags = (Attributes.Flags & ~Kept) | (Port->Alpc.Flags & Kept);
    AlpcpSetAttributes(Port, &Attributes, Port->MaximumMessage);
    return STATUS_SUCCESS;
}

static NTSTATUS SetCompletion(PLPCP_PORT Port, CLIENT(PVOID) Buffer, ULONG Length)
{
    ALPC_PORT_ASSOCIATE_COMPLETION_PORT Association;
    NTSTATUS Status;

    if (Length != sizeof(Association))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmReadClient(&Association, (CLIENT(PALPC_PORT_ASSOCIATE_COMPLETION_PORT))Buffer);
    return NT_SUCCESS(Status) ? AlpcpAssociate(Port, &Association) : Status;
}

/*
 * NtAlpcSetInformation: AlpcPortInformation: the port's attributes;
 * AlpcAssociateCompletionPortInformation: a completion port (handle with
 * IO_COMPLETION_MODIFY_STATE) gets a packet with the key for each message that comes to the port's
 * queue. Returns STATUS_NOT_IMPLEMENTED (message zones and completion lists),
 * STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_PARAMETER (attributes; a
 * server's port, which has no queue), STATUS_PORT_ALREADY_SET, STATUS_PORT_DISCONNECTED,
 * STATUS_ACCESS_VIOLATION, and what handles may give.
 */
NTSTATUS NtAlpcSetInformation(HANDLE PortHandle, ALPC_PORT_INFORMATION_CLASS PortInformationClass,
                              CLIENT(PVOID) PortInformation, ULONG Length)
{
    PLPCP_PORT Port;
    NTSTATUS Status = LpcpReferencePort(PortHandle, &Port);

    if (!NT_SUCCESS(Status))
        return Status;
    switch (PortInformationClass) {
    case AlpcPortInformation:
        Status = SetPort(Port, PortInformation, Length);
        break;
    case AlpcAssociateCompletionPortInformation:
        Status = SetCompletion(Port, PortInformation, Length);
        break;
        MISSING_NtAlpcSetInformation(MISSING_CASE) Status = STATUS_NOT_IMPLEMENTED;
        break;
    default:
        Status = STATUS_INVALID_INFO_CLASS;
    }
    ObDereferenceObject(Port);
    return Status;
}

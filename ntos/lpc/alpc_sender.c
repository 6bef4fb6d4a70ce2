/* SPDX-License-Identifier: BSD-2-Clause */
/* Handles to who has sent a message. */
#include "alpcp.h"

/* The process, or the thread, referenced. */
static NTSTATUS ReferenceSender(PLPCP_MESSAGE Message, BOOLEAN Thread, PVOID *Object)
{
    PETHREAD Sender = AlpcpFindSenderThread(Message);

    if (Thread) {
        *Object = Sender;
    } else {
        *Object = Sender ? Sender->Process : Message->Source->Process;
        if (!Sender &&
            Message->Source->Process->UniqueProcessId != Message->Header.ClientId.UniqueProcess)
            *Object = NULL;
    }
    if (!*Object)
        return STATUS_INVALID_CID;
    ObReferenceObject(*Object);
    return STATUS_SUCCESS;
}

static NTSTATUS OpenSender(CLIENT(PHANDLE) Handle, PLPCP_MESSAGE Message, BOOLEAN Thread,
                           ACCESS_MASK DesiredAccess, ULONG Attributes)
{
    PVOID Object;
    NTSTATUS Status = ReferenceSender(Message, Thread, &Object);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = PsOpenObject(Object, DesiredAccess, Attributes & OBJ_INHERIT, Handle);
    ObDereferenceObject(Object);
    return Status;
}

static NTSTATUS OpenSenderByHandle(CLIENT(PHANDLE) Handle, HANDLE PortHandle,
                                   CLIENT(PPORT_MESSAGE) PortMessage, ULONG Flags, BOOLEAN Thread,
                                   ACCESS_MASK DesiredAccess,
                                   CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    OBJECT_ATTRIBUTES Attributes;
    PLPCP_MESSAGE Message;
    PLPCP_PORT Port;
    NTSTATUS Status;

    if (Flags)
        return STATUS_INVALID_PARAMETER;
    Status = MmProbeForWrite(Handle, sizeof(*Handle));
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Attributes, ObjectAttributes);
    if (NT_SUCCESS(Status) && Attributes.ObjectName)
        Status = STATUS_INVALID_PARAMETER_MIX;
    if (NT_SUCCESS(Status))
        Status = AlpcpReferenceReceived(PortHandle, PortMessage, &Port, &Message);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = OpenSender(Handle, Message, Thread, DesiredAccess, Attributes.Attributes);
    LpcpDereferenceMessage(Message);
    ObDereferenceObject(Port);
    return Status;
}

/*
 * NtAlpcOpenSenderProcess: opens the process that has sent a message which has been received by way
 * of the port and has not ended, as NtOpenProcess would. Returns STATUS_INVALID_PARAMETER (flags),
 * STATUS_INVALID_PARAMETER_MIX (a name), STATUS_MESSAGE_LOST, STATUS_INVALID_MESSAGE,
 * STATUS_INVALID_CID (it has ended), STATUS_ACCESS_DENIED, STATUS_ACCESS_VIOLATION, and what
 * handles may give.
 */
NTSTATUS NtAlpcOpenSenderProcess(CLIENT(PHANDLE) ProcessHandle, HANDLE PortHandle,
                                 CLIENT(PPORT_MESSAGE) PortMessage, ULONG Flags,
                                 ACCESS_MASK DesiredAccess,
                                 CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return OpenSenderByHandle(ProcessHandle, PortHandle, PortMessage, Flags, FALSE, DesiredAccess,
                              ObjectAttributes);
}

/* NtAlpcOpenSenderThread: the same for the thread. */
NTSTATUS NtAlpcOpenSenderThread(CLIENT(PHANDLE) ThreadHandle, HANDLE PortHandle,
                                CLIENT(PPORT_MESSAGE) PortMessage, ULONG Flags,
                                ACCESS_MASK DesiredAccess,
                                CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return OpenSenderByHandle(ThreadHandle, PortHandle, PortMessage, Flags, TRUE, DesiredAccess,
                              ObjectAttributes);
}

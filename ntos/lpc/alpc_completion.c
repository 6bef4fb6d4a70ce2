/* SPDX-License-Identifier: BSD-2-Clause */
/* Completion ports that are told of messages: one packet for each, of which the port has only one
 * to post. When it has been taken the next one is posted that is owed. */
#include "alpcp.h"

static void Post(PLPCP_PORT Port)
{
    PALPCP_PORT Alpc = &Port->Alpc;

    Alpc->PacketsOwed--;
    Alpc->PacketPosted = TRUE;
    ObReferenceObject(Port);
    IoPostPacket(Alpc->Completion, &Alpc->Packet);
}

/* It has been taken; or the completion port has gone, which wants no more then. */
static void ReleasePacket(PIO_PACKET Packet)
{
    PLPCP_PORT Port = CONTAINING_RECORD(Packet, LPCP_PORT, Alpc.Packet);

    Port->Alpc.PacketPosted = FALSE;
    if (Port->Alpc.Completion->Queue.Closed)
        Port->Alpc.PacketsOwed = 0;
    if (Port->Alpc.PacketsOwed)
        Post(Port);
    ObDereferenceObject(Port);
}

void AlpcpPostPacket(PLPCP_PORT Port)
{
    if (Port->Alpc.Completion->Queue.Closed)
        return;
    Port->Alpc.PacketsOwed++;
    if (!Port->Alpc.PacketPosted)
        Post(Port);
}

NTSTATUS AlpcpAssociate(PLPCP_PORT Port, const ALPC_PORT_ASSOCIATE_COMPLETION_PORT *Association)
{
    PIO_COMPLETION Completion;
    NTSTATUS Status;

    if (Port->ConnectionPort)
        return STATUS_INVALID_PARAMETER; /* nothing comes to a server's port */
    if (Port->Closed)
        return STATUS_PORT_DISCONNECTED;
    Status = ObReferenceObjectByHandle(Association->CompletionPort, IO_COMPLETION_MODIFY_STATE,
                                       IoCompletionType, (PVOID *)&Completion);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Port->Alpc.Completion) {
        ObDereferenceObject(Completion);
        return STATUS_PORT_ALREADY_SET;
    }
    Port->Alpc.Completion = Completion;
    Port->Alpc.Packet.Release = ReleasePacket;
    Port->Alpc.Packet.Key = Association->CompletionKey;
    Port->Alpc.PacketsOwed = (ULONG)Port->Ready.Header.SignalState; /* what is there already */
    if (Port->Alpc.PacketsOwed)
        Post(Port);
    return STATUS_SUCCESS;
}

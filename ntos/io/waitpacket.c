/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wait completion packets: a packet that is posted to a port when an object is signalled.
 *
 *   idle      Port NULL                        associated: waiting, or queued if it is signalled
 *   waiting   in the object's list of waits    signalled: queued; cancelled or closed: idle
 *   queued    in the port's list               cancelled (RemoveSignaledPacket), closed: idle
 *   queued    a thread has got it              the thread has run: idle
 */
#include "iop.h"

typedef struct _IOP_WAIT_PACKET {
    IO_PACKET Packet;
    KWAIT_BLOCK Block;
    PIO_COMPLETION Port; /* referenced, if it is not idle */
    PVOID Target;        /* referenced, if it is not idle */
    BOOLEAN Queued;      /* a reference to the packet itself, too */
} IOP_WAIT_PACKET, *PIOP_WAIT_PACKET;

static void IopMakeIdle(PIOP_WAIT_PACKET Wait)
{
    PIO_COMPLETION Port = Wait->Port;
    PVOID Target = Wait->Target;
    BOOLEAN Queued = Wait->Queued;

    Wait->Port = NULL;
    Wait->Target = NULL;
    Wait->Queued = FALSE;
    ObDereferenceObject(Target);
    ObDereferenceObject(Port);
    if (Queued)
        ObDereferenceObject(Wait);
}

static void IopReleaseWaitPacket(PIO_PACKET Packet)
{
    IopMakeIdle(CONTAINING_RECORD(Packet, IOP_WAIT_PACKET, Packet));
}

static void IopQueueWaitPacket(PIOP_WAIT_PACKET Wait)
{
    Wait->Queued = TRUE;
    ObReferenceObject(Wait);
    IoPostPacket(Wait->Port, &Wait->Packet);
}

static void IopTargetSignaled(PKWAIT_BLOCK Block)
{
    IopQueueWaitPacket(CONTAINING_RECORD(Block, IOP_WAIT_PACKET, Block));
}

/* FALSE: a thread has got it. */
static BOOLEAN IopDetachWaitPacket(PIOP_WAIT_PACKET Wait)
{
    if (!Wait->Queued)
        KeDeregisterWait(&Wait->Block);
    else if (!KeRemoveEntryQueue(&Wait->Port->Queue, &Wait->Packet.Entry))
        return FALSE;
    IopMakeIdle(Wait);
    return TRUE;
}

static void IopCloseWaitPacket(PVOID Object, PEPROCESS Process, ULONG Handles)
{
    PIOP_WAIT_PACKET Wait = Object;

    if (!Handles && Wait->Port)
        IopDetachWaitPacket(Wait);
}

const OBJECT_TYPE_INITIALIZER IopWaitPacketTypeInitializer = {
    .Name = u"WaitCompletionPacket",
    .Mapping = {STANDARD_RIGHTS_READ, STANDARD_RIGHTS_WRITE | WAIT_COMPLETION_PACKET_MODIFY_STATE,
                STANDARD_RIGHTS_EXECUTE, WAIT_COMPLETION_PACKET_ALL_ACCESS},
    .ValidAccess = WAIT_COMPLETION_PACKET_ALL_ACCESS,
    .Close = IopCloseWaitPacket,
};

/*
 * NtCreateWaitCompletionPacket: makes one that is idle. Returns STATUS_ACCESS_VIOLATION,
 * STATUS_OBJECT_NAME_COLLISION … and what names and handles may give.  (Win32 devnotes:
 * NtCreateWaitCompletionPacket)
 */
NTSTATUS NTAPI NtCreateWaitCompletionPacket(CLIENT(PHANDLE) PacketHandle, ACCESS_MASK DesiredAccess,
                                            CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    OB_ATTRIBUTES Attributes;
    PIOP_WAIT_PACKET Wait;
    NTSTATUS Status = MmProbeForWrite(PacketHandle, sizeof(*PacketHandle));

    if (NT_SUCCESS(Status))
        Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObCreateObject(IopWaitPacketType, sizeof(*Wait), (PVOID *)&Wait);
    if (NT_SUCCESS(Status)) {
        Wait->Packet.Release = IopReleaseWaitPacket;
        Status = ObInsertObject(Wait, &Attributes, DesiredAccess, PacketHandle);
    }
    ObFreeAttributes(&Attributes);
    return Status;
}

typedef struct _IOP_WAIT_REQUEST {
    PIOP_WAIT_PACKET Wait; /* these are referenced */
    PIO_COMPLETION Port;
    PVOID Target, WaitObject;
} IOP_WAIT_REQUEST, *PIOP_WAIT_REQUEST;

/* Mutants need a thread that owns them; ports could signal each other without end. */
static BOOLEAN IopIsFitTarget(const DISPATCHER_HEADER *Header)
{
    return Header->Type != MutantObject && Header->Type != QueueObject;
}

static NTSTATUS IopCheckWaitRequest(PIOP_WAIT_REQUEST Request)
{
    if (!IopIsFitTarget(Request->WaitObject))
        return STATUS_INVALID_PARAMETER_3;
    return Request->Wait->Port ? STATUS_INVALID_PARAMETER_1 : STATUS_SUCCESS;
}

static NTSTATUS IopReferenceWaitRequest(PIOP_WAIT_REQUEST Request, HANDLE Packet, HANDLE Port,
                                        HANDLE Target)
{
    NTSTATUS Status = ObReferenceObjectByHandle(Packet, WAIT_COMPLETION_PACKET_MODIFY_STATE,
                                                IopWaitPacketType, (PVOID *)&Request->Wait);

    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(Port, IO_COMPLETION_MODIFY_STATE, IoCompletionType,
                                           (PVOID *)&Request->Port);
    return NT_SUCCESS(Status)
               ? ObReferenceWaitableObject(Target, &Request->Target, &Request->WaitObject)
               : Status;
}

static void IopFreeWaitRequest(PIOP_WAIT_REQUEST Request)
{
    if (Request->Target)
        ObDereferenceObject(Request->Target);
    if (Request->Port)
        ObDereferenceObject(Request->Port);
    if (Request->Wait)
        ObDereferenceObject(Request->Wait);
}

/* TRUE: the target was signalled, and the packet is queued. */
static BOOLEAN IopStartWait(PIOP_WAIT_REQUEST Request)
{
    PIOP_WAIT_PACKET Wait = Request->Wait;

    ObReferenceObject(Request->Port);
    ObReferenceObject(Request->Target);
    Wait->Port = Request->Port;
    Wait->Target = Request->Target;
    if (!KeRegisterWait(&Wait->Block, Request->WaitObject, IopTargetSignaled))
        return FALSE;
    IopQueueWaitPacket(Wait);
    return TRUE;
}

/*
 * NtAssociateWaitCompletionPacket: the packet, which is idle, is posted with this content when the
 * target is signalled, which ends a wait of one. AlreadySignaled, if given, receives whether that
 * was at once. Needs WAIT_COMPLETION_PACKET_MODIFY_STATE, IO_COMPLETION_MODIFY_STATE and
 * SYNCHRONIZE. Returns STATUS_INVALID_PARAMETER_1 (the packet is in use),
 * STATUS_INVALID_PARAMETER_3 (a mutant or a port as target), STATUS_ACCESS_VIOLATION and what
 * handles may give.  (Win32 devnotes: NtAssociateWaitCompletionPacket)
 */
NTSTATUS NTAPI NtAssociateWaitCompletionPacket(HANDLE PacketHandle, HANDLE IoCompletionHandle,
                                               HANDLE TargetObjectHandle, PVOID KeyContext,
                                               PVOID ApcContext, NTSTATUS IoStatus,
                                               ULONG_PTR IoStatusInformation,
                                               CLIENT(PBOOLEAN) AlreadySignaled)
{
    IOP_WAIT_REQUEST Request = {0};
    BOOLEAN Signaled = FALSE;
    NTSTATUS Status = AlreadySignaled ? MmProbeForWrite(AlreadySignaled, sizeof(*AlreadySignaled))
                                      : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status =
            IopReferenceWaitRequest(&Request, PacketHandle, IoCompletionHandle, TargetObjectHandle);
    if (NT_SUCCESS(Status))
        Status = IopCheckWaitRequest(&Request);
    if (NT_SUCCESS(Status)) {
        Request.Wait->Packet.Key = KeyContext;
        Request.Wait->Packet.Context = ApcContext;
        Request.Wait->Packet.Block.Status = IoStatus;
        Request.Wait->Packet.Block.Information = IoStatusInformation;
        Signaled = IopStartWait(&Request);
    }
    IopFreeWaitRequest(&Request);
    return NT_SUCCESS(Status) && AlreadySignaled ? MmWriteClient(AlreadySignaled, &Signaled)
                                                 : Status;
}

/*
 * NtCancelWaitCompletionPacket: the packet becomes idle. Returns STATUS_CANCELLED (it is idle
 * already), STATUS_PENDING (it has been posted, and is left in the port unless
 * RemoveSignaledPacket), and what handles may give.  (Win32 devnotes: NtCancelWaitCompletionPacket)
 */
NTSTATUS NTAPI NtCancelWaitCompletionPacket(HANDLE PacketHandle, BOOLEAN RemoveSignaledPacket)
{
    PIOP_WAIT_PACKET Wait;
    NTSTATUS Status = ObReferenceObjectByHandle(PacketHandle, WAIT_COMPLETION_PACKET_MODIFY_STATE,
                                                IopWaitPacketType, (PVOID *)&Wait);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!Wait->Port)
        Status = STATUS_CANCELLED;
    else if ((Wait->Queued && !RemoveSignaledPacket) || !IopDetachWaitPacket(Wait))
        Status = STATUS_PENDING;
    ObDereferenceObject(Wait);
    return Status;
}

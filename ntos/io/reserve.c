/* SPDX-License-Identifier: BSD-2-Clause */
/* Reserve objects: memory for one packet, held by who may have to post one when there is none.
 * Those for routines of threads are ps's (alert.c). */
#include "iop.h"

typedef struct _IOP_RESERVE {
    IO_PACKET Packet;
    BOOLEAN InUse; /* it lies in a port, which holds a reference */
} IOP_RESERVE, *PIOP_RESERVE;

const OBJECT_TYPE_INITIALIZER IopReserveTypeInitializer = {
    .Name = u"IoCompletionReserve",
    .Mapping = {STANDARD_RIGHTS_READ | 1, STANDARD_RIGHTS_WRITE | 2, STANDARD_RIGHTS_EXECUTE,
                MEMORY_RESERVE_ALL_ACCESS},
    .ValidAccess = MEMORY_RESERVE_ALL_ACCESS,
};

static void IopReleaseReserve(PIO_PACKET Packet)
{
    PIOP_RESERVE Reserve = CONTAINING_RECORD(Packet, IOP_RESERVE, Packet);

    Reserve->InUse = FALSE;
    ObDereferenceObject(Reserve);
}

static NTSTATUS IopCreateReserve(PVOID *Object)
{
    NTSTATUS Status = ObCreateObject(IopReserveType, sizeof(IOP_RESERVE), Object);

    if (NT_SUCCESS(Status))
        ((PIOP_RESERVE)*Object)->Packet.Release = IopReleaseReserve;
    return Status;
}

/*
 * NtAllocateReserveObject: makes a reserve object for completion packets or for routines that are
 * queued to threads. Returns STATUS_INVALID_PARAMETER (Type), STATUS_ACCESS_VIOLATION and what
 * names and handles may give.
 */
NTSTATUS NTAPI NtAllocateReserveObject(CLIENT(PHANDLE) ReserveHandle,
                                       CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                       MEMORY_RESERVE_TYPE Type)
{
    OB_ATTRIBUTES Attributes;
    PVOID Reserve;
    NTSTATUS Status = MmProbeForWrite(ReserveHandle, sizeof(*ReserveHandle));

    if (!NT_SUCCESS(Status))
        return Status;
    if ((ULONG)Type >= MemoryReserveTypeMax)
        return STATUS_INVALID_PARAMETER;
    Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        Type == MemoryReserveUserApc ? PsCreateApcReserve(&Reserve) : IopCreateReserve(&Reserve);
    if (NT_SUCCESS(Status))
        Status = ObInsertObject(Reserve, &Attributes, MEMORY_RESERVE_ALL_ACCESS, ReserveHandle);
    ObFreeAttributes(&Attributes);
    return Status;
}

/*
 * NtSetIoCompletionEx: as NtSetIoCompletion, with the reserve object's memory. Returns
 * STATUS_INVALID_PARAMETER_2 (its packet has not been taken yet) too.
 */
NTSTATUS NTAPI NtSetIoCompletionEx(HANDLE IoCompletionHandle, HANDLE ReserveHandle,
                                   PVOID KeyContext, PVOID ApcContext, NTSTATUS IoStatus,
                                   ULONG_PTR IoStatusInformation)
{
    PIO_COMPLETION Port;
    PIOP_RESERVE Reserve;
    NTSTATUS Status = ObReferenceObjectByHandle(IoCompletionHandle, IO_COMPLETION_MODIFY_STATE,
                                                IoCompletionType, (PVOID *)&Port);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByHandle(ReserveHandle, 2, IopReserveType, (PVOID *)&Reserve);
    if (NT_SUCCESS(Status)) {
        if (Reserve->InUse) {
            ObDereferenceObject(Reserve);
            Status = STATUS_INVALID_PARAMETER_2;
        } else {
            Reserve->InUse = TRUE;
            Reserve->Packet.Key = KeyContext;
            Reserve->Packet.Context = ApcContext;
            Reserve->Packet.Block.Status = IoStatus;
            Reserve->Packet.Block.Information = IoStatusInformation;
            IoPostPacket(Port, &Reserve->Packet);
        }
    }
    ObDereferenceObject(Port);
    return Status;
}

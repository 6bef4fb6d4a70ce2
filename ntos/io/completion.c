/* SPDX-License-Identifier: BSD-2-Clause */
/* Completion ports: their objects and services. */
#include "iop.h"

static void IopReleasePacket(PIO_PACKET Packet)
{
    ExFreePool(Packet);
}

PIO_PACKET IoAllocatePacket(PEPROCESS Payer)
{
    PIO_PACKET Packet = ExAllocatePoolFor(Payer, sizeof(*Packet));

    if (Packet)
        Packet->Release = IopReleasePacket;
    return Packet;
}

void IoPostPacket(PIO_COMPLETION Port, PIO_PACKET Packet)
{
    if (Port->Queue.Closed)
        Packet->Release(Packet);
    else
        KeInsertQueue(&Port->Queue, &Packet->Entry);
}

static void IopDiscardPackets(PKQUEUE Queue)
{
    PLIST_ENTRY Entry;

    while ((Entry = KeTryRemoveQueue(Queue)) != NULL) {
        PIO_PACKET Packet = CONTAINING_RECORD(Entry, IO_PACKET, Entry);

        Packet->Release(Packet);
        KeGiveWay();
    }
}

/* With the last handle nobody can ask for packets any more, but some may be waiting. A permanent
 * one can be opened again. */
static void IopCloseCompletion(PVOID Object, PEPROCESS Process, ULONG Handles)
{
    PKQUEUE Queue = &((PIO_COMPLETION)Object)->Queue;

    if (Handles || ObIsPermanent(Object))
        return;
    KeCloseQueue(Queue);
    IopDiscardPackets(Queue);
}

static void IopDeleteCompletion(PVOID Object)
{
    PKQUEUE Queue = &((PIO_COMPLETION)Object)->Queue;

    KeRundownQueue(Queue);
    IopDiscardPackets(Queue);
}

const OBJECT_TYPE_INITIALIZER IopCompletionTypeInitializer = {
    .Name = u"IoCompletion",
    .Mapping = {STANDARD_RIGHTS_READ | IO_COMPLETION_QUERY_STATE,
                STANDARD_RIGHTS_WRITE | IO_COMPLETION_MODIFY_STATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, IO_COMPLETION_ALL_ACCESS},
    .ValidAccess = IO_COMPLETION_ALL_ACCESS,
    .CaseInsensitive = TRUE,
    .Waitable = TRUE,
    .Close = IopCloseCompletion,
    .Delete = IopDeleteCompletion,
    .DeferDelete = TRUE,
};

/*
 * NtCreateIoCompletion: makes a completion port on whose packets NumberOfConcurrentThreads threads
 * work at once (0: as many as there are processors); or with OBJ_OPENIF opens the one of that name.
 * Returns STATUS_ACCESS_VIOLATION, STATUS_OBJECT_NAME_COLLISION, STATUS_OBJECT_NAME_EXISTS (a
 * success), and what names and handles may give.  (Win32: CreateIoCompletionPort)
 */
NTSTATUS NTAPI NtCreateIoCompletion(CLIENT(PHANDLE) IoCompletionHandle, ACCESS_MASK DesiredAccess,
                                    CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                    ULONG NumberOfConcurrentThreads)
{
    OB_ATTRIBUTES Attributes;
    PIO_COMPLETION Port;
    NTSTATUS Status = MmProbeForWrite(IoCompletionHandle, sizeof(*IoCompletionHandle));

    if (NT_SUCCESS(Status))
        Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObCreateObject(IoCompletionType, sizeof(*Port), (PVOID *)&Port);
    if (NT_SUCCESS(Status)) {
        KeInitializeQueue(&Port->Queue, NumberOfConcurrentThreads);
        Status = ObInsertObject(Port, &Attributes, DesiredAccess, IoCompletionHandle);
    }
    ObFreeAttributes(&Attributes);
    return Status;
}

/* NtOpenIoCompletion: opens a named completion port. */
NTSTATUS NTAPI NtOpenIoCompletion(CLIENT(PHANDLE) IoCompletionHandle, ACCESS_MASK DesiredAccess,
                                  CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return ObOpenObjectByName(IoCompletionHandle, DesiredAccess, ObjectAttributes, IoCompletionType,
                              NULL);
}

/*
 * NtSetIoCompletion: posts a packet with this content. Needs IO_COMPLETION_MODIFY_STATE. Returns
 * STATUS_INSUFFICIENT_RESOURCES and what handles may give.  (Win32: PostQueuedCompletionStatus)
 */
NTSTATUS NTAPI NtSetIoCompletion(HANDLE IoCompletionHandle, PVOID KeyContext, PVOID ApcContext,
                                 NTSTATUS IoStatus, ULONG_PTR IoStatusInformation)
{
    PIO_COMPLETION Port;
    PIO_PACKET Packet;
    NTSTATUS Status = ObReferenceObjectByHandle(IoCompletionHandle, IO_COMPLETION_MODIFY_STATE,
                                                IoCompletionType, (PVOID *)&Port);

    if (!NT_SUCCESS(Status))
        return Status;
    Packet = IoAllocatePacket(PsGetCurrentProcess());
    if (Packet) {
        Packet->Key = KeyContext;
        Packet->Context = ApcContext;
        Packet->Block.Status = IoStatus;
        Packet->Block.Information = IoStatusInformation;
        IoPostPacket(Port, Packet);
    }
    ObDereferenceObject(Port);
    return Packet ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

/* What a packet says; the packet itself goes. */
static FILE_IO_COMPLETION_INFORMATION IopConsumePacket(PLIST_ENTRY Entry)
{
    PIO_PACKET Packet = CONTAINING_RECORD(Entry, IO_PACKET, Entry);
    FILE_IO_COMPLETION_INFORMATION Content = {Packet->Key, Packet->Context, Packet->Block};

    Packet->Release(Packet);
    return Content;
}

static NTSTATUS IopCaptureLimit(CLIENT(PLARGE_INTEGER) Timeout, PLARGE_INTEGER Copy)
{
    return Timeout ? MmReadClient(Copy, Timeout) : STATUS_SUCCESS;
}

/*
 * NtRemoveIoCompletion: takes a packet, or waits for one until the time limit (100 ns; negative =
 * relative) is over. Needs IO_COMPLETION_MODIFY_STATE. Returns STATUS_TIMEOUT,
 * STATUS_ABANDONED_WAIT_0 (the port's last handle has been closed), STATUS_ACCESS_VIOLATION and
 * what handles may give.  (Win32: GetQueuedCompletionStatus)
 */
NTSTATUS NTAPI NtRemoveIoCompletion(HANDLE IoCompletionHandle, CLIENT(PVOID *) KeyContext,
                                    CLIENT(PVOID *) ApcContext,
                                    CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                    CLIENT(PLARGE_INTEGER) Timeout)
{
    FILE_IO_COMPLETION_INFORMATION Content;
    LARGE_INTEGER Limit;
    PIO_COMPLETION Port;
    PLIST_ENTRY Entry;
    NTSTATUS Status = MmProbeForWrite(KeyContext, sizeof(*KeyContext));

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(ApcContext, sizeof(*ApcContext));
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));
    if (NT_SUCCESS(Status))
        Status = IopCaptureLimit(Timeout, &Limit);
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(IoCompletionHandle, IO_COMPLETION_MODIFY_STATE,
                                           IoCompletionType, (PVOID *)&Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = KeRemoveQueue(&Port->Queue, FALSE, Timeout ? &Limit : NULL, &Entry);
    ObDereferenceObject(Port);
    if (Status != STATUS_SUCCESS)
        return Status;
    Content = IopConsumePacket(Entry);
    Status = MmWriteClient(KeyContext, &Content.KeyContext);
    if (NT_SUCCESS(Status))
        Status = MmWriteClient(ApcContext, &Content.ApcContext);
    return NT_SUCCESS(Status) ? MmWriteClient(IoStatusBlock, &Content.IoStatusBlock) : Status;
}

/* The packet of Entry and those that lie there already. None is taken that the client does not get:
 * nobody else would free it. */
static NTSTATUS IopReturnPackets(PIO_COMPLETION Port, PLIST_ENTRY Entry,
                                 CLIENT(PFILE_IO_COMPLETION_INFORMATION) Information, ULONG Count,
                                 PULONG Removed)
{
    ULONG Number = 0;
    NTSTATUS Status;

    do {
        FILE_IO_COMPLETION_INFORMATION Content = IopConsumePacket(Entry);

        Status = MmWriteClient(&Information[Number], &Content);
        Number++;
        if (!NT_SUCCESS(Status) || Number == Count || KeGiveWay() != STATUS_SUCCESS)
            break;
        Entry = KeTryRemoveQueue(&Port->Queue);
    } while (Entry);
    *Removed = Number;
    return Status;
}

static NTSTATUS IopProbePackets(CLIENT(PFILE_IO_COMPLETION_INFORMATION) Information, ULONG Count,
                                CLIENT(PULONG) Removed)
{
    NTSTATUS Status;

    if (!Count)
        return STATUS_INVALID_PARAMETER;
    Status = MmProbeForWrite(Information, sizeof(*Information));
    return NT_SUCCESS(Status) ? MmProbeForWrite(Removed, sizeof(*Removed)) : Status;
}

/*
 * NtRemoveIoCompletionEx: as NtRemoveIoCompletion, but up to Count packets: it waits for the first
 * one only. *Removed is their number; as in Windows it is 1 when the time limit is over.
 * Returns STATUS_INVALID_PARAMETER (Count) too.  (Win32: GetQueuedCompletionStatusEx)
 */
NTSTATUS NTAPI NtRemoveIoCompletionEx(HANDLE IoCompletionHandle,
                                      CLIENT(PFILE_IO_COMPLETION_INFORMATION) Information,
                                      ULONG Count, CLIENT(PULONG) Removed,
                                      CLIENT(PLARGE_INTEGER) Timeout, BOOLEAN Alertable)
{
    LARGE_INTEGER Limit;
    PIO_COMPLETION Port;
    PLIST_ENTRY Entry;
    ULONG Number = 1;
    NTSTATUS Status = IopProbePackets(Information, Count, Removed), WriteStatus;

    if (NT_SUCCESS(Status))
        Status = IopCaptureLimit(Timeout, &Limit);
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(IoCompletionHandle, IO_COMPLETION_MODIFY_STATE,
                                           IoCompletionType, (PVOID *)&Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = KeRemoveQueue(&Port->Queue, Alertable, Timeout ? &Limit : NULL, &Entry);
    if (Status == STATUS_SUCCESS)
        Status = IopReturnPackets(Port, Entry, Information, Count, &Number);
    ObDereferenceObject(Port);
    if (!NT_SUCCESS(Status))
        return Status;
    WriteStatus = MmWriteClient(Removed, &Number);
    return NT_SUCCESS(WriteStatus) ? Status : WriteStatus;
}

/*
 * NtQueryIoCompletion: IoCompletionBasicInformation. Needs IO_COMPLETION_QUERY_STATE. Returns
 * STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION and what handles
 * may give.
 */
NTSTATUS NTAPI NtQueryIoCompletion(HANDLE IoCompletionHandle, IO_COMPLETION_INFORMATION_CLASS Class,
                                   CLIENT(PVOID) Information, ULONG Length,
                                   CLIENT(PULONG) ReturnLength)
{
    IO_COMPLETION_BASIC_INFORMATION Basic;
    ULONG Needed = sizeof(Basic);
    PIO_COMPLETION Port;
    NTSTATUS Status;

    if (Class != IoCompletionBasicInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (Length != sizeof(Basic))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = ObReferenceObjectByHandle(IoCompletionHandle, IO_COMPLETION_QUERY_STATE,
                                       IoCompletionType, (PVOID *)&Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Basic.Depth = Port->Queue.Header.SignalState;
    ObDereferenceObject(Port);
    Status = MmCopyToClient(Information, &Basic, sizeof(Basic));
    return NT_SUCCESS(Status) && ReturnLength ? MmWriteClient(ReturnLength, &Needed) : Status;
}

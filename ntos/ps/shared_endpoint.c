/* SPDX-License-Identifier: BSD-2-Clause */
/* A bare seL4 endpoint between two processes: what a system service is measured against (bench/native). */
#include "psp.h"

struct _PSP_SHARED_ENDPOINT {
    MM_KERNEL_OBJECT Object;
    ULONG Sharers;
};

/* Processes other than drivers get a CNode when they first need it, and with it the threads that they have by then. */
static NTSTATUS EnsureProcessCaps(PEPROCESS Process)
{
    NTSTATUS Status = STATUS_SUCCESS;
    PLIST_ENTRY Entry;

    if (Process->CNode.Cap)
        return STATUS_SUCCESS;
    Status = MmCreateKernelObject(seL4_CapTableObject, NEPTUNE_PROCESS_CNODE_BITS, &Process->CNode);
    for (Entry = Process->ThreadListHead.Flink; NT_SUCCESS(Status) && Entry != &Process->ThreadListHead;
         Entry = Entry->Flink)
        Status = PspLinkProcessCaps(CONTAINING_RECORD(Entry, ETHREAD, ThreadListEntry));
    return Status;
}

/* Without the right to grant, so that no capability travels from process to process. */
static NTSTATUS Give(PEPROCESS Process, struct _PSP_SHARED_ENDPOINT *Endpoint)
{
    NTSTATUS Status = EnsureProcessCaps(Process);

    if (NT_SUCCESS(Status))
        Status = PsGrantCap(Process, Endpoint->Object.Cap, seL4_CapRights_new(1, 0, 1, 1),
                            NEPTUNE_SHARED_ENDPOINT_CAP, NULL);
    if (NT_SUCCESS(Status)) {
        Process->SharedEndpoint = Endpoint;
        Endpoint->Sharers++;
    }
    return Status;
}

static void FreeUnlessShared(struct _PSP_SHARED_ENDPOINT *Endpoint)
{
    if (Endpoint->Sharers)
        return;
    MmDeleteKernelObject(&Endpoint->Object);
    ExFreePool(Endpoint);
}

void PspDropSharedEndpoint(PEPROCESS Process)
{
    struct _PSP_SHARED_ENDPOINT *Endpoint = Process->SharedEndpoint;

    if (!Endpoint)
        return;
    PsRevokeGrant(Process, NEPTUNE_SHARED_ENDPOINT_CAP);
    Process->SharedEndpoint = NULL;
    Endpoint->Sharers--;
    FreeUnlessShared(Endpoint);
}

static NTSTATUS Share(PEPROCESS First, PEPROCESS Second)
{
    struct _PSP_SHARED_ENDPOINT *Endpoint = ExAllocatePool(sizeof(*Endpoint));
    NTSTATUS Status;

    if (!Endpoint)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCreateKernelObject(seL4_EndpointObject, 0, &Endpoint->Object);
    if (NT_SUCCESS(Status))
        Status = Give(First, Endpoint);
    if (NT_SUCCESS(Status)) {
        Status = Give(Second, Endpoint);
        if (!NT_SUCCESS(Status))
            PspDropSharedEndpoint(First);
    } else {
        FreeUnlessShared(Endpoint);
    }
    return Status;
}

/*
 * NepShareEndpoint: puts one new endpoint into the calling and the other process, at NEPTUNE_SHARED_ENDPOINT_CAP. Needs
 * PROCESS_DUP_HANDLE. Returns STATUS_INVALID_PARAMETER (the own process), STATUS_PORT_ALREADY_SET (one of them shares
 * one already), STATUS_PROCESS_IS_TERMINATING, STATUS_INSUFFICIENT_RESOURCES and what handles may give.
 */
NTSTATUS NepShareEndpoint(HANDLE ProcessHandle)
{
    PEPROCESS Current = PsGetCurrentProcess(), Process;
    NTSTATUS Status =
        ObReferenceObjectByHandle(ProcessHandle, PROCESS_DUP_HANDLE, PsProcessType, (PVOID *)&Process);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Process == Current)
        Status = STATUS_INVALID_PARAMETER;
    else if (Process->SharedEndpoint || Current->SharedEndpoint)
        Status = STATUS_PORT_ALREADY_SET;
    else if (Process->Exiting || !Process->ActiveThreads)
        Status = STATUS_PROCESS_IS_TERMINATING;
    else
        Status = Share(Current, Process);
    ObDereferenceObject(Process);
    return Status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bare seL4 endpoint between two processes. Benchmarks measure the kernel's own round trip over it, in the same boot
 * as the services that they compare with it.
 */
#include "psp.h"

/* The process's CNode, which only driver processes have from the start, linked into the threads that it has already. */
static NTSTATUS EnsureCNode(PEPROCESS Process)
{
    NTSTATUS Status = STATUS_SUCCESS;
    PLIST_ENTRY Entry;

    if (Process->CNode.Cap)
        return STATUS_SUCCESS;
    if (Process->Exiting)
        return STATUS_PROCESS_IS_TERMINATING;
    Status = MmCreateKernelObject(seL4_CapTableObject, NEPTUNE_PROCESS_CNODE_BITS, &Process->CNode);
    for (Entry = Process->ThreadListHead.Flink; NT_SUCCESS(Status) && Entry != &Process->ThreadListHead;
         Entry = Entry->Flink)
        Status = PspLinkProcessCaps(CONTAINING_RECORD(Entry, ETHREAD, ThreadListEntry));
    return Status;
}

/* No grant right: capabilities cannot travel over it, only words and replies. */
static NTSTATUS ShareEndpoint(PEPROCESS Owner, PEPROCESS Other)
{
    seL4_CapRights_t Rights = seL4_CapRights_new(1, 0, 1, 1);
    NTSTATUS Status;

    if (Owner->SharedEndpoint.Cap)
        return STATUS_OBJECT_NAME_COLLISION;
    Status = EnsureCNode(Owner);
    if (NT_SUCCESS(Status))
        Status = EnsureCNode(Other);
    if (NT_SUCCESS(Status))
        Status = MmCreateKernelObject(seL4_EndpointObject, 0, &Owner->SharedEndpoint);
    if (NT_SUCCESS(Status))
        Status = PsGrantCap(Other, Owner->SharedEndpoint.Cap, Rights, NEPTUNE_SHARED_ENDPOINT_CAP, NULL);
    if (NT_SUCCESS(Status))
        Status = PsGrantCap(Owner, Owner->SharedEndpoint.Cap, Rights, NEPTUNE_SHARED_ENDPOINT_CAP, NULL);
    if (!NT_SUCCESS(Status))
        PspDeleteSharedEndpoint(Owner);
    return Status;
}

void PspDeleteSharedEndpoint(PEPROCESS Owner)
{
    if (!Owner->SharedEndpoint.Cap)
        return;
    if (seL4_CNode_Revoke(MmCSpaceRoot, Owner->SharedEndpoint.Cap, seL4_WordBits) != seL4_NoError)
        KeBugCheck("cannot take back an endpoint");
    MmDeleteKernelObject(&Owner->SharedEndpoint);
    Owner->SharedEndpoint = (MM_KERNEL_OBJECT){0};
}

/*
 * NepShareEndpoint: puts a new endpoint at NEPTUNE_SHARED_ENDPOINT_CAP of the calling and of another process; it goes
 * with the caller, who can have one. Needs PROCESS_DUP_HANDLE. Returns STATUS_INVALID_HANDLE,
 * STATUS_OBJECT_TYPE_MISMATCH, STATUS_ACCESS_DENIED, STATUS_INVALID_PARAMETER (the caller itself),
 * STATUS_OBJECT_NAME_COLLISION (it has one), STATUS_INSUFFICIENT_RESOURCES (the other has one from somebody else).
 */
NTSTATUS NepShareEndpoint(HANDLE ProcessHandle)
{
    PEPROCESS Other;
    NTSTATUS Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_DUP_HANDLE, PsProcessType, (PVOID *)&Other);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Other == PsGetCurrentProcess() ? STATUS_INVALID_PARAMETER : ShareEndpoint(PsGetCurrentProcess(), Other);
    ObDereferenceObject(Other);
    return Status;
}

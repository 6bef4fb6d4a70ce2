/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bare seL4 endpoint between two processes. Benchmarks measure the kernel's own round trip over
 * it, in the same boot as the services that they compare with it.
 */
#include "psp.h"

/* Into the CSpaces of the threads that the process has now. No grant right: only words and replies
 * travel over it. */
static NTSTATUS GiveEndpoint(PEPROCESS Process, seL4_CPtr Endpoint)
{
    PLIST_ENTRY Entry;

    for (Entry = Process->ThreadListHead.Flink; Entry != &Process->ThreadListHead;
         Entry = Entry->Flink) {
        PETHREAD Thread = CONTAINING_RECORD(Entry, ETHREAD, ThreadListEntry);

        if (seL4_CNode_Copy(Thread->CNode.Cap, NEPTUNE_SHARED_ENDPOINT_CAP >> NEPTUNE_SUBSPACE_BITS,
                            NEPTUNE_THREAD_CNODE_BITS, MmCSpaceRoot, Endpoint, seL4_WordBits,
                            seL4_CapRights_new(1, 0, 1, 1)) != seL4_NoError)
            return STATUS_INSUFFICIENT_RESOURCES;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS ShareEndpoint(PEPROCESS Owner, PEPROCESS Other)
{
    NTSTATUS Status;

    if (Owner->SharedEndpoint.Cap)
        return STATUS_OBJECT_NAME_COLLISION;
    if (Other->Exiting)
        return STATUS_PROCESS_IS_TERMINATING;
    Status = MmCreateKernelObject(seL4_EndpointObject, 0, &Owner->SharedEndpoint);
    if (NT_SUCCESS(Status))
        Status = GiveEndpoint(Other, Owner->SharedEndpoint.Cap);
    if (NT_SUCCESS(Status))
        Status = GiveEndpoint(Owner, Owner->SharedEndpoint.Cap);
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
 * NepShareEndpoint: puts a new endpoint at NEPTUNE_SHARED_ENDPOINT_CAP of the threads of the
 * calling and of another process; it goes with the caller, who can have one. Needs
 * PROCESS_DUP_HANDLE. Returns STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH,
 * STATUS_ACCESS_DENIED, STATUS_INVALID_PARAMETER (the caller itself), STATUS_OBJECT_NAME_COLLISION
 * (it has one), STATUS_PROCESS_IS_TERMINATING (the other), STATUS_INSUFFICIENT_RESOURCES (also when
 * a thread has one from somebody else).
 */
NTSTATUS NepShareEndpoint(HANDLE ProcessHandle)
{
    PEPROCESS Other;
    NTSTATUS Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_DUP_HANDLE, PsProcessType,
                                                (PVOID *)&Other);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Other == PsGetCurrentProcess() ? STATUS_INVALID_PARAMETER
                                            : ShareEndpoint(PsGetCurrentProcess(), Other);
    ObDereferenceObject(Other);
    return Status;
}

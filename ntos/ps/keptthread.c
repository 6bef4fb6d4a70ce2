/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an ended thread leaves to the next one of its process: its TEB with the kernel objects that
 * belong to it, and its stack, one of each. Making and deleting them would be most of the work of
 * threads that come and go.
 *
 * The TCB is suspended, and its thread waits for no reply, so the reply slot is empty. The next
 * thread's registers are all written before it runs; of the last one's it could find only the
 * FPU's, which ntdll puts back, and which are its own process's. Nothing goes to another process.
 */
#include "psp.h"

#define TEB_PAGES (NEPTUNE_TEB_SIZE / NEPTUNE_PAGE_SIZE)

/* Drivers' threads hold more capabilities, and have priorities of their own. */
static BOOLEAN MayBeKept(PETHREAD Thread)
{
    PEPROCESS Process = Thread->Process;

    return !Process->Exiting && !Process->DriverHost && !Process->Kept.Tcb.Cap && Thread->Teb &&
           Thread->Tcb.Cap && Thread->CNode.Cap && Thread->ReplySlot;
}

/* TRUE: the thread has neither TEB nor kernel objects any more. */
BOOLEAN PspKeepThread(PETHREAD Thread)
{
    PS_KEPT_THREAD *Kept = &Thread->Process->Kept;

    if (!MayBeKept(Thread) ||
        !MmKeepRange(Thread->Process, MmKeptTeb, Thread->Teb, Thread->Teb, TEB_PAGES))
        return FALSE;
    ASSERT(!KeIsReplySaved(Thread));
    Kept->Tcb = Thread->Tcb;
    Kept->CNode = Thread->CNode;
    Kept->ReplySlot = Thread->ReplySlot;
    Kept->Badge = Thread;
    Kept->Priority = Thread->Priority;
    Kept->Teb = Thread->Teb;
    Kept->IpcBuffer = Thread->IpcBuffer;
    Thread->Tcb = Thread->CNode = (MM_KERNEL_OBJECT){0};
    Thread->ReplySlot = 0;
    Thread->Teb = NULL;
    Thread->IpcBuffer = NULL;
    PspFreeKernelParts(Thread);
    return TRUE;
}

void PspFreeKeptThread(PEPROCESS Process)
{
    PS_KEPT_THREAD *Kept = &Process->Kept;

    MmDeleteKernelObject(&Kept->Tcb);
    MmDeleteKernelObject(&Kept->CNode);
    if (Kept->ReplySlot)
        MmDeleteCap(Kept->ReplySlot);
    Kept->ReplySlot = 0;
}

/* A thread object at another address has another badge. */
static NTSTATUS RenewServiceCaps(PETHREAD Thread)
{
    if (seL4_CNode_Delete(Thread->CNode.Cap, NEPTUNE_SERVICE_CAP >> NEPTUNE_SUBSPACE_BITS,
                          NEPTUNE_THREAD_CNODE_BITS) != seL4_NoError ||
        seL4_CNode_Delete(Thread->CNode.Cap, NEPTUNE_FAULT_CAP >> NEPTUNE_SUBSPACE_BITS,
                          NEPTUNE_THREAD_CNODE_BITS) != seL4_NoError)
        KeBugCheck("a kept thread's capabilities cannot be deleted");
    return KeMintServiceCaps(Thread);
}

/* Whoever gets the TEB has the kernel objects too: others may have done so during the wait. */
static NTSTATUS TakeKeptThread(PETHREAD Thread)
{
    PS_KEPT_THREAD *Kept = &Thread->Process->Kept;
    NTSTATUS Status = Kept->Tcb.Cap ? MmReuseRange(Thread->Process, MmKeptTeb) : STATUS_NOT_FOUND;

    if (Status == STATUS_NOT_FOUND)
        PspFreeKeptThread(Thread->Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Thread->Tcb = Kept->Tcb;
    Thread->CNode = Kept->CNode;
    Thread->ReplySlot = Kept->ReplySlot;
    Thread->Teb = Kept->Teb;
    Thread->IpcBuffer = Kept->IpcBuffer;
    Kept->Tcb = Kept->CNode = (MM_KERNEL_OBJECT){0};
    Kept->ReplySlot = 0;
    return STATUS_SUCCESS;
}

/* TRUE: the thread has a TEB, zeroed, and kernel objects, or has failed with *Status. */
BOOLEAN PspReuseThread(PETHREAD Thread, NTSTATUS *Status)
{
    PS_KEPT_THREAD *Kept = &Thread->Process->Kept;

    *Status = TakeKeptThread(Thread);
    if (!NT_SUCCESS(*Status))
        return *Status != STATUS_NOT_FOUND;
    Thread->StackPromised = KePromiseStack();
    if (!Thread->StackPromised)
        *Status = STATUS_INSUFFICIENT_RESOURCES;
    if (NT_SUCCESS(*Status) && Kept->Badge != Thread)
        *Status = RenewServiceCaps(Thread);
    if (NT_SUCCESS(*Status) && Kept->Priority != Thread->Priority)
        PspApplyPriority(Thread);
    return TRUE;
}

/* One of other sizes than most threads want would wait for its like, and keep theirs out. */
static BOOLEAN IsUsualStack(PETHREAD Thread)
{
    SIZE_T Reserve = 0, Committed = 0;

    PspChooseStackSizes(Thread->Process, &Reserve, &Committed);
    return (PCHAR)Thread->StackBase - (PCHAR)Thread->StackAllocation == (LONG_PTR)Reserve &&
           (PCHAR)Thread->StackBase - (PCHAR)Thread->StackLimit == (LONG_PTR)Committed;
}

/* TRUE: the thread has no stack any more. */
BOOLEAN PspKeepStack(PETHREAD Thread)
{
    PS_KEPT_THREAD *Kept = &Thread->Process->Kept;
    SIZE_T Committed = (ULONG_PTR)Thread->StackBase - (ULONG_PTR)Thread->StackLimit;

    if (!Thread->StackAllocation || Thread->Process->DriverHost || !IsUsualStack(Thread) ||
        !MmKeepRange(Thread->Process, MmKeptStack, Thread->StackAllocation, Thread->StackLimit,
                     Committed / NEPTUNE_PAGE_SIZE))
        return FALSE;
    Kept->StackAllocation = Thread->StackAllocation;
    Kept->StackLimit = Thread->StackLimit;
    Kept->StackBase = Thread->StackBase;
    Thread->StackAllocation = NULL;
    return TRUE;
}

/* TRUE: the thread has a stack of just these sizes. */
BOOLEAN PspReuseStack(PETHREAD Thread, SIZE_T Reserve, SIZE_T Committed)
{
    PS_KEPT_THREAD *Kept = &Thread->Process->Kept;

    if ((PCHAR)Kept->StackBase - (PCHAR)Kept->StackAllocation != (LONG_PTR)Reserve ||
        (PCHAR)Kept->StackBase - (PCHAR)Kept->StackLimit != (LONG_PTR)Committed ||
        !NT_SUCCESS(MmReuseRange(Thread->Process, MmKeptStack)))
        return FALSE;
    Thread->StackAllocation = Kept->StackAllocation;
    Thread->StackLimit = Kept->StackLimit;
    Thread->StackBase = Kept->StackBase;
    return TRUE;
}

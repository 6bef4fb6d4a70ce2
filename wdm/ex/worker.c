/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work items: each runs at PASSIVE_LEVEL on a thread of a pool that is theirs alone, and may wait.
 * They are started in the order of queueing. Nobody can be told that one is refused: the first
 * thread is there before the first item is, and one that finds no thread waits for memory or a free
 * thread while others are tried.
 */
#include "ex.h"
#include "ki.h"
#include "ob.h"

struct _IO_WORKITEM {
    WORK_QUEUE_ITEM Item;
    PIO_WORKITEM_ROUTINE Routine;
    PIO_WORKITEM_ROUTINE_EX RoutineEx;
    PVOID Object; /* device or driver object, referenced while queued */
    PVOID Context;
    UINT64 Payer; /* id of the request that it was queued for; 0: not known */
};

static LIST_ENTRY ExpWorkQueue = {&ExpWorkQueue, &ExpWorkQueue};
static LIST_ENTRY ExpStuckQueue = {&ExpStuckQueue, &ExpStuckQueue}; /* found no thread */

static VOID NTAPI ExpRunWorkItem(PVOID Context)
{
    PWORK_QUEUE_ITEM Item = Context;

    Item->WorkerRoutine(Item->Parameter); /* may free the item */
}

static VOID NTAPI WdmRunWorkItem(PVOID Parameter);

static UINT64 ExpPayer(PWORK_QUEUE_ITEM Item)
{
    return Item->WorkerRoutine == WdmRunWorkItem ? ((PIO_WORKITEM)Item->Parameter)->Payer : 0;
}

static NTSTATUS ExpStart(PWORK_QUEUE_ITEM Item, UINT64 Payer)
{
    NTSTATUS Status = KiStartPooledThread(&KiWorkerPool, Payer, ExpRunWorkItem, Item);

    if (Status == STATUS_SUCCESS) {
        RemoveEntryList(&Item->List);
        Item->List.Flink = NULL;
    }
    return Status;
}

static PWORK_QUEUE_ITEM ExpFirst(PLIST_ENTRY Queue)
{
    return CONTAINING_RECORD(Queue->Flink, WORK_QUEUE_ITEM, List);
}

/* The first of those that found no thread: on one that is free nobody has to pay. */
static BOOLEAN ExpStartStuck(VOID)
{
    PWORK_QUEUE_ITEM Item = ExpFirst(&ExpStuckQueue);
    BOOLEAN Free = KiWorkerPool.FreeCount != 0;

    if (IsListEmpty(&ExpStuckQueue) || (!Free && !KiMayRetry()))
        return FALSE;
    switch (ExpStart(Item, Free ? 0 : ExpPayer(Item))) {
    case STATUS_SUCCESS:
        return TRUE;
    case STATUS_PENDING:
        return FALSE;
    default:
        /* behind the others: someone else may be able to pay */
        RemoveEntryList(&Item->List);
        InsertTailList(&ExpStuckQueue, &Item->List);
        KiRetryLater();
        return FALSE;
    }
}

BOOLEAN ExpStartWorkItem(VOID)
{
    if (ExpStartStuck())
        return TRUE;
    while (!IsListEmpty(&ExpWorkQueue)) {
        PWORK_QUEUE_ITEM Item = ExpFirst(&ExpWorkQueue);
        NTSTATUS Status = ExpStart(Item, ExpPayer(Item));

        if (Status == STATUS_SUCCESS)
            return TRUE;
        if (Status == STATUS_PENDING)
            return FALSE;
        RemoveEntryList(&Item->List);
        InsertTailList(&ExpStuckQueue, &Item->List);
        KiRetryLater();
    }
    return FALSE;
}

/* ExQueueWorkItem: the queues differ only in priority, which threads here do not have. */
VOID NTAPI ExQueueWorkItem(PWORK_QUEUE_ITEM Item, WORK_QUEUE_TYPE QueueType)
{
    InsertTailList(&ExpWorkQueue, &Item->List);
}

VOID NTAPI IoInitializeWorkItem(PVOID IoObject, PIO_WORKITEM Item)
{
    RtlZeroMemory(Item, sizeof(*Item));
    Item->Object = IoObject;
    KiFillPool(&KiWorkerPool); /* now rather than later */
}

VOID NTAPI IoUninitializeWorkItem(PIO_WORKITEM Item)
{
}

ULONG NTAPI IoSizeofWorkItem(VOID)
{
    return sizeof(struct _IO_WORKITEM);
}

/* NULL: there is no memory for it, or for the thread that it may need. */
PIO_WORKITEM NTAPI IoAllocateWorkItem(PDEVICE_OBJECT DeviceObject)
{
    PIO_WORKITEM Item = NULL;

    if (KiFillPool(&KiWorkerPool))
        Item = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Item), 'kroW');
    if (Item)
        IoInitializeWorkItem(DeviceObject, Item);
    return Item;
}

VOID NTAPI IoFreeWorkItem(PIO_WORKITEM Item)
{
    ExFreePoolWithTag(Item, 'kroW');
}

static VOID NTAPI WdmRunWorkItem(PVOID Parameter)
{
    PIO_WORKITEM Item = Parameter;
    PVOID Object = Item->Object;

    if (Item->RoutineEx)
        Item->RoutineEx(Object, Item->Context, Item);
    else
        Item->Routine(Object, Item->Context);
    ObDereferenceObject(Object);
}

static VOID WdmQueueWorkItem(PIO_WORKITEM Item, WORK_QUEUE_TYPE QueueType, PVOID Context)
{
    Item->Context = Context;
    Item->Payer = KiGetCurrentThread()->Payer;
    ObReferenceObject(Item->Object);
    ExInitializeWorkItem(&Item->Item, WdmRunWorkItem, Item);
    ExQueueWorkItem(&Item->Item, QueueType);
}

VOID NTAPI IoQueueWorkItem(PIO_WORKITEM Item, PIO_WORKITEM_ROUTINE Routine,
                           WORK_QUEUE_TYPE QueueType, PVOID Context)
{
    Item->Routine = Routine;
    Item->RoutineEx = NULL;
    WdmQueueWorkItem(Item, QueueType, Context);
}

VOID NTAPI IoQueueWorkItemEx(PIO_WORKITEM Item, PIO_WORKITEM_ROUTINE_EX Routine,
                             WORK_QUEUE_TYPE QueueType, PVOID Context)
{
    Item->RoutineEx = Routine;
    WdmQueueWorkItem(Item, QueueType, Context);
}

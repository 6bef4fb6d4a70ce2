/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work items: each runs on a pooled thread at PASSIVE_LEVEL, in the order of queueing, and may
 * wait.
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
};

static LIST_ENTRY ExpWorkQueue = {&ExpWorkQueue, &ExpWorkQueue};

static VOID NTAPI ExpRunWorkItem(PVOID Context)
{
    PWORK_QUEUE_ITEM Item = Context;

    Item->WorkerRoutine(Item->Parameter); /* may free the item */
}

BOOLEAN ExpStartWorkItem(VOID)
{
    PLIST_ENTRY Entry;

    if (IsListEmpty(&ExpWorkQueue) || !KiHavePooledThread())
        return FALSE;
    Entry = RemoveHeadList(&ExpWorkQueue);
    Entry->Flink = NULL;
    return KiStartPooledThread(ExpRunWorkItem, CONTAINING_RECORD(Entry, WORK_QUEUE_ITEM, List));
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
}

VOID NTAPI IoUninitializeWorkItem(PIO_WORKITEM Item)
{
}

ULONG NTAPI IoSizeofWorkItem(VOID)
{
    return sizeof(struct _IO_WORKITEM);
}

PIO_WORKITEM NTAPI IoAllocateWorkItem(PDEVICE_OBJECT DeviceObject)
{
    PIO_WORKITEM Item = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Item), 'kroW');

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

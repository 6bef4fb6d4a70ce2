/* SPDX-License-Identifier: BSD-2-Clause */
/* A gate to wait at, and work items. */
#include "waiting.h"

static KEVENT Gate;
static LONG AtGate;

VOID InitializeGate(VOID)
{
    KeInitializeEvent(&Gate, NotificationEvent, FALSE);
}

NTSTATUS WaitAtGate(VOID)
{
    NTSTATUS Status;

    InterlockedIncrement(&AtGate);
    Status = KeWaitForSingleObject(&Gate, Executive, KernelMode, FALSE, NULL);
    InterlockedDecrement(&AtGate);
    return Status;
}

ULONG CountAtGate(VOID)
{
    return (ULONG)AtGate;
}

/* Those who come later wait again. */
VOID OpenGate(VOID)
{
    KePulseEvent(&Gate, 0, FALSE);
}

typedef struct _ITEM {
    PIO_WORKITEM Item;
    KEVENT Done;
    ULONG Left; /* items after this one */
    BOOLEAN AtGate;
    NTSTATUS Status;
} ITEM, *PITEM;

static VOID NTAPI RunItem(PDEVICE_OBJECT Device, PVOID Context)
{
    PITEM Item = Context;
    LARGE_INTEGER Interval = {.QuadPart = -10000};

    if (Item->Left)
        Item->Status = WaitForItems(Item->Left, Item->AtGate);
    else if (Item->AtGate)
        Item->Status = WaitAtGate();
    else
        Item->Status = KeDelayExecutionThread(KernelMode, FALSE, &Interval);
    KeSetEvent(&Item->Done, 0, FALSE);
}

NTSTATUS WaitForItems(ULONG Count, BOOLEAN WaitThere)
{
    ITEM Item = {.Left = Count - 1, .AtGate = WaitThere};

    Item.Item = IoAllocateWorkItem(WaitingObject);
    if (!Item.Item)
        return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeEvent(&Item.Done, NotificationEvent, FALSE);
    IoQueueWorkItem(Item.Item, RunItem, DelayedWorkQueue, &Item);
    KeWaitForSingleObject(&Item.Done, Executive, KernelMode, FALSE, NULL);
    IoFreeWorkItem(Item.Item);
    return Item.Status;
}

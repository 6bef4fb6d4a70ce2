/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways to keep the processor. */
#include "looptest.h"

static VOID Loop(VOID)
{
    for (;;)
        __asm__ volatile("pause");
}

static VOID LoopSignalling(VOID)
{
    for (;;)
        SignalExecutive();
}

static VOID NTAPI LoopingDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    Loop();
}

static VOID NTAPI LoopingWorkItem(PDEVICE_OBJECT Device, PVOID Context)
{
    Loop();
}

/* Whatever happens now, this request is not completed. */
static VOID WaitForEver(VOID)
{
    KEVENT Event;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
}

static VOID LoopInDpc(VOID)
{
    static KDPC Dpc;

    KeInitializeDpc(&Dpc, LoopingDpc, NULL);
    KeInsertQueueDpc(&Dpc, NULL, NULL);
}

static VOID LoopInWorkItem(PDEVICE_OBJECT Device)
{
    PIO_WORKITEM Item = IoAllocateWorkItem(Device);

    if (Item)
        IoQueueWorkItem(Item, LoopingWorkItem, DelayedWorkQueue, NULL);
    WaitForEver();
}

VOID LoopIn(LOOPTEST_KIND Kind, PDEVICE_OBJECT Device)
{
    KIRQL Irql;

    if (Kind == LoopDispatch || Kind == LoopSignal)
        KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    switch (Kind) {
    case LoopDpc:
        LoopInDpc();
        break;
    case LoopWorkItem:
        LoopInWorkItem(Device);
        break;
    case LoopInterrupt:
        PortInterruptOnce();
        WaitForEver();
        break;
    case LoopPassiveSignal:
    case LoopSignal:
        LoopSignalling();
        break;
    default:
        Loop();
    }
}
